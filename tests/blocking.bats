#!/usr/bin/env bats
# tsample --blocking: threads stand while they are read, and at no other time.

load helper

setup() {
	need tsample tfold
	can_attach
	f=$BATS_TEST_TMPDIR/f
	python=$(a_python)
}

# Starts a target that counts in $f.count, where a signal counts too.
counting() {
	start "$python" -c '
import mmap, os, signal, sys, threading, time
with open(sys.argv[1], "wb+") as f:
    f.truncate(4096)
    counts = memoryview(mmap.mmap(f.fileno(), 4096)).cast("Q")
def note(number, frame):
    counts[1] += 1
signal.signal(signal.SIGUSR1, note)
def leaf(n):
    while n: n -= 1
def work():
    leaf(9)
    counts[0] += 1
def more():
    t = threading.Thread(target=leaf, args=(99,))
    t.start()
    t.join()
out = os.fdopen(int(sys.argv[2]), "w")
print("ready", file=out)
out.close()
while True:
    for _ in range(999): work()
    more()' "$f.count"
}

count() {
	od -An -t u8 -j $((8 * ${1:-0})) -N 8 "$f.count" | tr -d ' '
}

# Waits until number $1 is no longer $2; it fails when that takes too long.
counts_on() {
	local place=${1:-0} from=${2:-$(count "${1:-0}")} i

	for ((i = 0; i < 5000; i++)); do
		[ "$(count "$place")" = "$from" ] || return 0
	done
	fail "the target stands at $from: $(cut -d ' ' -f 1-3 /proc/"$pid"/stat)"
}

# Sends a signal to the target, and waits until its handler has run.
signalled() {
	local from

	from=$(count 1)
	kill -USR1 "$pid"
	counts_on 1 "$from"
}

# Samples it in the background until the test says otherwise; sets sampler.
block() {
	set -m # a group of its own, with a parent outside of it: only such a one can be suspended
	env --default-signal=INT,TSTP tsample --blocking -a -q -r 10khz -p "$pid" -o "$f" "$@" 3>&- &
	sampler=$!
	set +m
	own+=("$sampler")
	until grep -q "^TracerPid:	$sampler$" "/proc/$pid/status"; do
		kill -0 "$sampler" || fail "tsample has ended" || return
	done
}

# The state's letter of process $1.
state() {
	sed 's/.*) //; s/ .*//' "/proc/$1/stat"
}

finish() {
	kill -INT "$sampler"
	wait "$sampler"
}

@test "no sample of a target that is stopped is torn, and none is impossible" {
	counting
	run -0 --separate-stderr tsample --blocking -r 10khz -n 20000 -p "$pid" -o "$f"
	matches "$stderr" '.* torn 0, .*'
	matches "$stderr" '.*threads were stopped for [0-9.]* s \([0-9.]* %\), for [0-9.]* ms at the longest.*'
	# What work() calls is leaf(), which also runs as a thread, but no other does.
	run -0 tfold -t "$f"
	grep -q ';work (<string>);leaf (<string>) ' <<<"$output"
	run ! grep -E 'leaf [^;]*;|work [^;]*;([^l]|l[^e])' <<<"$output"
}

@test "the target runs on after a SIGKILL of tsample at any moment" {
	run -0 --separate-stderr "$python" "$here/killed.py" "${KILLS:-100}" \
		tsample --blocking -a -q -r 10khz -o "$f" -p
	is "$output" "killed ${KILLS:-100}, seized True, stopped 0, stuck 0"
}

@test "the target runs on while tsample is suspended, and is sampled after that" {
	counting
	block
	kill -TSTP "$sampler"
	until [ "$(state "$sampler")" = T ]; do
		kill -0 "$sampler" || fail "tsample has ended"
	done
	grep -q "^TracerPid:	0$" "/proc/$pid/status"
	counts_on
	signalled
	kill -CONT "$sampler"
	until grep -q "^TracerPid:	$sampler$" "/proc/$pid/status"; do
		kill -0 "$sampler" || fail "tsample has ended"
	done
	counts_on
	finish
	tfold -t "$f" >"$f.t"
	[ -s "$f.t" ]
}

