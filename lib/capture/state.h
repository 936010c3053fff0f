/* SPDX-License-Identifier: MIT */
/*
 * capture/state.h: what a thread does beside standing in a stack.
 */
#ifndef CAPTURE_STATE_H
#define CAPTURE_STATE_H

#include "cpython/cpython.h"
#include "remote/activity.h"
#include "stream/stream.h"

/* The state byte of a sample: every fact that is known. */
uint8_t state_of(const struct python_stack *s, enum activity_state cpu);

/* Whether the mode wants samples in that state; what is unknown is not wanted. */
bool state_is_wanted(enum stream_mode mode, uint8_t state);

#endif
