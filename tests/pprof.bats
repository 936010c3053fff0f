#!/usr/bin/env bats
# timport(1) and the profiles of pprof.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

imports=$here/imports

# "SELF TOTAL NAME" of each function, as pprof -top prints them by sample type $2.
pprof_top() {
	go tool pprof -top -functions -sample_index="$2" -unit=ns -nodefraction=0 -nodecount=100000 "$1" 2>/dev/null |
		sed '1,/flat%/d; s/ (inline)$//; s/ (partial-inline)$//' |
		sed -E 's/^ *([0-9]+)(ns)? +[^ ]+ +[^ ]+ +([0-9]+)(ns)? +[^ ]+ +/\1 \3 /' | sort
}

# The same of ours; $2 is "" for times, or "_samples".
stat_top() {
	timport "$1" | tstat --json | jq -r --arg self "self$2" --arg total "total$2" \
		'.rows[] | select(.[$total] > 0) | "\(.[$self]) \(.[$total]) \(.name)"' | sort
}

# FILE: timport reads of it what go tool pprof reads.
reads_the_same() {
	is "$(stat_top "$1" '')" "$(pprof_top "$1" cpu)" && is "$(stat_top "$1" _samples)" "$(pprof_top "$1" samples)"
}

@test "timport finds in a profile of Go's runtime what go tool pprof finds, compressed or not" {
	need go tstat jq
	reads_the_same "$imports/go-cpu.pb.gz"
	zcat "$imports/go-cpu.pb.gz" >go-cpu.pb
	is "$(stat_top go-cpu.pb '')" "$(stat_top "$imports/go-cpu.pb.gz" '')"
}

@test "what is inlined is a frame of its own, with its line" {
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -tl --weight time' "$imports/go-cpu.pb.gz"
	matches "$output" "runtime.main \(runtime/proc.go:250\);main.main \(./watched.go:33\);main.work \(./watched.go:23\);main.middle \(./watched.go:18\);main.leaf \(./watched.go:12\) 210000
.*;runtime.asyncPreempt \(runtime/preempt_amd64.s:7\) 130000"
}

@test "what this machine's Go profiles is read as go tool pprof reads it" {
	need go tstat jq
	export HOME=$PWD/home GOCACHE=$PWD/cache GOFLAGS=-trimpath
	go build -o watched "$imports/watched.go" 2>log || skip "go cannot build here: $(tail -n 1 log)"
	./watched cpu.pb.gz
	reads_the_same cpu.pb.gz
}

@test "what texport writes for pprof comes back: times, samples, threads, states and lines" {
	local name options

	need texport
	"$here/golden/build"
	for name in threads folded states restart timeless; do
		tfold -q "$here/golden/$name.bin" >stream
		texport -q pprof stream >file
		timport file >back
		for options in -tTl "-t --mode gil" "-t --mode exception" "-tT --weight time"; do
			[ "$name" != timeless ] || options=-tTl
			# shellcheck disable=SC2086 # words
			is "$(tfold -q $options back 2>&1)" "$(tfold -q $options stream 2>&1 | sed 's/stream/back/')"
		done
	done
}

small=("types samples/count wall/nanoseconds" "function 1 main /a.py 3" "function 7 leaf /a.py 9"
	"mapping 4 /lib/x.so" "location 1 1:5:2" "location 9 7:11:0 1:6:0" "location 3 @55d0:4")

@test "numbers packed or apart, inlined lines, addresses and labels are read" {
	need python3
	python3 "$imports/profile.py" "${small[@]}" "sample 9,1 2,200000 thread=one pid=#7 thread_id=#8" \
		"sample alone 3,1 1,1000 thread=one pid=#7 thread_id=#8" "sample - 4,5000" "raw 99010000000000000000" >file
	run -0 --separate-stderr bash -o pipefail -c 'timport file | tfold -tlT'
	is "$output" "process #1;thread #1 4
process 7;one;main (/a.py:5);0x55d0 (/lib/x.so) 1
process 7;one;main (/a.py:5);main (/a.py:6);leaf (/a.py:11) 2"
	is "$(timport file | tfold -t --weight time | awk '{ n += $NF } END { print n }')" 206
}

