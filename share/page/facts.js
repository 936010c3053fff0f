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

/** The line below the title, in parts. */
export function origins({ facts }) {
	return [
		facts.python && `Python ${facts.python}`,
		facts.host && `on ${facts.host}`,
		facts.started_ms > 0 && moment(facts.started_ms),
		facts.runs > 1 && counted(facts.runs, "run"),
		facts.watched_ns > 0 ? duration(facts.watched_ns) : facts.time && "duration unknown",
		facts.mode && facts.mode !== "wall" && `${facts.mode} mode`,
		facts.time ? speed(facts) : "",
		counted(facts.samples, "sample"),
		facts.time ? losses(facts) : "",
	]
		.filter(Boolean)
		.map(visible);
}

/** What the reader must know before believing the picture. */
export function notices({ facts, incomplete, notes }) {
	const all = incomplete.map((text) => `Incomplete: ${text}`);
	const gone = missed(facts);

	if (facts.cut > 0)
		all.push(
			facts.runs > 1
				? `Incomplete: the recording of ${grouped(facts.cut)} of ${grouped(facts.runs)} runs was cut, or goes on elsewhere.`
				: "Incomplete: the recording was cut, or goes on elsewhere.",
		);
	if (facts.ticks > 0 && gone / (gone + facts.ticks) > 0.05)
		all.push(`${share(gone, gone + facts.ticks)} of the ticks were missed; time that no sample covers is in <missed>.`);
	if (facts.observed > 0 && torn(facts) / facts.observed > 0.05)
		all.push(`${share(torn(facts), facts.observed)} of the stacks are torn and end in <torn>.`);
	if (facts.samples > 0 && facts.samples < 100)
		all.push(`Only ${counted(facts.samples, "sample")}: every share is rough.`);
	return [...all, ...notes].map((text) => clipped(visible(text), 400));
}

/** All facts as rows of two texts. */
export function factRows(profile) {
	const { facts, writer } = profile;
	const unknown = (text) => text || "unknown";
	const rows = [
		["Program", unknown(facts.script)],
		["Python", unknown(facts.python)],
		["Host", unknown(facts.host)],
		["Started", facts.started_ms > 0 ? moment(facts.started_ms) : "unknown"],
		["Runs", grouped(facts.runs)],
		["Watched", facts.watched_ns > 0 ? duration(facts.watched_ns) : "unknown"],
		["Seen to the end", facts.whole ? "yes" : "no"],
		["Mode", unknown(facts.mode)],
		["Rate", facts.time ? speed(facts) : "unknown"],
		["Ticks", facts.ticks > 0 ? grouped(facts.ticks) : "unknown"],
		["Samples", grouped(facts.samples)],
		[facts.mode === "all tasks" ? "Task-time" : "Thread-time", facts.time ? duration(facts.weight) : "unknown"],
		["Processes", grouped(facts.processes)],
		["Threads", grouped(facts.threads)],
	];

	if (facts.accounted_ns > 0)
		rows.push(["On a CPU", `${onCpu(facts)} of the threads' time, and ${share(facts.waited_ns, facts.accounted_ns)} waiting for one`]);
	if (facts.ticks === 0) rows.push(["Losses", "unknown"]);
	for (const [text, unit, n] of facts.losses) rows.push([text[0].toUpperCase() + text.slice(1), counted(n, unit)]);
	rows.push(["Recorded by", unknown([facts.tool, facts.options].filter(Boolean).join(" "))]);
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
