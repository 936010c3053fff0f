#!/usr/bin/env bats
# tdiff(1): what is one and the same on both sides.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff timport tfold
	PATH=$root/build/tests:$PATH
	cd "$BATS_TEST_TMPDIR" || return
}

# sides LINE...: the lines before "--" as base.bin, those behind it as cur.bin.
sides() {
	local to=base.txt line

	: >base.txt
	: >cur.txt
	for line; do
		if [ "$line" = -- ]; then
			to=cur.txt
		else
			echo "$line" >>$to
		fi
	done
	timport -o base.bin base.txt
	timport -o cur.bin cur.txt
}

# same [OPTION]...: functions of both, with the file that stands for them; and what is new or gone.
same() {
	tdiff --json --scale none "$@" base.bin cur.bin |
		jq -r '.functions[] | "\(.function) (\(.file)) \(.total.baseline) \(.total.current)"'
}

@test "functions of equal name in files of equal name in other folders are not one" {
	sides '/app/main.py 9' 'main (/app/main.py);get (/app/a/views.py) 2' 'main (/app/main.py);get (/app/b/views.py) 3' \
		-- 'main (/app/main.py);get (/app/a/views.py) 2' 'main (/app/main.py);get (/app/c/views.py) 3'
	is "$(same)" "/app/main.py () 9 0
main (/app/main.py) 5 5
get (/app/a/views.py) 2 2
get (/app/b/views.py) 3 0
get (/app/c/views.py) 0 3"
}

@test "a checkout that moved is the same program" {
	sides 'main (/home/ann/shop/main.py);load (/home/ann/shop/db/load.py) 2' \
		'main (/home/ann/shop/main.py);draw (/home/ann/shop/ui/draw.py) 3' \
		-- 'main (/srv/ci/8/shop/main.py);load (/srv/ci/8/shop/db/load.py) 4' \
		'main (/srv/ci/8/shop/main.py);draw (/srv/ci/8/shop/ui/draw.py) 1'
	is "$(same)" "main (/srv/ci/8/shop/main.py) 5 5
draw (/srv/ci/8/shop/ui/draw.py) 3 1
load (/srv/ci/8/shop/db/load.py) 2 4"
}

@test "a checkout that is named by relative paths is the same program" {
	sides 'main (shop/main.py);load (shop/db/load.py) 2' \
		-- 'main (/srv/shop/main.py);load (/srv/shop/db/load.py) 4'
	is "$(same)" "main (/srv/shop/main.py) 2 4
load (/srv/shop/db/load.py) 2 4"
	sides 'main (main.py);load (db/load.py) 2' -- 'main (/srv/shop/main.py);load (/srv/shop/db/load.py) 4'
	is "$(same)" "main (/srv/shop/main.py) 2 4
load (/srv/shop/db/load.py) 2 4"
	sides 'main (./main.py);load (./db/load.py) 2' -- 'main (main.py);load (db/load.py) 4'
	is "$(same)" "main (main.py) 2 4
load (db/load.py) 2 4"
}

@test "a file that moved inside of its checkout is another one" {
	sides 'main (/srv/shop/main.py);load (/srv/shop/old/load.py) 2' \
		-- 'main (/srv/shop/main.py);load (/srv/shop/new/load.py) 4'
	is "$(same)" "main (/srv/shop/main.py) 2 4
load (/srv/shop/new/load.py) 0 4
load (/srv/shop/old/load.py) 2 0"
}

@test "two checkouts, a program and its library, may move apart" {
	sides 'main (/home/ann/shop/main.py);load (/home/ann/shop/load.py);open (/home/ann/lib/db/open.py) 2' \
		'main (/home/ann/shop/main.py);load (/home/ann/shop/load.py);close (/home/ann/lib/db/close.py) 2' \
		-- 'main (/srv/shop/main.py);load (/srv/shop/load.py);open (/opt/lib/db/open.py) 2' \
		'main (/srv/shop/main.py);load (/srv/shop/load.py);close (/opt/lib/db/close.py) 2'
	is "$(same)" "main (/srv/shop/main.py) 4 4
load (/srv/shop/load.py) 4 4
close (/opt/lib/db/close.py) 2 2
open (/opt/lib/db/open.py) 2 2"
}

