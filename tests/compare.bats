#!/usr/bin/env bats
# What tdiff makes of recordings of real programs: equal ones, and some with a planted change.
#
# The archive is what tests/oracle/compare/record and pack made on CPython 3.11; `make oracle`
# does the same with new recordings.

load helper

@test "of recorded equals one pair in twenty shows a change at most, and nine in ten of planted ones do" {
	need tdiff python3 zstd
	zstd -dcq --long=27 "$here/oracle/recorded/compare.tar.zst" | tar -x -C "$BATS_TEST_TMPDIR"
	run -0 --separate-stderr python3 "$here/oracle/compare/judge.py" "$BATS_TEST_TMPDIR"
	is "$stderr" ""
}