@test "the first time, or the default one, is the weight; without a time samples count" {
	need python3
	python3 "$imports/profile.py" "types cpu/milliseconds wall/seconds n/count" "${small[@]:1}" "sample 1 5,2,3" >file
	is "$(timport file | tfold -t --weight time)" "main (/a.py) 5000"
	is "$(timport file | tfold -t)" "main (/a.py) 3"
	# The default type is string 3, "wall".
	python3 "$imports/profile.py" "types cpu/milliseconds wall/seconds n/count" "raw 7003" "${small[@]:1}" "sample 1 5,2,3" >file
	is "$(timport file | tfold -t --weight time)" "main (/a.py) 2000000"
	python3 "$imports/profile.py" "types objects/count space/bytes" "${small[@]:1}" "sample 1 5,2048" >file
	is "$(timport file | tfold -t)" "main (/a.py) 5"
	python3 "$imports/profile.py" "types space/bytes" "${small[@]:1}" "sample 1 2048" >file
	run -1 --separate-stderr timport -o out file
	is "$stderr" "timport: file: no value that is a time or a count, but space/bytes"
}

@test "negative values, as in a difference of profiles, are left out and counted" {
	need python3
	python3 "$imports/profile.py" "${small[@]}" "sample 1 -1,-500" "sample 1 2,3000" >file
	run -1 --separate-stderr bash -o pipefail -c 'timport file | tfold -t'
	is "$output" "main (/a.py) 2"
	is "$stderr" "timport: file: left out 1 sample whose values are negative"
}

@test "what a profile refers to and has not is told by the sample, and those before it are kept" {
	need python3
	python3 "$imports/profile.py" "${small[@]}" "sample 1 2,3000" "sample 5 1,1" >file
	run -1 --separate-stderr bash -o pipefail -c 'timport file | tfold -t'
	is "$output" "main (/a.py) 2"
	is "$stderr" "timport: file: sample 2: a sample has a location that there is not"
	head -c -2 file >short
	run -1 --separate-stderr timport -o out short
	is "$stderr" "timport: short: the profile of pprof: it ends in a field, or has one of no known kind"
	head -c 200 "$imports/go-cpu.pb.gz" >short
	run -1 --separate-stderr timport -o out short
	is "$stderr" "timport: short: it cannot be unpacked: it is cut"
}

@test "of many things with one number the first one counts, and they take no time" {
	local empty n

	# 100,000 empty functions, mappings or locations behind the first ones, which have a number 0 too.
	for n in '*' '\x1a' '\"'; do
		empty=$(printf "$n\\\\x00%.0s" {1..1000})
		{
			printf '\x0a\x04\x08\x01\x10\x02\x32\x00\x32\x01n\x32\x05count\x32\x04main\x2a\x02\x10\x03\x22\x02\x22\x00'
			for _ in {1..100}; do printf %b "$empty"; done
			printf '\x12\x04\x08\x00\x10\x07'
		} >same
		run -0 timeout 5 timport -o out same
		is "$(tfold -t out)" 'main 7'
	done
}

@test "what is compressed and no profile is refused with a hint" {
	echo 'a;b 3' | gzip >file.gz
	run -1 --separate-stderr timport -o out file.gz
	is "$stderr" "timport: file.gz: it is compressed, and no profile of pprof
hint: zcat file.gz | timport"
	run -1 --separate-stderr timport <file.gz
	is "${stderr_lines[1]}" "hint: zcat | timport"
}

@test "small files that unpack to much, or have long stacks in few bytes, are refused in small memory" {
	need python3
	head -c 100M /dev/zero | gzip -9 >bomb
	run -1 --separate-stderr bash -c 'ulimit -v 100000; timport -o out bomb'
	is "$stderr" "timport: bomb: it cannot be unpacked: it unpacks to more than 64 times its size"
	# A location of 1000 lines, 60 times in each of 500 samples.
	inlined=$(printf '1:5:0 %.0s' {1..1000})
	stack=$(printf '1,%.0s' {1..60})
	mapfile -t samples < <(yes "sample ${stack%,} 1,1" | head -n 500)
	python3 "$imports/profile.py" "types samples/count" "function 1 main /a.py 3" "location 1 $inlined" "${samples[@]}" >file
	run -1 --separate-stderr bash -o pipefail -c 'ulimit -v 100000; timport file | tfold -t | wc -l'
	matches "$stderr" "timport: file: sample [0-9]+: the stacks are too many for their size"
}
