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
	struct text
		below; /* the path without what differs by machine; of a project all of it */
};

struct heat_place heat_place_of(struct text path);

#endif
