// functions.js: what functions have over a whole tree. No document here.

/**
 * Sums of every function: self, total (once per stack, however deep the
 * recursion), samples (the same), of a comparison was: {self, total, samples} of
 * the baseline; and heaviest, the node of each function that has the most.
 */
export function sumsOf(tree, count) {
	const { n, functions, end, total, current, samples, baseline } = tree;
	const make = () => ({ self: new Float64Array(count), total: new Float64Array(count), samples: new Float64Array(count) });
	const [now, was] = [make(), baseline ? make() : null];
	const covered = new Uint32Array(count);
	const heaviest = new Uint32Array(count);

	for (let i = 1; i < n; i++) {
		const f = functions[i];

		now.self[f] += current.self[i];
		if (was) was.self[f] += baseline.self[i];
		if (heaviest[f] === 0 || total[i] > total[heaviest[f]]) heaviest[f] = i;
		if (i < covered[f]) continue;
		covered[f] = end[i];
		now.total[f] += current.total[i];
		now.samples[f] += samples[i];
		if (!was) continue;
		was.total[f] += baseline.total[i];
		was.samples[f] += baseline.samples[i];
	}
	return { ...now, was, heaviest };
}

/** The functions that are there, by a column: the largest first, or the smallest; of equals by number. */
export function sortedBy(key, down, count, has) {
	const order = [];

	for (let f = 0; f < count; f++) if (has(f)) order.push(f);
	const keys = order.map(key);
	const rank = new Map(order.map((f, i) => [f, keys[i]]));
	const way = down ? -1 : 1;
	const compare = (a, b) => (a < b ? -way : a > b ? way : 0);

	return order.sort((a, b) => compare(rank.get(a), rank.get(b)) || a - b);
}
