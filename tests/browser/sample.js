// sample.js: prints the sample of share/flame/page.html, the profile that it shows unbuilt:
//
//	node tests/browser/sample.js
import { dataOf, profileOf } from "./help.js";

const LIB = "/usr/lib/python3.13";
const FRAMES = {
	"<module>": [0, "/srv/shop/report.py", 1],
	main: [0, "/srv/shop/report.py", 90],
	"Orders.load": [0, "/srv/shop/orders.py", 31],
	"Orders.total": [0, "/srv/shop/orders.py", 58],
	"Orders.total.<locals>.<genexpr>": [0, "/srv/shop/orders.py", 61],
	render: [0, "/srv/shop/report.py", 44],
	"DictReader.__next__": [0, `${LIB}/csv.py`, 187],
	loads: [0, `${LIB}/json/__init__.py`, 299],
	"JSONDecoder.decode": [0, `${LIB}/json/decoder.py`, 338],
	"JSONDecoder.raw_decode": [0, `${LIB}/json/decoder.py`, 349],
	"Template.render": [0, `${LIB}/site-packages/jinja2/environment.py`, 1269],
	root: [0, "<template>", 1],
	escape: [1, "", 0],
	"<GC>": [2, "", 0],
};
const STACKS = {
	"<module>;main;Orders.load;DictReader.__next__": 210,
	"<module>;main;Orders.load;loads;JSONDecoder.decode;JSONDecoder.raw_decode": 340,
	"<module>;main;Orders.load;loads;JSONDecoder.decode": 45,
	"<module>;main;Orders.load;loads;JSONDecoder.decode;<GC>": 12,
	"<module>;main;Orders.load": 60,
	"<module>;main;Orders.total;Orders.total.<locals>.<genexpr>": 130,
	"<module>;main;Orders.total": 25,
	"<module>;main;render;Template.render;root": 150,
	"<module>;main;render;Template.render;root;escape": 80,
	"<module>;main;render": 9,
	"<module>;main": 1,
};

const profile = profileOf(STACKS, {
	facts: { script: "report.py", python: "3.13.1", host: "shop", ticks: 1062, watched_ns: 1.062e9, rate_hz: 1000 },
	frame: (name) => ({ kind: FRAMES[name][0], name: FRAMES[name][0] === 2 ? "<GC>" : name, file: FRAMES[name][1], line: FRAMES[name][2] }),
});

console.log(dataOf(profile));
