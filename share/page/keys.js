// keys.js: one table of keys is both the handler and the help.

/**
 * A row: {keys: ["ArrowDown", "j"], shown: ["↓", "j"], does: "the line below", run}.
 * Letters are compared as typed, so "N" is "n" with Shift.
 */
export function pressed(rows, event) {
	if (event.ctrlKey || event.metaKey || event.altKey) return false;
	const row = rows.find((one) => one.keys.includes(event.key));

	if (!row) return false;
	row.run(event);
	return true;
}

/**
 * Keys belong to the page, except in a sheet, in a menu, in the search field, and where kept(event,
 * inside) says that they mean something to what has them; inside(selector) tells where that is. Of Esc
 * in the search field escaped(field) hears.
 */
export function followKeys(rows, { kept = () => false, escaped }) {
	document.addEventListener("keydown", (event) => {
		const inside = (what) => event.target.closest && event.target.closest(what);

		if (inside("dialog") || inside(".menu") || kept(event, inside)) return;
		if (inside("input[type=search]")) {
			if (event.key !== "Escape") return;
			escaped(event.target);
		} else if (!pressed(rows, event)) return;
		event.preventDefault();
	});
}
