# comment.jq: what tdiff --json wrote, as a comment on a pull request, in markdown.
#
#	tdiff --json ... | jq -rf comment.jq
#
# Functions that changed by themselves are in a table, those that changed with what they call are
# folded up below it. Where nothing tells what is chance, the ten largest differences are shown.

# No name can be markup, mention somebody, or end its cell.
def plain:
	gsub("[\u0000-\u001f]"; " ") | gsub("(?<c>[\\\\`*_\\[\\]#~|])"; "\\\(.c)") |
	gsub("&"; "&amp;") | gsub("<"; "&lt;") | gsub(">"; "&gt;") | gsub("@"; "&#64;");

def place: .function + (if .file == "" then "" else " (\(.file))" end) | plain;

def digits($n): if . >= 100 then round elif . >= 10 then . * 10 | round / 10 else . * $n | round / $n end;

def amount($unit):
	if $unit == "samples" then round | tostring
	elif . >= 1e9 then "\(. / 1e9 | digits(100)) s"
	elif . >= 1e6 then "\(. / 1e6 | digits(100)) ms"
	elif . >= 1e3 then "\(. / 1e3 | digits(100)) us"
	else "\(round) ns" end;

def change($unit):
	if . > 0 then "+" + amount($unit) elif . < 0 then "-" + (-. | amount($unit)) else "0" end;

# What the sampler missed is none of the program's.
def seen: .functions[] | select(.file != "" or .function != "<missed>");

# With the common factor taken out, as it is judged, where chance is told.
def judged: if .adjusted.low then .adjusted else {ratio, low, high} end;

def ratio:
	if .baseline == 0 then "from 0"
	elif .current == 0 then "to 0"
	else judged | "x\(.ratio | digits(100))" + if .low then " (\(.low | digits(100)) to \(.high | digits(100)))" else "" end
	end;

def row($unit; figure):
	"| \(place) | \(figure.baseline | amount($unit)) | \(figure.current | amount($unit)) " +
	"| \(figure.difference | change($unit)) | \(figure | ratio) |";

# The largest ones, for a comment has an end.
def table($unit; $ratio; figure):
	"| function | before | after | change | \($ratio) |", "|---|---:|---:|---:|---|",
	(sort_by(-(figure.difference | fabs)) | .[:30][] | row($unit; figure)),
	(if length > 30 then "", "These are the 30 largest of \(length)." else empty end);

def changed($unit):
	[.functions[] | select(.self.verdict == "changed")] as $self |
	[.functions[] | select(.self.verdict != "changed" and .total.verdict == "changed")] as $total |
	(if $self == [] then empty else "", ($self | table($unit; "adjusted"; .self)) end),
	(if $total == [] then empty else
		"", "<details><summary>\($total | length) more with what they call</summary>", "",
		($total | table($unit; "adjusted"; .total)), "", "</details>" end);

def largest($unit):
	[seen | select(.self.difference != 0)] |
	if . == [] then empty else
		"", "The largest differences, which may be chance:", "",
		(sort_by(-(.self.difference | fabs)) | .[:10] | table($unit; "ratio"; .self)) end;

# As gates have it, times are those of a run where runs are compared.
def of_a_run($runs):
	if $runs < 2 then . else
		(.functions[] | .self, .total) |= (.baseline /= $runs | .current /= $runs | .difference /= $runs) |
		.elided.weight /= $runs end;

.unit as $unit | (if .scale.kind == "time" then .current.runs else 1 end) as $runs | of_a_run($runs) |
"**\(.summary | plain)**",
(if .forced then "", "The sides do not compare, and were compared all the same." else empty end),
(if .incomplete then "", "A part of the input was damaged, and is not in here." else empty end),
(if $runs > 1 then "", "Times are of a run, the mean of \($runs)." else empty end),
(if .basis == "none" then largest($unit) else changed($unit) end),
(if .elided.count == 0 then empty else
	"", "Gone: \(.elided.count) \(if .elided.count == 1 then "stack" else "stacks" end) with \(.elided.weight | amount($unit))." end)
