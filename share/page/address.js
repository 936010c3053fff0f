// address.js: the page's address tells what it shows, and shows what it tells.

import { fromFragment, toFragment } from "./fragment.js";

const SOON_MS = 250;

/**
 * Keeps what read() gives, an object of texts, in the address; and calls
 * show(texts) when the address was changed by others.
 */
export function address(read, show) {
	let known = ""; // the fragment that is shown
	let later = 0;

	/* A step of the reader's is an entry of the browser's history; what leads there is not. */
	function remember(step) {
		const text = toFragment(read());

		clearTimeout(later);
		if (text === location.hash.slice(1)) return;
		known = text;
		if (step) location.hash = text;
		else location.replace(`#${text}`);
	}

	/* The browser tells of our own steps too, and late: by then the view may be further. */
	function restore() {
		if (location.hash.slice(1) === known) return undefined;
		known = location.hash.slice(1);
		return show(fromFragment(known));
	}

	addEventListener("hashchange", restore);
	return {
		restore,
		/** Now, for a step; soon, for what is on the way. */
		changed: (step) => {
			clearTimeout(later);
			if (step) remember(true);
			else later = setTimeout(remember, SOON_MS, false);
		},
	};
}
