// The heat's page, made by the tools, opened for real and used as a person would.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { close, found, named, silent, skip as without, status, text } from "./drive.js";
import { heatData, heatDiff, heatFolder, heatPage, heatStream, untooled } from "./heat.js";
import { launch, load, openFile, ROOT } from "./help.js";

const skip = without || untooled;
let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

const MAIN = `import work

def run(n):
    for i in range(n):
        work.slow(i)
        work.fast(i)

run(10)
`;
const WORK = `"""Two of a kind."""

def slow(n):
    text = "a" * n  # never so long
    return helper(text)

def fast(n):
    return helper("b")

def helper(text):
    total = 0
    for c in text:
        total += ord(c)
    return total
`;
const FILES = { "/srv/app/main.py": MAIN, "/srv/app/work.py": WORK };
const TOP = "<module> (/srv/app/main.py:8);run (/srv/app/main.py";
const STACKS = `${TOP}:5);slow (/srv/app/work.py:5);helper (/srv/app/work.py:13) 600
${TOP}:5);slow (/srv/app/work.py:5);helper (/srv/app/work.py:12) 200
${TOP}:5);slow (/srv/app/work.py:4) 100
${TOP}:6);fast (/srv/app/work.py:8);helper (/srv/app/work.py:13) 50
${TOP}:6) 10
<module> (/srv/app/main.py:8);dumps (/usr/lib/python3.13/json/__init__.py:231) 40
`;
const open = async (options = {}, stacks = STACKS, files = FILES) => openFile(browser, heatPage(stacks, files), options);
const WORK_AT = "#file=%2Fsrv%2Fapp%2Fwork.py";

/* The rows of the source in sight: [number, self, total, text]. */
const lines = (tab) => tab.evaluate(() => [...document.querySelectorAll(".line[data-at]")].sort((a, b) => a.dataset.at - b.dataset.at).map((line) => [...line.querySelectorAll(".number, .gutter .figure"), line.querySelector(".text")].map((one) => one.textContent)));
const line = async (tab, number) => (await lines(tab)).find(([n]) => n === String(number));
const gridRows = (tab, name) => tab.evaluate((body) => [...document.querySelectorAll(`[data-name="${body}-body"] tr`)].map((row) => [row.querySelector(".grid-button").textContent, ...[...row.querySelectorAll("td .grid-text")].map((cell) => cell.textContent)]), name);

/* The file that was asked for is shown. */
const opened = (tab) => tab.waitForFunction(() => heat.file && heat.file.entry === heat.model.entries[heat.choice.entry] && document.querySelector(".line"));

/* A file is there a moment after it was asked for. */
const isChosen = (tab, number) => tab.waitForFunction((n) => [...document.querySelectorAll(".line-chosen .number")].pop()?.textContent === n, number, { timeout: 5000 });

const shown = (tab) => text(tab, "way");

test("the index has files in their folders, with self and their true share of all", { skip }, async () => {
	const page = await open();

	assert.equal(await page.tab.title(), "Heat");
	assert.deepEqual(await gridRows(page.tab, "files"), [
		["project", "96.0 %", "100 %"],
		["work.py", "95.0 %", "95.0 %"],
		["main.py", "1.0 %", "100 %"],
		["standard library", "4.0 %", "4.0 %"],
	]);
	await named(page.tab, "files-sort-total").click();
	assert.deepEqual((await gridRows(page.tab, "files")).map(([name]) => name), ["project", "main.py", "work.py", "standard library"]);
	await named(page.tab, "files-sort-name").click();
	assert.deepEqual((await gridRows(page.tab, "files")).map(([name]) => name).slice(0, 3), ["project", "main.py", "work.py"]);
	await page.tab.locator(".grid-row-group", { hasText: "library" }).click();
	assert.deepEqual((await gridRows(page.tab, "files")).slice(3), [["standard library", "4.0 %", "4.0 %"], ["json", "4.0 %", "4.0 %"]]);
	silent(page);
	await close(page);
});

