// help.js: profiles made up for tests, pages made of them, and the browser that opens them.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Numbers as lib/render writes a column: varints, deflated, in base64. */
export function column(numbers) {
	const bytes = [];

	for (let n of numbers) {
		for (; n >= 128; n = Math.floor(n / 128)) bytes.push((n % 128) | 128);
		bytes.push(n);
	}
	return deflateSync(Uint8Array.from(bytes)).toString("base64");
}

export const FACTS = {
	script: "work.py",
	python: "3.13.1",
	host: "box",
	tool: "tsample 0.1.0",
	options: "",
	mode: "wall",
	runs: 1,
	processes: 1,
	threads: 1,
	time: true,
	whole: true,
	cut: 0,
	weight: 0,
	samples: 0,
	ticks: 1000,
	watched_ns: 1e9,
	started_ms: 1763693100000,
	asked_ns: 1e6,
	rate_hz: 998.4,
	losses: [],
	torn: true,
	missed: true,
	sides: [],
};

const THREAD = { process: 0, name: "MainThread", side: 0, weight: 0, samples: 0, accounted_ns: 0, ran_ns: 0 };
const MS = 1e6;

/* Siblings by what they have, preorder, and of each node its cells. */
function grown(stacks, lines) {
	const root = { children: new Map(), cells: [], total: 0 };

	for (const [stack, had] of stacks instanceof Map ? stacks : Object.entries(stacks)) {
		const cells = (typeof had === "number" ? [{ samples: had }] : had).map((cell) => ({ series: 0, epoch: 0, ms: cell.samples, ...cell }));
		const weight = cells.reduce((sum, { ms }) => sum + ms, 0);
		let node = root;

		node.total += weight;
		for (const text of typeof stack === "string" ? (stack ? stack.split(";") : []) : stack) {
			if (!node.children.has(text)) node.children.set(text, { children: new Map(), cells: [], total: 0 });
			node = node.children.get(text);
			node.total += weight;
		}
		node.cells.push(...cells);
	}
	const rows = [];
	const waiting = [...root.children].reverse().map((entry) => [...entry, 1]);
	let last = 0;

	while (waiting.length) {
		const [text, node, depth] = waiting.pop();
		const [, name, line] = (lines && /^(.*):(\d+)$/.exec(text)) || [null, text, 0];

		rows.push({ up: last + 1 - depth, name, line: Number(line), cells: node.cells });
		last = depth;
		for (const entry of [...node.children].sort((a, b) => a[1].total - b[1].total)) waiting.push([...entry, depth + 1]);
	}
	return { root, rows };
}

/* The table of cells, of the root's and then those of the rows. */
function cellsOf(lists, epochs) {
	const table = { slot: [], samples: [], extra: [] };
	const counts = [];

	for (const list of lists) {
		const slots = new Map();
		let last = -1;

		for (const { series, epoch, samples, ms } of list) {
			const sum = slots.get(series * epochs + epoch) || { samples: 0, ms: 0 };
			slots.set(series * epochs + epoch, { samples: sum.samples + samples, ms: sum.ms + ms });
		}
		counts.push(slots.size);
		for (const [slot, { samples, ms }] of [...slots].sort((a, b) => a[0] - b[0])) {
			const extra = ms - samples;

			table.slot.push(slot - last - 1);
			table.samples.push(samples);
			table.extra.push(extra < 0 ? -2 * extra - 1 : 2 * extra);
			last = slot;
		}
	}
	return [table, counts];
}

/* The columns of a comparison: {name: {category, self_verdict, total_verdict, self: six, total: six}}. */
function verdictColumns(names, verdicts) {
	const of = (name) => ({ category: 0, self_verdict: 0, total_verdict: 0, self: [0, 0, 0, 0, 0, 0], total: [0, 0, 0, 0, 0, 0], ...verdicts[name] });
	const columns = Object.fromEntries(["category", "self_verdict", "total_verdict"].map((key) => [key, names.map((name) => of(name)[key])]));

	for (let i = 0; i < 6; i++) for (const key of ["self", "total"]) columns[`${key}${i}`] = names.map((name) => of(name)[key][i]);
	return columns;
}

/** A comparison of three runs a side, for the option diff. */
export const DIFF = {
	...{ scale: "time", numerator: 1, denominator: 1, match: "function", basis: "runs", runs: [3, 3], judged: true, forced: false, incomplete: false },
	...{ common: [1020000, 990000, 1050000], common_verdict: 2, smallest: 80000, min_effect: 50000, fdr: 50000, words: "the whole program x1.02 (0.99 to 1.05)" },
};

/** The two sides, for the options series and threads. */
export const SIDES = {
	series: [[0, 0], [1, 0]],
	threads: [{ process: 0, name: "MainThread", side: 1 }, { process: 0, name: "MainThread", side: 2 }],
};

/** Samples before and after, as cells of SIDES. */
export const sides = (before, after) => [{ series: 0, samples: before }, { series: 1, samples: after }].filter(({ samples }) => samples > 0);

/**
 * A profile of stacks {"a;b": samples}, each sample a millisecond; or of
 * {"a;b": [{series, epoch, samples, ms}]}, with series as [thread, state] and
 * threads as {process, name, side}. frame(text) gives {kind, name, file, line}
 * of a frame's text; with lines "f:12" is function f on line 12.
 */
