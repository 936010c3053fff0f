// gecko.test.js: what tgecko writes, loaded by the Firefox Profiler's own code (its profiler-cli).

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { watch } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { folder, functionsOf, ROOT } from "./help.js";

const BUILD = process.env.BUILD || join(ROOT, "build");

/** Where the package's program is, or undefined. */
function programOf() {
	try {
		return createRequire(join(ROOT, "build/x.js")).resolve("@firefox-devtools/profiler-cli/dist/profiler-cli.js");
	} catch {
		return undefined;
	}
}

const program = programOf();
const golden = (name) => join(ROOT, "tests/golden", `${name}.bin`);
const run = (tool, ...words) => execFileSync(join(BUILD, tool), words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
const sum = (numbers) => numbers.reduce((all, n) => all + n, 0);

/** Its daemon with a stream's profile. ask(words) is what the program answers, as JSON. */
async function load(stream) {
	const dir = folder();
	const env = { ...process.env, PROFILER_CLI_SESSION_DIR: dir };
	const text = run("tgecko", "-q", stream);

	writeFileSync(join(dir, "profile.json"), text);
	const seen = watch(dir);
	const daemon = spawn(process.execPath, [program, "--daemon", join(dir, "profile.json"), "--session", "t"], { env, stdio: "ignore" });

	if (!existsSync(join(dir, "t.sock"))) for await (const { filename } of seen) if (filename === "t.sock") break;
	return {
		profile: JSON.parse(text),
		ask: (...words) =>
			JSON.parse(execFileSync(process.execPath, [program, ...words, "--session", "t", "--json"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })),
		end: () => daemon.kill(),
	};
}

describe("the Firefox Profiler's own code", { skip: program ? false : "its package is not here" }, () => {
	const sessions = new Map();
	const session = (name) => sessions.get(name) ?? sessions.set(name, load(golden(name))).get(name);

	after(async () => {
		for (const loaded of sessions.values()) (await loaded).end();
	});

	for (const name of ["threads", "restart", "lanes"])
		test(`finds the functions, with the times, that tfold finds in ${name}.bin`, async () => {
			const { ask, profile } = await session(name);

			for (const [i, thread] of profile.threads.entries()) {
				const theirs = ask("thread", "functions", "--include-idle", "--limit", "0", "--thread", `t-${i}`).functions;
				const ours = functionsOf(run("tfold", "-t", "--weight", "time", "--thread", String(thread.tid), golden(name)));
				const us = (ms) => Math.round(ms * 1000);

				assert.deepEqual(
					theirs.map((f) => [f.name, us(f.selfSamples), us(f.totalSamples)]).sort(),
					[...ours].map(([name, { self, total }]) => [name, self, total]).sort(),
				);
			}
		});

	test("finds the samples that tfold counts, and one for time that no tick covers", async () => {
		const { ask } = await session("states");
		const counted = run("tfold", "-t", golden("states")).trim().split("\n").map((line) => Number(line.split(" ").at(-1)));

		assert.equal(ask("thread", "info", "--thread", "t-0").sampleCount, sum(counted) + 1);
	});

	test("shows threads and processes, and how long they were on a CPU", async () => {
		const { ask } = await session("threads");
		const info = ask("profile", "info", "--all");

		assert.deepEqual(
			info.processes.map(({ pid, name, cpuMs, threads }) => [pid, name, cpuMs, threads.map((t) => [t.tid, t.name, t.cpuMs])]),
			[
				["2000", "app.py", 30, [[2005, "pool; 1", 30], [2000, "MainThread", 0]]],
				["2001", "process 2001", 0, [[2001, "MainThread", 0]]],
			],
		);
		const lanes = (await session("lanes")).ask("profile", "info", "--all");
		// The scheduler accounted 59 ms to one thread; in the 68.125 ms behind, its state tells.
		assert.deepEqual(lanes.processes.map(({ cpuMs }) => cpuMs), [59 + 68.125]);
	});

	test("shows every marker, each with its kind and its length", async () => {
		const { ask } = await session("states");
		const { flatMarkers } = ask("thread", "markers", "--thread", "t-0", "--list");

		assert.deepEqual(
			flatMarkers.map((m) => [m.name, m.markerType, m.category, m.start, m.duration]).sort(),
			[
				["GC Collecting", "GC", "GC", 70, 40],
				["Has Exception", "Exception", "Exception", 60, 10],
				["Has GIL", "GIL", "GIL", 20, 10],
				["Has GIL", "GIL", "GIL", 40, 10],
				["Has GIL", "GIL", "GIL", 70, 40],
				["No Exception", "Exception", "Exception", 20, 40],
				["No Exception", "Exception", "Exception", 70, 40],
				["No GIL", "GIL", "GIL", 30, 10],
				["No GIL", "GIL", "GIL", 60, 10],
				["Off CPU", "CPU", "CPU", 30, 20],
				["Off CPU", "CPU", "CPU", 60, 10],
				["On CPU", "CPU", "CPU", 20, 10],
				["On CPU", "CPU", "CPU", 50, 10],
				["On CPU", "CPU", "CPU", 70, 40],
				["Waiting for GIL", "GIL", "GIL", 50, 10],
			].sort(),
		);
	});

	test("shows instructions with their function and line, and what was lost", async () => {
		const { ask } = await session("markers");
		const opcodes = ask("thread", "markers", "--thread", "t-0", "--list", "--category", "Opcodes").flatMarkers;
		const lost = (await session("restart")).ask("thread", "markers", "--thread", "t-0", "--list", "--category", "Lost").flatMarkers;

		assert.deepEqual(opcodes.map((m) => [m.name, m.label]), [["CALL_PY_EXACT_ARGS", "été:12"], ["RESUME", "été:9"], ["<255>", "été:"]]);
		assert.deepEqual(lost.map((m) => m.label).sort(), [
			"1, the stack ends in <torn>",
			"100, missed: tsample was not run in time",
			"3, missed: tsample or the machine was suspended",
			"300, read again: predicted wrongly, or to learn which stacks there are",
		]);
	});

	test("shows the source text that the stream carries, line by line", async () => {
		const { ask } = await session("threads");
		const [annotation] = [ask("function", "annotate", "f-0", "--context", "file")];

		assert.match(JSON.stringify(annotation), /"sourceText":"import time"/);
	});

	test("knows when it was, how often, and of which version the document is", async () => {
		const { ask } = await session("threads");
		const meta = ask("profile", "meta");

		assert.deepEqual(
			[meta.startTimeFormatted, meta.interval, meta.preprocessedProfileVersion, meta.durationMs],
			["2026-01-01T00:00:00.000Z", 10, 75, 88.125],
		);
	});
});
