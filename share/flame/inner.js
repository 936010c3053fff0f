// inner.js: what lies inside of a frame: its lines, their source, and its instructions. No document here.

import { column } from "../page/columns.js";
import { share } from "../page/numbers.js";
import { visible } from "../page/text.js";

const MOST = { lines: 3, opcodes: 5, around: 2 };

/** What of a profile lies inside of frames; see lib/render/inner.h. */
export async function openInner({ opcodes, sources = [], cells }) {
	const texts = new Map();

	for (const { file, chunks } of sources) {
		const lines = new Map();
		for (const [first, text] of chunks) text.split("\n").forEach((line, i) => lines.set(first + i, line));
		texts.set(file, lines);
	}
	if (!opcodes) return { texts, opcodes: null };
	const [node, name, weight] = await Promise.all([column(opcodes, "node", Uint32Array), column(opcodes, "name", Uint32Array), column(opcodes, "weight", Float64Array)]);
	for (let i = 1; i < node.length; i++) node[i] += node[i - 1];
	return { texts, opcodes: { names: opcodes.names, node, name, weight: weight.map((x) => x * cells.quantum) } };
}

/* The lines of the frames that became one node, and what was there, the most first. */
function linesAt({ shape }, totals, of, node) {
	const sums = new Map();

	for (let i = 1; i < shape.n; i++) if ((of ? of[i] : i) === node && shape.lines[i]) sums.set(shape.lines[i], (sums.get(shape.lines[i]) || 0) + totals[i]);
	return [...sums].filter(([, sum]) => sum > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

/* The same of instructions: [name, base, weight]. */
function opcodesAt({ opcodes }, of, node) {
	const sums = new Map();

	if (!opcodes) return [];
	for (let k = 0; k < opcodes.node.length; k++) {
		const i = opcodes.node[k];
		if ((of ? of[i] : i) !== node) continue;
		sums.set(opcodes.name[k], (sums.get(opcodes.name[k]) || 0) + opcodes.weight[k]);
	}
	return [...sums].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([name, sum]) => [...opcodes.names[name].split(" "), ""].slice(0, 2).concat(sum));
}

/* The hottest line with what is around it, or where there is no source, the hottest lines alone. */
function sourceRows(found, text, whole) {
	const amount = new Map(found);
	const [hot] = found[0];
	const row = (line) => ({ line, share: amount.has(line) ? share(amount.get(line), whole) : "", text: text && visible((text.get(line) || "").replaceAll("\t", "    ")), hot: line === hot });

	if (!text || !text.has(hot)) return found.slice(0, MOST.lines).map(([line]) => row(line));
	return Array.from({ length: 2 * MOST.around + 1 }, (_, i) => hot - MOST.around + i).filter((line) => text.has(line) && (amount.has(line) || text.get(line) !== "")).map(row);
}

/**
 * Of a node of a tree that was made of the shape: {lines: [{line, share, text, hot}],
 * opcodes: [{name, base, share, part}]}, with shares of what the node has. made is planter()'s.
 */
export function insideFrame(model, made, node) {
	const { shape, inner, functions } = model;
	const whole = made.tree.total[node];
	const of = made.of;

	if (!shape.lines || node === 0 || made.tree !== made.upright) return { lines: [], opcodes: [] };
	const found = linesAt(model, made.baseTotals(), of, node);
	const text = inner.texts.get(functions.fileNumber(made.tree.functions[node]));
	const opcodes = made.filtered ? [] : opcodesAt(inner, of, node);
	const sum = opcodes.reduce((all, [, , weight]) => all + weight, 0);

	return {
		lines: found.length && (text || found.length > 1) ? sourceRows(found, text, whole) : [],
		opcodes: opcodes.slice(0, MOST.opcodes).map(([name, base, weight]) => ({ name, base, share: share(weight, sum), part: weight / sum })),
	};
}
