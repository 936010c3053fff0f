// draw.js: the picture. It knows the canvas and nothing else of the document.

import { hex, INKS } from "../page/palette.js";
import { labeller, labelOf } from "./label.js";
import { eachShown, firstWhere } from "./layout.js";

export const ROW = 20;

const LABEL_ROOM = 12; // below this no label is tried

export const BACK = { light: [255, 255, 255], dark: [23, 25, 29] };

function mixed(one, other, part) {
	return one.map((x, i) => Math.round(x + (other[i] - x) * part));
}

/** The edge of markers, whose grey fill alone is too close to the background. */
export function markerEdge(theme) {
	return mixed(INKS[theme].faintText, BACK[theme], 0.25);
}

/** The colours of a theme as the canvas wants them. */
function inksOf(theme) {
	const inks = Object.fromEntries(Object.entries(INKS[theme]).map(([k, v]) => [k, hex(v)]));

	return { ...inks, root: inks.faint, edge: hex(markerEdge(theme)), back: hex(BACK[theme]) };
}

/** A fill as it is above the frame that is zoomed to. */
export function fainter(fill, theme) {
	return mixed(fill, BACK[theme], 0.55);
}

/** The sides of the squares of diagonal lines that fill slivers and what is gone. */
export const HATCHED = { sliver: 6, gone: 8 };

/* Such a square; where sliver is "" what is behind shows through. */
function hatch(context, sliver, stripe, ratio, wide) {
	const size = Math.round(wide * ratio);
	const tile = new OffscreenCanvas(size, size);
	const pen = tile.getContext("2d");

	if (sliver) {
		pen.fillStyle = sliver;
		pen.fillRect(0, 0, size, size);
	}
	pen.strokeStyle = stripe;
	pen.lineWidth = 1.2 * ratio;
	pen.beginPath();
	for (const x of [-size, 0, size]) {
		pen.moveTo(x - 1, size + 1);
		pen.lineTo(x + size + 1, -1);
	}
	pen.stroke();
	return context.createPattern(tile, "repeat");
}

/**
 * How high a picture is, in pixels. One that grows upwards does not show its root, which is
 * the picture below it, and stands on the ground.
 */
export function pictureHigh({ tree, flip }, deepestRow = tree.rowStart.length - 2) {
	return (flip ? tree.rowStart.length - 2 : deepestRow + 1) * ROW + 1;
}

function ground({ tree, height }) {
	return Math.max(0, height - pictureHigh({ tree, flip: true }));
}

/** Where row d begins, in pixels of the scrolled picture that is shown so high. */
export function rowTop(scene, d) {
	return scene.flip ? (scene.tree.rowStart.length - 2 - d) * ROW + ground(scene) : d * ROW;
}

/** The row at such a place; there need be none. */
export function rowAt(scene, y) {
	return scene.flip ? scene.tree.rowStart.length - 2 - Math.floor((y - ground(scene)) / ROW) : Math.floor(y / ROW);
}

/**
 * What draws on a canvas: paint(scene). A scene is
 *
 * tree, functions, rootLabel, lines   what there is
 * window, node                        what is shown, and the frame zoomed to
 * coat                                the colours, see coat.js
 * flip                                the root is below, and callers grow upwards
 * chosen                              a function whose frames are ringed, or -1
 * top, width, height, ratio           the scrolled pixels, the size, device pixels in one
 * theme, family                       "light" or "dark", the font
 * found                               null, or marks and rowMarks of the search
 * selected, pointed                   null, or {first, last}: positions in the tree's rows
 */
