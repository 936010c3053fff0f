/* SPDX-License-Identifier: MIT */
/* Any stream is ranked, dumped and looked at as in a live view; nothing of it reaches a terminal raw. */
#include "formats/diff_json.h"
#include "formats/pstats.h"
#include "term/diff_text.h"
#include "term/dump.h"
#include "term/live.h"
#include "term/ranking.h"
#include "tests/fuzz/written.h"
#include "tree/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
rank(const struct bytes *bytes, enum ranking_by by)
{
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct tree_choice choice = { .grain = TREE_LINE };
	struct ranking *r;
	struct out *o;

	written_load(t, bytes, &choice);
	r = ranking_new(&a, t, by);
	ranking_sort(r, bytes->n % (RANKING_NAME + 1));
	o = written_begin(&a);
	ranking_write(r, (struct ranking_how){ .limit = 5 }, o, (struct screen){ 40, false });
	written_end(&a, o, PLAIN);
	o = written_begin(&a);
	ranking_write_json(r, (struct ranking_how){ 0 }, o);
	written_end(&a, o, JSON);
	if (by <= RANKING_LINE) {
		o = written_begin(&a);
		pstats_write(o, t, by == RANKING_LINE);
		written_end(&a, o, ANY);
	}
	arena_empty(&a);
}

static void
compare(const struct bytes *bytes)
{
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct tree_choice choice = { .grain = TREE_LINE, .diff = true };
	struct diff_text how = { .all = true, .total = bytes->n & 1 };
	struct out *o;

	written_load(t, bytes, &choice);
	if (tree_compare(t)) {
		o = written_begin(&a);
		diff_text_write(diff_new(&a, t), how, o, (struct screen){ 0 });
		written_end(&a, o, PLAIN);
		o = written_begin(&a);
		diff_json_write(diff_new(&a, t), o);
		written_end(&a, o, JSON);
	}
	arena_empty(&a);
}

static void
dump(const struct bytes *bytes)
{
	struct arena a = { 0 };
	struct tree *t = tree_new(&a);
	struct dump *d = dump_new(&a, t);
	struct tree_choice choice = dump_choice(d);
	struct out *o;

	written_load(t, bytes, &choice);
	if (dump_is_there(d)) {
		o = written_begin(&a);
		dump_write(d, o, (struct screen){ 0 });
		written_end(&a, o, PLAIN);
		o = written_begin(&a);
		dump_write_json(d, o);
		written_end(&a, o, JSON);
	}
	arena_empty(&a);
}

/* Of all, and of each thread and process; nothing is more than the whole. */
static void
look(struct arena *a, struct live *l, const struct live_scope *scope)
{
	struct live_look look = live_look(a, l, scope);

	for (uint32_t i = 0; i < look.function_count; i++) {
		const struct live_sum *sum = &look.functions[i];

		assert(sum->self.all <= sum->total.all && sum->total.all <= look.whole.all);
		if (sum->total.all == 0)
			continue;
		live_callers(a, l, &look, i);
		live_callees(a, l, &look, i);
		live_opcodes(a, l, &look, i);
	}
}

static void
watch(const struct bytes *bytes)
{
	enum { MOST = 8 };
	struct arena a = { 0 };
	struct live *l = live_new(&a, tree_new(&a));
	struct tree_choice choice = live_choice(l);

	written_load(l->tree, bytes, &choice);
	look(&a, l, &(struct live_scope){ .of = LIVE_ALL });
	for (size_t i = 0; i < l->people.n && i < MOST; i++) {
		const struct live_person *p = &l->people.at[i];

		look(&a, l, &(struct live_scope){ LIVE_THREAD, p->run, p->thread });
		look(&a, l, &(struct live_scope){ LIVE_PROCESS, p->run, p->process });
	}
	live_reset(l);
	look(&a, l, &(struct live_scope){ .of = LIVE_ALL });
	arena_empty(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wrapping w = { 0 };

	if (n < 2)
		return 0;
	written_wrap(&w, data, n);
	for (int by = RANKING_FUNCTION; by <= RANKING_PROCESS; by++)
		rank(&w.out, (enum ranking_by)by);
	compare(&w.out);
	dump(&w.out);
	watch(&w.out);
	arena_empty(&w.arena);
	return 0;
}
