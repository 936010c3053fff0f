#!/usr/bin/env bats
# theat: one page of a profile by its lines, or a folder of pages.

load helper

setup() {
	need theat timport
	cd "$BATS_TEST_TMPDIR" || return
	python=$(a_python)
	lines | timport >run.bin
}

# Three functions; f calls itself, and two of them are on line 20.
lines() {
	cat <<'TEXT'
<module> (/srv/app/main.py:3);f (/srv/app/lib/work.py:10) 5
<module> (/srv/app/main.py:3);f (/srv/app/lib/work.py:11);f (/srv/app/lib/work.py:11);g (/srv/app/lib/work.py:20) 7
<module> (/srv/app/main.py:3);g (/srv/app/lib/work.py:20);<lambda> (/srv/app/lib/work.py:20) 2
<module> (/srv/app/main.py:4);loads (/usr/lib/python3.11/json/__init__.py:346) 3
<module> (/srv/app/main.py:4);get (/usr/lib/python3.11/site-packages/requests/api.py:9) 1
<module> (/srv/app/main.py:4);<template> (<string>:1) 1
TEXT
}

heat() {
	"$python" "$here/heat.py" "$@"
}

@test "a line has what ran on it, and in total each sample once, however deep" {
	theat run.bin >heat.html
	is "$(heat heat.html lines)" "/srv/app/lib/work.py:10: 5 5 5 5
/srv/app/lib/work.py:11: 0 7 0 7
/srv/app/lib/work.py:20: 9 9 9 9
/srv/app/main.py:3: 0 14 0 14
/srv/app/main.py:4: 0 5 0 5
/usr/lib/python3.11/json/__init__.py:346: 3 3 3 3
/usr/lib/python3.11/site-packages/requests/api.py:9: 1 1 1 1
<string>:1: 1 1 1 1"
	is "$(heat heat.html functions | head -n 3)" "<lambda> /srv/app/lib/work.py:0: 2 2 2 2
f /srv/app/lib/work.py:0: 5 12 5 12
g /srv/app/lib/work.py:0: 7 9 7 9"
}

@test "folders are the target's: its own, the library, packages first of what lies there, and what is no file" {
	theat run.bin >heat.html
	is "$(heat heat.html folders)" "0: 14 19 14 19
1: 3 3 3 3
2: 1 1 1 1
3: 1 1 1 1
0/lib: 14 14 14 14
1/json: 3 3 3 3
2/requests: 1 1 1 1"
	is "$(heat heat.html files | sed 's/ state.*: / /')" "/srv/app/lib/work.py 14 14 14 14
/srv/app/main.py 0 19 0 19
/usr/lib/python3.11/json/__init__.py 3 3 3 3
/usr/lib/python3.11/site-packages/requests/api.py 1 1 1 1
<string> 1 1 1 1"
}

@test "calls have the line that they are from, also where a function calls itself" {
	theat run.bin >heat.html
	is "$(heat heat.html calls)" "f /srv/app/lib/work.py:11 -> f: 7 7
f /srv/app/lib/work.py:11 -> g: 7 7
g /srv/app/lib/work.py:20 -> <lambda>: 2 2
<module> /srv/app/main.py:3 -> f: 12 12
<module> /srv/app/main.py:3 -> g: 2 2
<module> /srv/app/main.py:4 -> loads: 3 3
<module> /srv/app/main.py:4 -> get: 1 1
<module> /srv/app/main.py:4 -> <template>: 1 1"
}

@test "what C code and collections got is the line's that led there" {
	printf '%s\n' 'f (/a.py:1);<native> 5' 'f (/a.py:1);<native>;g (/a.py:5);<GC> 3' 'f (/a.py:2);<torn> 2' '<missed> 4' |
		timport >marked.bin
	theat marked.bin >heat.html
	is "$(heat heat.html lines)" "/a.py:1: 5 8 5 8
/a.py:2: 0 2 0 2
/a.py:5: 3 3 3 3"
	is "$(heat heat.html calls)" "f /a.py:1 -> g: 3 3"
}

# The folder that stands for the target's root.
root_of() {
	mkdir -p root/srv/app/lib
	printf 'import work\n\nwork.f()\nother()\n' >root/srv/app/main.py
}

@test "sources are read below --source-root where the target had them" {
	root_of
	theat --source-root root run.bin >heat.html
	is "$(heat heat.html source /srv/app/main.py)" "$(cat root/srv/app/main.py)"
	is "$(heat heat.html source /srv/app/lib/work.py)" "(none)"
	is "$(heat heat.html files | sed 's/ page.*//' | head -n 2)" "/srv/app/lib/work.py state 0 source 0
/srv/app/main.py state 5 source 1"
	theat run.bin >none.html
	is "$(heat none.html source /srv/app/main.py)" "(none)"
}

