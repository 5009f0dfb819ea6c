/* What follows from a record and others: its computed values and lights, the tree of its
 * children with theirs. Nothing here knows what a plan is: a child type that says `tree` is drawn
 * as one, and records with a saved query that lead to a node stand beside it. */
#include "web/page_record.h"

#define NODES 600
#define DEPTH 8
#define FIGURES 20
#define OPEN_LINES 12 /* a longer table below a tree is folded */

typedef struct growing {
    xd_record_page *r;
    xd_kin *kin;
    const xd_type *type; /* of the nodes */
    bool samples;
    bool flat; /* a table of records that lead here, with what is computed of each */
    const xd_field *through; /* flat: the link that does */
    xd_view_tree tree;
} growing;

xd_view_lamp xd_lamp_of(xd_ctx *cx, const xd_computed *computed, const xd_derived *value)
{
    static const struct {
        xd_str css, sign;
    } looks[XD_LIGHTS] = {
        [XD_LIGHT_GREEN] = {XD_STR("green"),  XD_STR("✓")},
        [XD_LIGHT_YELLOW] = {XD_STR("yellow"), XD_STR("▲")},
        [XD_LIGHT_RED] = {XD_STR("red"),    XD_STR("■")},
        [XD_LIGHT_GREY] = {XD_STR("grey"),   XD_STR("○")},
    };
    if (!value->known || value->light == NULL) {
        return (xd_view_lamp){0};
    }
    return (xd_view_lamp){.css = looks[value->light->look].css,
                          .sign = looks[value->light->look].sign,
                          .label = xd_derived_text(cx, computed, value)};
}

static const xd_computed *first_by(const xd_type *type, xd_compute by)
{
    for (size_t i = 0; i < type->n_computed; i++) {
        if (type->computed[i].by == by) {
            return &type->computed[i];
        }
    }
    return NULL;
}

static bool lamp_for(xd_ctx *cx, xd_kin *kin, const xd_type *type, int64_t id,
                     const xd_json *body, xd_view_lamp *ret_lamp)
{
    const xd_computed *light = first_by(type, XD_COMPUTE_LIGHT);
    xd_derived value = {0};
    if (light != NULL && !xd_kin_value(cx, kin, id, body, light, &value)) {
        return false;
    }
    *ret_lamp = light == NULL ? (xd_view_lamp){0} : xd_lamp_of(cx, light, &value);
    return true;
}

xd_str xd_derived_with_unit(xd_ctx *cx, const xd_computed *c, const xd_derived *value)
{
    xd_str text = xd_derived_text(cx, c, value),
           unit = xd_label_in(&c->field.unit_label, cx->lang);
    if (unit.n == 0) {
        unit = c->field.unit;
    }
    bool close = unit.n == 1 && unit.p[0] == '%';
    return text.n == 0 || unit.n == 0
               ? text
               : xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(text), close ? "" : " ",
                               XD_ARG(unit));
}

/* Numbers and lights that stand in a table beside the list's fields. */
static bool in_table(const xd_computed *c)
{
    return c->by == XD_COMPUTE_FROM || c->by == XD_COMPUTE_LESS || c->by == XD_COMPUTE_QUERY;
}

bool xd_computed_tabled(const xd_type *type)
{
    bool any = false;
    for (size_t i = 0; i < type->n_computed; i++) {
        any = any || in_table(&type->computed[i]);
    }
    return any;
}

/* ---- the tree ------------------------------------------------------------------------------- */

static bool is_column(const growing *g, const xd_field *field)
{
    return field != g->type->title && field != g->type->tree &&
           field != g->type->parent_field && field != g->through && !field->hidden &&
           !field->retired;
}

static xd_str cell_of(growing *g, const xd_field *field, const xd_json *body)
{
    xd_ctx *cx = g->r->page.cx;
    xd_str all = {0};
    size_t n = xd_value_count(field, body);
    for (size_t i = 0; i < n && i < 5; i++) {
        xd_str one = xd_field_said(&g->r->page, field, body, i).text;
        all = all.n == 0
                  ? one
                  : xd_str_printf(cx->arena, XD_FMT "; " XD_FMT, XD_ARG(all), XD_ARG(one));
    }
    return all;
}

