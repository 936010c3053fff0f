// tests/bench/pages.mjs: how fast pages are in a browser, ours beside d3-flame-graph and speedscope.
//
//	node pages.mjs PAGE FOLDED WHO [ROUNDS]
//
// PAGE is tflame's, FOLDED the same stacks as collapsed text, WHO "ours", "d3" or "speedscope";
// with "heat" PAGE is theat's.
// Prints one row: ms until it stands, ms from a click to the picture after it, ms of a
// search, MB of the renderer. What a rival cannot do is "-". The browser is that of the tests,
// or $CHROMIUM. Modules are those of NODE_PATH.

import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium as pathOfChromium } from "../browser/help.js";

const [page, folded, who, rounds = "3"] = process.argv.slice(2);
const modules = process.env.NODE_PATH;
const { chromium } = createRequire(join(modules, "x.js"))("playwright-core");
const work = mkdtempSync(join(tmpdir(), "pages-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

/* The stacks as the nested objects that d3-flame-graph takes. */
function nested() {
	const root = { name: "all", value: 0, children: [], index: new Map() };

	for (const line of readFileSync(folded, "utf8").trimEnd().split("\n")) {
		const cut = line.lastIndexOf(" ");
		const count = Number(line.slice(cut + 1));
		let node = root;

		node.value += count;
		for (const name of line.slice(0, cut).split(";")) {
			let child = node.index.get(name);
			if (!child) {
				child = { name, value: 0, children: [], index: new Map() };
				node.index.set(name, child);
				node.children.push(child);
			}
			child.value += count;
			node = child;
		}
	}
	return JSON.stringify(root, (key, value) => (key === "index" ? undefined : value));
}

function pageOfD3() {
	const path = join(work, "d3.html");
	const script = (name) => `<script>${readFileSync(join(modules, name), "utf8").replaceAll("</script", "<\\/script")}</script>`;

	writeFileSync(
		path,
		`<!doctype html><meta charset="utf-8"><body><div id="chart"></div>${script("d3/dist/d3.min.js")}${script("d3-flame-graph/dist/d3-flamegraph.umd.min.js")}
		<script>const chart = (globalThis.flamegraph.default || globalThis.flamegraph)().width(1260).transitionDuration(0);
		d3.select("#chart").datum(${nested()}).call(chart); globalThis.stands = true;</script>`,
	);
	return { url: pathToFileURL(path).href, stands: () => globalThis.stands === true, place: "rect" };
}

/* As speedscope's own command opens a file. */
function pageOfSpeedscope() {
	const path = join(work, "profile.js");

	writeFileSync(path, `speedscope.loadFileFromBase64("stacks.txt", "${readFileSync(folded).toString("base64")}")`);
	const index = pathToFileURL(join(modules, "speedscope/dist/release/index.html")).href;
	return { url: `${index}#localProfilePath=${encodeURIComponent(path)}`, stands: () => document.title.includes("stacks.txt") && document.querySelector("canvas") !== null, place: "canvas" };
}

const SUBJECTS = {
	ours: () => ({ url: pathToFileURL(page).href, stands: () => document.documentElement.dataset.state === "open", place: '[data-name="canvas"]', field: '[data-name="query"]' }),
	heat: () => ({ ...SUBJECTS.ours(), place: ".hot" }),
	d3: pageOfD3,
	speedscope: pageOfSpeedscope,
};

/* The largest renderer's share of memory, in MB. */
function rendererMb() {
	const pids = execFileSync("pgrep", ["-f", "type=renderer"], { encoding: "utf8" }).trim().split("\n");
	const sizes = pids.map((pid) => {
		try {
			return Number(/Pss:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]) / 1024;
		} catch {
			return 0;
		}
	});
	return Math.round(Math.max(...sizes));
}

async function measure({ url, stands, place, field }) {
	const browser = await chromium.launch({ executablePath: pathOfChromium(), args: ["--no-sandbox", "--disable-gpu", "--js-flags=--max-old-space-size=8000", "--allow-file-access-from-files"] });
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce" });
	const tab = await context.newPage();

	tab.setDefaultTimeout(300000);
	await tab.goto(url, { waitUntil: "commit", timeout: 300000 });
	await tab.waitForFunction(stands, undefined, { polling: "raf" });
	const open = await tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())))));
	const memory = rendererMb();
	const click = await tab.evaluate(async (what) => {
		const box = document.querySelector(what).getBoundingClientRect();
		const at = { clientX: box.left + Math.min(box.width, 1200) * 0.3, clientY: what === "rect" ? box.top + box.height / 2 : box.top + 70, bubbles: true, button: 0, pointerId: 1, pointerType: "mouse" };
		const target = document.elementFromPoint(at.clientX, at.clientY) || document.querySelector(what);
		const from = performance.now();

		for (const [type, Kind] of [["pointermove", PointerEvent], ["mousemove", MouseEvent], ["pointerdown", PointerEvent], ["mousedown", MouseEvent], ["pointerup", PointerEvent], ["mouseup", MouseEvent], ["click", MouseEvent], ["dblclick", MouseEvent]]) target.dispatchEvent(new Kind(type, at));
		await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
		return performance.now() - from;
	}, place);
	const search = field
		? await tab.evaluate(async (what) => {
				const query = document.querySelector(what);
				const from = performance.now();

				query.value = "function_12";
				query.dispatchEvent(new Event("input", { bubbles: true }));
				await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
				return performance.now() - from;
			}, field)
		: NaN;
	await browser.close();
	return [open, click, search, memory];
}

const subject = SUBJECTS[who]();
const rows = [];
for (let round = 0; round < Number(rounds); round++) rows.push(await measure(subject));
const median = (i) => rows.map((row) => row[i]).sort((a, b) => a - b)[Math.floor(rows.length / 2)];
console.log([0, 1, 2, 3].map((i) => (Number.isNaN(median(i)) ? "-" : Math.round(median(i)))).join(" "));
