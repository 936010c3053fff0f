#!/usr/bin/env bats
# timport(1) and what Austin writes: its text, and its binary files, MOJO.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

imports=$here/imports

# Lines of Austin's text in file $1, as tfold prints them with threads, lines and times.
expected() {
	grep -v -e '^#' -e '^$' "$1" | perl -ne '
		/^P(\d+);T\d+:(\d+)(.*) (\d+)(,[01],-?\d+)?$/ or die;
		my ($pid, $tid, $stack, $us) = ($1, $2, $3, $4);
		my @frames = grep { length } split /;/, $stack =~ s/:(GC|INVALID):/$1/gr;
		s/^GC$/<GC>/, s/^INVALID$/<unreadable>/ for @frames;
		s/^(.*):([^:]*):(\d+)$/"$2 ($1" . ($3 && $3 < 2**31 ? ":$3)" : ")")/e for @frames;
		@frames = ("<no python>") unless @frames;
		my $thread = $tid == $pid ? "MainThread" : "thread $tid";
		$sum{join ";", $thread, @frames} += $us if $us;
		END { print "$_ $sum{$_}\n" for keys %sum }' | LC_ALL=C sort
}

# Our own reading of file $1, without the processes.
read_by_us() {
	timport "$1" | tfold -tlT --weight time | perl -ne '
		s/^process[^;]*;//; /^(.*) (\d+)$/; $sum{$1 =~ s/^MainThread \d+/MainThread/r} += $2;
		END { print "$_ $sum{$_}\n" for keys %sum }' | LC_ALL=C sort
}

@test "every stack, thread and time of Austin's text is read" {
	is "$(read_by_us "$imports/austin.txt")" "$(expected "$imports/austin.txt")"
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -tT' "$imports/austin.txt"
	is "$stderr" ""
}

@test "every stack, thread and time of Austin's binary files is read, also of several processes" {
	local file

	need python3
	for file in "$imports"/austin*.mojo; do
		python3 "$imports/mojo.py" "$file" >text
		is "$(read_by_us "$file")" "$(expected text)"
		is "$(timport "$file" | tfold -t --weight samples | awk '{ n += $NF } END { print n }')" \
			"$(grep -c '^P.* [1-9]' text)"
	done
}

@test "a binary file of one process is raw, and one of several is folded" {
	timport "$imports/austin.mojo" | python3 "$here/reader.py" /dev/stdin >totals
	run -1 grep -q '^epoch' totals
	timport "$imports/austin-family.mojo" | python3 "$here/reader.py" /dev/stdin >totals
	grep -q '^epoch' totals
	is "$(timport "$imports/austin-family.mojo" | tfold -t --by process | cut -d' ' -f 1 | sort -u)" "process"
}

@test "a binary file of one process keeps its samples one by one, for the Firefox Profiler" {
	need tgecko jq
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tgecko | jq -c ".threads[] | [.name, .samples.length]"' "$imports/austin.mojo"
	is "$output" '["MainThread",32]
["thread 18312",22]'
}

@test "the full form tells who was idle and who collected garbage" {
	timport "$imports/austin-full.mojo" | python3 "$here/reader.py" /dev/stdin >totals
	is "$(grep '^thread' totals | awk '{ print $3 }' | sort -u | tr '\n' ' ')" "41 42 81 82 "
}

# MODE AUSTIN...: what Austin samples is read as the other reader reads it. On a machine that has
# much to do it may see nothing of so short a run, and is asked again.
samples_and_compares() {
	local tries

	for tries in 1 2 3 4 5; do
		# shellcheck disable=SC2086 # words
		"${@:2}" -b -i 5ms $1 -o "$PWD/file" /usr/bin/python3.13 "$(targets)/watched.py" "0.$((3 + tries))" 1 >log 2>&1
		[ -s file ] || fail "Austin wrote nothing: $(tail -n 3 log)" || return
		python3 "$imports/mojo.py" file >text || return
		[ "$(grep -c ^P text)" -eq 0 ] || break
	done
	[ "$(grep -c ^P text)" -gt 0 ] || fail "Austin saw nothing, $tries times" || return
	is "$(read_by_us file)" "$(expected text)"
}

@test "what this machine's Austin samples is read" {
	local austin mode

	can_attach
	need python3
	austin=$("$here/pythons" peer austin)
	[ -n "$austin" ] || skip "there is no Austin here"
	for mode in "" "-s" "-C" "-f -g"; do
		# shellcheck disable=SC2086 # words
		samples_and_compares "$mode" $austin || fail "mode $mode"
	done
}

