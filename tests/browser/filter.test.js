// Threads, states and times are chosen, and the picture has the widths of what is left.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, drawn, named, rows, silent, skip, text } from "./drive.js";
import { launch, openPage, pageOf, profileOf } from "./help.js";

let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

const HOLDS = 1 << 2 | 1;
const WANTS = 2 << 2 | 1;
const IDLE = 3 << 2 | 2;
/* Series: the main thread holding the GIL and wanting it; a worker idle; another process' thread. */
const OPTIONS = {
	series: [[0, HOLDS], [0, WANTS], [1, IDLE], [2, HOLDS]],
	threads: [{ process: 0, name: "MainThread" }, { process: 0, name: "worker" }, { process: 1, name: "MainThread" }],
	processes: ["work.py (42)", "child.py (43)"],
	epochs: { ms: 128, count: 4 },
};
const STACKS = {
	"main;load": [{ series: 0, epoch: 0, samples: 100 }, { series: 0, epoch: 1, samples: 20, ms: 30 }, { series: 1, epoch: 1, samples: 10 }],
	"main;draw": [{ series: 0, epoch: 2, samples: 50 }, { series: 0, epoch: 3, samples: 50 }],
	"run;wait": [{ series: 2, epoch: 0, samples: 128 }, { series: 2, epoch: 3, samples: 128 }],
	"child": [{ series: 3, epoch: 1, samples: 64 }],
};
const open = (hash) => openPage(browser, pageOf(profileOf(STACKS, OPTIONS)), { hash });
const tab = (page, name) => named(page.tab, `open-${name}`).click();

test("all of a profile is there before anything is chosen", { skip }, async () => {
	const page = await open();

	assert.deepEqual(await drawn(page.tab), {
		"": [560, 550],
		"run": [256, 256], "run;wait": [256, 256],
		"main": [240, 230], "main;load": [140, 130], "main;draw": [100, 100],
		"child": [64, 64],
	});
	assert.equal(await named(page.tab, "reset").isDisabled(), true);
	silent(page);
	await close(page);
});

