/* The table serial: how far the numbers for people have come, prefix by prefix.
 *
 * A pattern is text with holes: {division}, six characters, and {serial} or {serial:4}, at
 * least so many digits. What stands before the serial is the prefix that is counted by. Every
 * number that is ever written moves its prefix on, so `next` follows from the log alone. */
#include <time.h>

#include "store/private.h"

#define DIVISION_CHARS 6
#define YEAR_CHARS 4

typedef enum hole { HOLE_NONE, HOLE_DIVISION, HOLE_YEAR, HOLE_SERIAL, HOLE_UNKNOWN } hole;

/* The next piece of a pattern: a hole, or the text before the next one. */
static hole next_piece(xd_str *pattern, xd_str *ret_text, int64_t *ret_width)
{
    xd_str p = *pattern;
    size_t open = xd_str_find(p, XD_S("{"), 0);
    if (open != 0) {
        *ret_text = xd_str_sub(p, 0, open);
        *pattern = xd_str_sub(p, open, SIZE_MAX);
        return HOLE_NONE;
    }
    size_t close = xd_str_find(p, XD_S("}"), 0);
    *ret_text = xd_str_sub(p, 1, close);
    *pattern = close == SIZE_MAX ? XD_S("") : xd_str_sub(p, close + 1, SIZE_MAX);
    *ret_width = 1;
    if (xd_str_eq(*ret_text, XD_S("division"))) {
        return HOLE_DIVISION;
    }
    if (xd_str_eq(*ret_text, XD_S("year"))) {
        return HOLE_YEAR;
    }
    if (xd_str_eq(*ret_text, XD_S("serial"))) {
        return HOLE_SERIAL;
    }
    xd_str width = xd_str_sub(*ret_text, 7, SIZE_MAX);
    if (xd_str_starts(*ret_text, XD_S("serial:")) && xd_str_int(width, ret_width) &&
        *ret_width >= 1 && *ret_width <= 12) {
        return HOLE_SERIAL;
    }
    return HOLE_UNKNOWN;
}

static bool is_alphanumeric(xd_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            return false;
        }
    }
    return true;
}

static size_t leading_digits(xd_str s, size_t most)
{
    size_t n = 0;
    while (n < s.n && n < most && s.p[n] >= '0' && s.p[n] <= '9') {
        n++;
    }
    return n;
}

/* How much of rest the piece takes; SIZE_MAX: it does not fit. */
static size_t piece_length(hole h, xd_str text, int64_t width, xd_str rest)
{
    size_t n = 0;
    switch (h) {
    case HOLE_NONE:
        return xd_str_starts(rest, text) ? text.n : SIZE_MAX;
    case HOLE_DIVISION:
        n = rest.n < DIVISION_CHARS ? rest.n : DIVISION_CHARS;
        return n == DIVISION_CHARS && is_alphanumeric(xd_str_sub(rest, 0, n)) ? n : SIZE_MAX;
    case HOLE_YEAR:
        return leading_digits(rest, YEAR_CHARS) == YEAR_CHARS ? YEAR_CHARS : SIZE_MAX;
    case HOLE_SERIAL:
        n = leading_digits(rest, 16);
        return (int64_t)n >= width ? n : SIZE_MAX;
    case HOLE_UNKNOWN:
        break;
    }
    return SIZE_MAX;
}

bool xd_number_parse(xd_str pattern, xd_str number, xd_str *ret_prefix, int64_t *ret_serial)
{
    size_t at = 0, serial_at = SIZE_MAX;
    int64_t serial = 0;
    while (pattern.n > 0) {
        xd_str text, rest = xd_str_sub(number, at, SIZE_MAX);
        int64_t width = 0;
        hole h = next_piece(&pattern, &text, &width);
        size_t n = piece_length(h, text, width, rest);
        if (n == SIZE_MAX ||
            (h == HOLE_SERIAL &&
             (serial_at != SIZE_MAX || !xd_str_int(xd_str_sub(rest, 0, n), &serial)))) {
            return false;
        }
        serial_at = h == HOLE_SERIAL ? at : serial_at;
        at += n;
    }
    if (at != number.n || serial_at == SIZE_MAX) {
        return false;
    }
    *ret_prefix = xd_str_sub(number, 0, serial_at);
    *ret_serial = serial;
    return true;
}

/* ---- the table ------------------------------------------------------------------------------
 */

bool xd_serial_put(xd_ctx *cx, xd_store *store, xd_str prefix, int64_t next, bool is_new)
{
    static const xd_sql insert =
        XD_SQL("INSERT INTO serial (prefix, next) VALUES (:prefix, :next)");
    static const xd_sql update =
        XD_SQL("UPDATE serial SET next = :next WHERE prefix = :prefix");
    const xd_arg args[] = {XD_TEXT(":prefix", prefix), XD_INT(":next", next), XD_ARG_END};
    return xd_db_run(cx, store->db, is_new ? &insert : &update, args);
}

bool xd_serial_clear(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql = XD_SQL("DELETE FROM serial");
    return xd_db_run(cx, store->db, &sql, NULL);
}

