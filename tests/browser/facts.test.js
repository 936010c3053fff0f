// What is said of a profile: its title, and the shares of what was lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FACTS, load, profileOf } from "./help.js";

const { factRows, heading, notices, origins, threadRows, windowTitle } = await load("page/facts.js");
const imported = { script: "", tool: "timport", options: "stacks.txt", ticks: 0, observed: 0 };
const torn = [["the stack ends in <torn>", "sample", 50]];

test("a page is called by its title, its script, the imported file, or what it is", () => {
	assert.equal(windowTitle(profileOf({ a: 1 }, { title: "Nights" }), "Flame graph"), "Nights – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 }), "Flame graph"), "work.py – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 }, { facts: imported }), "Flame graph"), "stacks.txt – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 }, { facts: { script: "", options: "-d 10" } }), "Flame graph"), "Flame graph");
	assert.equal(heading(profileOf({ a: 1 }, { facts: { script: "" } }), "Flame graph"), "Flame graph");
});

test("what the scheduler accounted is told of all threads, and of each", () => {
	const facts = { accounted_ns: 4e9, ran_ns: 1e9, waited_ns: 2e9, mode: "all tasks" };
	const threads = [
		{ process: 0, name: "a", weight: 1e9, accounted_ns: 2e9, ran_ns: 1e9 },
		{ process: 0, name: "b", weight: 1e9, accounted_ns: 0, ran_ns: 0 },
	];
	const processes = ["app.py (7)"];
	const rows = Object.fromEntries(factRows(profileOf({ a: 1 }, { facts, threads })));

	assert.equal(rows["On a CPU"], "25.0 % of the threads' time, and 50.0 % waiting for one");
	assert.ok("Task-time" in rows && !("Thread-time" in rows));
	assert.deepEqual(threadRows({ threads, processes }, String, 2e9).map((row) => row.slice(3)), [["50.0 %", "50.0 % on a CPU"], ["50.0 %", ""]]);
	assert.equal(threadRows({ threads: [threads[1]], processes }, String, 2e9)[0].length, 4);
});

test("the share of torn stacks is of the samples that tell their losses", () => {
	const of = (facts) => profileOf({ a: facts.observed || 100 }, { facts: { losses: torn, ...facts } });

	assert.ok(origins(of({ observed: 1000 })).includes("5.0 % torn"), origins(of({ observed: 1000 })).join());
	assert.ok(!notices(of({ observed: 1000 })).some((text) => text.includes("torn")));
	assert.ok(notices(of({ observed: 500 })).includes("10.0 % of the stacks are torn and end in <torn>."));
	assert.ok(!origins(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
	assert.ok(!notices(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
});

test("of a comparison each side's facts are told, and no sum of both", () => {
	const side = (more) => ({ ...FACTS, samples: 500, observed: 500, weight: 5e8, watched_ns: 5e8, ...more });
	const sides = [side({ python: "3.11.2", runs: 3 }), side({ python: "3.12.1", runs: 4, samples: 520, ticks: 800, losses: [["missed: tsample was not run in time", "tick", 200]] })];
	const profile = profileOf({ a: 1020 }, { facts: { python: "", runs: 7, threads: 2, sides } });
	const rows = Object.fromEntries(factRows(profile));

	assert.deepEqual(origins(profile).slice(0, 1), ["Python 3.11.2 → 3.12.1"]);
	for (const part of ["3 → 4 runs", "500 ms a side", "500 → 520 samples", "none missed → 20.0 % missed"]) assert.ok(origins(profile).includes(part), `${part}: ${origins(profile).join()}`);
	assert.equal(rows.Python, "3.11.2 → 3.12.1");
	assert.equal(rows.Host, "box");
	assert.equal(rows.Runs, "3 → 4");
	assert.equal(rows.Ticks, "1,000 → 800");
	assert.equal(rows.Threads, "1 a side");
	assert.equal(rows["Missed: tsample was not run in time"], "0 → 200 ticks");
	assert.deepEqual(notices(profile), ["After: 20.0 % of the ticks were missed; time that no sample covers is in <missed>."]);
});

test("a part of a recording is said to be one, and no marker is named that is not there", () => {
	const losses = [["missed: tsample was not run in time", "tick", 500], ["the stack ends in <torn>", "sample", 300]];
	const part = profileOf({ a: 400 }, { facts: { losses, observed: 2000, torn: false, missed: false } });
	const whole = profileOf({ a: 2000 }, { facts: { losses, torn: false, missed: false } });

	assert.deepEqual(notices(part), [
		"A part of the recording: 400 of its 2,000 samples. Its ticks, its losses and the time it was watched are those of all of it.",
		"33.3 % of the ticks were missed.",
		"15.0 % of the stacks are torn.",
	]);
	assert.equal(Object.fromEntries(factRows(part))["The stack ends in <torn>, of the whole recording"], "300 samples");
	assert.deepEqual(notices(whole), ["33.3 % of the ticks were missed.", "15.0 % of the stacks are torn."]);
});
