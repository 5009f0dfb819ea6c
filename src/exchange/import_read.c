/* A gathered record into a body.
 *
 * Besides the record's own cells it is given what stands over it: headings, and where the row
 * leaves room for it the division that titles or the sheet's name say. A division that stays
 * coarse (a province, a prefecture) while the address says more is refined by the address.
 *
 * That goes in three parts. What a record is given is put together in the order of rows, for headings
 * and titles change; reading it needs nothing but what it is given and the model, and may happen on
 * the helper's thread while rows further down are gathered (beside.h); settling it, with its problems,
 * its keys and its draft, is in the order of rows again. Where headings change, all before is
 * settled first. */
#include "exchange/import_labels.h"
#include "exchange/import_walk.h"
#include "exchange/shape_pair.h"

#include "geo/crs.h"

const xd_term *xd_walk_division_over(const xd_walk *w)
{
    const xd_term *division = NULL;
    for (int k = 0; k < XD_RANKS; k++) {
        if (w->over[k].set && w->over[k].division != NULL) {
            division = w->over[k].division;
        }
    }
    return division;
}

/* ---- reading ------------------------------------------------------------------------------ */

#define GIVEN_MOST (XD_COLUMNS_MOST + 8)

static void add_given(xd_ctx *cx, xd_givens *g, const xd_field *field, const char *part,
                      xd_str text)
{
    xd_column *column = xd_new(cx->arena, xd_column);
    *column = (xd_column){.field = field, .part = xd_str_of(part)};
    if (g->n < GIVEN_MOST) {
        *xd_push(cx->arena, g) = (xd_given){.column = column, .text = text};
    }
}

static bool gives(const xd_givens *g, const xd_field *field, const char *part)
{
    for (size_t i = 0; i < g->n; i++) {
        if (g->at[i].column->field == field &&
            (g->at[i].text.n > 0 || g->at[i].geometry != NULL) &&
            (part == NULL || xd_str_eq(g->at[i].column->part, xd_str_of(part)))) {
            return true;
        }
    }
    return false;
}

/* An address which the type's own reader finds a division in. */
static bool says_place(xd_walk *w, xd_ctx *cx, const xd_givens *g)
{
    const xd_field *f = w->run->type->division;
    xd_read_options options = {0};
    for (size_t i = 0; f->otherwise != NULL && f->otherwise != w->run->type->rest && i < g->n;
         i++) {
        xd_problems ignored = {0};
        xd_json *body = NULL;
        bool address = g->at[i].column->field == f->otherwise && g->at[i].text.n > 0;
        bool read = address && xd_row_read(cx, w->run->model, w->run->type, &g->at[i], 1,
                                           &options, &body, &ignored);
        const xd_term *term = !read ? NULL
                                    : xd_term_find(xd_model_divisions(w->run->model),
                                                   xd_json_str(xd_value(f, body, 0)));
        if (term != NULL && (w->context == NULL || !xd_term_within(term, w->context))) {
            return !xd_term_within(w->context, term);
        }
    }
    (void)xd_err_take(cx); /* only tried */
    return false;
}

/* The division that headings, titles or the sheet's name give, where the row leaves room for
 * it: nothing of its own, or a county whose prefecture is not said. */
static void add_division(xd_walk *w, xd_ctx *cx, xd_givens *g, bool *ret_assumed)
{
    static const char *const parts[] = {"province", "prefecture", "county"};
    const xd_field *f = w->run->type->division;
    const xd_term *heading = xd_walk_division_over(w);
    const xd_term *term = heading != NULL ? heading : w->context;
    *ret_assumed = false;
    if (f == NULL || term == NULL || gives(g, f, "name") || gives(g, f, "code") ||
        gives(g, f, "prefecture")) {
        return;
    }
    if (heading == NULL && says_place(w, cx, g)) {
        return; /* so does the address */
    }
    if (heading == NULL && w->run->type->place != NULL &&
        (gives(g, w->run->type->place, "lon") || gives(g, w->run->type->place, "both") ||
         gives(g, w->run->type->place, "geometry"))) {
        return; /* the point says it better */
    }
    bool county_said = false;
    for (size_t i = 0; i < g->n; i++) {
        if (g->at[i].column->field == f && xd_str_eq(g->at[i].column->part, XD_S("county")) &&
            g->at[i].text.n > 0) {
            county_said = true;
            const xd_term *county =
                xd_term_read(cx, xd_model_divisions(w->run->model), g->at[i].text, NULL);
            if (term->depth >= 2 || (county != NULL && !xd_term_within(county, term))) {
                return;
            }
        }
    }
    const char *part = term->depth < XD_LEN(parts) ? parts[term->depth] : "name";
    xd_str label = term->label.in[XD_ZH];
    add_given(cx, g, f, term->depth == 2 ? "code" : part,
              term->depth == 2 ? term->code : label);
    *ret_assumed = heading == NULL && !county_said;
}

