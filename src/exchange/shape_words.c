/* What headings and titles say. */
#include "exchange/shape_facts.h"

#include "model/fold.h"

/* ---- divisions inside a text ------------------------------------------------------------- */

typedef struct found_term {
    const xd_term *term;
    size_t at, n;
} found_term;
typedef XD_VEC(found_term) found_terms;

size_t xd_han_in(xd_str s)
{
    size_t n = 0;
    for (size_t at = 0; at < s.n;) {
        n += xd_is_han(xd_utf8_next(s, &at));
    }
    return n;
}

static void look_for(xd_ctx *cx, xd_str text, const xd_term *term, xd_str word,
                     found_terms *found)
{
    if (xd_han_in(word) < 2) {
        return;
    }
    size_t at = xd_str_find(text, word, 0);
    if (at != SIZE_MAX) {
        *xd_push(cx->arena, found) = (found_term){term, at, word.n};
    }
}

static bool fits(const found_terms *found, const found_term *deep)
{
    bool parent = false, other_parent = false, twin = false;
    for (size_t i = 0; i < found->n; i++) {
        const found_term *f = &found->at[i];
        if (f->term != deep->term && f->n > deep->n && f->at <= deep->at &&
            f->at + f->n >= deep->at + deep->n) {
            return false; /* 黄山 of 黄山市 is not 黄山区 */
        }
        if (f->term->depth < deep->term->depth && f->term->depth > 0) {
            parent |= xd_term_within(deep->term, f->term);
            other_parent |= !xd_term_within(deep->term, f->term);
        }
        twin |= f->term != deep->term && f->at == deep->at && f->n == deep->n &&
                f->term->depth == deep->term->depth;
    }
    return parent || (!other_parent && !twin);
}

const xd_term *xd_division_leading(const xd_vocabulary *divisions, xd_str text,
                                   const xd_term *within)
{
    const xd_term *deepest = NULL;
    for (bool more = true; more;) {
        const xd_term *next = NULL, *over = deepest != NULL ? deepest : within;
        for (size_t i = 0; i < divisions->n; i++) {
            const xd_term *term = &divisions->terms[i];
            xd_str label = term->label.in[XD_ZH];
            bool below = over == NULL || (term != over && xd_term_within(term, over));
            if (!term->retired && below && label.n < text.n && xd_str_starts(text, label) &&
                (next == NULL || label.n > next->label.in[XD_ZH].n)) {
                next = term;
            }
        }
        more = next != NULL;
        if (more) {
            deepest = next;
            text = xd_str_sub(text, next->label.in[XD_ZH].n, text.n);
        } else if (deepest == NULL && within != NULL &&
                   xd_str_starts(text, within->label.in[XD_ZH])) {
            text = xd_str_sub(text, within->label.in[XD_ZH].n, text.n);
            more = text.n > 0; /* 安徽省 of 安徽省亳州市… is said already */
        }
    }
    return deepest;
}

const xd_term *xd_division_in(xd_ctx *cx, const xd_model *model, xd_str text)
{
    const xd_vocabulary *v = xd_model_divisions(model);
    found_terms found = {0};
    if (v == NULL || text.n == 0 || text.n > 600) {
        return NULL;
    }
    for (size_t i = 0; i < v->n; i++) {
        look_for(cx, text, &v->terms[i], v->terms[i].label.in[XD_ZH], &found);
        for (size_t k = 0; k < v->terms[i].aliases.n; k++) {
            look_for(cx, text, &v->terms[i], v->terms[i].aliases.at[k], &found);
        }
    }
    const found_term *best = NULL;
    bool several = false;
    for (size_t i = 0; i < found.n; i++) {
        const found_term *f = &found.at[i];
        if (!fits(&found, f)) {
            continue;
        }
        if (best == NULL || f->term->depth > best->term->depth) {
            best = f;
            several = false;
        } else if (f->term->depth == best->term->depth && f->term != best->term) {
            several |= f->at >= best->at + best->n || best->at >= f->at + f->n;
            best = f->n > best->n ? f : best;
        }
    }
    if (best == NULL || several) {
        return NULL; /* 铜陵、芜湖、宣城: it names none of them for a row */
    }
    return best->term;
}

