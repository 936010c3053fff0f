#!/usr/bin/env bats
# tstat: the table of functions from any stream.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tstat timport tfold
	cd "$BATS_TEST_TMPDIR" || return
	printf '%s\n' 'main (/app/run.py:3);parse (/app/a.py:7) 30' 'main (/app/run.py:4) 10' \
		'main (/app/run.py:3);draw (/app/b.py:1);parse (/app/a.py:7) 60' >stacks
	timport stacks >run.bin
}

# Standard output of a shell command on a terminal of $1 columns.
on_terminal() {
	need_terminal
	script -qec "stty cols $1; $2" /dev/null </dev/null | tr -d '\r'
}

table() {
	tstat --no-summary "$@"
}

@test "tstat prints what each function got itself and in all, and which functions stand out" {
	is "$(timport --unit ms stacks | tstat)" "stacks: 100 ms of thread-time, 1 thread, 1 run

self %  self time  total %  total time  place
  90.0    90.0 ms     90.0     90.0 ms  a.py(parse)
  10.0    10.0 ms    100.0      100 ms  run.py(main)
   0.0       0 ns     60.0     60.0 ms  b.py(draw)

Words
  self   the stacks that end there: what it did itself
  total  the stacks that it is in, once each however deep it recurs
  %      of all, which is 100 ms of thread-time
  time   thread-time: until the next tick after each sample
  n      samples
  place  the file's name, the function's first line, and the function

Work of their own: most of their total is self
  100.0 % of its 90.0 ms  a.py(parse)
  10.0 % of its 100 ms    run.py(main)

Work of others: most time in what they call
  90.0 ms, 90.0 % of all  run.py(main)
  60.0 ms, 60.0 % of all  b.py(draw)

Magnification: total is many times self
  x10, itself 10.0 ms  run.py(main)"
}

@test "where times are not known, samples are counted" {
	is "$(table run.bin)" "\
self %  self n  total %  total n  place
  90.0      90     90.0       90  a.py(parse)
  10.0      10    100.0      100  run.py(main)
   0.0       0     60.0       60  b.py(draw)"
}

@test "a function counts once for a stack, however deep it recurs, over any of its lines" {
	printf '%s\n' 'main;f (m.py:1);f (m.py:2);g;f (m.py:1) 5' 'main;f (m.py:2);f (m.py:1);f (m.py:2) 5' |
		timport >deep.bin
	is "$(table deep.bin)" "\
self %  self n  total %  total n  place
 100.0      10    100.0       10  m.py(f)
   0.0       0     50.0        5  g
   0.0       0    100.0       10  main"
	is "$(table --by line deep.bin)" "\
self %  self n  total %  total n  place
  50.0       5    100.0       10  m.py:1(f)
  50.0       5    100.0       10  m.py:2(f)
   0.0       0     50.0        5  g
   0.0       0    100.0       10  main"
	is "$(table -l deep.bin)" "$(table --by line deep.bin)"
}

@test "files of one name are told apart by as much of their paths as that needs" {
	printf '%s\n' 'a (/x/lib/pa/util.py) 4' 'b (/x/lib/pb/util.py) 3' 'c (/y/lib/pb/util.py) 2' \
		'd (/x/lib/one.py) 1' 'e (xone.py) 1' | timport >paths.bin
	is "$(table --sort name paths.bin)" "\
self %  self n  total %  total n  place
  36.4       4     36.4        4  pa/util.py(a)
  27.3       3     27.3        3  x/lib/pb/util.py(b)
  18.2       2     18.2        2  y/lib/pb/util.py(c)
   9.1       1      9.1        1  one.py(d)
   9.1       1      9.1        1  xone.py(e)"
	is "$(table --by file paths.bin)" "\
self %  self n  total %  total n  place
  36.4       4     36.4        4  pa/util.py
  27.3       3     27.3        3  x/lib/pb/util.py
  18.2       2     18.2        2  y/lib/pb/util.py
   9.1       1      9.1        1  one.py
   9.1       1      9.1        1  xone.py"
}

@test "--by module counts what Python would import" {
	printf '%s\n' 'a (/usr/lib/python3.11/json/decoder.py);b (/usr/lib/python3.11/json/__init__.py) 3' \
		'a (/usr/lib/python3.11/json/decoder.py);b (/srv/site-packages/pkg/mod.py) 1' | timport |
		tstat --by module --no-summary >modules
	is "$(cat modules)" "\
self %  self n  total %  total n  place
  75.0       3     75.0        3  json
  25.0       1     25.0        1  pkg.mod
   0.0       0    100.0        4  json.decoder"
}

