// desk.js: what lies before the reader: a model, what was chosen of it, and the index or a file.
//
// A desk is {model, groups, first, choice, open, found, file, levels, view, map, files, outline, place,
// does}: first is what the page opens with, choice what is chosen now (choice.js), firstOpen the folders
// that show what is in them at first, found what a search finds in the index, file the one that is looked at
// (file.js), view its lines on the screen.

import { named } from "../page/dom.js";
import { toFragment } from "../page/fragment.js";
import { openMenu } from "../page/menu.js";
import { counted, share } from "../page/numbers.js";
import { clipped, visible } from "../page/text.js";
import { calleesOf, callersOf } from "./calls.js";
import { fromTexts, toTexts } from "./choice.js";
import { colours, piecesFor, specialColour } from "./coat.js";
import { functionAt, isProven, levelsOf, lineRows, openFile, rowFigures, rowText } from "./file.js";
import { fillChoices, fillWay, sayFile, sayLegend } from "./say.js";
import { differenceOf, wordsOf } from "./figures.js";
import { fillHottest } from "./home.js";
import { instructionsOf } from "./bytecode.js";
import { toggleOutline } from "./outline.js";
import { PANEL_PAD, PANEL_ROW } from "./line.js";
import { nextHot } from "./listing.js";
import { measureOf } from "./scale.js";

/** The address of a line of an entry, on this page or another one of its folder. */
export function linkTo(desk, entry, line, gone, search = "") {
	const { model, choice, first } = desk;
	const texts = toTexts(model, { ...choice, entry: entry.page ? first.entry : entry.id, line, gone, unfolded: [] }, first, search);

	return `${entry.page ? `${entry.page}.html` : ""}#${toFragment(texts)}`;
}

const indexLink = ({ model }) => (model.profile.folder && model.profile.folder.file ? "index.html" : "");

/** Shows what was chosen. */
export async function arrange(desk) {
	const { model, choice } = desk;
	const entry = model.entries[choice.entry];

	named("home").hidden = Boolean(entry);
	named("file").hidden = !entry;
	named("panel").hidden = !entry;
	toggleOutline(choice.outline);
	fillWay(desk, entry);
	fillChoices(desk);
	if (!entry) {
		if (desk.file) {
			desk.file = null;
			desk.view.hide();
			desk.find.look();
		}
		desk.files.show(desk);
		fillHottest(desk);
		sayLegend(desk);
		return;
	}
	if (!desk.file || desk.file.entry !== entry) {
		const file = await openFile(model, entry);

		if (model.entries[desk.choice.entry] !== entry) return; // meanwhile another one was wanted
		desk.file = file;
		desk.matches = null;
		sayFile(desk);
		desk.find.look();
	}
	showFile(desk);
}

/* What the rows of the file need to know; see line.js. */
function showFile(desk) {
	const { model, choice, file, view } = desk;
	const paint = colours(model);
	const firsts = new Set(file.functions.flatMap(({ firsts: [now, was] }) => [file.at[0].get(now), now ? undefined : file.at[1].get(was)]));
	const memory = new Map();
	const instructionsAt = (at) => {
		if (!memory.has(at)) memory.set(at, instructionsFor(desk, at));
		return memory.get(at);
	};
	const special = choice.look === "special" && model.hasSpans;

	Object.assign(desk, levelsOf(model, file, measureOf(model, choice)));
	desk.colourAt = (at) => (special ? specialColour(instructionsAt(at).instructions) : paint.of(desk.levels[at], desk.provenAt(at)));
	desk.provenAt = (at) => {
		const f = choice.sure === "proven" ? functionAt(model, file, at) : null;
		const way = (figures) => Math.sign(differenceOf(figures, choice.by));

		return !f || (isProven(model, f, choice.by) && way(rowFigures(model, file, at)) * way(f.figures) >= 0);
	};
	view.show({
		...{ model, choice, file, instructionsAt },
		levels: desk.levels,
		unfoldedAt: (at) => choice.unfolded.includes(rowKey(file, at)),
		hotAt: (at) => desk.hot[at] === 1,
		gutter: gutterOf(desk),
		widest: widestOf(file),
		sourceTitle: desk.sourceTitle,
		isFirst: (at) => firsts.has(at),
		colourAt: desk.colourAt,
		foundAt: (at) => Boolean(desk.matches && desk.matches.has(at)),
		piecesAt: (at, text) => (special ? piecesFor(text, instructionsAt(at).instructions) : []),
		panelHeight: (at) => (instructionsAt(at).instructions.length ? (instructionsAt(at).instructions.length + 1) * PANEL_ROW + PANEL_PAD : 0),
		marksAt: (at) => marksAt(desk, at, firsts, instructionsAt),
		linkOf: (at) => linkTo(desk, file.entry, file.rows[at].now || file.rows[at].was, !file.rows[at].now),
	});
	desk.outline.show(desk);
	sayLegend(desk);
	chooseLine(desk);
}

