// actions.js: what a reader can do, by keys, menus and buttons.

import { named } from "../page/dom.js";
import { counted } from "../page/numbers.js";
import { clipped } from "../page/text.js";
import { switchTheme, theme } from "../page/theme.js";
import { leftOutTexts } from "./bar.js";
import { VIEWS } from "./choice.js";
import { PALETTES } from "./coat.js";
import { unjudged, WIDTHS } from "../page/compare.js";
import { aboutOf, arrangeDesk, changeChoice, chooseFunction, dress, searchFor, showsCallers } from "./desk.js";
import { heading } from "../page/facts.js";
import { path } from "./layout.js";
import { openMenu } from "../page/menu.js";
import { KIND } from "./say.js";
import { copyText, saveText, svgText } from "./paper.js";
import { openTab, togglePanel } from "./side.js";
import { describe, sentence } from "./tip.js";
import { viewOf } from "./view.js";

/* The selected stack, or that of the zoomed frame, the outermost caller first. */
function stackText(desk) {
	const { model, choice, active } = desk;
	const { functions } = model;
	const tree = active.tree();
	const item = active.selected();
	const nodes = path(tree, item ? tree.rows[item.first] : active.view().node);
	const frames = nodes.slice(choice.view === "sandwich" ? 0 : 1).map((i) => (i === 0 ? choice.subject : tree.functions[i]));
	const lines = frames.map((f) => [functions.label(f), functions.place(f)].filter(Boolean).join("  "));

	return (showsCallers(desk, active) ? lines.reverse() : lines).join("\n");
}

async function copyStack(desk) {
	const text = stackText(desk);

	await copyText(text);
	named("status").textContent = `The stack is copied: ${counted(text.split("\n").length, "frame")}.`;
}

/* What of the profile the picture is: its view, its zoom, and what it leaves out. */
function chosenTexts({ model, choice, picture }) {
	const { functions, comparison } = model;
	const tree = picture.tree();
	const { node } = picture.view();
	const subject = choice.view === "sandwich" ? ` of ${functions.label(choice.subject)}` : "";

	return [
		(choice.view !== "flame" || comparison) && VIEWS[choice.view] + subject,
		comparison && `widths ${WIDTHS[choice.width]}, colours by ${choice.by}, ${choice.sure}`,
		node > 0 && `zoomed to ${functions.label(tree.functions[node])}`,
		...leftOutTexts(model, choice),
	].filter(Boolean).map((text) => clipped(text, 80));
}

function saveSvg(desk) {
	const { model, picture } = desk;
	const title = heading(model.profile, KIND);
	const what = [title, ...chosenTexts(desk)].join(" · ");
	const told = (first, last) => sentence(describe(model, { first, last }, aboutOf(desk, picture)));

	saveText(`${title.replace(/[^\w.-]+/g, "-")}.svg`, "image/svg+xml", svgText({ ...picture.still(), theme: theme() }, told, what));
}

/** Colours and sizes are others. */
export function repaint(desk) {
	dress(desk);
	desk.picture.resize();
	desk.callers.resize();
	if (desk.strip) desk.strip.draw();
}

/* Esc: first the search goes, then the selection, the sandwich and the zoom. */
function clear(desk) {
	const { choice, active, picture, find, place } = desk;

	desk.tip(null);
	if (find.text()) {
		searchFor(desk, "");
		place.changed(false);
		return;
	}
	active.select(null);
	if (choice.view === "sandwich") changeChoice(desk, { view: "flame" });
	else picture.go(viewOf(picture.tree(), 0));
}

function hideFunction(desk, f) {
	const { view, hide } = desk.choice;
	changeChoice(desk, { view: view === "sandwich" ? "flame" : view, hide: [...hide.filter((one) => one !== f), f] });
}

function resetDesk(desk) {
	desk.choice = { ...desk.first };
	arrangeDesk(desk, true);
	chooseFunction(desk, -1);
	desk.place.changed(true);
}

/* Where nothing is proven, z says why. */
function toggleSure({ comparison }, run) {
	return () => {
		if (unjudged(comparison)) named("status").textContent = `${unjudged(comparison)}.`;
		else run();
	};
}

/* What there is to choose of a comparison; of a profile these do nothing. */
function comparing({ model }, cycle) {
	const only = (run) => () => model.comparison && run();

	return { width: only(cycle("width", Object.keys(WIDTHS))), by: only(cycle("by", ["self", "total"])), sure: only(toggleSure(model, cycle("sure", ["raw", "proven"]))) };
}

