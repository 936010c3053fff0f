// heat.js: pages of theat, made by the tools of profiles that tests write down.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folder, ROOT } from "./help.js";

const BUILD = process.env.BUILD || join(ROOT, "build");

/** Why tests of theat's pages are skipped, or false. */
export const untooled = ["theat", "timport", "tdiff"].find((tool) => !existsSync(join(BUILD, tool))) ? "the tools are not built" : false;

export const run = (tool, args, input) => execFileSync(join(BUILD, tool), args, { input, maxBuffer: 1 << 29, stdio: ["pipe", "pipe", "ignore"] });

/* A folder with these files, by their paths. */
function rootOf(files) {
	const root = folder();

	for (const [path, text] of Object.entries(files)) {
		mkdirSync(join(root, dirname(path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return root;
}

/** The path of a page of a stream, with files as its sources. */
export function heatStream(stream, files = {}) {
	const path = join(folder(), "heat.html");

	run("theat", ["--source-root", rootOf(files), "-o", path], stream);
	return path;
}

/** The same of stacks, "f (/a.py:3);g (/a.py:9) 5" a line. */
export const heatPage = (stacks, files) => heatStream(run("timport", [], stacks), files);

/** The same as a folder of pages; its index. */
export function heatFolder(stacks, files = {}) {
	const pages = join(folder(), "pages");

	run("theat", ["--source-root", rootOf(files), "-D", pages], run("timport", [], stacks));
	return join(pages, "index.html");
}

/** The path of a page of a comparison: both sides' stacks, and files below /was and /now. */
export function heatDiff(before, after, files = {}) {
	const dir = folder();
	const path = join(dir, "heat.html");

	writeFileSync(join(dir, "before.bin"), run("timport", [], before));
	writeFileSync(join(dir, "after.bin"), run("timport", [], after));
	run("theat", ["--source-root", rootOf(files), "-o", path], run("tdiff", ["-q", "--scale", "none", join(dir, "before.bin"), join(dir, "after.bin")]));
	return path;
}

/** The data of a page, as it stands there. */
export const heatData = (...how) => /id="profile">\n(.*)\n<\/script>/.exec(readFileSync(heatPage(...how), "utf8"))[1];
