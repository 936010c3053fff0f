# tests/measure.awk: the length of every C function, whose name stands at column 0.
FNR == 1 { name = "" }
/^[a-z_][a-z0-9_]*\(/ { name = $0; sub(/\(.*/, "", name) }
/^{/ { begin = FNR }
/^}$/ && name != "" { printf "%5d %s:%d: %s\n", FNR - begin + 1, FILENAME, begin, name; name = "" }
