// facts.js: where the profile comes from, in words. What is unknown is said to be unknown.

import { counted, duration, grouped, rate, share } from "./numbers.js";
import { clipped, visible } from "./text.js";

/* Ticks that were due and not taken; samples that are not whole. Texts are lib/stream/losses.def's. */
function lost(facts, unit, word) {
	return facts.losses
		.filter(([text, of]) => of === unit && text.includes(word))
		.reduce((sum, [, , n]) => sum + n, 0);
}

function missed(facts) {
	return lost(facts, "tick", "missed");
}

function torn(facts) {
	return lost(facts, "sample", "<torn>");
}

/* The file that timport read. */
function imported({ tool, options }) {
	return tool === "timport" ? options : "";
}

/** What the page is about; kind is what it is called when that is not known. */
export function heading({ title, facts }, kind) {
	return clipped(visible(title || facts.script || imported(facts) || kind), 120);
}

/** What the window is called. */
export function windowTitle(profile, kind) {
	const title = heading(profile, kind);
	return title === kind ? title : `${title} – ${kind.toLowerCase()}`;
}

/** "2026-11-21 02:45 UTC", the same wherever the page is read. */
function moment(ms) {
	const [day, time] = new Date(ms).toISOString().split("T");
	return `${day} ${time.slice(0, 5)} UTC`;
}

function speed({ rate_hz: got, asked_ns: interval }) {
	const asked = interval > 0 ? rate(1e9 / interval) : "";

	if (got > 0) return asked && asked !== rate(got) ? `${rate(got)} of ${asked}` : rate(got);
	return asked ? `${asked} asked for` : "rate unknown";
}

function losses(facts) {
	if (facts.ticks === 0) return "losses unknown";
	const [gone, broken] = [missed(facts), torn(facts)];
	const parts = [];

	if (gone > 0) parts.push(`${share(gone, gone + facts.ticks)} missed`);
	if (broken > 0 && facts.observed > 0) parts.push(`${share(broken, facts.observed)} torn`);
	return parts.join(", ") || "none missed";
}

/* A fact in words: of a comparison that of both sides, where they differ. */
function ofSides({ sides = [], ...all }, text) {
	const [was, now] = sides.length ? sides.map(text) : [text(all), text(all)];

	return was === now ? now : `${was || "unknown"} → ${now || "unknown"}`;
}

/* The same of an amount, which a comparison has twice even where both are equal. */
function amountOfSides(facts, text) {
	const said = ofSides(facts, text);
	return (facts.sides || []).length && said && !said.includes(" → ") ? `${said} a side` : said;
}

/* "3 → 4 runs" of "3 runs → 4 runs". */
const oneNoun = (text) => text.replace(/^([\d,]+) (\w+?)s? → ([\d,]+) \2(s?)$/, "$1 → $3 $2$4");

const watched = ({ watched_ns: ns, time }) => (ns > 0 ? duration(ns) : time ? "duration unknown" : "");

/** The line below the title, in parts. */
export function origins({ facts }) {
	return [
		ofSides(facts, ({ python }) => python && `Python ${python}`).replace("→ Python ", "→ "),
		facts.host && `on ${facts.host}`,
		facts.started_ms > 0 && moment(facts.started_ms),
		(facts.sides || []).length ? oneNoun(amountOfSides(facts, ({ runs }) => counted(runs, "run"))) : facts.runs > 1 && counted(facts.runs, "run"),
		amountOfSides(facts, watched),
		facts.mode && facts.mode !== "wall" && `${facts.mode} mode`,
		ofSides(facts, (side) => (side.time ? speed(side) : "")),
		oneNoun(amountOfSides(facts, ({ samples }) => counted(samples, "sample"))),
		ofSides(facts, (side) => (side.time ? losses(side) : "")),
	]
		.filter(Boolean)
		.map(visible);
}

/** Whether not all samples are there that were taken. */
const isPart = ({ samples, observed }) => observed > samples;

/* What was lost of a profile, or of a side of one. */
function lossNotices(facts, where, all) {
	const gone = missed(facts);
	const part = isPart(facts);
	const notes = [];

	if (part) notes.push(`${where}A part of the recording: ${grouped(facts.samples)} of its ${counted(facts.observed, "sample")}. Its ticks, its losses and the time it was watched are those of all of it.`);
	if (facts.ticks > 0 && gone / (gone + facts.ticks) > 0.05)
		notes.push(`${where}${share(gone, gone + facts.ticks)} of the ticks were missed${all.missed && !part ? "; time that no sample covers is in <missed>" : ""}.`);
	if (facts.observed > 0 && torn(facts) / facts.observed > 0.05)
		notes.push(`${where}${share(torn(facts), facts.observed)} of the stacks are torn${all.torn && !part ? " and end in <torn>" : ""}.`);
	if (facts.samples > 0 && facts.samples < 100)
		notes.push(`${where}Only ${counted(facts.samples, "sample")}: every share is rough.`);
	return notes;
}

