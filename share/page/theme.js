// theme.js: light or dark, as the system says or as the reader chose.

import { remembered } from "./memory.js";

const dark = () => matchMedia("(prefers-color-scheme: dark)");
const systemTheme = () => (dark().matches ? "dark" : "light");

/** "light" or "dark". */
export function theme() {
	return document.documentElement.style.colorScheme || systemTheme();
}

/** Takes the choice that is remembered. */
export function takeTheme() {
	const chosen = remembered("theme");

	if (chosen === "light" || chosen === "dark") document.documentElement.style.colorScheme = chosen;
}

/** Calls changed whenever the system's theme becomes another. */
export function followTheme(changed) {
	dark().addEventListener("change", changed);
}

/** The other theme; back to what the system says, where that is the same. */
export function switchTheme() {
	const other = theme() === "dark" ? "light" : "dark";
	const chosen = other === systemTheme() ? "" : other;

	document.documentElement.style.colorScheme = chosen;
	remembered("theme", chosen);
}
