// The picture turned round, taken apart and put together again; and what can be done with a frame.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { close, drawn, found, named, nodeNamed, rows, shownNode, silent, skip, spot, status, text } from "./drive.js";
import { launch, openPage, pageOf, profileOf } from "./help.js";

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
	"main;idle": 10,
};
const RECURSIVE = { "main;walk;walk;walk;leaf": 60, "main;walk;other;walk;leaf": 30, "main;walk;leaf": 10 };
const LINES = { "main:3;f:10": 30, "main:3;f:12": 50, "main:4;f:10": 20 };
const open = (stacks = STACKS, options = {}, context = {}) => openPage(browser, pageOf(profileOf(stacks, options)), context);

test("the inverted picture begins with what ran, and its callers below", { skip }, async () => {
	const page = await open();

	await page.tab.keyboard.press("v");
	assert.deepEqual(await drawn(page.tab), {
		"": [1000, 1000],
		"parse": [490, 490], "parse;load": [400, 400], "parse;load;main": [400, 400], "parse;draw": [90, 90], "parse;draw;main": [90, 90],
		"decode": [300, 300], "decode;parse": [300, 300], "decode;parse;load": [300, 300], "decode;parse;load;main": [300, 300],
		"draw": [150, 150], "draw;main": [150, 150],
		"load": [50, 50], "load;main": [50, 50],
		"idle": [10, 10], "idle;main": [10, 10],
	});
	await page.tab.waitForURL(/#view=inverted$/);
	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "decode"))));
	await page.tab.waitForURL(/#view=inverted&zoom=\.\d+$/);
	const again = await openPage(browser, pageOf(profileOf(STACKS)), { hash: new URL(page.tab.url()).hash });
	assert.equal(await shownNode(again.tab), await nodeNamed(again.tab, "decode"));
	assert.equal(await text(again.tab, "trail"), "alldecode300 ms · 30.0 %");
	await named(page.tab, "view-flame").click();
	assert.deepEqual((await drawn(page.tab))["main;load"], [750, 750]);
	silent(page);
	await close(page);
	await close(again);
});

/* Where a picture is: the way to the zoomed frame, and its window. */
const place = (tab, which) =>
	tab.evaluate((name) => {
		const tree = flame[name].tree();
		const { node, left, right } = flame[name].view();
		const way = (i) => (i === 0 ? [] : [...way(tree.parent[i]), `${flame.model.functions.name(tree.functions[i])}:${tree.lines ? tree.lines[i] : 0}`]);

		return [way(node), Math.round(left), Math.round(right)];
	}, which);

test("a link shows the same line, depth and window of callers", { skip }, async () => {
	const deep = new Map([[Array.from({ length: 100 }, (_, i) => `f${i}`), 500], [["f0", "other"], 400]]);
	const cases = [
		[LINES, { lines: "apart" }, "view=inverted", "picture", ["f:10", "main:4"], /zoom=\.\d+:10\.\d+:4$/],
		[deep, {}, "view=inverted", "picture", Array.from({ length: 90 }, (_, i) => `f${99 - i}:0`), /zoom=(\.\d+){90}$/],
		[LINES, { lines: "apart" }, "view=sandwich&subject=1", "callers", ["main:4"], /callers=\.\d+:4$/],
	];

	for (const [stacks, options, hash, which, way, url] of cases) {
		const page = await open(stacks, options, { hash: `#${hash}` });
		await page.tab.evaluate(([name, steps]) => {
			const { functions } = flame.model;
			const way = steps.map((step) => step.split(":")).map(([wanted, line]) => [Array.from({ length: functions.count }, (_, f) => f).find((f) => functions.name(f) === wanted), Number(line)]);
			flame[name].follow({ way });
			flame.place.changed(true);
		}, [which, way]);
		assert.deepEqual((await place(page.tab, which))[0], way);
		assert.match(page.tab.url(), url);
		const again = await open(stacks, options, { hash: new URL(page.tab.url()).hash });
		assert.deepEqual(await place(again.tab, which), await place(page.tab, which));
		await close(again);
		await page.tab.evaluate((name) => {
			const { node, left, right } = flame[name].view();
			flame[name].go({ node, left: left + (right - left) / 4, right: left + (right - left) / 2 });
		}, which);
		const moved = await open(stacks, options, { hash: new URL(page.tab.url()).hash });
		assert.deepEqual(await place(moved.tab, which), await place(page.tab, which));
		assert.equal(await moved.tab.evaluate(() => history.length), 2);
		silent(moved);
		await close(moved);
		await close(page);
	}
});

