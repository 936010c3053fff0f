/* SPDX-License-Identifier: MIT */
/* formats/speedscope_read.h: what the readers of speedscope's files share. */
#ifndef FORMATS_SPEEDSCOPE_READ_H
#define FORMATS_SPEEDSCOPE_READ_H

#include "formats/import.h"

/* Whose profile one of that name is; texts are the name's. */
struct speedscope_who {
	struct stream_process process;
	struct stream_thread thread;
};
struct speedscope_who speedscope_who(struct text exporter, struct text name);

#endif
