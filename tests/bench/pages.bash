# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Parts of tests/bench/run: folding and drawing.

# seconds_of COMMAND...: the median of its wall time.
seconds_of() {
	local begin end round
	for ((round = 0; round < rounds; round++)); do
		begin=$(date +%s%N)
		"$@"
		end=$(date +%s%N)
		echo $(((end - begin) / 1000000))
	done | median | awk '{printf "%.3f", $1 / 1000}'
}

fold_quietly() { build/tfold -q "$1" >"$work/folded"; }
flame_quietly() { build/tflame "$1" >"$work/flame.html"; }

gecko_quietly() { build/tgecko -q "$1" >"$work/profile.json"; }

bench_fold() {
	local time samples
	title folding
	start_python depth.py 30
	costing build/tsample -q --stats-json 5 -r 1mhz -d 20 -n 2000000 -o "$work/raw.bin" -p "$target" 5>"$work/said"
	samples=$(said samples)
	stop_target
	time=$(seconds_of fold_quietly "$work/raw.bin")
	printf '%s raw samples in %s s: %s a second\n' "$samples" "$time" "$(awk -v n="$samples" -v t="$time" 'BEGIN {printf "%.0f", n / t}')"
}

bench_flame() {
	title drawing
	"$helpers/stacks" 1000000 50 >"$work/million.bin"
	printf 'a million distinct stacks of depth 50: tfold %s s, tflame %s s' \
		"$(seconds_of fold_quietly "$work/million.bin")" "$(seconds_of flame_quietly "$work/million.bin")"
	printf ', page of %s bytes\n' "$(stat -c %s "$work/flame.html")"
}

bench_gecko() {
	title 'the Firefox Profiler'
	"$helpers/samples" 2500000 1 20000 >"$work/samples.bin"
	printf '2,500,000 samples of 20,000 stacks: tgecko %s s' "$(seconds_of gecko_quietly "$work/samples.bin")"
	printf ', %s bytes of JSON\n' "$(stat -c %s "$work/profile.json")"
}

# The browser and the rivals in exact versions, kept where the tests keep theirs; $modules is where.
bench_modules() {
	local kept cache=${XDG_CACHE_HOME:-$HOME/.cache}/tachytools
	kept=$cache/bench-$(sha256sum <tests/bench/package.json | cut -c -16)
	if [ ! -d "$kept" ]; then
		mkdir -p "$kept.part"
		cp tests/bench/package.json "$kept.part/"
		(cd "$kept.part" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund) >&2
		mv "$kept.part" "$kept"
	fi
	modules=$kept/node_modules
}

# pages_row NAME WHO ROUNDS
pages_row() {
	local row
	row=$(NODE_PATH=$modules node tests/bench/pages.mjs "$work/$1.html" "$work/$1.txt" "$2" "$3") || row='- - - -'
	# shellcheck disable=SC2086 # four words
	printf '  %-12s %8s ms until it stands, %6s ms for a click, %6s ms for a search, %5s MB\n' "$2" $row
}

bench_pages() {
	local modules size rows=$rounds
	title 'pages in a browser'
	bench_modules
	for size in 3500:10000 35000:100000 350000:1000000; do
		"$helpers/stacks" "${size%:*}" 50 >"$work/pages.bin"
		build/tflame -o "$work/pages.html" "$work/pages.bin"
		# Without files, for a browser takes no text of more than 512 MB in.
		build/tfold -t "$work/pages.bin" | sed 's/ ([^)]*)//g' >"$work/pages.txt"
		printf '%s frames\n' "${size#*:}"
		pages_row pages ours "$rows"
		[ "${size#*:}" -le 100000 ] && pages_row pages d3 1
		pages_row pages speedscope 1
	done
}
