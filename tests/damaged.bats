#!/usr/bin/env bats
# Damaged streams: each is told in exact words, and what is good of it is kept.
# No process is watched, so the tests may run
# side_by_side

load helper

setup_file() {
	"$here/golden/build"
	export PATH=$root/build/tests/golden:$PATH
}

cd "$here/damaged" || exit

# Sets complaint to that of the stream $1.
complain() {
	IFS= read -rd '' complaint <"${1%.bin}.err" || :
	complaint=${complaint//INPUT/"$1"}
	complaint=${complaint%$'\n'}
}

# Runs a command, which must end with status 1, and sets stderr. (bats' run takes a process or five.)
refuses() {
	local ended=0

	"$@" >/dev/null 2>"$BATS_TEST_TMPDIR/err" || ended=$?
	IFS= read -rd '' stderr <"$BATS_TEST_TMPDIR/err" || :
	stderr=${stderr%$'\n'}
	[ "$ended" -eq 1 ] || fail "$*: it ended with status $ended" "$stderr"
}

@test "each damaged stream is told in exact words, with its byte" {
	local bin

	for bin in *.bin; do
		complain "$bin"
		refuses "$root/build/tests/golden/totals" "$bin"
		is "$stderr" "$complaint"
	done
}

@test "every tool that reads streams tells the same" {
	local tool bin line told

	for tool in tfold tflame theat tgecko tstat tdump 'texport collapsed'; do
		[ -x "$build/${tool%% *}" ] || continue
		for bin in *.bin; do
			complain "$bin"
			# shellcheck disable=SC2086 # two words
			refuses $tool "$bin"
			told=$'\n'$stderr$'\n'
			told=${told//$'\n'"${tool%% *}: "/$'\n'}
			while read -r line; do
				[[ $told == *$'\n'"$line"$'\n'* ]] ||
					fail "$tool $bin: wanted: $line" "got: $stderr"
			done <<<"$complaint"
		done
	done
}

@test "what is good is kept, and a reader written from the page alone keeps the same" {
	local bin

	for bin in *.bin; do
		# The page's ranges that this reader takes on trust, and an input that is no stream.
		case $bin in
		content-changes.bin | empty.bin | end-again.bin | end-unwatched.bin | \
			outcome-span.bin | ran-span.bin | run-time.bin | source-piece.bin | tick-time.bin) continue ;;
		esac
		run -1 --separate-stderr python3 "$here/reader.py" "$bin"
		is "$output" "$("$root/build/tests/golden/totals" "$bin" 2>/dev/null)"
	done
}

@test "damage in the middle costs a segment, and neither the one before nor the one after" {
	run -1 --separate-stderr "$root/build/tests/golden/totals" damaged-in-the-middle.bin
	is "$(grep ^stack <<<"$output")" "stack a 1 16
stack a;b 3 48"
}

@test "a small stream never asks for much memory" {
	local bin

	for bin in *.bin; do
		(
			ulimit -v 200000
			"$root/build/tests/golden/totals" "$bin" >/dev/null 2>"$BATS_TEST_TMPDIR/err" || :
		)
		complain "$bin"
		is "$(cat "$BATS_TEST_TMPDIR/err")" "$complaint"
	done
}

@test "the damaged streams are those that their program makes" {
	local bin

	"$root/build/tests/damaged/make" "$BATS_TEST_TMPDIR"
	for bin in *.bin; do
		# Compressed bytes depend on the library; crashes that were found are not made.
		case $bin in
		zstd-* | segment-too-long.bin | string-too-long.bin | stack-too-deep.bin | \
			too-many-strings.bin | crash-*) continue ;;
		esac
		cmp "$bin" "$BATS_TEST_TMPDIR/$bin"
	done
}
