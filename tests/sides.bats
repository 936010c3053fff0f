#!/usr/bin/env bats
# tdiff(1): which profiles are compared, on which scale, and which are refused.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff timport tfold
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

# profile NAME WORDS LINE...: the lines, as compose has them, as NAME.bin.
profile() {
	# shellcheck disable=SC2086 # words
	printf '%s\n' "${@:3}" | compose $2 >"$1.bin"
}

# scale [OPTION]... PROFILE...: the kind and factor.
scale() {
	tdiff --json "$@" | jq -r '"\(.scale.kind) \(.scale.factor)"'
}

@test "complete runs are compared by the time of a run, windows by the wall, counts by shares" {
	profile run1 'complete id=1 watched=10s' 'main 4'
	profile run2 'complete id=2 watched=20s' 'main 6'
	profile run3 'complete id=3 watched=20s' 'main 8'
	profile window1 'id=4 watched=10s' 'main 4'
	profile window2 'id=5 watched=25s' 'main 8'
	timport -o counts.bin <(echo 'main 8')
	timport -o others.bin <(echo 'main 2')
	is "$(scale run1.bin run2.bin)" "time 1"
	is "$(scale -b run1.bin -c run2.bin -c run3.bin)" "time 2"
	is "$(scale window1.bin window2.bin)" "wall 2.5"
	is "$(scale run1.bin window2.bin)" "wall 2.5"
	is "$(scale counts.bin others.bin)" "share 0.25"
}

@test "complete runs of which one was not seen to its end are compared by the wall, and that is told" {
	local said="not all runs were seen to their end"

	profile run1 'complete id=1 watched=10s' 'main 4'
	profile run2 'complete id=2 watched=20s' 'main 6'
	profile cut 'complete id=3 watched=4s reason=3' 'main 2'
	run -0 --separate-stderr tdiff -t -b run1.bin -c run2.bin -c cut.bin
	is "$stderr" "tdiff: $said, so they are compared by the wall
hint: --scale time compares run with run all the same"
	is "$(sed -n 5p <<<"$output")" "scale wall: in the same time by the wall; the baseline times 2.4; $said"
	run -0 --separate-stderr tdiff -t --scale time -b run1.bin -c run2.bin -c cut.bin
	is "$stderr" ""
	is "$(sed -n 5p <<<"$output")" \
		"scale time: as long as a run takes, the mean of the runs; the baseline times 2; $said"
	run -0 --separate-stderr tdiff -q --json -b run1.bin -c cut.bin
	is "$stderr" ""
}

@test "--scale takes another one, and the figures of the baseline with it" {
	figures_of() {
		tdiff --json --scale "$1" base.bin cur.bin | figures
	}
	profile base 'watched=10s id=1' 'a 1000' 'b 3000'
	profile cur 'watched=20s id=2' 'a 3000' 'b 9000'
	is "$(figures_of wall)" "a: regression, self 2000000000 3000000000 50, total 2000000000 3000000000 50
b: regression, self 6000000000 9000000000 50, total 6000000000 9000000000 50"
	is "$(figures_of time)" "a: regression, self 1000000000 3000000000 200, total 1000000000 3000000000 200
b: regression, self 3000000000 9000000000 200, total 3000000000 9000000000 200"
	is "$(figures_of none)" "$(figures_of time)"
	is "$(figures_of share)" "a: unchanged, self 3000000000 3000000000 0, total 3000000000 3000000000 0
b: unchanged, self 9000000000 9000000000 0, total 9000000000 9000000000 0"
	is "$(figures_of per=100,250)" "a: regression, self 2500000000 3000000000 20, total 2500000000 3000000000 20
b: regression, self 7500000000 9000000000 20, total 7500000000 9000000000 20"
	for kind in wall time none share per; do
		is "$(scale --scale "${kind/per/per=100,250}" base.bin cur.bin | cut -d ' ' -f 1)" "$kind"
	done
}

