#!/usr/bin/env bats
# tsample --subprocesses: a process and all that descend from it, in one stream.

load helper

setup() {
	need tsample tfold jq
	can_attach
	f=$BATS_TEST_TMPDIR/f
	STREAM=$f
	python=$(a_python)
}

# The collapsed stack that worker $1 (a line of JSON) said of itself.
said() {
	report=$(jq -c '{worker: .stack}' <<<"$1") collapsed worker
}

# How the processes of stream $1 ended, sorted.
ends() {
	python3 "$here/reader.py" "$1" | awk '$1 == "exit" { print $4 }' | sort -n | paste -sd ' '
}

# The processes of the stream ended so; before Linux 6.15 the statuses of some are not known.
ended() {
	local got

	got=$(ends "$f")
	if [ "$(printf '%s\n' 6.15 "$(uname -r)" | sort -V | head -n 1)" = 6.15 ]; then
		is "$got" "$1"
	else
		is "$(wc -w <<<"$got")" "$(wc -w <<<"$1")"
	fi
}

# Whether the main thread of process $1 is blocked in read(0, ...).
stands() {
	[[ $(cat /proc/"$1"/syscall) =~ ^0\ 0x0\  ]]
}

# Starts a root with two workers made by HOW $1, and waits until all of them stand still.
start_workers() {
	export SAY=$BATS_TEST_TMPDIR/say-$1-$RANDOM GATE=$BATS_TEST_TMPDIR/gate-$1-$RANDOM
	mkfifo "$GATE"
	exec {gate}<>"$GATE"
	start "${@:2}" "$(targets)/family/workers.py" "$1" || return
	mapfile -t workers <"$SAY"
	for worker in "${workers[@]}"; do
		own+=("$(jq .pid <<<"$worker")")
		until stands "$(jq .pid <<<"$worker")"; do :; done
	done
	until stands "$pid"; do kill -0 "$pid" || return; done
}

# Every sample of the root and of each worker is the place where it stands.
stand_by() {
	local how=$1 version=$2 worker got

	start_workers "$how" "${@:3}" || return
	tsample -q --subprocesses -n 1000 -p "$pid" -o "$f" || return
	is "$(tfold -t -l -p "$pid" "$f" | sed 's/ [0-9]*$//')" "$(collapsed MainThread)" ||
		fail "$version, $how: the root" || return
	for worker in "${workers[@]}"; do
		got=$(tfold -t -l -p "$(jq .pid <<<"$worker")" "$f" | sed 's/ [0-9]*$//')
		is "$got" "$(said "$worker")" || fail "$version, $how: a worker" || return
	done
	end_own
	exec {gate}>&-
}

all_stand() {
	local how failed=0

	for how in fork spawn forkserver subprocess pool; do
		stand_by "$how" "$@" || failed=1
	done
	return $failed
}