export function profileOf(stacks, { facts = {}, frame, series = [[0, 0]], threads = [THREAD], processes = ["work.py (42)"], epochs = {}, lines, verdicts, ...rest } = {}) {
	const functions = new Map();
	const strings = new Map([["", 0]]);
	const number = (map, key) => map.get(key) ?? (map.set(key, map.size), map.size - 1);
	const what = frame || ((text) => ({ kind: 0, name: text, file: `/srv/app/${text.slice(0, 1)}.py`, line: 7 }));
	const table = (columns) => Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, column(v)]));
	const count = epochs.count || 1;
	const { root, rows } = grown(stacks, lines);
	const [cells, counts] = cellsOf([root.cells, ...rows.map((row) => row.cells)], count);
	const nodes = { up: rows.map((row) => row.up), function: rows.map((row) => number(functions, row.name)), cells: counts.slice(1) };
	const samples = cells.samples.reduce((sum, n) => sum + n, 0);

	if (lines) nodes.line = rows.map((row) => row.line);
	const places = [...functions.keys()].map(what);
	const columns = {
		kind: places.map((row) => row.kind),
		name: places.map((row) => number(strings, row.name)),
		file: places.map((row) => number(strings, row.file)),
		line: places.map((row) => row.line),
		...(verdicts ? verdictColumns([...functions.keys()], verdicts) : {}),
	};
	const watched = epochs.watched || processes.flatMap(() => Array(count).fill((epochs.ms || samples) * 1000));

	return {
		page: 2,
		writer: "tflame 0.1.0",
		title: "",
		unit: "ns",
		lines: lines === "apart",
		incomplete: [],
		notes: [],
		facts: { ...FACTS, samples, observed: samples, weight: samples * MS, threads: threads.length, ...facts },
		processes,
		threads: threads.map((thread) => ({ ...THREAD, ...thread })),
		epochs: { ms: epochs.ms || 0, count, n: watched.length, watched: column(watched) },
		series,
		strings: [...strings.keys()],
		functions: { n: places.length, ...table(columns) },
		nodes: { n: rows.length, ...table(nodes) },
		cells: { n: cells.slot.length, root: counts[0], quantum: MS, each: 1, ...table(cells) },
		...rest,
	};
}

/** The profile as the text of the data block. */
export function dataOf(profile) {
	const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
	return JSON.stringify(profile).replace(/[<>&\u2028\u2029]/g, escape);
}

/** Self and total microseconds of each function, of what tfold -t --weight time wrote. */
export function functionsOf(text) {
	const functions = new Map();
	const of = (name) => functions.get(name) ?? functions.set(name, { self: 0, total: 0 }).get(name);

	for (const line of text.split("\n").filter((line) => line && !line.startsWith("<root> "))) {
		const blank = line.lastIndexOf(" ");
		const names = line.slice(0, blank).split(";").map((frame) => frame.replace(/ \((\/|<task>)[^)]*\)$/, ""));
		const weight = Number(line.slice(blank + 1));

		of(names.at(-1)).self += weight;
		for (const name of new Set(names)) of(name).total += weight;
	}
	return functions;
}

let shell, copied;

/** The finished page of a profile. */
export function pageOf(profile) {
	shell ??= execFileSync("sh", [join(ROOT, "share/page/build"), "flame"], { encoding: "utf8" });
	return shell.replace("@profile@", () => dataOf(profile));
}

/** The path of Chromium, or undefined; without its windows a page opens in half the time. */
export function chromium() {
	const places = [process.env.CHROMIUM, "/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
	return places.find((path) => path && existsSync(path));
}

/** playwright-core, from where modules are found or from build/node_modules, or undefined. */
export async function playwright() {
	for (const from of [import.meta.url, join(ROOT, "build/x.js")]) {
		try {
			return createRequire(from)("playwright-core").chromium;
		} catch {
			continue;
		}
	}
	return undefined;
}

/** A module of share/, "flame/layout.js": there no package says that it is one, here one does. */
export async function load(path) {
	if (!copied) {
		copied = folder();
		cpSync(join(ROOT, "share/page"), join(copied, "page"), { recursive: true });
		for (const page of ["flame", "heat"]) cpSync(join(ROOT, "share", page), join(copied, page), { recursive: true });
		writeFileSync(join(copied, "package.json"), '{"type": "module"}');
	}
	return import(pathToFileURL(join(copied, path)).href);
}

/** A browser; it asks no network for anything. */
export async function launch() {
	const engine = await playwright();
	const quiet = ["background-networking", "component-update", "sync", "quic", "domain-reliability"];
	return engine.launch({
		executablePath: chromium(),
		args: ["--no-sandbox", "--disable-gpu", "--no-first-run", ...quiet.map((what) => `--disable-${what}`)],
	});
}

let made;

/** A folder for a page; all go with the process. */
export function folder() {
	if (!made) {
		made = mkdtempSync(join(tmpdir(), "tachytools-"));
		process.on("exit", () => rmSync(made, { recursive: true, force: true }));
	}
	return mkdtempSync(join(made, "page-"));
}

/**
 * Opens a page text from disk. {tab, errors, requests, ...}: what the console
 * and the network heard; the page itself is the one request.
 */
export async function openPage(browser, html, { hash = "", ...context } = {}) {
	const path = join(folder(), "page.html");

	writeFileSync(path, html);
	return openFile(browser, path, { hash, ...context });
}

export async function openFile(browser, path, { hash = "", ...options } = {}) {
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
	const tab = await context.newPage();
	const heard = { tab, errors: [], requests: [] };

	tab.on("console", (message) => heard.errors.push(`${message.type()}: ${message.text()}`));
	tab.on("pageerror", (error) => heard.errors.push(String(error)));
	tab.on("request", (request) => heard.requests.push(request.url()));
	tab.on("dialog", (dialog) => {
		heard.errors.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	await tab.goto(pathToFileURL(path).href + hash);
	await tab.waitForFunction(() => document.documentElement.dataset.state === "open" || !document.querySelector(".empty").hidden);
	return heard;
}
