#!/usr/bin/env bats
# What threads are called: as Python's threading calls them, else as the kernel does.

load helper

setup() {
	need tsample tfold
	can_attach
	f=$BATS_TEST_TMPDIR/f
}

# The names of threads in $1, one a line.
names() {
	tfold -q -t -T "$@" | sed 's/;.*//' | LC_ALL=C sort -u
}

called() {
	park "${@:2}" names || return
	tsample -q -a -n 700 -r 1khz -p "$pid" -o "$f" || return
	end_own
	is "$1 $(names "$f")" "$1 MainThread
$(printf 'n%.0s' {1..100})
own
réveil
semi\\x3bcolon\\x0a
short
日本 😀"
}

@test "threads are called as Python calls them, in every version" {
	each_python '3.*' called
}

# Of 1000 threads, in a run that is so short that it must be read quickly; a tick that had to
# wait for its CPU reads fewer, so that on a busy machine it takes more of them.
many() {
	local n

	start "${@:2}" -c '
import sys, threading
never = threading.Event()
for i in range(1000):
    threading.Thread(target=never.wait, name="thread of mine %d" % i, daemon=True).start()
print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
never.wait()'
	for n in 60000 180000 540000; do
		tsample -q -a -n $n -r 20 -p "$pid" -o "$f" || return
		[ "$(names "$f" | grep -c '^thread of mine [0-9]*$')" -ne 1000 ] || break
	done
	end_own
	is "$1 $(names "$f" | grep -c '^thread of mine [0-9]*$')" "$1 1000"
}

@test "a thousand threads are called as Python calls them" {
	each_python '3.8.*' many
	each_python '3.15.*' many
}

@test "a thread that is renamed is told again" {
	local python

	python=$(a_python)
	park "$python" names
	tsample -q -a -p "$pid" -o "$f" &
	own+=($!)
	until names "$f" 2>/dev/null | grep -qx short; do kill -0 "${own[1]}"; done
	echo >&"$hold"
	until names "$f" 2>/dev/null | grep -qx "renamed since"; do kill -0 "${own[1]}"; done
}

@test "a thread that Python does not know is called as the kernel calls it" {
	local python

	python=$(a_python)
	start "$python" -c '
import _thread, os, sys
def named():
    open("/proc/thread-self/comm", "w").write("by the kernel")
    print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
    os.read(0, 1)
_thread.start_new_thread(named, ())
os.read(0, 1)'
	until parked "$pid"; do kill -0 "$pid"; done
	run -0 --separate-stderr tsample -q -a -n 200 -r 1khz -p "$pid" -o "$f"
	is "$(names "$f")" "MainThread
by the kernel"
}
