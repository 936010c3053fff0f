/* SPDX-License-Identifier: MIT */
#include "cpython/python.h"
#include "remote/proc.h"

struct python_offsets {
	const char *file;
	struct layout layout;
};

struct python_offsets *
python_offsets(struct arena *a, const char *file, struct err *e)
{
	struct python_offsets *o = arena_new(a, struct python_offsets);

	o->file = file;
	return layout_load(&o->layout, file, e) ? o : NULL;
}

static bool
refuse_version(struct python *p, struct err *e)
{
	err_set(e,
	        "process %d: it is CPython 3.%u%s, which has no table of offsets; known are %s",
	        (int)remote_pid(p->remote), p->runtime.minor,
	        p->runtime.free_threaded ? "t" : "", layout_versions());
	e->kind = PYTHON_UNKNOWN_VERSION;
	return err_hint(e, "a newer tachytools may know it; --offsets FILE supplies a table");
}

/* The table of its version, and over it what the target tells itself. */
static bool
choose_layout(struct python *p, const struct python_offsets *offsets, struct err *e)
{
	unsigned char bytes[DEBUG_BYTES];

	if (offsets) {
		p->layout = offsets->layout;
		return true;
	}
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

/* What is read of a frame lies in what is read of frames. */
static bool
frames_fit(const struct layout *l)
{
	uint32_t n = higher(0, l->frame_code, 8);

	n = higher(n, l->frame_previous, 8);
	n = higher(n, l->frame_instruction, l->frame_running != NONE ? 4 : 8);
	n = higher(n, l->frame_stack, 8);
	n = higher(n, l->frame_owner, 1);
	n = higher(n, l->frame_running, 1);
	n = higher(n, l->frame_copy, 4);
	n = higher(n, l->frame_entry, 1);
	n = higher(n, l->frame_function, 8);
	return l->frame_size >= 64 && l->frame_size <= FRAME_BYTES && n <= l->frame_size;
}

static bool
lies_in(uint32_t field, uint32_t bytes, uint32_t end)
{
	return (uint64_t)field + bytes <= end; /* NONE lies nowhere */
}

/* What is read of a code object lies before its code. */
static bool
codes_fit(const struct python *p)
{
	const struct layout *l = &p->layout;
	uint32_t end = p->codes.head_bytes,
		 name = l->code_qualname != NONE ? l->code_qualname : l->code_name;

	if (!lies_in(l->object_type, 8, end) || !lies_in(l->code_file, 8, end) ||
	    !lies_in(name, 8, end) || !lies_in(l->code_lines, 8, end) ||
	    !lies_in(l->code_line, 4, end) || l->code_line >= l->code_lines ||
	    p->codes.identity_bytes > IDENTITY_BYTES)
		return false;
	if (p->codes.epoch_field == l->interpreter_version && p->codes.epoch_field != NONE &&
	    !lies_in(l->code_version, 4, end))
		return false;
	if (!lies_in(l->code_name, 8, end) || !lies_in(l->code_names, 8, end) ||
	    !lies_in(l->code_stack, 4, end) || !lies_in(l->code_locals, 4, end) ||
	    (l->code_variables != NONE && !lies_in(l->code_variables, 8, end)) ||
	    (l->code_constants != NONE && !lies_in(l->code_constants, 8, end)))
		return false;
	if (p->heap.used)
		return lies_in(l->code_code, 8, end);
	return lies_in(l->code_units, 8, end) && lies_in(l->code_begun, 4, end) &&
	       (l->code_arguments == NONE || lies_in(l->code_arguments, 4, end));
}

/* What is read of a str lies in its head, which ends where an ASCII one's characters begin. */
static bool
objects_fit(const struct layout *l)
{
	return lies_in(l->unicode_length, 8, l->unicode_ascii) &&
	       lies_in(l->unicode_state, 4, l->unicode_ascii) && l->unicode_kind < 32 &&
	       l->unicode_ascii <= l->unicode_compact && l->unicode_data <= l->unicode_compact;
}

/* How a version tells the lines of its code, and what it marks frames with that run. */
static void
derive_by_version(struct python *p)
{
	p->heap.used = p->layout.frame_running != NONE;
	if (p->heap.used)
		p->heap.backs = arena_array(p->arena, struct back, BACKS);
	else
		p->lodgers = arena_array(p->arena, struct lodger, LODGERS);
	p->codes.lines = p->layout.minor < 10   ? LINES_STEPS
	                 : p->layout.minor < 11 ? LINES_RANGES
	                                        : LINES_PLACES;
	p->codes.unit_bytes = p->layout.minor < 10 ? 1 : 2;
	p->heap.live[0] = p->layout.minor < 10 ? 1 : 0; /* f_executing, or FRAME_EXECUTING */
	p->heap.live[1] = p->layout.minor < 10 ? 1 : 2; /* FRAME_UNWINDING */
}

/* What follows from the layout; false: it is more than our buffers hold. */
static bool
derive(struct python *p)
{
	const struct layout *l = &p->layout;
	uint32_t n = 0;

	derive_by_version(p);
	n = higher(n, l->thread_next, 8);
	n = higher(n, l->thread_interpreter, 8);
	n = higher(n, l->thread_cframe, 8);
	n = higher(n, l->thread_frame, 8);
	n = higher(n, l->thread_base, 8);
	n = higher(n, l->thread_python_id, 8);
	n = higher(n, l->thread_native_id, 8);
	n = higher(n, l->thread_serial, 8);
	n = higher(n, l->thread_chunk, 8);
	n = higher(n, l->thread_attached, 4);
	n = higher(n, l->thread_holds_gil, 4);
	n = higher(n, l->thread_wants_gil, 4);
	n = higher(n, l->thread_raised, 8);
	n = higher(n, l->thread_handled, 8);
	n = higher(n, l->thread_handled_root, l->handled_previous + 8);
	p->window.state_bytes = higher(n, l->thread_chunk_top, 8);
	p->lead = l->generator_frame - l->generator_handled;
	if (l->generator_frame == NONE || p->lead > LEAD_MAX)
		p->lead = 0;
	p->executing = l->minor >= 15 ? 4 : 0; /* FRAME_EXECUTING */
	p->codes.identity_at = l->code_line;
	p->codes.identity_bytes = l->code_lines + 8 - l->code_line;
	p->codes.head_bytes = l->code_bytes != NONE ? l->code_bytes : l->code_lines + 8;
	p->codes.epoch_field = NONE;
	if (l->interpreter_generation != NONE) {
		p->codes.epoch_field = l->interpreter_generation;
		p->codes.epoch_bytes = 8;
	} else if (l->interpreter_version != NONE) {
		p->codes.epoch_field = l->interpreter_version;
		p->codes.epoch_bytes = 4;
	}
	return p->window.state_bytes <= THREAD_BYTES - TASK_BYTES &&
	       l->handled_value <= l->handled_previous &&
	       l->handled_previous + 8 <= HANDLED_BYTES && frames_fit(l) && codes_fit(p) &&
	       objects_fit(l) && (p->heap.used || l->chunk_data <= 64);
}

/* Whether a table is for that version and build. */
static bool
is_for(const struct python_offsets *o, const struct runtime *r)
{
	return o && o->layout.minor == r->minor && o->layout.free_threaded == r->free_threaded;
}

static bool
refuse_layout(const struct python *p, const struct python_offsets *offsets, struct err *e)
{
	if (offsets)
		return err_set(e, "%s: these offsets contradict each other", offsets->file);
	return err_set(e, "process %d: its offsets contradict each other",
	               (int)remote_pid(p->remote));
}

/* What every python has, once its runtime is known. */
static void
begin(struct python *p, struct arena *a, struct remote *r)
{
	p->arena = a;
	p->remote = r;
	p->none = p->runtime.none;
	p->inner_pid = proc_inner_pid(remote_pid(r));
}

struct python *
python_attach(struct arena *a, struct remote *r, const struct python_offsets *offsets,
              struct err *e)
{
	struct python *p = arena_new(a, struct python);
	struct arena scratch = { 0 };
	bool found = find_runtime(&scratch, r, &p->runtime);

	arena_empty(&scratch);
	if (!found) {
		find_explain(r, e);
		return NULL;
	}
	begin(p, a, r);
	if (!is_for(offsets, &p->runtime))
		offsets = NULL;
	if (!choose_layout(p, offsets, e))
		return NULL;
	return derive(p) || refuse_layout(p, offsets, e) ? p : NULL;
}

struct python_program {
	struct runtime runtime;
	struct layout layout;
};

struct python_program *
python_program(struct arena *a, const struct python *p)
{
	struct python_program *program = arena_new(a, struct python_program);

	*program = (struct python_program){ p->runtime, p->layout };
	return program;
}

bool
python_program_is_whole(const struct python_program *program)
{
	return program->runtime.whole;
}

/* Whether what is there could be the program's runtime; before 3.13 nothing in it tells. */
static bool
is_runtime(struct remote *r, const struct runtime *runtime)
{
	unsigned char bytes[DEBUG_BYTES];
	uint32_t version = runtime->version;
	bool free_threaded = runtime->free_threaded;

	return remote_read(r, runtime->address, bytes, sizeof bytes) &&
	       layout_has_debug(bytes, &version, &free_threaded) == runtime->has_debug &&
	       version == runtime->version && free_threaded == runtime->free_threaded;
}

struct python *
python_attach_again(struct arena *a, struct remote *r, const struct python_program *program,
                    uint64_t bias)
{
	struct python *p = arena_new(a, struct python);

	p->runtime = program->runtime;
	p->layout = program->layout;
	p->runtime.address += bias;
	if (p->runtime.none)
		p->runtime.none += bias;
	begin(p, a, r);
	return is_runtime(r, &p->runtime) && derive(p) ? p : NULL;
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
