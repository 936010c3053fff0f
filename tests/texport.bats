#!/usr/bin/env bats
# texport(1): profiles out. That speedscope loads them, and schemas hold, is for tests/browser.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need texport tfold jq
	cd "$BATS_TEST_TMPDIR" || return
}

golden=$here/golden

@test "collapsed is what tfold -t writes" {
	local name options

	for name in threads folded lanes restart timeless; do
		for options in '' -l '--weight time'; do
			[ "$name $options" != 'timeless --weight time' ] || continue
			# shellcheck disable=SC2086 # two words
			is "$(texport -q $options collapsed "$golden/$name.bin")" "$(tfold -q -t $options "$golden/$name.bin")"
		done
	done
	is "$(texport -q -T collapsed "$golden/lanes.bin")" "$(tfold -q -t -T "$golden/lanes.bin")"
}

@test "collapsed text comes back as it was" {
	need timport
	texport -q collapsed "$golden/markers.bin" >once
	timport once | texport -q collapsed >twice
	cmp once twice
}

@test "pprof comes back with its stacks, lines, threads, samples and times" {
	local name weight

	need timport
	for name in threads folded lanes restart; do
		texport -q pprof "$golden/$name.bin" | timport >back.bin
		for weight in samples time; do
			is "$(tfold -q -t -T -l --weight $weight back.bin)" "$(tfold -q -t -T -l --weight $weight "$golden/$name.bin")"
		done
	done
}

# "SELF TOTAL NAME FILE" of each function, as pprof -top prints them by sample type $2.
pprof_top() {
	go tool pprof -top -filefunctions -sample_index="$2" -unit=ns -nodefraction=0 -nodecount=100000 "$1" 2>/dev/null |
		sed '1,/flat%/d' | sed -E 's/^ *([0-9]+)(ns)? +[^ ]+ +[^ ]+ +([0-9]+)(ns)? +[^ ]+ +/\1 \3 /' | sort
}

# The same of tstat, "self" and "total", or "self_samples" and "total_samples".
stat_top() {
	tstat --json "$1" | jq -r --arg self "self$2" --arg total "total$2" \
		'.rows[] | select(.[$total] > 0) | "\(.[$self]) \(.[$total]) \(.name) \(.file)" | sub(" $"; "")' | sort
}

@test "go tool pprof finds the functions, with the times and samples, that tstat finds" {
	local name type

	need go tstat
	for name in threads folded lanes states restart; do
		texport -q pprof "$golden/$name.bin" >"$name.pb.gz"
		is "$(pprof_top "$name.pb.gz" samples)" "$(stat_top "$golden/$name.bin" _samples)"
		type=$(go tool pprof -raw "$name.pb.gz" 2>/dev/null | sed -nE 's!^samples/count ([a-z]+)/nanoseconds\[dflt\]$!\1!p')
		is "$(pprof_top "$name.pb.gz" "$type")" "$(stat_top "$golden/$name.bin" '')"
	done
}

@test "go tool pprof merges what texport wrote of two runs" {
	need go
	texport -q pprof "$golden/threads.bin" >a.pb.gz
	texport -q pprof "$golden/tiny.bin" >b.pb.gz
	is "$(go tool pprof -proto a.pb.gz b.pb.gz 2>/dev/null >both; pprof_top both samples | awk '{ n += $1 } END { print n }')" \
		"$(for f in threads tiny; do tfold -q -t "$golden/$f.bin"; done | grep -v '^<root>' | awk '{ n += $NF } END { print n }')"
}

@test "pprof has threads, states and labels as labels, and what was lost as comments" {
	need go
	texport -q --label build=7 pprof "$golden/threads.bin" >threads.pb.gz
	run -0 --separate-stderr go tool pprof -raw threads.pb.gz
	is "$(grep -B 1 -A 1 'gc:.yes' <<<"$output" | sed 's/ *$//')" "          1    8750000: 2 1
                build:[7] commit:[c0ffee] cpu:[on] exception:[yes] gc:[yes] gil:[held] process:[app.py] thread:[MainThread]
                pid:[2000] thread_id:[2000]"
	is "$(grep -E '^(Time|Duration|Period|PeriodType):' <<<"$output")" "PeriodType: wall nanoseconds
Period: 10000000
Time: 2026-01-01 00:00:00 +0000 UTC
Duration: 88.1"
	texport -q pprof "$golden/restart.bin" >restart.pb.gz
	is "$(go tool pprof -raw restart.pb.gz | grep -E 'missed: tsample was|<torn>:')" "Comment: missed: tsample was not run in time: 100
Comment: the stack ends in <torn>: 1"
}