@test "packages are one wherever they are installed, and for whichever Python" {
	sides 'main (/app/main.py);get (/home/ann/venv/lib/python3.11/site-packages/requests/api.py) 1' \
		'main (/app/main.py);loads (/usr/lib/python3.11/json/__init__.py) 2' \
		'main (/app/main.py);find (<frozen importlib._bootstrap>) 3' \
		'main (/app/main.py);dump (/usr/lib64/python3.11/pickle.py) 4' \
		'main (/app/main.py);yaml (/usr/lib/python3/dist-packages/yaml/__init__.py) 5' \
		-- 'main (/app/main.py);get (/opt/env/lib/python3.14/site-packages/requests/api.py) 1' \
		'main (/app/main.py);loads (/usr/local/lib/python3.14/json/__init__.py) 2' \
		'main (/app/main.py);find (/usr/local/lib/python3.14/importlib/_bootstrap.py) 3' \
		'main (/app/main.py);dump (/usr/local/lib/python3.14/pickle.py) 4' \
		'main (/app/main.py);yaml (/opt/env/lib/python3.14/site-packages/yaml/__init__.py) 5'
	is "$(same)" "main (/app/main.py) 15 15
dump (/usr/local/lib/python3.14/pickle.py) 4 4
find (/usr/local/lib/python3.14/importlib/_bootstrap.py) 3 3
get (/opt/env/lib/python3.14/site-packages/requests/api.py) 1 1
loads (/usr/local/lib/python3.14/json/__init__.py) 2 2
yaml (/opt/env/lib/python3.14/site-packages/yaml/__init__.py) 5 5"
}

@test "equal names in other packages are not one" {
	sides 'get (/venv/lib/python3.11/site-packages/requests/api.py) 1' \
		-- 'get (/venv/lib/python3.11/site-packages/httpx/api.py) 1'
	is "$(same)" "get (/venv/lib/python3.11/site-packages/httpx/api.py) 0 1
get (/venv/lib/python3.11/site-packages/requests/api.py) 1 0"
}

@test "--map helps where nothing tells, and the first that fits counts" {
	sides 'main (/a/x.py) 1' 'main (/b/y.py) 2' -- 'main (/c/z.py) 1' 'main (/d/y.py) 2'
	is "$(same)" "main (/a/x.py) 1 0
main (/c/z.py) 0 1
main (/d/y.py) 2 2"
	is "$(same --map /a/x.py=/c/z.py)" "main (/c/z.py) 1 1
main (/d/y.py) 2 2"
	is "$(same --map /a=/nowhere --map /a/x.py=/c/z.py)" "main (/c/z.py) 0 1
main (/d/y.py) 2 2
main (/nowhere/x.py) 1 0"
	is "$(same --map /a/x=/c/z --map /a/=/c/)" "main (/c/x.py) 1 0
main (/c/z.py) 0 1
main (/d/y.py) 2 2"
	is "$(same --map /b/y.py=/c/z.py)" "main (/a/x.py) 1 0
main (/c/z.py) 2 1
main (/d/y.py) 0 2"
	for wrong in x =x; do
		run -2 --separate-stderr tdiff --map "$wrong" base.bin cur.bin
		is "$stderr" "tdiff: --map: \"$wrong\" is not OLD=NEW
hint: try \"tdiff --help\""
	done
}

