/* SPDX-License-Identifier: MIT */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

bool
err_set(struct err *e, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(e->fact, sizeof e->fact, format, list);
	va_end(list);
	e->hint[0] = '\0';
	e->kind = 0;
	return false;
}

bool
err_hint(struct err *e, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(e->hint, sizeof e->hint, format, list);
	va_end(list);
	return false;
}
