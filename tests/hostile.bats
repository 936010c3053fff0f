#!/usr/bin/env bats
# A target that scrambles its own structures while it is sampled: see tests/oracle/scramble.c.
# SCRAMBLE_SECONDS is for how long each is (5); ten minutes are a real test.

load helper

seconds=${SCRAMBLE_SECONDS:-5}

setup_file() {
	cd "$root" || return
	make --no-print-directory -s SAN=address,undefined build/address,undefined/tsample >&2
	cc -O2 -D_GNU_SOURCE -o "$BATS_FILE_TMPDIR/scramble" tests/oracle/scramble.c
	cc -O2 -D_GNU_SOURCE -shared -fPIC -o "$BATS_FILE_TMPDIR/reads.so" tests/oracle/reads.c
	cp -r tests/oracle "$BATS_FILE_TMPDIR/oracle"
}

setup() {
	need tsample tfold
	can_attach
	reader=$(a_python)
	f=$BATS_TEST_TMPDIR/f
	sanitized=$root/build/address,undefined/tsample
	export ASAN_OPTIONS=quarantine_size_mb=8
}

# begin_scrambled OPTIONS PYTHON...: starts the target, notes what a tsample with these options
# reads of it, and stops it, for what follows is no program that could run.
begin_scrambled() {
	local word family=()

	for word in $1; do
		[ "$word" != --subprocesses ] || family=(family)
	done
	start "${@:2}" "$BATS_FILE_TMPDIR/oracle/scramble.py" "${family[@]}" || return
	read -ra pids <<<"$report"
	own+=("${pids[@]:1}")
	# shellcheck disable=SC2086 # a list of words
	LD_PRELOAD=$BATS_FILE_TMPDIR/reads.so READS=$f.reads \
		tsample -q -r 2khz -d 1 -p "$pid" -o "$f.clean" $1 || return
	[ "$(wc -l <"$f.reads")" -gt 100 ] || fail "only $(wc -l <"$f.reads") places were read" || return
	kill -STOP "${pids[@]}"
}

scramble() {
	"$BATS_FILE_TMPDIR/scramble" 0 "$1" "$f.reads" "${pids[@]}" 3>&- &
	scrambler=$!
	own+=("$scrambler")
}

# The stream is whole, for tfold as for a stranger, and the sampler went on all the time.
is_whole() {
	local status gap tick early late

	read -r status gap tick early late <"$f.watched"
	echo "$version: longest gap $gap s, longest tick $tick ms, $early kB and then $late kB"
	[ "$status" -eq 0 ] || fail "$(tail -n 30 "$f.err")" || return
	awk -v gap="$gap" 'BEGIN { exit gap > 30 }' || return
	[ "$late" -lt 400000 ] || return
	tfold -o "$f.folded" "$f" || return
	"$reader" "$here/reader.py" "$f" >"$f.totals" || fail "$(tail -n 3 "$f.totals")"
}

# outlives OPTIONS VERSION PYTHON...
outlives() {
	local options=$1 version=$2 status=0

	begin_scrambled "$options" "${@:3}" || return
	# shellcheck disable=SC2086 # a list of words
	"$reader" "$here/oracle/watch.py" "$sanitized" -r 10khz --compress none -d "$seconds" -p "$pid" -o "$f" $options \
		>"$f.watched" 2>"$f.err" 3>&- &
	own+=("$!")
	until [ -s "$f" ] || ! kill -0 $!; do :; done
	scramble "$BASHPID"
	wait "${own[-2]}" || status=$?
	is_whole && [ $status = 0 ]
	status=$?
	end_own
	return $status
}

@test "what scrambles itself is sampled on, threads and instructions: 3.8" {
	each_python '3.8.*' outlives "-a --native --opcodes --columns --cpu"
}

@test "what scrambles itself is sampled on, threads and instructions: 3.11" {
	each_python '3.11.7' outlives "-a --native --opcodes --columns --cpu --subprocesses"
}

@test "what scrambles itself is sampled on, threads and instructions: 3.12" {
	each_python '3.12.*' outlives "-a --native --opcodes --columns --cpu"
}

@test "what scrambles itself is sampled on, threads and instructions: 3.15" {
	each_python '3.15.*' outlives "-a --native --opcodes --columns --cpu --subprocesses"
}

@test "what scrambles itself is sampled on, tasks: 3.15" {
	each_python '3.15.*' outlives "-a --async-aware --async-mode all --cpu"
}

# Many attach while all is wrong: they refuse, or sample, or find nothing to sample in that time.
met_scrambled() {
	local version=$1 status

	begin_scrambled "-a" "${@:2}" || return
	scramble 1
	for _ in 1 2 3 4 5 6 7 8; do
		status=0
		timeout -s KILL 60 "$sanitized" -q -a -d 200ms -p "$pid" -o "$f" 2>"$f.err" || status=$?
		[ "$status" -le 1 ] && ! grep -q 'Sanitizer\|runtime error' "$f.err" ||
			fail "$version: status $status" "$(head -n 30 "$f.err")" || return
		[ "$status" -eq 1 ] || tfold -o "$f.folded" "$f" || return
	done
	end_own
}

@test "what is scrambled from the beginning is refused, or sampled" {
	each_python '3.8.*' met_scrambled
	each_python '3.12.*' met_scrambled
	each_python '3.15.*' met_scrambled
}
