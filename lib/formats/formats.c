/* SPDX-License-Identifier: MIT */
#include "formats/formats.h"

#include "base/index.h"
#include "base/version.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const struct format formats[] = {
#define FORMAT(name, sentence) { #name, sentence, name##_recognizes, name##_read },
#include "formats/formats.def"
#undef FORMAT
	{ 0 },
};

static bool
read_all(struct arena *a, int fd, struct text *bytes)
{
	VEC(char) all = { 0 };
	ssize_t n;

	do {
		vec_reserve(a, &all, all.n + (64 << 10));
		n = read(fd, all.at + all.n, all.room - all.n);
		all.n += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	*bytes = (struct text){ all.at, all.n };
	return n == 0;
}

const char *
formats_input_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "stdin" : path;
}

bool
formats_load(struct arena *a, const char *path, struct text *bytes, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0, read;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	read = read_all(a, fd, bytes);
	if (!read)
		err_set(e, "%s: %s", formats_input_name(path), strerror(errno));
	if (!is_stdin)
		close(fd);
	return read;
}

const struct format *
formats_recognize(struct text bytes, const char *name, struct err *e)
{
	if (text_starts(bytes, TEXT("\x93tst"))) {
		err_set(e, "%s: a stream of tachytools already", name);
		err_hint(e, "the other tools read it as it is");
		return NULL;
	}
	err_set(e, "%s: no profile of a known format", name);
	for (const struct format *f = formats; f->name; f++) {
		if (!f->recognizes(bytes, e))
			continue;
		*e = (struct err){ 0 };
		return f;
	}
	return NULL;
}

/* The two halves of the bytes, and the name, make an id that is the same everywhere. */
static void
make_id(uint8_t id[STREAM_RUN_ID_BYTES], struct text bytes, struct text name)
{
	size_t half = bytes.n / 2;
	uint64_t names = hash_bytes(name.at, name.n);
	uint64_t words[2] = {
		hash_number(hash_bytes(bytes.at, half) ^ names),
		hash_number(hash_bytes(bytes.n ? bytes.at + half : bytes.at, bytes.n - half) +
		            names),
	};

	for (size_t i = 0; i < STREAM_RUN_ID_BYTES; i++)
		id[i] = (uint8_t)(words[i / 8] >> i % 8 * 8);
}

struct import
import_begin(struct tree *t, struct text bytes, const char *path, uint64_t unit_ns)
{
	struct import in = { .tree = t,
		             .name = path,
		             .rest = bytes,
		             .unit_ns = unit_ns,
		             .fraction = 500000000 };
	struct stream_run about = { .unit_ns = unit_ns ? 1 : 0,
		                    .tool = TEXT("timport"),
		                    .version = TEXT(TACHYTOOLS_VERSION) };
	struct stream_process process = { 0 };
	struct stream_thread thread = { 0 };

	if (strcmp(path, formats_input_name("-")) != 0)
		about.options = text_basename(text_of(path));
	make_id(about.id, bytes, text_basename(text_of(path)));
	in.run = tree_add_run(t, &about);
	for (size_t i = 0; i < in.run->cells.n; i++)
		in.given += in.run->cells.at[i].weight;
	thread.process = tree_add_process(t, in.run, &process);
	in.thread = tree_add_thread(t, in.run, &thread);
	return in;
}
