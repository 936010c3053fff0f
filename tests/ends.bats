#!/usr/bin/env bats
# How a sampling run begins and ends, where that is not as usual.

load helper

setup() {
	need tsample tfold
	can_attach
	f=$BATS_TEST_TMPDIR/f
	python=$(a_python)
}

@test "a command that ends before the first tick keeps its status" {
	for _ in 1 2 3; do
		run -4 tsample -q -r 0.1 -o "$f" -- "$python" -c 'raise SystemExit(4)'
	done
}

@test "a command ends the run also where the parent ignores SIGCHLD" {
	run -3 env --ignore-signal=CHLD timeout 60 tsample -q -o "$f" -- "$python" -c 'raise SystemExit(3)'
}

@test "an interpreter without a frame is sampled as <no python>, and -d ends the run" {
	mkfifo "$f.in"
	exec {hold}<>"$f.in"
	"$python" -i <"$f.in" >/dev/null 2>&1 3>&- {hold}>&- &
	own+=($!)
	until parked "$!"; do kill -0 "$!" || fail "it has ended"; done
	run -0 timeout 60 tsample -q -d 1100ms -p "$!" -o "$f"
	matches "$(tfold -t "$f")" "<no python> [0-9]+"
}

@test "a reader of the stream sees its end while the command goes on" {
	mkfifo "$f.go" "$f.end" "$f.stream"
	{
		cat "$f.stream" >"$f"
		echo ended >"$f.end"
	} 3>&- &
	own+=($!)
	tsample -q -d 50ms -- "$python" -c 'import sys
def busy():
    n = 0
    for i in range(3000000): n += i
busy()
open(sys.argv[1]).read()' "$f.go" >"$f.stream" 3>&- &
	own+=($!)
	IFS= read -r -t 60 line <"$f.end"
	is "$line" ended
	kill -0 "$!"
	echo go >"$f.go"
	wait "$!"
	[ -n "$(tfold -t "$f")" ]
}

@test "a FIFO is let go at the end of the run, while the command goes on" {
	mkfifo "$f.go" "$f.stream"
	timeout 60 cat "$f.stream" >"$f" 3>&- &
	reader=$!
	own+=("$reader")
	tsample -q -d 50ms -o "$f.stream" -- "$python" -c 'import sys
open(sys.argv[1]).read()' "$f.go" 3>&- &
	own+=($!)
	wait "$reader"
	kill -0 "$!"
	echo go >"$f.go"
	wait "$!"
	tfold -t "$f"
}

# Begins tsample with a FIFO that nobody reads, and waits until it says so.
nobody_reads() {
	rm -f "$f" "$f.err"
	mkfifo "$f"
	env --default-signal=INT tsample -o "$f" "$@" 2>"$f.err" 3>&- &
	sampler=$!
	own+=("$sampler")
	until [ -s "$f.err" ]; do kill -0 "$sampler"; done
	is "$(cat "$f.err")" "tsample: $f: nobody reads this FIFO yet; Ctrl-C gives it up"
}

@test "a FIFO is waited for until somebody reads it" {
	park "$python" recursion
	nobody_reads -n 10 -p "$pid"
	is "$(tfold -t "$f" | sed 's/.* //')" 10
	wait "$sampler"
}

@test "Ctrl-C gives up a FIFO that nobody reads" {
	park "$python" recursion
	nobody_reads -p "$pid"
	kill -INT "$sampler"
	status=0
	wait "$sampler" || status=$?
	is "$status" 1
	is "$(tail -n 1 "$f.err")" "tsample: $f: nobody reads this FIFO"
	nobody_reads -- touch "$f.touched"
	kill -INT "$sampler"
	wait "$sampler" || status=$?
	is "$status" 130
	[ ! -e "$f.touched" ]
}

@test "SIGUSR2 does not wait for the reader of a FIFO: the output before goes on" {
	park "$python" recursion
	env --default-signal=INT tsample -q -o "$f" -p "$pid" 2>"$f.err" 3>&- &
	sampler=$!
	own+=("$sampler")
	until [ -s "$f" ]; do kill -0 "$sampler"; done
	mv "$f" "$f.1"
	mkfifo "$f"
	kill -USR2 "$sampler"
	until [ -s "$f.err" ]; do kill -0 "$sampler"; done
	kill -INT "$sampler"
	wait "$sampler" || is "$?" 1
	is "$(cat "$f.err")" "tsample: $f: nobody reads this FIFO"
	run -0 --separate-stderr tfold -t "$f.1"
	is "$stderr" ""
}

@test "a command that cannot be started leaves an older profile as it was" {
	echo precious >"$f"
	run -127 --separate-stderr tsample -q -o "$f" -- ./no-such-command
	is "$(cat "$f")" precious
}

@test "a closed standard error does not lead into the stream" {
	run -0 bash -c 'tsample -o "$1" -- "$2" -c "import sys; sys.stderr.write(\"noise\")" 2>&-' - "$f" "$python"
	run -0 --separate-stderr tfold -t "$f"
	is "$stderr" ""
}

# wrong OPTION VALUE FACT: it is wrong usage, and nothing is done.
wrong() {
	run -2 --separate-stderr tsample "$1" "$2" -o "$f" -- touch "$f"
	is "${stderr_lines[0]}" "tsample: $1: $3"
	[ ! -e "$f" ]
}

@test "none of what must be some is wrong usage" {
	wrong --duration 0 "it must be above 0"
	wrong --samples 0 '"0" is not a whole number above 0'
	wrong --samples -1 '"-1" is not a whole number above 0'
	wrong --pid 0 '"0" is not a whole number above 0'
	wrong --keep 0 '"0" is not a whole number above 0'
	wrong --rotate 0 "it must be 1s or more"
	wrong --rate 0 '"0" is not a rate above 0, such as 100, 10khz or 1mhz'
}

@test "the terminal's Ctrl-C reaches a command that has left our process group" {
	need script setsid
	mkfifo "$f.keys" "$f.ready"
	env --default-signal=INT script -qec "tsample -q -o $f -- setsid -w $python -c 'import sys, time; time.sleep(.2); open(sys.argv[1], \"w\").close()
while True: pass' $f.ready" /dev/null <"$f.keys" >/dev/null 3>&- &
	own+=("$!")
	exec {hold}>"$f.keys"
	cat "$f.ready" >/dev/null
	printf '\003' >&"$hold"
	wait $! || :
	[ -n "$(tfold -t "$f")" ]
}
