/* SPDX-License-Identifier: MIT */
/*
 * The stack of a thread, while it runs. Up to 3.10 heap.c reads its frames, and proves them
 * on its own; what follows is of later ones.
 *
 * A chain of frames that is the same in both copies of the window was the
 * stack when the state between them was read; that is told if it was also the stack
 * when the window began. (A chain that is followed frame by frame is wrong up to 9 times
 * in 10 in a program that calls a lot.) Of one that was not, guess.h tells. What is
 * the same as in the last sample is found by comparing words, from the outermost
 * frame on; the rest is walked from the innermost on.
 */
#include "cpython/python.h"

#include "base/time.h"

enum {
	MOVED_MAX = 30, /* retries because the stack moved */
	STANDS_MAX =
		2, /* the same of a thread that stands: nothing changes but what is predicted */
	ASKED_AFTER = 4,   /* of these, whether its codes are what they were */
	READS_MAX = 200,   /* of one stack; most of them only where the machine stalls */
	LEARN_MAX = 12,    /* of these, to learn of a guess while the thread goes on */
	STANDING_MAX = 80, /* the same, while it stands still: a way takes windows far apart */
	TRAMPOLINE_UNITS = 8,
	COLD_NS = 150000, /* since a stack was read: the next takes a multiple of the time */
	RESTLESS_MIN = SHARE_ALL / 64, /* of the stacks */
};

/* A code of CPython's own, of a few instructions from no line, which never begins. */
static bool
is_trampoline(const struct code *c)
{
	return c && c->shown.line == 0 && c->units <= TRAMPOLINE_UNITS;
}

/*
 * Keeps the outermost frames seen before and adds the fresh ones. AGAIN: a code
 * is new. MOVED: a call that had not begun has others inside of it; they are
 * left out. As CPython itself does, such a call is left out too.
 */
static enum outcome
add_fresh(struct python *p, struct watch *w, size_t keep)
{
	bool settled = true;

	w->seen.n = w->places.n = keep;
	for (size_t i = p->fresh.n; i-- > 0;) {
		const struct seen *s = &p->fresh.at[i];
		int32_t unit;
		struct code *c = frame_code(p, s, &unit, &settled);

		if (!frame_is_begun(p, s, c, unit)) {
			if (i > 0 && is_trampoline(c) && p->codes.trampoline != c->address) {
				p->codes.trampoline = c->address;
				return AGAIN;
			}
			return i > 0 ? MOVED : settled ? MATCH : AGAIN;
		}
		place_add(p, w, s, c, unit);
	}
	return settled ? MATCH : AGAIN;
}

/* What the last window proves of the call of the frame i. */
static enum learn
learn_of(struct python *p, struct watch *w, size_t i)
{
	const struct seen *outer = &w->seen.at[i - 1], *inner = outer + 1;
	bool outer_outside = outer->at < OUTSIDE_BYTES,
	     inner_outside = inner->at < OUTSIDE_BYTES;

	if (p->heap.used)
		return LEARN_EVER;
	if (inner->entry && !inner_outside && w->places.at[i - 1].code &&
	    !site_allows(p, &w->places.at[i - 1], inner->told >= CONFIRMS))
		return LEARN_STRANGE;
	if (!inner_outside && (!outer_outside || inner->told == PROVES))
		return LEARN_EVER;
	if (outer_outside && inner_outside)
		return LEARN_OUTSIDE;
	return outside_is_steady(w, outer_outside ? inner : outer) ? LEARN_OUTSIDE
	                                                           : LEARN_APART;
}

/* Cuts off what is inside of a call that is not known. */
static bool
calls_check(struct python *p, struct watch *w, size_t keep, bool learn)
{
	size_t n = w->places.n, known = n;

	for (size_t i = n; i-- > keep && i > 0;)
		if ((!learn && !w->places.at[i].code) ||
		    !call_is_known(p, &w->places.at[i - 1], &w->places.at[i],
		                   learn ? learn_of(p, w, i) : LEARN_NOT))
			known = i;
	w->seen.n = w->places.n = known;
	return known == n;
}