@test "equal profiles are equal bytes, whatever came first, and once more folded" {
	local format

	for format in collapsed pprof svg; do
		texport -q "$format" "$golden/threads.bin" "$golden/folded.bin" >one
		texport -q "$format" "$golden/folded.bin" "$golden/threads.bin" >two
		tfold -q "$golden/folded.bin" "$golden/threads.bin" | texport -q "$format" >three
		cmp one two
		cmp two three
	done
}

@test "speedscope gets the samples of a raw stream in their order, and time that was not watched" {
	run -0 --separate-stderr texport -q speedscope "$golden/threads.bin"
	is "$(jq -r '.shared.frames as $f | .profiles[] | "\(.name) \(.startValue) \(.endValue)",
		(range(.samples | length) as $i | "\(.samples[$i] | map($f[.].name) | join(";")) \(.weights[$i])")' <<<"$output")" \
		"app.py (2000), MainThread 0 88125000
<module> 9375000
<module>;work 11250000
<module>;work;inner 19375000
<module>;wait 39375000
<module>;work 8750000
app.py (2000), pool; 1 40000000 88125000
<module>;work 20625000
 9375000
<module>;wait 18125000
(2001), MainThread 40000000 79375000
<no python> 10625000
 28750000"
}

@test "speedscope gets the sums of a folded stream, thread by thread and run by run" {
	run -0 --separate-stderr texport -q speedscope "$golden/folded.bin"
	is "$(jq -r '.profiles[] | "\(.name) \(.weights | add)"' <<<"$output")" "app.py (2000), MainThread, run 1 572500000
app.py (2000), pool; 1, run 1 1000000000
(2001), MainThread, run 1 70000000
app.py (2000), MainThread, run 2 612500000
app.py (2000), pool; 1, run 2 1040000000
(2001), MainThread, run 2 70000000"
	is "$(jq '[.profiles[].weights[]] | add / 1000' <<<"$output")" \
		"$(tfold -q -t --weight time "$golden/folded.bin" | awk '{ n += $NF } END { print n }')"
	is "$(texport -q --title Mine speedscope "$golden/folded.bin" | jq -r .name)" Mine
}

@test "samples without times are counted" {
	run -0 --separate-stderr texport -q speedscope "$golden/timeless.bin"
	is "$(jq -c '.profiles[] | [.unit, (.weights | add)]' <<<"$output")" '["none",6]'
	is "$(texport -q jsonl "$golden/timeless.bin" | jq -s -c 'map(select(.type == "sample")) | [length, (map(.samples) | add), (map(has("weight_ns")) | any)]')" \
		'[6,6,false]'
}

# Sums of JSON lines by stack, as tfold -t has them, without files.
jsonl_sums() {
	jq -n -r 'reduce inputs as $x ({f: {}, s: {"0": []}, n: {}};
		if $x.type == "frame" then .f["\($x.frame)"] = $x.function
		elif $x.type == "stack" then .s["\($x.stack)"] = .s["\($x.parent)"] + [.f["\($x.frame)"]]
		elif $x.samples != null and $x.stack != null
		then (.s["\($x.stack)"] | join(";") | if . == "" then "<root>" else . end) as $stack | .n[$stack] += $x.samples
		else . end) | .n | to_entries[] | select(.value > 0) | "\(.key) \(.value)"' | sort
}

@test "JSON lines tell every sample of a raw stream and every cell of a folded one, each after what it refers to" {
	local name

	for name in threads folded lanes states; do
		is "$(texport -q jsonl "$golden/$name.bin" | jsonl_sums)" \
			"$(tfold -q -t "$golden/$name.bin" | sed -E 's! \((/|<task>)[^)]*\)!!g' | sort)"
	done
	is "$(texport -q jsonl "$golden/threads.bin" "$golden/folded.bin" | jq -r .type | sort | uniq -c | sed 's/^ *//' | grep -E 'sample|cell|end')" \
		"$(tfold -q "$golden/folded.bin" | texport -q jsonl | grep -c '"type":"cell"') cell
1 end
$(texport -q jsonl "$golden/threads.bin" | grep -c '"type":"sample"') sample"
}

