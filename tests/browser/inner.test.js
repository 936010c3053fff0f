// What lies inside of a frame: its lines, their source where the profile has it, its instructions.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { close, named, nodeNamed, silent, skip, spot, text } from "./drive.js";
import { column, launch, openPage, pageOf, profileOf } from "./help.js";

let browser;

before(async () => {
	if (!skip) browser = await launch();
});
after(() => browser && browser.close());

const STACKS = { "main:3;f:10": 30, "main:3;f:12": 50, "main:4;f:10": 20 };
const SOURCE = "def f(n):\n\n\tfor i in n:\n\t\tfirst(i)\n\n\t\tsecond(i) # </script><b>\n\treturn n\n";
/* Nodes: 1 main:3, 2 f:12, 3 f:10, 4 main:4, 5 f:10. */
const OPCODES = { n: 5, names: ["CALL", "LOAD_ATTR_SLOT LOAD_ATTR"], node: column([1, 1, 0, 1, 2]), name: column([0, 0, 1, 1, 0]), weight: column([80, 40, 10, 30, 20]) };
const open = (more = {}) => openPage(browser, pageOf(profileOf(STACKS, { lines: "known", ...more })));
const tipOf = async (tab, name) => {
	await tab.mouse.move(...(await spot(tab, await nodeNamed(tab, name))));
	await tab.locator(".tip").waitFor();
};

test("a tooltip shows the source around the hottest line, with the share of each", { skip }, async () => {
	const page = await open({ sources: [{ file: 4, chunks: [[7, SOURCE]] }] });

	assert.equal(await page.tab.evaluate(() => flame.model.profile.strings[4]), "/srv/app/f.py");
	await tipOf(page.tab, "f");
	assert.deepEqual(await page.tab.locator(".code").allTextContents(), ["9    for i in n:", "1050.0 %        first(i)", "1250.0 %        second(i) # </script><b>"]);
	assert.equal(await page.tab.locator(".code-hot").textContent(), "1050.0 %        first(i)");
	await tipOf(page.tab, "main");
	assert.deepEqual(await page.tab.locator(".code").allTextContents(), ["line 380.0 %", "line 420.0 %"]);
	await page.tab.keyboard.press("L");
	await tipOf(page.tab, "f");
	assert.equal(await page.tab.locator(".code-hot").textContent(), "12100 %        second(i) # </script><b>");
	silent(page);
	await close(page);
});

test("Space tells of the selected frame what pointing at it does, and Esc ends that", { skip }, async () => {
	const page = await open({ sources: [{ file: 4, chunks: [[7, SOURCE]] }] });

	for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "Space"]) await page.tab.keyboard.press(key);
	assert.equal(await page.tab.locator(".tip-name").textContent(), "f");
	assert.equal(await page.tab.locator(".code-hot").textContent(), "1050.0 %        first(i)");
	await page.tab.keyboard.press("Escape");
	assert.equal(await page.tab.locator(".tip").isVisible(), false);
	silent(page);
	await close(page);
});

test("instructions have bars, and specialized ones tell what they are a form of", { skip }, async () => {
	const page = await open({ opcodes: OPCODES });

	await tipOf(page.tab, "f");
	assert.deepEqual(await page.tab.locator(".opcode").allTextContents(), ["CALL60.0 %", "LOAD_ATTR_SLOTLOAD_ATTR, specialized40.0 %"]);
	await page.tab.keyboard.press("L");
	await tipOf(page.tab, "f");
	assert.deepEqual(await page.tab.locator(".opcode").allTextContents(), ["CALL80.0 %", "LOAD_ATTR_SLOTLOAD_ATTR, specialized20.0 %"]);
	silent(page);
	await close(page);
});

test("a function on one line, and a profile without lines, have nothing to tell of them", { skip }, async () => {
	const page = await openPage(browser, pageOf(profileOf({ "main;f": 100 })));

	await tipOf(page.tab, "f");
	assert.equal(await page.tab.locator(".code, .opcode").count(), 0);
	assert.equal(await named(page.tab, "choose-lines").count(), 0);
	assert.match(await text(page.tab, "tip"), /^ff\.py:7/);
	silent(page);
	await close(page);
});
