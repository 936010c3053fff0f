/* SPDX-License-Identifier: MIT */
/*
 * The instructions of code objects. The interpreter puts other forms of them in
 * place while it runs, so a copy is read again when it is used and no longer
 * fresh; the base form, which says what is done, never changes.
 */
#include "cpython/opcode.h"

#include "base/time.h"
#include "cpython/python.h"

enum {
	FRESH_NS = 50000000, /* for so long a copy counts as what is there */
	BYTECODE_BYTES =
		1 << 20, /* of a function; the instructions of a longer one are not told */
	BYTES_PER_UNIT_MAX = 5, /* in the table of lines that are watched */
};

/* What stood where an instruction stands that tells sys.monitoring of a line or of itself. */
struct kept {
	const unsigned char *lines, *instructions; /* by unit; NULL: none */
	size_t line;                               /* bytes per unit */
};

void
python_want(struct python *p, unsigned wants)
{
	p->instructions.opcodes = opcode_table(p->layout.minor);
	p->instructions.wants = p->instructions.opcodes ? wants : 0;
	if (!p->instructions.opcodes)
		return;
	p->instructions.extended = opcode_named(p->instructions.opcodes, "EXTENDED_ARG");
	p->instructions.line_watch = opcode_named(p->instructions.opcodes, "INSTRUMENTED_LINE");
	p->instructions.instruction_watch =
		opcode_named(p->instructions.opcodes, "INSTRUMENTED_INSTRUCTION");
}

static bool
is_watch(const struct python *p, uint8_t byte)
{
	return byte && (byte == p->instructions.line_watch ||
	                byte == p->instructions.instruction_watch);
}

static const unsigned char *
read_bytes(struct python *p, struct arena *a, uint64_t at, size_t n)
{
	unsigned char *bytes = arena_alloc(a, n);

	return at && remote_read(p->remote, at, bytes, n) ? bytes : NULL;
}

/*
 * Up to early patches of 3.13 a unit has 2 bytes, of which the first is its
 * instruction. After that their number comes first, which is small: no function
 * begins with an instruction of such a number.
 */
static void
read_lines(struct python *p, struct arena *a, uint64_t at, size_t units, struct kept *k)
{
	uint8_t first;

	if (!at || !remote_read(p->remote, at, &first, 1))
		return;
	k->line = 2;
	if (first && first <= BYTES_PER_UNIT_MAX) {
		k->line = first;
		at++;
	}
	k->lines = read_bytes(p, a, at, units * k->line);
}

static struct kept
read_kept(struct python *p, struct arena *a, const struct code *c, size_t units)
{
	const struct layout *l = &p->layout;
	struct kept k = { 0 };
	uint64_t at, lines, instructions;

	if (l->code_monitoring == NONE || l->monitoring_lines == NONE ||
	    !remote_read(p->remote, c->address + l->code_monitoring, &at, sizeof at) || !at ||
	    !remote_read(p->remote, at + l->monitoring_lines, &lines, sizeof lines) ||
	    !remote_read(p->remote, at + l->monitoring_instructions, &instructions,
	                 sizeof instructions))
		return k;
	read_lines(p, a, lines, units, &k);
	k.instructions = read_bytes(p, a, instructions, units);
	return k;
}

/* The byte of what the instruction at unit does, whatever form it has; 0: it is none. */
static uint8_t
base_of(const struct python *p, const struct kept *k, size_t unit, uint8_t byte)
{
	uint8_t base = byte;

	if (p->instructions.line_watch && base == p->instructions.line_watch)
		base = k->lines ? k->lines[unit * k->line] : byte;
	if (p->instructions.instruction_watch && base == p->instructions.instruction_watch)
		base = k->instructions ? k->instructions[unit] : base;
	if (!p->instructions.opcodes[base].name)
		base = byte;
	return p->instructions.opcodes[base].name ? p->instructions.opcodes[base].base : 0;
}

/*
 * Gives every unit its instruction: the prefixes of one belong to it, and so do
 * the inline caches behind it, because up to 3.12 a caller is left at the last.
 */
static void
tell_units(const struct python *p, const struct kept *k, struct instruction *units, size_t n)
{
	for (size_t unit = 0, next; unit < n; unit = next) {
		struct instruction told = { units[unit].opcode, 0 };

		next = unit + 1;
		told.base = base_of(p, k, unit, told.opcode);
		while (told.base == p->instructions.extended && next < n) {
			told.opcode = units[next].opcode;
			told.base = base_of(p, k, next++, told.opcode);
		}
		if (told.base == 0)
			told.opcode = 0;
		next += p->instructions.opcodes[told.base].caches;
		for (size_t i = unit; i < next && i < n; i++)
			units[i] = told;
	}
}

/* Reads c's code anew, into its copy b. */
static bool
bytecode_read(struct python *p, struct code *c, struct bytecode *b)
{
	struct arena scratch = { 0 };
	struct kept kept = { 0 };
	bool watched = false;

	if (!b->units)
		b->units = arena_array(&p->codes.arena, struct instruction, b->n);
	if (!remote_read(p->remote, b->at, b->units, b->n * sizeof *b->units))
		return false;
	for (size_t i = 0; i < b->n && !watched; i++)
		watched = is_watch(p, b->units[i].opcode);
	if (watched)
		kept = read_kept(p, &scratch, c, b->n);
	tell_units(p, &kept, b->units, b->n);
	arena_empty(&scratch);
	return true;
}

