/* tests/geo/cases.h — tab-separated cases: lines of columns, # comments, \n and \t written so.
 */
#ifndef XD_TEST_GEO_CASES_H
#define XD_TEST_GEO_CASES_H

#include "base/file.h"
#include "xd_test.h"

typedef struct cases {
    xd_ctx cx;
    xd_str rest;
    int line, count;
    const char *name;
} cases;

static inline void cases_open(cases *c, const char *name)
{
    *c = (cases){.name = name};
    xd_ctx_begin(&c->cx);
    xd_str path = xd_str_printf(c->cx.arena, "%s/tests/cases/%s", XD_SOURCE, name);
    XD_OK_CALL(&c->cx, xd_file_read(&c->cx, path.p, 1 << 24, &c->rest));
}

static inline xd_str cases_unescaped(cases *c, xd_str s)
{
    char *out = xd_new_n(c->cx.arena, char, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool escape = s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == 'n' || s.p[i + 1] == 't');
        out[n] = escape ? (s.p[i + 1] == 'n' ? '\n' : '\t') : s.p[i];
        n += 1;
        i += escape ? 1 : 0;
    }
    return (xd_str){out, n};
}

/* The next case; missing columns are empty. Refuses to end without a single case. */
static inline bool cases_next(cases *c, xd_str *columns, size_t n)
{
    xd_str line;
    while (xd_str_cut(&c->rest, '\n', &line)) {
        c->line += 1;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            xd_str column = XD_S("");
            (void)xd_str_cut(&line, '\t', &column);
            columns[i] = cases_unescaped(c, column);
        }
        c->count += 1;
        return true;
    }
    ck_assert_msg(c->count > 0, "%s holds no case", c->name);
    xd_ctx_end(&c->cx);
    return false;
}

static inline double cases_number(xd_str s)
{
    char text[64];
    (void)snprintf(text, sizeof text, XD_FMT, XD_ARG(s));
    char *end;
    double v = strtod(text, &end);
    ck_assert_msg(end != text, "\"%s\" is no number", text);
    return v;
}

#endif
