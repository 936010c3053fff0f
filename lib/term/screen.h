/* SPDX-License-Identifier: MIT */
/*
 * term/screen.h: what the output can show.
 *
 * Only a terminal has a width and colours. What goes to a file or a pipe is
 * whole and plain, so that it is the same wherever it is made.
 */
#ifndef TERM_SCREEN_H
#define TERM_SCREEN_H

#include "base/out.h"

#include <stdbool.h>

/* What a text is, which decides its colour. */
enum role {
	ROLE_PLAIN,
	ROLE_TITLE,
	ROLE_FAINT,
	ROLE_HOT,
	ROLE_MORE, /* of a comparison */
	ROLE_LESS,
	ROLE_NEW,
	ROLE_GONE,
};

struct screen {
	unsigned width; /* columns; 0: no limit */
	bool colour;
};

/*
 * Of a tool's output: a path, or standard output for NULL and "-". The width is
 * COLUMNS, where that is set, else the terminal's. NO_COLOR and TERM=dumb are
 * obeyed.
 */
struct screen screen_of(const char *output);

/* The text in its role's colour; it is visible already. */
void screen_text(struct out *o, struct screen s, enum role role, struct text visible);

#endif
