#!/usr/bin/env bats
# tfold(1): merging, filtering, collapsing.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'main (app.py:3);load (app.py:9);parse (json/__init__.py:20) 5' \
		'main (app.py:3);load (app.py:10) 2' \
		'main (app.py:4);draw (ui.py:7);parse (json/__init__.py:30) 1' \
		'main (app.py:4);<GC> 1' >a.txt
	printf '%s\n' 'main (app.py:3);load (app.py:9) 4' 'main (app.py:5) 1' >b.txt
	timport -o a.bin a.txt
	timport -o b.bin b.txt
}

@test "text is by function, sorted, root first" {
	run -0 --separate-stderr tfold -t a.bin
	is "$output" "main (app.py);<GC> 1
main (app.py);draw (ui.py);parse (json/__init__.py) 1
main (app.py);load (app.py) 2
main (app.py);load (app.py);parse (json/__init__.py) 5"
	is "$stderr" ""
}

@test "with -l text keeps lines apart" {
	run -0 --separate-stderr tfold -t -l a.bin
	is "$output" "main (app.py:3);load (app.py:10) 2
main (app.py:3);load (app.py:9);parse (json/__init__.py:20) 5
main (app.py:4);<GC> 1
main (app.py:4);draw (ui.py:7);parse (json/__init__.py:30) 1"
}

@test "runs add up in text" {
	run -0 --separate-stderr tfold -t a.bin b.bin
	is "$output" "main (app.py) 1
main (app.py);<GC> 1
main (app.py);draw (ui.py);parse (json/__init__.py) 1
main (app.py);load (app.py) 6
main (app.py);load (app.py);parse (json/__init__.py) 5"
}

@test "the order of inputs leaves no trace, and neither does folding twice" {
	tfold a.bin b.bin >ab
	tfold b.bin a.bin >ba
	cmp ab ba
	tfold ab >again
	cmp ab again
	cat b.bin a.bin | tfold >joined
	cmp ab joined
	tfold - b.bin <a.bin >mixed
	cmp ab mixed
	tfold a.bin | cat - b.bin | tfold - >pipe
	cmp ab pipe
}

@test "the same part twice is added twice, and said" {
	run -0 --separate-stderr tfold -t a.bin a.bin
	is "$(tail -n 1 <<<"$output")" "main (app.py);load (app.py);parse (json/__init__.py) 10"
	is "$stderr" "tfold: the same part of a run is there more than once, and is added each time"
	run -0 --separate-stderr tfold -q -t a.bin a.bin
	is "$stderr" ""
}

@test "--by coarsens the stream itself" {
	run -0 --separate-stderr bash -c 'tfold --by function a.bin | tfold -t -l'
	is "$output" "$(tfold -t a.bin)"
	run -0 --separate-stderr tfold -t --by line a.bin
	is "$output" "$(tfold -t a.bin)"
	run -0 --separate-stderr tfold -t --by file a.bin
	is "$output" "app.py (app.py) 2
app.py (app.py);<GC> 1
app.py (app.py);__init__.py (json/__init__.py) 5
app.py (app.py);ui.py (ui.py);__init__.py (json/__init__.py) 1"
	run -0 --separate-stderr bash -c 'tfold --by module a.bin | tfold -t'
	is "$output" "app 2
app;<GC> 1
app;__init__ 5
app;ui;__init__ 1"
}

@test "--under roots stacks at a function, by its name or by all of it" {
	run -0 --separate-stderr tfold -t --under parse a.bin
	is "$output" "parse (json/__init__.py) 6"
	run -0 --separate-stderr tfold -t --under 'load (app.py)' a.bin
	is "$output" "load (app.py) 2
load (app.py);parse (json/__init__.py) 5"
	run -0 --separate-stderr tfold -t --under parse --under load a.bin
	is "$output" "load (app.py) 2
load (app.py);parse (json/__init__.py) 5
parse (json/__init__.py) 1"
	is "$stderr" ""
}

