/* SPDX-License-Identifier: MIT */
/* Header, tables and statistics of Tachyon's file. */
#include "formats/tach.h"

#include <math.h>

enum { VERSION = 1, STRING_LEAST = 1, FRAME_LEAST = 7, STATISTICS = 56, STATISTICS_OLD = 32 };

#define MAGIC "TACH"
#define MAGIC_LITTLE "HCAT"
#define COORDINATOR "_sync_coordinator.py"
#define NO_FILE "~" /* of what is no Python code */

uint64_t
tach_word(const struct tach *t, const unsigned char *p, size_t n)
{
	uint64_t word = 0;

	for (size_t i = 0; i < n; i++)
		word |= (uint64_t)p[i] << 8 * (t->swapped ? n - 1 - i : i);
	return word;
}

static uint64_t
word_at(const struct tach *t, uint64_t at, size_t n)
{
	return tach_word(t, (const unsigned char *)t->bytes.at + at, n);
}

static double
real_at(const struct tach *t, uint64_t at)
{
	uint64_t word = word_at(t, at, 8);
	double real;

	memcpy(&real, &word, sizeof real);
	return isfinite(real) && real > 0 ? real : 0;
}

static bool
fault(const struct tach *t, struct err *e, uint64_t at, const char *fact)
{
	return err_set(e, "%s: byte %llu: %s", t->in->name, (unsigned long long)at, fact);
}

/* The file is what its header and its footer say. */
static bool
check_header(struct tach *t, struct err *e)
{
	uint64_t version = word_at(t, 4, 4);

	if (version != VERSION) {
		err_set(e, "%s: byte 4: version %llu of Tachyon's format, and only %d is known",
		        t->in->name, (unsigned long long)version, VERSION);
		return err_hint(e, "Python %u.%u.%u wrote it", t->python[0], t->python[1],
		                t->python[2]);
	}
	if (t->start_us > TACH_US_MAX || t->interval_us > TACH_US_MAX)
		return fault(t, e, t->start_us > TACH_US_MAX ? 12 : 20, "a time is too large");
	if (t->strings_at < TACH_HEADER || t->strings_at > t->end)
		return fault(t, e, 40, "the strings lie outside of the file");
	if (t->frames_at < t->strings_at || t->frames_at > t->end)
		return fault(t, e, 48, "the frames lie outside of the file");
	if (word_at(t, 56, 4) > 1)
		return fault(t, e, 56, "the compression is not known");
	if (word_at(t, t->end + 8, 8) != t->bytes.n)
		return fault(t, e, t->end + 8, "the file had another size");
	return true;
}

static bool
read_header(struct tach *t, struct err *e)
{
	if (t->bytes.n < TACH_HEADER + TACH_FOOTER)
		return fault(t, e, t->bytes.n, "the file ends too early");
	t->swapped = text_starts(t->bytes, TEXT(MAGIC));
	memcpy(t->python, t->bytes.at + 8, sizeof t->python);
	t->start_us = word_at(t, 12, 8);
	t->interval_us = word_at(t, 20, 8);
	t->samples = word_at(t, 28, 8);
	t->threads = (uint32_t)word_at(t, 36, 4);
	t->strings_at = word_at(t, 40, 8);
	t->frames_at = word_at(t, 48, 8);
	t->packed = word_at(t, 56, 4) == 1;
	t->config = (uint32_t)word_at(t, 60, 4);
	t->end = t->bytes.n - TACH_FOOTER;
	t->string_count = word_at(t, t->end, 4);
	t->frame_count = word_at(t, t->end + 4, 4);
	return check_header(t, e);
}

static bool
read_strings(struct tach *t, struct err *e)
{
	struct cursor c = cursor_of(t->bytes.at + t->strings_at, t->frames_at - t->strings_at);

	if (t->string_count > cursor_left(&c) / STRING_LEAST)
		return fault(t, e, t->end, "more strings are promised than there are");
	t->strings = arena_array(&t->in->arena, struct text, t->string_count);
	for (size_t i = 0; i < t->string_count; i++)
		t->strings[i] = cursor_text(&c);
	return !c.bad || fault(t, e, t->frames_at, "a string goes beyond the strings");
}

