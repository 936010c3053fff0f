/* SPDX-License-Identifier: MIT */
#include "render/page.h"

#include <assert.h>

/* Writes up to the mark; what is behind it. */
static struct text
write_up_to(struct out *o, struct text shell, struct text mark)
{
	const char *at = memmem(shell.at, shell.n, mark.at, mark.n);
	size_t n = at ? (size_t)(at - shell.at) : 0;

	assert(at);
	out_put(o, shell.at, n);
	return (struct text){ at + mark.n, shell.n - n - mark.n };
}

struct page
page_begin(struct out *o, const char *shell, const char *shell_end, struct text head)
{
	struct text rest = { shell, (size_t)(shell_end - shell) };

	rest = write_up_to(o, rest, TEXT("<meta charset=\"utf-8\">\n"));
	out_text(o, TEXT("<meta charset=\"utf-8\">\n"));
	out_text(o, head);
	return (struct page){ o, write_up_to(o, rest, TEXT("@profile@\n")) };
}

void
page_end(struct page *p)
{
	out_byte(p->out, '\n');
	out_text(p->out, p->rest);
}
