// heatsample.js: prints the sample of share/heat/page.html, the profile that it shows unbuilt:
//
//	node tests/browser/heatsample.js
import { heatData } from "./heat.js";

const SOURCE = `# orders.py: what the sample of the page shows.
import json


class Orders:
	def load(self, path):
		with open(path) as file:
			self.rows = json.loads(file.read())

	def total(self):
		return sum(row["price"] * row["n"] for row in self.rows)


def main():
	orders = Orders()
	orders.load("orders.json")
	print(f"{orders.total():.2f}")


main()
`;

const STACKS = `<module> (/srv/shop/orders.py:20);main (/srv/shop/orders.py:16);Orders.load (/srv/shop/orders.py:8);loads (/usr/lib/python3.13/json/__init__.py:346);JSONDecoder.decode (/usr/lib/python3.13/json/decoder.py:345) 240
<module> (/srv/shop/orders.py:20);main (/srv/shop/orders.py:16);Orders.load (/srv/shop/orders.py:8) 31
<module> (/srv/shop/orders.py:20);main (/srv/shop/orders.py:17);Orders.total (/srv/shop/orders.py:11) 90
<module> (/srv/shop/orders.py:20);main (/srv/shop/orders.py:17);Orders.total (/srv/shop/orders.py:11);Orders.total.<locals>.<genexpr> (/srv/shop/orders.py:11) 402
<module> (/srv/shop/orders.py:20);main (/srv/shop/orders.py:17) 2
`;

console.log(heatData(STACKS, { "/srv/shop/orders.py": SOURCE }));
