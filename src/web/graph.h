/* web/graph.h — a few records and what ties them, drawn in columns.
 *
 * Nodes stand in columns by layer, from the least on the left; within a column in the order they
 * were added, which is that of the nodes they hang on, so lines seldom cross. For the eye only: the
 * table beside a drawing says the same. Two units are about one CSS pixel at the usual size. */
#ifndef XD_WEB_GRAPH_H
#define XD_WEB_GRAPH_H

#include "web/view.h"

#define XD_GRAPH_NODES 48
#define XD_GRAPH_TIES 96

typedef struct xd_graph_node {
    int64_t id; /* 0: "and 3 more" */
    int layer;
    xd_said title;
    xd_str sub; /* one short line below it */
    xd_url url;
    bool here;
} xd_graph_node;

typedef struct xd_graph {
    xd_graph_node nodes[XD_GRAPH_NODES];
    size_t n;
    struct {
        size_t from, to; /* nodes */
    } ties[XD_GRAPH_TIES];
    size_t n_ties;
} xd_graph;

/* The node of a record, SIZE_MAX when it is not there. */
size_t xd_graph_find(const xd_graph *graph, int64_t id);
/* SIZE_MAX when there is no room. */
size_t xd_graph_add(xd_graph *graph, const xd_graph_node *node);
void xd_graph_tie(xd_graph *graph, size_t from, size_t to); /* left out when there is no room */
const xd_view_graph *xd_graph_draw(xd_ctx *cx, const xd_graph *graph, xd_str id, xd_str says);

#endif
