// address.js: the page's address tells what it shows, and shows what it tells.

import { fromFragment, toFragment } from "../page/fragment.js";
import { fromText, toText } from "./view.js";

const SOON_MS = 250;

/** Keeps the view of a picture, and the search of its finder, in the address. */
export function address(tree, picture, finder) {
	let known = ""; // the fragment that is shown
	let later = 0;

	/* A step of the reader's is an entry of the browser's history; what leads there is not. */
	function remember(step) {
		const text = toFragment({ zoom: toText(tree, picture.view()), search: finder.text() });

		if (text === location.hash.slice(1)) return;
		known = text;
		if (step) location.hash = text;
		else location.replace(`#${text}`);
	}

	/* The browser tells of our own steps too, and late: by then the view may be further. */
	function restore() {
		if (location.hash.slice(1) === known) return;
		known = location.hash.slice(1);
		const { zoom, search = "" } = fromFragment(known);
		const view = fromText(tree, zoom);

		if (finder.text() !== search) finder.search(search);
		if (toText(tree, view) !== toText(tree, picture.view())) picture.go(view);
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
