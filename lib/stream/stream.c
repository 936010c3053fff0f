/* SPDX-License-Identifier: MIT */
#include "stream/stream.h"

const char *
stream_kind_name(enum stream_kind kind)
{
	static const char *const names[] = {
#define KIND(number, name, text) [number] = text,
#include "stream/kinds.def"
#undef KIND
	};

	return (unsigned)kind < STREAM_KIND_END ? names[kind] : NULL;
}

const char *
stream_loss_text(enum stream_loss loss)
{
	static const char *const texts[] = {
#define LOSS(number, name, unit, text) [number] = text,
#include "stream/losses.def"
#undef LOSS
	};

	return (unsigned)loss < STREAM_LOSS_END ? texts[loss] : NULL;
}

const char *
stream_loss_unit(enum stream_loss loss)
{
	static const char *const units[] = {
#define LOSS(number, name, unit, text) [number] = unit,
#include "stream/losses.def"
#undef LOSS
	};

	return (unsigned)loss < STREAM_LOSS_END ? units[loss] : NULL;
}
