// find.js: the search field: files and functions in the index, lines in a file.

import { named } from "../page/dom.js";
import { counted } from "../page/numbers.js";
import { query } from "../page/search.js";
import { rowText } from "./file.js";
import { findPlaces } from "./places.js";

/* The rows of a file whose text or function a query finds, in order. */
function rowsOf({ file }, asked) {
	const names = new Set();
	const found = [];

	for (const f of file.functions) if (asked.finds(f.name, "")) names.add(file.at[0].get(f.firsts[0]) ?? file.at[1].get(f.firsts[1]));
	file.rows.forEach((row, at) => {
		const { text } = row.kind === "line" ? rowText(file, row) : {};
		if (names.has(at) || (text !== undefined && asked.finds(text, "")) || (asked.line && (row.now || row.was) === asked.line && asked.inFile(file.entry.path))) found.push(at);
	});
	return found;
}

/* What is found in the index; of lines the hottest are looked at. */
function foundText({ entries, files, count, lines }) {
	const parts = [files && counted(files, "file"), count && counted(count, "function"), lines && counted(lines, "line")].filter(Boolean);
	return entries.size ? parts.join(", ") : "no match";
}

/** The field; told.look() shows the desk anew, told.go(at) a row, told.first() opens what comes first in the index. */
export function finder(desk, told) {
	const field = named("query");
	let asked = null; // or an {error}
	let rows = [];
	let at = -1; // of rows

	function say() {
		let text = "";

		if (asked && asked.error) text = asked.error;
		else if (asked && desk.file) text = rows.length ? `${at >= 0 ? `${at + 1} of ` : ""}${counted(rows.length, "line")}` : "no match";
		else if (asked && desk.found) text = foundText(desk.found);
		named("found").textContent = text;
		field.setAttribute("aria-invalid", String(Boolean(asked && asked.error)));
		for (const name of ["previous", "next"]) named(name).disabled = desk.file ? rows.length === 0 : !(desk.found && desk.found.entries.size && name === "next");
	}

	/* Looks anew, for another file or another query. */
	function look() {
		const good = asked && !asked.error;

		[rows, at] = [[], -1];
		desk.found = null;
		desk.matches = null;
		if (good && desk.file) {
			rows = rowsOf(desk, asked);
			desk.matches = new Set(rows);
		} else if (good) desk.found = findPlaces(desk.model, asked, desk.codes);
		say();
	}

	function step(by) {
		if (!desk.file) {
			told.first();
			return;
		}
		if (rows.length === 0) return;
		const from = desk.view.chosen();
		if (by > 0) at = rows.findIndex((row) => row > from);
		else at = rows.findLastIndex((row) => row < from && from >= 0);
		if (at < 0) at = by > 0 ? 0 : rows.length - 1;
		told.go(rows[at]);
		say();
	}

	return {
		look,
		step,
		text: () => field.value,
		/** The line that is asked for, "file.py:12"; 0: none. */
		line: () => (asked && !asked.error && asked.line) || 0,
		search: (text = field.value) => {
			if (field.value !== text) field.value = text;
			asked = query(text);
			look();
		},
	};
}
