// strip.js: the time of the profile as a strip of epochs, of which the reader may brush some.

import { named } from "../page/dom.js";
import { duration, share } from "../page/numbers.js";
import { hex, INKS } from "../page/palette.js";
import { theme } from "../page/theme.js";
import { BACK } from "./draw.js";

const HIGH = 46;
const AXIS = 14; // pixels of it for the times

/** A round number of seconds for the marks of an axis of about so many. */
export function markEvery(seconds, marks) {
	const least = seconds / marks;
	const power = 10 ** Math.floor(Math.log10(least));
	return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= least);
}

/** "2 s", "2.5 s", "250 ms", "12 min": of a mark. */
export function markText(seconds) {
	const short = (x) => String(Number(x.toPrecision(3)));

	if (seconds >= 600) return duration(seconds * 1e9);
	return seconds === 0 || seconds >= 1 ? `${short(seconds)} s` : `${short(seconds * 1000)} ms`;
}

/** "1.28 s to 3.84 s". */
export function spanText(ms, from, to) {
	return `${duration(from * ms * 1e6)} to ${duration(to * ms * 1e6)}`;
}

/**
 * The strip of so many epochs of ms milliseconds. told(from, to) hears which were
 * brushed: all of them, when none are left out.
 */
export function timeStrip({ ms, count, family }, told) {
	const canvas = named("strip");
	const context = canvas.getContext("2d", { alpha: false });
	let [bars, before, part, partName] = [new Float64Array(count), null, null, ""];
	let [from, to] = [0, count];
	let cursor = null; // {anchor, at} of the brush, or of the keys

	function size() {
		const width = canvas.clientWidth || 1;
		const ratio = devicePixelRatio || 1;
		return { width, ratio, step: width / count };
	}

	function draw() {
		const { width, ratio, step } = size();
		const inks = INKS[theme()];
		const most = Math.max(...bars, ...(before || []), 1e-9);
		const high = HIGH - AXIS - 4;

		canvas.width = Math.round(width * ratio);
		canvas.height = Math.round(HIGH * ratio);
		context.scale(ratio, ratio);
		context.fillStyle = hex(BACK[theme()]);
		context.fillRect(0, 0, width, HIGH);
		for (let e = 0; e < count; e++) {
			const inside = e >= from && e < to;
			const x = e * step;
			const wide = Math.max(step - (step > 4 ? 1 : 0), 0.5);
			const column = (sum, ink) => {
				const tall = (sum / most) * high;
				context.fillStyle = hex(ink);
				context.fillRect(x, 4 + high - tall, wide, tall);
			};

			column(bars[e], inside ? inks.bar : inks.faint);
			if (part) column(part[e], inside ? inks.match : inks.stripe);
		}
		if (before) drawBefore(step, (sum) => 4 + high - (sum / most) * high, inks);
		drawAxis(width, inks);
		if (from > 0 || to < count) drawWindow(step, inks);
	}

	/* Of a comparison the baseline, as a line of steps over the bars. */
	function drawBefore(step, top, inks) {
		context.beginPath();
		before.forEach((sum, e) => {
			context.lineTo(e * step, top(sum));
			context.lineTo((e + 1) * step, top(sum));
		});
		context.strokeStyle = hex(inks.text);
		context.lineWidth = 1;
		context.stroke();
	}

	function drawAxis(width, inks) {
		const seconds = (count * ms) / 1000;
		const every = markEvery(seconds, Math.max(2, width / 90));

		context.font = `11px ${family}`;
		context.textBaseline = "bottom";
		context.fillStyle = hex(inks.faintText);
		for (let s = 0; s < seconds; s += every) {
			const x = (s / seconds) * width;

			context.fillRect(x, HIGH - AXIS, 1, 4);
			if (x + 40 < width) context.fillText(markText(s), x + 4, HIGH);
		}
	}

	function drawWindow(step, inks) {
		context.strokeStyle = hex(inks.match);
		context.lineWidth = 2;
		context.strokeRect(from * step + 1, 2, Math.max((to - from) * step - 2, 2), HIGH - AXIS);
	}

	function say() {
		const whole = bars.reduce((sum, x) => sum + x, 0);
		const all = from === 0 && to === count;
		const own = part ? part.reduce((sum, x) => sum + x, 0) : 0;
		const window = all ? duration(count * ms * 1e6) : spanText(ms, from, to);

		named("span").textContent = [window, part && `${partName} ${share(own, whole)}`, before && "bars: after, line: before"].filter(Boolean).join(" · ");
		canvas.setAttribute("aria-label", `Timeline, ${all ? "all" : "restricted to"} ${window}; arrow keys with Shift choose a part, Escape all of it`);
	}

	function brush(one, other) {
		[from, to] = [Math.max(0, Math.min(one, other)), Math.min(count, Math.max(one, other) + 1)];
		draw();
		say();
	}

	const epochAt = (event) => {
		const box = canvas.getBoundingClientRect();
		return Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * count)));
	};

	canvas.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		const at = epochAt(event);
		cursor = { anchor: at, at, moved: false };
		canvas.setPointerCapture(event.pointerId);
	});
	canvas.addEventListener("pointermove", (event) => {
		const at = epochAt(event);
		if (!cursor || !canvas.hasPointerCapture(event.pointerId) || (at === cursor.at && !cursor.moved)) return;
		Object.assign(cursor, { at, moved: true });
		brush(cursor.anchor, at);
	});
	canvas.addEventListener("pointerup", () => {
		if (!cursor) return;
		const inside = cursor.anchor >= from && cursor.anchor < to && (from > 0 || to < count);
		if (!cursor.moved && inside) brush(0, count - 1);
		else if (!cursor.moved) brush(cursor.anchor, cursor.anchor);
		told(from, to);
	});
	canvas.addEventListener("dblclick", () => {
		brush(0, count - 1);
		told(from, to);
	});
	canvas.addEventListener("keydown", (event) => {
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];

		if (step) {
			const all = from === 0 && to === count;
			const at = !cursor || all ? (step > 0 ? 0 : count - 1) : Math.min(Math.max(cursor.at + step, 0), count - 1);
			cursor = { anchor: event.shiftKey && cursor && !all ? cursor.anchor : at, at };
			brush(cursor.anchor, at);
		} else if (event.key === "Escape" && (from > 0 || to < count)) brush(0, count - 1);
		else return;
		event.preventDefault();
		event.stopPropagation();
		told(from, to);
	});
	new ResizeObserver(draw).observe(canvas);
	named("time").hidden = false;

	return {
		draw,
		/** The bars, of a comparison the baseline's, and of what is chosen its part and what it is called. */
		show: ({ sums, baseline, own, name }, window) => {
			[bars, before, part, partName] = [sums, baseline, own, name];
			[from, to] = [window.from, window.to];
			draw();
			say();
		},
	};
}
