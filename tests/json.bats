#!/usr/bin/env bats
# tdiff --json: its schema, and the filters that are delivered for it.

load helper

setup_file() {
	"$here/golden/build"
}

setup() {
	need tdiff timport
	PATH=$root/build/tests:$PATH
	jq=$root/share/jq
	cd "$BATS_TEST_TMPDIR" || return
}

# judged: three runs a side as diff.json, of which a, e, old and new changed.
judged() {
	local i

	for i in 1 2 3; do
		printf '%s\n' 'main (app.py);a (app.py) 100' 'main (app.py);b (app.py) 300' \
			'main (app.py);c (app.py) 300' 'main (app.py);old (app.py) 100' 'run (app.py);e (lib.py) 200' |
			compose complete id=$i >b$i.bin
		printf '%s\n' 'main (app.py);a (app.py) 200' 'main (app.py);b (app.py) 300' \
			'main (app.py);c (app.py) 300' 'main (app.py);new (app.py) 100' 'run (app.py);e (lib.py) 100' |
			compose complete id=1$i >c$i.bin
	done
	tdiff --json -o diff.json -b b1.bin -b b2.bin -b b3.bin -c c1.bin -c c2.bin -c c3.bin
}

# counted LINE... -- LINE...: the collapsed lines as diff.json.
counted() {
	local to=b line

	: >b.txt
	: >c.txt
	for line; do
		if [ "$line" = -- ]; then
			to=c
		else
			printf '%s\n' "$line" >>$to.txt
		fi
	done
	timport -o b.bin b.txt
	timport -o c.bin c.txt
	tdiff --json -o diff.json b.bin c.bin
}

# conforms FILE: the schema allows what is in the file, and knows each key of it.
conforms() {
	/usr/bin/python3 - "$root/share/schema/tdiff.json" "$1" <<-'EOF'
	import json, sys
	import jsonschema

	schema, text = (json.load(open(name)) for name in sys.argv[1:])
	jsonschema.Draft202012Validator.check_schema(schema)

	# Closes what is open on purpose; a figure is a part of what is judged.
	def close(node, name=None):
	    if "properties" in node and name != "figure" or node.get("$ref") == "#/$defs/figure":
	        node["unevaluatedProperties"] = False
	    for key in ("properties", "$defs"):
	        for name, child in node.get(key, {}).items():
	            close(child, name)
	    if "items" in node:
	        close(node["items"])

	close(schema)
	errors = list(jsonschema.Draft202012Validator(schema).iter_errors(text))
	for error in errors[:5]:
	    print("/".join(map(str, error.absolute_path)), error.message[:200])
	sys.exit(bool(errors))
	EOF
}

setup_checker() {
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || skip "Debian's python3-jsonschema is not here"
}

@test "JSON conforms to its schema, whatever was compared" {
	setup_checker
	judged
	conforms diff.json
	counted 'a;b 3' 'a;c 1' -- 'a;b 3' 'd 9'
	conforms diff.json
	counted -- 'a 1'
	conforms diff.json
	counted 'a 1' --
	conforms diff.json
	tdiff --json -o diff.json --force "$here/golden/threads.bin" "$here/golden/states.bin"
	conforms diff.json
	tdiff --json -o diff.json --match module --scale per=3,4 --fdr 1% "$here/golden/folded.bin" "$here/golden/markers.bin"
	conforms diff.json
}

@test "what is not as the schema has it is found" {
	local change

	setup_checker
	judged
	for change in 'del(.schema)' '.schema = 2' '.unit = "s"' '.scale.factor = 0' '.baseline.runs = 1.5' \
		'.common.verdict = "unchanged"' 'del(.elided.count)' '.functions[0].self.low = "1"' \
		'del(.functions[1].self.adjusted)' '.functions[0].category = "newer"' '.stacks[0].stack = "a"' \
		'.stacks[0].self.verdict = "changed"' '.extra = 1' '.functions[0].self.extra = 1' '.stacks[0].total.extra = 1' \
		'.functions = {}' '.smallest = "5%"'; do
		jq "$change" diff.json >bad.json
		run -1 conforms bad.json
	done
}

@test "comment.jq makes a comment on a pull request in markdown" {
	judged
	run -0 --separate-stderr jq -rf "$jq/comment.jq" diff.json
	is "$output" "**the common factor x1.00 (1.00 to 1.00), no change; besides, 6 of 8 functions changed, most of all a (app.py) x2.0 (1.8 to 2.2)**

Times are of a run, the mean of 3.

| function | before | after | change | adjusted |
|---|---:|---:|---:|---|
| a (app.py) | 100 ms | 200 ms | +100 ms | x2 (1.79 to 2.24) |
| new (app.py) | 0 ns | 100 ms | +100 ms | from 0 |
| old (app.py) | 100 ms | 0 ns | -100 ms | to 0 |
| e (lib.py) | 200 ms | 100 ms | -100 ms | x0.5 (0.45 to 0.56) |

<details><summary>2 more with what they call</summary>

| function | before | after | change | adjusted |
|---|---:|---:|---:|---|
| main (app.py) | 800 ms | 900 ms | +100 ms | x1.13 (1.08 to 1.17) |
| run (app.py) | 200 ms | 100 ms | -100 ms | x0.5 (0.45 to 0.56) |

</details>

Gone: 1 stack with 100 ms."
	is "$stderr" ""
}

