// paper.js: the picture for paper, for files, and a stack for the clipboard.

import { element, named } from "../page/dom.js";
import { hex, INKS } from "../page/palette.js";
import { BACK, HATCHED, markerEdge, painter, ROW } from "./draw.js";
import { labeller, labelOf } from "./label.js";
import { deepest, eachShown } from "./layout.js";

/* On paper: rows at most, pixels across, rows of a strip that no page breaks. */
const PAPER = { rows: 400, width: 1000, strip: 5 };
const DRAWING = 1200;
const SVG = "http://www.w3.org/2000/svg";

/* The first rows of the window as canvases that a page can break between. */
function strips(still) {
	const rows = Math.min(deepest(still.tree, still.node) + 1, PAPER.rows);

	return Array.from({ length: Math.ceil(rows / PAPER.strip) }, (_, i) => {
		const strip = document.createElement("canvas");
		const height = Math.min(PAPER.strip, rows - i * PAPER.strip) * ROW;

		painter(strip).paint({ ...still, flip: false, theme: "light", top: i * PAPER.strip * ROW, width: PAPER.width, height, ratio: 2 });
		strip.className = "strip-of-paper";
		return strip;
	});
}

/** stillOf() gives the picture in light colours. */
export function followPaper(stillOf) {
	const { style } = document.documentElement;
	let scheme = "";

	addEventListener("beforeprint", () => {
		scheme = style.colorScheme;
		style.colorScheme = "light";
		named("paper").replaceChildren(...strips(stillOf()));
	});
	addEventListener("afterprint", () => {
		style.colorScheme = scheme;
		named("paper").replaceChildren();
	});
}

function node(tag, attributes, text) {
	const made = document.createElementNS(SVG, tag);

	for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
	if (text !== undefined) made.textContent = text;
	return made;
}

/* A pattern of diagonal lines, to fill with as url(#name). */
function hatched(name, size, back, stripe) {
	const made = node("pattern", { id: name, width: size, height: size, patternUnits: "userSpaceOnUse" });
	const lines = [-size, 0, size].map((x) => `M${x - 1} ${size + 1}L${x + size + 1} -1`);

	if (back) made.append(node("rect", { width: size, height: size, fill: back }));
	made.append(node("path", { d: lines.join(""), stroke: stripe, "stroke-width": 1.2 }));
	return made;
}

/**
 * The picture as the text of an SVG, with the labels, colours, stripes and edges that it has on the
 * screen, and nothing of what is selected or found: a frame narrower than a pixel is in a sliver that
 * tells how many they are. title(first, last) is what each says when it is pointed at.
 */
export function svgText(scene, title, heading) {
	const { tree, coat, window, node: zoomed, theme, flip } = scene;
	const rows = deepest(tree, zoomed) + 1;
	const inks = Object.fromEntries(Object.entries(INKS[theme]).map(([name, ink]) => [name, hex(ink)]));
	const height = (rows + 2) * ROW;
	const svg = node("svg", { xmlns: SVG, width: DRAWING, height, viewBox: `0 0 ${DRAWING} ${height}`, "font-family": "sans-serif", "font-size": 12 });
	const pen = document.createElement("canvas").getContext("2d");
	const fit = labeller((character) => pen.measureText(character).width);
	const patterns = node("defs", {});
	const fillOf = (i, many, wide) => {
		if (many) return wide >= 3 ? "url(#sliver)" : inks.stripe;
		if (i === 0 && !coat.root) return inks.faint;
		return (tree.depth[i] < tree.depth[zoomed] ? coat.above : coat.fills)[coat.of(i)];
	};

	pen.font = "12px sans-serif";
	patterns.append(hatched("sliver", HATCHED.sliver, inks.sliver, inks.stripe), hatched("gone", HATCHED.gone, "", inks.goneStripe));
	svg.append(node("title", {}, heading), patterns, node("rect", { width: "100%", height: "100%", fill: hex(BACK[theme]) }), node("text", { x: 4, y: 17, "font-size": 14, fill: inks.text }, heading));
	for (let d = 0; d < rows; d++) {
		const y = ((flip ? rows - 1 - d : d) + 1.5) * ROW;

		eachShown(tree, d, window, DRAWING, (first, last, x0, x1) => {
			const i = tree.rows[first];
			const [x, room] = [Math.max(0, x0), Math.min(DRAWING, x1) - Math.max(0, x0)];
			const many = last > first || x1 - x0 < 1;
			const wide = Math.max(room - (room > 3 ? 1 : 0), 0.3);
			const group = node("g", {});
			const area = (more, inset = 0) => node("rect", { x: (x + inset).toFixed(2), y: y + inset, width: (wide - 2 * inset).toFixed(2), height: ROW - 1 - 2 * inset, ...more });
			const text = many ? "" : fit(labelOf(scene, i), room - 8);

			group.append(node("title", {}, title(first, last)), area({ fill: fillOf(i, many, x1 - x0) }));
			if (!many && coat.hatched(i)) group.append(area({ fill: "url(#gone)" }));
			if (!many && wide >= 3 && coat.edged(i)) group.append(area({ fill: "none", stroke: hex(markerEdge(theme)) }, 0.5));
			if (text) group.append(node("text", { x: (x + 4).toFixed(2), y: y + 14, fill: inks.text }, text));
			svg.append(group);
		});
	}
	return new XMLSerializer().serializeToString(svg);
}

/** Hands a text to the browser as a file to be saved. */
export function saveText(name, type, text) {
	const link = document.createElement("a");

	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Puts a text on the clipboard; a page from disk may have to do it as one did of old. */
export async function copyText(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch {
		const area = element("textarea", "unseen");
		const back = document.activeElement;
		area.value = text;
		document.body.append(area);
		area.select();
		document.execCommand("copy");
		area.remove();
		if (back) back.focus();
	}
}
