#!/usr/bin/env bats
# timport(1): other people's profiles in.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

@test "timport reads collapsed text, and tfold writes it again" {
	printf 'main (app.py);load (app.py) 3\nmain (app.py) 1\nmain (app.py);load (app.py) 4\n' >in
	run -0 --separate-stderr bash -c 'timport in | tfold -t'
	is "$output" "main (app.py) 1
main (app.py);load (app.py) 7"
	is "$stderr" ""
}

@test "timport passes over comments and empty lines" {
	printf '# what flamegraph.pl bears\n\na;b 1\r\n   \na;b 2\n' >in
	run -0 --separate-stderr bash -c 'timport in | tfold -t'
	is "$output" "a;b 3"
}

@test "a mark of the byte order is no part of the first name" {
	printf '\xef\xbb\xbfmain;read 2\r\nmain 1\r\n' >in
	is "$(timport in | tfold -t)" 'main 1
main;read 2'
}

@test "timport names a bad line, keeps the good ones, and fails" {
	run -1 --separate-stderr bash -o pipefail -c "printf 'a 1\nb;c 2\nd;e\n' | timport | tfold -t"
	is "$output" "a 1
b;c 2"
	is "$stderr" "timport: stdin: line 3: no count at the end"
}

@test "timport tells ten bad lines, and how many more there are" {
	{ echo 'a 1'; yes bad | head -n 13; } >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$(wc -l <<<"$stderr")" 11
	is "$(tail -n 1 <<<"$stderr")" "timport: in: 3 more bad lines"
}

@test "counts with a fraction keep their sum" {
	printf 'a 0.4\nb 0.4\nc 0.4\nd 1.8\n' >in
	run -0 --separate-stderr bash -c 'timport in | tfold -t'
	is "$output" "b 1
d 2"
}

@test "with --unit counts are times" {
	printf 'a 1.5\nb 2\n' >in
	run -0 --separate-stderr bash -c 'timport --unit ms in | tfold -t --weight time'
	is "$output" "a 1500
b 2000"
	run -0 --separate-stderr bash -c 'timport --unit us in | tfold -t'
	is "$output" "a 2
b 2"
}

@test "without times there are no times" {
	printf 'a 1\n' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t --weight time'
	is "$output" ""
	is "$stderr" "tfold: --weight time: the input counts samples, and has no times"
}

@test "text that tfold wrote comes back as it was, whatever is in the names" {
	printf '%s\n' 'a\x3bb (d (1)/x.py:3);c\x0ad;e\x5cf (p:q) 2' '\x23 1' '<torn> 1' 'f (x) 1' 'f 5' 'f;z 1' \
		'g (y\x3a7) 1' ' blank first 1' >in
	timport in | tfold -t >once
	timport once | tfold -t >twice
	cmp once twice
	is "$(cat once)" "$(LC_ALL=C sort once)"
	timport in | tfold -t -l >once
	timport once | tfold -t -l >twice
	cmp once twice
	is "$(head -n 1 once)" '<torn> 1'
	is "$(grep -c 'a\\x3bb (d (1)/x.py:3);c\\x0ad;e\\x5cf (p:q) 2' once)" 1
}

@test "a name that ends in a number does not make two counts of one" {
	printf '%s\n' 'main;worker 12 3' 'main;v 1.5 4' '# no comparison' 'main 5' >in
	timport in | tfold --under main -t | grep -v '^main 5$' >once
	is "$(cat once)" 'main;v\x201.5 4
main;worker\x2012 3'
	is "$(timport once | tfold -t)" "$(cat once)"
	is "$(timport once | tstat --json | jq -c '[.rows[].name]')" '["v 1.5","worker 12","main"]'
}

@test "the same file is the same run, under any folder" {
	mkdir d
	printf 'a 1\n' >in
	cp in d/in
	timport in >one
	timport d/in >two
	cmp one two
	run -0 --separate-stderr bash -c 'timport in d/in | tfold -t'
	is "$output" "a 2"
	is "$stderr" "timport: the same part of a run is there more than once, and is added each time"
}

@test "files of other names or contents are other runs" {
	printf 'a 1\n' >in
	cp in other
	run -0 --separate-stderr bash -c 'timport in other | tfold -t'
	is "$output" "a 2"
	is "$stderr" ""
}

@test "timport refuses what is no text, and a stream" {
	printf 'a\0b 1\n' >zero
	run -1 --separate-stderr timport -o out zero
	is "$stderr" "timport: zero: no profile of a known format"
	printf 'a 1\n' | timport >stream
	run -1 --separate-stderr timport -o out stream
	is "$stderr" "timport: stream: a stream of tachytools already
hint: the other tools read it as it is"
}