test("the hottest lines of all files stand beside it, and lead to their place", { skip }, async () => {
	const page = await open();
	const rows = () => page.tab.locator(".hot").evaluateAll((all) => all.map((one) => [...one.children].map((part) => part.textContent)));

	await page.tab.locator(".hot-code", { hasText: "total += ord(c)" }).waitFor();
	assert.deepEqual((await rows()).slice(0, 3), [
		["65.0 %", "work.py:13", "total += ord(c)", "helper"],
		["20.0 %", "work.py:12", "for c in text:", "helper"],
		["10.0 %", "work.py:4", 'text = "a" * n # never so long', "slow"],
	].map((row) => row.map((part) => part.replace(" # never", "  # never"))));
	await page.tab.locator(".hot", { hasText: "work.py:12" }).click();
	await isChosen(page.tab, "12");
	assert.match(await status(page.tab), /^line 12 · helper · self .*20\.0 %.*200 samples/);
	await page.tab.goBack();
	await named(page.tab, "home").waitFor();
	silent(page);
	await close(page);
});

test("a file shows its source, and what every line got", { skip }, async () => {
	const page = await open({ hash: WORK_AT });

	assert.match(await shown(page.tab), /project\/srv\/app\/work\.py$/);
	assert.equal((await lines(page.tab)).length, 14);
	assert.deepEqual(await line(page.tab, 5), ["5", "", "80.0 %", "    return helper(text)"]);
	assert.deepEqual(await line(page.tab, 13), ["13", "65.0 %", "65.0 %", "        total += ord(c)"]);
	await named(page.tab, "choose-samples").click();
	assert.deepEqual((await line(page.tab, 13)).slice(1, 3), ["650", "650"]);
	assert.deepEqual(await gridRows(page.tab, "outline"), [["slow", "100", "900"], ["fast", "", "50"], ["helper", "850", "850"]].map((row) => row.slice()));
	assert.equal(await page.tab.locator(".line .token-keyword", { hasText: "def" }).count(), 3);
	assert.equal(await page.tab.locator(".token-comment").textContent(), "# never so long");
	silent(page);
	await close(page);
});

test("lines are coloured by self, or by total with one key", { skip }, async () => {
	const page = await open({ hash: WORK_AT });
	const colour = (number) => page.tab.evaluate((n) => [...document.querySelectorAll(".line")].find((one) => one.querySelector(".number").textContent === n).style.getPropertyValue("--heat"), String(number));

	assert.equal(await colour(5), "");
	assert.notEqual(await colour(13), "");
	assert.notEqual(await colour(13), await colour(4));
	await page.tab.keyboard.press("y");
	assert.notEqual(await colour(5), "");
	assert.match(await page.tab.evaluate(() => location.hash), /by=total/);
	silent(page);
	await close(page);
});

test("keys walk over lines and hot lines, and open what is called and who calls", { skip }, async () => {
	const page = await open({ hash: WORK_AT });
	const { keyboard } = page.tab;

	await named(page.tab, "source").focus();
	await keyboard.press("h");
	await isChosen(page.tab, "4");
	await keyboard.press("h");
	await isChosen(page.tab, "12");
	await keyboard.press("H");
	await isChosen(page.tab, "4");
	await keyboard.press("ArrowDown");
	await isChosen(page.tab, "5");
	await keyboard.press("e");
	await isChosen(page.tab, "12");
	await keyboard.press("c");
	await page.tab.locator(".menu").waitFor();
	assert.deepEqual(await page.tab.locator(".item").allTextContents(), ["slow  work.py:5800 samples, 80.0 %", "fast  work.py:850 samples, 5.0 %"]);
	await keyboard.press("ArrowDown");
	await keyboard.press("Enter");
	await isChosen(page.tab, "8");
	await keyboard.press("c");
	assert.match(await shown(page.tab), /main\.py$/);
	await isChosen(page.tab, "6");
	await page.tab.goBack();
	await page.tab.waitForFunction(() => document.querySelector('[data-name="way"]').textContent.endsWith("work.py"));
	await isChosen(page.tab, "8");
	await keyboard.press("u");
	assert.equal(await named(page.tab, "home").isVisible(), true);
	silent(page);
	await close(page);
});

test("marks beside lines do the same, and choosing a line again shows it again", { skip }, async () => {
	const page = await open({ hash: WORK_AT });
	const row = (number) => page.tab.locator(`.line[data-at="${number - 1}"]`);

	await row(5).locator(".mark-callees").click();
	await isChosen(page.tab, "12");
	await page.tab.waitForFunction(() => document.querySelector(".line-flash"));
	await row(12).evaluate((one) => one.classList.remove("line-flash"));
	await row(5).locator(".mark-callees").click();
	assert.equal(await row(12).evaluate((one) => one.classList.contains("line-flash")), true);
	await row(3).locator(".mark-callers").click();
	assert.match(await shown(page.tab), /main\.py$/);
	await isChosen(page.tab, "5");
	silent(page);
	await close(page);
});

