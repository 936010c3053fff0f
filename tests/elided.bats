#!/usr/bin/env bats
# tdiff --elided: what the current side lacks; and inputs that are not whole.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff timport tfold
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

totals() {
	"$root/build/tests/golden/totals" "$@"
}

# profile NAME LINE...: the collapsed lines as NAME.bin.
profile() {
	printf '%s\n' "${@:2}" >"$1.txt"
	timport -o "$1.bin" "$1.txt"
}

# main;a;x is gone with all below it, main;b only in part: there main and b are what leads to it.
gone() {
	profile base 'main 1' 'main;a 2' 'main;a;x 3' 'main;a;x;y 4' 'main;b 5' 'main;b;z 6' 'old;c 7'
	profile cur 'main 10' 'main;a 20' 'main;b 50' 'main;b;w 60'
}

@test "--elided is the paths of the baseline that the current side lacks, with what leads to them" {
	gone
	run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided base.bin cur.bin | tfold -t'
	is "$output" "main;a;x 3
main;a;x;y 4
main;b;z 6
old;c 7"
	is "$stderr" ""
	is "$(tdiff --json base.bin cur.bin | jq -c '.elided.count, (.elided.weight / .scale.factor | round)')" "4
20"
}

@test "what is elided goes to the tools that show a profile" {
	need tstat tflame
	gone
	run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided base.bin cur.bin | tstat --sort self --json'
	is "$(jq -r '.rows[] | "\(.name) \(.self) \(.total)"' <<<"$output")" "c 7 7
z 6 6
y 4 4
x 3 7
a 0 7
b 0 6
main 0 13
old 0 7"
	run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided base.bin cur.bin | tflame -o gone.html'
	is "$stderr" ""
	grep -q '"old"' gone.html
	run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided base.bin base.bin | tflame -o none.html'
	[ -s none.html ]
}

@test "sides that are empty draw, and so does what is elided of them" {
	need tflame
	profile some 'a;b 3' 'a 1'
	timport -o none.bin </dev/null
	for sides in 'some.bin none.bin' 'none.bin some.bin' 'none.bin none.bin'; do
		# shellcheck disable=SC2086 # two names
		run -0 --separate-stderr bash -o pipefail -c 'tdiff "$@" | tflame -o page.html' bash $sides
		is "$stderr" ""
		grep -q 'id="profile"' page.html
		# shellcheck disable=SC2086
		run -0 --separate-stderr bash -o pipefail -c 'tdiff --elided "$@" | tflame -o page.html' bash $sides
		is "$stderr" ""
	done
}

@test "what is elided is a folded stream: it keeps its time, its threads and its run" {
	printf '%s\n' 'main 4 0 4' '@worker run 1 2 3' | compose id=1 epoch=64ms watched=192ms >base.bin
	printf '%s\n' 'main 4 0 4' '@worker rest 1 2 3' | compose id=2 epoch=64ms watched=192ms >cur.bin
	tdiff --elided -o gone.bin base.bin cur.bin
	run -0 --separate-stderr totals gone.bin
	is "$(grep -v ^frame <<<"$output")" "run 01010101010101010101010101010101 0
epoch 0 1 16
epoch 1 2 32
epoch 2 3 48
named 1 1000 worker
outcome 0 3072 14 14 2
stack run 6 96
thread 1 00 6 96"
	is "$(totals <(tfold gone.bin))" "$output"
}

@test "the sides of a diff stream are the profiles themselves, unscaled" {
	gone
	tdiff -o diff.bin base.bin cur.bin
	for side in 'base 1' 'cur 2'; do
		# shellcheck disable=SC2086 # the name, and the number
		set -- $side
		is "$(totals diff.bin | grep -vE '^(compare|match|verdict|frame)' |
			awk -v side="$2" '/^run/ { on = $3 == side; sub(/ [12]$/, " 0") } on')" \
			"$(totals <(tfold "$1.bin") | grep -v ^frame)"
	done
	tdiff --force -o diff.bin "$here/golden/threads.bin" "$here/golden/states.bin"
	is "$(totals diff.bin | awk '/^run/ { on = $3 == 1 } on && /^stack/ { n += $(NF) } END { print n }')" \
		"$(totals "$here/golden/threads.bin" | awk '/^stack/ { n += $(NF) } END { print n }')"
}

@test "the paths of the union have the baseline's total on its side, to the last sample" {
	gone
	is "$(tdiff --json --scale none base.bin cur.bin | jq -c '[([.stacks[].self.baseline] | add),
		([.stacks[].self.current] | add), .baseline.weight, .current.weight]')" "[28,140,28,140]"
	is "$(tdiff --json --scale none base.bin cur.bin | jq -c '[.functions[].self.baseline] | add')" 28
}

# What is no profile.

