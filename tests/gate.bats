#!/usr/bin/env bats
# tdiff --gate: what must not be, for continuous integration.

load helper

setup_file() {
	"$here/golden/build"
}

# Three runs of 1 s a side, all alike: a has 100 of 1,000 samples, then 200. What chance there is
# comes from sampling alone, drawn to half of it by six runs that agree (4 / (4 + 4) by the
# weights of what is known before and what is seen). The logarithm of the ratio 2 is off by
#
#	sqrt(0.5 ((1 - 0.1) / 300 + (1 - 0.2) / 600)) = 0.04655
#
# of which 2.306, by Student's t with 8 degrees of freedom, make the interval: from 1.796 to 2.227.
# In time that is from 79.6 to 122.7 ms of a run, and as many tenths of a point.
setup() {
	need tdiff timport
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
	side b 'a (app.py) 100' 'b (app.py) 900'
	side c 'a (app.py) 200' 'b (app.py) 800'
}

# side NAME LINE...: the lines as three complete runs, NAME1.bin to NAME3.bin.
side() {
	local i

	for i in 1 2 3; do
		printf '%s\n' "${@:2}" | compose complete id=$((i + 10 * $(printf %d "'$1"))) >"$1$i.bin"
	done
}

# gates STATUS TEXT GATE...: three runs of b against three of c.
gates() {
	local status=$1 text=$2 options=() gate

	for gate in "${@:3}"; do
		options+=(--gate "$gate")
	done
	run "-$status" --separate-stderr tdiff -o out "${options[@]}" \
		-b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin
	is "$output" ""
	is "$stderr" "$text"
	[ -s out ]
}

@test "a gate trips when the low end of the interval lies above the threshold" {
	gates 3 "tdiff: gate self:^a>79.6%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>79.6%'
	gates 3 "tdiff: gate total:^a>5%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'total:^a>5%'
	gates 3 "tdiff: gate self:^a>0%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>0%'
}

@test "a gate cannot be decided while the interval holds the threshold" {
	gates 4 "tdiff: gate self:^a>79.7%: cannot be decided: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>79.7%'
	gates 4 "tdiff: gate self:^a>122.6%: cannot be decided: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>122.6%'
}

@test "a gate is open when the high end lies below the threshold, and for what got faster" {
	gates 0 "" 'self:^a>122.7%' 'self:^b>0%' 'total:^b>0s' 'total:^b>0pp'
}

@test "a threshold may be an amount of time, of a run" {
	gates 3 "tdiff: gate self:^a>79ms: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>79ms'
	gates 4 "tdiff: gate self:^a>0.08s: cannot be decided: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>0.08s'
	gates 0 "" 'self:^a>0.123s'
}

@test "a threshold may be points of the whole" {
	gates 3 "tdiff: gate self:^a>7.9pp: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>7.9pp'
	gates 4 "tdiff: gate self:^a>8pp: cannot be decided: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>8pp'
	gates 0 "" 'self:^a>12.3pp'
}

@test "of several gates one that trips counts most, and each is told" {
	gates 3 "tdiff: gate self:^a>100%: cannot be decided: a (app.py) x2.0 (1.8 to 2.2)
tdiff: gate self:^a>50%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>100%' 'self:^a>50%' 'self:^a>200%'
}

# 1,000, 1,000 and 1,000 samples against 1,100, 1,200 and 1,300. The logarithms of these spread by
# 0.0836, their mean by 0.0483; with two degrees of freedom, and none of the other side, 4.303 of
# that make the interval: 1.2 times or by exp(0.2076).
@test "the whole program has a gate of its own" {
	local i=0 n said="x1.20 (0.98 to 1.48)"

	for n in 1100 1200 1300; do
		i=$((i + 1))
		printf 'a (app.py) %d\n' $n | compose complete id=$i >c$i.bin
		printf 'a (app.py) 1000\n' | compose complete id=$((i + 10)) >b$i.bin
	done
	gates 4 "tdiff: gate common>5%: cannot be decided: the common factor $said" 'common>5%'
	gates 4 "tdiff: gate common>47.6%: cannot be decided: the common factor $said" 'common>47.6%'
	gates 0 "" 'common>47.8%'
	side c 'a (app.py) 1200'
	gates 3 "tdiff: gate common>19.9%: tripped: the common factor x1.20 (1.20 to 1.20)" 'common>19.9%'
	gates 0 "" 'common>20%'
}

