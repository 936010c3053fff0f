/* SPDX-License-Identifier: MIT */
#include "base/opt.h"

#include "base/quantity.h"
#include "base/text.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
	OPTIONS_MAX = 64,
	CODE = 1000, /* getopt's code of the row i is CODE + i */
	CODE_HELP = 2000,
	CODE_VERSION,
};

static bool
read_choice(const char *words, const char *value, int *to)
{
	size_t length = strlen(value);

	for (int i = 0;; i++) {
		size_t n = strcspn(words, "|");

		if (n == length && strncmp(words, value, n) == 0) {
			*to = i;
			return true;
		}
		if (!words[n])
			return false;
		words += n + 1;
	}
}

static bool
read_value(struct arena *a, const struct opt *o, const char *value)
{
	switch (o->kind) {
	case OPT_KIND_FLAG:
		*(bool *)o->to = true;
		return true;
	case OPT_KIND_TEXT:
		*(const char **)o->to = value;
		return true;
	case OPT_KIND_TEXTS:
		*vec_push(a, (opt_texts *)o->to) = value;
		return true;
	case OPT_KIND_COUNT:
		return quantity_count(value, o->to) && *(uint64_t *)o->to > 0;
	case OPT_KIND_NS:
		return quantity_ns(value, o->to);
	case OPT_KIND_HZ:
		return quantity_hz(value, o->to) && *(double *)o->to > 0;
	case OPT_KIND_SHARE:
		return quantity_share(value, o->to) && *(double *)o->to < 1;
	case OPT_KIND_CHOICE:
		return read_choice(o->value, value, o->to);
	case OPT_KIND_END:
		break;
	}
	return false;
}

static const char *
wanted(enum opt_kind kind)
{
	switch (kind) {
	case OPT_KIND_COUNT:
		return "a whole number above 0";
	case OPT_KIND_NS:
		return "a duration such as 10, 500ms or 2m";
	case OPT_KIND_HZ:
		return "a rate above 0, such as 100, 10khz or 1mhz";
	case OPT_KIND_SHARE:
		return "a share below 1 such as 5% or 0.05";
	default:
		return "another value";
	}
}

static bool
refuse_value(const struct opt *o, const char *value, struct err *e)
{
	if (o->kind == OPT_KIND_CHOICE)
		return err_set(e, "--%s: \"%s\" is none of %s", o->word, value, o->value);
	return err_set(e, "--%s: \"%s\" is not %s", o->word, value, wanted(o->kind));
}

/* The table in the form of getopt_long(3): its letters, and its words. */
static void
for_getopt(const struct opt *table, bool stop_early, char *letters, struct option *words)
{
	int i;

	/* "+" stops at the first operand; ":" tells a missing value from a bad option. */
	if (stop_early)
		*letters++ = '+';
	*letters++ = ':';
	for (i = 0; table[i].kind; i++) {
		int has_value = table[i].kind != OPT_KIND_FLAG;

		words[i] = (struct option){ table[i].word, has_value, NULL, CODE + i };
		if (!table[i].letter)
			continue;
		*letters++ = table[i].letter;
		if (has_value)
			*letters++ = ':';
	}
	words[i++] = (struct option){ "help", 0, NULL, CODE_HELP };
	words[i++] = (struct option){ "version", 0, NULL, CODE_VERSION };
	words[i] = (struct option){ 0 };
	strcpy(letters, "hV");
}

static const struct opt *
row_of(const struct opt *table, int code)
{
	const struct opt *o = code >= CODE ? table + (code - CODE) : table;

	if (code < CODE)
		while (o->kind && o->letter != code)
			o++;
	return o;
}

static bool
refuse_option(int code, char **argv, struct err *e)
{
	const char *given = argv[optind - 1];

	if (code == ':')
		return err_set(e, "%s: it needs a value", given);
	if (optopt && optopt < CODE)
		return err_set(e, "-%c: there is no such option", optopt);
	return err_set(e, "%s: there is no such option", given);
}

int
opt_parse(struct arena *a, const struct opt *table, bool stop_early, int argc, char **argv,
          struct opt_asked *asked, struct err *e)
{
	char letters[2 * OPTIONS_MAX + 8];
	struct option words[OPTIONS_MAX + 3];
	int code;

	for_getopt(table, stop_early, letters, words);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, letters, words, NULL)) != -1) {
		if (code == '?' || code == ':') {
			refuse_option(code, argv, e);
			return -1;
		}
		if (code == 'h' || code == CODE_HELP)
			asked->help = true;
		else if (code == 'V' || code == CODE_VERSION)
			asked->version = true;
		else if (!read_value(a, row_of(table, code), optarg)) {
			refuse_value(row_of(table, code), optarg, e);
			return -1;
		}
	}
	return optind;
}

static void
print_row(char letter, const char *word, const char *value, const char *help)
{
	char left[64];
	int n = letter ? snprintf(left, sizeof left, "-%c, --%s", letter, word)
	               : snprintf(left, sizeof left, "    --%s", word);

	if (value)
		snprintf(left + n, sizeof left - (size_t)n, " %s", value);
	printf("  %-28s %s\n", left, help);
}

void
opt_print(const struct opt *table)
{
	for (; table->kind; table++)
		print_row(table->letter, table->word, table->value, table->help);
	print_row('h', "help", NULL, "print this and end");
	print_row('V', "version", NULL, "print the version and end");
}
