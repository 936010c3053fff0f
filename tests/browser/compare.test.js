// A comparison: its figures and colours, and the page that shows it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { close, colourAt, drawn, named, nodeNamed, rows, silent, skip, spot, status, text } from "./drive.js";
import { DIFF, folder, launch, load, openFile, openPage, pageOf, profileOf, ROOT, sides, SIDES } from "./help.js";

const { BUCKETS, bucketOf, differenceText, leastOf, percentOf, percentText, ratioText, totalsText } = await load("page/compare.js");
const BUILD = process.env.BUILD || join(ROOT, "build");
let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

test("a change falls into the bucket of its percentage, and of whether the path is there", () => {
	const cases = [
		[100, 100, true, true, "same"], [100, 114, true, true, "same"], [100, 115, true, true, "rise1"], [100, 130, true, true, "rise2"],
		[100, 150, true, true, "rise3"], [100, 200, true, true, "rise4"], [100, 86, true, true, "same"], [100, 85, true, true, "fall1"],
		[100, 70, true, true, "fall2"], [100, 50, true, true, "fall3"], [100, 0, true, true, "fall4"], [100, 0, true, false, "gone"],
		[0, 100, true, true, "rise4"], [0, 100, false, true, "new"], [0, 0, true, true, "same"],
	];

	for (const [was, now, there, here, name] of cases) assert.equal(BUCKETS[bucketOf(was, now, there, here)].name, name, `${was} to ${now}`);
});

test("figures of a change are words that people read", () => {
	assert.equal(ratioText([2e6, 1.6e6, 2.5e6]), "×2.0 (1.6 to 2.5)");
	assert.equal(ratioText([0, 3e6, 0]), "(at least 3.0)");
	assert.equal(ratioText([0, 0, 0]), "");
	assert.equal(differenceText(true, 250e6), "+250 ms");
	assert.equal(differenceText(false, -12), "−12 samples");
	assert.equal(differenceText(true, 0), "±0");
	assert.equal(percentText(200, 250), "+25.0 %");
	assert.equal(percentText(0, 250), "from 0");
	assert.equal(percentText(250, 0), "gone");
	assert.equal(percentOf(0, 3), 100);
	assert.equal(totalsText({ factor: 0.5 }, true, 500e6, 500e6), "250 ms → 500 ms (+250 ms, +100 %)");
});

const STACKS = {
	"main;steady": sides(100, 101),
	"main;slow": sides(100, 200),
	"main;slow;part": sides(50, 0),
	"main;quick": sides(200, 80),
	"main;fresh": sides(0, 60),
	"main;lost": sides(70, 0),
	"main;lost;deep": sides(30, 0),
};
const VERDICTS = {
	slow: { category: 3, self_verdict: 3, total_verdict: 3, self: [2000000, 1600000, 2500000, 0, 0, 0], total: [1333333, 1100000, 1600000, 0, 0, 0] },
	quick: { category: 4, self_verdict: 0, self: [400000, 300000, 1200000, 0, 0, 0], total: [400000, 300000, 1200000, 0, 0, 0] },
	fresh: { category: 1, self_verdict: 3, total_verdict: 3 },
	lost: { category: 2, self_verdict: 3, total_verdict: 3 },
	deep: { category: 2 },
	part: { category: 2 },
};
const open = (diff = {}, context = {}, more = {}) => openPage(browser, pageOf(profileOf(STACKS, { ...SIDES, diff: { ...DIFF, ...diff }, verdicts: VERDICTS, ...more })), context);

test("both totals and what came of the comparison stand on top", { skip }, async () => {
	const page = await open();

	assert.equal(await text(page.tab, "totals"), "550 ms → 441 ms (−109 ms, −19.8 %)");
	assert.equal(await text(page.tab, "words"), "the whole program x1.02 (0.99 to 1.05)");
	assert.equal(await text(page.tab, "tags"), "");
	assert.match(await named(page.tab, "words").getAttribute("title"), /^compared by time for each run; judged by the spread of 3 and 3 runs, 5\.0 % false discoveries; a change of 8\.0 % would have been seen$/);
	silent(page);
	await close(page);
	const one = await open({ runs: [1, 1], basis: "none", judged: false, forced: true, incomplete: true, words: "cannot be told" });
	assert.equal(await text(one.tab, "tags"), "exploration, 1 run a sideforced: the sides do not compareincomplete");
	assert.equal(await named(one.tab, "choose-sure").inputValue(), "raw");
	await close(one);
});