/* The part of a field that its titles speak of. */
static const char *titled_part(const xd_field *field)
{
    bool english = field->langs.n > 0 && xd_str_eq(field->langs.at[0], xd_lang_tag[XD_EN]);
    return field->kind == XD_KIND_NUMBER ? "n"
           : field->kind == XD_KIND_LINK ? "ref"
           : field->kind == XD_KIND_TERM ? ""
           : english                     ? "en"
                                         : "zh";
}

static void add_over(xd_walk *w, xd_ctx *cx, xd_givens *g)
{
    for (int k = 0; k < XD_RANKS; k++) {
        const xd_over *o = &w->over[k];
        if (o->set && o->field != NULL && o->field != w->run->type->parent_field &&
            !gives(g, o->field, NULL)) {
            add_given(cx, g, o->field, titled_part(o->field), xd_buf_str(&o->text));
        }
    }
}

/* The heading that names what the records below belong to, where nothing else does. */
static void add_parent_over(xd_walk *w, xd_ctx *cx, xd_givens *g)
{
    const xd_field *parent = w->run->type->parent_field;
    for (int k = XD_RANKS; k-- > 0;) {
        const xd_over *o = &w->over[k];
        if (o->set && parent != NULL && o->field == parent && !gives(g, parent, NULL)) {
            add_given(cx, g, parent, titled_part(parent), xd_buf_str(&o->text));
        }
    }
}

/* A list of texts has room for one more. */
static bool leaves_room(const xd_givens *g, const xd_field *field)
{
    return (field->kind == XD_KIND_TEXT && field->many) || !gives(g, field, NULL);
}

/* What one title says, unless one nearer to the row denied it. */
static void add_one_titled(xd_ctx *cx, xd_givens *g, const xd_titled *one,
                           const xd_field **denied, size_t *n)
{
    for (size_t i = 0; i < *n; i++) {
        if (denied[i] == one->field) {
            return;
        }
    }
    if (one->value.n == 0) {
        denied[(*n)++] = one->field;
    } else if (leaves_room(g, one->field)) {
        add_given(cx, g, one->field, titled_part(one->field), one->value);
    }
}

/* Headings nearer to the row before those farther out, titles last. */
static void add_titled(xd_walk *w, xd_ctx *cx, xd_givens *g)
{
    const xd_field *denied[XD_TITLED * (XD_RANKS + 1)];
    size_t n = 0;
    for (int k = XD_RANKS; k-- > 0;) {
        for (size_t i = 0; w->over[k].set && i < w->over[k].n_titled; i++) {
            add_one_titled(cx, g, &w->over[k].titled[i], denied, &n);
        }
    }
    for (size_t i = 0; i < w->t->n_titled; i++) {
        add_one_titled(cx, g, &w->t->titled[i], denied, &n);
    }
}

/* A column of two fields gives each its part. What cannot be told apart stays in the record's text, for
 * keep_rest(); a name is not taken from it. */
