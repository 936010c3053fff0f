/* SPDX-License-Identifier: MIT */
/* What several formats call the same: the states of a sample, and a run. */
#include "formats/export.h"

const struct export_state export_states[EXPORT_STATES] = {
	{ STREAM_CPU, "cpu", { "", "on", "off", "" } },
	{ STREAM_GIL, "gil", { "", "held", "wanted", "not held" } },
	{ STREAM_EXCEPTION, "exception", { "", "yes", "no", "" } },
	{ STREAM_GC, "gc", { "", "yes", "no", "" } },
};

void
export_run_id(const struct stream_run *run, char id[2 * STREAM_RUN_ID_BYTES])
{
	for (size_t i = 0; i < 2 * (size_t)STREAM_RUN_ID_BYTES; i++)
		id[i] = "0123456789abcdef"[run->id[i / 2] >> (i % 2 ? 0 : 4) & 15];
}
