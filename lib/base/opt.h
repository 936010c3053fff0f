/* SPDX-License-Identifier: MIT */
/*
 * base/opt.h: a tool's options as a table of typed rows.
 *
 * The table parses, checks ranges and prints --help; the macros make the
 * compiler refuse a pointer of the wrong type. A letter means the same in
 * every tool (tachytools(7) prints the alphabet); 0 is no letter.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stdint.h>

typedef VEC(const char *) opt_texts;

enum opt_kind {
	OPT_KIND_END,
	OPT_KIND_FLAG,
	OPT_KIND_TEXT,
	OPT_KIND_TEXTS,
	OPT_KIND_COUNT,
	OPT_KIND_NS,
	OPT_KIND_HZ,
	OPT_KIND_SHARE,
	OPT_KIND_CHOICE,
};

struct opt {
	enum opt_kind kind;
	char letter;
	const char *word;
	const char *value; /* what --help calls it; for a choice the words, "a|b|c" */
	void *to;
	const char *help; /* one line */
	const char *
		words; /* that a shell offers, "a|b|c", of a value that may be others; or NULL */
};

/* Makes the compiler compare the type of pointer p with what the row wants. */
#define OPT_TO(type, p) (1 ? (p) : (type *)0)

#define OPT_FLAG(letter, word, p, help)                                                        \
	{                                                                                      \
		OPT_KIND_FLAG, letter, word, NULL, OPT_TO(bool, p), help, NULL                 \
	}
#define OPT_TEXT(letter, word, value, p, help) OPT_WORD(letter, word, value, NULL, p, help)
#define OPT_WORD(letter, word, value, words, p, help) /* a text; often one of words */         \
	{                                                                                      \
		OPT_KIND_TEXT, letter, word, value, OPT_TO(const char *, p), help, words       \
	}
#define OPT_TEXTS(letter, word, value, p, help) /* may be given again */                       \
	{                                                                                      \
		OPT_KIND_TEXTS, letter, word, value, OPT_TO(opt_texts, p), help, NULL          \
	}
#define OPT_COUNT(letter, word, value, p, help) /* 1 or more */                                \
	{                                                                                      \
		OPT_KIND_COUNT, letter, word, value, OPT_TO(uint64_t, p), help, NULL           \
	}
#define OPT_NS(letter, word, value, p, help) /* a duration */                                  \
	{                                                                                      \
		OPT_KIND_NS, letter, word, value, OPT_TO(uint64_t, p), help, NULL              \
	}
#define OPT_HZ(letter, word, value, p, help) /* a rate, above 0 */                             \
	{                                                                                      \
		OPT_KIND_HZ, letter, word, value, OPT_TO(double, p), help, NULL                \
	}
#define OPT_SHARE(letter, word, value, p, help) /* of a whole: "5%", "0.05" */                 \
	{                                                                                      \
		OPT_KIND_SHARE, letter, word, value, OPT_TO(double, p), help, NULL             \
	}
#define OPT_CHOICE(letter, word, words, p, help) /* the number of the word, from 0 */          \
	{                                                                                      \
		OPT_KIND_CHOICE, letter, word, words, OPT_TO(int, p), help, NULL               \
	}
#define OPT_END                                                                                \
	{                                                                                      \
		OPT_KIND_END, 0, NULL, NULL, NULL, NULL, NULL                                  \
	}

/* Whether --help or --version was given. */
struct opt_asked {
	bool help, version;
};

/*
 * Reads the options of argv by the table. The number of the first operand;
 * operands are moved behind the options unless stop_early, which leaves a
 * command's own options alone. -1 sets *e. What of *asked was given is set.
 */
int opt_parse(struct arena *a, const struct opt *table, bool stop_early, int argc, char **argv,
              struct opt_asked *asked, struct err *e);

/* The table as lines of --help, on standard output. */
void opt_print(const struct opt *table);

#endif
