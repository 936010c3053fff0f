// place.js: where a function lives, and what kind of code that makes it.

/** Kinds of code, in the order of the legend. */
export const ORIGINS = ["project", "library", "packages", "native", "marker"];

export const ORIGIN_NAMES = {
	project: "project",
	library: "standard library",
	packages: "site-packages",
	native: "native",
	marker: "marker",
};

/* The numbers of tstream(5). */
const PYTHON = 0;
const NATIVE = 1;

/** The number of the origin in ORIGINS, from the kind of a function and its file. */
export function origin(kind, file) {
	if (kind === NATIVE) return 3;
	if (kind !== PYTHON) return 4;
	if (/[/\\](site|dist)-packages[/\\]/.test(file)) return 2;
	if (/[/\\]lib(64)?[/\\]python\d+(\.\d+)?t?(\.zip)?[/\\]|[/\\]python\d+\.zip[/\\]/.test(file)) return 1;
	if (/^<frozen |^<__array_function__|[/\\]Lib[/\\][^/\\]+\.py$/.test(file)) return 1;
	return 0;
}

/* Below the root of its packages: the file without what differs by machine. */
const BELOW = /(?:(?:site|dist)-packages|python\d+\.\d+t?)[/\\](?!(?:site|dist)-packages)(.*)$/;

/** What colours one module alike. */
export function moduleOf(file) {
	const below = BELOW.exec(file);

	return below ? below[1].split(/[/\\]/)[0] : file.slice(file.search(/[^/\\]*$/));
}

/** "json/decoder.py:12" for what belongs to Python and packages; of other long paths the end. */
export function place(file, line, most = 64) {
	const at = line > 0 ? `:${line}` : "";
	const below = BELOW.exec(file);

	if (below) return below[1] + at;
	if (file.length <= most) return file + at;
	const cut = file.slice(file.length - most);
	const slash = cut.search(/[/\\]/);
	return `…${slash > 0 && slash < most / 2 ? cut.slice(slash) : cut}${at}`;
}

/** "json.decoder": the file as Python would import it; below is the folder that all of a project lies in. */
export function moduleName(file, below = "") {
	const inside = BELOW.exec(file);
	const path = inside ? inside[1] : file.startsWith(below) ? file.slice(below.length) : file;

	if (!/\.py[co]?$/.test(path)) return path;
	const parts = path.replace(/\.py[co]?$/, "").split(/[/\\]/).filter(Boolean);
	if (parts.length > 1 && parts[parts.length - 1] === "__init__") parts.pop();
	return parts.join(".");
}

/** The folder that all files of a project lie in, with its slash; "": none. */
export function commonFolder(files) {
	let folder = null;

	for (const file of files) {
		const own = file.slice(0, file.search(/[^/\\]*$/));
		folder ??= own;
		while (!own.startsWith(folder)) folder = folder.slice(0, folder.slice(0, -1).search(/[^/\\]*$/));
		if (folder === "") break;
	}
	return folder || "";
}
