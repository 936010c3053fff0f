// layout.js: a call tree laid out, and what of it falls into a window. No document here.

/**
 * The tree of n frames in preorder, below a root that is added as node 0:
 *
 * functions, lines, self, selfSamples  of each node; function and line of the root are 0
 * depth, parent, end      end is one behind the last node of the subtree
 * total, samples          of the node and all below it
 * left                    where it begins; the root spans [0, total[0])
 * rows, rowStart          nodes by depth: rows[rowStart[d]] to rows[rowStart[d + 1] - 1]
 *
 * up[i] says how many levels above its predecessor's child a node is: 0 is a
 * child of the one before, 1 a sibling. Own time lies right of the children.
 */
export function layOut({ up, functions, lines, self, selfSamples, root }) {
	const n = up.length + 1;
	const tree = {
		n,
		functions: new Uint32Array(n),
		lines: lines ? new Uint32Array(n) : null,
		self: new Float64Array(n),
		selfSamples: new Float64Array(n),
		depth: new Uint32Array(n),
		parent: new Uint32Array(n),
		end: new Uint32Array(n),
		total: new Float64Array(n),
		samples: new Float64Array(n),
		left: new Float64Array(n),
	};

	tree.functions.set(functions, 1);
	if (lines) tree.lines.set(lines, 1);
	tree.self.set(self, 1);
	tree.selfSamples.set(selfSamples, 1);
	tree.self[0] = root.self;
	tree.selfSamples[0] = root.samples;
	climb(tree, up);
	sum(tree);
	push(tree);
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

function sum({ n, parent, end, self, selfSamples, total, samples }) {
	for (let i = n - 1; i >= 0; i--) {
		const above = parent[i];

		total[i] += self[i];
		samples[i] += selfSamples[i];
		if (end[i] === 0) end[i] = i + 1;
		if (i === 0) break;
		total[above] += total[i];
		samples[above] += samples[i];
		if (end[above] === 0) end[above] = end[i];
	}
}

function push({ n, parent, total, left }) {
	const taken = new Float64Array(n);

	for (let i = 1; i < n; i++) {
		const above = parent[i];

		left[i] = left[above] + taken[above];
		taken[above] += total[i];
	}
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

/** Self weight and samples of every function, over the whole tree. */
export function selfOf({ n, functions, self, selfSamples }, functionCount) {
	const sums = { weight: new Float64Array(functionCount), samples: new Float64Array(functionCount) };

	for (let i = 1; i < n; i++) {
		sums.weight[functions[i]] += self[i];
		sums.samples[functions[i]] += selfSamples[i];
	}
	return sums;
}