/* Cuts off what no known way leads to; a way stands for all that lead to it. */
static bool
ways_check(struct python *p, struct watch *w, size_t keep)
{
	size_t n = w->places.n, known = n;

	while (known > keep && !way_is_known(p, w->seen.at[known - 1].way) &&
	       !ways_vary(w->places.at[known - 1].code))
		known--;
	w->seen.n = w->places.n = known;
	return known == n;
}

static enum outcome
commit(struct python *p, struct watch *w, size_t keep, bool learn)
{
	enum outcome outcome = add_fresh(p, w, keep);
	bool denied = outcome == MATCH && learn && !w->shown.stands &&
	              (!handed_agrees(p, w, keep) || (w->outside.n && !outside_agrees(p, w)));

	if (denied) {
		w->seen.n = w->places.n = keep;
		return MOVED;
	}
	if (w->shown.stands)
		return outcome;
	if (p->guess.made &&
	    keep > p->guess.claim.from) /* what it needs is learnt by seeing it again */
		keep = p->guess.claim.from;
	if (!calls_check(p, w, keep, learn))
		return AGAIN;
	learn &= outcome == MATCH && (!p->heap.used || heap_proves_ways(p, w));
	for (size_t i = keep; learn && i < w->places.n; i++)
		way_learn(p, w->seen.at[i].way, w->places.at[i].code);
	if (learn && !p->heap.used)
		neighbours_learn(p, w, keep);
	return !p->heap.used || ways_check(p, w, keep) ? outcome : AGAIN;
}

/* Whether both copies have one and the same stack, which is then in p->fresh. */
static bool
copies_agree(struct python *p, struct watch *w, size_t *keep)
{
	bool whole = walk_stack(p, w, 1, top_frame(p, 1), keep);

	callers_note(p, w, whole ? *keep : 0);
	if (whole && !p->doubtful)
		return w->shown.stands || !p->window.stalled;
	return w->shown.stands && walk_stack(p, w, 1, top_before_call(p, w), keep) &&
	       !p->doubtful;
}

/* The stack, if the window proves it. */
static enum outcome
prove(struct python *p, struct watch *w, size_t *same)
{
	enum outcome outcome = MATCH;
	size_t keep;

	if (p->heap.used) {
		keep = heap_walk(p, w);
	} else if (!copies_agree(p, w, &keep)) {
		return MOVED;
	} else {
		links_keep(p, w);
	}
	lower_same(same, keep);
	outcome = commit(p, w, keep, true);
	if (outcome == MATCH && !codes_check(p, w, *same))
		outcome = AGAIN;
	return outcome;
}

/*
 * The stack of the moment at which the window began; when its frames have gone, that of
 * the window's middle, which may be proved.
 */
static enum outcome
tell_moment(struct python *p, struct watch *w, size_t *same, enum outcome outcome)
{
	enum guessed guessed = GUESS_NONE;

	if (!window_stands(p) && window_tells_begin(p)) {
		window_exchange(p);
		guessed = guess_make(p, w, same);
		if (guessed == GUESS_NONE)
			window_exchange(p);
		else if (outcome == MATCH)
			outcome = MOVED;
	}
	if (guessed == GUESS_NONE && outcome != MATCH && !p->window.missed)
		guessed = guess_make(p, w, same);
	if (guessed == GUESS_NONE && outcome != MATCH)
		guess_outermost(p, w, same);
	return guessed == GUESS_KNOWN ? MATCH : outcome;
}

/* Whether the window is the sample's first one, and was not as predicted. */
static bool
is_unforeseen(const struct python *p, enum outcome outcome)
{
	return (outcome == AGAIN || outcome == MOVED) && !p->heap.used && !p->guess.tried &&
	       !p->window.keeps_moment && !remote_by_file(p->remote);
}

