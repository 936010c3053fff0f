#!/usr/bin/env bats
# The manual: its examples run as they are printed.

load helper

# The command lines that page $1 shows: .Dl, and those in literal displays.
examples() {
	awk '/^\.Bd -literal/ { shown = 1; next }
		/^\.Ed/ { shown = 0 }
		sub(/^\.Dl /, "") || shown { sub(/^\$ /, ""); print }' "$1" |
		sed 's/\\e/\\/g; s/\\&//g; s/\\-/-/g; s/\\(dq/"/g; s/ #.*//' | grep -E "^(t[a-z]+|cat|zcat|curl) .*" || :
}

# What examples speak of: a process 4242, a program, and streams from earlier.
scene() {
	cd "$BATS_TEST_TMPDIR" || return
	python=$(a_python)
	cat >app.py <<'APP'
import sys
def parse(n): return sum(i * i for i in range(n))
def main():
    for i in range(2000): parse(2000)
main()
APP
	cat >service.py <<'SERVICE'
import os, sys
def handle(n): return sum(range(n))
def serve():
    while os.getppid() > 1: handle(1000)
os.fdopen(int(sys.argv[1]), "w").write("x")
serve()
SERVICE
	printf 'main;parse;read 3\nmain;draw 4\n' >stacks.txt
	tsample -q -o base.bin -- "$python" app.py
	for name in app cur raw run demo monday tuesday night-1 night-2 a b b1 b2 b3 c1 c2 c3; do
		cp base.bin "$name.bin"
	done
	cp "$here/imports/tach-zstd.bin" tachyon.bin
	for name in collapsed.txt out.txt times.txt stacks.folded out.folded perf.folded; do
		cp stacks.txt "$name"
	done
	mkdir -p bin
	ln -s "$python" bin/python3
	# Programs of other people, which only have to be called.
	printf '#!/bin/sh\ncat\n' >bin/flamegraph.pl
	chmod +x bin/flamegraph.pl
	PATH=$PWD/bin:$PATH
	start "$python" service.py
}

# Runs the line with our process, our files and in a short time; everything in it must succeed.
runs() {
	local line=$1

	line=$(sed -E "s/ -d [0-9]+m?s?\b//g; s/-p (4242|PID)\b/-p $pid/g; s/\btsample\b(.* -p)/tsample -d 200ms\1/
		s|/usr/local/share/tachytools|$root/share|g; s/[|] ttop\b/| ttop --batch 1/" <<<"$line")
	# What head(1) has no use for any more ends those before it by SIGPIPE.
	[[ $line == *'| head'* ]] || line="set -o pipefail; $line"
	bash -c "$line" >out 2>err </dev/null || {
		echo "failed: $1"
		cat err
		return 1
	}
}

@test "every example of the manual runs" {
	local page line failed=0 tool

	need tsample timport tfold
	can_attach
	scene
	for page in "$root"/man/*.[157]; do
		while IFS= read -r line <&5; do
			for tool in tdiff theat tgecko tstat tdump ttop texport; do
				[[ $line != *$tool\ * ]] || [ -x "$build/$tool" ] || continue 2
			done
			runs "$line" || {
				echo "(${page##*/})"
				failed=1
			}
		done 5< <(examples "$page")
	done
	[ $failed = 0 ]
}

# A quote that begins a word is mdoc's own: it must be \(dq.
@test "no page loses the quotes of its examples" {
	is "$(grep -nE '^\.Dl (.* )?"' "$root"/man/*.[157])" ""
	need mandoc
	cd "$BATS_TEST_TMPDIR"
	mandoc -T utf8 "$root/man/tdump.1" | tr -s ' \n' ' ' >page
	grep -qF '.name + ": " + .frames[-1].name' page
}

# The same for the examples that --help prints, whose comment begins behind three spaces.
@test "every example of --help runs" {
	local line failed=0 tool

	need tsample timport tfold
	can_attach
	scene
	for tool in "${tools[@]}"; do
		while IFS= read -r line <&5; do
			runs "$line" || failed=1
		done 5< <("$tool" --help | sed -nE '/^examples:/,$ s/^  (t[a-z]+ .*)$/\1/p' | sed -E 's/   +[^|>]*$//')
	done
	[ $failed = 0 ]
}

@test "every page names every tool that it refers to as it is called" {
	local page tool

	for page in "$root"/man/t*.1; do
		tool=$(basename "$page" .1)
		[ -e "$root/bin/$tool.c" ] || fail "$page is a manual of nothing"
	done
	for tool in "${tools[@]}"; do
		[ -e "$root/man/$tool.1" ] || fail "$tool has no manual"
	done
}

@test "tachytools(7) has a row for every tool, with the sentence of its manual" {
	local tool

	[ -e "$root/man/tachytools.7" ] || skip "there is no man/tachytools.7 yet"
	for tool in "${tools[@]}"; do
		grep -qE "$tool" "$root/man/tachytools.7" || fail "$tool is not in tachytools.7"
	done
}
