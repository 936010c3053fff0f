# shellcheck shell=bash disable=SC2034,SC2154 # what bats sets, and what the tests read
# tests/helper.bash: what every bats file loads.
#
# The tools are those of build/ (or of $BUILD). Nothing is written outside of
# $BATS_TEST_TMPDIR, nothing sleeps, and only what a test started is ended.

bats_require_minimum_version 1.5.0

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${here%/*}
build=${BUILD:-$root/build}
export PATH=$build:$PATH LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$HOME/.cache}
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP

tools=()
for source in "$root"/bin/*.c; do
	[ ! -e "$source" ] || tools+=("$(basename "$source" .c)")
done

# is GOT WANTED: the texts are the same; if not, how they differ.
is() {
	[ "$1" = "$2" ] || {
		diff -u --label wanted --label got <(printf '%s\n' "$2") <(printf '%s\n' "$1") |
			cut -c -400 | head -n 40
		return 1
	}
}

# matches GOT PATTERN: an extended regular expression describes all of the text.
matches() {
	[[ $1 =~ ^($2)$ ]] || {
		printf 'wanted a match of: %s\ngot: %s\n' "$2" "$1"
		return 1
	}
}

fail() {
	printf '%s\n' "$@"
	return 1
}

# need TOOL...: skips the test when one of them is not built, or not installed.
need() {
	local tool

	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not here"
	done
}

# Skips where no terminal can be made.
need_terminal() {
	script -qec true /dev/null >/dev/null 2>&1 </dev/null || skip "script(1) cannot make a terminal here"
}

# Processes: what a test starts, ends with it.

own=()

end_own() {
	local pid

	for pid in "${own[@]}"; do
		kill -KILL "$pid" || :
		wait "$pid" || :
	done 2>/dev/null
	own=()
}

teardown() {
	end_own
}

# Whether every thread of process $1 is blocked in read(0, ...), or waits for a lock without
# a limit (the GIL is waited for with one).
parked() {
	local file line

	for file in /proc/"$1"/task/*/syscall; do
		read -r line 2>/dev/null <"$file" || return 1
		[[ $line =~ ^(0\ 0x0|202\ [^\ ]+\ [^\ ]+\ [^\ ]+\ 0x0|271\ [^\ ]+\ [^\ ]+\ 0x0)\  ]] || return 1
	done
}

# start COMMAND...: runs it with 9, the number of a descriptor, as its last argument, and waits
# for the line that it says there. Sets pid, report, and hold, where a line sets it free.
start() {
	local dir

	dir=$(mktemp -d "$BATS_TEST_TMPDIR/start-XXXXXX")
	mkfifo "$dir/ready" "$dir/hold"
	exec {hold}<>"$dir/hold"
	"$@" 9 9>"$dir/ready" <"$dir/hold" >"$dir/out" 2>"$dir/err" 3>&- {hold}>&- &
	pid=$!
	own+=("$pid")
	IFS= read -r -t 60 report <"$dir/ready" || :
	[ -n "$report" ] || fail "\"$*\" did not get ready:" "$(tail -n 5 "$dir/err")"
}

# park PYTHON... TARGET: starts tests/targets/TARGET.py and waits until it stands still.
park() {
	start "${@:1:$#-1}" "$(targets)/${*: -1}.py" || return
	until parked "$pid"; do
		kill -0 "$pid" || {
			fail "${*: -1}.py has ended"
			return
		}
	done
}

# A copy of the targets where a chroot sees it too.
targets() {
	local copy=$BATS_FILE_TMPDIR/targets

	[ -d "$copy" ] || cp -r "$here/targets" "$copy"
	echo "$copy"
}

# The collapsed stack that park() was told of thread $1, with lines, as tfold(1) prints it.
collapsed() {
	jq -r --arg thread "$1" '
		def digit: "0123456789abcdef"[.:. + 1];
		def escape: explode[0] | "\\x" + (. / 16 | floor | digit) + (. % 16 | digit);
		.[$thread] | map((if .[1] then "\(.[0]) (\(.[1]):\(.[2]))" else .[0] end) |
			if test("[\u0001-\u001f\u007f;\\\\]")
			then gsub("(?<c>[\u0001-\u001f\u007f;\\\\])"; .c | escape) else . end) |
		join(";")' <<<"$report"
}

# each_python PATTERN FUNCTION ARGS...: calls FUNCTION ARGS VERSION COMMAND... for every CPython
# whose version matches the glob; goes on after failures, and fails if one did.
each_python() {
	each_of list "$@"
}

# The same of debug builds, which are not among the others.
each_debug() {
	each_of debug "$@"
}

each_of() {
	local builds=$1 pattern=$2 version command failed=0 found=0
	local list=$BATS_RUN_TMPDIR/pythons-$builds

	shift
	if [ ! -e "$list" ]; then
		"$here/pythons" "$builds" >"$list.$$"
		mv "$list.$$" "$list"
	fi
	while IFS=$'\t' read -r version command <&4; do
		# shellcheck disable=SC2053 # a glob
		[[ $version == $pattern ]] || continue
		found=1
		# shellcheck disable=SC2086 # a command line
		"${@:2}" "$version" $command || failed=1
	done 4<"$list"
	[ $found = 1 ] || skip "there is no CPython ${pattern%.*} here ($builds)"
	return $failed
}

# Skips where this user may not look into the processes that a test starts.
can_attach() {
	local scope=/proc/sys/kernel/yama/ptrace_scope

	[ "$(id -u)" -ne 0 ] && [ -e $scope ] && [ "$(cat $scope)" -ne 0 ] &&
		skip "Yama lets only root look into other processes here"
	return 0
}

# A CPython that tsample knows, for tests that need only one: the machine's, if it will do.
a_python() {
	local python

	for python in /usr/bin/python3 "$(command -v python3)"; do
		if "$python" -I -S -c 'import sys; sys.exit(not (3, 11) <= sys.version_info)'; then
			echo "$python"
			return
		fi
	done 2>/dev/null
	skip "there is no python3 of 3.11 or later here"
}

# Of what tdiff --json wrote, on standard input: a line for each function, and for each stack, with
# the baseline, the current side and the difference in percent, of self and of total.

numbers='def number: . * 1000 | round | . / 1000;
	def numbers: "\(.baseline | number) \(.current | number) \(.percent | number)";
	def line: "\(.category), self \(.self | numbers), total \(.total | numbers)";'

figures() {
	jq -r "$numbers"' .functions[] |
		"\(.function)\(if .file == "" then "" else " (\(.file))" end): \(line)"'
}

stacks() {
	jq -r "$numbers"' .stacks[] | "\(.stack | join(";")): \(line)"'
}