@test "JSON lines know states, times, places, losses, ends, labels and source texts" {
	run -0 --separate-stderr texport -q --label build=7 jsonl "$golden/threads.bin"
	is "$(jq -c 'select(.exception == "yes") | [.at_ns, .weight_ns, .cpu, .gil, .gc]' <<<"$output")" '[79375000,8750000,"on","held","yes"]'
	is "$(jq -c 'select(.type == "exit") | [.process, .at_ns, .status]' <<<"$output")" '[0,81250000,137]
[1,79375000,null]'
	is "$(jq -c 'select(.type == "label") | [.key, .value]' <<<"$output")" '["commit","c0ffee"]
["build","7"]'
	is "$(jq -c 'select(.type == "source") | [.file, .text]' <<<"$output")" '["/app.py","import time\n"]'
	run -0 --separate-stderr texport -q jsonl "$golden/markers.bin"
	is "$(jq -c 'select(.opcode) | [.function, .line, .column, .end_column, .opcode]' <<<"$output")" '["été",12,4,29,"CALL_PY_EXACT_ARGS CALL"]
["été",9,0,0,"RESUME"]
["été",null,null,null,"<255>"]'
	run -0 --separate-stderr texport -q jsonl "$golden/restart.bin"
	is "$(jq -c 'select(.type == "outcome") | .losses' <<<"$output")" \
		'{"missed: tsample was not run in time":100,"missed: tsample or the machine was suspended":3,"the stack ends in <torn>":1,"read again: predicted wrongly, or to learn which stacks there are":300}'
	run -0 --separate-stderr texport -q jsonl "$golden/lanes.bin"
	is "$(jq -c 'select(.type == "ran") | [.thread, .from_ns, .to_ns, .ran_ns, .waited_ns]' <<<"$output" | head -n 1)" '[0,3125000,62500000,59000000,1000]'
}

@test "difffolded has both sides of a comparison, as they were measured, or as they are shown" {
	run -0 --separate-stderr texport difffolded "$golden/diff.bin"
	is "$output" "<module> (/app.py) 3 6
<module> (/app.py);wait (/app.py) 100 209
<module> (/app.py);work (/app.py) 23 55
<no python> 7 14"
	is "$stderr" "texport: difffolded has no place for runs apart, the course in time, threads, states of threads, times beside samples, lines, times that the scheduler accounted, the scale of the comparison, verdicts"
	run -0 --separate-stderr texport -q --scaled difffolded "$golden/diff.bin"
	is "$output" "<module> (/app.py) 5 6
<module> (/app.py);wait (/app.py) 150 209
<module> (/app.py);work (/app.py) 34 55
<no python> 11 14"
	run -0 --separate-stderr texport -q --weight time difffolded "$golden/diff.bin"
	is "$(head -n 1 <<<"$output")" "<missed> 312500 625000"
}

@test "difffolded swaps its columns with the sides" {
	need tdiff
	tdiff -q "$golden/threads.bin" "$golden/folded.bin" 2>/dev/null | texport -q difffolded >one
	tdiff -q "$golden/folded.bin" "$golden/threads.bin" 2>/dev/null | texport -q difffolded >two
	is "$(sed -E 's/ ([0-9]+) ([0-9]+)$/ \2 \1/' one)" "$(cat two)"
	[ -s one ]
}

# What an SVG is made of, by its names, or what is no XML.
elements() {
	python3 -c 'import sys, xml.dom.minidom
for e in xml.dom.minidom.parse(sys.argv[1]).getElementsByTagName("*"): print(e.tagName)' "$1" | sort | uniq -c | sed 's/^ *//'
}

@test "svg is one picture without a script, and says of each frame what it is" {
	texport -q svg "$golden/threads.bin" >it.svg
	is "$(elements it.svg)" "5 g
11 rect
1 style
1 svg
12 text
6 title"
	is "$(grep -A 1 '<title>wait' it.svg | sed 's/<.title>.*//; s/.*<title>//')" "wait (/app.py)
57.5 ms, 34.6 %; itself 57.5 ms"
	run -1 grep -E 'script|href|url\(|https?:.*http' it.svg
}

@test "the widths of svg are shares, and what is too narrow is counted" {
	printf 'a;b 750\na;c 250\na;d;e 1\nf 0.0\n' | timport >it.bin
	texport -q svg it.bin >it.svg
	is "$(grep -A 1 -E '<title>[abcde]$' it.svg | grep -oE ' width="[0-9.]+"' | tr -d '\n')" ' width="1176.00" width="881.12" width="293.71" width="1.17" width="1.17"'
	printf 'a;b 100000\na;c;d 1\n' | timport | texport -q svg >it.svg
	is "$(grep -oE '[^>]*too narrow[^<]*' it.svg)" "2 frames are too narrow to be drawn."
	printf '# nothing\n' | timport | texport -q svg >it.svg
	is "$(grep -oE 'There are no samples.' it.svg)" "There are no samples."
}

