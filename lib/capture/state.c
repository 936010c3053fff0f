/* SPDX-License-Identifier: MIT */
#include "capture/state.h"

_Static_assert((int)PYTHON_GIL_HOLDS == 1 && (int)PYTHON_GIL_WANTS == 2 &&
                       (int)PYTHON_GIL_NEITHER == 3 && (int)PYTHON_YES == 1 &&
                       (int)PYTHON_NO == 2 && (int)ACTIVITY_RUNS == 1 &&
                       (int)ACTIVITY_SLEEPS == 2,
               "facts have the numbers of tstream(5)");

uint8_t
state_of(const struct python_stack *s, enum activity_state cpu)
{
	return (uint8_t)((unsigned)cpu << STREAM_CPU | (unsigned)s->gil << STREAM_GIL |
	                 (unsigned)s->exception << STREAM_EXCEPTION |
	                 (unsigned)s->collecting << STREAM_GC);
}

bool
state_is_wanted(enum stream_mode mode, uint8_t state)
{
	switch (mode) {
	case STREAM_MODE_CPU:
		return stream_state(state, STREAM_CPU) == 1;
	case STREAM_MODE_GIL:
		return stream_state(state, STREAM_GIL) == 1;
	case STREAM_MODE_EXCEPTION:
		return stream_state(state, STREAM_EXCEPTION) == 1;
	default:
		return true;
	}
}
