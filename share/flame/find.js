// find.js: the search field, what it finds, and the steps from match to match.

import { named } from "../page/dom.js";
import { counted, share } from "../page/numbers.js";
import { mark, next, ordinal, query } from "../page/search.js";

/** Which functions a query finds. */
function wantedBy({ functions, shape }, asked) {
	const wanted = new Uint8Array(functions.count);
	const onLine = new Uint8Array(functions.count);

	if (asked.line && shape.lines) for (let i = 1; i < shape.n; i++) if (shape.lines[i] === asked.line) onLine[shape.functions[i]] = 1;
	for (let f = 0; f < functions.count; f++) {
		const file = functions.file(f);
		const found = asked.finds(functions.name(f), `${file}:${functions.firstLine(f)}`) || (onLine[f] && asked.inFile(file));
		wanted[f] = found ? 1 : 0;
	}
	return wanted;
}

/* What of a tree is wanted, with rowMarks: how many marked frames come before each position of the rows. */
function markAll(tree, wanted, line) {
	const found = mark(tree, wanted, line);

	found.rowMarks = new Uint32Array(tree.n + 1);
	for (let k = 0; k < tree.n; k++) found.rowMarks[k + 1] = found.rowMarks[k] + found.marks[tree.rows[k]];
	return found;
}

/** The field; it looks through the pictures that looks() gives, the first of which is stepped through. */
export function finder(model, looks) {
	const field = named("query");
	let asked = null; // or an {error}
	let wanted = null;
	let found = null;
	let chosen = 0; // the node that steps go on from

	function say() {
		const count = (found && found.count) || 0;
		const [{ tree, partly }] = looks();
		let text = "";

		if (asked && asked.error) text = asked.error;
		else if (count > 0) {
			const place = found.marks[chosen] ? `${ordinal(found.marks, chosen)} of ` : "";
			text = `${place}${counted(count, "frame")}${partly ? " in sight" : ""}, ${share(found.total, tree.total[0])}`;
		} else if (asked) text = "no match";
		named("found").textContent = text;
		field.setAttribute("aria-invalid", String(Boolean(asked && asked.error)));
		for (const name of ["previous", "next"]) named(name).disabled = count === 0;
	}

	/* Marks anew, for other pictures or another query. */
	function look() {
		found = null;
		for (const { picture, tree } of looks()) {
			const marked = wanted && markAll(tree, wanted, asked.line && tree.lines ? asked.line : 0);
			found ??= marked;
			picture.find(marked);
		}
		say();
	}

	function search(text = field.value) {
		asked = query(text);
		if (field.value !== text) field.value = text;
		wanted = asked && !asked.error ? wantedBy(model, asked) : null;
		look();
	}

	return {
		...{ search, look },
		text: () => field.value,
		wanted: () => wanted,
		step: (by) => {
			if (found && found.count) looks()[0].picture.show(next(found.marks, chosen, by));
		},
		chose: (node) => {
			chosen = node;
			say();
		},
	};
}
