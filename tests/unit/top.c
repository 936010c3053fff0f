/* SPDX-License-Identifier: MIT */
/* Whose frame was the innermost at the moment of the state, where the CFrame was read later. */
#include "tests/unit/window.h"

enum { CHUNK = 1 << 20, USED = 4096, ROOM = OUTSIDE_BYTES + USED, OUTSIDE = 1 << 24 };

/* Functions, by the sizes of their frames; f makes the generator, which it calls by way of C. */
enum { F, G, BIG, GENERATOR, FUNCTIONS };

static struct code codes[FUNCTIONS] = {
	[F] = { .shown = { .id = 1 }, .address = 0x1000, .frame_bytes = 160 },
	[G] = { .shown = { .id = 2 }, .address = 0x2000, .frame_bytes = 120 },
	[BIG] = { .shown = { .id = 3 }, .address = 0x3000, .frame_bytes = 800 },
	[GENERATOR] = { .shown = { .id = 4 }, .address = 0x4000, .frame_bytes = 112 },
};

static uint64_t first; /* where the oldest frame begins */

/* Where a frame lies in the copies. */
static uint64_t
place(uint64_t frame)
{
	return frame < OUTSIDE ? frame - CHUNK + OUTSIDE_BYTES : frame - OUTSIDE;
}

/* Puts a frame of that function there, called by another one; it does not wait for one of Python. */
static void
frame(uint64_t address, const struct code *c, unsigned owner, uint64_t previous)
{
	const struct layout *l = &p->layout;
	uint64_t at = place(address);

	put(at + l->frame_code, c ? c->address : 0x9000);
	put(at + l->frame_previous, previous);
	put(at + l->frame_instruction, c ? c->address + l->code_bytes : 0);
	copy[at + l->frame_owner] = (unsigned char)owner;
	memset(copy + at + l->frame_stack, 0xff, l->frame_stack_width);
}

/* The state had the end of the frames there; the CFrame, a moment later, the innermost one. */
static uint64_t
tells(uint64_t end, uint64_t innermost)
{
	uint64_t told = 1;

	memcpy(p->window.state + p->layout.thread_chunk_top, &end, sizeof end);
	p->window.frame_by_cframe[AFTER] = innermost;
	return top_fits(p, w, 1, &told) ? told : 0;
}

static void
add_outside(uint64_t address)
{
	*vec_push(&arena, &w->outside) = (struct outside){ .address = address,
		                                           .at = (uint32_t)place(address),
		                                           .bytes = 112,
		                                           .planned = true,
		                                           .valued = true };
}

static void
begin(unsigned minor)
{
	memset(copy, 0, ROOM);
	if (!layout_of(minor, false, &p->layout))
		abort();
	first = CHUNK + p->layout.chunk_data + 8;
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		codes[i].stack_at = p->layout.frame_size - 8;
		codes[i].units = 4;
	}
	w->outside.n = w->chunks.n = 0;
	*vec_push(&arena, &w->chunks) = (struct chunk){
		.address = CHUNK, .size = USED, .used = USED, .at = OUTSIDE_BYTES
	};
	frame(first, &codes[F], OWNER_THREAD, OUTSIDE + 2048);
}

static void
test_calls(void)
{
	uint64_t end = first + 160, next = end + 120;

	frame(end, &codes[G], OWNER_THREAD, first);
	check(tells(end, first) == first, "what ended where the frames did");
	check(tells(end, end) == first, "a call has begun since");
	check(tells(next, first) == end, "a call has returned since");
	frame(next, &codes[G], OWNER_THREAD, end);
	check(tells(end, next) == first && p->window.strayed, "two have begun");
	check(tells(next + 120, first) == next && p->window.strayed, "two have returned");
	frame(end, &codes[BIG], OWNER_THREAD, first);
	check(tells(next, first) == 0, "another one has taken the place, which is larger");
}

/* C had called a generator for f, and it has returned to C: its CFrame has what stands for C. */
static void
test_driven(void)
{
	uint64_t c_stack = OUTSIDE + 512, object = OUTSIDE + 1024,
		 generator = object + p->layout.generator_frame, end = first + 160;

	add_outside(c_stack);
	add_outside(generator);
	frame(c_stack, NULL, OWNER_C_STACK, first);
	frame(generator, &codes[GENERATOR], OWNER_GENERATOR, 0);
	check(tells(end, c_stack) == 0, "no generator is on the stack of f");
	put(place(first) + codes[F].stack_at, object);
	check(tells(end, c_stack) == generator, "one is");
	frame(generator, &codes[G], OWNER_GENERATOR, 0);
	check(tells(end, c_stack) == 0, "another one is, which f does not call");
}

/* A generator runs, which did not yet: the state had the end of what calls it. */
static void
test_generator(void)
{
	uint64_t object = OUTSIDE + 1024, generator = object + p->layout.generator_frame,
		 end = first + 160;

	add_outside(generator);
	frame(generator, &codes[GENERATOR], OWNER_GENERATOR, first);
	check(tells(end, generator) == generator, "it is the innermost");
	check(tells(end + 120, generator) == 0, "it cannot have been");
	frame(end, &codes[G], OWNER_THREAD, generator);
	check(tells(end + 120, generator) == end, "what it had called");
}

int
main(void)
{
	window_open(ROOM);
	codes[F].shown.name = TEXT("f");
	codes[GENERATOR].shown.name = TEXT("f.<locals>.<genexpr>");
	for (unsigned i = 0; i < FUNCTIONS; i++) {
		index_add(&p->codes.arena, &p->codes.by_address, hash_number(codes[i].address),
		          i);
		*vec_push(&p->codes.arena, &p->codes.rows) = &codes[i];
	}
	for (unsigned minor = 11; minor <= 12; minor++) {
		begin(minor);
		test_calls();
		begin(minor);
		test_driven();
		begin(minor);
		test_generator();
	}
	window_close();
	return failures > 0;
}