test("a thread that is not wanted leaves the picture, the table and the sums", { skip }, async () => {
	const page = await open();

	await tab(page, "filter");
	await page.tab.getByLabel("worker", { exact: true }).uncheck();
	assert.deepEqual(await drawn(page.tab), { "": [304, 294], "main": [240, 230], "main;load": [140, 130], "main;draw": [100, 100], "child": [64, 64] });
	assert.equal(await text(page.tab, "chips"), "2 of 3 threads✕");
	assert.match(page.tab.url(), /#without=1$/);
	await tab(page, "functions");
	assert.deepEqual((await rows(page.tab))[0], ["load", "46.1 %", "46.1 %", "130"]);
	await page.tab.getByLabel("Undo: 2 of 3 threads").click();
	assert.equal((await drawn(page.tab))[""][0], 560);
	silent(page);
	await close(page);
});

test("a process is its threads, and one thread can be had alone", { skip }, async () => {
	const page = await open();

	await tab(page, "filter");
	await page.tab.getByLabel("work.py (42)").uncheck();
	assert.deepEqual(await drawn(page.tab), { "": [64, 64], "child": [64, 64] });
	await page.tab.locator(".thread", { hasText: "worker" }).getByText("only").click();
	assert.deepEqual(await drawn(page.tab), { "": [256, 256], "run": [256, 256], "run;wait": [256, 256] });
	await page.tab.getByText("Show everything again").click();
	assert.equal((await drawn(page.tab))[""][0], 560);
	silent(page);
	await close(page);
});

test("a state of the threads can be chosen, and its choices tell their shares", { skip }, async () => {
	const page = await open();
	const choice = (title) => page.tab.locator(".scrolls .choice", { hasText: title }).locator("select");

	await tab(page, "filter");
	assert.deepEqual(await choice("GIL").locator("option").allTextContents(), ["any", "holds it (52.5 %)", "wants it (1.8 %)", "neither (45.7 %)"]);
	await choice("GIL").selectOption({ label: "wants it (1.8 %)" });
	assert.deepEqual(await drawn(page.tab), { "": [10, 10], "main": [10, 10], "main;load": [10, 10] });
	assert.equal(await text(page.tab, "chips"), "GIL: wants it✕");
	await choice("CPU").selectOption({ index: 2 });
	assert.match(await text(page.tab, "empty"), /Nothing is left/);
	await choice("GIL").selectOption({ label: "any" });
	assert.deepEqual(await drawn(page.tab), { "": [256, 256], "run": [256, 256], "run;wait": [256, 256] });
	silent(page);
	await close(page);
});

test("a part of the timeline that is brushed is what the picture shows", { skip }, async () => {
	const page = await open();
	const box = await named(page.tab, "strip").boundingBox();
	const at = (epoch) => [box.x + ((epoch + 0.5) / 4) * box.width, box.y + 10];

	assert.equal(await text(page.tab, "span"), "512 ms");
	await page.tab.mouse.move(...at(2));
	await page.tab.mouse.down();
	await page.tab.mouse.move(...at(3), { steps: 3 });
	await page.tab.mouse.up();
	assert.deepEqual(await drawn(page.tab), { "": [228, 228], "run": [128, 128], "run;wait": [128, 128], "main": [100, 100], "main;draw": [100, 100] });
	assert.equal(await text(page.tab, "span"), "256 ms to 512 ms");
	assert.equal(await text(page.tab, "chips"), "256 ms to 512 ms✕");
	assert.match(page.tab.url(), /#time=2,4$/);
	await page.tab.mouse.click(...at(3));
	assert.equal((await drawn(page.tab))[""][0], 560);
	silent(page);
	await close(page);
});

test("the timeline can be brushed with keys", { skip }, async () => {
	const page = await open();
	const epochs = () => page.tab.evaluate(() => [flame.choice.want.from, flame.choice.want.to]);

	await named(page.tab, "strip").focus();
	await page.tab.keyboard.press("ArrowRight");
	assert.deepEqual(await epochs(), [0, 1]);
	await page.tab.keyboard.press("ArrowRight");
	assert.deepEqual(await epochs(), [1, 2]);
	await page.tab.keyboard.press("Shift+ArrowRight");
	assert.deepEqual(await epochs(), [1, 3]);
	await page.tab.keyboard.press("Escape");
	assert.deepEqual(await epochs(), [0, 4]);
	silent(page);
	await close(page);
});

test("the timeline tells when the chosen function ran", { skip }, async () => {
	const page = await open();

	await page.tab.locator(".function-name", { hasText: "draw" }).click();
	assert.equal(await text(page.tab, "span"), "512 ms · draw 17.9 %");
	silent(page);
	await close(page);
});

test("an address brings filters back, and nonsense none", { skip }, async () => {
	const page = await open("#without=1,2&time=1,4&gil=1");

	assert.deepEqual(await drawn(page.tab), { "": [130, 120], "main": [130, 120], "main;draw": [100, 100], "main;load": [30, 20] });
	await close(page);
	for (const hash of ["#without=9", "#time=3,1", "#time=0,9", "#gil=7", "#view=upside", "#hide=99&subject=-1&view=sandwich"]) {
		const odd = await open(hash);
		assert.equal((await drawn(odd.tab))[""][0], 560, hash);
		silent(odd);
		await close(odd);
	}
});

test("a filter keeps the frame that is zoomed to", { skip }, async () => {
	const page = await open();

	await named(page.tab, "query").fill("load");
	await page.tab.keyboard.press("Enter");
	await named(page.tab, "canvas").focus();
	await page.tab.keyboard.press("Enter");
	assert.match(await text(page.tab, "trail"), /^allmainload140 ms · 25\.0 %$/);
	await tab(page, "filter");
	await page.tab.getByLabel("worker", { exact: true }).uncheck();
	assert.match(await text(page.tab, "trail"), /^allmainload140 ms · 46\.1 %$/);
	assert.equal(await text(page.tab, "found"), "1 of 1 frame, 46.1 %");
	silent(page);
	await close(page);
});

test("what the interpreters did is told of wall time, what threads did of theirs, and the unknown as such", { skip }, async () => {
	const page = await open();
	const shares = async () => (await page.tab.locator(".share").allTextContents()).map((one) => one.trim());

	await tab(page, "profile");
	assert.deepEqual(await shares(), [
		"GIL held28.7 % of wall time",
		"Waiting for the GIL0.98 % of wall time",
		"Collecting garbageunknown",
		"On a CPU, or runnable54.3 % of threads’ time",
		"Handling an exceptionunknown",
	]);
	await tab(page, "filter");
	await page.tab.locator(".thread", { hasText: "worker" }).getByText("only").click();
	await tab(page, "profile");
	assert.equal((await shares())[0], "GIL held0 % of wall time");
	silent(page);
	await close(page);
});

test("who wants the GIL is unknown where the interpreter does not tell it, and cannot be chosen", { skip }, async () => {
	const of = (python, hash) => openPage(browser, pageOf(profileOf({ a: [{ series: 0, epoch: 0, samples: 60 }, { series: 1, epoch: 0, samples: 40 }] }, { facts: { python }, series: [[0, HOLDS], [0, IDLE]] })), { hash });
	const said = (page) => page.tab.locator(".share", { hasText: "Waiting for the GIL" }).textContent();
	const options = (page) => page.tab.locator(".scrolls .choice", { hasText: "GIL" }).locator("option").allTextContents();

	const old = await of("3.14.2", "#gil=2");
	assert.deepEqual(await drawn(old.tab), { "": [100, 100], a: [100, 100] });
	assert.match(await said(old), /GILunknown$/);
	assert.deepEqual(await options(old), ["any", "holds it (60.0 %)", "does not hold it (40.0 %)"]);
	silent(old);
	await close(old);
	const telling = await of("3.15.0");
	assert.match(await said(telling), /0 % of wall time$/);
	assert.deepEqual(await options(telling), ["any", "holds it (60.0 %)", "wants it (0 %)", "neither (40.0 %)"]);
	silent(telling);
	await close(telling);
});

test("one thread without states and times has nothing to filter by, and the page says so", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf({ "a;b": 100 })));

	await tab(page, "filter");
	assert.match(await text(page.tab, "tab-filter"), /nothing to filter by/);
	assert.equal(await named(page.tab, "time").isVisible(), false);
	silent(page);
	await close(page);
});
