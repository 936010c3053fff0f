// places.js: files in their folders, as the index shows them. No document here.

import { figuresOf, sizeOf } from "./figures.js";
import { GROUPS } from "./model.js";

/* The names that lead to each row of a side's folders: of a group none. */
function waysOf({ folders }) {
	const ways = [];

	for (let i = 0; i < folders.n; i++) ways.push(folders.parent[i] === i ? [String(i)] : [...ways[folders.parent[i]], folders.names[i]]);
	return ways;
}

/** The folders of all sides as one tree: the groups; a node is {id, name, rows, folders, entries}. */
export function placesOf({ sides, entries }) {
	const nodes = new Map();
	const ways = sides.map(waysOf);
	const groups = GROUPS.map((name, i) => ({ id: String(i), name, rows: [-1, -1], folders: [], entries: [] }));

	for (const group of groups) nodes.set(group.id, group);
	sides.forEach(({ folders }, side) => {
		for (let i = 0; i < folders.n; i++) {
			const id = ways[side][i].join("/");

			if (!nodes.has(id)) {
				const node = { id, name: folders.names[i], rows: [-1, -1], folders: [], entries: [] };
				nodes.set(id, node);
				nodes.get(ways[side][folders.parent[i]].join("/")).folders.push(node);
			}
			nodes.get(id).rows[side] = i;
		}
	});
	for (const entry of entries) {
		const node = nodes.get(ways[entry.side][sides[entry.side].files.folder[entry.row]].join("/"));

		entry.folder = node;
		node.entries.push(entry);
	}
	return groups.filter((group) => group.folders.length + group.entries.length > 0);
}

/** A chain of folders that hold nothing else is one: its names, and the last of them. */
function chainOf(node) {
	const names = [node.name];
	let last = node;

	while (last.entries.length === 0 && last.folders.length === 1) {
		[last] = last.folders;
		names.push(last.name);
	}
	return [names.join("/"), last];
}

/** The file's name inside of its folder: what is no path is shown whole. */
export const nameOf = ({ label }) => (label.startsWith("<") ? label : label.slice(label.lastIndexOf("/") + 1));

/**
 * The rows of the index: {kind: "group", "folder", "file" or "function", depth, id, name, figures,
 * entry, function}. open(id) tells whether a folder shows what is in it; found is null, or has
 * what a search wants: {entries, functions: Map of an entry's id to its functions}. By is
 * "self" or "total", or "name".
 */
export function placeRows(model, groups, { open, found, by }) {
	const rows = [];
	const figures = (node) => (node.figures ??= figuresOf(model, node.entries ? "folders" : "files", node.rows));
	const sorted = (all, name) => all.sort((a, b) => (by === "name" ? 0 : sizeOf(figures(b), by) - sizeOf(figures(a), by)) || (name(a) < name(b) ? -1 : 1));
	const wanted = (node) => (node.entries ? node.entries.some(wanted) || node.folders.some(wanted) : !found || found.entries.has(node.id));

	function addEntry(entry, depth) {
		rows.push({ kind: "file", depth, id: `f${entry.id}`, name: nameOf(entry), figures: figures(entry), entry });
		for (const f of (found && found.functions.get(entry.id)) || []) rows.push({ kind: "function", depth: depth + 1, id: `f${entry.id}.${f.rows}`, name: f.name, figures: figuresOf(model, "functions", f.rows), entry, function: f });
	}

	function add(node, depth, name, kind) {
		const isOpen = Boolean(found) || open(node.id);
		const below = [...node.folders, ...node.entries].filter(wanted);

		rows.push({ kind, depth, id: node.id, name, figures: figures(node), open: isOpen });
		if (!isOpen) return;
		for (const one of sorted(below, (x) => x.name || nameOf(x))) {
			if (!one.entries) addEntry(one, depth + 1);
			else {
				const [joined, last] = chainOf(one);
				add(last, depth + 1, joined, "folder");
			}
		}
	}

	for (const group of groups.filter(wanted)) add(group, 0, group.name, "group");
	return rows;
}

