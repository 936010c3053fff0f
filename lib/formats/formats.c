/* SPDX-License-Identifier: MIT */
#include "formats/formats.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

const struct format formats[] = {
#define FORMAT(name, compares, sentence)                                                       \
	{ #name, sentence, compares, name##_recognizes, name##_read },
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
	if (text_starts(*bytes, TEXT("\xef\xbb\xbf"))) { /* as editors of Windows begin text */
		bytes->at += 3;
		bytes->n -= 3;
	}
	return n == 0;
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
		err_set(e, "%s: %s", import_name(path), strerror(errno));
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
