// model.js: the profile in the page's data block, unpacked. The C side is lib/render/flame.c.

import { column } from "../page/columns.js";
import { clipped, visible } from "../page/text.js";
import { commonFolder, moduleName, moduleOf, origin, place } from "../page/place.js";
import { colourOf } from "../page/palette.js";
import { openCells, openSlots } from "./cells.js";
import { openComparison } from "../page/compare.js";
import { openInner } from "./inner.js";
import { shapeOf } from "./layout.js";

/* Of a comparison: categories, verdicts, and figures(f, "self") as [ratio, low, high, adjusted, low, high]. */
async function openVerdicts(functions) {
	const read = (name) => (functions[name] ? column(functions, name, Float64Array) : null);
	const six = (of) => Promise.all(Array.from({ length: 6 }, (_, i) => read(`${of}${i}`)));
	const [categories, selfVerdicts, totalVerdicts, self, total] = await Promise.all([read("category"), read("self_verdict"), read("total_verdict"), six("self"), six("total")]);
	const figures = { self, total };

	return { categories, selfVerdicts, totalVerdicts, figures: selfVerdicts && ((f, of) => figures[of].map((one) => one[f])) };
}

/* Rows of functions: kind, and the numbers of name and file in strings; 0 is the empty text. */
async function openFunctions({ strings, functions }) {
	const [kinds, nameOf, files, lines] = await Promise.all([
		column(functions, "kind", Uint32Array),
		column(functions, "name", Uint32Array),
		column(functions, "file", Uint32Array),
		column(functions, "line", Uint32Array),
	]);
	const compared = await openVerdicts(functions);
	const originOfFile = new Map();
	const labels = new Map();
	const origins = new Uint8Array(functions.n);
	const colours = new Uint8Array(functions.n);

	for (let f = 0; f < functions.n; f++) {
		const key = kinds[f] === 0 ? files[f] : -1 - kinds[f];
		let known = originOfFile.get(key);

		if (!known) {
			const file = strings[files[f]];
			const from = origin(kinds[f], file);
			known = [from, colourOf(from, kinds[f] === 0 ? moduleOf(file) : "")];
			originOfFile.set(key, known);
		}
		[origins[f], colours[f]] = known;
	}
	const projects = Array.from(files.filter((_, f) => origins[f] === 0), (file) => strings[file]).filter((file) => /^([/\\]|\w:)/.test(file));
	const root = commonFolder(new Set(projects));

	return {
		...compared,
		count: functions.n,
		names: "place", // how places are named: "place", "module" or "path"
		origins,
		colours,
		/** As recorded. */
		name: (f) => strings[nameOf[f]],
		file: (f) => strings[files[f]],
		fileNumber: (f) => files[f],
		firstLine: (f) => lines[f],
		/** Fit to be read. */
		label: (f) => {
			let known = labels.get(f);
			if (known === undefined) labels.set(f, (known = clipped(visible(strings[nameOf[f]]), 300) || "(no name)"));
			return known;
		},
		place(f, line) {
			const file = strings[files[f]];
			const at = (line || lines[f]) > 0 ? `:${line || lines[f]}` : "";

			if (this.names === "path") return visible(file + at);
			if (this.names === "module") return visible(moduleName(file, root) + at);
			return visible(place(origins[f] === 0 && file.startsWith(root) ? file.slice(root.length) : file, line || lines[f]));
		},
	};
}

/** The functions, the shape, and what the cells hold of a profile. */
export async function openProfile(profile) {
	const { nodes, unit, epochs } = profile;
	const [functions, up, of, lines, cells, watched, inner] = await Promise.all([
		openFunctions(profile),
		column(nodes, "up", Uint32Array),
		column(nodes, "function", Uint32Array),
		nodes.line ? column(nodes, "line", Uint32Array) : null,
		openCells(profile),
		column(epochs, "watched", Float64Array),
		openInner(profile),
	]);
	const slots = openSlots(profile, cells);
	const time = unit === "ns" && slots.weight.some((weight) => weight > 0);

	if (!time) slots.weight = slots.samples;
	return { profile, functions, shape: shapeOf(up, of, lines), cells, slots, watched, time, inner, comparison: openComparison(profile) };
}
