// fragment.js: the view as the fragment of the page's address, so that a link is a finding.

/** {zoom: "12", search: "a b"} as "zoom=12&search=a%20b", in order; what is empty is left out. */
export function toFragment(view) {
	return Object.entries(view)
		.filter(([, value]) => value !== "" && value !== undefined)
		.map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%2C|%3A/g, decodeURIComponent)}`)
		.join("&");
}

/** The reverse; what cannot be read is left out. */
export function fromFragment(text) {
	const view = {};

	for (const pair of text.replace(/^#/, "").split("&")) {
		const at = pair.indexOf("=");
		if (at < 1) continue;
		try {
			view[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1));
		} catch {
			// A fragment typed by hand may hold half an escape.
		}
	}
	return view;
}
