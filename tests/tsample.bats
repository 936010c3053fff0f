#!/usr/bin/env bats
# tsample(1): what it refuses, how it runs a command, how it ends.

load helper

setup() {
	need tsample tfold
	can_attach
	f=$BATS_TEST_TMPDIR/f
	python=$(a_python)
}

# A process that belongs to the test, by its pid; python code $1 prints to "out" when it is ready.
python_says() {
	start "$python" -c "
import os, sys
out = os.fdopen(int(sys.argv[1]), 'w')
$1
out.close()
os.read(0, 1)"
}

# Waits, without sleeping, until the command succeeds; fails when process $1 has ended.
until_true() {
	until "${@:2}"; do
		kill -0 "$1" 2>/dev/null || fail "process $1 has ended before \"${*:2}\"" || return
	done
}

# begin COMMAND...: in the background, as a terminal would start it; sets sampler.
begin() {
	env --default-signal=INT "$@" <&- 3>&- &
	sampler=$!
	own+=("$sampler")
}

# Refusals.

@test "a process that does not exist is refused" {
	true &
	wait $!
	run -1 --separate-stderr tsample -p $! -o "$f"
	is "$output" ""
	matches "$stderr" "tsample: process $!: there is no such process"
	[ ! -e "$f" ]
}

@test "a zombie is refused" {
	python_says '
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, file=out)'
	run -1 --separate-stderr tsample -p "$report" -o "$f"
	is "$stderr" "tsample: process $report: python3 has ended and waits for its parent $pid"
	[ ! -e "$f" ]
}

@test "a kernel thread is refused" {
	[ "$(cat /proc/2/comm)" = kthreadd ] || skip "no kernel threads are seen here"
	run -1 --separate-stderr tsample -p 2 -o "$f"
	is "$stderr" "tsample: process 2: kthreadd is a thread of the kernel"
	[ ! -e "$f" ]
}

@test "a thread is refused with the number of its process" {
	start "$python" -c '
import sys, threading
threading.Thread(target=sys.stdin.read).start()
thread, = [t for t in threading.enumerate() if t is not threading.main_thread()]
print(thread.native_id, file=open(int(sys.argv[1]), "w"), flush=True)'
	run -1 --separate-stderr tsample -p "$report" -o "$f"
	is "$stderr" "tsample: process $report: it is a thread of process $pid
hint: tsample -p $pid"
}

@test "of a process that is stopped it is said" {
	park "$python" calls
	kill -STOP "$pid"
	until_true "$pid" grep -q '^State:.T' "/proc/$pid/status"
	run -0 --separate-stderr tsample -n 10 -p "$pid" -o "$f"
	is "${stderr_lines[0]}" "tsample: process $pid is stopped (SIGSTOP?)"
	run -0 --separate-stderr tsample -q -n 10 -p "$pid" -o "$f"
	is "$stderr" ""
	kill -CONT "$pid"
}

@test "what is not CPython is named" {
	mkfifo "$BATS_TEST_TMPDIR/open"
	cat "$BATS_TEST_TMPDIR/open" 3>&- &
	pid=$!
	own+=("$pid")
	exec {hold}>"$BATS_TEST_TMPDIR/open"
	until_true "$pid" grep -qx cat "/proc/$pid/comm"
	run -1 --separate-stderr tsample -p "$pid" -o "$f"
	matches "$stderr" "tsample: process $pid: .*cat.*"
	[ ! -e "$f" ]
}

