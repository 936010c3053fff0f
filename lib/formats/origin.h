/* SPDX-License-Identifier: MIT */
/*
 * formats/origin.h: whose code a function is, from its kind and the path of its file.
 */
#ifndef FORMATS_ORIGIN_H
#define FORMATS_ORIGIN_H

#include "base/text.h"
#include "stream/stream.h"

enum origin {
	ORIGIN_PROJECT,
	ORIGIN_LIBRARY, /* the standard library */
	ORIGIN_PACKAGES,
	ORIGIN_NATIVE,
	ORIGIN_MARKER,
	ORIGINS,
};

enum origin origin_of(enum stream_kind kind, struct text path);

/* The package that a path is in, "numpy" of ".../site-packages/numpy/core.py"; or nothing. */
struct text origin_package(struct text path);

#endif
