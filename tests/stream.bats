#!/usr/bin/env bats
# The stream: what tstream(5) promises.

load helper

setup_file() {
	"$here/golden/build"
}

totals() {
	"$root/build/tests/golden/totals" "$@"
}

golden=$here/golden

@test "every golden stream still means what it meant" {
	local bin

	for bin in "$golden"/*.bin; do
		run -0 --separate-stderr totals "$bin"
		is "$output" "$(cat "${bin%.bin}.txt")"
		is "$stderr" ""
	done
}

@test "a reader written from the page alone finds the same totals" {
	local bin

	for bin in "$golden"/*.bin; do
		run -0 --separate-stderr python3 "$here/reader.py" "$bin"
		is "$output" "$(cat "${bin%.bin}.txt")"
	done
}

@test "today's writer still writes the uncompressed golden streams, byte for byte" {
	local bin

	"$root/build/tests/golden/make" "$BATS_TEST_TMPDIR"
	for bin in "$golden"/*.bin; do
		[[ $bin != *.zst.bin ]] || continue
		cmp "$bin" "$BATS_TEST_TMPDIR/${bin##*/}"
	done
}

# The sums of "stack" lines over all runs.
samples_of_totals() {
	perl -ne 'next unless s/^stack //; /^(.*) (\d+) \d+$/ or next; $n{$1} += $2;
		END { for (keys %n) { print length ? $_ : "<root>", " $n{$_}\n" if $n{$_} } }' | sort
}

# Lines of tfold -t without its files, with all escapes of golden/README, and added up again.
samples_of_tfold() {
	sed -E 's! \((/|<task>)[^)]*\)!!g' | perl -ne 's/([^\x20-\x7e\n])/sprintf "\\x%02x", ord $1/ge;
		/^(.*) (\d+)$/; $n{$1} += $2; END { print "$_ $n{$_}\n" for keys %n }' | sort
}

@test "tfold -t counts the same samples" {
	local name

	need tfold
	export LC_ALL=C
	for name in tiny tiny.zst threads restart markers folded joined unknown \
		lanes timeless states; do
		is "$(tfold -t "$golden/$name.bin" 2>/dev/null | samples_of_tfold)" \
			"$(samples_of_totals <"$golden/$name.txt")"
	done
}

@test "the dump in tstream(5) is tiny.bin" {
	local dump=$BATS_TEST_TMPDIR/dump

	sed -n '/BEGIN tiny/,/END tiny/s/^\([0-9a-f]\{4\}\)  \(\([0-9a-f]\{2\} \?\)*\).*/\1: \2/p' \
		"$root/man/tstream.5" >"$dump"
	is "$(cut -d: -f2 "$dump" | xxd -r -p | xxd)" "$(xxd "$golden/tiny.bin")"
	awk -F: '{ if ($1 != sprintf("%04x", at)) exit 1; at += split($2, bytes, " ") }' "$dump"
}

@test "two streams, one after the other, are a stream" {
	local a=$golden/threads.bin b=$golden/folded.bin

	run -0 --separate-stderr totals <(cat "$a" "$b")
	is "$output" "$(totals "$a" "$b")"
	is "$stderr" ""
}

@test "a stream is read as it flows, from a pipe and in pieces of any length" {
	run -0 --separate-stderr totals - < <(dd if="$golden/restart.bin" bs=7 status=none)
	is "$output" "$(cat "$golden/restart.txt")"
}

@test "a stream that was cut anywhere keeps what was before, and is told once, with the byte" {
	local stream=$golden/restart.bin size n cut=$BATS_TEST_TMPDIR/cut

	size=$(stat -c %s "$stream")
	for ((n = 1; n < size; n++)); do
		head -c "$n" "$stream" >"$cut"
		totals "$cut" >"$cut.txt" 2>"$cut.err" && fail "cut at $n: nobody saw it"
		matches "$(<"$cut.err")" "$cut: byte [0-9]+: the stream was cut[^
]*"
		awk '/^stack/ { samples += $(NF - 1) } END { print samples + 0 }' "$cut.txt"
		# The reader that was written from the page keeps the same; it takes its time.
		((n % 20)) || is "$(<"$cut.txt")" "$(python3 "$here/reader.py" "$cut" 2>/dev/null)"
	done >"$BATS_TEST_TMPDIR/kept"
	awk '$1 < kept { exit 1 } { kept = $1 } END { exit kept != 12 }' "$BATS_TEST_TMPDIR/kept"
}

@test "a byte that changed anywhere is told, and other segments are kept" {
	local stream=$golden/restart.bin at changed=$BATS_TEST_TMPDIR/changed

	for at in 0 5 24 100 200 300 400 500 600; do
		cp "$stream" "$changed"
		printf '\x5a' | dd of="$changed" bs=1 seek="$at" conv=notrunc status=none
		run -1 --separate-stderr totals "$changed"
		matches "$stderr" "$changed: byte [0-9]+: [^
]*lost[^
]*"
		[ "$(awk '/^stack/ { samples += $(NF - 1) } END { print samples + 0 }' <<<"$output")" -ge 8 ]
	done
}

@test "unknown portable records stay with their run, other unknown ones are counted" {
	need tfold
	run -0 --separate-stderr tfold -o "$BATS_TEST_TMPDIR/folded.bin" "$golden/unknown.bin"
	is "$stderr" "tfold: dropped 1 record of unknown types"
	run -0 --separate-stderr totals "$BATS_TEST_TMPDIR/folded.bin"
	is "$(grep ^portable <<<"$output")" "$(grep ^portable "$golden/unknown.txt")"
}