test("a click among the callers of a sandwich is a step that Back undoes", { skip }, async () => {
	const page = await open(STACKS, {}, { hash: "#view=sandwich&subject=2" });

	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "draw", "callers"), "callers")));
	await page.tab.waitForURL(/&callers=\.\d+$/);
	assert.deepEqual((await place(page.tab, "callers"))[0], ["draw:0"]);
	await page.tab.goBack();
	await page.tab.waitForFunction(() => flame.callers.view().node === 0);
	silent(page);
	await close(page);
});

test("a tree of callers grows as it is looked at, and keeps what is zoomed to and found", { skip }, async () => {
	const stacks = new Map();
	for (let i = 0; i < 40000; i++) stacks.set([`root${i % 3}`, `way${i % 97}`, `leaf${i}`], 1);
	stacks.set(["root0", "way0", "leaf0", "hot"], 60000);
	const page = await open(stacks);
	const count = () => page.tab.evaluate(() => flame.picture.tree().n);

	await page.tab.keyboard.press("v");
	const few = await count();
	await named(page.tab, "query").fill("leaf39999");
	await page.tab.keyboard.press("Enter");
	await page.tab.waitForFunction((n) => flame.picture.tree().n > n, few);
	assert.match(await status(page.tab), /^leaf39999 · /);
	const node = await nodeNamed(page.tab, "leaf39999");
	assert.match(await found(page.tab), /^1 of 1 frame in sight, <0\.01 %$/);
	const callers = await page.tab.evaluate((i) => {
		const tree = flame.picture.tree();
		return [tree.end[i] - i, tree.total[i], tree.total[i + 1], tree.total[i + 2]];
	}, node);
	assert.deepEqual(callers, [3, 1e6, 1e6, 1e6]);
	silent(page);
	await close(page);
});

test("a sandwich has the callers of a function above it and what it calls below", { skip }, async () => {
	const page = await open();

	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "decode"))));
	await page.tab.keyboard.press("ArrowUp");
	assert.match(await status(page.tab), /^parse · /);
	await page.tab.keyboard.press("s");
	assert.deepEqual(await drawn(page.tab), { "": [790, 790], "decode": [300, 300] });
	assert.deepEqual(await drawn(page.tab, "callers"), { "": [790, 790], "load": [700, 700], "load;main": [700, 700], "draw": [90, 90], "draw;main": [90, 90] });
	assert.equal(await named(page.tab, "callers").isVisible(), true);
	assert.match(page.tab.url(), /view=sandwich&subject=\d+/);
	const [, high] = await spot(page.tab, await nodeNamed(page.tab, "main", "callers"), "callers");
	const [, low] = await spot(page.tab, await nodeNamed(page.tab, "load", "callers"), "callers");
	assert.ok(high < low, "callers grow upwards");
	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "load", "callers"), "callers")));
	assert.match(await status(page.tab), /^load · .* time 700 ms/);
	await page.tab.keyboard.press("s");
	assert.deepEqual(await drawn(page.tab), { "": [750, 750], "parse": [700, 700], "parse;decode": [300, 300] });
	await page.tab.goBack();
	await page.tab.waitForFunction(() => flame.picture.tree().total[0] === 790e6);
	await page.tab.keyboard.press("Escape");
	await page.tab.keyboard.press("Escape");
	assert.equal((await drawn(page.tab))[""][0], 1000);
	assert.equal(await named(page.tab, "callers").isVisible(), false);
	silent(page);
	await close(page);
});

test("a function that is hidden gives its time to its callers", { skip }, async () => {
	const page = await open();

	await page.tab.locator(".function-name", { hasText: "parse" }).click();
	await page.tab.keyboard.press("x");
	assert.deepEqual(await drawn(page.tab), {
		"": [1000, 1000], "main": [1000, 1000],
		"main;load": [750, 750], "main;load;decode": [300, 300], "main;draw": [240, 240], "main;idle": [10, 10],
	});
	assert.equal(await text(page.tab, "chips"), "without parse✕");
	assert.deepEqual((await rows(page.tab))[0].slice(0, 2), ["load", "45.0 %"]);
	await page.tab.getByLabel("Undo: without parse").click();
	assert.equal((await drawn(page.tab))["main;load;parse"][0], 700);
	silent(page);
	await close(page);
});