export function painter(canvas) {
	const context = canvas.getContext("2d", { alpha: false });
	let inks, pattern, stripes, fit, made;

	function prepare({ theme, family, ratio, width: w, height: h }) {
		const [wide, high] = [Math.round(w * ratio), Math.round(h * ratio)];

		if (canvas.width !== wide || canvas.height !== high) {
			canvas.width = wide;
			canvas.height = high;
		}
		const making = `${theme} ${family} ${ratio}`;
		if (making !== made) {
			made = making;
			inks = inksOf(theme);
			pattern = hatch(context, inks.sliver, inks.stripe, ratio, HATCHED.sliver);
			stripes = hatch(context, "", inks.goneStripe, ratio, HATCHED.gone);
			fit = labeller((character) => context.measureText(character).width);
		}
		context.font = `${12 * ratio}px ${family}`;
		context.textBaseline = "middle";
		context.fillStyle = hex(BACK[theme]);
		context.fillRect(0, 0, wide, high);
	}

	function paint(scene) {
		const { tree, ratio, top, height, selected, pointed } = scene;
		const deepest = tree.rowStart.length - 2;
		const shown = (y) => Math.min(deepest, Math.max(scene.flip ? 1 : 0, rowAt(scene, y)));
		const [one, other] = [shown(top), shown(top + height)];

		prepare(scene);
		for (let d = Math.min(one, other); d <= Math.max(one, other); d++) paintRow(scene, d);
		if (pointed) ring(scene, pointed, 1);
		if (selected) ring(scene, selected, 2 * ratio);
	}

	function ring(scene, { first, last }, line) {
		const { tree, window, width: w, ratio, top } = scene;
		const [from, upTo] = [tree.rows[first], tree.rows[last]];
		const scale = w / (window.right - window.left);
		const x0 = (tree.left[from] - window.left) * scale;
		const x1 = (tree.left[upTo] + tree.total[upTo] - window.left) * scale;
		const edge = Math.round(Math.max(x0, -4) * ratio);
		const wide = Math.max(Math.round(Math.min(x1, w + 4) * ratio) - edge, 3);
		const y = Math.round((rowTop(scene, tree.depth[from]) - top) * ratio);
		const high = Math.round((ROW - 1) * ratio);

		context.strokeStyle = inks.ring;
		context.lineWidth = line;
		context.strokeRect(edge + line / 2, y + line / 2, wide - line, high - line);
	}

	function paintRow(scene, d) {
		const { tree, window, ratio, top, found, coat, chosen } = scene;
		const y = Math.round((rowTop(scene, d) - top) * ratio);
		const high = Math.round((ROW - 1) * ratio);
		const middle = y + Math.round(high / 2) + 1;
		const above = d < tree.depth[scene.node];
		const colours = above ? coat.above : coat.fills;
		const line = Math.max(1, Math.floor(ratio));

		eachShown(tree, d, window, scene.width, (first, last, x0, x1) => {
			const node = tree.rows[first];
			const from = Math.round(Math.max(x0, 0) * ratio);
			const to = Math.max(Math.round(Math.min(x1, scene.width) * ratio), from + 1);

			if (last > first || x1 - x0 < 1) {
				context.fillStyle = x1 - x0 >= 3 ? pattern : found ? inks.sliver : inks.stripe;
				context.fillRect(from, y, to - from, high);
				if (found) paintFoundIn(scene, first, last, y, high);
				return;
			}
			const wide = x1 - x0 > 3 ? to - line : to;
			const hit = found && found.marks[node];
			const dim = found && !hit;

			if (node === 0 && !coat.root) context.fillStyle = inks.root;
			else if (hit) context.fillStyle = inks.match;
			else if (dim) context.fillStyle = inks.faint;
			else context.fillStyle = colours[coat.of(node)];
			context.fillRect(from, y, wide - from, high);
			if (!found) {
				if (coat.hatched(node)) paintStripes(from, y, wide - from, high);
				if (coat.edged(node)) paintEdge(from, y, wide - from, high, line, inks.edge);
			}
			if (tree.functions[node] === chosen && node !== 0) paintEdge(from, y, wide - from, high, 2 * line, inks.ring);

			const room = wide - from - 8 * ratio;
			if (room < LABEL_ROOM * ratio) return;
			context.fillStyle = hit ? inks.matchText : dim ? inks.faintText : inks.text;
			context.fillText(fit(labelOf(scene, node), room), from + 4 * ratio, middle);
		});
	}

	function paintStripes(x, y, wide, high) {
		context.fillStyle = stripes;
		context.fillRect(x, y, wide, high);
	}

	function paintEdge(x, y, wide, high, line, ink) {
		if (wide < 3 * line) return;
		context.strokeStyle = ink;
		context.lineWidth = line;
		context.strokeRect(x + line / 2, y + line / 2, wide - line, high - line);
	}

	/* Within a sliver every pixel that holds a match is drawn as one. */
	function paintFoundIn({ tree, window, width: w, ratio, found }, first, last, y, high) {
		const { rowMarks } = found;
		const scale = w / (window.right - window.left);
		const x = (k) => (tree.left[tree.rows[k]] - window.left) * scale;

		context.fillStyle = inks.match;
		for (let k = first; k <= last && rowMarks[last + 1] > rowMarks[k]; ) {
			const pixel = Math.floor(x(k));
			const behind = firstWhere(k + 1, last + 1, (j) => x(j) >= pixel + 1);

			if (rowMarks[behind] > rowMarks[k])
				context.fillRect(Math.round(pixel * ratio), y, Math.max(1, Math.round(ratio)), high);
			k = behind;
		}
	}

	return { paint };
}
