#!/usr/bin/env bats
# Where tsample runs, and where its target does: other roots, other namespaces, few rights.

load helper

setup() {
	need tsample tfold unshare
	can_attach
	f=$BATS_TEST_TMPDIR/f
	python=$(a_python)
	wrapped=()
}

# Skips where the namespaces that unshare(1) is asked for cannot be made.
can_unshare() {
	unshare "$@" true 2>/dev/null || skip "unshare $* is not allowed here"
}

# Starts a target that stands in place(), with the command that is in the array wrapped before it.
stand() {
	start "${wrapped[@]}" "$python" -c '
import os, sys
def place():
    out = os.fdopen(int(sys.argv[1]), "w")
    print(os.getpid(), file=out)
    out.close()
    os.read(0, 1)
place()'
}

# Every sample of file $1 is of the target that stands in place().
stood() {
	matches "$(tfold -t "$1")" '<module> \(<string>\);place \(<string>\) [0-9]+'
}

@test "one static binary samples from an empty root, and says when /proc is not in it" {
	can_unshare -m
	run -0 --separate-stderr make -C "$root" static
	is "$stderr" ""
	mkdir -p "$f.root/proc"
	cp "$root/build/static/tsample" "$f.root/"
	stand
	run -1 --separate-stderr chroot "$f.root" /tsample -p "$pid" -o /f
	is "$stderr" "tsample: /proc is not mounted here: processes cannot be looked into
hint: mount -t proc proc /proc"
	run -0 unshare -m sh -c 'mount -t proc proc "$1/proc" && exec chroot "$1" /tsample -q -n 100 -p "$2" -o /f' - \
		"$f.root" "$pid"
	stood "$f.root/f"
}

@test "a /proc of another pid namespace is refused, before a command is started" {
	can_unshare -p -f
	run -125 --separate-stderr unshare -p -f tsample -o "$f" touch "$f.touched"
	is "$stderr" "tsample: /proc is that of another pid namespace
hint: mount -t proc proc /proc"
	[ ! -e "$f.touched" ]
	[ ! -e "$f" ]
}

@test "where process_vm_readv is not to be had, /proc/PID/mem is read, and said once" {
	local error

	cc -o "$f.filter" "$here/filter.c"
	stand
	for error in ENOSYS EPERM; do
		run -0 --separate-stderr "$f.filter" $error tsample -n 100 -p "$pid" -o "$f"
		is "${stderr_lines[0]}" "tsample: process_vm_readv is not to be had here: /proc/PID/mem is read instead, which is slower"
		[[ "${stderr_lines[*]:1}" != */proc/PID/mem* ]]
		stood "$f"
	done
}

@test "no impossible stack is read by /proc/PID/mem" {
	cc -o "$f.filter" "$here/filter.c"
	start "$python" -c '
import os, sys
def left_leaf(): pass
def left():
    left_leaf(); left_leaf()
def right_leaf(): pass
def right():
    right_leaf(); right_leaf()
out = os.fdopen(int(sys.argv[1]), "w")
print("ready", file=out)
out.close()
def main():
    while True:
        left(); right()
main()'
	run -0 "$f.filter" ENOSYS tsample -q -r 20khz -n 20000 -p "$pid" -o "$f"
	run -0 tfold -t "$f"
	[ -n "$output" ]
	run ! grep -vE '^<module>[^;]*(;main[^;]*(;left [^;]*(;left_leaf [^;]*)?|;right [^;]*(;right_leaf [^;]*)?)?)?(;<torn>)? [0-9]+$' <<<"$output"
}

@test "a target in another pid namespace: its threads are numbered and named as here" {
	can_unshare -p -f --mount-proc
	wrapped=(unshare -p -f --mount-proc)
	stand
	is "$report" 1
	child=$(cat "/proc/$pid/task/$pid/children")
	tsample -q -n 100 --blocking --cpu -p "${child% }" -o "$f"
	stood "$f"
	run -0 python3 "$here/reader.py" "$f"
	[[ $output == *"${child% }"* ]]
}

@test "a target in a user namespace of its own, and in another root" {
	can_unshare -U -r
	wrapped=(unshare -U -r)
	stand
	tsample -q -n 100 -p "$report" -o "$f"
	stood "$f"
}

@test "a command needs no capability at all" {
	[ "$(id -u)" -eq 0 ] || skip "only root can give up capabilities"
	[ ! -e /proc/sys/kernel/yama/ptrace_scope ] || [ "$(cat /proc/sys/kernel/yama/ptrace_scope)" -lt 2 ] ||
		skip "Yama allows nobody"
	cp "$build/tsample" "$f.tsample"
	chmod 755 "$f.tsample"
	chmod o+x "$BATS_RUN_TMPDIR" "${BATS_TEST_TMPDIR%/*}" "$BATS_TEST_TMPDIR"
	mkdir -m 777 "$f.out"
	run -3 --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all \
		"$f.tsample" -q --blocking -o "$f.out/f" -- /usr/bin/python3 -I -c '
def busy(n):
    while n: n -= 1
busy(10**7)
raise SystemExit(3)'
	is "$stderr" ""
	[[ "$(tfold -t "$f.out/f")" == *busy* ]]
}