/* Where the code lies that is run as the copy of that number, and how many units it has. */
static bool
find_bytecode(struct python *p, const struct code *c, uint32_t copy, struct bytecode *b)
{
	const struct layout *l = &p->layout;
	uint64_t bytes, n = (uint64_t)c->units * 2;

	b->at = code_start(p, c, copy);
	if (l->code_code != NONE) {
		if (!remote_read(p->remote, c->address + l->code_code, &bytes, sizeof bytes) ||
		    !remote_read(p->remote, bytes + l->bytes_length, &n, sizeof n))
			return false;
		b->at = bytes + l->bytes_data;
	}
	if (b->at == 0 || n == 0 || n > BYTECODE_BYTES ||
	    arena_bytes(&p->codes.arena) > CODES_BYTES)
		return false;
	b->n = n / 2;
	return true;
}

/* The copy of c's code, as fresh as it must be; n 0: it cannot be read. */
static const struct bytecode *
bytecode_of(struct python *p, struct code *c, uint32_t copy)
{
	struct bytecode *b;

	while (c->bytecodes.n <= copy)
		*vec_push(&p->codes.arena, &c->bytecodes) = (struct bytecode){ 0 };
	b = &c->bytecodes.at[copy];
	if (b->read_ns &&
	    (p->layout.code_code != NONE || p->instructions.now_ns - b->read_ns < FRESH_NS))
		return b;
	if (b->at != code_start(p, c, copy) || p->layout.code_code != NONE)
		*b = (struct bytecode){ 0 };
	b->read_ns = p->instructions.now_ns;
	if ((b->n == 0 && !find_bytecode(p, c, copy, b)) || !bytecode_read(p, c, b))
		*b = (struct bytecode){ .read_ns = p->instructions.now_ns };
	return b;
}

/* What the frame runs; all 0: unknown. */
static struct instruction
instruction_of(struct python *p, const struct seen *s, const struct python_place *place)
{
	struct code *c = code_behind(place->code);
	size_t unit = (size_t)place->unit;
	uint32_t copy;
	const struct bytecode *b;

	if (!c || place->unit < 0)
		return (struct instruction){ 0 };
	copy = frame_is_nowhere(s) ? 0 : frame_bytecode(p, 1, s->at);
	if (p->layout.minor < 10)
		unit /= 2;
	if (copy && copy >= c->copies.n)
		return (struct instruction){ 0 };
	b = bytecode_of(p, c, copy);
	return unit < b->n ? b->units[unit] : (struct instruction){ 0 };
}

/*
 * Before 3.11 each call of Python goes through C. What is not called by an
 * instruction that calls is called by C for certain: __add__, __iter__, imports.
 */
static bool
is_entry(const struct python *p, const struct python_place *place)
{
	return place->opcode1 && !p->instructions.opcodes[place->base].calls;
}

void
bytecode_tell(struct python *p, struct watch *w, size_t *same)
{
	bool on_heap = p->layout.code_code != NONE;
	size_t i = *same;

	if (!(p->instructions.wants & PYTHON_WANT_OPCODES) &&
	    !(on_heap && p->instructions.wants))
		return;
	p->instructions.now_ns = time_of(CLOCK_MONOTONIC_COARSE);
	if (p->instructions.now_ns - w->opcodes_ns >= FRESH_NS) {
		w->opcodes_ns = p->instructions.now_ns;
		i = 0;
	}
	for (; i < w->places.n; i++) {
		struct python_place *place = &w->places.at[i];
		struct instruction is = instruction_of(p, &w->seen.at[i], place);
		uint16_t opcode1 = is.opcode ? (uint16_t)(is.opcode + 1) : 0;

		if (i < *same && (place->opcode1 != opcode1 || place->base != is.base))
			*same = i;
		place->opcode1 = opcode1;
		place->base = is.base;
		if (on_heap)
			place->entry = i > 0 && is_entry(p, place - 1);
	}
}

bool
bytecode_is_native(struct python *p, const struct watch *w)
{
	const struct seen *s = w->seen.n ? &w->seen.at[w->seen.n - 1] : NULL;
	const struct opcode *form;
	struct instruction is;

	if (!(p->instructions.wants & PYTHON_WANT_NATIVE) || !s)
		return false;
	p->instructions.now_ns = time_of(CLOCK_MONOTONIC_COARSE);
	is = instruction_of(p, s, &w->places.at[w->places.n - 1]);
	form = &p->instructions.opcodes[is.opcode];
	if (form->base != is.base) /* it stands before the one that runs */
		form = &p->instructions.opcodes[is.base];
	if (!form->calls)
		return false;
	return p->layout.frame_stack_width != 8 || frame_is_waiting(p, s->at);
}

struct text
python_opcode(const struct python *p, struct arena *a, const struct python_place *place)
{
	const struct opcode *o, *base;

	if (!p->instructions.opcodes || place->opcode1 == 0 || place->opcode1 > OPCODES)
		return (struct text){ 0 };
	o = &p->instructions.opcodes[place->opcode1 - 1];
	base = &p->instructions.opcodes[place->base];
	if (!o->name || o == base || !base->name)
		return text_of(o->name ? o->name : "");
	return text_print(a, "%s %s", o->name, base->name);
}
