#!/usr/bin/env bats
# tdiff(1): what is said of chance; the figures are worked out by hand from profiles that agree.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff tfold
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

# side NAME LINE...: the lines as three complete runs, NAME1.bin to NAME3.bin.
side() {
	local i

	for i in 1 2 3; do
		printf '%s\n' "${@:2}" | compose complete id=$((i + 10 * $(printf %d "'$1"))) >"$1$i.bin"
	done
}

# three [OPTION]...: compares three runs of b with three of c.
three() {
	tdiff "$@" -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin
}

# Of what tdiff --json wrote: of each function what is said of self, and its ratio and interval.
verdicts() {
	jq -r '.functions[] | "\(.function): \(.verdict), \(.self.verdict) \(.self.ratio * 1000000 | round | . / 1000000) \(.self.low) \(.self.high)"'
}

# Six runs that agree: what chance there is is sampling's, 4 / (4 + 4) of it, with 8 degrees of
# freedom (t = 2.306). The errors of the logarithms:
#	a     sqrt(0.5 ((1 - 0.1) / 300 + (1 - 0.2) / 600))     = 0.0465
#	b, c  sqrt(0.5 ((1 - 0.3) / 900 + (1 - 0.3) / 900))     = 0.0279
#	e     sqrt(0.5 ((1 - 0.298) / 894 + (1 - 0.199) / 597)) = 0.0326
# a and e lie far from what the others have in common, which is off by half of what it were if b
# and c were the only ones to tell: sqrt(0.5 (2 (0.0279 / 2)^2)) = 0.0139.
@test "a change that is no chance is changed, and one that may be is inconclusive" {
	side b 'a 100' 'b 300' 'c 300' 'd 2' 'e 298'
	side c 'a 200' 'b 300' 'c 300' 'd 1' 'e 199'
	three --json >diff.json
	is "$(verdicts <diff.json)" "a: changed, changed 2 1.796443 2.226622
b: inconclusive, inconclusive 1 0.937713 1.066424
c: inconclusive, inconclusive 1 0.937713 1.066424
d: too few samples, too few samples 0.5 null null
e: changed, changed 0.667785 0.619409 0.71994"
	is "$(jq -c '.functions[1].adjusted' diff.json)" '{"ratio":1,"low":0.930622,"high":1.07455}'
	is "$(jq -c '[.basis, .common.factor, .common.low, .common.high, .common.verdict]' diff.json)" \
		'["runs",1,1,1,"no change"]'
	is "$(jq -r .summary diff.json)" \
		"the common factor x1.00 (1.00 to 1.00), no change; besides, 2 of 5 functions changed, most of all a x2.0 (1.8 to 2.2)"
}

# Ten times the samples, and a third of the error: 2.306 sqrt(0.0882^2 + 0.0441^2) / 10 is 2.3 %.
@test "no change above the smallest effect is told of what is known well enough" {
	side b 'a 1000' 'b 3000' 'c 3000' 'e 3000'
	side c 'a 2000' 'b 3000' 'c 3000' 'e 2000'
	is "$(three --json | verdicts)" "a: changed, changed 2 1.933252 2.069052
b: no change, no change 1 0.979868 1.020545
c: no change, no change 1 0.979868 1.020545
e: changed, changed 0.666667 0.651058 0.68265"
	is "$(three --json --min-effect 2% | verdicts | sed -n 2p)" "b: inconclusive, inconclusive 1 0.979868 1.020545"
	is "$(three --json --min-effect 60% | verdicts | sed -n 4p)" "e: no change, no change 0.666667 0.651058 0.68265"
}

# One function of 80 % is known better than both others together, and is not what all have in common.
@test "a large function that changed is no common factor, even of three" {
	side b 'hot 800' 'x 100' 'y 100'
	side c 'hot 640' 'x 100' 'y 100'
	is "$(three --json | jq -r '.common.factor, (.functions[] | "\(.function) \(.self.verdict)")')" "1
hot changed
x inconclusive
y inconclusive"
	is "$(tdiff --json -c b1.bin -c b2.bin -c b3.bin -b c1.bin -b c2.bin -b c3.bin |
		jq -r '.common.factor, (.functions[] | "\(.function) \(.self.verdict)")')" "1
hot changed
x inconclusive
y inconclusive"
}