static void add_pair(xd_walk *w, xd_ctx *cx, xd_givens *g, size_t k, xd_problems *problems)
{
    const xd_shape_col *col = &w->t->cols[k];
    const xd_type *type = w->run->type;
    xd_str text = xd_buf_copy(&w->record->text[k], cx->arena), first = {0}, second = {0};
    bool told =
        text.n == 0 || xd_pair_split(cx, w->run->model, type, col, text, &first, &second);
    if (told) {
        xd_buf_clear(&w->record->text[k]);
        first = col->column.field == type->title ? xd_cell_name(cx->arena, first)
                                                 : xd_cell_one_line(cx->arena, first);
    } else if (col->column.field == type->title) {
        xd_problem *problem = xd_problem_add(
            cx, problems, XD_REFUSAL, "column.two", col->column.field->name, text,
            xd_str_printf(cx->arena, "“" XD_FMT "”里名称和另一项分不开。",
                          XD_ARG(xd_cell_one_line(cx->arena, text))),
            xd_str_printf(cx->arena,
                          "The name and what stands beside it cannot be told apart in "
                          "\"" XD_FMT "\".",
                          XD_ARG(xd_cell_one_line(cx->arena, text))));
        problem->suggestion[XD_ZH] = XD_S("分成两列写。");
        problem->suggestion[XD_EN] = XD_S("Write them in two columns.");
    }
    if (told && g->n + 2 <= GIVEN_MOST) {
        *xd_push(cx->arena, g) = (xd_given){.column = &col->column, .text = first};
        *xd_push(cx->arena, g) =
            (xd_given){.column = &col->second, .text = xd_cell_one_line(cx->arena, second)};
    }
}

static bool add_cells(xd_walk *w, xd_ctx *cx, xd_givens *g, xd_problems *problems)
{
    for (size_t k = 0; k < w->t->width && k < XD_COLUMNS_MOST; k++) {
        const xd_shape_col *col = &w->t->cols[k];
        if (col->use == XD_COL_USED && col->second.field != NULL) {
            add_pair(w, cx, g, k, problems);
        } else if (col->use == XD_COL_USED) {
            xd_str text = xd_buf_copy(&w->record->text[k], cx->arena);
            *xd_push(cx->arena, g) =
                (xd_given){.column = &col->column,
                           .text = col->quoted ? xd_cell_unquoted(xd_str_trim(text)) : text};
        }
    }
    if (w->record->other_name.n > 0) {
        const xd_field *title = w->run->type->title;
        add_given(cx, g, title, xd_cstr(cx->arena, title->langs.at[1]), w->record->other_name);
    }
    if (w->record->geometry.n > 0 && w->run->type->place != NULL) {
        const xd_json *geometry = NULL;
        if (!xd_json_read(cx, w->record->geometry, &geometry)) {
            return xd_fail_note(cx, "reading a geometry");
        }
        add_given(cx, g, w->run->type->place, "geometry", (xd_str){0});
        g->at[g->n - 1].geometry = geometry;
    }
    return true;
}

typedef struct label_taker {
    xd_ctx *cx;
    xd_givens *given;
} label_taker;

static bool take_label(void *user, const xd_column *column, xd_str value)
{
    label_taker *t = user;
    if (gives(t->given, column->field, NULL) || t->given->n >= GIVEN_MOST) {
        return false;
    }
    xd_column *kept = xd_new(t->cx->arena, xd_column);
    *kept = *column;
    *xd_push(t->cx->arena, t->given) = (xd_given){.column = kept, .text = value};
    return true;
}

/* Long texts that hold labels and values give them to their fields. */
static void take_labels(xd_walk *w, xd_ctx *cx, xd_givens *given)
{
    const xd_type *type = w->run->type;
    label_taker taker = {cx, given};
    size_t n = given->n;
    for (size_t i = 0; i < n; i++) {
        const xd_field *f = given->at[i].column->field;
        xd_str left;
        bool may =
            f != NULL && (f == type->summary || f == type->rest) && given->at[i].text.n > 0;
        if (may && xd_labels_take(cx, w->run->model, type, given->at[i].text, take_label,
                                  &taker, &left)) {
            given->at[i].text = left;
        }
    }
    for (size_t k = 0; k < w->t->width && k < XD_COLUMNS_MOST; k++) {
        xd_str left, text = xd_buf_copy(&w->record->text[k], cx->arena);
        if (w->t->cols[k].use == XD_COL_KEPT && text.n > 0 &&
            xd_labels_take(cx, w->run->model, type, text, take_label, &taker, &left)) {
            xd_buf_clear(&w->record->text[k]);
            xd_buf_add(&w->record->text[k], left);
        }
    }
}

