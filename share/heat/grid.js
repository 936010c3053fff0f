// grid.js: a table of names with figures, which is sorted, walked with keys, and unfolded.

import { element, named } from "../page/dom.js";

const MOST = 3000; // rows that are in the document; what is beyond is said

/**
 * A table in the elements name, name-head and name-body. told.sorted(column) hears the head,
 * told.chose(row) a click or Enter, told.folded(row, open) what unfolds. Rows are {id, name, title,
 * depth, open (undefined: nothing unfolds), kind, cells: [{text, second, part}], run by the caller}.
 */
export function grid(name, told) {
	const [scroller, head, body] = [named(name), named(`${name}-head`), named(`${name}-body`)];
	let rows = [];
	let chosen = "";

	function fillHead(columns, sort) {
		const row = element("tr");

		for (const { name: key, title, hint, fixed } of columns) {
			const made = element("th", key === columns[0].name ? "" : "figure");

			made.scope = "col";
			row.append(made);
			if (fixed) {
				made.append(element("span", "sort sort-fixed", title));
				continue;
			}
			const button = element("button", "sort", title);

			made.setAttribute("aria-sort", key === sort ? (key === columns[0].name ? "ascending" : "descending") : "none");
			button.type = "button";
			button.title = hint || "";
			button.dataset.name = `${name}-sort-${key}`;
			button.addEventListener("click", () => {
				told.sorted(key);
				const again = named(`${name}-sort-${key}`);
				if (again) again.focus();
			});
			made.append(button);
		}
		head.replaceChildren(row);
	}

	function nameCell(row) {
		const made = element("th", "grid-name");
		const button = element("button", "grid-button", row.name);

		made.scope = "row";
		made.style.paddingLeft = `calc(var(--edge) + ${row.depth || 0} * 14px)`;
		if (row.open !== undefined) made.append(element("span", "twist", row.open ? "▾" : "▸"));
		button.type = "button";
		button.tabIndex = row.id === chosen ? 0 : -1;
		made.append(button);
		if (row.tag) made.append(element("span", `grid-tag grid-tag-${row.tag.kind}`, row.tag.text));
		if (row.place) made.append(element("span", "grid-place", row.place));
		return made;
	}

	function fillRow(row) {
		const made = element("tr", `grid-row grid-row-${row.kind}`);

		made.dataset.id = row.id;
		made.title = row.title || "";
		made.classList.toggle("grid-row-chosen", row.id === chosen);
		if (row.open !== undefined) made.setAttribute("aria-expanded", String(row.open));
		made.setAttribute("aria-level", (row.depth || 0) + 1);
		made.append(nameCell(row));
		for (const { text, beside, second, part, className } of row.cells) {
			const cell = element("td", `figure ${className || ""}`.trim());
			const bar = element("span", "grid-bar");

			if (part !== undefined) {
				bar.style.width = `${Math.max(0, Math.min(1, part)) * 100}%`;
				cell.append(bar);
			}
			cell.append(element("span", "grid-text", text));
			if (beside) cell.append(element("span", "grid-beside", beside));
			if (second) cell.append(element("span", "grid-second", second));
			made.append(cell);
		}
		return made;
	}

	function fill(next, { columns, sort, nothing = "Nothing." }) {
		const focused = body.contains(document.activeElement);

		rows = next;
		fillHead(columns, sort);
		body.replaceChildren(...rows.slice(0, MOST).map(fillRow));
		if (rows.length === 0 || rows.length > MOST) {
			const row = element("tr", "grid-row");
			const cell = element("td", "nothing", rows.length ? `${rows.length - MOST} rows more: search for what is wanted, or fold some.` : nothing);
			cell.colSpan = columns.length;
			row.append(cell);
			body.append(row);
		}
		if (focused) focusChosen();
	}

	function choose(id, focus) {
		chosen = id;
		for (const made of body.children) {
			const is = made.dataset.id === id;
			const button = made.querySelector(".grid-button");
			made.classList.toggle("grid-row-chosen", is);
			if (button) button.tabIndex = is ? 0 : -1;
			if (is) reveal(made);
		}
		if (focus) focusChosen();
	}

	function reveal(made) {
		const [box, room] = [made.getBoundingClientRect(), scroller.getBoundingClientRect()];

		if (box.top < room.top + 28) scroller.scrollTop += box.top - room.top - 60;
		else if (box.bottom > room.bottom) scroller.scrollTop += box.bottom - room.bottom + 30;
	}

	function focusChosen() {
		const button = body.querySelector(".grid-row-chosen .grid-button");
		if (button) button.focus({ preventScroll: true });
	}

	const rowOf = (event) => {
		const made = event.target.closest("[data-id]");
		return made && rows.find(({ id }) => id === made.dataset.id);
	};

	body.addEventListener("click", (event) => {
		const row = rowOf(event);

		if (!row) return;
		choose(row.id, true);
		if (row.open !== undefined) told.folded(row, !row.open);
		else told.chose(row);
	});
	scroller.addEventListener("keydown", (event) => {
		const at = rows.findIndex(({ id }) => id === chosen);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 12, PageUp: at - 12, Home: 0, End: rows.length - 1 }[event.key];
		const row = rows[at];

		if (event.ctrlKey || event.metaKey || event.altKey || head.contains(event.target)) return;
		if (to !== undefined) {
			const next = rows[Math.min(Math.max(to, 0), rows.length - 1)];
			if (next) choose(next.id, true);
			if (next && told.walked) told.walked(next);
		} else if (event.key === "Enter" && row) {
			if (row.open !== undefined) told.folded(row, !row.open);
			else told.chose(row);
		} else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && row && row.open !== undefined) {
			if (row.open !== (event.key === "ArrowRight")) told.folded(row, event.key === "ArrowRight");
		} else return;
		event.preventDefault();
		event.stopPropagation();
	});

	return { fill, choose, chosen: () => chosen };
}
