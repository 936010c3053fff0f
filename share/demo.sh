#!/bin/sh
# SPDX-License-Identifier: MIT
#
# share/demo.sh: what `make demo` shows, as one would type it.
#
# Samples share/demo.py for five seconds under the machine's own python3 and
# draws build/demo.html.

set -eu

cd "$(dirname "$0")/.."
PATH=$PWD/build:$PATH

python=/usr/bin/python3
[ -x "$python" ] || python=$(command -v python3)

tsample -a -d 5 -o build/demo.ts -- "$python" share/demo.py 6 >build/demo.out
tfold -o build/demo.bin build/demo.ts
tflame -o build/demo.html build/demo.bin

# Collapsed text is root first and its last field is a count; the function behind the
# last semicolon is the one that was running.
echo
echo 'the five hottest functions, by their own samples:'
tfold -t build/demo.bin |
	awk '{
		n = $NF
		sub(/ [0-9]+$/, "")
		sub(/.*;/, "")
		self[$0] += n
		all += n
	}
	END {
		for (f in self)
			printf "%6.1f %%  %s\n", 100 * self[f] / all, f
	}' | LC_ALL=C sort -k 1,1rn -k 3 | head -n 5
echo
echo "the page: $PWD/build/demo.html"
