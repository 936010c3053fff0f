# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Parts of tests/bench/run: what sampling costs, in CPU, time of the target, waiting and memory.

hz=
longer=$((seconds * 2))
tsample_cpu() { tsample_row -r "$hz" -d "$longer"; }
tachyon_cpu() { [ -z "$newest" ] || tachyon_row -r "$hz" -d "$longer"; }
nap_cpu() {
	costing "$helpers/nap" "$hz" "$longer"
	awk -v hz="$hz" '{printf "%.0f 0 %.1f %.2f\n", hz, $2 * 100 / $1, $2 * 1e6 / hz / $1}' "$work/cost"
}

bench_cpu() {
	title "CPU of the sampler, percent of a core and us a tick, depth 100 (medians of $rounds)"
	printf '%-6s %16s %18s %16s %12s\n' Hz tsample 'sleep only' Tachyon 'Tachyon Hz'
	start_python depth.py 100
	for hz in 1000 10000; do
		take_turns tsample_cpu nap_cpu tachyon_cpu
		printf '%-6s %6s%% %6s us %8s%% %6s us %6s%% %6s us %12s\n' $hz "$(of tsample_cpu 3)" "$(of tsample_cpu 4)" \
			"$(of nap_cpu 3)" "$(of nap_cpu 4)" "$(of tachyon_cpu 3)" "$(of tachyon_cpu 4)" "$(of tachyon_cpu)"
	done
	stop_target
}

# What the target has done by when, in its own time.
counted() { od -An -tu8 "$work/count" | tr -s ' '; }

# work_rate: pieces of work a second, over the time of a window.
work_rate() {
	local before after
	before=$(counted)
	sleep "$seconds"
	after=$(counted)
	awk -v before="$before" -v after="$after" 'BEGIN {
		split(before, b); split(after, a); printf "%.3f\n", (a[1] - b[1]) / (a[2] - b[2]) * 1e9 }'
}

# Watchers of the target, each for as many seconds.
tsample_1khz() { costing build/tsample -q -r 1khz -d "$1" -o "$work/ours.bin" -p "$target"; }
tsample_10khz() { costing build/tsample -q -r 10khz -d "$1" -o "$work/ours.bin" -p "$target"; }
blocking_10khz() { costing build/tsample -q --blocking -r 10khz -d "$1" -o "$work/ours.bin" -p "$target"; }
tachyon_10khz() { tachyon -r 10khz -d "$1"; }
nap_10khz() { costing "$helpers/nap" 10000 "$1"; }

# kept WATCHER: the percentage of its speed that the target keeps. Each pair is a time without, a time with.
kept() {
	local without with watcher
	without=$(work_rate)
	"$1" $((seconds + 2)) &
	watcher=$!
	sleep 1 # until it has begun
	with=$(work_rate)
	wait $watcher
	awk -v a="$with" -v b="$without" 'BEGIN {printf "%.2f\n", a * 100 / b}'
}

bench_slow() {
	local pairs=${BENCH_PAIRS:-9} pair watcher watchers='nap_10khz tsample_1khz tsample_10khz blocking_10khz'
	title "speed that the target keeps, percent (median of $pairs pairs, first and third quartile)"
	[ -z "$newest" ] || watchers="$watchers tachyon_10khz"
	head -c 16 /dev/zero >"$work/count"
	start_python count.py "$work/count"
	for ((pair = 0; pair < pairs; pair++)); do
		for watcher in $watchers; do
			kept "$watcher" >>"$work/kept.$watcher"
		done
	done
	stop_target
	for watcher in $watchers; do
		sort -g "$work/kept.$watcher" | awk -v name="$watcher" '{n[NR] = $1}
			END {printf "%-16s %7s %7s %7s\n", name, n[int((NR + 1) / 2)], n[int((NR + 3) / 4)], n[int((3 * NR + 1) / 4)]}'
	done
}

# With one sample asked for, it is written at once, together with all that comes before it.
tsample_start() { $here "$helpers/first" build/tsample -q -n 1 -r 100khz -p "$target"; }
exec_start() { $here "$helpers/first" build/tsample --version; }

bench_start() {
	local version command
	title "from exec to the first sample written, ms (medians of $rounds, and the quickest)"
	printf '%-8s %8s %9s %14s %8s %16s\n' version ms quickest 'until the end' 'of CPU' 'exec --version'
	while IFS=$'\t' read -r -u 8 version command; do
		# shellcheck disable=SC2086 # the interpreter may be several words
		start_target $command "$work/depth.py" 100
		take_turns tsample_start exec_start
		stop_target
		printf '%-8s %8s %9s %14s %8s %16s\n' "$version" "$(of tsample_start)" \
			"$(sort -g "$work/tsample_start" | head -n 1 | cut -d ' ' -f 1)" \
			"$(of tsample_start 2)" "$(of tsample_start 3)" "$(of exec_start)"
	done 8<<<"$pythons"
}

status_kb() { awk -v name="$2:" '$1 == name {print $2}' "/proc/$1/status"; }

# begin_watching SCRIPT ARGUMENT...: a target, and tsample on it at 10 kHz; $sampler is its process.
begin_watching() {
	start_python "$@"
	$here build/tsample -q -r 10khz -o "$work/watched.bin" -p "$target" &
	sampler=$!
}

end_watching() {
	kill -TERM "$sampler" # SIGINT is ignored in the background
	wait "$sampler"
	stop_target
	rm "$work/watched.bin"
}

bench_minute() {
	local script
	title 'memory of the sampler in a minute at 10 kHz'
	for script in 'depth.py 100' 'churn.py'; do
		# shellcheck disable=SC2086 # words
		begin_watching $script
		sleep 60
		printf '%-14s at most %s kB\n' "$script" "$(status_kb "$sampler" VmHWM)"
		end_watching
	done
}

bench_memory() {
	local minutes=${BENCH_MINUTES:-10} early late
	title 'memory of the sampler on a target that executes new code all the time, 10 kHz'
	begin_watching churn.py
	sleep "$((minutes * 60 / 5))"
	early=$(status_kb "$sampler" VmRSS)
	sleep "$((minutes * 60 * 4 / 5))"
	late=$(status_kb "$sampler" VmRSS)
	end_watching
	printf 'after a fifth of %s minutes %s kB, at their end %s kB: ratio %s\n' "$minutes" "$early" "$late" \
		"$(ratio "$late" "$early")"
}
