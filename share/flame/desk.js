// desk.js: what lies before the reader: a model, what was chosen of it, and the pictures made of that.
//
// A desk is {model, first, choice, made, sums, coat, chosen, active, plant, picture, callers, find,
// table, strip, place, tip, does}: first is what the page opens with, choice what is chosen now
// (choice.js), made its trees (trees.js), sums what its functions have, chosen the function that is
// selected, or -1, active the picture that keys act on.

import { named } from "../page/dom.js";
import { counted, duration } from "../page/numbers.js";
import { clipped } from "../page/text.js";
import { theme } from "../page/theme.js";
import { fillChips, fillChoices, fillViews } from "./bar.js";
import { byEpoch, wantAll, wantedSlots } from "./cells.js";
import { fromTexts, toTexts, VIEWS } from "./choice.js";
import { coatOf, PALETTES } from "./coat.js";
import { totalsText } from "../page/compare.js";
import { sumsOf } from "./functions.js";
import { insideFrame } from "./inner.js";
import { sayComparison, sayLegend, saySummary, sayTrail } from "./say.js";
import { fillFilter, fillShares } from "./side.js";
import { describe, sentence, weightText } from "./tip.js";
import { belowOf, insideOf } from "./trees.js";
import { fromText, fromWay, toText, toWay, viewOf } from "./view.js";

export const picturesOf = ({ choice, picture, callers }) => (choice.view === "sandwich" ? [picture, callers] : [picture]);

/** Whether a picture shows callers: then frames have no time of their own, and it may not all be there. */
export const showsCallers = ({ choice, callers }, one) => one === callers || choice.view === "inverted";

/** What describe() must know of a picture. */
export function aboutOf(desk, one) {
	const { model, choice, made, picture } = desk;
	const inside = ({ first, last }) => (one === picture && first === last && choice.view === "flame" ? insideFrame(model, made, made.tree.rows[first]) : { lines: [], opcodes: [] });

	return { tree: one.tree(), node: one.view().node, rootLabel: one.rootLabel(), callers: showsCallers(desk, one), judged: !made.filtered, inside };
}

const rootName = ({ choice, model }) => (choice.view === "sandwich" ? model.functions.label(choice.subject) : "all");

function rootLabelOf(desk) {
	const { model, choice, made } = desk;
	const before = made.tree.baseline && choice.width === "before";
	const time = model.time ? `${duration((before ? made.tree.baseline : made.tree.current).total[0])}, ` : "";
	const samples = before ? made.tree.baseline.samples : made.tree.samples;

	if (choice.view === "sandwich") return rootName(desk);
	if (choice.view === "elided") return `gone: ${weightText(model, made.gone.weight)} of the baseline, ${counted(made.gone.count, "stack")}`;
	return `all: ${time}${counted(samples[0], "sample")}`;
}

/** The coat of a tree of the desk's in the theme. */
export const coatFor = ({ model, sums, choice }, tree, how = theme()) => coatOf(model, tree, sums, how, choice);

/** Colours the pictures anew. */
export function dress(desk) {
	desk.coat = coatFor(desk, desk.made.tree);
	desk.picture.dress(desk.coat);
	if (desk.made.callers) desk.callers.dress(coatFor(desk, desk.made.callers.tree));
	sayLegend(desk.coat);
}

/** A picture has grown: its tree is a larger one. */
export function takeGrown(desk, one, tree) {
	if (one === desk.picture) desk.made.tree = tree;
	else desk.made.callers.tree = tree;
	dress(desk);
	desk.find.look();
}

/** Draws what was chosen. anew: the view begins at the whole. */
export function arrangeDesk(desk, anew) {
	const { model, choice, picture, callers, table } = desk;
	const made = desk.plant(choice);

	model.functions.names = choice.names;
	desk.made = made;
	desk.sums = sumsOf(made.upright, model.functions.count);
	desk.coat = coatFor(desk, made.tree);
	named("callers-graph").hidden = choice.view !== "sandwich";
	named("canvas").setAttribute("aria-label", `${VIEWS[choice.view]}; arrow keys move among frames, Enter zooms, ? lists the keys`);
	picture.change({ tree: made.tree, grow: made.grow, rootLabel: rootLabelOf(desk), coat: desk.coat, anew });
	if (made.callers) callers.change({ ...made.callers, rootLabel: rootLabelOf(desk), coat: coatFor(desk, made.callers.tree), anew });
	table.show(desk.sums, made.upright.current.total[0], { judged: !made.filtered, elided: choice.view === "elided" });
	desk.find.look();
	sayDesk(desk);
	if (choice.view === "sandwich") chooseFunction(desk, choice.subject);
}

function sayDesk(desk) {
	const { model, choice, made, sums, coat } = desk;
	const change = (patch) => changeChoice(desk, patch);
	const none = !(made.tree.total[0] > 0);

	named("empty").hidden = !none;
	named("empty").textContent = choice.view === "elided" ? "Nothing is gone." : "Nothing is left: the filters leave everything out.";
	sayLegend(coat);
	sayView(desk);
	saySummary(model, made.upright, sums, made.filtered);
	sayTotals(desk);
	fillViews(model, choice, made.gone, (view) => desk.does[view]());
	fillChoices(model, choice, change);
	fillChips(model, choice, change);
	fillFilter(model, choice.want, wantAll(model.slots), (want) => change({ want }));
	fillShares(model, choice.want, made.filtered);
}

