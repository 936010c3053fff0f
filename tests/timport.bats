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
		'g (y\x3a7) 1' >in
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
