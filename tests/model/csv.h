/* tests/model/csv.h — just enough CSV for tests of reading rows: quotes, commas, line breaks. */
#ifndef XD_TEST_CSV_H
#define XD_TEST_CSV_H

#include "base/file.h"
#include "xd_test.h"

/* Cells of the next line; false at the end. */
static inline bool csv_next(xd_ctx *cx, xd_str *rest, xd_strs *ret_cells)
{
    *ret_cells = (xd_strs){0};
    if (rest->n == 0) {
        return false;
    }
    size_t at = 0;
    for (bool more = true; more;) {
        char *out = xd_new_n(cx->arena, char, rest->n - at + 1);
        size_t n = 0;
        bool quoted = at < rest->n && rest->p[at] == '"';
        at += quoted ? 1 : 0;
        while (at < rest->n) {
            char c = rest->p[at];
            if (quoted && c == '"') {
                if (at + 1 < rest->n && rest->p[at + 1] == '"') {
                    at++;
                } else {
                    quoted = false;
                    at++;
                    continue;
                }
            } else if (!quoted && (c == ',' || c == '\n')) {
                break;
            }
            if (c != '\r') {
                out[n++] = c;
            }
            at++;
        }
        *xd_push(cx->arena, ret_cells) = (xd_str){out, n};
        more = at < rest->n && rest->p[at] == ',';
        at++;
    }
    *rest = at >= rest->n ? (xd_str){0} : xd_str_sub(*rest, at, rest->n);
    return true;
}

#endif
