#!/usr/bin/env bats
# Programs with known answers: what was sampled of them must be true.
#
# ORACLE_SAMPLES (20000) is how many samples of each program are judged at the
# highest rate, and fewer at lower ones, on each version. Target and sampler run
# on different CPUs, because on a common one the target stands still while it is read.

load helper

setup() {
	need tsample tfold python3
	can_attach
	samples=${ORACLE_SAMPLES:-20000}
	slow=300 there='' here_cpu=''
	[ "$(nproc)" -eq 1 ] || there='taskset -c 0' here_cpu='taskset -c 1'
}

# A copy where a chroot sees it too.
oracle() {
	[ -d "$BATS_FILE_TMPDIR/oracle" ] || cp -r "$here/oracle" "$BATS_FILE_TMPDIR/oracle"
	echo "$BATS_FILE_TMPDIR/oracle"
}

# Samples a program of kind $1 under VERSION COMMAND..., slowly and fast, and judges.
judged() {
	local kind=$1 version=$2 rate n verdict

	# shellcheck disable=SC2086 # words
	start $there "${@:3}" "$(oracle)/mixture.py" "$kind" || return
	for rate in 1khz 10khz 1mhz; do
		n=$samples
		[ $rate = 1mhz ] || n=$slow
		# shellcheck disable=SC2086
		$here_cpu tsample -q -n "$n" -r $rate -p "$pid" | tfold -t >"$BATS_TEST_TMPDIR/seen"
		verdict=$(python3 "$here/oracle/mixture.py" "$kind" <"$BATS_TEST_TMPDIR/seen") || {
			end_own
			fail "$version at $rate: $verdict"
			return
		}
		[ "$samples" -lt 1000000 ] || echo "# $version $kind $rate: $verdict" >&3
	done
	end_own
}

@test "no stack that cannot be is seen of two chains of calls that take turns" {
	each_python '*' judged chains
}

@test "no stack that cannot be is seen of two long chains of calls that take turns" {
	each_python '*' judged long_chains
}

@test "no stack that cannot be is seen of chains that share a function" {
	each_python '*' judged shared
}

@test "no stack that cannot be is seen of chains that part behind what they share" {
	each_python '*' judged middle
	each_python '*' judged choice
}

@test "no stack that cannot be is seen of chains that share what is soon over" {
	each_python '*' judged lasting
	each_python '*' judged chosen
}

@test "no stack that cannot be is seen of generators that delegate" {
	each_python '*' judged generators
}

@test "no stack that cannot be is seen of generators that C drives" {
	each_python '*' judged driven
}

@test "no stack that cannot be is seen of many generators that are resumed in turn" {
	each_python '*' judged resumed
}

@test "no stack that cannot be is seen of coroutines that take the memory of others" {
	slow=3000
	each_python '*' judged ended
	each_python '*' judged replaced
}

@test "no stack that cannot be is seen of functions that C calls" {
	each_python '*' judged called
}

@test "no stack that cannot be is seen of deep calls against shallow ones" {
	each_python '*' judged deep_and_shallow
}

