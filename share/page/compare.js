// compare.js: two sides of a comparison in figures, words and colours. No document here.

import { counted, duration, share } from "./numbers.js";

/** Which sides the widths of a differential picture are. */
export const WIDTHS = { after: "after", before: "before", union: "larger of both" };

/**
 * What of a profile's comparison the page needs: factor scales the baseline's integers for
 * display; replicated says that verdicts stand on enough to be believed at first sight.
 */
export function openComparison({ diff }) {
	if (!diff) return null;
	const enough = diff.basis === "runs" ? Math.min(...diff.runs) >= 3 : diff.basis === "epochs";
	return { ...diff, factor: diff.numerator / diff.denominator, replicated: diff.judged && enough };
}

/** The weights by which a tree is drawn; see weighed() in layout.js. */
export function widthOf(comparison, width) {
	const { factor } = comparison;

	return ({ self, baseline }) => {
		if (width === "after") return self;
		if (width === "before") return baseline.self.map((x) => x * factor);
		return self.map((x, i) => Math.max(x, baseline.self[i] * factor));
	};
}

/** The buckets of the legend, from the largest rise to the largest fall: percent from which each is. */
export const BUCKETS = [
	{ name: "new", text: "new" },
	{ name: "rise4", text: "+100 % and more", from: 100 },
	{ name: "rise3", text: "+50 %", from: 50 },
	{ name: "rise2", text: "+30 %", from: 30 },
	{ name: "rise1", text: "+15 %", from: 15 },
	{ name: "same", text: "less than 15 %, or little", hint: "Less than 15 % of the baseline, less than 0.1 % of the whole, or less than 3 samples" },
	{ name: "fall1", text: "−15 %", from: 15 },
	{ name: "fall2", text: "−30 %", from: 30 },
	{ name: "fall3", text: "−50 %", from: 50 },
	{ name: "fall4", text: "−100 %", from: 100 },
	{ name: "gone", text: "gone" },
];

export const SAME = 5;
export const NEW = 0;
export const GONE = 10;

/** What of the baseline a change is, in percent; +100 from zero. */
export function percentOf(before, after) {
	if (before > 0) return ((after - before) / before) * 100;
	return after > 0 ? 100 : 0;
}

/* What is less is too little to have a colour: a part of the whole, and samples. */
const LEAST = { part: 0.001, samples: 3 };

/** From which difference on a frame has a colour: of whole, what the larger side has in so many samples. */
export function leastOf(whole, samples) {
	return Math.max(LEAST.part * whole, samples > 0 ? (LEAST.samples * whole) / samples : 0);
}

/** The number of the bucket of a change of figures whose path is there before and after, or not. */
export function bucketOf(before, after, wasThere, isThere, least = 0) {
	if (!wasThere && isThere) return NEW;
	if (wasThere && !isThere) return GONE;
	if (Math.abs(after - before) < least * (1 - 1e-9)) return SAME;
	const percent = percentOf(before, after);
	const size = [100, 50, 30, 15].findIndex((from) => Math.abs(percent) >= from);

	if (size < 0) return SAME;
	return percent > 0 ? 1 + size : 9 - size;
}

/** "+", "−" or "": colour is never the only sign. */
export function signOf(bucket) {
	return bucket < SAME ? "+" : bucket > SAME ? "−" : "";
}

const times = (millionths) => (millionths / 1e6).toFixed(millionths < 9.95e6 ? 2 : 1).replace(/0$/, "");

/** "x2.0 (1.6 to 2.5)", or what of it is known. */
export function ratioText([ratio, low, high]) {
	const between = low > 0 && high > 0 ? ` (${times(low)} to ${times(high)})` : low > 0 ? ` (at least ${times(low)})` : high > 0 ? ` (at most ${times(high)})` : "";
	return ratio > 0 ? `×${times(ratio)}${between}` : between.trim();
}

/** "+0.25 s", "−12 samples", "±0". */
export function differenceText(timed, difference) {
	const size = Math.abs(difference);

	if (Math.round(size) === 0) return "±0";
	return `${difference > 0 ? "+" : "−"}${timed ? duration(size) : counted(size, "sample")}`;
}

/** "+25.0 %", "−3.1 %", "from 0". */
export function percentText(before, after) {
	const percent = percentOf(before, after);

	if (!(before > 0)) return after > 0 ? "from 0" : "";
	if (after === 0) return "gone";
	if (Math.abs(percent) < 0.05) return "";
	return `${percent < 0 ? "−" : "+"}${Math.abs(percent).toFixed(Math.abs(percent) < 99.95 ? 1 : 0)} %`;
}

/** Verdicts in the numbers of tstream(5). */
export const VERDICTS = ["inconclusive", "too few samples", "no change", "changed"];
export const CHANGED = 3;

/**
 * Which way a function changed, of its figures in millionths: 1 more, -1 less, 0 unknown. Where the
 * common factor changed it is taken out, as it is of the verdict.
 */
export function wayOf({ common_verdict: common }, figures) {
	const adjusted = common === CHANGED && figures.slice(3).some((x) => x > 0);
	const [ratio, low, high] = adjusted ? figures.slice(3) : figures;

	if (ratio > 0) return Math.sign(ratio - 1e6);
	return low >= 1e6 ? 1 : high > 0 && high <= 1e6 ? -1 : 0;
}

/** Why what is proven cannot be told of a comparison; "": it can. */
export function unjudged({ judged, runs, basis }) {
	if (judged) return "";
	return basis === "none" ? `With ${counted(Math.min(...runs), "run")} a side nothing is proven: three or more a side can prove a change` : "Of a part of the profile nothing is proven";
}

/** Both totals: "0.25 s → 0.50 s (+0.25 s, +100 %)". */
export function totalsText(comparison, timed, now, was) {
	const text = (weight) => (timed ? duration(weight) : counted(weight, "sample"));
	const scaled = was * comparison.factor;
	const change = [differenceText(timed, now - scaled), percentText(scaled, now)].filter(Boolean).join(", ");

	return `${text(scaled)} → ${text(now)} (${change})`;
}

const SCALES = {
	time: "compared by time for each run",
	wall: "compared by time for each second of the wall",
	share: "compared by share: both sides are drawn as if they had spent the same",
	per: "compared by time for each unit of work",
	none: "compared as they are, without a scale",
};

/** How the sides were put on one scale, and on what the verdicts stand. */
export function scaleText({ scale, factor, basis, runs, smallest, fdr }) {
	const base = factor === 1 ? "" : `, the baseline times ${Number(factor.toPrecision(4))}`;
	const stand = { runs: `judged by the spread of ${runs[0]} and ${runs[1]} runs`, epochs: "judged by the spread in time", none: "not judged: intervals unknown" }[basis];
	const least = smallest > 0 ? `; a change of ${share(smallest, 1e6)} would have been seen` : "";

	return `${SCALES[scale] || "compared"}${base}; ${stand}${basis === "none" ? "" : `, ${share(fdr, 1e6)} false discoveries`}${least}`;
}

