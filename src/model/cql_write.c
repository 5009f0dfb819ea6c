/* Trees as CQL2 text and JSON, so that either reads back as the same tree. Brackets stand only
 * where binding asks for them: OR 1, AND 2, NOT 3, predicates 4. */
#include "model/cql_parts.h"
#include "model/period.h"

static void write_quoted(xd_buf *out, xd_str s, char quote)
{
    xd_buf_byte(out, quote);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == quote) /* behind a backslash only \' reads back */
            xd_buf_byte(out, quote == '\'' && i > 0 && s.p[i - 1] == '\\' ? '\\' : quote);
        xd_buf_byte(out, s.p[i]);
    }
    xd_buf_byte(out, quote);
}

static void write_name(xd_buf *out, xd_str name)
{
    if (xd_cql_plain_name(name))
        xd_buf_add(out, name);
    else
        write_quoted(out, name, '"');
}

/* An end of a period as text of a day, or "..". */
static void write_day(xd_buf *out, int32_t day, bool end)
{
    if (day == (end ? XD_DAY_OPEN_END : XD_DAY_OPEN_START)) {
        xd_buf_add(out, XD_S(".."));
        return;
    }
    int64_t year;
    int month, of_month;
    xd_day_parts(day, &year, &month, &of_month);
    int64_t size = year < 0 ? -year : year;
    xd_buf_printf(out, "%s%04" PRId64 "-%02d-%02d",
                  size > 9999 ? (year < 0 ? "Y-" : "Y")
                  : year < 0  ? "-"
                              : "",
                  size, month, of_month);
}

static void write_period(xd_buf *out, const xd_cql *cql, bool json)
{
    const char *quote = json ? "\"" : "'";
    bool day = cql->from == cql->to;
    xd_buf_printf(
        out, "%s%s",
        json ? (day ? "{\"date\":" : "{\"interval\":[") : (day ? "DATE(" : "INTERVAL("), quote);
    write_day(out, cql->from, false);
    if (!day) {
        xd_buf_printf(out, "%s,%s", quote, quote);
        write_day(out, cql->to, true);
    }
    xd_buf_printf(out, "%s%s", quote, json ? (day ? "}" : "]}") : ")");
}

/* Text ------------------------------------------------------------------------------------ */

static int binding(xd_cql_op op)
{
    return op == XD_CQL_OR ? 1 : op == XD_CQL_AND ? 2 : op == XD_CQL_NOT ? 3 : 4;
}

static void write_text(xd_buf *out, const xd_cql *cql, int least);

static void write_list(xd_buf *out, const xd_cql *const *args, size_t n)
{
    xd_buf_byte(out, '(');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            xd_buf_add(out, XD_S(", "));
        write_text(out, args[i], 0);
    }
    xd_buf_byte(out, ')');
}

static void write_chain(xd_buf *out, const xd_cql *cql, const char *word)
{
    for (size_t i = 0; i < cql->n; i++) {
        if (i > 0)
            xd_buf_printf(out, " %s ", word);
        write_text(out, cql->args[i], binding(cql->op) + 1);
    }
}

/* A predicate of operands. */
static void write_predicate(xd_buf *out, const xd_cql *cql)
{
    const xd_cql_word *word = xd_cql_word_of(cql->op);
    if (word != NULL && word->sort != XD_CQL_COMPARES) {
        xd_buf_add(out, word->text);
        write_list(out, cql->args, cql->n);
        return;
    }
    write_text(out, cql->args[0], 0);
    xd_buf_byte(out, ' ');
    if (word != NULL) {
        xd_buf_add(out, word->text);
        xd_buf_byte(out, ' ');
        write_text(out, cql->args[1], 0);
    } else if (cql->op == XD_CQL_LIKE) {
        xd_buf_add(out, XD_S("LIKE "));
        write_text(out, cql->args[1], 0);
    } else if (cql->op == XD_CQL_BETWEEN) {
        xd_buf_add(out, XD_S("BETWEEN "));
        write_text(out, cql->args[1], 0);
        xd_buf_add(out, XD_S(" AND "));
        write_text(out, cql->args[2], 0);
    } else if (cql->op == XD_CQL_IN) {
        xd_buf_add(out, XD_S("IN "));
        write_list(out, cql->args + 1, cql->n - 1);
    } else {
        xd_buf_add(out, XD_S("IS NULL"));
    }
}

