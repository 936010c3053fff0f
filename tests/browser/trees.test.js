// Trees made of trees: nothing is lost, and every way of looking adds up to the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./help.js";

const { derived, NOWHERE } = await load("flame/derive.js");
const { callersOf } = await load("flame/callers.js");
const { shapeOf, weighed } = await load("flame/layout.js");
const { sumsOf, sortedBy } = await load("flame/functions.js");
const { byEpoch, byFact, byThread, FACTS_OF_STATE, wantAll, wantedSlots, wantsAll, weightsOf } = await load("flame/cells.js");
const { fromTexts, toTexts } = await load("flame/choice.js");
const { markEvery, markText, spanText } = await load("flame/strip.js");

/** Numbers that look random and are always the same. */
function dice(seed) {
	return () => {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		return seed / 2 ** 32;
	};
}

/* A shape of n frames of so many functions on lines 1 to 3, and weights of both sides. */
function wild(n, seed, count = 12) {
	const roll = dice(seed);
	const [up, functions, lines] = [[], [], []];
	let depth = 0;

	for (let i = 0; i < n; i++) {
		const next = 1 + Math.floor(roll() * Math.min(depth + 1, 14));
		up.push(depth + 1 - next);
		functions.push(Math.floor(roll() * count));
		lines.push(1 + Math.floor(roll() * 3));
		depth = next;
	}
	const own = () => Float64Array.from({ length: n + 1 }, (_, i) => (i === 0 || roll() < 0.4 ? 0 : Math.floor(roll() * 9)));
	const self = own();
	const shape = shapeOf(up, functions, lines);
	return { shape, weights: { self, samples: self, baseline: { self: own(), samples: own() } }, count };
}

const sum = (column) => column.reduce((a, b) => a + b, 0);
const whole = (weights) => [sum(weights.self), sum(weights.samples), sum(weights.baseline.self)];

/* A tree is a tree: preorder, subtrees inside of each other, totals that add up. */
function check({ n, parent, depth, end }) {
	assert.equal(end[0], n);
	for (let i = 1; i < n; i++) {
		assert.ok(parent[i] < i && end[i] <= end[parent[i]] && end[i] > i);
		assert.equal(depth[i], depth[parent[i]] + 1);
	}
}

test("joining lines, hiding and collapsing keep all that there is, and siblings are of different functions", () => {
	for (const seed of [1, 2, 3]) {
		const { shape, weights } = wild(3000, seed);

		for (const how of [{ joinLines: true }, { joinLines: true, hide: new Set([1, 5]) }, { collapse: true, joinLines: true, pruned: true }, { pruned: true }]) {
			const made = derived(shape, weights, how);
			const tree = weighed(made.shape, made.weights, null);

			check(tree);
			assert.deepEqual(whole(made.weights), whole(weights));
			assert.equal(tree.total[0], sum(weights.self));
			for (let i = 0; i < shape.n; i++) if (how.hide && made.of[i]) assert.ok(!how.hide.has(tree.functions[made.of[i]]) || made.of[i] === 0);
			if (!how.joinLines) continue;
			for (let i = 0; i < tree.n; i++) {
				const seen = new Set();
				for (let c = i + 1; c < tree.end[i]; c = tree.end[c]) {
					assert.ok(!seen.has(tree.functions[c]), "one frame for each function");
					seen.add(tree.functions[c]);
				}
			}
		}
	}
});

test("after recursion is collapsed no stack has a function twice", () => {
	const { shape, weights } = wild(3000, 4);
	const { shape: made } = derived(shape, weights, { joinLines: true, collapse: true });

	for (let i = 1; i < made.n; i++) for (let above = made.parent[i]; above > 0; above = made.parent[above]) assert.notEqual(made.functions[above], made.functions[i]);
});

test("what is pruned has nothing on either side, and what stays keeps its place", () => {
	const { shape, weights } = wild(2000, 5);
	const half = { ...weights, self: weights.self.map((x, i) => (i % 3 ? 0 : x)), samples: weights.samples.map((x, i) => (i % 3 ? 0 : x)), baseline: null };
	const made = derived(shape, half, { pruned: true });
	const tree = weighed(made.shape, made.weights, null);
	let last = 0;

	for (let i = 1; i < tree.n; i++) assert.ok(tree.total[i] > 0);
	for (let i = 1; i < shape.n; i++) {
		if (made.of[i] === NOWHERE) continue;
		assert.ok(made.of[i] > last);
		last = made.of[i];
	}
});

test("a focus has what its function has in all, counted once", () => {
	const { shape, weights, count } = wild(3000, 6);
	const sums = sumsOf(weighed(shape, weights, null), count);

	for (let f = 0; f < count; f++)
		for (const rooted of [false, true]) {
			const made = derived(shape, weights, { focus: f, rooted, joinLines: true });
			const tree = weighed(made.shape, made.weights, null);

			check(tree);
			assert.equal(tree.total[0], sums.total[f]);
			if (!rooted && sums.total[f] > 0) assert.equal(tree.functions[1], f);
		}
});

/* Opens all of a tree of callers. */
function openAll(of) {
	let { tree } = of;

	for (let k = 0; k < 100; k++) {
		const grown = of.grow({ left: 0, right: 1e-9 });
		if (grown) tree = grown.tree;
	}
	const grown = of.grow({ left: 0, right: tree.total[0] });
	return grown ? grown.tree : tree;
}

