#!/usr/bin/env bats
# The states of threads, on programs that know their own.

load helper

setup() {
	need tsample tfold jq
	can_attach
	reader=$(a_python)
	f=$BATS_TEST_TMPDIR/f
}

# oracle GROUP PYTHON...: starts the threads of that group, not on the sampler's CPU.
oracle() {
	local copy=$BATS_FILE_TMPDIR/oracle

	[ -d "$copy" ] || cp -r "$here/oracle" "$copy"
	start "${other_cpu[@]}" "${@:2}" "$copy/states.py" "$1"
}

# The sampler is to have its CPU when it is due, whoever else wants it, where that may be asked.
own_cpu=() other_cpu=()
if [ "$(nproc)" -ge 2 ]; then
	own_cpu=(taskset -c 0) other_cpu=(taskset -c 1)
fi
! chrt -f 1 true 2>/dev/null || own_cpu=(chrt -f 1 "${own_cpu[@]}")

recorded() {
	"${own_cpu[@]}" tsample --compress none -a -p "$pid" -o "$f" "$@" 2>"$f.err" ||
		fail "$(cat "$f.err")"
}

# sampled OPTION...: samples the oracle; $f.facts has its threads' facts.
sampled() {
	recorded "$@" || return
	"$reader" "$here/reader.py" "$f" >"$f.totals" || fail "$(tail -n 3 "$f.totals")" || return
	"$reader" "$here/oracle/facts.py" <"$f.totals" >"$f.facts"
}

# The share of the samples of thread $1 of which fact $2 is $3, in thousandths.
share() {
	awk -v thread="$1" -v fact="$2" -v value="$3" '
		$1 == thread && $2 == fact { all += $4; if ($3 == value) those += $4 }
		END { if (!all) exit 1; printf "%d\n", those * 1000 / all }' "$f.facts" ||
		fail "there is no sample of thread $1"
}

# What the scheduler has accounted to each thread: "NAME NANOSECONDS" on a CPU.
ran() {
	local name tid ns rest

	while read -r name tid; do
		read -r ns rest <"/proc/$pid/task/$tid/schedstat"
		echo "$name $ns"
	done < <(jq -r 'to_entries[] | "\(.key) \(.value)"' <<<"$report")
}