@test "--map is of the baseline alone, and each path goes through it once" {
	sides 'f (/a/x.py) 1' 'g (/b/y.py) 2' -- 'f (/a/x.py) 4' 'f (/b/x.py) 8' 'g (/a/y.py) 16' 'g (/b/y.py) 32'
	is "$(same --map /a=/b)" "f (/a/x.py) 0 4
f (/b/x.py) 1 8
g (/a/y.py) 0 16
g (/b/y.py) 2 32"
	is "$(same --map /a=/b --map /b=/a)" "f (/a/x.py) 0 4
f (/b/x.py) 1 8
g (/a/y.py) 2 16
g (/b/y.py) 0 32"
	is "$(tdiff --elided --map /a/x.py=/c/z.py base.bin cur.bin | tfold -t)" "f (/c/z.py) 1"
}

# runs NAME LINES...: each of LINES, parted by "|", as a run of NAME.bin.
runs() {
	local i=0 lines texts=()

	for lines in "${@:2}"; do
		i=$((i + 1))
		tr '|' '\n' <<<"$lines" >"$1$i.txt"
		texts+=("$1$i.txt")
	done
	timport -o "$1.bin" "${texts[@]}"
}

@test "runs of a side that come from folders of their own are runs of one program" {
	# What has no place tells nothing of where a checkout is.
	runs base 'main (/w/1/app.py);make (<string>) 1' 'main (/w/2/app.py);make (<string>) 2'
	runs cur 'main (app.py);make (<string>) 4' 'main (app.py);make (<string>) 8'
	is "$(same)" "main (app.py) 3 12
make (<string>) 3 12"
	runs base 'main (/w/3/shop/main.py);load (/w/3/shop/db/load.py) 2|main (/w/3/shop/main.py) 1' \
		'main (/w/1/shop/main.py);load (/w/1/shop/db/load.py) 4|main (/w/1/shop/main.py);rare (/w/1/shop/rare.py) 8'
	runs cur 'main (/w/2/shop/main.py);load (/w/2/shop/db/load.py) 16' \
		'main (/w/4/shop/main.py);load (/w/4/shop/db/load.py) 32|main (/w/4/shop/main.py);rare (/w/4/shop/rare.py) 64'
	is "$(same)" "main (/w/2/shop/main.py) 15 112
load (/w/2/shop/db/load.py) 6 48
rare (/w/4/shop/rare.py) 8 64"
	# Swapped, the same.
	is "$(tdiff --json --scale none cur.bin base.bin | jq -c '[.functions[].total | [.baseline, .current]] | sort')" \
		"[[48,6],[64,8],[112,15]]"
	is "$(tdiff --elided cur.bin <(echo 'x 1' | timport) | tfold -t)" "main (/w/2/shop/main.py);load (/w/2/shop/db/load.py) 48
main (/w/2/shop/main.py);rare (/w/4/shop/rare.py) 64"
}

@test "environments of their own are one, too, and a run has both of what it has twice" {
	runs base 'main (/app/main.py);get (/e/1/lib/python3.11/site-packages/requests/api.py) 1' \
		'main (/app/main.py);get (/e/2/lib/python3.12/site-packages/requests/api.py) 2'
	runs cur 'main (/app/main.py);get (/e/3/lib/python3.11/site-packages/requests/api.py) 4' \
		'main (/app/main.py);get (/e/3/lib/python3.11/site-packages/requests/api.py) 8|main (/app/main.py);get (/e/4/lib/python3.11/site-packages/requests/api.py) 16'
	is "$(same)" "main (/app/main.py) 3 28
get (/e/3/lib/python3.11/site-packages/requests/api.py) 3 12
get (/e/4/lib/python3.11/site-packages/requests/api.py) 0 16"
}

