# csv.jq: what tdiff --json wrote, as CSV: a line for each function.
#
#	tdiff --json ... | jq -rf csv.jq >functions.csv
#
# Weights are in nanoseconds or samples, as "unit" has it. What is not known is an empty cell.

def columns: ["baseline", "current", "difference", "percent", "ratio", "low", "high", "verdict"];

(["function", "file", "category"] +
	[("self", "total") as $of | columns[] | "\($of)_\(.)"] | @csv),
(.functions[] |
	[.function, .file, .category] + [(.self, .total) as $figure | columns[] as $c | $figure[$c]] | @csv)
