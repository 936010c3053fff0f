# tests/layers.awk: who may know whom, awk -f tests/layers.awk lib/LAYERS FILE...
#
# A room may include itself and the rooms that lib/LAYERS names behind it.
# Includes of ours are written from lib/, or from the top for share/.
FILENAME == ARGV[1] { room = $1; sub(":", "", room); knows[room, room]; rooms[room]
	for (i = 2; i <= NF; i++) knows[room, $i]
	next }
FNR == 1 { split(FILENAME, path, "/"); room = path[2]; if (!(room in rooms)) bad("room " room " is not in lib/LAYERS") }
/^[ \t]*#[ \t]*include[ \t]*"/ { split($0, quoted, "\""); n = split(quoted[2], path, "/"); other = path[1]
	if (other == "share") next
	if (n < 2 || !(other in rooms)) bad("\"" quoted[2] "\" is not written from lib/")
	else if (!((room, other) in knows)) bad(room " must not know " other) }
function bad(fact) { print FILENAME ":" FNR ": " fact; failed = 1 }
END { exit failed }