/** All that can be done, by name. */
export function actionsOf(desk) {
	const change = (patch) => changeChoice(desk, patch);
	const view = (name) => () => change({ view: name });
	const subject = () => (desk.chosen >= 0 ? desk.chosen : desk.choice.view === "sandwich" ? desk.choice.subject : -1);
	const withSubject = (run) => () => subject() >= 0 && run(subject());
	const cycle = (key, values) => () => change({ [key]: values[(values.indexOf(desk.choice[key]) + 1) % values.length] });
	const walk = (way) => () => desk.active.walk[way]();
	const palettes = Object.keys(desk.model.comparison ? PALETTES.compared : PALETTES.profile);

	return {
		...Object.fromEntries(["left", "right", "up", "down", "first", "last", "enter", "out"].map((way) => [way, walk(way)])),
		...{ flame: view("flame"), inverted: view("inverted"), elided: view("elided") },
		sandwich: () => {
			const f = subject() >= 0 ? subject() : desk.table.order()[0];
			if (f !== undefined) change({ view: "sandwich", subject: f });
		},
		focus: withSubject((f) => change({ view: "flame", focus: f })),
		hide: withSubject((f) => hideFunction(desk, f)),
		invert: () => change({ view: desk.choice.view === "inverted" ? "flame" : "inverted" }),
		collapse: () => change({ collapse: !desk.choice.collapse }),
		lines: () => desk.model.shape.lines && change({ lines: !desk.choice.lines }),
		names: cycle("names", ["place", "module", "path"]),
		palette: cycle("palette", palettes),
		panel: () => togglePanel(),
		export: () => saveSvg(desk),
		copy: () => copyStack(desk),
		menu: () => desk.active.menu(),
		tell: () => desk.active.tell(),
		...comparing(desk, cycle),
		reset: () => resetDesk(desk),
		about: () => {
			togglePanel(true);
			openTab("profile");
		},
		help: () => named("keys-sheet").showModal(),
		search: () => named("query").select(),
		next: () => desk.find.step(1),
		previous: () => desk.find.step(-1),
		theme: () => {
			switchTheme();
			repaint(desk);
		},
		clear: () => clear(desk),
	};
}

function functionRows(desk, f) {
	const change = (patch) => changeChoice(desk, patch);
	const search = () => {
		searchFor(desk, `/^${desk.model.functions.name(f).replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")}$/c`);
		desk.place.changed(false);
	};

	return [
		{ text: "Callers and callees", key: "s", run: () => change({ view: "sandwich", subject: f }) },
		{ text: "Only what it calls", key: "f", run: () => change({ view: "flame", focus: f }) },
		{ text: "Hide, its time goes to its callers", key: "x", run: () => hideFunction(desk, f) },
		{ text: "Search for it", run: search },
	];
}

/** What can be done with a function. */
export function functionMenu(desk, f, x, y) {
	chooseFunction(desk, f);
	openMenu(clipped(desk.model.functions.label(f), 60), functionRows(desk, f), x, y);
}

/** What can be done with the selected frame, or sliver, of a picture. */
export function frameMenu(desk, one, x, y) {
	const { model, choice, does } = desk;
	const item = one.selected();
	const node = one.tree().rows[item.first];
	const zoom = { text: "Zoom", key: "Enter", run: does.enter };
	const f = node === 0 ? choice.subject : one.tree().functions[node];

	desk.active = one;
	desk.tip(null);
	if (item.first !== item.last || f < 0) openMenu(describe(model, item, aboutOf(desk, one)).name, [zoom], x, y);
	else openMenu(clipped(model.functions.label(f), 60), [zoom, ...functionRows(desk, f), { text: "Copy the stack", key: "c", run: does.copy }], x, y);
}

/** One table: what handles the keys, and what is told of them. */
export function keysOf(does) {
	const row = (shown, text, run, keys = shown) => ({ keys, shown, does: text, run });

	return [
		row(["←", "h"], "the frame to the left", does.left, ["ArrowLeft", "h"]),
		row(["→", "l"], "the frame to the right", does.right, ["ArrowRight", "l"]),
		row(["↑", "k"], "the caller", does.up, ["ArrowUp", "k"]),
		row(["↓", "j"], "the heaviest callee", does.down, ["ArrowDown", "j"]),
		row(["Home"], "the first frame of the row", does.first),
		row(["End"], "the last frame of the row", does.last),
		row(["Enter"], "zoom to the selected frame", does.enter),
		row(["Backspace", "u"], "zoom out to the caller", does.out),
		row(["0"], "show everything", does.reset),
		row(["Esc"], "clear the search, then show everything", does.clear, ["Escape"]),
		row(["/"], "search: text, or /regex/ between slashes, or file.py:12", does.search),
		row(["n"], "the next match", does.next),
		row(["N"], "the match before", does.previous),
		row(["Space"], "tell of the selected frame", does.tell, [" "]),
		row(["m"], "what can be done with the selected frame", does.menu, ["m", "ContextMenu"]),
		row(["s"], "callers and callees of the selected function", does.sandwich),
		row(["f"], "only what the selected function calls", does.focus),
		row(["x"], "hide the selected function: its time goes to its callers", does.hide),
		row(["c"], "copy the selected stack", does.copy),
		row(["v"], "inverted, or upright again", does.invert),
		row(["r"], "collapse recursion, or not", does.collapse),
		row(["L"], "lines or functions", does.lines),
		row(["p"], "places as short, as modules, or as paths", does.names),
		row(["d"], "another palette", does.palette),
		row(["w"], "of a comparison: widths after, before, or the larger of both", does.width),
		row(["y"], "of a comparison: colours by self, or by total", does.by),
		row(["z"], "of a comparison: raw, or what is proven", does.sure),
		row(["b"], "the panel", does.panel),
		row(["e"], "save the picture as SVG", does.export),
		row(["t"], "light or dark", does.theme),
		row(["i"], "about this profile", does.about),
		row(["?"], "these keys", does.help),
	];
}

const MOVES = ["Enter", " ", "Backspace", "Home", "End", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/** Keys that mean something else where they are pressed: those that move, and all in what is chosen from. */
export const keptKey = (event, inside) => inside("select") || (MOVES.includes(event.key) && inside("button, .panel, .divider, .strip"));
