/* SPDX-License-Identifier: MIT */
/*
 * heat/place.h: whose code a file is, from its path alone.
 *
 * Paths are the target's: this machine may have no such file. What lies in
 * site-packages is a package's, wherever that folder is; then comes the standard
 * library; what is no path at all, such as <string>, is other.
 */
#ifndef HEAT_PLACE_H
#define HEAT_PLACE_H

#include "heat/heat.h"

struct heat_place {
	enum heat_group group;
	/* The path without what differs by machine; of a project all of it. */
	struct text below;
};

struct heat_place heat_place_of(struct text path);

/*
 * Narrows common, which begins as all zero, to the folder that all of n files of the
 * project lie in as well, with its slash. What is no absolute path does not count.
 */
void heat_narrow(struct text *common, const struct text *paths, size_t n);

#endif
