/* Nodes, words and literals of CQL2, the same whether they come as text or as JSON. */
#include <math.h>
#include <stdlib.h>

#include "model/cql_parts.h"
#include "model/fold.h"
#include "model/period.h"

#define C XD_CQL_COMPARES
#define S XD_CQL_SPATIAL
#define T XD_CQL_TEMPORAL
#define A XD_CQL_ARRAYS
#define F XD_CQL_FOLDS

static const xd_cql_word words[] = {
    {XD_CQL_EQ,             C, XD_STR("="),              XD_STR("="),              XD_CQL_EQ            },
    {XD_CQL_NE,             C, XD_STR("<>"),             XD_STR("<>"),             XD_CQL_NE            },
    {XD_CQL_LT,             C, XD_STR("<"),              XD_STR("<"),              XD_CQL_GT            },
    {XD_CQL_LE,             C, XD_STR("<="),             XD_STR("<="),             XD_CQL_GE            },
    {XD_CQL_GT,             C, XD_STR(">"),              XD_STR(">"),              XD_CQL_LT            },
    {XD_CQL_GE,             C, XD_STR(">="),             XD_STR(">="),             XD_CQL_LE            },
    {XD_CQL_S_INTERSECTS,   S, XD_STR("S_INTERSECTS"),   XD_STR("s_intersects"),
     XD_CQL_S_INTERSECTS                                                                                },
    {XD_CQL_S_DISJOINT,     S, XD_STR("S_DISJOINT"),     XD_STR("s_disjoint"),     XD_CQL_S_DISJOINT    },
    {XD_CQL_S_CONTAINS,     S, XD_STR("S_CONTAINS"),     XD_STR("s_contains"),     XD_CQL_S_WITHIN      },
    {XD_CQL_S_WITHIN,       S, XD_STR("S_WITHIN"),       XD_STR("s_within"),       XD_CQL_S_CONTAINS    },
    {XD_CQL_S_TOUCHES,      S, XD_STR("S_TOUCHES"),      XD_STR("s_touches"),      XD_CQL_S_TOUCHES     },
    {XD_CQL_S_CROSSES,      S, XD_STR("S_CROSSES"),      XD_STR("s_crosses"),      XD_CQL_S_CROSSES     },
    {XD_CQL_S_OVERLAPS,     S, XD_STR("S_OVERLAPS"),     XD_STR("s_overlaps"),     XD_CQL_S_OVERLAPS    },
    {XD_CQL_S_EQUALS,       S, XD_STR("S_EQUALS"),       XD_STR("s_equals"),       XD_CQL_S_EQUALS      },
    {XD_CQL_T_AFTER,        T, XD_STR("T_AFTER"),        XD_STR("t_after"),        XD_CQL_T_BEFORE      },
    {XD_CQL_T_BEFORE,       T, XD_STR("T_BEFORE"),       XD_STR("t_before"),       XD_CQL_T_AFTER       },
    {XD_CQL_T_CONTAINS,     T, XD_STR("T_CONTAINS"),     XD_STR("t_contains"),     XD_CQL_T_DURING      },
    {XD_CQL_T_DISJOINT,     T, XD_STR("T_DISJOINT"),     XD_STR("t_disjoint"),     XD_CQL_T_DISJOINT    },
    {XD_CQL_T_DURING,       T, XD_STR("T_DURING"),       XD_STR("t_during"),       XD_CQL_T_CONTAINS    },
    {XD_CQL_T_EQUALS,       T, XD_STR("T_EQUALS"),       XD_STR("t_equals"),       XD_CQL_T_EQUALS      },
    {XD_CQL_T_FINISHEDBY,   T, XD_STR("T_FINISHEDBY"),   XD_STR("t_finishedBy"),   XD_CQL_T_FINISHES    },
    {XD_CQL_T_FINISHES,     T, XD_STR("T_FINISHES"),     XD_STR("t_finishes"),     XD_CQL_T_FINISHEDBY  },
    {XD_CQL_T_INTERSECTS,   T, XD_STR("T_INTERSECTS"),   XD_STR("t_intersects"),
     XD_CQL_T_INTERSECTS                                                                                },
    {XD_CQL_T_MEETS,        T, XD_STR("T_MEETS"),        XD_STR("t_meets"),        XD_CQL_T_METBY       },
    {XD_CQL_T_METBY,        T, XD_STR("T_METBY"),        XD_STR("t_metBy"),        XD_CQL_T_MEETS       },
    {XD_CQL_T_OVERLAPPEDBY, T, XD_STR("T_OVERLAPPEDBY"), XD_STR("t_overlappedBy"),
     XD_CQL_T_OVERLAPS                                                                                  },
    {XD_CQL_T_OVERLAPS,     T, XD_STR("T_OVERLAPS"),     XD_STR("t_overlaps"),     XD_CQL_T_OVERLAPPEDBY},
    {XD_CQL_T_STARTEDBY,    T, XD_STR("T_STARTEDBY"),    XD_STR("t_startedBy"),    XD_CQL_T_STARTS      },
    {XD_CQL_T_STARTS,       T, XD_STR("T_STARTS"),       XD_STR("t_starts"),       XD_CQL_T_STARTEDBY   },
    {XD_CQL_A_EQUALS,       A, XD_STR("A_EQUALS"),       XD_STR("a_equals"),       XD_CQL_A_EQUALS      },
    {XD_CQL_A_CONTAINS,     A, XD_STR("A_CONTAINS"),     XD_STR("a_contains"),     XD_CQL_A_CONTAINEDBY },
    {XD_CQL_A_CONTAINEDBY,  A, XD_STR("A_CONTAINEDBY"),  XD_STR("a_containedBy"),
     XD_CQL_A_CONTAINS                                                                                  },
    {XD_CQL_A_OVERLAPS,     A, XD_STR("A_OVERLAPS"),     XD_STR("a_overlaps"),     XD_CQL_A_OVERLAPS    },
    {XD_CQL_CASEI,          F, XD_STR("CASEI"),          XD_STR("casei"),          XD_CQL_CASEI         },
    {XD_CQL_ACCENTI,        F, XD_STR("ACCENTI"),        XD_STR("accenti"),        XD_CQL_ACCENTI       },
};

