// draw.js: the picture. It knows the canvas and nothing else of the document.

import { fills, hex, INKS } from "../page/palette.js";
import { ORIGINS } from "../page/place.js";
import { fitting, forms } from "../page/text.js";
import { eachShown, firstWhere } from "./layout.js";

export const ROW = 20;

const LABEL_ROOM = 12; // below this no label is tried
const MARKER = ORIGINS.indexOf("marker");

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

	return {
		...inks,
		fills: fills(theme).map(hex),
		above: fills(theme).map((fill) => hex(mixed(fill, BACK[theme], 0.55))),
		root: inks.faint,
		edge: hex(markerEdge(theme)),
	};
}

/** A little square of diagonal lines: what stands for many narrow frames. */
function hatch(context, { sliver, stripe }, ratio) {
	const size = Math.round(6 * ratio);
	const tile = new OffscreenCanvas(size, size);
	const pen = tile.getContext("2d");

	pen.fillStyle = sliver;
	pen.fillRect(0, 0, size, size);
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

/** Widths of characters, measured once each. */
function ruler(context) {
	const widths = new Map();

	return (character) => {
		let width = widths.get(character);
		if (width === undefined) {
			width = context.measureText(character).width;
			widths.set(character, width);
		}
		return width;
	};
}

/**
 * What draws on a canvas: paint(scene). A scene is
 *
 * tree, functions, rootLabel, lines   what there is
 * window, node                        what is shown, and the frame zoomed to
 * top, width, height, ratio           the scrolled pixels, the size, device pixels in one
 * theme, family                       "light" or "dark", the font
 * found                               null, or marks and rowMarks of the search
 * selected, pointed                   null, or {first, last}: positions in the tree's rows
 */
export function painter(canvas) {
	const context = canvas.getContext("2d", { alpha: false });
	const labels = new Map();
	let inks, pattern, width, made;

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
			pattern = hatch(context, inks, ratio);
			labels.clear();
			context.font = `${12 * ratio}px ${family}`;
			width = ruler(context);
		}
		context.font = `${12 * ratio}px ${family}`;
		context.textBaseline = "middle";
		context.fillStyle = hex(BACK[theme]);
		context.fillRect(0, 0, wide, high);
	}

	/* The forms of a name, each with its characters and its width. */
	function formsOf(label) {
		let known = labels.get(label);

		if (!known) {
			known = forms(label).map((text) => {
				const characters = [...text];
				return { text, characters, width: characters.reduce((sum, c) => sum + width(c), 0) };
			});
			if (labels.size > 20000) labels.clear();
			labels.set(label, known);
		}
		return known;
	}

	function drawLabel(label, x, y, room) {
		const known = formsOf(label);
		const whole = known.find((form) => form.width <= room);
		const last = known[known.length - 1];
		const k = whole ? 0 : fitting(last.characters, room, width);

		if (whole) context.fillText(whole.text, x, y);
		else if (k > 1) context.fillText(`${last.characters.slice(0, k).join("")}…`, x, y);
	}

	function paint(scene) {
		const { tree, ratio, top, height, selected, pointed } = scene;
		const deepest = tree.rowStart.length - 2;
		const last = Math.min(deepest, Math.floor((top + height) / ROW));

		prepare(scene);
		for (let d = Math.max(0, Math.floor(top / ROW)); d <= last; d++) paintRow(scene, d);
		if (pointed) ring(scene, pointed, 1);
		if (selected) ring(scene, selected, 2 * ratio);
	}

	function ring({ tree, window, width: w, ratio, top }, { first, last }, line) {
		const [from, upTo] = [tree.rows[first], tree.rows[last]];
		const scale = w / (window.right - window.left);
		const x0 = (tree.left[from] - window.left) * scale;
		const x1 = (tree.left[upTo] + tree.total[upTo] - window.left) * scale;
		const edge = Math.round(Math.max(x0, -4) * ratio);
		const wide = Math.max(Math.round(Math.min(x1, w + 4) * ratio) - edge, 3);
		const y = Math.round((tree.depth[from] * ROW - top) * ratio);
		const high = Math.round((ROW - 1) * ratio);

		context.strokeStyle = inks.ring;
		context.lineWidth = line;
		context.strokeRect(edge + line / 2, y + line / 2, wide - line, high - line);
	}

	function paintRow(scene, d) {
		const { tree, functions, window, ratio, top, found } = scene;
		const y = Math.round((d * ROW - top) * ratio);
		const high = Math.round((ROW - 1) * ratio);
		const middle = y + Math.round(high / 2) + 1;
		const above = d < tree.depth[scene.node];
		const colours = above ? inks.above : inks.fills;

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
			const wide = x1 - x0 > 3 ? to - Math.max(1, Math.floor(ratio)) : to;
			const hit = found && found.marks[node];
			const dim = found && !hit;

			if (node === 0) context.fillStyle = inks.root;
			else if (hit) context.fillStyle = inks.match;
			else if (dim) context.fillStyle = inks.faint;
			else context.fillStyle = colours[functions.colours[tree.functions[node]]];
			context.fillRect(from, y, wide - from, high);
			if (node !== 0 && !found && functions.origins[tree.functions[node]] === MARKER)
				paintEdge(from, y, wide - from, high, Math.max(1, Math.floor(ratio)));

			const room = wide - from - 8 * ratio;
			if (room < LABEL_ROOM * ratio) return;
			context.fillStyle = hit ? inks.matchText : dim ? inks.faintText : inks.text;
			drawLabel(labelOf(scene, node), from + 4 * ratio, middle, room);
		});
	}

	function paintEdge(x, y, wide, high, line) {
		if (wide < 3 * line) return;
		context.strokeStyle = inks.edge;
		context.lineWidth = line;
		context.strokeRect(x + line / 2, y + line / 2, wide - line, high - line);
	}

	function labelOf({ tree, functions, rootLabel }, node) {
		if (node === 0) return rootLabel;
		const label = functions.label(tree.functions[node]);
		return tree.lines && tree.lines[node] ? `${label}:${tree.lines[node]}` : label;
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
