#!/usr/bin/env bats
# Long runs: readers that stop, files by time, and how the sampling is told to go on.

load helper

setup() {
	need tsample tfold jq
	can_attach
	f=$BATS_TEST_TMPDIR/f
	python=$(a_python)
}

# Asks for part after part of a program whose names alone are a megabyte, all into one pipe,
# until the condition is told. That fills 4 MiB on a machine of any speed.
fill_until() {
	for _ in {1..40}; do
		IFS= read -r -t 60 line <&"$json"
		kill -USR2 "$sampler"
		if jq -e "$1" <<<"$line" >/dev/null; then return; fi
	done
	fail "nobody told \"$1\"" "$line" "$(cat "$f.err")"
}

# begin COMMAND...: in the background, as a terminal would start it; sets sampler. Its JSON is
# read from descriptor $json, what it says on standard error is in $f.err.
begin() {
	mkfifo "$f.json"
	exec {json}<>"$f.json"
	env --default-signal=INT "$@" 7>"$f.json" 2>"$f.err" <&- 3>&- {json}>&- &
	sampler=$!
	own+=("$sampler")
}

# Reads JSON lines until one fulfils the condition; it stays in $line.
until_told() {
	for _ in {1..60}; do
		IFS= read -r -t 60 line <&"$json"
		if jq -e "$1" <<<"$line" >/dev/null; then return; fi
	done
	fail "nobody told \"$1\"" "$line" "$(cat "$f.err")"
}

# The sum of a field of all outcomes, as tests/reader.py prints them: 3 ticks, 4 samples.
told() {
	awk -v field="$1" '$1 == "outcome" { n += $(field + 1) } END { print n + 0 }' "$f.read"
}

# A field of the last line of JSON.
field() {
	jq ".$1" <<<"$line"
}

# The stream is whole, tfold takes it, and all that reads it agrees on what is in it.
is_whole() {
	run -0 --separate-stderr tfold -o "$f.folded" "$@"
	is "$stderr" "" || return
	run -0 --separate-stderr python3 "$here/reader.py" "$@"
	is "$stderr" "" || return
	printf '%s\n' "$output" >"$f.read"
}

@test "a reader that stops costs blocks, not ticks; the stream stays valid and counts them" {
	park "$python" heavy
	mkfifo "$f"
	exec {reader}<>"$f"
	begin tsample --stats-json 7 --compress none -p "$pid" -o "$f"
	fill_until '.dropped_ticks > 0'
	[ "$(field missed_full)" -eq 0 ]
	# A reader at last; sampling goes on in the stream.
	cat <"$f" >"$f.got" 3>&- {reader}>&- {json}>&- &
	reader_pid=$!
	own+=("$reader_pid")
	exec {reader}>&-
	until_told '.dropped_ticks == 0 and .samples > 0'
	kill -INT "$sampler"
	until_told .final
	wait "$sampler"
	wait "$reader_pid"
	is_whole "$f.got"
	is "$(told 3)" "$(($(field ticks) - $(field dropped_ticks)))"
	is "$(told 4)" "$(($(field samples) - $(field dropped_ticks)))"
	matches "$(cat "$f.err")" "[0-9,]+ ticks, missed .*[0-9,]+ output full\).*"
}

@test "with --on-full wait nothing is dropped" {
	park "$python" heavy
	mkfifo "$f"
	exec {reader}<>"$f"
	begin tsample --stats-json 7 --on-full wait --compress none -p "$pid" -o "$f"
	fill_until '.waiting_bytes > 3500000'
	cat <"$f" >"$f.got" 3>&- {reader}>&- {json}>&- &
	reader_pid=$!
	own+=("$reader_pid")
	exec {reader}>&-
	until_told '.waiting_bytes < 1000000'
	kill -INT "$sampler"
	until_told .final
	wait "$sampler"
	wait "$reader_pid"
	is "$(field dropped_ticks)" 0
	is_whole "$f.got"
	is "$(told 3)" "$(field ticks)"
}

@test "a reader that stops keeps no signal from threads that are stopped for samples" {
	mkfifo "$f" "$f.heard"
	exec {reader}<>"$f" {heard}<>"$f.heard"
	start "$python" -c '
import os, signal, sys
names, inner = {"pause": signal.pause}, "pause"
for i in range(300):
    name = "f%d_%s" % (i, "x" * 4000)
    exec("def %s():\n while True: %s()" % (name, inner), names)
    inner = name
heard = os.open(sys.argv[1], os.O_WRONLY)
signal.signal(signal.SIGUSR1, lambda *_: os.write(heard, b"heard\n"))
os.write(int(sys.argv[2]), b"ready\n")
names[inner]()' "$f.heard"
	begin tsample --blocking --stats-json 7 --on-full wait --compress none -p "$pid" -o "$f"
	fill_until '.waiting_bytes > 3500000'
	for _ in {1..20}; do
		kill -USR1 "$pid"
		IFS= read -r -t 60 line <&"$heard"
		is "$line" heard
	done
}

@test "at its end tsample waits for the reader, and a second Ctrl-C gives up" {
	park "$python" heavy
	mkfifo "$f"
	exec {reader}<>"$f"
	begin tsample --stats-json 7 --compress none -p "$pid" -o "$f"
	fill_until '.waiting_bytes > 1000000'
	kill -INT "$sampler"
	until grep -q "wait for the reader" "$f.err"; do
		kill -0 "$sampler" || fail "it has not waited"
	done
	matches "$(cat "$f.err")" "tsample: [0-9,]+ bytes wait for the reader of the output; Ctrl-C gives them up"
	kill -INT "$sampler"
	status=0
	wait "$sampler" || status=$?
	is "$status" 1
	is "$(tail -n 1 "$f.err")" "tsample: $f: what its reader has not read is given up"
}

