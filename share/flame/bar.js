// bar.js: the bar above the picture: the view, how it is drawn, and what it leaves out.

import { segments, toggle } from "../page/choices.js";
import { element, named } from "../page/dom.js";
import { counted } from "../page/numbers.js";
import { clipped } from "../page/text.js";
import { factsOfStates } from "./cells.js";
import { VIEWS } from "./choice.js";
import { PALETTES } from "./coat.js";
import { unjudged, WIDTHS } from "../page/compare.js";
import { chooser } from "./side.js";
import { spanText } from "./strip.js";

/** The views, one of which is chosen; go(view) hears of another. */
export function fillViews({ comparison }, choice, gone, go) {
	const views = Object.entries(VIEWS).filter(([view]) => view !== "elided" || comparison);

	named("views").replaceChildren(
		...segments(
			views.map(([key, text]) => ({ key, text: key === "elided" ? `${text} ${gone.count}` : text, name: `view-${key}` })),
			choice.view,
			go,
		),
	);
}

const flag = (key, title, letter, choice, set) => toggle(title, choice[key], { name: `choose-${key}`, hint: `${title} (${letter})` }, () => set(key, !choice[key]));

/** How the picture is drawn; change(patch) hears of another choice. */
export function fillChoices({ comparison, shape }, choice, change) {
	const set = (key, value) => {
		change({ [key]: value });
		named(`choose-${key}`)?.focus();
	};
	const pick = (key, title, options) => {
		const label = chooser(title, Object.entries(options), choice[key], (value) => set(key, value));
		label.querySelector("select").dataset.name = `choose-${key}`;
		return label;
	};
	const all = [];

	if (comparison) {
		const sure = pick("sure", "", { raw: "raw", proven: "proven" });
		const why = unjudged(comparison);

		sure.querySelector("option[value=proven]").disabled = why !== "";
		sure.title = why;
		all.push(pick("by", "Colour", { self: "by self", total: "by total" }), sure);
		if (choice.view !== "elided") all.push(pick("width", "Width", WIDTHS));
	}
	if (shape.lines) all.push(flag("lines", "Lines", "L", choice, set));
	all.push(flag("collapse", "Collapse recursion", "r", choice, set));
	all.push(pick("names", "Places", { place: "short", module: "modules", path: "paths" }));
	all.push(pick("palette", "Palette", comparison ? PALETTES.compared : PALETTES.profile));
	named("choices").replaceChildren(...all);
}

/* What is left out, as texts, each with what undoes it. */
function leftOut({ profile, functions, slots }, choice) {
	const { want } = choice;
	const name = (f) => clipped(functions.label(f), 40);
	const all = [];

	if (want.from > 0 || want.to < slots.epochs) all.push([spanText(profile.epochs.ms, want.from, want.to), { want: { ...want, from: 0, to: slots.epochs } }]);
	if (want.hidden.size) all.push([`${profile.threads.length - want.hidden.size} of ${counted(profile.threads.length, "thread")}`, { want: { ...want, hidden: new Set() } }]);
	for (const fact of factsOfStates(profile)) {
		if (want.states[fact.name] === undefined) continue;
		const states = { ...want.states };
		delete states[fact.name];
		all.push([`${fact.title}: ${fact.values[want.states[fact.name]]}`, { want: { ...want, states } }]);
	}
	if (choice.focus >= 0) all.push([`only below ${name(choice.focus)}`, { focus: -1 }]);
	for (const f of choice.hide) all.push([`without ${name(f)}`, { hide: choice.hide.filter((one) => one !== f) }]);
	if (choice.collapse) all.push(["recursion collapsed", { collapse: false }]);
	return all;
}

/** The same in words. */
export const leftOutTexts = (model, choice) => leftOut(model, choice).map(([text]) => text);

/** What the picture leaves out, each with a button that brings it back. */
export function fillChips(model, choice, change) {
	const chips = leftOut(model, choice).map(([text, undone]) => {
		const item = element("li", "chip", text);
		const button = element("button", "chip-off", "✕");

		button.type = "button";
		button.setAttribute("aria-label", `Undo: ${text}`);
		button.addEventListener("click", () => change(undone));
		item.append(button);
		return item;
	});

	named("chips").replaceChildren(...chips);
}
