// file.js: a file that is looked at: its rows, what each got, and how hot that is. No document here.

import { CHANGED, VERDICTS } from "../page/compare.js";
import { forms } from "../page/text.js";
import { firstLineOf } from "./calls.js";
import { differenceOf, figuresOf } from "./figures.js";
import { listing } from "./listing.js";
import { functionsOf } from "./places.js";
import { levelOf, stepOf } from "./scale.js";
import { highlighter } from "./syntax.js";

/* Of each number of a line the row of a side's lines. */
function linesOfFile({ lines }, row) {
	const map = new Map();

	if (row >= 0) for (const line of lines.byFile.of(row)) map.set(lines.number[line], line);
	return map;
}

const FAR = 2000; // lines
const HOT = 0.01; // of the self that all lines of a file have, or of the total of its hottest

/* Where a function that was seen on a line begins, by its text; 0: that is not found. */
function definitionAbove(lines, name, seen) {
	const short = forms(name).pop();

	for (let line = Math.min(seen, lines.length); line > Math.max(0, seen - FAR); line--) {
		const found = /^\s*(?:async\s+)?def\s+([\p{L}_][\p{L}\p{N}_]*)/u.exec(lines[line - 1]);
		if (found && found[1] === short) return line;
	}
	return 0;
}

/* The first lines of a function on both sides: as recorded, or by the text, or the first one that was seen. */
function firstsOf({ sides }, { rows, name }, texts) {
	return rows.map((f, side) => {
		const line = f >= 0 ? firstLineOf(sides[side], f) : 0;

		if (line === 0 || sides[side].functions.line[f] > 0 || !texts[side]) return line;
		return definitionAbove(texts[side], name, line) || line;
	});
}

/**
 * All that the view of an entry needs; of that byRow has the functions of each side by their rows
 * there, begins the same in the order of their first lines, and marks is filled as rows are shown.
 */
export async function openFile(model, entry) {
	const { sides, comparison } = model;

	await model.inside();
	const texts = await Promise.all([0, 1].map((side) => (side < sides.length ? model.text(side, entry.rows[side]) : null)));
	const byNumber = [0, 1].map((side) => (side < sides.length ? linesOfFile(sides[side], entry.rows[side]) : new Map()));
	const functions = functionsOf(model, entry).map((f) => ({ ...f, firsts: firstsOf(model, f, texts), figures: figuresOf(model, "functions", f.rows) }));
	const seen = byNumber.map((map) => [...map.keys()]);
	const { rows, how } = listing({ texts, seen, functions, same: model.sameText(entry), compared: Boolean(comparison), there: entry.rows.map((row) => row >= 0) });
	const at = [new Map(), new Map()];

	rows.forEach((row, i) => {
		if (row.now && !at[0].has(row.now)) at[0].set(row.now, i);
		if (row.was && !at[1].has(row.was)) at[1].set(row.was, i);
	});
	const byRow = [0, 1].map((side) => new Map(functions.map((f) => [f.rows[side], f])));
	const begins = [0, 1].map((side) => functions.filter(({ firsts }) => firsts[side] > 0).sort((f, g) => f.firsts[side] - g.firsts[side]));

	return { entry, texts, byNumber, functions, byRow, begins, rows, how, at, marks: new Map(), tokens: texts.map((text) => text && highlighter(text)) };
}

/** The rows of lines that a row of the file has on both sides; -1: none. */
export const lineRows = ({ byNumber }, row) => [row.now, row.was].map((number, side) => byNumber[side].get(number) ?? -1);

/** What a row of the file got. */
export function rowFigures(model, file, at) {
	const row = file.rows[at];
	return row.kind === "sum" ? row.function.figures : figuresOf(model, "lines", lineRows(file, row));
}

/** The text of a row, and the side that it is of; undefined: it is not here. */
export function rowText(file, { now, was }) {
	const side = now ? 0 : 1;
	return { side, text: file.texts[side] ? file.texts[side][(now || was) - 1] : undefined, number: now || was };
}

/**
 * {levels, hot} by a measure (measureOf()): how hot each row is, of a profile 0 to HEATS, of a
 * comparison -4 to 4; and which are worth going to: those with HOT of what the file has.
 */
export function levelsOf(model, file, { key, most, each }) {
	const { comparison } = model;
	const values = Float64Array.from(file.rows, (row, at) => {
		if (row.kind === "sum" || row.unknown) return 0;
		const figures = rowFigures(model, file, at);
		return comparison ? differenceOf(figures, key) : figures.now[key];
	});
	const sizes = values.map(Math.abs);
	const whole = key.startsWith("self") ? sizes.reduce((sum, size) => sum + size, 0) : sizes.reduce((a, b) => Math.max(a, b), 0);

	return {
		levels: Int8Array.from(values, (value) => (comparison ? stepOf(value, most, each) : levelOf(value, most, each))),
		hot: Uint8Array.from(sizes, (size) => (size > 0 && size >= HOT * whole ? 1 : 0)),
	};
}

/* Of a comparison the verdict on a function, a number of VERDICTS; -1: there is none. */
function verdictOf({ sides, verdicts, comparison }, { rows: [now, was] }, by) {
	const number = now >= 0 ? sides[0].functions.compared[now] : sides[1].functions.compared[was];
	return verdicts && comparison.judged && number ? verdicts[by][number - 1] : -1;
}

/** The same in words; "": there is none. */
export const verdictText = (model, f, by) => VERDICTS[verdictOf(model, f, by)] || "";

/** Whether the change of a function is more than chance; true where that is not known. */
export const isProven = (model, f, by) => [CHANGED, -1].includes(verdictOf(model, f, by));

/** The function that a row is in, as far as is known: that of its line on the side that saw it, or the last one that begins above. */
export function functionAt({ sides }, file, at) {
	const row = file.rows[at];
	const lines = row.kind === "sum" ? [] : lineRows(file, row);
	const seen = lines.findIndex((line) => line >= 0);

	if (row.kind === "sum") return row.function;
	if (seen >= 0) {
		const [f] = sides[seen].spots.functionsOf(lines[seen]);
		return file.byRow[seen].get(f) || null;
	}
	const side = row.now ? 0 : 1;
	return file.begins[side].findLast(({ firsts }) => firsts[side] <= (row.now || row.was)) || null;
}
