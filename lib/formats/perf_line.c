/* SPDX-License-Identifier: MIT */
/* The lines of perf-script(1). */
#include "formats/perf.h"

#include "formats/words.h"

enum { HEX_DIGITS = 16 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct text
skip_blanks(struct text t)
{
	while (t.n && is_blank(*t.at)) {
		t.at++;
		t.n--;
	}
	return t;
}

/* Takes the next word, which blanks end. */
static struct text
take_word(struct text *t)
{
	struct text word = *t = skip_blanks(*t);

	word.n = 0;
	while (word.n < t->n && !is_blank(t->at[word.n]))
		word.n++;
	t->at += word.n;
	t->n -= word.n;
	return word;
}

static bool
take_char(struct text *t, char c)
{
	if (t->n == 0 || *t->at != c)
		return false;
	t->at++;
	t->n--;
	return true;
}

/* "4711", or "4711/4712" */
static bool
is_ids(struct text word, struct perf_head *head)
{
	uint64_t n;

	if (!words_take_count(&word, &n))
		return false;
	head->pid = word.n ? n : 0;
	head->tid = n;
	return word.n == 0 ||
	       (take_char(&word, '/') && words_take_count(&word, &head->tid) && word.n == 0);
}

/* "708.005588:", of microseconds or nanoseconds */
static bool
is_time(struct text word, struct perf_head *head)
{
	uint64_t seconds, part, unit = 1000000000;
	size_t digits;

	if (!words_take_count(&word, &seconds) || !take_char(&word, '.'))
		return false;
	digits = word.n;
	if (!words_take_count(&word, &part) || !take_char(&word, ':') || word.n || digits > 10)
		return false;
	for (; digits > 1; digits--)
		unit /= 10;
	if (seconds > PERF_NS_MAX / 1000000000 - 1)
		return false;
	head->at_ns = seconds * 1000000000 + part * unit;
	head->timed = true;
	return true;
}

/* What is behind the ids: a CPU, a time, a period, an event; each may be missing. */
static void
take_rest(struct text line, struct perf_head *head)
{
	struct text before = line, word = take_word(&line);

	if (word.n && word.at[0] == '[') {
		before = line;
		word = take_word(&line);
	}
	if (is_time(word, head)) {
		before = line;
		word = take_word(&line);
	}
	head->rest = word;
	if (words_take_count(&head->rest, &head->period) && head->rest.n == 0) {
		before = line;
		word = take_word(&line);
	} else {
		head->period = 0;
	}
	if (text_ends(word, TEXT(":"))) {
		head->event = (struct text){ word.at, word.n - 1 };
		before = line;
	}
	head->rest = skip_blanks(before);
}

/* A name may have blanks: the ids are the first numbers that a time or nothing follows. */
bool
perf_take_head(struct text line, struct perf_head *head)
{
	struct text rest = line, word;

	*head = (struct perf_head){ 0 };
	line = rest = skip_blanks(line);
	for (word = take_word(&rest); rest.n;) {
		size_t n = (size_t)(word.at + word.n - line.at);

		word = take_word(&rest);
		if (!is_ids(word, head))
			continue;
		take_rest(rest, head);
		head->comm = (struct text){ line.at, n };
		if (head->timed || head->event.n || head->rest.n == 0)
			return true;
	}
	return false;
}

static bool
is_hex(struct text word)
{
	for (size_t i = 0; i < word.n; i++)
		if (!memchr("0123456789abcdef", word.at[i], 16))
			return false;
	return word.n > 0 && word.n <= HEX_DIGITS;
}

/* Where the " (" of the last thing in parentheses is; a deleted file has such a thing itself. */
static size_t
find_object(struct text t)
{
	size_t end = text_ends(t, TEXT(" (deleted))")) ? t.n - 11 : t.n;

	if (!text_ends(t, TEXT(")")))
		return t.n;
	for (size_t i = end; i > 1; i--)
		if (t.at[i - 1] == '(' && is_blank(t.at[i - 2]))
			return i - 2;
	return t.n;
}

static struct text
drop_offset(struct text name)
{
	const char *plus = memrchr(name.at, '+', name.n);
	size_t at = plus ? (size_t)(plus - name.at) : name.n;
	struct text offset = { name.at + at, name.n - at };

	return text_starts(offset, TEXT("+0x")) ? (struct text){ name.at, at } : name;
}

/* A trampoline is called py::NAME:FILE. */
static uint32_t
frame_of(struct tree *t, struct text name, struct text object)
{
	bool python = text_starts(name, TEXT("py::"));
	const char *colon = python ? memchr(name.at + 4, ':', name.n - 4) : NULL;
	struct import_place place = { 0 };

	if (!colon)
		return import_native_frame(t, name, object);
	place.name = (struct text){ name.at + 4, (size_t)(colon - name.at - 4) };
	place.file = (struct text){ colon + 1, (size_t)(name.at + name.n - colon - 1) };
	return import_frame(t, place);
}

bool
perf_is_frame(struct text line)
{
	return is_hex(take_word(&line));
}

bool
perf_take_frame(struct tree *t, struct text line, uint32_t *frame)
{
	struct text address = take_word(&line), object = { "", 0 };
	size_t n;

	line = skip_blanks(line);
	if (!is_hex(address))
		return false;
	n = find_object(line);
	if (n < line.n)
		object = (struct text){ line.at + n + 2, line.n - n - 3 };
	if (text_equal(object, TEXT("inlined")) || text_equal(object, TEXT("[unknown]")))
		object.n = 0;
	line = drop_offset((struct text){ line.at, n });
	if (line.n == 0)
		line = address;
	*frame = frame_of(t, line, object);
	return true;
}

bool
perf_is_place(struct text line)
{
	size_t n = line.n;

	if (text_ends(line, TEXT("]")))
		return memchr(line.at, '[', line.n);
	while (n && line.at[n - 1] >= '0' && line.at[n - 1] <= '9')
		n--;
	return n && n < line.n && line.at[n - 1] == ':';
}
