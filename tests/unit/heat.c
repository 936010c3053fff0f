/* SPDX-License-Identifier: MIT */
/* Whose code a file is, by its path; and the texts of source files. */
#include "base/source.h"
#include "heat/place.h"

#include <stdio.h>

static struct arena arena;

static const struct {
	const char *path;
	enum heat_group group;
	const char *below;
} places[] = {
	{ "/srv/app/main.py", HEAT_PROJECT, "/srv/app/main.py" },
	{ "app.py", HEAT_PROJECT, "app.py" },
	{ "", HEAT_PROJECT, "" },
	{ "/usr/lib/python3.11/json/decoder.py", HEAT_LIBRARY, "json/decoder.py" },
	{ "/usr/lib64/python3.13t/os.py", HEAT_LIBRARY, "os.py" },
	{ "/usr/lib/python311.zip/os.py", HEAT_LIBRARY, "os.py" },
	{ "<frozen importlib._bootstrap>", HEAT_LIBRARY, "<frozen importlib._bootstrap>" },
	{ "/usr/lib/python3.15/site-packages/numpy/core.py", HEAT_PACKAGES, "numpy/core.py" },
	{ "/usr/lib/python3/dist-packages/apt/cache.py", HEAT_PACKAGES, "apt/cache.py" },
	{ "/v/site-packages/a/site-packages/b.py", HEAT_PACKAGES, "b.py" },
	{ "/v/lib/python3.12/site-packages/", HEAT_LIBRARY, "site-packages/" },
	{ "/srv/python3-tools/main.py", HEAT_PROJECT, "/srv/python3-tools/main.py" },
	{ "/srv/lib/python3.x/main.py", HEAT_PROJECT, "/srv/lib/python3.x/main.py" },
	{ "<string>", HEAT_OTHER, "<string>" },
};

static int
check_place(size_t row)
{
	struct heat_place place = heat_place_of(text_of(places[row].path));

	if (place.group == places[row].group &&
	    text_equal(place.below, text_of(places[row].below)))
		return 0;
	printf("place %s: group %d, \"%.*s\"\n", places[row].path, place.group,
	       TEXT_ARG(place.below));
	return 1;
}

static const struct {
	const char *bytes, *text, *odd;
} texts[] = {
	{ "", "", "" },
	{ "a\r\nb\rc\n\r", "a\nb\nc\n\n", "" },
	{ "\xef\xbb\xbfx", "x", "" },
	{ "\xef\xbb\xbf# coding: latin-1\n\xc3\xa9", "# coding: latin-1\n\xc3\x83\xc2\xa9",
	  "" },
	{ "# coding=latin_1\n\xe9", "# coding=latin_1\n\xc3\xa9", "" },
	{ "# coding: L1\n\xe9", "# coding: L1\n\xc3\xa9", "" },
	{ "\f # vim:fileencoding=cp1252\n\x80", "\f # vim:fileencoding=cp1252\n\xe2\x82\xac",
	  "" },
	{ "#!/x\n# coding: koi8-r\n\xc1", "#!/x\n# coding: koi8-r\n\xd0\xb0", "" },
	{ "x = 1\n# coding: koi8-r\n\xc3\xa9", "x = 1\n# coding: koi8-r\n\xc3\xa9", "" },
	{ "x = 'coding: koi8-r'\n\xc3\xa9", "x = 'coding: koi8-r'\n\xc3\xa9", "" },
	{ "\n\n# coding: koi8-r\n\xc3\xa9", "\n\n# coding: koi8-r\n\xc3\xa9", "" },
	{ "# codings: koi8-r\n", "# codings: koi8-r\n", "" },
	{ "# coding utf\xe9", "# coding utf\\xe9", "some bytes of it are no UTF-8" },
	{ "# coding: ascii\n\xe9", "# coding: ascii\n\\xe9",
	  "1 byte of it is not in its encoding us-ascii" },
	{ "# coding: ../../x//IGNORE\n\xe9", "# coding: ../../x//IGNORE\n\\xe9",
	  "its encoding .. is not known here" },
	{ "# coding: cp1258\nx = a", "# coding: cp1258\nx = a", "" },
	{ "# coding: cp1258\na\xec"
	  "a\x8a",
	  "# coding: cp1258\n\xc3\xa1"
	  "a\\x8a",
	  "1 byte of it is not in its encoding cp1258" },
	{ "# coding: utf-8-unix\n\xc3\xa9", "# coding: utf-8-unix\n\xc3\xa9", "" },
	{ "# coding: latin-1-dos\n\xe9", "# coding: latin-1-dos\n\xc3\xa9", "" },
	{ "# coding: ISO_8859_1-mac\n\xe9", "# coding: ISO_8859_1-mac\n\xc3\xa9", "" },
	{ "# coding: iso-latin-1-unix\n\xe9", "# coding: iso-latin-1-unix\n\xc3\xa9", "" },
	{ "# coding: 1252\n\x80", "# coding: 1252\n\xe2\x82\xac", "" },
	{ "# coding: 646\nx", "# coding: 646\nx", "" },
	{ "# coding: shift_jis\n\x82\xa0\x82", "# coding: shift_jis\n\xe3\x81\x82\\x82",
	  "1 byte of it is not in its encoding shift-jis" },
};

static int
check_text(size_t row)
{
	struct text odd, text = source_text(&arena, text_of(texts[row].bytes), &odd);

	if (text_equal(text, text_of(texts[row].text)) &&
	    text_equal(odd, text_of(texts[row].odd)))
		return 0;
	printf("text %zu: \"%.*s\", \"%.*s\"\n", row, TEXT_ARG(text), TEXT_ARG(odd));
	return 1;
}

int
main(void)
{
	int failed = 0;

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		failed += check_place(i);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		failed += check_text(i);
	arena_empty(&arena);
	return failed > 0;
}
