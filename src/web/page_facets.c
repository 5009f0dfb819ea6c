/* Facets and filters of a list page: every value is a link that adds or takes away one condition
 * and keeps all others. Narrower terms stand below the wider one once that is chosen. */
#include "web/lights.h"
#include "web/page_list.h"
#include "web/stats.h"

#define VALUES 8 /* before the fold */
#define DECADES 14
#define FOLDED 120 /* behind it */

static const xd_str carried[] = {
    XD_STR("q"),      XD_STR("filter"),   XD_STR("filter-lang"),
    XD_STR("bbox"),   XD_STR("datetime"), XD_STR("certain"),
    XD_STR("sortby"), XD_STR("show"),     XD_STR("on"),
};

static const xd_field *facet_field(const xd_type *type, xd_str name)
{
    for (size_t i = 0; i < type->n_facets; i++) {
        if (xd_str_eq(type->facets[i]->name, name)) {
            return type->facets[i];
        }
    }
    return NULL;
}

static bool is_light(const xd_type *type, xd_str name)
{
    const xd_computed *light = xd_light_of(type);
    return light != NULL && xd_str_eq(light->field.name, name);
}

/* What a list is narrowed by: a facet, or one record that others link to ("all records of this
 * owner", told by its id). */
static const xd_field *narrowing(const xd_type *type, xd_str name)
{
    const xd_field *field = facet_field(type, name);
    if (field == NULL) {
        field = xd_field_find(type, name);
        field = field != NULL && field->kind == XD_KIND_LINK && !field->hidden ? field : NULL;
    }
    return field;
}

/* An empty value is the bar of the unknown of a facet, and nothing of anything else. */
static bool is_carried(const xd_type *type, const xd_param *p)
{
    for (size_t i = 0; i < XD_LEN(carried); i++) {
        if (xd_str_eq(carried[i], p->name)) {
            return p->value.n > 0;
        }
    }
    return narrowing(type, p->name) != NULL || is_light(type, p->name);
}

void xd_list_carry(xd_list_page *l)
{
    const xd_request *request = l->page.request;
    for (size_t i = 0; i < request->n_params; i++) {
        const xd_param *p = &request->params[i];
        if (is_carried(l->type, p) && !xd_query_has(&l->page.query, p->name, p->value)) {
            xd_query_add(l->page.cx, &l->page.query, p->name, p->value);
        }
    }
}

/* The record a link leads to, as it is called now; what is no id, or not seen, as it was written. */
static xd_str linked_label(xd_page *page, const xd_field *field, xd_str code)
{
    int64_t id;
    xd_said said;
    xd_json *value = xd_json_object(page->cx->arena);
    if (!xd_str_int(code, &id)) {
        return code;
    }
    xd_json_set(page->cx->arena, value, XD_S("id"), xd_json_integer(page->cx->arena, id));
    if (!xd_value_said(page, field, value, &said, NULL)) {
        (void)xd_err_take(page->cx); /* a chip without its name, not a page that fails */
        return code;
    }
    return said.text.n > 0 ? said.text : code;
}

xd_str xd_facet_label(xd_page *page, const xd_field *field, xd_str code)
{
    int64_t year;
    const xd_term *term;

    if (code.n == 0) {
        return xd_say(page, XD_W_LIST_UNKNOWN);
    }
    if (field->kind == XD_KIND_LINK) {
        return linked_label(page, field, code);
    }
    if (field->facet == XD_FACET_DECADE && xd_str_int(code, &year)) {
        if (field->facet_decades == 1) {
            return xd_say_n(page, XD_W_REPORT_YEAR, "year", year);
        }
        return xd_say_n(page, XD_W_LIST_DECADE, "from", year);
    }
    if (field->vocabulary != NULL && (term = xd_term_find(field->vocabulary, code)) != NULL) {
        return xd_label_in(&term->label, page->cx->lang);
    }
    if (field->kind == XD_KIND_BOOLEAN) {
        return xd_value_text(page->cx, page->app->model, field,
                             xd_json_bool(page->cx->arena, xd_str_eq(code, XD_S("true"))));
    }
    return code;
}

/* ---- one facet ------------------------------------------------------------------------------ */

typedef struct facet_page {
    xd_list_page *l;
    const xd_facet *facet;
    const xd_term *base; /* terms directly below are always shown; NULL: those without parent */
    xd_view_facet view;
} facet_page;

static bool chosen(const facet_page *f, xd_str code)
{
    return xd_query_has(&f->l->page.query, f->facet->field->name, code);
}

/* Chosen, or above a chosen one: what is narrower is shown. */
static bool is_open(const facet_page *f, const xd_term *term)
{
    const xd_query *query = &f->l->page.query;
    for (size_t i = 0; i < query->n; i++) {
        if (xd_str_eq(query->at[i].name, f->facet->field->name)) {
            const xd_term *on = xd_term_find(f->facet->field->vocabulary, query->at[i].value);
            if (on != NULL && xd_term_within(on, term)) {
                return true;
            }
        }
    }
    return false;
}

static int level_of(const facet_page *f, const xd_term *term)
{
    int level = 0;
    for (const xd_term *up = term->parent; up != NULL && up != f->base && level < 3;
         up = up->parent) {
        level++;
    }
    return level;
}