@test "runs of two programs, or of two parts of one, are not one for their files' names" {
	local parts=('main (/srv/app/web/main.py);get (/srv/app/db.py) 1' 'main (/srv/app/worker/main.py);get (/srv/app/db.py) 2')
	local two=('main (/srv/a/main.py);f (/srv/a/f.py) 1' 'main (/srv/b/main.py);g (/srv/b/g.py) 2')

	runs base "${parts[@]}"
	runs cur "${parts[@]}"
	is "$(same)" "main (/srv/app/web/main.py) 1 1
get (/srv/app/db.py) 3 3
main (/srv/app/worker/main.py) 2 2"
	runs base "${two[@]}"
	runs cur "${two[@]}"
	is "$(same)" "main (/srv/a/main.py) 1 1
f (/srv/a/f.py) 1 1
main (/srv/b/main.py) 2 2
g (/srv/b/g.py) 2 2"
}

@test "--map makes one of several, as of runs that were built in folders of their own" {
	printf 'main (/build/1/m.py) 2\n' >b1
	printf 'main (/build/2/m.py) 3\n' >b2
	timport -o base.bin b1 b2
	printf 'main (/build/9/m.py) 5\n' | timport -o cur.bin
	is "$(same --map /build/1=/build/9 --map /build/2=/build/9)" "main (/build/9/m.py) 5 5"
}

@test "a large checkout moves with all its files, of whatever name" {
	for i in {1..20}; do
		echo "main (/old/main.py);f$i (/old/p$i/__init__.py) $i" >>b.txt
		echo "main (/new/main.py);f$i (/new/p$i/__init__.py) $i" >>c.txt
	done
	timport -o base.bin b.txt
	timport -o cur.bin c.txt
	is "$(same | awk '$3 != $4 || /old/')" ""
	is "$(same | wc -l)" 21
}

# The pairs of totals tell which functions were made one: each has a number of its own.
pairs() {
	tdiff --json --scale none "$1" "$2" | jq -c "[.functions[].total | [.$3, .$4]] | sort[]"
}

@test "swapped sides have the same functions in common, however files lie" {
	local seed

	for seed in 1 2 3 4 5 6 7 8; do
		for side in b c; do
			awk -v seed="$seed$side" 'BEGIN { srand(seed * 7 + (seed ~ /c/ ? 1000 : 0))
				for (i = 1; i <= 40; i++) {
					path = rand() < 0.8 ? "/" : ""
					for (n = int(rand() * 4); n > 0; n--)
						path = path substr("abc", 1 + int(rand() * 3), 1) "/"
					printf "f (%s%s.py) %d\n", path, substr("xyz", 1 + int(rand() * 3), 1), 2 ^ i } }' >$side.txt
			timport -o $side.bin $side.txt
		done
		is "$(pairs b.bin c.bin baseline current)" "$(pairs c.bin b.bin current baseline)"
		[ "$(pairs b.bin c.bin baseline current | grep -cvE '\[0,|,0\]')" -gt 3 ]
	done
}

@test "markers are one by their kind" {
	sides 'main (/old/m.py);<GC> 2' 'main (/old/m.py);<native> 3' -- 'main (/new/m.py);<GC> 4' 'main (/new/m.py);<torn> 3'
	is "$(same)" "main (/new/m.py) 5 7
<native> () 3 0
<GC> () 2 4
<torn> () 0 3"
}

# Before 3.11 code objects know "render"; 3.12 tells "Page.render".
bare() {
	printf '%s\n' 'main (/app/m.py);render (/app/m.py) 4' 'main (/app/m.py);draw (/app/m.py) 2' \
		'main (/app/m.py);inner (/app/m.py) 1' | compose python=3.10 id=1
}

qualified() {
	printf '%s\n' 'main (/app/m.py);Page.render (/app/m.py) 4' 'main (/app/m.py);A.draw (/app/m.py) 1' \
		'main (/app/m.py);B.draw (/app/m.py) 1' 'main (/app/m.py);f.<locals>.inner (/app/m.py) 1' |
		compose python=3.12 id=2
}

