/* SPDX-License-Identifier: MIT */
/* What windows teach of calls, of the ways to functions, and of whose frames lie where. */
#include "cpython/python.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failures;

static void
check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "ways: %s\n", what);
	failures++;
}

/* A python that has learnt nothing, and functions: frames of the last one are longer. */
static struct arena arena;
static struct python *p;
static struct code f[5];

static void
end(void)
{
	if (p)
		arena_empty(&p->codes.arena);
	arena_empty(&arena);
	free(p);
}

static void
begin(void)
{
	end();
	p = calloc(1, sizeof *p);
	if (!p)
		abort();
	p->arena = &arena;
	for (uint32_t i = 0; i < 5; i++) {
		f[i] = (struct code){ .address = 4096 * (i + 1),
			              .frame_bytes = i == 4 ? 200 : 100 };
		f[i].shown.id = i;
		index_add(&p->codes.arena, &p->codes.by_address, hash_number(f[i].address),
		          (uint32_t)p->codes.rows.n);
		*vec_push(&p->codes.arena, &p->codes.rows) = &f[i];
	}
}

/* That the function o calls the function i from that unit, so many windows after the last. */
static bool
shows(unsigned o, int32_t unit, unsigned i, unsigned windows, enum learn learn)
{
	struct python_place outer = { .code = &f[o].shown, .unit = unit };
	struct python_place inner = { .code = &f[i].shown, .unit = 1 };

	p->calls.window += windows;
	return call_is_known(p, &outer, &inner, learn);
}

/* The function 0 mentions the function 1; what was known of that is asked for again. */
static void
name_first(void)
{
	static uint64_t name = 4096;

	f[0].mentions.at = &name;
	f[0].mentions.n = 1;
	f[1].name = name;
	memset(p->calls.sites, 0, sizeof p->calls.sites);
}

static void
test_calls(void)
{
	begin();
	check(!shows(0, 5, 1, 1, LEARN_EVER) && !shows(0, 5, 1, 9, LEARN_EVER) &&
	              !shows(0, 5, 1, 8, LEARN_EVER),
	      "what is shown too seldom is not known");
	check(shows(0, 5, 1, 8, LEARN_EVER) && shows(0, 5, 1, 1000, LEARN_NOT), "often enough");
	check(!shows(0, 6, 1, 0, LEARN_NOT), "not from elsewhere");
	check(call_unit(p, &f[0].shown, &f[1].shown) == 5, "from where");
	check(call_unit(p, &f[1].shown, &f[0].shown) == -1, "never");
	begin();
	check(!shows(0, 5, 1, 1, LEARN_EVER) && !shows(0, 5, 1, 99, LEARN_EVER) &&
	              !shows(0, 5, 1, 99, LEARN_EVER),
	      "not at any time");
	name_first();
	check(shows(0, 5, 1, 99, LEARN_EVER), "but one that is mentioned");
	check(!shows(0, 5, 2, 99, LEARN_EVER) && !shows(0, 5, 2, 99, LEARN_EVER) &&
	              !shows(0, 5, 2, 99, LEARN_EVER),
	      "another one may not");
}

static void
test_strange_calls(void)
{
	begin();
	name_first();
	for (unsigned i = 0; i < 3; i++)
		shows(0, 5, 1, 1, LEARN_EVER);
	check(shows(0, 5, 1, 1, LEARN_NOT), "a function that is mentioned");
	for (unsigned i = 0; i < 5; i++)
		check(!shows(0, 5, 2, 2, LEARN_EVER), "from there hardly another one");
	check(!shows(0, 5, 2, 3, LEARN_EVER), "that is shown now and then");
	for (unsigned i = 0; i < 10; i++)
		shows(0, 5, 2, 2, LEARN_EVER);
	check(shows(0, 5, 2, 2, LEARN_EVER), "but one that stays");
	check(p->calls.doubted, "the windows after a doubtful one lie no equal time apart");
}

static void
test_ways(void)
{
	uint64_t way = way_to(way_to(0, &f[0].shown), &f[1].shown);

	begin();
	p->calls.window = 1;
	way_learn(p, way, &f[1].shown);
	p->calls.window += 32;
	way_learn(p, way, &f[1].shown);
	check(!way_is_known(p, way), "windows of one sample prove no way");
	p->calls.window++;
	way_learn(p, way, &f[1].shown);
	check(way_is_known(p, way), "those of two do");
	check(!way_is_known(p, way_to(0, &f[1].shown)), "but no other");
	check(!way_is_single(&f[1].shown), "a few do not make it the only one");
	for (unsigned i = 0; i < 30; i++)
		way_learn(p, way, &f[1].shown);
	check(way_is_single(&f[1].shown), "many do");
	way_learn(p, way_to(0, &f[1].shown), &f[1].shown);
	check(!way_is_single(&f[1].shown), "until there is another");
}

