/* SPDX-License-Identifier: MIT */
/*
 * base/json.h: JSON that can stand anywhere, inside of a page too.
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
#ifndef BASE_JSON_H
#define BASE_JSON_H

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
void json_real(struct json *j, const char *key, double n);   /* 0 for what is not finite */
void json_figure(struct json *j, const char *key, double n); /* all digits; null for these */

/* n / 10^digits exactly, without zeroes at its end: 1500 and 3 are 1.5. */
void json_decimal(struct json *j, const char *key, uint64_t n, unsigned digits);
void json_null(struct json *j, const char *key);
void json_bool(struct json *j, const char *key, bool is);

/* Begins a value that the caller writes; it is as escaped as he makes it. */
void json_key(struct json *j, const char *key);

#endif
