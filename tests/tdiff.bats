#!/usr/bin/env bats
# tdiff(1): the figures of a comparison, worked out by hand.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff timport tfold
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

# profile NAME LINE...: the collapsed lines as NAME.bin.
profile() {
	printf '%s\n' "${@:2}" >"$1.txt"
	timport -o "$1.bin" "$1.txt"
}

totals() {
	"$root/build/tests/golden/totals" "$@"
}

# compare [OPTION]...: the figures of base.bin and cur.bin.
compare() {
	tdiff --json "$@" base.bin cur.bin | figures
}

@test "a profile is equal to itself" {
	profile base 'main (app.py);a (app.py) 2' 'main (app.py);b (app.py) 3' 'main (app.py) 1'
	cp base.bin cur.bin
	is "$(compare)" "main (app.py): unchanged, self 1 1 0, total 6 6 0
a (app.py): unchanged, self 2 2 0, total 2 2 0
b (app.py): unchanged, self 3 3 0, total 3 3 0"
	is "$(tdiff --json base.bin cur.bin | jq -c '.elided, [.stacks[].category] ')" \
		'{"count":0,"weight":0}
["unchanged","unchanged","unchanged"]'
	is "$(tdiff --elided base.bin cur.bin | tfold -t)" ""
}

@test "a function that only the current side has is new, and what only the baseline has is gone" {
	profile base 'main;a 2' 'main;b;c 3' 'main 1'
	profile cur 'main;a 2' 'main;d;e 3' 'main 1'
	is "$(compare)" "main: unchanged, self 1 1 0, total 6 6 0
a: unchanged, self 2 2 0, total 2 2 0
b: gone, self 0 0 0, total 3 0 -100
c: gone, self 3 0 -100, total 3 0 -100
d: new, self 0 0 0, total 0 3 100
e: new, self 0 3 100, total 0 3 100"
	is "$(tdiff --json base.bin cur.bin | stacks)" "main: unchanged, self 1 1 0, total 6 6 0
main;a: unchanged, self 2 2 0, total 2 2 0
main;b;c: gone, self 3 0 -100, total 3 0 -100
main;d;e: new, self 0 3 100, total 0 3 100"
	is "$(tdiff --json base.bin cur.bin | jq -c .elided)" '{"count":1,"weight":3}'
}

# 6 samples against 12: the baseline counts twice, 2 and 4 are 4 and 8.
@test "the baseline is scaled, and the percentage is of what it is then" {
	profile base 'main;a 2' 'main;b 4'
	profile cur 'main;a 6' 'main;b 4' 'main;c 2'
	is "$(compare)" "main: unchanged, self 0 0 0, total 12 12 0
a: regression, self 4 6 50, total 4 6 50
b: improvement, self 8 4 -50, total 8 4 -50
c: new, self 0 2 100, total 0 2 100"
	is "$(tdiff --json base.bin cur.bin | jq -c '.scale, .baseline, .current')" '{"kind":"share","factor":2}
{"runs":1,"samples":6,"weight":6,"missed":0,"seconds":null,"ticks":null,"missed_ticks":null}
{"runs":1,"samples":12,"weight":12,"missed":0,"seconds":null,"ticks":null,"missed_ticks":null}'
}

@test "a function without time of its own before and with some now is a regression from 0, and not new" {
	profile base 'main;a;b 4'
	profile cur 'main;a;b 3' 'main;a 1'
	is "$(compare)" "main: unchanged, self 0 0 0, total 4 4 0
a: regression, self 0 1 100, total 4 4 0
b: improvement, self 4 3 -25, total 4 3 -25"
	is "$(tdiff --json base.bin cur.bin | jq -c '.functions[1].self')" \
		'{"baseline":0,"current":1,"difference":1,"percent":100,"ratio":null,"low":null,"high":null,"verdict":"too few samples","adjusted":{"ratio":null,"low":null,"high":null}}'
	is "$(tdiff --json base.bin cur.bin | stacks)" "main;a: regression, self 0 1 100, total 4 4 0
main;a;b: improvement, self 4 3 -25, total 4 3 -25"
}