/** Whether a folder of the index shows what is in it. */
export const isOpen = ({ firstOpen: first, choice }, id) => first.has(id) !== choice.folds.includes(id);

/** The groups and folders that are open at first: of the project, or else of the group with the most. */
export function firstOpen(model, groups) {
	const open = new Set();
	let left = 60; // rows that may be shown so
	const most = groups.find(({ id }) => id === "0") || [...groups].sort((a, b) => figuresOf(model, "folders", b.rows).now.total - figuresOf(model, "folders", a.rows).now.total)[0];
	const visit = (node) => {
		const [, last] = chainOf(node);

		left -= last.folders.length + last.entries.length;
		if (left < 0) return;
		open.add(last.id);
		for (const one of last.folders) visit(one);
	};

	if (!most) return open;
	open.add(most.id);
	left -= most.folders.length + most.entries.length;
	for (const one of most.folders) visit(one);
	return open;
}

/**
 * What a query finds: files by their place in the index, or a part of their path; functions by their
 * name; and lines of the current side, by codes: of a row of lines its text, where that is known.
 * wantsLine(row) and wantsFunction(entry, f) tell what of these is found, or is in what is.
 */
export function findPlaces(model, asked, codes) {
	const found = { entries: new Set(), functions: new Map(), count: 0, files: 0, lines: 0 };
	const [{ lines, spots }] = model.sides;
	const whole = new Set(); // entries that are found themselves
	const names = new Set(); // functions, by their entry and rows
	const found1 = new Set([...codes].filter(([, text]) => asked.finds(text, "")).map(([row]) => row));
	const own = found1.size ? new Set([...found1].flatMap((row) => spots.functionsOf(row))) : new Set();
	const withLines = new Set([...found1].map((row) => lines.file[row]));

	for (const entry of model.entries) {
		const below = [...entry.folder.id.split("/").slice(1), nameOf(entry)].join("/");

		if (asked.finds(below, entry.path) || (asked.line && asked.inFile(entry.path))) whole.add(entry.id);
		const all = functionsOf(model, entry);
		const functions = all.filter(({ name }) => asked.finds(name, ""));
		const shown = all.filter((f) => functions.includes(f) || own.has(f.rows[0]));

		for (const { rows } of functions) names.add(`${entry.id} ${rows}`);
		if (shown.length) found.functions.set(entry.id, shown.slice(0, 50));
		if (shown.length || whole.has(entry.id) || (entry.side === 0 && withLines.has(entry.row))) found.entries.add(entry.id);
		found.count += functions.length;
	}
	const nowNames = new Set([...names].map((name) => name.split(" ")[1].split(",")[0]).map(Number));

	return {
		...found,
		files: whole.size,
		lines: found1.size,
		wantsLine: (row) => {
			const entry = model.entries[lines.file[row]];

			if (asked.line && whole.has(entry.id) && lines.number[row] === asked.line) return true;
			return found1.has(row) || (!asked.line && whole.has(entry.id)) || spots.functionsOf(row).some((f) => nowNames.has(f));
		},
		wantsFunction: (entry, { rows }) => whole.has(entry.id) || names.has(`${entry.id} ${rows}`),
	};
}

/** The functions of an entry, those of both sides that are one as one: {rows, name, line}. */
export function functionsOf({ sides }, { rows: [now, was] }) {
	const all = [];
	const byNumber = new Map();
	const lines = (side, f) => sides[side].functions.line[f];

	if (now >= 0)
		for (const f of sides[0].functions.byFile.of(now)) {
			const made = { rows: [f, -1], name: sides[0].functions.label(f), line: lines(0, f) };
			const number = sides[0].functions.compared[f];

			all.push(made);
			if (number && !byNumber.has(`${number} ${made.name}`)) byNumber.set(`${number} ${made.name}`, made);
		}
	if (was >= 0)
		for (const f of sides[1].functions.byFile.of(was)) {
			const name = sides[1].functions.label(f);
			const same = byNumber.get(`${sides[1].functions.compared[f]} ${name}`);

			if (same && same.rows[1] < 0) same.rows[1] = f;
			else all.push({ rows: [-1, f], name, line: lines(1, f), gone: true });
		}
	return all;
}
