/* SPDX-License-Identifier: MIT */
/*
 * formats/tach.h: Tachyon's binary file, of CPython's profiling.sampling.
 *
 *	header 64 | samples | strings | frames | statistics 56 or 32 or 0 | footer 32
 *
 * The words of header, footer and records are of the writer's byte order, which
 * the magic tells. A number is a varint; a signed one is folded first. Samples
 * are perhaps one frame of zstd. Each record is of one thread:
 *
 *	u64 thread, u32 interpreter, u8 kind
 *	0 repeat    n, n times a time and a state: the thread's stack again
 *	1 full      time, state, n, n frames: a stack, innermost first
 *	2 suffix    time, state, shared, n, n frames inside of the last ones that are shared
 *	3 pop-push  time, state, popped, n, n frames instead of the innermost ones
 *
 * A time is microseconds since the thread's last one. Samples of one tick have
 * the same time, but stand apart: records are in the order of no clock.
 */
#ifndef FORMATS_TACH_H
#define FORMATS_TACH_H

#include "formats/import.h"
#include "stream/bytes.h"

enum {
	TACH_HEADER = 64,
	TACH_FOOTER = 32,
	TACH_US_NS = 1000,
	TACH_NO_OPCODE = 255,
};

#define TACH_US_MAX ((uint64_t)1 << 53) /* three centuries; no time is larger */

/* Bits of the configuration. */
enum tach_config {
	TACH_MODE = 7, /* plus one; 0: unknown */
	TACH_KNOWN = 8,
	TACH_ALL_THREADS = 16,
	TACH_NATIVE = 32,
	TACH_GC = 64,
	TACH_OPCODES = 128,
	TACH_BLOCKING = 256,
};

/* A frame as the file has it; what is below 1, a column below 0, is unknown. */
struct tach_frame {
	uint32_t file, name; /* strings */
	int64_t line, end_line, column, end_column;
	uint8_t opcode;
	bool known;     /* met in a stack already: what follows is told */
	bool skip;      /* Tachyon's own, which shows in no result of its */
	bool gc;        /* garbage is collected */
	uint32_t frame; /* of the tree */
};

struct tach {
	struct import *in;
	struct text bytes;
	bool swapped; /* words are of the other byte order */
	uint8_t python[3];
	uint64_t start_us, interval_us, samples;
	uint32_t threads;
	uint64_t strings_at, frames_at, end; /* of the tables */
	bool packed;
	uint32_t config;
	struct text *strings;
	size_t string_count;
	struct tach_frame *frames;
	size_t frame_count;
};

/* A word of n bytes at p. */
uint64_t tach_word(const struct tach *t, const unsigned char *p, size_t n);

/* Header, footer and tables, on the input's arena. False sets *e. */
bool tach_open(struct tach *t, struct err *e);

/* The run, and what the statistics say of it; to_us: its last sample. */
void tach_tell_run(struct tach *t);
void tach_tell_outcome(struct tach *t, uint64_t last_us);

/* A frame as the tree has it. */
const struct tach_frame *tach_frame(struct tach *t, uint64_t frame);

#endif