@test "what is frozen into Python is read from its library" {
	mkdir -p root/usr/lib/python3.11/importlib root/usr/lib/python3.11/zipfile
	echo 'x = 1' >root/usr/lib/python3.11/importlib/_bootstrap.py
	echo 'y = 2' >root/usr/lib/python3.11/zipfile/__init__.py
	printf '%s\n' 'f (<frozen importlib._bootstrap>:1);g (/usr/lib/python3.11/abc.py:3) 1' 'h (<frozen zipfile>:1) 1' 'h (<frozen ...secret>:1) 1' |
		timport >frozen.bin
	theat --source-root root frozen.bin >heat.html
	is "$(heat heat.html source '<frozen importlib._bootstrap>')" "x = 1"
	is "$(heat heat.html source '<frozen zipfile>')" "y = 2"
	is "$(heat heat.html source '<frozen ...secret>')" "(none)"
}

@test "--map leads to a folder, at the borders of names only" {
	mkdir -p checkout/lib
	echo 'main = 1' >checkout/main.py
	theat --map /srv/app=checkout run.bin >heat.html
	is "$(heat heat.html source /srv/app/main.py)" "main = 1"
	theat --map /srv/ap=checkout run.bin >heat.html
	is "$(heat heat.html source /srv/app/main.py)" "(none)"
	run -2 --separate-stderr theat --map checkout run.bin
	is "$stderr" 'theat: --map: "checkout" is not OLD=NEW
hint: try "theat --help"'
	run -1 --separate-stderr theat --map /srv=nowhere -o heat.html run.bin
	is "$stderr" "theat: nowhere: No such file or directory"
}

@test "a name in a stream leads nowhere else: not by dots, not by links, and not to what is no file" {
	mkdir root
	echo secret >secret
	ln -s "$PWD/secret" root/absolute
	ln -s ../secret root/relative
	mkfifo root/fifo
	printf '%s\n' 'f (/../secret:1) 1' 'f (/absolute:1) 1' 'f (/relative:1) 1' 'f (/fifo:1) 1' 'f (/.:1) 1' | timport >bad.bin
	theat --source-root root bad.bin >heat.html
	is "$(heat heat.html files | sed 's/ page.*//')" "/. state 0 source 0
/../secret state 0 source 0
/absolute state 0 source 0
/fifo state 0 source 0
/relative state 0 source 0"
}

@test "a file that has fewer lines than ran is another one, and is marked" {
	mkdir -p root/srv/app
	echo 'main = 1' >root/srv/app/main.py
	theat --source-root root run.bin >heat.html
	is "$(heat heat.html files | grep main.py | sed 's/ page.*//')" "/srv/app/main.py state 6 source 1"
}

# source FILE BYTES...: the text that theat makes of a file with these bytes.
source_of() {
	mkdir -p root
	printf '%b' "$1" >root/a.py
	echo 'f (/a.py:1) 1' | timport >one.bin
	theat --source-root root one.bin >one.html
	heat one.html source /a.py
}

@test "texts are read in the encodings of PEP 263, and all ends of lines are one" {
	is "$(source_of '# coding: latin-1\nx = "\xe9"\n')" '# coding: latin-1
x = "é"'
	is "$(source_of '#!/bin/python\r\n# -*- coding: koi8-r -*-\r\nx = "\xc1"\r\n')" '#!/bin/python
# -*- coding: koi8-r -*-
x = "а"'
	is "$(source_of '# vim: set fileencoding=Shift_JIS :\rx = "\x82\xa0"\r')" '# vim: set fileencoding=Shift_JIS :
x = "あ"'
	is "$(source_of '\xef\xbb\xbfx = "\xc3\xa9"\n')" 'x = "é"'
	is "$(source_of 'x = 1\n# coding: latin-1\n"\xc3\xa9"\n')" 'x = 1
# coding: latin-1
"é"'
	is "$(source_of 'x = "\xe9"\n')" 'x = "\xe9"

odd: some bytes of it are no UTF-8'
	is "$(source_of '# coding: no-such-code\nx\n')" '# coding: no-such-code
x

odd: its encoding no-such-code is not known here'
}

