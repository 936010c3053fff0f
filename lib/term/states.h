/* SPDX-License-Identifier: MIT */
/*
 * term/states.h: what of a thread's state is told of shares of its time.
 */
#ifndef TERM_STATES_H
#define TERM_STATES_H

#include "stream/stream.h"

enum states {
	STATES_ON_CPU,
	STATES_HOLDS_GIL,
	STATES_WANTS_GIL,
	STATES_IN_EXCEPTION,
	STATES_IN_GC,
	STATES_END,
};

enum states_is { STATES_UNKNOWN, STATES_NO, STATES_YES };

/*
 * Whether a process of this PY_VERSION_HEX (0: it is not known) tells who wants the
 * GIL. Before CPython 3.15 none does: where nobody was seen to, that is not known.
 */
static inline bool
states_tells_wants(uint64_t python)
{
	return python == 0 || python >= 0x030f0000;
}

static inline enum states_is
states_is(uint8_t state, enum states what)
{
	static const struct {
		enum stream_state_shift fact;
		unsigned is;
	} facts[STATES_END] = {
		[STATES_ON_CPU] = { STREAM_CPU, 1 },
		[STATES_HOLDS_GIL] = { STREAM_GIL, 1 },
		[STATES_WANTS_GIL] = { STREAM_GIL, 2 },
		[STATES_IN_EXCEPTION] = { STREAM_EXCEPTION, 1 },
		[STATES_IN_GC] = { STREAM_GC, 1 },
	};
	unsigned value = stream_state(state, facts[what].fact);

	return value == 0 ? STATES_UNKNOWN : value == facts[what].is ? STATES_YES : STATES_NO;
}

#endif
