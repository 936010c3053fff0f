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
};

/**
 * A profile of stacks {"a;b": samples}, each sample a millisecond. frame(text)
 * gives {kind, name, file, line} of a frame's text.
 */
export function profileOf(stacks, { facts = {}, frame, ...rest } = {}) {
	const root = { children: new Map(), self: 0, total: 0 };
	const functions = new Map();
	const strings = new Map([["", 0]]);
	const number = (map, key) => map.get(key) ?? (map.set(key, map.size), map.size - 1);
	const what = frame || ((text) => ({ kind: 0, name: text, file: `/srv/app/${text.slice(0, 1)}.py`, line: 7 }));
	let samples = 0;

	for (const [stack, count] of stacks instanceof Map ? stacks : Object.entries(stacks)) {
		let node = root;

		samples += count;
		node.total += count;
		for (const text of typeof stack === "string" ? stack.split(";") : stack) {
			if (!node.children.has(text)) node.children.set(text, { children: new Map(), self: 0, total: 0 });
			node = node.children.get(text);
			node.total += count;
		}
		node.self += count;
	}
	const nodes = { up: [], function: [], self: [], samples: [] };
	let last = 0;
	const waiting = [...root.children].reverse().map((entry) => [...entry, 1]);

	while (waiting.length) {
		const [text, node, depth] = waiting.pop();

		nodes.up.push(last + 1 - depth);
		nodes.function.push(number(functions, text));
		nodes.self.push(node.self * 1e6);
		nodes.samples.push(node.self);
		last = depth;
		const children = [...node.children].sort((a, b) => a[1].total - b[1].total);
		for (const entry of children) waiting.push([...entry, depth + 1]);
	}
	const rows = [...functions.keys()].map(what);
	const table = (columns) => Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, column(v)]));
	const columns = table({
		kind: rows.map((row) => row.kind),
		name: rows.map((row) => number(strings, row.name)),
		file: rows.map((row) => number(strings, row.file)),
		line: rows.map((row) => row.line),
	});

	return {
		page: 1,
		writer: "tflame 0.1.0",
		title: "",
		unit: "ns",
		incomplete: [],
		notes: [],
		facts: { ...FACTS, samples, observed: samples, weight: samples * 1e6, ...facts },
		threads: [],
		root: { self: 0, samples: 0 },
		strings: [...strings.keys()],
		functions: { n: rows.length, ...columns },
		nodes: { n: nodes.up.length, ...table(nodes) },
		...rest,
	};
}

/** The profile as the text of the data block. */
export function dataOf(profile) {
	const escape = (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;
	return JSON.stringify(profile).replace(/[<>&\u2028\u2029]/g, escape);
}

let shell, copied;

/** The finished page of a profile. */
export function pageOf(profile) {
	shell ??= execFileSync("sh", [join(ROOT, "share/page/build"), "flame"], { encoding: "utf8" });
	return shell.replace("@profile@", () => dataOf(profile));
}

/** The path of Chromium, or undefined. */
export function chromium() {
	const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
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
		cpSync(join(ROOT, "share/flame"), join(copied, "flame"), { recursive: true });
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
