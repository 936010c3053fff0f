# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# A part of tests/bench/run: comparing, beside inferno, difffolded.pl and Tachyon, each from
# its own form of the same stacks. Rivals that are not here are named and left out.

sid=${XDG_CACHE_HOME:-$HOME/.cache}/tachytools/sid
# BENCH_STACKS of each side for all but Tachyon, which takes minutes for a tenth of them.
stacks=${BENCH_STACKS:-1000000}

# Built once, of Debian sid's packages and by its compiler, in the root that tests/pythons made.
find_inferno() {
	inferno=${INFERNO:-$sid/opt/inferno/release/diff-folded}
	[ ! -x "$inferno" ] && [ -d "$sid/opt" ] && [ "$(id -u)" -eq 0 ] || return 0
	echo 'bench: building inferno in the root of Debian sid' >&2
	rm -rf "$sid/opt/inferno"
	mkdir -p "$sid/opt/inferno/.cargo"
	cp -r tests/bench/inferno/* "$sid/opt/inferno/"
	printf '[source.crates-io]\nreplace-with = "debian"\n[source.debian]\ndirectory = "%s"\n' \
		/usr/share/cargo/registry >"$sid/opt/inferno/.cargo/config.toml"
	chroot "$sid" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/tmp DEBIAN_FRONTEND=noninteractive \
		${http_proxy:+"http_proxy=$http_proxy"} sh -c '
		apt-get -q -y --no-install-recommends install librust-inferno-dev cargo &&
		cd /opt/inferno && cargo build --offline --release --target-dir .' >&2 || return 0
}

compare_ours() { costing build/tdiff -q -o "$work/diff.bin" "$work/$1.0.bin" "$work/$1.1.bin"; }
compare_inferno() { costing "$inferno" "$work/$1.0.txt" "$work/$1.1.txt" >"$work/diff.txt"; }
compare_perl() { costing perl "$DIFFFOLDED" "$work/$1.0.txt" "$work/$1.1.txt" >"$work/diff.txt"; }

compare_tachyon() {
	# shellcheck disable=SC2086 # the interpreter may be several words
	costing $newest -m profiling.sampling replay --diff-flamegraph "$work/$1.0.tach" \
		-o "$work/diff.html" "$work/$1.1.tach" >/dev/null
}

# make_sides NAME STACKS: NAME.0.bin and NAME.1.bin, and the same as text.
make_sides() {
	local side
	for side in 0 1; do
		"$helpers/stacks" "$2" 50 $side | build/tfold -q >"$work/$1.$side.bin"
		build/tfold -q -t "$work/$1.$side.bin" >"$work/$1.$side.txt"
	done
}

make_tach() {
	local side
	for side in 0 1; do
		# shellcheck disable=SC2086 # the interpreter may be several words
		$newest "$work/tach.py" "$work/$1.$side.tach" <"$work/$1.$side.txt"
	done
}

# row NAME SIDES: seconds of wall and CPU time and MB, medians.
compare_row() {
	local round
	for ((round = 0; round < rounds; round++)); do
		"compare_$1" "$2"
		cat "$work/cost"
	done >"$work/$1.rows"
	printf '%-10s %8s s  CPU %8s s  %6s MB\n' "$1" "$(awk '{print $1 / 1000}' "$work/$1.rows" | median)" \
		"$(awk '{print $2 / 1000}' "$work/$1.rows" | median)" "$(awk '{print $3 / 1000}' "$work/$1.rows" | median)"
}

bench_compare() {
	title "comparing two sides of $stacks stacks of depth 50"
	find_inferno
	make_sides all "$stacks"
	compare_row ours all
	if [ -x "$inferno" ]; then compare_row inferno all; else echo 'inferno is not here'; fi
	if [ -n "${DIFFFOLDED:-}" ]; then compare_row perl all; else echo 'difffolded.pl is not here: DIFFFOLDED=PATH'; fi
	[ -n "$newest" ] || { echo 'Tachyon is not here'; return; }
	make_sides tenth $((stacks / 10))
	make_tach tenth
	title "$((stacks / 10)) stacks, Tachyon to a differential flame graph"
	compare_row ours tenth
	rounds=1 compare_row tachyon tenth
}