@test "a profile of memory has no times, and is refused" {
	printf 'MOJ\3\1mode\0memory\0' >file
	run -1 --separate-stderr timport -o out file
	is "$stderr" "timport: file: byte 4: a profile of memory, which has no times"
	printf '# austin: 3.7.0\n# mode: memory\nP1;T0:1;a.py:f:1 400\n' >file
	run -1 --separate-stderr timport -o out file
	is "$stderr" "timport: file: line 2: a profile of memory, which has no times"
	[ ! -e out ]
}

@test "a binary file that is cut keeps what came before, and the place is told" {
	local size

	size=$(stat -c %s "$imports/austin.mojo")
	head -c $((size / 2)) "$imports/austin.mojo" >short
	run -1 --separate-stderr bash -o pipefail -c 'timport short | tfold -t | grep -c .'
	[ "$output" -gt 1 ] || fail "$output"
	matches "$stderr" "timport: short: byte [0-9]+: an event is cut, or has a number above 64 bits"
	printf 'MOJ\3\2\1\0001a\0\11\12\143' >other
	run -1 --separate-stderr bash -o pipefail -c 'timport other | tfold -t --weight time'
	is "$output" "<no python> 10"
	is "$stderr" "timport: other: byte 12: an event of no known type"
	printf 'MOJ\7' >other
	run -1 --separate-stderr timport -o out other
	is "$stderr" "timport: other: byte 3: a version of MOJO that is not 1 to 3"
}

@test "frames that a binary file does not define are unreadable, and counted" {
	printf 'MOJ\3\2\1\0001a\0\5\7\11\12' >other
	run -1 --separate-stderr bash -o pipefail -c 'timport other | tfold -t --weight time'
	is "$output" "<unreadable> 10"
	is "$stderr" "timport: other: 1 use of a string or frame that is not defined"
}

@test "versions 1 and 2 of the binary files are read" {
	# A stack of process 1, thread 1a; strings 2 and 3, frame 4 of them at line 5; 10 microseconds.
	printf 'MOJ\1\2\0011a\0\13\2/a.py\0\13\3f\0\3\4\2\3\5\5\4\11\12' >one
	printf 'MOJ\2\2\0011a\0\13\2/a.py\0\13\3f\0\3\4\2\3\5\6\7\10\5\4\11\12' >two
	for file in one two; do
		run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -tlT --weight time' $file
		is "$output" "thread 26;f (/a.py:5) 10"
	done
}

@test "the interval is told once, however often it is written" {
	{
		printf 'MOJ\3'
		for _ in {1..100}; do printf '\1interval\000100\0%.0s' {1..500}; done
		printf '\2\1\0001a\0\4\11\12'
	} >many
	(
		ulimit -v 100000
		timport -o out.bin many
	)
	is "$(tfold -t --weight time out.bin)" "<unreadable> 10"
}

# Keys whose hash has one upper half, where it is the finalizer of SplitMix64 alone, as it can be undone.
@test "keys that are chosen to have one hash take no more time than others" {
	cat >collide.py <<'COLLIDE'
import sys
WORD = (1 << 64) - 1
FIRST, SECOND = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB

def mix(n):
    n = (n ^ n >> 30) * FIRST & WORD
    n = (n ^ n >> 27) * SECOND & WORD
    return n ^ n >> 31

def unshift(n, by):
    result = n
    for _ in range(64 // by):
        result = n ^ result >> by
    return result

def unmix(n):
    n = unshift(n, 31) * pow(SECOND, -1, 1 << 64) & WORD
    n = unshift(n, 27) * pow(FIRST, -1, 1 << 64) & WORD
    return unshift(n, 30)

def number(n):
    bytes, n = [n & 63], n >> 6
    while n:
        bytes[-1] |= 128
        bytes, n = bytes + [n & 127], n >> 7
    return bytearray(bytes)

out = bytearray(b"MOJ\3\2") + number(1) + number(0) + b"1a\0"
for i in range(200000):
    out += b"\x0b" + number(unmix(7 << 32 | i) ^ mix(1)) + b"s\0"
sys.stdout.buffer.write(out + b"\4\11\12")
COLLIDE
	"$(a_python)" collide.py >keys
	run -0 timeout 20 timport -o out.bin keys
	is "$(tfold -t --weight time out.bin)" "<unreadable> 10"
}
