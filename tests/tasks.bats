#!/usr/bin/env bats
# asyncio's tasks, of real interpreters: who awaits whom, and where.

load helper

setup() {
	need tsample tfold jq
	can_attach
	f=$BATS_TEST_TMPDIR/f
}

# The names of collapsed stacks, tasks with a "!" before them, without the samples.
names() {
	sed -e 's/\([^;]*\) (<task>)/!\1/g' -e 's/ ([^;]*)//g' -e 's/ [0-9]*$//' | LC_ALL=C sort
}

# each_async FUNCTION: for every CPython that tells of its tasks.
each_async() {
	each_python '3.1[45].*' "$1"
}

all_ways() {
	park "${@:2}" asyncio/graph || return
	tsample -q -n 1000 --no-jitter -r 10khz --async-aware --async-mode all -p "$pid" -o "$f" || return
	end_own
	tfold -q -t "$f" >"$f.got"
	is "$1 $(names <"$f.got")" "$1 !Task-1;main;!Task-2;consume;produce;deep;deep
!Task-1;main;!first;wait_for;!shared;worker;deep;deep
!Task-1;main;!group;group;TaskGroup.__aexit__;TaskGroup._aexit;!member;worker;deep
!Task-1;main;!run;run;park;park;park
!Task-1;main;!zwölf – 😀;wait_for;!shared;worker;deep;deep
!one of two;circle;!two of two;circle" || return
	# Two members of one name, and a task that is two halves; each has a sample at each tick.
	awk '{ n = $NF } /member/ { members += n; next } /shared/ { shared += n; next } { other[n] }
		END { for (n in other) ticks = n; exit !(length(other) == 1 && members == 2 * ticks && shared == ticks) }' "$f.got" ||
		fail "$1: the samples are not what each has" "$(sed 's/.* //' "$f.got")"
}

@test "all tasks that stand still are their stacks, as who awaits whom says" {
	each_async all_ways
}

running_way() {
	park "${@:2}" asyncio/graph || return
	tsample -q -n 1000 --no-jitter -r 10khz --async-aware -p "$pid" -o "$f" || return
	end_own
	is "$1 $(tfold -t "$f" | sed 's/.* //')" "$1 1000" || return
	is "$1 $(tfold -t "$f" | names)" "$1 !Task-1;main;!run;run;park;park;park"
}

@test "the task that runs is a stack with what it calls and who awaits it" {
	each_async running_way
}

apart() {
	park "${@:2}" asyncio/graph || return
	tsample -q -n 100 -r 10khz --async-aware --async-mode all -p "$pid" -o "$f" || return
	end_own
	is "$1 $(tfold -q -t "$f" | grep -c member)" "$1 1" || return
	is "$1 $(tfold -q -t --task-ids "$f" | grep -c member)" "$1 2"
}

@test "tasks of one name are kept apart with --task-ids" {
	each_async apart
}

in_turns() {
	tsample -q -r 1khz --async-aware -o "$f" -- "${@:2}" -c '
import asyncio, time
async def work():
    for _ in range(10):
        until = time.monotonic() + 0.02
        while time.monotonic() < until:
            pass
        await asyncio.sleep(0.01)
async def main():
    await asyncio.gather(*(asyncio.create_task(work(), name=name) for name in "AB"))
asyncio.run(main())' || return
	is "$1 $(tfold -q -t --task-ids "$f" | grep -o '[^; ]* (<task>:[0-9]*)' |
		LC_ALL=C sort -u | sed 's/ .*//')" "$1 A
B
Task-1"
}

@test "a task that runs in turns with another, and waits between, is one task" {
	each_async in_turns
}

churns() {
	local mode

	for mode in running all; do
		start "${@:2}" "$(targets)/asyncio/churn.py"
		tsample -q -n 20000 -r 10khz --async-aware --async-mode $mode -p "$pid" -o "$f" || return
		end_own
		tfold -q -t "$f" | python3 "$here/targets/asyncio/check_churn.py" >"$f.bad" 2>&1 ||
			fail "$1, $mode:" "$(tail -n 12 "$f.bad" | cut -c -300)" || return
	done
}

@test "of tasks that come and go no stack is shown that cannot have been" {
	each_async churns
}

