#!/usr/bin/env bats
# The instruction of each frame, as the interpreter itself lists it; and what is no Python.

load helper

setup() {
	need tsample tfold jq
	can_attach
}

same_table() {
	local version=$1 table

	table=$root/share/cpython/$(cut -d . -f 1,2 <<<"$version").opcodes.def
	"${@:2}" -I -S - <"$root/share/cpython/opcodes" | cmp - "$table" || fail "$version: $table is another"
}

@test "the tables of instructions are what every interpreter lists" {
	each_python '3.*' same_table
}

# As tfold -t -l --by opcode prints them, one frame a line, in their plain form.
plain_frames() {
	tr ';' '\n' | sed -E 's/ [0-9]+$//; s/\[([A-Z0-9_]+ )?([A-Z0-9_]+)\]$/[\2]/'
}

# The frames that park() was told of; the innermost is at another call by now.
told_frames() {
	jq -r '.MainThread | map(select(.[1]) | "\(.[0]) (\(.[1]):\(.[2])) [\(.[3])]")[]' <<<"$report" |
		sed '$ s/ \[.*/ [a call]/'
}

at_instructions() {
	local target=$1 version=$2 f=$BATS_TEST_TMPDIR/f

	park "${@:3}" "$target" || return
	tsample -q -n 100 -r 10khz --opcodes --no-gc -p "$pid" -o "$f" || return
	tfold -t -l --by opcode "$f" | plain_frames | sed -E '$ s/ \[(PRE)?CALL[A-Z_]*\]$/ [a call]/' >"$f.got"
	told_frames >"$f.wanted"
	end_own
	cmp -s "$f.got" "$f.wanted" || {
		echo "$version, $target: the instructions are others than dis lists"
		diff "$f.wanted" "$f.got" | cut -c -200 | head -n 12
		return 1
	}
}

at_all_instructions() {
	local target failed=0

	for target in calls classes coroutines generators exceptions recursion monitored; do
		at_instructions $target "$@" || failed=1
	done
	return $failed
}

@test "each frame that stands is at the instruction that dis lists there" {
	each_python '3.*' at_all_instructions
}

# A program that runs all kinds of instructions, again and again, and says where they are.
busy() {
	cat >"$BATS_TEST_TMPDIR/busy.py" <<-'END'
		import dis, functools, sys

		class Point:
		    count = 0

		    def __init__(self, x):
		        self.x = x

		    @property
		    def double(self):
		        return self.x * 2

		    def __add__(self, other):
		        Point.count += 1
		        return Point(self.x + other.x)

		def generate(n):
		    for i in range(n):
		        got = yield i
		        if got:
		            yield from [got]

		def many(value, *rest, **named):
		    a, *b = [value, *rest]
		    return {**named, "a": a}, [x for x in b if x is not None], f"{a!r:>5}", a in rest

		def guarded(value):
		    try:
		        return 10 % value
		    except ZeroDivisionError as fault:
		        return str(fault)
		    finally:
		        value += 1.5

		exec("def long(x):\n" + "".join("    x = x + %d.25\n    if x > 1e9: x = %d\n" % (i, i)
		                                for i in range(400)) + "    return x\n")

		def run():
		    total, words = Point(1), "some words to split".split()
		    for one in generate(5):
		        total = total + Point(one)
		        guarded(one)
		        many(one, 2, None, 3, key=total.double)
		    sorted(words, key=lambda word: (len(word), word.upper()))
		    functools.reduce(lambda a, b: a + ord(b), "abc", total.x)
		    return long(total.x) if words[0] != "none" else {w: i for i, w in enumerate(words)}

		def codes(code):
		    yield code
		    for const in code.co_consts:
		        if isinstance(const, type(code)):
		            yield from codes(const)

		def places(code):
		    """As tests/reader.py prints frames."""
		    starts = dict(dis.findlinestarts(code))
		    if sys.version_info[:2] == (3, 10):
		        starts = {start: line for start, end, line in code.co_lines()}
		    line = None
		    for i in dis.get_instructions(code):
		        line = starts.get(i.offset, line)
		        at = getattr(i, "positions", None)
		        at = (at.lineno, at.end_lineno, at.col_offset, at.end_col_offset) if at else (line, None, None, None)
		        name = getattr(code, "co_qualname", code.co_name)
		        yield " ".join(["frame 0", name, code.co_filename] +
		                       ["-" if n is None else str(n) for n in at] + [i.opname])

		def announce():
		    with open(__file__) as source:
		        all_codes = list(codes(compile(source.read(), __file__, "exec"))) + [long.__code__]
		    with open(__file__ + ".places", "w") as out:
		        for code in all_codes:
		            out.writelines(line + "\n" for line in places(code))
		    with open(int(sys.argv[1]), "w") as ready:
		        ready.write("ready\n")

		run()
		announce()
		while True:
		    run()
	END
}

