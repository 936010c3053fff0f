// page.js: the flame graph's page: what is said around the picture, and who hears what.

import { element, fillTable, named } from "../page/dom.js";
import { fromFragment, toFragment } from "../page/fragment.js";
import { pressed } from "../page/keys.js";
import { counted, share } from "../page/numbers.js";
import { fills, hex, SHADES } from "../page/palette.js";
import { ORIGIN_NAMES, ORIGINS } from "../page/place.js";
import { mark, next, ordinal, query } from "../page/search.js";
import { followTheme, switchTheme, theme } from "../page/theme.js";
import { factRows, heading, notices, origins, threadRows } from "./facts.js";
import { graph } from "./graph.js";
import { path, selfOf } from "./layout.js";
import { openProfile } from "./model.js";
import { describe, sentence, weightText } from "./tip.js";
import { fromText, toText, viewOf } from "./view.js";

const PAPER_ROWS = 400;

function say(profile) {
	const title = heading(profile);

	document.title = `${title} – flame graph`;
	named("title").textContent = title;
	named("facts").replaceChildren(...origins(profile).map((text) => element("span", "fact", text)));
	named("facts").title = origins(profile).join(" · ");
	named("notices").replaceChildren(...notices(profile).map((text) => element("p", "notice", text)));
	fillTable(named("facts-table"), factRows(profile));
}

/* Why there is no picture. */
function sayEmpty(text) {
	named("empty").textContent = text;
	named("empty").hidden = false;
	named("canvas").hidden = true;
	named("summary").textContent = text;
	for (const name of ["query", "reset"]) named(name).disabled = true;
}

function sayLegend(origins) {
	const colours = fills(theme());
	const used = ORIGINS.map((name, i) => [name, i]).filter(([, i]) => origins.includes(i));
	const items = used.map(([name, i]) => {
		const item = element("li", "entry");
		const swatch = element("span", "swatch");

		swatch.style.background = hex(colours[i * SHADES + SHADES / 2]);
		item.append(swatch, ORIGIN_NAMES[name]);
		return item;
	});
	const narrow = element("li", "entry");

	narrow.append(element("span", "swatch swatch-sliver"), "too narrow");
	narrow.title = "Neighbouring frames that are each narrower than a pixel, drawn as one";
	named("legend").replaceChildren(...items, narrow);
}

/* The hottest functions and, where there are several, the threads; and all of it as a summary. */
function sayTables(profile, model) {
	const { tree, functions } = model;
	const sums = selfOf(tree, functions.count).weight;
	const order = Array.from(sums.keys()).filter((f) => sums[f] > 0);
	const text = (weight) => weightText(model, weight);

	order.sort((a, b) => sums[b] - sums[a] || a - b);
	const hot = order.slice(0, 10).map((f) => [
		functions.label(f),
		functions.place(f),
		text(sums[f]),
		share(sums[f], tree.total[0]),
	]);
	const threads = profile.threads.length > 1 ? threadRows(profile, text, tree.total[0]) : [];

	fillTable(named("hot-table"), hot, 1);
	named("threads-title").hidden = threads.length === 0;
	fillTable(named("threads-table"), threads, 1);
	named("summary").textContent =
		`Flame graph of ${heading(profile)}, ${origins(profile).join(", ")}: ` +
		`${counted(tree.n - 1, "frame")}, ${counted(tree.rowStart.length - 2, "level")} deep. ` +
		`Most time of their own: ${hot.slice(0, 5).map(([name, , , part]) => `${name} ${part}`).join(", ")}.`;
}

function fillTip(tip, { name, place, rows, note }) {
	const table = element("table", "tip-table");

	fillTable(table, rows, 0);
	tip.replaceChildren(element("div", "tip-name", name));
	if (place) tip.append(element("div", "tip-place", place));
	tip.append(table);
	if (note) tip.append(element("div", "tip-note", note));
}

function putTip(tip, x, y) {
	const { width, height } = tip.getBoundingClientRect();
	const left = x + 14 + width > innerWidth - 8 ? Math.max(8, x - 14 - width) : x + 14;
	const top = y + 18 + height > innerHeight - 8 ? Math.max(8, y - 12 - height) : y + 18;
	tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
}

