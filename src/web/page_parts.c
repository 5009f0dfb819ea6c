/* What a record is made of: records of a child type that name it as their parent.
 *
 * Parts that say something of their own (their type has a summary) are its contents: one after
 * another in their order, each with an anchor, so that a clause can be sent to somebody. Others, things
 * of a list, stand in a table. */
#include "web/page_kin.h"

#include <stdlib.h>

#define LINES 300    /* parts shown */
#define TIED 80      /* parts whose own relations are looked up */
#define LOOKED_AT 16 /* of one of these */
#define TIES 6
#define TOC_FROM 4 /* fewer need no list of their own */

typedef struct part {
    const xd_bond *relation;
    xd_str order; /* as text; absent: unknown, last */
} part;

static int by_order(const void *a, const void *b)
{
    const part *p = a, *q = b;
    if ((p->order.n > 0) != (q->order.n > 0)) {
        return p->order.n > 0 ? -1 : 1;
    }
    int by = xd_natural_cmp(p->order, q->order);
    return by != 0 ? by
                   : (p->relation->id > q->relation->id) - (p->relation->id < q->relation->id);
}

static xd_str order_of(xd_record_page *r, const xd_bond *relation)
{
    const xd_field *order = relation->type->order;
    const xd_json *value = order == NULL ? NULL : xd_value(order, relation->body, 0);
    if (value == NULL) {
        return xd_json_get_str(relation->body, XD_S("number"));
    }
    xd_str n = xd_json_get_str(value, XD_S("n"));
    return n.n > 0 ? n : xd_value_text(r->page.cx, r->page.app->model, order, value);
}

/* "c3.2": stays with the part while its order does; made of the id where that says nothing. */
static xd_str anchor_of(xd_record_page *r, const part *p, const xd_view_parts_of *view)
{
    bool plain = p->relation->type->order != NULL && p->order.n > 0 && p->order.n < 24;
    for (size_t i = 0; plain && i < p->order.n; i++) {
        char c = p->order.p[i];
        plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                c == '.' || c == '-';
    }
    xd_str id =
        plain ? xd_str_printf(r->page.cx->arena, "c" XD_FMT, XD_ARG(p->order)) : (xd_str){0};
    for (size_t i = 0; plain && i < view->items.n; i++) {
        plain = !xd_str_eq(view->items.at[i].id, id);
    }
    return plain ? id : xd_str_printf(r->page.cx->arena, "c-%" PRId64, p->relation->id);
}

/* What else the part is tied to: which task it orders, who answers for it. */
static bool add_ties(xd_record_page *r, const xd_bond *relation, xd_view_part_of *item)
{
    xd_ctx *cx = r->page.cx;
    xd_bonds list = {0};
    if (!xd_bonds_of(r, relation->id, relation->type, relation->body, LOOKED_AT, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.n && item->ties.n < TIES; i++) {
        const xd_bond *one = &list.at[i];
        if (one->id != r->id) {
            *xd_push(cx->arena, &item->ties) = (xd_view_tie){
                .name = xd_bond_name(&r->page, one),
                .title = xd_bond_title(&r->page, one),
                .url = xd_body_url(&r->page, one->type, one->id, one->body),
            };
        }
    }
    return true;
}

static bool add_contents(xd_record_page *r, const part *parts, size_t n, xd_view_parts_of *view)
{
    xd_ctx *cx = r->page.cx;
    for (size_t i = 0; i < n && i < LINES; i++) {
        const xd_bond *one = parts[i].relation;
        xd_view_part_of item = {
            .id = anchor_of(r, &parts[i], view),
            .title = xd_bond_title(&r->page, one),
            .url = xd_body_url(&r->page, one->type, one->id, one->body),
            .text = xd_field_said(&r->page, one->type->summary, one->body, 0),
            .order = one->type->order == NULL ? (xd_str){0} : parts[i].order,
        };
        item.here = xd_url_anchor(cx, item.id);
        if (i < TIED && !add_ties(r, one, &item)) {
            return false;
        }
        *xd_push(cx->arena, &view->items) = item;
    }
    view->listed = view->items.n >= TOC_FROM;
    return true;
}

/* Parts may be called like a field that lists them in one text: the page then says which of the
 * two headings is the list of records. */
static xd_str label_of(xd_record_page *r, xd_str label)
{
    for (size_t i = 0; i < r->view.sections.n; i++) {
        if (xd_str_eq(r->view.sections.at[i].label, label)) {
            return xd_say_s(&r->page, XD_W_RECORD_ONE_BY_ONE, "what", label);
        }
    }
    return label;
}

static bool add_parts(xd_record_page *r, const xd_type *type, part *parts, size_t n)
{
    xd_ctx *cx = r->page.cx;
    xd_str label = xd_type_plural(&r->page, type);
    xd_view_parts_of view = {
        .id = xd_str_printf(cx->arena, "k%zu", type->at),
        .label = label_of(r, label),
        .n = n,
    };
    qsort(parts, n, sizeof *parts, by_order);
    if (type->summary != NULL) {
        if (!add_contents(r, parts, n, &view)) {
            return false;
        }
    } else {
        xd_view_table *table = xd_table_of(&r->page, type, label);
        for (size_t i = 0; i < n && i < LINES; i++) {
            const xd_bond *one = parts[i].relation;
            if (!xd_table_line(&r->page, type, one->id, one->body, table)) {
                return false;
            }
        }
        view.table = table;
    }
    *xd_push(cx->arena, &r->view.children) = view;
    return true;
}

bool xd_record_parts(xd_record_page *r, const xd_bonds *list)
{
    part *parts = xd_new_n(r->page.cx->arena, part, list->n + 1);
    const xd_model *model = r->page.app->model;

    for (size_t t = 0; t < xd_model_types(model); t++) {
        const xd_type *type = xd_model_type(model, t);
        size_t n = 0;
        bool drawn = type->tree != NULL && !r->past; /* page_computed.c */
        for (size_t i = 0; !drawn && type->parent == r->type && i < list->n; i++) {
            const xd_bond *one = &list->at[i];
            if (one->incoming && one->type == type && one->field == type->parent_field) {
                parts[n++] = (part){.relation = one, .order = order_of(r, one)};
            }
        }
        if (n > 0 && !add_parts(r, type, parts, n)) {
            return false;
        }
    }
    return true;
}
