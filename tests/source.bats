#!/usr/bin/env bats
# Source files in the stream: tsample --source.

load helper

setup() {
	need tsample tfold
	can_attach
	cd "$BATS_TEST_TMPDIR" || return
	python=$(a_python)
}

# texts STREAM: the source records of a stream, as "PATH BYTES-OF-ALL-PIECES SHA-256", sorted.
texts() {
	tfold -q --compress none "$1" >folded
	"$python" "$here/reader.py" folded | sed -n 's/^portable 4e //p' | "$python" -c '
import sys

def number(b):
    n = shift = 0
    while True:
        byte = b.pop(0)
        n, shift = n | (byte & 127) << shift, shift + 7
        if byte < 128:
            return n

def take(b, n):
    taken, b[:n] = bytes(b[:n]), b""
    return taken

sums = {}
for line in sys.stdin:
    b = bytearray.fromhex(line)
    file, hash, total, offset = take(b, number(b)).decode(), take(b, 32).hex(), number(b), number(b)
    sums[file, hash] = sums.get((file, hash), 0) + number(b)
for (file, hash), n in sorted(sums.items()):
    print(file, n, hash)'
}

# of FILE...: what texts() says of these.
of() {
	local file

	for file; do
		echo "$file $(stat -c %s "$file") $(sha256sum <"$file" | cut -d ' ' -f 1)"
	done
}

write_app() {
	printf 'import os, sys\ndef read(): sys.stdin.read()\nos.write(9, b"x\\n")\nread()\n' >"$1"
}

@test "--source puts the files of all functions that were seen into the stream" {
	write_app app.py
	touch -d '1 hour ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	run -0 --separate-stderr tsample -q --source -n 3 -o run.bin -p "$pid"
	is "$stderr" ""
	is "$(texts run.bin)" "$(of "$PWD/app.py")"
	tsample -q -n 3 -o run.bin -p "$pid"
	is "$(texts run.bin)" ""
}

@test "a file that changed after the process began is left out, and told" {
	write_app app.py
	touch -d '1 hour' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	run -0 --separate-stderr tsample --source -n 3 -o run.bin -p "$pid"
	is "${stderr_lines[0]}" "tsample: 1 source file changed after the process began and is left out"
	is "$(texts run.bin)" ""
}

@test "each part of a run has the files that are seen in it, and folding them has them once" {
	write_app app.py
	touch -d '1 hour ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source --rotate 1s -d 2500ms -o run.bin -p "$pid"
	set -- run*.bin
	[ $# -ge 2 ]
	for part; do
		is "$(texts "$part")" "$(of "$PWD/app.py")"
	done
	tfold -q "$@" >all.bin
	is "$(texts all.bin)" "$(of "$PWD/app.py")"
}

@test "files of many megabytes are carried whole" {
	{
		cat <<'APP'
import os, sys
def read(): sys.stdin.read()
os.write(9, b"x\n")
read()
APP
		yes '# a line that nobody runs, and that is as long as lines mostly are' | head -n 200000
	} >app.py
	touch -d '1 hour ago' app.py
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o run.bin -p "$pid"
	is "$(texts run.bin)" "$(of "$PWD/app.py")"
}

@test "the files of a command are carried too, also when it is over before they are read" {
	write_app app.py
	touch -d '1 hour ago' app.py
	printf 'def work(): return sum(range(3000000))\nfor i in range(20): work()\n' >work.py
	touch -d '1 hour ago' work.py
	tsample -q --source -o run.bin -- "$python" "$PWD/work.py"
	is "$(texts run.bin | grep -F "$PWD")" "$(of "$PWD/work.py")"
}

@test "the text of a frozen module is that of its file in the library" {
	cat >app.py <<'APP'
import collections.abc, json, os, sys
class Map(collections.abc.Mapping):
    def __getitem__(self, key): return sys.stdin.read()
    def __iter__(self): return iter(())
    def __len__(self): return 0
os.write(9, b"x\n")
json.dumps(object(), default=lambda value: Map().get(1))
APP
	touch -d '1 hour ago' app.py
	library=$("$python" -c 'import os; print(os.path.dirname(os.__file__))')
	start "$python" "$PWD/app.py"
	until parked "$pid"; do :; done
	tsample -q --source -n 3 -o run.bin -p "$pid"
	is "$(texts run.bin | grep '^<frozen _c')" "$(of "$library/_collections_abc.py" | sed 's|^[^ ]*|<frozen _collections_abc>|')"
}
