/* SPDX-License-Identifier: MIT */
/* The document: what it is of, the threads, and the tables that they share. */
#include "formats/gecko_inside.h"

#include "base/index.h"
#include "tree/name.h"
#include "tree/process.h"

enum { MS_NS = 1000000 };

uint64_t
gecko_ns(const struct gecko_run *r, uint64_t units)
{
	uint64_t unit_ns = r->run->about.unit_ns, ns;

	return __builtin_mul_overflow(units, unit_ns ? unit_ns : MS_NS, &ns) ? UINT64_MAX / 2
	                                                                     : ns;
}

uint64_t
gecko_offset(const struct gecko *g, const struct gecko_run *r)
{
	return r->run->about.wall_ns ? r->run->about.wall_ns - g->first->about.wall_ns : 0;
}

/* A process id, and how many processes had it so far. */
struct met {
	uint64_t pid, times;
};

/* Processes of the runs, each with the name that it has in the document. */
struct people {
	struct arena a;
	struct index by_pid; /* to rows of met */
	VEC(struct met) met;
};

/* "4242", and of another process of that number, "4242.1". */
static struct text
pid_text(struct people *p, uint64_t pid)
{
	struct index_probe probe = index_probe(&p->by_pid, hash_number(pid));

	while (index_next(&p->by_pid, &probe))
		if (p->met.at[probe.row].pid == pid)
			return text_print(&p->a, "%llu.%llu", (unsigned long long)pid,
			                  (unsigned long long)p->met.at[probe.row].times++);
	index_add(&p->a, &p->by_pid, hash_number(pid), (uint32_t)p->met.n);
	*vec_push(&p->a, &p->met) = (struct met){ pid, 1 };
	return text_print(&p->a, "%llu", (unsigned long long)pid);
}

/* Of each process of a run, row by row. */
static struct text *
pid_texts(struct people *p, const struct tree_run *r)
{
	struct text *texts = arena_array(&p->a, struct text, r->processes.n);

	for (size_t i = 0; i < r->processes.n; i++)
		texts[i] = pid_text(p, r->processes.at[i].pid);
	return texts;
}

static void
write_time(struct json *j, const char *key, const struct gecko *g, const struct gecko_run *r,
           uint64_t units)
{
	json_decimal(j, key, gecko_offset(g, r) + gecko_ns(r, units), 6);
}

/* One without a name would be called Firefox's parent process. */
static struct text
process_text(struct arena *a, const struct tree_run *r, const struct stream_process *p)
{
	struct text name = tree_process_text(a, r, p);

	return name.n ? name : text_print(a, "process %llu", (unsigned long long)p->pid);
}

static void
write_process(struct json *j, const struct gecko *g, const struct gecko_run *r, size_t process)
{
	const struct stream_process *p = &r->run->processes.at[process];
	const struct stream_exit *exit = NULL;
	struct arena scratch = { 0 };

	for (size_t i = 0; i < r->run->exits.n; i++)
		if (r->run->exits.at[i].process == p->id)
			exit = &r->run->exits.at[i];
	json_text(j, "processType", TEXT("default"));
	json_text(j, "processName", process_text(&scratch, r->run, p));
	write_time(j, "processStartupTime", g, r, p->started);
	if (exit)
		write_time(j, "processShutdownTime", g, r, exit->at);
	else
		json_null(j, "processShutdownTime");
	arena_empty(&scratch);
}

static void
write_name(struct json *j, const struct stream_thread *h)
{
	struct arena scratch = { 0 };

	json_text(j, "name", tree_thread_text(&scratch, h));
	json_bool(j, "isMainThread", h->flags & STREAM_MAIN_THREAD);
	json_number(j, "tid", h->native_id ? h->native_id : h->id);
	arena_empty(&scratch);
}

static void
write_life(struct json *j, const struct gecko *g, const struct gecko_run *r,
           const struct gecko_thread *h)
{
	write_time(j, "registerTime", g, r, h->first);
	if (h->end < r->end)
		write_time(j, "unregisterTime", g, r, h->end);
	else
		json_null(j, "unregisterTime");
	json_open(j, "pausedRanges", '[');
	json_close(j, ']');
}

static void
write_threads_of(struct json *j, struct gecko *g, const struct gecko_run *r, struct people *p)
{
	struct text *pids = pid_texts(p, r->run);
	uint32_t *processes = tree_process_rows(&p->a, r->run);
	bool losses = true;

	for (size_t i = 0; i < r->threads.n; i++) {
		if (!r->threads.at[i].seen)
			continue;
		json_open(j, NULL, '{');
		write_name(j, &r->run->threads.at[i]);
		json_text(j, "pid", pids[processes[i]]);
		write_process(j, g, r, processes[i]);
		write_life(j, g, r, &r->threads.at[i]);
		gecko_write_samples(j, g, r, &r->threads.at[i]);
		gecko_write_markers(j, g, r, &r->threads.at[i], losses);
		json_close(j, '}');
		losses = false;
	}
}

/* What is open ends with the last sample. */
static void
end_markers(struct gecko *g)
{
	for (size_t i = 0; i < g->runs.n; i++) {
		struct gecko_run *r = &g->runs.at[i];

		for (size_t k = 0; k < r->threads.n; k++)
			gecko_mark_end(g, &r->threads.at[k], r->threads.at[k].end);
	}
}

void
gecko_write(struct gecko *g, struct out *o, const char *incomplete)
{
	struct people people = { 0 };
	struct json j = { .out = o };

	g->first = gecko_first_run(g);
	end_markers(g);
	json_open(&j, NULL, '{');
	gecko_write_meta(&j, g, incomplete);
	json_open(&j, "libs", '[');
	json_close(&j, ']');
	json_open(&j, "pages", '[');
	json_close(&j, ']');
	json_open(&j, "threads", '[');
	for (size_t i = 0; i < g->runs.n; i++)
		write_threads_of(&j, g, &g->runs.at[i], &people);
	json_close(&j, ']');
	gecko_write_tables(&j, g);
	json_close(&j, '}');
	out_byte(o, '\n');
	arena_empty(&people.a);
}
