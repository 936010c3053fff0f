/* SPDX-License-Identifier: MIT */
#include "cpython/mirror.h"

#include <stdlib.h>

enum {
	PAGE = 4096,          /* can be read as a whole, or not at all */
	GAP = PAGE - 1,       /* between pieces that are read as one; never a whole page */
	BYTES_MAX = 64 << 20, /* of a copy */
	PIECE_MAX = 1 << 20,
	ASKED_MAX = 1 << 20,  /* pieces of up to 64 bytes, in a round */
	MISSED_MAX = 1 << 14, /* pages that were not planned; each costs a system call */
	STALE = 64,           /* rounds after which what was not asked for is read no more */
};

/* From piece i on, up to the first that cannot be read; how many could. */
static size_t
read_some(struct mirror *m, struct remote *r, size_t from)
{
	struct remote_piece pieces[REMOTE_PIECES_MAX];
	size_t n = 0;
	ssize_t got;

	for (; n < REMOTE_PIECES_MAX && from + n < m->spans.n; n++) {
		const struct span *s = &m->spans.at[from + n];

		pieces[n] = (struct remote_piece){ s->from, m->copies[0] + s->at, s->n };
	}
	got = remote_read_pieces(r, pieces, (unsigned)n);
	for (size_t i = 0; i < n; i++) {
		got -= (ssize_t)pieces[i].n;
		if (got < 0)
			return i;
	}
	return n;
}

static void
age_gaps(struct mirror *m)
{
	m->gaps = false;
	for (size_t i = 0; i < m->spans.n; i++) {
		m->spans.at[i].lately = m->spans.at[i].lately << 1 & 2;
		m->gaps |= m->spans.at[i].lately;
	}
}

void
mirror_read(struct mirror *m, struct remote *r)
{
	unsigned char *before = m->copies[1];
	size_t i = 0;

	m->reads++;
	m->number++;
	m->copies[1] = m->copies[0];
	m->copies[0] = before;
	if (m->gaps)
		age_gaps(m);
	while (i < m->spans.n) {
		size_t n = read_some(m, r, i);

		i += n;
		if (i < m->spans.n && n < REMOTE_PIECES_MAX)
			m->gaps = m->spans.at[i++].lately |= 1;
	}
}

/* The span that begins at or before the address last, if there is one. */
static struct span *
find(struct mirror *m, uint64_t from)
{
	size_t low = 0, high = m->spans.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->spans.at[middle].from <= from)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &m->spans.at[low - 1] : NULL;
}

/* NULL: there is no room for it in this round. */
static struct missed *
read_now(struct mirror *m, struct remote *r, uint64_t from, uint32_t n)
{
	unsigned char *bytes;

	if (m->missed.n == MISSED_MAX || m->spilt + n > BYTES_MAX)
		return NULL;
	m->spilt += n;
	bytes = arena_alloc(&m->spill, n);
	if (!remote_read(r, from, bytes, n))
		bytes = NULL;
	*vec_push(m->arena, &m->missed) =
		(struct missed){ .from = from, .bytes = bytes, .asked.alone = !bytes };
	return &m->missed.at[m->missed.n - 1];
}

/* It is read once in a round: what is asked for next mostly lies in it, too. */
static struct missed *
page_at(struct mirror *m, struct remote *r, uint64_t from)
{
	uint64_t hash = hash_number(from);
	struct index_probe probe = index_probe(&m->by_page, hash);
	struct missed *page;

	while (index_next(&m->by_page, &probe))
		if (m->missed.at[probe.row].from == from)
			return &m->missed.at[probe.row];
	page = read_now(m, r, from, PAGE);
	if (page)
		index_add(m->arena, &m->by_page, hash, (uint32_t)m->missed.n - 1);
	return page;
}

static void
widen(struct span *s, uint64_t from, uint32_t n)
{
	uint64_t end = s->n && s->from + s->n > from + n ? s->from + s->n : from + n;

	if (s->n == 0 || from < s->from)
		s->from = from;
	s->n = (uint32_t)(end - s->from);
}

