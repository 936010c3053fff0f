// What the heat's page knows without a document: tokens, aligned lines, rows, instructions, levels.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { load, ROOT } from "./help.js";

const { align, alignFunctions } = await load("heat/align.js");
const { byteStarts, instruction, instructionsOf, piecesOf, specialization } = await load("heat/bytecode.js");
const { itemAt, layItems, listing, nextHot, shownItems } = await load("heat/listing.js");
const { grouping, linesOf } = await load("heat/model.js");
const { highlighter, tokensOf } = await load("heat/syntax.js");
const { levelOf, measureOf, stepOf } = await load("heat/scale.js");

/* Tokens as "kind:text". */
const told = (line, open) => tokensOf(line, open).tokens.map(([from, to, kind]) => `${kind}:${line.slice(from, to)}`);

const LINES = [
	["def f(x): return None", ["keyword:def", "definition:f", "keyword:return", "constant:None"]],
	["class A(B): pass  # why", ["keyword:class", "definition:A", "keyword:pass", "comment:# why"]],
	["@a.b\n".trim(), ["decorator:@", "decorator:a"]],
	["x = 'it\\'s' + \"#no\" + r'\\n'", ["string:'it\\'s'", 'string:"#no"', "string:r'\\n'"]],
	["n = 0x1F + 1_000.5e-3j + .5", ["number:0x1F", "number:1_000.5e-3j", "number:.5"]],
	["print(len(self.id), a.len)", ["builtin:print", "builtin:len", "builtin:self"]],
	["f'{x[\"a\"]}' + f\"{d['k']!r:>{w}}\"", ["string:f'{x[\"a\"]}'", "string:f\"{d['k']!r:>{w}}\""]],
	["f'{{' 'x'", ["string:f'{{'", "string:'x'"]],
	["match = 3", ["number:3"]],
	["match point:", ["keyword:match"]],
	["    case [x, y]:", ["keyword:case"]],
	["match x:  # why", ["keyword:match", "comment:# why"]],
	["match  = {1: 2}", ["number:1", "number:2"]],
	["type = x", ["builtin:type"]],
	["type Point = tuple[int, int]", ["keyword:type", "builtin:tuple", "builtin:int", "builtin:int"]],
	["naïve = 'é'", ["string:'é'"]],
	["", []],
];

test("a line's tokens are Python's", () => {
	for (const [line, wanted] of LINES) assert.deepEqual(told(line), wanted, line);
});

test("a string of many lines goes on until its quotes, and others end with their line", () => {
	const lines = ['x = """one', "two # no comment", 'three""" # comment', "y = 'open", "z = 1", "s = 'a\\", "b' + 'c'"];
	const tokens = highlighter(lines);
	const at = (n) => tokens(n).map(([from, to, kind]) => `${kind}:${lines[n - 1].slice(from, to)}`);

	assert.deepEqual(at(3), ['string:three"""', "comment:# comment"]);
	assert.deepEqual(at(2), ["string:two # no comment"]);
	assert.deepEqual(at(5), ["number:1"]);
	assert.deepEqual(at(7), ["string:b'", "string:'c'"]);
});

test("no line is so hostile that its tokens take long", () => {
	const n = 40000;
	const hostile = [`type ${"x".repeat(n)}`, `match ${" ".repeat(n)}x`, `${" ".repeat(n)}case`, `case ${": ".repeat(n)}x`, `f"{${'"'.repeat(n)}}`, `f'{${"'\"".repeat(n)}}`, "'".repeat(n), `x${"1_".repeat(n)}`];

	for (const line of hostile) {
		const begin = performance.now();
		tokensOf(line);
		assert.ok(performance.now() - begin < 300, `${line.slice(0, 10)}: ${Math.round(performance.now() - begin)} ms`);
	}
});

test("of a long line no more tokens are told than are asked for, and the next line begins as it must", () => {
	const tokens = highlighter([`${"1, ".repeat(1000)}"""`, "still a string", '"""']);

	assert.equal(tokens(1, 30).length, 10);
	assert.equal(tokens(1).length, 1001);
	assert.deepEqual(tokens(2, 5), [[0, 5, "string"]]);
});