@test "--sort takes the keys of Python's own profiler too" {
	local key

	for key in total total-samples cumtime cumul-pct nsamples-cumul; do
		is "$(table --sort $key run.bin | sed -n 's/.*(\(.*\))/\1/p' | tr '\n' ' ')" "main parse draw "
	done
	for key in self self-samples tottime sample-pct nsamples; do
		is "$(table --sort $key run.bin | sed -n 's/.*(\(.*\))/\1/p' | tr '\n' ' ')" "parse main draw "
	done
	is "$(table --sort name run.bin | sed -n 's/.*(\(.*\))/\1/p' | tr '\n' ' ')" "draw main parse "
	run -2 --separate-stderr tstat --sort size run.bin
	is "${stderr_lines[0]}" 'tstat: --sort: "size" is none of self|total|self-samples|total-samples|name'
}

@test "-n shows the first rows, and what is left out is told; the summary is of all" {
	need jq
	is "$(table -n 1 run.bin)" "\
self %  self n  total %  total n  place
  90.0      90     90.0       90  a.py(parse)
and 2 more with 10.0 % of all: -n 3 shows them"
	is "$(tstat -n 1 run.bin | sed -n '/^Words/,$p')" "$(tstat run.bin | sed -n '/^Words/,$p')"
	for i in $(seq 20); do echo "f$i $i"; done | timport >many.bin
	is "$(table many.bin | wc -l)" 17
	is "$(table many.bin | tail -n 1)" "and 5 more with 7.1 % of all: -n 20 shows them"
	is "$(tstat --json many.bin | jq '.rows | length')" 20
	is "$(tstat --json -n 2 many.bin | jq -c '[.rows[].name]')" '["f20","f19"]'
}

@test "a table of many lines takes not much more memory than their profile" {
	"$root/build/tests/bench/stacks" 100000 50 >many.bin
	(
		ulimit -v 65000
		tstat -l -n 1 many.bin >table
	)
	is "$(sed -n 4p table | awk '{print $NF}')" "$(tstat -l --no-summary -n 1 many.bin | sed -n 2p | awk '{print $NF}')"
	is "$(tstat --json -l many.bin | jq '.rows | length')" "$(tstat -l --no-summary -n 1000000 many.bin | sed 1d | wc -l)"
}

@test "numbers are grouped by thousands" {
	printf 'a 1234567\nb 1\n' | timport | tstat --no-summary >table
	is "$(cat table)" "\
self %     self n  total %    total n  place
 100.0  1,234,567    100.0  1,234,567  a
   0.0          1      0.0          1  b"
}