@test "the reverse, time of its own before and none now, is an improvement, and not gone" {
	profile base 'main;a;b 3' 'main;a 1'
	profile cur 'main;a;b 4'
	is "$(compare)" "main: unchanged, self 0 0 0, total 4 4 0
a: improvement, self 1 0 -100, total 4 4 0
b: regression, self 3 4 33.333, total 3 4 33.333"
	is "$(tdiff --json base.bin cur.bin | jq -c .elided)" '{"count":0,"weight":0}'
}

@test "a change below --min-effect is none" {
	profile base 'a 100' 'b 1900'
	profile cur 'a 104' 'b 1896'
	is "$(compare)" "a: unchanged, self 100 104 4, total 100 104 4
b: unchanged, self 1900 1896 -0.211, total 1900 1896 -0.211"
	is "$(compare --min-effect 4%)" "a: regression, self 100 104 4, total 100 104 4
b: unchanged, self 1900 1896 -0.211, total 1900 1896 -0.211"
	is "$(compare --min-effect 0)" "a: regression, self 100 104 4, total 100 104 4
b: improvement, self 1900 1896 -0.211, total 1900 1896 -0.211"
	is "$(tdiff --json --min-effect 0.5 --fdr 2% base.bin cur.bin | jq -c '[.min_effect, .fdr]')" "[0.5,0.02]"
}

# f;g;f is two paths and one function: its total counts the 5 samples once, its self 2 + 3.
@test "recursion counts a sample once in the total of a function" {
	profile base 'main;f;g;f 2' 'main;f 3' 'main;f;g 5'
	profile cur 'main;f;g;f 4' 'main;f 3' 'main;f;g;f;g 3'
	is "$(compare)" "main: unchanged, self 0 0 0, total 10 10 0
f: regression, self 5 7 40, total 10 10 0
g: improvement, self 5 3 -40, total 7 7 0"
	is "$(tdiff --json base.bin cur.bin | stacks)" "main;f: unchanged, self 3 3 0, total 10 10 0
main;f;g: improvement, self 5 0 -100, total 7 7 0
main;f;g;f: regression, self 2 4 100, total 2 7 250
main;f;g;f;g: new, self 0 3 100, total 0 3 100"
}

@test "line numbers that moved change nothing" {
	profile base 'main (app.py:3);a (app.py:10) 2' 'main (app.py:4);a (app.py:12) 3'
	profile cur 'main (app.py:33);a (app.py:40) 1' 'main (app.py:34);a (app.py:41) 4'
	is "$(compare)" "main (app.py): unchanged, self 0 0 0, total 5 5 0
a (app.py): unchanged, self 5 5 0, total 5 5 0"
	is "$(tdiff --json base.bin cur.bin | stacks)" "main;a: unchanged, self 5 5 0, total 5 5 0"
}

@test "one frame is a profile" {
	profile base 'a 3'
	profile cur 'a 6'
	is "$(compare --scale none)" "a: regression, self 3 6 100, total 3 6 100"
	profile cur 'b 6'
	is "$(compare)" "a: gone, self 6 0 -100, total 6 0 -100
b: new, self 0 6 100, total 0 6 100"
	is "$(tdiff --elided base.bin cur.bin | tfold -t)" "a 3"
}

@test "against an empty baseline all is new" {
	timport -o base.bin </dev/null
	profile cur 'a;b 3' 'a 1'
	is "$(compare)" "a: new, self 0 1 100, total 0 4 100
b: new, self 0 3 100, total 0 3 100"
	is "$(tdiff --json base.bin cur.bin | jq -c '.scale.factor, .elided, .baseline')" '1
{"count":0,"weight":0}
{"runs":1,"samples":0,"weight":0,"missed":0,"seconds":null,"ticks":null,"missed_ticks":null}'
	is "$(tdiff --elided base.bin cur.bin | tfold -t)" ""
}

