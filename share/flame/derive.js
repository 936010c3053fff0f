// derive.js: other trees from a tree: lines joined, functions hidden, one in focus, recursion collapsed.

import { shaped } from "./layout.js";

/** Of nodes that have no place in the derived tree. */
export const NOWHERE = 0xffffffff;

/* Nodes by parent, function and line: an index with open addressing. */
function interner(room, lines) {
	let bits = 4;
	while (2 ** bits < room * 2) bits++;
	const mask = 2 ** bits - 1;
	const slots = new Uint32Array(mask + 1); // a node's number, or 0: free
	const nodes = {
		n: 1,
		parent: new Uint32Array(room),
		functions: new Uint32Array(room),
		lines: lines ? new Uint32Array(room) : null,
		depth: new Uint32Array(room),
	};

	return {
		nodes,
		intern: (above, f, line) => {
			const { parent, functions } = nodes;
			let h = Math.imul(above, 0x9e3779b1) ^ Math.imul(f + 1, 0x85ebca6b) ^ Math.imul(line, 0xc2b2ae35);

			h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
			for (let k = (h ^ (h >>> 13)) & mask; ; k = (k + 1) & mask) {
				const i = slots[k];

				if (i && (parent[i] !== above || functions[i] !== f || (lines && nodes.lines[i] !== line))) continue;
				if (i) return i;
				const made = (slots[k] = nodes.n++);

				parent[made] = above;
				functions[made] = f;
				if (lines) nodes.lines[made] = line;
				nodes.depth[made] = nodes.depth[above] + 1;
				return made;
			}
		},
	};
}

/* For each node of the tree the one that gets what it has itself. */
function placed({ n, parent, functions, lines }, { hide, focus, collapse, rooted, joinLines }) {
	const { nodes, intern } = interner(n, lines && !joinLines);
	const of = new Uint32Array(n);
	const focused = focus !== undefined && focus >= 0;

	if (focused) of[0] = NOWHERE;
	for (let i = 1; i < n; i++) {
		const above = of[parent[i]];
		const f = functions[i];

		if (above === NOWHERE) {
			if (f !== focus) of[i] = NOWHERE;
			else of[i] = rooted ? 0 : intern(0, f, nodes.lines ? lines[i] : 0);
			continue;
		}
		if (hide && hide.has(f)) {
			of[i] = above;
			continue;
		}
		let twin = 0;
		if (collapse) {
			twin = above;
			while (twin > 0 && nodes.functions[twin] !== f) twin = nodes.parent[twin];
		}
		of[i] = twin || intern(above, f, nodes.lines ? lines[i] : 0);
	}
	return { nodes, of };
}

function gather(own, of, n) {
	const sums = new Float64Array(n);
	for (let i = 0; i < of.length; i++) if (of[i] !== NOWHERE) sums[of[i]] += own[i];
	return sums;
}

/* Children of each node, the heaviest first; of equals in the order in which they came. */
function childrenOf({ n, parent }, weight) {
	const first = new Uint32Array(n + 1);
	for (let i = 1; i < n; i++) first[parent[i] + 1]++;
	for (let i = 0; i < n; i++) first[i + 1] += first[i];
	const at = first.slice();
	const children = new Uint32Array(n);

	for (let i = 1; i < n; i++) children[at[parent[i]]++] = i;
	for (let i = 0; i < n; i++)
		if (first[i + 1] - first[i] > 1) children.subarray(first[i], first[i + 1]).sort((a, b) => weight[b] - weight[a] || a - b);
	return { first, children };
}

/* Nodes that came in any order, parents before their children, as a shape in preorder. */
function ordered({ n, parent, functions, lines }, weight) {
	const { first, children } = childrenOf({ n, parent }, weight);
	const numbers = new Uint32Array(n);
	const tree = { n, functions: new Uint32Array(n), lines: lines ? new Uint32Array(n) : null, depth: new Uint32Array(n), parent: new Uint32Array(n) };
	const waiting = [0];

	for (let next = 0; waiting.length; next++) {
		const i = waiting.pop();

		numbers[i] = next;
		tree.functions[next] = functions[i];
		if (lines) tree.lines[next] = lines[i];
		if (next) {
			tree.parent[next] = numbers[parent[i]];
			tree.depth[next] = tree.depth[tree.parent[next]] + 1;
		}
		for (let k = first[i + 1] - 1; k >= first[i]; k--) waiting.push(children[k]);
	}
	return { shape: shaped(tree), numbers };
}

/* The nodes that have something, in the order they were in. */
function kept({ n, parent, functions, lines, depth }, has) {
	const numbers = new Uint32Array(n);
	let m = 1;

	for (let i = 1; i < n; i++) numbers[i] = has[i] > 0 ? m++ : NOWHERE;
	const tree = { n: m, functions: new Uint32Array(m), lines: lines ? new Uint32Array(m) : null, depth: new Uint32Array(m), parent: new Uint32Array(m) };
	for (let i = 1; i < n; i++) {
		const to = numbers[i];
		if (to === NOWHERE) continue;
		tree.functions[to] = functions[i];
		if (lines) tree.lines[to] = lines[i];
		tree.depth[to] = depth[i];
		tree.parent[to] = numbers[parent[i]];
	}
	return { shape: shaped(tree), numbers };
}

function mapWeights(weights, move) {
	const moved = { self: move(weights.self), samples: move(weights.samples), baseline: null };
	if (weights.baseline) moved.baseline = { self: move(weights.baseline.self), samples: move(weights.baseline.samples) };
	return moved;
}

/* All that a node and those below it have, of whatever: 0 says that nothing is there. */
function presence({ n, parent }, weights) {
	const has = new Float64Array(n);

	for (const { self, samples } of [weights, weights.baseline].filter(Boolean))
		for (let i = 0; i < n; i++) has[i] += self[i] + samples[i];
	for (let i = n - 1; i > 0; i--) has[parent[i]] += has[i];
	return has;
}

/**
 * A shape and its weights as {shape, weights, of}, where of gives for each node
 * the one that it became (or NOWHERE); null: each stayed what it was. how:
 *
 * joinLines  lines of a function are not told apart
 * hide       a set of functions whose own time goes to their callers
 * focus      the function that every stack begins with; others are left out
 * rooted     the root itself stands for the function in focus
 * collapse   what lies between two frames of one function goes to the outer one
 * pruned     nodes without anything are left out
 */
export function derived(shape, weights, how) {
	const focused = how.focus !== undefined && how.focus >= 0;
	const merges = (how.joinLines && shape.lines) || (how.hide && how.hide.size) || focused || how.collapse;
	let [now, own, of] = [shape, weights, null];

	if (merges) {
		const { nodes, of: created } = placed(shape, how);
		const sums = mapWeights(weights, (column) => gather(column, created, nodes.n));
		const { shape: inOrder, numbers } = ordered(nodes, presence(nodes, sums));

		now = inOrder;
		own = mapWeights(sums, (column) => gather(column, numbers, nodes.n));
		of = created.map((i) => (i === NOWHERE ? NOWHERE : numbers[i]));
	}
	if (how.pruned) {
		const { shape: left, numbers } = kept(now, presence(now, own));

		now = left;
		own = mapWeights(own, (column) => gather(column, numbers, left.n));
		of = of ? of.map((i) => (i === NOWHERE ? NOWHERE : numbers[i])) : numbers;
	}
	return { shape: now, weights: own, of };
}
