// pointer.js: the mouse, the wheel and fingers on the picture.

import { moved, scaled } from "./view.js";

const FAR = 5; // pixels that make a drag of a click

/* Taps, clicks, drags and pinches; of is the picture's side of it, see graph.js. */
function followButtons(canvas, of) {
	const down = new Map();
	let drag = null;

	/* Two fingers: what was below each stays below it. */
	function pinch() {
		const [a, b] = [...down.values()];
		const apart = Math.max(Math.abs(a.x - b.x), 1);
		const middle = (a.x + b.x) / 2;

		if (drag.apart) {
			const factor = apart / drag.apart;
			const zoomed = scaled(of.tree(), of.view(), factor, of.weightAt(drag.middle));
			of.glide(moved(of.tree(), zoomed, ((drag.middle - middle) * of.perPixel()) / factor));
		}
		Object.assign(drag, { apart, middle, far: true });
	}

	function move(event) {
		if (!drag.far && Math.abs(event.clientX - drag.from) > FAR) {
			drag.far = true;
			canvas.setPointerCapture(event.pointerId);
		}
		if (!drag.far) return;
		of.glide(moved(of.tree(), of.view(), (drag.x - event.clientX) * of.perPixel()));
		drag.x = event.clientX;
	}

	/* A mouse zooms with its click; a finger is told first, and zooms when it taps again. */
	function click(event) {
		const item = of.itemAt(event.clientX, event.clientY);
		const before = of.pointed();
		const again = item && before && item.first === before.first && item.last === before.last;
		const around = of.weightAt(event.clientX);

		if (!item) return of.point(null);
		of.select(item);
		if (event.pointerType === "touch" && !again) return of.point(item, event.clientX, event.clientY);
		return of.zoomTo(item, around);
	}

	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		down.set(event.pointerId, { x: event.clientX });
		drag = { x: event.clientX, from: event.clientX, far: down.size > 1 };
	});
	canvas.addEventListener("pointermove", (event) => {
		if (down.has(event.pointerId)) down.set(event.pointerId, { x: event.clientX });
		if (down.size === 2) pinch();
		else if (down.size === 1) move(event);
		else if (event.pointerType !== "touch")
			of.point(of.itemAt(event.clientX, event.clientY), event.clientX, event.clientY);
	});
	canvas.addEventListener("pointerup", (event) => {
		const far = drag && drag.far;

		if (!down.delete(event.pointerId)) return;
		for (const { x } of down.values()) drag.x = x;
		if (down.size) return;
		drag = null;
		if (far) of.arrived();
		else click(event);
	});
	canvas.addEventListener("contextmenu", (event) => {
		const item = of.itemAt(event.clientX, event.clientY);

		event.preventDefault();
		down.clear();
		if (item) of.menu(item, event.clientX, event.clientY);
	});
	canvas.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
	canvas.addEventListener("pointerleave", (event) => {
		if (event.pointerType !== "touch") of.point(null);
	});
}

/* With Ctrl the wheel zooms, sideways it moves the window; else it scrolls. */
function followWheel(scroller, of) {
	const turned = (event) => {
		const sideways = event.shiftKey ? event.deltaY : event.deltaX;
		const down = event.shiftKey ? 0 : event.deltaY;

		if (event.ctrlKey || event.metaKey) {
			const factor = Math.exp(-Math.max(-100, Math.min(100, event.deltaY)) * 0.005);
			of.glide(scaled(of.tree(), of.view(), factor, of.weightAt(event.clientX)));
		} else if (Math.abs(sideways) > Math.abs(down)) {
			of.glide(moved(of.tree(), of.view(), sideways * of.perPixel()));
		} else return;
		event.preventDefault();
	};

	scroller.addEventListener("wheel", turned, { passive: false });
}

export function followPointer(canvas, scroller, of) {
	followButtons(canvas, of);
	followWheel(scroller, of);
}
