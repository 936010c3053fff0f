// The flame graph's page, opened for real and used as a person would.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { close, found, nodeNamed, shownNode, silent, skip, spot, text } from "./drive.js";
import { untooled } from "./heat.js";
import { folder, launch, openFile, openPage, pageOf, profileOf, ROOT } from "./help.js";

const BUILD = process.env.BUILD || join(ROOT, "build");
let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

const STACKS = {
	"main;load;parse": 400,
	"main;load;parse;decode": 300,
	"main;load": 50,
	"main;draw": 150,
	"main;draw;parse": 90,
	"main;tiny;a": 1,
	"main;tiny;b": 1,
	"main;tiny;c": 1,
	"main;idle": 7,
};

test("a page opens from disk, says where it comes from, and asks for nothing", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;

	assert.equal(await tab.title(), "work.py – flame graph");
	assert.equal(await text(tab, "title"), "work.py");
	for (const part of ["Python 3.13.1", "on box", "1.00 s", "998 Hz of 1 kHz", "1,000 samples", "none missed"])
		assert.ok((await text(tab, "facts")).includes(part), part);
	assert.equal(await text(tab, "notices"), "");
	assert.match(await text(tab, "summary"), /Flame graph of work\.py.*11 frames, 4 levels deep.*parse 49\.0 %, decode 30\.0 %/);
	assert.equal(await tab.evaluate(() => getComputedStyle(document.body).display), "flex");
	await tab.waitForTimeout(200);
	silent(page);
	await close(page);
});

test("the page's policy refuses other scripts, styles, pictures and connections", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const refused = await page.tab.evaluate(async () => {
		const heard = new Set();
		document.addEventListener("securitypolicyviolation", (event) => heard.add(event.effectiveDirective));
		const script = document.createElement("script");
		script.textContent = "globalThis.ran = true";
		const image = document.createElement("img");
		image.src = "http://127.0.0.1:9/x.png";
		const style = document.createElement("style");
		style.textContent = "body { display: none }";
		document.body.append(script, image, style);
		await fetch("http://127.0.0.1:9/").catch(() => {});
		await new Promise((done) => setTimeout(done, 100));
		return [[...heard].sort(), globalThis.ran];
	});

	assert.deepEqual(refused, [["connect-src", "img-src", "script-src-elem", "style-src-elem"], undefined]);
	await close(page);
});

const HOSTILE = [
	"</script><img src=x onerror=alert(1)>",
	"</SCRIPT ><script>globalThis.ran = 1</script>",
	"<!--<script>",
	"]]>&lt;b&gt;\"'`${globalThis.ran = 1}",
	"\u202egnp.exe",
	"nul\0 bell\x07 esc\x1b[31m",
	"\u2028line\u2029separators",
	"x".repeat(10000),
	"\u{1f525}\u{1f468}‍\u{1f469}‍\u{1f467} émoji ".repeat(30),
	"constructor",
	"__proto__",
	"",
];

