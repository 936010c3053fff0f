/* SPDX-License-Identifier: MIT */
/* What each key does; the table is the help, too. */
#include "term/top_inside.h"

#include <curses.h>
#include <stdio.h>
#include <time.h>

#define INTERVAL_MIN_NS 50000000u
#define INTERVAL_MAX_NS 10000000000u

enum { ESCAPE = 27, ENTER = 13, ERASE = 127 };

/* Another order or choice: the first row is selected. */
static void
look_anew(struct top *t)
{
	t->shown.n = 0;
	t->selected = t->first = 0;
	top_look(t);
}

static void
quit(struct top *t, int key)
{
	(void)key;
	t->quit = true;
}

static void
help(struct top *t, int key)
{
	(void)key;
	t->help = !t->help;
	t->first_help = 0;
}

static void
sort(struct top *t, int key)
{
	t->sort = (enum top_sort)((t->sort + (key == 's' ? 1 : TOP_SORTS - 1)) % TOP_SORTS);
	look_anew(t);
}

static void
see(struct top *t, int key)
{
	t->view = key == 't' ? TOP_THREADS : key == 'p' ? TOP_PROCESSES : TOP_FUNCTIONS;
	if (t->view != TOP_FUNCTIONS)
		t->scope = (struct live_scope){ .of = LIVE_ALL };
	look_anew(t);
}

static void
ask_filter(struct top *t, int key)
{
	(void)key;
	t->prompt = TOP_FILTER;
	strcpy(t->typed, t->filter);
}

static void
clear_filter(struct top *t, int key)
{
	(void)key;
	t->filter[0] = '\0';
	look_anew(t);
}

/* "ttop-20261128-173000.bin" */
static void
ask_path(struct top *t, int key)
{
	time_t now = time(NULL);
	struct tm local;

	(void)key;
	t->prompt = TOP_WRITE;
	localtime_r(&now, &local);
	strftime(t->typed, sizeof t->typed, "ttop-%Y%m%d-%H%M%S.bin", &local);
}

static void
freeze(struct top *t, int key)
{
	(void)key;
	t->frozen = !t->frozen;
	top_look(t);
}

static void
reset(struct top *t, int key)
{
	(void)key;
	live_reset(t->live);
	t->frozen = false;
	t->scope = (struct live_scope){ .of = LIVE_ALL };
	look_anew(t);
}

static void
pace(struct top *t, int key)
{
	uint64_t ns = key == '+' || key == '=' ? t->interval_ns / 2 : t->interval_ns * 2;

	t->interval_ns = ns < INTERVAL_MIN_NS   ? INTERVAL_MIN_NS
	                 : ns > INTERVAL_MAX_NS ? INTERVAL_MAX_NS
	                                        : ns;
	t->message = text_print(t->a, "a look every %llu ms",
	                        (unsigned long long)(t->interval_ns / 1000000));
}

static void
toggle(struct top *t, enum top_panel panel)
{
	t->panel = t->panel == panel ? TOP_NO_PANEL : panel;
}

static void
opcodes(struct top *t, int key)
{
	(void)key;
	toggle(t, TOP_OPCODES);
}

/* Into what is selected: a function's neighbours, or what a thread or process does. */
static void
enter(struct top *t, int key)
{
	const struct live_person *p;

	(void)key;
	if (t->shown.n == 0)
		return;
	if (t->view == TOP_FUNCTIONS) {
		toggle(t, TOP_CALLS);
		return;
	}
	p = &t->shown.people[t->shown.rows[t->selected].number];
	t->scope =
		(struct live_scope){ t->view == TOP_THREADS ? LIVE_THREAD : LIVE_PROCESS,
		                     p->run, t->view == TOP_THREADS ? p->thread : p->process };
	t->view = TOP_FUNCTIONS;
	look_anew(t);
}

/* Out of what was entered last. */
static void
leave(struct top *t, int key)
{
	(void)key;
	if (t->help) {
		t->help = false;
	} else if (t->panel) {
		t->panel = TOP_NO_PANEL;
	} else {
		t->scope = (struct live_scope){ .of = LIVE_ALL };
		t->view = TOP_FUNCTIONS;
		look_anew(t);
	}
}

