/* SPDX-License-Identifier: MIT */
/*
 * formats/perf.h: what perf-script(1) prints, samples with an empty line between them.
 *
 *	python3 4711/4712 [001]  708.005588:   10101010 cpu-clock:ppp:
 *		          144b9 _PyEval_EvalFrame+0x9 (/usr/lib/libpython3.12.so)
 *		   7fdffaf1c2ea py::main:/srv/app.py+0xa (/tmp/perf-4711.map)
 *
 * The innermost frame is the first one. CPython's trampolines (-X perf) have
 * the names of its functions. Parts of the first line may be missing; without
 * a stack the one address follows in it, and blanks may stand before the name.
 */
#ifndef FORMATS_PERF_H
#define FORMATS_PERF_H

#include "formats/import.h"

#define PERF_NS_MAX ((uint64_t)1 << 62) /* no time is larger */

/* The first line of a sample; texts are the line's. */
struct perf_head {
	struct text comm, event;
	uint64_t pid, tid; /* pid 0: only the other is told */
	uint64_t at_ns;    /* by the kernel's clock */
	uint64_t period;   /* 0: not told */
	bool timed;
	struct text rest; /* an address, where there is no stack */
};

/* False: the line is no such line. */
bool perf_take_head(struct text line, struct perf_head *head);

/* "144b9 memcpy+0x9 (/usr/lib/libc.so)" as a frame of the tree; false: it is no frame. */
bool perf_take_frame(struct tree *t, struct text line, uint32_t *frame);

/* Whether it begins with an address. */
bool perf_is_frame(struct text line);

/* With -F +srcline a place follows each frame: "app.c:12", "libc.so[144b9]". */
bool perf_is_place(struct text line);

#endif