@test "a filter that nothing agrees with says so, and what there is" {
	run -0 --separate-stderr tfold -t --under pars a.bin
	is "$output" ""
	is "$stderr" "tfold: --under pars: no stack goes through it
hint: there is \"parse\""
	printf 'A.load;B.load;load_all;xload;C.load 1\n' | timport >m.bin
	run -0 --separate-stderr tfold -t --under load --under A.load m.bin
	is "$output" "A.load;B.load;load_all;xload;C.load 1"
	is "$stderr" "tfold: --under load: no stack goes through it
hint: there is \"A.load\", \"B.load\", \"C.load\""
	run -0 --separate-stderr tfold -t --thread nope a.bin
	is "$output" ""
	is "$stderr" "tfold: --thread nope: there is no such thread
hint: there is \"thread #0\""
	run -0 --separate-stderr tfold -t --pid 5 a.bin
	is "$stderr" "tfold: --pid 5: there is no such process"
	run -0 --separate-stderr tfold -t --keep nope a.bin
	is "$stderr" "tfold: --keep nope: no frame matches"
	run -0 --separate-stderr tfold -t --under draw --keep load a.bin
	is "$stderr" "tfold: no stack agrees with all of the filters"
	run -0 --separate-stderr tfold -q -t --under nope a.bin
	is "$stderr" ""
}

@test "--thread takes what -T prints" {
	run -0 --separate-stderr tfold -t --thread 'thread #0' b.bin
	is "$output" "$(tfold -t b.bin)"
	is "$stderr" ""
}

@test "--keep keeps stacks, --drop gives time to callers" {
	run -0 --separate-stderr tfold -t --keep '^draw|GC' a.bin
	is "$output" "main (app.py);<GC> 1
main (app.py);draw (ui.py);parse (json/__init__.py) 1"
	run -0 --separate-stderr tfold -t --drop 'json/' a.bin
	is "$output" "main (app.py);<GC> 1
main (app.py);draw (ui.py) 1
main (app.py);load (app.py) 7"
	run -0 --separate-stderr tfold -t --drop . a.bin
	is "$output" "<root> 9"
	run -0 --separate-stderr tfold -t --keep '^draw' --keep GC --drop draw --drop json a.bin
	is "$output" "main (app.py) 1
main (app.py);<GC> 1"
}

@test "filters on the way and filters at the end agree" {
	tfold --drop json a.bin | tfold -t --under load >one
	tfold -t --under load --drop json a.bin >two
	cmp one two
}

@test "--sum makes one run, in whatever steps" {
	tfold --sum a.bin b.bin >all 2>err
	is "$(cat err)" "tfold: summed 2 runs: their spread is not known any more"
	tfold --sum b.bin 2>err >b.sum
	is "$(cat err)" "tfold: summed 1 run: their spread is not known any more"
	tfold -q --sum a.bin b.sum >steps
	cmp all steps
	is "$(tfold -t all)" "$(tfold -t a.bin b.bin)"
}

@test "a stack begins with its thread when -T asks for it, and not twice" {
	run -0 --separate-stderr bash -c 'tfold -T b.bin | tfold -T -t'
	is "$output" "thread #0;main (app.py) 1
thread #0;main (app.py);load (app.py) 4"
}

@test "a cut stream is told by its byte, what was good is kept, and the status is 1" {
	tfold --compress none a.bin >whole
	head -c -20 whole >short
	run -1 --separate-stderr tfold -t short
	matches "$stderr" "tfold: short: byte [0-9]+: .*"
	run -1 --separate-stderr tfold -t short b.bin
	is "$output" "$(tfold -t b.bin)"
	cat short b.bin >both
	run -1 --separate-stderr tfold -t both
	is "$output" "$(tfold -t b.bin)"
}

@test "what is no stream is refused, and costs only itself" {
	run -1 --separate-stderr tfold -t a.txt b.bin
	is "$output" "$(tfold -t b.bin)"
	[[ $stderr == tfold:\ a.txt:\ * ]]
	run -1 --separate-stderr tfold -t missing b.bin
	is "$output" "$(tfold -t b.bin)"
	is "$stderr" "tfold: missing: No such file or directory"
}

@test "a run in which no input is good leaves the result as it is" {
	tfold -o out a.bin
	run -1 --separate-stderr tfold -o out missing
	tfold a.bin | cmp - out
	run -1 --separate-stderr tfold -o out a.txt missing
	tfold a.bin | cmp - out
	run -1 --separate-stderr tfold -t -o out a.txt
	tfold a.bin | cmp - out
	run -1 --separate-stderr tfold -o new missing
	is "$(ls -- new* 2>/dev/null)" ""
}