test("the legend tells every bucket", { skip }, async () => {
	const page = await open();

	assert.equal(await text(page.tab, "legend"), "new+100 % and more+50 %+30 %+15 %less than 15 %, or little−15 %−30 %−50 %−100 %gonepale: not proventoo narrow");
	await named(page.tab, "choose-sure").selectOption("raw");
	assert.ok(!(await text(page.tab, "legend")).includes("pale"));
	await close(page);
});

test("a comparison can be read at 700 pixels: nothing is beyond the edge that cannot be scrolled to", { skip }, async () => {
	const page = await open({}, { viewport: { width: 700, height: 800 } });
	const beyond = await page.tab.evaluate(() =>
		[...document.querySelectorAll(".foot *, .verdict *, .head *, .trail *, .span")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML),
	);

	assert.deepEqual(beyond, []);
	assert.ok((await named(page.tab, "graph").boundingBox()).height > 300);
	silent(page);
	await close(page);
});

test("a sign stays with a name that is cut", { skip }, async () => {
	const html = pageOf(profileOf({ "main;Deep.inside.of_all": sides(10, 40), "main;other": sides(500, 500) }, { ...SIDES, diff: DIFF }));
	const page = await openPage(browser, html);
	const [, svg] = await Promise.all([page.tab.waitForEvent("download"), named(page.tab, "export").click()]).then(([saved]) => saved.path()).then((path) => [path, readFileSync(path, "utf8")]);

	assert.match(svg, />\+ of_all<\/text>/);
	await close(page);
});

test("a tooltip tells both sides, the difference, the ratio with its interval, and the verdict", { skip }, async () => {
	const page = await open();

	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "slow"))));
	assert.match(
		await text(page.tab, "tip"),
		/^slows\.py:7 · projectSelf100 ms → 200 ms\+100 ms, \+100 %Total150 ms → 200 ms\+50\.0 ms, \+33\.3 %Samples150 → 200Function’s self×2\.0 \(1\.6 to 2\.5\)changedFunction’s total×1\.33 \(1\.1 to 1\.6\)changed$/,
	);
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "fresh"))));
	assert.match(await text(page.tab, "tip"), /Self0 s → 60\.0 ms\+60\.0 ms, from 0.*New: the baseline never came here\.$/);
	silent(page);
	await close(page);
});

const hueOf = ([r, g, b]) => (Math.max(r, g, b) - Math.min(r, g, b) < 12 ? "grey" : r > b && r > g + 10 ? "red" : "blue");

