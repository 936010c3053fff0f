/* SPDX-License-Identifier: MIT */
/*
 * stream/block.h: the outer form of a stream: blocks with lengths and checks.
 *
 * Reading finds whole blocks and finds the next restart block after damage;
 * records are not looked at. One more room within the room.
 */
#ifndef STREAM_BLOCK_H
#define STREAM_BLOCK_H

#include "base/err.h"
#include "stream/bytes.h"
#include "stream/stream.h"

enum block_flag { BLOCK_RESTART = 1, BLOCK_ZSTD = 2 };

/* Writes the header for stored bytes at bytes, whose raw form has raw bytes. */
void block_header(unsigned char header[STREAM_HEADER_BYTES], unsigned flags, unsigned number,
                  const void *bytes, size_t stored, size_t raw);

struct blocks;

enum block_next { BLOCK_READ, BLOCK_DAMAGED, BLOCK_END };

struct block {
	bool restart;
	unsigned missing;  /* blocks that the segment before a restart block has lost */
	uint64_t offset;   /* of its header in the input */
	struct cursor raw; /* lent until the next call */
};

/* Reads from fd, which name stands for in messages. Lives on *a. */
struct blocks *blocks_new(struct arena *a, int fd, const char *name);

/* Reads by the caller's function from now on, not from the descriptor. */
void blocks_read_by(struct blocks *b, struct stream_input input);

/*
 * The next whole block. BLOCK_DAMAGED sets *e to the fault, its byte and what
 * was lost; the next block is a restart block then, if there is one.
 */
enum block_next blocks_next(struct blocks *b, struct block *block, struct err *e);

/* Where the next byte to be read stands in the input. */
uint64_t blocks_offset(const struct blocks *b);

/* Passes over everything up to the next restart block. */
void blocks_skip(struct blocks *b);

/* Closes the descriptor and gives back what is not on the arena. */
void blocks_close(struct blocks *b);

/* Whether the input begins as a stream does; *e says what it is else. */
bool blocks_probe(struct blocks *b, struct err *e);

#endif
