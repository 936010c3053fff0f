// The panel: the table of functions, linked with the picture both ways, and its width.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, drawn, named, nodeNamed, rows, silent, skip, spot, status, text } from "./drive.js";
import { launch, openPage, pageOf, profileOf } from "./help.js";

let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

const STACKS = { "main;load;parse": 400, "main;load;parse;decode": 300, "main;load": 50, "main;draw": 150, "main;draw;parse": 90, "main;idle": 10 };
const open = (stacks = STACKS, context = {}) => openPage(browser, pageOf(profileOf(stacks)), context);
const names = async (tab) => (await rows(tab)).map(([name]) => name);

test("the table tells self, total and samples of every function, and sorts by each", { skip }, async () => {
	const page = await open();

	assert.deepEqual(await rows(page.tab), [
		["parse", "49.0 %", "79.0 %", "790"],
		["decode", "30.0 %", "30.0 %", "300"],
		["draw", "15.0 %", "24.0 %", "240"],
		["load", "5.0 %", "75.0 %", "750"],
		["idle", "1.0 %", "1.0 %", "10"],
		["main", "0 %", "100 %", "1,000"],
	]);
	await named(page.tab, "sort-total").click();
	assert.deepEqual(await names(page.tab), ["main", "parse", "load", "decode", "draw", "idle"]);
	assert.equal(await page.tab.locator('[aria-sort="descending"]').textContent(), "Total");
	await page.tab.keyboard.press("Enter");
	assert.deepEqual(await names(page.tab), ["idle", "draw", "decode", "load", "parse", "main"]);
	await named(page.tab, "sort-name").click();
	assert.deepEqual(await names(page.tab), ["decode", "draw", "idle", "load", "main", "parse"]);
	await named(page.tab, "sort-samples").click();
	assert.deepEqual((await names(page.tab))[0], "main");
	silent(page);
	await close(page);
});

test("a row leads to the function's frames, and a frame to its row", { skip }, async () => {
	const page = await open();

	await page.tab.locator(".function-name", { hasText: "parse" }).click();
	assert.match(await status(page.tab), /^parse · .* time 700 ms/);
	assert.equal(await page.tab.locator(".row-chosen .function-name").textContent(), "parse");
	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "draw"))));
	assert.equal(await page.tab.locator(".row-chosen .function-name").textContent(), "draw");
	await page.tab.keyboard.press("Escape");
	assert.equal(await page.tab.locator(".row-chosen").count(), 0);
	await page.tab.locator(".function-name", { hasText: "parse" }).dblclick();
	assert.deepEqual(await drawn(page.tab), { "": [790, 790], "decode": [300, 300] });
	silent(page);
	await close(page);
});

test("the table is walked with keys, and Enter opens callers and callees", { skip }, async () => {
	const page = await open();

	await named(page.tab, "rows").focus();
	await page.tab.keyboard.press("ArrowDown");
	assert.equal(await page.tab.evaluate(() => document.activeElement.textContent), "parse");
	await page.tab.keyboard.press("ArrowDown");
	assert.equal(await page.tab.evaluate(() => document.activeElement.textContent), "decode");
	assert.match(await status(page.tab), /^decode · /);
	await page.tab.keyboard.press("End");
	assert.equal(await page.tab.evaluate(() => document.activeElement.textContent), "main");
	await page.tab.keyboard.press("Home");
	await page.tab.keyboard.press("Enter");
	assert.equal(await named(page.tab, "view-sandwich").getAttribute("aria-checked"), "true");
	assert.equal((await drawn(page.tab))[""][0], 790);
	silent(page);
	await close(page);
});

test("a search leaves those functions in the table that it finds", { skip }, async () => {
	const page = await open();

	await named(page.tab, "query").fill("/^(load|idle)$/");
	assert.deepEqual(await names(page.tab), ["load", "idle"]);
	await named(page.tab, "query").fill("nothing like it");
	assert.equal(await text(page.tab, "functions-body"), "No function matches the search.");
	await named(page.tab, "query").fill("");
	assert.equal((await names(page.tab)).length, 6);
	silent(page);
	await close(page);
});

test("of very many functions only the rows in sight are in the document, and all are reached", { skip }, async () => {
	const stacks = new Map();
	for (let i = 0; i < 20000; i++) stacks.set(["main", `f${i}`], 20000 - i);
	const page = await open(stacks);

	assert.ok((await rows(page.tab)).length < 60);
	assert.equal(await named(page.tab, "functions").getAttribute("aria-rowcount"), "20002");
	await named(page.tab, "rows").evaluate((box) => (box.scrollTop = box.scrollHeight));
	await page.tab.waitForFunction(() => document.querySelector('[data-name="functions-body"]').textContent.includes("f19999"));
	silent(page);
	await close(page);
});

test("the panel is hidden and shown, made wider by the mouse and by keys", { skip }, async () => {
	const page = await open();
	const width = () => named(page.tab, "side").evaluate((side) => side.getBoundingClientRect().width);
	const canvas = () => named(page.tab, "canvas").evaluate((one) => one.clientWidth);
	const before = await canvas();

	await page.tab.keyboard.press("b");
	await page.tab.waitForFunction((was) => document.querySelector('[data-name="canvas"]').clientWidth > was + 200, before);
	assert.equal(await named(page.tab, "side").isVisible(), false);
	await named(page.tab, "panel").click();
	const old = await width();
	const box = await named(page.tab, "divider").boundingBox();
	await page.tab.mouse.move(box.x + 3, box.y + 200);
	await page.tab.mouse.down();
	await page.tab.mouse.move(box.x - 97, box.y + 200, { steps: 4 });
	await page.tab.mouse.up();
	assert.ok(Math.abs((await width()) - old - 100) < 8, `${old} became ${await width()}`);
	await named(page.tab, "divider").focus();
	await page.tab.keyboard.press("ArrowRight");
	assert.ok(Math.abs((await width()) - old - 80) < 8);
	silent(page);
	await close(page);
});

test("at 700 pixels the panel is below the picture and begins hidden", { skip }, async () => {
	const page = await open(STACKS, { viewport: { width: 700, height: 800 } });

	assert.equal(await named(page.tab, "side").isVisible(), false);
	await named(page.tab, "panel").click();
	const [side, picture] = [await named(page.tab, "side").boundingBox(), await named(page.tab, "graph").boundingBox()];
	assert.ok(side.y >= picture.y + picture.height - 1 && side.width >= 690 && picture.height > 150, JSON.stringify([side, picture]));
	assert.deepEqual((await names(page.tab))[0], "parse");
	silent(page);
	await close(page);
});

test("those who hear the page are told what is hottest, and what each control is", { skip }, async () => {
	const page = await open();

	assert.match(await text(page.tab, "summary"), /Most time of their own: parse 49\.0 %, decode 30\.0 %/);
	assert.match(await text(page.tab, "hot-table"), /^parsep\.py:7490 ms49\.0 %/);
	const nameless = await page.tab.evaluate(() =>
		[...document.querySelectorAll("button, select, input, [role=application], [tabindex]")]
			.filter((one) => one.tabIndex >= 0 && !(one.textContent.trim() || one.getAttribute("aria-label") || one.title || one.closest("label")))
			.map((one) => one.outerHTML),
	);
	assert.deepEqual(nameless, []);
	silent(page);
	await close(page);
});
