/* SPDX-License-Identifier: MIT */
/*
 * tree/choice.h: which samples are wanted, and as which stacks. For this room.
 */
#ifndef TREE_CHOICE_H
#define TREE_CHOICE_H

#include "tree/inside.h"
#include "tree/load.h"

enum choice_mark {
	CHOICE_KEEP = 1, /* --keep matches the frame */
	CHOICE_DROP = 2,
	CHOICE_UNDER = 4,
};

/* The marks of a frame of the tree's, from its text "name (file)". */
uint8_t choice_marks(const struct tree_choice *choice, struct arena *scratch,
                     const struct tree *t, uint32_t frame);

/* Whether a function of --under is the frame; whether a thread is the one that is called so. */
bool choice_is_under(const char *under, struct arena *scratch, const struct tree *t,
                     uint32_t frame);
bool choice_is_thread(const struct stream_thread *h, const char *name);
bool choice_matches(const regex_t *regex, struct text text);

bool choice_wants_process(const struct tree_choice *choice, const struct stream_process *p);
bool choice_wants_thread(const struct tree_choice *choice, const struct stream_thread *h);

/* Whether samples in that state are wanted; unknown: of what the mode asks for. */
bool choice_wants_state(const struct tree_choice *choice, uint8_t state, bool *unknown);

/* False sets *e: what was recorded of the run is not enough to choose from. */
bool choice_can_choose(const struct tree_choice *choice, const struct stream_run *run,
                       const char *name, struct err *e);

/* The run as it is when that was chosen. */
struct stream_run choice_run(const struct tree_choice *choice, struct stream_run run);

/* Nanoseconds since the run's start that are wanted: from, and up to but not including to. */
struct choice_window {
	uint64_t from_ns, to_ns;
};

/* For a run with epochs of so many milliseconds, rounded out; epoch_ms 0: as asked. */
struct choice_window choice_window(const struct tree_choice *choice, uint64_t epoch_ms);

/* The part of an outcome that lies in the window; false: none does. */
bool choice_clip(struct choice_window window, uint64_t unit_ns, struct stream_outcome *o);

#endif
