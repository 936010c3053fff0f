# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# What the parts of tests/bench/run share: targets, samplers that take turns, medians.

rounds=${BENCH_ROUNDS:-5} seconds=${BENCH_SECONDS:-2}
work=$(mktemp -d) # below the folder that tests/pythons binds into its root
chmod 755 "$work"
cp tests/bench/*.py "$work"
helpers=build/tests/bench
target=
trap 'stop_target; rm -rf "$work"' EXIT
here='taskset -c 1' there='taskset -c 0'
[ "$(nproc)" -gt 1 ] || { echo 'bench: one CPU only: figures of sampling say little here' >&2; here='' there=''; }

pythons=$(tests/pythons list)
newest=$(awk -F'\t' '$1 ~ /^3\.15/ {print $2; exit}' <<<"$pythons") # which has Tachyon
python=${newest:-$(tail -n 1 <<<"$pythons" | cut -f 2)}

build_helpers() {
	local name
	mkdir -p "$helpers"
	for name in replay stacks samples cost first nap; do
		# shellcheck disable=SC2046 # two words, or none
		${CC:-cc} -std=c17 -D_GNU_SOURCE -O2 -Ilib $([ $name != replay ] || echo -Wl,--wrap=remote_read_pieces) \
			tests/bench/$name.c build/lib.a -lzstd -lz -lmd -o "$helpers/$name"
	done
}

# start_target COMMAND...: runs it until it says "ready"; $target is the process.
start_target() {
	local ready=$work/ready
	rm -f "$ready"
	mkfifo "$ready"
	# shellcheck disable=SC2086
	$there "$@" >"$ready" &
	target=$!
	exec 9<"$ready"
	read -r -u 9 _
}

# start_python SCRIPT ARGUMENT...: the same, a script of this folder on $python.
start_python() {
	local script=$1
	shift
	# shellcheck disable=SC2086 # the interpreter may be several words
	start_target $python "$work/$script" "$@"
}

stop_target() {
	[ -z "$target" ] || kill "$target" 2>/dev/null || true
	[ -z "$target" ] || wait "$target" 2>/dev/null || true
	target=
}

# costing COMMAND...: where samplers run; $work/cost tells how long it took, and how much CPU time.
costing() {
	$here "$helpers/cost" "$work/cost" "$@"
}

cpu_ms() { cut -d ' ' -f 2 "$work/cost"; }

# What the sampler said of itself under that name.
said() { tail -n 1 "$work/said" | sed -n "s/.*\"$1\":\([0-9.]*\).*/\1/p"; }

# tsample_row OPTION...: runs tsample, and prints what it reached as one row of
# TICKS/S  SAMPLES/S  CPU-%  CPU-US/TICK  TORN-%  UNREADABLE-%
tsample_row() {
	costing build/tsample -q --stats-json 5 "$@" -o "$work/ours.bin" -p "$target" 5>"$work/said"
	awk -v ticks="$(said ticks)" -v samples="$(said samples)" -v span="$(said span_s)" -v cpu="$(cpu_ms)" \
		-v torn="$(said torn)" -v unreadable="$(said unreadable)" 'BEGIN {
		all = samples + unreadable + (samples + unreadable == 0)
		printf "%.0f %.0f %.1f %.2f %.2f %.2f\n", ticks / span, samples / span, cpu / span / 10,
			cpu * 1000 / ticks, torn * 100 / all, unreadable * 100 / all }'
}

# tachyon_row OPTION...: the same of Tachyon's: TICKS/S  SAMPLES/S  CPU-%  CPU-US/TICK  ERRORS-%
# Its start and end, half a second of CPU time, are not counted.
tachyon_row() {
	[ -n "${tachyon_start_ms:-}" ] || tachyon_start
	tachyon "$@"
	awk -v start="$tachyon_start_ms" -v cpu="$(cpu_ms)" '
		/^Captured/ { ticks = $2; gsub(",", "", ticks); span = $(NF - 1) }
		/^Error rate/ { errors = $NF }
		/^Binary profile/ { samples = $(NF - 1); sub(/\(/, "", samples) }
		END { cpu -= start; printf "%.0f %s %.1f %.2f %.2f\n", ticks / span,
			samples ? sprintf("%.0f", samples / span) : "-", cpu / span / 10, cpu * 1000 / ticks, errors }' "$work/said"
}

# Its fastest output; it writes tasks in others only.
tachyon() {
	local form=--binary
	[[ " $* " != *' --async-aware '* ]] || form=--collapsed
	# shellcheck disable=SC2086 # the interpreter may be several words
	costing $newest -m profiling.sampling attach "$@" $form -o "$work/theirs.out" "$target" >"$work/said" 2>&1 ||
		{ cat "$work/said" >&2; return 1; }
}

# The least of three times: what is taken away must not be too much.
tachyon_start() {
	local round
	for ((round = 0; round < 3; round++)); do
		tachyon -r 10 -d 1
		cpu_ms
	done >"$work/started"
	tachyon_start_ms=$(sort -g "$work/started" | head -n 1)
}

# take_turns PROBE...: each of them prints a row, in turn; $work/PROBE has those of all rounds.
take_turns() {
	local probe round
	for probe; do : >"$work/$probe"; done
	for ((round = 0; round < rounds; round++)); do
		for probe; do "$probe" >>"$work/$probe"; done
	done
}

# of PROBE [COLUMN]: the median of its rows.
of() { awk -v c="${2:-1}" '{print $c}' "$work/$1" | median; }
median() { sort -g | awk '{n[NR] = $1} END {print NR ? n[int((NR + 1) / 2)] : "-"}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {if (b > 0) printf "%.2f", a / b; else print "-"}'; }
title() { printf '\n%s\n' "$*"; }
