/* SPDX-License-Identifier: MIT */
/*
 * base/completion.h: what a shell must know to complete a tool's command line.
 *
 * Made from the table of options, so that it is never out of date.
 */
#ifndef BASE_COMPLETION_H
#define BASE_COMPLETION_H

#include "base/tool.h"

/* Prints a script for "bash", "zsh" or "fish" on standard output; false: for none of them. */
bool completion_print(const struct about *about, const char *shell);

#endif
