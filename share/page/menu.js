// menu.js: what can be done with a frame or a function, as a menu.

import { element, named } from "./dom.js";

/** Opens a menu at a place of the screen: rows {text, key, run}; what is not possible is left out. */
export function openMenu(title, rows, x, y) {
	const menu = named("menu");
	const back = document.activeElement;

	function shut(refocus) {
		menu.hidden = true;
		menu.replaceChildren();
		removeEventListener("pointerdown", outside, true);
		removeEventListener("blur", leave);
		if (refocus && back) back.focus({ preventScroll: true });
	}
	const outside = (event) => menu.contains(event.target) || shut(false);
	const leave = () => shut(false);
	const items = rows.filter(Boolean).map(({ text, key, run }) => {
		const item = element("button", "item");

		item.type = "button";
		item.setAttribute("role", "menuitem");
		item.append(element("span", "item-text", text));
		if (key) item.append(element("kbd", "key", key));
		item.addEventListener("click", () => {
			shut(true);
			run();
		});
		return item;
	});

	menu.replaceChildren(element("div", "menu-title", title), ...items);
	menu.hidden = false;
	menu.onkeydown = (event) => {
		const at = items.indexOf(document.activeElement);
		const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];

		event.stopPropagation();
		if (event.key === "Escape" || event.key === "Tab") shut(true);
		else if (to === undefined) return;
		else items[(to + items.length) % items.length].focus();
		event.preventDefault();
	};
	const { width, height } = menu.getBoundingClientRect();
	menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
	menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`;
	items[0].focus({ preventScroll: true });
	addEventListener("pointerdown", outside, true);
	addEventListener("blur", leave);
}
