// view.js: which part of the tree is shown. A view is {node, left, right}: the frame that the
// reader zoomed to, and the window, which is the frame's own width unless it was moved.

import { commonAncestor, path } from "./layout.js";

/** All of a frame. */
export function viewOf(tree, node) {
	return { node, left: tree.left[node], right: tree.left[node] + tree.total[node] };
}

/** A run of narrow frames, from node first to node last of one row. */
export function viewOfRun(tree, first, last) {
	const left = tree.left[first];
	const right = tree.left[last] + tree.total[last];

	return { node: commonAncestor(tree, first, last), left, right };
}

/** The window zoomed by a factor around a place in it, and kept inside of the root. */
export function scaled(tree, view, factor, around) {
	const whole = tree.total[0];
	const wanted = Math.max((view.right - view.left) / factor, whole * 1e-9);
	const width = Math.min(wanted, whole);
	const left = around - ((around - view.left) * width) / (view.right - view.left);

	return settled(tree, view, left, width);
}

/** The window moved by some weight. */
export function moved(tree, view, by) {
	return settled(tree, view, view.left + by, view.right - view.left);
}

/* The innermost ancestor of the view's frame that still spans all of the window is its frame. */
function settled(tree, view, left, width) {
	const at = Math.min(Math.max(left, 0), tree.total[0] - width);
	let node = view.node;

	while (node > 0 && (tree.left[node] > at || tree.left[node] + tree.total[node] < at + width))
		node = tree.parent[node];
	return { node, left: at, right: at + width };
}

/**
 * A view on the way from one to another, t from 0 to 1: the width changes by
 * equal ratios, around the one place that stays where it is.
 */
export function between(from, to, t) {
	const width0 = from.right - from.left;
	const width1 = to.right - to.left;

	if (t >= 1) return to;
	if (Math.abs(width1 / width0 - 1) < 1e-6) {
		const left = from.left + (to.left - from.left) * t;
		return { node: to.node, left, right: left + width0 };
	}
	const fixed = (from.left * width1 - to.left * width0) / (width1 - width0);
	const width = width0 * (width1 / width0) ** t;
	const left = fixed - ((fixed - from.left) / width0) * width;
	return { node: to.node, left, right: left + width };
}

/** The text of a view for the page's address; empty for the whole. */
export function toText(tree, view) {
	const own = viewOf(tree, view.node);

	if (view.left === own.left && view.right === own.right) return view.node ? String(view.node) : "";
	return `${view.node},${Math.round(view.left)},${Math.round(view.right)}`;
}

/** The reverse; what makes no sense in this tree shows the whole. */
export function fromText(tree, text) {
	const [node, left, right] = (text || "0").split(",").map(Number);

	if (!Number.isInteger(node) || node < 0 || node >= tree.n || tree.total[node] === 0)
		return viewOf(tree, 0);
	if (left === undefined) return viewOf(tree, node);
	if (!(left >= 0 && right > left && right <= tree.total[0])) return viewOf(tree, 0);
	return { node, left, right };
}

/**
 * The same in a tree that grows, whose nodes have no lasting numbers: the way to the frame, by the
 * numbers of functions and, where lines are told apart, by these: ".12:7.5:31"; then the window.
 */
export function toWay(tree, view) {
	const own = viewOf(tree, view.node);
	const way = path(tree, view.node).slice(1).map((i) => (tree.lines && tree.lines[i] ? `.${tree.functions[i]}:${tree.lines[i]}` : `.${tree.functions[i]}`));

	if (view.left === own.left && view.right === own.right) return way.join("");
	return `${way.join("") || "."},${Math.round(view.left)},${Math.round(view.right)}`;
}

/** The reverse: {way: [[function, line], ...], left, right}; of the whole frame left and right are undefined. */
export function fromWay(text) {
	const [names, left, right] = text.split(",");
	const way = names.split(".").filter(Boolean).map((name) => name.split(":").map(Number)).map(([f, line = 0]) => [f, line]);

	return left && right ? { way, left: Number(left), right: Number(right) } : { way };
}
