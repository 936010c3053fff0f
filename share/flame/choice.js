// choice.js: what the reader chose to see, and its text for the page's address. No document here.

import { unjudged } from "../page/compare.js";
import { FACTS_OF_STATE, factsOfStates, wantAll } from "./cells.js";

export const VIEWS = { flame: "Flame graph", inverted: "Inverted", sandwich: "Sandwich", elided: "Elided" };

/** What a page opens with. */
export function firstChoice({ profile, slots, comparison }) {
	return {
		view: "flame",
		subject: -1, // the function of the sandwich
		focus: -1,
		hide: [],
		lines: Boolean(profile.lines),
		collapse: false,
		names: "place",
		palette: comparison ? "usual" : "origin",
		by: "self",
		sure: comparison && comparison.replicated ? "proven" : "raw",
		width: "after",
		want: wantAll(slots),
	};
}

/** The choice as texts; of what is as it was first, there is none. */
export function toTexts(choice, first) {
	const { want } = choice;
	const texts = {};

	for (const key of ["view", "palette", "names", "by", "sure", "width"]) if (choice[key] !== first[key]) texts[key] = choice[key];
	for (const key of ["subject", "focus"]) if (choice[key] >= 0) texts[key] = String(choice[key]);
	for (const key of ["lines", "collapse"]) if (choice[key] !== first[key]) texts[key] = choice[key] ? "yes" : "no";
	if (choice.hide.length) texts.hide = choice.hide.join(",");
	if (want.hidden.size) texts.without = [...want.hidden].sort((a, b) => a - b).join(",");
	if (want.from > 0 || want.to < first.want.to) texts.time = `${want.from},${want.to}`;
	for (const { name } of FACTS_OF_STATE) if (want.states[name] !== undefined) texts[name] = String(want.states[name]);
	return texts;
}

/** The reverse; what makes no sense in this profile is as it was first. */
export function fromTexts(texts, first, { functions, profile, comparison }, palettes) {
	const choice = { ...first, want: { ...first.want, hidden: new Set(), states: {} } };
	const whole = (text, below) => (/^\d+$/.test(text || "") && Number(text) < below ? Number(text) : -1);
	const list = (text, below) => [...new Set((text || "").split(",").map((one) => whole(one, below)))].filter((n) => n >= 0);
	const take = (key, allowed) => {
		if (allowed.includes(texts[key])) choice[key] = texts[key];
	};

	choice.subject = whole(texts.subject, functions.count);
	choice.focus = whole(texts.focus, functions.count);
	choice.hide = list(texts.hide, functions.count);
	take("view", Object.keys(VIEWS).filter((view) => (view !== "elided" || comparison) && (view !== "sandwich" || choice.subject >= 0)));
	take("palette", Object.keys(palettes));
	take("names", ["place", "module", "path"]);
	take("by", ["self", "total"]);
	take("sure", comparison && unjudged(comparison) ? ["raw"] : ["raw", "proven"]);
	take("width", ["after", "before", "union"]);
	for (const key of ["lines", "collapse"]) if (texts[key]) choice[key] = texts[key] === "yes";
	choice.want.hidden = new Set(list(texts.without, profile.threads.length));
	const [from, to] = (texts.time || "").split(",").map((text) => whole(text, first.want.to + 1));
	if (from >= 0 && to > from) Object.assign(choice.want, { from, to });
	for (const { name, values } of factsOfStates(profile)) if (whole(texts[name], 4) >= 0 && values[texts[name]]) choice.want.states[name] = Number(texts[name]);
	return choice;
}
