#!/usr/bin/env bats
# shellcheck disable=SC2154 # what bats and the helper set
# tflame: one page from any stream. What the page shows is for tests/browser.

load helper

setup() {
	need tflame timport tfold
	cd "$BATS_TEST_TMPDIR" || return
	printf 'main;parse;read 3\nmain;draw 4\n' | timport >two.bin
}

# The JSON of page $1, or of standard input.
profile() {
	awk '/^<script type="application\/json" id="profile">$/ { inside = 1; next }
		/^<\/script>$/ { inside = 0 }
		inside' "$@"
}

@test "tflame writes one page that opens without anything else" {
	tflame two.bin >two.html
	is "$(head -n 1 two.html)" "<!doctype html>"
	is "$(tail -n 1 two.html)" "</html>"
	run -1 grep -aE 'https?:|<link|src=' two.html
	is "$(profile two.html | wc -l)" 1
}

@test "the data of a page is JSON" {
	need jq
	is "$(tflame two.bin | profile | jq -c '[.page, .unit, .nodes.n, .functions.n, .strings, .incomplete]')" \
		'[2,"samples",4,4,["","main","draw","parse","read"],[]]'
}

@test "equal streams give equal pages, however they come" {
	tflame two.bin >one.html
	tflame <two.bin >two.html
	tfold two.bin | tflame -o three.html -
	cmp one.html two.html
	cmp two.html three.html
}

@test "the shell of the page has at most 80 kB" {
	tflame two.bin >two.html
	[ "$(wc -c <two.html)" -le 81000 ]
}

@test "the title is what --title says, and is a text" {
	need jq
	tflame --title '</script><b>&' two.bin >two.html
	is "$(profile two.html | jq -r .title)" '</script><b>&'
	is "$(grep -c '</script>' two.html)" 3
}

@test "what is no UTF-8 becomes visible, and no name can end its element" {
	need jq
	printf 'a\377b;</script><!--;\342\200\250 1\n' | timport | tflame >odd.html
	is "$(profile odd.html | jq -c .strings)" '["","a\\xffb","</script><!--","'$'\342\200\250''"]'
	is "$(profile odd.html | grep -c '[<>&]')" 0
}

@test "an empty profile makes a page" {
	need jq
	: | timport >empty.bin 2>err || :
	if [ -s empty.bin ]; then
		tflame empty.bin >empty.html
		is "$(profile empty.html | jq -c '[.nodes.n, .facts.samples]')" '[0,0]'
	fi
}

@test "a cut stream is drawn as far as it is good, said and stamped, and is status 1" {
	need jq
	for i in $(seq 3000); do echo "main;f$i;g$((i % 7)) $i"; done | timport --compress none >long.bin
	head -c "$(($(wc -c <long.bin) - 20))" long.bin | cat two.bin - >cut.bin
	run -1 --separate-stderr tflame -o cut.html cut.bin
	matches "$stderr" 'tflame: cut.bin: .*'
	is "$(profile cut.html | jq -c '.incomplete')" \
		'["a part of the input was damaged or refused, and is not here."]'
}

@test "a file that is not there leaves the others to be drawn, with status 1" {
	need jq
	run -1 --separate-stderr tflame -o both.html two.bin gone.bin
	is "$stderr" "tflame: gone.bin: No such file or directory"
	is "$(profile both.html | jq -c '[.facts.samples, (.incomplete | length)]')" '[7,1]'
}

@test "a run in which no input is good leaves the page as it is" {
	printf 'kept' >page.html
	run -1 --separate-stderr tflame -o page.html gone.bin
	is "$stderr" "tflame: gone.bin: No such file or directory"
	is "$(cat page.html)" "kept"
	is "$(ls -d page*)" "page.html"
}

@test "a page is never written to a terminal" {
	need_terminal
	run script -qec "tflame two.bin" /dev/null
	is "$status" 1
	is "${output//$'\r'/}" "tflame: standard output: a page is not for a terminal
hint: add \"-o FILE\""
}

@test "what was imported is known by its file" {
	need jq
	printf 'a;<torn> 1\n' >x.txt
	timport x.txt | tflame >x.html
	is "$(profile x.html | jq -c '[.facts.tool, .facts.options, .facts.observed]')" '["timport","x.txt",0]'
}

@test "runs that have times only are told where samples are counted" {
	need jq
	printf 'a 5\n' >a.txt
	timport --unit ms a.txt >time.bin
	run -0 --separate-stderr tflame -o both.html time.bin two.bin
	is "$stderr" "tflame: 1 run has times only and is not counted"
	is "$(profile both.html | jq -c .notes)" '["1 run has times only, and no samples to count."]'
	run -0 --separate-stderr tflame -o one.html time.bin
	is "$stderr" ""
}

