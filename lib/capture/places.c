/* SPDX-License-Identifier: MIT */
#include "capture/places.h"

#include "base/index.h"

enum {
	PLACES = 1 << 14, /* rows, a power of two */
	UNIT_BITS = 25,   /* of an instruction's place in its code, plus one */
	OPCODE_BITS = 9,  /* of its byte, plus one */
};

/* A row holds the last place that fell on it. */
struct places {
	struct texts *texts;
	uint32_t generation; /* 0: it is fresh */
	struct {
		uint64_t key; /* code id, opcode and instruction; 0 is none */
		uint32_t process, frame;
	} rows[PLACES];
};

struct places *
places_new(struct arena *a, struct texts *texts)
{
	struct places *p = arena_new(a, struct places);

	p->texts = texts;
	return p;
}

void
places_begin(struct places *p, uint32_t generation)
{
	if (p->generation == generation)
		return;
	if (p->generation)
		memset(p->rows, 0, sizeof p->rows);
	p->generation = generation;
}

uint32_t
frame_of_kind(struct writer *w, enum stream_kind kind)
{
	struct stream_function f = { .kind = kind };
	struct stream_frame frame = { .function = writer_function(w, &f) };

	return writer_frame(w, &frame);
}

static uint32_t
line_of(uint32_t line)
{
	return line > INT32_MAX ? 0 : line;
}

/* The string of its instruction. */
static uint32_t
opcode_of(struct writer *w, const struct python *python, const struct python_place *place)
{
	struct arena scratch = { 0 };
	uint32_t string = writer_string(w, python_opcode(python, &scratch, place));

	arena_empty(&scratch);
	return string;
}

static uint32_t
frame_anew(const struct places *p, struct writer *w, struct python *python, unsigned details,
           const struct python_place *place)
{
	const struct python_code *code = place->code;
	struct python_position at;
	struct stream_function f;
	struct stream_frame frame;

	if (!code || code->unreadable)
		return frame_of_kind(w, STREAM_KIND_UNREADABLE);
	if (p->texts)
		texts_note(p->texts, code->file);
	f = (struct stream_function){ STREAM_KIND_PYTHON, writer_string(w, code->name),
		                      writer_string(w, code->file), code->line };
	at = python_position(python, place);
	frame = (struct stream_frame){ .function = writer_function(w, &f),
		                       .line = line_of(at.line) };
	if (details & PLACE_COLUMNS) {
		frame.end_line = line_of(at.end_line);
		frame.column1 = line_of(at.column1);
		frame.end_column1 = line_of(at.end_column1);
	}
	if (details & PLACE_OPCODES)
		frame.opcode = opcode_of(w, python, place);
	return writer_frame(w, &frame);
}

uint32_t
places_frame(struct places *p, struct writer *w, struct python *python, uint64_t process,
             unsigned details, const struct python_place *place)
{
	uint64_t key;
	size_t row;

	if (!place->code)
		return frame_of_kind(w, STREAM_KIND_UNREADABLE);
	key = (((uint64_t)place->code->id + 1) << OPCODE_BITS | place->opcode1) << UNIT_BITS |
	      (uint32_t)(place->unit + 1);
	row = hash_number(key + process * 0x9e3779b97f4a7c15u) & (PLACES - 1);
	if (p->rows[row].key != key || p->rows[row].process != process) {
		p->rows[row].frame = frame_anew(p, w, python, details, place);
		p->rows[row].key = key;
		p->rows[row].process = (uint32_t)process;
	}
	return p->rows[row].frame;
}
