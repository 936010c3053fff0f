/* SPDX-License-Identifier: MIT */
/*
 * cpython/claim.h: whether a stack that no window proves can be believed.
 */
#ifndef CPYTHON_CLAIM_H
#define CPYTHON_CLAIM_H

#include "cpython/frames.h"

/* A stack that is asked about, outermost first. The rows are lent; where a place is may be corrected. */
struct claim {
	struct seen *seen;
	struct python_place *places;
	size_t n;
	size_t from;   /* the first whose call is still to be known */
	size_t sure;   /* of the outermost, which both copies agree on */
	size_t frozen; /* of these, which have the same values in both */
	bool prompt;   /* nothing held up the window that it is of */
	bool stood;    /* a later window proved these frames, while the thread stood still */
};

/*
 * Whether all calls from that place on are known, and the way to the innermost. A
 * function that is soon over is proved seldom, or never: what calls it may do so from
 * there, if it does not depend on who called that, and is known to call it or likely to.
 */
bool claim_is_known(struct python *p, const struct claim *c);

#endif