/* The row that is selected, or where the help begins. */
static void
move_by(struct top *t, int key)
{
	size_t rows = t->shown.n, *at = t->help ? &t->first_help : &t->selected;
	size_t by = key == KEY_PPAGE || key == KEY_NPAGE ? top_page(t) : 1, last;

	if (t->help)
		top_help(&rows);
	last = rows ? rows - 1 : 0;
	switch (key) {
	case KEY_UP:
	case 'k':
	case KEY_PPAGE:
		*at -= by < *at ? by : *at;
		break;
	case KEY_HOME:
		*at = 0;
		break;
	case KEY_END:
		*at = last;
		break;
	default:
		*at = *at + by < last ? *at + by : last;
	}
}

static const struct {
	int keys[8]; /* ends in 0 */
	void (*does)(struct top *, int key);
} actions[] = {
	{ { 'q', 'Q' }, quit },
	{ { '?', 'h' }, help },
	{ { 's', 'S' }, sort },
	{ { 'f', 't', 'p' }, see },
	{ { '/' }, ask_filter },
	{ { 'c' }, clear_filter },
	{ { 'w' }, ask_path },
	{ { ' ' }, freeze },
	{ { 'r' }, reset },
	{ { '+', '=', '-', '_' }, pace },
	{ { 'o' }, opcodes },
	{ { ENTER, '\n', KEY_ENTER }, enter },
	{ { ESCAPE, KEY_BACKSPACE, ERASE, '\b' }, leave },
	{ { KEY_UP, KEY_DOWN, KEY_PPAGE, KEY_NPAGE, 'j', 'k' }, move_by },
	{ { KEY_HOME, KEY_END }, move_by },
};

const struct top_help *
top_help(size_t *n)
{
	static const struct top_help lines[] = {
		{ "up down, j k, page keys", "select a row" },
		{ "Enter", "callers and callees, or what a thread or process does" },
		{ "Esc", "back" },
		{ "s S", "next or previous sort: self, total, their times, name" },
		{ "f t p", "functions, threads, processes" },
		{ "/", "show only what contains a text" },
		{ "c", "show all again" },
		{ "o", "instructions of a function" },
		{ "space", "freeze what is shown; sampling goes on" },
		{ "r", "forget what was counted" },
		{ "+ -", "look more, or less often" },
		{ "w", "write what was seen as a folded stream" },
		{ "q", "quit" },
		{ "Ctrl-C", "end the whole pipeline" },
	};

	*n = sizeof lines / sizeof *lines;
	return lines;
}

static void
act(struct top *t, int key)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		for (const int *k = actions[i].keys; *k; k++)
			if (*k == key) {
				actions[i].does(t, key);
				return;
			}
}

static void
accept(struct top *t)
{
	if (t->prompt == TOP_WRITE) {
		top_write(t, t->typed);
	} else {
		strcpy(t->filter, t->typed);
		look_anew(t);
	}
	t->prompt = TOP_NO_PROMPT;
}

/* A character goes to the end of what is typed, or off it. */
static void
type(struct top *t, int key)
{
	size_t n = strlen(t->typed);

	if (key == ENTER || key == '\n' || key == KEY_ENTER) {
		accept(t);
	} else if (key == ESCAPE) {
		t->prompt = TOP_NO_PROMPT;
	} else if (key == KEY_BACKSPACE || key == ERASE || key == '\b') {
		while (n && ((unsigned char)t->typed[--n] & 0xc0) == 0x80)
			t->typed[n] = '\0';
		t->typed[n] = '\0';
	} else if (key == 'U' - '@') {
		t->typed[0] = '\0';
	} else if (key >= ' ' && key < 256 && n + 1 < sizeof t->typed) {
		t->typed[n] = (char)key;
		t->typed[n + 1] = '\0';
	}
}

void
top_key(struct top *t, int key)
{
	t->message = TEXT("");
	if (key == KEY_RESIZE)
		return;
	if (t->prompt)
		type(t, key);
	else
		act(t, key);
}
