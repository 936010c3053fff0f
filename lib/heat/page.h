/* SPDX-License-Identifier: MIT */
/*
 * heat/page.h: a heat as one page, or as a folder of pages.
 *
 * The data of a page, as share/heat/model.js reads it:
 *
 *	page, writer, title, unit, incomplete, notes, facts, diff
 *	           as in render/flame.h; page is 1
 *	folder     in a folder of pages: {file: the number of the page's own file in files
 *	           of the first side that has it, plus one; 0 in the index}
 *	strings    texts, from 0, the empty one
 *	codes      in the index of a folder, unless of a comparison: of each line its text
 *	sources    {odd, text}: text deflated with zlib's frame, in base64
 *	compared   of a comparison: what tells of its functions, in render/compared.h's columns
 *	sides      the profile; or the current side and the baseline, each of them:
 *
 *	  weight, samples   of all that was sampled
 *	  quantum           by which weights are divided
 *	  hottest           [self, total, self_samples, total_samples]: the most of any line
 *	  folders    names; columns parent, sums; the first four are the groups
 *	  files      columns path (string), folder, source (number of it, plus one; 0: none),
 *	             state (enum heat_source_state), partner (in the other side's files, plus
 *	             one), page (the number of its page; 0: this one), sums
 *	  functions  columns file, name (string), line (the first one), compared (a number,
 *	             plus one), sums
 *	  lines      columns file, line (in a file less that of the row before), sums
 *	  spots      columns function, line (a row of lines, plus one; 0: unknown)
 *	  calls      columns spot, callee (of functions), and of sums the totals
 *	  spans      columns spot, name (string: as tstream(5) has opcodes), down (lines from
 *	             the spot's to its end, plus one; 0: unknown), from, to (columns in UTF-8,
 *	             plus one; 0: unknown), sums
 *
 * Sums are the columns self, total, self_samples, total_samples. Columns are
 * render/column.h's. Equal trees and equal files give equal bytes.
 */
#ifndef HEAT_PAGE_H
#define HEAT_PAGE_H

#include "base/out.h"
#include "heat/book.h"

struct heat_page {
	const char *title;      /* NULL: none */
	const char *incomplete; /* a sentence; NULL: all of the input is there */
};

enum { HEAT_TEXTS_MAX = 256 << 20 }; /* bytes of the texts in a page; files beyond have none */

void heat_write(struct out *o, const struct heat_book *b, const struct heat_page *how);

/*
 * Writes index.html and a page for each file into a folder; see heat/folder.h. False
 * sets *e: it cannot be written, or has files of others.
 */
bool heat_write_folder(const char *folder, const struct heat_book *b,
                       const struct heat_page *how, struct err *e);

#endif
