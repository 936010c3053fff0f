// scale.js: how hot something is, on a scale of logarithms, and in words.

import { HEATS } from "../page/palette.js";
import { duration, grouped, share } from "../page/numbers.js";

/**
 * 0 for nothing, else 1 to HEATS: n samples among most as ln(n + 1) to ln(most + 1),
 * each being what a sample weighs.
 */
export function levelOf(value, most, each) {
	if (!(value > 0) || !(most > 0)) return 0;
	return Math.min(HEATS, Math.max(1, Math.ceil((HEATS * Math.log1p(value / each)) / Math.log1p(most / each))));
}

/**
 * What things are ordered and coloured by, so that these follow the figures that are shown: {key of
 * figures, most (what the hottest line of all files has, of a comparison on either side), each (what a
 * sample has)}.
 */
export function measureOf({ sides, comparison }, { by, unit }) {
	const [now, was] = sides;

	if (unit === "samples") return { key: `${by}Samples`, most: Math.max(now.hottest[`${by}Samples`], was ? was.hottest[`${by}Samples`] : 0), each: 1 };
	return { key: by, most: comparison ? Math.max(now.hottest[by], was.hottest[by] * comparison.factor) : now.hottest[by], each: now.each };
}

/** The four steps of a difference, by its size among the largest; 0: there is none. */
export function stepOf(difference, most, each) {
	const level = levelOf(Math.abs(difference), most, each);
	return Math.sign(difference) * Math.ceil(level / 2);
}

/** What figures are shown as. */
export const UNITS = { share: "Share", time: "Time", samples: "Samples" };

/** A weight, or with the unit "samples" a number of them, as a figure; nothing is "". */
export function amount(unit, weight, samples, side) {
	if (!(weight > 0) && !(samples > 0)) return "";
	if (unit === "samples") return grouped(samples);
	return unit === "time" ? duration(weight) : share(weight, side.weight);
}
