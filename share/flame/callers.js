// callers.js: trees of callers, the innermost function first. They may be far larger than the tree
// they come from, and so grow as they are looked at.

import { shaped } from "./layout.js";

/* As many frames across the window are told apart when a tree grows. */
const ACROSS = 4000;

/* The members of a tree of callers: the nodes that it is made of, and what each of them weighs. */
function membersOf(tree, starts, columns) {
	return {
		at: Uint32Array.from(starts), // how far up the way from each is known
		weights: columns.map((column) => {
			const own = new Float64Array(starts.length);
			for (let k = 0; k < starts.length; k++) own[k] = column[starts[k]];
			return own;
		}),
	};
}

/* Puts the members of [from, to) in the order of their groups; groups: [{members, ...}]. */
function arrange({ at, weights }, from, groups, nextOf) {
	const order = groups.flatMap(({ members }) => members);

	at.set(order.map((k) => nextOf(k)), from);
	for (const column of weights) column.set(order.map((k) => column[k]), from);
}

/**
 * The tree of callers of a tree: of all that has time of its own, or, with
 * f, of one function. It is {tree, grow(window)}: grow looks at what a window
 * {left, right} shows of the tree, and returns {tree, rename}, a larger tree and
 * what nodes of the old one are called in it, or null when all is there already.
 */
export function callersOf(tree, f = -1) {
	const own = f < 0;
	const starts = [];
	let covered = 0;

	for (let i = 1; i < tree.n; i++) {
		if (own ? tree.self[i] > 0 || tree.selfSamples[i] > 0 || (tree.baseline && tree.baseline.self[i] > 0) : i >= covered && tree.functions[i] === f) {
			starts.push(i);
			covered = tree.end[i];
		}
	}
	const weigh = (side) => (own ? side.self : side.total);
	const columns = [own ? tree.self : tree.total, own ? tree.selfSamples : tree.samples, weigh(tree.current)];
	if (tree.baseline) columns.push(weigh(tree.baseline), own ? tree.baseline.selfSamples : tree.baseline.samples);
	const members = membersOf(tree, starts, columns);
	const nodes = [{ f: 0, line: 0, parent: 0, from: 0, to: starts.length, children: null, sums: sumOf(members, 0, starts.length) }];
	const nextOf = (k, top) => (top && own ? members.at[k] : tree.parent[members.at[k]]);

	function open(number) {
		const node = nodes[number];
		const groups = new Map();
		const ends = [];

		for (let k = node.from; k < node.to; k++) {
			const next = nextOf(k, number === 0);
			if (next === 0) {
				ends.push(k);
				continue;
			}
			const line = tree.lines ? tree.lines[next] : 0;
			const key = tree.functions[next] * 0x100000 + line;
			const group = groups.get(key);

			if (group) group.members.push(k);
			else groups.set(key, { f: tree.functions[next], line, members: [k], weight: 0 });
		}
		for (const group of groups.values()) group.weight = group.members.reduce((sum, k) => sum + members.weights[0][k], 0);
		const inOrder = [...groups.values()].sort((a, b) => b.weight - a.weight);
		arrange(members, node.from, [{ members: ends }, ...inOrder], (k) => nextOf(k, number === 0));
		node.children = [];
		let at = node.from + ends.length;
		for (const group of inOrder) {
			const to = at + group.members.length;

			node.children.push(nodes.length);
			nodes.push({ f: group.f, line: group.line, parent: number, from: at, to, children: null, sums: sumOf(members, at, to) });
			at = to;
		}
	}

	/* Opens what is wide enough in the window; whether there was any. */
	function openWide(number, left, window, least) {
		const waiting = [[number, left]];
		let opened = false;

		while (waiting.length) {
			const [one, from] = waiting.pop();
			const node = nodes[one];
			const wide = node.sums[0];

			if (one !== 0 && (wide < least || from > window.right || from + wide < window.left)) continue;
			if (!node.children) {
				open(one);
				opened = true;
			}
			let at = from;
			for (const child of node.children) {
				waiting.push([child, at]);
				at += nodes[child].sums[0];
			}
		}
		return opened;
	}

	const whole = nodes[0].sums[0];
	let places = [0];

	function grow({ left, right }) {
		const old = places;

		if (!openWide(0, 0, { left, right }, (right - left) / ACROSS)) return null;
		const grown = flat(tree, nodes, Boolean(tree.baseline));
		places = grown.places;
		return { tree: grown.tree, rename: (i) => grown.numbers[old[i]] };
	}
	const first = grow({ left: 0, right: whole });

	return { tree: first ? first.tree : flat(tree, nodes, Boolean(tree.baseline)).tree, grow };
}

function sumOf({ weights }, from, to) {
	return weights.map((column) => {
		let sum = 0;
		for (let k = from; k < to; k++) sum += column[k];
		return sum;
	});
}

/* All that is open, in preorder: the tree, of each of its nodes the number, and the reverse. */
function flat({ lines }, nodes, compared) {
	const n = nodes.length;
	const places = new Uint32Array(n);
	const numbers = new Uint32Array(n);
	const shape = { n, functions: new Uint32Array(n), lines: lines ? new Uint32Array(n) : null, depth: new Uint32Array(n), parent: new Uint32Array(n) };
	const columns = Array.from({ length: compared ? 5 : 3 }, () => new Float64Array(n));
	const left = new Float64Array(n);
	const waiting = [[0, 0]];

	for (let i = 0; waiting.length; i++) {
		const [number, from] = waiting.pop();
		const { f, line, parent, children, sums } = nodes[number];

		places[i] = number;
		numbers[number] = i;
		shape.functions[i] = f;
		if (lines) shape.lines[i] = line;
		if (i) {
			shape.parent[i] = numbers[parent];
			shape.depth[i] = shape.depth[shape.parent[i]] + 1;
		}
		left[i] = from;
		sums.forEach((sum, k) => (columns[k][i] = sum));
		if (!children) continue;
		let at = from;
		const below = children.map((child) => [child, (at += nodes[child].sums[0]) - nodes[child].sums[0]]);
		waiting.push(...below.reverse());
	}
	return { tree: { ...shaped(shape), ...weightsBelow(columns, left) }, places, numbers };
}

/* Callers have nothing of their own here: what the innermost function spent is told as their time. */
function weightsBelow([total, samples, current, baseline, before], left) {
	const none = new Float64Array(total.length);

	return {
		...{ total, samples, left, self: none, selfSamples: none },
		current: { self: none, total: current },
		baseline: baseline ? { self: none, total: baseline, selfSamples: none, samples: before } : null,
	};
}
