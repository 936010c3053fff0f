// tip.js: what is said of a frame, or of a sliver of many. No document here.

import { ORIGIN_NAMES, ORIGINS } from "../page/place.js";
import { counted, duration, grouped, share } from "../page/numbers.js";
import { CHANGED, differenceText, percentText, ratioText, VERDICTS } from "../page/compare.js";

/** The text of a weight: a duration, or a number of samples. */
export function weightText(model, weight) {
	return model.time ? duration(weight) : counted(weight, "sample");
}

/**
 * {name, place, rows: [[head, figure, share]], note} of an item {first, last}
 * of the tree's rows. about: {tree, node (zoomed to), rootLabel, callers, judged}.
 */
export function describe(model, item, about) {
	return item.first === item.last ? describeFrame(model, about.tree.rows[item.first], about) : describeSliver(model, item, about);
}

function figureRows(model, figures, { tree, node }) {
	const whole = tree.current.total[0];
	const rows = [];
	const figure = (weight) => (model.time ? duration(weight) : grouped(weight));

	rows.push([model.time ? "Time" : "Samples", figure(figures.total), share(figures.total, whole)]);
	if (figures.self !== undefined) rows.push(["Self", figure(figures.self), share(figures.self, whole)]);
	if (model.time) rows.push(["Samples", grouped(figures.samples), share(figures.samples, tree.samples[0])]);
	if (node > 0 && figures.inside)
		rows.push(["Of the zoomed frame", "", share(Math.min(figures.total, tree.current.total[node]), tree.current.total[node])]);
	return rows;
}

/* "0.25 s → 0.50 s", "+0.25 s, +100 %". */
function changeRow(model, head, before, after) {
	const text = (weight) => (model.time ? duration(weight) : grouped(weight));
	const percent = percentText(before, after);

	return [head, `${text(before)} → ${text(after)}`, [differenceText(model.time, after - before), percent].filter(Boolean).join(", ")];
}

function comparedRows(model, { total, self, was, wasSelf, samples, wasSamples }) {
	const { factor } = model.comparison;
	const rows = [];

	if (self !== undefined) rows.push(changeRow(model, "Self", wasSelf * factor, self));
	rows.push(changeRow(model, "Total", was * factor, total));
	rows.push(["Samples", `${grouped(wasSamples)} → ${grouped(samples)}`, ""]);
	return rows;
}

/* What is known of a function's change: [head, "×2.0 (1.6 to 2.5)", verdict]. */
function verdictRows({ functions, comparison }, f, judged) {
	if (!comparison || !functions.figures) return [];
	const row = (head, figures, verdict) => {
		const adjusted = comparison.common_verdict === CHANGED && figures[3] > 0;
		return [adjusted ? `${head}, adjusted` : head, ratioText(adjusted ? figures.slice(3) : figures), judged && comparison.judged ? VERDICTS[verdict] : "not judged"];
	};

	return [
		row("Function’s self", functions.figures(f, "self"), functions.selfVerdicts[f]),
		row("Function’s total", functions.figures(f, "total"), functions.totalVerdicts[f]),
	].filter(([, ratio, verdict]) => ratio || verdict === VERDICTS[CHANGED]);
}

function figuresAt({ current, baseline, samples }, i) {
	const figures = { total: current.total[i], self: current.self[i], samples: samples[i] };
	if (!baseline) return figures;
	return { ...figures, was: baseline.total[i], wasSelf: baseline.self[i], wasSamples: baseline.samples[i] };
}

function describeFrame(model, frame, about) {
	const { functions } = model;
	const { tree, node, rootLabel, callers } = about;
	const f = tree.functions[frame];
	const line = tree.lines ? tree.lines[frame] : 0;
	const figures = { ...figuresAt(tree, frame), inside: frame >= node && frame < tree.end[node] };
	const rows = (given) => (model.comparison ? comparedRows(model, given) : figureRows(model, given, about));

	if (frame === 0 || callers) delete figures.self;
	if (frame === 0) return { name: rootLabel, place: "", rows: rows({ ...figures, inside: false }), note: "" };
	return {
		name: functions.label(f),
		place: [functions.place(f, line), ORIGIN_NAMES[ORIGINS[functions.origins[f]]]].filter(Boolean).join(" · "),
		rows: [...rows(figures), ...verdictRows(model, f, about.judged)],
		note: presenceText(model, figures, tree.standing && tree.standing[frame]),
	};
}

function presenceText({ comparison }, { total, samples, was, wasSamples }, standing) {
	if (!comparison) return "";
	if (standing) return "Not gone itself: what is gone lies below.";
	if (total === 0 && samples === 0) return "Gone: the current side never came here.";
	return was === 0 && wasSamples === 0 ? "New: the baseline never came here." : "";
}

/* The heaviest three of a sliver, by function. */
function heaviest({ functions }, tree, first, last) {
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

function describeSliver(model, { first, last }, about) {
	const { tree } = about;
	const sums = { total: 0, samples: 0, was: 0, wasSamples: 0, inside: true };
	let drawn = 0;

	for (let k = first; k <= last; k++) {
		const { total, samples, was = 0, wasSamples = 0 } = figuresAt(tree, tree.rows[k]);
		drawn += tree.total[tree.rows[k]];
		sums.total += total;
		sums.samples += samples;
		sums.was += was;
		sums.wasSamples += wasSamples;
	}
	return {
		name: `${counted(last - first + 1, "frame")}, ${share(drawn, tree.total[0])}`,
		place: "each narrower than a pixel",
		rows: model.comparison ? comparedRows(model, sums) : figureRows(model, sums, about),
		note: heaviest(model, tree, first, last),
	};
}

/** The same as one line, for the status and for screen readers. */
export function sentence({ name, place, rows, note }) {
	const parts = rows.map(([head, ...figures]) => `${head.toLowerCase()} ${figures.filter(Boolean).join(", ")}`);
	return [name, place, ...parts, note].filter(Boolean).join(" · ");
}
