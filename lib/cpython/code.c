/* SPDX-License-Identifier: MIT */
/*
 * Code objects, kept by their address. An address is used again soon after a
 * code object has gone, so what is kept here is a claim: codes_check() proves
 * it before a stack is shown.
 */
#include "cpython/python.h"

enum {
	LEAVES_SINCE =
		14, /* the first minor version that clears the code of a frame that ends */
	HEAD_BYTES = 1024 + 8,
	UNITS_MAX = 1 << 24,   /* of a function */
	TABLE_BYTES = 1 << 20, /* of a line table */
	TABLE_BYTES_MIN =
		4096,     /* beyond the next: old tables take many entries for a big step */
	ENTRY_BYTES = 32, /* of one of its entries, which covers a code unit at least */
	COPIES_MAX = 2048,
};

static struct code **
row_of(struct python *p, uint64_t address)
{
	struct index_probe probe = index_probe(&p->codes.by_address, hash_number(address));

	while (index_next(&p->codes.by_address, &probe))
		if (p->codes.rows.at[probe.row]->address == address)
			return &p->codes.rows.at[probe.row];
	return NULL;
}

struct code *
code_known(struct python *p, uint64_t address)
{
	struct code **row = row_of(p, address);

	return row ? *row : NULL;
}

static void
keep(struct python *p, struct code *c)
{
	struct code **row = row_of(p, c->address);

	if (row) {
		*row = c;
		return;
	}
	index_add(&p->codes.arena, &p->codes.by_address, hash_number(c->address),
	          (uint32_t)p->codes.rows.n);
	*vec_push(&p->codes.arena, &p->codes.rows) = c;
}

/* The first code object shows where its type is; then comparing the address is enough. */
static bool
is_code(struct python *p, const unsigned char *head)
{
	uint64_t type = word_at(head + p->layout.object_type);

	if (!p->codes.type && object_type_is(p, type, "code"))
		p->codes.type = type;
	return type && type == p->codes.type;
}

/* Code that was made from no file: "<string>", "<stdin>"; frozen modules stay for ever. */
static bool
is_dynamic(struct text file)
{
	return file.n == 0 || (file.at[0] == '<' && !text_starts(file, TEXT("<frozen ")));
}

static void
read_texts(struct python *p, struct code *c, const unsigned char *head)
{
	const struct layout *l = &p->layout;
	uint32_t name = l->code_qualname != NONE ? l->code_qualname : l->code_name;
	size_t table = (size_t)c->units * ENTRY_BYTES + TABLE_BYTES_MIN;

	c->shown.unreadable =
		!object_text(p, &p->codes.arena, word_at(head + l->code_file),
	                     &c->shown.file) ||
		!object_text(p, &p->codes.arena, word_at(head + name), &c->shown.name);
	c->dynamic = is_dynamic(c->shown.file);
	if (!object_bytes(p, &p->codes.arena, word_at(head + l->code_lines),
	                  table < TABLE_BYTES ? table : TABLE_BYTES, &c->table))
		c->table = (struct text){ NULL, 0 };
}

/*
 * Before 3.14 nothing tells that code objects went, but in 3.13 a counter tells
 * that new ones came. It is no documented field: when a code object is newer
 * than it, it is another field in this build.
 */
static void
doubt_epoch(struct python *p, const unsigned char *head)
{
	if (p->codes.epoch_field == p->layout.interpreter_version &&
	    p->codes.epoch_field != NONE && p->codes.epoch &&
	    half_at(head + p->layout.code_version) > p->codes.epoch)
		p->codes.epoch_field = NONE;
}

/* Before 3.11 the code lies in a bytes object of its own. */
static uint64_t
count_units(struct python *p, const unsigned char *head)
{
	uint64_t bytes, code = word_at(head + p->layout.code_code);

	return remote_read(p->remote, code + p->layout.bytes_length, &bytes, sizeof bytes)
	               ? bytes / 2
	               : 0;
}

/* Where a frame has its locals; from 3.11 on, where the shortest one ends. */
static uint32_t
locals_at(const struct layout *l)
{
	return l->frame_locals != NONE ? l->frame_locals : frame_least(l);
}

/* As many of the lowest bits, as far as there are any. */
static uint8_t
first_bits(uint32_t n)
{
	return n < KEPT_MAX ? (uint8_t)((1u << n) - 1) : UINT8_MAX;
}