test("a hostile name stays a text, everywhere it is shown", { skip }, async () => {
	const frame = (name) => ({ kind: 0, name, file: name, line: 1 });
	const stacks = new Map(HOSTILE.map((name, i) => [["root", name, `${name}2`], 200 - i]));
	const facts = { script: HOSTILE[0], host: HOSTILE[1], python: HOSTILE[4], losses: [[HOSTILE[0], "tick", 3]] };
	const threads = [0, 1].map((i) => ({ process: i, name: HOSTILE[i + 2], weight: 5, samples: 5 }));
	const html = pageOf(profileOf(stacks, { frame, facts, threads, processes: HOSTILE.slice(0, 2), notes: HOSTILE, title: HOSTILE[0], incomplete: [HOSTILE[0]] }));
	const page = await openPage(browser, html);
	const { tab } = page;

	for (const name of HOSTILE) {
		const node = await nodeNamed(tab, name);
		await tab.mouse.move(...(await spot(tab, node)));
		assert.equal(await tab.locator(".tip").isVisible(), true);
		await tab.mouse.click(...(await spot(tab, node)));
		assert.equal(await shownNode(tab), node);
		await tab.keyboard.press("0");
	}
	for (const name of HOSTILE) {
		await tab.mouse.click(...(await spot(tab, await nodeNamed(tab, name))), { button: "right" });
		assert.equal(await tab.locator(".menu").isVisible(), true);
		await tab.keyboard.press("Escape");
		await tab.keyboard.press("s");
		assert.equal(await tab.evaluate(() => flame.choice.view), "sandwich");
		await tab.keyboard.press("x");
		assert.equal(await tab.locator(".chip").count(), 1);
		await tab.keyboard.press("c");
		await tab.locator('[data-name="reset"]').click();
	}
	for (const name of ["open-filter", "open-profile", "open-functions"]) await tab.locator(`[data-name="${name}"]`).click();
	await tab.keyboard.press("p");
	await tab.keyboard.press("v");
	await tab.keyboard.press("v");
	await tab.locator(".query").fill("<img src=x onerror=alert(1)>");
	assert.match(await found(tab), /^2 frames/);
	const shown = await tab.evaluate(() => [
		document.images.length,
		document.scripts.length,
		document.querySelectorAll("img, iframe, object, b").length,
		globalThis.ran,
		/[\0-\x08\x0b-\x1f\x7f\u202e\u2028\u2029]/.test(document.body.innerText),
	]);
	assert.deepEqual(shown, [0, 4, 0, undefined, false]);
	assert.ok((await text(tab, "title")).includes("</script><img"));
	silent(page);
	await close(page);
});

/** Every node by what the page shows, against what the model holds. */
const census = (tab) =>
	tab.evaluate(() => {
		const tree = flame.picture.tree();
		let shown = 0, own = 0;
		for (let d = 0; d < tree.rowStart.length - 1; d++)
			for (const { first, last } of flame.picture.row(d)) shown += last - first + 1;
		for (let i = 0; i < tree.n; i++) own += tree.selfSamples[i];
		return { n: tree.n - 1, shown: shown - 1, own, total: tree.samples[0] };
	});

test("no frame is left out: what is shown is what tfold -t counts", { skip }, async (t) => {
	for (const tool of ["timport", "tfold", "tflame"])
		if (!existsSync(join(BUILD, tool))) return t.skip(`${tool} is not built`);
	const run = (tool, input, ...options) =>
		execFileSync(join(BUILD, tool), options, { input, maxBuffer: 1 << 28 });
	let lines = "", seed = 7;
	for (let i = 0; i < 3000; i++) {
		const names = [];
		for (let k = 0; k < 4 + (i % 9); k++) {
			seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
			names.push(`f${(seed >>> 16) % (3 + k * 5)}`);
		}
		lines += `${names.join(";")} ${1 + (seed >>> 28)}\n`;
	}
	const stream = run("timport", lines);
	const folded = run("tfold", stream, "-t").toString().trim().split("\n");
	const prefixes = new Set();
	let total = 0;
	for (const line of folded) {
		const names = line.slice(0, line.lastIndexOf(" ")).split(";");
		total += Number(line.slice(line.lastIndexOf(" ") + 1));
		names.forEach((_, i) => prefixes.add(names.slice(0, i + 1).join(";")));
	}
	const path = join(folder(), "flame.html");
	run("tflame", stream, "-o", path);
	const page = await openFile(browser, path);

	assert.deepEqual(await census(page.tab), { n: prefixes.size, shown: prefixes.size, own: total, total });
	silent(page);
	await close(page);
});