@test "the scale is told to people" {
	profile base 'watched=10s id=1' 'a 1000'
	profile cur 'watched=20s id=2' 'a 3000'
	is "$(tdiff -t --scale per=2,3 base.bin cur.bin)" \
		"          runs  samples  thread-time  watched  missed
baseline     1    1,000       1.00 s   10.0 s     0 %
current      1    3,000       3.00 s   20.0 s     0 %

scale per: for the same units of work; the baseline times 1.5
exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it

regressions, by self
before   after   change  ratio  verdict       function
1.50 s  3.00 s  +1.50 s  x2.0   inconclusive  a"
}

@test "a scale that is none is wrong usage" {
	for wrong in fast per per= per=1 'per=1,' per=,1 per=0,1 per=1,0 per=1,-1 per=a,b TIME ''; do
		run -2 --separate-stderr tdiff --scale "$wrong" missing missing
		is "$stderr" "tdiff: --scale: \"$wrong\" is not time, wall, share, per=N,N or none
hint: try \"tdiff --help\""
	done
}

@test "a scale of what is not known is refused" {
	timport -o base.bin <(echo 'main 8')
	run -1 --separate-stderr tdiff --scale wall base.bin base.bin
	is "$stderr" "tdiff: --scale wall: it is not known how long a side was watched
hint: --scale share needs no time"
	profile sum 'complete summed id=1' 'a 1000'
	profile run 'complete id=2' 'a 1000'
	run -1 --separate-stderr tdiff --scale time sum.bin run.bin
	is "$stderr" "tdiff: --scale time: runs were summed, and it is not known how many
hint: --scale per=N,N with the numbers of runs is the same"
	is "$(scale sum.bin run.bin)" "wall 1"
}

# refused FACT HINT [OPTION]...: base.bin and cur.bin do not compare, and do with --force.
refused() {
	run -1 --separate-stderr tdiff -o out "${@:3}" base.bin cur.bin
	is "$stderr" "tdiff: $1
hint: $2"
	is "$output" ""
	is "$(ls out 2>/dev/null)" ""
	run -0 --separate-stderr tdiff --json --force "${@:3}" base.bin cur.bin
	is "$(jq -c '[.forced, .functions[0].self.current]' <<<"$output")" '[true,4000000]'
	run -0 --separate-stderr tdiff -t --force "${@:3}" base.bin cur.bin
	is "$(grep forced <<<"$output")" "forced: the sides do not compare"
}

@test "sides that do not compare are refused, unless they are forced, and that is told" {
	local advice="sample both alike, or leave it out of both"

	profile base 'id=1' 'a 2' 'a;<GC> 1'
	profile cur 'id=2 mode=1' 'a 4'
	refused "the sides are of different modes, whose times do not compare: wall, cpu" \
		"choose one of both with tfold --mode, or add --force"
	profile cur 'id=2 native' 'a 4' 'a;<native> 1'
	refused "only one side was sampled with --native" "$advice: tfold --drop '^<native>\$'"
	profile cur 'id=2 no-gc' 'a 4'
	refused "only one side was sampled with --no-gc" "$advice: tfold --drop '^<GC>\$'"
	profile cur 'id=2 no-idle' 'a 4'
	refused "idle threads were left out of one side only" "choose both alike: tfold --idle drop"
	run -0 --separate-stderr tdiff --json base.bin base.bin
	is "$(jq .forced <<<"$output")" false
}

@test "all threads do not compare with main threads alone, unless there are no others" {
	profile base 'id=1' 'a 4'
	profile cur 'id=2 all' 'a 4' '@worker run 2'
	refused "only one side was sampled with -a, and has other threads than the main one" \
		"sample both alike, or choose the main thread of both: tfold --thread main"
	run -1 --separate-stderr tdiff -o out cur.bin base.bin
	is "${stderr_lines[0]}" "tdiff: only one side was sampled with -a, and has other threads than the main one"
	run -0 --separate-stderr tdiff --json base.bin <(tfold --thread main cur.bin)
	is "$(jq -c '[.forced, .functions[].function]' <<<"$output")" '[false,"a"]'
	profile cur 'id=2 all' 'a 4'
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq .forced <<<"$output")" false
}

