#!/usr/bin/env bats
# tgecko(1): samples for the Firefox Profiler. That its own code loads them is for tests/browser.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tgecko tfold jq
	cd "$BATS_TEST_TMPDIR" || return
}

golden=$here/golden

@test "tgecko tells every thread that was seen, by its name, ids, process and life" {
	run -0 --separate-stderr tgecko "$golden/threads.bin"
	is "$stderr" ""
	is "$(jq -c '.threads[] | [.name, .isMainThread, .pid, .tid, .processName, .processStartupTime,
		.processShutdownTime, .registerTime, .unregisterTime]' <<<"$output")" \
		'["MainThread",true,"2000",2000,"app.py",0,81.25,0,null]
["pool; 1",false,"2000",2005,"app.py",0,81.25,40,null]
["MainThread",false,"2001",2001,"process 2001",25,79.375,40,79.375]'
}

@test "tgecko tells when the run began, and the interval that was asked for" {
	run -0 --separate-stderr tgecko "$golden/threads.bin"
	is "$(jq -c '.meta | [.startTime, .interval, .profilingEndTime]' <<<"$output")" '[1767225600000,10,88.125]'
}

# A profile as "THREAD STACK SAMPLES NS" of each stack and thread.
sums() {
	jq -r '.shared as $s | .threads[] | .name as $name | .samples as $x |
		def frames: if . == null then [] else
			(if $s.stackTable.prefixOffset[.] == 0 then null else . - $s.stackTable.prefixOffset[.] end | frames)
			+ [$s.stringArray[$s.funcTable.name[$s.frameTable.func[$s.stackTable.frame[.]]]]] end;
		[range($x.length) | select($x.stack[.] != null) |
			{stack: $x.stack[.], ns: ($x.weight[.] * 1e6 | round)}] |
		group_by(.stack)[] | (.[0].stack | frames | join(";")) as $stack |
		"\($name) \($stack) \(length) \(map(.ns) | add)"'
}

@test "tgecko keeps every sample, stack and weight" {
	run -0 --separate-stderr tgecko "$golden/threads.bin"
	is "$(sums <<<"$output" | sort)" "MainThread <module> 1 9375000
MainThread <module>;wait 4 39375000
MainThread <module>;work 2 20000000
MainThread <module>;work;inner 2 19375000
MainThread <no python> 1 10625000
pool; 1 <module>;wait 2 18125000
pool; 1 <module>;work 2 20625000"
}

@test "time that no tick covers is the frame <missed>, and counts as time" {
	run -0 --separate-stderr tgecko "$golden/restart.bin"
	is "$(sums <<<"$output" | awk '{ n += $NF } END { print n / 1000 }')" \
		"$(tfold -t --weight time "$golden/restart.bin" | awk '{ n += $NF } END { print n }')"
	is "$(sums <<<"$output" | awk '/<missed>/ { print $NF / 1000 }')" \
		"$(tfold -t --weight time "$golden/restart.bin" | awk '/<missed>/ { print $NF }')"
}

# "THREAD NAME FROM TO" of each marker.
markers() {
	jq -r '.shared.stringArray as $s | .threads[] | .name as $name | .markers |
		range(.length) as $i | "\($name) \($s[.name[$i]]) \(.startTime[$i]) \(.endTime[$i])"'
}

@test "what a thread was at is told as intervals, and what is not known is not" {
	run -0 --separate-stderr tgecko "$golden/states.bin"
	is "$(markers <<<"$output" | sort)" "$(sort <<'EOF'
MainThread On CPU 20 30
MainThread Off CPU 30 50
MainThread On CPU 50 60
MainThread Off CPU 60 70
MainThread On CPU 70 110
MainThread Has GIL 20 30
MainThread No GIL 30 40
MainThread Has GIL 40 50
MainThread Waiting for GIL 50 60
MainThread No GIL 60 70
MainThread Has GIL 70 110
MainThread No Exception 20 60
MainThread Has Exception 60 70
MainThread No Exception 70 110
MainThread GC Collecting 70 110
EOF
)"
}

@test "instructions are intervals, with the line and what they are a form of" {
	run -0 --separate-stderr tgecko "$golden/markers.bin"
	is "$(jq -c '.shared.stringArray as $s | .threads[0].markers |
		range(.length) as $i | select(.data[$i].type == "Opcodes") | [$s[.name[$i]]] + (.data[$i] |
		[$s[.instruction], $s[.function], .line, .column])' <<<"$output")" \
		'["CALL_PY_EXACT_ARGS","CALL","été","12","5"]
["RESUME","RESUME","été","9","1"]
["<255>","<255>","été",null,null]'
}