static bool crs_of(xd_walk *w, xd_ctx *cx, const xd_crs **ret_crs)
{
    xd_str name = w->t->crs.p != NULL           ? w->t->crs
                  : w->run->shape.crs.p != NULL ? w->run->shape.crs
                                                : w->run->report->facts.crs;
    *ret_crs = w->run->crs;
    if (*ret_crs != NULL || name.n == 0) {
        return true;
    }
    return xd_crs_find(cx, name, ret_crs);
}

/* A note that every row gets is kept for the first rows only. */
static void keep_problems(xd_walk *w, const xd_problems *problems)
{
    for (size_t i = 0; i < problems->n; i++) {
        xd_problem p = problems->at[i];
        if (p.weight == XD_NOTE && !xd_run_note_again(w->run, w->record->row, p.code)) {
            continue;
        }
        p.column = xd_run_column(w->run, w->record->row, p.field);
        xd_run_problem(w->run, w->record->row, &p);
    }
}

static bool is_empty_body(const xd_json *body)
{
    for (size_t i = 0; i < body->members.n; i++) {
        xd_str key = body->members.at[i].key;
        if (!xd_str_eq(key, XD_S("type")) && !xd_str_eq(key, XD_S("sources")) &&
            !xd_str_eq(key, XD_S("confidence")) &&
            body->members.at[i].value->kind != XD_JSON_NULL) {
            return false;
        }
    }
    return true;
}

/* The record's own id, from the column of our exports. */
static int64_t id_of(xd_walk *w)
{
    for (size_t k = 0; k < w->t->width; k++) {
        const xd_shape_col *col = &w->t->cols[k];
        int64_t id = 0;
        if (col->use == XD_COL_USED && col->column.field == NULL &&
            xd_str_eq(col->column.part, XD_S("id")) &&
            xd_str_int(xd_str_trim(xd_buf_str(&w->record->text[k])), &id)) {
            return id;
        }
    }
    return 0;
}

static bool keep_draft(xd_walk *w, xd_ctx *cx, xd_json *body, bool refused)
{
    xd_run *run = w->run;
    int64_t id = id_of(w);
    xd_draft draft = {.final = -1,
                      .target = id,
                      .given_id = id,
                      .verdict = (uint32_t)w->record->verdict,
                      .row = (uint32_t)w->record->row,
                      .same_as = XD_NO_DRAFT,
                      .refused = refused};
    xd_draft *kept = xd_push(run->cx->arena, &run->drafts);
    *kept = draft;
    if (!xd_run_links(cx, run, kept, body) || !xd_draft_keep(cx, run, body, &kept->given)) {
        return false;
    }
    return xd_run_enter(cx, run, (uint32_t)run->drafts.n - 1, body);
}

static void mark_assumed(xd_walk *w, xd_ctx *cx, xd_json *body)
{
    const xd_field *f = w->run->type->division;
    if (xd_json_get(body, f->name) == NULL) {
        return;
    }
    xd_json *about = xd_json_object(cx->arena), *one = xd_json_object(cx->arena);
    const xd_json *said = xd_json_get(body, XD_S("about"));
    for (size_t i = 0; said != NULL && i < said->members.n; i++) {
        xd_json_set(cx->arena, about, said->members.at[i].key, said->members.at[i].value);
    }
    xd_json_set(cx->arena, one, XD_S("confidence"), xd_json_string(cx->arena, XD_S("low")));
    xd_json_set(cx->arena, about, f->name, one);
    xd_json_set(cx->arena, body, XD_S("about"), about);
    if (!w->context_said && w->context != NULL) {
        w->context_said = true;
        XD_SAY(w, w->record->row, XD_WARNING, "division.assumed",
               xd_label_in(&f->label, cx->lang), w->context->label.in[XD_ZH],
               "没有写所在地的行按标题或表名里的“" XD_FMT "”填写，可信度记为低，请核对。",
               "Rows that name no place take “" XD_FMT
               "” from the title or the sheet's name, with "
               "low confidence: please check.",
               XD_ARG(w->context->label.in[XD_ZH]));
    }
}

