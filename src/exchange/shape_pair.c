/* Two fields in one column.
 *
 * A cell is cut where a mark, a blank or a bracket stands, and a cut counts when each side can be what
 * its field holds. Some fields know their own (a term, 第二批, a date, a telephone number, an address that
 * begins with a division), others take any text; a side for which another reading is impossible
 * decides. Where both take any text only a line break or the address decides. What stays unclear is
 * told as unclear: the caller keeps the cell whole. */
#include "exchange/shape_pair.h"

#define CUTS_MOST 24

bool xd_header_parts(xd_str header, xd_str *ret_first, xd_str *ret_second)
{
    static const char *const joints[] = {"以及", "及其", "及", "和", "与",
                                         "、",   "/",    "／", "\n"};
    size_t best = SIZE_MAX, skip = 0;
    xd_str tail = xd_str_sub(header, header.n > 3 ? header.n - 3 : 0, header.n);
    if (header.n > 60 || xd_str_eq(tail, XD_S("）")) || xd_str_ends(header, XD_S(")"))) {
        return false;
    }
    for (size_t i = 0; i < XD_LEN(joints); i++) {
        xd_str joint = xd_str_of(joints[i]);
        size_t at = xd_str_find(header, joint, 0);
        if (at == SIZE_MAX) {
            continue;
        }
        if (xd_str_find(header, joint, at + joint.n) != SIZE_MAX) {
            return false; /* three things */
        }
        if (at < best) {
            best = at;
            skip = joint.n;
        }
    }
    if (best == SIZE_MAX || best == 0 || best + skip >= header.n) {
        return false;
    }
    *ret_first = xd_str_trim(xd_str_sub(header, 0, best));
    *ret_second = xd_str_trim(xd_str_sub(header, best + skip, header.n));
    return ret_first->n > 0 && ret_second->n > 0;
}

/* ---- what a field can hold ---------------------------------------------------------------- */

typedef enum fit { NO, MAY, SURE } fit;

static size_t digits_in(xd_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        n += text.p[i] >= '0' && text.p[i] <= '9';
    }
    return n;
}

/* Read alone, as a row with this one cell: without a refusal and into its own field. */
bool xd_column_reads(xd_ctx *cx, const xd_model *model, const xd_type *type,
                     const xd_column *column, xd_str text)
{
    xd_given given = {.column = column, .text = text};
    xd_read_options options = {0};
    xd_problems problems = {0};
    xd_json *body = NULL;
    if (!xd_row_read(cx, model, type, &given, 1, &options, &body, &problems)) {
        (void)xd_err_take(cx); /* only tried */
        return false;
    }
    for (size_t i = 0; i < problems.n; i++) {
        if (problems.at[i].weight != XD_NOTE) {
            return false;
        }
    }
    return xd_json_get(body, column->field->name) != NULL;
}

static bool is_number(xd_str text)
{
    return digits_in(text) >= 7 && digits_in(text) * 2 > text.n;
}

static fit string_fits(xd_ctx *cx, const xd_model *model, const xd_type *type,
                       const xd_column *column, xd_str text)
{
    const xd_field *f = column->field;
    if (f->kind == XD_KIND_CONTACT) {
        return is_number(text) ? SURE : MAY;
    }
    if (f->kind == XD_KIND_IDENTIFIER) {
        return digits_in(text) > 0 && digits_in(text) * 3 >= text.n ? SURE : NO;
    }
    bool may = f->kind != XD_KIND_PHONE || is_number(text);
    return may && xd_column_reads(cx, model, type, column, text) ? SURE : NO;
}

static fit fits(xd_ctx *cx, const xd_model *model, const xd_type *type, const xd_column *column,
                xd_str text)
{
    const xd_field *f = column->field;
    const xd_vocabulary *divisions = xd_model_divisions(model);
    if (text.n == 0) {
        return NO;
    }
    switch (xd_field_kept(f)) {
    case XD_KEPT_NUMBER:
    case XD_KEPT_PERIOD:
    case XD_KEPT_BOOLEAN:
    case XD_KEPT_PLACE:
        return xd_column_reads(cx, model, type, column, text) ? SURE : NO;
    case XD_KEPT_CODE:
        if (f->kind == XD_KIND_TERM) {
            return xd_term_read(cx, f->vocabulary, text, NULL) != NULL ? SURE : NO;
        }
        return xd_column_reads(cx, model, type, column, text) ? SURE : NO;
    case XD_KEPT_HOURS:
        return digits_in(text) >= 2 && xd_column_reads(cx, model, type, column, text) ? SURE
                                                                                      : NO;
    case XD_KEPT_STRING:
        return string_fits(cx, model, type, column, text);
    case XD_KEPT_TEXTS:
    case XD_KEPT_LINK:
    case XD_KEPT_GROUP:
    case XD_KEPT_FILE:
        break;
    }
    bool address = type->division != NULL && f == type->division->otherwise;
    if (address && divisions != NULL && xd_division_leading(divisions, text, NULL) != NULL) {
        return SURE;
    }
    return is_number(text) ? NO : MAY;
}

/* ---- cuts --------------------------------------------------------------------------------- */

typedef struct cut {
    xd_str left, right;
    bool line; /* at a line break */
} cut;

