#include "web/graph.h"

#define NODE_W 196
#define NODE_H 46
#define COLUMN 250 /* from one column's left to the next */
#define ROW 58
#define MARGIN 6
#define INSET 10
#define TITLE 24 /* half CJK characters of the first line (176 px at 14 px), */
#define SUB 29   /* … of the second, which is smaller */

size_t xd_graph_find(const xd_graph *graph, int64_t id)
{
    for (size_t i = 0; id != 0 && i < graph->n; i++) {
        if (graph->nodes[i].id == id) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t xd_graph_add(xd_graph *graph, const xd_graph_node *node)
{
    if (graph->n == XD_GRAPH_NODES) {
        return SIZE_MAX;
    }
    graph->nodes[graph->n] = *node;
    return graph->n++;
}

void xd_graph_tie(xd_graph *graph, size_t from, size_t to)
{
    if (from < graph->n && to < graph->n && graph->n_ties < XD_GRAPH_TIES) {
        graph->ties[graph->n_ties].from = from;
        graph->ties[graph->n_ties].to = to;
        graph->n_ties++;
    }
}

/* Cut to a width: an East Asian character is as wide as two others, roughly. */
static xd_str fitted(xd_ctx *cx, xd_str text, int width)
{
    size_t at = 0, good = 0;
    int used = 0;
    while (at < text.n) {
        uint32_t c = xd_utf8_next(text, &at);
        used += c >= 0x1100 ? 2 : 1;
        if (used > width) {
            return xd_str_join(cx->arena, xd_str_sub(text, 0, good), XD_S("…"));
        }
        good = used <= width - 2 ? at : good;
    }
    return text;
}

typedef struct columns {
    int first, last;
    size_t most; /* nodes of the fullest */
} columns;

static size_t count_of(const xd_graph *graph, int layer)
{
    size_t n = 0;
    for (size_t i = 0; i < graph->n; i++) {
        n += graph->nodes[i].layer == layer ? 1 : 0;
    }
    return n;
}

static columns columns_of(const xd_graph *graph)
{
    columns c = {.first = graph->nodes[0].layer, .last = graph->nodes[0].layer};
    for (size_t i = 0; i < graph->n; i++) {
        int layer = graph->nodes[i].layer;
        c.first = layer < c.first ? layer : c.first;
        c.last = layer > c.last ? layer : c.last;
    }
    for (int layer = c.first; layer <= c.last; layer++) {
        size_t n = count_of(graph, layer);
        c.most = n > c.most ? n : c.most;
    }
    return c;
}

static xd_view_knot node_of(xd_ctx *cx, const xd_graph_node *node, int x, int y)
{
    return (xd_view_knot){
        .x = x,
        .y = y,
        .w = NODE_W,
        .h = NODE_H,
        .text_x = x + INSET,
        .title_y = y + (node->sub.n > 0 ? 20 : 28),
        .sub_y = y + 37,
        .css = node->here      ? XD_S("g here")
               : node->id == 0 ? XD_S("g rest")
                               : XD_S("g"),
        .title = {.text = fitted(cx, node->title.text, TITLE), .lang = node->title.lang},
        .whole = node->title.text,
        .sub = fitted(cx, node->sub, SUB),
        .url = node->url,
    };
}

/* From the right side of one to the left side of the other; between neighbours of one column a bow
 * on their left. */
static xd_str line_of(xd_ctx *cx, const xd_view_knot *a, const xd_view_knot *b)
{
    if (a->x > b->x) {
        const xd_view_knot *swap = a;
        a = b;
        b = swap;
    }
    int y1 = a->y + NODE_H / 2, y2 = b->y + NODE_H / 2, half = (COLUMN - NODE_W) / 2;
    if (a->x == b->x) {
        return xd_str_printf(cx->arena, "M%d %dC%d %d %d %d %d %d", a->x, y1, a->x - half, y1,
                             b->x - half, y2, b->x, y2);
    }
    int x1 = a->x + NODE_W, x2 = b->x;
    return xd_str_printf(cx->arena, "M%d %dC%d %d %d %d %d %d", x1, y1, x1 + half, y1,
                         x2 - half, y2, x2, y2);
}

const xd_view_graph *xd_graph_draw(xd_ctx *cx, const xd_graph *graph, xd_str id, xd_str says)
{
    columns c = columns_of(graph);
    int height = (int)c.most * ROW - (ROW - NODE_H) + 2 * MARGIN;
    xd_view_graph *view = xd_new(cx->arena, xd_view_graph);
    xd_view_knot *nodes = xd_new_n(cx->arena, xd_view_knot, graph->n);

    *view = (xd_view_graph){
        .id = id,
        .says = says,
        .width = (c.last - c.first) * COLUMN + NODE_W + 2 * MARGIN,
        .height = height,
        .wide = c.last - c.first > 2,
    };
    for (int layer = c.first; layer <= c.last; layer++) {
        int used = (int)count_of(graph, layer) * ROW - (ROW - NODE_H);
        int y = (height - used) / 2;
        for (size_t i = 0; i < graph->n; i++) {
            if (graph->nodes[i].layer == layer) {
                nodes[i] =
                    node_of(cx, &graph->nodes[i], MARGIN + (layer - c.first) * COLUMN, y);
                y += ROW;
            }
        }
    }
    for (size_t i = 0; i < graph->n_ties; i++) {
        *xd_push(cx->arena, &view->lines) = (xd_view_line){
            .css = XD_S("g-tie"),
            .d = line_of(cx, &nodes[graph->ties[i].from], &nodes[graph->ties[i].to]),
        };
    }
    for (size_t i = 0; i < graph->n; i++) {
        *xd_push(cx->arena, &view->nodes) = nodes[i];
    }
    return view;
}