static void
test_ways_vary(void)
{
	begin();
	for (uint64_t i = 0; i < 128 + 64; i++)
		way_learn(p, 2 + 2 * (i < 100 ? i : 0), &f[1].shown);
	check(!ways_vary(&f[1].shown), "all are new at first");
	for (uint64_t i = 0; i < 128 + 64; i++)
		way_learn(p, 2000 + 2 * i, &f[2].shown);
	check(ways_vary(&f[2].shown), "some functions always have new ones");
}

/* A stack of those functions, the one at outside with its frame outside of the chunks. */
static void
stands(struct watch *w, const unsigned *functions, size_t n, size_t outside)
{
	w->seen.n = w->places.n = 0;
	for (size_t i = 0; i < n; i++) {
		*vec_push(p->arena, &w->seen) =
			(struct seen){ .at = i == outside ? 0 : OUTSIDE_BYTES + 8 };
		*vec_push(p->arena, &w->places) =
			(struct python_place){ .code = &f[functions[i]].shown };
	}
	neighbours_learn(p, w, 0);
}

static void
test_neighbours(void)
{
	struct watch *w = calloc(1, sizeof *w);
	const struct neighbour *n = NULL;

	if (!w)
		abort();
	begin();
	stands(w, (const unsigned[]){ 0, 1, 4 }, 3, 9);
	check(neighbours_of_size(p, &f[0], 100, &n) == 1 && n->code == &f[1],
	      "the only one of its size");
	check(neighbours_of_size(p, &f[1], 200, &n) == 1 && n->code == &f[4] && n->called,
	      "the one inside of it");
	check(neighbours_of_size(p, &f[0], 200, &n) == 0, "none of that size is next to it");
	stands(w, (const unsigned[]){ 0, 2 }, 2, 9);
	check(neighbours_of_size(p, &f[0], 100, &n) == 2, "two are");
	stands(w, (const unsigned[]){ 3, 1, 4 }, 3, 1);
	check(neighbours_of_size(p, &f[3], 200, &n) == 1 && !n->called,
	      "what something outside called");
	p->codes.rows.at[4] = &f[0];
	check(neighbours_of_size(p, &f[1], 200, &n) == 0, "whose code has gone");
	free(w);
}

/* The frame at that address is met with the function i, in so many stacks after the last. */
static void
lodges(uint64_t frame, unsigned i, unsigned stacks)
{
	for (unsigned n = 0; n < stacks; n++) {
		p->calls.stack++;
		lodger_note(p, &(struct seen){ .address = frame, .code = f[i].address });
	}
}

static void
test_lodgers(void)
{
	begin();
	p->lodgers = arena_array(p->arena, struct lodger, LODGERS);
	lodges(4096, 0, OFTEN_ALIKE);
	check(!code_stays(&f[0]), "the first time shows nothing");
	p->calls.stack--;
	lodges(4096, 0, 1);
	check(!code_stays(&f[0]), "a stack counts once");
	lodges(4096, 0, 1);
	check(code_stays(&f[0]), "frames of one function stay");
	lodges(8192, 1, OFTEN_ALIKE + 1);
	check(code_stays(&f[0]) && code_stays(&f[1]), "of another one elsewhere, too");
	lodges(4096, 2, 1);
	check(!code_stays(&f[0]) && !code_stays(&f[2]),
	      "not where one takes another one's place");
	check(code_stays(&f[1]), "which tells nothing of a third");
	lodges(4096, 2, LONG_ALIKE - 1);
	check(!code_stays(&f[2]), "they are not soon believed again");
	lodges(4096, 2, 1);
	check(code_stays(&f[2]) && !code_stays(&f[0]), "but at last");
	lodger_forget(p, 4096);
	lodges(4096, 1, 1);
	check(code_stays(&f[1]) && code_stays(&f[2]), "unless it is not known whose it was");
}

static void
test_callers(void)
{
	struct caller c = { 0 };

	begin();
	for (unsigned i = 0; i < OFTEN_ALIKE; i++) {
		check(!caller_is_sure(&c), "a few do not make it the only caller");
		caller_note(&c, &f[0], false, i);
	}
	check(caller_is_sure(&c), "many do");
	caller_note_other(&c);
	check(!caller_is_sure(&c) && !c.several, "one that shows another is a doubt");
	for (unsigned i = 0; i < OFTEN_ALIKE; i++)
		caller_note(&c, &f[0], false, i);
	check(caller_is_sure(&c), "which passes");
	caller_note_other(&c);
	check(c.several, "a second one is believed");
	c = (struct caller){ .code = &f[0] };
	caller_note(&c, &f[1], false, 0);
	for (unsigned i = 1; i < LONG_ALIKE; i++) {
		check(!caller_is_sure(&c), "where there were two it takes long");
		caller_note(&c, &f[1], false, i);
	}
	check(caller_is_sure(&c), "to believe in one");
}

int
main(void)
{
	test_calls();
	test_strange_calls();
	test_ways();
	test_ways_vary();
	test_neighbours();
	test_lodgers();
	test_callers();
	end();
	return failures > 0;
}