# Whether the threads are seen running, in $1 of time, within 5 points of what the kernel
# accounted to them, as the stream has it; a unit is a sixteenth of the interval.
as_accounted() {
	local name kernel got

	sampled --cpu -r 2khz -d "$1" || return
	while read -r name kernel; do
		got=$(share "$name" cpu 1) || return
		[ $((got - kernel)) -le 50 ] && [ $((kernel - got)) -le 50 ] ||
			fail "$name runs for $got thousandths, by the kernel's account for $kernel" ||
			return
	done < <(awk '
		$1 == "named" { name[$2] = $4 }
		$1 == "ran" { units[$2] += $4 - $3; ns[$2] += $5 + $6 }
		END { for (id in units) printf "%s %d\n", name[id], ns[id] * 1000 / (units[id] * 31250) }
	' "$f.totals")
}

# What waits for a CPU is accounted when it gets one: on a busy machine that takes longer.
seen_as_accounted() {
	local name failed=0

	oracle cpu "${@:2}" || return
	as_accounted 1 >"$f.first" || as_accounted 3 >/dev/null || as_accounted 9 ||
		fail "$1: $(cat "$f.first")" || return
	end_own
	for name in sleeping0 waiting0 reading0; do
		is "$1 $name $(share "$name" cpu 2)" "$1 $name 1000" || failed=1
	done
	is "$(grep " cpu 0 " "$f.facts")" "" || failed=1
	return $failed
}

@test "threads are seen on a CPU for as long as the scheduler accounts to them" {
	each_python '*' seen_as_accounted
}

runs_without_gil() {
	oracle free "${@:2}" || return
	sampled --cpu -n 3000 || return
	end_own
	if [ "$(share hashing0 cpu 1)" -lt 950 ] || [ "$(share hashing0 gil 1)" -gt 50 ]; then
		fail "$1: $(cat "$f.facts")"
	fi
}

@test "what computes in C without the GIL is on a CPU and does not hold the GIL" {
	each_python '*' runs_without_gil
}

# How long each of them holds it is up to the scheduler.
held_by_one() {
	local n holds=0 wants=0 others=3

	oracle gil "${@:2}" || return
	sampled -n 10000 || return
	end_own
	[[ $1 != 3.15.* ]] || others=2
	for n in 0 1 2; do
		# Without a GIL, what is attached counts as its holder, and no thread keeps another.
		[[ $1 != *t ]] || {
			[ "$(share spinning$n gil 1)" -ge 950 ] || fail "$1: $(cat "$f.facts")" || return
			continue
		}
		holds=$((holds + $(share spinning$n gil 1)))
		wants=$((wants + $(share spinning$n gil $others)))
		[ "$(share spinning$n gil 1)" -gt 0 ] || fail "$1: $(cat "$f.facts")" || return
	done
	# Nobody holds it while the next one waits for a CPU.
	[[ $1 == *t ]] || { [ "$holds" -ge 300 ] && [ "$holds" -le 1050 ] && [ "$wants" -ge 1200 ]; } ||
		fail "$1: $(cat "$f.facts")" || return
	is "$1 $(share sleeping0 gil 3)" "$1 1000"
}

@test "one of the threads that compute holds the GIL, and the others want it" {
	each_python '*' held_by_one
}

# The scheduler's figures in a stream, of $1 of time: no more than /proc has for a little longer,
# and most of that.
tells_account() {
	local before after failed=0 name earlier _ now

	before=$(ran)
	recorded -d "$1" || return
	after=$(ran)
	"$reader" "$here/reader.py" "$f" >"$f.totals" || return
	while read -r name earlier _ now; do
		awk -v name="$name" -v most=$((now - earlier)) '
			$1 == "named" && $4 == name { id = $2 }
			$1 == "ran" { sum[$2] += $5 }
			END { exit !(id in sum && sum[id] <= most && sum[id] >= most * 0.5 - 3e7) }
		' "$f.totals" || {
			echo "$name: the stream does not tell what it ran: $((now - earlier)) ns"
			grep '^ran' "$f.totals"
			failed=1
		}
	done < <(paste -d ' ' <(echo "$before") <(echo "$after"))
	return $failed
}

# To begin and to end takes longer on a busy machine.
@test "the stream tells what the scheduler accounts to each thread" {
	oracle cpu "$reader"
	tells_account 500ms >"$f.first" || tells_account 2 >/dev/null || tells_account 8 ||
		fail "$(cat "$f.first")"
}

handles_exceptions() {
	local version=$1 name failed=0

	oracle exception "${@:2}" || return
	sampled -n 2400 || return
	end_own
	for name in handled named nested finally_failed exit_failed generator_handled generator_below; do
		is "$version $name $(share "${name}0" exception 1)" "$version $name 1000" || failed=1
	done
	for name in outside finally_good exit_good generator_suspended; do
		is "$version $name $(share "${name}0" exception 2)" "$version $name 1000" || failed=1
	done
	return $failed
}

@test "an exception is handled in except, finally, __exit__ and generators, and nowhere else" {
	each_python '*' handles_exceptions
}

# While the thread waits for a CPU all samples are of one moment: a busy machine takes more. Where
# it was on its way while the stack was read, it is unknown, of few.
unwinds() {
	local n

	oracle unwinding "${@:2}" || return
	for n in 10000 30000 90000; do
		sampled -r 10khz -n "$n" || return
		[ "$(share unwinding0 exception 0)" -lt 200 ] || break
		[ "$(share unwinding0 exception 1)" -lt 10 ] ||
			[ "$(share unwinding0 exception 2)" -lt 10 ] || {
			end_own
			return
		}
	done
	fail "$1: $(cat "$f.facts")"
}

@test "an exception on its way is raised, and before it there is none" {
	each_python '*' unwinds
}

# Parked threads, so that two runs see the same: what a mode takes, and what tfold takes of all.
takes_the_same() {
	oracle exception "${@:2}" || return
	sampled --mode exception -n 700 || return
	tfold -t "$f" >"$f.taken"
	matches "$(tail -n 1 "$f.err")" ".* 700 samples, 500 left out by --mode;.*" || return
	sampled -n 1200 || return
	end_own
	tfold --mode exception -t "$f" >"$f.chosen"
	is "$1 $(cat "$f.taken")" "$1 $(cat "$f.chosen")" || return
	is "$1 $(awk '{ n += $NF } END { print NR, n }' "$f.taken")" "$1 7 700"
}