static enum outcome
look(struct python *p, struct watch *w, size_t *same)
{
	enum outcome outcome = p->heap.used ? heap_read(p, w) : window_read(p, w);
	bool told = p->heap.used && outcome == MOVED; /* the state tells the innermost frame */

	if (outcome == MATCH && w->outside.n)
		outside_note(p, w);
	if (is_unforeseen(p, outcome))
		window_keep_moment(p);
	if (outcome == MATCH && !p->guess.made && window_misses(p)) {
		window_recall_moment(p, w);
		outcome = MOVED;
		told = true;
	}
	if (outcome == MATCH) {
		outcome = prove(p, w, same);
		told = true;
	}
	if (remote_by_file(p->remote) || w->shown.stands)
		told = false; /* it takes too long to tell what came before and after; or nothing did */
	if (p->window.stalled && p->window.once_bytes)
		told = false; /* it is read again, and all of it twice */
	if (told && !p->guess.made)
		outcome = tell_moment(p, w, same, outcome);
	lower_same(same, w->places.n);
	return outcome;
}

/* What agrees now of the outermost part, up to 3.10; only what the guess had as well, if there is one. */
static void
salvage_heap(struct python *p, struct watch *w, size_t *same)
{
	const struct guess *g = &p->guess;
	size_t keep = heap_salvage(p, w), n = 0;

	lower_same(same, keep);
	commit(p, w, keep, false);
	if (!g->made)
		return;
	while (n < w->seen.n && n < g->seen.n &&
	       w->seen.at[n].address == g->seen.at[n].address &&
	       w->seen.at[n].code == g->seen.at[n].code)
		n++;
	w->seen.n = w->places.n = n;
}

/* What is sure of a stack that stayed in motion; nothing, where there was no window of it. */
static void
salvage(struct python *p, struct watch *w, size_t *same)
{
	if (p->heap.used) {
		salvage_heap(p, w, same);
	} else if (p->guess.made) {
		guess_give_up(p, w, same);
		calls_check(p, w, 0, false);
		ways_check(p, w, 0);
	} else {
		w->seen.n = w->places.n = w->shown.stands ? walk_alive(p, w) : 0;
	}
	codes_check(p, w, *same);
	lower_same(same, w->places.n);
}

/* The stack of a thread that cannot have moved. */
static void
tell_again(const struct python *p, struct watch *w)
{
	w->told.same = w->told.n;
	w->told.retries = 0;
	if (w->told.gil == PYTHON_GIL_HOLDS || p->layout.thread_wants_gil != NONE)
		w->told.gil = w->wants ? PYTHON_GIL_WANTS : PYTHON_GIL_NEITHER;
	w->settled = p->interpreters.tick;
}

/*
 * Looks which of ever other generators the thread executes. That tells nothing of the
 * sample: but a moment later the caches are warm, and its frames are read with the window.
 */
static enum outcome
scout(struct python *p, struct watch *w)
{
	enum outcome outcome = window_read(p, w);
	size_t keep;

	if (outcome == MATCH)
		walk_stack(p, w, 1, top_frame(p, 1), &keep);
	return outcome;
}

static bool
is_worth_scouting(const struct python *p, const struct watch *w)
{
	return outside_are_passing(w) && w->restless >= RESTLESS_MIN && !w->shown.stands &&
	       !remote_by_file(p->remote) && time_now() - w->read_ns > COLD_NS;
}

static enum outcome
begin(struct python *p, struct watch *w)
{
	return p->heap.used ? heap_begin(p, w) : window_begin(p, w);
}

/*
 * Reads until the stack at the first window's moment is known. What later windows
 * prove is learnt, and not told instead: see guess.h.
 */