test("a line's number is a link to it", { skip }, async () => {
	const page = await open({ hash: WORK_AT });

	await page.tab.locator('.line[data-at="11"] .number').click();
	await page.tab.waitForFunction(() => location.hash.includes("line=12"));
	const hash = await page.tab.evaluate(() => location.hash);
	await close(page);
	const again = await open({ hash });
	await isChosen(again.tab, "12");
	assert.match(await again.tab.locator(".grid-row-chosen").textContent(), /^helper/);
	silent(again);
	await close(again);
});

test("the browser walks back and forth over files", { skip }, async () => {
	const page = await open();
	const isHome = () => named(page.tab, "home").isVisible();

	await page.tab.locator(".grid-button", { hasText: "work.py" }).click();
	await opened(page.tab);
	await named(page.tab, "file").waitFor();
	await page.tab.goBack();
	await named(page.tab, "home").waitFor();
	await page.tab.goForward();
	await named(page.tab, "file").waitFor();
	assert.equal(await isHome(), false);
	await named(page.tab, "home-link").click();
	assert.equal(await isHome(), true);
	silent(page);
	await close(page);
});

test("hot lines alone have what is around them, and gaps that open", { skip }, async () => {
	const long = Array.from({ length: 200 }, (_, i) => (i === 99 ? "def f():" : `    x = ${i}`)).join("\n");
	const page = await open({ hash: "#file=%2Fa.py" }, "f (/a.py:101) 5\nf (/a.py:150) 9\n", { "/a.py": long });

	await page.tab.keyboard.press("o");
	assert.deepEqual((await lines(page.tab)).map(([n]) => Number(n)), [98, 99, 100, 101, 102, 103, 104, 147, 148, 149, 150, 151, 152, 153]);
	assert.deepEqual(await page.tab.locator(".gap-open").allTextContents(), ["⋯ 97 lines", "⋯ 42 lines", "⋯ 47 lines"]);
	await page.tab.locator(".gap-open", { hasText: "42" }).click();
	assert.equal(await page.tab.evaluate(() => heat.view.lay().items.filter(({ kind }) => kind === "line").length), 14 + 42);
	await page.tab.keyboard.press("o");
	assert.equal(await page.tab.locator(".gap-open").count(), 0);
	silent(page);
	await close(page);
});

test("a search finds files and functions in the index, and lines in a file", { skip }, async () => {
	const page = await open();
	const { keyboard } = page.tab;

	await keyboard.press("/");
	await page.tab.waitForFunction(() => heat.codes.size === 8);
	await keyboard.type("helper");
	assert.equal(await found(page.tab), "1 function, 2 lines");
	assert.deepEqual((await gridRows(page.tab, "files")).map(([name]) => name), ["project", "work.py", "fast", "helper", "slow"]);
	assert.deepEqual(await page.tab.locator(".hot-place").allTextContents(), ["work.py:13", "work.py:12"]);
	await keyboard.press("Enter");
	await named(page.tab, "home-link").click();
	assert.equal(await found(page.tab), "1 function, 2 lines");
	await page.tab.locator(".grid-row-function", { hasText: "helper" }).click();
	await opened(page.tab);
	await isChosen(page.tab, "12");
	assert.equal(await found(page.tab), "3 lines");
	await named(page.tab, "source").focus();
	await keyboard.press("n");
	assert.equal(await found(page.tab), "1 of 3 lines");
	await isChosen(page.tab, "5");
	await keyboard.press("N");
	await isChosen(page.tab, "10");
	await named(page.tab, "query").fill("/^def /");
	assert.equal(await found(page.tab), "3 lines");
	await named(page.tab, "query").fill("/(/");
	assert.equal(await named(page.tab, "query").getAttribute("aria-invalid"), "true");
	await named(page.tab, "query").fill("work.py:12");
	await keyboard.press("Enter");
	await isChosen(page.tab, "12");
	await named(page.tab, "query").fill("nothing like it");
	assert.equal(await found(page.tab), "no match");
	silent(page);
	await close(page);
});

