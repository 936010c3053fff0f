/* SPDX-License-Identifier: MIT */
#include "render/page.h"

#include <assert.h>

struct page
page_begin(struct out *o, const char *shell, const char *shell_end)
{
	struct text mark = TEXT("@profile@\n");
	const char *at = memmem(shell, (size_t)(shell_end - shell), mark.at, mark.n);

	assert(at);
	out_put(o, shell, (size_t)(at - shell));
	at += mark.n;
	return (struct page){ o, { at, (size_t)(shell_end - at) } };
}

void
page_end(struct page *p)
{
	out_byte(p->out, '\n');
	out_text(p->out, p->rest);
}
