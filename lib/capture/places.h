/* SPDX-License-Identifier: MIT */
/*
 * capture/places.h: places of Python functions as frames of a stream.
 *
 * Most places were seen a moment ago: what they are in the stream is
 * remembered, for all targets of a run together.
 */
#ifndef CAPTURE_PLACES_H
#define CAPTURE_PLACES_H

#include "capture/texts.h"
#include "cpython/cpython.h"
#include "stream/writer.h"

struct places;

/* What frames tell beside the line, which they always do. */
enum place_details { PLACE_COLUMNS = 1, PLACE_OPCODES = 2 };

/* texts is told the files of functions; NULL: nobody is. */
struct places *places_new(struct arena *a, struct texts *texts);

/* Forgets all, unless it is of that generation of the writer's numbers; 0 forgets. */
void places_begin(struct places *p, uint32_t generation);

/* The number of the frame; details is the same in each call until all is forgotten. */
uint32_t places_frame(struct places *p, struct writer *w, struct python *python,
                      uint64_t process, unsigned details, const struct python_place *place);

/* The number of the frame of a marker. */
uint32_t frame_of_kind(struct writer *w, enum stream_kind kind);

#endif
