# largest.jq: of what tdiff --json wrote the functions with the largest differences.
#
#	tdiff --json ... | jq -rf largest.jq
#	tdiff --json ... | jq -r --arg n 20 --arg by total -f largest.jq
#
# A line for each, but for what was missed: difference in ms (of a run, where runs are compared) or
# samples, percent, verdict, function; parted by tabs.

($ARGS.named.by // "self") as $by | ($ARGS.named.n // "10" | tonumber) as $n |
((if .unit == "ns" then 1e6 else 1 end) *
	(if .scale.kind == "time" and .current.runs > 1 then .current.runs else 1 end)) as $one |
def signed: if . > 0 then "+\(.)" else tostring end;

[.functions[] | select((.file != "" or .function != "<missed>") and .[$by].difference != 0)] |
sort_by(-(.[$by].difference | fabs)) | .[:$n][] |
[(.[$by].difference / $one * 100 | round / 100 | signed),
	(if .[$by].baseline == 0 then "from 0" else "\(.[$by].percent * 10 | round / 10 | signed) %" end),
	.[$by].verdict, .function + if .file == "" then "" else " (\(.file))" end] | @tsv
