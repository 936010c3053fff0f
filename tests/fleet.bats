#!/usr/bin/env bats
# Fleets: the profiles of many machines made one, and profiles that go to a server all the time.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tfold texport
	cd "$BATS_TEST_TMPDIR" || return
}

# The lines of tachytools(7) that begin with $1.
recipe() {
	sed -n "s/^\.Dl \($1 .*\)/\1/p" "$root/man/tachytools.7"
}

# Profiles 1 to $1, each with a run of its own, in this folder: tiny.bin with other ids.
many() {
	python3 - "$golden/tiny.bin" "$1" <<'PY'
import struct, sys, zlib
tiny = bytearray(open(sys.argv[1], "rb").read())
stored = struct.unpack("<I", tiny[8:12])[0]
for i in range(1, int(sys.argv[2]) + 1):
    tiny[0x28:0x38] = struct.pack(">QQ", i, 7)
    tiny[16:20] = struct.pack("<I", zlib.crc32(tiny[24:24 + stored]))
    tiny[20:24] = struct.pack("<I", zlib.crc32(tiny[:20]))
    with open(f"{i:05}.bin", "wb") as file:
        file.write(tiny)
PY
}

golden=$here/golden

@test "the profiles of many machines become one, through GNU parallel and ssh" {
	local line machine

	need parallel
	line=$(recipe parallel)
	[ -n "$line" ]
	printf 'a\nb\nc\n' >machines
	for machine in a b c; do
		mkdir -p "root-$machine/var/profiles"
		"$root/build/tests/bench/samples" 300 2 40 "$((${#machine} + 2))" >"root-$machine/var/profiles/one.bin"
	done
	cp "$golden/threads.bin" root-b/var/profiles/two.bin
	# What ssh would do, without a network: runs what it is given, at the root of the machine,
	# with the SHELL that sshd sets.
	printf '#!/bin/bash\ncd "root-$1" && shift && [ "$1" != -- ] || shift; SHELL=/bin/bash exec bash -c "$*"\n' >ssh
	chmod +x ssh
	PARALLEL_SSH=$PWD/ssh HOME=$PWD bash -o pipefail -c "${line//\/var/var}" </dev/null
	tfold -q -o wanted.bin root-*/var/profiles/*.bin
	cmp fleet.bin wanted.bin
}

@test "thousands of files are folded as a tree, and give what one tfold would" {
	local line

	need parallel
	line=$(recipe find)
	[ -n "$line" ]
	mkdir profiles
	(cd profiles && many 500)
	HOME=$PWD bash -o pipefail -c "$line" </dev/null
	tfold -q --sum -o wanted.bin profiles/*.bin
	cmp fleet.bin wanted.bin
	is "$(tfold -t fleet.bin)" "<module> (/app.py);work (/app.py) 500"
}

@test "10,000 small profiles are folded in little memory" {
	many 10000
	run -0 --separate-stderr bash -c 'ulimit -v 80000; tfold -o all [0-9]*.bin'
	is "$stderr" "tfold: summed 10,000 runs: their spread is not known any more"
	is "$(tfold -t all)" "<module> (/app.py);work (/app.py) 10000"
}

@test "10,000 profiles of 200 samples each are folded in 100 MB, and none is lost" {
	"$root/build/tests/bench/samples" 200 2 50 10000 >many.bin
	run -0 --separate-stderr bash -c 'ulimit -v 100000; tfold -o all many.bin'
	is "$(tfold -t all | awk '{ n += $NF } END { print n }')" 2000000
}

# The sums of samples of the profiles that the receiver got, and the times at which they begin.
uploads() {
	local file

	for file in got/*[0-9]; do
		jq -r '.body.series[0].samples[0].rawProfile' "$file" | base64 -d >pb.gz
		go tool pprof -raw pb.gz 2>/dev/null | awk '/^Time:/ { time = $2 " " $3 }
			/^Samples:/ { inside = 1; next }
			/^Locations/ { inside = 0 }
			inside && $2 ~ /:$/ { n += $1 }
			END { print time, n + 0 }'
	done
}

# Samples a service for some parts with the options $@, and ends it.
continuous() {
	local server script status=0 python

	can_attach
	need curl jq go tsample
	python=$(a_python)
	mkdir got
	start "$python" "$here/receiver.py" got
	server=http://127.0.0.1:$report
	start "$python" -c 'import os, sys
os.write(int(sys.argv[1]), b"ready\n")
while True: sum(range(10000))'
	"$root/share/examples/continuous.sh" -e 1s -r 100 -l env=test "$@" "$server" shop "$pid" 2>said 3>&- &
	script=$!
	own+=("$script")
	until [ -e got/3 ]; do
		kill -0 "$script"
	done
	kill "$pid"
	wait "$script" || status=$?
	is "$status" 0
}

@test "what a process does goes to Pyroscope part by part, and what it did not take goes again" {
	continuous
	is "$(jq -c '[.path, .type, .body.series[0].labels]' got/1)" \
		'["/push.v1.PusherService/Push","application/json",[{"name":"__name__","value":"wall"},{"name":"env","value":"test"},{"name":"service_name","value":"shop"}]]'
	uploads >sums
	is "$(awk '{ n += $NF } END { print n }' sums)" "$(sed -nE 's/.* other threads?.*, ([0-9,]+) samples;.*/\1/p; s/.*; 1 thread, ([0-9,]+) samples.*/\1/p' said | tr -d ,)"
	is "$(cut -d ' ' -f 1,2 sums | sort)" "$(cut -d ' ' -f 1,2 sums | sort -u)"
}

@test "or to Parca" {
	continuous -t parca
	is "$(jq -c '[.path, .body.series[0].labels.labels[2]]' got/1)" \
		'["/api/profiles/writeraw",{"name":"service_name","value":"shop"}]'
	uploads >sums
	[ "$(wc -l <sums)" -ge 3 ]
}
