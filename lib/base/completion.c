/* SPDX-License-Identifier: MIT */
#include "base/completion.h"

#include <stdio.h>
#include <string.h>

/* What can stand for a value, or an operand. */
enum complete { COMPLETE_NOTHING, COMPLETE_WORDS, COMPLETE_FILES, COMPLETE_PROCESSES };

/* Those that every tool has, and that are in no table. */
static const struct opt common[] = {
	{ OPT_KIND_FLAG, 'h', "help", NULL, NULL, "print this and end", NULL },
	{ OPT_KIND_FLAG, 'V', "version", NULL, NULL, "print the version and end", NULL },
	OPT_END,
};

static enum complete
complete_of(const struct opt *o)
{
	if (o->kind == OPT_KIND_CHOICE || o->words)
		return COMPLETE_WORDS;
	if (o->value && strcmp(o->value, "FILE") == 0)
		return COMPLETE_FILES;
	if (o->value && strcmp(o->value, "PID") == 0)
		return COMPLETE_PROCESSES;
	return COMPLETE_NOTHING;
}

/* "a|b", with blanks between them; a "|" at the end is none. */
static void
print_words(const char *words)
{
	for (; *words; words++)
		if (*words != '|')
			putchar(*words);
		else if (words[1])
			putchar(' ');
}

static void
print_words_of(const struct opt *o)
{
	print_words(o->words ? o->words : o->value);
}

/* Between single quotes of a shell. */
static void
print_quoted(const char *text, const char *special)
{
	for (; *text; text++)
		if (*text == '\'')
			fputs("'\\''", stdout);
		else
			printf("%s%c", strchr(special, *text) ? "\\" : "", *text);
}

typedef void print_option(const struct about *about, const struct opt *o);

static void
print_options(const struct about *about, print_option *print)
{
	for (const struct opt *o = about->options; o->kind; o++)
		print(about, o);
	for (const struct opt *o = common; o->kind; o++)
		print(about, o);
}

static void
print_bash_word(const struct about *about, const struct opt *o)
{
	(void)about;
	if (o->letter)
		printf(" -%c", o->letter);
	printf(" --%s", o->word);
}

static void
print_bash_value(const struct about *about, const struct opt *o)
{
	(void)about;
	if (o->kind == OPT_KIND_FLAG)
		return;
	printf("\t");
	if (o->letter)
		printf("-%c | ", o->letter);
	printf("--%s) ", o->word);
	switch (complete_of(o)) {
	case COMPLETE_WORDS:
		printf("words='");
		print_words_of(o);
		printf("'");
		break;
	case COMPLETE_FILES:
		printf("files=1");
		break;
	case COMPLETE_PROCESSES:
		printf("words=$(pgrep '' 2>/dev/null)");
		break;
	case COMPLETE_NOTHING:
		printf("words=''");
		break;
	}
	printf(" ;;\n");
}

/* The options that take the next word. */
static void
print_bash_taker(const struct about *about, const struct opt *o)
{
	(void)about;
	if (o->kind == OPT_KIND_FLAG)
		return;
	if (o->letter)
		printf("-%c | ", o->letter);
	printf("--%s | ", o->word);
}

/* $i becomes the place of the first operand, or of the word that is typed. */
static void
print_bash_operand(const struct about *about)
{
	printf("\tlocal i\n\n"
	       "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	       "\t\tcase ${COMP_WORDS[i]} in\n"
	       "\t\t--) ((++i)) && break ;;\n"
	       "\t\t");
	print_options(about, print_bash_taker);
	printf("'')\n"
	       "\t\t\t((++i))\n"
	       "\t\t\t[ \"${COMP_WORDS[i]}\" != = ] || ((++i))\n"
	       "\t\t\t;;\n"
	       "\t\t-*) ;;\n"
	       "\t\t*) break ;;\n"
	       "\t\tesac\n"
	       "\tdone\n");
}

/* From the command on, its own completion is asked. */
static void
print_bash_command(void)
{
	printf("\tif ((i < COMP_CWORD)); then\n"
	       "\t\tif declare -F _command_offset >/dev/null; then\n"
	       "\t\t\t_command_offset \"$i\"\n"
	       "\t\telse\n"
	       "\t\t\tcompopt -o default\n"
	       "\t\tfi\n"
	       "\t\treturn\n"
	       "\tfi\n");
}