@test "workers are sampled where they stand, however they were made: CPython 3.8" {
	each_python "3.8.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.10" {
	each_python "3.10.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.11" {
	each_python "3.11.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.12" {
	each_python "3.12.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.13" {
	each_python "3.13.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.14" {
	each_python "3.14.*" all_stand
}

@test "workers are sampled where they stand, however they were made: CPython 3.15" {
	each_python "3.15.*" all_stand
}

# A program in Python, in a file of that name.
program() {
	cat >"$BATS_TEST_TMPDIR/$1.py"
	echo "$BATS_TEST_TMPDIR/$1.py"
}

# What is sampled for certain: busy() ends when three blocks more of samples are written.
export STREAM
busy='
import os, time
def busy():
    sizes, end = set(), time.monotonic() + 60
    while len(sizes) < 4 and time.monotonic() < end:
        sizes.add(os.stat(os.environ["STREAM"]).st_size)
'

@test "each process has its exit status" {
	server=$(program server <<<"$busy
import os, signal
for status in 0, 7, None:
    if os.fork() == 0:
        busy()
        os.kill(os.getpid(), signal.SIGKILL) if status is None else os._exit(status)
for _ in range(3):
    os.wait()
busy()
raise SystemExit(5)")
	run -5 tsample -q --compress none --subprocesses -o "$f" -- "$python" "$server"
	ended "0 5 7 137"
}

@test "workers of a server that are killed and replaced are all sampled" {
	server=$(program server <<<"$busy
import os, signal
def worker():
    signal.pause()
def start():
    pid = os.fork()
    if pid == 0:
        worker()
        os._exit(0)
    return pid
workers = [start() for _ in range(3)]
for _ in range(4):
    busy()
    os.kill(workers[0], signal.SIGTERM)
    os.waitpid(workers.pop(0), 0)
    workers.append(start())
busy()
for pid in workers:
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
busy()")
	run -0 tsample -q --compress none --subprocesses -o "$f" -- "$python" "$server"
	ended "0 143 143 143 143 143 143 143"
	is "$(tfold -t --by process "$f" | grep -F ';worker ' | cut -d ';' -f 1 | sort -u | wc -l)" 7
}

@test "a chain of Python, a shell, and two more of Python is one stream" {
	chain=$(program chain <<<"$busy
import subprocess, sys
depth = len(sys.argv)
if depth == 4:
    subprocess.check_call(['sh', '-c', '\"\$@\"; exit \$?', 'sh', sys.executable, __file__, 'b', 'c'])
elif depth == 3:
    subprocess.check_call([sys.executable, __file__, 'c'])
exec('def at_%d(): busy()' % depth)
globals()['at_%d' % depth]()")
	run -0 tsample -q --compress none --subprocesses -o "$f" -- "$python" "$chain" a b c
	is "$(tfold -t --by process "$f" | grep -oE 'at_[0-9]' | sort -u | paste -sd ' ')" "at_2 at_3 at_4"
	is "$(tfold -t --by process "$f" | cut -d ';' -f 1 | sort -u | wc -l)" 3
	ended "0 0 0"
}

executes_another() {
	local version=$1

	first=$(program first <<<"$busy
import os, sys
def before(): busy()
before()
os.execv(sys.argv[1], sys.argv[1:])")
	second=$(program second <<<"$busy
def after(): busy()
after()
raise SystemExit(6)")
	for family in "" --subprocesses; do
		run -6 tsample -q --compress none $family -o "$f" -- "$python" "$first" "${@:2}" "$second"
		matches "$(tfold -t --by process "$f" | grep -oE '^[a-z.]+;.*(before|after) ' | sed -E 's/;.*;/ /; s/ \(.*\)//' |
			sort -u | paste -sd ,)" "first.py before ?,second.py after ?" || fail "$version $family"
		is "$(ends "$f")" "- 6" || fail "$version $family"
	done
}

@test "a process that executes another Python is another process of the stream" {
	each_python "3.8.*" executes_another
	each_python "3.11.7" executes_another
	each_python "3.12.*" executes_another
}

# The names of the processes of the stream, each once; numbers as N.
processes() {
	tfold -t --by process "$f" | cut -d ';' -f 1 | sed -E 's/ [0-9]+(\.|$)/ N\1/' | sort -u | paste -sd ,
}

@test "a process that executes itself is told apart from itself" {
	again=$(program again <<<"$busy
import os, sys
busy()
if len(sys.argv) == 1:
    os.execv(sys.executable, [sys.executable, __file__, 'again'])")
	for family in "" --subprocesses; do
		# shellcheck disable=SC2086 # none, or a word
		run -0 tsample -q --compress none $family -o "$f" -- "$python" "$again"
		is "$(processes)" "again.py N,again.py N.1"
		is "$(ends "$f")" "- 0"
	done
}

are_told_apart() {
	local version=$1 how=$2

	start_workers "$how" "${@:3}" || return
	tsample -q --subprocesses -n 1000 -p "$pid" -o "$f" || return
	is "$(processes)" "$names" || fail "$version, $how" || return
	is "$(tfold -t --by process "$f" | grep -E "worker ($(jq .pid <<<"${workers[0]}")|$(jq .pid <<<"${workers[1]}"));" |
		cut -d ';' -f 1 | sort -u | wc -l)" 2 || fail "$version, $how: process ids" || return
	is "$(texport -q jsonl "$f" | jq -r 'select(.type == "process").script' | sort -u)" workers.py || return
	tsample -q -n 10 -p "$(jq .pid <<<"${workers[0]}")" -o "$f" || return
	is "$(processes)" "$alone" || fail "$version, $how: alone" || return
	end_own
	exec {gate}>&-
}

multiprocessing_is_told() {
	names="workers.py,workers.py: resource tracker,workers.py: spawn worker N" alone="spawn worker"
	are_told_apart "$1" spawn "${@:2}" || return
	names="workers.py,workers.py: fork server,workers.py: fork server worker N,workers.py: resource tracker"
	alone="fork server or worker"
	are_told_apart "$1" forkserver "${@:2}"
}

@test "what multiprocessing starts is told by its script, and by what it is" {
	need texport
	each_python "3.8.*" multiprocessing_is_told
	each_python "3.12.*" multiprocessing_is_told
}

@test "what multiprocessing starts is told by its script, and by what it is: CPython 3.14" {
	need texport
	each_python "3.14.*" multiprocessing_is_told
}

@test "what multiprocessing starts is told by its script, and by what it is: CPython 3.15" {
	need texport
	each_python "3.15.*" multiprocessing_is_told
}

@test "python -m is told by its module, and of the code of python -c nothing" {
	run -0 tsample -q -o "$f" -- "$python" -uc 'import time; time.sleep(.5)'
	is "$(processes)" "-c"
	echo 'import time; time.sleep(.5)' >"$BATS_TEST_TMPDIR/sleeps.py"
	export PYTHONPATH=$BATS_TEST_TMPDIR
	run -0 tsample -q -o "$f" -- "$python" -um sleeps
	is "$(processes)" "-m sleeps"
}

@test "a process goes on to be followed when its main thread ends before others" {
	outlived=$(program outlived <<<"$busy
import ctypes, threading
def outlive():
    while b') Z' not in open(f'/proc/self/task/{os.getpid()}/stat', 'rb').read():
        time.sleep(.01)
    busy()
    os._exit(3)
busy()
threading.Thread(target=outlive).start()
ctypes.CDLL(None).pthread_exit(None)")
	for how in '' --subprocesses; do
		# shellcheck disable=SC2086 # none, or a word
		run -3 tsample -q -a --compress none $how -o "$f" -- "$python" "$outlived"
		ended 3
		tfold -q -t "$f" | grep -q ';outlive (.*;busy ('
	done
}

@test "of a process that executes what is no Python, no descendant is taken" {
	program=$(program shell <<<"$busy
import os, sys
def before(): busy()
before()
os.execv('/bin/sh', ['sh', '-c', '\"\$1\" -c \"import time; time.sleep(.3)\"; exit 5', 'sh', sys.executable])")
	: >"$f"
	"$python" "$program" &
	pid=$!
	run -0 --separate-stderr tsample --compress none -p $pid -o "$f"
	is "$(tfold -t --by process "$f" | cut -d ';' -f 1 | sort -u)" "shell.py"
	end_own
}

@test "programs that are not Python do not end the run" {
	shell=$(program shell <<<"$busy
import subprocess
sleep = subprocess.Popen(['sleep', '600'])
subprocess.check_call(['sh', '-c', 'i=0; while [ \$i -lt 300 ]; do /bin/true; i=\$((i + 1)); done'])
def at_last(): busy()
at_last()
sleep.kill()
sleep.wait()")
	run -0 --separate-stderr tsample -q --compress none --subprocesses -o "$f" -- "$python" "$shell"
	is "$stderr" ""
	ended 0
	matches "$(tfold -t "$f" | grep -F at_last)" ".*;at_last .*;busy .* [0-9]+"
}

@test "an orphan of the command is sampled, and its status known" {
	orphans=$(program orphans <<<"$busy
import os
def orphan(): busy()
read, write = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        orphan()
        os._exit(9)
    os._exit(0)
os.close(write)
os.wait()
os.read(read, 1)
busy()")
	run -0 tsample -q --compress none --subprocesses -o "$f" -- "$python" "$orphans"
	matches "$(tfold -t "$f" | grep -F 'orphan ')" ".*;orphan .*;busy .* [0-9]+"
	matches "$(ends "$f")" "(0 )?0 9"
}

@test "a shell that has Python children is followed with -p" {
	mkfifo "$f.in"
	exec {hold}<>"$f.in"
	sh -c "\"\$@\" <\"$f.in\"; :" - "$python" -c 'import os
def waits(): os.read(0, 1)
waits()' 3>&- {hold}>&- &
	own+=("$!")
	shell=$!
	until child=$(cat "/proc/$shell/task/$shell/children") && [ -n "$child" ] && parked "${child% }"; do
		kill -0 "$shell"
	done
	run -0 tsample -q --subprocesses -n 50 -p "$shell" -o "$f"
	echo >&"$hold"
	matches "$(tfold -t "$f")" "<module> \(<string>\);waits \(<string>\) 50"
}

@test "without --subprocesses only the process itself is sampled" {
	parent=$(program parent <<<"$busy
import os
def child(): busy()
if os.fork() == 0:
    child()
    os._exit(0)
os.wait()")
	run -0 tsample -q -o "$f" -- "$python" "$parent"
	is "$(tfold -t "$f" | grep -cF 'child ')" 0
}