@test "a bare name of 3.10 is the only qualified one of its file that ends so, and of several none" {
	bare >base.bin
	qualified >cur.bin
	is "$(same)" "main (/app/m.py) 7000000 7000000
A.draw (/app/m.py) 0 1000000
B.draw (/app/m.py) 0 1000000
Page.render (/app/m.py) 4000000 4000000
draw (/app/m.py) 2000000 0
f.<locals>.inner (/app/m.py) 1000000 1000000"
	bare >cur.bin
	qualified >base.bin
	is "$(same)" "main (/app/m.py) 7000000 7000000
A.draw (/app/m.py) 1000000 0
B.draw (/app/m.py) 1000000 0
draw (/app/m.py) 0 2000000
inner (/app/m.py) 1000000 1000000
render (/app/m.py) 4000000 4000000"
}

@test "where no version is known, a side without any qualified name has bare ones" {
	sides 'main (m.py);render (m.py) 4' -- 'main (m.py);Page.render (m.py) 4'
	is "$(same)" "main (m.py) 4 4
Page.render (m.py) 4 4"
	sides 'main (m.py);render (m.py) 4' 'A.f (m.py) 1' -- 'main (m.py);Page.render (m.py) 5'
	is "$(same)" "A.f (m.py) 1 0
main (m.py) 4 5
Page.render (m.py) 0 5
render (m.py) 4 0"
}

@test "where both Pythons know qualified names a bare one is its own" {
	printf 'main (/app/m.py);render (/app/m.py) 4\n' | compose python=3.11 id=1 >base.bin
	printf 'main (/app/m.py);Page.render (/app/m.py) 4\n' | compose python=3.12 id=2 >cur.bin
	is "$(same)" "main (/app/m.py) 4000000 4000000
Page.render (/app/m.py) 0 4000000
render (/app/m.py) 4000000 0"
}

@test "a bare name in a checkout that moved is found all the same" {
	printf 'main (/old/m.py);render (/old/m.py) 4\n' | compose python=3.10 id=1 >base.bin
	printf 'main (/new/m.py);Page.render (/new/m.py) 4\n' | compose python=3.12 id=2 >cur.bin
	is "$(same)" "main (/new/m.py) 4000000 4000000
Page.render (/new/m.py) 4000000 4000000"
	run -0 --separate-stderr tdiff --json --scale none cur.bin base.bin
	is "$(jq -r '.functions[] | "\(.function) (\(.file)) \(.total.baseline) \(.total.current)"' <<<"$output")" \
		"main (/old/m.py) 4000000 4000000
render (/old/m.py) 4000000 4000000"
}

@test "--match says what makes places one" {
	sides 'main (/app/m.py:3);load (/app/io.py:7) 2' 'main (/app/m.py:4);load (/app/io.py:8) 3' \
		-- 'main (/app/m.py:3);load (/app/io.py:7) 2' 'main (/app/m.py:5);save (/app/io.py:8) 3'
	stacks_of() {
		tdiff --json --scale none "$@" base.bin cur.bin | stacks
	}
	is "$(stacks_of)" "main;load: improvement, self 5 2 -60, total 5 2 -60
main;save: new, self 0 3 100, total 0 3 100"
	is "$(stacks_of --match function)" "$(stacks_of)"
	is "$(stacks_of --match line)" "main;load: unchanged, self 2 2 0, total 2 2 0
main;load: gone, self 3 0 -100, total 3 0 -100
main;save: new, self 0 3 100, total 0 3 100"
	is "$(stacks_of --match file)" "m.py;io.py: unchanged, self 5 5 0, total 5 5 0"
	is "$(stacks_of --match module)" "m;io: unchanged, self 5 5 0, total 5 5 0"
	run -2 --separate-stderr tdiff --match name base.bin cur.bin
	is "${stderr_lines[0]}" "tdiff: --match: \"name\" is none of function|line|file|module"
}

@test "modules are one where their files are not" {
	sides 'main (/old/m.py);load (/old/lib/io.py) 2' -- 'main (/x/m.py);load (/y/io.py) 2'
	is "$(tdiff --json --match module base.bin cur.bin | figures)" \
		"m: unchanged, self 0 0 0, total 2 2 0
io: unchanged, self 2 2 0, total 2 2 0"
}

