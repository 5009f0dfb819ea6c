/* The drawings of a record page: what it is tied to, two steps far; and lines of descent, links of
 * one type to itself (师承, 更名), as far as they go. Each has a table that says the same. */
#include "web/graph.h"
#include "web/page_kin.h"

#define OF_A_NAME 4 /* nodes of one relation */
#define FIRST 14    /* nodes one step away */
#define BEYOND 2    /* nodes beyond one of these */
#define ALL_BEYOND 14
#define LOOKED_AT 24  /* relations read of a record one step away */
#define GENERATIONS 4 /* each way */
#define BRANCHES 8    /* from one node */
#define TABLE 80

static xd_str two(const xd_page *page, xd_str a, xd_str b)
{
    return a.n == 0 ? b
           : b.n == 0
               ? a
               : xd_str_printf(page->cx->arena, XD_FMT " · " XD_FMT, XD_ARG(a), XD_ARG(b));
}

static xd_graph_node node_of(const xd_page *page, const xd_bond *one, int layer, xd_str sub)
{
    return (xd_graph_node){
        .id = one->id,
        .layer = layer,
        .title = xd_bond_title(page, one),
        .sub = sub,
        .url = xd_body_url(page, one->type, one->id, one->body),
    };
}

static size_t add_root(xd_record_page *r, xd_graph *graph)
{
    const xd_graph_node root = {
        .id = r->id,
        .title = r->view.title,
        .sub = r->view.type_label,
        .here = true,
        .url = r->view.permalink,
    };
    return xd_graph_add(graph, &root);
}

static void add_rest(xd_record_page *r, xd_graph *graph, size_t at, int layer, size_t n,
                     xd_str name)
{
    const xd_graph_node rest = {
        .layer = layer,
        .title = {.text = xd_say_n(&r->page, XD_W_KIN_MORE, "n", (int64_t)n)},
        .sub = name,
    };
    xd_graph_tie(graph, at, xd_graph_add(graph, &rest));
}

/* ---- two steps -------------------------------------------------------------------------------- */

/* Drawn as a line of descent already. */
static bool is_line(const xd_record_page *r, const xd_bond *one)
{
    for (size_t i = 0; i < r->view.lines.n; i++) {
        if (r->view.lines.at[i].field == one->field->at) {
            return r->type == one->type;
        }
    }
    return false;
}

static bool follows(const xd_bond *a, const xd_bond *b)
{
    return a->field == b->field && a->incoming == b->incoming && a->type == b->type;
}

static void add_first(xd_record_page *r, const xd_bonds *list, xd_graph *graph)
{
    size_t of_name = 0, left_out = 0;
    for (size_t i = 0; i < list->n; i++) {
        const xd_bond *one = &list->at[i];
        bool again = i > 0 && follows(one, &list->at[i - 1]);
        of_name = again ? of_name : 0;
        left_out = again ? left_out : 0;
        if (xd_bond_is_part(one) || is_line(r, one) ||
            xd_graph_find(graph, one->id) != SIZE_MAX) {
            continue;
        }
        bool room = of_name < OF_A_NAME && graph->n <= FIRST;
        xd_str name = xd_bond_name(&r->page, one);
        if (room) {
            const xd_graph_node node =
                node_of(&r->page, one, 1, two(&r->page, name, xd_bond_note(&r->page, one)));
            xd_graph_tie(graph, 0, xd_graph_add(graph, &node));
            of_name++;
            continue;
        }
        left_out++;
        bool last = i + 1 == list->n || !follows(&list->at[i + 1], one);
        if (last && graph->n <= FIRST + OF_A_NAME) {
            add_rest(r, graph, 0, 1, left_out, name);
        }
    }
}

static void add_step(xd_record_page *r, const xd_graph *graph, size_t at, const xd_bond *one)
{
    if (r->view.steps.n < TABLE) {
        *xd_push(r->page.cx->arena, &r->view.steps) = (xd_view_tie){
            .via = graph->nodes[at].title,
            .name = xd_bond_name(&r->page, one),
            .title = xd_bond_title(&r->page, one),
            .url = xd_body_url(&r->page, one->type, one->id, one->body),
            .type = xd_label_in(&one->type->label, r->page.cx->lang),
            .note = xd_bond_note(&r->page, one),
        };
    }
}

