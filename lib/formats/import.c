/* SPDX-License-Identifier: MIT */
#include "formats/import.h"

#include "base/version.h"
#include "tree/name.h"

enum { SAID = 10 }; /* bad lines that are told one by one */

static uint64_t
mix_bytes(const char *p, size_t n)
{
	uint64_t hash = n * 0x9e3779b97f4a7c15u, word;

	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = (hash ^ word) * 0x9fb21c651e98df25u;
		hash ^= hash >> 32;
	}
	word = 0;
	if (n)
		memcpy(&word, p, n);
	return mix_number(hash ^ word);
}

/* The two halves of the bytes, and the name, make an id that is the same everywhere. */
static void
make_id(uint8_t id[STREAM_RUN_ID_BYTES], struct text bytes, struct text name)
{
	size_t half = bytes.n / 2;
	uint64_t names = mix_bytes(name.at, name.n);
	uint64_t words[2] = {
		mix_number(mix_bytes(bytes.at, half) ^ names),
		mix_number(mix_bytes(bytes.n ? bytes.at + half : bytes.at, bytes.n - half) +
		           names),
	};

	for (size_t i = 0; i < STREAM_RUN_ID_BYTES; i++)
		id[i] = (uint8_t)(words[i / 8] >> i % 8 * 8);
}

const char *
import_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

struct import
import_begin(struct tree *t, struct text bytes, const char *path, uint64_t unit_ns)
{
	struct import in = { .tree = t,
		             .name = path,
		             .rest = bytes,
		             .unit_ns = unit_ns,
		             .fraction = 500000000,
		             .outcome = { .reason = STREAM_REACHED } };

	in.about = (struct stream_run){ .tool = TEXT("timport"),
		                        .version = TEXT(TACHYTOOLS_VERSION) };
	if (strcmp(path, import_name("-")) != 0)
		in.about.options = text_basename(text_of(path));
	make_id(in.about.id, bytes, text_basename(text_of(path)));
	return in;
}

void
import_end(struct import *in)
{
	arena_empty(&in->arena);
}

/* The id of a process; STREAM_ID_MAX: there are too many. */
static uint64_t
process_id(struct import *in, struct stream_process p)
{
	uint64_t hash = hash_number(p.pid ^ hash_number(p.parent));
	struct index_probe probe = index_probe(&in->process_index, hash);

	while (index_next(&in->process_index, &probe))
		if (in->processes.at[probe.row].pid == p.pid &&
		    in->processes.at[probe.row].parent == p.parent)
			return probe.row;
	if (in->processes.n >= STREAM_ID_MAX)
		return STREAM_ID_MAX;
	p.id = in->processes.n;
	p.executable = text_copy(&in->arena, p.executable);
	index_add(&in->arena, &in->process_index, hash, (uint32_t)p.id);
	*vec_push(&in->arena, &in->processes) = p;
	return p.id;
}

static bool
is_thread(const struct stream_thread *a, const struct stream_thread *b)
{
	return a->process == b->process && a->native_id == b->native_id &&
	       a->python_id == b->python_id && a->interpreter == b->interpreter &&
	       text_equal(a->name, b->name);
}

static uint64_t
hash_thread(const struct stream_thread *h)
{
	uint64_t ids = hash_number(h->native_id ^ hash_number(h->python_id));

	return hash_number(ids ^ hash_number(h->process ^ hash_number(h->interpreter)) ^
	                   hash_bytes(h->name.at, h->name.n));
}

uint32_t
import_thread(struct import *in, struct stream_process p, struct stream_thread h)
{
	struct index_probe probe;
	uint64_t hash;

	h.process = process_id(in, p);
	hash = hash_thread(&h);
	probe = index_probe(&in->thread_index, hash);
	while (index_next(&in->thread_index, &probe))
		if (is_thread(&in->threads.at[probe.row], &h))
			return probe.row;
	if (h.process >= STREAM_ID_MAX || in->threads.n >= STREAM_ID_MAX)
		return IMPORT_NO_ROW;
	h.id = in->threads.n;
	h.name = text_copy(&in->arena, h.name);
	index_add(&in->arena, &in->thread_index, hash, (uint32_t)h.id);
	*vec_push(&in->arena, &in->threads) = h;
	return (uint32_t)h.id;
}

void
import_sample(struct import *in, struct import_sample s)
{
	*vec_push(&in->arena, &in->samples) = s;
}

