// say.js: what is said around the picture.

import { element, fillTable, named } from "../page/dom.js";
import { counted, share } from "../page/numbers.js";
import { fills, hex, SHADES } from "../page/palette.js";
import { ORIGIN_NAMES, ORIGINS } from "../page/place.js";
import { theme } from "../page/theme.js";
import { factRows, heading, notices, origins, threadRows, windowTitle } from "./facts.js";
import { path, selfOf } from "./layout.js";
import { describe, weightText } from "./tip.js";
import { viewOf } from "./view.js";

export function sayOrigin(profile) {
	const title = heading(profile);

	document.title = windowTitle(profile);
	named("title").textContent = title;
	named("facts").replaceChildren(...origins(profile).map((text) => element("span", "fact", text)));
	named("facts").title = origins(profile).join(" · ");
	named("notices").replaceChildren(...notices(profile).map((text) => element("p", "notice", text)));
	fillTable(named("facts-table"), factRows(profile));
}

/* Why there is no picture. */
export function sayEmpty(text) {
	named("empty").textContent = text;
	named("empty").hidden = false;
	named("canvas").hidden = true;
	named("summary").textContent = text;
	for (const name of ["query", "reset"]) named(name).disabled = true;
}

export function sayLegend(origins) {
	const colours = fills(theme());
	const used = ORIGINS.map((name, i) => [name, i]).filter(([, i]) => origins.includes(i));
	const items = used.map(([name, i]) => {
		const item = element("li", "entry");
		const swatch = element("span", "swatch");

		swatch.style.background = hex(colours[i * SHADES + SHADES / 2]);
		item.append(swatch, ORIGIN_NAMES[name]);
		return item;
	});
	const narrow = element("li", "entry");

	narrow.append(element("span", "swatch swatch-sliver"), "too narrow");
	narrow.title = "Neighbouring frames that are each narrower than a pixel, drawn as one";
	named("legend").replaceChildren(...items, narrow);
}

/* The hottest functions and, where there are several, the threads; and all of it as a summary. */
export function sayTables(profile, model) {
	const { tree, functions } = model;
	const sums = selfOf(tree, functions.count).weight;
	const order = Array.from(sums.keys()).filter((f) => sums[f] > 0);
	const text = (weight) => weightText(model, weight);

	order.sort((a, b) => sums[b] - sums[a] || a - b);
	const hot = order.slice(0, 10).map((f) => [
		functions.label(f),
		functions.place(f),
		text(sums[f]),
		share(sums[f], tree.total[0]),
	]);
	const threads = profile.threads.length > 1 ? threadRows(profile, text, tree.total[0]) : [];

	fillTable(named("hot-table"), hot, 1);
	named("threads-title").hidden = threads.length === 0;
	fillTable(named("threads-table"), threads, 1);
	named("summary").textContent =
		`Flame graph of ${heading(profile)}, ${origins(profile).join(", ")}: ` +
		`${counted(tree.n - 1, "frame")}, ${counted(tree.rowStart.length - 2, "level")} deep. ` +
		`Most time of their own: ${hot.slice(0, 5).map(([name, , , part]) => `${name} ${part}`).join(", ")}.`;
}

/* The zoomed frame below its callers; of very many the first two and the last five. */
export function sayTrail(model, view, goTo) {
	const { tree, functions } = model;
	const nodes = path(tree, view.node);
	const own = viewOf(tree, view.node);
	const crumbs = element("div", "crumbs");
	const crumb = (node) => {
		const made = element("button", "crumb", node === 0 ? "all" : functions.label(tree.functions[node]));

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
	const sum = element("span", "sum", `${weightText(model, part)} · ${share(part, tree.total[0])}`);
	named("trail").replaceChildren(crumbs, sum);
}

/** The table of keys, from the rows that handle them. */
export function sayKeys(keys) {
	const rows = keys.map(({ shown, does }) => {
		const row = element("tr");
		const head = element("th");

		for (const key of shown) head.append(element("kbd", "key", key), " ");
		row.append(head, element("td", "", does));
		return row;
	});
	named("keys-table").replaceChildren(...rows);
}

function fillTip(tip, { name, place, rows, note }) {
	const table = element("table", "tip-table");

	fillTable(table, rows, 0);
	tip.replaceChildren(element("div", "tip-name", name));
	if (place) tip.append(element("div", "tip-place", place));
	tip.append(table);
	if (note) tip.append(element("div", "tip-note", note));
}

function putTip(tip, x, y) {
	const { width, height } = tip.getBoundingClientRect();
	const left = x + 14 + width > innerWidth - 8 ? Math.max(8, x - 14 - width) : x + 14;
	const top = y + 18 + height > innerHeight - 8 ? Math.max(8, y - 12 - height) : y + 18;
	tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/** What tells of an item at a place of the screen; of null, nothing. */
export function tipper(model, rootLabel) {
	const tip = named("tip");
	let told = null;

	return (item, node, x, y) => {
		const same = item && !tip.hidden && told && told.first === item.first && told.last === item.last;

		tip.hidden = !item;
		told = item;
		if (item && !same) fillTip(tip, describe(model, item, node, rootLabel));
		if (item) putTip(tip, x, y);
	};
}
