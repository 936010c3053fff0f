// side.js: the panel beside the picture: its tabs, its width, and what stands in them.

import { element, named } from "../page/dom.js";
import { remembered } from "../page/memory.js";
import { share } from "../page/numbers.js";
import { clipped, visible } from "../page/text.js";
import { byFact, byThread, FACTS_OF_STATE, factsOfStates, wantedSlots, watchedOf } from "./cells.js";

const TABS = { functions: "Functions", filter: "Filter", profile: "Profile" };
const NARROW = 900;
const WIDTHS_PX = { least: 220, most: 0.7 };

function fillTabs() {
	const tabs = Object.entries(TABS).map(([name, text]) => {
		const tab = element("button", "tab", text);

		tab.type = "button";
		tab.setAttribute("role", "tab");
		tab.dataset.name = `open-${name}`;
		tab.addEventListener("click", () => openTab(name));
		return tab;
	});

	named("tabs").replaceChildren(...tabs);
	named("tabs").addEventListener("keydown", (event) => {
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!step) return;
		const at = tabs.indexOf(document.activeElement);
		event.preventDefault();
		event.stopPropagation();
		tabs[(at + step + tabs.length) % tabs.length].click();
		tabs[(at + step + tabs.length) % tabs.length].focus();
	});
}

export function openTab(wanted) {
	for (const name of Object.keys(TABS)) {
		const tab = named(`open-${name}`);

		tab.setAttribute("aria-selected", String(name === wanted));
		tab.tabIndex = name === wanted ? 0 : -1;
		named(`tab-${name}`).hidden = name !== wanted;
	}
}

/** Shows or hides the panel. */
export function togglePanel(open = named("side").hidden) {
	named("side").hidden = !open;
	named("divider").hidden = !open;
	named("panel").setAttribute("aria-expanded", String(open));
	if (innerWidth > NARROW) remembered("panel", open ? "open" : "shut");
}

/* Below a narrow picture the panel has a height of its own, beside a wide one the width that was chosen. */
function setWidth(wide) {
	const width = Math.round(Math.min(Math.max(wide, WIDTHS_PX.least), innerWidth * WIDTHS_PX.most));

	named("side").style.width = `${width}px`;
	named("divider").setAttribute("aria-valuenow", width);
	remembered("panel-width", width);
}

function followDivider() {
	const divider = named("divider");
	const width = () => named("side").getBoundingClientRect().width;

	divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
	divider.addEventListener("pointermove", (event) => {
		if (divider.hasPointerCapture(event.pointerId)) setWidth(innerWidth - event.clientX);
	});
	divider.addEventListener("keydown", (event) => {
		const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
		if (!step) return;
		event.preventDefault();
		event.stopPropagation();
		setWidth(width() + step);
	});
}

export function openSide(compared) {
	const width = Number(remembered("panel-width"));

	fillTabs();
	openTab("functions");
	followDivider();
	if (innerWidth > NARROW) setWidth(width || (compared ? 430 : 380));
	togglePanel(innerWidth > NARROW ? remembered("panel") !== "shut" : false);
}

function checkbox(text, checked, changed) {
	const label = element("label", "check");
	const box = element("input");

	box.type = "checkbox";
	box.checked = checked;
	box.addEventListener("change", () => changed(box.checked));
	label.append(box, element("span", "check-text", text));
	return label;
}

/** A choice of one, with its name before it. */
export function chooser(title, options, value, changed) {
	const label = element("label", "choice");
	const select = element("select", "select");

	for (const [key, text] of options) {
		const option = element("option", "", text);
		option.value = key;
		select.append(option);
	}
	select.value = value;
	select.addEventListener("change", () => changed(select.value));
	label.append(element("span", "choice-text", title), select);
	return label;
}

function linkButton(text, run) {
	const made = element("button", "link", text);

	made.type = "button";
	made.addEventListener("click", run);
	return made;
}

/*
 * Threads by their process: {title, rows: [{name, threads}]}. Of a comparison a row is
 * the threads of one name of both sides, and pids, which differ, do not tell processes apart.
 */
function threadGroups({ profile, comparison }) {
	const groups = new Map();
	const into = (map, key, make) => map.get(key) || map.set(key, make()).get(key);

	profile.threads.forEach((thread, i) => {
		const process = profile.processes[thread.process] || "other processes";
		const title = comparison ? process.replace(/ ?\(\d+\)$/, "") : process;
		const rows = into(groups, comparison ? title : thread.process, () => ({ title, rows: new Map() })).rows;

		into(rows, comparison ? thread.name : i, () => ({ name: thread.name, threads: [] })).threads.push(i);
	});
	return [...groups.values()].map(({ title, rows }) => ({ title, rows: [...rows.values()] }));
}

/* Boxes for threads, each with its share, below those of their processes. */
function threadChecks(model, groups, want, changed) {
	const { profile, slots } = model;
	const sums = byThread(slots, wantedSlots(slots, { ...want, hidden: new Set() }), profile.threads.length);
	const whole = sums.reduce((sum, x) => sum + x, 0);
	const shown = (threads) => threads.every((i) => !want.hidden.has(i));
	const set = (threads, on) => {
		const hidden = new Set(want.hidden);
		for (const i of threads) on ? hidden.delete(i) : hidden.add(i);
		changed({ ...want, hidden });
	};
	const row = ({ name, threads }) => {
		const made = element("div", "thread");
		const others = profile.threads.map((_, i) => i).filter((i) => !threads.includes(i));

		made.append(
			checkbox(clipped(visible(name), 80), shown(threads), (on) => set(threads, on)),
			linkButton("only", () => changed({ ...want, hidden: new Set(others) })),
			element("span", "amount", share(threads.reduce((sum, i) => sum + sums[i], 0), whole)),
		);
		return made;
	};

	return groups.flatMap(({ title, rows }) => {
		if (groups.length === 1) return rows.map(row);
		const head = element("div", "thread thread-process");
		const all = rows.flatMap(({ threads }) => threads);

		head.append(checkbox(clipped(visible(title), 80), shown(all), (on) => set(all, on)));
		return [head, ...rows.map(row)];
	});
}

