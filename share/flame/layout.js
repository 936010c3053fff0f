// layout.js: a call tree laid out, and what of it falls into a window. No document here.

/**
 * The shape of a tree of n frames in preorder, below a root that is added as node 0:
 *
 * functions, lines        of each node; those of the root are 0; lines may be null
 * depth, parent, end      end is one behind the last node of the subtree
 * rows, rowStart          nodes by depth: rows[rowStart[d]] to rows[rowStart[d + 1] - 1]
 *
 * up[i] says how many levels above its predecessor's child a node is: 0 is a
 * child of the one before, 1 a sibling.
 */
export function shapeOf(up, functions, lines) {
	const n = up.length + 1;
	const tree = {
		n,
		functions: new Uint32Array(n),
		lines: lines ? new Uint32Array(n) : null,
		depth: new Uint32Array(n),
		parent: new Uint32Array(n),
	};

	tree.functions.set(functions, 1);
	if (lines) tree.lines.set(lines, 1);
	climb(tree, up);
	return shaped(tree);
}

/** Completes a shape that has n, parent and depth: where subtrees end, and the rows. */
export function shaped(tree) {
	const { n, parent } = tree;
	const end = new Uint32Array(n);

	for (let i = n - 1; i >= 0; i--) {
		if (end[i] === 0) end[i] = i + 1;
		if (i > 0 && end[parent[i]] === 0) end[parent[i]] = end[i];
	}
	tree.end = end;
	sortRows(tree);
	return tree;
}

function climb({ n, depth, parent }, up) {
	for (let i = 1; i < n; i++) {
		let above = i - 1;

		if (up[i - 1] > depth[above]) throw new Error("a frame lies above the root");
		for (let k = up[i - 1]; k > 0; k--) above = parent[above];
		parent[i] = above;
		depth[i] = depth[above] + 1;
	}
}

/** What each node and all below it have, from what each has itself. */
export function totalsOf({ n, parent }, self) {
	const total = Float64Array.from(self);

	for (let i = n - 1; i > 0; i--) total[parent[i]] += total[i];
	return total;
}

/**
 * A shape with its weights, which can be drawn: self and total, by which it is
 * drawn; selfSamples and samples; and left, where each node begins. The root
 * spans [0, total[0]). Own time lies right of the children.
 *
 * weights: {self, samples} of each node itself, and of a comparison baseline,
 * the same of the other side. width says which of both is drawn, see page/compare.js.
 */
export function weighed(shape, weights, width) {
	const { n, parent } = shape;
	const drawn = width ? width(weights) : weights.self;
	const total = totalsOf(shape, drawn);
	const left = new Float64Array(n);
	const taken = new Float64Array(n);

	for (let i = 1; i < n; i++) {
		const above = parent[i];

		left[i] = left[above] + taken[above];
		taken[above] += total[i];
	}
	return { ...shape, self: drawn, total, left, selfSamples: weights.samples, samples: totalsOf(shape, weights.samples), ...sides(shape, weights, drawn, total) };
}

/* Of a comparison both sides, unscaled; of a profile the one there is. */
function sides(shape, { self, baseline }, drawn, total) {
	const side = (own) => ({ self: own, total: own === drawn ? total : totalsOf(shape, own) });

	if (!baseline) return { current: { self: drawn, total }, baseline: null };
	const samples = totalsOf(shape, baseline.samples);
	return { current: side(self), baseline: { ...side(baseline.self), selfSamples: baseline.samples, samples } };
}

function sortRows(tree) {
	const { n, depth } = tree;
	let deepest = 0;

	for (let i = 0; i < n; i++) if (depth[i] > deepest) deepest = depth[i];
	const start = new Uint32Array(deepest + 2);
	for (let i = 0; i < n; i++) start[depth[i] + 1]++;
	for (let d = 0; d <= deepest; d++) start[d + 1] += start[d];
	const at = start.slice();
	const rows = new Uint32Array(n);
	for (let i = 0; i < n; i++) rows[at[depth[i]]++] = i;
	tree.rows = rows;
	tree.rowStart = start;
}

