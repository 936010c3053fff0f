/* SPDX-License-Identifier: MIT */
#include "capture/files.h"

#include <sys/resource.h>

enum {
	OF_USE = 1 << 15,
	SPARED = 64,
	FEW = 256, /* where nobody tells how many there may be */
	OF_PROCESS = 2,
	PROCESSES_MAX = 4096,
};

static uint32_t
raise_limit(void)
{
	struct rlimit limit, raised;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return FEW;
	raised = limit;
	raised.rlim_cur = limit.rlim_max < OF_USE ? limit.rlim_max : OF_USE;
	if (raised.rlim_cur > limit.rlim_cur && setrlimit(RLIMIT_NOFILE, &raised) == 0)
		limit = raised;
	return limit.rlim_cur < OF_USE ? (uint32_t)limit.rlim_cur : OF_USE;
}

struct files
files_share(bool family, bool cpu)
{
	uint32_t limit = raise_limit(), left = limit > SPARED ? limit - SPARED : 0;
	struct files share = { .processes = 1 };

	/* Where both are many, each gets half. */
	if (family)
		share.processes = (cpu ? left / 2 : left) / OF_PROCESS;
	if (share.processes > PROCESSES_MAX)
		share.processes = PROCESSES_MAX;
	if (share.processes == 0)
		share.processes = 1;
	if (cpu && left > share.processes * OF_PROCESS)
		share.threads = left - share.processes * OF_PROCESS;
	return share;
}
