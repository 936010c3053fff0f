/* SPDX-License-Identifier: MIT */
/*
 * formats/pprof_read.h: a profile of pprof, a message of protocol buffers.
 *
 * What samples refer to comes behind them, so a profile is gone through twice:
 * for its tables, and for its samples. Ids are the writer's, strings are
 * numbered from 0 as they come; string 0 is empty.
 */
#ifndef FORMATS_PPROF_READ_H
#define FORMATS_PPROF_READ_H

#include "formats/import.h"
#include "formats/protobuf.h"

/* Numbers of fields. */
enum {
	PPROF_SAMPLE_TYPE = 1,
	PPROF_SAMPLE,
	PPROF_MAPPING,
	PPROF_LOCATION,
	PPROF_FUNCTION,
	PPROF_STRING,
	PPROF_TIME = 9,
	PPROF_DURATION,
	PPROF_PERIOD_TYPE,
	PPROF_PERIOD,
	PPROF_DEFAULT_TYPE = 14,
	PPROF_FIELDS,
};

/* A kind of value, by the numbers of its strings. */
struct pprof_type {
	uint64_t type, unit;
};

struct pprof_function {
	uint64_t id, name, file, line;
};

/* An object file. */
struct pprof_mapping {
	uint64_t id, file;
};

/* Its frames, innermost first, in frames; they are the tree's. */
struct pprof_location {
	uint64_t id;
	size_t first, end;
};

struct pprof {
	struct import *in;
	struct cursor profile; /* unpacked */
	VEC(struct text) strings;
	VEC(struct pprof_type) types;
	VEC(struct pprof_function) functions;
	VEC(struct pprof_mapping) mappings;
	VEC(struct pprof_location) locations;
	VEC(uint32_t) frames;
	struct index by_function, by_mapping, by_location; /* by id */
	uint64_t time_ns, duration_ns, period, default_type;
	struct pprof_type period_type;
};

/* All but the samples. NULL, or what is wrong with it. */
const char *pprof_read_tables(struct pprof *p);

/* A string; an empty one where there is none of that number. */
struct text pprof_string(const struct pprof *p, uint64_t string);

/* NULL: there is none of that id. */
const struct pprof_location *pprof_location(const struct pprof *p, uint64_t id);

/* Nanoseconds in a unit, or 0 for one that is not of time. */
uint64_t pprof_unit_ns(struct text unit);

#endif