bool xd_serial_scan(xd_ctx *cx, xd_store *store, xd_on_serial *fn, void *user)
{
    static const xd_sql sql = XD_SQL_WALK("SELECT prefix, next FROM serial NOT INDEXED");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_str prefix = xd_rows_text(&rows, 0);
        int64_t next = xd_rows_int(&rows, 1);
        ok = fn(cx, user, prefix, next, rows.odd);
        rows.odd = false; /* told */
        ok = ok && xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

/* A prefix under the head: an import draws thousands of one, the table is written once. */
typedef struct counter {
    int64_t next;  /* 0: none seen */
    int64_t there; /* what the table holds; 0: no row */
} counter;

static bool counter_of(xd_ctx *cx, xd_head *head, xd_str prefix, counter **ret_counter)
{
    static const xd_sql sql = XD_SQL("SELECT next FROM serial WHERE prefix = :prefix");
    counter *c = xd_map_get(head->serials, prefix);
    if (c == NULL) {
        const xd_arg args[] = {XD_TEXT(":prefix", prefix), XD_ARG_END};
        c = xd_new(head->arena, counter);
        if (!xd_db_int(cx, head->store->db, &sql, args, 0, &c->there)) {
            return false;
        }
        c->next = c->there;
        xd_map_put(head->serials, prefix, c);
    }
    *ret_counter = c;
    return true;
}

bool xd_number_seen(xd_ctx *cx, xd_head *head, const xd_type *type, xd_str number)
{
    xd_str prefix;
    int64_t serial = 0;
    counter *c = NULL;
    if (type->number.n == 0 || !xd_number_parse(type->number, number, &prefix, &serial)) {
        return true;
    }
    if (!counter_of(cx, head, prefix, &c)) {
        return false;
    }
    c->next = serial + 1 > c->next ? serial + 1 : c->next;
    return true;
}

bool xd_serials_save(xd_ctx *cx, xd_head *head)
{
    for (size_t i = 0; i < xd_map_count(head->serials); i++) {
        xd_str prefix;
        void *value;
        xd_map_each(head->serials, i, &prefix, &value);
        const counter *c = value;
        if (c->next != c->there &&
            !xd_serial_put(cx, head->store, prefix, c->next, c->there == 0)) {
            return false;
        }
    }
    return true;
}

/* ---- drawing --------------------------------------------------------------------------------
 */

/* The code of the smallest known area; six zeros when none is known. */
static xd_str deepest_division(const xd_model *model, const xd_type *type, const xd_json *body)
{
    xd_str best = XD_S("000000");
    size_t best_depth = 0;
    const xd_field *field = type->division;
    if (field == NULL) {
        return best;
    }
    const xd_vocabulary *divisions =
        field->vocabulary != NULL ? field->vocabulary : xd_model_divisions(model);
    size_t n = xd_value_count(field, body);
    for (size_t i = 0; i < n; i++) {
        xd_str code = xd_json_str(xd_value(field, body, i));
        const xd_term *term = divisions == NULL ? NULL : xd_term_find(divisions, code);
        if (term != NULL && term->depth + 1 > best_depth) {
            best = code;
            best_depth = term->depth + 1;
        }
    }
    return best;
}

static int year_in_china(int64_t now_us)
{
    time_t seconds = (time_t)(now_us / 1000000 + 8 * 3600);
    struct tm day;
    return gmtime_r(&seconds, &day) == NULL ? 0 : day.tm_year + 1900;
}

static bool compose(xd_ctx *cx, xd_str pattern, xd_str division, int64_t serial,
                    xd_str *ret_number, xd_str *ret_prefix)
{
    xd_str all = pattern;
    xd_buf out = {.max = 256};
    size_t prefix = SIZE_MAX;
    bool known = division.n == DIVISION_CHARS && is_alphanumeric(division);
    while (pattern.n > 0) {
        xd_str text;
        int64_t width = 0;
        switch (next_piece(&pattern, &text, &width)) {
        case HOLE_NONE:
            xd_buf_add(&out, text);
            break;
        case HOLE_DIVISION:
            xd_buf_add(&out, division);
            break;
        case HOLE_YEAR:
            xd_buf_printf(&out, "%04d", year_in_china(xd_now(cx)));
            break;
        case HOLE_SERIAL:
            known = known && prefix == SIZE_MAX;
            prefix = out.n;
            xd_buf_printf(&out, "%0*" PRId64, (int)width, serial);
            break;
        case HOLE_UNKNOWN:
            known = false;
            break;
        }
    }
    bool ok = known && !out.failed && prefix != SIZE_MAX;
    if (ok) {
        *ret_number = xd_buf_copy(&out, cx->arena);
        *ret_prefix = xd_str_sub(*ret_number, 0, prefix);
    }
    xd_buf_free(&out);
    return ok ||
           xd_fail(cx, XD_INVALID, "no number can be made by the pattern " XD_FMT, XD_ARG(all));
}

bool xd_number_draw(xd_ctx *cx, xd_head *head, const xd_type *type, const xd_json *body,
                    xd_str *ret_number)
{
    xd_str division = deepest_division(head->model, type, body), prefix, number;
    counter *c = NULL;
    if (!compose(cx, type->number, division, 1, &number, &prefix) ||
        !counter_of(cx, head, prefix, &c)) {
        return false;
    }
    return compose(cx, type->number, division, c->next == 0 ? 1 : c->next, ret_number, &prefix);
}