function sayTotals({ model, choice, made }) {
	const { comparison, time } = model;
	const { current, baseline } = made.upright;

	if (comparison) sayComparison(model, choice.view === "elided" ? null : totalsText(comparison, time, current.total[0], baseline.total[0]), made.filtered);
}

/** Says where the picture is. */
export function sayView(desk) {
	const { model, choice, first, picture } = desk;
	const tree = picture.tree();

	sayTrail(model, tree, picture.view(), rootName(desk), (node) => picture.go(viewOf(picture.tree(), node)));
	named("reset").disabled = Object.keys(toTexts(choice, first)).length === 0 && toText(tree, picture.view()) === "";
	showTime(desk);
}

/* What of each epoch is in the zoomed frame, or else in the chosen function. */
function showTime({ model, choice, made, picture, chosen, strip }) {
	const { cells, slots, functions, shape, comparison } = model;
	const { node } = picture.view();
	const zoomed = node > 0 && choice.view === "flame";

	if (!strip) return;
	const now = wantedSlots(slots, choice.want, true);
	const before = comparison && now.slice();
	const are = zoomed ? insideOf(made.of, made.tree, node) : chosen >= 0 ? belowOf(shape, chosen) : null;
	const name = are ? clipped(functions.label(zoomed ? made.tree.functions[node] : chosen), 40) : "";

	if (before) slots.series.forEach(({ side }, i) => (side === 1 ? now : before).fill(0, i * slots.epochs, (i + 1) * slots.epochs));
	const baseline = before && byEpoch(cells, slots, before, null).map((sum) => sum * comparison.factor);
	strip.show({ sums: byEpoch(cells, slots, now, null), baseline, own: are && byEpoch(cells, slots, now, are), name }, choice.want);
}

/** The reader chose something: the patch is what of the choice became another. */
export function changeChoice(desk, patch) {
	const anew = patch.view !== undefined || patch.subject !== undefined || patch.focus !== undefined;

	desk.tip(null);
	desk.choice = { ...desk.choice, ...patch };
	arrangeDesk(desk, anew);
	desk.place.changed(true);
}

/** Rings a function's frames, and shows its row and when it ran; -1: none's. */
export function chooseFunction(desk, f) {
	desk.chosen = f;
	for (const one of picturesOf(desk)) one.choose(f);
	desk.table.choose(f);
	showTime(desk);
}

/** A frame of a picture was selected, or with null none is any more. */
export function selectItem(desk, one, item) {
	const tree = one.tree();
	const node = item && item.first === item.last ? tree.rows[item.first] : 0;
	const root = desk.choice.view === "sandwich" && item ? desk.choice.subject : -1;

	desk.active = one;
	named("status").textContent = item ? sentence(describe(desk.model, item, aboutOf(desk, one))) : "";
	if (one === desk.picture) desk.find.chose(item ? tree.rows[item.first] : 0);
	chooseFunction(desk, node ? tree.functions[node] : root);
}

/** A row of the table was chosen: the picture shows the function where it has most. */
export function showFunction(desk, f) {
	const { choice, picture, sums } = desk;
	const { n, end, functions } = picture.tree();

	chooseFunction(desk, f);
	if (choice.view === "sandwich") changeChoice(desk, { subject: f });
	else if (choice.view !== "inverted") {
		if (sums.heaviest[f]) picture.show(sums.heaviest[f]);
	} else {
		for (let c = 1; c < n; c = end[c]) if (functions[c] === f) return picture.show(c);
	}
	return undefined;
}

export function searchFor(desk, text) {
	desk.find.search(text);
	desk.table.restrict(desk.find.wanted());
}

/** The desk as texts, for the page's address. In a tree that grows the way to a frame stands for its number. */
export function readDesk({ choice, first, picture, callers, find }) {
	const zoom = (choice.view === "inverted" ? toWay : toText)(picture.tree(), picture.view());

	return { ...toTexts(choice, first), zoom, callers: choice.view === "sandwich" ? toWay(callers.tree(), callers.view()) : "", search: find.text() };
}

/** The reverse: the desk as the texts tell. */
export function showDesk(desk, texts) {
	const { model, first, picture, callers } = desk;
	const next = fromTexts(texts, first, model, model.comparison ? PALETTES.compared : PALETTES.profile);
	const { zoom = "", search = "" } = texts;

	if (JSON.stringify(toTexts(next, first)) !== JSON.stringify(toTexts(desk.choice, first))) {
		desk.choice = next;
		arrangeDesk(desk, true);
	}
	if (desk.find.text() !== search) searchFor(desk, search);
	if (next.view === "sandwich") callers.follow(fromWay(texts.callers || ""));
	if (next.view === "inverted") return picture.follow(fromWay(zoom));
	const view = fromText(picture.tree(), zoom);
	return toText(picture.tree(), view) === toText(picture.tree(), picture.view()) ? undefined : picture.go(view);
}
