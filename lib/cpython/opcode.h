/* SPDX-License-Identifier: MIT */
/*
 * cpython/opcode.h: the instructions of each version, as its interpreter lists them.
 *
 * A byte in a code object names an instruction. Where it ran often, a form of
 * it made for what it met stands there instead, and where it is watched by
 * sys.monitoring, one that tells of it.
 */
#ifndef CPYTHON_OPCODE_H
#define CPYTHON_OPCODE_H

#include <stdbool.h>
#include <stdint.h>

enum { OPCODES = 256 };

struct opcode {
	const char *name; /* NULL: the version has no such instruction */
	uint8_t base;     /* of which it is a form; itself where it is none */
	uint8_t caches;   /* units behind it that are no instructions */
	bool calls;       /* what may be written in C */
};

/* The OPCODES of version 3.minor, by their byte; NULL: there is no table. Lent for ever. */
const struct opcode *opcode_table(unsigned minor);

/* The byte of that name; 0, which is no instruction that runs: there is none. */
uint8_t opcode_named(const struct opcode *table, const char *name);

#endif