test("a file without its source is said to be so, and its lines are there by their numbers", { skip }, async () => {
	const page = await open({ hash: "#file=%2Fusr%2Flib%2Fpython3.13%2Fjson%2F__init__.py" });

	assert.match(await text(page.tab, "file-notices"), /The source of this file is not here/);
	assert.deepEqual(await lines(page.tab), [["231", "4.0 %", "4.0 %", ""]]);
	assert.match(await text(page.tab, "source-head"), /1 line that ran$/);
	assert.deepEqual(await gridRows(page.tab, "outline"), [["dumps", "4.0 %", "4.0 %"]]);
	silent(page);
	await close(page);
});

test("a source that may not be what ran is marked", { skip }, async () => {
	const undated = await open({ hash: WORK_AT });
	assert.match(await text(undated.tab, "file-notices"), /when the profile was sampled is not known/);
	await close(undated);
	const short = await open({ hash: WORK_AT }, STACKS, { ...FILES, "/srv/app/work.py": "x = 1\n" });
	assert.match(await text(short.tab, "file-notices"), /has changed since it was sampled/);
	assert.deepEqual((await lines(short.tab)).map(([n]) => n), ["1", "4", "5", "8", "12", "13"]);
	silent(short);
	await close(short);
});

const HOSTILE = ["</script><img src=x onerror=alert(1)>", "<!--<script>", "\u202egnp.exe", "nul\0 esc\x1b[31m", "\u2028separators\u2029", "constructor", "__proto__", "x".repeat(5000)];

