// choice.js: what a reader has chosen, and how that is written in the page's address. No document here.

import { unjudged } from "../page/compare.js";
import { UNITS } from "./scale.js";

/** What the page opens with: the index, or in a folder of pages the file of this page. */
export function firstChoice(model) {
	const { folder } = model.profile;
	const side = model.sides[0].files.n > 0 ? 0 : 1; // what only the baseline has is alone on its page
	const own = folder && folder.file ? model.entries.find((entry) => entry.side === side && entry.row === folder.file - 1) : null;

	return { entry: own ? own.id : -1, line: 0, by: "self", unit: model.comparison && model.time ? "time" : "share", sure: model.verdicts && model.comparison.replicated ? "proven" : "raw", hot: false, look: "heat", panels: false, sort: "", order: "line", outline: true, unfolded: [], folds: [] };
}

const FLAGS = ["hot", "panels"];

/** The choice as texts: what is as it was at first is left out. A side is told where the line is of the baseline. */
export function toTexts(model, choice, first, search) {
	const entry = model.entries[choice.entry];
	const texts = { file: choice.entry !== first.entry && entry ? entry.path : choice.entry < 0 && first.entry >= 0 ? "-" : "", line: choice.line ? `${choice.gone ? "-" : ""}${choice.line}` : "" };

	for (const key of ["by", "unit", "sure", "look", "sort", "order"]) texts[key] = choice[key] === first[key] ? "" : choice[key];
	for (const key of FLAGS) texts[key] = choice[key] ? "1" : "";
	if (choice.outline !== first.outline) texts.functions = choice.outline ? "yes" : "no";
	if (choice.unfolded.length) texts.unfolded = choice.unfolded.join(",");
	if (choice.folds.length) texts.folders = choice.folds.map(encodeURIComponent).join(",");
	return { ...texts, search };
}

function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return "";
	}
}

/** The reverse; what makes no sense is as at first. */
export function fromTexts(model, texts, first) {
	const known = (key, all) => (all.includes(texts[key]) ? texts[key] : first[key]);
	const entry = texts.file === "-" ? -1 : texts.file ? (model.entries.find(({ path }) => path === texts.file) || { id: first.entry }).id : first.entry;
	const line = /^(-?)(\d{1,9})$/.exec(texts.line || "");

	return {
		...first,
		entry,
		line: line ? Number(line[2]) : 0,
		gone: Boolean(line && line[1]),
		by: known("by", ["self", "total"]),
		unit: known("unit", Object.keys(UNITS)),
		sure: known("sure", model.comparison && unjudged(model.comparison) ? ["raw"] : ["raw", "proven"]),
		look: known("look", ["heat", "special"]),
		sort: known("sort", ["name", ""]),
		order: known("order", ["line", "size"]),
		outline: ["yes", "no"].includes(texts.functions) ? texts.functions === "yes" : first.outline,
		unfolded: (texts.unfolded || "").split(",").filter((one) => /^-?\d{1,9}$/.test(one)),
		folds: (texts.folders || "").split(",").filter(Boolean).map(decoded),
		...Object.fromEntries(FLAGS.map((key) => [key, texts[key] === "1"])),
	};
}