@test "a mode takes what tfold takes of all samples" {
	each_python '*' takes_the_same
}

@test "a mode takes the samples of its state, and no others" {
	oracle gil "$(a_python)"
	sampled --mode gil -n 500
	is "$(awk '$2 == "gil" && $3 != 1' "$f.facts")" ""
	sampled --mode cpu -n 500
	is "$(awk '$2 == "cpu" && $3 != 1' "$f.facts")" ""
	is "$(grep sleeping0 "$f.facts")" ""
}

@test "with --cpu and more threads than files may be open, the rest is unknown, and all else goes on" {
	start "$reader" -c '
import os, sys, threading
ready = threading.Barrier(51)
def wait():
    ready.wait()
    os.read(0, 1)
for i in range(50):
    threading.Thread(target=wait, name="thread %d" % i, daemon=True).start()
ready.wait()
os.write(int(sys.argv[1]), b"ready\n")
os.read(0, 1)'
	until parked "$pid"; do kill -0 "$pid"; done
	run -0 --separate-stderr bash -c 'ulimit -n 84 && exec tsample -a --cpu --rotate 1s -d 2500ms -o "$1.bin" -p "$2"' - "$f" "$pid"
	is "${stderr_lines[0]}" "tsample: --cpu: 18 threads are asked about, for no more files may be open (ulimit -n); whether others run is unknown"
	[[ $stderr != *"Too many open files"* ]]
	is "$(tfold -t -T "$f"-*.bin | cut -d ';' -f 1 | sort -u | wc -l)" 51
	is "$(tfold -t -T --mode cpu --idle keep "$f"-*.bin | wc -l)" 0
	# The scheduler's accounts of all of them are told all the same.
	is "$("$reader" "$here/reader.py" "$f"-*.bin | awk '$1 == "ran" { print $2 }' | sort -u | wc -l)" 51
}

# A finalizer that sleeps inside of a collection, while another thread computes.
finalizer_waits() {
	start "${@:2}" -c '
import gc, os, sys, threading, time
gc.disable()
class Ring:
    def __init__(self): self.ring = self
    def __del__(self): time.sleep(.02)
def collect():
    while True:
        Ring()
        gc.collect()
        time.sleep(.01)
threading.Thread(target=collect, daemon=True).start()
with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
while True: sum([i for i in range(50)])' || return
	tsample -q -a -d 2 -p "$pid" | tfold -q -t >"$f.got"
	end_own
	awk '{ all += $NF } /<GC>/ && !/;collect / { astray += $NF }
		/__del__/ { finalizing += $NF; if (!/<GC>.*__del__/) bare += $NF }
		END { exit !(finalizing > all / 10 && bare < .05 * finalizing && astray < .05 * finalizing) }' "$f.got" ||
		fail "$1: $(cat "$f.got")"
}

@test "a collection is the thread's that collects, also while a finalizer waits in it" {
	each_python '*' finalizer_waits
}

# A function that cannot collect, and one that does, in turns of 10 ms.
collects_in_turns() {
	start "${@:2}" -c '
import gc, os, sys, time
gc.disable()
keep = [[i] for i in range(200000)]
def plain():
    end = time.perf_counter() + .01
    while time.perf_counter() < end: pass
def collect(): gc.collect()
with os.fdopen(int(sys.argv[1]), "w") as out: print("ready", file=out)
while True: plain(); collect()' || return
	tsample -q -d 2 -p "$pid" | tfold -q -t >"$f.got"
	end_own
	awk '/plain/ { plain += $NF; if (/<GC>/) astray += $NF } /;collect/ { collect += $NF; if (!/<GC>/) bare += $NF }
		END { exit !(plain > 100 && astray < .03 * plain && collect > 100 && bare < .05 * collect) }' "$f.got" ||
		fail "$1: $(cat "$f.got")"
}

@test "a collection is told while it lasts, and no longer" {
	each_python '*' collects_in_turns
}