/* ---- headings ---------------------------------------------------------------------------- */

static bool has_column(const xd_table *t, const xd_field *field)
{
    for (size_t c = 0; c < t->n; c++) {
        if (t->cols[c].use == XD_COL_USED && t->cols[c].column.field == field) {
            return true;
        }
    }
    return false;
}

/* Terms, and numbers that are written with words around them (第一批), of fields that have no
 * column in the table. */
static const xd_field *field_of(xd_ctx *cx, const xd_model *model, const xd_type *type,
                                const xd_table *table, xd_str text)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *f = &type->fields[i];
        if (f->retired || has_column(table, f)) {
            continue;
        }
        if (f->kind == XD_KIND_TERM && f->vocabulary != NULL &&
            xd_term_read(cx, f->vocabulary, text, NULL) != NULL) {
            return f;
        }
        if (f->kind == XD_KIND_NUMBER && xd_str_starts(text, XD_S("第"))) {
            xd_column column = {.field = f, .part = XD_S("n")};
            xd_given given = {.column = &column, .text = text};
            xd_read_options options = {0};
            xd_problems problems = {0};
            xd_json *body = NULL;
            if (!xd_row_read(cx, model, type, &given, 1, &options, &body, &problems)) {
                (void)xd_err_take(cx); /* then it is simply not such a number */
            } else if (xd_json_get(body, f->name) != NULL && !xd_problems_refuse(&problems)) {
                return f;
            }
        }
    }
    return NULL;
}

static bool ends_like_list(xd_str text)
{
    static const char *const ends[] = {"名单",   "名录",   "一览表", "清单",
                                       "统计表", "汇总表", "登记表"};
    for (size_t i = 0; i < XD_LEN(ends); i++) {
        if (xd_str_ends(text, xd_str_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

xd_heading xd_heading_of(xd_ctx *cx, const xd_model *model, const xd_type *type,
                         const xd_table *table, xd_str text)
{
    static const int ranks[] = {
        [XD_NUMBERING_NONE] = 1,  [XD_NUMBERING_HAN] = 1,     [XD_NUMBERING_HAN_BRACKET] = 2,
        [XD_NUMBERING_DIGIT] = 3, [XD_NUMBERING_BRACKET] = 4, [XD_NUMBERING_RING] = 5,
        [XD_NUMBERING_BARE] = 3,
    };
    xd_str line = xd_cell_one_line(cx->arena, text);
    xd_numbering numbering = xd_numbering_of(line);
    xd_heading heading = {.text = xd_cell_heading(line), .rank = ranks[numbering.style]};
    if (heading.text.n == 0 || heading.text.n > 150) {
        return heading;
    }
    size_t bare = line.n - numbering.bytes;
    heading.looks = numbering.style == XD_NUMBERING_HAN ||
                    numbering.style == XD_NUMBERING_HAN_BRACKET || heading.text.n < bare;
    const xd_vocabulary *divisions = xd_model_divisions(model);
    if (type->division != NULL && divisions != NULL) {
        heading.division = xd_term_read(cx, divisions, heading.text, NULL);
        if (heading.division == NULL && ends_like_list(heading.text)) {
            heading.division = xd_division_in(cx, model, heading.text);
            heading.rank = 0;
        }
    }
    if (heading.division == NULL) {
        heading.field = field_of(cx, model, type, table, heading.text);
    }
    if (heading.division == NULL && heading.field == NULL && type->parent_field != NULL &&
        numbering.style == XD_NUMBERING_HAN && !has_column(table, type->parent_field)) {
        heading.field = type->parent_field; /* 一、庐江矾矿 over its items */
    }
    heading.known = heading.division != NULL || heading.field != NULL;
    return heading;
}