@test "what is not CPython is told with its CPython child" {
	start sh -c '"$0" -c "
import os, sys
print(os.getpid(), file=os.fdopen(int(sys.argv[1]), \"w\"))
os.read(0, 1)" "$1"; exit' "$python"
	own+=("$report")
	run -1 --separate-stderr tsample -p "$pid" -o "$f"
	matches "$stderr" "tsample: process $pid: .*"$'\n'"hint: .*$report.*"
}

@test "PyPy is refused by name" {
	need pypy3
	start pypy3 -c '
import os, sys
os.fdopen(int(sys.argv[1]), "w").write("x")
os.read(0, 1)'
	run -1 --separate-stderr tsample -p "$pid" -o "$f"
	matches "$stderr" "tsample: process $pid: .*PyPy.*"
}

@test "a version without a table is refused by name, with those that have one" {
	local old

	for old in "$(pyenv root 2>/dev/null)"/versions/3.[67].*/bin/python3; do :; done
	[ -x "$old" ] || skip "there is no CPython before 3.8 here"
	start "$old" -c '
import os, sys
os.fdopen(int(sys.argv[1]), "w").write("x")
os.read(0, 1)'
	run -1 --separate-stderr tsample -p "$pid" -o "$f"
	matches "$stderr" "tsample: process $pid: .*3\.[67].*3\.8.*3\.15.*"
	[ ! -e "$f" ]
}

# A copy of tsample that any user may run.
for_all() {
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" \
		"$(dirname "$BATS_FILE_TMPDIR")" "$(dirname "$BATS_TEST_TMPDIR")"
	cp "$(command -v tsample)" "$BATS_TEST_TMPDIR/tsample"
	[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
	setpriv --reuid 65534 --clear-groups "$BATS_TEST_TMPDIR/tsample" --version >/dev/null ||
		skip "another user cannot run tsample here"
}

@test "another user's process is refused, with the reason and what helps" {
	for_all
	python_says 'print(1, file=out)'
	run -1 --separate-stderr setpriv --reuid 65534 --clear-groups \
		"$BATS_TEST_TMPDIR/tsample" -p "$pid"
	is "$output" ""
	matches "$stderr" "tsample: process $pid: .*another user.*"$'\n'"hint: sudo tsample -p $pid"
}

@test "a process that is not dumpable is refused, with the reason" {
	for_all
	start setpriv --reuid 65534 --clear-groups "$python" -c '
import ctypes, os, sys
ctypes.CDLL(None).prctl(4, 0)
os.fdopen(int(sys.argv[1]), "w").write("x")
os.read(0, 1)'
	run -1 --separate-stderr setpriv --reuid 65534 --clear-groups \
		"$BATS_TEST_TMPDIR/tsample" -p "$pid"
	matches "$stderr" "tsample: process $pid: .*not dumpable.*"$'\n'"hint: sudo tsample -p $pid"
}

@test "from another user namespace a process is refused, with the reason" {
	unshare --user --map-root-user true || skip "no user namespaces here"
	python_says 'print(1, file=out)'
	run -1 --separate-stderr unshare --user --map-root-user tsample -p "$pid"
	matches "$stderr" "tsample: process $pid: .*user namespace.*"$'\n'"hint: .*"
}

@test "a binary stream is not written to a terminal" {
	need_terminal
	python_says 'print(1, file=out)'
	run -1 script -qec "tsample -p $pid" /dev/null
	matches "${output//$'\r'/}" "tsample: standard output: .*terminal.*"
	run script -qec "tsample -- touch $f" /dev/null
	[ "$status" -eq 125 ]
	[ ! -e "$f" ]
}

@test "wrong usage does nothing and is 2" {
	run -2 --separate-stderr tsample
	run -2 --separate-stderr tsample -p 1 -- true
	run -2 --separate-stderr tsample -p 1 --child-output x
	run -2 --separate-stderr tsample -r 0 -p 1
	run -2 --separate-stderr tsample -r 2mhz -p 1
	run -2 --separate-stderr tsample --compress gzip -p 1
	run -2 --separate-stderr tsample --no-such -p 1
}

# Attaching, and how it ends.

@test "-n ends after that many samples, and the closing line counts the ticks" {
	park "$python" recursion
	run -0 --separate-stderr tsample -n 50 -r 10khz -p "$pid" -o "$f"
	matches "${stderr_lines[0]}" "50 ticks?, missed [0-9,]+( \(.*\))?, torn 0, retried 0"
	is "$(tfold -t "$f" | awk '{ print $NF }')" 50
	is "$output" ""
	kill -0 "$pid"
}

@test "-q says nothing" {
	park "$python" recursion
	run -0 --separate-stderr tsample -q -n 5 -p "$pid" -o "$f"
	is "$stderr" ""
}

@test "-d ends the run, and the process goes on" {
	park "$python" recursion
	run -0 --separate-stderr tsample -d 50ms -p "$pid" -o "$f"
	kill -0 "$pid"
	run -0 --separate-stderr tfold -t "$f"
	is "$stderr" ""
}

@test "the end of the process ends the run" {
	park "$python" recursion
	begin tsample -q -p "$pid" -o "$f"
	until_true "$sampler" test -s "$f"
	echo >&"$hold"
	wait "$sampler"
	run -0 --separate-stderr tfold -t "$f"
	is "$stderr" ""
}

@test "the closing line tells of the other threads" {
	park "$python" threads
	run -0 --separate-stderr tsample -n 5 -p "$pid" -o "$f"
	matches "$stderr" ".*1 thread, 4 other threads not sampled.*"
	run -0 --separate-stderr tsample -a -n 5 -p "$pid" -o "$f"
	matches "$stderr" ".*5 threads.*"
}

ends_properly_by() {
	park "$python" recursion
	begin tsample -q -p "$pid" -o "$f"
	until_true "$sampler" test -s "$f"
	kill -"$1" "$sampler"
	wait "$sampler"
	run -0 --separate-stderr tfold -t "$f"
	is "$stderr" ""
	[ -n "$output" ]
	kill -0 "$pid"
}

@test "SIGINT ends the run properly" {
	ends_properly_by INT
}

@test "SIGTERM ends the run properly" {
	ends_properly_by TERM
}

@test "SIGHUP ends the run properly" {
	ends_properly_by HUP
}

@test "SIGUSR2 reopens the output, and both parts are one run" {
	park "$python" recursion
	begin tsample -q -p "$pid" -o "$f"
	until_true "$sampler" test -s "$f"
	mv "$f" "$f.1"
	kill -USR2 "$sampler"
	until_true "$sampler" test -s "$f"
	kill -INT "$sampler"
	wait "$sampler"
	run -0 --separate-stderr tfold -o "$f.all" "$f.1" "$f"
	is "$stderr" ""
	is "$(tfold -t "$f.all" | wc -l)" 1
}

larger_than() {
	[ "$(stat -c %s "$f" 2>/dev/null || echo 0)" -gt "$1" ]
}

@test "SIGKILL leaves a stream that can be read" {
	park "$python" recursion
	begin tsample -q -r 10khz -p "$pid" -o "$f"
	size=0
	for _ in 1 2 3 4 5; do
		until_true "$sampler" larger_than "$size"
		size=$(stat -c %s "$f")
	done
	kill -KILL "$sampler"
	run -1 --separate-stderr tfold -t "$f"
	matches "$stderr" "tfold: $f: byte [0-9]+: .*(cut|end).*"
	is "$(wc -l <<<"$output")" 1
	# What was written five times has three whole blocks of samples in any case.
	[ "${output##* }" -ge 3 ]
}

@test "a closed output ends the run, silently, and the process goes on" {
	park "$python" recursion
	run -0 --separate-stderr bash -c "tsample -q -r 10khz -p $pid | head -c 1 >$f; exit \${PIPESTATUS[1]}"
	is "$stderr" ""
	kill -0 "$pid"
}

@test "a full device is told, and is 1" {
	park "$python" recursion
	run -1 --separate-stderr tsample -r 10khz -p "$pid" -o /dev/full
	matches "$stderr" "tsample: /dev/full: No space left on device.*"
	kill -0 "$pid"
}

@test "a full disk keeps the blocks before" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a small disk"
	mkdir "$BATS_TEST_TMPDIR/disk"
	unshare -m mount -t tmpfs -o size=16k none "$BATS_TEST_TMPDIR/disk" || skip "nothing can be mounted here"
	cat >"$BATS_TEST_TMPDIR/busy.py" <<'BUSY'
import os, random, sys
os.fdopen(int(sys.argv[1]), "w").write("x")
def f(n): return n and (f(n - 1) if random.random() < .5 else g(n - 1))
def g(n): return n and (f(n - 1) if random.random() < .5 else g(n - 1))
while os.getppid() > 1: f(30)
BUSY
	start "$python" "$BATS_TEST_TMPDIR/busy.py"
	run -0 --separate-stderr unshare -m sh -c '
		mount -t tmpfs -o size=32k none "$1"
		tsample -q --compress none -r 10khz -p "$2" -o "$1/f"
		echo $?
		cp "$1/f" "$3"' sh "$BATS_TEST_TMPDIR/disk" "$pid" "$f"
	is "$output" 1
	matches "$stderr" "tsample: $BATS_TEST_TMPDIR/disk/f: No space left on device.*"
	run --separate-stderr tfold -t "$f"
	[ -n "$output" ]
	kill -0 "$pid"
}

# Commands.

# The program of a command that works until three blocks of its samples are written to $f; on
# no machine does it take a minute.
work='
import os, sys, time
def work():
    sizes, end = set(), time.monotonic() + 60
    while len(sizes) < 4 and time.monotonic() < end:
        sizes.add(os.stat(sys.argv[1]).st_size)
work()'

@test "the ticks of a run that ends while it is suspended are missed" {
	local said=$BATS_TEST_TMPDIR/said

	python_says 'print("ready", file=out)'
	begin tsample -r 100hz -d 1 -p "$pid" -o "$f" 2>"$said"
	until_true "$sampler" test -s "$f"
	kill -STOP "$sampler"
	sleep 1.1
	kill -CONT "$sampler"
	wait "$sampler"
	sed -n '1 { s/ ticks*, missed / /; s/,.*//; p; }' "$said" | sed 's/(//' >"$said.counts"
	read -r taken missed _ <"$said.counts"
	[ $((taken + missed)) -eq 100 ] || fail "$(cat "$said")"
	matches "$(cat "$said")" ".* suspended.*"
}

@test "the status is the command's" {
	run -0 --separate-stderr tsample -q -o "$f" -- "$python" -c 'pass'
	run -7 --separate-stderr tsample -q -o "$f" -- "$python" -c 'raise SystemExit(7)'
	run -143 --separate-stderr tsample -q -o "$f" -- "$python" -c 'import os; os.kill(os.getpid(), 15)'
	run -137 --separate-stderr tsample -q -o "$f" -- "$python" -c 'import os; os.kill(os.getpid(), 9)'
}

@test "a command that is not found is 127" {
	run -127 --separate-stderr tsample -o "$f" -- ./no-such-command
	matches "$stderr" "tsample: ./no-such-command: .*"
}

@test "what was meant by a command that is no program is a hint" {
	cd "$BATS_TEST_TMPDIR"
	echo >app.py
	run -127 --separate-stderr tsample -o "$f" app.py
	is "${stderr_lines[1]}" "hint: tsample -- python3 app.py"
	run -126 --separate-stderr tsample -o "$f" ./app.py
	is "${stderr_lines[1]}" "hint: tsample -- python3 ./app.py"
	run -127 --separate-stderr tsample -o "$f" other.py
	is "$stderr" "tsample: other.py: there is no such command"
	run -127 --separate-stderr tsample -o "$f" 4242
	is "${stderr_lines[1]}" "hint: tsample -p 4242"
	run -127 --separate-stderr tsample -o "$f" other -p 4242
	is "${stderr_lines[1]}" "hint: options go before the command, and -p takes none"
}

@test "a command that cannot be executed is 126" {
	echo >"$BATS_TEST_TMPDIR/plain"
	run -126 --separate-stderr tsample -o "$f" -- "$BATS_TEST_TMPDIR/plain"
	matches "$stderr" "tsample: $BATS_TEST_TMPDIR/plain: Permission denied.*"
}

@test "tsample's own failure is 125, and the command is not started" {
	run -125 --separate-stderr tsample -o "$BATS_TEST_TMPDIR/no/such/place" -- touch "$f"
	matches "$stderr" "tsample: $BATS_TEST_TMPDIR/no/such/place: No such file or directory.*"
	[ ! -e "$f" ]
}

@test "a command without Python runs unsampled, with one warning" {
	run -3 --separate-stderr tsample -o "$f" -- sh -c 'echo hello; exit 3'
	is "$output" "hello"
	is "$(grep -c '^tsample: ' <<<"$stderr")" 1
	matches "$stderr" "(.*"$'\n'")?tsample: sh: .*unsampled.*"
	run -0 --separate-stderr tfold -t "$f"
	is "$output" ""
}

@test "sampling begins at the first frame and ends with the command" {
	run -0 --separate-stderr tsample -r 10khz -o "$f" -- "$python" -c "$work" "$f"
	run -0 --separate-stderr tfold -t "$f"
	is "$stderr" ""
	grep -q '^<module> (<string>);work (<string>) ' <<<"$output"
}

@test "standard input is the command's" {
	run -0 --separate-stderr tsample -q -o "$f" -- "$python" -c 'print(input())' <<<"hello"
	is "$output" "hello"
}

@test "with the stream on standard output the command's goes to standard error, said once" {
	run -0 --separate-stderr bash -c "tsample -- '$python' -c 'print(\"hello\")' >'$f'"
	is "$output" ""
	is "$(grep -c '^hello$' <<<"$stderr")" 1
	is "$(grep -c '^tsample: standard output' <<<"$stderr")" 1
	tfold -t "$f"
}

@test "--child-output takes both outputs of the command" {
	run -0 --separate-stderr tsample -q --child-output "$f.out" -o "$f" -- \
		"$python" -c 'import sys; print("out", flush=True); print("err", file=sys.stderr)'
	is "$output" ""
	is "$stderr" ""
	is "$(cat "$f.out")" $'out\nerr'
}

# What a command that handles signal $1 sees of it, sent to tsample.
forwards() {
	mkfifo "$f.ready"
	begin tsample -q -o "$f" -- "$python" -c '
import signal, sys
number = getattr(signal, "SIG" + sys.argv[1])
signal.signal(number, lambda *_: sys.exit(42))
open(sys.argv[2], "w").write("x")
while True: signal.pause()' "$1" "$f.ready"
	cat "$f.ready" >/dev/null
	kill -"$1" "$sampler"
	status=0
	wait "$sampler" || status=$?
	is "$status" 42
	tfold -t "$f" >/dev/null
}

@test "signals are forwarded to the command: INT" {
	forwards INT
}

@test "signals are forwarded to the command: TERM" {
	forwards TERM
}

@test "signals are forwarded to the command: HUP" {
	forwards HUP
}

@test "signals are forwarded to the command: USR1" {
	forwards USR1
}

@test "a signal that the terminal gave to all is not forwarded again" {
	need_terminal
	mkfifo "$f.ready" "$f.keys"
	cat >"$BATS_TEST_TMPDIR/count.py" <<'COUNT'
import os, signal, sys
times = 0
def count(*_):
    """Asks tsample for another signal, which comes behind what it forwards now."""
    global times
    times += 1
    if times == 1: os.kill(os.getppid(), signal.SIGUSR1)
def tell(*_):
    open(sys.argv[2], "w").write(str(times))
    sys.exit()
signal.signal(signal.SIGINT, count)
signal.signal(signal.SIGUSR1, tell)
open(sys.argv[1], "w").write("x")
while True: signal.pause()
COUNT
	script -qec "tsample -q -o $f -- $python $BATS_TEST_TMPDIR/count.py $f.ready $f.times" \
		/dev/null <"$f.keys" >/dev/null 3>&- &
	own+=("$!")
	exec {hold}>"$f.keys"
	cat "$f.ready" >/dev/null
	printf '\003' >&"$hold"
	wait $!
	is "$(cat "$f.times")" 1
}

@test "a command goes on when the samples asked for are there" {
	run -5 --separate-stderr tsample -q -n 3 -o "$f" -- "$python" -c '
for i in range(3000000): pass
print("done")
raise SystemExit(5)'
	is "$output" "done"
	is "$(tfold -t "$f" | awk '{ n += $NF } END { print n }')" 3
}

@test "a command goes on when the output is closed or full" {
	run -5 --separate-stderr tsample -q -o /dev/full -- "$python" -c '
for i in range(3000000): pass
print("done")
raise SystemExit(5)'
	is "$output" "done"
}

follows() {
	run -0 --separate-stderr tsample -q -r 10khz -o "$f" -- "$@"
	grep -q ';work (<string>) ' <(tfold -t "$f")
}

@test "a wrapper is followed through exec: env" {
	follows env A=b "$python" -c "$work" "$f"
}

@test "a wrapper is followed to its child: sh" {
	follows sh -c '"$0" -c "$1" "$2"; exit' "$python" "$work" "$f"
}

@test "a virtual environment is sampled" {
	"$python" -m venv --without-pip "$BATS_TEST_TMPDIR/venv" || skip "no venv here"
	follows "$BATS_TEST_TMPDIR/venv/bin/python3" -c "$work" "$f"
}

@test "a script with its own interpreter line is sampled" {
	printf '#!%s\n%s\n' "$python" "$work" >"$BATS_TEST_TMPDIR/script"
	chmod +x "$BATS_TEST_TMPDIR/script"
	run -0 --separate-stderr tsample -q -r 10khz -o "$f" -- "$BATS_TEST_TMPDIR/script" "$f"
	grep -q ";work ($BATS_TEST_TMPDIR/script) " <(tfold -t "$f")
}

# Executables that are not what they were.

stays_readable() {
	is "$(tfold -t "$f" | sed 's/ [0-9]*$//')" "<module> (<string>)"
}

copy_says() {
	start "$BATS_TEST_TMPDIR/copy" -c '
import os, sys
os.fdopen(int(sys.argv[1]), "w").write("x")
os.read(0, 1)'
	until parked "$pid"; do kill -0 "$pid"; done
}

@test "an executable that was deleted since is read from memory" {
	cp "$("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')" "$BATS_TEST_TMPDIR/copy"
	copy_says
	rm "$BATS_TEST_TMPDIR/copy"
	tsample -q -n 10 -p "$pid" -o "$f"
	stays_readable
}

@test "an executable that was replaced since is read from memory" {
	cp "$("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')" "$BATS_TEST_TMPDIR/copy"
	copy_says
	cp /bin/cat "$BATS_TEST_TMPDIR/other"
	mv "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/copy"
	tsample -q -n 10 -p "$pid" -o "$f"
	stays_readable
}

# An embedding program of ours, when this CPython can be embedded.
@test "a program that embeds CPython is sampled" {
	local config=$python-config

	[ -x "$config" ] || config=$(command -v python3-config) || skip "there is no python3-config here"
	cat >"$BATS_TEST_TMPDIR/embed.c" <<'EMBED'
#include <Python.h>
int main(void)
{
	Py_Initialize();
	PyRun_SimpleString("import os\nos.fdopen(9, 'w').write('x')\nos.read(0, 1)\n");
	return 0;
}
EMBED
	# shellcheck disable=SC2046 # flags are words
	cc -o "$BATS_TEST_TMPDIR/copy" $("$config" --includes) "$BATS_TEST_TMPDIR/embed.c" \
		$("$config" --ldflags --embed) -Wl,-rpath,"$("$config" --prefix)/lib" ||
		skip "CPython cannot be embedded here"
	copy_says
	tsample -q -n 10 -p "$pid" -o "$f"
	stays_readable
}

@test "an absolute link under the root of the process does not lead into ours" {
	local sid=$XDG_CACHE_HOME/tachytools/sid box=$BATS_TEST_TMPDIR

	[ "$(id -u)" -eq 0 ] && [ -d "$sid" ] || skip "there is no other root here"
	mkdir "$box/upper" "$box/work" "$box/root"
	unshare -m mount -t overlay -o "lowerdir=$sid,upperdir=$box/upper,workdir=$box/work" none \
		"$box/root" || skip "no overlay can be mounted here"
	start unshare -m sh -c '
		mount -t overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" none "$2/root"
		exec chroot "$2/root" /usr/bin/python3.13 -c "
import os, sys
real = os.path.realpath(sys.executable)
os.unlink(real)
os.symlink(\"$3\", real)
os.fdopen(int(sys.argv[1]), \"w\").write(\"x\")
os.read(0, 1)" "$4"' sh "$sid" "$box" "$python"
	until parked "$pid"; do kill -0 "$pid"; done
	tsample -q -n 10 -p "$pid" -o "$f"
	stays_readable
}
