// table.js: the table of functions beside the picture. Of very many rows only those in sight are there.

import { segments } from "../page/choices.js";
import { element, named } from "../page/dom.js";
import { duration, grouped, share } from "../page/numbers.js";
import { differenceText, percentText, VERDICTS } from "../page/compare.js";
import { sortedBy } from "./functions.js";

const ROW_HIGH = 38;
const SPARE = 6; // rows beyond the edges

/* Categories in the numbers of tstream(5), in the order in which they are offered. */
const KINDS = [
	{ text: "All", is: null },
	{ text: "Regressions", is: 3 },
	{ text: "Improvements", is: 4 },
	{ text: "New", is: 1 },
	{ text: "Gone", is: 2 },
];

/* Of what is gone: of functions that are gone as a whole, and of others. */
const KINDS_ELIDED = [
	{ text: "All", is: null },
	{ text: "Gone", is: 2 },
	{ text: "Gone in part", is: -2 },
];

function plainColumns(model, sums, whole) {
	const text = (weight) => (model.time ? duration(weight) : grouped(weight));
	const weighed = (of) => ({ key: (f) => of[f], cell: (f) => [share(of[f], whole), text(of[f])] });

	return [
		{ name: "self", title: "Self", ...weighed(sums.self) },
		{ name: "total", title: "Total", ...weighed(sums.total) },
		{ name: "samples", title: "Samples", key: (f) => sums.samples[f], cell: (f) => [grouped(sums.samples[f]), ""] },
	];
}

function comparedColumns(model, sums, judged) {
	const { factor } = model.comparison;
	const verdicts = { self: model.functions.selfVerdicts, total: model.functions.totalVerdicts };
	const change = (of) => {
		const [now, was] = [sums[of], sums.was[of]];
		const verdict = (f) => (judged && verdicts[of] && model.comparison.judged ? VERDICTS[verdicts[of][f]] : "");

		return {
			key: (f) => now[f] - was[f] * factor,
			cell: (f) => [`${differenceText(model.time, now[f] - was[f] * factor)}`, percentText(was[f] * factor, now[f])],
			told: verdict,
			class: (f) => (judged && verdicts[of] && model.comparison.judged && verdicts[of][f] !== 3 ? "unproven" : ""),
		};
	};

	return [
		{ name: "self", title: "Self ±", ...change("self") },
		{ name: "total", title: "Total ±", ...change("total") },
		{ name: "samples", title: "Samples", key: (f) => sums.samples[f], cell: (f) => [`${grouped(sums.samples[f])}`, `from ${grouped(sums.was.samples[f])}`] },
	];
}

