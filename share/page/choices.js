// choices.js: buttons that choose one of several, or turn something on and off.

import { element } from "./dom.js";

function chooserButton(className, text, { name, hint = "" }, run) {
	const made = element("button", className, text);

	made.type = "button";
	made.title = hint;
	if (name) made.dataset.name = name;
	made.addEventListener("click", run);
	return made;
}

/** One of several: options are [{key, text, name, hint, off}], of which only key and text must be; go(key) hears of another. */
export function segments(options, chosen, go) {
	return options.map(({ key, text, off = false, ...more }) => {
		const made = chooserButton("segment", text, more, () => go(key));

		made.disabled = off;
		made.setAttribute("role", "radio");
		made.setAttribute("aria-checked", String(key === chosen));
		return made;
	});
}

/** What is on or off. */
export function toggle(text, is, more, run) {
	const made = chooserButton("toggle", text, more, run);

	made.setAttribute("aria-pressed", String(is));
	return made;
}