/* ---- the address says more ------------------------------------------------------------------ */

/* 安庆市大观区、迎江区: an address that is nothing but names of divisions names all of them. */
static const xd_json *all_in_address(xd_ctx *cx, const xd_field *f, const xd_vocabulary *v,
                                     xd_str text, const xd_json *first)
{
    const xd_term *one = xd_term_find(v, xd_json_str(xd_json_at(first, 0)));
    xd_strs pieces = {0};
    xd_list_split(cx, text, &pieces);
    if (!f->many || one == NULL || xd_json_len(first) != 1 || pieces.n < 2) {
        return first;
    }
    xd_json *all = xd_json_array(cx->arena);
    xd_json_add(cx->arena, all, xd_json_at(first, 0));
    for (size_t i = 1; i < pieces.n; i++) {
        const xd_term *term = xd_term_read(cx, v, pieces.at[i], NULL);
        if (term == NULL || term->parent != one->parent) {
            return first;
        }
        xd_json_add(cx->arena, all, xd_json_string(cx->arena, term->code));
    }
    return all;
}

/* A county named by the titles, or inside the record's own name, within the prefecture that is all
 * the row or its point says: 泾县宣纸厂 in 宣城市. A name that the prefecture has too (黄山) says
 * nothing. */
static const xd_term *county_around(xd_walk *w, xd_ctx *cx, const xd_json *body,
                                    const xd_term *coarse)
{
    const xd_type *type = w->run->type;
    const xd_term *context = w->context;
    if (context != NULL && context->depth >= 2 && xd_term_within(context, coarse)) {
        return context;
    }
    if (type->title == NULL || coarse->depth > 1) {
        return NULL;
    }
    xd_str name = xd_value_lang(xd_value(type->title, body, 0), type->title->langs.at[0], NULL);
    if (coarse->depth == 0) { /* by a full name only: counties of a province are many */
        return xd_division_leading(xd_model_divisions(w->run->model), name, coarse);
    }
    xd_str full = xd_str_join(cx->arena, coarse->label.in[XD_ZH], name);
    const xd_term *named = xd_division_in(cx, w->run->model, full);
    if (named == NULL || named->depth < 2 || !xd_term_within(named, coarse)) {
        return NULL;
    }
    /* Of districts only the whole name: 徽州三雕 is not of 徽州区. */
    xd_str label = named->label.in[XD_ZH];
    bool whole = xd_str_find(name, label, 0) != SIZE_MAX;
    return xd_str_ends(label, XD_S("区")) && !whole ? NULL : named;
}

/* 安徽省亳州市古井酒文化博览园: a name that begins with where it is, told by the full name of a division, in
 * a row that says it nowhere else. */
static bool place_in_name(xd_walk *w, xd_ctx *cx, xd_json *body)
{
    const xd_type *type = w->run->type;
    const xd_field *f = type->division;
    if (f == NULL || type->title == NULL || xd_model_divisions(w->run->model) == NULL ||
        xd_value_count(f, body) != 0) {
        return false;
    }
    xd_str name = xd_value_lang(xd_value(type->title, body, 0), type->title->langs.at[0], NULL);
    const xd_term *named = xd_division_leading(xd_model_divisions(w->run->model), name, NULL);
    if (named == NULL) {
        return false;
    }
    xd_json *code = xd_json_string(cx->arena, named->code), *list = xd_json_array(cx->arena);
    xd_json_add(cx->arena, list, code);
    xd_json_set(cx->arena, body, f->name, f->many ? list : code);
    XD_SAY(w, w->record->row, XD_WARNING, "division.named", xd_label_in(&f->label, cx->lang),
           named->label.in[XD_ZH],
           "没有写所在地，按名称记为“" XD_FMT "”，可信度记为低，请核对。",
           "No place is said; the name says “" XD_FMT
           "”, which was taken with low confidence: please check.",
           XD_ARG(named->label.in[XD_ZH]));
    return true;
}