static void write_text(xd_buf *out, const xd_cql *cql, int least)
{
    bool brackets = binding(cql->op) < least;
    if (brackets)
        xd_buf_byte(out, '(');
    switch ((int)cql->op) {
    case XD_CQL_AND:
        write_chain(out, cql, "AND");
        break;
    case XD_CQL_OR:
        write_chain(out, cql, "OR");
        break;
    case XD_CQL_NOT:
        xd_buf_add(out, XD_S("NOT "));
        write_text(out, cql->args[0], 3);
        break;
    case XD_CQL_TRUE:
    case XD_CQL_FALSE:
    case XD_CQL_BOOLEAN:
        xd_buf_add(out, cql->op == XD_CQL_TRUE || (cql->op == XD_CQL_BOOLEAN && cql->boolean)
                            ? XD_S("TRUE")
                            : XD_S("FALSE"));
        break;
    case XD_CQL_PROPERTY:
        write_name(out, cql->text);
        break;
    case XD_CQL_TEXT:
        write_quoted(out, cql->text, '\'');
        break;
    case XD_CQL_NUMBER:
        xd_buf_add(out, cql->text);
        break;
    case XD_CQL_GEOMETRY:
        xd_geom_write_wkt(out, cql->geom);
        break;
    case XD_CQL_PERIOD:
        write_period(out, cql, false);
        break;
    case XD_CQL_ARRAY:
        write_list(out, cql->args, cql->n);
        break;
    default:
        write_predicate(out, cql);
        break;
    }
    if (brackets)
        xd_buf_byte(out, ')');
}

void xd_cql_write_text(xd_buf *out, const xd_cql *cql)
{
    write_text(out, cql, 0);
}

/* JSON ------------------------------------------------------------------------------------ */

static xd_str json_name(xd_cql_op op)
{
    const xd_cql_word *word = xd_cql_word_of(op);
    if (word != NULL)
        return word->json;
    switch ((int)op) {
    case XD_CQL_AND:
        return XD_S("and");
    case XD_CQL_OR:
        return XD_S("or");
    case XD_CQL_NOT:
        return XD_S("not");
    case XD_CQL_LIKE:
        return XD_S("like");
    case XD_CQL_BETWEEN:
        return XD_S("between");
    case XD_CQL_IN:
        return XD_S("in");
    default:
        return XD_S("isNull");
    }
}

static void write_items(xd_buf *out, const xd_cql *const *args, size_t n)
{
    xd_buf_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            xd_buf_byte(out, ',');
        xd_cql_write_json(out, args[i]);
    }
    xd_buf_byte(out, ']');
}

void xd_cql_write_json(xd_buf *out, const xd_cql *cql)
{
    switch ((int)cql->op) {
    case XD_CQL_TRUE:
    case XD_CQL_FALSE:
    case XD_CQL_BOOLEAN:
        xd_buf_add(out, cql->op == XD_CQL_TRUE || (cql->op == XD_CQL_BOOLEAN && cql->boolean)
                            ? XD_S("true")
                            : XD_S("false"));
        break;
    case XD_CQL_PROPERTY:
        xd_buf_add(out, XD_S("{\"property\":"));
        xd_buf_json(out, cql->text, false);
        xd_buf_byte(out, '}');
        break;
    case XD_CQL_TEXT:
        xd_buf_json(out, cql->text, false);
        break;
    case XD_CQL_NUMBER:
        xd_buf_add(out, cql->text);
        break;
    case XD_CQL_GEOMETRY:
        xd_geom_write(out, cql->geom, false);
        break;
    case XD_CQL_PERIOD:
        write_period(out, cql, true);
        break;
    case XD_CQL_ARRAY:
        write_items(out, cql->args, cql->n);
        break;
    default:
        xd_buf_add(out, XD_S("{\"op\":"));
        xd_buf_json(out, json_name(cql->op), false);
        xd_buf_add(out, XD_S(",\"args\":"));
        if (cql->op == XD_CQL_IN) {
            xd_buf_byte(out, '[');
            xd_cql_write_json(out, cql->args[0]);
            xd_buf_byte(out, ',');
            write_items(out, cql->args + 1, cql->n - 1);
            xd_buf_byte(out, ']');
        } else {
            write_items(out, cql->args, cql->n);
        }
        xd_buf_byte(out, '}');
        break;
    }
}
