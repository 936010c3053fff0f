/* SPDX-License-Identifier: MIT */
/*
 * capture/files.h: what a run does with the descriptors that it may have.
 *
 * A process takes two, and a thread of which the kernel is asked what it does
 * takes one. Some are never taken: files are opened for a moment all the time,
 * and the next part of the output has to be.
 */
#ifndef CAPTURE_FILES_H
#define CAPTURE_FILES_H

#include <stdbool.h>
#include <stdint.h>

struct files {
	uint32_t processes, threads; /* that may be held; of processes at least 1 */
};

/*
 * Raises our limit as far as it is of use, so call it when a command has been
 * started, which keeps the one that we were given.
 */
struct files files_share(bool family, bool cpu);

#endif
