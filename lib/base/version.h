/* SPDX-License-Identifier: MIT */
/* base/version.h: the program's version; the stream's is apart, in tstream(5). */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define TACHYTOOLS_VERSION "0.1.0"

#endif