@test "sides from which the markers were dropped compare" {
	profile native 'id=1 native' 'a 2' 'a;<native> 1'
	profile plain 'id=2' 'a 2'
	run -1 --separate-stderr tdiff plain.bin native.bin
	tfold -o native.bin --drop '^<native>$' native.bin
	run -0 --separate-stderr tdiff -t plain.bin native.bin
	run -0 --separate-stderr tdiff -t native.bin plain.bin
	profile gc 'id=3' 'a 2' 'a;<GC> 1'
	profile none 'id=4 no-gc' 'a 3'
	run -1 --separate-stderr tdiff none.bin gc.bin
	tfold -o gc.bin --drop '^<GC>$' gc.bin
	run -0 --separate-stderr tdiff -t none.bin gc.bin
	run -0 --separate-stderr tdiff -t gc.bin none.bin
}

@test "time and samples do not compare" {
	profile base 'id=1' 'a 2'
	timport -o cur.bin <(echo 'a 6')
	run -1 --separate-stderr tdiff base.bin cur.bin
	is "$stderr" "tdiff: one side measured time, the other counted samples
hint: --scale share --force compares shares all the same"
	run -0 --separate-stderr tdiff --json --scale share --force base.bin cur.bin
	is "$(jq -c '[.unit, .scale.factor, .forced]' <<<"$output")" '["samples",3,true]'
	is "$(figures <<<"$output")" "a: unchanged, self 6 6 0, total 6 6 0"
	timport --unit ms -o base.bin <(echo 'a 2')
	run -0 --separate-stderr tdiff --force -o out base.bin cur.bin
	is "$stderr" "tdiff: 1 run has times only and is not counted"
}

# A run of times alone counts for 10,000 samples, here of 0.1 ms: 3,000 and 6,000 of a, whose ratio is
# off by 2.306 sqrt(0.5 ((1 - 0.1) / 3000 + (1 - 0.2) / 6000)) = 0.0339, and that of b by
# 2.306 sqrt(0.5 ((1 - 0.9) / 27000 + (1 - 0.8) / 24000)) = 0.00566 (tests/gate.bats tells why).
@test "times without samples are judged between runs" {
	for i in 1 2 3; do
		printf 'a 100\nb 900\n' >b$i
		printf 'a 200\nb 800\n' >c$i
		timport --unit ms -o b$i.bin b$i
		timport --unit ms -o c$i.bin c$i
	done
	run -0 --separate-stderr tdiff --json --scale time -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin
	is "$(jq -c '.unit, .scale, .basis' <<<"$output")" '"ns"
{"kind":"time","factor":1}
"runs"'
	is "$(jq -c '.functions[] | [.function, .verdict, (.self.ratio * 1e6 | round | . / 1e6), .self.low, .self.high]' <<<"$output")" \
		'["a","changed",2,1.933252,2.069052]
["b","changed",0.888889,0.883874,0.893932]'
	run -0 --separate-stderr tdiff --json --scale time b1.bin c1.bin
	is "$(jq -r .summary <<<"$output")" \
		"exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it"
}

@test "why nothing is said of chance is told" {
	summary() {
		tdiff --json "$@" | jq -r .summary
	}
	profile b1 'id=1' 'a 2'
	profile b2 'id=2' 'a 2'
	profile b3 'id=3' 'a 2'
	profile sum 'id=4 summed' 'a 2'
	timport -o none.bin </dev/null
	is "$(summary b1.bin b2.bin)" \
		"exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it"
	is "$(summary -b b1.bin -b b2.bin b3.bin)" \
		"exploration, 2 runs against 1: what is chance cannot be told; three or more a side can tell it"
	is "$(summary -b b1.bin -b b2.bin -b b3.bin sum.bin)" \
		"exploration, 3 runs against 1: what is chance cannot be told; runs were summed, and their spread is not known"
	is "$(summary --force b1.bin none.bin)" \
		"exploration, 1 run a side: what is chance cannot be told; one side is empty"
}

