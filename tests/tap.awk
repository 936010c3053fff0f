# tests/tap.awk: count the results of one suite, and print what failed and what was skipped.
#
# TAP on standard input; -v name=, -v totals= (a file that gets "passed failed skipped" and the
# name), -v skips= (a file that gets a line per skipped test). node's reporter nests its tests
# and sums them up itself.
/^[ \t]*1\.\.[0-9]+/ && !nested { planned += substr($0, index($0, "..") + 2) }
/^[ \t]+(not )?ok / { nested = 1 }
/^(not )?ok / { last = $0 }
/^ok / { passed++; showing = 0 }
/^ok .*# *[Ss][Kk][Ii][Pp]/ { passed--; skipped++; line = $0; sub(/^ok [0-9]+ (- )?/, "", line)
	sub(/ *# *[Ss][Kk][Ii][Pp] */, ": ", line); print "  " name ": " line >> skips }
/^[ \t]*not ok / { showing = 1; if (!/^[ \t]/) failed++; print "  " name ": " $0; fflush(); next }
/^# (pass|fail|cancelled|skipped) [0-9]+$/ { sums[$2] = $3; summed = 1; next }
showing && /^[ \t]*(#|  )/ { print "  " name ": " $0; fflush() }
/^[ \t]*ok / { showing = 0 }
END {
	if (summed) {
		passed = sums["pass"]; failed = sums["fail"] + sums["cancelled"]; skipped = sums["skipped"]
	} else if (planned > passed + failed + skipped) {
		print "  " name ": " planned - passed - failed - skipped " tests did not end; the last that did: " last
		failed = planned - passed - skipped
	}
	print passed + 0, failed + 0, skipped + 0, name >> totals
}
