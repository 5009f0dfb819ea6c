/* Words and numbers of cells: tests/cases/exchange/cell.tsv is question, text, answer. */
#include "base/file.h"
#include "exchange/cell.h"
#include "xd_test.h"

static xd_str unescape(xd_arena *arena, xd_str s)
{
    char *out = xd_arena_take(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool line = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';
        out[n++] = line ? '\n' : s.p[i];
        i += line;
    }
    return (xd_str){out, n};
}

static xd_str yes(bool answer)
{
    return answer ? XD_S("yes") : XD_S("no");
}

static xd_str answer(xd_arena *arena, xd_str question, xd_str text)
{
    static const struct {
        xd_str name;
        bool (*is)(xd_str);
    } tests[] = {
        {XD_STR("nothing"), xd_cell_is_nothing},
        {XD_STR("ditto"),   xd_cell_is_ditto  },
        {XD_STR("total"),   xd_cell_is_total  },
        {XD_STR("note"),    xd_cell_is_note   },
        {XD_STR("unit"),    xd_cell_is_unit   },
        {XD_STR("count"),   xd_cell_is_count  },
    };
    for (size_t i = 0; i < XD_LEN(tests); i++) {
        if (xd_str_eq(tests[i].name, question)) {
            return yes(tests[i].is(text));
        }
    }
    if (xd_str_eq(question, XD_S("numbering"))) {
        xd_numbering n = xd_numbering_of(text);
        return n.style == XD_NUMBERING_NONE
                   ? XD_S("none")
                   : xd_str_printf(arena, "%" PRId64 " " XD_FMT, n.value,
                                   XD_ARG(xd_str_sub(text, n.bytes, text.n)));
    }
    if (xd_str_eq(question, XD_S("name"))) {
        return xd_cell_name(arena, text);
    }
    if (xd_str_eq(question, XD_S("line"))) {
        return xd_cell_one_line(arena, text);
    }
    if (xd_str_eq(question, XD_S("heading"))) {
        return xd_cell_heading(text);
    }
    ck_assert_msg(xd_str_eq(question, XD_S("crs")), "no question " XD_FMT, XD_ARG(question));
    return xd_cell_crs(arena, text);
}

START_TEST(cases)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text, line;
    size_t n = 0;
    XD_OK_CALL(&cx,
               xd_file_read(&cx, XD_SOURCE "/tests/cases/exchange/cell.tsv", 1 << 20, &text));
    while (xd_str_cut(&text, '\n', &line)) {
        xd_str question, cell, want = line;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        ck_assert(xd_str_cut(&want, '\t', &question) && xd_str_cut(&want, '\t', &cell));
        xd_str got = answer(cx.arena, question, unescape(cx.arena, cell));
        ck_assert_msg(xd_str_eq(got, want),
                      XD_FMT " " XD_FMT ": got \"" XD_FMT "\", wanted \"" XD_FMT "\"",
                      XD_ARG(question), XD_ARG(cell), XD_ARG(got), XD_ARG(want));
        n++;
    }
    ck_assert_uint_gt(n, 60);
    xd_ctx_end(&cx);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, cases);
}
XD_TESTS("exchange/cell", add)