static enum outcome
read_stack(struct python *p, struct watch *w, size_t *same, unsigned *reads)
{
	enum outcome outcome = w->begun ? AGAIN : begin(p, w);
	unsigned moved = 0, learning = 0, standing = 0;
	unsigned moved_max = w->shown.stands ? STANDS_MAX : MOVED_MAX;

	w->begun = true;
	p->window.late.n = 0;
	p->window.twice = p->window.keeps_moment = false;
	p->guess.made = p->guess.tried = p->guess.told = false;
	if (outcome != ENDED && is_worth_scouting(p, w))
		outcome = scout(p, w);
	do {
		if (p->calls.doubted || (*reads && (w->outside.n || p->heap.used)))
			window_linger(p);
		p->calls.doubted = false;
		outcome = outcome == ENDED ? ENDED : look(p, w, same);
		if (outcome == MATCH && p->guess.made && !guess_again(p, w, same) &&
		    !guess_is_vain(p, w))
			outcome = AGAIN;
		if (p->window.stalled && (!p->guess.made || guess_stands(p)))
			continue; /* it is the machine that is held up */
		moved += outcome == MOVED;
		if (outcome == MOVED && moved == ASKED_AFTER)
			codes_ask_again(p, w, same);
		if (p->guess.made) {
			++*(guess_stands(p) ? &standing : &learning);
			turns_ask(p, w);
		}
	} while ((outcome == AGAIN || outcome == MOVED) && moved <= moved_max &&
	         ++*reads < READS_MAX && learning <= LEARN_MAX && standing <= STANDING_MAX);
	guess_note(w, outcome == MATCH && !p->guess.made);
	if (outcome == AGAIN || outcome == MOVED)
		salvage(p, w, same);
	p->guess.made = false;
	return outcome;
}

/* A thread that does not hold the GIL now may stay as it was told. */
static bool
may_settle(const struct python *p, const struct watch *w)
{
	return w->home->ticked == p->interpreters.tick &&
	       w->home->now.words[WORD_HOLDER] != w->shown.address;
}

/* Reads what w->told tells. False: the thread has ended. */
static bool
tell(struct python *p, struct watch *w, uint32_t limit)
{
	size_t same = w->places.n;
	unsigned reads = 0;
	enum outcome outcome;

	if (w->ahead)
		lower_same(&same, w->told.same);
	p->calls.stack++;
	outcome = read_stack(p, w, &same, &reads);
	if (outcome == ENDED)
		return false;
	bytecode_tell(p, w, &same);
	w->told = (struct python_stack){
		.places = w->places.at,
		.n = w->places.n < limit ? (uint32_t)w->places.n : limit,
		.same = same < limit ? (uint32_t)same : limit,
		.torn = outcome != MATCH,
		.truncated = w->places.n > limit,
		.retries = reads,
		.native = outcome == MATCH &&
		          (p->guess.told ? p->guess.native : bytecode_is_native(p, w)),
	};
	facts_tell(p, w, &w->told);
	w->task = window_task(p);
	share_count(&w->restless, reads);
	if (outside_are_passing(w))
		w->read_ns = time_now();
	w->wants = w->told.gil == PYTHON_GIL_WANTS;
	/* Of a guess the thread may have gone on since. */
	w->settled = outcome == MATCH && !p->guess.told && may_settle(p, w)
	                     ? p->interpreters.tick
	                     : 0;
	outside_take_late(p, w);
	if (w->outside.n)
		outside_age(p, w);
	return true;
}

bool
stack_ahead(struct python *p, struct watch *w)
{
	w->ahead = p->limit && tell(p, w, p->limit) ? p->interpreters.tick : 0;
	return w->ahead;
}

enum sight
python_stack(struct python *p, struct python_thread *t, uint32_t limit,
             struct python_stack *stack)
{
	struct watch *w = t->own;

	p->limit = limit;
	if (pulse_is_settled(p, w) && !w->ahead)
		tell_again(p, w);
	else if ((!w->ahead || w->ahead != p->interpreters.tick) && !tell(p, w, limit))
		return GONE;
	w->ahead = 0;
	*stack = w->told;
	return SEEN;
}