@test "against an empty current side all is gone, and is still drawn" {
	profile base 'a;b 3' 'a 1'
	timport -o cur.bin </dev/null
	is "$(compare)" "a: gone, self 1 0 -100, total 4 0 -100
b: gone, self 3 0 -100, total 3 0 -100"
	is "$(tdiff --json base.bin cur.bin | jq -c '.scale.factor, .elided')" '1
{"count":2,"weight":4}'
	run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided base.bin cur.bin | tfold -t'
	is "$output" "a 1
a;b 3"
	tdiff -o diff.bin base.bin cur.bin
	run -0 --separate-stderr totals diff.bin
	is "$(grep -E '^(compare|stack)' <<<"$output")" "compare 2 1 1 0 0 1 1 0 0 0 0 0 0 50000 50000 exploration, 1 run a side: what is chance cannot be told\\x3b one side is empty
stack a 1 1
stack a;b 3 3"
}

@test "two empty sides compare" {
	timport -o base.bin </dev/null
	cp base.bin cur.bin
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq -c '.functions, .stacks, .elided, .common.factor' <<<"$output")" '[]
[]
{"count":0,"weight":0}
null'
	tdiff -o diff.bin base.bin cur.bin
	run -0 --separate-stderr totals diff.bin
	is "$stderr" ""
}

# Sums of a baseline of 10 + 6 and of one of 8 samples; a second interval makes each worth twice the time.
@test "samples of different intervals are compared by the time that they stand for" {
	printf 'main;a 10\nmain;b 6\n' | compose id=1 interval=1ms >base.bin
	printf 'main;a 5\nmain;b 3\n' | compose id=2 interval=2ms >cur.bin
	is "$(compare)" "main: unchanged, self 0 0 0, total 16000000 16000000 0
a: unchanged, self 10000000 10000000 0, total 10000000 10000000 0
b: unchanged, self 6000000 6000000 0, total 6000000 6000000 0"
	is "$(tdiff --json base.bin cur.bin | jq -c '.unit, .scale, .baseline, .current')" '"ns"
{"kind":"wall","factor":1}
{"runs":1,"samples":16,"weight":16000000,"missed":0,"seconds":0.016,"ticks":16,"missed_ticks":0}
{"runs":1,"samples":8,"weight":16000000,"missed":0,"seconds":0.016,"ticks":8,"missed_ticks":0}'
}

# A run of the baseline takes (10 + 20 + 30) / 3 ms, one of the current side (30 + 40) / 2 ms.
@test "sides of different numbers of runs are compared by the mean of their runs" {
	for n in 10 20 30; do
		printf 'main %d\n' $n | compose complete id=$n >"b$n.bin"
	done
	for n in 30 40; do
		printf 'main %d\n' $n | compose complete id=$((n + 1)) >"c$n.bin"
	done
	tdiff --json -b b10.bin -b b20.bin -b b30.bin -c c30.bin -c c40.bin >diff.json
	is "$(figures <diff.json)" "main: regression, self 40000000 70000000 75, total 40000000 70000000 75"
	is "$(jq -c '.scale, .baseline, .current, .summary' diff.json)" '{"kind":"time","factor":0.666666666666667}
{"runs":3,"samples":60,"weight":60000000,"missed":0,"seconds":0.06,"ticks":60,"missed_ticks":0}
{"runs":2,"samples":70,"weight":70000000,"missed":0,"seconds":0.07,"ticks":70,"missed_ticks":0}
"exploration, 3 runs against 2: what is chance cannot be told; three or more a side can tell it"'
	tfold -o b.bin b10.bin b20.bin b30.bin
	tfold -o c.bin c30.bin c40.bin
	tdiff --json b.bin c.bin | cmp - diff.json
}

@test "five runs against three are judged" {
	for i in 1 2 3 4 5; do
		printf 'main;a 100\nmain;b 900\n' | compose complete id=$i >b$i.bin
	done
	for i in 6 7 8; do
		printf 'main;a 200\nmain;b 900\n' | compose complete id=$i >c$i.bin
	done
	tdiff --json -b b1.bin -b b2.bin -b b3.bin -b b4.bin -b b5.bin -c c6.bin -c c7.bin -c c8.bin >diff.json
	is "$(figures <diff.json)" "main: regression, self 0 0 0, total 3000000000 3300000000 10
a: regression, self 300000000 600000000 100, total 300000000 600000000 100
b: unchanged, self 2700000000 2700000000 0, total 2700000000 2700000000 0"
	is "$(jq -c '.scale.factor, .basis, .baseline.runs, .current.runs' diff.json)" '0.6
"runs"
5
3'
}