/** What the reader must know before believing the picture. */
export function notices({ facts, incomplete, notes }) {
	const all = incomplete.map((text) => `Incomplete: ${text}`);
	const { sides = [] } = facts;
	const lost = sides.length ? sides.map((side, i) => lossNotices(side, i ? "After: " : "Before: ", facts)).flat() : lossNotices(facts, "", facts);

	if (facts.cut > 0)
		all.push(
			facts.runs > 1
				? `Incomplete: the recording of ${grouped(facts.cut)} of ${grouped(facts.runs)} runs was cut, or goes on elsewhere.`
				: "Incomplete: the recording was cut, or goes on elsewhere.",
		);
	return [...all, ...lost, ...notes].map((text) => clipped(visible(text), 400));
}

/* What was lost, or was hard, in the order in which it is known. */
function lossRows(facts) {
	const { sides = [] } = facts;
	const texts = new Map([facts, ...sides].flatMap(({ losses: all }) => all.map(([text, unit]) => [text, unit])));
	const of = (text, unit) => oneNoun(amountOfSides(facts, ({ losses: all }) => counted(all.find(([one]) => one === text)?.[2] || 0, unit)));
	const part = [facts, ...sides].some(isPart);

	if (facts.ticks === 0) return [["Losses", "unknown"]];
	return [...texts].map(([text, unit]) => [`${text[0].toUpperCase()}${text.slice(1)}${part ? ", of the whole recording" : ""}`, of(text, unit)]);
}

/** All facts as rows of two texts. */
export function factRows(profile) {
	const { facts, writer } = profile;
	const fact = (text) => ofSides(facts, text) || "unknown";
	const number = (text) => amountOfSides(facts, (side) => text(side) || "unknown").replace("unknown a side", "unknown");
	const rows = [
		["Program", fact(({ script }) => script)],
		["Python", fact(({ python }) => python)],
		["Host", fact(({ host }) => host)],
		["Started", facts.started_ms > 0 ? moment(facts.started_ms) : "unknown"],
		["Runs", number(({ runs }) => grouped(runs))],
		["Watched", number(({ watched_ns: ns }) => (ns > 0 ? duration(ns) : ""))],
		["Seen to the end", fact(({ whole }) => (whole ? "yes" : "no"))],
		["Mode", fact(({ mode }) => mode)],
		["Rate", fact((side) => (side.time ? speed(side) : ""))],
		["Ticks", number(({ ticks }) => (ticks > 0 ? grouped(ticks) : ""))],
		["Samples", number(({ samples, observed }) => (observed > samples ? `${grouped(samples)} of ${grouped(observed)}` : grouped(samples)))],
		[facts.mode === "all tasks" ? "Task-time" : "Thread-time", number(({ time, weight }) => (time ? duration(weight) : ""))],
		["Processes", number(({ processes }) => grouped(processes))],
		["Threads", number(({ threads }) => grouped(threads))],
	];

	if (facts.accounted_ns > 0)
		rows.push(["On a CPU", fact((side) => side.accounted_ns > 0 && `${onCpu(side)} of the threads' time, and ${share(side.waited_ns, side.accounted_ns)} waiting for one`)]);
	rows.push(...lossRows(facts));
	rows.push(["Recorded by", fact(({ tool, options }) => [tool, options].filter(Boolean).join(" "))]);
	rows.push(["Drawn by", writer]);
	return rows.map((row) => row.map((text) => clipped(visible(text), 300)));
}

/* What of the time that the scheduler accounted for was on a CPU. */
function onCpu({ ran_ns, accounted_ns }) {
	return share(ran_ns, accounted_ns);
}

/** The threads as rows: whose, which, weight, share, and where it is known that on a CPU. */
export function threadRows({ threads, processes }, weightText, whole) {
	const known = threads.some(({ accounted_ns }) => accounted_ns > 0);
	const cpu = (thread) => (thread.accounted_ns > 0 ? `${onCpu(thread)} on a CPU` : "");

	return threads.map((thread) =>
		[thread.side === 1 ? `${thread.name} (before)` : thread.name, processes[thread.process], weightText(thread.weight), share(thread.weight, whole)]
			.concat(known ? cpu(thread) : [])
			.map((t) => clipped(visible(t), 120)),
	);
}
