// theme.js: light or dark, as the system says or as the reader chose.

/* A page from disk may be denied storage; then the choice lasts as long as the page. */
function remembered(value) {
	try {
		if (value === undefined) return localStorage.getItem("tachytools-theme");
		localStorage.setItem("tachytools-theme", value);
	} catch {
		return null;
	}
	return value;
}

/** "light" or "dark". */
export function theme() {
	const chosen = document.documentElement.style.colorScheme;

	if (chosen) return chosen;
	return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** Takes the remembered choice, and calls changed whenever the theme is another. */
export function followTheme(changed) {
	const chosen = remembered();

	if (chosen === "light" || chosen === "dark") document.documentElement.style.colorScheme = chosen;
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

/** The other theme; back to what the system says, where that is the same. */
export function switchTheme() {
	const other = theme() === "dark" ? "light" : "dark";

	document.documentElement.style.colorScheme = other;
	remembered(other);
}