/* Every way to have lines in common is one of those: rising pairs of equal lines. */
function check(a, b) {
	const pairs = align(a, b);

	pairs.forEach(([i, j], k) => {
		assert.equal(a[i], b[j]);
		if (k) assert.ok(i > pairs[k - 1][0] && j > pairs[k - 1][1], `${pairs[k - 1]} and ${i},${j}`);
	});
	return pairs.length;
}

test("texts are aligned by what they have in common, in order", () => {
	assert.equal(check([], []), 0);
	assert.equal(check(["a"], []), 0);
	assert.equal(check([..."abcdef"], [..."abcdef"]), 6);
	assert.equal(check([..."abcdef"], [..."abXdef"]), 5);
	assert.equal(check([..."abcabba"], [..."cbabac"]), 4);
	assert.equal(check([..."xaxbxcx"], [..."xcxaxbx"]), 5);
	assert.deepEqual(align(["def f():", "  a", "  b"], ["def f():", "  new", "  a", "  b"]), [[0, 0], [1, 2], [2, 3]]);
});

test("random edits are found again, however long the texts are", () => {
	let seed = 5;
	const next = (n) => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) % n;

	for (let round = 0; round < 60; round++) {
		const a = Array.from({ length: next(60) }, () => `line ${next(12)}`);
		const b = a.flatMap((line) => (next(6) === 0 ? [] : next(6) === 0 ? [line, `new ${next(5)}`] : [line]));
		check(a, b);
	}
	const long = Array.from({ length: 50000 }, (_, i) => `    value_${i % 7000} = ${i % 3}`);
	const other = long.filter((_, i) => i % 97 !== 0).flatMap((line, i) => (i % 113 === 0 ? [line, "added"] : [line]));
	const begin = performance.now();
	assert.ok(check(long, other) > 49000);
	assert.ok(performance.now() - begin < 3000, "50,000 lines in 3 s");
});

test("nothing in common is nothing aligned, and soon told", () => {
	const a = Array.from({ length: 20000 }, (_, i) => `a${i % 3}`);
	const b = Array.from({ length: 20000 }, (_, i) => `b${i % 3}`);
	assert.equal(check(a, b), 0);
});

test("without sources, functions of equal length are aligned by the distance from their first line", () => {
	const functions = [
		{ name: "f", lines: [10, 1] },
		{ name: "g", lines: [20, 11] },
		{ name: "h", lines: [40, 21] },
	];
	const { pairs, apart, known } = alignFunctions([...functions, { name: "new", lines: [50, 0] }, { name: "gone", lines: [0, 31] }], [3, 9, 12, 22, 25, 35], [12, 22, 23, 41, 44, 52]);

	assert.deepEqual(pairs, [[3, 12], [22, 41], [25, 44]]);
	assert.equal(apart, 1);
	assert.deepEqual([5, 12, 22, 41, 52].map(known), [false, true, false, true, true]);
});

test("of many functions without sources the lines are aligned soon", () => {
	const functions = Array.from({ length: 20000 }, (_, i) => ({ name: `f${i}`, lines: [10 * i + 3, 10 * i + 1] }));
	const lines = (by) => functions.flatMap(({ lines: [now, was] }) => [(by ? was : now) + 4, (by ? was : now) + 5]);
	const begin = performance.now();
	const { pairs, known } = alignFunctions(functions, lines(1), lines(0));

	assert.equal(pairs.length, 40000);
	assert.ok(pairs.every(([was, now]) => now === was + 2 && known(now)));
	assert.ok(performance.now() - begin < 1000, `${Math.round(performance.now() - begin)} ms`);
});

test("functions that begin on one line are known if all of them are", () => {
	const { apart, known } = alignFunctions([{ lines: [1, 1] }, { lines: [1, 50] }, { lines: [10, 10] }], [12, 70], [2, 12]);

	assert.equal(apart, 2);
	assert.deepEqual([2, 12].map(known), [false, false]);
});

test("rows of a comparison have what is gone before what is new", () => {
	const texts = [["a", "new", "b"], ["a", "old", "b"]];
	const rows = listing({ texts, seen: [[], []], functions: [], same: false, compared: true, there: [true, true] });

	assert.deepEqual(rows.rows.map(({ now, was }) => [now, was]), [[1, 1], [0, 2], [2, 0], [3, 3]]);
	assert.equal(rows.how, "text");
});

