// page.js: the flame graph's page: who hears what.

import { named } from "../page/dom.js";
import { followKeys } from "../page/keys.js";
import { sayOrigin } from "../page/say.js";
import { fillKeys } from "../page/sheet.js";
import { followTheme, takeTheme } from "../page/theme.js";
import { actionsOf, frameMenu, functionMenu, keptKey, keysOf, repaint } from "./actions.js";
import { address } from "../page/address.js";
import { firstChoice } from "./choice.js";
import { aboutOf, arrangeDesk, changeChoice, coatFor, picturesOf, readDesk, sayView, searchFor, selectItem, showDesk, showFunction, showsCallers, takeGrown } from "./desk.js";
import { finder } from "./find.js";
import { graph } from "./graph.js";
import { openProfile } from "./model.js";
import { followPaper } from "./paper.js";
import { KIND, sayNothing, sayThreads, tipper } from "./say.js";
import { openSide } from "./side.js";
import { timeStrip } from "./strip.js";
import { functionTable } from "./table.js";
import { planter } from "./trees.js";

/* A picture in the elements of that name; callers grow upwards in the other one. */
function pictureOf(desk, name, scroller, extent, flip) {
	const one = graph({
		...{ scroller: named(scroller), extent: named(extent), canvas: named(name), functions: desk.model.functions, flip },
		told: {
			pointed: (item, x, y) => desk.tip(item, item && aboutOf(desk, one), x, y),
			selected: (item) => selectItem(desk, one, item),
			viewed: (view, step) => {
				if (!flip) sayView(desk);
				desk.place.changed(step);
			},
			grown: (tree) => takeGrown(desk, one, tree),
			menu: (item, x, y) => frameMenu(desk, one, x, y),
		},
	});

	for (const event of ["focus", "pointerdown"]) named(name).addEventListener(event, () => (desk.active = one));
	return one;
}

function stripOf(desk) {
	const { ms, count } = desk.model.profile.epochs;
	const family = getComputedStyle(document.body).fontFamily;

	if (count < 2) return null;
	return timeStrip({ ms, count, family }, (from, to) => changeChoice(desk, { want: { ...desk.choice.want, from, to } }));
}

function deskOf(model) {
	const first = firstChoice(model);
	const desk = { model, first, choice: first, chosen: -1, plant: planter(model), tip: tipper(model) };

	desk.picture = pictureOf(desk, "canvas", "graph", "extent", false);
	desk.callers = pictureOf(desk, "callers", "callers-graph", "callers-extent", true);
	desk.active = desk.picture;
	desk.find = finder(model, () => picturesOf(desk).map((one) => ({ picture: one, tree: one.tree(), partly: showsCallers(desk, one) })));
	desk.place = address(() => readDesk(desk), (texts) => showDesk(desk, texts));
	desk.strip = stripOf(desk);
	desk.table = functionTable(model, {
		chose: (f) => showFunction(desk, f),
		opened: (f) => changeChoice(desk, { view: "sandwich", subject: f }),
		menu: (f, x, y) => functionMenu(desk, f, x, y),
	});
	desk.does = actionsOf(desk);
	return desk;
}

function live(model) {
	const desk = deskOf(model);
	const { does, place } = desk;
	const keys = keysOf(does);

	openSide(model.comparison);
	sayThreads(model);
	fillKeys(keys.filter(({ shown: [key] }) => !(["w", "y", "z"].includes(key) && !model.comparison) && !(key === "L" && !model.shape.lines)));
	followKeys(keys, {
		kept: keptKey,
		escaped: (field) => {
			if (!field.value) named("canvas").focus();
			does.clear();
		},
	});
	for (const name of ["reset", "theme", "help", "previous", "panel", "export"]) named(name).addEventListener("click", () => does[name]());
	named("query").addEventListener("input", () => {
		searchFor(desk, named("query").value);
		place.changed(false);
	});
	named("find").addEventListener("submit", (event) => {
		event.preventDefault();
		does.next();
	});
	followPaper(() => ({ ...desk.picture.still(), coat: coatFor(desk, desk.made.tree, "light") }));
	followTheme(() => repaint(desk));
	arrangeDesk(desk, true);
	place.restore();
	return desk;
}

async function open() {
	const profile = JSON.parse(document.querySelector("#profile").textContent);

	takeTheme();
	sayOrigin(profile, KIND);
	const model = await openProfile(profile);

	if (!model.slots.weight.some((weight) => weight > 0)) return sayNothing("The profile is empty.\nNo sample was taken, or none was kept.");
	// For tests and the curious: the page's own desk, with its model.
	globalThis.flame = live(model);
	document.documentElement.dataset.state = "open";
	performance.mark("open");
	return undefined;
}

open().catch((error) => sayNothing(`This page cannot be shown: ${error.message}`));
