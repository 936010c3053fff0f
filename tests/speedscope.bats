#!/usr/bin/env bats
# timport(1) and the JSON files of speedscope. What speedscope itself saves of them is for tests/browser.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

imports=$here/imports

# FRAMES PROFILES [EXPORTER]: a file, as JSON.
file() {
	printf '{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"%s","shared":{"frames":[%s]},"profiles":[%s]}' \
		"${3-}" "$1" "$2"
}

frames='{"name":"main","file":"/a.py","line":3},{"name":"leaf","file":"/a.py","line":7,"col":2},{"name":"<GC>"}'

# NAME UNIT SAMPLES WEIGHTS
sampled() {
	printf '{"type":"sampled","name":"%s","unit":"%s","startValue":0,"endValue":9,"samples":[%s],"weights":[%s]}' "$@"
}

# UNIT EVENTS
evented() {
	printf '{"type":"evented","name":"one","unit":"%s","startValue":2,"endValue":9,"events":[%s]}' "$@"
}

@test "what speedscope saved of other profiles has their times and counts" {
	is "$(timport "$imports/speedscope-go.json" | tfold -t --weight time | awk '{ n += $NF } END { print n }')" 340000
	is "$(timport "$imports/speedscope-go.json" | tfold -t | cut -d' ' -f 1 | sort -u)" "runtime.main"
	is "$(timport "$imports/speedscope-tach.json" | tfold -t | awk '{ n += $NF } END { print n }')" \
		"$(awk '{ n += $NF } END { print n }' "$imports/tach-plain.peer")"
	# It keeps the six digits after the point that perf printed.
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -tT --weight time' "$imports/speedscope-perf.json"
	matches "${lines[0]}" 'python3.15 pid: [0-9]+ tid: [0-9]+;.*'
}

@test "stacks of a sampled profile are outermost first, and keep lines" {
	file "$frames" "$(sampled MainThread nanoseconds '[0,1],[0],[0,1],[0,1,2]' 2000000,500000,1000000,4000)" >in
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -tlT --weight time'
	is "$output" "MainThread;main (/a.py:3) 500
MainThread;main (/a.py:3);leaf (/a.py:7) 3000
MainThread;main (/a.py:3);leaf (/a.py:7);<GC> 4"
}

@test "units are times, and parts of them keep their sum" {
	for unit in "microseconds 1" "milliseconds 1000" "seconds 1000000"; do
		file "$frames" "$(sampled one "${unit% *}" '[0],[0,1]' '2,0.5')" >in
		is "$(timport in | tfold -t --weight time | head -n 1)" "main (/a.py) $((2 * ${unit#* }))"
	done
	weights=$(printf '0.1,%.0s' {1..1000})
	samples=$(printf '[0],%.0s' {1..1000})
	file "$frames" "$(sampled one microseconds "${samples%,}" "${weights%,}")" >in
	is "$(timport in | tfold -t --weight time)" "main (/a.py) 100"
}

@test "without a time weights count samples" {
	file "$frames" "$(sampled one none '[0],[0,1]' '3,4')" >in
	is "$(timport in | tfold -t)" "main (/a.py) 3
main (/a.py);leaf (/a.py) 4"
}

@test "an evented profile gives each stack the time until the next event" {
	file "$frames" "$(evented milliseconds '{"type":"O","at":2,"frame":0},{"type":"O","at":3,"frame":1},{"type":"C","at":7,"frame":1},{"type":"C","at":9,"frame":0}')" >in
	is "$(timport in | tfold -t --weight time)" "main (/a.py) 3000
main (/a.py);leaf (/a.py) 4000"
}

@test "time in no frame is left out" {
	file "$frames" "$(sampled one microseconds '[],[0]' '7,1')" >in
	is "$(timport in | tfold -t --weight time)" "main (/a.py) 1"
}

