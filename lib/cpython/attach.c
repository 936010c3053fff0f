/* SPDX-License-Identifier: MIT */
#include "cpython/python.h"
#include "remote/proc.h"

static bool
refuse_version(struct python *p, struct err *e)
{
	err_set(e,
	        "process %d: it is CPython 3.%u%s, which has no table of offsets; known are %s",
	        (int)remote_pid(p->remote), p->runtime.minor,
	        p->runtime.free_threaded ? "t" : "", layout_versions());
	return err_hint(e, "python3 --version tells yours; a newer tachytools may know it");
}

/* The table of its version, and over it what the target tells itself. */
static bool
choose_layout(struct python *p, const char *offsets, struct err *e)
{
	unsigned char bytes[DEBUG_BYTES];

	if (offsets)
		return layout_load(&p->layout, offsets, e);
	if (!layout_of(p->runtime.minor, p->runtime.free_threaded, &p->layout))
		return refuse_version(p, e);
	if (!p->runtime.has_debug)
		return true;
	if (!remote_read(p->remote, p->runtime.address, bytes, sizeof bytes))
		return err_set(e, "process %d: its memory cannot be read at %#llx",
		               (int)remote_pid(p->remote),
		               (unsigned long long)p->runtime.address);
	return layout_debug(&p->layout, bytes, e);
}

static uint32_t
higher(uint32_t a, uint32_t field, uint32_t bytes)
{
	return field != NONE && field + bytes > a ? field + bytes : a;
}

/* What follows from the layout; false: it is more than our buffers hold. */
static bool
derive(struct python *p)
{
	const struct layout *l = &p->layout;
	uint32_t n = 0;

	n = higher(n, l->thread_next, 8);
	n = higher(n, l->thread_interpreter, 8);
	n = higher(n, l->thread_cframe, 8);
	n = higher(n, l->thread_frame, 8);
	n = higher(n, l->thread_base, 8);
	n = higher(n, l->thread_python_id, 8);
	n = higher(n, l->thread_native_id, 8);
	n = higher(n, l->thread_serial, 8);
	n = higher(n, l->thread_chunk, 8);
	p->thread_bytes = higher(n, l->thread_chunk_top, 8);
	p->slot = (l->frame_size + 15) / 16 * 16;
	p->identity_at = l->code_line;
	p->identity_bytes = l->code_lines + 8 - l->code_line;
	p->epoch_field = NONE;
	if (l->interpreter_generation != NONE) {
		p->epoch_field = l->interpreter_generation;
		p->epoch_bytes = 8;
	} else if (l->interpreter_version != NONE) {
		p->epoch_field = l->interpreter_version;
		p->epoch_bytes = 4;
	}
	return p->thread_bytes <= THREAD_BYTES && l->frame_size >= 64 &&
	       l->frame_size <= FRAME_BYTES && l->frame_owner < l->frame_size &&
	       l->frame_previous + 8 <= l->frame_size && l->frame_code + 8 <= l->frame_size &&
	       l->frame_instruction + 8 <= l->frame_size &&
	       l->frame_stack + 8 <= l->frame_size && l->code_line < l->code_lines &&
	       p->identity_bytes <= IDENTITY_BYTES && l->code_lines + 8 <= l->code_bytes &&
	       l->code_begun + 4 <= l->code_bytes && l->chunk_data <= 64;
}

struct python *
python_attach(struct arena *a, struct remote *r, const char *offsets, struct err *e)
{
	struct python *p = arena_new(a, struct python);
	struct arena scratch = { 0 };
	bool found = find_runtime(&scratch, r, &p->runtime);

	arena_empty(&scratch);
	if (!found) {
		find_explain(r, e);
		return NULL;
	}
	p->arena = a;
	p->remote = r;
	p->inner_pid = proc_inner_pid(remote_pid(r));
	if (!choose_layout(p, offsets, e))
		return NULL;
	if (!derive(p)) {
		err_set(e, "process %d: its offsets contradict each other", (int)remote_pid(r));
		return NULL;
	}
	return p;
}

uint32_t
python_version(const struct python *p)
{
	return p->runtime.version;
}

unsigned
python_minor(const struct python *p)
{
	return p->layout.minor;
}

bool
python_free_threaded(const struct python *p)
{
	return p->layout.free_threaded;
}

bool
python_debug(const struct python *p)
{
	return p->runtime.debug;
}