test("rows of a file without a source are the lines that were seen; a short source has those beyond it too", () => {
	const of = (texts, seen) => listing({ texts, seen, functions: [], same: false, compared: false, there: [true, true] }).rows.map(({ now }) => now);

	assert.deepEqual(of([null, null], [[3, 8], []]), [3, 8]);
	assert.deepEqual(of([["x", "y"], null], [[2, 8], []]), [1, 2, 8]);
});

test("only hot lines with what is around them are shown, and gaps for the rest", () => {
	const rows = Array.from({ length: 30 }, (_, i) => ({ kind: "line", now: i + 1, was: 0 }));
	const shown = (opened, hot = [10]) => shownItems(rows, { all: false, hot: (i) => hot.includes(i), kept: (i) => i === 2, opened: new Set(opened) }).map(({ kind, at, count }) => (kind === "gap" ? `${at}+${count}` : at));

	assert.deepEqual(shown([]), ["0+2", 2, "3+4", 7, 8, 9, 10, 11, 12, 13, "14+16"]);
	assert.deepEqual(shown([3]), ["0+2", 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, "14+16"]);
	assert.deepEqual(shown([], []).length, 3);
	assert.equal(shownItems(rows, { all: true, hot: () => false, kept: () => false, opened: new Set() }).length, 30);
});

test("items lie below each other, with what unfolds between them", () => {
	const items = [0, 1, 2].map((at) => ({ kind: "line", at, count: 1 }));
	const tops = layItems(items, (at) => (at === 1 ? 100 : 0));

	assert.deepEqual([...tops], [0, 20, 140, 160]);
	assert.deepEqual([-5, 0, 19, 20, 139, 140, 1000].map((y) => itemAt(tops, y)), [0, 0, 0, 1, 1, 2, 2]);
});

test("hot lines are walked round, and none is said to be none", () => {
	const hot = (i) => i === 2 || i === 5;

	assert.deepEqual([nextHot(8, 2, 1, hot), nextHot(8, 5, 1, hot), nextHot(8, 2, -1, hot), nextHot(8, -1, 1, hot)], [5, 2, 5, 2]);
	assert.equal(nextHot(8, 0, 1, () => false), -1);
});

test("heat is on a scale of logarithms, from one sample to the hottest line", () => {
	assert.deepEqual([0, 1, 10, 100, 999, 1000].map((n) => levelOf(n, 1000, 1)), [0, 1, 3, 6, 8, 8]);
	assert.equal(levelOf(5, 5, 5), 8);
	assert.deepEqual([-1000, -1, 0, 1, 30, 1000].map((n) => stepOf(n, 1000, 1)), [-4, -1, 0, 1, 2, 4]);
});

test("instructions are named once, with what they are a form of", () => {
	assert.deepEqual(instruction("LOAD_ATTR_SLOT LOAD_ATTR"), { name: "LOAD_ATTR_SLOT", base: "LOAD_ATTR", form: "specialized", can: true });
	assert.deepEqual(instruction("INSTRUMENTED_CALL CALL").form, "instrumented");
	assert.deepEqual(instruction("CALL_ADAPTIVE CALL").form, "adaptive");
	assert.deepEqual(instruction("CALL"), { name: "CALL", base: "", form: "", can: true });
	assert.deepEqual(instruction("RESUME"), { name: "RESUME", base: "", form: "", can: false });
	assert.deepEqual(instruction("RESUME_CHECK RESUME"), { name: "RESUME_CHECK", base: "RESUME", form: "quickened", can: false });
});

/* A side whose spans are [spot, name, from, to, total], each on its line. */
function sideOf(rows) {
	const columns = [0, 1, 2, 3, 4].map((i) => rows.map((row) => row[i]));
	const [spot, names, from, to, total] = columns;
	const spans = { name: (i) => names[i], down: rows.map(() => 1), from: from.map((x) => x + 1), to: to.map((x) => x + 1), total, self: total, totalSamples: total, selfSamples: total, bySpot: grouping(spot, 2) };

	return { spans };
}