deep_ways() {
	start "${@:2}" -c '
import asyncio, os, sys
sys.setrecursionlimit(10**6)
async def deep(n, inner):
    if n:
        await deep(n - 1, inner)
    else:
        await inner
async def main():
    for name, tasks, depth in ("long", 30, 600), ("deep", 1, 3000):
        inner = asyncio.get_running_loop().create_future()
        for _ in range(tasks):
            inner = asyncio.create_task(deep(depth, inner), name=name)
            await asyncio.sleep(0)
    print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
    os.read(0, 1)
asyncio.run(main())'
	until parked "$pid"; do kill -0 "$pid"; done
	run -0 --separate-stderr tsample -n 3000 --async-aware --async-mode all -p "$pid" -o "$f"
	end_own
	matches "$stderr" ".*, truncated [0-9,]+.*" || return
	# 16,384 coroutines, with the markers of 28 tasks and of what is left out; 1,024 of a task.
	is "$1 $(tfold -q -t "$f" | grep -F '<truncated>' |
		awk -F ';' '{ split($1, name, " "); print name[1], NF }' | LC_ALL=C sort)" "$1 deep 1026
long 16413"
}

@test "a way that is too deep ends in <truncated>, and is counted" {
	each_async deep_ways
}

loops_in_threads() {
	start "${@:2}" -c '
import asyncio, os, sys, threading
async def work():
    barrier.wait()
    os.read(0, 1)
async def main():
    await asyncio.create_task(work(), name="of " + threading.current_thread().name)
barrier = threading.Barrier(3)
for i in range(2):
    threading.Thread(target=lambda: asyncio.run(main()), name="loop %d" % i, daemon=True).start()
barrier.wait()
print("ready", file=open(int(sys.argv[1]), "w"), flush=True)
os.read(0, 1)'
	until parked "$pid"; do kill -0 "$pid"; done
	tsample -q -a -n 300 -r 1khz --async-aware -p "$pid" -o "$f" || return
	end_own
	is "$1 $(tfold -q -t -T "$f" | names)" "$1 MainThread;<module>
loop 0;!Task-1;main;!of loop 0;work
loop 1;!Task-2;main;!of loop 1;work" ||
		is "$1 $(tfold -q -t -T "$f" | names)" "$1 MainThread;<module>
loop 0;!Task-2;main;!of loop 0;work
loop 1;!Task-1;main;!of loop 1;work"
}

@test "with -a the loops of all threads are shown, and other threads as they are" {
	each_async loops_in_threads
}

unknown() {
	park "${@:2}" calls || return
	run -1 --separate-stderr tsample --async-aware -p "$pid" -o "$f"
	end_own
	matches "${stderr_lines[0]}" "tsample: process [0-9]+: it is CPython ${1%.*}: only from 3.14 on asyncio tells which tasks there are"
}