static void refine_around(xd_walk *w, xd_ctx *cx, xd_json *body, bool *ret_assumed)
{
    const xd_field *f = w->run->type->division;
    const xd_vocabulary *v = xd_model_divisions(w->run->model);
    if (f == NULL || v == NULL || xd_value_count(f, body) != 1) {
        return;
    }
    const xd_term *coarse = xd_term_find(v, xd_json_str(xd_value(f, body, 0)));
    const xd_term *county =
        coarse == NULL || coarse->depth >= 2 ? NULL : county_around(w, cx, body, coarse);
    if (county == NULL) {
        return;
    }
    xd_json *list = xd_json_array(cx->arena);
    xd_json *code = xd_json_string(cx->arena, county->code);
    xd_json_add(cx->arena, list, code);
    xd_json_set(cx->arena, body, f->name, f->many ? list : code);
    *ret_assumed = true;
    XD_SAY(w, w->record->row, XD_WARNING, "division.named", xd_label_in(&f->label, cx->lang),
           county->label.in[XD_ZH],
           "所在地只到“" XD_FMT "”，按名称或标题记为“" XD_FMT "”，可信度记为低，请核对。",
           "Only “" XD_FMT "” is said; the name or a title says “" XD_FMT
           "”, which was taken with low confidence: please check.",
           XD_ARG(coarse->label.in[XD_ZH]), XD_ARG(county->label.in[XD_ZH]));
}

/* A division that is no county, where the address alone gives one inside it. */
static bool refine(xd_walk *w, xd_ctx *cx, const xd_givens *given,
                   const xd_read_options *options, xd_json *body, bool *ret_refined)
{
    xd_run *run = w->run;
    const xd_field *f = run->type->division;
    const xd_vocabulary *v = xd_model_divisions(run->model);
    *ret_refined = false;
    if (f == NULL || v == NULL || f->otherwise == NULL || xd_value_count(f, body) != 1) {
        return true;
    }
    const xd_term *coarse = xd_term_find(v, xd_json_str(xd_value(f, body, 0)));
    xd_givens *address = xd_new(cx->arena, xd_givens);
    for (size_t i = 0; i < given->n; i++) {
        if (given->at[i].column->field == f->otherwise && given->at[i].text.n > 0) {
            *xd_push(cx->arena, address) = given->at[i];
        }
    }
    if (coarse == NULL || coarse->depth >= 2 || address->n == 0) {
        return true;
    }
    xd_problems ignored = {0};
    xd_json *by_address = NULL;
    if (!xd_row_read(cx, run->model, run->type, address->at, address->n, options, &by_address,
                     &ignored)) {
        return false;
    }
    size_t n = xd_value_count(f, by_address);
    for (size_t i = 0; i < n; i++) {
        const xd_term *term = xd_term_find(v, xd_json_str(xd_value(f, by_address, i)));
        if (term == NULL || term == coarse || !xd_term_within(term, coarse)) {
            return true;
        }
    }
    if (n > 0) {
        const xd_json *finer =
            all_in_address(cx, f, v, address->at[0].text, xd_json_get(by_address, f->name));
        xd_str code = xd_json_str(xd_value(f, by_address, 0));
        xd_json_set(cx->arena, body, f->name, finer);
        *ret_refined = true;
        XD_SAY(w, w->record->row, XD_NOTE, "division.from_address",
               xd_run_column(run, w->record->row, f->otherwise->name), address->at[0].text,
               "所在地从地址读出：" XD_FMT "。",
               "The division was read from the address: " XD_FMT ".",
               XD_ARG(xd_division_text(cx, run->model, code)));
    }
    return true;
}

/* ---- columns that mean nothing -------------------------------------------------------------- */

/* What they hold goes to the field for the rest, each with its header; so does what a second column
 * for a field says otherwise than the first. */