/* Records with a saved query that lead to the node: their name and what they find now. */
static bool add_figures(growing *g, int64_t id, xd_view_node *node)
{
    xd_ctx *cx = g->r->page.cx;
    const xd_reverse *list;
    size_t n = xd_type_reverses(g->kin->model, g->type, &list);
    for (size_t i = 0; i < n; i++) {
        const xd_computed *query = first_by(list[i].from, XD_COMPUTE_QUERY);
        int64_t *ids = NULL;
        size_t many = 0;
        if (query == NULL || list[i].field->hidden) {
            continue;
        }
        if (!xd_kin_linked(cx, g->kin, list[i].from, list[i].field, id, g->samples, &ids,
                           &many)) {
            return false;
        }
        for (size_t k = 0; k < many && node->figures.n < FIGURES; k++) {
            const xd_json *body;
            xd_derived value;
            xd_view_lamp lamp;
            if (!xd_kin_body(cx, g->kin, ids[k], &body) || body == NULL ||
                !xd_kin_value(cx, g->kin, ids[k], body, query, &value) ||
                !lamp_for(cx, g->kin, list[i].from, ids[k], body, &lamp)) {
                return false;
            }
            xd_str text = value.known ? xd_derived_with_unit(cx, query, &value)
                                      : xd_say(&g->r->page, XD_W_COMPUTED_UNKNOWN);
            *xd_push(cx->arena, &node->figures) = (xd_view_link){
                .label = xd_body_title(cx, g->kin->model, body),
                .url = xd_body_url(&g->r->page, list[i].from, ids[k], body),
                .hint =
                    lamp.label.n == 0
                        ? text
                        : xd_str_printf(cx->arena, XD_FMT " " XD_FMT " " XD_FMT, XD_ARG(text),
                                        XD_ARG(lamp.sign), XD_ARG(lamp.label)),
            };
            g->tree.figures = true;
        }
    }
    return true;
}

static bool add_node(growing *g, int64_t id, const xd_json *body, int level)
{
    xd_ctx *cx = g->r->page.cx;
    xd_view_node node = {
        .level = level,
        .url = xd_body_url(&g->r->page, g->type, id, body),
        .name = xd_field_said(&g->r->page, g->type->title, body, 0),
        .sample = xd_body_sample(g->type, body),
    };
    for (size_t i = 0; i < g->type->n_list && node.name.text.n == 0; i++) {
        if (is_column(g, g->type->list[i])) {
            node.name.text = cell_of(g, g->type->list[i], body);
        }
    }
    if (node.name.text.n == 0) {
        node.name.text = xd_body_title(cx, g->kin->model, body);
    }
    if (!lamp_for(cx, g->kin, g->type, id, body, &node.lamp) || !add_figures(g, id, &node)) {
        return false;
    }
    for (size_t i = 0; i < g->type->n_list; i++) {
        if (is_column(g, g->type->list[i])) {
            *xd_push(cx->arena, &node.cells) =
                (xd_view_setting){xd_label_in(&g->type->list[i]->label, cx->lang),
                                  cell_of(g, g->type->list[i], body)};
        }
    }
    for (size_t i = 0; g->flat && i < g->type->n_computed; i++) {
        const xd_computed *c = &g->type->computed[i];
        xd_derived value;
        if (in_table(c)) {
            if (!xd_kin_value(cx, g->kin, id, body, c, &value)) {
                return false;
            }
            *xd_push(cx->arena, &node.cells) = (xd_view_setting){
                xd_label_in(&c->field.label, cx->lang),
                value.known ? xd_derived_with_unit(cx, c, &value) : XD_S("—")};
        }
    }
    *xd_push(cx->arena, &g->tree.nodes) = node;
    return true;
}

/* A link that leads nowhere anybody can see, or into a circle, leaves its record at the top. */
static bool grow(growing *g, const int64_t *ids, size_t n, int level)
{
    xd_ctx *cx = g->r->page.cx;
    for (size_t i = 0; i < n; i++) {
        const xd_json *body;
        int64_t *below = NULL;
        size_t many = 0;
        if (!xd_kin_body(cx, g->kin, ids[i], &body)) {
            return false;
        }
        if (body == NULL || g->tree.nodes.n >= NODES) {
            g->tree.more += body != NULL;
            continue;
        }
        if (!add_node(g, ids[i], body, level)) {
            return false;
        }
        if (g->flat) {
            continue;
        }
        if (!xd_kin_linked(cx, g->kin, g->type, g->type->tree, ids[i], g->samples, &below,
                           &many) ||
            (level < DEPTH && !grow(g, below, many, level + 1))) {
            return false;
        }
    }
    return true;
}

/* through: NULL for a tree. */
static bool add_tree(xd_record_page *r, xd_kin *kin, const xd_type *type,
                     const xd_field *through, int64_t *ids, size_t n, xd_str label,
                     xd_view_computed *view)
{
    xd_ctx *cx = r->page.cx;
    growing g = {.r = r, .kin = kin, .type = type, .samples = xd_body_sample(r->type, r->body)};
    g.flat = through != NULL;
    g.through = through;
    g.tree.id = xd_str_printf(cx->arena, "t%zu-%zu", type->at,
                              through == NULL ? type->n_fields : through->at);
    g.tree.label = label;
    g.tree.head = xd_label_in(&type->label, cx->lang);
    g.tree.all = xd_url_type(cx, type);
    for (size_t i = 0; i < type->n_list; i++) {
        if (is_column(&g, type->list[i])) {
            *xd_push(cx->arena, &g.tree.columns) = xd_label_in(&type->list[i]->label, cx->lang);
        }
    }
    for (size_t i = 0; g.flat && i < type->n_computed; i++) {
        if (in_table(&type->computed[i])) {
            *xd_push(cx->arena, &g.tree.columns) =
                xd_label_in(&type->computed[i].field.label, cx->lang);
        }
    }
    if (!grow(&g, ids, n, 0)) {
        return false;
    }
    /* What the tree above has at its nodes already is there to be looked up. */
    g.tree.folded = g.flat && view->trees.n > 0 && g.tree.nodes.n > OPEN_LINES;
    if (g.tree.nodes.n > 0) {
        *xd_push(cx->arena, &view->trees) = g.tree;
    }
    return true;
}

