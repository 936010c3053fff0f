/* SPDX-License-Identifier: MIT */
#include "capture/kin.h"

enum {
	KIN_MAX = 1 << 14,
	PROGRAMS_MAX = 1 << 12,
};

static bool
image_equal(const uint64_t *a, const uint64_t *b)
{
	return a[0] && memcmp(a, b, sizeof(uint64_t[3])) == 0;
}

struct kin *
kin_find(const struct kinship *k, pid_t pid)
{
	struct index_probe probe = index_probe(&k->by_pid, hash_number((uint64_t)pid));

	while (index_next(&k->by_pid, &probe))
		if (k->kin.at[probe.row].pid == pid)
			return &k->kin.at[probe.row];
	return NULL;
}

struct kin *
kin_of_image(const struct kinship *k, const uint64_t *image)
{
	for (size_t i = 0; i < k->kin.n; i++)
		if (k->kin.at[i].pid && image_equal(k->kin.at[i].image, image))
			return &k->kin.at[i];
	return NULL;
}

const struct kin *
kin_forked_from(const struct kinship *k, const struct kin *child)
{
	for (size_t i = 0; i < k->kin.n; i++) {
		const struct kin *x = &k->kin.at[i];

		if (x->pid && x->target && x != child && image_equal(x->image, child->image))
			return x;
	}
	return NULL;
}

/* Drops the free rows, so that neither they nor the index grow with those that are gone. */
static void
tidy(struct kinship *k)
{
	size_t kept = 0;

	index_clear(&k->by_pid);
	for (size_t i = 0; i < k->kin.n; i++)
		if (k->kin.at[i].pid) {
			index_add(k->arena, &k->by_pid, hash_number((uint64_t)k->kin.at[i].pid),
			          (uint32_t)kept);
			k->kin.at[kept++] = k->kin.at[i];
		}
	k->kin.n = kept;
	k->dead = 0;
}

bool
kin_add(struct kinship *k, pid_t pid, const struct proc_stat *s, uint64_t since)
{
	struct kin *x;

	if (k->dead > 64 && k->dead > k->kin.n / 2)
		tidy(k);
	if (k->kin.n - k->dead >= KIN_MAX)
		return false;
	index_add(k->arena, &k->by_pid, hash_number((uint64_t)pid), (uint32_t)k->kin.n);
	x = vec_push(k->arena, &k->kin);
	*x = (struct kin){
		.pid = pid, .start_ticks = s->start_ticks, .since_ns = since, .attach_ns = since
	};
	memcpy(x->image, s->image, sizeof x->image);
	return true;
}

void
kin_remove(struct kinship *k, struct kin *x)
{
	x->pid = 0;
	k->dead++;
}

/* 1 + the row; 0: there are too many. */
static uint32_t
program_row(struct kinship *k, dev_t device, ino_t inode)
{
	for (size_t i = 0; i < k->programs.n; i++)
		if (k->programs.at[i].inode == inode && k->programs.at[i].device == device)
			return (uint32_t)i + 1;
	if (k->programs.n == PROGRAMS_MAX)
		return 0;
	*vec_push(k->arena, &k->programs) =
		(struct program){ .device = device, .inode = inode };
	return (uint32_t)k->programs.n;
}

struct program *
kin_program(struct kinship *k, struct kin *x)
{
	dev_t device;
	ino_t inode;

	if (!x->program && proc_executable(x->pid, &device, &inode))
		x->program = program_row(k, device, inode);
	return x->program ? &k->programs.at[x->program - 1] : NULL;
}
