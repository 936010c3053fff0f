/* SPDX-License-Identifier: MIT */
/*
 * term/top_screen.h: the terminal, taken and given back.
 *
 * Keys come from /dev/tty, and the screen is that terminal's, wherever standard
 * input and output lead. It is given back however the process ends, but by
 * SIGKILL.
 */
#ifndef TERM_TOP_SCREEN_H
#define TERM_TOP_SCREEN_H

#include "term/screen.h"

/* False sets *e: there is no terminal, or curses does not know it. */
bool top_screen_open(struct err *e);
void top_screen_close(void);

/* A child of ours leaves the terminal alone. */
void top_screen_forget(void);

/* The number of the signal that asks for the end; 0: none does. */
int top_screen_ends(void);

/* The next key as curses calls it; -1: none came in so many milliseconds. */
int top_screen_key(int ms);

unsigned top_screen_width(void);
unsigned top_screen_height(void);

/* Draws anew what is not the same; text is visible already, and cut to the width. */
void top_screen_begin(void);
void top_screen_end(void);

/* What is drawn next begins there; what is behind it in the line is cleared. */
void top_screen_line(unsigned line, bool reverse);
void top_screen_text(enum role role, struct text visible);
void top_screen_blank(size_t columns);

#endif