test("order and colour follow the unit that is shown", () => {
	const model = { sides: [{ each: 1e6, hottest: { self: 5e9, total: 9e9, selfSamples: 40, totalSamples: 60 } }], comparison: null };

	assert.deepEqual(measureOf(model, { by: "self", unit: "time" }), { key: "self", most: 5e9, each: 1e6 });
	assert.deepEqual(measureOf(model, { by: "total", unit: "samples" }), { key: "totalSamples", most: 60, each: 1 });
});

test("what is not an instruction's own is no part of what is specialized of it, and what cannot be is not counted", () => {
	const spans = { n: 3, name: (i) => ["CALL_PY CALL", "LOAD_ATTR", "RESUME"][i], down: [1, 1, 1], from: [1, 1, 1], to: [1, 1, 1], total: [90, 10, 5], self: [10, 10, 5], totalSamples: [9, 1, 1], selfSamples: [1, 1, 1], bySpot: grouping([0, 0, 0], 1) };
	const all = instructionsOf({ spans }, [0], "self");

	assert.deepEqual(specialization(all), { self: 20, specialized: 10, count: 2, forms: 1 });
	assert.deepEqual(all.map(({ name, can }) => [name, can]), [["CALL_PY", true], ["LOAD_ATTR", true], ["RESUME", false]]);
});

test("instructions of a line are added up over its functions, the most first", () => {
	const all = instructionsOf(sideOf([[0, "CALL", 0, 4, 5], [0, "LOAD_ATTR_SLOT LOAD_ATTR", 0, 2, 20], [1, "CALL", 0, 4, 7]]), [0, 1]);

	assert.deepEqual(all.map(({ name, total }) => [name, total]), [["LOAD_ATTR_SLOT", 20], ["CALL", 12]]);
	assert.deepEqual(specialization(all), { self: 32, specialized: 20, count: 2, forms: 1 });
});

test("each byte of a line is of the shortest piece that covers it, by UTF-8 columns", () => {
	const text = "é = a.bc + d";
	const all = instructionsOf(sideOf([[0, "BINARY_OP", 5, 13, 10], [0, "LOAD_ATTR", 5, 9, 4], [0, "LOAD_FAST", 5, 6, 1], [1, "STORE", 0, 2, 2]]), [0, 1]);

	assert.deepEqual(byteStarts("é𝒳x"), [0, 0, 1, 1, 1, 1, 3, 4]);
	assert.deepEqual(piecesOf(text, all).map(({ from, to, total }) => [text.slice(from, to), total]), [["é", 2], ["a", 1], [".bc", 4], [" + d", 10]]);
});

test("a text is as many lines as it has ends of lines, and what is behind the last", () => {
	assert.deepEqual([linesOf(""), linesOf("a\n"), linesOf("a\nb"), linesOf("\n\n")], [[], ["a"], ["a", "b"], ["", ""]]);
});

const { contrast, differences, heats } = await load("page/palette.js");
const CSS = readFileSync(join(ROOT, "share/heat/page.css"), "utf8");
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/* The colours of tokens and texts, {light, dark}, by the names of their classes. */
function inks() {
	const all = { ink: { light: "#1b1d21", dark: "#eceef0" } };

	for (const [, name, light, dark] of CSS.matchAll(/\.(token-\w+)(?:,\s*\.[\w-]+)? \{\s*color: light-dark\((#\w+), (#\w+)\)/g)) all[name] = { light, dark };
	return all;
}

test("every token can be read on every heat", () => {
	const paper = { light: [255, 255, 255], dark: [23, 25, 29] };
	const mixed = (colour, part, theme) => colour.map((x, i) => part * x + (1 - part) * paper[theme][i]);

	assert.equal(Object.keys(inks()).length, 8);
	for (const theme of ["light", "dark"])
		for (const colour of [...heats(theme), ...differences(theme, "usual"), paper[theme]]) {
			assert.ok(contrast(rgb(inks().ink[theme]), colour) >= 4.5, `figures, ${theme}, ${colour}`);
			for (const [name, ink] of Object.entries(inks())) {
				const got = contrast(rgb(ink[theme]), mixed(colour, 0.32, theme));
				assert.ok(got >= 4.5, `${name}, ${theme}, on ${colour}: ${got.toFixed(2)}`);
			}
		}
});
