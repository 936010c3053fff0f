/* SPDX-License-Identifier: MIT */
#include "capture/texts.h"

#include "base/index.h"
#include "base/library.h"
#include "base/vec.h"

#include <sha256.h>

enum { PIECE = 1 << 15 }; /* bytes of a record: a block holds many */

struct texts {
	struct arena arena; /* of the part */
	struct sources *sources;
	VEC(struct text) files;
	struct index index;
};

struct texts *
texts_new(struct arena *a, struct sources *sources)
{
	struct texts *t = arena_new(a, struct texts);

	t->sources = sources;
	return t;
}

void
texts_note(struct texts *t, struct text file)
{
	uint64_t hash = file.n ? hash_bytes(file.at, file.n) : 0;
	struct index_probe probe = index_probe(&t->index, hash);

	while (index_next(&t->index, &probe))
		if (text_equal(t->files.at[probe.row], file))
			return;
	index_add(&t->arena, &t->index, hash, (uint32_t)t->files.n);
	*vec_push(&t->arena, &t->files) = text_copy(&t->arena, file);
}

static void
write_text(struct writer *w, struct text file, struct text text)
{
	struct stream_source s = { .file = file, .total = text.n };
	SHA256_CTX sum;

	SHA256Init(&sum);
	SHA256Update(&sum, (const uint8_t *)text.at, text.n);
	SHA256Final(s.hash, &sum);
	do {
		size_t left = text.n - s.offset;

		s.piece = (struct text){ text.at + s.offset, left < PIECE ? left : PIECE };
		writer_source(w, &s);
		s.offset += s.piece.n;
	} while (s.offset < text.n);
}

/* The text of a noted file; of a frozen module that of its file in the library. */
static bool
read_text(struct texts *t, struct arena *a, struct text file, struct text *text, bool *newer)
{
	struct text folder = { "", 0 };

	if (!library_is_frozen(file))
		return sources_read(t->sources, a, file, text, newer);
	for (size_t i = 0; i < t->files.n && folder.n == 0; i++)
		folder = library_of(t->files.at[i]);
	for (size_t i = 0; folder.n && i < LIBRARY_FILES; i++)
		if (sources_read(t->sources, a, library_file(a, folder, file, i), text, newer))
			return true;
	return false;
}

void
texts_write(struct texts *t, struct writer *w, uint64_t *read, uint64_t *changed)
{
	for (size_t i = 0; i < t->files.n; i++) {
		struct arena scratch = { 0 };
		struct text text;
		bool newer;

		if (read_text(t, &scratch, t->files.at[i], &text, &newer)) {
			*read += !newer;
			*changed += newer;
			if (!newer)
				write_text(w, t->files.at[i], text);
		}
		arena_empty(&scratch);
	}
	arena_empty(&t->arena);
	memset(&t->files, 0, sizeof t->files);
	memset(&t->index, 0, sizeof t->index);
}