@test "text, where a stream is expected, is told with what reads it" {
	profile cur 'a 1'
	echo 'a 1' >base.txt
	for sides in 'base.txt cur.bin' 'cur.bin base.txt'; do
		# shellcheck disable=SC2086 # two names
		run -1 --separate-stderr tdiff -o out $sides
		is "$stderr" 'tdiff: base.txt: this is no stream of tachytools
hint: "timport base.txt" reads collapsed stacks'
	done
	for page in '<!DOCTYPE html><title>x</title>' '<svg xmlns="http://www.w3.org/2000/svg">'; do
		echo "$page" >page.html
		run -1 --separate-stderr tdiff -o out cur.bin page.html
		is "$stderr" 'tdiff: page.html: this is no stream of tachytools
hint: it is a page; give the stream that it was drawn from'
	done
	is "$(ls out* 2>/dev/null)" ""
}

@test "a side of which nothing is good is a failure, and leaves the result as it was" {
	profile cur 'a 1'
	echo kept >out
	run -1 --separate-stderr tdiff -o out missing cur.bin
	is "$stderr" "tdiff: missing: No such file or directory"
	run -1 --separate-stderr tdiff -o out cur.bin /dev/null
	is "$stderr" "tdiff: /dev/null: it is empty"
	run -1 --separate-stderr tdiff -o out -b missing -b /dev/null cur.bin
	is "$stderr" "tdiff: missing: No such file or directory
tdiff: /dev/null: it is empty"
	is "$(cat out)" kept
	is "$(ls out*)" out
}

@test "a comparison is no profile" {
	profile base 'a 1'
	profile cur 'a 2'
	tdiff -o diff.bin base.bin cur.bin
	run -1 --separate-stderr tdiff -o out diff.bin cur.bin
	is "$stderr" "tdiff: diff.bin: a comparison, and not a profile
hint: compare the profiles that it was made of"
	run -1 --separate-stderr tdiff -o out base.bin diff.bin
	is "$stderr" "tdiff: diff.bin: a comparison, and not a profile
hint: compare the profiles that it was made of"
	run -1 --separate-stderr tdiff --json -b base.bin -b diff.bin cur.bin
	is "$stderr" "tdiff: diff.bin: a comparison, and not a profile
hint: compare the profiles that it was made of"
	is "$(jq -c '[.incomplete, .baseline.weight]' <<<"$output")" "[true,1]"
}

@test "of damaged input what is good is compared, and the result says that it is incomplete" {
	profile base 'a 1' 'b 2'
	profile cur 'a 2'
	cat base.bin <(head -c -9 base.bin) >cut.bin
	run -1 --separate-stderr tdiff -o diff.bin cut.bin cur.bin
	matches "$stderr" "tdiff: cut.bin: byte [0-9]+: .*"
	is "$(totals diff.bin | grep ^compare | cut -d ' ' -f 1-6)" "compare 2 2 3 0 4"
	is "$(totals diff.bin | grep -c '^stack')" 3
	run -1 --separate-stderr tdiff --json cut.bin cur.bin
	is "$(jq -c .incomplete <<<"$output")" true
	is "$(figures <<<"$output" | wc -l)" 2
	run -1 --separate-stderr tdiff -t cut.bin cur.bin
	is "$(grep ^incomplete <<<"$output")" "incomplete: a part of the input was damaged"
	is "$(sed -n 6p <<<"$output" | sed 's/.*; //')" "not all of cut.bin is in it"
	mkdir folder
	cp cut.bin folder/cut2.bin
	run -1 --separate-stderr tdiff --json -b missing -b cut.bin -b base.bin -b none -c folder/cut2.bin
	is "$(jq -r .summary <<<"$output" | sed 's/.*; //')" "not all of missing, cut.bin, none and 1 more is in it"
	run -1 --separate-stderr tdiff --json -b base.bin -b missing cur.bin
	is "$stderr" "tdiff: missing: No such file or directory"
	is "$(jq -c .incomplete <<<"$output")" true
	run -0 --separate-stderr tdiff --json base.bin cur.bin
	is "$(jq -c .incomplete <<<"$output")" false
}

@test "the same part of a run twice is told, and counts twice" {
	profile base 'a 1'
	profile cur 'a 2'
	run -0 --separate-stderr tdiff --json --scale none -b base.bin -b base.bin cur.bin
	is "$stderr" "tdiff: the same part of a run is there more than once, and is added each time"
	is "$(figures <<<"$output")" "a: unchanged, self 2 2 0, total 2 2 0"
	run -0 --separate-stderr tdiff -q -o out -b base.bin -b base.bin cur.bin
	is "$stderr" ""
	run -0 --separate-stderr tdiff -o out base.bin base.bin
	is "$stderr" ""
}

@test "names cannot speak to the terminal, nor leave their place in JSON" {
	printf 'a\x1b[31m"\\;b 1\n' | timport >base.bin
	printf 'a\x1b[31m"\\;b 9\n' | timport >cur.bin
	is "$(tdiff -t --sort total base.bin cur.bin | grep -c $'\x1b')" 0
	is "$(tdiff --json base.bin cur.bin | jq -c '.stacks[0].stack')" '["a\u001b[31m\"\\","b"]'
	run -3 --separate-stderr bash -c 'tdiff --json base.bin cur.bin >/dev/null; exit 3'
	run -4 --separate-stderr tdiff -o out --gate 'self:>5%' base.bin cur.bin
	is "$(grep -c $'\x1b' <<<"$stderr")" 0
}