runs_instructions() {
	local version=$1 f=$BATS_TEST_TMPDIR/f

	start "${@:2}" "$BATS_TEST_TMPDIR/busy.py" || return
	tsample -q -n 5000 -r 10khz --opcodes --columns -p "$pid" -o "$f" || return
	end_own
	# Before 3.11 a call that has not begun is a frame already, at no instruction.
	python3 "$here/reader.py" "$f" | grep -E '^frame 0 [^<]' | grep -v ' - - -$' |
		sed -E 's/ [A-Z_][A-Z0-9_]* ([A-Z_][A-Z0-9_]*)$/ \1/' | sort -u >"$f.got"
	grep -vxFf "$BATS_TEST_TMPDIR/busy.py.places" "$f.got" >"$f.strange"
	if [ "$(wc -l <"$f.got")" -lt 30 ] || [ -s "$f.strange" ]; then
		echo "$version: $(wc -l <"$f.got") places, of which $(wc -l <"$f.strange") are not listed by dis"
		head -n 10 "$f.strange"
		return 1
	fi
}

@test "each frame that runs is at an instruction that dis lists for its place" {
	busy
	each_python '3.*' runs_instructions
}

# The names of the functions of the only stack, and its markers.
names() {
	tfold -t "$1" | tr ';' '\n' | sed -E 's/ \(.*//; s/ [0-9]+$//' | paste -sd ' '
}

@test "an instruction that sys.monitoring watches is called by both names" {
	each_python '3.1[2-9].*' watched
}

watched() {
	local f=$BATS_TEST_TMPDIR/f

	park "${@:2}" monitored || return
	tsample -q -n 100 --opcodes -p "$pid" -o "$f" || return
	end_own
	is "$(tfold -t --by opcode "$f" | tr ';' '\n' | sed -nE 's/ \(.*(watched|beside)?.* \[/ [/; s/^(watched|beside) //p')" \
		"[INSTRUMENTED_CALL CALL]
[INSTRUMENTED_LINE CALL]"
}

called_back() {
	local f=$BATS_TEST_TMPDIR/f

	park "${@:2}" calls || return
	tsample -q -n 100 --native -p "$pid" -o "$f" || return
	is "$(names "$f")" "<module> through <native> Key.__lt__ <native> add <native> add.<locals>.<lambda> park <native>" || fail "($1)"
	tsample -q -n 100 -p "$pid" -o "$f" || return
	end_own
	is "$(names "$f")" "<module> through Key.__lt__ add add.<locals>.<lambda> park" || fail "($1)"
}

@test "--native marks each call of Python by C, and the call that C is in" {
	each_python '3.1[1-9].*' called_back
}

collects() {
	local f=$BATS_TEST_TMPDIR/f in="<module> collect" inside="finish park"

	park "${@:2}" collecting || return
	tsample -q -n 100 --native -p "$pid" -o "$f" || return
	matches "$(names "$f")" "$in <GC> (Last\.)?__del__ $inside <native>" || fail "($1)"
	tsample -q -n 100 --no-gc -p "$pid" -o "$f" || return
	end_own
	matches "$(names "$f")" "$in (Last\.)?__del__ $inside" || fail "($1)"
}

@test "a collection is marked once, also where C is, and not with --no-gc" {
	each_python '3.*' collects
}
