/* exchange/lines.h — a list that a page or document holds as lines of text; inside the worker. */
#ifndef XD_EXCHANGE_LINES_H
#define XD_EXCHANGE_LINES_H

#include "exchange/sheet.h"

typedef struct xd_text_line {
    xd_str text;
    bool listed; /* the document numbers it itself: the number is not in the text */
    int64_t
        number; /* of its row as people count: what was added before it and one, or its line */
} xd_text_line;

typedef struct xd_lines {
    XD_VEC(xd_text_line) at;
    size_t bytes;
} xd_lines;

/* Copies; lines beyond a ceiling are passed over. */
void xd_lines_add(xd_arena *arena, xd_lines *lines, xd_str text, bool listed);
/* The lines as a sheet, if they are a list; *ret_sent says whether. */
XD_MUST bool xd_lines_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent);

#endif