static void
read_frame(struct cursor *c, struct tach_frame *f)
{
	uint64_t file = cursor_number(c), name = cursor_number(c);

	f->file = file < UINT32_MAX ? (uint32_t)file : UINT32_MAX;
	f->name = name < UINT32_MAX ? (uint32_t)name : UINT32_MAX;
	f->line = (int32_t)cursor_signed(c);
	f->end_line = f->line + (int32_t)cursor_signed(c);
	f->column = (int32_t)cursor_signed(c);
	f->end_column = f->column + (int32_t)cursor_signed(c);
	f->opcode = cursor_byte(c);
}

static bool
read_frames(struct tach *t, struct err *e)
{
	struct cursor c = cursor_of(t->bytes.at + t->frames_at, t->end - t->frames_at);

	if (t->frame_count > cursor_left(&c) / FRAME_LEAST)
		return fault(t, e, t->end + 4, "more frames are promised than there are");
	t->frames = arena_array(&t->in->arena, struct tach_frame, t->frame_count);
	for (size_t i = 0; i < t->frame_count && !c.bad; i++) {
		struct tach_frame *f = &t->frames[i];
		uint64_t at = (uint64_t)((const char *)c.at - t->bytes.at);

		read_frame(&c, f);
		if (!c.bad && (f->file >= t->string_count || f->name >= t->string_count))
			return fault(t, e, at, "a frame has a string that there is not");
	}
	return !c.bad || fault(t, e, t->end, "a frame goes beyond the frames");
}

bool
tach_open(struct tach *t, struct err *e)
{
	return read_header(t, e) && read_strings(t, e) && read_frames(t, e);
}

/* Of a program that Tachyon started the outermost frames are Tachyon's. */
static bool
is_launched(const struct tach *t)
{
	for (size_t i = 0; i < t->string_count; i++)
		if (text_ends(t->strings[i], TEXT(COORDINATOR)))
			return true;
	return false;
}

static const uint8_t modes[TACH_MODE + 1] = {
	[1] = STREAM_MODE_WALL, [2] = STREAM_MODE_CPU,       [3] = STREAM_MODE_GIL,
	[4] = STREAM_MODE_WALL, [5] = STREAM_MODE_EXCEPTION,
};

enum { CPU = 2, ALL = 4 }; /* modes in which the kernel is asked for the state of a thread */

void
tach_tell_run(struct tach *t)
{
	static const struct {
		uint32_t config;
		uint64_t flag;
	} flags[] = {
		{ TACH_ALL_THREADS, STREAM_ALL_THREADS },
		{ TACH_NATIVE, STREAM_NATIVE },
		{ TACH_OPCODES, STREAM_OPCODES },
		{ TACH_BLOCKING, STREAM_BLOCKING },
	};
	struct stream_run *run = &t->in->about;
	unsigned mode = t->config & TACH_MODE;

	run->unit_ns = TACH_US_NS;
	run->interval_ns = t->interval_us * TACH_US_NS;
	run->monotonic_ns = t->start_us * TACH_US_NS;
	run->mode = modes[mode];
	run->tool = TEXT("profiling.sampling");
	run->version =
		text_print(&t->in->arena, "%u.%u.%u", t->python[0], t->python[1], t->python[2]);
	run->flags = is_launched(t) ? STREAM_LAUNCHED : 0u;
	if (mode == CPU || mode == ALL)
		run->flags |= STREAM_CPU_STATE;
	for (size_t i = 0; t->config & TACH_KNOWN && i < sizeof flags / sizeof *flags; i++)
		run->flags |= t->config & flags[i].config ? flags[i].flag : 0u;
	if (t->config & TACH_KNOWN && !(t->config & TACH_GC))
		run->flags |= STREAM_NO_GC;
}