test("a search tells how many frames it finds and their share, counting what is nested once", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;

	await tab.keyboard.press("/");
	await tab.keyboard.type("PARSE");
	assert.equal(await found(tab), "2 frames, 79.0 %");
	await tab.locator(".query").fill("/^(load|parse)$/");
	assert.equal(await found(tab), "3 frames, 84.0 %");
	await tab.locator(".query").fill("/(/");
	assert.match(await found(tab), /\S/);
	assert.equal(await tab.locator(".query").getAttribute("aria-invalid"), "true");
	await tab.locator(".query").fill("nothing like it");
	assert.equal(await found(tab), "no match");
	await tab.locator(".query").fill("d.py");
	assert.equal(await found(tab), "2 frames, 54.0 %");
	await tab.locator(".query").fill("parse");
	await tab.keyboard.press("Enter");
	assert.equal(await found(tab), "1 of 2 frames, 79.0 %");
	await tab.locator('[data-name="canvas"]').focus();
	await tab.keyboard.press("n");
	assert.equal(await found(tab), "2 of 2 frames, 79.0 %");
	await tab.keyboard.press("n");
	assert.equal(await found(tab), "1 of 2 frames, 79.0 %");
	await tab.keyboard.press("N");
	assert.equal(await found(tab), "2 of 2 frames, 79.0 %");
	assert.match(await text(tab, "status"), /^parse · /);
	await tab.keyboard.press("Escape");
	assert.equal(await found(tab), "");
	silent(page);
	await close(page);
});

test("a frame narrower than a pixel is found, told in its sliver, and reached", { skip }, async () => {
	const stacks = new Map([[["main", "big"], 1000000]]);
	for (let i = 0; i < 800; i++) stacks.set(["main", "small", `leaf${i}`], 1);
	const page = await openPage(browser, pageOf(profileOf(stacks)));
	const { tab } = page;

	await tab.mouse.move(...(await spot(tab, await nodeNamed(tab, "leaf400"))));
	assert.match(await tab.locator(".tip-name").textContent(), /^800 frames, 0\.08 %$/);
	await tab.locator(".query").fill("leaf400");
	assert.equal(await found(tab), "1 frame, <0.01 %");
	await tab.keyboard.press("Enter");
	assert.match(await text(tab, "status"), /^leaf400 · /);
	const wide = await tab.evaluate(() => {
		const tree = flame.picture.tree();
		const { left, right } = flame.picture.view();
		return (tree.total[tree.functions.findIndex((f, i) => i && flame.model.functions.name(f) === "leaf400")] / (right - left)) * 1280;
	});
	assert.ok(wide >= 1, `${wide} pixels`);
	assert.deepEqual((await census(tab)).shown > 0, true);
	silent(page);
	await close(page);
});

test("clicks into a sliver as wide as the page lead to single frames", { skip }, async () => {
	const stacks = new Map();
	for (let i = 0; i < 100000; i++) stacks.set(["main", `leaf${i}`], 1);
	const page = await openPage(browser, pageOf(profileOf(stacks)));
	const { tab } = page;
	const box = await tab.locator('[data-name="canvas"]').boundingBox();
	const at = [box.x + 700, box.y + 50];
	let clicks = 0;

	await tab.mouse.move(...at);
	assert.equal(await tab.locator(".tip-name").textContent(), "100,000 frames, 100 %");
	while ((await tab.locator(".tip-name").textContent()).includes("frames") && clicks++ < 10) {
		await tab.mouse.click(...at);
		await tab.mouse.move(at[0] + 1, at[1]);
		await tab.mouse.move(...at);
	}
	assert.match(await tab.locator(".tip-name").textContent(), /^leaf\d+$/);
	assert.ok(clicks <= 4, `${clicks} clicks`);
	silent(page);
	await close(page);
});

test("a click zooms, the trail and Back lead out again, and the address keeps it", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;
	const load = await nodeNamed(tab, "load");
	const parse = await nodeNamed(tab, "parse");

	await tab.mouse.click(...(await spot(tab, load)));
	assert.equal(await shownNode(tab), load);
	assert.match(tab.url(), new RegExp(`#zoom=${load}$`));
	assert.equal(await text(tab, "trail"), "allmainload750 ms · 75.0 %");
	await tab.mouse.click(...(await spot(tab, parse)));
	await tab.mouse.move(...(await spot(tab, await nodeNamed(tab, "decode"))));
	assert.match(await text(tab, "tip"), /decode.*Time300 ms30\.0 %Self300 ms30\.0 %Samples30030\.0 %Of the zoomed frame42\.9 %/);
	await tab.goBack();
	await tab.waitForFunction((node) => flame.picture.view().node === node, load);
	await tab.locator(".crumb", { hasText: "main" }).click();
	assert.equal(await shownNode(tab), await nodeNamed(tab, "main"));
	await tab.locator('[data-name="reset"]').click();
	assert.equal(await shownNode(tab), 0);
	silent(page);
	await close(page);
});

