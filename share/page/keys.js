// keys.js: one table of keys is both the handler and the help.

/**
 * A row: {keys: ["n", "Shift+N"], shown: "n", does: "the next match", run}.
 * Letters are compared as typed, so "N" is "n" with Shift.
 */
export function pressed(rows, event) {
	if (event.ctrlKey || event.metaKey || event.altKey) return false;
	const row = rows.find((one) => one.keys.includes(event.key));

	if (!row) return false;
	row.run(event);
	return true;
}