@test "the source that the stream carries is shown, and told apart from what is here now" {
	need tsample
	can_attach
	printf 'import os, sys\ndef read(): sys.stdin.read()\nos.write(9, b"x\\n")\nread()\n' >app.py
	touch -d '1 hour ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o own.bin -p "$pid"
	tsample -q -n 3 -o bare.bin -p "$pid"
	theat own.bin >heat.html
	is "$(heat heat.html source "$PWD/app.py")" "$(cat app.py)"
	is "$(heat heat.html files | grep -c "app.py state 1 source")" 1
	theat --source-root / own.bin >heat.html
	is "$(heat heat.html files | grep -c "app.py state 1 source")" 1
	theat --source-root / bare.bin >heat.html
	is "$(heat heat.html files | grep -c "app.py state 4 source")" 1
	echo '# more' >>app.py
	theat --source-root / own.bin >heat.html
	is "$(heat heat.html files | grep -c "app.py state 2 source")" 1
	is "$(heat heat.html source "$PWD/app.py")" "$(head -n 4 app.py)"
	touch -d '1 hour' app.py
	theat --source-root / bare.bin >heat.html
	is "$(heat heat.html files | grep -c "app.py state 6 source")" 1
	is "$(heat heat.html source "$PWD/app.py")" "$(cat app.py)"
}

@test "--no-source leaves all texts out" {
	root_of
	theat --no-source run.bin >heat.html
	is "$(heat heat.html source /srv/app/main.py)" "(none)"
	run -2 --separate-stderr theat --no-source --source-root root run.bin
	is "$stderr" 'theat: --no-source and --source-root do not go together
hint: try "theat --help"'
}

@test "a comparison has both sides, and one text where it is the same" {
	need tdiff
	root_of
	lines | sed 's/:11)/:12)/g; s/ 7$/ 70/' | timport >cur.bin
	tdiff -q run.bin cur.bin >diff.bin
	theat --source-root root diff.bin >heat.html
	is "$(heat heat.html lines | sed -n 2p)" "/srv/app/lib/work.py:12: 0 70 0 70"
	is "$(heat heat.html was lines | sed -n 2p)" "/srv/app/lib/work.py:11: 0 7 0 7"
	is "$(heat heat.html was source /srv/app/main.py)" "$(heat heat.html source /srv/app/main.py)"
	is "$(sed -n '/id="profile"/{n;p}' heat.html | jq -c '[.diff.runs, (.sources | length), .compared.n > 0]')" '[[1,1],1,true]'
	theat --source-root root -D pages diff.bin
	is "$(sed -n '/id="profile"/{n;p}' pages/index.html | jq -c '[.folder.file, has("codes")]')" '[0,false]'
}

@test "both sides of a comparison lie in the same folders, a file of both where it is now" {
	need tdiff
	lines | grep lib/work | sed 's|.*;\(.* (/srv/app/lib/work.py:[0-9]*) \)|\1|' | timport >old.bin
	tdiff -q old.bin run.bin | theat >diff.html
	is "$(heat diff.html was folders | sed 's/:.*//')" "0
1
2
3
0/lib"
	is "$(heat diff.html folders | grep ^0/)" "0/lib: 14 14 14 14"
	is "$(heat diff.html was folders | grep ^0/)" "0/lib: 14 14 14 14"
	printf '%s\n' 'f (/old/app/work.py:1);g (/old/app/sub/more.py:1) 2' 'h (/old/app/sub/gone.py:3) 1' | timport >old.bin
	printf '%s\n' 'f (/new/checkout/work.py:1);g (/new/checkout/sub/more.py:1) 2' | timport >new.bin
	tdiff -q old.bin new.bin | theat >diff.html
	is "$(heat diff.html folders | grep ^0)" "0: 2 2 2 2
0/sub: 2 2 2 2"
	is "$(heat diff.html was folders | grep ^0)" "0: 3 3 3 3
0/sub: 3 3 3 3"
}

