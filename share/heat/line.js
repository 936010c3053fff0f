// line.js: one row of a file as elements.

import { element } from "../page/dom.js";
import { counted, duration, grouped, share } from "../page/numbers.js";
import { visible } from "../page/text.js";
import { byteStarts, specialization } from "./bytecode.js";
import { changeText, sideText, wordsOf } from "./figures.js";
import { rowFigures, rowText } from "./file.js";

export const PANEL_ROW = 18;
export const PANEL_PAD = 12;
const LONG = 1000; // characters of a line that are shown at first
const PIECE = 80; // and of a piece of it

/* A piece of source fit to be read: tabs stay, what cannot be seen is told. */
const readable = (text) => text.split("\t").map((part) => (part === "\f" ? "␌" : visible(part))).join("\t");

/* The columns of figures: {title, hint, of(figures) → text, main}. */
function columnsOf({ model, choice }) {
	const { by, unit } = choice;
	const one = (side, of) => (figures) => sideText(model, unit, side ? figures.was : figures.now, of, side);

	if (!model.comparison)
		return [
			{ title: "Self", hint: "what the line did itself", of: one(0, "self"), main: by === "self" },
			{ title: "Total", hint: "with what it called", of: one(0, "total"), main: by === "total" },
		];
	return [
		{ title: "Before", hint: `${by}, baseline`, of: one(1, by), side: 1, main: false },
		{ title: "After", hint: `${by}, current side`, of: one(0, by), side: 0, main: false },
		{ title: `${by === "self" ? "Self" : "Total"} ±`, hint: `how much ${by} changed`, of: (figures) => changeText(model, unit, figures, by)[0], side: -1, main: true },
	];
}

/** The head of the columns. */
export function headOf(show) {
	const gutter = element("div", "gutter gutter-head");

	if (show.model.comparison) gutter.append(cell("number", "Was"));
	gutter.append(cell("number", "Line"));
	for (const { title, hint, main } of columnsOf(show)) {
		const made = cell(main ? "figure figure-main" : "figure", title);
		made.title = hint;
		gutter.append(made);
	}
	gutter.append(element("span", "marks"));
	return [gutter, cell("head-text", show.sourceTitle)];
}

function cell(className, text, role = "columnheader") {
	const made = element("span", className, text);
	made.setAttribute("role", role);
	return made;
}

function markButton(does, text, title) {
	const made = element("button", `mark mark-${does}`, text);

	made.type = "button";
	made.tabIndex = -1;
	made.dataset.does = does;
	made.title = title;
	made.setAttribute("aria-label", title);
	return made;
}

function marksOf(show, at, unfolded) {
	const marks = element("span", "marks");
	const { callers, callees, folds } = show.marksAt(at);

	if (callers) marks.append(markButton("callers", "↑", `Called from ${counted(callers, "line")} (c)`));
	if (callees) marks.append(markButton("callees", "↓", `Calls ${counted(callees, "function")} (e)`));
	if (folds) {
		const made = markButton("fold", unfolded ? "▾" : "▸", "Instructions (x)");
		made.setAttribute("aria-expanded", String(unfolded));
		marks.append(made);
	}
	return marks;
}

function numberOf(show, number, at, className) {
	const link = element("a", className, number ? String(number) : "");

	if (!number) return link;
	link.href = show.linkOf(at);
	link.tabIndex = -1;
	return link;
}

/* The text between two places, as a piece of that kind, in pieces of instructions. */
function fillText(into, text, tokens, pieces) {
	const edges = new Set([0, text.length]);
	const at = (all, place) => all.find(([from, to]) => from <= place && place < to);

	for (const [from, to] of tokens) if (to <= text.length) edges.add(from).add(to);
	for (const { from, to } of pieces) edges.add(Math.min(from, text.length)).add(Math.min(to, text.length));
	const places = [...edges].filter((place) => place <= text.length).sort((a, b) => a - b);
	let [t, p] = [0, 0];

	for (let i = 0; i + 1 < places.length; i++) {
		const from = places[i];
		while (t < tokens.length && tokens[t][1] <= from) t++;
		while (p < pieces.length && pieces[p].to <= from) p++;
		const token = at(tokens.slice(t, t + 1), from);
		const piece = pieces[p] && pieces[p].from <= from ? pieces[p] : null;
		const made = element("span", [token && `token-${token[2]}`, piece && piece.className].filter(Boolean).join(" "));

		made.textContent = readable(text.slice(from, places[i + 1]));
		if (piece) made.title = piece.title;
		into.append(made.className ? made : document.createTextNode(made.textContent));
	}
}

function textOf(show, at, whole) {
	const { side, text, number } = rowText(show.file, show.file.rows[at]);
	const made = cell("text", "", "cell");

	if (text === undefined) {
		made.className = "text text-none";
		return made;
	}
	const shown = whole || text.length <= LONG ? text : text.slice(0, LONG);
	fillText(made, shown, show.file.tokens[side](number, shown.length), show.piecesAt(at, shown));
	if (shown.length < text.length) {
		const more = markButton("whole", `… ${grouped(text.length - shown.length)} more characters`, "Show all of the line");
		more.className = "mark more";
		made.append(more);
	}
	return made;
}

