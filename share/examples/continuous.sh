#!/bin/sh
#
# continuous.sh [-t pyroscope|parca] [-e EVERY] [-r RATE] [-l KEY=VALUE]... URL SERVICE PID
#
# Samples a process as long as it runs, and sends what it did to a server of Pyroscope or Parca,
# every 15 seconds as a profile of pprof. What cannot be sent waits for the next time, and the
# last 100 of it are kept. Needs curl and jq.
#
#	continuous.sh -l env=prod http://localhost:4040 shop 4242
#	continuous.sh -t parca http://localhost:7070 shop 4242

set -eu

type=pyroscope
every=15s
rate=100
labels='[{"name": "__name__", "value": "wall"}]'

usage() {
	sed -n 's/^# \(continuous.sh .*\)/usage: \1/p' "$0" >&2
	exit 2
}

# label NAME VALUE: adds it to the labels of all that is sent.
label() {
	labels=$(echo "$labels" | jq -c --arg name "$1" --arg value "$2" '. + [{name: $name, value: $value}]')
}

while getopts t:e:r:l: option; do
	case $option in
	t) type=$OPTARG ;;
	e) every=$OPTARG ;;
	r) rate=$OPTARG ;;
	l) label "${OPTARG%%=*}" "${OPTARG#*=}" ;;
	*) usage ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 3 ] || usage
# shellcheck disable=SC2016 # $labels is jq's
case $type in
pyroscope)
	url=$1/push.v1.PusherService/Push
	body='{series: [{labels: $labels, samples: [{rawProfile: .}]}]}'
	;;
parca)
	url=$1/api/profiles/writeraw
	body='{series: [{labels: {labels: $labels}, samples: [{rawProfile: .}]}]}'
	;;
*) usage ;;
esac
label service_name "$2"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tsample -a -r "$rate" --rotate "$every" --keep 100 -o "$work/part.bin" -p "$3" &
sampler=$!
trap 'kill "$sampler"' INT TERM

# send PART: false when the part is not whole yet, or the server does not take it.
send() {
	texport -q -o "$work/pb.gz" pprof "$1" 2>/dev/null || return
	base64 -w 0 "$work/pb.gz" | jq -Rc --argjson labels "$labels" "$body" |
		curl -fsS -H 'Content-Type: application/json' --data-binary @- "$url" >"$work/answer"
}

# When the sampler has ended, its last part is whole.
while :; do
	going=yes
	kill -0 "$sampler" 2>/dev/null || going=
	for part in "$work"/part-*.bin; do
		if [ -e "$part" ] && send "$part"; then rm "$part"; fi
	done
	[ "$going" ] || break
	sleep 1
done
wait "$sampler"
