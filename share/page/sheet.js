// sheet.js: sheets that lie on the page: its keys.

import { element, named } from "./dom.js";

/** The table of keys, from the rows that handle them. */
export function fillKeys(keys) {
	const rows = keys.map(({ shown, does }) => {
		const row = element("tr");
		const head = element("th");

		for (const key of shown) head.append(element("kbd", "key", key), " ");
		row.append(head, element("td", "", does));
		return row;
	});
	named("keys-table").replaceChildren(...rows);
}
