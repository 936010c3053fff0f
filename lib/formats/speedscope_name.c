/* SPDX-License-Identifier: MIT */
/*
 * The names of speedscope's profiles, where it is known who wrote them:
 *
 *	app.py (4711), worker                     texport, of several processes
 *	Process 4711 Thread 4712 "worker"         py-spy; without a process, where there is one
 */
#include "formats/speedscope_read.h"

#include "formats/collapsed_others.h"
#include "formats/words.h"

/* texport's: what ends in a number in parentheses is a process. */
static void
take_texport(struct text name, struct speedscope_who *who)
{
	const char *comma = name.n ? memmem(name.at, name.n, "), ", 3) : NULL;
	size_t end = comma ? (size_t)(comma - name.at) : 0, open = end;
	struct text digits;
	uint64_t pid;

	while (open && name.at[open - 1] >= '0' && name.at[open - 1] <= '9')
		open--;
	digits = (struct text){ name.at + open, end - open };
	if (open == 0 || name.at[open - 1] != '(' || !words_take_count(&digits, &pid))
		return;
	who->process.pid = pid;
	if (open > 2)
		who->process.executable = (struct text){ name.at, open - 2 };
	who->thread.name = (struct text){ comma + 3, name.n - end - 3 };
}

/* py-spy's: a number that the kernel gave, or one of Python's in hexadecimal digits. */
static void
take_spy(struct text name, struct speedscope_who *who)
{
	struct text rest = name;
	uint64_t pid = 0, id;

	if (words_take(&rest, TEXT("Process ")) &&
	    (!words_take_count(&rest, &pid) || !words_take(&rest, TEXT(" "))))
		return;
	if (!words_take(&rest, TEXT("Thread ")) || !words_take_id(&rest, &id) ||
	    !words_take(&rest, TEXT(" \"")) || !text_ends(rest, TEXT("\"")))
		return;
	who->process.pid = pid;
	others_number_thread(&who->thread, id);
	who->thread.name = (struct text){ rest.at, rest.n - 1 };
}

struct speedscope_who
speedscope_who(struct text exporter, struct text name)
{
	struct speedscope_who who = { .thread = { .name = name } };

	if (text_starts(exporter, TEXT("texport ")))
		take_texport(name, &who);
	if (text_starts(exporter, TEXT("py-spy@")))
		take_spy(name, &who);
	if (text_equal(who.thread.name, TEXT("MainThread")))
		who.thread.flags = STREAM_MAIN_THREAD;
	return who;
}