@test "text for people says what came of it, and what could have been seen" {
	side b 'main (app.py);a (app.py) 100' 'main (app.py);b (app.py) 300' 'main (app.py);c (app.py) 300' \
		'main (app.py);old (app.py) 100' 'main (app.py);e (lib.py) 200'
	side c 'main (app.py);a (app.py) 200' 'main (app.py);b (app.py) 300' 'main (app.py);c (app.py) 300' \
		'main (app.py);new (app.py) 100' 'main (app.py);e (lib.py) 100'
	is "$(three -t)" "          runs  samples  thread-time  watched  missed
baseline     3    3,000       3.00 s   3.00 s     0 %
current      3    3,000       3.00 s   3.00 s     0 %

scale time: as long as a run takes, the mean of the runs; the baseline times 1
the common factor x1.00 (1.00 to 1.00), no change; besides, 4 of 7 functions changed, most of all a (app.py) x2.0 (1.8 to 2.2)
a change of 32 % of a function of a tenth of the whole would have been seen

regressions, by self, of a run
before   after   change  adjusted           verdict  function
100 ms  200 ms  +100 ms  x2.0 (1.8 to 2.2)  changed  a (app.py)

improvements, by self, of a run
before   after   change  adjusted              verdict  function
200 ms  100 ms  -100 ms  x0.50 (0.45 to 0.56)  changed  e (lib.py)

new, by self, of a run
before   after   change  adjusted  verdict  function
  0 ns  100 ms  +100 ms  from 0    changed  new (app.py)

gone, by self, of a run
before  after   change  adjusted  verdict  function
100 ms   0 ns  -100 ms  to 0      changed  old (app.py)"
}

@test "the common factor is what the manual shows of it" {
	side b 'parse 1000' 'load 3000' 'render 3000' 'write 3000'
	side c 'parse 2400' 'load 3600' 'render 3600' 'write 3600'
	is "$(three -t | sed -n '6p; 9,14p' | sed 's/ functions changed/ functions\nchanged/; s/(1.9 to 2.1)$/&\n/')" \
		"$(sed -n '/^.Ss The common factor/,/^.Ed/p' "$root/man/tdiff.1" | sed '1,/^.Bd/d; /^.Ed/d')"
}

# A second of each run, of which the current side missed a tenth: of the others it saw nine in ten
# samples, so that a tenth less of each is what there would be without any change. The errors are
# sqrt(0.5 (0.9 / 300 + 0.9 / 270)) of a, and sqrt(0.5 (0.7 / 900 + 0.7 / 810)) of the others.
missed() {
	side b 'a 100' 'b 300' 'c 300' 'd 300'
	side c 'a 90' 'b 270' 'c 270' 'd 270' '<missed> 100'
}

@test "what was missed went as the rest did: no function got faster, nor the whole program" {
	missed
	three --json >diff.json
	is "$(jq -c '.scale, .common, (.current | .weight, .missed)' diff.json)" '{"kind":"time","factor":0.9}
{"factor":1,"low":1,"high":1,"verdict":"no change"}
3000000000
300000000'
	is "$(figures <diff.json)" "a: unchanged, self 270000000 270000000 0, total 270000000 270000000 0
b: unchanged, self 810000000 810000000 0, total 810000000 810000000 0
c: unchanged, self 810000000 810000000 0, total 810000000 810000000 0
d: unchanged, self 810000000 810000000 0, total 810000000 810000000 0
<missed>: new, self 0 300000000 100, total 0 300000000 100"
	is "$(verdicts <diff.json | head -n 2)" "a: inconclusive, inconclusive 1 0.878301 1.138562
b: inconclusive, inconclusive 1 0.936062 1.068305"
}

@test "what was missed is left out on every scale but none, and trips no gate from either side" {
	local scale sides

	missed
	for scale in time wall share per=3,3; do
		is "$(three --json --scale $scale | jq -c .scale.factor)" 0.9
		for sides in 'b c' 'c b'; do
			# shellcheck disable=SC2086 # two words
			set -- $sides
			run -0 --separate-stderr tdiff -o out --scale $scale --gate 'common>0.1%' --min-effect 0 \
				-b "${1}1.bin" -b "${1}2.bin" -b "${1}3.bin" -c "${2}1.bin" -c "${2}2.bin" -c "${2}3.bin"
			is "$stderr" ""
		done
	done
	is "$(three --json --scale none | jq -c '.scale.factor, .common.factor')" "1
1"
}

@test "text tells which part of the ticks was missed, and lists none of it" {
	local i

	side b 'a 100' 'b 900'
	for i in 1 2 3; do
		printf '%s\n' 'a 90' 'b 810' '<missed> 100' | compose complete id=$i missed=100 >c$i.bin
	done
	is "$(three -t)" "          runs  samples  thread-time  watched  missed
baseline     3    3,000       3.00 s   3.00 s     0 %
current      3    2,700       3.00 s   3.00 s    10 %

scale time: as long as a run takes, the mean of the runs; the baseline times 0.9, for what was not missed
the common factor x1.00 (1.00 to 1.00), no change; besides, 0 of 2 functions changed
a change of 39 % of a function of a tenth of the whole would have been seen"
	is "$(three --json | jq -c '.current | [.ticks, .missed_ticks]')" "[2700,300]"
}