@test "a file without a good line is no profile, and a good result stays" {
	printf 'kept' >out
	printf '# words\n\na;b 1e3\nc nan\n' >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: no profile of a known format
hint: collapsed text is \"outer;inner COUNT\", and line 3 is not: the count is not a number"
	is "$(cat out)" "kept"
	run -1 --separate-stderr timport -o out missing
	is "$(cat out)" "kept"
	printf 'a 288230376151711744\n' >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: line 1: the count is too large"
	is "$(cat out)" "kept"
	is "$(ls -d in* out*)" "in
out"
	printf 'a 1\n' >in
	run -1 --separate-stderr timport -o out in missing
	is "$(tfold -t out)" "a 1"
}

@test "a count that is none is told apart from a line without a count" {
	printf '%s\n' 'a 1' 'b -3' 'c 1e3' 'd nan' 'e .5' 'f g' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "a 1"
	is "$stderr" "timport: in: line 2: the count is not a number
timport: in: line 3: the count is not a number
timport: in: line 4: the count is not a number
timport: in: line 5: the count is not a number
timport: in: line 6: no count at the end"
}

@test "counts and their sum stop short of what a stream holds" {
	printf '%s\n' 'a 288230376151711742' 'b 1' 'c 1' 'd 9223372036854775808' 'e 99999999999999999999999' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "a 288230376151711742
b 1"
	is "$stderr" "timport: in: line 3: the count is too large
timport: in: line 4: the count is too large
timport: in: line 5: the count is too large"
	printf '%s\n' 'a 1' 'b 9223372036854775807' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport --unit ms in | tfold -t'
	is "$output" "a 1000"
	is "$stderr" "timport: in: line 2: the count is too large"
	printf 'a 9223372036854775807\n' >in
	run -0 --separate-stderr bash -o pipefail -c 'timport --unit ns in | tfold -t'
	is "$output" "a 9223372036854776"
	is "$stderr" ""
	run -1 --separate-stderr timport --unit ns in in
	matches "$stderr" "timport: in: line 1: the count is too large"
}

@test "a file that is not there costs only itself" {
	printf 'a 1\n' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport missing in | tfold -t'
	is "$output" "a 1"
	is "$stderr" "timport: missing: No such file or directory"
}

@test "nothing is a profile without samples" {
	run -0 --separate-stderr bash -o pipefail -c 'timport </dev/null | tfold -t'
	is "$output" ""
	is "$stderr" ""
}

@test "a stack that is too deep is refused by its line" {
	{ printf 'x;%.0s' {1..65535}; echo 'x 1'; echo 'a 1'; } >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "a 1"
	is "$stderr" "timport: in: line 1: the stack is too deep"
}

@test "what difffolded.pl wrote becomes a comparison, and comes back as it was" {
	need texport
	timport "$here/imports/difffolded.txt" >stream
	run -0 --separate-stderr texport -q difffolded stream
	is "$output" "$(cat "$here/imports/difffolded.txt")"
}

@test "a comparison that texport wrote comes back, and swapping its columns swaps the sides" {
	need texport tdiff
	printf 'a;b 3\na 1\n' >base
	printf 'a;b 5\nc 4\n' >cur
	timport base >base.bin
	timport cur >cur.bin
	tdiff base.bin cur.bin | texport -q difffolded >text
	is "$(timport text | texport -q difffolded)" "$(cat text)"
	sed -E 's/ ([0-9]+) ([0-9]+)$/ \2 \1/' text >swapped
	is "$(timport swapped | texport -q difffolded)" "$(tdiff cur.bin base.bin | texport -q difffolded)"
}

@test "with --unit both columns are times" {
	need texport
	printf 'a 1.5 2\n' >in
	is "$(timport --unit ms in | texport -q --weight time difffolded)" "a 1500 2000"
}

@test "two counts in every line make a comparison, in some of them a name" {
	printf 'f 5 1\ng 7 2\n' >all
	printf 'f 5 1\ng 7\n' >some
	run -1 --separate-stderr bash -o pipefail -c 'timport all | tfold -t'
	matches "$stderr" "tfold: .*"
	is "$(timport some | tfold -t)" "f\\x205 1
g 7"
}

@test "a comparison stands by itself" {
	printf 'a 1 2\n' >sides
	printf 'a 1\n' >plain
	run -1 --separate-stderr bash -o pipefail -c 'timport plain sides | tfold -t'
	is "$output" "a 1"
	is "$stderr" "timport: sides: a comparison, which cannot be joined with other profiles"
}

@test "a bad line of a comparison is told, and the others are kept" {
	need texport
	{ printf 'a 1 2\n'; printf 'x;%.0s' {1..65535}; echo 'x 1 2'; printf 'b 3 18446744073709551616\n'; } >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: line 2: the stack is too deep
timport: in: line 3: the count is too large"
	is "$(texport -q difffolded out)" "a 1 2"
}
