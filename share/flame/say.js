// say.js: what is said around the picture.

import { element, fillTable, named } from "../page/dom.js";
import { counted, share } from "../page/numbers.js";
import { heading, origins, threadRows } from "../page/facts.js";
import { sayEmpty, sayTags } from "../page/say.js";
import { sortedBy } from "./functions.js";
import { path } from "./layout.js";
import { scaleText, totalsText } from "../page/compare.js";
import { describe, weightText } from "./tip.js";
import { viewOf } from "./view.js";

/** What the page is called. */
export const KIND = "Flame graph";

/** What is compared and what came of it, in one line; totals: null leaves what was there. */
export function sayComparison({ comparison }, totals, filtered) {
	if (totals) named("totals").textContent = totals;
	named("words").textContent = filtered ? "Of a part of the profile: effects are shown, and not judged." : comparison.words;
	named("words").title = scaleText(comparison);
	sayTags(comparison, !filtered && !comparison.replicated);
	named("verdict").hidden = false;
}

/** Why there is no picture. */
export function sayNothing(text) {
	sayEmpty(text, ["canvas"]);
	named("summary").textContent = text;
	named("reset").disabled = true;
}

/** The colours that the picture has, and what they mean. */
export function sayLegend(coat) {
	const items = coat.legend.map(({ fill, text, hint = "", kind }) => {
		const item = element("li", "entry");
		const swatch = element("span", kind ? `swatch swatch-${kind}` : "swatch");

		swatch.style.backgroundColor = fill;
		item.append(swatch, text);
		item.title = hint;
		return item;
	});
	const narrow = element("li", "entry");

	narrow.append(element("span", "swatch swatch-sliver"), "too narrow");
	narrow.title = "Neighbouring frames that are each narrower than a pixel, drawn as one";
	named("legend").replaceChildren(...items, narrow);
}

/* The hottest functions as a table for those who hear the page; and all of it as a summary. */
export function saySummary(model, tree, sums, filtered) {
	const { profile, functions } = model;
	const text = (weight) => weightText(model, weight);
	const order = sortedBy((f) => sums.self[f], true, functions.count, (f) => sums.self[f] > 0).slice(0, 20);
	const whole = tree.current.total[0];

	fillTable(named("hot-table"), order.map((f) => [functions.label(f), functions.place(f), text(sums.self[f]), share(sums.self[f], whole)]), 1);
	named("summary").textContent =
		`${KIND} of ${heading(profile, KIND)}, ${origins(profile).join(", ")}${filtered ? ", a part of it" : ""}: ` +
		`${counted(tree.n - 1, "frame")}, ${counted(tree.rowStart.length - 2, "level")} deep. ` +
		`Most time of their own: ${order.slice(0, 5).map((f) => `${functions.label(f)} ${share(sums.self[f], whole)}`).join(", ")}.`;
}

export function sayThreads(model) {
	const { profile, slots } = model;
	const rows = profile.threads.length > 1 ? threadRows(profile, (weight) => weightText(model, weight), slots.weight.reduce((a, b) => a + b, 0)) : [];

	named("threads-title").hidden = rows.length === 0;
	fillTable(named("threads-table"), rows, 1);
}

/* The zoomed frame below its callers; of very many the first two and the last five. */
export function sayTrail(model, tree, view, root, goTo) {
	const { functions } = model;
	const nodes = path(tree, view.node);
	const own = viewOf(tree, view.node);
	const crumbs = element("div", "crumbs");
	const crumb = (node) => {
		const made = element("button", "crumb", node === 0 ? root : functions.label(tree.functions[node]));

		made.type = "button";
		made.addEventListener("click", () => goTo(node));
		return made;
	};

	if (nodes.length <= 9) crumbs.append(...nodes.map(crumb));
	else {
		const left = element("span", "gap", `› ${counted(nodes.length - 7, "more frame")} `);
		crumbs.append(...nodes.slice(0, 2).map(crumb), left, ...nodes.slice(-5).map(crumb));
	}
	const part = view.left === own.left && view.right === own.right ? tree.total[view.node] : view.right - view.left;
	const { comparison, time } = model;
	const text = comparison ? totalsText(comparison, time, tree.current.total[view.node], tree.baseline.total[view.node]) : `${weightText(model, part)} · ${share(part, tree.total[0])}`;
	const sum = element("span", "sum", text);
	named("trail").replaceChildren(crumbs, sum);
}

/* The lines of a frame, and around the hottest its source. */
function linesBlock(lines) {
	const block = element("div", "lines");

	for (const { line, share: part, text, hot } of lines) {
		const row = element("div", hot ? "code code-hot" : "code");

		row.append(element("span", "code-line", text === undefined ? `line ${line}` : String(line)), element("span", "code-share", part));
		if (text !== undefined) row.append(element("span", "code-text", text));
		block.append(row);
	}
	return block;
}

function opcodesBlock(opcodes) {
	const block = element("div", "opcodes");

	for (const { name, base, share: amount, part } of opcodes) {
		const row = element("div", "opcode");
		const bar = element("div", "opcode-bar");

		bar.style.width = `${Math.max(1, part * 100)}%`;
		row.append(bar, element("span", "opcode-name", name), element("span", "opcode-base", base && `${base}, specialized`), element("span", "opcode-share", amount));
		block.append(row);
	}
	return block;
}

function fillTip(tip, { name, place, rows, note }, { lines, opcodes }) {
	const table = element("table", "tip-table");

	fillTable(table, rows, 0);
	tip.replaceChildren(element("div", "tip-name", name));
	if (place) tip.append(element("div", "tip-place", place));
	tip.append(table);
	if (lines.length) tip.append(linesBlock(lines));
	if (opcodes.length) tip.append(opcodesBlock(opcodes));
	if (note) tip.append(element("div", "tip-note", note));
}

function putTip(tip, x, y) {
	const { width, height } = tip.getBoundingClientRect();
	const left = x + 14 + width > innerWidth - 8 ? Math.max(8, x - 14 - width) : x + 14;
	const top = y + 18 + height > innerHeight - 8 ? Math.max(8, y - 12 - height) : y + 18;
	tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** What tells of an item at a place of the screen; of null, nothing. */
export function tipper(model) {
	const tip = named("tip");
	let told = null;

	return (item, about, x, y) => {
		const same = item && !tip.hidden && told && told.first === item.first && told.last === item.last;

		tip.hidden = !item;
		told = item;
		if (item && !same) fillTip(tip, describe(model, item, about), about.inside(item));
		if (item) putTip(tip, x, y);
	};
}
