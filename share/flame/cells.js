// cells.js: what threads in their states spent, by epoch; and what of it is wanted.

import { column } from "../page/columns.js";

/** Facts of a state, see tstream(5): where they lie in it, and what their values mean; 0 is unknown. */
export const FACTS_OF_STATE = [
	{ name: "cpu", shift: 0, title: "CPU", values: ["unknown", "on a CPU, or runnable", "not on a CPU"] },
	{ name: "gil", shift: 2, title: "GIL", values: ["unknown", "holds it", "wants it", "neither"] },
	{ name: "exception", shift: 4, title: "Exception", values: ["unknown", "raised or handled", "none"] },
	{ name: "gc", shift: 6, title: "Garbage", values: ["unknown", "being collected", "not collected"] },
];

/** The facts of a profile's states, as far as they can be known: who wants the GIL, Python tells from 3.15 on. */
export function factsOfStates({ facts, series }) {
	const versions = [facts, ...(facts.sides || [])].map(({ python }) => /^3\.(\d+)/.exec(python || "")).filter(Boolean);
	const wants = versions.some(([, minor]) => Number(minor) >= 15) || series.some(([, state]) => ((state >> 2) & 3) === 2);

	return wants ? FACTS_OF_STATE : FACTS_OF_STATE.map((fact) => (fact.name === "gil" ? { ...fact, values: ["unknown", "holds it", "", "does not hold it"] } : fact));
}

const factOf = (state, { shift }) => (state >> shift) & 3;

/** The cells of a profile: start (of each node its first cell), slot, samples, weight. */
export async function openCells({ cells, nodes, unit }) {
	const [slot, samples, extra, counts] = await Promise.all([
		column(cells, "slot", Uint32Array),
		column(cells, "samples", Float64Array),
		unit === "ns" ? column(cells, "extra", Float64Array) : null,
		column(nodes, "cells", Uint32Array),
	]);
	const start = new Uint32Array(nodes.n + 2);

	start[1] = cells.root;
	for (let i = 0; i < nodes.n; i++) start[i + 2] = start[i + 1] + counts[i];
	if (start[nodes.n + 1] !== cells.n) throw new Error("there are not as many cells as there should be");
	for (let i = 0; i <= nodes.n; i++) for (let k = start[i] + 1; k < start[i + 1]; k++) slot[k] += slot[k - 1] + 1;
	const weight = extra || samples;
	if (extra)
		for (let k = 0; k < cells.n; k++) {
			const x = extra[k];
			weight[k] = (samples[k] * cells.each + (x % 2 ? -(x + 1) / 2 : x / 2)) * cells.quantum;
		}
	return { n: cells.n, start, slot, samples, weight };
}

/** What the slots of a profile are, and what each of them has: weight, samples, and thread, state, epoch. */
export function openSlots({ series, epochs, threads }, cells) {
	const n = series.length * epochs.count;
	const slots = {
		n,
		epochs: epochs.count,
		series: series.map(([thread, state]) => ({ thread, state, process: threads[thread].process, side: threads[thread].side })),
		weight: new Float64Array(n),
		samples: new Float64Array(n),
	};

	for (let k = 0; k < cells.n; k++) {
		slots.weight[cells.slot[k]] += cells.weight[k];
		slots.samples[cells.slot[k]] += cells.samples[k];
	}
	return slots;
}

/**
 * What is wanted: hidden, a set of threads that are not; states, of a fact the
 * one value that is; from and to, epochs, to being the first that is not.
 */
export function wantAll(slots) {
	return { hidden: new Set(), states: {}, from: 0, to: slots.epochs };
}

export function wantsAll(slots, want) {
	return want.hidden.size === 0 && Object.keys(want.states).length === 0 && want.from === 0 && want.to === slots.epochs;
}

function wantsSeries({ thread, state }, { hidden, states }) {
	return !hidden.has(thread) && FACTS_OF_STATE.every((fact) => states[fact.name] === undefined || states[fact.name] === factOf(state, fact));
}

/** For each slot 1 where it is wanted; anyTime: whatever its epoch is. */
export function wantedSlots(slots, want, anyTime = false) {
	const wanted = new Uint8Array(slots.n);

	slots.series.forEach((series, i) => {
		if (!wantsSeries(series, want)) return;
		const at = i * slots.epochs;
		if (anyTime) wanted.fill(1, at, at + slots.epochs);
		else wanted.fill(1, at + want.from, at + want.to);
	});
	return wanted;
}

/** Of each node what it has itself in the wanted slots: {self, samples, baseline}; see layout.js. */
export function weightsOf(cells, slots, wanted, compared, timed) {
	const n = cells.start.length - 1;
	const make = () => ({ self: new Float64Array(n), samples: new Float64Array(n) });
	const sides = [make(), compared ? make() : null];
	const sideOf = Uint8Array.from(slots.series, ({ side }) => (compared && side === 1 ? 1 : 0));
	const weight = timed ? cells.weight : cells.samples;

	for (let i = 0; i < n; i++)
		for (let k = cells.start[i]; k < cells.start[i + 1]; k++) {
			const slot = cells.slot[k];
			if (!wanted[slot]) continue;
			const to = sides[compared ? sideOf[Math.floor(slot / slots.epochs)] : 0];
			to.self[i] += weight[k];
			to.samples[i] += cells.samples[k];
		}
	return { ...sides[0], baseline: sides[1] };
}

/** What the wanted slots have in each epoch: of the nodes that are() accepts, or of all. */
export function byEpoch(cells, slots, wanted, are) {
	const sums = new Float64Array(slots.epochs);

	if (!are) {
		for (let s = 0; s < slots.n; s++) if (wanted[s]) sums[s % slots.epochs] += slots.weight[s];
		return sums;
	}
	for (let i = 0; i + 1 < cells.start.length; i++) {
		if (cells.start[i] === cells.start[i + 1] || !are(i)) continue;
		for (let k = cells.start[i]; k < cells.start[i + 1]; k++) {
			const slot = cells.slot[k];
			if (wanted[slot]) sums[slot % slots.epochs] += cells.weight[k];
		}
	}
	return sums;
}

/** For each value of a fact what the wanted slots have: [unknown, ...]. */
export function byFact(slots, wanted, fact) {
	const sums = new Float64Array(4);

	for (let s = 0; s < slots.n; s++)
		if (wanted[s]) sums[factOf(slots.series[Math.floor(s / slots.epochs)].state, fact)] += slots.weight[s];
	return sums;
}

/** What each thread has in the wanted slots. */
export function byThread(slots, wanted, count) {
	const sums = new Float64Array(count);

	for (let s = 0; s < slots.n; s++) if (wanted[s]) sums[slots.series[Math.floor(s / slots.epochs)].thread] += slots.weight[s];
	return sums;
}

/** The wall time, in nanoseconds, that the processes of wanted threads were watched in wanted epochs. */
export function watchedOf({ watched, slots, threads }, want) {
	const processes = new Set(threads.filter((_, i) => !want.hidden.has(i)).map(({ process }) => process));
	let sum = 0;

	for (const p of processes) for (let e = want.from; e < want.to; e++) sum += watched[p * slots.epochs + e] * 1000;
	return sum;
}