/* What the statistics say: how long it took, and what share of the ticks was lost. */
void
tach_tell_outcome(struct tach *t, uint64_t last_us)
{
	struct stream_outcome *o = &t->in->outcome;
	uint64_t size = 0, to = last_us + t->interval_us, present;
	double seconds, ticks, errors, missed;

	o->to = to;
	if (memcmp(t->bytes.at + t->end - 16, "TACHSTAT", 8) == 0)
		size = word_at(t, t->end - 4, 4);
	if ((size != STATISTICS && size != STATISTICS_OLD) || t->end - size < t->frames_at)
		return;
	seconds = real_at(t, t->end - size);
	if (seconds * 1e6 > (double)last_us && seconds * 1e6 < (double)(to + t->interval_us))
		o->to = (uint64_t)(seconds * 1e6);
	if (size != STATISTICS)
		return;
	present = word_at(t, t->end - 24, 4);
	ticks = seconds * real_at(t, t->end - size + 8);
	errors = present & 1 ? real_at(t, t->end - size + 16) / 100 : 0;
	missed = present & 2 ? real_at(t, t->end - size + 24) / 100 : 0;
	if (ticks > 1e15 || errors > 1 || missed > 0.999999)
		return;
	o->losses[STREAM_LOSS_GONE] = (uint64_t)llround(ticks * errors);
	o->losses[STREAM_LOSS_LATE] = (uint64_t)llround(ticks * missed / (1 - missed));
}

#define OPCODE(number, name, base, caches, calls) [number] = { name, base },
static const struct {
	const char *name;
	uint8_t base;
} opcodes[256] = {
#include "share/cpython/3.15.opcodes.def"
};
#undef OPCODE

/* "CALL", or "CALL_LEN CALL"; the numbers of other versions have no names here. */
static uint32_t
opcode_of(struct tach *t, uint8_t opcode)
{
	const char *name = opcodes[opcode].name, *base = opcodes[opcodes[opcode].base].name;

	if (opcode == TACH_NO_OPCODE || !name || t->python[0] != 3 || t->python[1] != 15)
		return 0;
	if (opcodes[opcode].base == opcode || !base)
		return tree_intern_string(t->in->tree, text_of(name));
	return tree_intern_string(t->in->tree, text_print(&t->in->arena, "%s %s", name, base));
}

static uint32_t
python_of(struct tach *t, const struct tach_frame *f)
{
	struct tree *tree = t->in->tree;
	struct stream_function function = {
		.name = tree_intern_string(tree, t->strings[f->name]),
		.file = tree_intern_string(tree, t->strings[f->file]),
	};
	struct stream_frame frame = { .function = tree_intern_function(tree, &function),
		                      .opcode = opcode_of(t, f->opcode) };

	if (f->line > 0)
		frame.line = (uint32_t)f->line;
	if (f->line > 0 && f->end_line > 0 && f->end_line <= INT32_MAX)
		frame.end_line = (uint32_t)f->end_line;
	if (f->column >= 0 && f->column < INT32_MAX)
		frame.column1 = (uint32_t)f->column + 1;
	if (f->column >= 0 && f->end_column >= 0 && f->end_column < INT32_MAX)
		frame.end_column1 = (uint32_t)f->end_column + 1;
	return tree_intern_frame(tree, &frame);
}

const struct tach_frame *
tach_frame(struct tach *t, uint64_t frame)
{
	struct tach_frame *f = &t->frames[frame];
	struct text name;

	if (f->known)
		return f;
	name = t->strings[f->name];
	f->known = true;
	f->skip = text_ends(t->strings[f->file], TEXT(COORDINATOR));
	if (text_equal(t->strings[f->file], TEXT(NO_FILE)) && f->line <= 0) {
		f->gc = text_equal(name, TEXT("<GC>"));
		f->frame = import_frame(t->in->tree, (struct import_place){ .name = name });
	} else {
		f->frame = python_of(t, f);
	}
	return f;
}
