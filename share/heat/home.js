// home.js: the index: files in their folders, and what is hottest in all of them.

import { element, named } from "../page/dom.js";
import { clipped, visible } from "../page/text.js";
import { changeText, differenceOf, figuresOf, sideText, sizeOf, wordsOf } from "./figures.js";
import { firstLineOf } from "./calls.js";
import { isProven, verdictText } from "./file.js";
import { grid } from "./grid.js";
import { GROUPS, STATE } from "./model.js";
import { functionsOf, isOpen, nameOf, placeRows } from "./places.js";
import { levelOf, measureOf, stepOf } from "./scale.js";

const HOTTEST = 200;

/** The columns of figures of a table of the desk's: what sorts it, its title, and of figures the cell. */
export function figureColumns({ model, choice }) {
	const { unit, by } = choice;
	const counts = unit === "samples";
	const part = (figures, of) => (counts ? figures[`${of}Samples`] / (model.sides[0].samples || 1) : figures[of] / (model.sides[0].weight || 1));
	const cell = (of) => (figures) => ({ text: sideText(model, unit, figures.now, of, 0), part: part(figures.now, of) });

	if (!model.comparison) return [["self", "Self"], ["total", "Total"]].map(([name, title]) => ({ name, title, of: cell(name) }));
	return [
		{ name: "was", title: "Before", fixed: true, of: (figures) => ({ text: sideText(model, unit, figures.was, by, 1) }) },
		{ name: "now", title: "After", fixed: true, of: (figures) => ({ text: sideText(model, unit, figures.now, by, 0) }) },
		{
			name: "change",
			title: `${by === "self" ? "Self" : "Total"} ±`,
			of: (figures) => {
				const [text, second] = changeText(model, unit, figures, by);
				const difference = differenceOf(figures, measureOf(model, choice).key);
				return { text, second, className: difference > 0 ? "rise" : difference < 0 ? "fall" : "" };
			},
		},
	];
}

const NO_SOURCE = new Set([STATE.none]);
const DOUBTFUL = new Set([STATE.several, STATE.undated, STATE.changed]);

/* What a reader must know of a file before opening it. */
function tagOf({ sides }, { side, row, rows }) {
	const state = sides[side].files.state[row];

	if (rows[0] < 0) return { kind: "gone", text: "gone" };
	if (sides.length > 1 && rows[1] < 0) return { kind: "new", text: "new" };
	if (state === STATE.changed) return { kind: "warn", text: "changed" };
	if (DOUBTFUL.has(state)) return { kind: "warn", text: "?" };
	return NO_SOURCE.has(state) ? { kind: "none", text: "no source" } : undefined;
}

/* Of a profile the time beside the share, and the share beside others. */
function besideOf({ model, choice }, figures, of) {
	const other = choice.unit !== "share" ? "share" : model.time ? "time" : "samples";
	return model.comparison ? "" : sideText(model, other, figures.now, of, 0);
}

/** The table of files. */
export function filesTable(told) {
	const table = grid("files", {
		sorted: told.sorted,
		chose: (row) => told.opened(row.of.entry, row.of.function),
		folded: (row, open) => told.folded(row.id, open),
	});

	return {
		...table,
		show(desk) {
			const { model, groups, choice, found } = desk;
			const columns = figureColumns(desk);
			const sort = choice.sort === "name" ? "name" : measureOf(model, choice).key;
			const rows = placeRows(model, groups, { open: (id) => isOpen(desk, id), found, by: sort });

			table.fill(
				rows.map((row) => ({
					id: row.id,
					name: row.kind === "group" ? row.name : visible(row.name),
					depth: row.depth,
					open: row.open,
					kind: row.kind,
					title: [row.entry ? row.entry.label : "", ...wordsOf(model, row.figures)].filter(Boolean).join("\n"),
					tag: row.kind === "file" ? tagOf(model, row.entry) : undefined,
					cells: columns.map(({ of, name }) => ({ ...of(row.figures), beside: besideOf(desk, row.figures, name) })),
					of: row,
				})),
				{ columns: [{ name: "name", title: "File" }, ...columns], sort: choice.sort === "name" ? "name" : model.comparison ? "change" : choice.by, nothing: found ? "No file or function matches the search." : "No file." },
			);
		},
	};
}

/* The rows of lines with the most, by a key of their figures, of those that wants(row) takes. */
function hottestLines({ sides }, by, wants) {
	const { lines, files } = sides[0];
	const all = [];
	let least = 0;

	for (let i = 0; i < lines.n; i++) {
		if (!(lines[by][i] > least) || !wants(i)) continue;
		all.push(i);
		if (all.length < 4 * HOTTEST) continue;
		all.sort((a, b) => lines[by][b] - lines[by][a]);
		all.length = HOTTEST;
		least = lines[by][all[HOTTEST - 1]];
	}
	return all
		.sort((a, b) => lines[by][b] - lines[by][a] || (files.path(lines.file[a]) < files.path(lines.file[b]) ? -1 : 1) || lines.number[a] - lines.number[b])
		.slice(0, HOTTEST);
}

/**
 * The texts of the hottest lines, for the search: a Map of rows of lines, filled as sources are
 * unpacked. then() is called when they are all there.
 */