test("proven changes are coloured and others pale, and one switch shows them raw", { skip }, async () => {
	for (const colorScheme of ["light", "dark"]) {
		const page = await open({}, { colorScheme });
		const colour = async (name) => colourAt(page.tab, await nodeNamed(page.tab, name));
		const strength = async (name) => {
			const c = await colour(name);
			return Math.max(...c) - Math.min(...c);
		};

		assert.equal(hueOf(await colour("slow")), "red");
		assert.equal(hueOf(await colour("steady")), "grey");
		const pale = await strength("quick");
		await named(page.tab, "choose-sure").selectOption("raw");
		assert.equal(hueOf(await colour("quick")), "blue");
		assert.ok((await strength("quick")) > pale + 20, `${pale} became ${await strength("quick")}`);
		assert.match(page.tab.url(), /#sure=raw$/);
		silent(page);
		await close(page);
	}
});

test("a verdict colours only frames that changed the way their function did", { skip }, async () => {
	const stacks = { "main;slow": sides(100, 200), "other;slow": sides(60, 20), "main;quick": sides(200, 80) };
	const page = await openPage(browser, pageOf(profileOf(stacks, { ...SIDES, diff: DIFF, verdicts: { slow: VERDICTS.slow } })));
	const strength = async (way) => {
		const node = await page.tab.evaluate((parent) => flame.picture.tree().functions.findIndex((f, i) => i && flame.model.functions.name(f) === "slow" && flame.model.functions.name(flame.picture.tree().functions[flame.picture.tree().parent[i]]) === parent), way);
		const c = await colourAt(page.tab, node);
		return Math.max(...c) - Math.min(...c);
	};
	const own = [await strength("main"), await strength("other")];

	await named(page.tab, "choose-sure").selectOption("raw");
	assert.equal(await strength("main"), own[0]);
	assert.ok((await strength("other")) > own[1] + 10, `${await strength("other")} was ${own[1]}`);
	silent(page);
	await close(page);
});

test("what hardly changed has no colour, whatever its percentage is", () => {
	assert.equal(leastOf(10000, 10000), 10);
	assert.equal(leastOf(1e9, 1000), 3e6);
	assert.equal(BUCKETS[bucketOf(0, 2, true, true, 3)].name, "same");
	assert.equal(BUCKETS[bucketOf(0, 3, true, true, 3)].name, "rise4");
	assert.equal(BUCKETS[bucketOf(0, 2, false, true, 3)].name, "new");
});

test("where nothing is judged, what is proven cannot be chosen, and the page says why", { skip }, async () => {
	const page = await open({ runs: [1, 1], basis: "none", judged: false }, { hash: "#sure=proven" });

	assert.equal(await named(page.tab, "choose-sure").inputValue(), "raw");
	assert.ok(await named(page.tab, "choose-sure").evaluate((select) => select.options[1].disabled));
	await page.tab.keyboard.press("z");
	assert.equal(await status(page.tab), "With 1 run a side nothing is proven: three or more a side can prove a change.");
	assert.equal(await page.tab.evaluate(() => flame.choice.sure), "raw");
	silent(page);
	await close(page);
});

test("frames are coloured by self, or by total", { skip }, async () => {
	const page = await open({}, { hash: "#sure=raw" });
	const main = await nodeNamed(page.tab, "main");

	assert.equal(hueOf(await colourAt(page.tab, main)), "grey");
	await named(page.tab, "choose-by").selectOption("total");
	assert.equal(hueOf(await colourAt(page.tab, main)), "blue");
	silent(page);
	await close(page);
});

test("widths are those after, before, or the larger of both; before they add up to the baseline", { skip }, async () => {
	const page = await open();
	const widths = async () => Object.fromEntries(Object.entries(await drawn(page.tab)).map(([way, [ms]]) => [way, ms]));
	const choose = (width) => named(page.tab, "choose-width").selectOption(width);

	assert.deepEqual(await widths(), { "": 441, "main": 441, "main;slow": 200, "main;slow;part": 0, "main;quick": 80, "main;steady": 101, "main;lost": 0, "main;lost;deep": 0, "main;fresh": 60 });
	const root = () => page.tab.evaluate(() => flame.picture.rootLabel());

	assert.match(await root(), /^all: 441 ms, /);
	await choose("before");
	assert.match(await root(), /^all: 550 ms, /);
	assert.deepEqual(await widths(), { "": 550, "main": 550, "main;slow": 150, "main;slow;part": 50, "main;quick": 200, "main;steady": 100, "main;lost": 100, "main;lost;deep": 30, "main;fresh": 0 });
	await choose("union");
	assert.deepEqual(await widths(), { "": 711, "main": 711, "main;slow": 250, "main;slow;part": 50, "main;quick": 200, "main;steady": 101, "main;lost": 100, "main;lost;deep": 30, "main;fresh": 60 });
	silent(page);
	await close(page);
});

test("width, colours and what is proven are switched with keys too", { skip }, async () => {
	const page = await open();
	const chosen = () => page.tab.evaluate(() => [flame.choice.width, flame.choice.by, flame.choice.sure]);

	for (const [key, expected] of [["w", ["before", "self", "proven"]], ["w", ["union", "self", "proven"]], ["w", ["after", "self", "proven"]], ["y", ["after", "total", "proven"]], ["z", ["after", "total", "raw"]]]) {
		await page.tab.keyboard.press(key);
		assert.deepEqual(await chosen(), expected);
	}
	silent(page);
	await close(page);
});

test("the baseline is scaled for display", { skip }, async () => {
	const page = await open({ scale: "per", numerator: 1, denominator: 2 });

	assert.equal(await text(page.tab, "totals"), "275 ms → 441 ms (+166 ms, +60.4 %)");
	await named(page.tab, "choose-width").selectOption("before");
	assert.equal((await drawn(page.tab))["main;lost"][0], 50);
	await close(page);
});

test("the elided view is what is gone, with its own total and count, and what leads to it", { skip }, async () => {
	const page = await open();

	await named(page.tab, "view-elided").click();
	assert.equal(await text(page.tab, "views"), "Flame graphInvertedSandwichElided 3");
	const widths = Object.fromEntries(Object.entries(await drawn(page.tab)).map(([way, [ms]]) => [way, ms]));
	assert.deepEqual(widths, { "": 150, "main": 150, "main;slow": 50, "main;slow;part": 50, "main;lost": 100, "main;lost;deep": 30 });
	await page.tab.mouse.move(...(await spot(page.tab, 0)));
	assert.equal(await page.tab.locator(".tip-name").textContent(), "gone: 150 ms of the baseline, 3 stacks");
	assert.equal(hueOf(await colourAt(page.tab, await nodeNamed(page.tab, "slow"))), "grey");
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "slow"))));
	assert.match(await text(page.tab, "tip"), /Self0 s → 0 s±0.*Not gone itself: what is gone lies below\.$/);
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "lost"))));
	assert.match(await text(page.tab, "tip"), /Total100 ms → 0 s−100 ms, gone.*Gone: the current side never came here\.$/);
	assert.match(page.tab.url(), /#view=elided$/);
	assert.equal(await text(page.tab, "kinds"), "AllGone 3Gone in part 2");
	silent(page);
	await close(page);
});