const xd_cql_word *xd_cql_word_of(xd_cql_op op)
{
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (words[i].op == op)
            return &words[i];
    }
    return NULL;
}

const xd_cql_word *xd_cql_word_by_text(xd_str word)
{
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq_nocase(words[i].text, word))
            return &words[i];
    }
    return NULL;
}

const xd_cql_word *xd_cql_word_by_json(xd_str word)
{
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(words[i].json, word))
            return &words[i];
    }
    return NULL;
}

/* Errors and nodes ------------------------------------------------------------------------ */

bool xd_cql_wrong(xd_cql_maker *m, size_t at, const char *zh, const char *en)
{
    xd_ctx *cx = m->cx;
    if (m->text.p == NULL) {
        (void)xd_fail(cx, XD_INVALID, "filter: %s", en);
        return xd_fail_words(cx, xd_str_printf(cx->arena, "过滤条件：%s。", zh),
                             xd_str_printf(cx->arena, "The filter: %s.", en));
    }
    size_t place = xd_utf8_count(xd_str_sub(m->text, 0, at)) + 1;
    xd_str found = xd_str_sub(m->text, at, at + 24);
    found.n = xd_utf8_valid(found);
    (void)xd_fail(cx, XD_INVALID, "filter, character %zu: %s", place, en);
    if (found.n == 0)
        return xd_fail_words(
            cx, xd_str_printf(cx->arena, "过滤条件第 %zu 个字符（末尾）：%s。", place, zh),
            xd_str_printf(cx->arena, "The filter at character %zu, its end: %s.", place, en));
    return xd_fail_words(cx,
                         xd_str_printf(cx->arena, "过滤条件第 %zu 个字符“" XD_FMT "”处：%s。",
                                       place, XD_ARG(found), zh),
                         xd_str_printf(cx->arena,
                                       "The filter at character %zu, “" XD_FMT "”: %s.", place,
                                       XD_ARG(found), en));
}

bool xd_cql_wrong_inside(xd_cql_maker *m, size_t at)
{
    xd_ctx *cx = m->cx;
    if (cx->err.code != XD_INVALID)
        return false;
    xd_err inner = xd_err_take(cx);
    const char *zh = xd_cstr(cx->arena, inner.zh.n > 0 ? inner.zh : inner.message);
    const char *en = xd_cstr(cx->arena, inner.en.n > 0 ? inner.en : inner.message);
    size_t place = m->text.p == NULL ? 0 : xd_utf8_count(xd_str_sub(m->text, 0, at)) + 1;
    (void)xd_fail(cx, XD_INVALID, "filter, character %zu: " XD_FMT, place,
                  XD_ARG(inner.message));
    if (place == 0)
        return xd_fail_words(cx, xd_str_printf(cx->arena, "过滤条件：%s", zh),
                             xd_str_printf(cx->arena, "The filter: %s", en));
    return xd_fail_words(
        cx, xd_str_printf(cx->arena, "过滤条件第 %zu 个字符处：%s", place, zh),
        xd_str_printf(cx->arena, "The filter at character %zu: %s", place, en));
}

