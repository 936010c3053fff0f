#!/usr/bin/env bats
# Pipes: closed ends, full disks, terminals and Ctrl-C, for every tool.

load helper

# Streams of some size: a folded one, of collapsed text with many stacks, and a raw one.
setup_file() {
	export stream=$BATS_FILE_TMPDIR/stream raw=$BATS_FILE_TMPDIR/raw
	"$here/golden/build"
	"$root/build/tests/bench/samples" 9000 2 100 >"$raw"
	[ -x "$build/timport" ] || return 0
	awk 'BEGIN { srand(1912); for (i = 0; i < 20000; i++)
		printf "main;f%d;g%d;h%d;i%d %d\n", i % 7, i % 1009, i, rand() * 1e9, i % 9 + 1 }' |
		timport -o "$stream"
}

# tdiff is a filter where its baseline is named already, texport where its format is.
setup() {
	need timport
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/bash\nexec -a tdiff "%s" -b "%s" "$@"\n' "$build/tdiff" "$stream" >"$BATS_TEST_TMPDIR/bin/tdiff"
	printf '#!/bin/bash\nexec -a texport "%s" -q jsonl "$@"\n' "$build/texport" >"$BATS_TEST_TMPDIR/bin/texport"
	chmod +x "$BATS_TEST_TMPDIR/bin"/t*
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# What tdump takes: a raw stream, whose last stack has many lines.
raw_stream() {
	[ -e "$BATS_FILE_TMPDIR/deep" ] && return
	start "$(a_python)" -I -c '
import os, sys
sys.setrecursionlimit(9000)
def f(n): return g(n - 1) if n else os.write(9, b"x\n") and sys.stdin.read()
def g(n): return f(n)
f(3000)' || return
	until parked "$pid"; do :; done
	tsample -q -n 3 -p "$pid" -o "$BATS_FILE_TMPDIR/deep"
	end_own
}

# each FUNCTION: for every filter and an input that it takes; goes on after failures.
each() {
	local tool status failed='' input

	for tool in "${tools[@]}"; do
		[[ $tool != tsample && $tool != ttop ]] || continue # ttop draws, and ttop.bats has its pipes
		need "$tool"
		input=$stream
		[ "$tool" != timport ] || input=$BATS_TEST_TMPDIR/text
		[ "$tool" != tgecko ] || input=$raw
		[ "$tool" != tdump ] || { raw_stream && input=$BATS_FILE_TMPDIR/deep; }
		[ -e "$input" ] || tfold -t "$stream" >"$input"
		# Behind "||" a command that fails in the middle would be passed over.
		set +e
		(
			set -e
			"$1" "$tool" "$input"
		)
		status=$?
		set -e
		[ $status = 0 ] || failed=$tool
	done
	[ -z "$failed" ] || fail "($failed)"
}

closed_output() {
	run -1 --separate-stderr bash -c '"$0" "$1" >&-' "$1" "$2"
	matches "$stderr" "$1: standard output: .*"
}

@test "a standard output that is not open is told" {
	each closed_output
}

full() {
	run -1 --separate-stderr bash -c '"$0" "$1" >/dev/full' "$1" "$2"
	is "$stderr" "$1: standard output: No space left on device"
}

@test "a full disk is told, and is 1" {
	each full
}

full_file() {
	run -1 --separate-stderr "$1" -o /dev/full "$2"
	is "$stderr" "$1: /dev/full: No space left on device"
}

@test "a full disk is told with the name of the output" {
	each full_file
}

gone_reader() {
	run -0 --separate-stderr bash -c '"$0" "$1" | true; echo ${PIPESTATUS[0]}' "$1" "$2"
	is "$stderr" "" || return
	is "$output" 141
}

@test "a reader that is gone ends a tool by SIGPIPE, silently" {
	each gone_reader
}

on_a_terminal() {
	case $1 in
	tflame | theat | tgecko | tstat | tdump | ttop | texport) return 0 ;;
	esac
	run script -qec "$1 $2" /dev/null
	is "$status" 1 || return
	matches "${output%%$'\r'*}" "$1: standard output: a binary stream is not for a terminal"
}