@test "-D writes an index and a page for each file, each with what it needs" {
	root_of
	theat --source-root root -D pages run.bin
	is "$(cd pages && echo *)" "1.html 2.html 3.html 4.html 5.html index.html"
	is "$(heat pages/index.html files | sed 's/: .*//' | head -n 3)" "/srv/app/lib/work.py state 0 source 0 page 1
/srv/app/main.py state 5 source 0 page 2
/usr/lib/python3.11/json/__init__.py state 0 source 0 page 3"
	is "$(sed -n '/id="profile"/{n;p}' pages/index.html | jq -c .codes)" '["","","","work.f()","other()","","",""]'
	is "$(heat pages/2.html lines)" "/srv/app/main.py:3: 0 14 0 14
/srv/app/main.py:4: 0 5 0 5"
	is "$(heat pages/2.html files | sed 's/: .*//' | sed -n 2p)" "/srv/app/main.py state 5 source 1 page 0"
	is "$(heat pages/3.html calls)" "<module> /srv/app/main.py:4 -> loads: 3 3"
	is "$(heat pages/1.html calls)" "f /srv/app/lib/work.py:11 -> f: 7 7
f /srv/app/lib/work.py:11 -> g: 7 7
g /srv/app/lib/work.py:20 -> <lambda>: 2 2
<module> /srv/app/main.py:3 -> f: 12 12
<module> /srv/app/main.py:3 -> g: 2 2"
}

@test "-D writes its own folder anew, and none of others" {
	mkdir empty others
	theat -D empty run.bin
	echo 'f (/a.py:1) 1' | timport | theat -D empty
	is "$(cd empty && echo *)" "1.html index.html"
	touch others/notes.txt others/zebra
	run -1 --separate-stderr theat -D others missing.bin
	is "$stderr" "theat: others: has files that are not of theat, such as notes.txt
hint: name a new folder"
	is "$(cd others && echo *)" "notes.txt zebra"
	run -1 --separate-stderr theat -D nowhere/deep run.bin
	is "$stderr" "theat: nowhere/deep: No such file or directory"
	run -2 --separate-stderr theat -D x -o y run.bin
	is "$stderr" 'theat: -D and -o do not go together
hint: try "theat --help"'
}

@test "-D takes a page for its own by what is in it, not by its name" {
	mkdir mine mine/.git
	theat run.bin >mine/2.html
	echo '<h1>Mine</h1>' >mine/index.html
	cp -r mine before
	for name in 2.html index.html; do
		run -1 --separate-stderr theat -D mine run.bin
		is "$stderr" "theat: mine: has files that are not of theat, such as $name
hint: name a new folder"
		diff -r before mine
		rm {mine,before}/$name
	done
	theat -D mine run.bin
	is "$(cd mine && echo *)" "1.html 2.html 3.html 4.html 5.html index.html"
	for name in 007.html 0.html 1.htm 12345678901.html index.html.part 1.html..part; do
		cp mine/1.html "mine/$name"
		run -1 --separate-stderr theat -D mine run.bin
		is "$stderr" "theat: mine: has files that are not of theat, such as $name
hint: name a new folder"
		rm "mine/$name"
	done
	mv mine/1.html elsewhere.html
	ln -s ../elsewhere.html mine/1.html
	run -1 --separate-stderr theat -D mine run.bin
	is "$stderr" "theat: mine: has files that are not of theat, such as 1.html
hint: name a new folder"
}

@test "-D that is ended has no index, and the next one writes all" {
	theat -D pages run.bin
	cp -r pages before
	touch pages/index.html.77.part
	ulimit -S -f 30
	run -1 --separate-stderr env --ignore-signal=XFSZ theat -D pages run.bin
	is "$stderr" "theat: $PWD/pages/1.html: File too large"
	is "$(cd pages && echo *)" "1.html 2.html 3.html 4.html 5.html"
	run -153 theat -D pages run.bin
	matches "$(cd pages && echo *)" '1.html 1.html.[0-9]+.part 2.html 3.html 4.html 5.html'
	ulimit -S -f unlimited
	theat -D pages run.bin
	diff -r before pages
}

@test "a page opens without anything else, and no text of a profile can end its element" {
	mkdir root
	printf '</script><!--\n' >root/a.py
	printf 'f</script> (/a.py:1) 1\n' | timport | theat --source-root root >odd.html
	is "$(head -n 1 odd.html)" "<!doctype html>"
	is "$(tail -n 1 odd.html)" "</html>"
	run -1 grep -aE 'https?:|<link|src=' odd.html
	is "$(grep -c '</script>' odd.html)" 3
	is "$(heat odd.html functions)" "f</script> /a.py:0: 1 1 1 1"
}

@test "equal streams give equal pages, however they come" {
	need tfold
	theat run.bin >one.html
	theat <run.bin >two.html
	tfold run.bin | theat -o three.html -
	cmp one.html two.html
	cmp two.html three.html
}

@test "the shell of the page has at most 80 kB" {
	echo 'f 1' | timport | theat >small.html
	[ "$(wc -c <small.html)" -le 81000 ]
}