struct code *
code_read(struct python *p, uint64_t address)
{
	const struct layout *l = &p->layout;
	unsigned char head[HEAD_BYTES];
	struct code *c = code_known(p, address);
	uint64_t units;

	if (!remote_read(p->remote, address, head, p->codes.head_bytes) || !is_code(p, head))
		return NULL;
	if (c && code_is_same(p, c, head + p->codes.identity_at))
		return c;
	units = p->heap.used ? count_units(p, head) : word_at(head + l->code_units);
	if (units == 0 || units > UNITS_MAX || arena_bytes(&p->codes.arena) > CODES_BYTES)
		return NULL;
	c = arena_new(&p->codes.arena, struct code);
	c->address = address;
	c->units = (uint32_t)units;
	c->begun = p->heap.used ? -1 : (int32_t)half_at(head + l->code_begun);
	c->shown.line = half_at(head + l->code_line);
	if (c->shown.line > INT32_MAX)
		c->shown.line = 0; /* a line below 1 is none */
	c->shown.id = p->codes.ids++;
	c->stack_at = locals_at(l) + 8 * half_at(head + l->code_locals);
	c->frame_bytes = c->stack_at + 8 * half_at(head + l->code_stack);
	if (!p->heap.used && l->code_arguments != NONE)
		c->kept = first_bits(half_at(head + l->code_arguments));
	c->name = word_at(head + l->code_name);
	c->names = word_at(head + l->code_names);
	c->variables = word_of(head, l->code_variables);
	c->constants = word_of(head, l->code_constants);
	memcpy(c->identity, head + p->codes.identity_at, p->codes.identity_bytes);
	read_texts(p, c, head);
	doubt_epoch(p, head);
	keep(p, c);
	return c;
}

bool
code_is_same(const struct python *p, const struct code *c, const unsigned char *bytes)
{
	return memcmp(c->identity, bytes, p->codes.identity_bytes) == 0;
}

/* 3.14t: { int64 size; char *entries[size]; }, one for each thread that ran it. */
static uint64_t
read_copy(struct python *p, struct code *c, uint32_t copy)
{
	uint64_t list, size, start;

	if (copy >= COPIES_MAX ||
	    !remote_read(p->remote, c->address + p->layout.code_copies, &list, sizeof list) ||
	    !list || !remote_read(p->remote, list, &size, sizeof size) || copy >= size ||
	    !remote_read(p->remote, list + 8 + (uint64_t)copy * 8, &start, sizeof start))
		return 0;
	while (c->copies.n <= copy)
		*vec_push(&p->codes.arena, &c->copies) = 0;
	return c->copies.at[copy] = start;
}

uint64_t
code_start(const struct python *p, const struct code *c, uint32_t copy)
{
	if (copy == 0 || p->layout.code_copies == NONE)
		return c->address + p->layout.code_bytes;
	return copy < c->copies.n ? c->copies.at[copy] : 0;
}

static bool
is_inside(const struct code *c, uint64_t start, uint64_t instruction)
{
	return start && instruction + 2 - start <= (uint64_t)c->units * 2 &&
	       instruction % 2 == 0;
}

/* Before 3.11 a frame counts its instructions; -1 is before the first. */
static int32_t
counted_unit(const struct python *p, const struct code *c, int32_t n)
{
	return n >= -1 && n < (int64_t)c->units * 2 / p->codes.unit_bytes ? n : -2;
}

/* Whether the instruction is in the code that it has of its own. */
static bool
holds(const struct python *p, const struct code *c, uint64_t instruction)
{
	return c && instruction - code_start(p, c, 0) < 2 * (uint64_t)c->units;
}

struct code *
code_left(struct python *p, uint64_t instruction)
{
	struct codes *codes = &p->codes;
	struct code **left = &codes->left[hash_number(instruction) % LEFT];

	if (p->layout.minor < LEAVES_SINCE || p->layout.frame_copy != NONE || !instruction ||
	    (codes->missed == instruction && codes->missed_rows == codes->rows.n))
		return NULL;
	if (*left && code_known(p, (*left)->address) != *left)
		*left = NULL;
	for (size_t i = 0; !holds(p, *left, instruction) && i < codes->rows.n; i++)
		*left = codes->rows.at[i];
	if (holds(p, *left, instruction))
		return *left;
	codes->missed = instruction;
	codes->missed_rows = codes->rows.n;
	return NULL;
}

int32_t
code_unit(struct python *p, struct code *c, uint64_t instruction, uint32_t copy)
{
	uint64_t start = code_start(p, c, copy);

	if (p->heap.used)
		return counted_unit(p, c, (int32_t)(uint32_t)instruction);
	if (copy != 0 && p->layout.code_copies != NONE && !is_inside(c, start, instruction))
		start = read_copy(p, c, copy);
	if (!is_inside(c, start, instruction))
		return -2;
	return (int32_t)((int64_t)(instruction - start) / 2);
}

struct python_position
python_position(struct python *p, const struct python_place *place)
{
	struct code *c = code_behind(place->code);
	struct python_position position;

	if (!c)
		return (struct python_position){ 0 };
	if (!c->lines && arena_bytes(&p->codes.arena) > CODES_BYTES)
		return (struct python_position){ 0 };
	if (!c->lines) {
		c->lines = arena_new(&p->codes.arena, struct lines);
		*c->lines = lines_decode(&p->codes.arena, p->codes.lines, c->table,
		                         c->shown.line, c->units);
	}
	position = lines_position(c->lines, place->unit / (int32_t)(2 / p->codes.unit_bytes));
	if (place->unit < 0)
		position.line = position.end_line = c->shown.line;
	return position;
}

void
python_detach(struct python *p)
{
	arena_empty(&p->codes.arena);
}
