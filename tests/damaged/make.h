/* SPDX-License-Identifier: MIT */
/*
 * damaged/make.h: the parts that damaged streams are put together from.
 */
#ifndef DAMAGED_MAKE_H
#define DAMAGED_MAKE_H

#include "stream/block.h"

#include <zstd.h>

extern struct arena arena;
extern struct bytes out, raw; /* the stream so far; the records of the block to come */
extern size_t second;         /* where the newest block begins */
extern ZSTD_CCtx *compressor;

void put(const void *bytes, size_t n);
void put_record(uint8_t type, const void *body, size_t n);
void put_begin(enum stream_content content, uint8_t number, uint8_t at);
void put_run(enum stream_content content);
void put_end(void);

#define RECORD(type, body) put_record((type), (body), sizeof(body) - 1)

/* Ends the block. */
void put_block(unsigned flags, unsigned number);

/* What is kept whatever comes behind it: two ticks, at 16 and 32, or two cells. */
void put_first(enum stream_content content, unsigned flags);

/* The same of another segment, which is well, and ends its stream; the one before had some blocks. */
void put_good(uint8_t number, unsigned blocks);

/* Those that are not a row of headers.def or records.def. */
extern const struct damaged {
	const char *name;
	void (*write)(void);
} streams[];
extern const size_t streams_count;

#endif