@test "a profile without files makes a page too" {
	echo 'f;g 1' | timport | theat >none.html
	is "$(sed -n '/id="profile"/{n;p}' none.html | jq -c '.sides[0] | [.samples, .files.n, .lines.n, .folders.n]')" '[1,0,0,4]'
}

@test "damaged input is shown as far as it is good, said and stamped, and is status 1" {
	head -c "$(($(wc -c <run.bin) - 3))" run.bin >cut.bin
	cat run.bin cut.bin >both.bin
	run -1 --separate-stderr theat -o heat.html both.bin
	matches "$stderr" 'theat: both.bin: .*'
	is "$(sed -n '/id="profile"/{n;p}' heat.html | jq -c .incomplete)" '["a part of the input was damaged or refused, and is not here."]'
}

@test "a page is never written to a terminal" {
	need_terminal
	run script -qec "theat run.bin" /dev/null
	is "$status" 1
	is "${output//$'\r'/}" "theat: standard output: a page is not for a terminal
hint: add \"-o FILE\""
}

# What each line has by the stacks as text, one by one: of "line: self total" in samples.
by_stacks() {
	"$python" - "$1" <<'PY'
import collections
import re
import sys

own, total = collections.Counter(), collections.Counter()
for line in open(sys.argv[1]):
    stack, _, count = line.rpartition(" ")
    frames = [re.fullmatch(r".* \((.*:\d+)\)", frame) for frame in stack.split(";")]
    names = stack.split(";")
    while len(names) > 1 and names[-1] in ("<GC>", "<native>"):
        names.pop()
        frames.pop()
    if frames[-1]:
        own[frames[-1][1]] += int(count)
    for place in {frame[1] for frame in frames if frame}:
        total[place] += int(count)
for place in sorted(total, key=lambda p: (p.rpartition(":")[0], int(p.rpartition(":")[2]))):
    print(f"{place}: {own[place]} {total[place]}")
PY
}

@test "of a real program every line has what its stacks say, one by one" {
	need tsample tfold
	cat >app.py <<'APP'
import json, re, sys
def parse(n):
    return sum(len(json.dumps({"a": i, "b": [i] * 5}, indent=1)) for i in range(n))
def deep(n):
    return deep(n - 1) if n else parse(30)
def main():
    for i in range(300):
        parse(50); deep(20); sorted(range(2000), key=lambda x: -x)
main()
APP
	tsample -q -r 2khz --native -o real.bin -- "$python" app.py
	theat real.bin >heat.html
	tfold -q -t -l real.bin >stacks.txt
	is "$(heat heat.html lines | sed -E 's/: [^ ]+ [^ ]+ ([0-9]+ [0-9]+)$/: \1/')" "$(by_stacks stacks.txt)"
	[ "$(wc -l <stacks.txt)" -gt 20 ]
}

@test "runs with different texts show the last one's, and say so; sides have their own" {
	need tsample tdiff
	can_attach
	printf 'import os, sys\ndef read(): sys.stdin.read()\nos.write(9, b"x\\n")\nread()\n' >app.py
	touch -d '2 hours ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o one.bin -p "$pid"
	end_own
	{ echo '# later'; cat app.py; } >app2.py
	mv app2.py app.py
	touch -d '1 hour ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o two.bin -p "$pid"
	theat two.bin one.bin >heat.html
	is "$(heat heat.html files | grep -c "app.py state 3 source")" 1
	is "$(heat heat.html source "$PWD/app.py" | head -n 1)" "# later"
	tdiff -q one.bin two.bin | theat >diff.html
	is "$(heat diff.html files | grep -c "app.py state 1 source")" 1
	is "$(heat diff.html source "$PWD/app.py" | head -n 1)" "# later"
	is "$(heat diff.html was source "$PWD/app.py" | head -n 1)" "import os, sys"
}

@test "the text of a baseline that tdiff --map renames goes along" {
	need tsample tdiff
	can_attach
	mkdir -p old new
	for side in old new; do
		printf '# %s\nimport os, sys\ndef read(): sys.stdin.read()\nos.write(9, b"x\\n")\nread()\n' $side >$side/app.py
		touch -d '1 hour ago' $side/app.py
		start "$python" "$PWD/$side/app.py"
		until parked "$pid"; do :; done
		tsample -q --source -n 3 -o $side.bin -p "$pid"
		end_own
	done
	tdiff -q --map "$PWD/old=$PWD/new" old.bin new.bin | theat >diff.html
	is "$(heat diff.html source "$PWD/new/app.py" | head -n 1)" "# new"
	is "$(heat diff.html was source "$PWD/new/app.py" | head -n 1)" "# old"
}
