// listing.js: the rows of a file: which lines there are, before and after, and which are shown. No document here.

import { align, alignFunctions } from "./align.js";

export const ROW_HIGH = 20;
const CONTEXT = 3; // lines around each hot one, when only these are shown

/** How the lines of both sides were found to be one. */
export const ALIGNED = {
	same: "Both sides have the same source.",
	text: "Lines are aligned by a text diff of both sources.",
	offset: "Not both sources are here: lines are aligned by their distance from the first line of their function, where it is equally long before and after; ? is what cannot be told.",
	functions: "Not both sources are here, and no function is equally long before and after: only sums of functions are compared.",
	one: "Only one side has this file.",
};

const row = (now, was) => ({ kind: "line", now, was });

/* Both texts line by line: what is gone stands before what is new. */
function merged(was, now) {
	const rows = [];
	let [i, j] = [0, 0];

	for (const [x, y] of [...align(was, now), [was.length, now.length]]) {
		while (i < x) rows.push(row(0, ++i));
		while (j < y) rows.push(row(++j, 0));
		if (x < was.length || y < now.length) rows.push(row(++j, ++i));
	}
	return rows;
}

/* Lines that are known of one side: all of its text, and what was seen beyond; without a text what was seen. */
function knownLines(text, seen) {
	const beyond = text ? seen.filter((line) => line > text.length) : seen;
	return [...(text ? text.map((_, i) => i + 1) : []), ...beyond];
}

/* Without both texts: lines by their functions; those of the baseline alone have no place, only sums. */
function byFunctions(file) {
	const { texts, seen, functions } = file;
	const { pairs, apart, known } = alignFunctions(functions.map(({ firsts }) => ({ lines: firsts })), seen[1], seen[0]);
	const was = new Map(pairs.map(([before, now]) => [now, before]));
	const heads = new Map();

	for (const f of functions) {
		if (!(f.firsts[0] > 0) || f.rows[0] < 0) continue;
		if (!heads.has(f.firsts[0])) heads.set(f.firsts[0], []);
		heads.get(f.firsts[0]).push(f);
	}
	const rows = [];
	const numbers = new Set([...knownLines(texts[0], seen[0]), ...heads.keys()]);
	for (const line of [...numbers].sort((x, y) => x - y)) {
		for (const f of heads.get(line) || []) rows.push({ kind: "sum", now: 0, was: 0, function: f });
		rows.push({ ...row(line, was.get(line) || 0), unknown: !known(line) });
	}
	for (const f of functions) if (f.rows[0] < 0) rows.push({ kind: "sum", now: 0, was: 0, function: f });
	return { rows, how: pairs.length > 0 || apart === 0 ? "offset" : "functions" };
}

/**
 * The rows of a file: {rows: [{kind: "line", now, was}, ...], how}; now and was are numbers of
 * lines, 0 being none, unknown where it cannot be told what a line was before; a row of kind
 * "sum" has a function. how is a key of ALIGNED, "" of a plain
 * profile. file: {texts, seen (numbers of lines by side), functions ({rows, name, firsts}), same}.
 */
export function listing({ texts, seen, functions, same, compared, there }) {
	if (!compared) return { rows: knownLines(texts[0], seen[0]).map((line) => row(line, 0)), how: "" };
	if (!there[0]) return { rows: knownLines(texts[1], seen[1]).map((line) => row(0, line)), how: "one" };
	if (!there[1]) return { rows: knownLines(texts[0], seen[0]).map((line) => row(line, 0)), how: "one" };
	if (same) return { rows: knownLines(texts[0], [...new Set([...seen[0], ...seen[1]])].sort((x, y) => x - y)).map((line) => row(line, line)), how: "same" };
	if (texts[0] && texts[1]) return { rows: merged(texts[1], texts[0]), how: "text" };
	return byFunctions({ texts, seen, functions });
}

/**
 * What is shown of the rows: items {kind: "line" or "gap", at: the row's place, count} one below the
 * other. all shows every row; else those that hot(place) or kept(place) tells of and what is around
 * them, and gaps, of which opened has those that show all the same, by the place where they begin.
 */
export function shownItems(rows, { all, hot, kept, opened }) {
	const items = [];
	const shows = new Uint8Array(rows.length);

	for (let i = 0; !all && i < rows.length; i++) {
		if (kept(i)) shows[i] = 1;
		if (hot(i)) shows.fill(1, Math.max(0, i - CONTEXT), i + CONTEXT + 1);
	}
	for (let i = 0; i < rows.length; i++) {
		let end = i;

		while (!all && end < rows.length && !shows[end]) end++;
		if (end - i > 1 && !opened.has(i)) items.push({ kind: "gap", at: i, count: end - i });
		else for (let k = i; k < Math.max(end, i + 1); k++) items.push({ kind: "line", at: k, count: 1 });
		i = Math.max(end - 1, i);
	}
	return items;
}

/** Where items lie: tops[i] is where item i begins, tops[n] the end of all; below(at) is the height of what unfolds below a row. */
export function layItems(items, below) {
	const tops = new Float64Array(items.length + 1);

	items.forEach((item, i) => (tops[i + 1] = tops[i] + ROW_HIGH + (item.kind === "line" ? below(item.at) : 0)));
	return tops;
}

/** The last item that begins at y or above. */
export function itemAt(tops, y) {
	let low = 0;
	let high = tops.length - 2;

	while (low < high) {
		const at = (low + high + 1) >> 1;
		if (tops[at] <= y) low = at;
		else high = at - 1;
	}
	return Math.max(0, low);
}

/** The next place behind (step 1) or before (step -1) one that is hot, going round; -1: none is. */
export function nextHot(n, from, step, hot) {
	for (let k = 1, i = from; k <= n; k++) {
		i = (i + step + n) % n;
		if (hot(i)) return i;
	}
	return -1;
}
