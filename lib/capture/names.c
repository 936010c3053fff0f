/* SPDX-License-Identifier: MIT */
#include "capture/names.h"

#include "capture/clock.h"
#include "remote/proc.h"

enum {
	NAME_BYTES = 1024, /* of a name; what is longer is cut */
	YOUNG_NS = 100000000,
	SOON_NS = 20000000,
	OFTEN_NS = 1000000000,
};

void
name_begin(struct name *name, pid_t tid)
{
	name->tid = tid;
	name->text.n = 0;
	name->since_ns = name->due_ns = 0;
	name->by_python = false;
}

struct text
name_text(const struct name *name)
{
	return (struct text){ name->text.at, name->text.n };
}

/* The kernel's name of the thread, where it says more than the process's. */
static struct text
by_kernel(struct arena *scratch, pid_t pid, pid_t tid)
{
	struct text path = text_print(scratch, "task/%d/comm", (int)tid);
	struct text name = tid ? proc_text(scratch, pid, path.at, 64) : (struct text){ 0 };

	if (text_ends(name, TEXT("\n")))
		name.n--;
	return text_equal(name, proc_comm(scratch, pid)) ? (struct text){ 0 } : name;
}

static bool
keep(struct arena *a, struct name *name, struct text t)
{
	if (text_equal(name_text(name), t))
		return false;
	vec_reserve(a, &name->text, t.n);
	if (t.n)
		memcpy(name->text.at, t.at, t.n);
	name->text.n = t.n;
	return true;
}

/* A thread that Python has forgotten, because it ends, keeps its name. */
bool
name_read(struct arena *a, struct name *name, struct python *p, struct python_thread *t,
          pid_t pid)
{
	struct arena scratch = { 0 };
	struct text text;
	enum sight sight = python_thread_name(p, t, &scratch, &text);
	uint64_t now = clock_now();
	bool changed = false;

	if (name->since_ns == 0)
		name->since_ns = now;
	name->due_ns = now + (now - name->since_ns < YOUNG_NS ? SOON_NS : OFTEN_NS);
	if (sight == SEEN && now - name->since_ns < YOUNG_NS)
		name->due_ns = name->since_ns + YOUNG_NS;
	if (sight == TORN)
		name->due_ns = now + SOON_NS;
	if (sight == GONE && !name->by_python)
		text = by_kernel(&scratch, pid, name->tid);
	if (sight == SEEN || (sight == GONE && !name->by_python))
		changed = keep(a, name, text_cut(text, NAME_BYTES));
	name->by_python |= sight == SEEN;
	arena_empty(&scratch);
	return changed;
}