# asyncio is imported at ever other times after the processes have begun.
imported_late() {
	tsample -q --subprocesses --async-aware -o "$f" -- "${@:2}" -c '
import os, time
def burn(s):
    end = time.perf_counter() + s
    while time.perf_counter() < end: pass
def late(s):
    burn(s)
    import asyncio
    async def work(): burn(.1)
    asyncio.run(work())
for i in range(8):
    if os.fork() == 0:
        late(.016 * i)
        os._exit(0)
    os.wait()' || return
	tfold -q -t "$f" >"$f.got"
	awk '/\.work \(/ { all += $NF } /\.work \(/ && !/<task>/ { bare += $NF }
		END { exit !(all > 200 && bare < all / 50) }' "$f.got" ||
		fail "$1: $(grep -F ".work (" "$f.got" | sed 's/ ([^)]*)//g')"
}

@test "asyncio is met when a program imports it, before its first task" {
	each_async imported_late
}

@test "versions that do not tell of their tasks are refused, with the reason" {
	each_python '3.11.*' unknown
	each_python '3.13.*' unknown
}

without() {
	park "${@:2}" calls || return
	run -0 --separate-stderr tsample --async-aware -n 10 -p "$pid" -o "$f"
	end_own
	is "$1 $(tail -n 2 <<<"$stderr")" "$1 asyncio was not met: no loop ran and there was no task
hint: without --async-aware threads are sampled as they are" || return
	is "$1 $(tfold -q -t "$f" | sed 's/.* //')" "$1 10"
}

# Tasks of some microseconds: the stack and the task that runs are read at two moments.
with_its_task() {
	local bare

	start "${@:2}" -c '
import asyncio, os, sys
async def work():
    while True:
        sum(range(1000)); await asyncio.sleep(0)
async def main():
    tasks = [asyncio.create_task(work()) for _ in range(2)]
    with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
    await asyncio.gather(*tasks)
asyncio.run(main())' || return
	tsample -q --async-aware -n 1000 -p "$pid" | tfold -q -t >"$f.got"
	end_own
	bare=$(awk '/;work \(/ && !/<task>/ { n += $NF } END { print n + 0 }' "$f.got")
	[ "$bare" -lt 5 ] || fail "$1: $bare of 1000 samples are of a coroutine without its task"
}

@test "what a task runs is not shown without the task" {
	each_async with_its_task
}

# A program of short tasks, from its start: imports, which are ever new code, and the tasks.
stopped_tasks() {
	local version=$1 said=$BATS_TEST_TMPDIR/said torn ticks

	tsample --blocking --async-aware -o "$f" -- "${@:2}" -c '
import asyncio, time
def burn(s):
    end = time.perf_counter() + s
    while time.perf_counter() < end: pass
async def tiny():
    burn(.001); await asyncio.sleep(0); burn(.001)
async def main():
    for _ in range(200): await asyncio.gather(*[tiny() for _ in range(3)])
asyncio.run(main())' 2>"$said" || return
	ticks=$(sed -n '1s/ ticks.*//p' "$said" | tr -d ,)
	torn=$(sed -n 's/.* torn \([0-9,]*\).*/\1/p' "$said" | tr -d ,)
	[ "$torn" -lt $((ticks / 100 + 5)) ] || fail "$version: $(cat "$said")"
}

@test "of tasks that are stopped while they are read hardly a sample is torn" {
	each_async stopped_tasks
}

# A task that is begun eagerly runs inside of the one that began it, which both execute.
eager() {
	local version=$1 mode

	start "${@:2}" -c '
import asyncio, os, sys, time
def burn(s):
    end = time.perf_counter() + s
    while time.perf_counter() < end: pass
async def child():
    burn(.002); await asyncio.sleep(.001)
async def waits(): await asyncio.sleep(.01)
async def worker():
    while True:
        await asyncio.gather(waits(), child())
async def idle(): await asyncio.sleep(1000)
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    async with asyncio.TaskGroup() as group:
        group.create_task(idle(), name="idle")
        tasks = [group.create_task(worker(), name="worker") for _ in range(3)]
        with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
asyncio.run(main())' || return
	for mode in running all; do
		tsample -q --async-aware --async-mode $mode -n 3000 -p "$pid" -o "$f" || return
		tfold -q -t "$f" | sed 's/ ([^)]*)//g' >"$f.got"
		awk -v mode=$mode '{ all += $NF }
			/<torn>/ { torn += $NF }
			/^Task-1;.*;worker;worker;gather;.*;Task-[0-9]+;child;burn / { inside += $NF }
			/^Task-[0-9]+;child/ || /worker;gather;.*;waits;sleep / { astray += $NF }
			END { exit !(torn < all / 50 && astray < all / 50 && inside > all / (mode == "all" ? 20 : 2)) }' "$f.got" ||
			fail "$version, $mode: $(cut -c -300 "$f.got" | head)" || return
	done
	end_own
}

@test "a task that is begun eagerly is inside of the one that began it" {
	each_async eager
}

# Tasks of some 40 us, begun eagerly or not; each is named as its function is.
eager_shortly() {
	local version=$1

	start "${@:2}" -c '
import asyncio, itertools, os, sys, time
def burn(us):
    end = time.perf_counter_ns() + us * 1000
    while time.perf_counter_ns() < end: pass
async def child_():
    burn(40); await asyncio.sleep(0); burn(40)
async def once_():
    burn(40)
async def worker(turn):
    while True:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                f = next(turn)
                group.create_task(f(), name=f.__name__)
        await asyncio.Task(f(), name=f.__name__, eager_start=True)
def named(f, letter):
    name = f.__name__ + letter
    return type(f)(f.__code__.replace(co_name=name, co_qualname=name), globals())
async def main():
    asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    turn = itertools.cycle([named(f, c) for c in "ABCDEBDAC" for f in (child_, once_)])
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(worker(turn), name="worker") for _ in range(5)]
        with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
asyncio.run(main())' || return
	tsample -q --async-aware -n 3000 -p "$pid" | tfold -q -t |
		sed 's/ ([^;<]*)//g; s/ (<string>)//g' >"$f.got"
	end_own
	awk '{ n = split($0, of, /;/); sub(/ [0-9]*$/, "", of[n])
			for (i = 1; i <= n; i++) if (of[i] ~ /^(child|once)_.$/) {
				all += $NF
				if (of[i - 1] != of[i] " (<task>)") { wrong += $NF; print "no marker, or another: " $0 }
			} }
		END { exit !(all > 300 && wrong < 5) }' "$f.got" >"$f.bad" ||
		fail "$version: $(cut -c -300 "$f.bad" | head; wc -l <"$f.got")"
}

@test "what short tasks run that are begun eagerly is not shown without the task" {
	each_async eager_shortly
}