/* 电话：0553-1234567: without the label that says which of the two it is. */
static xd_str without_label(const xd_model *model, const xd_type *type, xd_str text,
                            const xd_field **ret_field)
{
    size_t wide = xd_str_find(text, XD_S("："), 0), plain = xd_str_find(text, XD_S(":"), 0);
    size_t at = wide < plain ? wide : plain;
    xd_column column;
    *ret_field = NULL;
    if (at == SIZE_MAX || at == 0 || at > 30 ||
        !xd_column_find(model, type, xd_str_trim(xd_str_sub(text, 0, at)), &column)) {
        return text;
    }
    *ret_field = column.field;
    return xd_str_trim(xd_str_sub(text, at + (at == wide ? 3 : 1), text.n));
}

static size_t cuts_of(xd_str text, cut *cuts)
{
    static const char *const marks[] = {"\n", "/", "／", "；", ";", "、", "，", ",", " ", "　"};
    size_t n = 0;
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        xd_str mark = xd_str_of(marks[i]);
        for (size_t at = xd_str_find(text, mark, 0); at != SIZE_MAX && n < CUTS_MOST;
             at = xd_str_find(text, mark, at + 1)) {
            cuts[n++] = (cut){.left = xd_str_trim(xd_str_sub(text, 0, at)),
                              .right = xd_str_trim(xd_str_sub(text, at + mark.n, text.n)),
                              .line = i == 0};
        }
    }
    static const char *const open[] = {"（", "("}, *const shut[] = {"）", ")"};
    for (size_t i = 0; i < XD_LEN(open) && n < CUTS_MOST; i++) {
        size_t at = xd_str_find(text, xd_str_of(open[i]), 0), next = at;
        while (next != SIZE_MAX) {
            at = next;
            next = xd_str_find(text, xd_str_of(open[i]), at + 1);
        }
        if (at != SIZE_MAX && at > 0 && xd_str_ends(text, xd_str_of(shut[i]))) {
            cuts[n++] = (cut){.left = xd_str_trim(xd_str_sub(text, 0, at)),
                              .right = xd_str_trim(xd_str_sub(text, at + strlen(open[i]),
                                                              text.n - strlen(shut[i])))};
        }
    }
    size_t at = xd_str_find(text, XD_S("第"), 1); /* 省级第二批, 县级首批 */
    at = at == SIZE_MAX ? xd_str_find(text, XD_S("首批"), 1) : at;
    if (at != SIZE_MAX && n < CUTS_MOST) {
        cuts[n++] = (cut){.left = xd_str_trim(xd_str_sub(text, 0, at)),
                          .right = xd_str_trim(xd_str_sub(text, at, text.n))};
    }
    return n;
}

typedef struct pair {
    xd_ctx *cx;
    const xd_model *model;
    const xd_type *type;
    const xd_column *columns[2];
} pair;

/* How surely the two texts are the two fields; 0: they are not. */
static int judge(const pair *p, const cut *c, xd_str a, xd_str b)
{
    fit first = fits(p->cx, p->model, p->type, p->columns[0], a),
        second = fits(p->cx, p->model, p->type, p->columns[1], b);
    if (first == NO || second == NO) {
        return 0;
    }
    return (first == SURE) + (second == SURE) + (c->line ? 1 : 0);
}

static bool whole(const pair *p, xd_str text, xd_str *ret)
{
    const xd_field *said = NULL;
    xd_str bare = without_label(p->model, p->type, text, &said);
    for (size_t i = 0; i < 2; i++) {
        if (said != NULL && said == p->columns[i]->field) {
            ret[i] = bare;
            return true;
        }
    }
    fit fit_of[2];
    for (size_t i = 0; i < 2; i++) {
        fit_of[i] = fits(p->cx, p->model, p->type, p->columns[i], text);
    }
    if (fit_of[0] == fit_of[1] && fit_of[0] != MAY) {
        return false;
    }
    bool title = fit_of[0] == MAY && p->columns[0]->field == p->type->title;
    if (fit_of[0] == fit_of[1] && !title) {
        return false;
    }
    ret[fit_of[1] > fit_of[0]] = text;
    return true;
}

bool xd_pair_split(xd_ctx *cx, const xd_model *model, const xd_type *type,
                   const xd_shape_col *col, xd_str text, xd_str *ret_first, xd_str *ret_second)
{
    pair p = {
        cx, model, type, {&col->column, &col->second}
    };
    cut *cuts = xd_new_n(cx->arena, cut, CUTS_MOST);
    size_t n = cuts_of(text, cuts);
    int best = 0, best_order = 0;
    bool tie = false;
    xd_str got[2] = {{0}, {0}};
    for (size_t i = 0; i < n; i++) {
        const xd_field *said;
        xd_str left = without_label(model, type, cuts[i].left, &said),
               right = without_label(model, type, cuts[i].right, &said);
        for (int order = 0; order < 2; order++) { /* the header's order first */
            xd_str a = order == 0 ? left : right, b = order == 0 ? right : left;
            int sure = judge(&p, &cuts[i], a, b);
            if (sure > best) {
                best = sure;
                best_order = order;
                got[0] = a;
                got[1] = b;
                tie = false;
            } else if (sure == best && best == 1 && order == best_order) {
                tie |= !xd_str_eq(got[0], a);
            }
        }
    }
    if (best == 0 || tie) {
        got[0] = got[1] = (xd_str){"", 0};
        if (best > 0 || !whole(&p, text, got)) {
            return false;
        }
    }
    *ret_first = got[0];
    *ret_second = got[1];
    return true;
}
