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

void
heat_narrow(struct text *common, const struct text *paths, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct text path = paths[i];
		size_t same = 0, end = 0;

		if (heat_place_of(path).group != HEAT_PROJECT || path.n == 0 ||
		    path.at[0] != '/')
			continue;
		if (!common->at)
			*common = path;
		for (; same < common->n && same < path.n && common->at[same] == path.at[same];
		     same++)
			if (path.at[same] == '/')
				end = same + 1;
		common->n = end;
	}
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
heat_place(struct heating *h, const struct text *paths, struct text common)
{
	struct heat *heat = h->heat;
	struct folders f = { .h = h };

	for (uint32_t group = 0; group < HEAT_GROUPS; group++)
		*vec_push(h->a, &heat->folders) = (struct heat_folder){ .parent = group };
	for (size_t i = 0; i < heat->files.n; i++) {
		struct heat_place place = heat_place_of(paths[i]);

		if (place.group == HEAT_PROJECT && common.n && text_starts(paths[i], common))
			place.below =
				(struct text){ paths[i].at + common.n, paths[i].n - common.n };
		heat->files.at[i].folder =
			place.group == HEAT_OTHER ? HEAT_OTHER : folder_at(&f, place);
	}
}