@test "-o gives a file its name when it is whole" {
	tfold -o out a.bin
	tfold a.bin | cmp - out
	tfold -t -o out.txt a.bin
	is "$(cat out.txt)" "$(tfold -t a.bin)"
	is "$(ls -- *.part 2>/dev/null)" ""
}

@test "compression changes the bytes and nothing else" {
	for how in none zstd zstd:1 zstd:19; do
		tfold --compress "$how" a.bin b.bin | tfold >again
		tfold a.bin b.bin | cmp - again
	done
	[ "$(tfold --compress none a.bin | wc -c)" -gt 0 ]
}

@test "wrong usage is told, with status 2, and nothing is read" {
	usage() {
		run -2 --separate-stderr tfold "${@:2}" missing
		is "$stderr" "tfold: $1
hint: try \"tfold --help\""
		is "$output" ""
	}
	usage "--epochs: a power of two, at most 64" --epochs 3
	usage "--epochs: a power of two, at most 64" --epochs 128
	usage "--to: not after --from" --from 2 --to 1
	usage "--to: not after --from" --from 1 --to 1
	usage "--to: 0 keeps nothing" --to 0
	usage "--thread: the name is empty" --thread ''
	usage "--under: the name is empty" --under parse --under ''
	usage "-l goes with --by line, opcode and process only" -t -l --by function
	usage "-l goes with -t" -l
	usage "--weight goes with -t" --weight time
	usage "--compress does not go with -t" -t --compress none
	usage "--compress: \"gzip\" is none of none, zstd, zstd:1 to zstd:19" --compress gzip
	usage "--keep: (: Unmatched ( or \\(" --keep '('
}

@test "a time is no time where the input has none, and that is said" {
	run -0 --separate-stderr tfold -t --from 1s b.bin
	is "$output" "$(tfold -t b.bin)"
	is "$stderr" "tfold: a run has no times: it is taken whole"
}

@test "a run that has times only is told where samples are counted" {
	printf 'a 5\n' >t.txt
	timport --unit ms t.txt >t.bin
	run -0 --separate-stderr tfold -t t.bin b.bin
	is "$output" "$(tfold -t b.bin)"
	is "$stderr" "tfold: 1 run has times only and is not counted"
	run -0 --separate-stderr tfold -t t.bin
	is "$output" "a 5000"
	is "$stderr" ""
}

@test "times on folded input are rounded out, and what they became is said" {
	tfold -q -o folded "$here/golden/states.bin"
	run -0 --separate-stderr tfold --from 51ms --to 65ms -t folded
	is "$stderr" "tfold: times are rounded out to the epochs of the folded input: from 0.050 s to 0.066 s"
	is "$output" "handles (/app.py) 1
wants (/app.py) 1"
	run -0 --separate-stderr tfold --from 1h -t folded
	is "$output" ""
	is "$stderr" "tfold: --from: no sample is of that time"
}

@test "names cannot speak to the terminal" {
	printf 'a\x1b[31m;b 1\n' | timport >x.bin
	run -0 --separate-stderr tfold -t x.bin
	is "$output" 'a\x1b[31m;b 1'
}

@test "--mode chooses again what a sampler could have chosen, and says what is unknown" {
	local unknown="the state of the thread is not known"

	run -0 --separate-stderr tfold -t --mode cpu "$here/golden/states.bin"
	is "$output" "collects (/app.py) 1
runs (/app.py) 1
wants (/app.py) 1"
	is "$stderr" "tfold: left out 1 sample: $unknown"
	run -0 --separate-stderr tfold -t --mode gil "$here/golden/states.bin"
	is "$output" "collects (/app.py) 1
holds (/app.py) 1
runs (/app.py) 1"
	run -0 --separate-stderr tfold -q -t --mode exception "$here/golden/states.bin"
	is "$output" "handles (/app.py) 1"
	is "$stderr" ""
	tfold -q --mode gil "$here/golden/states.bin" >chosen.bin
	tfold "$here/golden/states.bin" | tfold -q --mode gil >folded.bin
	cmp chosen.bin folded.bin
	run -0 --separate-stderr tfold -t --weight time chosen.bin
	is "$output" "<missed> 32500
collects (/app.py) 40000
holds (/app.py) 10000
runs (/app.py) 10000"
}

