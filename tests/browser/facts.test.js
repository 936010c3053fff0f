// What is said of a profile: its title, and the shares of what was lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, profileOf } from "./help.js";

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
	const of = (facts) => profileOf({ a: 100 }, { facts: { losses: torn, ...facts } });

	assert.ok(origins(of({ observed: 1000 })).includes("5.0 % torn"), origins(of({ observed: 1000 })).join());
	assert.ok(!notices(of({ observed: 1000 })).some((text) => text.includes("torn")));
	assert.ok(notices(of({ observed: 500 })).includes("10.0 % of the stacks are torn and end in <torn>."));
	assert.ok(!origins(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
	assert.ok(!notices(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
});
