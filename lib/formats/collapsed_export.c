/* SPDX-License-Identifier: MIT */
#include "formats/collapsed.h"
#include "formats/export.h"

bool
collapsed_export(struct export *x, struct err *e)
{
	struct collapsed_how how = { .weight = x->how.weight, .lines = x->how.lines };

	if (x->how.threads)
		tree_root_threads(x->tree, false);
	if (!collapsed_choose(&how, x->tree, e))
		return false;
	collapsed_write(x->tree, how, x->out);
	return true;
}