/** The table; told.chose(f) and told.opened(f) hear what the reader does with a function. */
export function functionTable(model, told) {
	const { functions } = model;
	const [scroller, body, head] = [named("rows"), named("functions-body"), named("functions-head")];
	let columns = [];
	let order = [];
	let sort = { name: "self", down: true };
	let kind = null;
	let chosen = -1;
	let wanted = null;
	let sums = null;
	let judged = true;
	let kinds = KINDS;

	const nameColumn = { name: "name", title: "Function", key: (f) => functions.label(f).toLowerCase() };
	const magnitude = (key) => (model.comparison && sort.name !== "samples" && sort.name !== "name" ? (f) => Math.abs(key(f)) : key);

	function has(f) {
		const there = sums.samples[f] > 0 || sums.total[f] > 0 || (sums.was && (sums.was.samples[f] > 0 || sums.was.total[f] > 0));
		return there && (!wanted || wanted[f]) && isOfKind(f, kind);
	}

	function isOfKind(f, is) {
		return is === null || (is < 0 ? functions.categories[f] !== -is : functions.categories[f] === is);
	}

	function arrangeRows() {
		const column = [nameColumn, ...columns].find(({ name }) => name === sort.name);

		order = sortedBy(magnitude(column.key), sort.down, functions.count, has);
		fillHead();
		fillBody();
	}

	function sortBy(name) {
		sort = sort.name === name ? { name, down: !sort.down } : { name, down: name !== "name" };
		scroller.scrollTop = 0;
		arrangeRows();
	}

	function fillHead() {
		const row = element("tr");

		for (const { name, title } of [nameColumn, ...columns]) {
			const cell = element("th", name === "name" ? "" : "figure");
			const button = element("button", "sort", title);

			cell.scope = "col";
			cell.setAttribute("aria-sort", sort.name !== name ? "none" : sort.down ? "descending" : "ascending");
			button.type = "button";
			button.dataset.name = `sort-${name}`;
			button.addEventListener("click", () => {
				sortBy(name);
				named(`sort-${name}`).focus();
			});
			cell.append(button);
			row.append(cell);
		}
		head.replaceChildren(row);
	}

	function nameCell(f) {
		const cell = element("th", "function");
		const button = element("button", "function-name", functions.label(f));

		cell.scope = "row";
		button.type = "button";
		button.tabIndex = f === chosen ? 0 : -1;
		cell.append(button, element("span", "function-place", functions.place(f)));
		return cell;
	}

	function fillRow(f, place) {
		const row = element("tr", f === chosen ? "row row-chosen" : "row");

		row.dataset.function = f;
		row.setAttribute("aria-rowindex", place + 2);
		row.title = [functions.label(f), functions.place(f), ...columns.map(({ told: say, title }) => say && say(f) && `${title} ${say(f)}`)].filter(Boolean).join("\n");
		row.append(nameCell(f));
		for (const { cell, class: dressed } of columns) {
			const made = element("td", `figure ${dressed ? dressed(f) : ""}`.trim());
			const [first, second] = cell(f);

			made.append(element("span", "first", first), element("span", "second", second));
			row.append(made);
		}
		return row;
	}

	function spacer(rows) {
		const row = element("tr", "spacer");
		row.setAttribute("aria-hidden", "true");
		row.style.height = `${rows * ROW_HIGH}px`;
		return row;
	}

	function fillBody() {
		const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_HIGH) - SPARE);
		const last = Math.min(order.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW_HIGH) + SPARE);
		const focused = body.contains(document.activeElement);

		named("functions").setAttribute("aria-rowcount", order.length + 1);
		body.replaceChildren(spacer(first), ...order.slice(first, last).map((f, i) => fillRow(f, first + i)), spacer(order.length - last));
		if (order.length === 0) body.replaceChildren(emptyRow());
		if (focused) focusChosen();
	}

	function emptyRow() {
		const row = element("tr", "row");
		const cell = element("td", "nothing", wanted ? "No function matches the search." : "No function.");

		cell.colSpan = columns.length + 1;
		row.append(cell);
		return row;
	}

	function focusChosen() {
		const button = body.querySelector(".row-chosen .function-name");
		if (button) button.focus({ preventScroll: true });
	}

	/* Puts the chosen function's row in sight. */
	function reveal() {
		const at = order.indexOf(chosen) * ROW_HIGH;

		if (at < 0) return;
		if (at < scroller.scrollTop || at + 2 * ROW_HIGH > scroller.scrollTop + scroller.clientHeight)
			scroller.scrollTop = Math.max(0, at - scroller.clientHeight / 3);
	}

	function choose(f) {
		if (f === chosen) return;
		chosen = f;
		reveal();
		fillBody();
	}

	const functionAt = (event) => {
		const row = event.target.closest("[data-function]");
		return row ? Number(row.dataset.function) : -1;
	};

	function step(by) {
		const at = order.indexOf(chosen);
		const f = order[Math.min(Math.max(at + by, 0), order.length - 1)];

		if (f === undefined) return;
		choose(f);
		told.chose(f);
		focusChosen();
	}

	body.addEventListener("click", (event) => {
		const f = functionAt(event);
		if (f < 0) return;
		choose(f);
		focusChosen();
		told.chose(f);
	});
	body.addEventListener("dblclick", (event) => functionAt(event) >= 0 && told.opened(functionAt(event)));
	body.addEventListener("contextmenu", (event) => {
		if (functionAt(event) < 0) return;
		event.preventDefault();
		told.menu(functionAt(event), event.clientX, event.clientY);
	});
	scroller.addEventListener("keydown", (event) => {
		if (head.contains(event.target)) return;
		const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

		if (event.key === "Enter" && chosen >= 0) told.opened(chosen);
		else if (event.key in steps) step(steps[event.key]);
		else return;
		event.preventDefault();
		event.stopPropagation();
	});
	scroller.addEventListener("scroll", fillBody);
	new ResizeObserver(fillBody).observe(scroller);

	function fillKinds() {
		if (!model.comparison || !functions.categories) return;
		const count = (is) => functions.categories.reduce((n, _, f) => n + ((sums.samples[f] > 0 || sums.was.samples[f] > 0) && isOfKind(f, is) ? 1 : 0), 0);

		named("kinds").hidden = false;
		named("kinds").replaceChildren(
			...segments(
				kinds.map(({ text, is }) => ({ key: is, text: is === null ? text : `${text} ${grouped(count(is))}` })),
				kind,
				(is) => {
					kind = is;
					scroller.scrollTop = 0;
					fillKinds();
					arrangeRows();
				},
			),
		);
	}

	return {
		choose,
		/** The sums of another tree; whole is what shares are of. */
		show: (next, whole, { judged: isJudged, elided }) => {
			[sums, judged, kinds] = [next, isJudged && !elided, elided ? KINDS_ELIDED : KINDS];
			if (!kinds.some(({ is }) => is === kind)) kind = null;
			columns = model.comparison ? comparedColumns(model, sums, judged) : plainColumns(model, sums, whole);
			fillKinds();
			arrangeRows();
		},
		/** Only functions that a search wants, or all. */
		restrict: (next) => {
			wanted = next;
			scroller.scrollTop = 0;
			if (sums) arrangeRows();
		},
		order: () => order,
	};
}
