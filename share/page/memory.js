// memory.js: what is remembered of the reader's choices from page to page.

/** What was remembered of a key; a value is remembered, "" forgets. A page from disk may be denied storage: null. */
export function remembered(key, value) {
	try {
		if (value === "") localStorage.removeItem(`tachytools-${key}`);
		else if (value !== undefined) localStorage.setItem(`tachytools-${key}`, value);
		return localStorage.getItem(`tachytools-${key}`);
	} catch {
		return null;
	}
}