const gutterOf = ({ model }) => (model.comparison ? 2 * 52 + 3 * 70 : 52 + 2 * 70) + 62;

function widestOf(file) {
	let widest = 0;

	for (const lines of file.texts) for (const line of lines || []) widest = Math.max(widest, Math.min(line.length, 1000) + 3 * (line.length < 1000 ? line.split("\t").length - 1 : 0));
	return Math.min(widest, 1100);
}

/* A row's line as the address tells it: "12", of the baseline "-12". */
const rowKey = ({ rows }, at) => (rows[at].now ? String(rows[at].now) : rows[at].was ? `-${rows[at].was}` : "");

/** Unfolds the instructions of a row, or folds them again. */
export function foldRow(desk, at) {
	const { unfolded } = desk.choice;
	const key = rowKey(desk.file, at);

	if (key) change(desk, { unfolded: unfolded.includes(key) ? unfolded.filter((one) => one !== key) : [...unfolded, key] });
}

/** A folder of the index was opened or shut. */
export function foldFolder(desk, id, open) {
	const folds = desk.choice.folds.filter((one) => one !== id);
	change(desk, { folds: desk.firstOpen.has(id) === open ? folds : [...folds, id] });
}

/* Of the current side; of what is gone, of the baseline. */
function instructionsFor({ model, file, choice }, at) {
	const row = file.rows[at];
	const [now, was] = row.kind === "line" ? lineRows(file, row) : [-1, -1];
	const side = now >= 0 ? 0 : 1;
	const line = now >= 0 ? now : was;

	if (line < 0) return { instructions: [], whole: 0 };
	return { instructions: instructionsOf(model.sides[side], model.sides[side].spots.ofLine(line), choice.by), whole: model.sides[side].lines[choice.by][line] };
}

/* Of a row of the file the side that it is told of, and there its row of lines; -1: none was seen. */
function seenAt({ file }, at) {
	const row = file.rows[at];
	const [now, was] = row.kind === "line" ? lineRows(file, row) : [-1, -1];

	return now >= 0 || was < 0 ? { index: 0, line: now } : { index: 1, line: was };
}

/* Who calls the function that a row is in. */
function callersAt(desk, at) {
	const { model, file } = desk;
	const { index, line } = seenAt(desk, at);
	const side = model.sides[index];
	const f = functionAt(model, file, at);

	return callersOf(side, line >= 0 ? side.spots.functionsOf(line) : f && f.rows[index] >= 0 ? [f.rows[index]] : []);
}

/* What is called from a row. */
function calleesAt(desk, at) {
	const { index, line } = seenAt(desk, at);
	return line >= 0 ? calleesOf(desk.model.sides[index], line) : [];
}

/* Callers have a mark at the first line of a function, and callees where something is called. A file keeps its marks. */
function marksAt(desk, at, firsts, instructionsAt) {
	const { marks } = desk.file;

	if (!marks.has(at)) marks.set(at, { callers: firsts.has(at) ? callersAt(desk, at).length : 0, callees: calleesAt(desk, at).length, folds: desk.model.hasSpans && instructionsAt(at).instructions.length > 0 });
	return marks.get(at);
}

/** Goes to a place, or shows several to choose from. */
export function jump(desk, at, way, x, y) {
	const { model, file } = desk;
	const places = way === "callers" ? callersAt(desk, at) : calleesAt(desk, at);
	const { index } = seenAt(desk, at);
	const side = model.sides[index];
	const entryOf = (row) => model.entries.find(({ rows }) => rows[index] === row);
	const go = ({ file: row, line }) => goTo(desk, entryOf(row), line, index === 1 && entryOf(row).rows[0] < 0);
	const f = functionAt(model, file, at);
	const title = way === "callers" ? `Who calls ${f ? clipped(f.name, 60) : "this"}` : "What is called from here";

	if (places.length === 0) named("status").textContent = way === "callers" ? "Nothing that was sampled calls it." : "Nothing that was sampled is called from here.";
	else if (places.length === 1) go(places[0]);
	else openMenu(`${title} (${places.length})`, places.map((place) => ({ text: `${clipped(place.name, 60)}  ${shortPlace(entryOf(place.file), place.line)}`, key: `${counted(place.samples, "sample")}, ${share(place.weight, side.weight)}`, run: () => go(place) })), x, y);
}