/** The first of [from, to) for which is() holds; it holds for all behind it. to: none. */
export function firstWhere(from, to, is) {
	while (from < to) {
		const middle = (from + to) >>> 1;

		if (is(middle)) to = middle;
		else from = middle + 1;
	}
	return from;
}

/* As firstWhere(), for an answer that is likely near: steps of 1, 2, 4, ... */
function gallop(from, to, is) {
	let step = 1;
	let behind = from;

	while (behind < to && !is(behind)) {
		from = behind + 1;
		behind += step;
		step *= 2;
	}
	return firstWhere(from, Math.min(behind, to), is);
}

/**
 * Hands out what row d shows in a window {left, right}, width pixels wide, from
 * left to right: put(first, last, x0, x1), where first to last are positions in
 * tree.rows. One position is a frame. More, or one narrower than a pixel, are a
 * sliver: neighbours each narrower than a pixel, with less than a pixel between
 * them, below one parent where that is wider. So nothing is left out, and the
 * work is bounded by the pixels, not by the frames.
 */
export function eachShown(tree, d, window, width, put) {
	const { rows, rowStart, left, total, end, parent } = tree;
	const scale = width / (window.right - window.left);
	const stop = rowStart[d + 1];
	const x = (node) => (left[node] - window.left) * scale;
	const wide = (node) => total[node] * scale >= 1;
	const begun = (k) => left[rows[k]] >= window.left || left[rows[k]] + total[rows[k]] > window.left;
	let i = firstWhere(rowStart[d], stop, begun);

	while (i < stop) {
		const node = rows[i];
		const x0 = x(node);

		// What weighs nothing may lie on the very edge of the whole, and is still told.
		if (x0 > width || (x0 === width && total[node] > 0)) return;
		if (wide(node)) {
			put(i, i, x0, x0 + total[node] * scale);
			i++;
			continue;
		}
		let around = parent[node];
		while (around > 0 && !wide(around)) around = parent[around];

		let last = i;
		let x1 = x0 + total[node] * scale;
		while (x1 < width) {
			// All that begins within the next pixel is narrow, except perhaps the last of it.
			const k = gallop(last + 1, stop, (j) => x(rows[j]) >= x1 + 1 || rows[j] >= end[around]);
			const upTo = wide(rows[k - 1]) ? k - 2 : k - 1;

			if (upTo <= last) break;
			last = upTo;
			x1 = x(rows[last]) + total[rows[last]] * scale;
		}
		put(i, last, x0, x1);
		i = last + 1;
	}
}

/** What lies at x in row d: {first, last, x0, x1} as above, or null. Slivers are easy to hit. */
export function shownAt(tree, d, window, width, x) {
	let best = null;

	if (d < 0 || d >= tree.rowStart.length - 1) return null;
	const around = { left: window.left, right: window.right };
	eachShown(tree, d, around, width, (first, last, x0, x1) => {
		const reach = x1 - x0 < 3 ? 1.5 : 0;

		if (x >= x0 - reach && x < x1 + reach && (!best || x >= x0)) best = { first, last, x0, x1 };
	});
	return best;
}

/** The position of a node in tree.rows. */
export function positionOf(tree, node) {
	const { rows, rowStart, depth } = tree;

	return firstWhere(rowStart[depth[node]], rowStart[depth[node] + 1], (k) => rows[k] >= node);
}

/** The innermost node that holds both. */
export function commonAncestor({ parent, end }, one, other) {
	while (!(one <= other && other < end[one])) one = parent[one];
	return one;
}

/** The nodes from the root to node. */
export function path({ parent }, node) {
	const nodes = [node];
	while (node > 0) nodes.push((node = parent[node]));
	return nodes.reverse();
}

/** The heaviest child, or 0. */
export function heaviestChild({ end, total }, node) {
	let best = 0;

	for (let c = node + 1; c < end[node]; c = end[c]) if (!best || total[c] > total[best]) best = c;
	return best;
}

/** The depth of the deepest node of a subtree. */
export function deepest({ depth, end }, node) {
	let most = depth[node];

	for (let i = node; i < end[node]; i++) if (depth[i] > most) most = depth[i];
	return most;
}
