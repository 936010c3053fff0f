#!/usr/bin/env bats
# ttop: the live view, in a real terminal (tmux), and tables without one.

load helper

setup() {
	need ttop tsample tfold
	cd "$BATS_TEST_TMPDIR" || return
	export TMUX_TMPDIR=$BATS_TEST_TMPDIR
	unset TMUX COLUMNS NO_COLOR
	states=$here/golden/states.bin threads=$here/golden/threads.bin
}

teardown() {
	for server in "${servers[@]}"; do
		tmux -L "$server" kill-server 2>/dev/null || :
	done
	end_own
}

servers=()

# A terminal of 100 columns and 24 lines with a shell.
open_terminal() {
	need tmux
	server=ttop-${#servers[@]}
	servers+=("$server")
	echo "PS1='$ '" >rc
	tmux -L "$server" -f /dev/null new-session -d -x 100 -y 24 'bash --noprofile --rcfile rc'
	shows '\$'
}

keys() {
	tmux -L "$server" send-keys "$@"
}

# What is typed as it is, and Enter.
line() {
	keys -l "$1"
	keys Enter
}

screen() {
	tmux -L "$server" capture-pane -p | sed 's/ *$//' | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}'
}

# Waits until a line of the screen is described by the regular expression.
shows() {
	local until=$((SECONDS + 30))

	until screen | grep -qE -- "^$1\$"; do
		[ $SECONDS -lt $until ] || {
			fail "no line is \"$1\":" "$(screen)"
			return
		}
	done
}

# Waits until no line of the screen is.
hides() {
	local until=$((SECONDS + 30))

	while screen | grep -qE -- "^$1\$"; do
		[ $SECONDS -lt $until ] || {
			fail "a line is still \"$1\":" "$(screen)"
			return
		}
	done
}

# A stream that does not end, $2, and its table; $1 is typed behind ttop's name.
watch() {
	open_terminal
	mkfifo more
	line "clear; cat ${2:-$threads} - <more | ttop $1"
	exec {more}>"$PWD/more"
	shows '[1-9].* of .* by .*'
}

@test "ttop shows what a stream tells while it flows" {
	watch ''
	is "$(screen)" 'app.py 2000, Python 3.11.5, 3 threads, 88.1 ms, the program has ended with status 137
102 Hz of 100, missed 0.0 %, torn 0, unreadable 0
on CPU 32.6 %, GIL held 37.9 %, wanted by - threads, exception 31.1 %, GC 5.0 %

   self %  total %  self time  total time  place
     34.6     34.6    57.5 ms     57.5 ms  app.py:20(wait)
     24.4     36.1    40.6 ms     60.0 ms  app.py:3(work)
     11.7     11.7    19.4 ms     19.4 ms  app.py:7(inner)
      6.4      6.4    10.6 ms     10.6 ms  <no python>
      5.6     76.3    9.38 ms      127 ms  app.py:1(<module>)













5 of 5 by self  ?: help  q: quit'
}

@test "when the stream ends it says so, and stays until q" {
	watch ''
	exec {more}>&-
	shows 'app.py 2000, .*: ended, the program has ended with status 137'
	keys q
	shows 'ttop: the program has ended with status 137'
	shows '\$'
}

@test "the keys sort, filter and clear, and ? is their help" {
	watch ''
	keys s
	shows '5 of 5 by total  .*'
	is "$(screen | sed -n 6p)" '      5.6     76.3    9.38 ms      127 ms  app.py:1(<module>)'
	keys S
	shows '5 of 5 by self  .*'
	keys -l /WO
	shows 'show what contains: WO_'
	keys Enter
	shows '1 of 5 by self, with WO  .*'
	is "$(screen | sed -n 6p)" '     24.4     36.1    40.6 ms     60.0 ms  app.py:3(work)'
	keys c
	shows '5 of 5 by self  .*'
	keys -l /x
	keys BSpace
	keys -l no
	keys Enter
	shows '1 of 5 by self, with no  .*'
	keys /
	keys C-u Escape
	shows '1 of 5 by self, with no  .*'
	keys '?'
	shows 'Ctrl-C +end the whole pipeline'
	tmux -L "$server" resize-window -x 80 -y 10
	hides 'Ctrl-C .*'
	keys End
	shows 'Ctrl-C +end the whole pipeline'
	keys Home
	shows 'Esc +back'
	keys '?'
	shows '   self %  total %  .*'
}

