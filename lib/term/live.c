/* SPDX-License-Identifier: MIT */
#include "term/live.h"

#include <math.h>

static void
add(struct live_weight *to, double weight)
{
	to->recent += weight;
	to->all += (uint64_t)weight;
}

static uint64_t
hash_of(const void *run, uint64_t row)
{
	return hash_number((uint64_t)(uintptr_t)run ^ hash_number(row));
}

static struct live_person
meet_person(struct tree_run *run, uint32_t thread)
{
	const struct stream_thread *h = &run->threads.at[thread];
	struct live_person p = { .run = run,
		                 .thread = thread,
		                 .process = h->process,
		                 .interpreter = h->interpreter };

	while (p.process_row < run->processes.n &&
	       run->processes.at[p.process_row].id != p.process)
		p.process_row++;
	p.tells_wants = p.process_row == run->processes.n ||
	                states_tells_wants(run->processes.at[p.process_row].python);
	return p;
}

static uint32_t
find_person(struct live *l, struct tree_run *run, uint32_t thread)
{
	uint64_t hash = hash_of(run, thread);
	struct index_probe probe = index_probe(&l->person_index, hash);

	while (index_next(&l->person_index, &probe))
		if (l->people.at[probe.row].run == run &&
		    l->people.at[probe.row].thread == thread)
			return probe.row;
	index_add(l->a, &l->person_index, hash, (uint32_t)l->people.n);
	*vec_push(l->a, &l->people) = meet_person(run, thread);
	return (uint32_t)l->people.n - 1;
}

static uint32_t
find_slot(struct live *l, uint32_t person, uint32_t node)
{
	uint64_t hash = hash_number((uint64_t)person << 32 | node);
	struct index_probe probe = index_probe(&l->slot_index, hash);

	while (index_next(&l->slot_index, &probe))
		if (l->slots.at[probe.row].person == person &&
		    l->slots.at[probe.row].node == node)
			return probe.row;
	index_add(l->a, &l->slot_index, hash, (uint32_t)l->slots.n);
	*vec_push(l->a, &l->slots) = (struct live_slot){ .person = person, .node = node };
	return (uint32_t)l->slots.n - 1;
}

/* Nanoseconds of a run's units; of a run without time each is one. */
static double
ns_of(const struct tree_run *run, uint64_t units)
{
	return (double)units * (double)(run->about.unit_ns ? run->about.unit_ns : 1);
}

/* The first sample of a tick, or of the time behind it that no tick covers. */
static void
take_tick(struct live *l, struct tree_run *run, const struct stream_sample *s)
{
	double time = ns_of(run, s->time);

	if (l->begun && l->run == run && l->at == s->at)
		return;
	if (l->run != run)
		l->epoch_from = l->epoch_to = 0;
	l->begun = true;
	l->run = run;
	l->at = s->at;
	l->clock_ns += (uint64_t)time;
	add(s->missed ? &l->missed : &l->wall, time);
	add(&l->ticks, s->missed ? 0 : 1);
}

static void
take_states(struct live_person *p, const struct stream_sample *s, double weight)
{
	for (enum states i = 0; i < STATES_END; i++) {
		enum states_is is = states_is(s->state, i);

		if (is != STATES_UNKNOWN)
			add(&p->states[i].known, weight);
		if (is == STATES_YES)
			add(&p->states[i].is, weight);
	}
}

/* So that what was seen can be written as a folded stream. */
static void
count_cell(struct live *l, struct tree_run *run, uint32_t thread, uint32_t node,
           const struct stream_sample *s)
{
	struct tree_cell cell = { .series = tree_add_series(l->tree, run, thread, s->state),
		                  .node = node,
		                  .weight = run->about.unit_ns ? s->weight : s->samples,
		                  .samples = s->samples };

	if (s->at < l->epoch_from || s->at >= l->epoch_to) {
		l->epoch = tree_epoch(l->tree, run, s->at);
		l->epoch_from = tree_epoch_start(run, l->epoch);
		l->epoch_to = tree_epoch_start(run, (uint64_t)l->epoch + 1);
	}
	cell.epoch = l->epoch & (TREE_EPOCHS - 1);
	tree_add_cell(l->tree, run, cell);
}

