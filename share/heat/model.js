// model.js: the heat in the page's data block, unpacked. The C side is lib/heat.

import { column, inflate } from "../page/columns.js";
import { openComparison } from "../page/compare.js";
import { clipped, visible } from "../page/text.js";

/** Groups of files, in the order of lib/heat/heat.h. */
export const GROUPS = ["project", "standard library", "site-packages", "other"];

/** enum heat_source_state of lib/heat/sources.h. */
export const STATE = { none: 0, sampled: 1, later: 2, several: 3, found: 4, undated: 5, changed: 6 };

const read = (table, names) => Promise.all(names.map((name) => column(table, name, Uint32Array)));

async function openSums(table, quantum, time) {
	const [self, total] = await Promise.all(["self", "total"].map((name) => column(table, name, Float64Array)));
	const [selfSamples, totalSamples] = await read(table, ["self_samples", "total_samples"]);

	if (!time) return { self: Float64Array.from(selfSamples), total: Float64Array.from(totalSamples), selfSamples, totalSamples };
	for (const all of [self, total]) for (let i = 0; i < all.length; i++) all[i] *= quantum;
	return { self, total, selfSamples, totalSamples };
}

/* The same without self. */
async function openTotals(table, quantum, time) {
	const [total, totalSamples] = await Promise.all([column(table, "total", Float64Array), column(table, "total_samples", Uint32Array)]);

	return { total: time ? total.map((x) => x * quantum) : Float64Array.from(totalSamples), totalSamples };
}

/** Rows by their key, all below n: those of key k are rows[first[k]] up to rows[first[k + 1]]. */
export function grouping(keys, n) {
	const first = new Uint32Array(n + 1);
	const rows = new Uint32Array(keys.length);

	for (const key of keys) first[key + 1]++;
	for (let k = 0; k < n; k++) first[k + 1] += first[k];
	const next = first.slice();
	for (let i = 0; i < keys.length; i++) rows[next[keys[i]]++] = i;
	return { first, rows, of: (key) => rows.subarray(first[key], first[key + 1]) };
}

/* Numbers of lines, which are told as distances inside of a file. */
function lineNumbers(files, steps) {
	const numbers = steps.slice();

	for (let i = 1; i < numbers.length; i++) if (files[i] === files[i - 1]) numbers[i] += numbers[i - 1];
	return numbers;
}

/* Where a line has several functions, the one with the most comes first. */
function openSpots(spots, functions, lines) {
	const known = spots.line.map((line) => (line === 0 ? lines.n : line - 1));
	const byLine = grouping(known, lines.n + 1);

	return {
		...spots,
		byFunction: grouping(spots.function, functions.n),
		/** The functions that a row of lines is in. */
		functionsOf: (line) => [...byLine.of(line)].map((spot) => spots.function[spot]).sort((f, g) => functions.total[g] - functions.total[f]),
		ofLine: (line) => byLine.of(line),
	};
}

async function openSide(data, strings, time) {
	const { folders, files, functions, lines, spots, calls, spans, quantum } = data;
	const sums = (table) => openSums(table, quantum, time);
	const [parent] = await read(folders, ["parent"]);
	const [path, folder, source, state, partner, page] = await read(files, ["path", "folder", "source", "state", "partner", "page"]);
	const [fileOf, name, line, compared] = await read(functions, ["file", "name", "line", "compared"]);
	const [lineFile, steps] = await read(lines, ["file", "line"]);
	const [spotFunction, spotLine] = await read(spots, ["function", "line"]);
	const made = {
		weight: time ? data.weight : data.samples,
		samples: data.samples,
		hottest: { self: data.hottest[time ? 0 : 2], total: data.hottest[time ? 1 : 3], selfSamples: data.hottest[2], totalSamples: data.hottest[3] },
		folders: { n: folders.n, names: folders.names, parent, ...(await sums(folders)) },
		files: { n: files.n, folder, source, state, partner, page, path: (f) => strings[path[f]], ...(await sums(files)) },
		functions: { n: functions.n, file: fileOf, line, compared, name: (f) => strings[name[f]], label: (f) => clipped(visible(strings[name[f]]), 200) || "(no name)", ...(await sums(functions)) },
		lines: { n: lines.n, file: lineFile, number: lineNumbers(lineFile, steps), ...(await sums(lines)) },
	};

	made.spots = openSpots({ n: spots.n, function: spotFunction, line: spotLine }, made.functions, made.lines);
	made.functions.byFile = grouping(fileOf, files.n);
	made.lines.byFile = grouping(lineFile, files.n);
	/* What only a file needs: who calls whom, and what is inside of lines. */
	made.openInside = async () => {
		const [callSpot, callee] = await read(calls, ["spot", "callee"]);
		const [spanSpot, spanName, down, from, to] = await read(spans, ["spot", "name", "down", "from", "to"]);

		made.calls = { n: calls.n, spot: callSpot, callee, ...(await openTotals(calls, quantum, time)), bySpot: grouping(callSpot, spots.n), byCallee: grouping(callee, functions.n) };
		made.spans = { n: spans.n, spot: spanSpot, down, from, to, name: (i) => strings[spanName[i]], ...(await sums(spans)), bySpot: grouping(spanSpot, spots.n) };
	};
	/* What one sample weighs on the whole: the step of the scale. */
	made.each = made.samples > 0 ? made.weight / made.samples : 1;
	return made;
}