@test "threads and processes have their own tables, and Enter shows what one does" {
	watch ''
	keys t
	shows '3 of 3 by self  .*'
	is "$(screen | sed -n 5,8p)" '   share %     time  CPU %  GIL %  wants GIL %  exception %  GC %  who
      53.0  88.1 ms   13.0   41.7            -         31.1  31.1  app.py 2000 / MainThread
      23.7  39.4 ms    0.0      -            -            -     -  2001 / MainThread
      23.3  38.8 ms  100.0  100.0            -            -     -  app.py 2000 / pool; 1'
	keys Down Down Enter
	shows 'app.py 2000 / pool; 1, .*1 thread, .*'
	is "$(screen | sed -n 6,7p)" '     53.2     53.2    20.6 ms     20.6 ms  app.py:3(work)
     46.8     46.8    18.1 ms     18.1 ms  app.py:20(wait)'
	keys Escape
	shows 'app.py 2000, .*3 threads, .*'
	keys p
	shows '2 of 2 by self  .*'
	is "$(screen | sed -n 5,7p)" '   share %     time  CPU %  GIL %  wants GIL %  exception %  GC %  who
      76.3   127 ms   44.7   62.9            -         31.1  31.1  app.py 2000
      23.7  39.4 ms    0.0      -            -            -     -  2001'
	keys f
	shows '5 of 5 by self  .*'
}

@test "Enter on a function shows who calls it, and whom it calls" {
	watch ''
	keys Down Enter
	shows 'Called by'
	is "$(screen | sed -n '/Called by/,/^Calls/p' | grep -v '^$')" 'Called by
total %
   36.1  app.py:1(<module>)
Calls'
	is "$(screen | sed -n '/^Calls/,$p' | sed -n 2,3p)" 'total %
   11.7  app.py:7(inner)'
	keys Escape
	hides 'Called by'
}

@test "o shows the instructions of a function" {
	local python

	can_attach
	python=$(a_python)
	start "$python" -c '
import os, sys
os.write(9, b"x\n")
sys.stdin.read()'
	until parked "$pid"; do :; done
	tsample -q --opcodes -n 10 -p "$pid" -o run.bin
	watch '' run.bin
	keys o
	shows 'Instructions, and what they are forms of'
	shows ' 100.0  #{20}  [A-Z_]*CALL.*'
	keys q
	exec {more}>&-
	shows '\$'
	line "clear; ttop $threads"
	keys o
	shows 'no instructions: tsample --opcodes records them, and only what ran itself has some'
}

@test "what is frozen stays, and still answers: help, prompts, sorting and other sizes" {
	local before

	watch ''
	keys Space
	shows 'app.py 2000, .*: frozen.*'
	before=$(screen | sed -n 5,10p)
	cat "$states" >&"$more"
	exec {more}>&-
	shows '.*: frozen; ended meanwhile.*'
	keys s
	shows '5 of 5 by total  .*'
	keys '?'
	shows 'space +freeze .*'
	keys '?'
	keys /
	shows 'show what contains: _'
	keys Escape
	keys S
	shows '5 of 5 by self  .*'
	is "$(screen | sed -n 5,10p)" "$before"
	tmux -L "$server" resize-window -x 70 -y 20
	shows 'on CPU 32.6 %, .*, exception 31.1 \.\.'
	keys Space
	shows '.*app.py:1\(collects\)'
}

@test "the screen follows the size of the terminal" {
	watch ''
	tmux -L "$server" resize-window -x 60 -y 10
	shows 'app.py 2000, .*\.\.'
	is "$(screen | tail -n 1)" '5 of 5 by self  ?: help  q: quit'
	is "$(screen | wc -l)" 10
	is "$(screen | awk 'length > 60' | wc -l)" 0
	tmux -L "$server" resize-window -x 20 -y 3
	shows '5 of 5 by self  .*'
	tmux -L "$server" resize-window -x 100 -y 24
	shows 'app.py 2000, .* with status 137'
}