/* Of a record's children those at the top of the tree. */
static bool tops(xd_ctx *cx, xd_kin *kin, const xd_type *type, const int64_t *ids, size_t n,
                 int64_t **ret_ids, size_t *ret_n)
{
    int64_t *list = xd_new_n(cx->arena, int64_t, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++) {
        const xd_json *body;
        if (!xd_kin_body(cx, kin, ids[i], &body)) {
            return false;
        }
        if (body != NULL &&
            xd_json_get_int(xd_value(type->tree, body, 0), XD_S("id"), 0) == 0) {
            list[(*ret_n)++] = ids[i];
        }
    }
    *ret_ids = list;
    return true;
}

/* Trees, then tables. */
static bool add_trees(xd_record_page *r, xd_kin *kin, bool tables, xd_view_computed *view)
{
    xd_ctx *cx = r->page.cx;
    const xd_reverse *list;
    bool samples = xd_body_sample(r->type, r->body);
    size_t n = xd_type_reverses(kin->model, r->type, &list);
    for (size_t i = 0; i < n; i++) {
        const xd_type *type = list[i].from;
        int64_t *ids = NULL;
        size_t many = 0;
        bool children = list[i].field == type->parent_field && type->tree != NULL;
        bool below = list[i].field == type->tree && type == r->type;
        bool table = xd_computed_tabled(type) && !children && list[i].field != type->tree &&
                     !list[i].field->hidden;
        if (tables ? !table : !children && !below) {
            continue;
        }
        if (!xd_kin_linked(cx, kin, type, list[i].field, r->id, samples, &ids, &many) ||
            (children && !tops(cx, kin, type, ids, many, &ids, &many))) {
            return false;
        }
        xd_str label = xd_label_in(&list[i].field->as, cx->lang);
        if (!add_tree(r, kin, type, tables ? list[i].field : NULL, ids, many,
                      children || label.n == 0 ? xd_type_plural(&r->page, type) : label,
                      view)) {
            return false;
        }
    }
    return true;
}

/* ---- values --------------------------------------------------------------------------------- */

static bool add_values(xd_record_page *r, xd_kin *kin, xd_view_computed *view)
{
    xd_ctx *cx = r->page.cx;
    for (size_t i = 0; i < r->type->n_computed; i++) {
        const xd_computed *c = &r->type->computed[i];
        xd_derived value;
        if (!xd_kin_value(cx, kin, r->id, r->body, c, &value)) {
            return false;
        }
        if (!value.known) {
            continue; /* missing is not shown as zero */
        }
        xd_view_measure measure = {
            .label = xd_label_in(&c->field.label, cx->lang),
            .text = xd_derived_with_unit(cx, c, &value),
            .help = xd_label_in(&c->field.help, cx->lang),
            .lamp = xd_lamp_of(cx, c, &value),
        };
        *xd_push(cx->arena, &view->values) = measure;
        if (value.light != NULL) {
            *xd_push(cx->arena, &r->view.lamps) = measure;
        }
        if (c->by == XD_COMPUTE_QUERY && !xd_record_series(r, kin, c, view)) {
            return false;
        }
    }
    return true;
}

bool xd_record_computed(xd_record_page *r)
{
    xd_ctx *cx = r->page.cx;
    if (r->past) {
        return true; /* other records have gone on since: nothing true could be said */
    }
    xd_kin *kin = xd_new(cx->arena, xd_kin);
    xd_view_computed *view = xd_new(cx->arena, xd_view_computed);
    xd_kin_begin(cx, r->page.app->model, r->page.snap, xd_today(&r->page), kin);
    if (!add_trees(r, kin, false, view) || !add_trees(r, kin, true, view) ||
        !add_values(r, kin, view)) {
        return false;
    }
    view->as_of = xd_day_text(cx->arena, xd_today(&r->page));
    if (kin->derive.cut_short) {
        view->cut = xd_say(&r->page, XD_W_COMPUTED_CUT);
    }
    if (view->values.n > 0 || view->trees.n > 0) {
        r->view.computed = view;
    }
    return true;
}
