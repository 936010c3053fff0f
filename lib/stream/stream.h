/* SPDX-License-Identifier: MIT */
/*
 * stream/stream.h: what a profile consists of, in the words of tstream(5).
 *
 * Shared by reader and writer. Numbers of strings, functions, frames, stacks,
 * processes and threads hold until the next restart block, and only there.
 * Number 0 is "none": no text, no function, the empty stack. Function, frame
 * and stack 1 are <missed>.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	STREAM_VERSION = 1,
	STREAM_HEADER_BYTES = 24,     /* of a block */
	STREAM_BLOCK_MAX = 1 << 20,   /* bytes of records in a block */
	STREAM_STORED_MAX = 2 << 20,  /* the same as stored, compressed or not */
	STREAM_SEGMENT_MAX = 8 << 20, /* bytes of records from restart to restart */
	STREAM_TEXT_MAX = 65535,      /* bytes of a string */
	STREAM_DEPTH_MAX = 65535,     /* frames of a stack */
	STREAM_NUMBER_MAX =
		1 << 20,         /* numbers of strings, functions, frames, stacks are below */
	STREAM_ID_MAX = 1 << 20, /* numbers of processes and of threads are below */
	STREAM_PARTS_MAX = 1 << 20,
	STREAM_CAP_INTERVALS = 4, /* a sample never stands for more */
	STREAM_RUN_ID_BYTES = 16,
	STREAM_SHA256_BYTES = 32,
	STREAM_MISSED = 1, /* the number of that function, frame and stack */
};

enum stream_content { STREAM_RAW, STREAM_FOLDED, STREAM_DIFF };

enum stream_record {
#define RECORD(number, name, meaning) STREAM_RECORD_##name = number,
#include "stream/records.def"
#undef RECORD
	STREAM_RECORD_CRITICAL = 0x80,
	STREAM_RECORD_PORTABLE = 0x40,
};

enum stream_kind {
#define KIND(number, name, text) STREAM_KIND_##name = number,
#include "stream/kinds.def"
#undef KIND
	STREAM_KIND_END,
};

enum stream_loss {
#define LOSS(number, name, unit, text) STREAM_LOSS_##name = number,
#include "stream/losses.def"
#undef LOSS
	STREAM_LOSS_END,
};

/* The name of a marker of that kind; NULL for Python functions and unknown kinds. */
const char *stream_kind_name(enum stream_kind);

/* What was lost, and whether it is a "tick", a "sample" or a "read"; NULL for unknown losses. */
const char *stream_loss_text(enum stream_loss);
const char *stream_loss_unit(enum stream_loss);

/*
 * The state of a thread at a sample: four facts of two bits, 0 is unknown.
 * cpu: 1 on CPU or runnable, 2 not. gil: 1 holds it, 2 wants it, 3 does not
 * hold it, and is not known to want it. exception: 1 raised or handled, 2 not.
 * gc: 1 collecting, 2 not.
 */
enum stream_state_shift { STREAM_CPU = 0, STREAM_GIL = 2, STREAM_EXCEPTION = 4, STREAM_GC = 6 };

static inline unsigned
stream_state(uint8_t state, enum stream_state_shift fact)
{
	return state >> fact & 3;
}

/* Where bytes come from, as with read(2): 0 at the end, -1 sets errno. It may wait. */
struct stream_input {
	ssize_t (*read)(void *context, void *to, size_t n);
	void *context;
};

struct stream_function {
	enum stream_kind kind;
	uint32_t name, file; /* strings; 0: none */
	uint32_t line; /* first line; 0: unknown; the number of a task in its run, from 1 */
};

/* Every number is 0 when it is not known; columns are stored plus one. */
struct stream_frame {
	uint32_t function;
	uint32_t line, end_line;
	uint32_t column1, end_column1; /* UTF-8 bytes, from 0, plus one */
	uint32_t opcode; /* a string: "NAME", or "NAME BASE" of a form of another instruction */
};

