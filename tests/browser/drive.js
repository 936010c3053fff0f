// drive.js: what tests do with an open page, and what they read from it.

import assert from "node:assert/strict";
import { chromium, playwright } from "./help.js";

const missing = !chromium() ? "chromium is not here" : !(await playwright()) ? "playwright-core is not here" : "";

/** Why tests of pages are skipped, or false. */
export const skip = missing || false;

/** The text of the element with that name. */
export const text = (tab, name) => tab.locator(`[data-name="${name}"]`).textContent();
export const named = (tab, name) => tab.locator(`[data-name="${name}"]`);
export const found = (tab) => text(tab, "found");
export const status = (tab) => text(tab, "status");

/** The first node of a function in the picture ("picture") or above it ("callers"); -1: none. */
export const nodeNamed = (tab, name, where = "picture") =>
	tab.evaluate(
		([wanted, which]) => flame[which].tree().functions.findIndex((f, i) => i > 0 && flame.model.functions.name(f) === wanted),
		[name, where],
	);
export const shownNode = (tab) => tab.evaluate(() => flame.picture.view().node);

/** Where to point to hit a node. */
export function spot(tab, node, where = "picture") {
	return tab.evaluate(
		([i, which]) => {
			const picture = flame[which];
			const tree = picture.tree();
			const { x0, x1 } = picture.row(tree.depth[i]).find(({ first, last }) => tree.rows[first] <= i && i <= tree.rows[last]);
			const box = document.querySelector(`[data-name="${which === "picture" ? "canvas" : which}"]`).getBoundingClientRect();

			return [box.left + (Math.max(x0, 0) + x1) / 2, picture.rowAt(tree.depth[i]) + 10];
		},
		[node, where],
	);
}

/** What the picture shows: {name: [total in ms, samples]} of every frame, by the way to it. */
export const drawn = (tab, where = "picture") =>
	tab.evaluate((which) => {
		const tree = flame[which].tree();
		const { functions } = flame.model;
		const way = (i) => (i === 0 ? "" : `${way(tree.parent[i])}${tree.parent[i] ? ";" : ""}${functions.name(tree.functions[i])}${tree.lines && tree.lines[i] ? `:${tree.lines[i]}` : ""}`);

		return Object.fromEntries(Array.from(tree.functions, (_, i) => [way(i), [tree.total[i] / 1e6, tree.samples[i]]]));
	}, where);

/** The rows of the table of functions in sight: [name, figures...]. */
export const rows = (tab) =>
	tab.evaluate(() =>
		[...document.querySelectorAll('[data-name="functions-body"] .row')].map((row) => [
			row.querySelector(".function-name").textContent,
			...[...row.querySelectorAll("td .first")].map((cell) => cell.textContent),
		]),
	);

/** The colour of a node on the screen, near the right end of its frame. */
export const colourAt = (tab, node) =>
	tab.evaluate((i) => {
		const canvas = document.querySelector('[data-name="canvas"]');
		const tree = flame.picture.tree();
		const item = flame.picture.row(tree.depth[i]).find(({ first, last }) => tree.rows[first] <= i && i <= tree.rows[last]);
		const box = canvas.getBoundingClientRect();
		const ratio = canvas.width / box.width;
		const x = Math.round((Math.min(item.x1, box.width) - 5) * ratio);
		const y = Math.round((flame.picture.rowAt(tree.depth[i]) - box.top + 3) * ratio);

		const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

		copy.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
		return [...copy.getImageData(0, 0, 1, 1).data].slice(0, 3);
	}, node);

export const close = (page) => page.tab.context().close();

/** That the page said nothing to the console and asked the network for nothing. */
export function silent({ errors, requests }) {
	assert.deepEqual(errors, []);
	assert.equal(requests.length, 1, requests.join("\n"));
}