/* The piece of the line that an instruction belongs to; where the text is not here, its columns. */
function placeOfPiece({ from, to, down }, starts, text) {
	const end = starts.length - 1;
	const known = from >= 0 && to >= 0 && from < end;
	const piece = known ? text.slice(starts[from], starts[down === 1 ? Math.min(to, end) : end]) : "";
	const made = element("span", "instruction-place", visible(piece.replaceAll("\t", " ").slice(0, PIECE)));

	if (from >= 0) made.title = `columns ${from} to ${down === 1 ? to : `${to}, ${down - 1} lines below`}`;
	if (!piece && from >= 0 && text === "") made.textContent = `${from}–${to}`;
	return made;
}

/* The panel of instructions below a line, as wide as the view. */
function panelOf(show, at) {
	const { instructions, whole: had } = show.instructionsAt(at);
	const { by, unit } = show.choice;
	const { text: whole = "" } = rowText(show.file, show.file.rows[at]);
	const text = whole.slice(0, instructions.reduce((most, { from }) => Math.max(most, from), 0) + PIECE); // a character has a byte at least
	const starts = byteStarts(text);
	const { self, specialized, count, forms } = specialization(instructions);
	const panel = element("div", "panel-below");
	const table = element("div", "instructions");

	const head = element("div", "instruction instruction-head");
	const named = instructions.some(({ name }) => name);
	const special = count ? `${self > 0 ? `${share(specialized, self)} of self specialized` : "specialized, none with self"} (${forms} of ${count} that can be)` : "Nothing here can be specialized";
	const figure = element("span", "instruction-share", unit === "time" ? `${by} time` : `of its ${by}`);
	figure.title = by === "total" ? "A sample counts once for each instruction: with recursion they can be more than the line’s" : "";
	head.append(element("span", "instruction-name", named ? special : "Pieces of the line"), element("span", "instruction-place", "piece of the line"), element("span", "instruction-samples", `${by} samples`), figure);
	table.append(head);
	for (const one of instructions) {
		const row = element("div", "instruction");
		const bar = element("span", "instruction-bar");

		bar.style.width = `${one[by] > 0 ? Math.min(100, Math.max(0.5, (one[by] / had) * 100)) : 0}%`;
		row.append(
			element("span", "instruction-name", one.name || "(unknown)"),
			element("span", "instruction-base", one.base),
			element("span", one.form ? `form form-${one.form}` : "form", one.form || (one.can || !one.name ? "" : "not applicable")),
			placeOfPiece(one, starts, text),
			element("span", "instruction-samples", grouped(one[`${by}Samples`])),
			element("span", "instruction-share", unit === "time" ? duration(one[by]) : share(one[by], had)),
			bar,
		);
		table.append(row);
	}
	panel.append(table);
	return panel;
}

function sumOf(show, at) {
	const { function: f } = show.file.rows[at];
	const made = element("span", "text text-sum");

	made.append(element("span", "sum-name", f.name), element("span", "sum-words", f.gone ? "gone: what all its lines had" : "all its lines"));
	return made;
}

/** The element of a row; how: {chosen, unfolded, whole}. */
export function lineOf(show, at, { chosen, unfolded, whole }) {
	const row = show.file.rows[at];
	const figures = rowFigures(show.model, show.file, at);
	const made = element("div", "line");
	const main = element("div", "line-main");
	const gutter = element("div", "gutter");
	const colour = show.colourAt(at);
	const compared = Boolean(show.model.comparison);

	made.dataset.at = at;
	made.setAttribute("role", "row");
	made.setAttribute("aria-rowindex", at + 2);
	if (chosen) made.classList.add("line-chosen");
	if (show.foundAt(at)) made.classList.add("line-found");
	if (compared && row.kind === "line" && !row.now) made.classList.add("line-gone");
	if (compared && row.kind === "line" && !row.was && show.file.how === "text") made.classList.add("line-new");
	if (colour) made.style.setProperty("--heat", colour);
	if (colour) made.classList.add("line-hot");
	if (compared) gutter.append(numberOf(show, row.was, at, row.now ? "number number-was" : "number"));
	gutter.append(numberOf(show, row.now, at, row.now ? "number" : "number number-none"));
	for (const { of, side, main: isMain } of columnsOf(show)) gutter.append(cell(isMain ? "figure figure-main" : "figure", row.unknown && side !== 0 ? "?" : of(figures), "cell"));
	gutter.append(marksOf(show, at, unfolded));
	gutter.title = figures.now.total > 0 || (figures.was && figures.was.total > 0) ? wordsOf(show.model, row.unknown ? { now: figures.now } : figures).join("\n") : "";
	for (const link of gutter.querySelectorAll(".number")) link.tabIndex = chosen && link.textContent ? 0 : -1;
	main.append(gutter, row.kind === "sum" ? sumOf(show, at) : textOf(show, at, whole));
	made.append(main);
	if (unfolded) made.append(panelOf(show, at));
	return made;
}
