// coat.js: which line has which colour. No document here, but for the theme.

import { SAME } from "../page/compare.js";
import { counted, share } from "../page/numbers.js";
import { differences, heats, HEATS, hex, oklch } from "../page/palette.js";
import { theme } from "../page/theme.js";
import { piecesOf, specialization } from "./bytecode.js";

const BACK = { light: [255, 255, 255], dark: [23, 25, 29] };

/* What is not proven is pale: a third of the colour, on the paper. */
const pale = (rgb, how) => rgb.map((x, i) => Math.round(0.35 * x + 0.65 * BACK[how][i]));

/** The colours of levels: of(level, proven) is "" for none. */
export function colours({ comparison }, how = theme()) {
	const hot = heats(how).map(hex);
	const changed = differences(how, "usual");

	if (comparison) return { of: (step, proven = true) => (step === 0 ? "" : hex(proven ? changed[SAME - step] : pale(changed[SAME - step], how))) };
	return { of: (level) => (level === 0 ? "" : hot[Math.min(HEATS, level) - 1]) };
}

const SPECIAL = {
	light: [oklch(0.87, 0.1, 68), oklch(0.91, 0.085, 100), oklch(0.86, 0.11, 152)],
	dark: [oklch(0.44, 0.09, 58), oklch(0.42, 0.075, 98), oklch(0.43, 0.085, 160)],
};

/** What the colours of specialization mean. */
export const SPECIAL_TEXTS = ["less than 33 % of self specialized", "33 %", "67 % and more"];

export const specialColours = (how = theme()) => SPECIAL[how].map(hex);

/** By how much of its instructions' self is specialized; "": none of those can be. */
export function specialColour(instructions) {
	const { self, specialized } = specialization(instructions);

	if (!(self > 0)) return "";
	return specialColours()[specialized < 0.33 * self ? 0 : specialized < 0.67 * self ? 1 : 2];
}

/** The pieces of a line as they are marked: the hotter, the stronger. */
export function piecesFor(text, instructions) {
	const pieces = piecesOf(text, instructions);
	const most = pieces.reduce((x, { total }) => Math.max(x, total), 0);
	const whole = instructions.reduce((sum, { total }) => sum + total, 0);
	const strength = (total) => (total > 0.7 * most ? "hot" : total > 0.3 * most ? "warm" : "cold");

	return pieces.map((piece) => ({
		...piece,
		className: `piece piece-${strength(piece.total)}${piece.named > 0 && piece.specialized * 2 > piece.named ? " piece-special" : ""}`,
		title: [`${share(piece.total, whole)} of the line, ${counted(piece.samples, "sample")}`, piece.names.slice(0, 3).join(", ")].filter(Boolean).join("\n"),
	}));
}
