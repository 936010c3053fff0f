// minimap.js: all of a file in a strip, with what is hot and what is in sight; only where it is longer than the view.

import { named } from "../page/dom.js";

/** lay() is sourceView()'s; colour(at) gives the colour of a row, size(at) how hot it is. */
export function minimap(lay, { colour, size }) {
	const canvas = named("minimap");
	let kept = {}; // the heat of some items as it was drawn last

	function draw() {
		const { items, tops, top, room } = lay();
		const all = tops[items.length] || 0;
		const high = canvas.clientHeight;
		const wide = canvas.clientWidth;
		const ratio = devicePixelRatio || 1;
		const pen = canvas.getContext("2d");

		canvas.classList.toggle("minimap-idle", all <= room);
		canvas.width = wide * ratio;
		canvas.height = high * ratio;
		if (all <= room || high === 0) return;
		pen.drawImage(heatOf(items, tops, wide, high, ratio), 0, 0);
		pen.scale(ratio, ratio);
		const ink = getComputedStyle(canvas).color;
		pen.globalAlpha = 0.16;
		pen.fillStyle = ink;
		pen.fillRect(0, (top / all) * high, wide, Math.max(6, (room / all) * high));
		pen.globalAlpha = 0.6;
		pen.strokeStyle = ink;
		pen.strokeRect(0.5, (top / all) * high + 0.5, wide - 1, Math.max(6, (room / all) * high) - 1);
		pen.globalAlpha = 1;
	}

	/* Scrolling draws it often; the items are others whenever anything of them is. */
	function heatOf(items, tops, wide, high, ratio) {
		if (kept.items === items && kept.high === high && kept.ratio === ratio) return kept.image;
		const image = new OffscreenCanvas(Math.max(1, wide * ratio), Math.max(1, high * ratio));
		const pen = image.getContext("2d");

		pen.scale(ratio, ratio);
		drawHeat(pen, items, tops, wide, high / tops[items.length]);
		kept = { items, high, ratio, image };
		return image;
	}

	/* Of the rows that one pixel stands for, the hottest. */
	function drawHeat(pen, items, tops, wide, scale) {
		const hottest = new Map();

		items.forEach((item, i) => {
			if (item.kind !== "line" || size(item.at) === 0) return;
			const y = Math.floor(tops[i] * scale);
			if (!hottest.has(y) || Math.abs(size(item.at)) > Math.abs(size(hottest.get(y)))) hottest.set(y, item.at);
		});
		for (const [y, at] of [...hottest].sort((a, b) => Math.abs(size(a[1])) - Math.abs(size(b[1])))) {
			pen.fillStyle = colour(at);
			pen.fillRect(2, y, wide - 4, Math.max(2, scale * 20));
		}
	}

	function go(event) {
		const { items, tops, room, scrollTo } = lay();
		const all = tops[items.length] || 0;
		const box = canvas.getBoundingClientRect();

		scrollTo(((event.clientY - box.top) / box.height) * all - room / 2);
	}

	canvas.addEventListener("pointerdown", (event) => {
		canvas.setPointerCapture(event.pointerId);
		go(event);
		event.preventDefault();
	});
	canvas.addEventListener("pointermove", (event) => event.buttons && canvas.hasPointerCapture(event.pointerId) && go(event));
	canvas.addEventListener("wheel", (event) => {
		const { top, scrollTo } = lay();
		scrollTo(top + event.deltaY);
		event.preventDefault();
	});
	return { draw };
}