test("a function in focus is all that there is, with what it calls", { skip }, async () => {
	const page = await open();

	await page.tab.locator(".function-name", { hasText: "parse" }).click();
	await page.tab.keyboard.press("f");
	assert.deepEqual(await drawn(page.tab), { "": [790, 790], "parse": [790, 790], "parse;decode": [300, 300] });
	assert.equal(await text(page.tab, "chips"), "only below parse✕");
	await named(page.tab, "reset").click();
	assert.equal((await drawn(page.tab))[""][0], 1000);
	silent(page);
	await close(page);
});

test("recursion counts once in the table, and collapses in the picture", { skip }, async () => {
	const page = await open(RECURSIVE);

	assert.deepEqual((await rows(page.tab)).find(([name]) => name === "walk"), ["walk", "0 %", "100 %", "100"]);
	await page.tab.keyboard.press("r");
	assert.deepEqual(await drawn(page.tab), {
		"": [100, 100], "main": [100, 100], "main;walk": [100, 100], "main;walk;leaf": [100, 100],
	});
	await page.tab.keyboard.press("r");
	assert.equal((await drawn(page.tab))["main;walk;walk;walk;leaf"][0], 60);
	silent(page);
	await close(page);
});

test("lines are joined to functions, and told apart when asked for", { skip }, async () => {
	const page = await open(LINES, { lines: "known" });

	assert.deepEqual(await drawn(page.tab), { "": [100, 100], "main": [100, 100], "main;f": [100, 100] });
	await page.tab.keyboard.press("L");
	assert.deepEqual(await drawn(page.tab), {
		"": [100, 100],
		"main:3": [80, 80], "main:3;f:12": [50, 50], "main:3;f:10": [30, 30],
		"main:4": [20, 20], "main:4;f:10": [20, 20],
	});
	await named(page.tab, "query").fill("f.py:10");
	assert.equal(await found(page.tab), "2 frames, 50.0 %");
	await named(page.tab, "choose-lines").click();
	assert.equal(await found(page.tab), "1 frame, 100 %");
	await close(page);
	const apart = await open(LINES, { lines: "apart" });
	assert.equal((await drawn(apart.tab))["main:3"][0], 80);
	silent(apart);
	await close(apart);
});

test("places are short, as modules, or as paths", { skip }, async () => {
	const files = { main: "/srv/app/main.py", load: "/srv/app/io/load.py", parse: "/usr/lib/python3.13/json/__init__.py" };
	const frame = (name) => ({ kind: 0, name, file: files[name], line: 7 });
	const page = await open({ "main;load;parse": 100 }, { frame });
	const places = async () => (await page.tab.locator(".function-place").allTextContents()).sort();

	assert.deepEqual(await places(), ["io/load.py:7", "json/__init__.py:7", "main.py:7"]);
	await page.tab.keyboard.press("p");
	assert.deepEqual(await places(), ["io.load:7", "json:7", "main:7"]);
	await page.tab.keyboard.press("p");
	assert.deepEqual(await places(), ["/srv/app/io/load.py:7", "/srv/app/main.py:7", "/usr/lib/python3.13/json/__init__.py:7"]);
	silent(page);
	await close(page);
});

test("a stack is copied as text, the outermost caller first, from every view", { skip }, async () => {
	const page = await open(STACKS, {}, { permissions: ["clipboard-read", "clipboard-write"] });
	const copied = () => page.tab.evaluate(() => navigator.clipboard.readText());

	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "decode"))));
	await page.tab.keyboard.press("c");
	await page.tab.waitForFunction(() => document.querySelector('[data-name="status"]').textContent.startsWith("The stack is copied"));
	assert.equal(await copied(), "main  m.py:7\nload  l.py:7\nparse  p.py:7\ndecode  d.py:7");
	await page.tab.keyboard.press("v");
	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "idle"))));
	await page.tab.keyboard.press("ArrowDown");
	await page.tab.keyboard.press("c");
	await page.tab.waitForFunction(() => document.querySelector('[data-name="status"]').textContent.startsWith("The stack is copied: 2"));
	assert.equal(await copied(), "main  m.py:7\nidle  i.py:7");
	silent(page);
	await close(page);
});