@test "names of py-spy's and of texport's profiles tell processes and threads" {
	file "$frames" "$(sampled 'Process 7 Thread 12 \"one\"' seconds '[0],[0]' 0.01,0.01),$(sampled 'Process 7 Thread 0x7F0012345678 \"two\"' seconds '[0]' 0.01)" py-spy@0.4.3 >in
	timport in >stream
	is "$(tfold -tT stream)" "one;main (/a.py) 2
two;main (/a.py) 1"
	is "$(tfold -t --thread 12 -p 7 --weight time stream)" "main (/a.py) 20000"
	file "$frames" "$(sampled 'x y.py (7), one' seconds '[0]' 0.01),$(sampled '(8), two' seconds '[0]' 0.01)" 'texport 0.1.0' >in
	is "$(timport in | tfold -tT --weight time)" "process;two;main (/a.py) 10000
x y.py;one;main (/a.py) 10000"
}

@test "what texport writes for speedscope comes back with its times and threads" {
	need texport
	"$here/golden/build"
	for name in states lanes restart; do
		tfold -q "$here/golden/$name.bin" >stream
		texport -q --lines speedscope stream >file
		is "$(timport file | tfold -q -tTl --weight time)" "$(tfold -q -tTl --weight time stream)"
	done
}

@test "profiles whose unit is not of time are left out beside those that are, and counted" {
	file "$frames" "$(sampled one seconds '[0]' 1),$(sampled two none '[0]' 1),$(sampled three bytes '[0]' 1)" >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t --weight time'
	is "$output" "main (/a.py) 1000000"
	is "$stderr" "timport: in: left out 2 profiles whose unit is not of time"
}

# PROFILE FACT
refuses() {
	file "$frames" "$(sampled one seconds '[0]' 1),$1" >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t --weight time'
	is "$stderr" "timport: in: profile 2$2"
	is "$output" "main (/a.py) 1000000"
}

@test "what is wrong is told by profile and entry, and what is before it is kept" {
	refuses "$(sampled two seconds '[0],[3]' 0,1)" ", entry 2: a frame that there is not"
	refuses "$(sampled two seconds '[0],[-1]' 0,1)" ", entry 2: a frame that there is not"
	refuses "$(sampled two seconds '[0],7' 0,1)" ", entry 2: a sample that is no list"
	refuses "$(sampled two seconds '[0],[0]' 0)" ": samples and weights are not as many"
	refuses "$(sampled two seconds '[0],[0]' '0,-1')" ", entry 2: a weight is negative"
	refuses "$(sampled two seconds '[0],[0]' '0,1e30')" ", entry 2: the weights are too large"
	refuses "$(sampled two seconds '[0],[0]' '0,"1"')" ", entry 2: a weight that is no number"
	refuses "$(sampled two weeks '[0]' 0)" ": a unit that is not known"
	refuses "$(evented seconds '{"type":"O","at":3,"frame":0},{"type":"C","at":3,"frame":1}')" \
		", entry 2: an event that closes what is not the innermost open frame"
	refuses "$(evented seconds '{"type":"O","at":3,"frame":0},{"type":"C","at":2,"frame":0}')" \
		", entry 2: an event that is not later than the one before"
	refuses '{"type":"other","name":"two","unit":"seconds"}' ": neither sampled nor evented"
	refuses '7' ": a unit that is not known"
}

@test "JSON that is cut, too deep or not speedscope's is refused" {
	file "$frames" "$(sampled one seconds '[0]' 1)" | head -c 200 >in
	run -1 --separate-stderr timport -o out in
	matches "$stderr" "timport: in: line 1: .*"
	{ printf '{"$schema":"https://www.speedscope.app/file-format-schema.json","profiles":'; printf '[%.0s' {1..5000}; } >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: line 1: maximum parsing depth reached near '['"
	echo '{"traceEvents":[]}' >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: no profile of a known format
hint: JSON is read when it is speedscope's, with its \$schema"
	echo '{"$schema":"https://www.speedscope.app/file-format-schema.json"}' >in
	run -1 --separate-stderr timport -o out in
	is "$stderr" "timport: in: there are no profiles"
}