static enum stream_kind
marker_kind(struct text name)
{
	for (int kind = 1; kind < STREAM_KIND_END; kind++)
		if (text_equal(name, text_of(stream_kind_name((enum stream_kind)kind))))
			return (enum stream_kind)kind;
	return STREAM_KIND_PYTHON;
}

static uint32_t
small(uint64_t line)
{
	return line <= INT32_MAX ? (uint32_t)line : 0;
}

uint32_t
import_frame(struct tree *t, struct import_place place)
{
	struct stream_function function = { 0 };
	struct stream_frame frame = { 0 };
	enum stream_kind marker = place.file.n ? STREAM_KIND_PYTHON : marker_kind(place.name);

	if (marker != STREAM_KIND_PYTHON)
		return tree_intern_marker(t, marker);
	function.name = tree_intern_string(t, place.name);
	if (text_equal(place.file, TEXT(TREE_TASK_FILE))) {
		function.kind = STREAM_KIND_TASK;
	} else {
		function.file = tree_intern_string(t, place.file);
		function.line = small(place.first_line);
		frame.line = small(place.line);
		frame.column1 = small(place.column);
	}
	frame.function = tree_intern_function(t, &function);
	return tree_intern_frame(t, &frame);
}

uint32_t
import_native_frame(struct tree *t, struct text name, struct text file)
{
	struct stream_function function = { .kind = STREAM_KIND_NATIVE,
		                            .name = tree_intern_string(t, name),
		                            .file = tree_intern_string(t, file) };
	struct stream_frame frame = { .function = tree_intern_function(t, &function) };

	return tree_intern_frame(t, &frame);
}

uint32_t
import_stack(struct tree *t, uint32_t node)
{
	if (node)
		return node;
	return tree_intern_node(t, 0, tree_intern_marker(t, STREAM_KIND_NO_PYTHON));
}

struct tree_run *
import_run(struct import *in)
{
	if (in->run)
		return in->run;
	in->run = tree_add_run(in->tree, &in->about);
	for (size_t i = 0; i < in->run->cells.n; i++)
		in->given += in->run->cells.at[i].weight;
	return in->run;
}

/* The row of a thread in the run. */
static uint32_t
row_of(struct import *in, uint32_t thread)
{
	while (in->rows.n <= thread) {
		struct stream_thread h = in->threads.at[in->rows.n];

		h.process = tree_add_process(in->tree, in->run, &in->processes.at[h.process]);
		*vec_push(&in->arena, &in->rows) = tree_add_thread(in->tree, in->run, &h);
	}
	return in->rows.at[thread];
}

bool
import_cell(struct import *in, struct import_cell c)
{
	struct tree_run *run = import_run(in);
	uint64_t most = run->about.unit_ns ? IMPORT_WEIGHT_MAX : IMPORT_SAMPLES_MAX;
	struct tree_cell cell = { .node = c.node };

	if (in->given > most || c.weight > most - in->given ||
	    c.samples > IMPORT_SAMPLES_MAX - in->outcome.samples)
		return false;
	in->given += c.weight;
	in->outcome.samples += c.samples;
	cell.weight = c.weight;
	cell.samples = c.samples & IMPORT_SAMPLES_MAX;
	cell.epoch = tree_epoch(in->tree, run, c.at) & (TREE_EPOCHS - 1);
	cell.series = tree_add_series(in->tree, run, row_of(in, c.thread), c.state);
	tree_add_cell(in->tree, run, cell);
	return true;
}

bool
import_bad_line(struct import *in, const char *fact, struct err *e)
{
	if (in->bad++ >= SAID)
		return false;
	err_set(e, "%s: line %llu: %s", in->name, (unsigned long long)in->line, fact);
	return true;
}

bool
import_last_line(struct import *in, struct err *e)
{
	uint64_t more = in->bad > SAID ? in->bad - SAID : 0;

	in->bad = 0;
	return more == 0 || err_set(e, "%s: %llu more bad line%s", in->name,
	                            (unsigned long long)more, more == 1 ? "" : "s");
}

struct text
import_line(struct import *in)
{
	struct text *rest = &in->rest;
	const char *end = memchr(rest->at, '\n', rest->n);
	struct text line = { rest->at, end ? (size_t)(end - rest->at) : rest->n };
	size_t taken = line.n + (end != NULL);

	rest->at += taken;
	rest->n -= taken;
	in->line++;
	if (line.n && line.at[line.n - 1] == '\r')
		line.n--;
	while (line.n && (line.at[line.n - 1] == ' ' || line.at[line.n - 1] == '\t'))
		line.n--;
	return line;
}
