/* SPDX-License-Identifier: MIT */
#include "heat/place.h"

#include "base/index.h"
#include "base/library.h"
#include "heat/inside.h"

enum { FOLDERS_DEEP = 32 }; /* what is deeper is a part of the file's name */

struct heat_place
heat_place_of(struct text path)
{
	struct text below = text_behind(path, TEXT("/site-packages/"));

	if (below.n == 0)
		below = text_behind(path, TEXT("/dist-packages/"));
	if (below.n)
		return (struct heat_place){ HEAT_PACKAGES, below };
	below = library_below(path);
	if (below.n)
		return (struct heat_place){ HEAT_LIBRARY, below };
	if (library_is_frozen(path))
		return (struct heat_place){ HEAT_LIBRARY, path };
	if (path.n && path.at[0] == '<')
		return (struct heat_place){ HEAT_OTHER, path };
	return (struct heat_place){ HEAT_PROJECT, path };
}

/* The folder that all files of the project lie in, with its slash. */
static struct text
common_folder(const struct heat *heat)
{
	struct text folder = { NULL, 0 };

	for (size_t i = 0; i < heat->files.n; i++) {
		struct text path = tree_string(heat->tree, heat->files.at[i].path);
		size_t n = 0, end = 0;

		if (heat_place_of(path).group != HEAT_PROJECT || path.at[0] != '/')
			continue;
		if (!folder.at)
			folder = path;
		for (; n < folder.n && n < path.n && folder.at[n] == path.at[n]; n++)
			if (path.at[n] == '/')
				end = n + 1;
		folder.n = end;
	}
	return folder;
}

struct folders {
	struct heating *h;
	struct index index;
};

static uint32_t
folder_of(struct folders *f, uint32_t parent, struct text name)
{
	struct heat *heat = f->h->heat;
	uint64_t hash = hash_number(hash_bytes(name.at, name.n) + parent);
	struct index_probe probe = index_probe(&f->index, hash);

	while (index_next(&f->index, &probe)) {
		const struct heat_folder *known = &heat->folders.at[probe.row];

		if (known->parent == parent && text_equal(known->name, name))
			return probe.row;
	}
	index_add(&f->h->scratch, &f->index, hash, (uint32_t)heat->folders.n);
	*vec_push(f->h->a, &heat->folders) = (struct heat_folder){
		.parent = parent, .depth = heat->folders.at[parent].depth + 1, .name = name
	};
	return (uint32_t)heat->folders.n - 1;
}

/* The folder that the way to a file ends in. */
static uint32_t
folder_at(struct folders *f, struct heat_place place)
{
	uint32_t folder = (uint32_t)place.group;
	struct text rest = place.below;
	const char *slash;

	while (rest.n && (slash = memchr(rest.at, '/', rest.n)) &&
	       f->h->heat->folders.at[folder].depth < FOLDERS_DEEP) {
		struct text name = { rest.at, (size_t)(slash - rest.at) };

		if (name.n)
			folder = folder_of(f, folder, name);
		rest = (struct text){ slash + 1, rest.n - name.n - 1 };
	}
	return folder;
}

void
heat_place(struct heating *h)
{
	struct heat *heat = h->heat;
	struct folders f = { .h = h };
	struct text common = common_folder(heat);

	for (uint32_t group = 0; group < HEAT_GROUPS; group++)
		*vec_push(h->a, &heat->folders) = (struct heat_folder){ .parent = group };
	for (size_t i = 0; i < heat->files.n; i++) {
		struct text path = tree_string(heat->tree, heat->files.at[i].path);
		struct heat_place place = heat_place_of(path);

		if (place.group == HEAT_PROJECT && common.n && text_starts(path, common))
			place.below = (struct text){ path.at + common.n, path.n - common.n };
		heat->files.at[i].folder =
			place.group == HEAT_OTHER ? HEAT_OTHER : folder_at(&f, place);
	}
}
