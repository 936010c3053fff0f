#!/usr/bin/env bats
# Completions: what real shells offer for the command lines of the tools.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	touch profile.bin
}

tool_has_words() {
	is "$(offers "$1" '--' | LC_ALL=C sort)" "$("$1" --help | sed -nE 's/^  (-.|  )[, ] (--[a-z-]+)( .*)?$/\2/p' | LC_ALL=C sort)" || {
		echo "($1)"
		return 1
	}
}

# Every tool offers the words of its --help in the shell of offers().
all_tools() {
	local tool failed=0

	for tool in "${tools[@]}"; do
		need "$tool"
		tool_has_words "$tool" || failed=1
	done
	return $failed
}

# bash: what Tab makes of the words, the last of which is being typed, as readline splits them.
bash_offers() {
	"$1" --completion bash >script
	bash --norc -c '
		source ./script
		compopt() { echo "(files)"; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_tachytools_'"$1"'
		printf "%s\n" "${COMPREPLY[@]}"' - "$@" | sed '/^$/d'
}

@test "bash offers the options of every tool" {
	offers() { bash_offers "$@"; }
	all_tools
}

@test "bash offers the words of a choice, in both forms of an option, and files where they belong" {
	is "$(bash_offers tsample --mode '')" "$(printf '%s\n' wall cpu gil exception)"
	is "$(bash_offers tsample --mode e)" "exception"
	is "$(bash_offers tfold --weight = '')" "$(printf '%s\n' samples time)"
	is "$(bash_offers tfold --weight =)" "$(printf '%s\n' samples time)"
	is "$(bash_offers tfold -o '')" "(files)"
	is "$(bash_offers tfold '')" "(files)"
	is "$(bash_offers tfold --from '')" ""
	is "$(bash_offers tdump -p "$$" | grep -x "$$")" "$$"
	is "$(bash_offers tstat --sort 'tot')" "$(printf '%s\n' total total-samples)"
	is "$(bash_offers tfold --compress '')" "$(printf '%s\n' none zstd)"
}

@test "bash offers the formats of texport, and files behind the first one" {
	is "$(bash_offers texport '' | tr '\n' ' ')" "$(texport --help | sed -nE 's/^  ([a-z]+): .*/\1/p' | tr '\n' ' ')"
	is "$(bash_offers texport -T --weight time -o x s)" "$(printf '%s\n' speedscope svg)"
	is "$(bash_offers texport --weight = time --label x=y s)" "$(printf '%s\n' speedscope svg)"
	is "$(bash_offers texport -q svg p)" "(files)"
	is "$(bash_offers texport --weight '')" "$(printf '%s\n' samples time)"
}

@test "bash leaves a command behind tsample to the command's own completion" {
	tsample --completion bash >script
	run -0 bash --norc -c '
		source ./script
		_command_offset() { echo "the word $1"; }
		COMP_WORDS=(tsample -r 10khz --mode = cpu -- python3 -) COMP_CWORD=8
		_tachytools_tsample
		COMP_WORDS=(tsample -a python3 --) COMP_CWORD=3
		_tachytools_tsample'
	is "$output" "the word 7
the word 2"
}

# What becomes of the line $2 that is typed after $1, in an interactive shell that says its words.
typed_in_bash() {
	"$1" --completion bash >script
	printf 'source ./script; %s() { echo "got: $*"; }\n%s %s\nexit\n' "$1" "$1" "$2" >lines
	TERM=dumb script -qec 'bash --norc --noprofile -i' /dev/null <lines | tr -d '\r' | sed -n 's/.*got: //p' | tail -n 1
}

@test "bash completes a line that is typed" {
	need_terminal
	is "$(typed_in_bash tfold $'--weight ti\t--kee\tx pro\t')" "--weight time --keep x profile.bin"
	is "$(typed_in_bash tsample $'--mode=exc\t--realt\t-o pro\t')" "--mode=exception --realtime-stats -o profile.bin"
}

typed_in_zsh() {
	mkdir -p functions
	"$1" --completion zsh >"functions/_$1"
	zsh -f -c '
		zmodload zsh/zpty
		zpty z "TERM=dumb zsh -f -i"
		zpty -w z "fpath=($PWD/functions \$fpath); autoload -Uz compinit; compinit -D -u"
		zpty -w z "$1() { print -r -- \"got: \$*\" }; print be\"\"gun"
		zpty -r z out "*begun*"
		zpty -n -w z "$1 $2"$'"'\\n'"'
		zpty -w z exit
		while zpty -r z line; do print -r -- "$line"; done' - "$1" "$2" |
		tr -d '\r' | sed -n 's/^got: //p'
}

@test "zsh completes a line that is typed, of every tool" {
	local tool

	need zsh
	for tool in "${tools[@]}"; do
		need "$tool"
		is "$tool $(typed_in_zsh "$tool" $'--vers\t')" "$tool --version"
	done
	is "$(typed_in_zsh tfold $'--weight ti\t--kee\tx pro\t')" "--weight time --keep=x profile.bin"
	is "$(typed_in_zsh texport $'-q spe\tpro\t')" "-q speedscope profile.bin"
	is "$(typed_in_zsh tstat $'--sort total-s\tpro\t')" "--sort total-samples profile.bin"
	is "$(typed_in_zsh tsample $'--mode exc\t--realt\t-o pro\t')" "--mode exception --realtime-stats -o profile.bin"
}

# fish: it can be asked.
fish_offers() {
	"$1" --completion fish >script
	HOME=$PWD fish --no-config -c 'source ./script; complete -C "$argv"' -- "$*" | cut -f 1
}

@test "fish offers the options of every tool" {
	need fish
	offers() { fish_offers "$@"; }
	all_tools
}

@test "fish offers the words of a choice, and files where they belong" {
	need fish
	is "$(fish_offers tsample --mode '' | sort)" "$(printf '%s\n' cpu exception gil wall)"
	is "$(fish_offers tsample --mode e)" "exception"
	is "$(fish_offers tfold --weight=t)" "--weight=time"
	is "$(fish_offers tfold -o pro)" "profile.bin"
	is "$(fish_offers tfold pro)" "profile.bin"
	is "$(fish_offers tfold --from pro)" ""
	is "$(fish_offers texport -q s | sort)" "$(printf '%s\n' speedscope svg)"
	is "$(fish_offers texport svg pro)" "profile.bin"
	is "$(fish_offers tstat --sort tot | sort)" "$(printf '%s\n' total total-samples)"
}
