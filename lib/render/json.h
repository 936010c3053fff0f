/* SPDX-License-Identifier: MIT */
/*
 * render/json.h: JSON that can stand inside of a page.
 *
 * Written strictly forward. Every "<", ">" and "&" of a text is escaped, so
 * that no text can end the element that it is in or become markup. Texts may
 * hold any byte: what is no UTF-8 is written as a visible \xNN. A value in an
 * object has a key; in an array its key is NULL.
 *
 *	struct json j = { .out = out };
 *
 *	json_open(&j, NULL, '{');
 *	json_text(&j, "title", title);
 *	json_close(&j, '}');
 */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include "base/out.h"

struct json {
	struct out *out;
	bool comma; /* another value came before */
};

/* bracket is '{' or '['; '}' or ']'. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);

void json_text(struct json *j, const char *key, struct text t);
void json_number(struct json *j, const char *key, uint64_t n);
void json_real(struct json *j, const char *key, double n); /* 0 for what is not finite */
void json_bool(struct json *j, const char *key, bool is);

/* Begins a value that the caller writes; it is as escaped as he makes it. */
void json_key(struct json *j, const char *key);

#endif
