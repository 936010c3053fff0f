// search.js: what a search finds, how often, and how much of the whole that is.

/* Without its case: "GRÖSSE" and "Größe" are one, however their letters are composed. */
function folded(text) {
	return /^[ -~]*$/.test(text) ? text.toLowerCase() : text.normalize("NFC").toUpperCase().toLowerCase();
}

/**
 * A test for texts. "text" finds it anywhere, in either case; "/text/" is a
 * regular expression, "/text/c" one that minds the case. A query with a slash
 * inside, a colon and a digit, or ".py" looks at the place too. null: no query.
 * {error} says what is wrong with an expression. "place:12" has line, 12, and
 * inFile(), which looks for the place in the name of a file.
 */
export function query(text) {
	const expression = /^\/(.+)\/(c?)$/s.exec(text);
	const placed = /[/\\]|:\d|\.py/.test(expression ? expression[1].replaceAll("\\d", "") : text);
	const wanted = folded(text);
	let has = (one) => folded(one).includes(wanted);

	if (text === "") return null;
	if (expression) {
		try {
			const re = new RegExp(expression[1], expression[2] ? "u" : "iu");
			has = (one) => re.test(one);
		} catch (error) {
			return { error: String(error.message).replace(/^.*: /s, "") };
		}
	}
	const [, at, line] = (!expression && /^(.+):(\d+)$/.exec(text)) || [];
	return {
		finds: (name, place) => has(name) || (placed && place !== "" && has(place)),
		line: line ? Number(line) : 0,
		inFile: (file) => folded(file).includes(folded(at)),
	};
}

/**
 * Marks the nodes whose function is wanted: {marks, count, total, samples}.
 * total and samples are those of the outermost marked nodes, so that a frame
 * inside of another counts once. With a line, only frames on that line are wanted.
 */
export function mark(tree, wanted, line = 0) {
	const { functions, lines, end, total, samples, n } = tree;
	const marks = new Uint8Array(n);
	const found = { marks, count: 0, total: 0, samples: 0 };

	for (let i = 1, covered = 0; i < n; i++) {
		if (!wanted[functions[i]] || (line && lines[i] !== line)) continue;
		marks[i] = 1;
		found.count++;
		if (i < covered) continue;
		covered = end[i];
		found.total += total[i];
		found.samples += samples[i];
	}
	return found;
}

/** The next marked node behind (step 1) or before (step -1) node, going round; 0: none. */
export function next(marks, node, step) {
	const n = marks.length;

	for (let k = 1, i = node; k <= n; k++) {
		i = (i + step + n) % n;
		if (marks[i]) return i;
	}
	return 0;
}

/** How many of the marked nodes come up to and with node: "3" of "3 of 37". */
export function ordinal(marks, node) {
	let count = 0;
	for (let i = 0; i <= node; i++) count += marks[i];
	return count;
}