@test "--rotate writes one run as files by time, each whole, and all of them together" {
	park "$python" recursion
	begin tsample --stats-json 7 --rotate 1s -r 2khz -p "$pid" -o "$f.bin"
	for _ in 1 2 3; do
		until_told '.samples > 0'
	done
	kill -USR2 "$sampler"
	until_told '.samples > 0'
	kill -INT "$sampler"
	until_told .final
	wait "$sampler"
	parts=("$f"-*.bin)
	[ ! -e "$f.bin" ]
	[ ${#parts[@]} -ge 4 ]
	for part in "${parts[@]}"; do
		matches "$part" "$f-20[0-9]{6}T[0-9]{6}Z(_[2-9])?\.bin"
		is_whole "$part"
	done
	is_whole "${parts[@]}"
	is "$(grep -c ^run "$f.read")" 1
	is "$(told 3) $(told 4)" "$(field ticks) $(field samples)"
	# In any order, and joined.
	cp "$f.folded" "$f.parts"
	is_whole "${parts[3]}" "${parts[0]}" "${parts[1]}" "${parts[2]}" "${parts[@]:4}"
	cmp "$f.folded" "$f.parts"
	cat "${parts[@]}" >"$f.cat"
	is_whole "$f.cat"
	cmp "$f.folded" "$f.parts"
	# Weights follow each other without a gap: the thread was watched to the end.
	from=$(awk '$1 == "outcome" { print $2; exit }' "$f.read")
	is "$(awk '$1 == "outcome"' "$f.read" | sort -n -k 2 | awk -v at="$from" '$2 != at { print } { at = $3 }')" ""
}

@test "--keep removes the oldest of its own files" {
	park "$python" recursion
	: >"$f-20000101T000000Z.bin"
	begin tsample --stats-json 7 --rotate 1s --keep 2 -r 100 -p "$pid" -o "$f.bin"
	for _ in 1 2 3 4; do
		until_told '.samples > 0'
	done
	kill -INT "$sampler"
	wait "$sampler"
	parts=("$f"-*.bin)
	is ${#parts[@]} 3
	[ -e "$f-20000101T000000Z.bin" ]
	rm "$f-20000101T000000Z.bin"
	is_whole "$f"-*.bin
}

@test "--rotate and --keep need what they are for" {
	for options in "--rotate 1s" "--rotate 1s -o -" "--rotate 0 -o $f" "--rotate 10ms -o $f" "--rotate 1s -o /dev/null" "--rotate 1s -o $BATS_TEST_TMPDIR" "--keep 3 -o $f"; do
		# shellcheck disable=SC2086 # options
		run -2 --separate-stderr tsample $options -- true
		matches "${stderr_lines[0]}" "tsample: --(rotate|keep).*"
	done
	[ ! -e "$f" ]
}

@test "--stats-json is refused where it cannot be written, or leads into the stream" {
	run -2 --separate-stderr tsample --stats-json 9 -o "$f" -- true 9>&-
	is "${stderr_lines[0]}" "tsample: --stats-json: descriptor 9 is not open for writing"
	run -2 --separate-stderr tsample --stats-json 9 -o "$f" -- true 9</dev/null
	is "${stderr_lines[0]}" "tsample: --stats-json: descriptor 9 is not open for writing"
	run -125 --separate-stderr tsample --stats-json 1 -- "$python" -c pass
	is "${stderr_lines[0]}" "tsample: --stats-json: descriptor 1 is the stream's own"
}

@test "a command does not inherit the descriptor of --stats-json, and its last line is of all" {
	run -0 --separate-stderr tsample -q --stats-json 9 -o "$f" -- "$python" -c '
import os
try: os.write(9, b"noise")
except OSError: pass' 9>"$f.json"
	is "$(jq -c .final "$f.json" | sort -u | tail -n 1)" true
	is_whole "$f"
	is "$(told 4)" "$(tail -n 1 "$f.json" | jq .samples)"
}

@test "--realtime-stats tells every second: lines for a file, one line for a terminal" {
	park "$python" recursion
	run -0 --separate-stderr tsample -q --realtime-stats -d 2500ms -p "$pid" -o "$f"
	# One a second; a machine that stands still for so long may swallow one.
	[[ ${#stderr_lines[@]} == [12] ]]
	for told in "${stderr_lines[@]}"; do
		matches "$told" "[0-9,]+ Hz, [0-9.]+ us a sample \([0-9.]+ to [0-9.]+\), [0-9.]+ reads, [0-9,]+ bytes, [0-9]+ % equal, [0-9]+ % reused, torn [0-9,]+, missed [0-9,]+( \(.*\))?"
	done
	need_terminal
	run -0 script -qec "stty cols 30; tsample -q --realtime-stats -d 2500ms -p $pid -o $f" /dev/null
	told=$'\r'"[0-9,]+ Hz, [^"$'\r'"]*"$'\e\\[K'
	matches "$output" "$told($told)?"$'\r\e\\[K'
	[[ $output =~ ([0-9,]+ Hz[^$'\e']*) ]]
	is "${#BASH_REMATCH[1]}" 29
}
