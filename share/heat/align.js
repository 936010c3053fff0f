// align.js: which lines of two texts are one. No document here.

const MOST_EDITS = 2000; // of a part without a unique line in common; beyond, all of it is another text

/* The pairs that a shortest edit of a[aFrom, aTo) to b[bFrom, bTo) keeps (Myers 1986); null: it is too long. */
function shortest(a, b, [aFrom, aTo, bFrom, bTo]) {
	const n = aTo - aFrom;
	const m = bTo - bFrom;
	const most = Math.min(n + m, MOST_EDITS);
	const middle = most + 1;
	const reach = new Int32Array(2 * most + 3);
	const steps = [];

	for (let edits = 0; edits <= most; edits++) {
		steps.push(reach.slice(middle - edits - 1, middle + edits + 2));
		for (let k = -edits; k <= edits; k += 2) {
			const down = k === -edits || (k !== edits && reach[middle + k - 1] < reach[middle + k + 1]);
			let x = down ? reach[middle + k + 1] : reach[middle + k - 1] + 1;

			while (x < n && x - k < m && a[aFrom + x] === b[bFrom + x - k]) x++;
			reach[middle + k] = x;
			if (x >= n && x - k >= m) return wayBack(steps, n, m, aFrom, bFrom);
		}
	}
	return null;
}

function wayBack(steps, n, m, aFrom, bFrom) {
	const pairs = [];
	let x = n;
	let y = m;

	for (let edits = steps.length - 1; edits >= 0; edits--) {
		const reach = (k) => steps[edits][k + edits + 1];
		const k = x - y;
		const down = k === -edits || (k !== edits && reach(k - 1) < reach(k + 1));
		const from = edits === 0 ? 0 : down ? reach(k + 1) : reach(k - 1) + 1;

		while (x > from) pairs.push([aFrom + --x, bFrom + --y]);
		if (edits === 0) break;
		if (down) y--;
		else x--;
	}
	return pairs.reverse();
}

/* Lines that each text has once, in an order that both share, the longest such row of them. */
function anchors(a, b, [aFrom, aTo, bFrom, bTo]) {
	const seen = new Map();
	const note = (line, side, at) => {
		const known = seen.get(line) || [0, 0, 0, 0];
		known[side]++;
		known[side + 2] = at;
		seen.set(line, known);
	};
	const tails = [];
	const before = new Map();

	for (let i = aFrom; i < aTo; i++) note(a[i], 0, i);
	for (let i = bFrom; i < bTo; i++) note(b[i], 1, i);
	for (const [x, y, i, j] of seen.values()) {
		if (x !== 1 || y !== 1) continue;
		let low = 0;
		let high = tails.length;
		while (low < high) {
			const at = (low + high) >> 1;
			if (tails[at][1] < j) low = at + 1;
			else high = at;
		}
		before.set(i, low > 0 ? tails[low - 1] : null);
		tails[low] = [i, j];
	}
	const chain = [];
	for (let one = tails[tails.length - 1]; one; one = before.get(one[0])) chain.push(one);
	return chain.reverse();
}

/**
 * The lines that two texts have in common, as pairs of places in was and now, both rising. The
 * equal ends come first, then lines that are unique in both, then a shortest edit between.
 */
export function align(was, now) {
	const numbers = new Map();
	const numbered = (lines) => Int32Array.from(lines, (line) => numbers.get(line) ?? (numbers.set(line, numbers.size), numbers.size - 1));
	const [a, b] = [numbered(was), numbered(now)];
	const pairs = [];
	const parts = [[0, a.length, 0, b.length]];

	while (parts.length) {
		let [aFrom, aTo, bFrom, bTo] = parts.pop();

		while (aFrom < aTo && bFrom < bTo && a[aFrom] === b[bFrom]) pairs.push([aFrom++, bFrom++]);
		while (aFrom < aTo && bFrom < bTo && a[aTo - 1] === b[bTo - 1]) pairs.push([--aTo, --bTo]);
		if (aFrom === aTo || bFrom === bTo) continue;
		const part = [aFrom, aTo, bFrom, bTo];
		const fixed = anchors(a, b, part);

		if (fixed.length === 0) {
			for (const pair of shortest(a, b, part) || []) pairs.push(pair);
			continue;
		}
		for (const [i, j] of [...fixed, [aTo, bTo]]) {
			parts.push([aFrom, i, bFrom, j]);
			if (i < aTo) pairs.push([i, j]);
			[aFrom, bFrom] = [i + 1, j + 1];
		}
	}
	return pairs.sort((x, y) => x[0] - y[0]);
}

/* Where each function ends: at the next first line, or behind the last line that was seen. */
function endsOf(firsts, lines) {
	const rising = [...new Set(firsts)].filter((line) => line > 0).sort((x, y) => x - y);
	const last = lines.reduce((x, y) => Math.max(x, y), 0);

	return new Map(rising.map((first, i) => [first, rising[i + 1] ?? last + 1]));
}

/**
 * Lines of functions whose sources are not here: those of a function that is as long before as
 * after are one by their distance from its first line. functions are [{lines: [first, first] by
 * side}], 0 where a side has no such function; how long one is tells the next one's first line, or
 * of the last one the last line that was seen. Gives pairs of numbers of lines, [was, now], of the
 * lines that wasLines and nowLines have, by now; apart, how many functions are not equally long; and
 * known(now), whether it is known what a line was before, if only that it was not there.
 */
export function alignFunctions(functions, wasLines, nowLines) {
	const endNow = endsOf(functions.map(({ lines }) => lines[0]), nowLines);
	const endWas = endsOf(functions.map(({ lines }) => lines[1]), wasLines);
	const was = new Set(wasLines);
	const parts = new Map([...endNow].map(([first, end]) => [first, { first, end, firstWas: 0, known: true }])); // rising
	let apart = 0;

	for (const { lines: [first, firstWas] } of functions) {
		const part = parts.get(first);

		if (!part || !(firstWas > 0)) continue;
		if (part.end - first === endWas.get(firstWas) - firstWas) part.firstWas = firstWas;
		else {
			part.known = false;
			apart++;
		}
	}
	const rising = [...parts.values()];
	const partOf = (line) => {
		let [low, high] = [0, rising.length];
		while (low < high) {
			const at = (low + high) >> 1;
			if (rising[at].first <= line) low = at + 1;
			else high = at;
		}
		return low > 0 && line < rising[low - 1].end ? rising[low - 1] : null;
	};
	const before = (line) => {
		const part = partOf(line);
		return part && part.firstWas ? line - part.first + part.firstWas : 0;
	};
	const pairs = [...new Set(nowLines)].sort((x, y) => x - y).map((line) => [before(line), line]).filter(([line]) => was.has(line));

	return { pairs, apart, known: (line) => Boolean(partOf(line)?.known) };
}
