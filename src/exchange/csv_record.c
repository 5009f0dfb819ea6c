/* One record of a text with separators: the quoting rules in the essay of read_csv.c. */
#include "exchange/csv_in.h"

#define QUOTED_BYTES ((size_t)1 << 20)
#define SCANNED                                                                                \
    ((size_t)4 << 20) /* bytes looked through in vain in one record; then quotation
                                     marks are characters */
#define STRAYS 16     /* stray quotation marks before a quoted field is given up */

/* Bytes of blanks at i; full-width ones and TABs weigh two. */
static size_t xd_csv_blanks_at(const xd_csv_window *w, size_t i, size_t *ret_weight)
{
    size_t n = 0, weight = 0;
    while (i + n < w->text.n) {
        const char *p = w->text.p + i + n;
        bool wide = w->text.n - i - n >= 3 && memcmp(p, "　", 3) == 0;
        if (!wide && *p != ' ' && *p != '\t') {
            break;
        }
        weight += *p == ' ' ? 1 : 2;
        n += wide ? 3 : 1;
    }
    *ret_weight = weight;
    return n;
}

bool xd_csv_at_line_end(const xd_csv_window *w, size_t i)
{
    return w->text.p[i] == '\n' || w->text.p[i] == '\r';
}

/* Bytes of the separator at i; 0: none there. Blanks before a line end part nothing. */
static size_t xd_csv_sep_at(const xd_csv_window *w, size_t i)
{
    if (w->blanks == 0) {
        return xd_str_starts(xd_str_sub(xd_buf_str(&w->text), i, w->text.n), w->sep) ? w->sep.n
                                                                                     : 0;
    }
    size_t weight = 0, n = xd_csv_blanks_at(w, i, &weight);
    bool last = i + n == w->text.n || xd_csv_at_line_end(w, i + n);
    return weight >= w->blanks && !last ? n : 0;
}

static bool at_sep(const xd_csv_window *w, size_t i)
{
    return xd_csv_sep_at(w, i) > 0;
}

/* Fewer bytes than a separator may take are left: more must be read before saying. */
static bool too_near_end(const xd_csv_window *w, size_t i)
{
    size_t need = w->blanks > 0 ? 256 : w->sep.n;
    return !w->end && w->text.n - i < need;
}

/* Whether a quotation mark at i ends a quoted field: blanks, then separator, line end or end.
 */
static xd_csv_step closes_at(const xd_csv_window *w, size_t i, bool *ret_closes,
                             size_t *ret_after)
{
    size_t j = i + 1;
    while (j < w->text.n && w->text.p[j] == ' ') {
        j++;
    }
    if (too_near_end(w, j)) {
        return XD_CSV_MORE;
    }
    *ret_closes = j == w->text.n || xd_csv_at_line_end(w, j) || at_sep(w, j);
    *ret_after = j;
    return XD_CSV_DONE;
}

/* Find the mark that closes the field opened just before `from`. *ret_close SIZE_MAX: none. */
static xd_csv_step find_close(const xd_csv_window *w, size_t from, size_t *ret_close,
                              size_t *ret_after)
{
    unsigned strays = 0;
    bool crossed = false;
    *ret_close = SIZE_MAX;
    for (size_t i = from; i - from < QUOTED_BYTES && strays <= STRAYS;) {
        if (i == w->text.n) {
            return w->end ? XD_CSV_DONE : XD_CSV_MORE;
        }
        if (w->text.p[i] != '"') {
            crossed |= xd_csv_at_line_end(w, i);
            if (crossed && strays > 0) {
                return XD_CSV_DONE;
            }
            i++;
            continue;
        }
        if (i + 1 < w->text.n && w->text.p[i + 1] == '"') {
            bool closes = false; /* "" at the very end of a field: `"",` is the empty field */
            size_t after = 0;
            if (i == from) {
                xd_csv_step step = closes_at(w, i, &closes, &after);
                if (step == XD_CSV_MORE) {
                    return step;
                }
            }
            i += 2;
            continue;
        }
        bool closes = false;
        xd_csv_step step = closes_at(w, i, &closes, ret_after);
        if (step == XD_CSV_MORE) {
            return step;
        }
        if (closes) {
            *ret_close = i;
            return XD_CSV_DONE;
        }
        strays++;
        i++;
    }
    return XD_CSV_DONE;
}

static void add_quoted(xd_csv_record *r, const xd_csv_window *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        char c = w->text.p[i];
        if (c == '\r') {
            if (i + 1 < to && w->text.p[i + 1] == '\n') {
                continue;
            }
            c = '\n';
        }
        xd_buf_byte(&r->cells, c);
        i += c == '"' && i + 1 < to && w->text.p[i + 1] == '"';
    }
}

/* One field starting at *at; afterwards *at is on the separator, the line end, or the end. */
static xd_csv_step read_field(xd_arena *arena, const xd_csv_window *w, xd_csv_record *r,
                              size_t *at)
{
    xd_csv_field *field = xd_push(arena, &r->fields);
    field->from = r->cells.n;
    field->at = *at;
    size_t i = *at;
    size_t mark = i;
    while (mark < w->text.n && w->text.p[mark] == ' ') {
        mark++;
    }
    if (mark < w->text.n && w->text.p[mark] == '"' && r->scanned < SCANNED) {
        size_t close = SIZE_MAX, after = 0;
        xd_csv_step step = find_close(w, mark + 1, &close, &after);
        if (step == XD_CSV_MORE) {
            return step;
        }
        if (close != SIZE_MAX) {
            add_quoted(r, w, mark + 1, close);
            field->n = r->cells.n - field->from;
            *at = after;
            return XD_CSV_DONE;
        }
        size_t rest = w->text.n - mark;
        r->scanned += rest < QUOTED_BYTES ? rest : QUOTED_BYTES;
    }
    size_t end = i;
    while (end < w->text.n && !xd_csv_at_line_end(w, end) && !at_sep(w, end)) {
        end++;
    }
    if (too_near_end(w, end)) {
        return XD_CSV_MORE;
    }
    xd_buf_bytes(&r->cells, w->text.p + i, end - i);
    field->n = r->cells.n - field->from;
    *at = end;
    return XD_CSV_DONE;
}

/* The record at w->at. Precondition: w->at < w->text.n. */
xd_csv_step xd_csv_record_read(xd_arena *arena, const xd_csv_window *w, xd_csv_record *r)
{
    xd_buf_clear(&r->cells);
    r->fields.n = 0;
    r->scanned = 0;
    size_t at = w->at, weight = 0;
    at += w->blanks > 0 ? xd_csv_blanks_at(w, at, &weight) : 0;
    for (;;) {
        if (read_field(arena, w, r, &at) == XD_CSV_MORE) {
            return XD_CSV_MORE;
        }
        if (at == w->text.n) {
            if (!w->end) {
                return XD_CSV_MORE;
            }
            break;
        }
        if (xd_csv_at_line_end(w, at)) {
            if (w->text.p[at] == '\r') {
                if (at + 1 == w->text.n && !w->end) {
                    return XD_CSV_MORE;
                }
                at += at + 1 < w->text.n && w->text.p[at + 1] == '\n';
            }
            at++;
            break;
        }
        at += xd_csv_sep_at(w, at);
        if (r->fields.n > XD_ROW_CELLS) {
            break; /* the emitter refuses it with a sentence */
        }
    }
    r->bytes = at - w->at;
    return XD_CSV_DONE;
}
