// paper.js: the picture for paper, for files, and a stack for the clipboard.

import { element, named } from "../page/dom.js";
import { hex, INKS } from "../page/palette.js";
import { fitting, forms } from "../page/text.js";
import { BACK, painter, ROW } from "./draw.js";
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

function labelled(sign, label, room, width) {
	const known = forms(label).map((form) => [...(sign ? `${sign} ${form}` : form)]);
	const whole = known.find((characters) => characters.reduce((sum, c) => sum + width(c), 0) <= room);
	const last = known[known.length - 1];
	const k = whole ? 0 : fitting(last, room, width);

	return whole ? whole.join("") : k > 1 ? `${last.slice(0, k).join("")}…` : "";
}

/**
 * The picture as the text of an SVG, drawn like on the screen: a frame narrower
 * than a pixel is in a sliver that tells how many they are. title(first, last)
 * is what each says when it is pointed at.
 */
export function svgText({ tree, functions, coat, rootLabel, window, node: zoomed, theme, flip }, title, heading) {
	const rows = deepest(tree, zoomed) + 1;
	const inks = INKS[theme];
	const height = (rows + 2) * ROW;
	const svg = node("svg", { xmlns: SVG, width: DRAWING, height, viewBox: `0 0 ${DRAWING} ${height}`, "font-family": "sans-serif", "font-size": 12 });
	const pen = document.createElement("canvas").getContext("2d");

	pen.font = "12px sans-serif";
	svg.append(node("title", {}, heading), node("rect", { width: "100%", height: "100%", fill: hex(BACK[theme]) }), node("text", { x: 4, y: 17, "font-size": 14, fill: hex(inks.text) }, heading));
	for (let d = 0; d < rows; d++) {
		const y = ((flip ? rows - 1 - d : d) + 1.5) * ROW;

		eachShown(tree, d, window, DRAWING, (first, last, x0, x1) => {
			const i = tree.rows[first];
			const [x, wide] = [Math.max(0, x0), Math.min(DRAWING, x1) - Math.max(0, x0)];
			const many = last > first || x1 - x0 < 1;
			const fill = many ? hex(inks.stripe) : i === 0 && !coat.root ? hex(inks.faint) : coat.fills[coat.of(i)];
			const group = node("g", {});
			const name = i === 0 ? rootLabel : functions.label(tree.functions[i]);
			const text = many ? "" : labelled(coat.sign(i), name, wide - 8, (c) => pen.measureText(c).width);

			group.append(node("title", {}, title(first, last)), node("rect", { x: x.toFixed(2), y, width: Math.max(wide - (wide > 3 ? 1 : 0), 0.3).toFixed(2), height: ROW - 1, fill }));
			if (text) group.append(node("text", { x: (x + 4).toFixed(2), y: y + 14, fill: hex(inks.text) }, text));
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