struct stream_stack {
	uint32_t parent, frame; /* the frame is inside of the parent's */
	uint32_t depth;         /* 1 for a child of the empty stack */
};

enum stream_mode {
	STREAM_MODE_WALL,
	STREAM_MODE_CPU,
	STREAM_MODE_GIL,
	STREAM_MODE_EXCEPTION,
	STREAM_MODE_ASYNC_RUNNING,
	STREAM_MODE_ASYNC_ALL,
};

enum stream_run_flag {
	STREAM_LAUNCHED = 1, /* the program was started by the sampler: seen from its start */
	STREAM_ALL_THREADS = 2, /* else main threads only */
	STREAM_NO_CMDLINE = 4,  /* command lines were left out on purpose */
	STREAM_SUMMED = 8,      /* the sum of several runs; its id is a hash of theirs */
	STREAM_CPU_STATE = 16,  /* the kernel was asked whether threads are on a CPU */
	STREAM_OPCODES = 32,
	STREAM_NATIVE = 64,
	STREAM_NO_GC = 128,    /* <GC> was left out */
	STREAM_BLOCKING = 256, /* the target was stopped for each sample */
	STREAM_SUBPROCESSES = 512,
	STREAM_NO_IDLE = 1024, /* idle threads were left out */
};

/* Where a profile comes from. Texts are lent as long as the run. */
struct stream_run {
	uint8_t id[STREAM_RUN_ID_BYTES]; /* random; the same in every part of one run */
	uint64_t side;         /* 0; in a diff stream 1 is the baseline, 2 the current side */
	uint64_t unit_ns;      /* times are multiples of it; 0: weights count samples */
	uint64_t interval_ns;  /* asked for; 0: unknown */
	uint64_t wall_ns;      /* start, since 1970-01-01 UTC; 0: unknown */
	uint64_t monotonic_ns; /* start, CLOCK_MONOTONIC of that boot; 0: unknown */
	uint64_t seed;         /* of the jitter; 0: none */
	uint64_t mode;         /* enum stream_mode; larger ones are unknown */
	uint64_t flags;        /* enum stream_run_flag; others are kept */
	uint64_t epoch_ms;     /* folded: length of an epoch; 0: not told apart */
	struct text tool, version, host, boot, options;
};

enum stream_build { STREAM_FREE_THREADED = 1, STREAM_DEBUG = 2, STREAM_JIT = 4 };

struct stream_process {
	uint64_t id; /* in this run, from 0 */
	uint64_t pid, parent;
	uint64_t started; /* when sampling of it began, units since the run's start */
	uint64_t python;  /* PY_VERSION_HEX; 0: unknown */
	uint64_t build;   /* enum stream_build */
	struct text executable;
	struct text command; /* arguments, each followed by a NUL; empty when left out */
};

enum stream_thread_flag { STREAM_MAIN_THREAD = 1, STREAM_LANE = 2 };

struct stream_thread {
	uint64_t id;        /* in this run, from 0 */
	uint64_t process;   /* its id */
	uint64_t native_id; /* gettid(2) where tsample ran; 0: unknown */
	uint64_t python_id; /* threading.get_ident(); 0: unknown */
	uint64_t interpreter;
	uint64_t flags;   /* enum stream_thread_flag */
	uint64_t lane_of; /* of a lane: the id of its thread, which is told before; else 0 */
	uint64_t part;    /* from 0; 0 where there are none */
	uint64_t parts;   /* a sample stands for one of so many parts of the time; 0 is as 1 */
	struct text name;
};

enum stream_reason {
	STREAM_GOES_ON, /* another part of the run may follow */
	STREAM_TARGET_ENDED,
	STREAM_REACHED, /* the duration or the number of samples asked for */
	STREAM_INTERRUPTED,
	STREAM_OUTPUT_ENDED,
	STREAM_FAILED,
};

