// What a search finds, and how much that is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./help.js";

const { mark, next, ordinal, query } = await load("page/search.js");
const { shapeOf, weighed } = await load("flame/layout.js");
const { pressed } = await load("page/keys.js");

test("a query is a text in either case, or a regular expression", () => {
	const cases = [
		["dec", "JSONDecoder.decode", "/lib/json.py:1", true],
		["json.py", "f", "/lib/json.py:1", true],
		["json", "f", "/lib/json.py:1", false],
		["json/", "f", "/lib/json/a.py:1", true],
		[".py:12", "f", "/lib/a.py:12", true],
		["/^f$/", "F", "", true],
		["/^f$/c", "F", "", false],
		["/f|g/", "h", "f", false],
		["/json\\/d/", "x", "lib/json/d.py", true],
		["(", "f(x)", "", true],
		["<locals>", "a.<locals>.b", "", true],
		["É", "café", "", true],
	];

	for (const [text, name, place, expected] of cases)
		assert.equal(query(text).finds(name, place), expected, `${text} in ${name} ${place}`);
	assert.equal(query(""), null);
});

test("a search finds a text in whatever case, also where that is longer, and however it is composed", () => {
	for (const [text, name] of [["GRÖSSE", "Größe.rechne"], ["größe", "GRÖSSE"], ["Größe", "Gro\u0308ße"], ["ÉTÉ", "été"]]) assert.ok(query(text).finds(name, ""), `${text} in ${name}`);
	assert.ok(!query("grosse").finds("Größe", ""));
});

test("what is wrong with an expression is said", () => {
	assert.match(query("/(/").error, /\S/);
	assert.match(query("/[z-a]/").error, /\S/);
});

test("a match inside of another counts once in the share, twice in the number", () => {
	// f(10): g(6): f(4); h(5): f(5)
	const own = [0, 4, 2, 4, 0, 5];
	const tree = weighed(shapeOf([0, 0, 0, 3, 0], [0, 1, 0, 2, 0], null), { self: own, samples: own });
	const found = mark(tree, [1, 0, 0]);

	assert.equal(found.count, 3);
	assert.equal(found.total, 15);
	assert.equal(found.samples, 15);
	assert.deepEqual([...found.marks], [0, 1, 0, 1, 0, 1]);
	assert.equal(mark(tree, [0, 1, 1]).total, 11);
	assert.equal(mark(tree, [0, 0, 0]).count, 0);

	assert.equal(next(found.marks, 0, 1), 1);
	assert.equal(next(found.marks, 1, 1), 3);
	assert.equal(next(found.marks, 5, 1), 1);
	assert.equal(next(found.marks, 1, -1), 5);
	assert.equal(next(new Uint8Array(4), 2, 1), 0);
	assert.equal(ordinal(found.marks, 3), 2);
});

test("the table of keys is the handler", () => {
	const ran = [];
	const rows = [{ keys: ["n"], run: () => ran.push("n") }, { keys: ["N"], run: () => ran.push("N") }];

	assert.equal(pressed(rows, { key: "N" }), true);
	assert.equal(pressed(rows, { key: "n", ctrlKey: true }), false);
	assert.equal(pressed(rows, { key: "x" }), false);
	assert.deepEqual(ran, ["N"]);
});
