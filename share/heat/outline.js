// outline.js: the functions of the file that is looked at, beside it.

import { named } from "../page/dom.js";
import { sizeOf, wordsOf } from "./figures.js";
import { verdictText } from "./file.js";
import { grid } from "./grid.js";
import { figureColumns } from "./home.js";
import { measureOf } from "./scale.js";

/** The table of functions of a file; told.went(f) hears which one is wanted, told.sorted(column) the head. */
export function outlineTable(told) {
	const table = grid("outline", { sorted: told.sorted, chose: (row) => told.went(row.of), folded: () => {}, walked: (row) => told.went(row.of) });

	return {
		...table,
		show(desk) {
			const { model, choice, file } = desk;
			const columns = model.comparison ? figureColumns(desk).slice(-1) : figureColumns(desk);
			const byLine = choice.order === "line";
			const { key } = measureOf(model, choice);
			const all = [...file.functions].sort((a, b) => (byLine ? (a.firsts[0] || a.firsts[1]) - (b.firsts[0] || b.firsts[1]) : sizeOf(b.figures, key) - sizeOf(a.figures, key)) || (a.name < b.name ? -1 : 1));

			table.fill(
				all.map((f) => ({
					id: f.rows.join("."),
					name: f.name,
					kind: "outline",
					place: [f.firsts[0] || f.firsts[1] ? `line ${f.firsts[0] || f.firsts[1]}` : "", verdictText(model, f, choice.by)].filter(Boolean).join(", "),
					tag: model.comparison && f.gone ? { kind: "gone", text: "gone" } : model.comparison && f.rows[1] < 0 ? { kind: "new", text: "new" } : undefined,
					title: [f.name, ...wordsOf(model, f.figures), verdictText(model, f, choice.by)].filter(Boolean).join("\n"),
					cells: columns.map(({ of }) => of(f.figures)),
					of: f,
				})),
				{ columns: [{ name: "line", title: byLine ? "Function, by line" : "Function", hint: "in the order of the source" }, ...columns], sort: byLine ? "line" : model.comparison ? "change" : choice.by, nothing: "No function." },
			);
		},
	};
}

/** Shows or hides the table, and says so. */
export function toggleOutline(show) {
	named("outline-box").hidden = !show;
	named("panel").setAttribute("aria-expanded", String(show));
}
