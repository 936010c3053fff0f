// say.js: what is said around the lines.

import { segments, toggle } from "../page/choices.js";
import { element, named } from "../page/dom.js";
import { scaleText, totalsText, unjudged } from "../page/compare.js";
import { sayTags } from "../page/say.js";
import { counted, share } from "../page/numbers.js";
import { HEATS } from "../page/palette.js";
import { colours, SPECIAL_TEXTS, specialColours } from "./coat.js";
import { groupName } from "./home.js";
import { ALIGNED } from "./listing.js";
import { STATE } from "./model.js";
import { amount, measureOf, UNITS } from "./scale.js";

/** What the page is called. */
export const KIND = "Heat";

/** What is compared, and what came of it. */
export function sayComparison({ comparison, sides, time }) {
	if (!comparison) return;
	named("totals").textContent = totalsText(comparison, time, sides[0].weight, sides[1].weight);
	named("words").textContent = comparison.words;
	named("words").title = scaleText(comparison);
	sayTags(comparison, !comparison.replicated);
	named("verdict").hidden = false;
}

/* What is known of the text of a file on a side. */
const STATES = {
	[STATE.none]: "The source of this file is not here: record it with tsample --source, or name its folder with theat --source-root or --map.",
	[STATE.later]: "The file on this machine has changed since: what is shown is as it was sampled.",
	[STATE.several]: "The runs had different texts of this file. The last run’s is shown: heat of the others may be beside its line.",
	[STATE.undated]: "This source is from this machine, and when the profile was sampled is not known: it may be another version.",
	[STATE.changed]: "This file has changed since it was sampled: heat may be beside its line.",
};

function stateText({ sides, odd }, side, row) {
	const { state, source } = sides[side].files;
	const texts = [STATES[state[row]]];

	if (state[row] !== STATE.none && source[row] === 0) texts.push("The file is empty, or the page holds too many sources already: theat -D gives each file a page.");
	if (odd(side, row)) texts.push(`Not all of this source can be read: ${odd(side, row)}.`);
	return texts.filter(Boolean);
}

/** What must be known of a file before its lines are believed. */
export function sayFile(desk) {
	const { model, file } = desk;
	const { rows } = file.entry;
	const [now, was] = [0, 1].map((side) => (side < model.sides.length && rows[side] >= 0 ? stateText(model, side, rows[side]) : []));
	const both = now.filter((text) => was.includes(text));
	const of = (name, all) => all.filter((text) => !both.includes(text)).map((text) => (model.comparison ? `${name}: ${text}` : text));
	const texts = [...both, ...of("Current side", now), ...of("Baseline", was)];

	if (file.how === "same" && model.sides[1].files.state[rows[1]] >= STATE.found) texts.push("Both sides are shown with the source that is on this machine: the baseline may have run another one.");
	if (["offset", "functions"].includes(file.how)) texts.push(ALIGNED[file.how]);
	if (file.how === "one") texts.push(rows[0] < 0 ? "Only the baseline has this file." : "Only the current side has this file.");
	const count = counted(file.rows.filter(({ kind }) => kind === "line").length, "line");
	desk.sourceTitle = [file.texts.some(Boolean) ? count : `${count} that ran`, file.how === "text" || file.how === "same" ? ALIGNED[file.how] : ""].filter(Boolean).join(" · ");
	named("file-notices").replaceChildren(...[...new Set(texts)].map((text) => element("p", "notice", text)));
}

function crumb(text, run) {
	const made = element("button", "crumb", text);

	made.type = "button";
	made.addEventListener("click", run);
	return made;
}

/* Where there is no room a path loses its folders, and not the file's name. */
function pathOf(label) {
	const made = element("span", "way-path");
	const at = label.lastIndexOf("/") + 1;

	made.append(element("span", "way-folder", label.slice(0, at)), element("span", "way-name", label.slice(at)));
	return made;
}

