// The tree, its rows, and what of them falls into a window.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./help.js";

const { commonAncestor, deepest, eachShown, heaviestChild, path, positionOf, shapeOf, shownAt, weighed } =
	await load("flame/layout.js");
const { between, fromText, moved, scaled, toText, viewOf, viewOfRun } = await load("flame/view.js");

/** A tree from rows of [depth, function, self]. */
function grow(rows, root = { self: 0, samples: 0 }) {
	let last = 0;
	const up = rows.map(([depth]) => {
		const above = last + 1 - depth;
		last = depth;
		return above;
	});
	const self = rows.map((row) => row[2]);
	return weighed(shapeOf(up, rows.map((row) => row[1]), null), { self: [root.self, ...self], samples: [root.samples, ...self] });
}

const small = grow([
	[1, 0, 1],
	[2, 1, 2],
	[3, 2, 3],
	[2, 2, 4],
	[1, 3, 5],
]);

/** Numbers that look random and are always the same. */
function dice(seed) {
	return () => {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		return seed / 2 ** 32;
	};
}

function wild(n, seed) {
	const roll = dice(seed);
	const rows = [];
	let depth = 0;

	for (let i = 0; i < n; i++) {
		depth = 1 + Math.floor(roll() * Math.min(depth + 1, 40));
		rows.push([depth, Math.floor(roll() * 50), roll() < 0.3 ? 0 : Math.floor(roll() ** 8 * 100000)]);
	}
	return grow(rows);
}

test("totals, ends and places follow from depth and self", () => {
	assert.deepEqual([...small.total], [15, 10, 5, 3, 4, 5]);
	assert.deepEqual([...small.left], [0, 0, 0, 0, 5, 10]);
	assert.deepEqual([...small.end], [6, 5, 4, 4, 5, 6]);
	assert.deepEqual([...small.parent], [0, 0, 1, 2, 1, 0]);
	assert.deepEqual([...small.rows], [0, 1, 5, 2, 4, 3]);
	assert.deepEqual([...small.rowStart], [0, 1, 3, 5, 6]);
});

test("what lies in no frame widens the root alone", () => {
	const tree = grow([[1, 0, 2]], { self: 3, samples: 1 });

	assert.equal(tree.total[0], 5);
	assert.equal(tree.total[1], 2);
	assert.equal(tree.samples[0], 3);
});

test("a column that climbs above the root is refused", () => {
	assert.throws(() => shapeOf([0, 7], [0, 0], null), /above the root/);
});

test("every frame is in exactly one item of its row, at every width", () => {
	for (const [n, seed] of [[10, 1], [300, 2], [5000, 3], [20000, 4]]) {
		const tree = wild(n, seed);

		for (const width of [1, 7, 320, 1600]) {
			const window = { left: 0, right: tree.total[0] };
			let count = 0;

			for (let d = 0; d < tree.rowStart.length - 1; d++) {
				let expected = tree.rowStart[d];
				eachShown(tree, d, window, width, (first, last, x0, x1) => {
					assert.equal(first, expected, "items come one after the other");
					assert.ok(last >= first && x1 >= x0 && x0 >= 0 && x1 <= width + 1e-6);
					expected = last + 1;
					count += last - first + 1;
				});
			}
			assert.equal(count, tree.n);
		}
	}
});

test("what is a pixel wide stands alone; what is joined is narrow, without gaps", () => {
	const tree = wild(5000, 5);
	const width = 500;
	const scale = width / tree.total[0];

	for (let d = 0; d < tree.rowStart.length - 1; d++)
		eachShown(tree, d, { left: 0, right: tree.total[0] }, width, (first, last) => {
			for (let k = first; k <= last; k++) {
				const node = tree.rows[k];
				if (last > first) assert.ok(tree.total[node] * scale < 1);
				if (k > first) {
					const before = tree.rows[k - 1];
					assert.ok((tree.left[node] - tree.left[before] - tree.total[before]) * scale < 1 + 1e-9);
				}
			}
		});
});

test("a window shows what overlaps it, and the work is bounded by pixels", () => {
	const rows = [[1, 0, 0]];
	for (let i = 0; i < 200000; i++) rows.push([2, 1, 1]);
	const tree = grow(rows);
	const items = [];

	eachShown(tree, 2, { left: 1000, right: 1010 }, 100, (...item) => items.push(item));
	assert.equal(items.length, 10);
	assert.deepEqual(items[0].slice(2), [0, 10]);
	items.length = 0;
	eachShown(tree, 2, { left: 0, right: 200000 }, 100, (...item) => items.push(item));
	assert.equal(items.length, 1);
	assert.equal(items[0][1] - items[0][0] + 1, 200000);
});

test("slivers are easy to hit, and emptiness is empty", () => {
	const tree = grow([
		[1, 0, 500],
		[2, 1, 1],
	]);

	assert.equal(shownAt(tree, 2, { left: 0, right: 501 }, 100, 0.9).first, 2);
	assert.equal(shownAt(tree, 2, { left: 0, right: 501 }, 100, 50), null);
	assert.equal(shownAt(tree, 9, { left: 0, right: 501 }, 100, 50), null);
	assert.equal(shownAt(tree, -1, { left: 0, right: 501 }, 100, 50), null);
});

test("ways through the tree", () => {
	assert.deepEqual(path(small, 3), [0, 1, 2, 3]);
	assert.equal(commonAncestor(small, 3, 4), 1);
	assert.equal(commonAncestor(small, 3, 5), 0);
	assert.equal(commonAncestor(small, 4, 3), 1);
	assert.equal(heaviestChild(small, 1), 2);
	assert.equal(heaviestChild(small, 3), 0);
	assert.equal(deepest(small, 1), 3);
	assert.equal(deepest(small, 5), 1);
	for (let i = 0; i < small.n; i++) assert.equal(small.rows[positionOf(small, i)], i);
});

test("a view is a frame's width, a run's, or what the window was moved to", () => {
	assert.deepEqual(viewOf(small, 2), { node: 2, left: 0, right: 5 });
	assert.deepEqual(viewOfRun(small, 2, 4), { node: 1, left: 0, right: 9 });
	assert.deepEqual(scaled(small, viewOf(small, 0), 3, 12), { node: 0, left: 8, right: 13 });
	assert.deepEqual(moved(small, viewOf(small, 2), 100), { node: 0, left: 10, right: 15 });
	assert.deepEqual(scaled(small, viewOf(small, 0), 0.1, 3), viewOf(small, 0));
});

test("the way between two views keeps to equal ratios and ends at the end", () => {
	const [from, to] = [viewOf(small, 0), viewOf(small, 3)];

	assert.equal(between(from, to, 1), to);
	const half = between(from, to, 0.5);
	assert.ok(Math.abs(half.right - half.left - Math.sqrt(15 * 3)) < 1e-9);
	const pan = between({ node: 0, left: 0, right: 4 }, { node: 0, left: 8, right: 12 }, 0.25);
	assert.deepEqual(pan, { node: 0, left: 2, right: 6 });
});

test("a view comes back from its text, and nonsense shows the whole", () => {
	for (const view of [viewOf(small, 0), viewOf(small, 3), { node: 1, left: 2, right: 7 }])
		assert.deepEqual(fromText(small, toText(small, view)), view);
	for (const text of ["x", "-1", "99", "1.5", "1,9,2", "1,0,99", "1,NaN,3", ""])
		assert.deepEqual(fromText(small, text), viewOf(small, 0));
});