# A thousand tasks that end and begin all the time; what awaits them is never without them.
thousand() {
	local version=$1 said=$BATS_TEST_TMPDIR/said option

	start "${@:2}" -c '
import asyncio, os, random, sys
async def leaf(): await asyncio.sleep(random.random() * .02)
async def worker():
    while True:
        await asyncio.create_task(leaf(), name="leaf")
async def main():
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(worker(), name="worker") for _ in range(1000)]
        with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
asyncio.run(main())' || return
	for option in --cpu --blocking; do
		tsample -q --async-aware --async-mode all $option -r 20 -n 20000 -p "$pid" -o "$f" --stats-json 3 3>"$said" || return
		tfold -q -t "$f" | sed 's/ ([^)]*)//g' >"$f.got"
		! grep -E '^Task-1;main;TaskGroup.__aexit__(;TaskGroup._aexit)? ' "$f.got" ||
			fail "$version, $option: main awaits none" || return
	done
	end_own
	# Each worker is there once, at each tick.
	jq -e 'select(.final) | .torn < .samples / 100 and .samples > 990 * .ticks and .samples < 1010 * .ticks' "$said" ||
		fail "$version: $(cat "$said")"
}

@test "of a thousand tasks that are stopped each is there once; and none is without what it awaits" {
	each_async thousand
}

# 16,384 tasks are followed, of which one awaits all others. Each tick has so many samples.
full() {
	local said=$BATS_TEST_TMPDIR/said n torn

	for n in 16383 17000; do
		start "${@:2}" -c '
import asyncio, os, sys
async def work(): await asyncio.get_running_loop().create_future()
async def main(n):
    tasks = [asyncio.create_task(work()) for _ in range(n)]
    await asyncio.sleep(0)
    with os.fdopen(int(sys.argv[2]), "w") as out: print("ready", file=out)
    await asyncio.gather(*tasks)
asyncio.run(main(int(sys.argv[1])))' $n || return
		tsample --async-aware --async-mode all -n 500000 -p "$pid" -o "$f" 2>"$said" || return
		end_own
		is "$1, $n $(tfold -q -t "$f" | grep -c '^Task-1 (<task>);.*main (.*;Task-[0-9]* (<task>);.*work (')" \
			"$1, $n 16383" || return
		is "$1, $n $(tfold -q -t "$f" | grep '^Task-.*;.*work (' | grep -c -v '^Task-1 ')" "$1, $n 0" || return
		is "$1, $n $(grep -c 'not all tasks and their awaiters were followed, in ' "$said")" \
			"$1, $n $((n > 16383))" || return
		torn=$(sed -n 's/.* torn \([0-9,]*\),.*/\1/p' "$said" | tr -d ,)
		[ "$torn" -lt 80000 ] || fail "$1, $n: $(cat "$said")" || return
	done
}

# That C calls a generator around the loop makes tsample search all tasks for that one's, in vain.
not_asked_for() {
	local said=$BATS_TEST_TMPDIR/said

	start "${@:2}" -c '
import asyncio, os, sys
async def work(): await asyncio.get_running_loop().create_future()
async def main():
    tasks = [asyncio.create_task(work()) for _ in range(17000)]
    await asyncio.sleep(0)
    with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
    while True: await asyncio.sleep(0)
def runs(): yield asyncio.run(main())
list(runs())' || return
	tsample --async-aware -n 1000 -p "$pid" -o "$f" 2>"$said" || return
	end_own
	! grep "not all tasks" "$said" || fail "$1: $(cat "$said")"
}

@test "of more tasks than are followed nothing is said where they are not asked for" {
	each_async not_asked_for
}

@test "of more tasks than are followed it is said that there are more, and who awaits those that are" {
	each_async full
}

@test "a command of a version without tasks is told to be one" {
	each_python '3.1[0-3].*' told_without
}

told_without() {
	tsample --async-aware -o "$f" -- "${@:2}" -c 'import time; time.sleep(.5)' 2>"$f.said"
	grep -q "it is CPython 3.*: only from 3.14 on" "$f.said" || fail "$1: $(cat "$f.said")"
}

@test "a program without asyncio is sampled as it is, and that is said" {
	each_async without
}

@test "--async-mode without --async-aware, and --mode with it, are wrong usage" {
	run -2 --separate-stderr tsample --async-mode all -p 1 -o "$f"
	is "${stderr_lines[0]}" "tsample: --async-mode is for --async-aware"
	run -2 --separate-stderr tsample --async-aware --mode gil -p 1 -o "$f"
	is "${stderr_lines[0]}" "tsample: --async-aware samples tasks at all times: it takes no --mode"
}
