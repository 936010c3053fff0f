// find.js: the search field, what it finds, and the steps from match to match.

import { named } from "../page/dom.js";
import { counted, share } from "../page/numbers.js";
import { mark, next, ordinal, query } from "../page/search.js";

/* What a query finds, with rowMarks: how many marked frames come before each position of the rows. */
function findAll({ tree, functions }, asked) {
	const wanted = new Uint8Array(functions.count);

	for (let f = 0; f < functions.count; f++)
		wanted[f] = asked.finds(functions.name(f), `${functions.file(f)}:${functions.firstLine(f)}`) ? 1 : 0;
	const found = mark(tree, wanted);
	found.rowMarks = new Uint32Array(tree.n + 1);
	for (let k = 0; k < tree.n; k++) found.rowMarks[k + 1] = found.rowMarks[k] + found.marks[tree.rows[k]];
	return found;
}

/** The field of a model and its picture. */
export function finder(model, picture) {
	const field = named("query");
	let found = null; // or an {error}
	let chosen = 0; // the node that steps go on from

	function say() {
		const count = (found && found.count) || 0;
		let text = "";

		if (found && found.error) text = found.error;
		else if (count > 0) {
			const place = found.marks[chosen] ? `${ordinal(found.marks, chosen)} of ` : "";
			text = `${place}${counted(count, "frame")}, ${share(found.total, model.tree.total[0])}`;
		} else if (found) text = "no match";
		named("found").textContent = text;
		field.setAttribute("aria-invalid", String(Boolean(found && found.error)));
		for (const name of ["previous", "next"]) named(name).disabled = count === 0;
	}

	function search(text = field.value) {
		const asked = query(text);

		if (field.value !== text) field.value = text;
		found = asked && !asked.error ? findAll(model, asked) : asked;
		picture.find(found && found.marks ? found : null);
		say();
	}

	return {
		search,
		text: () => field.value,
		step: (by) => {
			if (found && found.count) picture.show(next(found.marks, chosen, by));
		},
		chose: (node) => {
			chosen = node;
			say();
		},
	};
}