@test "comment.jq shows the largest differences where nothing is said of chance" {
	counted 'a;b 30' 'a;c 10' 'a;e 2' -- 'a;b 10' 'a;d 30' 'a;e 2'
	run -0 --separate-stderr jq -rf "$jq/comment.jq" diff.json
	is "$output" "**exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it**

The largest differences, which may be chance:

| function | before | after | change | ratio |
|---|---:|---:|---:|---|
| d | 0 | 30 | +30 | from 0 |
| b | 30 | 10 | -20 | x0.33 |
| c | 10 | 0 | -10 | to 0 |

Gone: 1 stack with 10."
	counted 'a;b 30' -- 'a;b 30'
	is "$(jq -rf "$jq/comment.jq" diff.json)" \
		"**exploration, 1 run a side: what is chance cannot be told; three or more a side can tell it**"
}

@test "comment.jq is as long as a comment may be, and names are no markup in it" {
	local i stacks=()

	for i in {1..40}; do
		stacks+=("f$i $i")
	done
	counted "${stacks[@]}" -- 'x 820'
	is "$(jq -rf "$jq/comment.jq" diff.json | grep -c '^| f[0-9]')" 9
	jq '.basis = "runs" | .functions[].self.verdict = "changed"' diff.json >many.json
	is "$(jq -rf "$jq/comment.jq" many.json | grep -c '^| f[0-9]')" 29
	is "$(jq -rf "$jq/comment.jq" many.json | grep '^These')" "These are the 30 largest of 41."
	counted 'a|b*_c_[x](y)`@all<b>&\x0a#1 4' --
	is "$(jq -rf "$jq/comment.jq" diff.json | grep '^| a')" \
		'| a\|b\*\_c\_\[x\](y)\`&#64;all&lt;b&gt;&amp; \#1 | 4 | 0 | -4 | to 0 |'
}

@test "comment.jq says what is wrong with the comparison" {
	counted 'a 1' -- 'a 1'
	jq '.forced = true | .incomplete = true' diff.json >wrong.json
	is "$(jq -rf "$jq/comment.jq" wrong.json | tail -n 4)" "
The sides do not compare, and were compared all the same.

A part of the input was damaged, and is not in here."
}

@test "csv.jq makes a line for each function" {
	counted 'a (x.py) 4' '"b", 6' -- 'a (x.py) 5' 'c 5'
	run -0 --separate-stderr jq -rf "$jq/csv.jq" diff.json
	is "$output" '"function","file","category","self_baseline","self_current","self_difference","self_percent","self_ratio","self_low","self_high","self_verdict","total_baseline","total_current","total_difference","total_percent","total_ratio","total_low","total_high","total_verdict"
"""b"",","","gone",6,0,-6,-100,0,,,"too few samples",6,0,-6,-100,0,,,"too few samples"
"a","x.py","regression",4,5,1,25,1.25,,,"too few samples",4,5,1,25,1.25,,,"too few samples"
"c","","new",0,5,5,100,,,,"too few samples",0,5,5,100,,,,"too few samples"'
	judged
	is "$(jq -rf "$jq/csv.jq" diff.json | sed -n 3p)" \
		'"a","app.py","regression",300000000,600000000,300000000,100,2,1.796443,2.226622,"changed",300000000,600000000,300000000,100,2,1.796443,2.226622,"changed"'
}

@test "largest.jq tells the ten largest, or as many as are asked for, by self or by total" {
	local i stacks=()

	judged
	run -0 --separate-stderr jq -rf "$jq/largest.jq" diff.json
	is "$output" $'+100\t+100 %\tchanged\ta (app.py)
+100\tfrom 0\tchanged\tnew (app.py)
-100\t-100 %\tchanged\told (app.py)
-100\t-50 %\tchanged\te (lib.py)'
	is "$(jq -r --arg n 1 --arg by total -f "$jq/largest.jq" diff.json)" $'+100\t+12.5 %\tchanged\tmain (app.py)'
	for i in {1..12}; do
		stacks+=("f$i $i")
	done
	counted "${stacks[@]}" -- 'x 78'
	is "$(jq -rf "$jq/largest.jq" diff.json)" "$(printf '+78\tfrom 0\tinconclusive\tx\n'
		for i in {12..4}; do
			printf -- '-%d\t-100 %%\t%s\tf%d\n' "$i" "$([ "$i" -ge 10 ] && echo inconclusive || echo 'too few samples')" "$i"
		done)"
}
