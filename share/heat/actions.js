// actions.js: what a reader can do, by keys, buttons and menus.

import { unjudged } from "../page/compare.js";
import { named } from "../page/dom.js";
import { switchTheme } from "../page/theme.js";
import { arrange, change, foldRow, goHome, jump, stepHot } from "./desk.js";
import { UNITS } from "./scale.js";

/* What is done with the chosen line, or with the first one in sight. */
const withLine = (desk, run) => () => {
	const at = desk.file ? (desk.view.chosen() >= 0 ? desk.view.chosen() : desk.view.first()) : -1;
	if (at >= 0) run(at);
};

/* Esc: the search goes, then the chosen line, then the file. */
function clear(desk) {
	if (desk.find.text()) {
		desk.find.search("");
		arrange(desk);
		desk.place.changed(false);
	} else if (desk.choice.entry >= 0 && desk.choice.line) change(desk, { line: 0 });
	else if (desk.choice.entry >= 0) goHome(desk);
}

/* Where nothing is proven, z says why. */
function toggleSure({ model, choice }, patch) {
	const why = unjudged(model.comparison);

	if (why) named("status").textContent = `${why}.`;
	else patch({ sure: choice.sure === "raw" ? "proven" : "raw" });
}

/** All that can be done, by name. */
export function actionsOf(desk) {
	const patch = (how) => change(desk, how);
	const cycle = (key, values) => () => patch({ [key]: values[(values.indexOf(desk.choice[key]) + 1) % values.length] });
	const inFile = (run) => () => desk.file && run();
	const units = Object.keys(UNITS).filter((key) => key !== "time" || desk.model.time);
	const spans = (run) => () => desk.file && desk.model.hasSpans && run();

	return {
		change: patch,
		home: () => goHome(desk),
		by: cycle("by", ["self", "total"]),
		unit: cycle("unit", units),
		sure: () => desk.model.verdicts && toggleSure(desk, patch),
		hot: inFile(() => patch({ hot: !desk.choice.hot })),
		panels: spans(() => patch({ panels: !desk.choice.panels })),
		look: spans(() => patch({ look: desk.choice.look === "heat" ? "special" : "heat" })),
		below: inFile(() => desk.view.step(1)),
		above: inFile(() => desk.view.step(-1)),
		nextHot: inFile(() => stepHot(desk, 1)),
		lastHot: inFile(() => stepHot(desk, -1)),
		callers: withLine(desk, (at) => jump(desk, at, "callers", ...desk.view.spot(at))),
		callees: withLine(desk, (at) => jump(desk, at, "callees", ...desk.view.spot(at))),
		fold: withLine(desk, (at) => desk.model.hasSpans && foldRow(desk, at)),
		panel: inFile(() => patch({ outline: !desk.choice.outline })),
		search: () => named("query").select(),
		next: () => desk.find.step(1),
		previous: () => desk.find.step(-1),
		clear: () => clear(desk),
		about: () => named("about-sheet").showModal(),
		help: () => named("keys-sheet").showModal(),
		theme: () => {
			switchTheme();
			arrange(desk);
		},
	};
}

/** One table: what handles the keys, and what is told of them. */
export function keysOf(does) {
	const row = (shown, text, run, keys = shown) => ({ keys, shown, does: text, run });

	return [
		row(["↓", "j"], "the line below", does.below, ["ArrowDown", "j"]),
		row(["↑", "k"], "the line above", does.above, ["ArrowUp", "k"]),
		row(["h"], "the next hot line, with at least 1 % of what the file has", does.nextHot),
		row(["H"], "the hot line before", does.lastHot),
		row(["c"], "who calls the function of the line", does.callers),
		row(["e"], "what is called from the line", does.callees),
		row(["x"], "the instructions of the line", does.fold),
		row(["X"], "the instructions of all lines", does.panels),
		row(["v"], "colours by heat, or by what is specialized", does.look),
		row(["o"], "hot lines only, or all", does.hot),
		row(["y"], "by self, or by total", does.by),
		row(["w"], "figures as shares, time or samples", does.unit),
		row(["z"], "of a comparison: raw, or what is proven", does.sure),
		row(["b"], "the functions of the file", does.panel),
		row(["u", "Backspace"], "back to the index", does.home),
		row(["/"], "search: text, or /regex/ between slashes, or file.py:12", does.search),
		row(["n"], "the next match", does.next),
		row(["N"], "the match before", does.previous),
		row(["Esc"], "clear the search, then the line, then back to the index", does.clear, ["Escape"]),
		row(["t"], "light or dark", does.theme),
		row(["i"], "about this profile", does.about),
		row(["?"], "these keys", does.help),
	];
}
