// palette.js: the colour of a frame is a function of where its code lives, and of nothing else.

export const SHADES = 6;

/*
 * Per theme and origin (see place.js): lightness, chroma and hue in OKLCH.
 * Orange, blue and green of one lightness family stay apart for every kind of
 * colour blindness (the tests simulate them); shades vary lightness and, a
 * little, hue, so that neighbouring modules can be told apart.
 */
const ORIGIN_COLOURS = {
	light: [
		[0.835, 0.115, 68],
		[0.8, 0.085, 248],
		[0.885, 0.078, 156],
		[0.73, 0.075, 332],
		[0.825, 0.005, 260],
	],
	dark: [
		[0.515, 0.105, 58],
		[0.435, 0.09, 256],
		[0.505, 0.085, 185],
		[0.41, 0.08, 345],
		[0.325, 0.006, 260],
	],
};

const STEP = { light: 0.02, dark: 0.014 };

/* FNV-1a over UTF-16 units. */
function hash(text) {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}

/** OKLCH as [red, green, blue] of sRGB, 0 to 255, cut to the gamut. */
export function oklch(lightness, chroma, hue) {
	const a = chroma * Math.cos((hue * Math.PI) / 180);
	const b = chroma * Math.sin((hue * Math.PI) / 180);
	const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
	const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
	const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
	const linear = [
		4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
		-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
		-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
	];
	const encode = (x) => (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);

	return linear.map((x) => Math.round(255 * encode(Math.min(1, Math.max(0, x)))));
}

/** "#rrggbb". */
export function hex(rgb) {
	return `#${rgb.map((x) => x.toString(16).padStart(2, "0")).join("")}`;
}

/** The contrast of two colours by WCAG 2, 1 to 21. */
export function contrast(one, other) {
	const decode = (x) => (x <= 10.31475 ? x / 3294.6 : ((x / 255 + 0.055) / 1.055) ** 2.4);
	const luminance = (c) => 0.2126 * decode(c[0]) + 0.7152 * decode(c[1]) + 0.0722 * decode(c[2]);
	const [low, high] = [luminance(one), luminance(other)].sort((x, y) => x - y);

	return (high + 0.05) / (low + 0.05);
}

/** The number of the colour in fills() for code of that origin in that module. */
export function colourOf(origin, module) {
	return origin * SHADES + (hash(module) % SHADES);
}

/** Every fill of a theme, "light" or "dark", as [red, green, blue]. */
export function fills(theme) {
	return ORIGIN_COLOURS[theme].flatMap(([lightness, chroma, hue]) =>
		Array.from({ length: SHADES }, (_, shade) => {
			const step = shade - (SHADES - 1) / 2;
			return oklch(lightness + step * STEP[theme], chroma, hue + step * 3);
		}),
	);
}

export const HEATS = 8;

/** From cold to hot: darker in light, lighter in dark, and from yellow to red. */
export function heats(theme) {
	return Array.from({ length: HEATS }, (_, i) => {
		const t = i / (HEATS - 1);

		return theme === "light" ? oklch(0.95 - 0.24 * t, 0.035 + 0.135 * t, 100 - 62 * t) : oklch(0.3 + 0.21 * t, 0.02 + 0.13 * t, 95 - 62 * t);
	});
}

/* Hue of more, and of less; in the second the eyes that red and green are one to see most. */
const SIDES = { usual: [25, 250], safe: [65, 262] };

/**
 * The fills of a comparison: new, rises from the largest to the smallest, the same,
 * falls from the smallest to the largest, gone. Which: "usual" or "safe".
 */
export function differences(theme, which) {
	const [more, less] = SIDES[which];
	const step = (hue, size) => (theme === "light" ? oklch(0.945 - 0.062 * size, 0.025 + 0.037 * size, hue) : oklch(0.3 + 0.052 * size, 0.03 + 0.034 * size, hue));
	const sizes = [1, 2, 3, 4];
	const purple = theme === "light" ? [oklch(0.76, 0.14, 312), oklch(0.9, 0.05, 312)] : [oklch(0.47, 0.17, 312), oklch(0.36, 0.06, 312)];
	const same = theme === "light" ? oklch(0.885, 0.004, 260) : oklch(0.325, 0.006, 260);

	return [purple[0], ...sizes.map((size) => step(more, size)).reverse(), same, ...sizes.map((size) => step(less, size)), purple[1]];
}

/** What else is drawn: text, frames outside of the focus or the search, slivers, matches. */
export const INKS = {
	light: {
		text: [27, 29, 33],
		faint: [233, 234, 236],
		faintText: [92, 97, 106],
		sliver: [222, 224, 227],
		stripe: [176, 180, 186],
		goneStripe: [150, 110, 175],
		bar: [178, 190, 208],
		match: [109, 40, 217],
		matchText: [255, 255, 255],
		ring: [27, 29, 33],
	},
	dark: {
		text: [250, 250, 250],
		faint: [43, 46, 51],
		faintText: [164, 169, 178],
		sliver: [56, 60, 66],
		stripe: [88, 93, 101],
		goneStripe: [150, 120, 172],
		bar: [84, 96, 116],
		match: [196, 167, 255],
		matchText: [30, 12, 66],
		ring: [255, 255, 255],
	},
};
