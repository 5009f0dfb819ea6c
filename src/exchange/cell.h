/* exchange/cell.h — what a cell's text is, before anybody asks what it means.
 *
 * Words of tables in general (序号, 合计, 注, 同上 …), numbering, and the cleaning every cell gets.
 * Nothing here knows types or fields. Pure; results in the arena, or slices of the text. */
#ifndef XD_EXCHANGE_CELL_H
#define XD_EXCHANGE_CELL_H

#include "base/arena.h"

/* Numbering in front of a text. */
typedef enum xd_numbering_style {
    XD_NUMBERING_NONE,
    XD_NUMBERING_HAN,         /* 一、 */
    XD_NUMBERING_HAN_BRACKET, /* （一） ㈠ */
    XD_NUMBERING_DIGIT,       /* 1、 03. 1) No.1 */
    XD_NUMBERING_BRACKET,     /* （1） [1] ⑴ */
    XD_NUMBERING_RING,        /* ① ❶ */
    XD_NUMBERING_BARE,        /* 1 and a blank */
} xd_numbering_style;
typedef struct xd_numbering {
    xd_numbering_style style;
    int64_t value;
    size_t bytes; /* of the number with its mark and the blanks behind */
} xd_numbering;
xd_numbering xd_numbering_of(xd_str text);

/* Trimmed; line ends as LF. */
xd_str xd_cell_trim(xd_arena *arena, xd_str text);
/* On one line: a break between Chinese characters closes up, others become a blank. */
xd_str xd_cell_one_line(xd_arena *arena, xd_str text);
/* A name: on one line, full-width digits and letters made half, no blanks between Chinese
 * characters, no footnote marks (* ※ ★ ▲) at the end. */
xd_str xd_cell_name(xd_arena *arena, xd_str text);

bool xd_cell_is_nothing(xd_str text); /* - — / 无 暂无 不详 N/A … : no value */
bool xd_cell_is_ditto(xd_str text);   /* 〃 同上 … */
bool xd_cell_is_total(xd_str text);   /* 合计 小计 总计：12 … */
bool xd_cell_is_note(xd_str text); /* 注： 说明： 填表说明 填表人： … : opens a line of notes */
bool xd_cell_opens_notes(xd_str text); /* of these, the ones all lines below belong to */
bool xd_cell_is_tick(xd_str text);     /* √ ☑ 是 … in a column that is ticked */
bool xd_cell_is_no_tick(xd_str text);  /* □ × 否, or nothing */
/* What is ticked in a cell that offers a choice: ☑国家级 □省级 → 国家级; the text itself when it
 * offers none. */
xd_str xd_cell_ticked(xd_arena *arena, xd_str text);
bool xd_cell_is_unit(xd_str text);  /* （㎡） 万元 … under a header */
bool xd_cell_is_count(xd_str text); /* 5 5项 （共5处）: how many */
/* Without numbering and without a count in brackets at the end: 一、合肥市（5项） → 合肥市. */
xd_str xd_cell_heading(xd_str text);
/* 《国家工业遗产管理办法》 without its marks; the text itself where it is not one title in them. */
xd_str xd_cell_unquoted(xd_str text);
/* What stands in the last brackets of a header: 经度（GCJ-02） → GCJ-02; absent: none. */
xd_str xd_cell_bracket(xd_str text);
/* The coordinate system a title, header or note names, as xd_crs_find() reads it; absent: none. */
xd_str xd_cell_crs(xd_arena *arena, xd_str text);

#endif
