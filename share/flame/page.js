// page.js: the flame graph's page: who hears what.

import { named } from "../page/dom.js";
import { pressed } from "../page/keys.js";
import { counted } from "../page/numbers.js";
import { followTheme, switchTheme } from "../page/theme.js";
import { address } from "./address.js";
import { finder } from "./find.js";
import { graph } from "./graph.js";
import { openProfile } from "./model.js";
import { sayEmpty, sayKeys, sayLegend, sayOrigin, sayTables, sayTrail, tipper } from "./say.js";
import { describe, sentence, weightText } from "./tip.js";
import { toText, viewOf } from "./view.js";

/* On paper: rows at most, pixels across, rows of a strip that no page breaks. */
const PAPER = { rows: 400, width: 1000, strip: 5 };

function rootLabelOf({ time, tree }) {
	const samples = counted(tree.samples[0], "sample");
	return time ? `all: ${weightText({ time }, tree.total[0])}, ${samples}` : `all: ${samples}`;
}

/* One table: what handles the keys, and what is told of them. */
function keysOf({ walk }, does) {
	const row = (shown, text, run, keys = shown) => ({ keys, shown, does: text, run });

	return [
		row(["←", "h"], "the frame to the left", walk.left, ["ArrowLeft", "h"]),
		row(["→", "l"], "the frame to the right", walk.right, ["ArrowRight", "l"]),
		row(["↑", "k"], "the caller", walk.up, ["ArrowUp", "k"]),
		row(["↓", "j"], "the heaviest callee", walk.down, ["ArrowDown", "j"]),
		row(["Home"], "the first frame of the row", walk.first),
		row(["End"], "the last frame of the row", walk.last),
		row(["Enter"], "zoom to the selected frame", walk.enter),
		row(["Backspace", "u"], "zoom out to the caller", walk.out),
		row(["0"], "show everything", does.reset),
		row(["Esc"], "clear the search, then show everything", does.clear, ["Escape"]),
		row(["/"], "search: text, or /regex/ between slashes", does.search),
		row(["n"], "the next match", does.next),
		row(["N"], "the match before", does.previous),
		row(["t"], "light or dark", does.theme),
		row(["i"], "about this profile", does.about),
		row(["?"], "these keys", does.help),
	];
}

/* Keys belong to the picture, except in a sheet, in the field, and where Enter presses a button. */
function followKeys(keys, clear) {
	document.addEventListener("keydown", (event) => {
		const inside = (what) => event.target.closest && event.target.closest(what);

		if (inside("dialog") || (event.key === "Enter" && inside("button"))) return;
		if (inside("input")) {
			if (event.key !== "Escape") return;
			if (!event.target.value) named("canvas").focus();
			clear();
		} else if (!pressed(keys, event)) return;
		event.preventDefault();
	});
}

function followPaper(picture) {
	const { style } = document.documentElement;
	let scheme = "";

	addEventListener("beforeprint", () => {
		scheme = style.colorScheme;
		style.colorScheme = "light";
		named("paper").replaceChildren(...picture.strips(PAPER.width, PAPER.rows, PAPER.strip));
	});
	addEventListener("afterprint", () => {
		style.colorScheme = scheme;
		named("paper").replaceChildren();
	});
}

function live(model) {
	const { tree } = model;
	const rootLabel = rootLabelOf(model);
	const tip = tipper(model, rootLabel);
	const goTo = (node) => picture.go(viewOf(tree, node));
	const told = {
		pointed: (item, x, y) => tip(item, picture.view().node, x, y),
		selected: (item) => {
			const said = item ? sentence(describe(model, item, picture.view().node, rootLabel)) : "";

			named("status").textContent = said;
			find.chose(item ? tree.rows[item.first] : 0);
		},
		viewed: (view, step) => {
			sayTrail(model, view, goTo);
			named("reset").disabled = toText(tree, view) === "";
			place.changed(step);
		},
	};
	const elements = { scroller: named("graph"), extent: named("extent"), canvas: named("canvas") };
	const picture = graph({ ...elements, model, rootLabel, told });
	const find = finder(model, picture);
	const place = address(tree, picture, find);
	const repaint = () => {
		sayLegend(model.functions.origins);
		picture.resize();
	};
	const does = {
		reset: () => goTo(0),
		about: () => named("about-sheet").showModal(),
		help: () => named("keys-sheet").showModal(),
		search: () => named("query").select(),
		next: () => find.step(1),
		previous: () => find.step(-1),
		theme: () => {
			switchTheme();
			repaint();
		},
		clear: () => {
			tip(null);
			if (find.text()) {
				find.search("");
				place.changed(false);
			} else {
				picture.select(null);
				goTo(0);
			}
		},
	};
	const keys = keysOf(picture, does);

	sayKeys(keys);
	followKeys(keys, does.clear);
	for (const name of ["reset", "about", "theme", "help", "previous"]) named(name).addEventListener("click", does[name]);
	named("query").addEventListener("input", () => {
		find.search();
		place.changed(false);
	});
	named("find").addEventListener("submit", (event) => {
		event.preventDefault();
		does.next();
	});
	followPaper(picture);
	followTheme(repaint);
	repaint();
	sayTrail(model, picture.view(), goTo);
	named("reset").disabled = true;
	place.restore();
	return picture;
}

async function open() {
	const profile = JSON.parse(document.querySelector("#profile").textContent);

	sayOrigin(profile);
	followTheme(() => {});
	const model = await openProfile(profile);

	if (!(model.tree.total[0] > 0)) return sayEmpty("The profile is empty.\nNo sample was taken, or none was kept.");
	const picture = live(model);

	sayTables(profile, model);
	document.documentElement.dataset.state = "open";
	performance.mark("open");
	// For tests and the curious: the page's own model.
	globalThis.flame = { profile, model, picture };
	return undefined;
}

open().catch((error) => sayEmpty(`This page cannot be shown: ${error.message}`));
