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

@test "a duration of nothing is wrong usage" {
	run -2 --separate-stderr tsample -d 0 -o "$f" -- "$python" -c pass
	matches "${stderr_lines[0]}" "tsample: --duration: .*"
	[ ! -e "$f" ]
}

@test "the terminal's Ctrl-C reaches a command that has left our process group" {
	need script setsid
	mkfifo "$f.keys" "$f.ready"
	env --default-signal=INT script -qec "tsample -q -o $f -- setsid -w $python -c 'import sys; open(sys.argv[1], \"w\").close()
while True: pass' $f.ready" /dev/null <"$f.keys" >/dev/null 3>&- &
	own+=("$!")
	exec {hold}>"$f.keys"
	cat "$f.ready" >/dev/null
	printf '\003' >&"$hold"
	wait $! || :
	[ -n "$(tfold -t "$f")" ]
}
