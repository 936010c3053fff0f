#!/usr/bin/env bats
# timport(1) and the binary files of CPython's profiling.sampling, Tachyon.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

imports=$here/imports

# Adds up equal lines; sorted.
added() {
	LC_ALL=C awk '{ n = $NF; sub(/ [0-9]+$/, ""); sum[$0] += n }
		END { for (stack in sum) print stack, sum[stack] }' | LC_ALL=C sort
}

# tachyon_text STREAM TID...: collapsed text as Tachyon has it, of these threads.
tachyon_text() {
	local tid

	for tid in "${@:2}"; do
		tfold -tl --thread "$tid" "$1" | grep -v '^<no python> ' |
			sed -E 's/([^;]*) \(([^;]*\/)?([^;\/]*):([0-9]+)\)/\3:\1:\4/g
				s/([^;]*) \(([^;]*\/)?([^;\/:]*)\)/\3:\1:0/g
				s/^/tid:'"$tid;/"
	done | added
}

# FILE TEXT: timport reads of the file what Tachyon reads of it, which tells nothing of a thread
# without frames.
reads_the_same() {
	local tids

	tids=$(sed 's/^tid:\([0-9]*\).*/\1/' "$2" | sort -un)
	[ -n "$tids" ] || fail "Tachyon found no thread" || return
	timport "$1" >stream || return
	# shellcheck disable=SC2086 # numbers
	is "$(tachyon_text stream $tids)" "$(added <"$2")" || return
	is "$(tfold -t stream | grep -v '^<no python> ' | awk '{ n += $NF } END { print n }')" \
		"$(awk '{ n += $NF } END { print n }' "$2")"
}

@test "timport reads in a file of Tachyon's what Tachyon reads in it" {
	local peer

	for peer in "$imports"/tach-*.peer; do
		reads_the_same "${peer%.peer}.bin" "$peer"
	done
}

@test "byte order, forms of records, compression and statistics of a file change nothing" {
	local file way

	need python3 zstd
	for file in "$imports"/tach-*.bin; do
		timport "$file" | tfold -tlT --weight time >as-it-is
		for way in "big" "little plain" "packed full" "big full plain" "suffix" "big suffix plain" \
			"pop-push" "big pop-push plain" "apart pop-push" "big apart" "old big"; do
			# shellcheck disable=SC2086 # words
			python3 "$imports/tach.py" "$file" $way >other
			run -0 --separate-stderr bash -o pipefail -c 'timport other | tfold -tlT --weight time'
			is "$output" "$(cat as-it-is)"
			is "$stderr" ""
		done
	done
}

@test "without statistics the last sample stands for an interval at most" {
	need python3
	python3 "$imports/tach.py" "$imports/tach-plain.bin" none >other
	run -0 --separate-stderr bash -o pipefail -c 'timport other | tfold -tlT'
	is "$output" "$(timport "$imports/tach-plain.bin" | tfold -tlT)"
}

# OPTIONS PYTHON...: a file, and Tachyon's own reading of it. Where it does not get to its
# target in time, it is asked once more.
sampled() {
	local try

	rm -f file text
	for try in once more again; do
		echo "$try"
		# shellcheck disable=SC2086 # words
		"${@:2}" -m profiling.sampling run --binary $1 -o "$PWD/file" "$(targets)/watched.py" 1 &&
			"${@:2}" -m profiling.sampling replay "$PWD/file" --collapsed -o "$PWD/text" &&
			[ -s text ] && return
	done
	return 1
}

# VERSION PYTHON...: samples in every mode, and compares.
samples_and_compares() {
	local options

	for options in "-a" "--native --opcodes" "-a --mode cpu --no-gc" "-a --mode gil --compression none" \
		"--mode exception" "-a --blocking -r 200hz"; do
		sampled "$options" "${@:2}" >log 2>&1 ||
			fail "$1 $options: Tachyon failed" "$(tail -n 10 log)" || return
		reads_the_same file text || fail "$1 $options" || return
	done
}

@test "what this machine's Tachyon samples, in every mode, is read as its replay reads it" {
	can_attach
	each_python '3.15.*' samples_and_compares
}

