/* SPDX-License-Identifier: MIT */
/*
 * stream/fields.h: the single records of tstream(5) as tables of fields.
 *
 * One table tells reader and writer in which order the members of a struct
 * stand in a record.
 */
#ifndef STREAM_FIELDS_H
#define STREAM_FIELDS_H

#include "stream/bytes.h"
#include "stream/stream.h"

/* The members of *object as fields of a record of that type. */
void fields_put(struct arena *a, struct bytes *b, enum stream_record type, const void *object);

/* Fills *object; texts are lent as long as the cursor's bytes. */
void fields_take(struct cursor *c, enum stream_record type, void *object);

/* Copies the texts of *object to the arena. */
void fields_keep(struct arena *a, enum stream_record type, void *object);

#endif
