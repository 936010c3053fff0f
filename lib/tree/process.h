/* SPDX-License-Identifier: MIT */
/*
 * tree/process.h: what a process is called.
 *
 * What multiprocessing starts is called by the script that started it, and by what it is
 * for it: "app.py: spawn worker". Where that script is not in the run, what it is stands
 * alone. Texts are raw: they may hold any byte.
 */
#ifndef TREE_PROCESS_H
#define TREE_PROCESS_H

#include "tree/tree.h"

/* "app.py", "-m http.server", "-c"; of another program its own name; "spawn worker" where its script is not known. */
struct text tree_script_text(struct arena *a, const struct tree_run *r,
                             const struct stream_process *p);

/* The same with what the process is for it. */
struct text tree_process_text(struct arena *a, const struct tree_run *r,
                              const struct stream_process *p);

/* "4711", of a second process with that process id "4711.1"; "0" where it is unknown. */
struct text tree_pid_text(struct arena *a, const struct tree_run *r,
                          const struct stream_process *p);

#endif
