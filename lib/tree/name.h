/* SPDX-License-Identifier: MIT */
/*
 * tree/name.h: the text of a frame, where one line must do.
 *
 * "qualname (file)", or with a line "qualname (file:12)"; a marker, and what
 * has no file, is its bare name. A task is "name (<task>)", or where tasks are
 * told apart "name (<task>:7)". Raw: may hold any byte.
 */
#ifndef TREE_NAME_H
#define TREE_NAME_H

#include "tree/tree.h"

/* The name of a function, or of a frame's: its own, or that of its kind; "?" where there is none. */
struct text tree_function_name(const struct tree *t, uint32_t function);
struct text tree_frame_name(const struct tree *t, uint32_t frame);

#define TREE_TASK_FILE "<task>"

/* The file, or an empty text; that of a task which has a name or a number is TREE_TASK_FILE. */
struct text tree_function_file(const struct tree *t, uint32_t function);
struct text tree_frame_file(const struct tree *t, uint32_t frame);

/* The first line of its function; 0: unknown. */
uint32_t tree_frame_first_line(const struct tree *t, uint32_t frame);

/* Of a task its number, of others the line where it is wanted; 0: none. */
uint32_t tree_frame_line(const struct tree *t, uint32_t frame, bool wanted);

enum stream_kind tree_frame_kind(const struct tree *t, uint32_t frame);

/* The text, lent by a. */
struct text tree_frame_text(struct arena *a, const struct tree *t, uint32_t frame, bool line);

/* t with each "\x3b" as the byte that it names; t itself, where there is none. */
struct text tree_unescape(struct arena *a, struct text t);

/* "MainThread", "worker", "thread 4711": a thread as people call it. */
struct text tree_thread_text(struct arena *a, const struct stream_thread *h);

/* "3.11.2", or an empty text; from PY_VERSION_HEX. */
struct text tree_python_text(struct arena *a, uint64_t python);

/* "wall", of an enum stream_mode. */
struct text tree_mode_text(uint64_t mode);

#endif
