/* SPDX-License-Identifier: MIT */
/*
 * cpython/dict.h: dicts of the target, and the attributes of its instances.
 *
 * The hash of a str is keyed with a secret of the process, so entries are
 * looked through in their order, and there is a bound to how many. All of it
 * may change while it is read: a trail of the words that led somewhere, looked
 * at once more in the end, shows that they still do.
 */
#ifndef CPYTHON_DICT_H
#define CPYTHON_DICT_H

#include "base/text.h"

struct interpreter;
struct python;

/* Bits of a type's flags: what its instances are. */
enum type_flag { TYPE_INT = 1 << 24, TYPE_STR = 1 << 28, TYPE_DICT = 1 << 29 };

enum { TRAIL_MAX = 16 };

/* Words of the target through which something was reached; n = 0 begins one. */
struct trail {
	unsigned n;
	struct {
		uint64_t at, was;
	} steps[TRAIL_MAX];
};

/* A dict as it was read. */
struct dict {
	uint64_t keys;        /* the object that has its entries */
	uint64_t entries;     /* the first one */
	uint64_t values;      /* the first one, when they are apart; else 0 */
	uint32_t n;           /* entries; some may be unused */
	uint32_t stride, key; /* bytes from entry to entry, and to its key */
};

/* What is known of the module threading of an interpreter. */
struct roster {
	uint64_t interpreter; /* its id */
	uint64_t slot,
		active; /* the word that refers to its dict _active, and that; 0: unknown */
	uint64_t keys;  /* of the modules among which it was looked for last */
	uint32_t n;     /* of these modules */
};

/* The modules of an interpreter, as they were looked through last. */
struct imported {
	uint64_t interpreter; /* its id */
	uint64_t modules;     /* the dict; 0: unknown */
	uint64_t keys;
	uint32_t n;      /* entries */
	uint64_t due_ns; /* the caller's */
};

/* Reads a word and adds it to p->trail; false: it cannot be read. */
bool trail_follow(struct python *p, uint64_t at, uint64_t *word);

/* Whether every word of p->trail is still what it was. */
bool trail_holds(struct python *p);

/* Whether the object is an instance of the type with that flag, or of one derived from it. */
bool object_is(struct python *p, uint64_t address, enum type_flag flag);

/*
 * Which of the n objects is a str of these characters, at most 64, all of them ASCII; n: none
 * is. One system call reads as many as it takes.
 */
uint32_t object_find_text(struct python *p, const uint64_t *objects, uint32_t n,
                          struct text ascii);

/* The address of the word that refers to an attribute of the instance itself; 0: it has none. */
uint64_t object_attribute(struct python *p, uint64_t object, struct text ascii);

/* False: there is no dict, or one of too many entries. */
bool dict_read(struct python *p, uint64_t address, struct dict *d);

/* The address of the value whose key is that str, or has that hash; 0: there is none. */
uint64_t dict_find_text(struct python *p, const struct dict *d, struct text ascii);
uint64_t dict_find_hash(struct python *p, const struct dict *d, uint64_t hash);

/*
 * imported.c: whether a module of that name is among those that the interpreter has imported
 * since it was asked last. One system call where there are none.
 */
bool imported_lately(struct python *p, struct interpreter *home, struct text ascii);

#endif