@test "signals reach the target, and others may stop and continue it" {
	counting
	block
	for _ in 1 2 3; do
		signalled
	done
	kill -STOP "$pid"
	until [[ $(state "$pid") == [tT] ]]; do :; done
	# Of what is stopped with its group, nothing moves, however often it is sampled.
	until [ "$(count)" = "$(count)" ]; do :; done
	before=$(count)
	tsample -q -n 500 -p "$pid" -o "$f.2"
	is "$(count)" "$before"
	kill -CONT "$pid"
	counts_on
	finish
	counts_on
	kill -STOP "$pid"
	until [ "$(state "$pid")" = T ]; do :; done
	block
	finish
	is "$(state "$pid")" T
}

@test "a slow rate does not keep a signal waiting" {
	counting
	block -r 0.01 --no-jitter # whose first tick is at once
	signalled
	kill -TERM "$pid"
	wait "$pid" || [ $? -eq 143 ]
	wait "$sampler"
}

@test "a command runs on after its samples, executes others, and keeps its status" {
	run -7 --separate-stderr tsample --blocking -a -q -r 10khz -o "$f" -- "$python" -c '
import os, sys, threading
def leaf(n):
    while n: n -= 1
for _ in range(50):
    t = threading.Thread(target=leaf, args=(9999,)); t.start(); leaf(9999); t.join()
t = threading.Thread(target=os.execv, args=(sys.executable, [sys.executable, "-c", "raise SystemExit(7)"]))
t.start(); t.join()'
	is "$stderr" ""
	run -5 --separate-stderr tsample --blocking -a -q -r 10khz -d 50ms -o "$f" -- "$python" -c '
def leaf(n):
    while n: n -= 1
leaf(10**7)
raise SystemExit(5)'
	is "$stderr" ""
	[ -n "$(tfold -t "$f")" ]
}

# Of a spinning thread and two that sleep; to be stopped, these would have to wake.
@test "threads that sleep are left alone, and are not seen on a CPU" {
	start "$python" -c '
import os, sys, threading, time
for name in "first", "second":
    threading.Thread(target=time.sleep, args=(600,), name=name, daemon=True).start()
out = os.fdopen(int(sys.argv[1]), "w")
print("ready", file=out)
out.close()
while True: pass'
	switches() { cat "/proc/$pid/task"/*/status | awk '/^Name/ { n++ } /^volun/ { v[n] = $2 } END { print v[2] + v[3] }'; }
	before=$(switches)
	tsample --blocking --cpu -a -q -n 3000 -p "$pid" -o "$f"
	[ $(($(switches) - before)) -lt 100 ] || fail "the sleeping threads were woken"
	is "$(tfold -q -t -T --mode cpu "$f" | grep -c 'first\|second')" 0
}

@test "what is traced by another program is refused" {
	need strace
	counting
	strace -q -o /dev/null -p "$pid" 3>&- &
	own+=($!)
	until grep -q "^TracerPid:	$!$" "/proc/$pid/status"; do
		kill -0 "$!" || fail "strace has ended"
	done
	run -1 --separate-stderr tsample --blocking -p "$pid" -o "$f"
	is "$stderr" "tsample: process $pid: process $! (strace) traces it, so it cannot be stopped
hint: without --blocking it can be read all the same"
	[ ! -e "$f" ]
}

@test "a target that bears another process's number does not get that one stopped" {
	local other tracer

	sleep 1000 &
	other=$!
	own+=("$other")
	start "$(a_python)" "$here/oracle/forge.py" "$other"
	for _ in $(seq 20); do
		tsample -q --blocking -n 3 -r 1khz -p "$pid" -o "$BATS_TEST_TMPDIR/f" &
		while kill -0 $! 2>/dev/null; do
			tracer=$(sed -n 's/^TracerPid:\t//p' "/proc/$other/status")
			is "$tracer" 0
		done
	done
}

@test "a thread that sleeps is not stopped, and nothing is told of it" {
	start "$python" -c '
import os, sys, time
with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
time.sleep(1000)'
	until [[ $(cat /proc/"$pid"/stat) =~ \)\ S ]]; do :; done
	run -0 --separate-stderr tsample --blocking -n 100 -p "$pid" -o "$f"
	matches "$stderr" '100 ticks, .*'
	[[ $stderr != *stopped* ]] || fail "$stderr"
	is "$(tfold -q -t "$f")" "<module> (<string>) 100"
}