static void
take_sample(void *context, struct tree_run *run, uint32_t thread, uint32_t node,
            const struct stream_sample *s)
{
	struct live *l = context;
	double weight = run->about.unit_ns ? ns_of(run, s->weight) : s->samples;
	uint32_t person = find_person(l, run, thread), slot;
	struct live_person *p = &l->people.at[person];

	take_tick(l, run, s);
	slot = p->last ? p->last - 1 : 0;
	if (p->last == 0 || l->slots.at[slot].node != node)
		slot = find_slot(l, person, node);
	p->last = slot + 1;
	p->samples += s->samples;
	add(&p->weight, weight);
	add(&l->slots.at[slot].weight, weight);
	if (!s->missed)
		take_states(p, s, weight);
	count_cell(l, run, thread, node, s);
}

struct live *
live_new(struct arena *a, struct tree *t)
{
	struct live *l = arena_new(a, struct live);

	*l = (struct live){ .a = a, .tree = t };
	l->watcher = (struct tree_watcher){ .context = l, .sample = take_sample };
	return l;
}

struct tree_choice
live_choice(struct live *l)
{
	return (struct tree_choice){ .grain = TREE_OPCODE, .watcher = &l->watcher };
}

void
live_reset(struct live *l)
{
	l->people.n = l->slots.n = 0;
	index_clear(&l->person_index);
	index_clear(&l->slot_index);
	l->wall = l->missed = l->ticks = (struct live_weight){ 0 };
}

static void
decay(struct live_weight *weight, double factor)
{
	weight->recent *= factor;
}

/* What was recent at the last look is less so now. */
static void
age(struct live *l)
{
	double factor = exp2(-(double)(l->clock_ns - l->decayed_ns) / LIVE_HALF_NS);

	if (l->clock_ns == l->decayed_ns)
		return;
	l->decayed_ns = l->clock_ns;
	decay(&l->wall, factor);
	decay(&l->missed, factor);
	decay(&l->ticks, factor);
	for (size_t i = 0; i < l->slots.n; i++)
		decay(&l->slots.at[i].weight, factor);
	for (size_t i = 0; i < l->people.n; i++) {
		struct live_person *p = &l->people.at[i];

		decay(&p->weight, factor);
		for (size_t k = 0; k < STATES_END; k++) {
			decay(&p->states[k].known, factor);
			decay(&p->states[k].is, factor);
		}
	}
}

/* Nodes that came since the last look. */
static void
learn_nodes(struct live *l)
{
	const struct tree *t = l->tree;

	while (l->nodes.n < tree_node_count(t)) {
		struct tree_node n = *tree_node(t, (uint32_t)l->nodes.n);
		struct live_node node = { tree_frame(t, n.frame)->function, true };

		for (uint32_t above = n.parent; above && node.topmost;
		     above = tree_node(t, above)->parent)
			node.topmost = l->nodes.at[above].function != node.function;
		*vec_push(l->a, &l->nodes) = node;
	}
}

bool
live_is_in(const struct live_scope *scope, const struct live_person *p)
{
	switch (scope->of) {
	case LIVE_THREAD:
		return p->run == scope->run && p->thread == scope->id;
	case LIVE_PROCESS:
		return p->run == scope->run && p->process == scope->id;
	default:
		return true;
	}
}

static void
sum(struct live_weight *to, const struct live_weight *weight)
{
	to->recent += weight->recent;
	to->all += weight->all;
}

struct live_look
live_look(struct arena *a, struct live *l, const struct live_scope *scope)
{
	struct live_look look = { .node_count = tree_node_count(l->tree),
		                  .function_count = tree_function_count(l->tree) };

	age(l);
	learn_nodes(l);
	look.nodes = arena_array(a, struct live_sum, look.node_count);
	look.functions = arena_array(a, struct live_sum, look.function_count);
	for (size_t i = 0; i < l->slots.n; i++) {
		const struct live_slot *slot = &l->slots.at[i];

		if (!live_is_in(scope, &l->people.at[slot->person]))
			continue;
		sum(&look.nodes[slot->node].self, &slot->weight);
		sum(&look.whole, &slot->weight);
	}
	/* A node's number is larger than its parent's. */
	for (uint32_t i = look.node_count - 1; i > 0; i--) {
		struct live_sum *n = &look.nodes[i],
				*f = &look.functions[l->nodes.at[i].function];

		sum(&n->total, &n->self);
		sum(&look.nodes[tree_node(l->tree, i)->parent].total, &n->total);
		sum(&f->self, &n->self);
		if (l->nodes.at[i].topmost)
			sum(&f->total, &n->total);
	}
	return look;
}
