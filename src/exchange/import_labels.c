/* Texts that hold a small form: 地址：六安市裕安区独山镇<br>开放时间：周二至周日9:00-17:00, as balloons of
 * map programs do, and cells of lists made by hand.
 *
 * A text of the summary, of the rest or of a column without a meaning is taken apart when at least
 * half of its lines are a header of the type, a colon and something. What other columns give already
 * stays in the text; the other lines stay too. Markup of balloons becomes lines: a table's cells are
 * label and value. */
#include "exchange/import_labels.h"

#define LINES 60
#define LABEL_BYTES 60

typedef struct line {
    xd_str text, value; /* value: absent when no label leads it */
    xd_column column;
} line;

/* <br>, rows and paragraphs end a line; <td> … <td> of one row are label and value. */
static xd_str without_markup(xd_ctx *cx, xd_str text)
{
    static const char *const ends[] = {"<br",  "</tr", "</p", "</div",
                                       "</li", "<p",   "<li", "<tr"};
    static const struct {
        const char *name, *is;
    } entities[] = {
        {"&nbsp;", " " },
        {"&lt;",   "<" },
        {"&gt;",   ">" },
        {"&quot;", "\""},
        {"&amp;",  "&" },
    };
    xd_buf out = {0};
    size_t cells = 0;
    for (size_t at = 0; at < text.n;) {
        xd_str rest = xd_str_sub(text, at, text.n);
        size_t close = rest.p[0] == '<' ? xd_str_find(rest, XD_S(">"), 0) : SIZE_MAX;
        if (close == SIZE_MAX) {
            bool known = false;
            for (size_t i = 0; i < XD_LEN(entities) && !known; i++) {
                known = xd_str_starts(rest, xd_str_of(entities[i].name));
                if (known) {
                    xd_buf_add(&out, xd_str_of(entities[i].is));
                    at += strlen(entities[i].name);
                }
            }
            if (!known) {
                xd_buf_byte(&out, text.p[at++]);
            }
            continue;
        }
        bool cell = xd_str_eq_nocase(xd_str_sub(rest, 0, 3), XD_S("<td")) ||
                    xd_str_eq_nocase(xd_str_sub(rest, 0, 3), XD_S("<th"));
        for (size_t i = 0; i < XD_LEN(ends); i++) {
            xd_str end = xd_str_of(ends[i]);
            if (xd_str_eq_nocase(xd_str_sub(rest, 0, end.n), end)) {
                xd_buf_byte(&out, '\n');
                cells = 0;
                break;
            }
        }
        if (cell && ++cells == 2) {
            xd_buf_add(&out, XD_S("："));
        }
        at += close + 1;
    }
    xd_str plain = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return plain;
}

static bool is_labelled(const xd_model *model, const xd_type *type, line *l)
{
    size_t wide = xd_str_find(l->text, XD_S("："), 0),
           narrow = xd_str_find(l->text, XD_S(":"), 0);
    size_t at = wide < narrow ? wide : narrow;
    if (at == SIZE_MAX || at == 0 || at > LABEL_BYTES) {
        return false;
    }
    xd_str label = xd_str_trim(xd_str_sub(l->text, 0, at));
    l->value = xd_str_trim(xd_str_sub(l->text, at + (at == wide ? 3 : 1), l->text.n));
    return l->value.n > 0 && xd_column_find(model, type, label, &l->column) &&
           l->column.field != NULL && l->column.field != type->summary &&
           l->column.field != type->title;
}

static size_t lines_of(xd_str text, line *lines)
{
    size_t n = 0;
    xd_str rest = text, one;
    while (n < LINES && xd_str_cut(&rest, '\n', &one)) {
        one = xd_str_trim(one);
        if (one.n > 0) {
            lines[n++] = (line){.text = one};
        }
    }
    return rest.n > 0 ? 0 : n; /* a longer text is no form */
}

bool xd_labels_take(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_str text,
                    xd_labels_give *gives, void *user, xd_str *ret_left)
{
    line *lines = xd_new_n(cx->arena, line, LINES);
    bool markup = xd_str_find(text, XD_S("<"), 0) != SIZE_MAX &&
                  xd_str_find(text, XD_S(">"), 0) != SIZE_MAX;
    xd_str plain = markup ? without_markup(cx, text) : text;
    size_t n = lines_of(plain, lines), labelled = 0, taken = 0;
    for (size_t i = 0; i < n; i++) {
        bool is = is_labelled(model, type, &lines[i]);
        labelled += is;
        lines[i].value = is ? lines[i].value : (xd_str){0};
    }
    if (n == 0 || labelled * 2 < n) {
        *ret_left = plain;
        return markup;
    }
    xd_buf left = {0};
    for (size_t i = 0; i < n; i++) {
        if (lines[i].value.p != NULL && gives(user, &lines[i].column, lines[i].value)) {
            taken++;
        } else {
            xd_buf_printf(&left, "%s" XD_FMT, left.n > 0 ? "\n" : "", XD_ARG(lines[i].text));
        }
    }
    *ret_left = xd_buf_copy(&left, cx->arena);
    xd_buf_free(&left);
    return markup || taken > 0;
}