export function hottestCodes(model, then) {
	const codes = new Map();
	const { lines } = model.sides[0];
	const rows = new Set(["self", "total"].flatMap((by) => hottestLines(model, by, () => true)));

	Promise.all(
		[...rows].map(async (row) => {
			const text = await model.text(0, lines.file[row]);
			const line = text ? text[lines.number[row] - 1] : model.code(row);
			if (line !== undefined && line !== null) codes.set(row, line);
		}),
	).then(then);
	return codes;
}

/* The name of a file, which is cut where there is no room, and its line, which is not. A name that all packages share has the package's before it. */
function placeOf(entry, line) {
	const made = element("span", "hot-place");
	const name = nameOf(entry);
	const inFolder = /^__\w+__\.py$/.test(name) && entry.folder.id.includes("/");

	made.append(element("span", "hot-file", inFolder ? `${visible(entry.folder.name)}/${name}` : name), element("span", "hot-line", line ? `:${line}` : ""));
	return made;
}

function hotRow(desk, { entry, line, code, words, figures, level, proven = true }) {
	const made = element("a", "hot");
	const colour = desk.colourOf(level, proven || desk.choice.sure === "raw");
	const columns = figureColumns(desk);

	made.href = desk.linkTo(entry, line);
	made.dataset.entry = entry.id;
	made.dataset.line = line;
	made.tabIndex = -1;
	made.title = [entry.label, ...wordsOf(desk.model, figures)].join("\n");
	if (colour) made.style.setProperty("--heat", colour);
	const main = columns.find(({ name }) => name === desk.choice.by || name === "change").of(figures);
	made.append(element("span", "hot-figure", main.text), placeOf(entry, line), element("code", "hot-code", code), element("span", "hot-words", words));
	return made;
}

/* Of a profile the hottest lines; texts come when they are unpacked. */
function fillLines(desk) {
	const { model, choice } = desk;
	const { lines, spots, functions } = model.sides[0];
	const { key, most, each } = measureOf(model, choice);
	const entryOf = (file) => model.entries[file];
	const rows = hottestLines(model, key, (row) => !desk.found || desk.found.wantsLine(row));
	const made = rows.map((row) => {
		const [f] = spots.functionsOf(row);
		return hotRow(desk, { entry: entryOf(lines.file[row]), line: lines.number[row], code: "", words: f === undefined ? "" : functions.label(f), figures: figuresOf(model, "lines", [row, -1]), level: levelOf(lines[key][row], most, each) });
	});

	named("hottest-title").textContent = `Hottest lines by ${choice.by}`;
	named("hottest").replaceChildren(...(made.length ? made : [element("p", "nothing", "No line.")]));
	rows.forEach(async (row, i) => {
		const text = await model.text(0, lines.file[row]);
		const line = text ? text[lines.number[row] - 1] : model.code(row);
		if (line !== undefined && line !== null) made[i].querySelector(".hot-code").textContent = clipped(visible(line.trim().replaceAll("\t", " ")), 200);
	});
}

/* Of a comparison the functions that changed most. */
function fillFunctions(desk) {
	const { model, choice } = desk;
	const { by } = choice;
	const { key, most, each } = measureOf(model, choice);
	const all = model.entries
		.filter(({ id }) => !desk.found || desk.found.entries.has(id))
		.flatMap((entry) => functionsOf(model, entry).filter((f) => !desk.found || desk.found.wantsFunction(entry, f)).map((f) => ({ entry, f, figures: figuresOf(model, "functions", f.rows) })))
		.filter(({ figures }) => sizeOf(figures, key) > 0)
		.sort((a, b) => sizeOf(b.figures, key) - sizeOf(a.figures, key) || (a.f.name < b.f.name ? -1 : 1))
		.slice(0, HOTTEST);

	named("hottest-title").textContent = `Functions by how much ${by} changed`;
	named("hottest").replaceChildren(
		...all.map(({ entry, f, figures }) => {
			const [side, row] = f.rows[0] >= 0 ? [0, f.rows[0]] : [1, f.rows[1]];
			const words = [f.gone ? "gone" : f.rows[1] < 0 ? "new" : changeText(model, choice.unit, figures, by)[1], verdictText(model, f, by)].filter(Boolean).join(", ");
			return hotRow(desk, { entry, line: firstLineOf(model.sides[side], row), code: f.name, words, figures, level: stepOf(differenceOf(figures, key), most, each), proven: isProven(model, f, by) });
		}),
		...(all.length ? [] : [element("p", "nothing", "No function changed.")]),
	);
}

/** What is hottest in all files; one of the links is a stop of the Tab key, arrows lead to the others. */
export function fillHottest(desk) {
	if (desk.model.comparison) fillFunctions(desk);
	else fillLines(desk);
	const first = named("hottest").querySelector(".hot");
	if (first) first.tabIndex = 0;
}

/** The arrow keys in the list of what is hottest. */
export function walkHottest(event) {
	const links = [...named("hottest").querySelectorAll(".hot")];
	const at = links.indexOf(document.activeElement);
	const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];

	if (to === undefined || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
	const next = links[Math.min(Math.max(to, 0), links.length - 1)];
	links[at].tabIndex = -1;
	next.tabIndex = 0;
	next.focus();
	event.preventDefault();
}

/** The way to a file, in words: its group and its path. */
export const groupName = (entry) => GROUPS[Number(entry.folder.id.split("/")[0])];