/* Bash splits "--mode=cpu" in three. */
static void
print_bash(const struct about *about)
{
	printf("# Completion of %s(1) for bash.\n"
	       "_tachytools_%s() {\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tlocal words='' files=''\n",
	       about->name, about->name);
	if (about->runs_command || about->words)
		print_bash_operand(about);
	if (about->runs_command)
		print_bash_command();
	printf("\tif [ \"$word\" = = ]; then\n"
	       "\t\tword=''\n"
	       "\telif [ \"$before\" = = ]; then\n"
	       "\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	       "\tfi\n"
	       "\tCOMPREPLY=()\n"
	       "\tcase $before in\n");
	print_options(about, print_bash_value);
	printf("\t*)\n\t\tfiles=1\n");
	if (about->words) {
		printf("\t\t((i < COMP_CWORD)) || files='' words='");
		print_words(about->words);
		printf("'\n");
	}
	printf(""
	       "\t\t[[ $word != -* ]] || files='' words='");
	print_options(about, print_bash_word);
	printf("'\n"
	       "\t\t;;\n"
	       "\tesac\n"
	       "\tif [ \"$files\" ]; then\n"
	       "\t\tcompopt -o default\n"
	       "\telse\n"
	       "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	       "\tfi\n"
	       "}\n"
	       "complete -F _tachytools_%s %s\n",
	       about->name, about->name);
}

static void
print_zsh_value(const struct opt *o)
{
	if (o->kind == OPT_KIND_FLAG)
		return;
	printf(":%s:", complete_of(o) == COMPLETE_WORDS ? o->word : o->value);
	switch (complete_of(o)) {
	case COMPLETE_WORDS:
		printf("(");
		print_words_of(o);
		printf(")");
		break;
	case COMPLETE_FILES:
		printf("_files");
		break;
	case COMPLETE_PROCESSES:
		printf("_pids");
		break;
	case COMPLETE_NOTHING:
		printf(" ");
	}
}

static void
print_zsh_option(const struct about *about, const struct opt *o)
{
	const char *again = o->kind == OPT_KIND_TEXTS ? "*" : "";
	const char *has_value = o->kind == OPT_KIND_FLAG ? "" : "=";

	(void)about;
	if (o->letter && *again)
		printf("\t'*'{-%c+,--%s=}'[", o->letter, o->word);
	else if (o->letter)
		printf("\t'(-%c --%s)'{-%c%s,--%s%s}'[", o->letter, o->word, o->letter,
		       *has_value ? "+" : "", o->word, has_value);
	else
		printf("\t'%s--%s%s[", again, o->word, has_value);
	print_quoted(o->help, "[]:\\");
	printf("]");
	print_zsh_value(o);
	printf("' \\\n");
}

static void
print_zsh(const struct about *about)
{
	printf("#compdef %s\n# Completion of %s(1) for zsh.\n_arguments -s -S%s \\\n",
	       about->name, about->name, about->runs_command ? " -A '-*'" : "");
	print_options(about, print_zsh_option);
	if (about->words) {
		printf("\t'1:word:(");
		print_words(about->words);
		printf(")' \\\n");
	}
	printf(about->runs_command ? "\t'*::command:_normal'\n" : "\t'*:file:_files'\n");
}

static void
print_fish_option(const struct about *about, const struct opt *o)
{
	printf("complete -c %s", about->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	printf(" -l %s", o->word);
	switch (o->kind == OPT_KIND_FLAG ? COMPLETE_NOTHING : complete_of(o)) {
	case COMPLETE_WORDS:
		printf(" -x -a '");
		print_words_of(o);
		printf("'");
		break;
	case COMPLETE_FILES:
		printf(" -r -F");
		break;
	case COMPLETE_PROCESSES:
		printf(" -x -a '(__fish_complete_pids)'");
		break;
	case COMPLETE_NOTHING:
		printf("%s", o->kind == OPT_KIND_FLAG ? "" : " -x");
	}
	printf(" -d '");
	print_quoted(o->help, "\\");
	printf("'\n");
}

static void
print_fish(const struct about *about)
{
	printf("# Completion of %s(1) for fish.\n", about->name);
	print_options(about, print_fish_option);
	if (about->runs_command)
		printf("complete -c %s -x -a '(__fish_complete_subcommand)'\n", about->name);
	if (about->words) {
		printf("complete -c %s -n 'not __fish_seen_subcommand_from ", about->name);
		print_words(about->words);
		printf("' -f -a '");
		print_words(about->words);
		printf("'\n");
	}
}

bool
completion_print(const struct about *about, const char *shell)
{
	static const struct {
		const char *shell;
		void (*print)(const struct about *);
	} shells[] = {
		{ "bash", print_bash },
		{ "zsh", print_zsh },
		{ "fish", print_fish },
	};

	for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
		if (strcmp(shells[i].shell, shell) == 0) {
			shells[i].print(about);
			return true;
		}
	return false;
}