test("hostile names and sources stay texts, everywhere", { skip }, async () => {
	const escaped = (name) => name.replace(/[\0-\x1f;\\]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
	const stacks = HOSTILE.map((name, i) => `root (/r.py:1);${escaped(name)} (/dir/${escaped(name.replaceAll("/", "|")).slice(0, 100)}.py:1);g (/s.py:${i + 1}) ${i + 1}`).join("\n");
	const source = `${HOSTILE.join("\n")}\n'''${HOSTILE[0]}\n<b>`;
	const page = await open({}, `${stacks}\n`, { "/r.py": source, "/s.py": source });

	for (const name of ["files-sort-name", "files-sort-total", "choose-total"]) await named(page.tab, name).click();
	await named(page.tab, "query").fill("onerror");
	assert.match(await found(page.tab), /^1 file, 1 function/);
	for (let i = 0; i < 2; i++) {
		await named(page.tab, "query").fill("");
		await page.tab.locator(".grid-row-file", { hasText: i ? "s.py" : "r.py" }).last().click();
		await opened(page.tab);
		for (const key of ["h", "c", "Escape", "e", "Escape", "x", "o", "y", "w"]) await page.tab.keyboard.press(key);
		await page.tab.evaluate(() => heat.does.home());
	}
	const heard = await page.tab.evaluate(() => [document.images.length, document.querySelectorAll("img, iframe, b").length, /[\0-\x08\x0b-\x1f\x7f\u202e\u2028\u2029]/.test(document.body.innerText)]);
	assert.deepEqual(heard, [0, 0, false]);
	silent(page);
	await close(page);
});

test("tabs, form feeds and very long lines are shown, and long ones whole when asked for", { skip }, async () => {
	const source = `def f():\n\ttab = 1\n\f\nlong = "${"y".repeat(50000)}"\n`;
	const page = await open({ hash: "#file=%2Fa.py" }, "f (/a.py:2) 5\n", { "/a.py": source });
	const rows = await lines(page.tab);

	assert.equal(rows[1][3], "\ttab = 1");
	assert.equal(rows[2][3], "␌");
	assert.match(rows[3][3], /^long = "y{992}… 49,009 more characters$/);
	await page.tab.locator(".more").click();
	assert.equal((await lines(page.tab))[3][3].length, 50009);
	silent(page);
	await close(page);
});

test("of 50,000 lines only those in sight are in the document, and all are reached", { skip }, async () => {
	const source = Array.from({ length: 50000 }, (_, i) => `value_${i} = "line ${i + 1}"`).join("\n");
	const page = await open({ hash: "#file=%2Fa.py" }, "<module> (/a.py:49990) 5\n", { "/a.py": source });

	assert.ok((await lines(page.tab)).length < 120);
	await named(page.tab, "source").focus();
	await page.tab.keyboard.press("h");
	await page.tab.waitForFunction(() => document.querySelector(".line-chosen"));
	assert.equal((await line(page.tab, 49990))[3], 'value_49989 = "line 49990"');
	await page.tab.keyboard.press("Home");
	await isChosen(page.tab, "1");
	await named(page.tab, "minimap").click({ position: { x: 8, y: 300 } });
	assert.ok(await named(page.tab, "source").evaluate((one) => one.scrollTop > 300000));
	silent(page);
	await close(page);
});

const CAFE = `${"#\n".repeat(8)}def work():\n#\n#\n    naïve(first, second(third))\n`;

/* tests/golden/markers.bin: on line 12 a call that is specialized, of columns 4 to 29. */
test("instructions unfold below their line, and the pieces of its text are marked", { skip }, async () => {
	const page = await openFile(browser, heatStream(readFileSync(join(ROOT, "tests/golden/markers.bin")), { "/café 1/app.py": CAFE }), { hash: "#file=%2Fcaf%C3%A9%201%2Fapp.py&line=12" });
	const parts = () => page.tab.locator('.line[data-at="11"] .instruction').evaluateAll((all) => all.map((one) => [...one.children].map((part) => part.textContent)));

	await isChosen(page.tab, "12");
	assert.deepEqual(await parts(), []);
	await page.tab.keyboard.press("x");
	assert.deepEqual(await parts(), [
		["100 % of self specialized (1 of 1 that can be)", "piece of the line", "self samples", "of its self"],
		["CALL_PY_EXACT_ARGS", "CALL", "specialized", "naïve(first, second(thir", "1", "100 %", ""],
	]);
	await page.tab.keyboard.press("x");
	assert.deepEqual(await parts(), []);
	await page.tab.keyboard.press("X");
	assert.equal(await page.tab.locator(".panel-below").count() >= 2, true);
	await page.tab.keyboard.press("v");
	assert.equal(await page.tab.locator(".piece-special").first().getAttribute("title"), "100 % of the line, 1 sample\nCALL_PY_EXACT_ARGS");
	assert.equal(await page.tab.locator('.line[data-at="11"] .piece').evaluateAll((all) => all.map((one) => one.textContent).join("")), "naïve(first, second(thir");
	assert.match(await text(page.tab, "legend"), /specialized/);
	silent(page);
	await close(page);
});

test("on paper all lines are there, and light", { skip }, async () => {
	const source = Array.from({ length: 900 }, (_, i) => `value_${i} = ${i}`).join("\n");
	const page = await openFile(browser, heatPage("<module> (/a.py:7) 5\n", { "/a.py": source }), { hash: "#file=%2Fa.py", colorScheme: "dark" });
	const count = () => page.tab.locator(".line").count();
	const light = () => page.tab.evaluate(() => getComputedStyle(document.body).backgroundColor);

	assert.ok((await count()) < 100);
	await page.tab.evaluate(() => dispatchEvent(new Event("beforeprint")));
	assert.deepEqual([await count(), await light()], [900, "rgb(255, 255, 255)"]);
	await page.tab.emulateMedia({ media: "print" });
	assert.equal(await page.tab.locator(".way-path").isVisible(), true);
	assert.equal(await page.tab.locator(".choices").isVisible(), false);
	assert.equal(await page.tab.locator(".text").first().evaluate((one) => getComputedStyle(one).whiteSpace), "pre-wrap");
	await page.tab.emulateMedia({ media: "screen" });
	await page.tab.evaluate(() => dispatchEvent(new Event("afterprint")));
	assert.ok((await count()) < 100);
	assert.notEqual(await light(), "rgb(255, 255, 255)");
	silent(page);
	await close(page);
});

test("of a very long file paper has the first rows, and how many it lacks", { skip }, async () => {
	const page = await openFile(browser, heatPage("<module> (/a.py:7) 5\n", { "/a.py": "x = 1\n".repeat(6234) }), { hash: "#file=%2Fa.py" });

	await page.tab.evaluate(() => dispatchEvent(new Event("beforeprint")));
	assert.equal(await page.tab.locator(".line[data-at]").count(), 5000);
	assert.equal(await page.tab.locator(".line-gap").textContent(), "1,234 rows more are not printed.");
	await page.tab.evaluate(() => dispatchEvent(new Event("afterprint")));
	assert.equal(await page.tab.locator(".line-gap").count(), 0);
	silent(page);
	await close(page);
});

test("a comparison shows each line before and after, aligned by both texts", { skip }, async () => {
	const later = WORK.replace("    total = 0\n", "    total = 0\n    seen = set()\n").replace("def fast", "# faster now\ndef fast");
	const files = { "/was/work.py": WORK, "/now/work.py": later };
	const path = heatDiff("slow (/was/work.py:5);helper (/was/work.py:13) 600\nslow (/was/work.py:4) 100\n", "slow (/now/work.py:5);helper (/now/work.py:15) 300\nslow (/now/work.py:4) 100\nslow (/now/work.py:5);helper (/now/work.py:13) 20\n", files);
	const page = await openFile(browser, path);

	assert.match(await text(page.tab, "verdict"), /700 samples → 420 samples/);
	assert.deepEqual((await gridRows(page.tab, "files")).map((row) => row[0]), ["project", "work.py"]);
	await page.tab.locator(".grid-button", { hasText: "work.py" }).click();
	await opened(page.tab);
	await named(page.tab, "choose-samples").click();
	await named(page.tab, "choose-raw").click();
	const rows = await lines(page.tab);
	const of = (was, now) => rows.find((row) => row[0] === String(was) && row[1] === String(now));
	assert.match(await text(page.tab, "source-head"), /aligned by a text diff/);
	assert.deepEqual(of(13, 15), ["13", "15", "600", "300", "−300", "        total += ord(c)"]);
	assert.deepEqual(of("", 13), ["", "13", "", "20", "+20", "    seen = set()"]);
	assert.deepEqual(of(4, 4).slice(2, 5), ["100", "100", "±0"]);
	assert.equal(await page.tab.locator(".line-new").count(), 2);
	silent(page);
	await close(page);
});

test("without sources a comparison says how lines were found to be one", { skip }, async () => {
	const stacks = (place, n) => `f (${place}:12);g (${place}:31) ${n}\nf (${place}:14) 3\n`;
	const page = await openFile(browser, heatDiff(stacks("/was/a.py", 10), stacks("/now/a.py", 30)), { hash: "#file=%2Fnow%2Fa.py" });

	assert.match(await text(page.tab, "file-notices"), /only sums of functions are compared|aligned by their distance/);
	assert.equal(await page.tab.locator(".text-sum").count(), 2);
	silent(page);
	await close(page);
});

const NESTED = `def outer():
    def inner():
        return 1
    old_line()
    return inner()
`;

test("a line that is gone is told of its own function, and so is what is proven of it", { skip }, async () => {
	const at = (place) => `outer (/${place}/a.py:`;
	const path = heatDiff(`${at("was")}4) 50\n${at("was")}5);outer.<locals>.inner (/was/a.py:3) 9\n`, `${at("now")}4);outer.<locals>.inner (/now/a.py:3) 9\n`, { "/was/a.py": NESTED, "/now/a.py": NESTED.replace("    old_line()\n", "") });
	const page = await openFile(browser, path, { hash: "#file=%2Fnow%2Fa.py&line=-4" });

	await page.tab.waitForFunction(() => document.querySelector('[data-name="status"]').textContent);
	assert.match(await status(page.tab), /^line 4 · outer · /);
	silent(page);
	await close(page);
});

test("a source is unpacked once, however many of its lines are shown", { skip }, async () => {
	const { openHeat } = await load("heat/model.js");
	const model = await openHeat(JSON.parse(heatData(STACKS, FILES)));
	const row = model.entries.find(({ path }) => path === "/srv/app/work.py").row;
	const [one, other] = await Promise.all([model.text(0, row), model.text(0, row)]);

	assert.equal(one[9], "def helper(text):");
	assert.equal(one, other);
});

test("who calls a function is looked for once, at its first line", { skip }, async () => {
	const page = await open({ hash: "#file=%2Fsrv%2Fapp%2Fmain.py" });
	const asked = await page.tab.evaluate(async () => {
		const { byCallee } = heat.model.sides[0].calls;
		const { of } = byCallee;
		const counts = [0];

		byCallee.of = (f) => {
			counts[counts.length - 1]++;
			return of(f);
		};
		heat.does.change({ entry: heat.model.entries.find(({ path }) => path === "/srv/app/work.py").id, line: 0 });
		while (heat.file.entry.path !== "/srv/app/work.py") await new Promise((done) => setTimeout(done, 10));
		counts.push(0);
		heat.view.refresh();
		return counts;
	});

	assert.deepEqual(asked, [3, 0]);
	assert.equal(await page.tab.locator(".mark-callers").count(), 3);
	silent(page);
	await close(page);
});

test("what only one side has is there, and told", { skip }, async () => {
	const page = await openFile(browser, heatDiff("f (/was/a.py:1);g (/was/old.py:2) 50\n", "f (/now/a.py:1);h (/now/new.py:3) 70\n", { "/was/old.py": "a\nb\n", "/now/new.py": "a\nb\nc\n" }));

	assert.deepEqual(await page.tab.locator(".grid-tag").allTextContents(), ["new", "gone", "no source"]);
	await page.tab.locator(".grid-row-file", { hasText: "old.py" }).click();
	await opened(page.tab);
	assert.match(await text(page.tab, "file-notices"), /Only the baseline has this file/);
	assert.deepEqual((await lines(page.tab)).map((row) => [row[0], row[1]]), [["1", ""], ["2", ""]]);
	silent(page);
	await close(page);
});

test("both halves of the index show what a search finds, texts of lines too", { skip }, async () => {
	const page = await open();
	const places = () => page.tab.locator(".hot-place").allTextContents();
	const names = async () => (await gridRows(page.tab, "files")).map(([name]) => name);

	await page.tab.waitForFunction(() => heat.codes.size === 8);
	await named(page.tab, "query").fill("NEVER SO LONG");
	assert.equal(await found(page.tab), "1 line");
	assert.deepEqual([await places(), await names()], [["work.py:4"], ["project", "work.py", "slow"]]);
	await named(page.tab, "query").fill("fast");
	assert.deepEqual([await places(), await names()], [["main.py:6"], ["project", "work.py", "fast", "main.py", "run"]]);
	await named(page.tab, "query").fill("main.py");
	assert.deepEqual([await places(), await names()], [["main.py:6"], ["project", "main.py"]]);
	await named(page.tab, "query").fill("work.py:12");
	assert.deepEqual([await places(), await names()], [["work.py:12"], ["project", "work.py"]]);
	silent(page);
	await close(page);
});

test("a line that is asked for in the index of a folder is marked on its page, where the search goes on", { skip }, async () => {
	const page = await openFile(browser, heatFolder(STACKS, FILES));

	await named(page.tab, "query").fill("work.py:12");
	await page.tab.keyboard.press("Enter");
	await page.tab.waitForURL(/2\.html/);
	await page.tab.waitForFunction(() => document.documentElement.dataset.state === "open");
	await isChosen(page.tab, "12");
	assert.equal(await named(page.tab, "query").inputValue(), "work.py:12");
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("unfolded instructions, the table of functions and folders are in the address", { skip }, async () => {
	const path = heatStream(readFileSync(join(ROOT, "tests/golden/markers.bin")), { "/café 1/app.py": CAFE });
	const page = await openFile(browser, path, { hash: "#file=%2Fcaf%C3%A9%201%2Fapp.py&line=12" });

	await isChosen(page.tab, "12");
	for (const key of ["x", "b"]) await page.tab.keyboard.press(key);
	const hash = new URL(page.tab.url()).hash;
	assert.match(hash, /functions=no&unfolded=12/);
	await close(page);
	const again = await openFile(browser, path, { hash });
	await isChosen(again.tab, "12");
	assert.equal(await again.tab.locator(".panel-below").count(), 1);
	assert.equal(await named(again.tab, "outline-box").isVisible(), false);
	await named(again.tab, "home-link").click();
	await again.tab.locator(".grid-row-group").first().click();
	const rows = await again.tab.locator(".files .grid-row").count();
	const index = new URL(again.tab.url()).hash;
	silent(again);
	await close(again);
	const folded = await openFile(browser, path, { hash: index });
	assert.equal(await folded.tab.locator(".files .grid-row").count(), rows);
	assert.equal(await folded.tab.locator(".grid-row-file").count(), 0);
	await close(folded);
});

test("a line with less than 1 % of its file is not hot", { skip }, async () => {
	const page = await open({ hash: "#file=%2Fa.py" }, "f (/a.py:11) 1\nf (/a.py:50) 900\nf (/a.py:80) 100\n", { "/a.py": "x = 1\n".repeat(100) });

	await named(page.tab, "source").focus();
	for (const line of ["50", "80", "50"]) {
		await page.tab.keyboard.press("h");
		await isChosen(page.tab, line);
	}
	silent(page);
	await close(page);
});

test("where one run a side is compared, nothing proven can be chosen, and the page says why", { skip }, async () => {
	const page = await openFile(browser, heatDiff("f (/a.py:3) 600\n", "f (/a.py:3) 300\n"));

	if (await named(page.tab, "choose-proven").count()) assert.ok(await named(page.tab, "choose-proven").isDisabled());
	assert.equal(await text(page.tab, "tags"), "");
	silent(page);
	await close(page);
});

test("keys that mean nothing here are not listed", { skip }, async () => {
	const page = await open();
	const keys = (await named(page.tab, "keys-table").locator("tr").allTextContents()).join("\n");

	assert.ok(!/instructions|specialized|of a comparison/.test(keys), keys);
	assert.match(keys, /the next hot line/);
	await close(page);
});

test("a folder of pages is walked over by links", { skip }, async () => {
	const page = await openFile(browser, heatFolder(STACKS, FILES));

	assert.equal(await page.tab.locator(".hot-code").first().textContent(), "total += ord(c)");
	await page.tab.locator(".grid-row-file", { hasText: "work.py" }).click();
	await page.tab.waitForURL(/2\.html/);
	await page.tab.waitForFunction(() => document.documentElement.dataset.state === "open");
	assert.equal((await line(page.tab, 13))[1], "65.0 %");
	await named(page.tab, "source").focus();
	for (const key of ["h", "c"]) await page.tab.keyboard.press(key);
	await page.tab.waitForURL(/1\.html/);
	await page.tab.waitForFunction(() => document.documentElement.dataset.state === "open");
	assert.match(await shown(page.tab), /main\.py$/);
	await isChosen(page.tab, "5");
	await page.tab.goBack();
	await page.tab.waitForURL(/2\.html/);
	await page.tab.waitForFunction(() => document.documentElement.dataset.state === "open");
	await named(page.tab, "home-link").click();
	await page.tab.waitForURL(/index\.html/);
	assert.deepEqual(page.errors, []);
	await close(page);
});

test("the page's policy refuses other scripts, styles and connections", { skip }, async () => {
	const page = await open();
	const refused = await page.tab.evaluate(async () => {
		const heard = new Set();
		document.addEventListener("securitypolicyviolation", (event) => heard.add(event.effectiveDirective));
		const script = document.createElement("script");
		script.textContent = "globalThis.ran = true";
		const style = document.createElement("style");
		style.textContent = "body { display: none }";
		document.body.append(script, style);
		await fetch("http://127.0.0.1:9/").catch(() => {});
		await new Promise((done) => setTimeout(done, 100));
		return [[...heard].sort(), globalThis.ran];
	});

	assert.deepEqual(refused, [["connect-src", "script-src-elem", "style-src-elem"], undefined]);
	await close(page);
});

test("an empty profile, and one without files, say so", { skip }, async () => {
	for (const [stacks, said] of [["f;g 5\n", "No sample is in a file of Python."], ["", "The profile is empty.\nNo sample was taken, or none was kept."]]) {
		const page = await open({}, stacks);

		assert.equal(await text(page.tab, "empty"), said);
		silent(page);
		await close(page);
	}
});

test("every control has a name, and all is readable at 700 pixels", { skip }, async () => {
	const page = await open({ hash: `${WORK_AT}&line=12`, viewport: { width: 700, height: 800 } });
	const nameless = await page.tab.evaluate(() =>
		[...document.querySelectorAll("button, select, input, a[href], [tabindex]")]
			.filter((one) => one.tabIndex >= 0 && one.getClientRects().length && !(one.textContent.trim() || one.getAttribute("aria-label") || one.title))
			.map((one) => one.outerHTML),
	);

	assert.deepEqual(nameless, []);
	assert.equal(await page.tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
	assert.equal(await named(page.tab, "outline-box").isVisible(), false);
	await page.tab.keyboard.press("b");
	const [source, outline] = [await named(page.tab, "source").boundingBox(), await named(page.tab, "outline-box").boundingBox()];
	assert.ok(outline.y >= source.y + source.height - 1 && outline.width > 650, JSON.stringify([source, outline]));
	assert.ok(source.height > 200);
	silent(page);
	await close(page);
});