@test "svg bears any name" {
	printf 'a<b>&"c;\x01d\xff\xef\xbf\xbe 5\n' | timport | texport -q --title '<&>' svg >it.svg
	is "$(elements it.svg | head -n 1)" "2 g"
	is "$(grep -oE '<title>[^<]*' it.svg)" '<title>&lt;&amp;&gt;
<title>a&lt;b&gt;&amp;&quot;c
<title>\x01d\xff'
}

@test "svg of a comparison has the widths of the current side, and the change in words too" {
	need tdiff
	printf 'a;b 100\na;c 100\na;gone 40\n' | timport >base.bin
	printf 'a;b 160\na;c 60\na;fresh 20\n' | timport >cur.bin
	tdiff -q base.bin cur.bin >diff.bin
	texport -q svg diff.bin >it.svg
	is "$(grep -oE '<rect class="(same|up.|down.|new)" x="[0-9.]+" y="[0-9]+" width="[0-9.]+" height="18"/>(<text[^>]*>[^<]*)?' it.svg |
		sed -E 's/<rect class="([^"]*)".* width="([0-9.]+)".*>/\1 \2 /')" "same 1176.00 a
up3 784.00 b +60 %
down2 294.00 c -40 %
new 98.00 fresh new"
	is "$(grep -oE 'Gone[^<]*' it.svg)" "Gone, and not drawn: 1 path of 40 samples."
	is "$(grep -A 3 '<title>b' it.svg | sed -E 's/<.title>.*//; s/.*<title>//' | head -n 3)" "b
itself: baseline 100 samples, current 160 samples, +60.0 %
in all: baseline 100 samples, current 160 samples, +60.0 %"
}

@test "what a format has no place for is told once, and not with -q" {
	run -0 --separate-stderr texport pprof "$golden/markers.bin"
	is "$stderr" "texport: pprof has no place for the course in time, instructions"
	run -0 --separate-stderr texport -T -l collapsed "$golden/lanes.bin"
	is "$stderr" "texport: collapsed has no place for the course in time, states of threads, times beside samples, times that the scheduler accounted"
	run -0 --separate-stderr texport -q collapsed "$golden/lanes.bin"
	is "$stderr" ""
	run -0 --separate-stderr texport jsonl "$golden/threads.bin"
	is "$stderr" ""
}

@test "a comparison is refused where a profile is wanted, and a profile where a comparison is" {
	run -1 --separate-stderr texport -o out pprof "$golden/diff.bin"
	is "$stderr" "texport: pprof is for profiles, and this is a comparison
hint: difffolded and svg take both sides, and so does tdiff --json"
	run -1 --separate-stderr texport -o out difffolded "$golden/threads.bin"
	is "$stderr" "texport: difffolded is for comparisons, and this is a profile
hint: tdiff makes a comparison of two"
	[ ! -e out ]
}

@test "wrong usage is told before anything is read" {
	local formats='collapsed, pprof, speedscope, jsonl, difffolded, svg'

	run -2 --separate-stderr texport perf missing
	is "${stderr_lines[0]}" "texport: \"perf\" is no format; there is $formats"
	run -2 --separate-stderr texport
	is "${stderr_lines[0]}" "texport: which format? There is $formats"
	run -2 --separate-stderr texport -T pprof missing
	is "${stderr_lines[0]}" "texport: -T does not go with pprof"
	run -2 --separate-stderr texport --label x pprof missing
	is "${stderr_lines[0]}" "texport: --label: \"x\" is no KEY=VALUE"
}

@test "damage costs what it costs, and the result says so" {
	head -c 500 "$golden/restart.bin" >cut.bin
	run -1 --separate-stderr texport jsonl cut.bin
	is "$(tail -n 1 <<<"$output" | jq -r .incomplete)" "a part of the input was damaged or refused, and is not here"
	matches "${stderr_lines[0]}" "texport: cut.bin: byte [0-9]+: the stream was cut.*"
	run -1 --separate-stderr texport svg cut.bin
	is "$(grep -oE 'Incomplete[^<]*' <<<"$output")" "Incomplete: a part of the input was damaged or refused, and is not here."
	run -1 --separate-stderr texport -o out collapsed missing
	is "$stderr" "texport: missing: No such file or directory"
	[ ! -e out ]
}

@test "the manual has an entry for every format" {
	local format formats

	run -2 --separate-stderr texport none
	formats=${stderr_lines[0]#*there is }
	[[ $formats == *svg ]]
	for format in ${formats//,/}; do
		grep -q "^\.It Cm $format\$" "$root/man/texport.1" || fail "$format"
	done
}
