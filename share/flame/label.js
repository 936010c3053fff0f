// label.js: what is written in a frame, and what of it there is room for. No document here.

import { fitting, forms } from "../page/text.js";

/** The sign and the name of a node of a scene (draw.js), with its line where lines are told apart. */
export function labelOf({ tree, functions, rootLabel, coat }, node) {
	const label = node === 0 ? rootLabel : functions.label(tree.functions[node]);
	return [coat.sign(node), tree.lines && tree.lines[node] ? `${label}:${tree.lines[node]}` : label];
}

/**
 * Gives of such a label the longest form that fits in room, or its beginning, or "". measure(character)
 * is how wide one is, and asked once of each.
 */
export function labeller(measure) {
	const widths = new Map();
	const labels = new Map();

	function width(character) {
		if (!widths.has(character)) widths.set(character, measure(character));
		return widths.get(character);
	}

	/* The forms of a name behind its sign, each with its characters and its width. */
	function formsOf(sign, label) {
		const key = sign + label;
		let known = labels.get(key);

		if (!known) {
			known = forms(label).map((form) => {
				const text = sign ? `${sign} ${form}` : form;
				const characters = [...text];
				return { text, characters, width: characters.reduce((sum, c) => sum + width(c), 0) };
			});
			if (labels.size > 20000) labels.clear();
			labels.set(key, known);
		}
		return known;
	}

	return ([sign, label], room) => {
		const known = formsOf(sign, label);
		const whole = known.find((form) => form.width <= room);
		const last = known[known.length - 1];
		const k = whole ? 0 : fitting(last.characters, room, width);

		if (whole) return whole.text;
		return k > 1 ? `${last.characters.slice(0, k).join("")}…` : "";
	};
}
