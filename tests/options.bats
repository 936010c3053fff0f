#!/usr/bin/env bats
# Options: the table of a tool, its manual and the alphabet of the suite say the same.

load helper

setup() {
	[ ${#tools[@]} -gt 0 ] || skip "there are no tools yet"
}

# each FUNCTION: for every tool; goes on after failures.
each() {
	local tool failed=0

	for tool in "${tools[@]}"; do
		need "$tool"
		"$1" "$tool" || {
			echo "($tool)"
			failed=1
		}
	done
	return $failed
}

# "-p --pid", "--by": the options of tool $1, as --help prints them.
helped() {
	"$1" --help | sed -nE 's/^  (-.|  )[, ] (--[a-z-]+)( .*)?$/\1 \2/p' | sed 's/^ *//'
}

# The same from its manual.
manual() {
	sed -nE 's/^\.It Fl -([a-z-]+).*/--\1/p
		s/^\.It Fl (.) , -([a-z-]+).*/-\1 --\2/p' "$root/man/$1.1"
}

same_options() {
	is "$(manual "$1" | sort)" "$(helped "$1" | sort)"
}

@test "the manual of a tool has the options of its table, and no others" {
	each same_options
}

same_sentence() {
	is "$("$1" --help | head -n 1)" "$1: $(sed -n 's/^\.Nd //p' "$root/man/$1.1")"
}

@test "the first line of --help is the NAME of the manual" {
	each same_sentence
}

same_values() {
	is "$(sed -nE 's/^\.It Fl (. , )?-([a-z-]+) Ar ([^ ]+).*/\2 \3/p' "$root/man/$1.1" | sort)" \
		"$("$1" --help | grep -E '^  (-.|  )[, ] --[a-z-]+ [A-Z|=]+ ' | sed -nE 's/^  (-.|  )[, ] --([a-z-]+) ([^ ]+) .*/\2 \3/p' | grep -v '|' | sort)"
}

@test "a value has the same name in the manual and in --help" {
	each same_values
}

# -n is "at most so many": samples of a run, and rows of a table.
@test "a letter means the same in every tool" {
	local tool

	for tool in "${tools[@]}"; do
		need "$tool"
		helped "$tool" | grep -E '^-[^-]' || :
	done | sed 's/^-n --limit$/-n --samples/' | sort -u >"$BATS_TEST_TMPDIR/letters"
	is "$(cut -c 1-2 "$BATS_TEST_TMPDIR/letters" | uniq -d)" ""
	is "$(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/letters" | sort | uniq -d)" ""
}

@test "tachytools(7) prints the alphabet" {
	local tool letter word

	[ -e "$root/man/tachytools.7" ] || skip "there is no man/tachytools.7 yet"
	for tool in "${tools[@]}"; do
		helped "$tool" | grep -E '^-[^-]'
	done | sort -u | while read -r letter word; do
		grep -qE "^\.It (Sy|Fl) (${letter#-}|${letter})( |$).*" "$root/man/tachytools.7" ||
			echo "$letter $word"
	done >"$BATS_TEST_TMPDIR/left-out"
	is "$(cat "$BATS_TEST_TMPDIR/left-out")" ""
}

knows_itself() {
	run -0 --separate-stderr "$1" --version
	matches "$output" "$1 \(tachytools\) [0-9]+\.[0-9]+\.[0-9]+" || return
	run -0 --separate-stderr "$1" -V
	is "$stderr" "" || return
	run -0 --separate-stderr "$1" -h
	is "$output" "$("$1" --help)"
}

@test "every tool knows its version and its help, by letter and by word" {
	each knows_itself
}

refuses_options() {
	run -2 --separate-stderr "$1" --no-such-option
	is "$output" "" || return
	is "$stderr" "$1: --no-such-option: there is no such option
hint: try \"$1 --help\""
}

@test "an option that does not exist is wrong usage" {
	each refuses_options
}

fits() {
	! "$1" --help | awk 'length > 100 { print; found = 1 } END { exit !found }'
}

@test "--help fits a terminal of 100 columns" {
	each fits
}
