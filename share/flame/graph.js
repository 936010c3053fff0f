// graph.js: the living picture: the window and its movement, the pointer, the selection.

import { theme } from "../page/theme.js";
import { painter, ROW } from "./draw.js";
import { deepest, eachShown, heaviestChild, positionOf, shownAt } from "./layout.js";
import { followPointer } from "./pointer.js";
import { between, scaled, viewOf, viewOfRun } from "./view.js";

const MOVE_MS = 170;

/**
 * The graph of a model in its elements. It calls told.pointed(item, x, y) with
 * an item {first, last} or null, told.selected(item), and told.viewed(view,
 * step): step is true when the reader went somewhere, false on the way.
 */
export function graph({ scroller, extent, canvas, model, rootLabel, told }) {
	const { tree, functions } = model;
	const paint = painter(canvas).paint;
	const calm = matchMedia("(prefers-reduced-motion: reduce)");
	let view = viewOf(tree, 0); // where the reader is
	let shown = view; // what is drawn, on the way there
	let start = null; // of the movement: {from, at}
	let found = null;
	let selected = null;
	let pointed = null;
	let due = false;
	let size = { width: 1, height: 1, ratio: 1 };

	function draw(now) {
		due = false;
		if (start) {
			const t = Math.min(1, Math.max(0, (now - start.at) / MOVE_MS));
			shown = between(start.from, view, 1 - (1 - t) ** 3);
			if (t >= 1) start = null;
			else ask();
		}
		paint(scene());
	}

	function scene() {
		return {
			...{ tree, functions, rootLabel, found, selected, pointed },
			...size,
			window: shown,
			node: view.node,
			top: Math.max(0, scroller.scrollTop),
			theme: theme(),
			family: getComputedStyle(canvas).fontFamily,
		};
	}

	function ask() {
		if (due) return;
		due = true;
		requestAnimationFrame(draw);
	}

	function resize() {
		const { clientWidth: width, clientHeight: height } = scroller;

		if (width === 0 || height === 0) return;
		size = { width, height, ratio: devicePixelRatio || 1 };
		canvas.style.width = `${width}px`;
		canvas.style.height = `${height}px`;
		// Drawn at once, for a canvas that changes its size is empty until it is.
		paint(scene());
	}

	function stretch() {
		extent.style.height = `${(deepest(tree, view.node) + 1) * ROW + 1}px`;
	}

	/* Scrolls so that row d can be seen, with some of what is around it. */
	function reveal(d) {
		const y = d * ROW - scroller.scrollTop;

		if (y >= 0 && y + ROW <= size.height) return;
		scroller.scrollTop = Math.max(0, d * ROW - (y < 0 ? 2 : 0.5 * (size.height / ROW)) * ROW);
	}

	function go(to, { step = true, smooth = true } = {}) {
		const depth = tree.depth[to.node];
		const y = depth * ROW - scroller.scrollTop;

		view = to;
		start = smooth && !calm.matches ? { from: shown, at: performance.now() } : null;
		if (!start) shown = view;
		stretch();
		if (y > size.height - 3 * ROW || y < 0) reveal(depth + Math.min(3, deepest(tree, view.node) - depth));
		point(null);
		told.viewed(view, step);
		ask();
	}

	function point(item, x = 0, y = 0) {
		if ((item && item.first) !== (pointed && pointed.first) || (item && item.last) !== (pointed && pointed.last)) ask();
		pointed = item;
		canvas.classList.toggle("canvas-hot", item !== null);
		told.pointed(item, x, y);
	}

	function select(item) {
		selected = item;
		if (item) reveal(tree.depth[tree.rows[item.first]]);
		told.selected(item);
		ask();
	}

	/* A sliver that fills much of the window is not all shown: what lies around the place is. */
	function zoomTo({ first, last }, around) {
		const [one, other] = [tree.rows[first], tree.rows[last]];
		const run = viewOfRun(tree, one, other);
		const middle = (Math.max(run.left, view.left) + Math.min(run.right, view.right)) / 2;

		if (!(run.right > run.left)) return;
		if (first === last) go(viewOf(tree, one));
		else if (run.right - run.left < 0.25 * (view.right - view.left)) go(run);
		else go(scaled(tree, view, 8, around ?? middle));
	}

	/* The item of a row that shows a node; the node alone, where it is outside of the window. */
	function itemOf(node) {
		const position = positionOf(tree, node);
		let item = { first: position, last: position };

		eachShown(tree, tree.depth[node], view, size.width, (first, last) => {
			if (first <= position && position <= last) item = { first, last };
		});
		return item;
	}

	function sideways(step) {
		if (!selected) return select(itemOf(view.node));
		const items = [];

		eachShown(tree, tree.depth[tree.rows[selected.first]], view, size.width, (first, last) => {
			items.push({ first, last });
		});
		const at = items.findIndex(({ last }) => last >= selected.first);
		const to = items[Math.min(Math.max((at < 0 ? 0 : at) + step, 0), items.length - 1)];
		return to && select(to);
	}

	const walk = {
		left: () => sideways(-1),
		right: () => sideways(1),
		first: () => sideways(-Infinity),
		last: () => sideways(Infinity),
		up: () => select(itemOf(selected ? tree.parent[tree.rows[selected.first]] : view.node)),
		down: () => {
			const child = selected ? heaviestChild(tree, tree.rows[selected.first]) : 0;

			if (child) select(itemOf(child));
			else if (!selected) select(itemOf(view.node));
		},
		enter: () => zoomTo(selected ? itemOf(tree.rows[selected.first]) : itemOf(view.node)),
		out: () => go(viewOf(tree, tree.parent[view.node])),
	};

	/* A node that the reader asked for: near enough to be seen, and selected. */
	function show(node) {
		const ours = { first: positionOf(tree, node), last: positionOf(tree, node) };
		const { left, right } = view;
		const wide = (tree.total[node] / (right - left)) * size.width;

		if (wide < 6 || tree.left[node] < left || tree.left[node] + tree.total[node] > right) {
			let around = node;
			while (around > 0 && (tree.total[node] / tree.total[tree.parent[around]]) * size.width >= 60)
				around = tree.parent[around];
			if (tree.total[around] > 0) go(viewOf(tree, around));
		}
		select(ours);
	}

	function itemAt(clientX, clientY) {
		const box = canvas.getBoundingClientRect();
		const y = clientY - box.top + scroller.scrollTop;

		return shownAt(tree, Math.floor(y / ROW), shown, size.width, clientX - box.left);
	}

	function weightAt(clientX) {
		const x = clientX - canvas.getBoundingClientRect().left;
		return shown.left + (x / size.width) * (shown.right - shown.left);
	}

	function glide(to) {
		start = null;
		view = shown = to;
		point(null);
		stretch();
		told.viewed(view, false);
		ask();
	}

	followPointer(canvas, scroller, {
		...{ tree, itemAt, weightAt, glide, point, select, zoomTo },
		view: () => view,
		pointed: () => pointed,
		perPixel: () => (view.right - view.left) / size.width,
		arrived: () => told.viewed(view, true),
	});
	scroller.addEventListener("scroll", () => {
		point(null);
		ask();
	});
	new ResizeObserver(resize).observe(scroller);
	stretch();
	resize();

	return {
		...{ walk, show, select, resize, ask },
		go,
		view: () => view,
		find: (what) => {
			found = what;
			ask();
		},
		/**
		 * The picture for paper, as canvases that a page can break between: so wide,
		 * the first rows of the window, each strip so many of them.
		 */
		strips: (wide, mostRows, each) => {
			const rows = Math.min(deepest(tree, view.node) + 1, mostRows);

			return Array.from({ length: Math.ceil(rows / each) }, (_, i) => {
				const strip = document.createElement("canvas");
				const height = Math.min(each, rows - i * each) * ROW;
				const still = { theme: "light", selected: null, pointed: null };

				painter(strip).paint({ ...scene(), ...still, window: view, top: i * each * ROW, width: wide, height, ratio: 2 });
				strip.className = "strip";
				return strip;
			});
		},
		/** What a row shows now, for tests: [{first, last, x0, x1}]. */
		row: (d) => {
			const items = [];

			eachShown(tree, d, shown, size.width, (first, last, x0, x1) => items.push({ first, last, x0, x1 }));
			return items;
		},
	};
}
