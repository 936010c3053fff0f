/* SPDX-License-Identifier: MIT */
/*
 * stream/level.h: --compress, as every tool that writes a stream has it.
 */
#ifndef STREAM_LEVEL_H
#define STREAM_LEVEL_H

#include "base/tool.h"

/* That a shell offers. */
#define STREAM_LEVEL_WORDS "none|zstd"

/*
 * The level of zstd for writer_options that how asks for: "none", "zstd" or
 * NULL for the usual one, "zstd:1" to "zstd:19". Anything else is wrong usage
 * and ends the process.
 */
int stream_level(const struct tool *t, const char *how, int usual);

#endif