/* The zoomed frame below its callers; of very many the first two and the last five. */
function sayTrail(model, view, goTo) {
	const { tree, functions } = model;
	const nodes = path(tree, view.node);
	const own = viewOf(tree, view.node);
	const crumbs = element("div", "crumbs");
	const crumb = (node) => {
		const made = element("button", "crumb", node === 0 ? "all" : functions.label(tree.functions[node]));

		made.type = "button";
		made.addEventListener("click", () => goTo(node));
		return made;
	};

	if (nodes.length <= 9) crumbs.append(...nodes.map(crumb));
	else {
		const left = element("span", "gap", `› ${counted(nodes.length - 7, "more frame")} `);
		crumbs.append(...nodes.slice(0, 2).map(crumb), left, ...nodes.slice(-5).map(crumb));
	}
	const part = view.left === own.left && view.right === own.right ? tree.total[view.node] : view.right - view.left;
	const sum = element("span", "sum", `${weightText(model, part)} · ${share(part, tree.total[0])}`);
	named("trail").replaceChildren(crumbs, sum);
}

function livePage(profile, model) {
	const { tree, functions } = model;
	const rootLabel = model.time
		? `all: ${weightText(model, tree.total[0])}, ${counted(tree.samples[0], "sample")}`
		: `all: ${counted(tree.total[0], "sample")}`;
	let found = null;
	let chosen = 0; // the node that n and N go on from
	let tipped = null; // what the tip tells of
	let later = 0;
	let chosenTheme = "";
	let written = ""; // the fragment that is known

	const picture = graph({
		scroller: named("graph"),
		extent: named("extent"),
		canvas: named("canvas"),
		model,
		rootLabel,
		told: {
			pointed: (item, x, y) => {
				const tip = named("tip");
				const same = item && !tip.hidden && tipped && tipped.first === item.first && tipped.last === item.last;

				tip.hidden = !item;
				tipped = item;
				if (item && !same) fillTip(tip, describe(model, item, picture.view().node, rootLabel));
				if (item) putTip(tip, x, y);
			},
			selected: (item) => {
				chosen = item ? tree.rows[item.first] : 0;
				const said = item ? describe(model, item, picture.view().node, rootLabel) : null;
				named("status").textContent = said ? sentence(said) : "";
				sayFound();
			},
			viewed: (view, step) => {
				sayTrail(model, view, (node) => picture.go(viewOf(tree, node)));
				named("reset").disabled = toText(tree, view) === "";
				clearTimeout(later);
				if (step) remember(true);
				else later = setTimeout(remember, 250, false);
			},
		},
	});

	/* A step of the reader's is an entry of the browser's history; what leads there is not. */
	function remember(step) {
		const text = toFragment({ zoom: toText(tree, picture.view()), search: named("query").value });

		if (text === location.hash.slice(1)) return;
		written = text;
		if (step) location.hash = text;
		else location.replace(`#${text}`);
	}

	function sayFound() {
		const said = named("found");
		const count = found && !found.error ? found.count : 0;

		if (!found) said.textContent = "";
		else if (found.error) said.textContent = found.error;
		else if (count === 0) said.textContent = "no match";
		else {
			const place = found.marks[chosen] ? `${ordinal(found.marks, chosen)} of ` : "";
			said.textContent = `${place}${counted(count, "frame")}, ${share(found.total, tree.total[0])}`;
		}
		named("query").setAttribute("aria-invalid", String(Boolean(found && found.error)));
		for (const name of ["previous", "next"]) named(name).disabled = count === 0;
	}

	function search() {
		const asked = query(named("query").value);

		found = asked;
		if (asked && !asked.error) {
			const wanted = new Uint8Array(functions.count);

			for (let f = 0; f < functions.count; f++)
				wanted[f] = asked.finds(functions.name(f), `${functions.file(f)}:${functions.firstLine(f)}`) ? 1 : 0;
			found = mark(tree, wanted);
			found.rowMarks = new Uint32Array(tree.n + 1);
			for (let k = 0; k < tree.n; k++) found.rowMarks[k + 1] = found.rowMarks[k] + found.marks[tree.rows[k]];
		}
		picture.find(found && found.marks ? found : null);
		sayFound();
	}

	function stepFound(step) {
		if (!found || !found.count) return;
		picture.show(next(found.marks, chosen, step));
	}

	function clear() {
		named("tip").hidden = true;
		if (named("query").value) {
			named("query").value = "";
			search();
			remember(false);
		} else {
			picture.select(null);
			picture.go(viewOf(tree, 0));
		}
	}

	/* The browser tells of our own steps too, and late: by then the view may be further. */
	function restore() {
		if (location.hash.slice(1) === written) return;
		written = location.hash.slice(1);
		const { zoom, search: text = "" } = fromFragment(location.hash);
		const view = fromText(tree, zoom);

		if (named("query").value !== text) {
			named("query").value = text;
			search();
		}
		if (toText(tree, view) !== toText(tree, picture.view())) picture.go(view);
	}

	function repaint() {
		sayLegend(functions.origins);
		picture.resize();
	}

	const openSheet = (name) => named(name).showModal();
	const keys = [
		{ keys: ["ArrowLeft", "h"], shown: ["←", "h"], does: "the frame to the left", run: picture.walk.left },
		{ keys: ["ArrowRight", "l"], shown: ["→", "l"], does: "the frame to the right", run: picture.walk.right },
		{ keys: ["ArrowUp", "k"], shown: ["↑", "k"], does: "the caller", run: picture.walk.up },
		{ keys: ["ArrowDown", "j"], shown: ["↓", "j"], does: "the heaviest callee", run: picture.walk.down },
		{ keys: ["Home"], shown: ["Home"], does: "the first frame of the row", run: picture.walk.first },
		{ keys: ["End"], shown: ["End"], does: "the last frame of the row", run: picture.walk.last },
		{ keys: ["Enter"], shown: ["Enter"], does: "zoom to the selected frame", run: picture.walk.enter },
		{ keys: ["Backspace", "u"], shown: ["Backspace", "u"], does: "zoom out to the caller", run: picture.walk.out },
		{ keys: ["0"], shown: ["0"], does: "show everything", run: () => picture.go(viewOf(tree, 0)) },
		{ keys: ["Escape"], shown: ["Esc"], does: "clear the search, then show everything", run: clear },
		{ keys: ["/"], shown: ["/"], does: "search: text, or /regex/ between slashes", run: () => named("query").select() },
		{ keys: ["n"], shown: ["n"], does: "the next match", run: () => stepFound(1) },
		{ keys: ["N"], shown: ["N"], does: "the match before", run: () => stepFound(-1) },
		{ keys: ["t"], shown: ["t"], does: "light or dark", run: () => (switchTheme(), repaint()) },
		{ keys: ["i"], shown: ["i"], does: "about this profile", run: () => openSheet("about-sheet") },
		{ keys: ["?"], shown: ["?"], does: "these keys", run: () => openSheet("keys-sheet") },
	];

	function onKey(event) {
		const { target } = event;

		if (target.closest && target.closest("dialog")) return;
		if (target === named("query")) {
			if (event.key !== "Escape") return;
			if (!target.value) named("canvas").focus();
			clear();
		} else if (event.key === "Enter" && target.closest && target.closest("button")) return;
		else if (!pressed(keys, event)) return;
		event.preventDefault();
	}

	named("keys-table").replaceChildren(
		...keys.map(({ shown, does }) => {
			const row = element("tr");
			const head = element("th");

			head.append(...shown.flatMap((key, i) => (i ? [" ", element("kbd", "key", key)] : [element("kbd", "key", key)])));
			row.append(head, element("td", "", does));
			return row;
		}),
	);
	document.addEventListener("keydown", onKey);
	named("query").addEventListener("input", () => {
		clearTimeout(later);
		later = setTimeout(remember, 250, false);
		search();
	});
	named("find").addEventListener("submit", (event) => {
		event.preventDefault();
		stepFound(1);
	});
	named("previous").addEventListener("click", () => stepFound(-1));
	named("reset").addEventListener("click", () => picture.go(viewOf(tree, 0)));
	named("theme").addEventListener("click", () => (switchTheme(), repaint()));
	named("about").addEventListener("click", () => openSheet("about-sheet"));
	named("help").addEventListener("click", () => openSheet("keys-sheet"));
	addEventListener("hashchange", restore);
	addEventListener("beforeprint", () => {
		chosenTheme = document.documentElement.style.colorScheme;
		document.documentElement.style.colorScheme = "light";
		named("paper").replaceChildren(...picture.strips(1000, PAPER_ROWS, 5));
	});
	addEventListener("afterprint", () => {
		document.documentElement.style.colorScheme = chosenTheme;
		named("paper").replaceChildren();
	});
	followTheme(repaint);
	repaint();
	sayTables(profile, model);
	sayTrail(model, picture.view(), (node) => picture.go(viewOf(tree, node)));
	named("reset").disabled = true;
	restore();
	return picture;
}

async function open() {
	const profile = JSON.parse(document.querySelector("#profile").textContent);

	say(profile);
	followTheme(() => {});
	const model = await openProfile(profile);

	if (!(model.tree.total[0] > 0)) return sayEmpty("The profile is empty.\nNo sample was taken, or none was kept.");
	const picture = livePage(profile, model);

	document.documentElement.dataset.state = "open";
	performance.mark("open");
	// For tests and the curious: the page's own model.
	globalThis.flame = { profile, model, picture };
	return undefined;
}

open().catch((error) => sayEmpty(`This page cannot be shown: ${error.message}`));
