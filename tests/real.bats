#!/usr/bin/env bats
# shellcheck disable=SC2154 # what the helper sets
# The tools in a pipeline, on programs of the standard library that nobody wrote for a test.

load helper

setup() {
	need tsample tfold tflame
	python=$(a_python)
	cd "$BATS_TEST_TMPDIR" || return
}

# Some modules of the standard library, to be worked on.
modules() {
	local library

	library=$("$python" -c 'import os; print(os.path.dirname(os.__file__))')
	mkdir -p modules
	cp "$library"/[a-t]*.py modules/
	echo modules
}

sum_of_counts() {
	awk '{n += $NF} END {print n + 0}' "$@"
}

# The samples that the closing lines in file $1 tell of.
told() {
	sed -n 's/.*, \([0-9,]*\) samples;.*/\1/p' "$1" | tr -d ,
}

@test "a program is sampled, folded and drawn in one pipeline, and no sample is lost on the way" {
	tsample -r 5khz -- "$python" -m compileall -q -f "$(modules)" 2>err | tee raw | tfold >folded
	tflame folded >page.html
	tfold -t folded >text
	is "$(sum_of_counts text)" "$(told err)"
	[ "$(told err)" -gt 100 ] || fail "only $(told err) samples" "$(cat err)"
	grep -q 'compile_dir (.*/compileall.py);' text || fail "no stack leads through compileall"
	grep -q 'id="profile"' page.html || fail "the page has no profile"
}

@test "raw and folded streams of a program have the same text, by functions and by lines" {
	tsample -q -o raw -- "$python" -m compileall -q -f "$(modules)"
	tfold raw >folded
	for how in "" -l -T "--weight=time"; do
		# shellcheck disable=SC2086 # none or one word
		is "$(tfold -t $how folded)" "$(tfold -t $how raw)"
	done
}

@test "an attached run of a program ends by itself when the program does" {
	local folder

	folder=$(modules)
	"$python" -m compileall -q -f "$folder" &
	own+=($!)
	until tsample -q -n 1 -p $! >/dev/null 2>&1; do
		kill -0 $! || fail "it has ended before it was seen"
	done
	tsample -o raw -p $! 2>err || fail "$(cat err)"
	wait "${own[0]}"
	is "$(sum_of_counts <(tfold -t raw))" "$(told err)"
}

# The fewer of the ticks are missed, the less happens between two samples.
@test "real code at 10 kHz, with jitter, takes at most 3 bytes a sample" {
	for _ in 1 2 3 4 5; do
		tsample -r 10khz -o raw -- "$python" -m compileall -q -f -o 0 -o 1 -o 2 "$(modules)" 2>err
		! awk -v bytes="$(stat -c %s raw)" -v samples="$(told err)" \
			'BEGIN { exit !(samples > 0 && bytes <= 3 * samples) }' || return 0
		! awk 'NR == 1 { gsub(",", ""); exit !($4 < 0.05 * ($1 + $4)) }' err ||
			fail "$(stat -c %s raw) bytes for $(told err) samples"
	done
	skip "the machine is too busy for 10 kHz"
}

@test "an independent reader counts what tfold counts" {
	tsample -q --compress none -o raw -- "$python" -m compileall -q -f "$(modules)"
	"$python" "$here/reader.py" raw >totals
	is "$(awk '/^stack/ {n += $(NF - 1)} END {print n + 0}' totals)" "$(sum_of_counts <(tfold -t raw))"
}