@test "several threads of a program are all there" {
	printf '%s\n' 'main 10' '@worker run 5' '@other run;load 5' | compose id=1 all >base.bin
	printf '%s\n' 'main 10' '@worker run 7' '@new run;load 3' | compose id=2 all >cur.bin
	is "$(compare)" "main: unchanged, self 10000000 10000000 0, total 10000000 10000000 0
run: regression, self 5000000 7000000 40, total 10000000 10000000 0
load: improvement, self 5000000 3000000 -40, total 5000000 3000000 -40"
	tdiff -o diff.bin base.bin cur.bin
	run -0 --separate-stderr totals diff.bin
	is "$(grep -E '^(run|named|thread)' <<<"$output" | sed 's/ [0-9a-f]* \([12]\)$/ \1/')" "run 1
named 0 1000 MainThread
named 1 1000 worker
named 2 1000 other
thread 0 00 10 160
thread 1 00 5 80
thread 2 00 5 80
run 2
named 0 1000 MainThread
named 1 1000 worker
named 2 1000 new
thread 0 00 10 160
thread 1 00 7 112
thread 2 00 3 48"
}

# What the comparison of $1 says, with its sides exchanged.
exchange() {
	jq '
		def category: {new: "gone", gone: "new", regression: "improvement",
			improvement: "regression", unchanged: "unchanged"}[.];
		def figure: {baseline: .current, current: .baseline, difference: (0 - .difference)};
		def row: {function, file, stack, category: (.category | category),
			self: (.self | figure), total: (.total | figure)};
		{baseline: .current, current: .baseline, functions: (.functions | map(row)),
			stacks: (.stacks | map(row))}' "$1"
}

# The same as it is.
unchanged() {
	jq '
		def figure: {baseline, current, difference};
		def row: {function, file, stack, category, self: (.self | figure), total: (.total | figure)};
		{baseline, current, functions: (.functions | map(row)), stacks: (.stacks | map(row))}' "$1"
}

@test "swapping the inputs swaps the sides, and nothing else" {
	profile base 'main;a 2' 'main;b;c 3' 'main 1' 'main;f;g;f 5'
	profile cur 'main;a 7' 'main;d;e 3' 'main 2' 'main;f;g 6'
	tdiff --json --scale none base.bin cur.bin >there.json
	tdiff --json --scale none cur.bin base.bin >back.json
	is "$(exchange there.json)" "$(unchanged back.json)"
	# What is stored is not scaled, and the scale is two integers.
	tdiff --scale share -o there.bin base.bin cur.bin
	tdiff --scale share -o back.bin cur.bin base.bin
	is "$(totals there.bin | grep ^compare | cut -d ' ' -f 1-8)" "compare 2 18 11 0 0 1 1"
	is "$(totals back.bin | grep ^compare | cut -d ' ' -f 1-8)" "compare 2 11 18 0 0 1 1"
	is "$(totals there.bin | grep -vE '^(compare|verdict)' | sed 's/^run \(.*\) 1$/run \1 3/; s/^run \(.*\) 2$/run \1 1/; s/^\(run .*\) 3$/\1 2/')" \
		"$(totals back.bin | grep -vE '^(compare|verdict)')"
}

@test "the order of the profiles of a side leaves no trace" {
	profile b1 'main;a 2' 'main;b 3'
	profile b2 'main;c 2' 'main;b 9'
	profile b3 'x;y;z 2' 'main;a 1'
	profile c1 'main;n 2' 'main;a 3'
	profile c2 'main;b 2'
	for form in '' --json -t; do
		tdiff $form -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin >there
		tdiff $form -c c2.bin -c c1.bin -b b3.bin -b b1.bin -b b2.bin >other
		cmp there other
	done
}