@test "equal times are one tick: threads of a file are seen together, and times are those between ticks" {
	need python3
	timport "$imports/tach-zstd.bin" >raw
	run -0 --separate-stderr python3 "$here/reader.py" raw
	is "$(grep -c '^named' <<<"$output")" 2
	matches "$(grep '^outcome' <<<"$output")" "outcome 0 [0-9]+ 121 241 2( [0-9]+:[0-9]+)*"
}

@test "a file of Tachyon's keeps its samples one by one, for the Firefox Profiler" {
	need tgecko jq
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tgecko | jq -c ".threads[] | [.name, .samples.length]"' "$imports/tach-zstd.bin"
	is "$output" '["MainThread",121]
["thread 483",120]'
}

@test "instructions, columns and markers of Tachyon are ours" {
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -t --by opcode' "$imports/tach-zstd.bin"
	matches "$output" ".*leaf \(/tmp/app.py\) \[[A-Z_]+ [A-Z_]+\] [0-9]+.*"
	matches "$output" ".*<native>;<module>.*|.*<native>;_run_module_as_main.*"
}

@test "a file that is cut has no tables, and is refused by the place" {
	head -c 1000 "$imports/tach-zstd.bin" >short
	run -1 --separate-stderr timport -o out short
	is "$stderr" "timport: short: byte 48: the frames lie outside of the file"
	head -c 60 "$imports/tach-zstd.bin" >short
	run -1 --separate-stderr timport -o out short
	is "$stderr" "timport: short: byte 60: the file ends too early"
	[ ! -e out ]
}

@test "another version of the format is refused, with who wrote it" {
	{ printf 'HCAT\2\0\0\0\3\20\1\0'; tail -c +13 "$imports/tach-plain.bin"; } >other
	run -1 --separate-stderr timport other
	is "$stderr" "timport: other: byte 4: version 2 of Tachyon's format, and only 1 is known
hint: Python 3.16.1 wrote it"
}

# A word of the file at an offset, as little-endian bytes.
patched() {
	local file=$1 at=$2 bytes=$3

	head -c "$at" "$file"
	printf %b "$bytes"
	tail -c +$((at + $(printf %b "$bytes" | wc -c) + 1)) "$file"
}

@test "what a file promises and does not hold is told by its place, and good samples stay" {
	local size file=$imports/tach-plain.bin

	size=$(stat -c %s "$file")
	patched "$file" 28 '\377\377\377\377\377' >bad-samples
	run -1 --separate-stderr bash -o pipefail -c 'timport bad-samples | tfold -t | wc -l'
	is "$stderr" "timport: bad-samples: byte 28: the header counts 1099511627775 samples, there are 62"
	is "$output" "$(timport "$file" | tfold -t | wc -l)"
	patched "$file" $((size - 32)) '\377\377\377\177' >bad-strings
	run -1 --separate-stderr timport -o out bad-strings
	is "$stderr" "timport: bad-strings: byte $((size - 32)): more strings are promised than there are"
	patched "$file" $((size - 28)) '\377\377\377\177' >bad-frames
	run -1 --separate-stderr timport -o out bad-frames
	is "$stderr" "timport: bad-frames: byte $((size - 28)): more frames are promised than there are"
	patched "$imports/tach-zstd.bin" 36 '\1' >bad-threads
	run -1 --separate-stderr bash -o pipefail -c 'timport bad-threads | tfold -t | wc -l'
	matches "$stderr" "timport: bad-threads: byte [0-9]+ of the unpacked samples: there are more threads than the header counts"
	[ "$output" -gt 0 ]
}

@test "a small file that unpacks to much is refused in small memory" {
	need python3 zstd
	head -c 100M /dev/zero | zstd -q -c >bomb
	python3 - "$imports/tach-zstd.bin" bomb >file <<-'END'
		import struct, sys
		data, bomb = (open(name, "rb").read() for name in sys.argv[1:])
		strings, frames = struct.unpack_from("<2Q", data, 40)
		tail = data[strings:-24] + struct.pack("<Q16x", 64 + len(bomb) + len(data) - strings)
		move = 64 + len(bomb) - strings
		head = data[:40] + struct.pack("<2Q", strings + move, frames + move) + data[56:64]
		sys.stdout.buffer.write(head + bomb + tail)
	END
	run -1 --separate-stderr bash -c 'ulimit -v 100000; timport -o out file'
	is "$stderr" "timport: file: byte 64: the samples cannot be unpacked: it unpacks to more than 64 times its size"
}