test("the inverted tree has the self time of every function, and its callers add up", () => {
	for (const seed of [7, 8]) {
		const { shape, weights, count } = wild(1500, seed);
		const upright = weighed(derived(shape, weights, { joinLines: true }).shape, derived(shape, weights, { joinLines: true }).weights, null);
		const sums = sumsOf(upright, count);
		const tree = openAll(callersOf(upright));

		check(tree);
		assert.equal(tree.total[0], sum(weights.self));
		for (let c = 1; c < tree.n; c = tree.end[c]) {
			assert.equal(tree.total[c], sums.self[tree.functions[c]]);
			assert.equal(tree.baseline.total[c], sums.was.self[tree.functions[c]]);
		}
		for (let i = 1; i < tree.n; i++) {
			let below = 0;
			for (let c = i + 1; c < tree.end[i]; c = tree.end[c]) below += tree.total[c];
			assert.ok(below <= tree.total[i] + 1e-9);
			assert.ok(tree.left[i] >= tree.left[tree.parent[i]] && tree.left[i] + tree.total[i] <= tree.left[tree.parent[i]] + tree.total[tree.parent[i]] + 1e-9);
		}
	}
});

test("the callers of a function have its total, and what is renamed is what it was", () => {
	const { shape, weights, count } = wild(1500, 9);
	const joined = derived(shape, weights, { joinLines: true });
	const upright = weighed(joined.shape, joined.weights, null);
	const sums = sumsOf(upright, count);

	for (let f = 0; f < count; f++) assert.equal(callersOf(upright, f).tree.total[0], sums.total[f]);
	const of = callersOf(upright);
	const before = of.tree;
	const grown = of.grow({ left: 0, right: before.total[0] / 5000 });
	if (grown)
		for (let i = 0; i < before.n; i++) {
			const now = grown.rename(i);
			assert.equal(grown.tree.functions[now], before.functions[i]);
			assert.equal(grown.tree.total[now], before.total[i]);
			assert.equal(grown.tree.left[now], before.left[i]);
		}
});

test("functions are sorted by what they have, of equals by their number", () => {
	const have = [3, 5, 5, 0, 9];
	assert.deepEqual(sortedBy((f) => have[f], true, 5, (f) => have[f] > 0), [4, 1, 2, 0]);
	assert.deepEqual(sortedBy((f) => have[f], false, 5, () => true), [3, 0, 1, 2, 4]);
});

/* Two nodes, two threads of which one wants the GIL, three epochs. */
const SLOTS = {
	n: 6,
	epochs: 3,
	series: [{ thread: 0, state: 1 << 2, process: 0, side: 0 }, { thread: 1, state: 2 << 2, process: 0, side: 0 }],
	weight: Float64Array.from([1, 2, 3, 10, 0, 30]),
	samples: Float64Array.from([1, 1, 1, 1, 0, 1]),
};
const CELLS = {
	n: 5,
	start: Uint32Array.from([0, 0, 3, 5]),
	slot: Uint32Array.from([0, 1, 3, 2, 5]),
	weight: Float64Array.from([1, 2, 10, 3, 30]),
	samples: Float64Array.from([1, 1, 1, 1, 1]),
};

test("what is wanted of the cells is what the nodes have", () => {
	const all = wantAll(SLOTS);
	const of = (want) => [...weightsOf(CELLS, SLOTS, wantedSlots(SLOTS, { ...all, ...want }), false, true).self];

	assert.ok(wantsAll(SLOTS, all));
	assert.deepEqual(of({}), [0, 13, 33]);
	assert.deepEqual(of({ hidden: new Set([0]) }), [0, 10, 30]);
	assert.deepEqual(of({ from: 1, to: 2 }), [0, 2, 0]);
	assert.deepEqual(of({ states: { gil: 1 } }), [0, 3, 3]);
	assert.deepEqual(of({ states: { gil: 1, cpu: 1 } }), [0, 0, 0]);
	assert.deepEqual([...byEpoch(CELLS, SLOTS, wantedSlots(SLOTS, all), null)], [11, 2, 33]);
	assert.deepEqual([...byEpoch(CELLS, SLOTS, wantedSlots(SLOTS, all), (i) => i === 2)], [0, 0, 33]);
	assert.deepEqual([...byFact(SLOTS, wantedSlots(SLOTS, all), FACTS_OF_STATE[1])], [0, 6, 40, 0]);
	assert.deepEqual([...byThread(SLOTS, wantedSlots(SLOTS, all), 2)], [6, 40]);
});

test("a choice comes back from its texts", () => {
	const first = { view: "flame", subject: -1, focus: -1, hide: [], lines: false, collapse: false, names: "place", palette: "origin", by: "self", sure: "raw", width: "after", want: wantAll(SLOTS) };
	const model = { functions: { count: 9 }, profile: { threads: [{}, {}], facts: { python: "3.15.0" }, series: [] }, comparison: {} };
	const choice = { ...first, view: "sandwich", subject: 3, hide: [1, 2], lines: true, palette: "heat", width: "union", want: { hidden: new Set([1]), states: { gil: 2 }, from: 1, to: 3 } };
	const texts = toTexts(choice, first);

	assert.deepEqual(texts, { view: "sandwich", palette: "heat", width: "union", subject: "3", lines: "yes", hide: "1,2", without: "1", time: "1,3", gil: "2" });
	assert.deepEqual(fromTexts(texts, first, model, { origin: 1, heat: 1 }), choice);
	assert.deepEqual(toTexts(first, first), {});
	assert.deepEqual(fromTexts({ view: "sandwich", hide: "x,99,-1", time: "3,3", without: "7" }, first, model, {}), first);
});

test("marks of the time are round", () => {
	assert.deepEqual([8, 0.3, 61, 4000].map((seconds) => markEvery(seconds, 6)), [2, 0.05, 20, 1000]);
	assert.deepEqual([0, 0.25, 2, 2.5, 720].map(markText), ["0 s", "250 ms", "2 s", "2.5 s", "12 min 00 s"]);
	assert.equal(spanText(128, 1, 4), "128 ms to 512 ms");
});
