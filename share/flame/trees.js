// trees.js: from what the reader chose to the trees that are drawn. No document here.

import { callersOf } from "./callers.js";
import { wantedSlots, wantsAll, weightsOf } from "./cells.js";
import { widthOf } from "../page/compare.js";
import { derived, NOWHERE } from "./derive.js";
import { totalsOf, weighed } from "./layout.js";

/* What is gone: of nodes that the current side lacks, what the baseline has; and nothing else. */
function goneOf(shape, weights, factor) {
	const tree = weighed(shape, weights, null);
	const gone = (own) => own.map((x, i) => (tree.current.total[i] === 0 && tree.samples[i] === 0 ? x : 0));
	const none = new Float64Array(shape.n);
	const baseline = { self: gone(weights.baseline.self), samples: gone(weights.baseline.samples) };
	let count = 0;

	for (let i = 1; i < shape.n; i++) if (baseline.self[i] > 0 || baseline.samples[i] > 0) count++;
	return { count, weight: baseline.self.reduce((sum, x) => sum + x, 0) * factor, weights: { self: none, samples: none, baseline } };
}

/* Of the tree of what is gone the nodes that are not gone themselves: those that lead to it. */
function standingOf({ current, samples }, { shape, of }) {
	const standing = new Uint8Array(shape.n);

	for (let i = 0; i < of.length; i++) if (of[i] !== NOWHERE && (current.total[i] > 0 || samples[i] > 0)) standing[of[i]] = 1;
	standing[0] = 1;
	return standing;
}

/** Makes trees of a model, and remembers what did not change from choice to choice. */
export function planter(model) {
	const { shape, cells, slots, time, comparison } = model;
	const known = new Map();

	function once(name, key, make) {
		if (!known.has(name) || known.get(name).key !== key) known.set(name, { key, made: make() });
		return known.get(name).made;
	}

	/**
	 * {tree, grow, callers, upright, gone, filtered, of, baseTotals}: the tree to draw, which may grow (see
	 * callers.js); of a sandwich what is above it; the tree of stacks as they are, for the sums of
	 * functions; of a comparison what is gone; for each node of the shape its node of upright; and
	 * baseTotals(), what each node of the shape has in all.
	 */
	return (choice) => {
		const { want, view, subject } = choice;
		const filtered = !wantsAll(slots, want);
		const asked = JSON.stringify([[...want.hidden].sort(), want.states, want.from, want.to]);
		const weights = once("weights", asked, () => weightsOf(cells, slots, wantedSlots(slots, want), Boolean(comparison), time));
		const how = { joinLines: !choice.lines, hide: new Set(choice.hide), focus: choice.focus, collapse: choice.collapse, pruned: filtered || choice.collapse };
		const stacks = once("stacks", JSON.stringify([asked, choice.lines, choice.hide, choice.focus, choice.collapse]), () => derived(shape, weights, how));
		const width = comparison ? widthOf(comparison, choice.width) : null;
		const upright = once("upright", JSON.stringify([known.get("stacks").key, choice.width]), () => weighed(stacks.shape, stacks.weights, width));
		const gone = comparison ? once("gone", known.get("stacks").key, () => goneOf(stacks.shape, stacks.weights, comparison.factor)) : null;
		const baseTotals = () => once("baseTotals", asked, () => totalsOf(shape, weights.self));
		const made = { tree: upright, grow: null, callers: null, upright, gone, filtered, of: stacks.of, baseTotals };

		if (view === "elided") {
			const left = derived(stacks.shape, gone.weights, { pruned: true });
			made.tree = made.upright = { ...weighed(left.shape, left.weights, widthOf(comparison, "before")), standing: standingOf(upright, left) };
			made.of = null;
		} else if (view === "inverted") {
			Object.assign(made, callersOf(upright));
		} else if (view === "sandwich") {
			const below = derived(stacks.shape, stacks.weights, { focus: subject, rooted: true, pruned: true });
			made.tree = weighed(below.shape, below.weights, width);
			made.callers = callersOf(upright, subject);
		}
		return made;
	};
}

/** Which nodes of the shape are in a subtree of the tree that was made of it. */
export function insideOf(of, { end }, node) {
	const last = end[node];

	return of ? (i) => of[i] !== NOWHERE && of[i] >= node && of[i] < last : (i) => i >= node && i < last;
}

/** Which nodes of the shape are a function, or below it. */
export function belowOf({ n, parent, functions }, f) {
	const below = new Uint8Array(n);

	for (let i = 1; i < n; i++) below[i] = functions[i] === f || below[parent[i]] ? 1 : 0;
	return (i) => below[i] === 1;
}
