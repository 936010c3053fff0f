#!/usr/bin/env bats
# timport(1) and what perf-script(1) prints.

load helper

setup() {
	need timport tfold
	cd "$BATS_TEST_TMPDIR" || return
}

imports=$here/imports

# Adds up equal lines; sorted.
added() {
	perl -ne '/^(.*) (\d+)$/ and $sum{$1} += $2; END { print "$_ $sum{$_}\n" for keys %sum }' | LC_ALL=C sort
}

# The Python frames of stacks in tfold's text, and in perf's: "COUNT frame;frame".
python_of_tfold() {
	perl -ne '/^(.*) (\d+)$/ or next; my $n = $2;
		print join(";", grep { /\((\/.*\.py|<frozen .*>|<string>)\)$/ } split /;/, $1), " $n\n"' | added
}

python_of_perf() {
	perl -ne '/^(\d+) (.*)$/ or next; my $n = $1;
		print join(";", map { /^py::([^:]*):(.*)/ ? "$1 ($2)" : () } split /;/, $2), " $n\n"' | added
}

@test "the stacks of CPython's trampolines are those that perf reports" {
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -t' "$imports/perf.txt"
	is "$(python_of_tfold <<<"$output")" "$(python_of_perf <"$imports/perf.peer")"
	is "$stderr" ""
}

@test "times are the periods of a clock, and samples are counted beside" {
	local periods

	periods=$(awk '/cpu-clock/ { n += $(NF - 1) } END { print n / 1000 }' "$imports/perf.txt")
	is "$(timport "$imports/perf.txt" | tfold -t --weight time | awk '{ n += $NF } END { print n }')" "$periods"
	is "$(timport "$imports/perf.txt" | tfold -t | awk '{ n += $NF } END { print n }')" \
		"$(grep -c cpu-clock "$imports/perf.txt")"
}

@test "other events are counted, and have no times" {
	run -0 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -tT' "$imports/perf-faults.txt"
	is "$(added <<<"$output" | awk '{ n += $NF } END { print n }')" "$(grep -c page-faults "$imports/perf-faults.txt")"
	run -1 --separate-stderr bash -o pipefail -c 'timport "$0" | tfold -t --weight time' "$imports/perf-faults.txt"
	is "$stderr" "tfold: --weight time: the input counts samples, and has no times"
}

@test "the first line of a sample may lack parts, and a name may have blanks" {
	cat >in <<-'END'
		Web Content 7/8 [001]    12.000500:     250000 cpu-clock:u:
			    55d0 main+0x10 (/usr/bin/web)

		Web Content 7/8    12.001000:     250000 cpu-clock:u:
			    55d0 main+0x20 (/usr/bin/web (deleted))
			    1234 operator()(int) const+0x1 (/usr/lib/a b.so)
	END
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -tT --weight time'
	is "$output" "Web Content;main (/usr/bin/web) 250
Web Content;operator()(int) const (/usr/lib/a b.so);main (/usr/bin/web (deleted)) 250"
	printf 'python3 7 \n\t55d0 py::f:/a.py+0x10\n\t12 [unknown]\n\npython3 7 \n\t55d0 py::f:/a.py\n' >in
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "[unknown];f (/a.py) 1
f (/a.py) 1"
	printf 'python3  7 [000]  1.5:  10 page-faults:  55d0 f+0x1 (/a)\n' >in
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "f (/a) 1"
	printf 'a 7 1.5: 10 cpu-clock:\n\t55d0 f+0x1 (inlined)\n  a.c:12\n\t55d0 g+0x1 (/a)\n  a[55d0]\n' >in
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "g (/a);f 1"
}

@test "samples of another event than the first one's are left out, and counted" {
	printf 'a 7 1.5: 10 cpu-clock:\n\t5 f (/a)\n\na 7 1.6: 1 faults:\n\t5 g (/a)\n\na 7 1.7: 10 cpu-clock:\n\t5 f (/a)\n' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "f (/a) 2"
	is "$stderr" "timport: in: left out 1 sample of other events than cpu-clock"
	printf 'a 7 1.5: 10 cpu_core/cycles/P:\n\t5 f (/a)\n\na 7 1.6: 1 cpu_atom/cycles/P:\n\t5 f (/a)\n' >in
	run -0 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "f (/a) 2"
}

@test "bad lines are told by their number, and the others are read" {
	printf 'a 7 1.5: 10 cpu-clock:\n\t5 f (/a)\n\n\n\tzz\nwords\na 7 1.5: 10 cpu-clock:\n\tzz g\n\t5 h (/a)\n' >in
	run -1 --separate-stderr bash -o pipefail -c 'timport in | tfold -t'
	is "$output" "f (/a) 1
h (/a) 1"
	is "$stderr" "timport: in: line 6: no sample of perf's
timport: in: line 8: no frame of perf's"
}

# VERSION PYTHON...
records_and_compares() {
	perf record -q -F 199 -g -o data -- "${@:2}" -X perf "$(targets)/watched.py" 0.4 >log 2>&1 ||
		skip "perf cannot record here: $(tail -n 1 log)"
	perf script -i data >text 2>>log
	perf report -i data --stdio --no-children -g folded,0,caller,function,count -s comm 2>>log |
		grep -E '^[0-9]+ ' >peer
	timport text >stream || return
	is "$(tfold -t stream | python_of_tfold)" "$(python_of_perf <peer)" || return
	is "$(tfold -t stream | awk '{ n += $NF } END { print n }')" "$(awk '{ n += $1 } END { print n }' peer)"
}

@test "what this machine's perf records of CPython 3.15 is read as perf reports it" {
	need perf
	each_python '3.15.*' records_and_compares
}
