// Figures and names for people.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./help.js";

const { counted, duration, grouped, rate, share } = await load("page/numbers.js");
const { clipped, forms, visible } = await load("page/text.js");
const { fromFragment, toFragment } = await load("page/fragment.js");
const { moduleOf, origin, ORIGINS, place } = await load("page/place.js");

function rows(title, of, table) {
	test(title, () => {
		for (const [expected, ...given] of table) assert.deepEqual(of(...given), expected, JSON.stringify(given));
	});
}

rows("numbers are grouped by thousands and have their right plural", (n, noun) => (noun ? counted(n, noun) : grouped(n)), [
	["0", 0],
	["999", 999],
	["1,000", 1000],
	["1,234,567", 1234567],
	["1 frame", 1, "frame"],
	["0 frames", 0, "frame"],
	["2,000 frames", 2000, "frame"],
]);

rows("a duration has three digits that count, and the unit that fits", duration, [
	["0 s", 0],
	["7 ns", 7],
	["999 ns", 999],
	["1.00 µs", 1000],
	["310 µs", 310e3],
	["1.00 ms", 999.9e3],
	["31.0 ms", 31e6],
	["1.00 s", 999.9e6],
	["1.25 s", 1.25e9],
	["10.0 s", 9.999e9],
	["119 s", 119e9],
	["2 min 00 s", 120e9],
	["3 min 20 s", 200e9],
	["2 h 05 min", 7500e9],
	["1,000 h 00 min", 3.6e15],
]);

rows("a share is never rounded to nothing nor to all", share, [
	["–", 0, 0],
	["0 %", 0, 5],
	["100 %", 5, 5],
	["99.9 %", 99999, 100000],
	["12.4 %", 124, 1000],
	["0.05 %", 5, 10000],
	["<0.01 %", 1, 1e9],
]);

rows("a rate is in hertz", rate, [
	["99 Hz", 99],
	["998 Hz", 998.4],
	["1 kHz", 1000],
	["9.87 kHz", 9870],
	["1 MHz", 1e6],
]);

rows("what cannot be seen becomes visible", visible, [
	["a\\x00b", "a\0b"],
	["\\x1b[31m", "\x1b[31m"],
	["\\u202egnp.exe", "\u202egnp.exe"],
	["\\ud83d", "\ud83d"],
	["\u{1f525} é", "\u{1f525} é"],
	["<b>&amp;\"'", "<b>&amp;\"'"],
]);

rows("a long text is cut where a character ends, and says how long it is", clipped, [
	["abc", "abc", 3],
	["abc… (5,000 characters)", `abc${"x".repeat(4997)}`, 3],
	["a… (4 characters)", "a\u{1f525}b", 2],
]);

rows("a name has shorter forms", forms, [
	[["A.f", "f"], "A.f"],
	[["f.<locals>.g", "g"], "f.<locals>.g"],
	[["f.<locals>.A.g", "A.g", "g"], "f.<locals>.A.g"],
	[["f.<locals>.<lambda>", "<lambda>"], "f.<locals>.<lambda>"],
	[["<module>"], "<module>"],
	[["plain"], "plain"],
	[["odd."], "odd."],
	[["f.<locals>."], "f.<locals>."],
	[[""], ""],
]);

rows("the origin of code is known by its kind and file", (kind, file) => ORIGINS[origin(kind, file)], [
	["project", 0, "/srv/app/work.py"],
	["library", 0, "/usr/lib/python3.11/json/decoder.py"],
	["library", 0, "/opt/lib/python3.14t/ast.py"],
	["library", 0, "<frozen importlib._bootstrap>"],
	["packages", 0, "/usr/lib/python3/dist-packages/yaml/loader.py"],
	["packages", 0, "/v/lib/python3.12/site-packages/numpy/core.py"],
	["native", 1, ""],
	["marker", 2, ""],
	["marker", 6, ""],
]);

rows("a place is short where its root says nothing", place, [
	["json/decoder.py:12", "/usr/lib/python3.11/json/decoder.py", 12],
	["numpy/core.py", "/v/lib/python3.12/site-packages/numpy/core.py", 0],
	["/srv/app/work.py:3", "/srv/app/work.py", 3],
	["…/long/name.py:1", `/${"x".repeat(80)}/long/name.py`, 1, 16],
	["", "", 0],
]);

rows("a module is what machines agree on", moduleOf, [
	["json", "/usr/lib/python3.11/json/decoder.py"],
	["ast.py", "/usr/lib/python3.11/ast.py"],
	["numpy", "/v/lib/python3.12/site-packages/numpy/core.py"],
	["work.py", "/srv/app/work.py"],
]);

test("places of frames and times stay readable in a fragment", () => {
	assert.equal(toFragment({ zoom: ".3:17.0:2,5,9", search: "a&b" }), "zoom=.3:17.0:2,5,9&search=a%26b");
});

test("a view comes back from the fragment that it became", () => {
	const view = { zoom: "12,0,77", search: "a&b=c #/é\u202e" };

	assert.deepEqual(fromFragment(`#${toFragment(view)}`), view);
	assert.equal(toFragment({ zoom: "", search: "" }), "");
	assert.deepEqual(fromFragment("#search=%E0%A4%A&=1&zoom=3"), { zoom: "3" });
});
