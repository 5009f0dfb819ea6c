/* tests/model/cases.h — tables of cases: tests/cases/<file>, a row a line, columns by TAB,
 * # begins a remark. */
#ifndef XD_TEST_CASES_H
#define XD_TEST_CASES_H

#include "base/file.h"
#include "xd_test.h"

typedef struct rows {
    xd_str rest;
    int line;
} rows;

static inline rows rows_open(xd_ctx *cx, const char *path)
{
    rows r = {0};
    XD_OK_CALL(cx, xd_file_read(cx, path, 1 << 24, &r.rest));
    return r;
}

/* The next row; missing columns are empty. False at the end. */
static inline bool rows_next(rows *r, xd_str *columns, size_t n)
{
    xd_str line;
    while (xd_str_cut(&r->rest, '\n', &line)) {
        r->line++;
        if (line.n == 0 || line.p[0] == '#')
            continue;
        for (size_t i = 0; i < n; i++) {
            columns[i] = XD_S("");
            (void)xd_str_cut(&line, '\t', &columns[i]); /* absent: stays empty */
        }
        return true;
    }
    return false;
}

#endif