test("an address brings its zoom and its search back", { skip }, async () => {
	const html = pageOf(profileOf(STACKS));
	const first = await openPage(browser, html);
	const node = await nodeNamed(first.tab, "draw");
	const page = await openPage(browser, html, { hash: `#zoom=${node}&search=parse` });

	assert.equal(await shownNode(page.tab), node);
	assert.equal(await page.tab.locator(".query").inputValue(), "parse");
	assert.equal(await found(page.tab), "2 frames, 79.0 %");
	silent(page);
	for (const hash of ["#zoom=99999", "#zoom=-1&search=%", "#zoom=<b>", "#="]) {
		const odd = await openPage(browser, html, { hash });
		assert.equal(await shownNode(odd.tab), 0);
		silent(odd);
		await close(odd);
	}
	await close(first);
	await close(page);
});

test("the keys that the table of keys tells of work", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;
	const status = () => text(tab, "status");

	for (const [key, said] of [
		["ArrowDown", /^all: 1\.00 s, 1,000 samples/],
		["ArrowDown", /^main · /],
		["ArrowDown", /^load · l\.py:7 · project · time 750 ms, 75\.0 % · self 50\.0 ms, 5\.0 %/],
		["ArrowRight", /^draw · /],
		["ArrowRight", /^idle · /],
		["ArrowRight", /^tiny · /],
		["ArrowRight", /^tiny · /],
		["Home", /^load · /],
		["End", /^tiny · /],
		["ArrowUp", /^main · /],
		["ArrowDown", /^load · /],
	]) {
		await tab.keyboard.press(key);
		assert.match(await status(), said, key);
	}
	await tab.keyboard.press("Enter");
	assert.equal(await shownNode(tab), await nodeNamed(tab, "load"));
	await tab.keyboard.press("u");
	assert.equal(await shownNode(tab), await nodeNamed(tab, "main"));
	await tab.keyboard.press("0");
	assert.equal(await shownNode(tab), 0);
	await tab.keyboard.press("?");
	assert.equal(await tab.locator('[data-name="keys-sheet"]').isVisible(), true);
	assert.match(await text(tab, "keys-table"), /Enter zoom to the selected frame/);
	await tab.keyboard.press("Escape");
	await tab.keyboard.press("i");
	assert.match(await text(tab, "facts-table"), /Programwork\.py.*Samples1,000/);
	await tab.keyboard.press("Escape");
	await tab.locator('[data-name="about-sheet"]').waitFor({ state: "hidden" });
	const scheme = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await scheme();
	await tab.keyboard.press("t");
	assert.notEqual(await scheme(), light);
	silent(page);
	await close(page);
});

test("light and dark follow the system", { skip }, async () => {
	const colours = new Set();

	for (const colorScheme of ["light", "dark"]) {
		const page = await openPage(browser, pageOf(profileOf(STACKS)), { colorScheme });
		const pixel = await page.tab.evaluate(() => {
			const canvas = document.querySelector('[data-name="canvas"]');
			return [...canvas.getContext("2d").getImageData(canvas.width - 30, 25, 1, 1).data].join();
		});
		colours.add(pixel + (await page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor)));
		silent(page);
		await close(page);
	}
	assert.equal(colours.size, 2);
});