@test "--idle drop leaves out who is known to be idle" {
	run -0 --separate-stderr tfold -t --idle drop "$here/golden/states.bin"
	is "$output" "collects (/app.py) 1
holds (/app.py) 1
runs (/app.py) 1
unknown (/app.py) 1
wants (/app.py) 1"
	is "$stderr" "tfold: kept 1 sample: whether the thread was idle is not known"
	tfold -q --idle drop "$here/golden/states.bin" >busy.bin
	run -1 --separate-stderr tfold -t --idle keep busy.bin
	is "$stderr" "tfold: busy.bin: idle threads were left out already"
	run -0 --separate-stderr tfold -t --idle keep "$here/golden/states.bin"
	is "$output" "$(tfold -t --mode wall "$here/golden/states.bin")"
}

@test "what was not recorded cannot be chosen" {
	local off="tfold: $here/golden/threads.bin: whether threads were on a CPU was not recorded
hint: tsample --cpu records it"

	run -1 --separate-stderr tfold --mode cpu "$here/golden/threads.bin"
	is "$stderr" "$off"
	run -1 --separate-stderr tfold --idle drop "$here/golden/threads.bin"
	is "$stderr" "$off"
	tfold -q --mode gil "$here/golden/states.bin" >gil.bin
	run -1 --separate-stderr tfold -t --mode wall gil.bin
	is "$stderr" "tfold: gil.bin: only samples of mode gil were recorded"
	run -1 --separate-stderr tfold -t --idle keep gil.bin
	is "$stderr" "tfold: gil.bin: only samples of mode gil were recorded"
	run -0 --separate-stderr tfold -t --idle keep --mode gil gil.bin
	is "$output" "$(tfold -t gil.bin)"
	run -0 --separate-stderr tfold -t --by opcode gil.bin
	is "$output" "$(tfold -t gil.bin)"
	is "$stderr" "tfold: instructions were not recorded
hint: tsample --opcodes records them"
	run -1 --separate-stderr tfold -t --mode gil "$here/golden/lanes.bin"
	is "$stderr" "tfold: $here/golden/lanes.bin: its samples are of tasks, and have no mode gil"
	run -1 --separate-stderr tfold -q -t --mode gil gil.bin "$here/golden/lanes.bin"
	is "$output" "$(tfold -t gil.bin)"
}

@test "runs of different modes stay apart, and that they do not compare is said" {
	local differ="tfold: the runs are of different modes, whose times do not compare: wall, gil"

	tfold -q --mode gil "$here/golden/states.bin" >gil.bin
	run -0 --separate-stderr tfold -o both.bin gil.bin "$here/golden/states.bin"
	is "$stderr" "$differ"
	run -0 --separate-stderr tfold --sum -o sum.bin both.bin
	run -0 --separate-stderr tfold -t sum.bin
	is "$stderr" "$differ"
	is "$output" "$(tfold -q -t both.bin)"
	tfold -q --mode gil gil.bin >again.bin
	cmp gil.bin again.bin
}

@test "tasks of one name are one, with --task-ids each is its own" {
	run -0 --separate-stderr tfold -t "$here/golden/lanes.bin"
	is "$output" "run (/app.py);load (<task>);fetch (/app.py) 12"
	tfold --task-ids -o ids.bin "$here/golden/lanes.bin"
	run -0 --separate-stderr tfold -t --task-ids ids.bin
	is "$output" "run (/app.py);load (<task>:10);fetch (/app.py) 6
run (/app.py);load (<task>:7);fetch (/app.py) 1
run (/app.py);load (<task>:8);fetch (/app.py) 1
run (/app.py);load (<task>:9);fetch (/app.py) 4"
	is "$(tfold -t --task-ids ids.bin | timport | tfold -t --task-ids)" "$output"
	is "$(tfold -t ids.bin)" "$(tfold -t "$here/golden/lanes.bin")"
}