# All of it takes twice the time, and a four times: besides, a takes twice.
@test "what the whole program has in common is no function's" {
	side b 'a (app.py) 100' 'b (app.py) 300' 'c (app.py) 300' 'd (app.py) 300'
	side c 'a (app.py) 400' 'b (app.py) 600' 'c (app.py) 600' 'd (app.py) 600'
	gates 3 "tdiff: gate common>90%: tripped: the common factor x2.0 (2.0 to 2.0)" 'self:^[bcd] >10%' 'common>90%'
	gates 3 "tdiff: gate self:^a>50%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a>50%'
	gates 0 "" 'self:^a>150%'
}

@test "a function that is new is more by any part, and by all of its time" {
	side c 'a (app.py) 100' 'b (app.py) 700' 'n (app.py) 200'
	gates 3 "tdiff: gate self:^n>1000%: tripped: n (app.py) from 0" 'self:^n>1000%'
	gates 3 "tdiff: gate self:^n>0.19s: tripped: n (app.py) from 0" 'self:^n>0.19s'
	gates 3 "tdiff: gate self:^n>19pp: tripped: n (app.py) from 0" 'self:^n>19pp'
	gates 4 "tdiff: gate self:^n>0.21s: cannot be decided: n (app.py) from 0" 'self:^n>0.21s'
}

@test "a function that is gone trips nothing" {
	side b 'a (app.py) 100' 'b (app.py) 700' 'g (app.py) 200'
	side c 'a (app.py) 100' 'b (app.py) 900'
	gates 0 "" 'self:^g>0%' 'total:^g>0s' 'self:^g>0pp'
}

# 12 of 3,000 samples, then 6, are below 0.5 %, and 18 are not: x3.0, off by
# sqrt(0.5 (1 / 6 + 1 / 18)) = 0.333, times 2.306.
@test "functions below half a percent of the whole on both sides are left out" {
	side b 'a (app.py) 100' 'b (app.py) 898' 's (app.py) 2'
	side c 'a (app.py) 100' 'b (app.py) 896' 's (app.py) 4'
	gates 0 "" 'self:^s>0%' 'total:^s>0%'
	side c 'a (app.py) 100' 'b (app.py) 894' 's (app.py) 6'
	gates 4 "tdiff: gate self:^s>40%: cannot be decided: s (app.py) x3.0 (1.39 to 6.5)" 'self:^s>40%'
	gates 3 "tdiff: gate self:^s>38%: tripped: s (app.py) x3.0 (1.39 to 6.5)" 'self:^s>38%'
}

@test "of fewer than ten samples of a function nothing is decided" {
	side b 'a (app.py) 99' 's (app.py) 1'
	side c 'a (app.py) 98' 's (app.py) 2'
	gates 4 "tdiff: gate self:^s>5%: cannot be decided: s (app.py) x2.0" 'self:^s>5%'
}

@test "a pattern is of the text of a function, with its file" {
	side b 'a (app.py) 100' 'a (lib.py) 5' 'b (app.py) 895'
	side c 'a (app.py) 200' 'a (lib.py) 5' 'b (app.py) 795'
	gates 3 "tdiff: gate self:^a \\(app.py\\)\$>5%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a \(app.py\)$>5%'
	gates 0 "" 'self:lib>90%'
	gates 3 "tdiff: gate self:^a .app|^b>5%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^a .app|^b>5%'
	gates 3 "tdiff: gate self:>79%: tripped: a (app.py) x2.0 (1.8 to 2.2)
tdiff: gate self:>79%: cannot be decided: a (lib.py) x1.00 (0.55 to 1.8)" 'self:>79%'
}

