#!/usr/bin/env bats
# share/examples: what a user copies for continuous integration, run on a real program.

load helper

# A program in folder $1, whose work() is $2 loops long; the rest of it stays as it is.
program() {
	mkdir -p "$1"
	cat >"$1/bench.py" <<-EOF
	def loops(n):
	    x = 0
	    for i in range(n):
	        x += i * i
	def work(): loops($2)
	def read(): return sum([i for i in range(120000)])
	def sort(): return sorted(str(i) for i in range(50000))
	def join(): return "".join(map(str, range(130000)))
	def main():
	    for _ in range(5):
	        work(), read(), sort(), join()
	main()
	EOF
}

setup() {
	need tsample tfold tdiff tflame
	can_attach
	python=$(a_python)
	mkdir "$BATS_TEST_TMPDIR/ci"
	cd "$BATS_TEST_TMPDIR/ci" || return
}

# Thirty times slower is far beyond twice, whatever else the machine does; and what is as it was is not.
gate='total:^work >100%'

check() {
	make -s --no-print-directory -f "$root/share/examples/Makefile" PROGRAM="$python bench.py" RUNS=5 \
		GATES="--gate '$gate'" "$@"
}

@test "make profile-base and profile-check pass what is as it was, and fail what got slower" {
	program . 20000
	run -0 --separate-stderr check profile-base
	is "$output$stderr" ""
	is "$(cd profiles && echo *)" "base base.bin"
	run -0 --separate-stderr check profile-check
	is "$(grep -c tripped <<<"$stderr")" 0
	is "$(cd profiles && echo *)" "base base.bin cur cur.bin diff.html"
	program . 600000
	run -2 --separate-stderr check profile-check
	matches "${stderr_lines[0]}" "tdiff: gate total:\^work >100%: tripped: work \(.*bench.py\) x.*"
	matches "$(grep -c '^the common factor' <<<"$output")" 1
	matches "$(grep -c ' loops (' <<<"$output")" "[1-9]"
}

@test "compare.sh runs two checkouts in turn, and its status is that of tdiff" {
	export TACHYTOOLS=$root/share
	program old 20000
	program new 600000
	run -3 --separate-stderr "$root/share/examples/compare.sh" -n 5 -g "$gate" old new "$python" bench.py
	matches "$stderr" "tdiff: gate total:\^work >100%: tripped: work \(.*bench.py\) x.*"
	matches "$(sed -n 3p <<<"$output")" "current +5 .*"
	[ -s diff.html ]
	is "$(grep -cE '^\| (loops|work) ' comment.md)" 2
	is "$(ls)" "comment.md
diff.html
new
old"
	run -0 --separate-stderr "$root/share/examples/compare.sh" -n 5 -g "$gate" new old "$python" bench.py
	is "$stderr" ""
	run -2 --separate-stderr "$root/share/examples/compare.sh" old new
	is "$stderr" "usage: compare.sh [-n RUNS] [-g GATE] BASE CURRENT COMMAND..."
}