test("the right button and m open what can be done with a frame", { skip }, async () => {
	const page = await open();

	await page.tab.mouse.click(...(await spot(page.tab, await nodeNamed(page.tab, "draw"))), { button: "right" });
	assert.deepEqual(await page.tab.locator(".item-text").allTextContents(), ["Zoom", "Callers and callees", "Only what it calls", "Hide, its time goes to its callers", "Search for it", "Copy the stack"]);
	await page.tab.keyboard.press("ArrowDown");
	await page.tab.keyboard.press("ArrowDown");
	await page.tab.keyboard.press("ArrowDown");
	await page.tab.keyboard.press("ArrowDown");
	await page.tab.keyboard.press("Enter");
	assert.equal(await named(page.tab, "query").inputValue(), "/^draw$/c");
	assert.equal(await found(page.tab), "1 of 1 frame, 24.0 %");
	await page.tab.keyboard.press("m");
	await page.tab.locator(".item", { hasText: "Callers and callees" }).click();
	assert.equal(await named(page.tab, "view-sandwich").getAttribute("aria-checked"), "true");
	await page.tab.keyboard.press("m");
	await page.tab.keyboard.press("Escape");
	assert.equal(await page.tab.locator(".menu").isVisible(), false);
	silent(page);
	await close(page);
});

test("the picture is saved as an SVG that holds every frame and runs nothing", { skip }, async () => {
	const page = await open({ ...STACKS, "main;</text><script>x</script>": 80 });
	const saving = page.tab.waitForEvent("download");

	await named(page.tab, "export").click();
	const saved = await saving;
	const svg = readFileSync(await saved.path(), "utf8");
	assert.equal(saved.suggestedFilename(), "work.py.svg");
	assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
	assert.doesNotMatch(svg, /<script/);
	for (const name of ["main", "load", "parse", "decode", "draw"]) assert.ok(svg.includes(`>${name}</text>`), name);
	assert.match(svg, /<title>load · l\.py:7 · project · time 750 ms, 69\.4 %/);
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("a saved picture tells what it shows and what it leaves out", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf({ "main;load;read": 30, "main;draw": 10 })), { hash: "#view=inverted" });
	const hidden = await page.tab.evaluate(() => Array.from({ length: 4 }, (_, f) => flame.model.functions.name(f)).indexOf("read"));

	await page.tab.evaluate((f) => (location.hash = `view=inverted&hide=${f}`), hidden);
	await page.tab.waitForFunction(() => flame.choice.hide.length === 1);
	const [saved] = await Promise.all([page.tab.waitForEvent("download"), named(page.tab, "export").click()]);
	assert.match(readFileSync(await saved.path(), "utf8"), /<title>work\.py · Inverted · without read<\/title>/);
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("a saved picture tells lines apart where the page does, and is fainter above the zoom", { skip }, async () => {
	const page = await open(LINES, { lines: "apart" }, { hash: "#zoom=2" });
	const saving = page.tab.waitForEvent("download");

	await named(page.tab, "export").click();
	const svg = readFileSync(await (await saving).path(), "utf8");
	const fills = await page.tab.evaluate(() => {
		const { tree, coat } = flame.picture.still();
		return [1, 2].map((i) => [flame.model.functions.name(tree.functions[i]) + `:${tree.lines[i]}`, (i === 1 ? coat.above : coat.fills)[coat.of(i)]]);
	});
	for (const [label, fill] of fills) assert.match(svg, new RegExp(`<rect [^>]*fill="${fill}"/><text [^>]*>${label}</text>`));
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("palettes are switched, and told in the legend and the address", { skip }, async () => {
	const page = await open();

	assert.equal(await text(page.tab, "legend"), "projecttoo narrow");
	await page.tab.keyboard.press("d");
	assert.equal(await text(page.tab, "legend"), "own time: none1 %8 %30 %too narrow");
	assert.match(page.tab.url(), /#palette=heat$/);
	await named(page.tab, "choose-palette").selectOption("origin");
	assert.equal(await text(page.tab, "legend"), "projecttoo narrow");
	silent(page);
	await close(page);
});
