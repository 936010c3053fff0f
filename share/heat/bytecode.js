// bytecode.js: what ran inside of a line: its instructions, and the pieces of its text. No document here.

/* What CPython specializes by what it meets; forms of others are only quicker. */
const FAMILIES = new Set("BINARY_OP BINARY_SUBSCR CALL CALL_KW COMPARE_OP CONTAINS_OP FOR_ITER LOAD_ATTR LOAD_GLOBAL LOAD_METHOD LOAD_SUPER_ATTR PRECALL SEND STORE_ATTR STORE_SUBSCR TO_BOOL UNPACK_SEQUENCE".split(" "));
const LATE = new Set(["CALL_FUNCTION_EX", "GET_ITER"]); // from 3.15 on

/** "LOAD_ATTR_SLOT LOAD_ATTR" as its name, what it is a form of, what kind of form, and whether it can be specialized. */
export function instruction(name) {
	const [own, base = ""] = name.split(" ");
	const can = FAMILIES.has(base || own) || LATE.has(base);
	const form = own.startsWith("INSTRUMENTED_") ? "instrumented" : own.endsWith("_ADAPTIVE") ? "adaptive" : can ? "specialized" : "quickened";

	return { name: own, base, form: base && form, can };
}

/**
 * The instructions of some spots of a side, the most by "self" or "total" first: {name, base, form,
 * can, from, to, down, self, total, selfSamples, totalSamples}; columns count UTF-8 bytes from 0,
 * -1 being unknown.
 */
export function instructionsOf({ spans }, spots, by = "total") {
	const rows = new Map();

	for (const spot of spots)
		for (const i of spans.bySpot.of(spot)) {
			const key = `${spans.name(i)} ${spans.down[i]} ${spans.from[i]} ${spans.to[i]}`;
			const known = rows.get(key) || { ...instruction(spans.name(i)), down: spans.down[i], from: spans.from[i] - 1, to: spans.to[i] - 1, total: 0, self: 0, totalSamples: 0, selfSamples: 0 };

			known.total += spans.total[i];
			known.self += spans.self[i];
			known.totalSamples += spans.totalSamples[i];
			known.selfSamples += spans.selfSamples[i];
			rows.set(key, known);
		}
	return [...rows.values()].sort((a, b) => b[by] - a[by] || b.total - a.total || b.totalSamples - a.totalSamples || a.from - b.from || (a.name < b.name ? -1 : 1));
}

/**
 * {self, specialized, count, forms}: of the instructions that can be specialized the self weight and
 * the number, and what of both is. What a call leads to is not its own.
 */
export function specialization(instructions) {
	const named = instructions.filter(({ can }) => can);
	const special = named.filter(({ form }) => form === "specialized");
	const sum = (all) => all.reduce((n, { self }) => n + self, 0);

	return { self: sum(named), specialized: sum(special), count: named.length, forms: special.length };
}

/** Of a text, at which of its characters each UTF-8 byte begins; one more entry is its end. */
export function byteStarts(text) {
	const starts = [];
	let at = 0;

	for (const c of text) {
		const code = c.codePointAt(0);
		const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

		for (let k = 0; k < bytes; k++) starts.push(at);
		at += c.length;
	}
	starts.push(at);
	return starts;
}

/**
 * The pieces of a line's text that instructions belong to: [{from, to, total, samples, specialized,
 * names}], by place, with places of characters. Each byte is of the shortest piece that covers it.
 */
export function piecesOf(text, instructions) {
	const starts = byteStarts(text);
	const end = starts.length - 1;
	const ranges = new Map();

	for (const one of instructions) {
		const to = one.down === 1 ? Math.min(one.to, end) : end;
		if (one.from < 0 || one.to < 0 || one.down === 0 || to <= one.from) continue;
		const key = `${one.from} ${to}`;
		const range = ranges.get(key) || { from: one.from, to, total: 0, samples: 0, specialized: 0, named: 0, names: [] };

		range.total += one.total;
		range.samples += one.totalSamples;
		if (one.can) range.named += one.total;
		if (one.form === "specialized") range.specialized += one.total;
		if (one.name && !range.names.includes(one.name)) range.names.push(one.name);
		ranges.set(key, range);
	}
	const byLength = [...ranges.values()].sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from);
	const owner = new Array(end).fill(null);
	const pieces = [];

	for (const range of byLength) owner.fill(range, range.from, range.to);
	for (let i = 0; i < end; i++) {
		const last = pieces[pieces.length - 1];

		if (!owner[i]) continue;
		if (last && last.range === owner[i] && last.end === i) last.end = i + 1;
		else pieces.push({ range: owner[i], begin: i, end: i + 1 });
	}
	return pieces.map(({ range, begin, end: stop }) => ({ ...range, from: starts[begin], to: starts[stop] })).filter(({ from, to }) => to > from);
}
