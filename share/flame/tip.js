// tip.js: what is said of a frame, or of a sliver of many. No document here.

import { ORIGIN_NAMES, ORIGINS } from "../page/place.js";
import { counted, duration, grouped, share } from "../page/numbers.js";

/** The text of a weight: a duration, or a number of samples. */
export function weightText(model, weight) {
	return model.time ? duration(weight) : counted(weight, "sample");
}

/**
 * {name, place, rows: [[head, figure, share]], note} of an item {first, last}
 * of the tree's rows, where the frame zoomed to is node.
 */
export function describe(model, item, node, rootLabel) {
	return item.first === item.last
		? describeFrame(model, model.tree.rows[item.first], node, rootLabel)
		: describeSliver(model, item, node);
}

function rowsOf(model, { total, self, samples }, node) {
	const { tree } = model;
	const whole = tree.total[0];
	const rows = [];

	if (model.time) rows.push(["Time", duration(total), share(total, whole)]);
	if (!model.time) rows.push(["Samples", grouped(total), share(total, whole)]);
	if (self !== undefined)
		rows.push(["Self", model.time ? duration(self) : grouped(self), share(self, whole)]);
	if (model.time) rows.push(["Samples", grouped(samples), share(samples, tree.samples[0])]);
	if (node > 0) rows.push(["Of the zoomed frame", "", share(Math.min(total, tree.total[node]), tree.total[node])]);
	return rows;
}

function describeFrame(model, frame, node, rootLabel) {
	const { tree, functions } = model;
	const f = tree.functions[frame];
	const line = tree.lines ? tree.lines[frame] : 0;
	const figures = { total: tree.total[frame], self: tree.self[frame], samples: tree.samples[frame] };

	if (frame === 0) {
		delete figures.self;
		return { name: rootLabel, place: "", rows: rowsOf(model, figures, 0), note: "" };
	}
	const inside = frame >= node && frame < tree.end[node];
	return {
		name: functions.label(f),
		place: [functions.place(f, line), ORIGIN_NAMES[ORIGINS[functions.origins[f]]]].filter(Boolean).join(" · "),
		rows: rowsOf(model, figures, inside ? node : 0),
		note: "",
	};
}

/* The heaviest three of a sliver, by function. */
function heaviest(model, first, last) {
	const { tree, functions } = model;
	const sums = new Map();

	for (let k = first; k <= last; k++) {
		const i = tree.rows[k];
		const f = tree.functions[i];
		sums.set(f, (sums.get(f) || 0) + tree.total[i]);
	}
	const best = [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 3);
	const names = best.map(([f, sum]) => `${functions.label(f).slice(0, 60)} ${share(sum, tree.total[0])}`);
	return sums.size > 3 ? `${names.join(", ")}, …` : names.join(", ");
}

function describeSliver(model, { first, last }, node) {
	const { tree } = model;
	const figures = { total: 0, samples: 0 };

	for (let k = first; k <= last; k++) {
		figures.total += tree.total[tree.rows[k]];
		figures.samples += tree.samples[tree.rows[k]];
	}
	return {
		name: `${counted(last - first + 1, "frame")}, ${share(figures.total, tree.total[0])}`,
		place: "each narrower than a pixel",
		rows: rowsOf(model, figures, node),
		note: heaviest(model, first, last),
	};
}

/** The same as one line, for the status and for screen readers. */
export function sentence({ name, place, rows, note }) {
	const parts = rows.map(([head, ...figures]) => `${head.toLowerCase()} ${figures.filter(Boolean).join(", ")}`);
	return [name, place, ...parts, note].filter(Boolean).join(" · ");
}
