/* SPDX-License-Identifier: MIT */
/*
 * formats/diff_json.h: a comparison as one JSON object.
 *
 * share/schema/tdiff.json is its schema, and tdiff(1) says what each key is.
 */
#ifndef FORMATS_DIFF_JSON_H
#define FORMATS_DIFF_JSON_H

#include "base/out.h"
#include "tree/diff.h"

void diff_json_write(const struct diff *d, struct out *o);

#endif
