// source.js: the lines of a file on the screen. Of very many only those in sight are in the document.

import { element, named } from "../page/dom.js";
import { grouped } from "../page/numbers.js";
import { lineOf, headOf } from "./line.js";
import { itemAt, layItems, ROW_HIGH, shownItems } from "./listing.js";

const SPARE = 12; // rows beyond the edges
const PRINTED = 5000; // rows on paper

/**
 * The view of a file; told.chosen(at) hears which row was chosen, told.jump(at, way, x, y) that its
 * callers ("callers") or callees ("callees") are wanted, told.folded(at) that its instructions are, told.scrolled() that it
 * shows others.
 */
export function sourceView(told) {
	const [scroller, extent, head] = [named("source"), named("extent"), named("source-head")];
	const shown = new Map(); // of each item its element
	let show = null; // {file, model, choice, levels, ...} of the desk's
	let items = [];
	let tops = new Float64Array(1);
	let opened = new Set();
	let long = new Set(); // rows of which all is shown
	let chosen = -1;
	let printed = false;

	const below = (at) => (show.choice.panels || show.unfoldedAt(at) ? show.panelHeight(at) : 0);
	const headHigh = () => head.offsetHeight;

	function lay() {
		items = shownItems(show.file.rows, { all: !show.choice.hot, hot: show.hotAt, kept: (at) => at === chosen || show.isFirst(at), opened });
		if (printed && items.length > PRINTED) items.splice(PRINTED, Infinity, { kind: "rest", at: items[PRINTED].at, count: items.length - PRINTED });
		tops = layItems(items, below);
		extent.style.height = printed ? "auto" : `${tops[items.length]}px`;
		extent.style.minWidth = printed ? "0" : `calc(${show.gutter}px + ${show.widest + 4}ch)`;
	}

	function forget() {
		for (const made of shown.values()) made.remove();
		shown.clear();
	}

	function gapOf(item) {
		const made = element("div", "line line-gap");
		const button = element("button", "gap-open", `⋯ ${item.count} lines`);

		button.type = "button";
		button.tabIndex = -1;
		button.addEventListener("click", () => {
			opened.add(item.at);
			refresh();
		});
		made.append(button);
		return made;
	}

	function elementOf(item) {
		if (item.kind === "gap") return gapOf(item);
		if (item.kind === "rest") return element("div", "line line-gap", `${grouped(item.count)} rows more are not printed.`);
		return lineOf(show, item.at, { chosen: item.at === chosen, unfolded: below(item.at) > 0, whole: long.has(item.at) });
	}

	/* The first item in sight, and the one behind the last; on paper all. */
	function inSight() {
		const top = scroller.scrollTop - headHigh();

		if (printed) return [0, items.length];
		return [Math.max(0, itemAt(tops, top) - SPARE), Math.min(items.length, itemAt(tops, top + scroller.clientHeight) + SPARE + 1)];
	}

	function draw() {
		if (!show) return;
		const [first, last] = inSight();
		const wanted = new Set(items.slice(first, last).map((_, i) => first + i));

		for (const [i, made] of shown)
			if (!wanted.has(i)) {
				made.remove();
				shown.delete(i);
			}
		for (const i of wanted) {
			if (shown.has(i)) continue;
			const made = elementOf(items[i]);
			made.style.top = `${tops[i]}px`;
			shown.set(i, made);
			extent.append(made);
		}
		told.scrolled();
	}

	/* Everything anew, at the place where it is. */
	function refresh() {
		const focused = extent.contains(document.activeElement);

		forget();
		lay();
		head.replaceChildren(...headOf(show));
		scroller.setAttribute("aria-rowcount", show.file.rows.length + 1);
		draw();
		if (focused) focusChosen();
	}

	const itemOf = (at) => {
		let low = 0;
		let high = items.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (items[middle].at <= at) low = middle;
			else high = middle - 1;
		}
		return low;
	};

	function reveal(at, centre) {
		const i = itemOf(at);
		const room = scroller.clientHeight - headHigh();
		const [top, bottom] = [tops[i], tops[i] + ROW_HIGH];

		if (centre || top < scroller.scrollTop || bottom > scroller.scrollTop + room) scroller.scrollTop = Math.max(0, top - (centre ? room / 3 : top < scroller.scrollTop ? 2 * ROW_HIGH : room - 3 * ROW_HIGH));
		draw();
	}

	const elementAt = (at) => [...shown].find(([i]) => items[i].kind === "line" && items[i].at === at)?.[1];

	function focusChosen() {
		const link = elementAt(chosen)?.querySelector(".number");
		if (link) link.focus({ preventScroll: true });
	}

	/* Chooses a row; how: {flash, centre, focus}. */
	function choose(at, how = {}) {
		const hidden = at >= 0 && show.choice.hot && !(items[itemOf(at)]?.kind === "line" && items[itemOf(at)].at === at);

		chosen = at;
		if (hidden) refresh();
		for (const [i, made] of shown) {
			const is = items[i].kind === "line" && items[i].at === at;
			made.classList.toggle("line-chosen", is);
			const link = made.querySelector(".number");
			if (link) link.tabIndex = is ? 0 : -1;
		}
		if (at < 0) return;
		if (how.focus !== false || how.centre) reveal(at, how.centre);
		if (how.flash) flash(elementAt(at));
		if (how.focus) focusChosen();
	}

	/* Choosing the same line again shows it again. */
	function flash(made) {
		if (!made) return;
		made.classList.remove("line-flash");
		void made.offsetWidth; // so that the animation begins anew
		made.classList.add("line-flash");
	}

	function step(by) {
		const i = chosen < 0 ? itemAt(tops, scroller.scrollTop) - Math.sign(by) : itemOf(chosen);
		let to = Math.min(Math.max(i + by, 0), items.length - 1);

		while (items[to] && items[to].kind !== "line" && items[to + Math.sign(by)]) to += Math.sign(by);
		if (items[to] && items[to].kind === "line") told.chosen(items[to].at, { focus: true });
	}

	const rowOf = (event) => {
		const made = event.target.closest("[data-at]");
		return made ? Number(made.dataset.at) : -1;
	};

	extent.addEventListener("click", (event) => {
		const at = rowOf(event);
		const button = event.target.closest("[data-does]");

		if (at < 0) return;
		if (event.target.closest(".number")) event.preventDefault();
		if (!button) {
			if (String(getSelection())) return;
			told.chosen(at, { focus: Boolean(event.target.closest(".number")), flash: at === chosen });
		} else if (button.dataset.does === "fold") told.folded(at);
		else if (button.dataset.does === "whole") {
			long.add(at);
			refresh();
		} else told.jump(at, button.dataset.does, event.clientX, event.clientY);
	});
	scroller.addEventListener("scroll", draw);
	scroller.addEventListener("keydown", (event) => {
		const page = Math.max(1, Math.floor(scroller.clientHeight / ROW_HIGH) - 2);
		const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };

		if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in steps)) return;
		step(steps[event.key]);
		event.preventDefault();
		event.stopPropagation();
	});
	new ResizeObserver(() => {
		scroller.style.setProperty("--room", `${scroller.clientWidth}px`);
		draw();
	}).observe(scroller);

	return {
		step,
		refresh: () => show && refresh(),
		/** For paper, where there is no scrolling; from the next refresh() or show() on. */
		print: (is) => (printed = is),
		/** Another file, or another way to look at it. */
		show: (next) => {
			if (!show || show.file !== next.file) {
				[opened, long, chosen] = [new Set(), new Set(), -1];
				show = next;
				forget();
				lay();
				scroller.scrollTop = 0;
				scroller.scrollLeft = 0;
			}
			show = next;
			refresh();
		},
		hide: () => {
			show = null;
			forget();
		},
		choose,
		chosen: () => chosen,
		focus: () => scroller.focus({ preventScroll: true }),
		/** What the minimap draws: items, where they lie, and what is in sight. */
		lay: () => ({ items, tops, top: scroller.scrollTop, room: scroller.clientHeight - headHigh(), scrollTo: (y) => (scroller.scrollTop = y) }),
		/** Where to point to hit a row, for menus that a key opens. */
		spot: (at) => {
			const box = (elementAt(at) || scroller).getBoundingClientRect();
			return [box.left + 60, box.bottom];
		},
		/** The first row in sight. */
		first: () => (items.length ? items[itemAt(tops, scroller.scrollTop)].at : -1),
	};
}