/** The way from the index to the file that is shown. */
export function fillWay(desk, entry) {
	const home = crumb("Files", () => desk.does.home());
	const parts = [home];

	home.dataset.name = "home-link";
	if (!entry) {
		named("way").replaceChildren(element("span", "way-words", `${counted(desk.model.entries.length, "file")}, ${counted(desk.model.sides[0].functions.n, "function")}`));
		return;
	}
	parts.push(element("span", "way-group", groupName(entry)), pathOf(entry.label));
	named("way").replaceChildren(...parts);
	named("way").title = entry.label;
}

/* The same button again, for it was made anew. */
const refocus = (key) => named(`choose-${key}`)?.focus();

function choose(title, options, chosen, go) {
	const made = element("div", "views");
	const rows = Object.entries(options).map(([key, [text, hint, off]]) => ({ key, text, hint, off, name: `choose-${key}` }));
	const chose = (key) => {
		go(key);
		refocus(key);
	};

	made.setAttribute("role", "radiogroup");
	made.setAttribute("aria-label", title);
	made.append(...segments(rows, chosen, chose));
	return made;
}

function flag(key, text, hint, is, go) {
	const run = () => {
		go();
		refocus(key);
	};

	return toggle(text, is, { name: `choose-${key}`, hint }, run);
}

/** How lines are shown. */
export function fillChoices(desk) {
	const { choice, model, does } = desk;
	const units = Object.fromEntries(Object.entries(UNITS).filter(([key]) => key !== "time" || model.time).map(([key, text]) => [key, [text, `figures as ${text.toLowerCase()} (w)`]]));
	const all = [
		choose("Colour and order by", { self: ["Self", "by what a line did itself (y)"], total: ["Total", "by a line with what it called (y)"] }, choice.by, (by) => does.change({ by, sort: "" })),
		choose("Figures as", units, choice.unit, (unit) => does.change({ unit })),
	];

	if (model.verdicts) all.push(choose("Changes", { raw: ["Raw", "all changes have their colour (z)"], proven: ["Proven", unjudged(model.comparison) || "what is not proven is pale (z)", unjudged(model.comparison) !== ""] }, choice.sure, (sure) => does.change({ sure })));
	if (choice.entry >= 0) {
		all.push(flag("hot", "Hot only", "Show the lines with at least 1 % of what the file has, and what is around them (o)", choice.hot, does.hot));
		if (model.hasSpans) {
			all.push(flag("panels", "Instructions", "Unfold the instructions of all lines (X)", choice.panels, does.panels));
			all.push(flag("look", "Specialization", "Colour by what is specialized (v)", choice.look === "special", does.look));
		}
	}
	named("choices").replaceChildren(...all);
}

function swatches(fills, texts, before, after = "") {
	const item = element("li", "entry", before);
	const row = element("span", "scale");

	fills.forEach((fill, i) => {
		const swatch = element("span", "swatch");
		swatch.style.backgroundColor = fill;
		swatch.title = texts[i] || "";
		row.append(swatch);
	});
	item.append(row, ` ${after}`);
	return item;
}

/* What the hottest line has. */
function mostText(model, choice) {
	const { most } = measureOf(model, choice);
	return choice.unit === "samples" ? amount("samples", 0, most) : share(most, model.sides[0].weight);
}

/** What the colours mean. */
export function sayLegend({ model, choice }) {
	const paint = colours(model);

	if (choice.look === "special" && choice.entry >= 0) named("legend").replaceChildren(swatches(specialColours(), SPECIAL_TEXTS, "less ", "more of self specialized; without a colour: nothing that can be"));
	else if (model.comparison) named("legend").replaceChildren(swatches([-4, -3, -2, -1, 1, 2, 3, 4].map((step) => paint.of(step)), [], "less ", "more"));
	else named("legend").replaceChildren(swatches(Array.from({ length: HEATS }, (_, i) => paint.of(i + 1)), [], `${choice.by}: one sample `, mostText(model, choice)));
	named("legend").title = "on a scale of logarithms, up to the hottest line of all files";
}
