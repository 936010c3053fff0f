// page.js: the heat's page: who hears what.

import { address } from "../page/address.js";
import { named } from "../page/dom.js";
import { followKeys } from "../page/keys.js";
import { sayEmpty, sayOrigin } from "../page/say.js";
import { fillKeys } from "../page/sheet.js";
import { followTheme, takeTheme } from "../page/theme.js";
import { actionsOf, keysOf } from "./actions.js";
import { firstLineOf } from "./calls.js";
import { firstChoice } from "./choice.js";
import { arrange, change, foldFolder, foldRow, goTo, jump, linkTo, readDesk, showDesk, takeRow } from "./desk.js";
import { finder } from "./find.js";
import { filesTable, hottestCodes, walkHottest } from "./home.js";
import { minimap } from "./minimap.js";
import { openHeat } from "./model.js";
import { outlineTable } from "./outline.js";
import { firstOpen, placesOf } from "./places.js";
import { KIND, sayComparison } from "./say.js";
import { sourceView } from "./source.js";
import { colours } from "./coat.js";

/* A column of a table was chosen to sort by. */
function sortBy(desk, column) {
	if (column === "self" || column === "total") change(desk, { by: column, sort: "", order: "size" });
	else if (column === "name") change(desk, { sort: desk.choice.sort === "name" ? "" : "name" });
	else if (column === "line") change(desk, { order: "line" });
	else change(desk, { sort: "", order: "size" });
}

function openEntry(desk, entry, f) {
	const side = f && f.rows[0] < 0 ? 1 : 0;

	goTo(desk, entry, f ? firstLineOf(desk.model.sides[side], f.rows[side]) : desk.find.line(), side === 1);
	named("source").focus({ preventScroll: true });
}

function deskOf(model) {
	const first = { ...firstChoice(model), outline: innerWidth > 900 };
	const groups = placesOf(model);
	const desk = { model, groups, first, choice: first, firstOpen: firstOpen(model, groups), found: null, file: null, levels: [], hot: [] };

	desk.codes = model.comparison ? new Map() : hottestCodes(model, () => {
		if (desk.file || !desk.find || !desk.find.text()) return;
		desk.find.look();
		arrange(desk);
	});

	desk.colourOf = (level, proven) => colours(model).of(level, proven);
	desk.linkTo = (entry, line) => linkTo(desk, entry, line);
	desk.view = sourceView({
		chosen: (at, how) => takeRow(desk, at, how),
		jump: (at, way, x, y) => jump(desk, at, way, x, y),
		folded: (at) => foldRow(desk, at),
		scrolled: () => desk.map && desk.map.draw(),
	});
	desk.map = minimap(desk.view.lay, { colour: (at) => desk.colourAt(at), size: (at) => desk.levels[at] });
	desk.files = filesTable({
		sorted: (column) => sortBy(desk, column),
		opened: (entry, f) => openEntry(desk, entry, f),
		folded: (id, open) => foldFolder(desk, id, open),
	});
	desk.outline = outlineTable({
		sorted: (column) => sortBy(desk, column),
		went: (f) => {
			const side = f.rows[0] >= 0 ? 0 : 1;
			goTo(desk, desk.file.entry, f.firsts[side], side === 1);
		},
	});
	desk.find = finder(desk, {
		go: (at) => takeRow(desk, at, { flash: true }),
		first: () => {
			const row = named("files-body").querySelector(".grid-row-file, .grid-row-function");
			if (row) row.click();
		},
	});
	desk.place = address(() => readDesk(desk), (texts) => showDesk(desk, texts));
	desk.does = actionsOf(desk);
	return desk;
}

function follow(desk) {
	const { does } = desk;
	const keys = keysOf(does);

	fillKeys(keys.filter(({ shown: [key] }) => !(["x", "X", "v"].includes(key) && !desk.model.hasSpans) && !(key === "z" && !desk.model.verdicts)));
	followKeys(keys, { escaped: (field) => (field.value ? does.clear() : field.blur()) });
	for (const name of ["about", "theme", "help", "previous", "panel"]) named(name).addEventListener("click", () => does[name]());
	named("query").addEventListener("input", () => {
		desk.find.search();
		arrange(desk);
		desk.place.changed(false);
	});
	named("find").addEventListener("submit", (event) => {
		event.preventDefault();
		does.next();
	});
	named("hottest").addEventListener("click", (event) => {
		const link = event.target.closest("[data-entry]");

		if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
		event.preventDefault();
		goTo(desk, desk.model.entries[Number(link.dataset.entry)], Number(link.dataset.line));
		named("source").focus({ preventScroll: true });
	});
	named("hottest").addEventListener("keydown", walkHottest);
	followPaper(desk);
	addEventListener("resize", () => desk.map.draw());
	followTheme(() => arrange(desk));
}

/* Paper is light, and has the lines that are out of sight too. */
function followPaper(desk) {
	const { style } = document.documentElement;
	let before = "";

	addEventListener("beforeprint", () => {
		before = style.colorScheme;
		style.colorScheme = "light";
		desk.view.print(true);
		arrange(desk);
	});
	addEventListener("afterprint", () => {
		style.colorScheme = before;
		desk.view.print(false);
		arrange(desk);
	});
}

const sayNothing = (text) => sayEmpty(text, ["home", "file"]);

async function open() {
	const profile = JSON.parse(document.querySelector("#profile").textContent);

	takeTheme();
	sayOrigin(profile, KIND);
	const model = await openHeat(profile);

	if (model.entries.length === 0)
		return sayNothing(model.sides.some(({ samples }) => samples > 0) ? "No sample is in a file of Python." : "The profile is empty.\nNo sample was taken, or none was kept.");
	const desk = deskOf(model);
	// For tests and the curious: the page's own desk, with its model.
	globalThis.heat = desk;
	sayComparison(model);
	follow(desk);
	await (location.hash.length > 1 ? desk.place.restore() : arrange(desk));
	document.documentElement.dataset.state = "open";
	performance.mark("open");
	return undefined;
}

open().catch((error) => sayNothing(`This page cannot be shown: ${error.message}`));