/** The tab of filters: threads, states and the time; changed(want) hears of another choice. */
export function fillFilter(model, want, whole, changed) {
	const { slots } = model;
	const panel = named("tab-filter");
	const parts = [];
	const known = (fact) => slots.series.some(({ state }) => (state >> fact.shift) & 3);
	const back = panel.contains(document.activeElement) ? [...panel.querySelectorAll("input, select, button")].indexOf(document.activeElement) : -1;

	const groups = threadGroups(model);
	if (groups.length > 1 || (groups[0] && groups[0].rows.length > 1)) {
		const all = linkButton("all", () => changed({ ...want, hidden: new Set() }));
		const title = element("h2", "sheet-title", "Threads ");

		all.disabled = want.hidden.size === 0;
		title.append(all);
		parts.push(title, ...threadChecks(model, groups, want, changed));
	}
	const facts = factsOfStates(model.profile).filter(known);
	if (facts.length) parts.push(element("h2", "sheet-title", "State of the thread"));
	for (const fact of facts) {
		const there = byFact(slots, wantedSlots(slots, { ...want, states: { ...want.states, [fact.name]: undefined } }), fact);
		const sum = there.reduce((a, b) => a + b, 0);
		const options = fact.values.map((text, i) => [String(i), `${text} (${share(there[i], sum)})`]).filter((_, i) => fact.values[i] && (i > 0 || there[0] > 0));

		parts.push(
			chooser(fact.title, [["", "any"], ...options], want.states[fact.name] === undefined ? "" : String(want.states[fact.name]), (value) => {
				const states = { ...want.states };
				if (value === "") delete states[fact.name];
				else states[fact.name] = Number(value);
				changed({ ...want, states });
			}),
		);
	}
	if (slots.epochs > 1) {
		parts.push(element("h2", "sheet-title", "Time"), element("p", "hint-line", "Drag over the timeline above the picture to see a part of the time only."));
	}
	if (parts.length === 0) parts.push(element("p", "hint-line", "There is one thread, and nothing is known of its states: there is nothing to filter by."));
	const reset = linkButton("Show everything again", () => changed({ ...whole }));
	reset.className = "button button-wide";
	if (parts.length > 1) parts.push(reset);
	panel.replaceChildren(...parts);
	if (back >= 0) (panel.querySelectorAll("input, select, button")[back] || panel).focus();
}

/* Rows of [what, of what, part, whole, text]: a share with its bar. */
function shareRow([title, text, part, whole]) {
	const row = element("div", "share");
	const bar = element("div", "share-bar");
	const fill = element("div", "share-fill");

	fill.style.width = `${Math.min(100, (part / whole) * 100 || 0)}%`;
	bar.append(fill);
	row.append(element("span", "share-title", title), element("span", "share-text", text), bar);
	return row;
}

/*
 * What the interpreters did: [title, text, part, whole]. Of the GIL and garbage of the wall
 * time per interpreter, of the CPU and exceptions of the threads' time.
 */
function runtimeShares(model, want) {
	const { slots, time } = model;
	const wanted = wantedSlots(slots, want);
	const wall = time ? watchedOf({ ...model, threads: model.profile.threads }, want) : 0;
	const facts = Object.fromEntries(FACTS_OF_STATE.map((fact) => [fact.name, byFact(slots, wanted, fact)]));
	const whole = facts.cpu.reduce((a, b) => a + b, 0);
	const of = (sums, part, all, what) => (sums[0] >= whole ? "unknown" : `${share(part, all)} of ${what}${sums[0] > 0 ? `, ${share(sums[0], whole)} unknown` : ""}`);
	const ofWall = (sums, part) => (wall > 0 ? of(sums, part, wall, "wall time") : "unknown");
	const ofTime = (sums, part) => of(sums, part, whole - sums[0], "threads’ time");
	const row = (title, text, part, all) => [title, text, text === "unknown" ? 0 : part, all];
	const wants = factsOfStates(model.profile).find(({ name }) => name === "gil").values[2];

	return [
		row("GIL held", ofWall(facts.gil, facts.gil[1]), facts.gil[1], wall),
		row("Waiting for the GIL", wants ? ofWall(facts.gil, facts.gil[2]) : "unknown", facts.gil[2], wall),
		row("Collecting garbage", ofWall(facts.gc, facts.gc[1]), facts.gc[1], wall),
		row("On a CPU, or runnable", ofTime(facts.cpu, facts.cpu[1]), facts.cpu[1], whole - facts.cpu[0]),
		row("Handling an exception", ofTime(facts.exception, facts.exception[1]), facts.exception[1], whole - facts.exception[0]),
	];
}

/** Says above the facts what the interpreters did of what is shown; of a comparison on the current side. */
export function fillShares(model, want, filtered) {
	const { threads } = model.profile;
	const before = model.comparison ? threads.map((_, i) => i).filter((i) => threads[i].side === 1) : [];
	const rows = runtimeShares(model, { ...want, hidden: new Set([...want.hidden, ...before]) });
	const title = ["Interpreter", before.length && "of the current side", filtered && "of what is shown"].filter(Boolean).join(", ");

	named("shares").replaceChildren(element("h2", "sheet-title", title), ...rows.map(shareRow));
}