static void keep_rest(xd_walk *w, xd_ctx *cx, xd_json *body)
{
    const xd_field *f = w->run->type->rest;
    for (size_t k = 0; k < w->t->width && k < XD_COLUMNS_MOST; k++) {
        const xd_shape_col *col = &w->t->cols[k];
        xd_str text = xd_buf_str(&w->record->text[k]);
        bool kept = col->use == XD_COL_KEPT || col->second.field != NULL ||
                    (col->use == XD_COL_TWIN && col->column.field != NULL &&
                     !col->column.field->personal && !col->column.field->hidden);
        if (f == NULL || !kept || text.n == 0) {
            continue;
        }
        xd_str said =
            xd_str_printf(cx->arena, XD_FMT "：" XD_FMT, XD_ARG(col->header), XD_ARG(text));
        const xd_json *there = xd_json_get(body, f->name);
        xd_json *value = xd_json_object(cx->arena);
        xd_str before = f->many ? (xd_str){0} : xd_json_get_str(there, f->langs.at[0]);
        said = before.n == 0
                   ? said
                   : xd_str_printf(cx->arena, XD_FMT "\n" XD_FMT, XD_ARG(before), XD_ARG(said));
        xd_json_set(cx->arena, value, f->langs.at[0], xd_json_string(cx->arena, said));
        if (!f->many) {
            xd_json_set(cx->arena, body, f->name, value);
            continue;
        }
        xd_json *list = there != NULL && there->kind == XD_JSON_ARRAY
                            ? xd_json_own(there)
                            : xd_json_array(cx->arena);
        xd_json_add(cx->arena, list, value);
        xd_json_set(cx->arena, body, f->name, list);
    }
}

/* ---- what sentences tell ---------------------------------------------------------------------- */

/* 发展历程：始建于1958年, as keep_rest() writes it: without the header. */
static xd_str without_header(xd_str text)
{
    size_t at = xd_str_find(text, XD_S("："), 0);
    return at < 45 ? xd_str_sub(text, at + strlen("："), text.n) : text;
}

static void take_told(xd_walk *w, xd_ctx *cx, xd_json *body, xd_problems *problems)
{
    const xd_type *type = w->run->type;
    const xd_field *fields[] = {type->summary, type->rest};
    for (size_t k = 0; k < XD_LEN(fields); k++) {
        const xd_field *f = fields[k];
        for (size_t i = 0; f != NULL && i < xd_value_count(f, body); i++) {
            xd_str text = xd_value_lang(xd_value(f, body, i), f->langs.at[0], NULL);
            text = k == 0 ? text : without_header(text);
            if (xd_told_read(cx, w->run->model, type, text, body, problems)) {
                return;
            }
        }
    }
}

/* ---- the record ----------------------------------------------------------------------------- */

/* All that the record is given, in the helper's way of reading it. */
static bool begin_reading(xd_walk *w, xd_gathered *g)
{
    xd_run *run = w->run;
    xd_ctx *cx = &g->memory;
    xd_givens *given = xd_new(cx->arena, xd_givens);
    g->read.given = given;
    g->read.options = (xd_read_options){
        .regions = run->options->regions, .clear = run->options->clear, .today = run->today};
    g->read.body = NULL;
    g->read.problems = (xd_problems){0};
    g->read.assumed = false;
    if (!add_cells(w, cx, given, &g->read.problems) || !crs_of(w, cx, &g->read.options.crs)) {
        return false;
    }
    take_labels(w, cx, given);
    add_division(w, cx, given, &g->read.assumed);
    add_over(w, cx, given);
    add_titled(w, cx, given);
    add_parent_over(w, cx, given);
    if (run->options->source.n > 0 && !gives(given, NULL, "source")) {
        add_given(cx, given, NULL, "source", run->options->source);
    }
    if (run->options->confidence.n > 0 && !gives(given, NULL, "confidence")) {
        add_given(cx, given, NULL, "confidence", run->options->confidence);
    }
    return true;
}

void xd_walk_read(void *walk, size_t i)
{
    xd_walk *w = walk;
    xd_gathered *g = &w->ring[i];
    const xd_run *run = w->run;
    g->read.ok =
        xd_row_read(&g->memory, run->model, run->type, g->read.given->at, g->read.given->n,
                    &g->read.options, &g->read.body, &g->read.problems);
}

