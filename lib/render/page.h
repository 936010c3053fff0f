/* SPDX-License-Identifier: MIT */
/*
 * render/page.h: a self-contained page: an embedded shell and the data in it.
 *
 * A shell is made by share/page/build. It has one line "@profile@", inside of
 * a script element of type application/json; the data of a profile replaces
 * it, as JSON that cannot end the element (base/json.h).
 */
#ifndef RENDER_PAGE_H
#define RENDER_PAGE_H

#include "base/out.h"

/* The shells, as they are embedded: their first byte, and one behind the last. */
extern const char page_flame[], page_flame_end[];
extern const char page_heat[], page_heat_end[];

struct page {
	struct out *out;
	struct text rest; /* of the shell, behind the mark */
};

/*
 * Writes the shell up to its mark; page_end() writes what is behind. head is lines of
 * markup for the page's head, which come first there, behind that of the character set.
 */
struct page page_begin(struct out *o, const char *shell, const char *shell_end,
                       struct text head);
void page_end(struct page *p);

#endif
