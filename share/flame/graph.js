// graph.js: a living picture: the window and its movement, the pointer, the selection.

import { theme } from "../page/theme.js";
import { painter, pictureHigh, ROW, rowAt, rowTop } from "./draw.js";
import { deepest, eachShown, heaviestChild, path, positionOf, shownAt } from "./layout.js";
import { followPointer } from "./pointer.js";
import { between, scaled, viewOf, viewOfRun } from "./view.js";

const MOVE_MS = 170;

/* The node of a tree to which the functions and lines of a way lead, as far as they do. */
function followed(tree, way) {
	let node = 0;

	for (const [f, line] of way) {
		let next = 0;
		for (let c = node + 1; c < tree.end[node]; c = tree.end[c])
			if (tree.functions[c] === f && (!next || !tree.lines || tree.lines[c] === line)) next = c;
		if (!next || !(tree.total[next] > 0)) break;
		node = next;
	}
	return node;
}

/**
 * A graph in its elements. It calls told.pointed(item, x, y) with an item
 * {first, last} or null, told.selected(item), told.viewed(view, step): step is
 * true when the reader went somewhere, false on the way; and told.menu(item, x, y).
 * flip: callers grow upwards. It shows nothing before change() gave it a tree.
 */
export function graph({ scroller, extent, canvas, functions, flip = false, told }) {
	const paint = painter(canvas).paint;
	const calm = matchMedia("(prefers-reduced-motion: reduce)");
	let tree, grow, rootLabel, coat;
	let view = null; // where the reader is
	let shown = null; // what is drawn, on the way there
	let start = null; // of the movement: {from, at}
	let found = null;
	let selected = null;
	let pointed = null;
	let chosen = -1;
	let due = false;
	let size = { width: 1, height: 1, ratio: 1 };

	function draw(now) {
		due = false;
		if (!tree) return;
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
			...{ tree, functions, rootLabel, found, selected, pointed, coat, chosen, flip },
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

		if (width === 0 || height === 0 || !tree) return;
		size = { width, height, ratio: devicePixelRatio || 1 };
		canvas.style.width = `${width}px`;
		canvas.style.height = `${height}px`;
		// Drawn at once, for a canvas that changes its size is empty until it is.
		paint(scene());
	}

	/* What grows upwards takes no more room than it needs; the style sheet says how much it may have. */
	function stretch() {
		const high = pictureHigh({ tree, flip }, flip ? 0 : deepest(tree, view.node));

		extent.style.height = `${high}px`;
		if (flip) scroller.style.height = `${high + 2}px`;
	}

	/* Scrolls so that row d can be seen, with some of what is around it. */
	function reveal(d) {
		const at = rowTop({ tree, flip, height: size.height }, d);
		const y = at - scroller.scrollTop;

		if (y >= 0 && y + ROW <= size.height) return;
		scroller.scrollTop = Math.max(0, at - (y < 0 ? 2 : 0.5 * (size.height / ROW)) * ROW);
	}

	/* A tree of callers grows where the window shows more of it than is there; its nodes are renamed. */
	function growHere() {
		const grown = grow && grow(view);
		if (!grown) return;
		const moved = (item) => {
			if (!item || item.first !== item.last) return null;
			const position = positionOf(grown.tree, grown.rename(tree.rows[item.first]));
			return { first: position, last: position };
		};

		[selected, pointed] = [moved(selected), null];
		view = { ...view, node: grown.rename(view.node) };
		shown = { ...shown, node: view.node };
		tree = grown.tree;
		told.grown(tree);
	}

	function go(to, { step = true, smooth = true } = {}) {
		const y = rowTop({ tree, flip, height: size.height }, tree.depth[to.node]) - scroller.scrollTop;

		view = to;
		start = smooth && !calm.matches ? { from: shown, at: performance.now() } : null;
		if (!start) shown = view;
		growHere();
		stretch();
		const depth = tree.depth[view.node];
		if (y > size.height - 3 * ROW || y < 0) reveal(depth + Math.min(3, deepest(tree, view.node) - depth));
		point(null);
		told.viewed(view, step);
		ask();
	}

	/** Shows another tree, zoomed to the frame that the reader was at, as far as it is there. */
	function change(next) {
		const way = (node) => path(tree, node).slice(1).map((i) => [tree.functions[i], tree.lines ? tree.lines[i] : 0]);
		const [zoom, choice] = next.anew || !tree ? [[], null] : [way(view.node), selected && way(tree.rows[selected.first])];

		({ tree, grow, rootLabel, coat } = next);
		start = null;
		found = null;
		view = shown = viewOf(tree, followed(tree, zoom));
		const node = choice ? followed(tree, choice) : 0;
		selected = node && tree.depth[node] === choice.length ? itemOf(node) : null;
		pointed = null;
		stretch();
		resize();
		if (next.anew || flip) scroller.scrollTop = flip ? scroller.scrollHeight : 0;
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

	function outward() {
		select(itemOf(selected ? tree.parent[tree.rows[selected.first]] : view.node));
	}

	function inward() {
		const child = selected ? heaviestChild(tree, tree.rows[selected.first]) : 0;

		if (child) select(itemOf(child));
		else if (!selected) select(itemOf(view.node));
	}

	const walk = {
		left: () => sideways(-1),
		right: () => sideways(1),
		first: () => sideways(-Infinity),
		last: () => sideways(Infinity),
		up: flip ? inward : outward,
		down: flip ? outward : inward,
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

		return shownAt(tree, rowAt({ tree, flip, height: size.height }, y), shown, size.width, clientX - box.left);
	}

	function weightAt(clientX) {
		const x = clientX - canvas.getBoundingClientRect().left;
		return shown.left + (x / size.width) * (shown.right - shown.left);
	}

	function glide(to) {
		start = null;
		view = shown = to;
		growHere();
		point(null);
		stretch();
		told.viewed(view, false);
		ask();
	}

	/* Where the selected frame is on the screen: for what has no pointer. */
	function placeOf(item) {
		const box = canvas.getBoundingClientRect();
		const node = tree.rows[item.first];
		const x = ((tree.left[node] - view.left) / (view.right - view.left)) * size.width;

		return [box.left + Math.min(Math.max(x, 0), size.width - 20) + 8, box.top + rowTop({ tree, flip, height: size.height }, tree.depth[node]) - scroller.scrollTop + ROW];
	}

	followPointer(canvas, scroller, {
		...{ itemAt, weightAt, glide, point, select, zoomTo },
		tree: () => tree,
		menu: (item, x, y) => {
			select(item);
			told.menu(item, x, y);
		},
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

	/* To where a way leads from the root, in a tree that may have to grow for it; then to the window. */
	function follow({ way, left, right }) {
		const still = { step: false, smooth: false };

		for (let depth = -1, node = followed(tree, way); tree.depth[node] > depth; node = followed(tree, way)) {
			depth = tree.depth[node];
			go(viewOf(tree, node), still);
		}
		if (left >= 0 && right > left && right <= tree.total[0]) go({ node: view.node, left, right }, still);
	}

	return {
		...{ walk, show, select, resize, ask, go, change, follow },
		tree: () => tree,
		view: () => view,
		selected: () => selected,
		rootLabel: () => rootLabel,
		menu: () => selected && told.menu(selected, ...placeOf(selected)),
		/** Tells of the selected frame as if it was pointed at. */
		tell: () => selected && point(selected, ...placeOf(selected)),
		find: (what) => {
			found = what;
			ask();
		},
		/** Rings the frames of a function; -1: of none. */
		choose: (f) => {
			chosen = f;
			ask();
		},
		dress: (next) => {
			coat = next;
			ask();
		},
		/** What of the picture a drawing of another kind needs; see paper.js. */
		still: () => ({ ...scene(), window: view, selected: null, pointed: null }),
		/** What a row shows now, for tests: [{first, last, x0, x1}]. */
		row: (d) => {
			const items = [];

			eachShown(tree, d, shown, size.width, (first, last, x0, x1) => items.push({ first, last, x0, x1 }));
			return items;
		},
		/** Where row d is on the screen, for tests. */
		rowAt: (d) => canvas.getBoundingClientRect().top + rowTop({ tree, flip, height: size.height }, d) - scroller.scrollTop,
	};
}