@test "a slice of a window that was missed whole tells nothing, and the others tell the same" {
	local all

	all=$(printf ' 32%.0s' {1..15})
	printf '%s\n' "a$all 32" "b$all 32" | compose epoch=64ms watched=1024ms id=1 >base.bin
	printf '%s\n' "a$all 0" "b$all 0" "<missed>$(printf ' 0%.0s' {1..15}) 64" |
		compose epoch=64ms watched=1024ms id=2 >cur.bin
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq -c '[.basis, .scale.factor, .common.factor, .common.verdict, .functions[0].self.ratio]' <<<"$output")" \
		'["epochs",0.9375,1,"inconclusive",1]'
}

# summary: what the comparison of b and c says behind "functions changed".
summary() {
	three --json | jq -r '.summary | sub(".* functions? changed"; "")'
}

@test "the summary names what changed most, by itself or with what it calls, as short as it must" {
	local long=very_long_name_of_a_function_that_somebody_has_generated_é_é

	side b 'main;a 100' 'main;b 800' 'main;c 100'
	side c 'main;a 100' 'main;b 400' 'main;c 500'
	is "$(summary | sed 's/ (.*//')" ", most of all b x0.50"
	side c 'main;a 100' 'main;b 800' 'main;n 100'
	is "$(summary)" ", most of all c to 0"
	side b "main;$long 100" 'main;b 800'
	side c "main;$long 200" 'main;b 800'
	is "$(summary | sed 's/ x.*//')" ", most of all ${long:0:59}..."
	side b 'main;a (/srv/a/folder/of/which/the/name/is/very/long/indeed/app.py) 100' 'main;b 800'
	side c 'main;a (/srv/a/folder/of/which/the/name/is/very/long/indeed/app.py) 200' 'main;b 800'
	is "$(summary | sed 's/ x.*//')" ", most of all a (app.py)"
	side b 'main;a\x1b[31m 100' 'main;b 900'
	side c 'main;a\x1b[31m 200' 'main;b 800'
	is "$(summary | sed 's/ x2.*//')" ', most of all a\x1b[31m'
	side c 'main;a\x1b[31m 100' 'main;b 900'
	is "$(summary)" ""
	# f has no time of its own, and what it calls has too few samples each.
	mapfile -t few < <(seq -f 'f;g%g 3' 30)
	mapfile -t more < <(seq -f 'f;h%g 3' 60)
	side b 'x 300' 'y 300' 'z 300' "${few[@]}"
	side c 'x 300' 'y 300' 'z 300' "${more[@]}"
	is "$(summary | sed 's/ (.*)//')" ", most of all f x2.0 with what it calls"
}

@test "tables are by self or by total, and as long as was asked for" {
	tables() {
		tdiff -t --scale none "$@" base.bin cur.bin | tail -n +7
	}
	printf 'main;a 1\nmain;b 3\nmain 5\n' | compose id=1 >base.bin
	printf 'main;a 2\nmain;b 5\nmain 5\n' | compose id=2 >cur.bin
	is "$(tables)" "
regressions, by self
 before    after    change  ratio  verdict          function
3.00 ms  5.00 ms  +2.00 ms  x1.7   too few samples  b
1.00 ms  2.00 ms  +1.00 ms  x2.0   too few samples  a"
	is "$(tables --sort self --limit 1)" "
regressions, by self, 1 of 2
 before    after    change  ratio  verdict          function
3.00 ms  5.00 ms  +2.00 ms  x1.7   too few samples  b"
	is "$(tables --sort total --limit 2)" "
regressions, by total, 2 of 3
 before    after    change  ratio  verdict          function
9.00 ms  12.0 ms  +3.00 ms  x1.33  inconclusive     main
3.00 ms  5.00 ms  +2.00 ms  x1.7   too few samples  b"
	is "$(tables --sort total --limit 9)" "$(tables --sort total)"
	is "$(tables --sort total | wc -l)" 6
}

# Slices of 64 ms, 16 a side, all alike: chance is 4 / (4 + 15) of sampling's, on each side, and 4 %
# of what is not in the function, which slices cannot tell. 256 of 1,024 samples against 512 are x2,
# off by
#	sqrt(4 / 19 ((1 - 0.25) / 256 + (1 - 0.5) / 512) + (0.04 (1 - 0.25))^2 + (0.04 (1 - 0.5))^2)
# which is 0.04607, and Welch's degrees of freedom are 32.1 (t = 2.037).
window() {
	local a b

	a=$(printf " $1%.0s" {1..16})
	b=$(printf " $((64 - $1))%.0s" {1..16})
	printf '%s\n' "a$a" "b$b" | compose "${@:2}" epoch=64ms watched=1024ms
}

@test "one window a side is judged by its slices of time" {
	window 16 id=1 >base.bin
	window 32 id=2 >cur.bin
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq -r .basis <<<"$output")" epochs
	is "$(verdicts <<<"$output")" "a: changed, changed 2 1.820875 2.196746
