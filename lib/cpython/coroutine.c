/* SPDX-License-Identifier: MIT */
/* What a suspended task waits in: its coroutine, the one that it awaits, and so on. */
#include "cpython/asyncio.h"

enum {
	CHAIN_MAX = 1024,      /* coroutines, and what wraps them */
	FRAME_REACH = 1 << 20, /* bytes from a frame to the top of its stack */
	NAME_BYTES = 64,       /* of a name that are looked at each time */
	DIGITS = 3,            /* of a number, of 30 bits each */
};

/* What a coroutine awaits: 0: nothing, or nothing that has frames of Python. */
static uint64_t
awaited(struct view *v, const unsigned char *bytes, uint64_t frame, unsigned state)
{
	const struct layout *l = &v->p->layout;
	uint64_t top;

	if (state != l->generator_awaits && state != l->generator_awaits_locked)
		return 0;
	top = word_at(bytes + l->frame_stack);
	if (top - frame > FRAME_REACH)
		return 0;
	return pointer_of(view_word(v, top - l->generator_awaited));
}

static bool
is_suspended(const struct layout *l, unsigned state)
{
	return state == l->generator_created || state == l->generator_paused ||
	       state == l->generator_awaits || state == l->generator_awaits_locked;
}

/* One step inwards: notes the frame of the coroutine at *at, which becomes what it awaits. */
static void
follow(struct view *v, struct task *t, uint64_t *at, size_t *n, bool *changed)
{
	const struct layout *l = &v->p->layout;
	uint64_t frame = *at + l->generator_frame;
	const unsigned char *state = view_bytes(v, *at + l->generator_state, 1);
	const unsigned char *bytes;
	struct coroutine c;

	*at = 0;
	if (!state || !is_suspended(l, *state)) {
		t->executing = state && *state == l->generator_runs;
		return;
	}
	bytes = view_bytes(v, frame, l->frame_size);
	if (!bytes)
		return;
	c = (struct coroutine){ frame, pointer_of(word_at(bytes + l->frame_code)),
		                word_at(bytes + l->frame_instruction), 0 };
	if (l->frame_copy != NONE)
		c.copy = half_at(bytes + l->frame_copy);
	if (*n == t->chain.n)
		*vec_push(v->p->arena, &t->chain) = (struct coroutine){ 0 };
	if (memcmp(&t->chain.at[*n], &c, sizeof c) != 0) {
		t->chain.at[*n] = c;
		*changed = true;
	}
	++*n;
	*at = awaited(v, bytes, frame, *state);
}

bool
coroutines_read(struct view *v, struct task *t)
{
	const struct layout *l = &v->p->layout;
	uint64_t at = t->coro, future = 0;
	bool changed = false;
	size_t n = 0;

	t->executing = false;
	for (unsigned i = 0; at && i < CHAIN_MAX; i++) {
		enum thing thing = asyncio_thing(v, view_word(v, at + l->object_type));

		if (thing == THING_FUTURE)
			future = view_word(v, at + l->object_size);
		if (thing == THING_WRAPPER)
			at = view_word(v, at + l->object_size);
		else if (thing == THING_GENERATOR)
			follow(v, t, &at, &n, &changed);
		else
			at = 0;
	}
	t->shown.awaits_task = future && future_is_task(v, future);
	t->shown.truncated = at != 0;
	/* When the outermost one runs, so do those that it awaits; and the reverse. */
	if (t->executing && n > 0)
		v->same = false;
	changed |= t->chain.n != n;
	t->chain.n = n;
	return changed;
}

/* The code object there, which is the one that was there at the moment of the copies. */
static struct code *
code_of(struct view *v, uint64_t address)
{
	struct code *c = code_known(v->p, address);
	uint64_t epoch = 0;

	if (c && c->checked == v->epoch)
		return c;
	c = code_read(v->p, address);
	remote_read(v->p->remote, v->watch->home->address + v->p->codes.epoch_field, &epoch,
	            v->p->codes.epoch_bytes);
	if (epoch != v->epoch)
		v->same = false;
	else if (c)
		c->checked = epoch;
	return c;
}

