// What is said of a profile: its title, and the shares of what was lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, profileOf } from "./help.js";

const { heading, notices, origins, windowTitle } = await load("flame/facts.js");
const imported = { script: "", tool: "timport", options: "stacks.txt", ticks: 0, observed: 0 };
const torn = [["the stack ends in <torn>", "sample", 50]];

test("a page is called by its title, its script, the imported file, or what it is", () => {
	assert.equal(windowTitle(profileOf({ a: 1 }, { title: "Nights" })), "Nights – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 })), "work.py – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 }, { facts: imported })), "stacks.txt – flame graph");
	assert.equal(windowTitle(profileOf({ a: 1 }, { facts: { script: "", options: "-d 10" } })), "Flame graph");
	assert.equal(heading(profileOf({ a: 1 }, { facts: { script: "" } })), "Flame graph");
});

test("the share of torn stacks is of the samples that tell their losses", () => {
	const of = (facts) => profileOf({ a: 100 }, { facts: { losses: torn, ...facts } });

	assert.ok(origins(of({ observed: 1000 })).includes("5.0 % torn"), origins(of({ observed: 1000 })).join());
	assert.ok(!notices(of({ observed: 1000 })).some((text) => text.includes("torn")));
	assert.ok(notices(of({ observed: 500 })).includes("10.0 % of the stacks are torn and end in <torn>."));
	assert.ok(!origins(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
	assert.ok(!notices(of({ ticks: 0, observed: 0 })).some((text) => text.includes("torn")));
});