@test "above 4,096 runs each side is summed, and that is told" {
	mkdir b c
	awk 'BEGIN { for (i = 0; i < 4200; i++) {
		file = sprintf("%s/%04d", i < 4000 ? "b" : "c", i)
		printf "a 1\nb 2\n" >file
		close(file) } }'
	timport -o base.bin b/* 2>/dev/null
	timport -o cur.bin c/* 2>/dev/null
	run -0 --separate-stderr tdiff --json --scale per=4000,200 base.bin cur.bin
	is "$stderr" "tdiff: summed 4,200 runs: their spread is not known any more"
	is "$(figures <<<"$output")" "a: unchanged, self 200 200 0, total 200 200 0
b: unchanged, self 400 400 0, total 400 400 0"
	is "$(jq -r .basis <<<"$output")" none
	run -0 --separate-stderr tdiff --json base.bin base.bin
	is "$stderr" "tdiff: summed 8,000 runs: their spread is not known any more"
}

@test "above 64 runs there are no epochs, and runs tell what is chance" {
	mkdir b c
	awk 'BEGIN { for (i = 0; i < 70; i++) {
		file = sprintf("%s/%04d", i < 35 ? "b" : "c", i)
		printf "a 10\nb 20\n" >file
		close(file) } }'
	run -0 --separate-stderr tdiff --json <(timport b/*) <(timport c/*)
	is "$stderr" "tdiff: there are 70 runs: their course in time is dropped"
	is "$(jq -r '.basis, .functions[].verdict' <<<"$output")" "runs
no change
no change"
}

@test "sides are named by operands, or by options, several profiles each, in every way to say it" {
	for i in 1 2 3 4; do
		profile p$i "id=$i" "f$i $i"
	done
	tdiff -o wanted -b p1.bin -b p2.bin -c p3.bin -c p4.bin
	tdiff --baseline p1.bin --baseline=p2.bin --current p3.bin -cp4.bin | cmp - wanted
	tdiff -b p1.bin -b p2.bin p3.bin p4.bin | cmp - wanted
	tdiff -c p3.bin -c p4.bin p1.bin p2.bin | cmp - wanted
	tdiff p3.bin -b p1.bin p4.bin -b p2.bin | cmp - wanted
	cat p3.bin p4.bin | tdiff -b p1.bin -b p2.bin | cmp - wanted
	cat p1.bin p2.bin | tdiff -c p3.bin -c p4.bin | cmp - wanted
	cat p1.bin p2.bin | tdiff - <(cat p3.bin p4.bin) | cmp - wanted
	tdiff <(tfold p1.bin p2.bin) <(tfold p4.bin p3.bin) | cmp - wanted
	tdiff -b p1.bin -b - -c p4.bin -c p3.bin <p2.bin | cmp - wanted
}

@test "sides that are not clear are wrong usage" {
	usage() {
		run -2 --separate-stderr tdiff "${@:2}"
		is "$stderr" "tdiff: $1
hint: try \"tdiff --help\""
	}
	usage "two profiles are compared: a baseline and a current one; -b and -c name several"
	usage "two profiles are compared: a baseline and a current one; -b and -c name several" one
	usage "two profiles are compared: a baseline and a current one; -b and -c name several" one two three
	usage "three: both sides are named by options" -b one -c two three
	usage "standard input can be one profile only" - -
	usage "standard input can be one profile only" -b - -b - one
	usage "-t, --json and --elided: one at a time" -t --json one two
	usage "-t, --json and --elided: one at a time" --json --elided one two
	usage "--compress is for streams" --json --compress none one two
	usage "--compress: \"gzip\" is none of none, zstd, zstd:1 to zstd:19" --compress gzip one two
}

@test "a raw stream and what tfold makes of it are compared alike" {
	local golden=$here/golden

	tdiff --force -o raw "$golden/threads.bin" "$golden/states.bin"
	tdiff --force <(tfold "$golden/threads.bin") <(tfold "$golden/states.bin") | cmp - raw
}