test("where nothing is gone, the elided view says so", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf({ "main;a": sides(10, 20) }, { ...SIDES, diff: DIFF })));

	await named(page.tab, "view-elided").click();
	assert.equal(await text(page.tab, "empty"), "Nothing is gone.");
	silent(page);
	await close(page);
});

test("an empty side is drawn: everything is new, or everything is gone", { skip }, async () => {
	const fresh = await openPage(browser, pageOf(profileOf({ "main;a": sides(0, 20) }, { ...SIDES, diff: DIFF })));
	assert.equal(await text(fresh.tab, "totals"), "0 s → 20.0 ms (+20.0 ms, from 0)");
	await close(fresh);
	const gone = await openPage(browser, pageOf(profileOf({ "main;a": sides(20, 0) }, { ...SIDES, diff: DIFF })));
	assert.equal(await text(gone.tab, "totals"), "20.0 ms → 0 s (−20.0 ms, gone)");
	await named(gone.tab, "view-elided").click();
	assert.equal((await drawn(gone.tab))["main;a"][0], 20);
	silent(gone);
	await close(gone);
});

test("the table sorts by the size of the change, and shows regressions, improvements, new and gone", { skip }, async () => {
	const page = await open();

	assert.deepEqual(await rows(page.tab), [
		["quick", "−120 ms", "−120 ms", "80"],
		["slow", "+100 ms", "+50.0 ms", "200"],
		["lost", "−70.0 ms", "−100 ms", "0"],
		["fresh", "+60.0 ms", "+60.0 ms", "60"],
		["part", "−50.0 ms", "−50.0 ms", "0"],
		["deep", "−30.0 ms", "−30.0 ms", "0"],
		["steady", "+1.00 ms", "+1.00 ms", "101"],
		["main", "±0", "−109 ms", "441"],
	]);
	assert.equal(await text(page.tab, "kinds"), "AllRegressions 1Improvements 1New 1Gone 3");
	await page.tab.getByRole("radio", { name: "Gone 3" }).click();
	assert.deepEqual((await rows(page.tab)).map(([name]) => name), ["lost", "part", "deep"]);
	await page.tab.getByRole("radio", { name: "Regressions 1" }).click();
	assert.deepEqual((await rows(page.tab)).map(([name]) => name), ["slow"]);
	await page.tab.locator(".function-name").click();
	assert.match(await status(page.tab), /^slow · .*self 100 ms → 200 ms/);
	silent(page);
	await close(page);
});

