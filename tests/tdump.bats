#!/usr/bin/env bats
# tdump: the stacks of one moment, of a process or at the end of a stream.

load helper

setup() {
	need tdump tsample jq
	cd "$BATS_TEST_TMPDIR" || return
	can_attach
}

# Of the threads of --json the stacks as park() was told of them: [function, file, line].
stacks_of() {
	jq -S '[.processes[].threads[] | {key: .name, value: [.frames[] |
		if .marker then [.marker, null, 0] else [.name, .file, .line] end]}] | from_entries'
}

told() {
	jq -S 'map_values(map(.[:3]))' <<<"$report"
}

stands() {
	local target

	for target in threads generators recursion non_ascii; do
		park "${@:2}" "$target" || return
		tdump --json -p "$pid" >dump || return
		is "$1 $target $(stacks_of <dump)" "$1 $target $(told)" || return
		end_own
	done
}

@test "tdump shows where every thread of a process stands: all Pythons" {
	each_python '*' stands
}

@test "a process is named, and each thread with its name, its numbers and its state" {
	local main worker numbers python_id

	park "$(a_python)" threads
	numbers=$(printf '%s\n' "/proc/$pid/task"/* | sed 's/.*\///' | sort -n)
	main=$(sed -n 1p <<<"$numbers")
	worker=$(sed -n 2p <<<"$numbers")
	run -0 --separate-stderr tdump -p "$pid"
	is "$stderr" ""
	matches "${lines[0]}" "Process $pid, threads.py, Python 3\.[0-9]+\.[0-9]+ \(most recent call last\)"
	python_id=$(tdump --json -p "$pid" | jq '.processes[].threads[] | select(.main).python_id')
	matches "${lines[1]}" "Thread $main \"MainThread\", main, Python id $(printf '0x%x' "$python_id"): off CPU"
	matches "$(grep '"worker 0"' <<<"$output")" "Thread $worker \"worker 0\", Python id 0x[0-9a-f]+: off CPU"
	is "$(grep -c '^Thread' <<<"$output")" 5
	is "$(tdump --main -p "$pid" | grep -c '^Thread')" 1
}

@test "a frame tells its file, its line and its function; --opcodes its instruction" {
	park "$(a_python)" recursion
	tdump --main --opcodes -p "$pid" >dump
	jq -r '.MainThread[:-1][] | "  File \"\(.[1])\", line \(.[2]), in \(.[0])"' <<<"$report" >wanted
	is "$(sed 1,3d dump | sed '$d' | grep -v '^  \[the same' | sed 's/ \[.*\]$//')" \
		"$(awk '{ n = $0 == last ? n + 1 : 1; last = $0 } n <= 3' wanted)"
	matches "$(sed -n 4p dump)" '  File .* \[[A-Z_]+( [A-Z_]+)?\]'
}

@test "of a function that calls itself over and over the first frames are shown" {
	start "$(a_python)" -c '
import os, sys
def deep(n):
    return deep(n - 1) if n else (os.write(9, b"x\n"), sys.stdin.read())
deep(50)'
	until parked "$pid"; do :; done
	is "$(tdump -p "$pid" | sed 1,3d)" '  File "<string>", line 5, in <module>
  File "<string>", line 4, in deep
  File "<string>", line 4, in deep
  File "<string>", line 4, in deep
  [the same 47 more times]
  File "<string>", line 4, in deep'
}

# What stands at a line of its own.
write_app() {
	cat >"$1" <<'APP'
import os, sys
def read(): return sys.stdin.read(1 +
	0)
def main():
	if 1: x = ["é日", read()]   
os.write(9, b"x\n")
main()
APP
}

@test "--source shows the lines, and marks what is executed of them" {
	write_app app.py
	start "$(a_python)" app.py
	until parked "$pid"; do :; done
	is "$(tdump --source -p "$pid" | sed 1,3d)" "  File \"$PWD/app.py\", line 7, in <module>
    main()
  File \"$PWD/app.py\", line 5, in main
    if 1: x = [\"é日\", read()]
                      ^^^^^^
  File \"$PWD/app.py\", line 2, in read
    def read(): return sys.stdin.read(1 +
                       ^^^^^^^^^^^^^^^^^^"
	tdump --json --source -p "$pid" | jq -r '.processes[].threads[].frames[-1].source' >line
	is "$(cat line)" 'def read(): return sys.stdin.read(1 +'
	is "$(tdump -p "$pid" | grep -c 'if 1')" 0
}

@test "a source file that changed since the process began is told" {
	write_app app.py
	start "$(a_python)" app.py
	until parked "$pid"; do :; done
	run -0 --separate-stderr tdump --source -p "$pid"
	is "$stderr" ""
	touch -d '1 hour' app.py
	run -0 --separate-stderr tdump --source -p "$pid"
	is "$stderr" "tdump: $PWD/app.py: changed since process $pid began: lines may differ"
}

# A program says that its code is from files that its user may not read, or that are none.
@test "source is read with the rights of the process's user, and of regular files only" {
	local python

	[ "$(id -u)" -eq 0 ] || skip "only root can be tricked"
	python=$(a_python)
	chmod 711 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$BATS_FILE_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")"
	echo "secret = 1" >secret
	chmod 600 secret
	echo "public = 1" >public
	mkfifo fifo
	ln -s "$PWD/secret" link
	cat >trick.py <<TRICK
import os, sys
def call(names):
    if not names:
        os.write(9, b"x\n")
        sys.stdin.read()
        return
    code = compile("call(names[1:])", names[0], "exec")
    exec(code, {"call": call, "names": names})
call(["$PWD/secret", "$PWD/link", "$PWD/fifo", "/dev/zero", "$PWD", "/nowhere", "$PWD/public"])
TRICK
	start setpriv --reuid 65534 --regid 65534 --clear-groups "$python" trick.py
	until parked "$pid"; do :; done
	is "$(tdump --source -p "$pid" | grep -A1 -E "\"($PWD|/dev)" | grep -E '^    [a-z]* = 1|in <module>' |
		grep -v trick.py)" "  File \"$PWD/secret\", line 1, in <module>
  File \"$PWD/link\", line 1, in <module>
  File \"$PWD/fifo\", line 1, in <module>
  File \"/dev/zero\", line 1, in <module>
  File \"$PWD\", line 1, in <module>
  File \"$PWD/public\", line 1, in <module>
    public = 1"
}

@test "a process that is stopped, or hangs, can be dumped" {
	park "$(a_python)" threads
	tdump -p "$pid" >running
	kill -STOP "$pid"
	until [[ $(cat "/proc/$pid/stat") == *") T "* ]]; do :; done
	run -0 --separate-stderr tdump -p "$pid"
	is "$stderr" "tdump: process $pid is stopped (SIGSTOP?)"
	is "$output" "$(cat running)"
	kill -CONT "$pid"
}

tasks() {
	park "${@:2}" asyncio/graph || return
	tdump --async-aware -p "$pid" >dump || return
	is "$1 $(sed -n '/^Thread.*main/,/^$/p' dump | sed -E '1d; /^$/d; s/File .*, in //')" "$1   Task Task-1
    main
    Task Task-2
      consume
      produce
      deep
      deep
    Task first
      wait_for
      Task shared
        worker
        deep
        deep
    Task group
      group
      TaskGroup.__aexit__
      TaskGroup._aexit
      Task member
        worker
        deep
      Task member
        worker
        deep
    Task run
      run
      park
      park
      park
    Task zwölf – 😀
      wait_for
      Task shared
        worker
        deep
        deep
  Task one of two
    circle
    Task two of two
      circle" || return
	tdump --async-aware --async-mode running -p "$pid" >dump || return
	is "$1 $(sed -n '/^Thread.*main/,/^$/p' dump | sed -E '1d; /^$/d; s/File .*, in //')" "$1   Task Task-1
    main
    Task run
      run
      park
      park
      park" || return
	is "$1 $(tdump --async-aware --json -p "$pid" |
		jq -c '[.. | objects | select(.task == "first").frames | .. | .task? // .name? // empty]')" \
		"$1 [\"wait_for\",\"shared\",\"worker\",\"deep\",\"deep\"]"
}

@test "--async-aware shows the tasks of asyncio as a tree of who awaits whom" {
	each_python '3.1[45].*' tasks
}

@test "--subprocesses dumps all that descend from a process" {
	local python children

	python=$(a_python)
	cat >family.py <<'FAMILY'
import os, sys
def child():
    os.write(9, b"x\n") if os.environ.get("LAST") else None
    sys.stdin.read()
def parent():
    for last in "", "1":
        os.environ["LAST"] = last
        if os.fork() == 0:
            child()
    sys.stdin.read()
parent()
FAMILY
	start "$python" family.py
	until parked "$pid"; do :; done
	read -ra children <"/proc/$pid/task/$pid/children" || :
	for child in "${children[@]}"; do
		own+=("$child")
		until parked "$child"; do :; done
	done
	tdump --subprocesses -p "$pid" >dump
	is "$(grep ^Process dump | cut -d ' ' -f 2 | tr -d ,)" "$(printf '%s\n' "$pid" "${children[@]}" | sort -n)"
	is "$(tdump --json --subprocesses -p "$pid" | jq -c '[.processes[].threads[].frames[-1].name]')" '["parent","child","child"]'
	is "$(tdump -p "$pid" | grep -c ^Process)" 1
	is "$(tdump --json --source --subprocesses -p "$pid" | jq -c '[.processes[].threads[].frames[-1].source]')" \
		'["    sys.stdin.read()","    sys.stdin.read()","    sys.stdin.read()"]'
	is "$(tdump --source --subprocesses -p "$pid" | grep -c '^ *child()$')" 2
}

# Each names a file of the other's that only root may read, and one of its own.
@test "source of several processes is read with the rights of each one's user" {
	local python child

	[ "$(id -u)" -eq 0 ] || skip "only root can be tricked"
	python=$(a_python)
	chmod 755 .
	printf 'print("secret")\n' >roots.py
	printf 'print("open")\n' >open.py
	chmod 600 roots.py
	cat >family.py <<'FAMILY'
import os, sys
def wait():
    os.write(9, b"x\n") if os.environ.get("LAST") else None
    sys.stdin.read()
def at(file, inner):
    exec(compile("inner()", os.path.abspath(file), "exec"), {"inner": inner})
def both(): at("roots.py", lambda: at("open.py", wait))
if os.fork() == 0:
    os.setgid(65534)
    os.setuid(65534)
    os.environ["LAST"] = "1"
both()
FAMILY
	start "$python" family.py
	until parked "$pid"; do :; done
	read -r child _ <"/proc/$pid/task/$pid/children" || :
	own+=("$child")
	until parked "$child"; do :; done
	tdump --json --source --subprocesses -p "$pid" |
		jq -c '.processes[] | [.pid, [.threads[].frames[].source | select(startswith("print")?)]]' >seen
	is "$(cat seen)" "$(printf '%s\n' "[$pid,[\"print(\\\"secret\\\")\",\"print(\\\"open\\\")\"]]" "[$child,[\"print(\\\"open\\\")\"]]" | sort -t '[' -k 2n)"
}

@test "a stream is dumped as it was at its last tick" {
	is "$(tdump "$here/golden/threads.bin")" 'Process 2000, app.py, Python 3.11.5 (most recent call last)

Thread 2000 "MainThread", main, Python id 0x7f0000001000: on CPU, holds the GIL, handles an exception, collects garbage
  File "/app.py", line 9, in <module>
  File "/app.py", line 5, in work

Thread 2005 "pool; 1": on CPU, holds the GIL
  File "/app.py", line 9, in <module>
  File "/app.py", line 21, in wait'
	is "$(tdump --main <"$here/golden/threads.bin" | grep -c '^Thread')" 1
	is "$(tdump "$here/golden/lanes.bin" | sed -n '/Thread 1001/,$p')" 'Thread 1001: off CPU
  File "/app.py", line 2, in run
  Task load
    File "/app.py", line 31, in fetch
  Task load
    File "/app.py", line 31, in fetch'
}

@test "what has no ticks is no dump" {
	run -1 --separate-stderr tdump "$here/golden/folded.bin"
	is "$stderr" "tdump: $here/golden/folded.bin: a folded stream, which has sums, and no samples in their order
hint: take the stream that tsample wrote, before it was folded"
	is "$output" ""
}

@test "a process that is none, or no Python, is told" {
	run -1 --separate-stderr tdump -p 4194304
	is "$stderr" "tdump: process 4194304: there is no such process"
	start sh -c 'echo x >&9; cat'
	run -1 --separate-stderr tdump -p "$pid"
	matches "${stderr_lines[0]}" "tdump: process $pid: .*"
}

@test "options of a process do not go with a stream" {
	run -2 --separate-stderr tdump --opcodes "$here/golden/threads.bin"
	is "${stderr_lines[0]}" "tdump: only --main, --json and -o go without -p"
	run -2 --separate-stderr tdump -p 1 "$here/golden/threads.bin"
	is "${stderr_lines[0]}" "tdump: $here/golden/threads.bin: with -p there is no stream"
	run -2 --separate-stderr tdump -p 1 --async-mode all
	is "${stderr_lines[0]}" "tdump: --async-mode is for --async-aware"
}
