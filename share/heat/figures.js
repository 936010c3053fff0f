// figures.js: what something got: of a profile, or before and after. No document here.

import { differenceText, percentText } from "../page/compare.js";
import { duration } from "../page/numbers.js";
import { amount } from "./scale.js";

const NOTHING = { self: 0, total: 0, selfSamples: 0, totalSamples: 0 };

const rowOf = (sums, row, factor) => ({ self: sums.self[row] * factor, total: sums.total[row] * factor, selfSamples: sums.selfSamples[row], totalSamples: sums.totalSamples[row] });

/**
 * {now, was} of a table ("files", "functions", ...) at rows [now, was], -1 being none:
 * each {self, total, selfSamples, totalSamples}, the baseline's weights as they are shown;
 * was is null where nothing is compared.
 */
export function figuresOf({ sides, comparison }, table, [now, was]) {
	return {
		now: now >= 0 ? rowOf(sides[0][table], now, 1) : NOTHING,
		was: comparison ? (was >= 0 ? rowOf(sides[1][table], was, comparison.factor) : NOTHING) : null,
	};
}

export const differenceOf = ({ now, was }, by) => now[by] - (was ? was[by] : 0);

/** What of figures things are ordered by: how much, or of a comparison by how much it changed. */
export const sizeOf = (figures, by) => (figures.was ? Math.abs(differenceOf(figures, by)) : figures.now[by]);

/** What is one side's figure by itself. */
export const sideText = (model, unit, figures, by, side) => amount(unit, figures[by], figures[`${by}Samples`], scaledSide(model, side));

/* Shares of the baseline are of the baseline as it is shown. */
const scaledSide = ({ sides, comparison }, side) => (side ? { weight: sides[1].weight * comparison.factor } : sides[0]);

/* A difference of shares: "+1.2 pp", percentage points. */
function pointsText(points) {
	const size = Math.abs(points);

	if (size < 0.005) return "±0";
	return `${points > 0 ? "+" : "−"}${size < 0.995 ? size.toFixed(2) : size.toFixed(1)} pp`;
}

/** The change, as a difference and of the baseline. */
export function changeText({ time, sides, comparison }, unit, { now, was }, by) {
	if (now[by] === 0 && was[by] === 0) return ["", ""];
	const samples = unit === "samples";
	const [after, before] = samples ? [now[`${by}Samples`], was[`${by}Samples`]] : [now[by], was[by]];
	const points = after / (sides[0].weight || 1) - before / (sides[1].weight * comparison.factor || 1);

	if (unit === "share") return [pointsText(points * 100), percentText(before, after)];
	return [differenceText(time && !samples, after - before).replace(/ samples?$/, ""), percentText(before, after)];
}

/** All that is known, for those who point at it or hear it. */
export function wordsOf(model, { now, was }) {
	const { sides, time } = model;
	const one = (figures, of, whole) => {
		const weight = figures[of];
		return `${time ? `${duration(weight)}, ` : ""}${amount("share", weight, 1, { weight: whole }) || "0 %"}, ${amount("samples", 1, figures[`${of}Samples`]) || "0"} samples`;
	};
	const both = (of) => (was ? `${one(was[of] ? was : NOTHING, of, sides[1].weight * model.comparison.factor)} → ${one(now, of, sides[0].weight)}` : one(now, of, sides[0].weight));

	return [`self ${both("self")}`, `total ${both("total")}`];
}