test("the other theme is remembered, and back at the system's the system is followed again", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;
	const scheme = () => tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
	const light = await scheme();

	await tab.keyboard.press("t");
	const dark = await scheme();
	assert.notEqual(dark, light);
	await tab.reload();
	await tab.waitForFunction(() => document.documentElement.dataset.state === "open");
	assert.equal(await scheme(), dark);
	await tab.keyboard.press("t");
	assert.equal(await scheme(), light);
	await tab.emulateMedia({ colorScheme: "dark" });
	assert.equal(await scheme(), dark);
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("700 pixels are enough, and so are 360", { skip }, async () => {
	for (const width of [700, 360]) {
		const page = await openPage(browser, pageOf(profileOf(STACKS)), { viewport: { width, height: 700 } });
		const { tab } = page;
		const wide = await tab.evaluate(() => [document.documentElement.scrollWidth, document.querySelector('[data-name="canvas"]').clientWidth, document.querySelector("main").clientHeight]);

		assert.ok(wide[0] <= width, `the page is ${wide[0]} wide`);
		assert.ok(wide[1] > width - 30);
		assert.ok(wide[2] > 350, `${wide[2]} pixels for the picture`);
		for (const name of ["query", "reset", "panel", "theme", "help"])
			assert.equal(await tab.locator(`[data-name="${name}"]`).isVisible(), true, name);
		silent(page);
		await close(page);
	}
});

test("a finger that taps once is told, and twice zooms", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)), { hasTouch: true, viewport: { width: 700, height: 700 } });
	const { tab } = page;
	const load = await nodeNamed(tab, "load");

	await tab.touchscreen.tap(...(await spot(tab, load)));
	assert.equal(await tab.locator(".tip-name").textContent(), "load");
	assert.equal(await shownNode(tab), 0);
	await tab.touchscreen.tap(...(await spot(tab, load)));
	assert.equal(await shownNode(tab), load);
	silent(page);
	await close(page);
});

test("two fingers zoom, and what was below them stays below them", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)), { hasTouch: true });
	const view = await page.tab.evaluate(() => {
		const canvas = document.querySelector('[data-name="canvas"]');
		const { left, width } = canvas.getBoundingClientRect();
		const finger = (type, pointerId, part) =>
			canvas.dispatchEvent(new PointerEvent(type, { pointerId, clientX: left + part * width, pointerType: "touch", bubbles: true }));

		finger("pointerdown", 1, 0.4);
		finger("pointerdown", 2, 0.6);
		finger("pointermove", 1, 0.4);
		finger("pointermove", 1, 0.2);
		finger("pointermove", 2, 0.6);
		finger("pointerup", 1, 0.2);
		finger("pointerup", 2, 0.6);
		const { left: from, right: to } = flame.picture.view();
		return [from + 0.2 * (to - from), from + 0.6 * (to - from)].map((x) => x / 1e9);
	});

	assert.ok(Math.abs(view[0] - 0.4) < 0.01 && Math.abs(view[1] - 0.6) < 0.01, `${view}`);
	silent(page);
	await close(page);
});

test("the wheel with Ctrl zooms around the pointer, and a drag moves the window", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)));
	const { tab } = page;
	const view = () => tab.evaluate(() => flame.picture.view());
	const box = await tab.locator('[data-name="canvas"]').boundingBox();

	await tab.mouse.move(box.x + box.width / 2, box.y + 50);
	await tab.keyboard.down("Control");
	await tab.mouse.wheel(0, -100);
	await tab.keyboard.up("Control");
	await tab.waitForFunction(() => flame.picture.view().right < 9e8);
	const zoomed = await view();
	assert.ok(Math.abs(zoomed.left + zoomed.right - 1e9) < 1e6, "the middle stays in the middle");
	await tab.mouse.down();
	await tab.mouse.move(box.x + box.width / 2 - 100, box.y + 50, { steps: 3 });
	await tab.mouse.up();
	const after = await view();
	assert.ok(after.left > zoomed.left && Math.abs(after.right - after.left - zoomed.right + zoomed.left) < 1);
	assert.equal(after.node, await shownNode(tab));
	silent(page);
	await close(page);
});