@test "a binary stream is never written to a terminal" {
	need_terminal
	each on_a_terminal
}

whole_file() {
	local out=$BATS_TEST_TMPDIR/out.$1

	"$1" -o "$out" "$2" || return
	cmp "$out" <("$1" "$2") || return
	cmp <("$1" <"$2") <("$1" - <"$2") || return
	is "$(ls -d "$out"*)" "$out" || return
	# What timport reads has no name of its own but its file's.
	[ "$1" = timport ] || cmp "$out" <("$1" <"$2")
}

@test "-o, standard output, and input by name, by \"-\" and by default are the same bytes" {
	each whole_file
}

no_input() {
	local out=$BATS_TEST_TMPDIR/none.$1

	run -1 --separate-stderr "$1" -o "$out" "$BATS_TEST_TMPDIR/no-such-file"
	is "${stderr_lines[0]}" "$1: $BATS_TEST_TMPDIR/no-such-file: No such file or directory" || return
	is "$(ls -d "$out".* 2>/dev/null)" ""
}

@test "an input that is not there is told, and nothing half-written stays" {
	each no_input
}

alien() {
	local out=$BATS_TEST_TMPDIR/alien.$1

	[ "$1" != timport ] || return 0
	run -1 --separate-stderr "$1" -o "$out" "$root/Makefile"
	matches "${stderr_lines[0]}" "$1: $root/Makefile: .*" || return
	is "$output" ""
}

@test "an input that is no stream is refused" {
	each alien
}

empty() {
	[ "$1" != timport ] || return 0
	run -1 --separate-stderr "$1" /dev/null
	matches "${stderr_lines[0]}" "$1: /dev/null: .*"
}

@test "an empty input is no stream" {
	each empty
}

# The process group of a pipeline gets SIGINT, as from a terminal's Ctrl-C.
@test "Ctrl-C ends the sampler, and the filters behind it finish" {
	local f=$BATS_TEST_TMPDIR/f group

	need tsample tfold
	can_attach
	park "$(a_python)" recursion
	setsid env --default-signal=INT bash -c '
		trap : INT
		tsample -q -r 10khz -p "$1" | tee -i "$2.raw" | tfold -t -o "$2"
		echo "${PIPESTATUS[*]}" >"$2.status"' bash "$pid" "$f" 3>&- &
	group=$!
	own+=("$group")
	until [ -s "$f.raw" ]; do
		kill -0 "$group"
	done
	kill -INT -- "-$group"
	wait "$group"
	read -r sampler _ filter <"$f.status"
	is "$sampler $filter" "0 0"
	[ -s "$f" ]
	kill -0 "$pid"
}

@test "the second Ctrl-C ends a filter, and nothing half-written stays" {
	local f=$BATS_TEST_TMPDIR/f status=0

	need tfold
	mkfifo "$f.in"
	env --default-signal=INT tfold -o "$f" <"$f.in" 3>&- &
	pid=$!
	own+=("$pid")
	exec {hold}>"$f.in"
	head -c 1000 "$stream" >&"$hold"
	until grep -qE '^SigCgt:.*[2367abef]$' "/proc/$pid/status"; do
		kill -0 "$pid"
	done
	kill -INT "$pid"
	while read -r _ _ state _ <"/proc/$pid/stat" && [ "$state" != Z ]; do
		kill -INT "$pid" 2>/dev/null || break
	done 2>/dev/null
	wait "$pid" || status=$?
	is "$status" 130
	is "$(ls -d "$f" "$f".*.part 2>/dev/null)" ""
}

@test "cat of two streams is a stream" {
	need tfold
	is "$(cat "$stream" "$stream" | tfold -t 2>/dev/null | awk '{ n += $NF } END { print n }')" \
		"$(tfold -t "$stream" | awk '{ n += 2 * $NF } END { print n }')"
}

@test "a tool does not depend on the locale" {
	need tfold
	is "$(LC_ALL=C tfold -t "$stream" | sha256sum)" "$(LC_ALL=C.UTF-8 tfold -t "$stream" | sha256sum)"
}