# Of a program that stands still while it is read, hardly anything is torn.
standing() {
	local kind=$1 version=$2 verdict torn

	# shellcheck disable=SC2086 # words
	start $there "${@:3}" "$(oracle)/mixture.py" "$kind" || return
	# shellcheck disable=SC2086
	$here_cpu tsample -q --blocking -n 3000 -r 5khz -p "$pid" | tfold -t >"$BATS_TEST_TMPDIR/seen"
	end_own
	verdict=$(python3 "$here/oracle/mixture.py" "$kind" <"$BATS_TEST_TMPDIR/seen") ||
		fail "$version: $verdict" || return
	torn=${verdict#*, }
	[ "${torn%% *}" -lt 30 ] || fail "$version: $verdict"
}

@test "threads that stand are seen as they are, also where C has just called" {
	each_python '*' standing called
	each_python '*' standing driven
}

# And all is seen, whatever calls what.
whole() {
	local watched=$1 version=$2 torn name names='prop __getitem__ __call__ __add__ __eq__ __getattr__
		__enter__ __exit__ method other_self closed_over of_class of_none __init__ __getattribute__ __new__
		wrapper generate delegate swap named spread apply context recurse count_down defaults none
		by_name any_number no_locals visit fallback visit_a visit_b'

	# shellcheck disable=SC2086 # words
	start $there "${@:3}" "$(oracle)/kinds.py" $watched || return
	# shellcheck disable=SC2086
	$here_cpu tsample -q --blocking -n 5000 -r 5khz -p "$pid" | tfold -t >"$BATS_TEST_TMPDIR/seen"
	end_own
	torn=$(awk '/<torn>/ { torn += $NF } { n += $NF } END { print n == 5000 ? torn + 0 : "?" }' \
		"$BATS_TEST_TMPDIR/seen")
	[[ $torn != "?" && $torn -lt 50 ]] || fail "$version: $torn of 5000 are torn" || return
	for name in $names; do
		grep -q "[;.]$name (.*;spin (" "$BATS_TEST_TMPDIR/seen" || fail "$version: $name never calls" || return
	done
}

@test "calls of all kinds are told, by the interpreter and by way of C" {
	each_python '*' whole ''
}

@test "and those of functions that were compiled to machine code" {
	PYTHON_JIT=1 each_python '3.1[3-9]*' whole ''
}

@test "and those of which a debugger is told" {
	each_python '3.1[1-9]*' whole watched
}

# Samples a program that keeps account once: "seen" and "account" tell of it, "said" of the run.
sampled() {
	local kind=$1 rate=$2

	# shellcheck disable=SC2086
	start $there "${@:4}" "$(oracle)/shares.py" "$kind" || return
	echo >&"$hold"
	# shellcheck disable=SC2086
	$here_cpu tsample -d 2 -r "$rate" -p "$pid" 2>"$BATS_TEST_TMPDIR/said" |
		tfold -t >"$BATS_TEST_TMPDIR/seen"
	echo >&"$hold"
	wait "$pid"
	unset 'own[-1]'
	cat "$BATS_TEST_TMPDIR"/start-*/out >"$BATS_TEST_TMPDIR/account"
	rm -r "$BATS_TEST_TMPDIR"/start-*
}

# Whether both had their CPUs: less than 2 % of the ticks are missed, and what the program
# accounted is within 1.5 points of what it is made for.
undisturbed() {
	awk '
		BEGIN { made["fifty"] = 50; made["thirty"] = made["work"] = 30
			made["twenty"] = 20; made["rest"] = 70 }
		FNR == NR { share[$1] = $2; all += $2; next }
		FNR == 1 { gsub(",", ""); good = $4 < 0.02 * ($1 + $4) }
		END {
			for (f in share) {
				off = f in made ? 100 * share[f] / all - made[f] : 0
				if (off > 1.5 || off < -1.5) good = 0
			}
			exit !good
		}' "$BATS_TEST_TMPDIR/account" "$BATS_TEST_TMPDIR/said"
}

# Of an undisturbed run, one in five: at most a point (slack) from the truth, and three standard
# errors of so many samples; what a function has less may be <torn>. Versions without such a run
# are noted in "busy"; those behind one have but one try.
accounted() {
	local version=$3 tries=${busy:+1}

	for ((tries = ${tries:-5}; ; tries--)); do
		sampled "$@" || return
		! undisturbed || break
		[ "$tries" -gt 1 ] || {
			busy+=" $version"
			return 0
		}
	done
	awk -v version="$version" -v slack="${slack:-0.01}" '
		FNR == NR { truth[$1] = $2; all += $2; next }
		/<torn>/ { torn += $NF; sum += $NF; next }
		{ n = $NF; for (f in truth) if (index($0, ";" f " (")) { seen[f] += n; sum += n } }
		END {
			for (f in truth) {
				p = truth[f] / all
				if (!sum) break
				q = seen[f] / sum
				bound = slack + 3 * sqrt(p * (1 - p) / (sum + 1))
				if (q - p > bound || p - q > bound + torn / sum) {
					printf "%s: %s has %.2f %% of %d samples (%d torn), and had %.2f %% of the time\n",
						version, f, 100 * q, sum, torn, 100 * p
					bad = 1
				}
			}
			exit bad || !sum
		}' "$BATS_TEST_TMPDIR/account" "$BATS_TEST_TMPDIR/seen"
}

# What it found of the versions that could be judged; if there are others, it is a skip.
all_accounted() {
	busy=
	each_python '*' accounted "$@"
	[ -z "$busy" ] || skip "the machine is too busy to judge$busy"
}

@test "shares of the time are what the program itself accounted" {
	all_accounted split 10khz
}

@test "a task that is due every millisecond has its share at a rate of 1 kHz" {
	all_accounted periodic 1khz
}

# A read that waits until a stack stands still favours what stays long in C: it gave that 94 %
# instead of 61. To be read holds up calls, so 5 to 10 points too much are seen of it as it is.
@test "a function that lasts has no more than its share, beside one that is soon over" {
	slack=0.15 all_accounted brief 4khz
}

# Where a step has passed before all of it is read, its caller is told all the same.
@test "tasks that take turns in microseconds have their shares, by who awaits what they share" {
	slack=0.06 all_accounted tasks 1khz
}

# Where a CPython of VERSION keeps what inside.c looks at, as share/cpython has it.
offsets() {
	local minor name value

	minor=$(cut -d . -f 1,2 <<<"$1")
	[[ $1 != *t ]] || minor+=t
	for name in thread_frame cframe_frame frame_code frame_previous frame_owner \
		code_qualname unicode_ascii; do
		value=$(awk -F '[(), ]+' -v name="$name" '$2 == name { print $4 }' \
			"$root/share/cpython/$minor.def")
		[ "$name$value" != thread_frameNONE ] ||
			value=$(awk -F '[(), ]+' '$2 == "thread_cframe" { print $4 }' \
				"$root/share/cpython/$minor.def")
		echo "${value/NONE/-1}"
	done | xargs
}

# Samples a program as it runs, and lets it sample itself: of no function is more than 10 points
# too much seen from outside, nor too little, but for what is <torn>. (On a quiet machine it is 1
# to 3 points, and 6 in the worst case.) If one of the two has less than nine tenths of what is
# due, they did not have their CPUs, and where a program is stopped is seen too often from outside:
# the version is "busy".
as_inside() {
	local program=$1 version=$2 f=$BATS_TEST_TMPDIR/inside

	# shellcheck disable=SC2086
	LD_PRELOAD=$BATS_FILE_TMPDIR/inside.so INSIDE=$f INSIDE_AT=$(offsets "$version") \
		$there "${@:3}" "$(oracle)/compare/$program.py" 0 1 3>&- &
	pid=$!
	own+=("$pid")
	until tsample -q -n 100 -p "$pid" >/dev/null 2>&1; do
		kill -0 "$pid" || fail "$version: $program has ended" || return
	done
	kill -USR1 "$pid"
	# shellcheck disable=SC2086
	$here_cpu tsample -q --no-gc -r 2khz -d 3 -p "$pid" | tfold -t >"$BATS_TEST_TMPDIR/seen"
	kill -USR2 "$pid"
	wait "$pid" || fail "$version: $program did not tell what it saw" || return
	unset 'own[-1]'
	awk -v version="$version $program" '
		FNR == NR { inside[$2] += $1; all += $1; next }
		{
			n = $NF
			sum += n
			if (/<torn>/) { torn += n; next }
			sub(/ [0-9]+$/, "")
			sub(/.*;/, "")
			sub(/ \(.*/, "")
			seen[$0] += n
		}
		END {
			if (sum < 5400 || all < 12600) exit 2
			for (f in seen) inside[f] += 0
			for (f in inside) {
				off = 100 * (seen[f] / sum - inside[f] / all)
				if (off > 10 || off < -10 - 100 * torn / sum) {
					printf "%s: %s has %.1f %% of %d samples, and %.1f %% from inside\n",
						version, f, 100 * seen[f] / sum, sum, 100 * inside[f] / all
					bad = 1
				}
			}
			exit bad
		}' "$f" "$BATS_TEST_TMPDIR/seen" || {
		[ $? -eq 2 ] || return 1
		busy+=" $version"
	}
}

@test "shares of real code are those that a signal handler sees inside of the program" {
	need cc
	cc -D_GNU_SOURCE -O2 -shared -fPIC -o "$BATS_FILE_TMPDIR/inside.so" "$here/oracle/inside.c"
	busy=
	each_python '3.1[1-5].*' as_inside pages
	each_python '3.1[1-5].*' as_inside sources
	[ -z "$busy" ] || skip "the machine is too busy to judge$busy"
}
