/* SPDX-License-Identifier: MIT */
#include "cpython/opcode.h"

#include <stddef.h>
#include <string.h>

#define OPCODE(number, name, base, caches, calls) [number] = { name, base, caches, calls },
static const struct opcode tables[][OPCODES] = {
	{
#include "share/cpython/3.8.opcodes.def"
	},
	{
#include "share/cpython/3.9.opcodes.def"
	},
	{
#include "share/cpython/3.10.opcodes.def"
	},
	{
#include "share/cpython/3.11.opcodes.def"
	},
	{
#include "share/cpython/3.12.opcodes.def"
	},
	{
#include "share/cpython/3.13.opcodes.def"
	},
	{
#include "share/cpython/3.14.opcodes.def"
	},
	{
#include "share/cpython/3.15.opcodes.def"
	},
};
#undef OPCODE

enum { FIRST_MINOR = 8, TABLES = sizeof tables / sizeof *tables };

const struct opcode *
opcode_table(unsigned minor)
{
	return minor - FIRST_MINOR < TABLES ? tables[minor - FIRST_MINOR] : NULL;
}

uint8_t
opcode_named(const struct opcode *table, const char *name)
{
	for (unsigned i = 0; i < OPCODES; i++)
		if (table[i].name && strcmp(table[i].name, name) == 0)
			return (uint8_t)i;
	return 0;
}