@test "w writes what was seen as a folded stream" {
	watch ''
	keys w
	shows 'write to: ttop-[0-9-]*\.bin_'
	keys C-u
	keys -l seen.bin
	keys Enter
	shows 'written: seen.bin'
	is "$(tfold -t seen.bin)" "$(tfold -t "$threads")"
	keys w C-u
	keys -l /dev/full
	keys Enter
	shows 'ttop: /dev/full: No space left on device'
	keys Down
	shows '5 of 5 by self  .*'
}

@test "--tee keeps the raw stream" {
	watch '--tee kept.bin'
	cat "$states" >&"$more"
	exec {more}>&-
	shows '.*: ended.*'
	keys q
	shows '\$'
	cmp kept.bin <(cat "$threads" "$states")
}

@test "--tee never overwrites what is read, and a disk that is full is told" {
	cp "$threads" kept.bin
	run -1 --separate-stderr ttop --batch 1 --tee kept.bin kept.bin
	is "$stderr" "ttop: kept.bin: the stream comes from there"
	# shellcheck disable=SC2094 # that is what is refused
	run -1 --separate-stderr ttop --batch 1 --tee kept.bin <kept.bin
	is "$stderr" "ttop: kept.bin: the stream comes from there"
	cmp kept.bin "$threads"
	head -c 100000 /dev/zero >kept.bin
	ttop --batch 9 --tee kept.bin "$threads" >table 2>err
	cmp kept.bin "$threads"
	run -1 --separate-stderr ttop --batch 1 --interval 20ms -n 1 --tee /dev/full "$threads"
	is "${stderr_lines[0]}" "ttop: /dev/full: No space left on device"
	is "$(grep -c 'py:' <<<"$output")" 1
}

# What the terminal is like.
mode() {
	tmux -L "$server" display-message -p '#{alternate_on} #{cursor_flag}'
}

restored() {
	open_terminal
	line 'stty -a >before; clear'
	mkfifo "more-$1"
	line "cat $threads - <more-$1 | ttop"
	exec {more}>"more-$1"
	shows '5 of 5 by self  .*'
	is "$(mode)" '1 0'
	"${@:2}"
	exec {more}>&-
	shows '(.*)?\$'
	line 'clear; stty -a >after; echo done'
	shows 'done'
	is "$(cat after)" "$(cat before)" || return
	is "$(mode)" '0 1'
}

ttop_pid() {
	pgrep -x -P "$(tmux -L "$server" display-message -p '#{pane_pid}')" ttop
}

signalled() {
	kill -"$1" "$(ttop_pid)"
}

@test "the terminal is given back, however the view ends" {
	restored quit keys q
	restored term signalled TERM
	restored hangup signalled HUP
	restored crash signalled SEGV
	restored interrupt keys C-c
}

@test "a sampler that is killed ends the stream, not the view" {
	can_attach
	start "$(a_python)" -c '
import os
os.write(9, b"x\n")
while os.getppid() > 1: sum(range(1000))'
	open_terminal
	line "clear; tsample -q -p $pid | ttop"
	shows '.*<string>:1\(<module>\)'
	kill -KILL "$(pgrep -x -P "$(tmux -L "$server" display-message -p '#{pane_pid}')" tsample)"
	shows '.*: ended.*'
	keys q
	shows 'ttop: stdin: byte .*'
	shows '\$'
	is "$(mode)" '0 1'
}

@test "Ctrl-C ends the whole pipeline, and leaves the process alone" {
	can_attach
	start "$(a_python)" -c '
import os
os.write(9, b"x\n")
while os.getppid() > 1: sum(range(1000))'
	open_terminal
	line "clear; tsample -q -p $pid | ttop --tee run.bin; echo done"
	shows '.*<string>:1\(<module>\)'
	keys C-c
	shows 'done|\$'
	run pgrep -P "$(tmux -L "$server" display-message -p '#{pane_pid}')"
	is "$output" ""
	kill -0 "$pid"
	tfold -t run.bin >text
	grep -q '<module>' text
}