/* What the whole row says beyond its cells, one by one. */
static bool end_reading(xd_walk *w, xd_gathered *g)
{
    xd_ctx *cx = &g->memory;
    xd_json *body = g->read.body;
    bool refined = false;
    if (!g->read.ok || !refine(w, cx, g->read.given, &g->read.options, body, &refined)) {
        return false;
    }
    keep_rest(w, cx, body);
    take_told(w, cx, body, &g->read.problems);
    bool named = place_in_name(w, cx, body);
    refine_around(w, cx, body, &named);
    g->read.assumed = (g->read.assumed && !refined) || named;
    return true;
}

/* A line of a form that nobody filled in: it says whom it is about and no more. What a cell said
 * counts though its field could not read it, and so does what no column had a place for. */
static bool is_unfilled(const xd_type *type, const xd_givens *given, const xd_json *body)
{
    bool filled = type->n_filled == 0 ||
                  (type->rest != NULL && xd_json_get(body, type->rest->name) != NULL);
    for (size_t i = 0; i < given->n && !filled; i++) {
        const xd_field *field = given->at[i].column->field;
        for (size_t k = 0; k < type->n_filled && !filled; k++) {
            filled = field == type->filled[k] && given->at[i].text.n > 0;
        }
    }
    return !filled;
}

static bool settle(xd_walk *w, xd_gathered *g)
{
    xd_run *run = w->run;
    xd_ctx *cx = &g->memory;
    const xd_problems *problems = &g->read.problems;
    if (!end_reading(w, g)) {
        return false;
    }
    xd_walk_account(w, g);
    xd_json *body = g->read.body;
    if (is_unfilled(run->type, g->read.given, body)) {
        run->report->verdicts.at[g->verdict].verdict = XD_ROW_SKIPPED;
        (void)xd_run_say(run, g->row, XD_NOTE, "row.unfilled", (xd_str){0}, (xd_str){0},
                         XD_S("这一行没有填，跳过。"),
                         XD_S("Nobody filled this row in; it was passed over."));
        return true;
    }
    if (g->crossed) {
        (void)xd_run_say(
            run, g->row, XD_WARNING, "row.crossed", (xd_str){0}, (xd_str){0},
            XD_S("这条记录占几行，其中只能有一个值的列各行不同，取了第一行的。"),
            XD_S("This record takes several rows which differ where only one value "
                 "can stand; the first row's was taken."));
    }
    keep_problems(w, problems);
    bool refused = xd_problems_refuse(problems);
    if (!refused && is_empty_body(body)) {
        run->report->verdicts.at[g->verdict].verdict = XD_ROW_SKIPPED;
        (void)xd_run_say(run, g->row, XD_NOTE, "row.nothing", (xd_str){0}, (xd_str){0},
                         XD_S("这一行在认得的列里没有内容，不是记录。"),
                         XD_S("This row has nothing in the columns we know."));
        return true;
    }
    if (g->read.assumed) {
        mark_assumed(w, cx, body);
    }
    if (refused) {
        run->report->verdicts.at[g->verdict].verdict = XD_ROW_REFUSED;
    }
    return keep_draft(w, cx, body, refused);
}

static bool settle_oldest(xd_walk *w)
{
    w->record = &w->ring[xd_beside_take(w->beside)];
    return settle(w, w->record) || xd_scratch_fail(w->run->cx, &w->record->memory);
}

bool xd_walk_finish(xd_walk *w)
{
    xd_gathered *g = w->record;
    if (!g->open) {
        return true;
    }
    g->open = false;
    if (!begin_reading(w, g)) {
        return xd_scratch_fail(w->run->cx, &g->memory);
    }
    xd_beside_give(w->beside);
    bool ok = xd_beside_out(w->beside) < XD_AHEAD || settle_oldest(w);
    w->record = &w->ring[xd_beside_next(w->beside)];
    return ok;
}

bool xd_walk_settle(xd_walk *w)
{
    bool ok = xd_walk_finish(w);
    while (ok && xd_beside_out(w->beside) > 0) {
        ok = settle_oldest(w);
    }
    w->record = &w->ring[xd_beside_next(w->beside)];
    return ok;
}
