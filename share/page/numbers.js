// numbers.js: figures for people, the same in every locale.

/** 1234567 as "1,234,567". */
export function grouped(n) {
	return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** "1 frame", "812 frames". */
export function counted(n, noun) {
	return `${grouped(n)} ${noun}${Math.round(n) === 1 ? "" : "s"}`;
}

/** Three digits that count, and no unit: "1.25", "31.0", "310". */
function threeDigits(x) {
	const rounded = Number(x.toPrecision(3));
	return rounded >= 100 ? grouped(rounded) : rounded.toFixed(rounded >= 10 ? 1 : 2);
}

/** Nanoseconds: "310 µs", "1.25 s", "3 min 20 s", "2 h 05 min". */
export function duration(ns) {
	const seconds = Math.round(ns / 1e9);
	const two = (n) => String(n).padStart(2, "0");

	if (ns === 0) return "0 s";
	if (seconds >= 3600) {
		const minutes = Math.round(seconds / 60);
		return `${grouped(Math.floor(minutes / 60))} h ${two(minutes % 60)} min`;
	}
	if (seconds >= 120) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
	if (ns >= 999.5e6) return `${threeDigits(ns / 1e9)} s`;
	if (ns >= 999.5e3) return `${threeDigits(ns / 1e6)} ms`;
	if (ns >= 999.5) return `${threeDigits(ns / 1e3)} µs`;
	return `${grouped(ns)} ns`;
}

/** A part of a whole: "12.4 %", "0.05 %"; never rounded to nothing or to all of it. */
export function share(part, whole) {
	if (!(whole > 0)) return "–";
	const percent = (part / whole) * 100;

	if (part === 0) return "0 %";
	if (part === whole) return "100 %";
	if (percent < 0.01) return "<0.01 %";
	if (percent < 0.995) return `${percent.toFixed(2)} %`;
	return `${Math.min(percent, 99.9).toFixed(1)} %`;
}

/** Hertz: "99 Hz", "1 kHz", "9.87 kHz". */
export function rate(hz) {
	const short = (x) => String(Number(x.toPrecision(3)));

	if (hz >= 999.5e3) return `${short(hz / 1e6)} MHz`;
	if (hz >= 999.5) return `${short(hz / 1e3)} kHz`;
	return `${short(hz)} Hz`;
}