@test "control characters and marks that turn the writing are visible in a table" {
	printf 'a\033[2Jb;\342\200\256c 1\n' | timport | tstat --no-summary >table
	is "$(cat table)" 'self %  self n  total %  total n  place
 100.0       1    100.0        1  \xe2\x80\xaec
   0.0       0    100.0        1  a\x1b[2Jb'
}

@test "on a terminal a table is as wide as it: samples go first, then a place loses its beginning" {
	printf '%s\n' 'main (/app/run.py);a_function_of_a_very_long_name (/app/of_a_long_name_too.py) 1' | timport >long.bin
	is "$(on_terminal 80 'NO_COLOR=1 tstat --no-summary long.bin')" "\
self %  self n  total %  total n  place
 100.0       1    100.0        1  .._name_too.py(a_function_of_a_very_long_name)
   0.0       0    100.0        1  run.py(main)"
	is "$(on_terminal 60 'NO_COLOR=1 tstat --no-summary long.bin')" "\
self %  self n  total %  place
 100.0       1    100.0  ..y(a_function_of_a_very_long_name)
   0.0       0    100.0  run.py(main)"
	is "$(on_terminal 80 'NO_COLOR=1 COLUMNS=60 tstat --no-summary long.bin')" \
		"$(on_terminal 60 'NO_COLOR=1 tstat --no-summary long.bin')"
	is "$(COLUMNS=60 tstat --no-summary long.bin | awk 'length > 60' | wc -l)" 1
}

@test "colours are for terminals that want them" {
	local escape=$'\033'

	is "$(on_terminal 80 'tstat --no-summary -n 1 run.bin' | head -n 2)" "\
${escape}[1mself %${escape}[0m  ${escape}[1mself n${escape}[0m  ${escape}[1mtotal %${escape}[0m  ${escape}[1mtotal n${escape}[0m  ${escape}[1mplace${escape}[0m
  ${escape}[1;33m90.0${escape}[0m      90     90.0       90  a.py(parse)"
	is "$(on_terminal 80 'tstat --no-summary -n 1 run.bin | cat')" "$(table -n 1 run.bin)"
	is "$(on_terminal 80 'NO_COLOR=1 tstat run.bin')" "$(tstat run.bin)"
	is "$(on_terminal 80 'TERM=dumb tstat run.bin')" "$(tstat run.bin)"
	is "$(on_terminal 80 'tstat -o out run.bin; cat out')" "$(tstat run.bin)"
}

@test "--by thread tells what of a thread's time it was on a CPU, held the GIL, and so on" {
	need jq
	is "$(table --by thread "$here/golden/states.bin")" "\
share %    time  n  CPU %  GIL %  wants GIL %  exception %  GC %  who
  100.0  132 ms  7   75.5   75.5          8.2          8.2  59.2  MainThread"
	is "$(table --by thread "$here/golden/threads.bin")" "\
share %     time  n  CPU %  GIL %  wants GIL %  exception %  GC %  who
   53.0  88.1 ms  9   13.0   41.7            -         31.1  31.1  app.py / MainThread
   23.7  39.4 ms  4    0.0      -            -            -     -  process / MainThread
   23.3  38.8 ms  4  100.0  100.0            -            -     -  app.py / pool; 1"
	is "$(tstat --json --by thread "$here/golden/states.bin" | jq -c '.rows[]')" \
		'{"place":"MainThread","total":132500000,"total_samples":7,"on_cpu":92500000,"on_cpu_known":122500000,"holds_gil":92500000,"holds_gil_known":122500000,"wants_gil":10000000,"wants_gil_known":122500000,"in_exception":10000000,"in_exception_known":122500000,"in_gc":72500000,"in_gc_known":122500000}'
}

@test "--by process tells processes apart" {
	is "$(table --by process "$here/golden/threads.bin")" "\
share %     time   n  CPU %  GIL %  wants GIL %  exception %  GC %  who
   76.3   127 ms  13   44.7   62.9            -         31.1  31.1  app.py
   23.7  39.4 ms   4    0.0      -            -            -     -  process"
}

@test "--json holds the figures of every row, and what they are of" {
	need jq
	is "$(tstat --json run.bin | jq -c 'del(.rows)')" \
		'{"by":"function","unit":"samples","incomplete":false,"script":"","python":"","mode":"wall","runs":1,"processes":1,"threads":1,"ticks":0,"watched_ns":0,"total":100,"total_samples":100}'
	is "$(tstat --json -l run.bin | jq -c '.rows[]')" \
		'{"place":"a.py:7(parse)","name":"parse","file":"/app/a.py","line":7,"self":90,"total":90,"self_samples":90,"total_samples":90}
{"place":"run.py:4(main)","name":"main","file":"/app/run.py","line":4,"self":10,"total":10,"self_samples":10,"total_samples":10}
{"place":"b.py:1(draw)","name":"draw","file":"/app/b.py","line":1,"self":0,"total":60,"self_samples":0,"total_samples":60}
{"place":"run.py:3(main)","name":"main","file":"/app/run.py","line":3,"self":0,"total":90,"self_samples":0,"total_samples":90}'
}

# What Python $1 makes of the file $2.
loads() {
	is "$("${@:3}" -I -c '
import pstats, sys
stats = pstats.Stats(sys.argv[1]).sort_stats("tottime")
for key, value in sorted(stats.stats.items()):
    print(key, value)
print(stats.total_tt, stats.total_calls, stats.prim_calls, [key[2] for key in stats.fcn_list])
' "$1")" "\
('/app/a.py', 0, 'parse') (90, 90, 90.0, 90.0, {('/app/b.py', 0, 'draw'): (60, 60, 60.0, 60.0), ('/app/run.py', 0, 'main'): (30, 30, 30.0, 30.0)})
('/app/b.py', 0, 'draw') (0, 60, 0.0, 60.0, {('/app/run.py', 0, 'main'): (60, 0, 0.0, 60.0)})
('/app/run.py', 0, 'main') (10, 100, 10.0, 100.0, {})
('~', 0, '\\\\x1bodd') (5000000000, 5000000000, 5000000000.0, 5000000000.0, {})
5000000100.0 5000000250 5000000100 ['\\\\x1bodd', 'parse', 'main', 'draw']" || return
	"${@:3}" -m pstats "$1" >out <<<'callers parse' || return
	is "$(grep -c '<-.* 60.000 .*b.py:0(draw)' out)" 1 || {
		cat out
		return 1
	}
}

@test "what --pstats writes every Python loads, and python -m pstats shows" {
	printf '\033odd 5000000000\n' | timport | tfold - run.bin | tstat --pstats all.pstats
	each_python '*' loads "$PWD/all.pstats"
}

@test "--pstats is no text: it shares no option with the table, and is not for a terminal" {
	local option

	for option in --json '-o out' --no-summary '-n 3'; do
		# shellcheck disable=SC2086 # options
		run -2 --separate-stderr tstat --pstats all.pstats $option run.bin
		is "${stderr_lines[0]}" "tstat: --pstats is all of the result: it goes with --by and -l only"
	done
	run -2 --separate-stderr tstat --pstats all.pstats --by thread run.bin
	is "${stderr_lines[0]}" "tstat: --pstats knows functions and lines only"
	[ ! -e all.pstats ]
	matches "$(on_terminal 80 'tstat --pstats - run.bin' | head -n 1)" 'tstat: standard output: .* is not for a terminal'
	cmp <(tstat --pstats - run.bin) <(tstat --pstats /dev/stdout run.bin)
}

@test "equal profiles make equal tables, however they come" {
	timport stacks | tfold | tstat >one
	tstat - <run.bin >two
	tstat -o three run.bin
	cmp one two
	cmp two three
}

@test "a damaged stream is counted as far as it is good, said and stamped, and is status 1" {
	need jq
	for i in $(seq 3000); do echo "main;f$i;g$((i % 7)) $i"; done | timport --compress none >long.bin
	head -c "$(($(wc -c <long.bin) - 20))" long.bin | cat run.bin - >cut.bin
	run -1 --separate-stderr tstat cut.bin
	matches "$stderr" 'tstat: cut.bin: .*'
	is "${lines[0]}" "Incomplete: a part of the input was damaged or refused, and is not here."
	run -1 --separate-stderr tstat --json cut.bin
	is "$(jq .incomplete <<<"$output")" true
}

@test "of a comparison tstat prints before, after, change, ratio and verdict of every function" {
	printf '%s\n' 'main;parse 30' 'main;draw 60' 'main;old 5' 'main;same 5' | timport -o before.bin
	printf '%s\n' 'main;parse 60' 'main;draw 30' 'main;new 5' 'main;same 5' | timport -o after.bin
	tdiff --scale none -o diff.bin before.bin after.bin 2>/dev/null
	is "$(table diff.bin)" "\
before  after  change  ratio   verdict          function
    60     30     -30  x0.50   inconclusive     draw
    30     60     +30  x2.0    inconclusive     parse
     0      5      +5  from 0  too few samples  new
     5      0      -5  to 0    too few samples  old
     5      5       0  x1.00   inconclusive     same"
	is "$(table --sort name -n 2 diff.bin)" "\
before  after  change  ratio   verdict          function
    60     30     -30  x0.50   inconclusive     draw
     0      5      +5  from 0  too few samples  new
and 3 more: -n 5 shows them"
	is "$(table --sort total -n 1 diff.bin | tail -n 2)" "\
    60     30     -30  x0.50  inconclusive  draw
and 5 more: -n 6 shows them"
	is "$(tstat diff.bin | sed -n 1,3p)" "$(tdiff -t --scale none before.bin after.bin 2>/dev/null | sed -n 1,3p)"
	is "$(tstat --json diff.bin)" "$(tdiff --json --scale none before.bin after.bin 2>/dev/null)"
	run -1 --separate-stderr tstat --by line diff.bin
	is "$stderr" "tstat: a comparison goes with neither --by nor --pstats
hint: tdiff --match tells what is compared"
	is "$output" ""
}
