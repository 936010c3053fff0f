// export.test.js: what texport writes, taken in by speedscope itself, by schemas and by a browser.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, describe, test } from "node:test";
import { chromium, folder, functionsOf, launch, playwright, ROOT } from "./help.js";

const BUILD = process.env.BUILD || join(ROOT, "build");
const modules = createRequire(join(ROOT, "build/x.js"));
const golden = (name) => join(ROOT, "tests/golden", `${name}.bin`);
const run = (tool, ...words) => execFileSync(join(BUILD, tool), words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/** A module of a package, or undefined. */
function load(name) {
	try {
		return modules(name);
	} catch {
		return undefined;
	}
}

/** The folder of speedscope's page, or undefined. */
function speedscopeOf() {
	const place = join(ROOT, "build/node_modules/speedscope/dist/release");

	return existsSync(join(place, "index.html")) ? place : undefined;
}

const noBrowser = !chromium() ? "chromium is not here" : !(await playwright()) ? "playwright-core is not here" : "";

describe("schemas", { skip: load("ajv") ? false : "ajv is not here" }, () => {
	test("every line of texport jsonl is as its schema has it", () => {
		const Ajv = load("ajv/dist/2020");
		const valid = new Ajv().compile(JSON.parse(readFileSync(join(ROOT, "share/schema/texport-jsonl.json"), "utf8")));
		const types = new Set();

		for (const name of ["tiny", "threads", "restart", "markers", "folded", "joined", "unknown", "lanes", "timeless", "states"])
			for (const line of run("texport", "-q", "--label", "a=b", "jsonl", golden(name)).trim().split("\n")) {
				assert.ok(valid(JSON.parse(line)), `${name}: ${line}: ${JSON.stringify(valid.errors?.at(-1))}`);
				types.add(JSON.parse(line).type);
			}
		assert.equal(types.size, 14, [...types].join(" "));
		assert.ok(!valid({ type: "sample", run: 0 }));
	});

	test("speedscope's own schema has nothing to say", { skip: speedscopeOf() ? false : "speedscope is not here" }, () => {
		const Ajv = load("ajv");
		const schema = JSON.parse(readFileSync(join(speedscopeOf(), "file-format-schema.json"), "utf8"));
		const valid = new Ajv({ strict: false, validateSchema: false }).compile(schema);

		for (const name of ["threads", "folded", "lanes", "timeless", "markers"])
			assert.ok(valid(JSON.parse(run("texport", "-q", "speedscope", golden(name)))), `${name}: ${JSON.stringify(valid.errors)}`);
	});
});

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };

/** A server of speedscope's page, with profiles beside. */
async function serve(profiles) {
	const server = createServer((request, response) => {
		const { pathname } = new URL(request.url, "http://here");
		const name = pathname.slice(1);
		const body = profiles[name] ?? (existsSync(join(speedscopeOf(), name)) ? readFileSync(join(speedscopeOf(), name)) : undefined);

		response.writeHead(body === undefined ? 404 : 200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" });
		response.end(body);
	});

	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Native ids of the first threads, which speedscope shows at first. */
const MAIN = { threads: "2000", lanes: "1000" };

describe("a browser", { skip: noBrowser || false }, () => {
	let browser, served;

	before(async () => {
		browser = await launch();
		if (speedscopeOf())
			served = await serve(Object.fromEntries(Object.keys(MAIN).map((name) => [`${name}.json`, run("texport", "-q", "--title", name, "speedscope", golden(name))])));
	});
	after(async () => {
		await browser?.close();
		served?.server.close();
	});

	/** The rows of speedscope's sandwich view: name, self and total, in milliseconds with two digits. */
	async function sandwich(tab) {
		await tab.keyboard.press("3");
		await tab.getByText("Symbol Name").waitFor();
		const rows = await tab.evaluate(() => [...document.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent.trim())));
		const ms = (text) => {
			const [, number, unit] = /^([0-9.]+)(ns|µs|ms|s) /.exec(text);
			return Number(number) * { ns: 1e-6, µs: 1e-3, ms: 1, s: 1e3 }[unit];
		};

		return rows.filter(([total]) => /%/.test(total)).map(([total, self, name]) => [name, ms(self), ms(total)]);
	}

	for (const name of ["threads", "lanes"])
		test(`speedscope loads ${name}.bin, and shows its functions with the times that tfold finds`, { skip: speedscopeOf() ? false : "speedscope is not here" }, async () => {
			const tab = await browser.newPage();
			const errors = [];
			const ours = functionsOf(run("tfold", "-t", "--weight", "time", "--thread", MAIN[name], golden(name)));
			const rounded = (us) => Math.round(us / 10) / 100;

			tab.on("pageerror", (error) => errors.push(String(error)));
			await tab.goto(`${served.url}/index.html#profileURL=${encodeURIComponent(`${served.url}/${name}.json`)}`);
			await tab.waitForFunction((title) => document.title === title, `${name} - speedscope`);
			const theirs = await sandwich(tab);

			assert.deepEqual(errors, []);
			assert.deepEqual(theirs.sort(), [...ours].map(([name, { self, total }]) => [name, rounded(self), rounded(total)]).sort());
			await tab.close();
		});

	for (const name of Object.keys(MAIN))
		test(`timport reads what speedscope saves of ${name}.bin with the times of before`, { skip: speedscopeOf() ? false : "speedscope is not here" }, async () => {
			const tab = await browser.newPage({ acceptDownloads: true });
			const text = (command, file) => execFileSync("sh", ["-c", `PATH=$1:$PATH; ${command}`, file, BUILD], { encoding: "utf8" });

			await tab.goto(`${served.url}/index.html#profileURL=${encodeURIComponent(`${served.url}/${name}.json`)}`);
			await tab.waitForFunction((title) => document.title === title, `${name} - speedscope`);
			const [saved] = await Promise.all([tab.waitForEvent("download"), tab.keyboard.press("Control+s")]);

			assert.equal(text('timport "$0" | tfold -q -t --weight time', await saved.path()), text('tfold -q -t --weight time "$0" | grep -v "^<root> "', golden(name)));
			await tab.close();
		});

	test("a picture opens, runs no script, and names its frames", async () => {
		const path = join(folder(), "it.svg");
		const tab = await browser.newPage();
		const heard = [];

		writeFileSync(path, run("texport", "-q", "svg", golden("threads")));
		tab.on("console", (message) => heard.push(message.text()));
		tab.on("request", (request) => heard.push(request.url()));
		await tab.goto(pathToFileURL(path).href);
		const drawn = await tab.evaluate(() =>
			[...document.querySelectorAll("g")].map((g) => [g.querySelector("title").textContent.split("\n")[0], g.querySelector("text")?.textContent, Math.round(g.querySelector("rect").getBBox().width)]),
		);

		assert.deepEqual(heard, [pathToFileURL(path).href]);
		assert.deepEqual(drawn, [
			["<module> (/app.py)", "<module>", 897],
			["wait (/app.py)", "wait", 407],
			["work (/app.py)", "work", 424],
			["inner (/app.py)", "inner", 137],
			["<no python>", "<no pyt..", 75],
		]);
		await tab.close();
	});
});
