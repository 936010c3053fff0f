/* SPDX-License-Identifier: MIT */
/* formats/gecko_files.h: the files of functions, as the Firefox Profiler tells them apart. */
#ifndef FORMATS_GECKO_FILES_H
#define FORMATS_GECKO_FILES_H

#include "formats/gecko_inside.h"
#include "formats/origin.h"
#include "tree/source.h"

/* The rows of its source and of what it belongs to, plus one; 0: there is none. */
struct gecko_file {
	uint32_t source1, resource1;
	enum origin origin; /* a subcategory of GECKO_CATEGORY_PYTHON */
};

struct gecko_files {
	struct gecko_file *of;    /* of each string of the tree's that is a file's name */
	struct numbers sources;   /* the strings of the files */
	struct numbers resources; /* the strings of the packages that they belong to */
	const struct tree_sources *texts;
};

/* All files of the tree's functions. Lives on a. */
struct gecko_files gecko_files(struct arena *a, struct tree *t);

#endif