bool xd_cql_node(xd_cql_maker *m, xd_cql_op op, size_t n, size_t at, xd_cql **ret_node)
{
    if (++m->nodes > XD_CQL_NODES)
        return xd_cql_wrong(m, at, "条件太多，最多一千项", "too many parts: at most 1000");
    xd_cql *node = xd_new(m->cx->arena, xd_cql);
    *node = (xd_cql){.op = op, .n = n, .at = at};
    node->args = n == 0 ? NULL : xd_new_n(m->cx->arena, const xd_cql *, n);
    *ret_node = node;
    return true;
}

bool xd_cql_enter(xd_cql_maker *m, size_t at)
{
    if (++m->depth > XD_CQL_DEPTH) {
        m->depth--;
        return xd_cql_wrong(m, at, "括号套得太深，最多 64 层",
                            "nested too deeply: at most 64 levels");
    }
    return true;
}

void xd_cql_leave(xd_cql_maker *m)
{
    m->depth--;
}

/* Literals -------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* 1.5e3, +7, .5 as plain decimal text, exactly: 1500, 7, 0.5. */
bool xd_cql_number(xd_cql_maker *m, xd_str written, size_t at, xd_cql **ret_node)
{
    char digits[64];
    size_t n = 0, i = 0;
    int64_t point = 0, exponent = 0; /* digits behind the point */
    bool negative = written.n > 0 && written.p[0] == '-', dot = false;
    i += negative || (written.n > 0 && written.p[0] == '+');
    for (; i < written.n && (is_digit(written.p[i]) || (written.p[i] == '.' && !dot)); i++) {
        if (written.p[i] == '.') {
            dot = true;
            continue;
        }
        if (n == sizeof digits)
            return xd_cql_wrong(m, at, "数太长", "the number is too long");
        digits[n++] = written.p[i];
        point += dot;
    }
    if (i < written.n && !xd_str_int(xd_str_sub(written, i + 1, written.n), &exponent))
        return xd_cql_wrong(m, at, "这里应是一个数", "a number is wanted");
    if (n == 0 || exponent > 30 || exponent < -30)
        return xd_cql_wrong(m, at, "数太大或太小", "the number is too large or too small");
    xd_buf out = {0};
    int64_t whole = (int64_t)n - point + exponent; /* digits before the point */
    for (int64_t k = 0; k < whole; k++)
        xd_buf_byte(&out, k < (int64_t)n ? digits[k] : '0');
    if (whole < (int64_t)n) {
        xd_buf_add(&out, whole <= 0 ? XD_S("0.") : XD_S("."));
        for (int64_t k = whole; k < 0; k++)
            xd_buf_byte(&out, '0');
        for (size_t k = whole > 0 ? (size_t)whole : 0; k < n; k++)
            xd_buf_byte(&out, digits[k]);
    }
    xd_str text = xd_buf_copy(&out, m->cx->arena);
    xd_buf_free(&out);
    if (memchr(text.p, '.', text.n) != NULL) {
        while (text.p[text.n - 1] == '0')
            text.n--;
        text.n -= text.p[text.n - 1] == '.';
    }
    while (text.n > 1 && text.p[0] == '0' && text.p[1] != '.')
        text = xd_str_sub(text, 1, text.n);
    if (negative && !xd_str_eq(text, XD_S("0")))
        text = xd_str_join(m->cx->arena, XD_S("-"), text);
    if (!xd_cql_node(m, XD_CQL_NUMBER, 0, at, ret_node))
        return false;
    (*ret_node)->text = text;
    return true;
}

bool xd_cql_string(xd_cql_maker *m, xd_str value, size_t at, xd_cql **ret_node)
{
    if (!xd_cql_node(m, XD_CQL_TEXT, 0, at, ret_node))
        return false;
    (*ret_node)->text = xd_nfc(m->cx->arena, value); /* as bodies are */
    return true;
}

