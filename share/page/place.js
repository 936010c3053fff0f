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
