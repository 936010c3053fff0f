// coat.js: which frame has which colour, and which sign beside it. No document here.

import { differences, fills, heats, HEATS, hex, SHADES } from "../page/palette.js";
import { ORIGIN_NAMES, ORIGINS } from "../page/place.js";
import { BUCKETS, bucketOf, CHANGED, GONE, leastOf, NEW, SAME, signOf, wayOf } from "../page/compare.js";
import { fainter } from "./draw.js";

/** The palettes that a reader may choose from: of a profile, and of a comparison. */
export const PALETTES = {
	profile: { origin: "whose code it is", heat: "own time of the function" },
	compared: { usual: "red and blue", safe: "orange and blue" },
};

const MARKER = ORIGINS.indexOf("marker");

function coat(colours, theme, rest) {
	const none = () => false;

	return {
		fills: colours.map(hex),
		above: colours.map((fill) => hex(fainter(fill, theme))),
		...{ sign: () => "", hatched: none, edged: none, legend: [], root: false },
		...rest,
	};
}

function byOrigin({ functions }, tree, theme) {
	const colours = fills(theme);
	const used = ORIGINS.map((name, i) => [name, i]).filter(([, i]) => functions.origins.includes(i));

	return coat(colours, theme, {
		of: (node) => functions.colours[tree.functions[node]],
		edged: (node) => node > 0 && functions.origins[tree.functions[node]] === MARKER,
		legend: used.map(([name, i]) => ({ fill: hex(colours[i * SHADES + SHADES / 2]), text: ORIGIN_NAMES[name] })),
	});
}

/* The share of the whole that each step of heat begins at. */
const STEPS = [0, 0.001, 0.003, 0.01, 0.03, 0.08, 0.16, 0.3];

function byHeat(tree, sums, theme) {
	const colours = heats(theme);
	const whole = tree.total[0];
	const heat = (f) => {
		let i = HEATS - 1;
		while (i > 0 && sums.self[f] < STEPS[i] * whole) i--;
		return i;
	};
	const texts = ["own time: none", "", "", "1 %", "", "8 %", "", "30 %"];

	return coat(colours, theme, {
		of: (node) => heat(tree.functions[node]),
		legend: colours.map((fill, i) => ({ fill: hex(fill), text: texts[i] })).filter(({ text }) => text),
	});
}

/** What a differential picture is coloured by: of a node the figures before and after. */
export function figuresOf(tree, { factor }, by, node) {
	const own = by === "self";
	const now = own ? tree.current.self[node] : tree.current.total[node];
	const was = own ? tree.baseline.self[node] : tree.baseline.total[node];

	return [was * factor, now];
}

function byDifference({ comparison, functions }, tree, theme, { by, sure, palette }) {
	const colours = differences(theme, palette);
	const pale = colours.map((fill) => fainter(fill, theme));
	const verdicts = by === "self" ? functions.selfVerdicts : functions.totalVerdicts;
	const standing = (node) => tree.standing && tree.standing[node] === 1;
	const [was, now] = [tree.baseline.total[0] * comparison.factor, tree.current.total[0]];
	const least = was > now ? leastOf(was, tree.baseline.samples[0]) : leastOf(now, tree.samples[0]);
	const bucket = (node) => standing(node) ? SAME : bucketOf(...figuresOf(tree, comparison, by, node), tree.baseline.total[node] > 0 || tree.baseline.samples[node] > 0, tree.current.total[node] > 0 || tree.samples[node] > 0, node > 0 ? least : 0);

	/* A function's verdict is that of its frames that changed the same way. */
	function proven(node) {
		const f = tree.functions[node];
		const [before, after] = figuresOf(tree, comparison, by, node);

		if (node === 0 || !verdicts) return true;
		if (verdicts[f] !== CHANGED) return false;
		const way = wayOf(comparison, functions.figures(f, by));
		return way === 0 || Math.sign(after - before) === way;
	}
	const isPale = (node) => sure === "proven" && bucket(node) !== SAME && !proven(node);

	return coat([...colours, ...pale], theme, {
		of: (node) => bucket(node) + (isPale(node) ? BUCKETS.length : 0),
		sign: (node) => signOf(bucket(node)),
		hatched: (node) => bucket(node) === GONE,
		edged: (node) => bucket(node) === NEW,
		bucket,
		root: true,
		legend: [...BUCKETS.map(({ text, hint }, i) => ({ fill: hex(colours[i]), text, hint, kind: BUCKETS[i].name })), ...(sure === "proven" ? [{ fill: hex(pale[1]), text: "pale: not proven", hint: "The function’s change is not proven, or this frame’s is the other way" }] : [])],
	});
}

/** The colours of a tree: how is {palette} and, of a comparison, {by, sure}. */
export function coatOf(model, tree, sums, theme, how) {
	if (model.comparison) return byDifference(model, tree, theme, how);
	return how.palette === "heat" ? byHeat(tree, sums, theme) : byOrigin(model, tree, theme);
}