test("a stack of 3,000 frames can be walked to its end, and its trail is short", { skip }, async () => {
	const names = Array.from({ length: 3000 }, (_, i) => `f${i}`);
	const page = await openPage(browser, pageOf(profileOf(new Map([[names, 500]]))));
	const { tab } = page;
	const last = await nodeNamed(tab, "f2999");

	await tab.locator(".query").fill("/^f2999$/");
	await tab.keyboard.press("Enter");
	assert.match(await text(tab, "status"), /^f2999 · /);
	assert.ok((await spot(tab, last))[1] < 800, "the frame is in sight");
	await tab.locator('[data-name="canvas"]').focus();
	await tab.keyboard.press("Enter");
	assert.equal(await shownNode(tab), last);
	assert.equal(await tab.locator(".crumb").count(), 7);
	assert.match(await text(tab, "trail"), /2,994 more frames/);
	silent(page);
	await close(page);
});

test("what the reader must know stands on top", { skip }, async () => {
	const losses = [
		["missed: tsample was not run in time", "tick", 500],
		["the stack ends in <torn>", "sample", 9],
	];
	const page = await openPage(browser, pageOf(profileOf({ "a;b": 60 }, { facts: { losses, cut: 1 }, notes: ["a note"] })));
	const said = await text(page.tab, "notices");

	assert.match(said, /Incomplete: the recording was cut/);
	assert.match(said, /33\.3 % of the ticks were missed/);
	assert.match(said, /15\.0 % of the stacks are torn/);
	assert.match(said, /Only 60 samples/);
	assert.match(said, /a note/);
	await close(page);
	const unknown = await openPage(browser, pageOf(profileOf({ "a;b": 600 }, { facts: { ticks: 0, rate_hz: 0, watched_ns: 0, asked_ns: 0 } })));
	for (const part of ["losses unknown", "rate unknown", "duration unknown"])
		assert.ok((await text(unknown.tab, "facts")).includes(part), part);
	await close(unknown);
});

test("an empty profile is a page that says so", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf({})));

	assert.match(await text(page.tab, "empty"), /The profile is empty/);
	silent(page);
	await close(page);
});

test("damaged data is a page that says so", { skip }, async () => {
	const profile = profileOf(STACKS);
	profile.nodes.self = profile.nodes.function;
	profile.nodes.n++;
	const page = await openPage(browser, pageOf(profile));

	assert.match(await text(page.tab, "empty"), /cannot be shown/);
	await close(page);
});

test("threads and their totals are listed where there are several", { skip }, async () => {
	const threads = [
		{ process: 0, name: "MainThread", weight: 7e8, samples: 700 },
		{ process: 0, name: "worker", weight: 3e8, samples: 300 },
	];
	const page = await openPage(browser, pageOf(profileOf(STACKS, { threads, facts: { threads: 2 } })));

	assert.equal(await text(page.tab, "threads-table"), "MainThreadwork.py (42)700 ms70.0 %workerwork.py (42)300 ms30.0 %");
	await close(page);
});

test("paper shows the picture in light, without what is for hands", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf(STACKS)), { colorScheme: "dark" });

	await page.tab.emulateMedia({ media: "print" });
	await page.tab.evaluate(() => dispatchEvent(new Event("beforeprint")));
	assert.equal(await page.tab.locator(".find").isVisible(), false);
	assert.equal(await page.tab.locator(".strip-of-paper").first().isVisible(), true);
	assert.equal(await page.tab.evaluate(() => document.querySelector(".strip-of-paper").width), 2000);
	assert.ok((await page.tab.pdf()).length > 5000);
	silent(page);
	await close(page);
});

const SAMPLES = { flame: ["sample.js", "report.py"], heat: ["heatsample.js", "Heat"] };

