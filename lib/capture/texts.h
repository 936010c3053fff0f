/* SPDX-License-Identifier: MIT */
/*
 * capture/texts.h: the source files of what was seen, for the stream.
 *
 * Names are noted while the sampling goes on; the files are read when a part of
 * the run ends, as the first process sees them and with the rights of its user
 * (remote/source.h).
 */
#ifndef CAPTURE_TEXTS_H
#define CAPTURE_TEXTS_H

#include "remote/source.h"
#include "stream/writer.h"

struct texts;

struct texts *texts_new(struct arena *a, struct sources *sources);

/* A file that a function of this part is in; noted once, however often it is told. */
void texts_note(struct texts *t, struct text file);

/*
 * Writes what can be read of the noted files, and forgets them all. What changed
 * after its process began is not what runs, and is left out. The numbers of both
 * are added to *read and *changed.
 */
void texts_write(struct texts *t, struct writer *w, uint64_t *read, uint64_t *changed);

#endif