@test "a pattern that no function matches is told, and cannot be decided" {
	gates 4 "tdiff: gate self:^load>5%: no function matches" 'self:^load>5%'
	gates 3 "tdiff: gate self:^load>5%: no function matches
tdiff: gate self:^a>5%: tripped: a (app.py) x2.0 (1.8 to 2.2)" 'self:^load>5%' 'self:^a>5%'
}

# 120 of 3,000 samples on both sides are off by 2.306 sqrt(0.5 * 2 * 0.96 / 120) = 0.21.
@test "of many functions that cannot be decided ten are told, and how many more there are" {
	local lines=() i

	for i in {10..34}; do
		lines+=("f$i 40")
	done
	side b "${lines[@]}"
	side c "${lines[@]}"
	gates 4 "$(printf 'tdiff: gate self:>5%%: cannot be decided: f%d x1.00 (0.81 to 1.23)\n' {10..19}
		echo "tdiff: gate self:>5%: cannot be decided: 15 more")" 'self:>5%'
}

@test "one run a side cannot decide, and what would is told" {
	run -4 --separate-stderr tdiff -o out --gate 'self:^a>5%' --gate 'common>1%' b1.bin c1.bin
	is "$stderr" "tdiff: gate self:^a>5%: cannot be decided: a (app.py) x2.0
tdiff: gate common>1%: cannot be decided: the common factor x1.00
tdiff: exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it
hint: take three runs or more of each side"
	is "$output" ""
}

@test "samples without time say nothing of an amount of time" {
	for i in 1 2 3; do
		printf 'a 100\nb 900\n' >b$i
		printf 'a 200\nb 800\n' >c$i
		timport -o b$i.bin b$i
		timport -o c$i.bin c$i
	done
	gates 4 "tdiff: gate self:^a>1ms: cannot be decided: samples were counted, and no time" 'self:^a>1ms'
	gates 3 "tdiff: gate self:^a>5%: tripped: a x2.0 (1.8 to 2.2)" 'self:^a>5%'
}

@test "a gate goes with every form of the result" {
	for form in -t --json --elided; do
		run -3 --separate-stderr tdiff $form -o out --gate 'self:^a>5%' -b b1.bin -b b2.bin -b b3.bin \
			-c c1.bin -c c2.bin -c c3.bin
		[ -s out ]
	done
}

@test "damaged input is no pass" {
	head -c -9 c3.bin >cut.bin
	run -1 --separate-stderr tdiff -o out --gate 'self:^b>5%' -b b1.bin -b b2.bin -b b3.bin \
		-c c1.bin -c c2.bin -c cut.bin
	matches "${stderr_lines[0]}" "tdiff: cut.bin: .*"
	[ -s out ]
}

@test "what is no gate is wrong usage" {
	local gate form="a gate reads 'self:PATTERN>5%', 'total:PATTERN>0.2s', 'self:PATTERN>1pp' or 'common>5%'"

	for gate in 'self:a' 'a>5%' 'self:a>' 'self:a>5' 'self:a>x%' 'self:a>-5%' 'self:a>5pt' 'common:a>5%' \
		'common>1s' 'common>1pp' 'selfa>5%' '' 'self:a>1e3%'; do
		run -2 --separate-stderr tdiff --gate "$gate" missing missing
		is "$stderr" "tdiff: --gate: \"$gate\" is no gate; $form
hint: try \"tdiff --help\""
	done
	run -2 --separate-stderr tdiff --gate 'self:(>5%' missing missing
	is "$stderr" "tdiff: --gate: self:(>5%: Unmatched ( or \\(
hint: try \"tdiff --help\""
}
