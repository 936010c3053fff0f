/* SPDX-License-Identifier: MIT */
/*
 * formats/pstats.h: the statistics that Python's own pstats module loads.
 *
 * A dictionary of (file, line, name): (cc, nc, tt, ct, callers) in the marshal
 * format, version 2, which Python 3.8 to 3.15 read. There calls are counted;
 * here nc are the samples that the function is in, cc those that end in it, tt
 * and ct the seconds of the same. Where no time is known a sample is a second.
 */
#ifndef FORMATS_PSTATS_H
#define FORMATS_PSTATS_H

#include "base/out.h"
#include "tree/view.h"

/* By function, or where lines is set by line. */
void pstats_write(struct out *o, struct tree *t, bool lines);

#endif
