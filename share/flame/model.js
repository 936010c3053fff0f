// model.js: the profile in the page's data block, unpacked. The C side is lib/render/flame.c.

import { column } from "../page/columns.js";
import { clipped, visible } from "../page/text.js";
import { moduleOf, origin, place } from "../page/place.js";
import { colourOf } from "../page/palette.js";
import { layOut } from "./layout.js";

/* Rows of functions: kind, and the numbers of name and file in strings; 0 is the empty text. */
async function openFunctions({ strings, functions }) {
	const [kinds, names, files, lines] = await Promise.all([
		column(functions, "kind", Uint32Array),
		column(functions, "name", Uint32Array),
		column(functions, "file", Uint32Array),
		column(functions, "line", Uint32Array),
	]);
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
	return {
		count: functions.n,
		origins,
		colours,
		/** As recorded. */
		name: (f) => strings[names[f]],
		file: (f) => strings[files[f]],
		firstLine: (f) => lines[f],
		/** Fit to be read. */
		label: (f) => {
			let known = labels.get(f);
			if (known === undefined) labels.set(f, (known = clipped(visible(strings[names[f]]), 300) || "(no name)"));
			return known;
		},
		place: (f, line) => visible(place(strings[files[f]], line || lines[f])),
	};
}

/** The functions and the tree of a profile. */
export async function openProfile(profile) {
	const { nodes, root, unit } = profile;
	const [functions, up, of, self, selfSamples, lines] = await Promise.all([
		openFunctions(profile),
		column(nodes, "up", Uint32Array),
		column(nodes, "function", Uint32Array),
		column(nodes, "self", Float64Array),
		unit === "ns" ? column(nodes, "samples", Float64Array) : null,
		nodes.line ? column(nodes, "line", Uint32Array) : null,
	]);
	const time = unit === "ns" && self.some((weight) => weight > 0);
	const counts = selfSamples || self;
	const tree = layOut({
		...{ up, functions: of, lines },
		self: time ? self : counts,
		selfSamples: counts,
		root: { self: time ? root.self : root.samples, samples: root.samples },
	});

	return { functions, tree, time };
}
