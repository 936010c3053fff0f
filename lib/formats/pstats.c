/* SPDX-License-Identifier: MIT */
/*
 * Of the marshal format: a type byte, then
 *
 *	{ key value ... 0    dictionary
 *	( n:4 value ...      tuple
 *	i n:4                integer of 32 bits; l n:4 digit:2 ... a larger one
 *	g n:8                IEEE 754 double
 *	u n:4 byte ...       text in UTF-8
 *
 * where numbers are little-endian, and a digit has 15 bits, the low ones first.
 */
#include "formats/pstats.h"

#include "tree/functions.h"
#include "tree/name.h"

static void
put_32(struct out *o, uint32_t n)
{
	for (size_t i = 0; i < 4; i++, n >>= 8)
		out_byte(o, (char)(n & 255));
}

static void
put_tuple(struct out *o, uint32_t n)
{
	out_byte(o, '(');
	put_32(o, n);
}

static void
put_integer(struct out *o, uint64_t n)
{
	uint32_t digits = 0;

	if (n <= INT32_MAX) {
		out_byte(o, 'i');
		put_32(o, (uint32_t)n);
		return;
	}
	for (uint64_t rest = n; rest; rest >>= 15)
		digits++;
	out_byte(o, 'l');
	put_32(o, digits);
	for (; n; n >>= 15) {
		out_byte(o, (char)(n & 255));
		out_byte(o, (char)(n >> 8 & 127));
	}
}

static void
put_real(struct out *o, double n)
{
	uint64_t bits;

	memcpy(&bits, &n, sizeof bits);
	out_byte(o, 'g');
	put_32(o, (uint32_t)bits);
	put_32(o, (uint32_t)(bits >> 32));
}

/* Made visible: Python refuses broken UTF-8, and prints the rest on a terminal. */
static void
put_text(struct out *o, struct text t)
{
	struct arena scratch = { 0 };
	struct text visible = text_visible(&scratch, t);

	out_byte(o, 'u');
	put_32(o, (uint32_t)visible.n);
	out_text(o, visible);
	arena_empty(&scratch);
}

/* As pstats names a function; what has no file is to it a built-in function. */
static void
put_key(struct out *o, const struct tree *t, uint32_t frame)
{
	struct text file = tree_frame_file(t, frame);
	uint32_t line = tree_frame_line(t, frame, true);

	if (line == 0)
		line = tree_frame_first_line(t, frame);
	put_tuple(o, 3);
	put_text(o, file.n ? file : TEXT("~"));
	put_integer(o, file.n ? line : 0);
	put_text(o, tree_frame_name(t, frame));
}

static double
seconds(const struct view *v, uint64_t weight)
{
	return v->unit == VIEW_NS ? (double)weight / 1e9 : (double)weight;
}

/* In a caller's tuple all samples come first, in a function's those that end in it. */
static void
put_sum(struct out *o, const struct view *v, const struct key_sum *s, bool of_caller)
{
	put_integer(o, of_caller ? s->total_samples : s->self_samples);
	put_integer(o, of_caller ? s->self_samples : s->total_samples);
	put_real(o, seconds(v, s->self));
	put_real(o, seconds(v, s->total));
}

/* The calls of callee, which begin at *at. */
static void
put_callers(struct out *o, const struct view *v, const struct functions *f,
            const struct function_calls *calls, size_t *at, uint32_t callee)
{
	out_byte(o, '{');
	for (; *at < calls->count && calls->rows[*at].callee == callee; ++*at) {
		put_key(o, v->tree, f->frames[calls->rows[*at].caller]);
		put_tuple(o, 4);
		put_sum(o, v, &calls->rows[*at].sum, true);
	}
	out_byte(o, '0');
}

void
pstats_write(struct out *o, struct tree *t, bool lines)
{
	struct arena scratch = { 0 };
	struct view_choice choice = { .grain = lines ? TREE_LINE : TREE_FUNCTION };
	const struct view *v = view_new(&scratch, t, choice);
	struct functions f = functions_of(&scratch, v);
	struct function_calls calls = functions_calls(&scratch, v, &f);
	size_t at = 0;

	out_byte(o, '{');
	for (uint32_t i = 0; i < f.count; i++) {
		put_key(o, t, f.frames[i]);
		put_tuple(o, 5);
		put_sum(o, v, &f.sums[i], false);
		put_callers(o, v, &f, &calls, &at, i);
	}
	out_byte(o, '0');
	arena_empty(&scratch);
}