test("the pages open unbuilt under a static server, with their samples", { skip }, async () => {
	const types = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript" };
	const server = createServer((request, response) => {
		const path = join(ROOT, "share", decodeURIComponent(new URL(request.url, "http://x").pathname));

		if (!existsSync(path)) return response.writeHead(404).end();
		return response.writeHead(200, { "content-type": types[extname(path)] || "text/plain" }).end(readFileSync(path));
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const context = await browser.newContext();

	for (const [name, [, title]] of Object.entries(SAMPLES)) {
		const tab = await context.newPage();
		await tab.goto(`http://127.0.0.1:${server.address().port}/${name}/page.html`);
		await tab.waitForFunction(() => document.documentElement.dataset.state === "open" || !document.querySelector(".empty").hidden);
		assert.deepEqual([await tab.locator(".empty").isVisible(), await text(tab, "title")], [false, title]);
	}
	await context.close();
	server.close();
});

/* The names of all parts of a profile, and of those within them. */
const partsOf = (value) => {
	if (Array.isArray(value)) return value.length && typeof value[0] === "object" ? partsOf(value[0]) : "[]";
	return value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, partsOf(part)])) : "";
};

test("the samples of the unbuilt pages have the parts that the tools write", { skip: untooled }, () => {
	for (const [name, [script]] of Object.entries(SAMPLES)) {
		const [, stands] = /id="profile">\n(.*)\n<\/script>/.exec(readFileSync(join(ROOT, "share", name, "page.html"), "utf8"));
		const printed = execFileSync(process.execPath, [join(ROOT, "tests/browser", script)], { encoding: "utf8" });
		assert.deepEqual(partsOf(JSON.parse(stands)), partsOf(JSON.parse(printed)), `${name}: write it anew with node tests/browser/${script}`);
	}
});

test("a page of a million frames opens; the time is told, not judged", { skip }, async (t) => {
	let seed = 1;
	const roll = (n) => {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		return (seed >>> 8) % n;
	};
	const stacks = new Map();
	let path = [];
	for (let n = 0; n < 1000000; ) {
		path = path.slice(0, Math.max(0, path.length - roll(4)));
		const deeper = 1 + roll(3);
		for (let k = 0; k < deeper && path.length < 60; k++) path.push(`mod${roll(60)}.func${roll(4000)}`);
		n += deeper;
		stacks.set([...path], 1 + roll(40));
	}
	const page = await openPage(browser, pageOf(profileOf(stacks)));
	const figures = await page.tab.evaluate(() => ({
		n: flame.model.shape.n,
		open: performance.getEntriesByName("open")[0].startTime,
	}));
	const before = performance.now();
	await page.tab.locator(".query").fill("func12");

	assert.ok(figures.n > 500000);
	assert.match(await found(page.tab), /frames/);
	t.diagnostic(`${figures.n} frames: open in ${Math.round(figures.open)} ms, searched in ${Math.round(performance.now() - before)} ms`);
	silent(page);
	await close(page);
});

test("the build gives the same bytes every time, at most 80 kB, and refuses what breaks the form", () => {
	const build = (share) => spawnSync("sh", [join(share, "page/build"), "flame"], { encoding: "utf8" });
	const once = build(join(ROOT, "share"));

	assert.equal(once.status, 0, once.stderr);
	assert.equal(once.stdout, build(join(ROOT, "share")).stdout);
	assert.ok(once.stdout.length <= 80000, `${once.stdout.length} bytes`);
	assert.doesNotMatch(once.stdout, /https?:|innerHTML|eval\(|onclick=/);
	for (const [line, complaint] of [
		['import { grouped as g } from "../page/numbers.js";', /strict form/],
		['import { nothing } from "../page/numbers.js";', /does not export nothing/],
		["export default 1;", /named export/],
		["const ROW = 3;", /is a name of/],
		['const markup = "</script>";', /markup/],
	]) {
		const share = folder();
		cpSync(join(ROOT, "share/page"), join(share, "page"), { recursive: true });
		cpSync(join(ROOT, "share/flame"), join(share, "flame"), { recursive: true });
		const tip = join(share, "flame/tip.js");
		writeFileSync(tip, `${readFileSync(tip, "utf8")}${line}\n`);
		const bad = build(share);
		assert.equal(bad.status, 1, line);
		assert.match(bad.stderr, complaint);
		assert.equal(bad.stdout, "");
	}
});
