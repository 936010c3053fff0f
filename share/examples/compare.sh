#!/bin/sh
#
# compare.sh [-n RUNS] [-g GATE] BASE CURRENT COMMAND...
#
# Runs the command in two folders, such as two checkouts of a program, in turn, and compares: so
# what the machine does meanwhile meets both. Prints the comparison, leaves diff.html here, and,
# if jq is there and its filter where they were installed, a comment for a pull request in
# comment.md. The status is that of tdiff: 3 when the gate trips, 4 when nothing can be said yet.
#
#	git worktree add /tmp/base main
#	compare.sh -n 5 -g 'self:>20%' /tmp/base . python3 bench.py

set -eu

share=${TACHYTOOLS:-/usr/local/share/tachytools}
runs=5
gate='self:>20%'

usage() {
	sed -n 's/^# \(compare.sh .*\)/usage: \1/p' "$0" >&2
	exit 2
}

while getopts n:g: option; do
	case $option in
	n) runs=$OPTARG ;;
	g) gate=$OPTARG ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 3 ] || usage
base=$1
current=$2
shift 2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for i in $(seq "$runs"); do
	(cd "$base" && tsample -q -o "$work/base-$i.bin" -- "$@")
	(cd "$current" && tsample -q -o "$work/current-$i.bin" -- "$@")
done
tfold -o "$work/base.bin" "$work"/base-*.bin
tfold -o "$work/current.bin" "$work"/current-*.bin

tdiff "$work/base.bin" "$work/current.bin" | tflame -o diff.html
if command -v jq >/dev/null && [ -e "$share/jq/comment.jq" ]; then
	tdiff --json "$work/base.bin" "$work/current.bin" | jq -rf "$share/jq/comment.jq" >comment.md
fi
tdiff -t --gate "$gate" "$work/base.bin" "$work/current.bin"