/* hh:mm[:ss[.f]] and Z or ±hh:mm behind a day: by how many days the zone moves it to UTC. */
static bool time_shift(xd_str time, int *ret_days)
{
    int64_t hour, minute, zone_hour = 0, zone_minute = 0;
    if (time.n < 5 || !xd_str_int(xd_str_sub(time, 0, 2), &hour) || time.p[2] != ':' ||
        !xd_str_int(xd_str_sub(time, 3, 5), &minute) || hour < 0 || hour > 24 || minute < 0 ||
        minute > 59)
        return false;
    size_t at = 5;
    while (at < time.n && (is_digit(time.p[at]) || time.p[at] == ':' || time.p[at] == '.'))
        at++;
    xd_str zone = xd_str_sub(time, at, time.n);
    bool utc = zone.n == 0 || xd_str_eq_nocase(zone, XD_S("Z"));
    if (!utc && (zone.n != 6 || (zone.p[0] != '+' && zone.p[0] != '-') || zone.p[3] != ':' ||
                 !xd_str_int(xd_str_sub(zone, 1, 3), &zone_hour) ||
                 !xd_str_int(xd_str_sub(zone, 4, 6), &zone_minute)))
        return false;
    int64_t east = zone_hour * 60 + zone_minute;
    int64_t utc_minute = hour * 60 + minute - (!utc && zone.p[0] == '-' ? -east : east);
    *ret_days = utc_minute < 0 ? -1 : utc_minute >= 24 * 60 ? 1 : 0;
    return true;
}

/* A date, a moment (its day in UTC), or whatever a date may be. */
static bool read_instant(xd_cql_maker *m, xd_str value, size_t at, xd_period *ret_period)
{
    int32_t day;
    int days;
    unsigned flags;
    if (value.n > 11 && (value.p[10] == 'T' || value.p[10] == 't') &&
        xd_day_read(xd_str_sub(value, 0, 10), &day) &&
        time_shift(xd_str_sub(value, 11, value.n), &days)) {
        *ret_period = (xd_period){day + days, day + days};
        return true;
    }
    return xd_period_read(m->cx, value, ret_period, &flags) || xd_cql_wrong_inside(m, at);
}

bool xd_cql_instant(xd_cql_maker *m, xd_str value, size_t at, xd_cql **ret_node)
{
    xd_period period;
    if (!read_instant(m, value, at, &period) || !xd_cql_node(m, XD_CQL_PERIOD, 0, at, ret_node))
        return false;
    (*ret_node)->from = period.from;
    (*ret_node)->to = period.to;
    return true;
}

bool xd_cql_interval(xd_cql_maker *m, xd_str from, xd_str to, size_t at, xd_cql **ret_node)
{
    xd_period start = {XD_DAY_OPEN_START, 0}, end = {0, XD_DAY_OPEN_END};
    if (!xd_str_eq(from, XD_S("..")) && from.n > 0 && !read_instant(m, from, at, &start))
        return false;
    if (!xd_str_eq(to, XD_S("..")) && to.n > 0 && !read_instant(m, to, at, &end))
        return false;
    if (start.from > end.to)
        return xd_cql_wrong(m, at, "时间段的止早于起", "the interval ends before it begins");
    if (!xd_cql_node(m, XD_CQL_PERIOD, 0, at, ret_node))
        return false;
    (*ret_node)->from = start.from;
    (*ret_node)->to = end.to;
    return true;
}

bool xd_cql_box(xd_cql_maker *m, const double *numbers, size_t n, size_t at, xd_cql **ret_node)
{
    size_t east = n / 2; /* of six, the third and the sixth are heights */
    if (n != 4 && n != 6)
        return xd_cql_wrong(m, at, "BBOX 要四个数：西、南、东、北",
                            "BBOX wants four numbers: west, south, east, north");
    double side[4] = {numbers[0], numbers[1], numbers[east], numbers[east + 1]};
    bool good = side[1] <= side[3];
    for (size_t i = 0; i < 4; i++)
        good = good && fabs(side[i]) <= (i % 2 == 0 ? 180 : 90);
    if (!good)
        return xd_cql_wrong(
            m, at, "方框的经度应在 ±180、纬度在 ±90 以内，且南不大于北",
            "a box lies within ±180, ±90 degrees, its south not above its north");
    xd_box box = {(int32_t)lround(side[0] * XD_DEGREE), (int32_t)lround(side[1] * XD_DEGREE),
                  (int32_t)lround(side[2] * XD_DEGREE), (int32_t)lround(side[3] * XD_DEGREE)};
    if (!xd_cql_node(m, XD_CQL_GEOMETRY, 0, at, ret_node))
        return false;
    (*ret_node)->geom = xd_geom_box_area(m->cx->arena, box);
    return true;
}

const xd_cql *xd_cql_and(xd_arena *arena, const xd_cql *a, const xd_cql *b)
{
    if (a == NULL || b == NULL)
        return a == NULL ? b : a;
    xd_cql *both = xd_new(arena, xd_cql);
    const xd_cql **args = xd_new_n(arena, const xd_cql *, 2);
    args[0] = a;
    args[1] = b;
    *both = (xd_cql){.op = XD_CQL_AND, .args = args, .n = 2, .at = a->at};
    return both;
}
