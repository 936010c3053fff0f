// dom.js: elements, made without markup.

/** An element with a class and a text. */
export function element(tag, className = "", text = "") {
	const made = document.createElement(tag);

	if (className) made.className = className;
	if (text) made.textContent = text;
	return made;
}

/** The element of the page with that name (its data-name). */
export function named(name) {
	return document.querySelector(`[data-name="${name}"]`);
}

/* A row of a table: a head, then cells, of which those from number figures on are figures. */
function tableRow([head, ...cells], figures = Infinity) {
	const row = element("tr");
	const title = element("th", "", head);

	title.scope = "row";
	row.append(title, ...cells.map((text, i) => element("td", i >= figures ? "figure" : "", text)));
	return row;
}

/** Rows as the body of a table. */
export function fillTable(table, rows, figures) {
	table.replaceChildren(...rows.map((row) => tableRow(row, figures)));
}
