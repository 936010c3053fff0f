/* SPDX-License-Identifier: MIT */
/*
 * The pulses of all interpreters at one tick. That of one whose thread is most likely to be
 * asked for is read with that one's stack.
 */
#include "cpython/python.h"

/*
 * Whether at most the old and the new holder have held it. The two words are
 * not written at one moment: a count that rose without another holder, or
 * another holder without a higher count, is a change that is half seen.
 */
static bool
is_quiet(const struct interpreter *home)
{
	const uint64_t *before = home->before.words, *now = home->now.words;
	bool same = now[WORD_HOLDER] == before[WORD_HOLDER];

	return same ? now[WORD_SWITCHES] == before[WORD_SWITCHES]
	            : now[WORD_SWITCHES] == before[WORD_SWITCHES] + 1;
}

/* The thread that held the GIL at the last tick, as most often it still does. */
static struct watch *
last_holder(const struct python *p, const struct interpreter *home)
{
	for (size_t i = 0; i < p->threads.listed.n; i++) {
		struct watch *w = p->threads.listed.at[i]->own;

		if (w->shown.address == home->now.words[WORD_HOLDER])
			return w->home == home && w->begun ? w : NULL;
	}
	return NULL;
}

/* Its stack has to be read in any case, and the words of the interpreter come with it. */
static bool
read_with_holder(struct python *p, struct interpreter *home)
{
	struct watch *w = home->ticked ? last_holder(p, home) : NULL;

	if (!w || !stack_ahead(p, w))
		return false;
	home->before = home->now;
	home->now = p->interpreters.pulse;
	return true;
}

static bool
read_pulse(struct python *p, struct interpreter *home)
{
	ssize_t want = 0;

	p->window.pieces.n = 0;
	pulse_add(p, home);
	for (size_t i = 0; i < p->window.pieces.n; i++)
		want += (ssize_t)p->window.pieces.at[i].n;
	if (remote_read_pieces(p->remote, p->window.pieces.at, (unsigned)p->window.pieces.n) !=
	    want)
		return false;
	home->before = home->now;
	pulse_take(p, home, &home->now);
	return true;
}

/*
 * A thread may begin to wait for the GIL without holding it; it waits until it
 * is a holder. Of the others as many are asked as one system call takes, in
 * turn: a piece costs 0.3 us, and there may be a thousand threads.
 */
static void
read_wants(struct python *p)
{
	p->window.pieces.n = 0;
	for (size_t i = 0; i < p->threads.listed.n && p->window.pieces.n < REMOTE_PIECES_MAX;
	     i++) {
		struct watch *w =
			p->threads.listed.at[p->interpreters.asked++ % p->threads.listed.n]
				->own;

		if (!w->wants && pulse_is_settled(p, w) && w->home->now.words[WORD_LOCKED])
			*vec_push(p->arena, &p->window.pieces) =
				(struct remote_piece){ w->shown.address +
				                               p->layout.thread_wants_gil,
				                       &w->wants, sizeof w->wants };
	}
	if (p->window.pieces.n)
		remote_read_pieces(p->remote, p->window.pieces.at,
		                   (unsigned)p->window.pieces.n);
}

bool
python_tick(struct python *p)
{
	bool other = false, counts = gil_counts(p);

	p->interpreters.tick++;
	for (size_t i = 0; i < p->interpreters.all.n; i++) {
		struct interpreter *home = p->interpreters.all.at[i];
		bool known = home->ticked && home->ticked + 1 == p->interpreters.tick;

		if (!home->listed || (!read_with_holder(p, home) && !read_pulse(p, home)))
			continue;
		home->ticked = p->interpreters.tick;
		home->quiet = known && counts && home->gil && is_quiet(home);
		other |= home->now.words[WORD_THREADS] != home->first;
	}
	if (p->layout.thread_wants_gil != NONE)
		read_wants(p);
	return other;
}
