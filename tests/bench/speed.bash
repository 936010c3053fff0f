# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Parts of tests/bench/run: how many ticks a second, beside Tachyon.

# What the samplers that take turns are asked for; each part sets these.
ours=() theirs=()
tsample_fast() { tsample_row -r 1mhz -d "$seconds" "${ours[@]}" "$@"; }
tachyon_fast() { [ -z "$newest" ] || tachyon_row -r 1000khz -d "$seconds" "${theirs[@]}"; }
bare_fast() { $here "$helpers/replay" "$target" "$seconds"; }

# Ticks that failed are none: what Tachyon read well is compared too.
bench_rate() {
	local format='%-6s %9s %7s %9s %8s %10s %10s %10s %12s\n' depth
	ours=() theirs=()
	title "highest rate, ticks a second (medians of $rounds)"
	# shellcheck disable=SC2059
	printf "$format" depth tsample torn-% Tachyon errors-% 'x Tachyon' 'x its good' 'bare loop' 'x bare loop'
	for depth in 1 100 1000; do
		start_python depth.py $depth
		take_turns tsample_fast tachyon_fast bare_fast
		stop_target
		# shellcheck disable=SC2059
		printf "$format" $depth "$(of tsample_fast)" "$(of tsample_fast 5)" "$(of tachyon_fast)" \
			"$(of tachyon_fast 5)" "$(times)" "$(times_good)" "$(of bare_fast)" \
			"$(ratio "$(of tsample_fast)" "$(of bare_fast)")"
	done
}

times() { ratio "$(of tsample_fast)" "$(of tachyon_fast)"; }
times_good() {
	ratio "$(of tsample_fast)" "$(awk -v n="$(of tachyon_fast)" -v e="$(of tachyon_fast 5)" 'BEGIN {print n * (100 - e) / 100}')"
}

# rivals NAME: takes turns with Tachyon on the target that runs, and prints a row of that name.
# What a tick costs of CPU tells most on a machine that does other things, too.
rivals_head() {
	printf '%-11s %8s %10s %7s %7s %12s %8s %7s %8s %10s %10s %10s\n' '' tsample samples/s us/tick torn-% unreadable-% \
		Tachyon us/tick errors-% 'x Tachyon' 'x its good' 'x less CPU'
}
rivals() {
	take_turns tsample_fast tachyon_fast
	printf '%-11s %8s %10s %7s %7s %12s %8s %7s %8s %10s %10s %10s\n' "$1" "$(of tsample_fast)" "$(of tsample_fast 2)" \
		"$(of tsample_fast 4)" "$(of tsample_fast 5)" "$(of tsample_fast 6)" "$(of tachyon_fast)" \
		"$(of tachyon_fast 4)" "$(of tachyon_fast 5)" "$(times)" "$(times_good)" \
		"$(ratio "$(of tachyon_fast 4)" "$(of tsample_fast 4)")"
}

bench_threads() {
	local n
	ours=(-a) theirs=(-a)
	title "all threads, ticks a second (medians of $rounds)"
	rivals_head
	for n in 10 50; do
		start_python threads.py $n
		rivals "$n threads"
		stop_target
	done
}

bench_async() {
	local mode
	[ -n "$newest" ] || { title 'tasks of asyncio: no CPython 3.15 here'; return; }
	title "100 tasks of asyncio, ticks a second (medians of $rounds)"
	rivals_head
	start_python tasks.py
	for mode in running all; do
		ours=(--async-aware --async-mode "$mode") theirs=("${ours[@]}")
		rivals $mode
	done
	stop_target
}

tsample_opcodes() { tsample_fast --opcodes; }

bench_opcodes() {
	local depth
	ours=()
	title "--opcodes (medians of $rounds)"
	printf '%-6s %9s %9s %6s %14s %9s\n' depth without with x 'CPU us a tick' with
	for depth in 1 100; do
		start_python depth.py $depth
		take_turns tsample_fast tsample_opcodes
		stop_target
		printf '%-6s %9s %9s %6s %14s %9s\n' $depth "$(of tsample_fast)" "$(of tsample_opcodes)" \
			"$(ratio "$(of tsample_opcodes)" "$(of tsample_fast)")" "$(of tsample_fast 4)" "$(of tsample_opcodes 4)"
	done
}