static void add_value(facet_page *f, const xd_count *count, int level, size_t before_fold)
{
    xd_ctx *cx = f->l->page.cx;
    const xd_field *field = f->facet->field;
    bool on = chosen(f, count->code);
    xd_query query = on ? xd_query_minus(cx, &f->l->page.query, field->name, count->code)
                        : xd_query_without(cx, &f->l->page.query, XD_S("cursor"));
    if (!on) {
        xd_query_add(cx, &query, field->name, count->code);
    }
    xd_view_links *to =
        on || level > 0 || f->view.values.n < before_fold ? &f->view.values : &f->view.more;
    if (to->n >= FOLDED) {
        return;
    }
    *xd_push(cx->arena, to) = (xd_view_link){
        .label = xd_facet_label(&f->l->page, field, count->code),
        .url = xd_url_query(cx, f->l->view.action, &query),
        .hint = xd_str_printf(cx->arena, "%" PRIu64, count->n),
        .here = on,
        .level = level,
    };
    f->view.chosen |= on;
}

static void add_below(facet_page *f, const xd_term *parent)
{
    for (size_t i = 0; i < f->facet->n; i++) {
        const xd_count *count = &f->facet->counts[i];
        const xd_term *term =
            count->code.n == 0 ? NULL : xd_term_find(f->facet->field->vocabulary, count->code);
        if (term != NULL && term->parent == parent && term != f->base) {
            add_value(f, count, level_of(f, term), VALUES);
            if (is_open(f, term)) {
                add_below(f, term);
            }
        }
    }
}

static void add_flat(facet_page *f)
{
    size_t before_fold = f->facet->field->facet == XD_FACET_DECADE ? DECADES : VALUES;
    for (size_t i = 0; i < f->facet->n; i++) {
        add_value(f, &f->facet->counts[i], 0, before_fold);
    }
}

static void add_unknown(facet_page *f)
{
    for (size_t i = 0; i < f->facet->n; i++) {
        if (f->facet->counts[i].code.n == 0 && f->facet->counts[i].n > 0) {
            add_value(f, &f->facet->counts[i], 0, VALUES);
        }
    }
}

void xd_list_facets(xd_list_page *l)
{
    for (size_t i = 0; i < l->answer->n_facets; i++) {
        facet_page f = {.l = l, .facet = &l->answer->facets[i]};
        const xd_field *field = f.facet->field;
        if (f.facet->n == 0 || (f.facet->n == 1 && f.facet->counts[0].code.n == 0)) {
            continue;
        }
        f.view.label = xd_label_in(&field->label, l->page.cx->lang);
        f.view.approximate = f.facet->approximate;
        if (field->vocabulary != NULL) {
            f.base = field->vocabulary == xd_model_divisions(l->page.app->model)
                         ? l->page.site->region
                         : NULL;
            if (f.base != NULL) {
                add_below(&f, f.base);
            }
            add_below(&f, NULL);
            add_unknown(&f);
        } else {
            add_flat(&f);
        }
        f.view.open = f.view.chosen || i < 3;
        *xd_push(l->page.cx->arena, &l->view.facets) = f.view;
    }
}

/* ---- what is in force ---------------------------------------------------------------------- */

static xd_str chip_label(xd_list_page *l, const xd_param *p)
{
    xd_page *page = &l->page;
    const xd_field *field = narrowing(l->type, p->name);

    if (field != NULL) {
        const xd_fill fills[] = {
            {.hole = "field",              .text = xd_label_in(&field->label, page->cx->lang)},
            { .hole = "value", .text = xd_facet_label(page,                             field,       p->value)},
        };
        return xd_word_fill(page->cx->arena, page->cx->lang, XD_W_LIST_CHIP, fills,
                            XD_LEN(fills));
    }
    if (is_light(l->type, p->name)) {
        return xd_light_word(page, p->value);
    }
    if (xd_str_eq(p->name, XD_S("q"))) {
        return xd_say_s(page, XD_W_LIST_WORDS, "q", p->value);
    }
    if (xd_str_eq(p->name, XD_S("bbox"))) {
        return xd_say(page, XD_W_LIST_AREA);
    }
    if (xd_str_eq(p->name, XD_S("datetime"))) {
        return xd_say_s(page, XD_W_LIST_TIME, "when", p->value);
    }
    if (xd_str_eq(p->name, XD_S("on"))) {
        return xd_say_s(page, XD_W_LIST_ON_CHIP, "when", p->value);
    }
    if (xd_str_eq(p->name, XD_S("filter"))) {
        return xd_say_s(page, XD_W_LIST_CONDITION, "filter", p->value);
    }
    return (xd_str){0};
}

void xd_list_chips(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    for (size_t i = 0; i < l->page.query.n; i++) {
        const xd_param *p = &l->page.query.at[i];
        xd_str label = chip_label(l, p);
        if (label.n == 0) {
            continue; /* order and form of the list are no filters */
        }
        const xd_query left = xd_query_minus(cx, &l->page.query, p->name, p->value);
        *xd_push(cx->arena, &l->view.chips) =
            (xd_view_link){.label = label, .url = xd_url_query(cx, l->view.action, &left)};
    }
    if (l->view.chips.n > 1) {
        l->view.reset = l->view.action;
    }
}
