#!/usr/bin/env bats
# tsample --offsets: a version of CPython is read by a table in a file.

load helper

setup() {
	need tsample tfold jq
	can_attach
	f=$BATS_TEST_TMPDIR/f
	column=$([ "$(uname -m)" = aarch64 ] && echo 5 || echo 4)
}

# The table of version $1 as a file of offsets, with nothing taken from the tables in tsample.
table() {
	echo "minor ${1#3.}"
	awk -F '[(), ]+' -v column="$column" '/^OFFSET/ { print $2, $column == "NONE" ? "-" : $column }' \
		"$root/share/cpython/$1.def"
}

# Samples the target by the file, and compares with what it said of itself; then the same
# with names as the table has it that knows no qualified ones.
by_table() {
	local version=${1%.*}

	park "${@:2}" classes || return
	table "$version" >"$f.table"
	tsample -q -n 100 --offsets "$f.table" -p "$pid" -o "$f" || return
	is "$1 $(tfold -t -l "$f")" "$1 $(collapsed MainThread) 100" || return
	echo "code_qualname -" >>"$f.table"
	tsample -q -n 100 --offsets "$f.table" -p "$pid" -o "$f" || return
	end_own
	is "$1 $(tfold -t -l "$f")" "$1 $(collapsed MainThread | sed -E 's/(^|;)[^;()]*\.([^;.() ]+) \(/\1\2 (/g') 100"
}

@test "every version is read by a file as by the table that it was made of" {
	each_python '*' by_table
}

by_another() {
	park "${@:2}" classes || return
	printf '%s\n' "like 3.15" "minor 16" >"$f.table"
	tsample -q -n 100 --offsets "$f.table" -p "$pid" -o "$f" || return
	is "$1 $(tfold -t -l "$f")" "$1 $(collapsed MainThread) 100"
	end_own
}

@test "a file for another version changes nothing" {
	each_python '3.11.*' by_another
}

# refused FACT [HINT]: the file, before anything is done; a command is not started.
refused() {
	run -125 --separate-stderr tsample --offsets "$f.table" -o "$f" -- touch "$f.touched"
	is "$stderr" "tsample: $f.table: $1${2:+$'\n'hint: $2}"
	[ ! -e "$f" ]
	[ ! -e "$f.touched" ]
}

@test "a file that is no table is refused with its line, before anything is done" {
	refused "No such file or directory"
	printf '%s\n' "like 3.11" "" "frame_place 8" >"$f.table"
	refused "line 3: this is no field and its offset"
	printf '%s\n' "like 3.11" "thread_next 12" >"$f.table"
	refused "line 2: this is no field and its offset"
	printf '\377\376\n' >"$f.table"
	refused "line 1: this is no field and its offset"
	head -c 70000 /dev/zero | tr '\0' '\n' >"$f.table"
	refused "this is no file of offsets: it is too long"
	echo "thread_next 8" >"$f.table"
	refused "it does not say which version it is for" 'begin the file with "like 3.15", or add "minor 15"'
	echo "minor 11" >"$f.table"
	refused "offsets are missing" 'begin the file with "like 3.15"'
	run -1 --separate-stderr tsample --offsets "$f.table" -o "$f" -p $$
	is "${stderr_lines[0]}" "tsample: $f.table: offsets are missing"
}

contradicts() {
	local field

	park "${@:2}" recursion || return
	for field in "code_lines 1016" "code_names 1016" "code_stack 1020" "code_locals 1020"; do
		printf '%s\n' "like 3.11" "$field" >"$f.table"
		run -1 --separate-stderr tsample --offsets "$f.table" -o "$f" -p "$pid"
		is "$field: $stderr" "$field: tsample: $f.table: these offsets contradict each other" || return
	done
	end_own
}

@test "offsets that contradict each other are refused" {
	each_python '3.11.*' contradicts
}
