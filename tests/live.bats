#!/usr/bin/env bats
# Real interpreters, standing in known places: every sample must be that place.

load helper

setup() {
	need tsample tfold jq
	can_attach
}

# Samples target $1 under VERSION COMMAND..., a thousand times, and compares.
stands() {
	local target=$1 version=$2 f=$BATS_TEST_TMPDIR/f

	park "${@:3}" "$target" || return
	tsample -q -n 1000 --no-jitter -r 10khz -p "$pid" -o "$f" 2>"$f.err" || {
		fail "$version, $target: tsample failed: $(cat "$f.err")"
		return
	}
	tfold -t -l "$f" >"$f.got"
	echo "$(collapsed MainThread) 1000" >"$f.wanted"
	end_own
	cmp -s "$f.got" "$f.wanted" || {
		echo "$version, $target: not every sample is the stack that was expected"
		different "$f.wanted" "$f.got"
	}
}

# The first frames that differ; stacks are too long to be shown.
different() {
	diff <(tr ';' '\n' <"$1") <(tr ';' '\n' <"$2") | cut -c -200 | head -n 12
	return 1
}

# Those that park; others do what only one test is about.
all_targets() {
	local file failed=0

	for file in "$here"/targets/*.py; do
		grep -q '^from park import' "$file" || continue
		stands "$(basename "$file" .py)" "$@" || failed=1
	done
	return $failed
}

# Threads that last for 5 ms, one after another: what is seen of them is what they lasted.
come_and_go() {
	local version=$1 f=$BATS_TEST_TMPDIR/f lasted seen

	lasted=$(tsample -q -a -o "$f" -- "${@:2}" -c '
import threading, time
lasted = []
def nap():
    begun = time.monotonic()
    time.sleep(.005)
    lasted.append(time.monotonic() - begun)
end = time.monotonic() + 2
while time.monotonic() < end:
    t = threading.Thread(target=nap); t.start(); t.join(); time.sleep(.001)
print(int(sum(lasted) * 1e6))') || return
	seen=$(tfold -q -t --weight time "$f" | awk '/;nap / { n += $NF } END { print n + 0 }')
	[ $((100 * seen)) -gt $((50 * lasted)) ] ||
		fail "$version: $seen us were seen of $lasted"
}

# All threads of the target, each at its own place.
all_stand() {
	local version=$1 f=$BATS_TEST_TMPDIR/f

	park "${@:2}" threads || return
	tsample -q -a -n 1000 --no-jitter -r 10khz -p "$pid" -o "$f" || return
	tfold -t -l -T "$f" | sed 's/^[^;]*;//; s/ [0-9]*$//' | LC_ALL=C sort >"$f.got"
	for thread in "worker 0" "worker 1" "worker 2" desk MainThread; do
		collapsed "$thread"
	done | LC_ALL=C sort >"$f.wanted"
	numbered "$f" MainThread "worker 0" "worker 1" "worker 2" desk || {
		echo "$version: a thread has not the kernel's number"
		return 1
	}
	end_own
	cmp -s "$f.got" "$f.wanted" || {
		echo "$version: a thread was not where it was expected"
		different "$f.wanted" "$f.got"
	}
}

# The threads of those names have the kernel's numbers, which rise as threads are started.
numbered() {
	local f=$1 number

	shift
	while read -r number; do
		is "$(tfold -t -l --thread "$number" "$f" | sed 's/ [0-9]*$//')" "$(collapsed "$1")" || return
		shift
	done < <(printf '%s\n' "/proc/$pid/task"/* | sed 's/.*\///' | sort -n)
	[ $# -eq 0 ]
}

# One test a version, so that a missing one is named.
on() {
	known "$1"
	each_python "$1.*" all_targets
	each_python "$1.*" all_stand
}

# Skips a version that tsample does not claim to know.
known() {
	[[ $1 =~ ^3\.(8|9|1[0-5])$ ]] || grep -qsF "3.${1#3.}" "$root/man/tsample.1" ||
		skip "tsample does not know CPython $1"
}

# A function that keeps nothing has the shortest frame there is.
bare() {
	start "${@:2}" -c '
import os, sys
with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
def spin():
    while True: pass
spin()' || return
	is "$1 $(tsample -q -n 200 -p "$pid" | tfold -q -t)" "$1 <module> (<string>);spin (<string>) 200" || return
	end_own
}

@test "a function without locals and values is seen" {
	each_python '*' bare
}

@test "threads that come and go are seen as long as they last" {
	each_python '*' come_and_go
}

@test "1000 samples of each parked target are its stack: CPython 3.8" {
	on 3.8
}

@test "1000 samples of each parked target are its stack: CPython 3.9" {
	on 3.9
}

@test "1000 samples of each parked target are its stack: CPython 3.10" {
	on 3.10
}

@test "1000 samples of each parked target are its stack: CPython 3.11" {
	on 3.11
}

@test "1000 samples of each parked target are its stack: CPython 3.12" {
	on 3.12
}

@test "1000 samples of each parked target are its stack: CPython 3.13" {
	on 3.13
}

@test "1000 samples of each parked target are its stack: CPython 3.14" {
	on 3.14
}

@test "1000 samples of each parked target are its stack: CPython 3.15" {
	on 3.15
}

@test "1000 samples of each parked target are its stack: debug builds" {
	each_debug '*' all_targets
	each_debug '*' all_stand
	each_debug '*' bare
}

@test "1000 samples of each parked target are its stack: a free-threaded CPython" {
	"$here/pythons" list | grep -qE '^[0-9.]+t' ||
		skip "there is no free-threaded CPython here (tests/pythons tells where it is looked for)"
	each_python '*[0-9]t' all_targets
	each_python '*[0-9]t' all_stand
}