/* What was not planned is read now, so that the walk finds all that is missing at once. */
static const unsigned char *
read_missed(struct mirror *m, struct remote *r, uint64_t from, uint32_t n)
{
	uint64_t skip = from % PAGE;
	struct missed *missed =
		skip + n > PAGE ? read_now(m, r, from, n) : page_at(m, r, from - skip);

	if (!missed)
		return NULL;
	widen(&missed->asked, from, n);
	return missed->bytes ? missed->bytes + (from - missed->from) : NULL;
}

const unsigned char *
mirror_at(struct mirror *m, struct remote *r, uint64_t from, uint32_t n, bool *same)
{
	struct span *s = find(m, from);
	uint64_t skip = s ? from - s->from : 0;

	if (n > PIECE_MAX || from + n < from || m->asked >= ASKED_MAX)
		return NULL;
	mirror_charge(m, 1 + n / 64);
	if (!s || skip + n > s->n)
		return read_missed(m, r, from, n);
	s->used = m->round;
	if (s->lately)
		return NULL;
	if (memcmp(m->copies[0] + s->at + skip, m->copies[1] + s->at + skip, n) != 0)
		*same = false;
	return m->copies[0] + s->at + skip;
}

static int
by_address(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* How far apart two may lie that are joined; those that overlap are, so that one is found. */
static uint64_t
gap_after(const struct span *s, const struct span *next)
{
	return s->alone || next->alone ? 0 : GAP;
}

/* Joins those that lie close together, and says where in a copy each is. */
static void
join(struct mirror *m)
{
	size_t n = 0, bytes = 0;

	qsort(m->spans.at, m->spans.n, sizeof *m->spans.at, by_address);
	for (size_t i = 0; i < m->spans.n; i++) {
		struct span s = m->spans.at[i], *last = n ? &m->spans.at[n - 1] : NULL;
		uint64_t end = s.from + s.n;

		if (last && s.from - last->from <= last->n + gap_after(last, &s) &&
		    end - last->from <= PIECE_MAX) {
			if (end > last->from + last->n)
				last->n = (uint32_t)(end - last->from);
			last->alone |= s.alone;
			last->used = last->used > s.used ? last->used : s.used;
			continue;
		}
		m->spans.at[n++] = s;
	}
	m->spans.n = n;
	for (size_t i = 0; i < n; i++) {
		m->spans.at[i].at = (uint32_t)bytes;
		m->spans.at[i].lately = 0;
		bytes += m->spans.at[i].n;
	}
	m->bytes = bytes;
	m->reads = 0;
	m->plan++;
}

static void
make_room(struct mirror *m)
{
	size_t room = m->bytes + m->bytes / 2;

	for (unsigned i = 0; i < 2 && m->bytes > m->room; i++)
		m->copies[i] = arena_resize(m->arena, m->copies[i], m->room, room);
	if (m->bytes > m->room)
		m->room = room;
}

/* It is all of one piece that cannot be read, though most of what was joined may be. */
static bool
has_broken(const struct span *s)
{
	return (s->lately & 1) && !s->alone;
}

static bool
any_has_broken(const struct mirror *m)
{
	for (size_t i = 0; m->gaps && i < m->spans.n; i++)
		if (has_broken(&m->spans.at[i]))
			return true;
	return false;
}

bool
mirror_is_due(const struct mirror *m)
{
	return (m->round + 1) % STALE == 0;
}

static void
add_missed(struct mirror *m)
{
	for (size_t i = 0; i < m->missed.n; i++) {
		struct span s = m->missed.at[i].asked;

		s.used = m->round;
		*vec_push(m->arena, &m->spans) = s;
	}
	m->missed.n = 0;
	index_clear(&m->by_page);
}

bool
mirror_plan(struct mirror *m)
{
	bool missed = m->missed.n > 0, due = mirror_is_due(m);
	size_t n = 0;

	arena_empty(&m->spill);
	m->spilt = m->asked = 0;
	m->round++;
	if (!missed && !due && !any_has_broken(m))
		return false;
	for (size_t i = 0; i < m->spans.n; i++)
		if (m->round - m->spans.at[i].used < STALE && !has_broken(&m->spans.at[i]))
			m->spans.at[n++] = m->spans.at[i];
	m->spans.n = n;
	add_missed(m);
	join(m);
	if (m->bytes > BYTES_MAX)
		m->spans.n = m->bytes = 0;
	make_room(m);
	return missed;
}