b: changed, changed 0.666667 0.629779 0.705714"
}

@test "a program from its start to its end is no window, and its slices tell nothing" {
	window 16 id=1 complete >base.bin
	window 32 id=2 complete >cur.bin
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq -r .basis <<<"$output")" none
	is "$(jq -r .summary <<<"$output")" \
		"exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it"
}

@test "a window of fewer than eight slices of twenty ticks tells nothing" {
	basis() {
		tdiff --json base.bin cur.bin | jq -r .basis
	}
	printf 'a 16 16 16 16 16 16 16 16\n' | compose id=1 epoch=16ms watched=128ms >base.bin
	printf 'a 16 16 16 16 16 16 16 16\n' | compose id=2 epoch=16ms watched=128ms >cur.bin
	is "$(basis)" none
	printf 'a%s\n' "$(printf ' 16%.0s' {1..16})" | compose id=1 epoch=16ms watched=256ms >base.bin
	printf 'a%s\n' "$(printf ' 16%.0s' {1..16})" | compose id=2 epoch=16ms watched=256ms >cur.bin
	is "$(basis)" epochs
}

@test "three collapsed texts a side are three runs" {
	for i in 1 2 3; do
		printf 'a 100\nb 900\n' >b$i.txt
		printf 'a 200\nb 800\n' >c$i.txt
		timport -o b$i.bin b$i.txt
		timport -o c$i.bin c$i.txt
	done
	is "$(three --json | verdicts)" "a: changed, changed 2 1.796443 2.226622
b: changed, changed 0.888889 0.873128 0.904934"
}

@test "runs that differ among themselves as much as the sides do prove nothing" {
	local i=0 a

	for a in 100 200 150; do
		i=$((i + 1))
		printf 'a %d\nb %d\n' $a $((1000 - a)) | compose complete "id=$i" >"b$i.bin"
		printf 'a %d\nb %d\n' $((a + 50)) $((950 - a)) | compose complete id=1$i >c$i.bin
	done
	is "$(three --json | jq -r '.functions[] | "\(.function): \(.verdict)"')" "a: inconclusive
b: inconclusive"
}

# 126 runs a side are 63 pairs: what chance there is is 4 / (4 + 124) of sampling's, with 128 degrees
# of freedom (t = 1.979), and a is off by sqrt((0.9 / 12600 + 0.8 / 25200) / 32) = 0.001796.
@test "more than 64 runs a side are judged in groups of as many runs" {
	local i

	for i in {0..125}; do
		printf 'a 100\nb 900\n' | compose complete "id=$i" >"b$i.bin"
		printf 'a 200\nb 800\n' | compose complete "id=$((i + 126))" >"c$i.bin"
	done
	tfold -q -o b.bin b*.bin
	tfold -q -o c.bin c*.bin
	is "$(tdiff -q --json b.bin c.bin | verdicts | head -n 1)" "a: changed, changed 2 1.992907 2.007118"
	is "$(tdiff -q --json b.bin c.bin | jq -c '[.baseline.runs, .common.factor]')" "[126,1]"
}

# 2^24 is where a number of 24 bits counts no single sample more.
@test "a sample counts in the total of a function however many there are" {
	local calls

	mapfile -t calls < <(seq -f 'main;f%g 1' 1000)
	side b 'main 16777216' "${calls[@]}" 'other 10000000'
	side c 'main 16778216' 'other 10000000'
	is "$(three --json | jq -c '.functions[] | select(.function == "main") | .total.adjusted.ratio')" 1
}

# Of 1,000 samples a side 100 are torn, then 300: the ratio of these is as that of any function.
@test "what the sampler did not see changes, and is not named as what changed" {
	side b 'a 500' 'b 400' '<torn> 100'
	side c 'a 500' 'b 200' '<torn> 300'
	is "$(three --json | jq -c '.functions[] | select(.function == "<torn>") | .verdict')" '"changed"'
	is "$(summary | sed 's/ (.*//')" ", most of all b x0.50"
	is "$(three --json | jq -r '.summary | sub(".*besides, "; "") | sub(",.*"; "")')" "1 of 2 functions changed"
}

@test "what was missed is not gone" {
	side b 'a 500' 'b 400' '<missed> 100'
	side c 'a 500' 'n 400'
	is "$(three --json | jq -c .elided)" '{"count":1,"weight":1333333333.33333}'
	is "$(three --elided | tfold -t)" "b 1200"
	tdiff --json b1.bin c1.bin >diff.json
	is "$(jq -rf "$root/share/jq/comment.jq" diff.json | grep -c missed)" 0
	is "$(jq -rf "$root/share/jq/largest.jq" diff.json | grep -c missed)" 0
}
