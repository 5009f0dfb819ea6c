/* exchange/lines_in.h — between the files that read lists written as lines. */
#ifndef XD_EXCHANGE_LINES_IN_H
#define XD_EXCHANGE_LINES_IN_H

#include "exchange/cell.h"
#include "exchange/lines.h"

/* A line of text as context of the table, numbered 0. */
XD_MUST bool xd_lines_text(xd_sheet *sheet, xd_str text);
/* Without the numbering and the marks that lead an item (·, •, ●, ◆, —). */
xd_str xd_lines_bare(xd_str line);
/* Short, two Chinese characters at least, and no sentence. */
bool xd_lines_is_name(xd_str text);
/* Lines from … to with nothing that makes a row: text around the table. */
XD_MUST bool xd_lines_around(xd_sheet *sheet, const xd_lines *lines, size_t from, size_t to);

/* A cell a line below a header whose cells are lines too (lines_cells.c). */
XD_MUST bool xd_cells_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent);
/* A block of lines for each record: its name, then 地址：… 电话：… (lines_blocks.c). */
XD_MUST bool xd_blocks_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent);
/* Names behind a heading on its line: 合肥市：甲厂、乙厂 (lines_heads.c). */
XD_MUST bool xd_heads_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent);

#endif
