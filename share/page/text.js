// text.js: names from a profile, made fit to be read. What comes out is text, never markup.

/*
 * What must not reach the eye as it is: control characters, broken surrogates,
 * line separators, and the marks that turn the direction of writing.
 */
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/gu;

/** The text with what cannot be seen as \xNN or \uNNNN. */
export function visible(text) {
	return text.replace(UNSEEN, (c) => {
		const code = c.charCodeAt(0);
		return code < 256
			? `\\x${code.toString(16).padStart(2, "0")}`
			: `\\u${code.toString(16).padStart(4, "0")}`;
	});
}

/** At most n characters; of a longer text its beginning, and how long it is. */
export function clipped(text, n) {
	if (text.length <= n) return text;
	const whole = text.charCodeAt(n - 1) >= 0xd800 && text.charCodeAt(n - 1) < 0xdc00 ? n - 1 : n;
	const length = String(text.length).replace(/\B(?=(\d{3})+$)/g, ",");

	return `${text.slice(0, whole)}… (${length} characters)`;
}

/** A qualified name, and its shorter forms: "A.f.<locals>.g", "g". Longest first. */
export function forms(name) {
	const local = name.lastIndexOf("<locals>.");
	const inner = local < 0 ? name : name.slice(local + 9);
	const last = inner.startsWith("<") ? inner : inner.slice(inner.lastIndexOf(".") + 1);

	return [...new Set([name, inner || name, last || name])];
}

/** The largest k for which the first k of the characters, and "…", fit in room; 0: none. */
export function fitting(characters, room, width) {
	let used = width("…");

	for (let k = 0; k < characters.length; k++) {
		used += width(characters[k]);
		if (used > room) return k;
	}
	return characters.length;
}