@test "a command's own output stays off the screen, and an error that ends it is shown" {
	can_attach
	cat >fails.py <<'PY'
import time
print("noise")
end = time.time() + 1
while time.time() < end: sum(range(1000))
raise ValueError("what went wrong")
PY
	open_terminal
	line "clear; tsample -q --child-output log -- $(a_python) fails.py | ttop --child-output log"
	shows '.*: ended, the program has ended with status 1'
	is "$(screen | grep -c -e noise -e wrong)" 0 || return
	keys q
	shows 'ttop: the program has ended with status 1'
	shows 'ValueError: what went wrong'
}

@test "--batch prints tables without a terminal, at even distances of the stream's time" {
	is "$(ttop --batch 1 "$threads" 2>err)" 'app.py 2000, Python 3.11.5, 3 threads, 88.1 ms: ended, the program has ended with status 137
102 Hz of 100, missed 0.0 %, torn 0, unreadable 0
on CPU 32.6 %, GIL held 37.9 %, wanted by - threads, exception 31.1 %, GC 5.0 %

   self %  total %  self time  total time  place
     34.6     34.6    57.5 ms     57.5 ms  app.py:20(wait)
     24.4     36.1    40.6 ms     60.0 ms  app.py:3(work)
     11.7     11.7    19.4 ms     19.4 ms  app.py:7(inner)
      6.4      6.4    10.6 ms     10.6 ms  <no python>
      5.6     76.3    9.38 ms      127 ms  app.py:1(<module>)'
	is "$(ttop --batch 3 --interval 20ms -n 1 "$threads" 2>err | grep -E '^app|py:')" 'app.py 2000, Python 3.11.5, 1 thread, 20.6 ms
     54.5     54.5    11.2 ms     11.2 ms  app.py:3(work)
app.py 2000, Python 3.11.5, 1 thread, 40.0 ms
     48.6     48.6    19.4 ms     19.4 ms  app.py:7(inner)
app.py 2000, Python 3.11.5, 3 threads, 60.6 ms
     31.3     50.2    31.9 ms     51.2 ms  app.py:3(work)'
	is "$(ttop --batch 100 --interval 20ms -n 1 <"$threads" 2>err | grep -c ^app)" 4
}

@test "self shares sum up to no more than all" {
	ttop --batch 9 --interval 10ms -n 1000 "$states" >tables
	awk '/^on CPU/ { sum = 0 } /py:|<missed>/ { sum += $1 == "+" || $1 == "-" ? $2 : $1 }
		sum > 100.5 { print "too much:", sum; bad = 1 } END { exit bad }' tables
}

@test "what a profile holds is visible in a table" {
	run -0 --separate-stderr ttop --batch 1 -n 100 "$here/golden/markers.bin"
	is "$(LC_ALL=C grep -c $'[\001-\010\013-\037\177]' <<<"$output")" 0
	is "$(grep -cF 'r\xe9sum\xe9' <<<"$output")" 1
}

@test "ttop needs a terminal or --batch, and a stream that flows" {
	run -1 --separate-stderr setsid ttop "$threads"
	matches "${stderr_lines[0]}" 'ttop: /dev/tty: .*'
	is "${stderr_lines[1]}" "hint: --batch 1 prints a table without a terminal"
	run -1 --separate-stderr ttop --batch 1 "$here/golden/folded.bin"
	is "$stderr" "ttop: $here/golden/folded.bin: a folded stream, which has sums, and no samples in their order
hint: take the stream that tsample wrote, before it was folded"
	for time in 0 10us; do
		run -2 --separate-stderr ttop --interval $time "$threads"
		is "${stderr_lines[0]}" "ttop: --interval: it must be 1ms or more"
	done
	open_terminal
	line "clear; TERM=dumb ttop $threads"
	shows 'ttop: the terminal "dumb" cannot move its cursor'
}

@test "tables that cannot be written are told, and a reader that is gone ends it silently" {
	run -1 --separate-stderr bash -c 'ttop --batch 1 "$0" >/dev/full' "$threads"
	is "$stderr" "ttop: standard output: No space left on device"
	run -1 --separate-stderr ttop --batch 1 --tee /no/such/place "$threads"
	is "$stderr" "ttop: /no/such/place: No such file or directory"
	run -0 --separate-stderr bash -c 'ttop --batch 100000 --interval 1ms -n 1 "$0" 2>/dev/null | true; echo ${PIPESTATUS[0]}' "$here/golden/restart.bin"
	matches "$output" '0|141'
}