/* What is one for the reader: a file, or the file of both sides; -1: that side has none. */
function entriesOf(sides) {
	const [now, was] = sides;
	const entries = Array.from({ length: now.files.n }, (_, f) => ({ rows: [f, was ? now.files.partner[f] - 1 : -1] }));

	if (was) for (let f = 0; f < was.files.n; f++) if (was.files.partner[f] === 0) entries.push({ rows: [-1, f] });
	entries.forEach((entry, id) => {
		const side = entry.rows[0] >= 0 ? 0 : 1;
		const { files } = sides[side];
		const row = entry.rows[side];

		Object.assign(entry, { id, path: files.path(row), label: visible(files.path(row)), page: files.page[row], side, row });
	});
	return entries;
}

/* The verdicts of a comparison, by the numbers that functions have there; null: what was judged are no functions. */
async function openVerdicts({ compared, diff }) {
	if (!compared || !compared.self_verdict || ["file", "module"].includes(diff.match)) return null;
	const [category, self, total] = await read(compared, ["category", "self_verdict", "total_verdict"]);

	return { category, self, total };
}

/** The profile by its lines: sides[0], and of a comparison the baseline as sides[1]. */
export async function openHeat(profile) {
	const { unit, strings, sources } = profile;
	const time = unit === "ns" && profile.sides.some(({ weight }) => weight > 0);
	const sides = await Promise.all(profile.sides.map((side) => openSide(side, strings, time)));
	const texts = new Map();
	let inside = null;

	return {
		profile,
		time,
		sides,
		entries: entriesOf(sides),
		comparison: openComparison(profile),
		verdicts: await openVerdicts(profile),
		hasSpans: profile.sides.some(({ spans }) => spans.n > 0),
		/** Calls and instructions, unpacked when a file is opened first. */
		inside: () => (inside ??= Promise.all(sides.map((side) => side.openInside()))),
		/** In the index of a folder, the text of a row of lines. */
		code: (line) => (profile.codes || [])[line],
		/** What is odd about a file's text; "": nothing. */
		odd: (side, row) => (sides[side].files.source[row] ? sources[sides[side].files.source[row] - 1].odd : ""),
		/** Whether both sides of an entry have one and the same text. */
		sameText: ({ rows: [now, was] }) => now >= 0 && was >= 0 && sides[0].files.source[now] > 0 && sides[0].files.source[now] === sides[1].files.source[was],
		/** The lines of a file's text, or null: it is not here. Each text is unpacked once, however many ask at once. */
		text: async (side, row) => {
			const number = row >= 0 ? sides[side].files.source[row] : 0;

			if (!number) return null;
			if (!texts.has(number)) texts.set(number, unpacked(sources[number - 1]));
			return texts.get(number);
		},
	};
}

const unpacked = async ({ text }) => linesOf(new TextDecoder().decode(await inflate(text)));

/** A text as lines; a line end at its end makes none. */
export function linesOf(text) {
	const lines = text.split("\n");

	if (lines[lines.length - 1] === "") lines.pop();
	return lines;
}