/* What one stack of one thread in one state got in one epoch. */
struct stream_cell {
	uint32_t thread, stack;
	uint8_t state;
	uint64_t epoch; /* [epoch, epoch + 1) times run->epoch_ms since the run's start */
	uint64_t samples, weight; /* weight in units; in samples where unit_ns is 0 */
};

/* What the scheduler accounted to a thread. */
struct stream_ran {
	uint64_t thread;
	uint64_t from,
		to; /* units since the run's start; folded: to - from units of an epoch */
	uint64_t ran_ns, waited_ns; /* on a CPU; runnable, but not on one */
};

/* What happened since the run's last outcome: outcomes are added up. */
struct stream_outcome {
	uint64_t from, to; /* what was watched, units since the run's start */
	uint64_t ticks, samples;
	uint64_t reason;                  /* enum stream_reason: why it ended at to */
	uint64_t losses[STREAM_LOSS_END]; /* by enum stream_loss; unknown ones in [0] */
};

struct stream_exit {
	uint64_t process;
	uint64_t at;     /* units since the run's start */
	uint64_t known;  /* 1: only a parent learns the status; else 0 */
	uint64_t status; /* 128 + n for signal n */
};

/* Words of the user's. */
struct stream_label {
	struct text key, value;
};

/* A piece of a source file's text. */
struct stream_source {
	struct text file;                  /* as functions name it */
	uint8_t hash[STREAM_SHA256_BYTES]; /* of the whole text */
	uint64_t total, offset;            /* bytes of the whole; before the piece */
	struct text piece;
};

enum stream_side { STREAM_BASELINE = 1, STREAM_CURRENT = 2 };

enum stream_scale {
	STREAM_SCALE_TIME,
	STREAM_SCALE_WALL,
	STREAM_SCALE_SHARE,
	STREAM_SCALE_PER,
	STREAM_SCALE_NONE,
};

enum stream_same {
	STREAM_SAME_FUNCTION,
	STREAM_SAME_LINE,
	STREAM_SAME_FILE,
	STREAM_SAME_MODULE
};

enum stream_compare_flag {
	STREAM_FORCED = 1,     /* the sides do not compare, and were compared all the same */
	STREAM_NOT_JUDGED = 2, /* effects are shown, and nothing is said of chance */
	STREAM_INCOMPLETE = 4, /* a part of the input was damaged */
};

enum stream_category {
	STREAM_UNCHANGED,
	STREAM_NEW,
	STREAM_GONE,
	STREAM_REGRESSION,
	STREAM_IMPROVEMENT,
};

enum stream_judged {
	STREAM_INCONCLUSIVE,
	STREAM_TOO_FEW,
	STREAM_NO_CHANGE, /* above min_effect */
	STREAM_CHANGED,
};

/* Integers by which the baseline's weights are multiplied and divided for display. */
struct stream_compare {
	uint64_t scale; /* enum stream_scale */
	uint64_t numerator, denominator;
	uint64_t match; /* enum stream_same: what makes places equal */
	uint64_t flags; /* enum stream_compare_flag */
	uint64_t runs[2];
	uint64_t basis;     /* of the verdicts: 0 nothing, 1 the runs of a side, 2 epochs */
	uint64_t common[3]; /* factor of the whole program, low, high: millionths, 0 unknown */
	uint64_t common_verdict;            /* enum stream_judged */
	uint64_t smallest, min_effect, fdr; /* millionths; the first 0 when unknown */
	struct text words; /* for people: what was compared, how, and what came of it */
};

struct stream_match {
	uint32_t baseline, current; /* functions */
};

enum { STREAM_FIGURES = 6 };

/* Ratios in millionths, 0 when unknown: self, low, high, adjusted, low, high; the same of total. */
struct stream_verdict {
	uint64_t function;
	uint64_t
		category; /* enum stream_category: by self, or by the total of what has no self */
	uint64_t self_verdict, total_verdict; /* enum stream_judged */
	uint64_t self[STREAM_FIGURES], total[STREAM_FIGURES];
};

#endif
