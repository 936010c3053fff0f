// say.js: what every page says around its picture.

import { element, fillTable, named } from "./dom.js";
import { factRows, heading, notices, origins, windowTitle } from "./facts.js";
import { counted } from "./numbers.js";

/** Where the profile comes from; kind is what the page is called. */
export function sayOrigin(profile, kind) {
	const facts = origins(profile);

	document.title = windowTitle(profile, kind);
	named("title").textContent = heading(profile, kind);
	named("facts").replaceChildren(...facts.map((text) => element("span", "fact", text)));
	named("facts").title = facts.join(" · ");
	named("notices").replaceChildren(...notices(profile).map((text) => element("p", "notice", text)));
	fillTable(named("facts-table"), factRows(profile));
}

/** Why there is nothing to show, in the place of the elements of these names. */
export function sayEmpty(text, names) {
	named("empty").textContent = text;
	named("empty").hidden = false;
	for (const name of names) named(name).hidden = true;
	named("query").disabled = true;
}

/** What must be known of a comparison before it is believed. */
export function sayTags({ runs, forced, incomplete, words }, exploring) {
	const tags = [];
	const tag = (text, kind = "tag") => tags.push(element("span", kind, text));

	if (exploring && !words.startsWith("exploration")) tag(`exploration, ${counted(Math.min(...runs), "run")} a side`);
	if (forced) tag("forced: the sides do not compare", "tag tag-warn");
	if (incomplete) tag("incomplete", "tag tag-warn");
	named("tags").replaceChildren(...tags);
}