@test "an output that cannot be opened is told before anything is read" {
	run -1 --separate-stderr tflame -o nowhere/x.html two.bin
	is "$stderr" "tflame: nowhere/x.html: No such file or directory"
}

@test "lines of a function are there where the stream has them, and told apart with -l" {
	need jq
	is "$(tflame two.bin | profile | jq -c '[.lines, (.nodes | keys)]')" '[false,["cells","function","n","up"]]'
	printf 'main:3;f:10 5\nmain:3;f:12 5\n' | timport --lines >lines.bin 2>err || printf 'main (a.py:3);f (a.py:10) 5\nmain (a.py:3);f (a.py:12) 5\n' | timport >lines.bin
	is "$(tflame lines.bin | profile | jq -c '[.lines, .nodes.n, (.nodes | has("line"))]')" '[false,3,true]'
	is "$(tflame -l lines.bin | profile | jq -c '[.lines, .nodes.n]')" '[true,3]'
}

@test "a comparison has both sides, their scale, and what is known of its functions" {
	need jq tdiff
	printf 'main;draw 8\nmain;new 1\n' | timport >three.bin
	tdiff -q two.bin three.bin | tflame >diff.html
	is "$(profile diff.html | jq -c '[.diff.basis, .diff.runs, .diff.judged, (.diff.numerator > 0), [.threads[].side]]')" \
		'["none",[1,1],false,true,[2,1]]'
	is "$(profile diff.html | jq -c '[.nodes.n, (.functions | has("category")), .strings]')" \
		'[5,true,["","main","draw","parse","read","new"]]'
}

@test "instructions and the source around lines in use are there where the stream has them" {
	need jq
	is "$(tflame "$BATS_TEST_DIRNAME/golden/markers.bin" | profile | jq -c '.opcodes | [.names[1], .n > 0]')" \
		'["RESUME",true]'
	is "$(tflame "$BATS_TEST_DIRNAME/golden/threads.bin" | profile | jq -c '[.sources[].file, .strings[.sources[0].file]]')" \
		'[2,"/app.py"]'
}

@test "sources are read as Python reads them, and long lines are cut between characters" {
	need jq tsample
	can_attach
	python=$(a_python)
	{
		printf '\xef\xbb\xbf# one\rimport os, sys\r\ndef read(): sys.stdin.read()  # \xc3\xa9\r\n'
		printf 'os.write(9, b"x\\n")\n#'
		printf '\xc3\xa9%.0s' {1..200}
		printf '\nread()\n'
	} >app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o own.bin -p "$pid"
	end_own
	is "$(tflame own.bin | profile | jq -c '.sources[].chunks')" "$(
		printf '[[1,"# one\\nimport os, sys\\ndef read(): sys.stdin.read()  # é\\nos.write(9, b\\"x\\\\n\\")\\n#'
		printf 'é%.0s' {1..149}
		printf '\\nread()\\n"]]'
	)"
	{ printf '# coding: koi8-r\n# \xc1\n'; printf 'import os, sys\nos.write(9, b"x\\n")\nsys.stdin.read()\n'; } >app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o own.bin -p "$pid"
	is "$(tflame own.bin | profile | jq -c '[.sources[].chunks[][1]]')" '["# а\nimport os, sys\nos.write(9, b\"x\\n\")\nsys.stdin.read()\n"]'
}

@test "the facts of a comparison are those of each side, and no marker is told of that is not there" {
	need jq tdiff
	"$here/golden/build"
	PATH=$root/build/tests:$PATH
	printf 'main 40\nmain;<torn> 10\n' | compose complete id=1 watched=1s python=3.11 missed=100 >before.bin
	printf 'main 60\n' | compose complete id=2 watched=2s python=3.12 missed=100 >after.bin
	tdiff -q before.bin after.bin | tflame >diff.html
	is "$(profile diff.html | jq -c '[.facts.sides[] | [.python, .runs, .watched_ns, .samples]]')" \
		'[["3.11.0",1,1000000000,50],["3.12.0",1,2000000000,60]]'
	is "$(tflame before.bin | profile | jq -c '[.facts.torn, .facts.missed, .facts.sides]')" '[true,false,[]]'
	is "$(tflame after.bin | profile | jq -c '[.facts.torn, .facts.missed]')" '[false,false]'
}
