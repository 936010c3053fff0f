/* SPDX-License-Identifier: MIT */
#include "term/screen.h"

#include "base/quantity.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { WIDTH_UNKNOWN = 80, WIDTH_MAX = 10000 };

/* Select Graphic Rendition; the same on light and on dark. */
static const char *const colours[] = {
	[ROLE_PLAIN] = NULL, [ROLE_TITLE] = "1", [ROLE_FAINT] = "2", [ROLE_HOT] = "1;33",
	[ROLE_MORE] = "31",  [ROLE_LESS] = "34", [ROLE_NEW] = "35",  [ROLE_GONE] = "95",
};

static unsigned
width_of_terminal(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	uint64_t n;

	if (columns && quantity_count(columns, &n) && n > 0 && n <= WIDTH_MAX)
		return (unsigned)n;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return WIDTH_UNKNOWN;
}

static bool
has_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}

struct screen
screen_of(const char *output)
{
	bool named = output && strcmp(output, "-") != 0;

	if (named || !isatty(STDOUT_FILENO))
		return (struct screen){ 0 };
	return (struct screen){ width_of_terminal(STDOUT_FILENO), has_colours() };
}

void
screen_text(struct out *o, struct screen s, enum role role, struct text visible)
{
	const char *colour = s.colour ? colours[role] : NULL;

	if (colour && visible.n)
		out_print(o, "\033[%sm", colour);
	out_text(o, visible);
	if (colour && visible.n)
		out_print(o, "\033[0m");
}