const shortPlace = ({ label }, line) => `${label.slice(label.lastIndexOf("/") + 1)}${line ? `:${line}` : ""}`;

/** Shows an entry at a line; another page of a folder is opened. */
export function goTo(desk, entry, line, gone = false) {
	if (entry.page) {
		location.href = linkTo(desk, entry, line, gone, desk.find.text());
		return;
	}
	const same = desk.choice.entry === entry.id;

	desk.choice = { ...desk.choice, entry: entry.id, line, gone, unfolded: same ? desk.choice.unfolded : [] };
	desk.arrive = true;
	if (same) chooseLine(desk);
	else arrange(desk);
	desk.place.changed(true);
}

/** Back to the index. */
export function goHome(desk) {
	if (indexLink(desk)) location.href = `${indexLink(desk)}#${toFragment(toTexts(desk.model, { ...desk.choice, entry: desk.first.entry, line: 0, unfolded: [] }, desk.first, desk.find.text()))}`;
	else change(desk, { entry: -1, line: 0, unfolded: [] });
}

/* The row of the chosen line. */
function chosenRow({ file, choice }) {
	return choice.line ? (file.at[choice.gone ? 1 : 0].get(choice.line) ?? nearest(file, choice.line)) : -1;
}

/* Where the text is not here, not every line has a row: the first one behind. */
function nearest({ rows }, line) {
	const at = rows.findIndex(({ now }) => now >= line);
	return at < 0 ? rows.length - 1 : at;
}

function chooseLine(desk) {
	const at = chosenRow(desk);

	desk.view.choose(at, { flash: desk.arrive, centre: desk.arrive, focus: false });
	desk.arrive = false;
	sayLine(desk, at);
}

/** The reader chose a row of the file. */
export function takeRow(desk, at, how) {
	const { now, was, function: f } = desk.file.rows[at];

	desk.choice = { ...desk.choice, line: now || was || (f && (f.firsts[0] || f.firsts[1])) || 0, gone: !now && was > 0 };
	desk.view.choose(at, how);
	sayLine(desk, at);
	desk.place.changed(false);
}

function sayLine(desk, at) {
	const { model, file } = desk;

	if (at < 0) {
		named("status").textContent = "";
		desk.outline.choose("");
		return;
	}
	const f = functionAt(model, file, at);
	const { number, text } = file.rows[at].kind === "line" ? rowText(file, file.rows[at]) : { number: 0, text: "" };
	const figures = rowFigures(model, file, at);
	const cold = figures.now.total === 0 && (!figures.was || figures.was.total === 0);

	desk.outline.choose(f ? f.rows.join(".") : "");
	named("status").textContent = [number && `line ${number}`, f && f.name, cold ? "not seen" : wordsOf(model, figures).join(" · "), text && clipped(visible(text.trim()), 80)].filter(Boolean).join(" · ");
}

/** The next hot line, or with -1 the one before. */
export function stepHot(desk, by) {
	const { file, hot, view } = desk;
	const from = view.chosen() >= 0 ? view.chosen() : by > 0 ? view.first() - 1 : view.first();
	const at = nextHot(file.rows.length, from, by, (i) => hot[i] === 1);

	if (at < 0) named("status").textContent = "No line of this file is hot.";
	else takeRow(desk, at, { focus: true, flash: true });
}

/** The patch is what of the choice became another. */
export function change(desk, patch) {
	desk.choice = { ...desk.choice, ...patch };
	arrange(desk);
	desk.place.changed(true);
}

export const readDesk = (desk) => toTexts(desk.model, desk.choice, desk.first, desk.find.text());

/** The reverse: the desk as texts tell. */
export function showDesk(desk, texts) {
	const before = desk.choice;

	desk.choice = fromTexts(desk.model, texts, desk.first);
	desk.arrive = desk.choice.line > 0 && (desk.choice.line !== before.line || desk.choice.entry !== before.entry);
	if (desk.find.text() !== (texts.search || "")) desk.find.search(texts.search || "");
	return arrange(desk);
}