static bool add_beyond(xd_record_page *r, xd_graph *graph, size_t at, size_t *n_beyond)
{
    const xd_json *body = NULL;
    xd_bonds list = {0};
    size_t shown = 0, rest = 0;
    int64_t rev;

    if (graph->nodes[at].id == 0 ||
        !xd_snap_body(r->page.cx, r->page.snap, graph->nodes[at].id, &body, &rev)) {
        return graph->nodes[at].id == 0;
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(r->page.app->model, body);
    if (type == NULL) {
        return true;
    }
    if (!xd_bonds_of(r, graph->nodes[at].id, type, body, LOOKED_AT, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.n; i++) {
        const xd_bond *one = &list.at[i];
        size_t there = xd_graph_find(graph, one->id);
        if (one->id == r->id || xd_bond_is_part(one) || there != SIZE_MAX) {
            if (there != SIZE_MAX && there > at && graph->nodes[there].layer == 2) {
                xd_graph_tie(graph, at, there);
                add_step(r, graph, at, one);
            }
            continue;
        }
        if (shown == BEYOND || *n_beyond == ALL_BEYOND) {
            rest++;
            continue;
        }
        const xd_graph_node node = node_of(&r->page, one, 2, xd_bond_name(&r->page, one));
        xd_graph_tie(graph, at, xd_graph_add(graph, &node));
        add_step(r, graph, at, one);
        shown++;
        (*n_beyond)++;
    }
    if (rest > 0 && shown > 0 && graph->n + 1 < XD_GRAPH_NODES) {
        add_rest(r, graph, at, 2, rest, (xd_str){0});
    }
    return true;
}

bool xd_record_graph(xd_record_page *r, const xd_bonds *list)
{
    xd_graph *graph = xd_new(r->page.cx->arena, xd_graph);
    size_t n_beyond = 0;

    *graph = (xd_graph){0};
    (void)add_root(r, graph); /* the first always has room */
    add_first(r, list, graph);
    for (size_t i = 1, n = graph->n; i < n; i++) {
        if (!add_beyond(r, graph, i, &n_beyond)) {
            return false;
        }
    }
    if (graph->n > 2) {
        const xd_fill fills[] = {
            {.hole = "what", .text = r->view.title.text     },
            {.hole = "n",    .number = (int64_t)graph->n - 1}
        };
        r->view.graph = xd_graph_draw(r->page.cx, graph, XD_S("kin"),
                                      xd_word_fill(r->page.cx->arena, r->page.cx->lang,
                                                   XD_W_KIN_SAYS, fills, XD_LEN(fills)));
    }
    return true;
}

/* ---- descent ---------------------------------------------------------------------------------- */

static bool leads_to_itself(const xd_type *type, const xd_field *field)
{
    bool own = false;
    for (size_t i = 0; i < field->n_to; i++) {
        own |= field->to[i] == type;
    }
    return own && field->kind == XD_KIND_LINK && field != type->parent_field &&
           field != type->tree && !field->hidden && !field->retired;
}

typedef struct descent {
    xd_record_page *r;
    const xd_field *field;
    xd_graph *graph;
    xd_view_line_table *view;
} descent;

/* The next generation one way from node `at`. */
static bool spread(descent *d, size_t at, bool incoming)
{
    xd_record_page *r = d->r;
    const xd_json *body = NULL;
    xd_bonds list = {0};
    int64_t rev, id = d->graph->nodes[at].id;
    size_t shown = 0, rest = 0;
    int layer = d->graph->nodes[at].layer + (incoming ? 1 : -1);

    if (id == 0 || !xd_snap_body(r->page.cx, r->page.snap, id, &body, &rev)) {
        return id == 0;
    }
    if (body == NULL) {
        return true;
    }
    if (!xd_bonds_of(r, id, r->type, body, XD_KIN, &list)) {
        return false;
    }
    for (size_t i = 0; i < list.n; i++) {
        const xd_bond *one = &list.at[i];
        if (one->field != d->field || one->incoming != incoming || one->type != r->type) {
            continue;
        }
        size_t there = xd_graph_find(d->graph, one->id);
        if (there == SIZE_MAX && (shown == BRANCHES || d->graph->n + 2 >= XD_GRAPH_NODES)) {
            rest++;
            continue;
        }
        if (there == SIZE_MAX) {
            const xd_graph_node node =
                node_of(&r->page, one, layer, xd_bond_note(&r->page, one));
            there = xd_graph_add(d->graph, &node);
            shown++;
        }
        xd_graph_tie(d->graph, at, there);
        const xd_graph_node *a = &d->graph->nodes[incoming ? there : at];
        const xd_graph_node *b = &d->graph->nodes[incoming ? at : there];
        if (d->view->rows.n < TABLE) {
            *xd_push(r->page.cx->arena, &d->view->rows) = (xd_view_tie){
                .title = a->title,
                .url = a->url,
                .name = xd_label_in(&d->field->label, r->page.cx->lang),
                .via = b->title,
                .via_url = b->url,
                .note = xd_bond_note(&r->page, one),
            };
        }
    }
    if (rest > 0) {
        add_rest(r, d->graph, at, layer, rest, (xd_str){0});
    }
    return true;
}

static bool add_line(xd_record_page *r, const xd_field *field)
{
    xd_ctx *cx = r->page.cx;
    xd_view_line_table view = {
        .field = field->at,
        .id = xd_str_printf(cx->arena, "line%zu", field->at),
        .label = two(&r->page, xd_label_in(&field->label, cx->lang),
                     xd_label_in(&field->as, cx->lang)),
    };
    descent d = {.r = r, .field = field, .graph = xd_new(cx->arena, xd_graph), .view = &view};

    *d.graph = (xd_graph){0};
    (void)add_root(r, d.graph); /* the first always has room */
    for (int way = 0; way < 2; way++) {
        for (size_t i = 0; i < d.graph->n; i++) {
            int layer = d.graph->nodes[i].layer;
            bool goes = way == 0 ? layer <= 0 && layer > -GENERATIONS
                                 : layer >= 0 && layer < GENERATIONS;
            if (goes && !spread(&d, i, way == 1)) {
                return false;
            }
        }
    }
    if (d.graph->n > 2) { /* with one other the general drawing says it all */
        view.graph = xd_graph_draw(cx, d.graph, view.id,
                                   xd_say_s(&r->page, XD_W_KIN_LINE_SAYS, "what", view.label));
        *xd_push(cx->arena, &r->view.lines) = view;
    }
    return true;
}

bool xd_record_lines(xd_record_page *r)
{
    for (size_t i = 0; i < r->type->n_fields; i++) {
        if (leads_to_itself(r->type, &r->type->fields[i]) &&
            !add_line(r, &r->type->fields[i])) {
            return false;
        }
    }
    return true;
}
