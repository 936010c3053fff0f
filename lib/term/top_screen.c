/* SPDX-License-Identifier: MIT */
#include "term/top_screen.h"

#include "term/width.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

static struct {
	int fd; /* of the terminal */
	FILE *file;
	SCREEN *curses;
	bool open, colour;
	struct termios before;
	char leave[256]; /* what ends the view, for a signal handler */
	size_t leaves;
	unsigned column;
	bool reverse;
} screen = { .fd = -1 };

static volatile sig_atomic_t ending;

static void
on_end(int number)
{
	ending = number;
}

/* Of ours: the terminal is given back, and the signal does what it does. */
static void
on_crash(int number)
{
	(void)!write(screen.fd, screen.leave, screen.leaves);
	tcsetattr(screen.fd, TCSANOW, &screen.before);
	signal(number, SIG_DFL);
	raise(number);
}

static void
handle(const int *numbers, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	for (; *numbers; numbers++)
		sigaction(*numbers, &action, NULL);
}

/* Signals that were ignored stay so. */
static void
handle_signals(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, 0 };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, 0 };

	handle(ends, on_end);
	handle(crashes, on_crash);
}

static void
keep(const char *sequence)
{
	size_t n = sequence && sequence != (char *)-1 ? strlen(sequence) : 0;

	if (n > sizeof screen.leave - screen.leaves)
		return;
	memcpy(screen.leave + screen.leaves, sequence, n);
	screen.leaves += n;
}

static void
begin_colours(void)
{
	static const short colours[] = {
		[ROLE_HOT] = COLOR_YELLOW,   [ROLE_MORE] = COLOR_RED,
		[ROLE_LESS] = COLOR_BLUE,    [ROLE_NEW] = COLOR_MAGENTA,
		[ROLE_GONE] = COLOR_MAGENTA,
	};
	const char *no = getenv("NO_COLOR");

	screen.colour = !(no && *no) && has_colors() && start_color() == OK &&
	                use_default_colors() == OK;
	for (short i = ROLE_HOT; screen.colour && i <= ROLE_GONE; i++)
		init_pair(i, colours[i], -1);
}

/* Whether the cursor can be moved; false sets *e. */
static bool
can_draw(struct err *e)
{
	const char *name = getenv("TERM");
	int status;

	if (setupterm(NULL, screen.fd, &status) != OK)
		err_set(e, "the terminal \"%s\" is not known", name ? name : "");
	else if (!tigetstr("cup"))
		err_set(e, "the terminal \"%s\" cannot move its cursor", name ? name : "");
	else
		return true;
	return err_hint(e, "--batch 1 prints a table without one");
}

bool
top_screen_open(struct err *e)
{
	setlocale(LC_CTYPE, "C.UTF-8");
	screen.fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (screen.fd < 0 || tcgetattr(screen.fd, &screen.before) != 0) {
		err_set(e, "/dev/tty: %s", strerror(errno));
		return err_hint(e, "--batch 1 prints a table without a terminal");
	}
	if (!can_draw(e))
		return false;
	screen.file = fdopen(screen.fd, "r+");
	set_escdelay(25);
	screen.curses = screen.file ? newterm(NULL, screen.file, screen.file) : NULL;
	if (!screen.curses)
		return err_set(e, "/dev/tty: %s", strerror(errno));
	screen.open = true;
	keep(tigetstr("sgr0"));
	keep(tigetstr("cnorm"));
	keep(tigetstr("rmcup"));
	handle_signals();
	atexit(top_screen_close);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	curs_set(0);
	begin_colours();
	return true;
}

void
top_screen_close(void)
{
	if (!screen.open)
		return;
	screen.open = false;
	endwin();
	tcsetattr(screen.fd, TCSANOW, &screen.before);
}

void
top_screen_forget(void)
{
	screen.open = false;
}

int
top_screen_ends(void)
{
	return ending;
}

int
top_screen_key(int ms)
{
	int key;

	timeout(ms);
	key = getch();
	return key == ERR ? -1 : key;
}

unsigned
top_screen_width(void)
{
	return (unsigned)getmaxx(stdscr);
}

unsigned
top_screen_height(void)
{
	return (unsigned)getmaxy(stdscr);
}

void
top_screen_begin(void)
{
	erase();
}

void
top_screen_end(void)
{
	refresh();
}

void
top_screen_line(unsigned line, bool reverse)
{
	screen.column = 0;
	screen.reverse = reverse;
	move((int)line, 0);
	attrset(reverse ? A_REVERSE : A_NORMAL);
	for (unsigned i = 0; reverse && i < top_screen_width(); i++)
		addch(' ');
	move((int)line, 0);
}

static attr_t
attributes_of(enum role role)
{
	static const attr_t plain[] = { [ROLE_TITLE] = A_BOLD,
		                        [ROLE_FAINT] = A_DIM,
		                        [ROLE_HOT] = A_BOLD,
		                        [ROLE_GONE] = 0 };
	attr_t attributes = plain[role] | (screen.reverse ? A_REVERSE : 0);

	if (screen.colour && role >= ROLE_HOT && !screen.reverse)
		attributes |= (attr_t)COLOR_PAIR(role);
	return attributes;
}

void
top_screen_text(enum role role, struct text visible)
{
	struct arena scratch = { 0 };
	size_t width =
		top_screen_width() > screen.column ? top_screen_width() - screen.column : 0;
	struct text text = width_cut(&scratch, visible, width, false);

	attrset((int)attributes_of(role));
	addnstr(text.at, (int)text.n);
	screen.column += (unsigned)width_of(text);
	attrset(screen.reverse ? A_REVERSE : A_NORMAL);
	arena_empty(&scratch);
}

void
top_screen_blank(size_t n)
{
	for (; n && screen.column < top_screen_width(); n--, screen.column++)
		addch(' ');
}
