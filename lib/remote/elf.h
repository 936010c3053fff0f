/* SPDX-License-Identifier: MIT */
/*
 * remote/elf.h: a small reader of ELF objects, in a file or in memory.
 *
 * It reads through a function, trusts no number, follows no count beyond its
 * bounds and keeps only the program headers. 64-bit, of this machine's byte
 * order. Addresses are those that the object was linked for; add its bias.
 */
#ifndef REMOTE_ELF_H
#define REMOTE_ELF_H

#include "remote/maps.h"

#include <elf.h>

enum {
	ELF_SEGMENTS_MAX = 64,
	ELF_SECTIONS_MAX = 4096,
	ELF_SYMBOLS_MAX = 1 << 20, /* of a table that is searched from end to end */
	ELF_CHAIN_MAX = 1 << 16,   /* of one hash bucket */
};

/* Reads n bytes at a place of the object; false: not all of them are there. */
typedef bool elf_read_fn(void *from, uint64_t at, void *to, size_t n);

struct elf {
	elf_read_fn *read;
	void *from;
	bool in_memory; /* places are addresses of the target; else offsets in the file */
	uint64_t bias;  /* in memory: what is added to an address of the object */
	Elf64_Ehdr head;
	Elf64_Phdr segments[ELF_SEGMENTS_MAX];
	unsigned n; /* segments */
};

/* A piece of the object. */
struct elf_place {
	uint64_t address, size;
};

/* Opens the object of a file. False: it is no ELF object of this machine. */
bool elf_open_file(struct elf *f, elf_read_fn *read, void *from);

/*
 * Opens the object whose first byte is mapped at start of the target's memory.
 * It has no sections there.
 */
bool elf_open_memory(struct elf *f, elf_read_fn *read, void *from, uint64_t start);

/* What to add to the object's addresses when the mapping m is one of its own. False: it is not. */
bool elf_bias(const struct elf *f, const struct map *m, uint64_t *bias);

bool elf_section(struct elf *f, const char *name, struct elf_place *place);

/* A symbol that is asked for; at most 62 bytes of name are compared. */
struct elf_symbol {
	const char *name;
	bool found;
	struct elf_place place; /* of what was found */
};

/*
 * Finds those of the n symbols that are defined here. An object that exports
 * any of them is taken to export all that it has, so that the hash of the
 * dynamic symbols answers; else, in a file, the table that strip(1) takes away
 * is read once.
 */
void elf_symbols(struct elf *f, struct elf_symbol *symbols, unsigned n);

#endif
