/* SPDX-License-Identifier: MIT */
#include "cpython/asyncio.h"

#include "base/time.h"

enum {
	ASK_NS = 5000000,     /* from one question to the next, whether it was imported */
	LOOK_NS = 1000000000, /* from one look to the next, in case that does not tell */
	SLOWLY = 20,          /* looking takes at most such a part of the time */
	TASK_MAX = 4096,
	THREAD_MAX = 1 << 16,
	INTERPRETER_MAX = 4 << 20,
	TYPE_NAME_BYTES = 24,
	THING_COST = 256, /* pieces that take as long as two system calls */
};

static const struct {
	const char *name;
	enum thing thing;
} things[] = {
	{ "coroutine", THING_GENERATOR },
	{ "generator", THING_GENERATOR },
	{ "async_generator", THING_GENERATOR },
	/* The first field of these is what they wrap, or wait for. */
	{ "coroutine_wrapper", THING_WRAPPER },
	{ "async_generator_asend", THING_WRAPPER },
	{ "async_generator_athrow", THING_WRAPPER },
	{ "anext_awaitable", THING_WRAPPER },
	{ "_asyncio.FutureIter", THING_FUTURE },
	{ "int", THING_INT },
	{ "str", THING_STR },
};

static bool
is_sane(const struct asyncio *a)
{
	for (unsigned i = 0; i < ASYNCIO_FIELDS; i++) {
		uint64_t limit = i < ASYNCIO_INTERPRETER_SIZE ? TASK_MAX
		                 : i < ASYNCIO_THREAD_SIZE    ? INTERPRETER_MAX
		                                              : THREAD_MAX;

		if (a->at[i] > limit || (a->at[i] % 8 && i != ASYNCIO_TASK_IS_TASK &&
		                         i != ASYNCIO_TASK_AWAITED_BY_IS_SET))
			return false;
	}
	return a->at[ASYNCIO_THREAD_TASK] <= THREAD_BYTES - 2 * TASK_BYTES;
}

/*
 * Asks, where it is time to, whether it was imported lately, as it is some 20 ms before
 * its first loop runs; to look for it takes 300 us.
 */
static bool
was_imported(struct python *p, struct interpreter *home, uint64_t now)
{
	uint64_t begin, cost;
	bool was;

	if (now < p->asyncio->rested_ns || now < home->imported.due_ns)
		return false;
	begin = time_ran();
	was = imported_lately(p, home, TEXT("_asyncio"));
	cost = (time_ran() - begin) * SLOWLY;
	home->imported.due_ns = now + (cost > ASK_NS ? cost : ASK_NS);
	return was;
}

bool
asyncio_find(struct python *p, struct interpreter *home, uint64_t now)
{
	struct asyncio *a = p->asyncio;
	struct arena scratch = { 0 };
	uint64_t begin, at;

	if (a->known || (now < a->due_ns && !was_imported(p, home, now)))
		return a->known;
	begin = time_ran();
	a->known = find_section(&scratch, p->remote, "_asyncio", ".AsyncioDebug", &at) &&
	           remote_read(p->remote, at, a->at, sizeof a->at) && is_sane(a);
	if (a->known)
		window_add_task(p, (uint32_t)a->at[ASYNCIO_THREAD_TASK]);
	a->rested_ns = now + (time_ran() - begin) * SLOWLY;
	a->due_ns = a->rested_ns + LOOK_NS;
	arena_empty(&scratch);
	return a->known;
}

static enum thing
read_thing(struct python *p, uint64_t type)
{
	char name[TYPE_NAME_BYTES] = "";
	uint64_t at;

	if (!type || !remote_read(p->remote, type + p->layout.type_name, &at, sizeof at) ||
	    !remote_read(p->remote, at, name, sizeof name))
		return THING_OTHER;
	for (size_t i = 0; i < sizeof things / sizeof *things; i++)
		if (strncmp(name, things[i].name, sizeof name) == 0)
			return things[i].thing;
	return THING_OTHER;
}

enum thing
asyncio_thing(struct view *v, uint64_t type)
{
	struct python *p = v->p;
	unsigned row = hash_number(type) % THINGS;

	if (type == 0)
		return THING_OTHER;
	if (p->asyncio->things[row].type != type) {
		p->asyncio->things[row].type = type;
		p->asyncio->things[row].thing = read_thing(p, type);
		mirror_charge(&v->loop->mirror, THING_COST);
	}
	return p->asyncio->things[row].thing;
}

/* Most lie behind each other. What was not planned lies elsewhere, and is no use. */
static void
note(struct view *v, size_t at, uint32_t n)
{
	struct task *t = v->task;
	struct range *last = t->ranges.n ? &t->ranges.at[t->ranges.n - 1] : NULL;

	if (at >= v->loop->mirror.bytes)
		return;
	if (last && at >= last->at && at <= last->at + last->n) {
		if (at + n > last->at + last->n)
			last->n = (uint32_t)at + n - last->at;
		return;
	}
	*vec_push(v->p->arena, &t->ranges) = (struct range){ (uint32_t)at, n };
}

const unsigned char *
view_bytes(struct view *v, uint64_t at, uint32_t n)
{
	const unsigned char *bytes = mirror_at(&v->loop->mirror, v->p->remote, at, n, &v->same);

	v->same &= bytes != NULL;
	if (v->task && bytes)
		note(v, (size_t)(bytes - v->loop->mirror.copies[0]), n);
	return bytes;
}

uint64_t
view_word(struct view *v, uint64_t at)
{
	const unsigned char *bytes = view_bytes(v, at, 8);

	return bytes ? word_at(bytes) : 0;
}