void
coroutines_place(struct view *v, struct task *t)
{
	t->places.n = 0;
	for (size_t i = 0; i < t->chain.n; i++) {
		const struct coroutine *k = &t->chain.at[i];
		struct code *c = code_of(v, k->code);
		int32_t unit = c ? code_unit(v->p, c, k->instruction, (uint32_t)k->copy) : -1;

		*vec_push(v->p->arena, &t->places) = (struct python_place){
			.code = c ? &c->shown : NULL,
			.unit = unit < -1 ? -1 : unit,
		};
	}
	t->placed = true;
	t->epoch = v->epoch;
	t->shown.places = t->places.at;
	t->shown.n = (uint32_t)t->places.n;
}

static bool
keep_name(struct view *v, struct task *t, struct text name)
{
	if (text_equal(t->shown.name, name))
		return false;
	vec_reserve(v->p->arena, &t->name, name.n + 1);
	if (name.n)
		memcpy(t->name.at, name.at, name.n);
	t->shown.name = (struct text){ t->name.at, name.n };
	return true;
}

/* Tasks without a name of their own are called by a number. Its bytes; NULL: they cannot be read. */
static const unsigned char *
number_bytes(struct view *v, uint64_t at, uint32_t *n)
{
	const struct layout *l = &v->p->layout;
	uint64_t digits = view_word(v, at + l->long_size) >> 3;

	*n = (uint32_t)(digits < DIGITS ? digits : DIGITS) * 4;
	return *n ? view_bytes(v, at + l->long_digits, *n) : NULL;
}

/* The first characters of a str; those that lie apart are not looked at. */
static const unsigned char *
text_bytes(struct view *v, uint64_t at, uint32_t *n)
{
	const struct layout *l = &v->p->layout;
	uint64_t length = view_word(v, at + l->unicode_length);
	const unsigned char *bytes = view_bytes(v, at + l->unicode_state, 4);
	uint32_t state = bytes ? half_at(bytes) >> l->unicode_kind : 0;
	uint64_t wide = length < NAME_BYTES ? length * (state & 7) : NAME_BYTES;

	*n = 4;
	if (!(state & 8) || wide == 0)
		return bytes;
	*n = (uint32_t)(wide < NAME_BYTES ? wide : NAME_BYTES);
	return view_bytes(v, at + (state & 16 ? l->unicode_ascii : l->unicode_compact), *n);
}

static struct text
name_number(struct arena *scratch, const unsigned char *digits, uint32_t n)
{
	uint64_t number = 0;

	while (n > 0)
		number = number << 30 | half_at(digits + (n -= 4));
	return text_print(scratch, "Task-%llu", (unsigned long long)number);
}

bool
task_read_name(struct view *v, struct task *t)
{
	enum thing thing =
		asyncio_thing(v, view_word(v, t->name_at + v->p->layout.object_type));
	const unsigned char *bytes = NULL;
	struct arena scratch = { 0 };
	struct text name = TEXT("");
	uint32_t n = 0;
	uint64_t hash;
	bool changed;

	if (thing == THING_INT)
		bytes = number_bytes(v, t->name_at, &n);
	else if (thing == THING_STR)
		bytes = text_bytes(v, t->name_at, &n);
	hash = bytes ? hash_bytes(bytes, n) | 1 : 0;
	if (!bytes || hash == t->name_hash)
		return false;
	if (thing == THING_INT)
		name = name_number(&scratch, bytes, n);
	else if (!object_text(v->p, &scratch, t->name_at, &name))
		v->same = false;
	changed = keep_name(v, t, name);
	t->numbered = thing == THING_INT;
	t->name_hash = hash;
	arena_empty(&scratch);
	return changed;
}