@test "what is one does not depend on the order of the profiles" {
	for i in 1 2 3; do
		printf '%s\n' "main (/old/m.py);f$i (/old/a$i.py) $i" "main (/old/m.py);g$i (/old/b$i.py) $i" >b$i.txt
		printf '%s\n' "main (/new/m.py);g$i (/new/b$i.py) $i" "main (/new/m.py);f$i (/new/a$i.py) $i" >c$i.txt
		timport -o b$i.bin b$i.txt
		timport -o c$i.bin c$i.txt
	done
	tdiff -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin >there
	tdiff -b b3.bin -b b1.bin -b b2.bin -c c2.bin -c c3.bin -c c1.bin >other
	cmp there other
	tdiff <(tfold b2.bin b3.bin b1.bin) <(tfold c3.bin c2.bin c1.bin) | cmp there -
}

# Real programs: a project with a package in an environment, and a module of the standard library.

# A checkout in folder $1, which has packages of Python $2.
checkout() {
	local packages=$1/env/lib/python$2/site-packages

	mkdir -p "$1/shop" "$packages/tables"
	cat >"$packages/tables/__init__.py" <<-'EOF'
	class Table:
	    def sort(self, n):
	        x = 0
	        for i in range(n):
	            x += i * i
	        return x
	EOF
	cat >"$1/shop/pages.py" <<-'EOF'
	import colorsys
	import tables
	class Page:
	    def render(self, n):
	        x = tables.Table().sort(n)
	        for i in range(n):
	            x += i
	            colorsys.rgb_to_hls(x % 7 / 7, x % 5 / 5, x % 3 / 3)
	EOF
	cat >"$1/shop/main.py" <<-'EOF'
	import sys
	sys.path.insert(0, sys.argv[1])
	import pages
	def main():
	    for _ in range(20):
	        pages.Page().render(20000)
	main()
	EOF
	echo "$packages"
}

# sample OUT FOLDER PATTERN: a run of a checkout in the folder with the first Python of that version.
sample() {
	local version command packages

	while IFS=$'\t' read -r version command; do
		# shellcheck disable=SC2053 # a glob
		[[ $version == $3 ]] && break
		command=
	done < <("$here/pythons" list)
	[ -n "$command" ] || skip "there is no CPython $3 here"
	packages=$(checkout "$2" "${version%.*}")
	# shellcheck disable=SC2086 # a command line
	tsample -q -o "$1" -- $command "$2/shop/main.py" "$packages"
}

# Which functions of theirs are on both sides, and as what.
both_sides() {
	tdiff --json base.bin cur.bin | jq -r --arg here "$PWD/" '.functions[] |
		select((.file | test("/(shop|tables)/|colorsys")) and .function != "<module>") |
		select(.total.baseline > 0 and .total.current > 0) |
		"\(.function) (\(.file | sub(".*/colorsys"; "colorsys") | sub($here; "")))"' | sort
}

@test "another checkout, another environment and another Python are the same program" {
	need tsample
	can_attach
	sample base.bin "$PWD/old" '3.11.*'
	sample cur.bin "$PWD/new/8" '3.14.*'
	is "$(both_sides)" "Page.render (new/8/shop/pages.py)
Table.sort (new/8/env/lib/python3.14/site-packages/tables/__init__.py)
main (new/8/shop/main.py)
rgb_to_hls (colorsys.py)"
}

@test "a Python that knows bare names and one that knows qualified ones run the same program" {
	need tsample
	can_attach
	sample base.bin "$PWD/old" '3.10.*'
	sample cur.bin "$PWD/new" '3.12.*'
	is "$(both_sides)" "Page.render (new/shop/pages.py)
Table.sort (new/env/lib/python3.12/site-packages/tables/__init__.py)
main (new/shop/main.py)
rgb_to_hls (colorsys.py)"
}
