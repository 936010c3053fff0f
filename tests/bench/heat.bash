# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# A part of tests/bench/run: source lines with their heat.

heat_quietly() { build/theat --source-root / -o "$work/heat.html" "$1"; }
heat_folder() { build/theat --source-root / -D "$work/heat" "$1"; }

heat_tachyon() {
	rm -rf "$work/heatmap"
	# shellcheck disable=SC2086 # the interpreter may be several words
	$newest -m profiling.sampling replay --heatmap -o "$work/heatmap" "$work/heat.tach" >/dev/null
}

bench_heat() {
	local ours theirs modules
	title 'source lines'
	python3 "$work/lines.py" "$work/program" 2000 500000 2 1500000 1 | build/timport >"$work/lines.bin"
	printf '2,000 files, 500,000 lines that ran, with their source: %s s' "$(seconds_of heat_quietly "$work/lines.bin")"
	printf ', page of %s bytes' "$(stat -c %s "$work/heat.html")"
	printf '; a folder of pages: %s s\n' "$(rounds=1 seconds_of heat_folder "$work/lines.bin")"
	bench_modules
	pages_row heat heat "$rounds"
	[ -n "$newest" ] || { echo 'Tachyon is not here'; return; }
	python3 "$work/lines.py" "$work/smaller" 200 20000 24 2500000 25 >"$work/smaller.txt"
	# shellcheck disable=SC2086 # the interpreter may be several words
	$newest "$work/tach.py" "$work/heat.tach" <"$work/smaller.txt"
	build/timport "$work/heat.tach" >"$work/smaller.bin"
	ours=$(seconds_of heat_quietly "$work/smaller.bin")
	theirs=$(rounds=1 seconds_of heat_tachyon)
	printf '2,500,000 samples of 20,000 stacks: theat %s s, Tachyon %s s: %s times faster\n' "$ours" "$theirs" \
		"$(ratio "$theirs" "$ours")"
}
