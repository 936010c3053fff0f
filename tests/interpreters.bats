#!/usr/bin/env bats
# Whose threads they are: interpreters, and threads, that come and go while they are sampled.

load helper

setup() {
	need tsample tfold
	can_attach
	reader=$(a_python)
	f=$BATS_TEST_TMPDIR/f
}

threads() {
	"$reader" "$here/oracle/threads.py" "$here/reader.py" "$1"
}

# Waits until the stream that is being written has a frame of that function.
until_seen() {
	until tfold -q -t "$f" 2>/dev/null | grep -q "[;^ ]$1 "; do
		kill -0 "$sampler" 2>/dev/null || fail "$(cat "$f.err")" || return
	done
}

# In each interpreter its own function is seen, and nowhere else.
sees_all() {
	local version=$1

	start "${@:2}" "$(targets)/interpreters.py" || return
	tsample -q -a --compress none -p "$pid" -o "$f" 2>"$f.err" 3>&- &
	sampler=$!
	own+=("$sampler")
	until_seen early || return
	echo >&"$hold"
	until_seen late || return
	kill -TERM "$sampler"
	wait "$sampler" || return
	is "$version $(threads "$f" | cut -d ' ' -f 3 | sort -un | xargs)" "$version 0 1 2" || return
	is "$version $(threads "$f" | grep -c ' 0 1$') $(threads "$f" | grep -c ' [12] 1$')" "$version 1 0"
}

@test "all interpreters are seen, also those created later, with their ids" {
	each_python '3.*' sees_all_and_ends
}

sees_all_and_ends() {
	local status=0

	sees_all "$@" || status=1
	end_own
	return $status
}

# Whether the main thread of the target is blocked in read(0, ...).
main_waits() {
	grep -q '^0 0x0 ' "/proc/$pid/syscall"
}

sees_main() {
	start "${@:2}" "$(targets)/interpreters.py" || return
	until main_waits; do kill -0 "$pid" || return; done
	tsample -q -p "$pid" -o "$f.before" -d 100ms || return
	tsample -q -p "$pid" -o "$f" 2>"$f.err" 3>&- &
	sampler=$!
	own+=("$sampler")
	echo >&"$hold"
	until [ "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" -eq 3 ] &&
		main_waits; do
		kill -0 "$pid" || return
	done
	tsample -q -p "$pid" -o "$f.after" -d 100ms || return
	kill -TERM "$sampler"
	wait "$sampler" || return
	end_own
	is "$1 $(tfold -q -t "$f.before" "$f.after" | sed 's/ (.*;/;/; s/ (.*//' | sort -u)" \
		"$1 <module>;main_waits" || return
	! tfold -q -t "$f" | grep -E '[; ](early|late) '
}

@test "the main thread is the main interpreter's, whichever is the newest" {
	each_python '3.*' sees_main
}

# How many interpreters but the main one have been told.
others() {
	threads "$f" 2>/dev/null | awk '$3 > 0 && !met[$3]++ { n++ } END { print n + 0 }'
}

# Interpreters at addresses that others had are others.
outlives_interpreters() {
	local version=$1

	start "${@:2}" "$(targets)/interpreters.py" coming || return
	tsample -q -a -r 2khz --compress none -p "$pid" -o "$f" 2>"$f.err" 3>&- &
	sampler=$!
	own+=("$sampler")
	until [ "$(others)" -gt 3 ]; do
		kill -0 "$sampler" 2>/dev/null || fail "$version" "$(cat "$f.err")" || return
	done
	kill -TERM "$sampler"
	wait "$sampler" || return
	end_own
	is "$version $(threads "$f" | awk '$4 { print $3 }')" "$version 0"
}

@test "interpreters come and go" {
	each_python '3.*' outlives_interpreters
}

# Thousands a second: whoever is told has numbers that are its own; 0 is unknown, of one that
# ended before the kernel could be asked.
outlives_threads() {
	local version=$1

	start "${@:2}" "$(targets)/passing.py" || return
	tsample -q -a -r 1khz --compress none -p "$pid" -d 2 -o "$f" || return
	echo >&"$hold"
	wait "$pid" || return
	unset 'own[-1]'
	threads "$f" | awk '{ print $1, $2 }' | LC_ALL=C sort -u >"$f.told" || return
	awk '{ print; print 0, $2 }' "${f%/*}"/start-*/out | LC_ALL=C sort -u >"$f.true"
	rm -r "${f%/*}"/start-*
	is "$version $(LC_ALL=C comm -23 "$f.told" "$f.true")" "$version " || return
	[ "$(wc -l <"$f.told")" -gt 8 ]
}

@test "threads come and go, thousands a second" {
	each_python '3.*' outlives_threads
}