@test "what sampling lost is told where it was lost, and in sum" {
	run -0 --separate-stderr tgecko "$golden/restart.bin"
	is "$(jq -c '.shared.stringArray as $s | .threads[0].markers | range(.length) as $i | select(.data[$i].type == "Lost") |
		[$s[.name[$i]], .startTime[$i], .endTime[$i], .data[$i].count, .data[$i].what]' <<<"$output")" \
		'["Missed ticks",0,2312.5,100,"missed: tsample was not run in time"]
["Missed ticks",0,2312.5,3,"missed: tsample or the machine was suspended"]
["Incomplete samples",0,2312.5,1,"the stack ends in <torn>"]
["Repeated reads",0,2312.5,300,"read again: predicted wrongly, or to learn which stacks there are"]'
	is "$(jq -r '.meta.extra[0].entries[] | select(.label | startswith("missed")) | .value' <<<"$output")" "100
3"
}

@test "the text of a source file that the stream carries is there" {
	run -0 --separate-stderr tgecko "$golden/threads.bin"
	is "$(jq -c '.shared | [.stringArray[.sources.filename[0]], .sources.content[0]]' <<<"$output")" \
		'["/app.py","import time\n"]'
}

@test "nothing of a command line but the script's name is told" {
	run -0 --separate-stderr tgecko "$golden/threads.bin"
	is "$(grep -o 'python3.\{0,8\}' <<<"$output")" ""
}

@test "samples without times are counted" {
	run -0 --separate-stderr tgecko "$golden/timeless.bin"
	is "$(jq -c '.threads[] | [.name, .samples.weightType, .samples.weight, .samples.timeDeltas]' <<<"$output")" \
		'["MainThread","samples",[1,1,1,1,1,1],[1,0,1,0,2,0]]'
}

@test "--thread, --pid, --from and --to choose" {
	run -0 --separate-stderr tgecko --thread 'pool; 1' "$golden/threads.bin"
	is "$(jq -c '[.threads[].name]' <<<"$output")" '["pool; 1"]'
	run -0 --separate-stderr tgecko -p 2001 "$golden/threads.bin"
	is "$(jq -c '[.threads[].pid]' <<<"$output")" '["2001"]'
	run -0 --separate-stderr tgecko --from 30ms --to 60ms --thread 2000 "$golden/threads.bin"
	is "$(jq -c '.threads[0].samples | [.timeDeltas, .stack]' <<<"$output")" '[[30,10,10.625],[2,3,3]]'
	run -0 --separate-stderr tgecko --thread nobody "$golden/threads.bin"
	is "$(jq -c .threads <<<"$output")" '[]'
	is "$stderr" "tgecko: --thread nobody: there is no such thread
hint: there is \"MainThread\", \"pool; 1\""
}

@test "a folded stream and a comparison are refused, with what to give instead" {
	local hint='hint: take the stream that tsample wrote, before it was folded'

	run -1 --separate-stderr tgecko -o out "$golden/folded.bin"
	is "$stderr" "tgecko: $golden/folded.bin: a folded stream, which has sums, and no samples in their order
$hint"
	run -1 --separate-stderr tgecko -o out "$golden/diff.bin"
	is "$stderr" "tgecko: $golden/diff.bin: a comparison, which has sums, and no samples in their order
$hint"
	[ ! -e out ]
}

@test "a part of a run that comes twice is refused" {
	run -1 --separate-stderr tgecko -o out "$golden/restart.bin" "$golden/restart.bin"
	is "$stderr" "tgecko: the same part of a run is there more than once, and is added each time
tgecko: a part of a run came behind a later one, or twice
hint: give the parts of a run once, in the order in which they were written"
	[ ! -e out ]
}

@test "damage costs what it costs, and the profile says so" {
	head -c 500 "$golden/restart.bin" >cut.bin
	run -1 --separate-stderr tgecko -o out cut.bin
	matches "$stderr" "tgecko: cut.bin: byte [0-9]+: the stream was cut[^
]*"
	is "$(jq -r '.meta.extra[0].entries[] | select(.label == "incomplete") | .value' out)" \
		"a part of the input was damaged or refused, and is not here"
}

@test "every golden raw stream becomes JSON, with as much time as tfold finds" {
	local name

	for name in tiny tiny.zst threads restart markers unknown lanes states; do
		run -0 --separate-stderr tgecko -q "$golden/$name.bin"
		is "$(jq '[.threads[].samples.weight[]] | add * 1000 | round' <<<"$output")" \
			"$(tfold -q -t --weight time "$golden/$name.bin" | awk '{ n += $NF } END { print n }')"
	done
}

@test "the memory does not grow with the samples" {
	"$root/build/tests/bench/samples" 400000 3 500 >many.bin
	(
		ulimit -v 60000
		tgecko -o many.json many.bin
	)
	is "$(jq '[.threads[].samples.stack[] | values] | length' many.json)" \
		"$(tfold -t many.bin | grep -v '^<missed>' | awk '{ n += $NF } END { print n }')"
}

@test "where nothing can wait on disk, that is told, and nothing half-written stays" {
	"$root/build/tests/bench/samples" 20000 3 500 >many.bin
	TMPDIR=/nowhere run -1 --separate-stderr tgecko -o out many.bin
	is "$stderr" "tgecko: /nowhere: No such file or directory"
	is "$(ls -d out* 2>/dev/null)" ""
}
