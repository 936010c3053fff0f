/* SPDX-License-Identifier: MIT */
#include "capture/account.h"

#include "capture/watched.h"

enum {
	TURN_NS =
		100000000, /* from turn to turn of a thread: some ticks of the kernel's clock */
	READ_NS = 1000000, /* at least, from reading to reading: each takes 3 us */
};

void
account_tell(struct account *a, const struct activity *x, struct writer *w, uint64_t thread,
             uint64_t units)
{
	struct activity_account now;

	if (!activity_account(x, &now))
		return;
	/* Figures that fall are of another thread, which has got the number. */
	if (a->begun && units > a->at && now.ran_ns >= a->told.ran_ns &&
	    now.waited_ns >= a->told.waited_ns)
		writer_ran(w, &(struct stream_ran){ thread, a->at, units,
		                                    now.ran_ns - a->told.ran_ns,
		                                    now.waited_ns - a->told.waited_ns });
	*a = (struct account){ now, units, true };
}

size_t
turns_due(struct turns *t, uint64_t now, size_t n)
{
	uint64_t turn = n * READ_NS > TURN_NS ? n * READ_NS : TURN_NS;
	uint64_t passed = t->last_ns ? now - t->last_ns : 0;
	size_t due;

	t->last_ns = now;
	if (passed >= turn)
		return n;
	t->owed += passed * n;
	due = t->owed / turn;
	t->owed -= due * turn;
	return due < n ? due : n;
}

static void
account(struct watched *x, struct writer *w, uint64_t units)
{
	account_tell(&x->account, &x->activity, w, x->id, units);
}

/* Whose account begins or ends now. */
static void
account_changes(struct target *t, struct writer *w, uint64_t units)
{
	for (size_t i = 0; i < t->threads.n; i++)
		if (!t->threads.at[i]->account.begun || t->threads.at[i]->leave)
			account(t->threads.at[i], w, units);
	t->changed = false;
}

void
target_account(struct target *t, struct writer *w, uint64_t now, uint64_t units)
{
	size_t n = t->threads.n;

	if (t->changed)
		account_changes(t, w, units);
	for (size_t due = turns_due(&t->turns, now, n); due; due--)
		account(t->threads.at[t->turns.next++ % n], w, units);
}

void
target_account_all(struct target *t, struct writer *w, uint64_t units)
{
	for (size_t i = 0; i < t->threads.n; i++)
		account(t->threads.at[i], w, units);
}
