// Colours: readable, and apart for every eye.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./help.js";

const { colourOf, contrast, differences, fills, heats, INKS, SHADES } = await load("page/palette.js");
const { BACK, fainter, markerEdge } = await load("flame/draw.js");
const { ORIGINS } = await load("page/place.js");

/* Machado, Oliveira and Fernandes 2009, severity 1; on linear RGB. */
const EYES = {
	usual: [1, 0, 0, 0, 1, 0, 0, 0, 1],
	protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
	deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
	tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

const linear = (c) => c.map((x) => (x <= 10.31475 ? x / 3294.6 : ((x / 255 + 0.055) / 1.055) ** 2.4));

/* Oklab, of what such an eye sees. */
function seen(colour, eye) {
	const c = linear(colour);
	const [r, g, b] = [0, 3, 6].map((i) => Math.max(0, eye[i] * c[0] + eye[i + 1] * c[1] + eye[i + 2] * c[2]));
	const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);

	return [
		0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
		1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
		0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
	];
}

const distance = (a, b) => Math.hypot(...a.map((x, i) => x - b[i]));

for (const theme of ["light", "dark"]) {
	test(`${theme}: the edge of a marker stands out from the background`, () => {
		assert.ok(contrast(markerEdge(theme), BACK[theme]) >= 3);
	});

	test(`${theme}: text has a contrast of 4.5 on every frame`, () => {
		const inks = INKS[theme];

		for (const fill of fills(theme)) assert.ok(contrast(fill, inks.text) >= 4.5, `${fill}`);
		assert.ok(contrast(inks.faint, inks.faintText) >= 4.5);
		assert.ok(contrast(inks.match, inks.matchText) >= 4.5);
		assert.ok(contrast(inks.faint, inks.text) >= 4.5);
	});

	for (const [name, eye] of Object.entries(EYES)) {
		test(`${theme}: origins and matches stay apart with ${name}`, () => {
			const colours = ORIGINS.map((_, i) => fills(theme)[i * SHADES + SHADES / 2]);

			colours.push(INKS[theme].match);
			for (let i = 0; i < colours.length; i++)
				for (let j = 0; j < i; j++) {
					const apart = distance(seen(colours[i], eye), seen(colours[j], eye));
					assert.ok(apart > 0.06, `${ORIGINS[j]} and ${ORIGINS[i] || "match"}: ${apart.toFixed(3)}`);
				}
		});
	}
}

const brightness = (c) => seen(c, EYES.usual)[0];

for (const theme of ["light", "dark"])
	for (const which of ["usual", "safe"]) {
		const colours = differences(theme, which);
		const [rises, falls] = [colours.slice(1, 5), colours.slice(6, 10).reverse()];

		test(`${theme}, ${which}: text is read on every colour of a comparison, proven or pale`, () => {
			for (const colour of [...colours, ...colours.map((one) => fainter(one, theme))]) assert.ok(contrast(colour, INKS[theme].text) >= 4.5, `${colour}`);
		});

		test(`${theme}, ${which}: a larger change is further from the background`, () => {
			for (const side of [rises, falls])
				for (let i = 1; i < side.length; i++) assert.ok(Math.abs(brightness(side[i]) - brightness(BACK[theme])) < Math.abs(brightness(side[i - 1]) - brightness(BACK[theme])));
		});

		for (const [name, eye] of Object.entries(EYES))
			test(`${theme}, ${which}: more and less stay apart with ${name}`, () => {
				for (const size of [0, 1, 2]) assert.ok(distance(seen(rises[size], eye), seen(falls[size], eye)) > 0.06, `${size}`);
				assert.ok(distance(seen(colours[5], eye), seen(rises[1], eye)) > 0.04 && distance(seen(colours[5], eye), seen(falls[1], eye)) > 0.04);
			});
	}

for (const theme of ["light", "dark"])
	test(`${theme}: heat is read, and grows step by step`, () => {
		const colours = heats(theme);

		for (const colour of colours) assert.ok(contrast(colour, INKS[theme].text) >= 4.5, `${colour}`);
		for (let i = 1; i < colours.length; i++) {
			const step = brightness(colours[i]) - brightness(colours[i - 1]);
			assert.ok(theme === "light" ? step < 0 : step > 0);
		}
	});

test("the colour of a frame is a function of origin and module", () => {
	assert.equal(colourOf(1, "json"), colourOf(1, "json"));
	for (let i = 0; i < 100; i++) {
		const colour = colourOf(2, `module${i}`);
		assert.ok(colour >= 2 * SHADES && colour < 3 * SHADES);
	}
	assert.equal(fills("light").length, ORIGINS.length * SHADES);
});