test("a saved picture has the stripes of what is gone and the edges of what is new", { skip }, async () => {
	const page = await open();
	const saving = page.tab.waitForEvent("download");

	await named(page.tab, "choose-width").selectOption("union");
	await named(page.tab, "export").click();
	const svg = readFileSync(await (await saving).path(), "utf8");
	assert.equal((svg.match(/<rect [^>]*fill="url\(#gone\)"\/><text [^>]*>− (lost|part|d)/g) || []).length, 3);
	assert.match(svg, /<rect [^>]*fill="none" stroke="#\w{6}"\/><text [^>]*>\+ fresh</);
	assert.match(svg, /<pattern id="gone"/);
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("the inverted picture and the sandwich compare too", { skip }, async () => {
	const page = await open({}, { hash: "#width=union" });

	await page.tab.keyboard.press("v");
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "slow"))));
	assert.match(await text(page.tab, "tip"), /^slow.*Total100 ms → 200 ms\+100 ms, \+100 %/);
	await page.tab.locator(".function-name", { hasText: "slow" }).dblclick();
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "part"))));
	assert.match(await text(page.tab, "tip"), /Total50\.0 ms → 0 s−50\.0 ms, gone/);
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "main", "callers"), "callers")));
	assert.match(await text(page.tab, "tip"), /Total150 ms → 200 ms/);
	silent(page);
	await close(page);
});

test("of a part of the profile effects are shown, and not judged", { skip }, async () => {
	const more = { series: [[0, 0], [1, 0], [2, 0]], threads: [...SIDES.threads, { process: 0, name: "worker", side: 2 }] };
	const page = await openPage(browser, pageOf(profileOf({ ...STACKS, "run": [{ series: 2, samples: 100 }] }, { ...more, diff: DIFF, verdicts: VERDICTS })));

	await named(page.tab, "open-filter").click();
	await page.tab.getByLabel("worker", { exact: true }).uncheck();
	assert.equal(await text(page.tab, "totals"), "550 ms → 441 ms (−109 ms, −19.8 %)");
	assert.equal(await text(page.tab, "words"), "Of a part of the profile: effects are shown, and not judged.");
	await page.tab.mouse.move(...(await spot(page.tab, await nodeNamed(page.tab, "slow"))));
	assert.match(await text(page.tab, "tip"), /Function’s self×2\.0 \(1\.6 to 2\.5\)not judged/);
	silent(page);
	await close(page);
});

test("what tdiff writes opens with its colours, its banner and its elided view", { skip }, async (t) => {
	for (const tool of ["timport", "tdiff", "tflame"]) if (!existsSync(join(BUILD, tool))) return t.skip(`${tool} is not built`);
	const place = folder();
	const at = (name) => join(place, name);
	const make = (name, lines) => writeFileSync(at(name), execFileSync(join(BUILD, "timport"), { input: lines }));

	make("base.bin", "main;a 200\nmain;b 100\nmain;gone;deep 50\n");
	make("cur.bin", "main;a 100\nmain;b 200\nmain;new 50\n");
	execFileSync(join(BUILD, "tdiff"), ["-q", "-o", at("diff.bin"), at("base.bin"), at("cur.bin")]);
	execFileSync(join(BUILD, "tflame"), ["-o", at("diff.html"), at("diff.bin")]);
	const page = await openFile(browser, at("diff.html"));

	assert.equal(await text(page.tab, "totals"), "350 samples → 350 samples (±0)");
	assert.match(await text(page.tab, "words"), /^exploration, 1 run a side/);
	assert.equal(await text(page.tab, "tags"), "");
	assert.equal(hueOf(await colourAt(page.tab, await nodeNamed(page.tab, "b"))), "red");
	await named(page.tab, "view-elided").click();
	assert.deepEqual(Object.keys(await drawn(page.tab)), ["", "main", "main;gone", "main;gone;deep"]);
	silent(page);
	await close(page);
});
