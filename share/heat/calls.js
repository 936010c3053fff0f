// calls.js: who calls what is on a line, and what is called from there. No document here.

/*
 * A place that one can go to: {file, line, name, weight, samples}, the most first; file is a
 * row of the side's files, line 0 where it is unknown.
 */
const byWeight = (a, b) => b.weight - a.weight || a.file - b.file || a.line - b.line;

function joined(places) {
	const known = new Map();

	for (const place of places) {
		const key = `${place.file} ${place.line} ${place.name}`;
		const one = known.get(key);

		if (one) {
			one.weight += place.weight;
			one.samples += place.samples;
		} else known.set(key, place);
	}
	return [...known.values()].sort(byWeight);
}

/** The lines that call any of some functions of a side. */
export function callersOf(side, functions) {
	const { calls, spots, lines } = side;

	return joined(
		[...functions].flatMap((f) =>
			[...calls.byCallee.of(f)].map((call) => {
				const caller = spots.function[calls.spot[call]];
				const line = spots.line[calls.spot[call]];

				return { file: side.functions.file[caller], line: line ? lines.number[line - 1] : 0, name: side.functions.label(caller), weight: calls.total[call], samples: calls.totalSamples[call] };
			}),
		),
	);
}

/** The functions that are called from a line, at their first lines. */
export function calleesOf(side, line) {
	const { calls, spots, functions } = side;

	return joined(
		[...spots.ofLine(line)].flatMap((spot) =>
			[...calls.bySpot.of(spot)].map((call) => {
				const f = calls.callee[call];
				return { file: functions.file[f], line: firstLineOf(side, f), name: functions.label(f), weight: calls.total[call], samples: calls.totalSamples[call] };
			}),
		),
	);
}

/** The first line of a function; where that is unknown, the first one that was seen. */
export function firstLineOf({ functions, spots, lines }, f) {
	if (functions.line[f]) return functions.line[f];
	const seen = [...spots.byFunction.of(f)].map((spot) => spots.line[spot]).filter(Boolean);

	return seen.length ? Math.min(...seen.map((row) => lines.number[row - 1])) : 0;
}
