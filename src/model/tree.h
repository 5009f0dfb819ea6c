/* model/tree.h — a model file as a small tree whose every node knows its line and column.
 *
 * Private to this room. YAML, CSV and the JSON of a stored model all become the same tree, so
 * one checker (bind.h) reads them. Refused while building: anchors and aliases (bombs), tags,
 * double keys, keys that are no plain words, several documents, too deep, too large. */
#ifndef XD_MODEL_TREE_H
#define XD_MODEL_TREE_H

#include "model/model.h"

#define XD_TREE_DEPTH 32
#define XD_TREE_NODES 400000
#define XD_TREE_KEYS 1000               /* of one map: looked up one by one */
#define XD_TREE_BYTES ((size_t)8 << 20) /* of one file */

typedef enum xd_node_kind { XD_NODE_SCALAR, XD_NODE_LIST, XD_NODE_MAP } xd_node_kind;

typedef struct xd_node xd_node;
typedef struct xd_pair {
    xd_str key;
    int line, column;
    const xd_node *value;
} xd_pair;
struct xd_node {
    xd_node_kind kind;
    bool plain;       /* a scalar written without quotes: true and 3 may be more than text */
    xd_str text;      /* scalar */
    int line, column; /* from 1; 0: unknown */
    struct {
        const xd_node **at;
        size_t n, cap;
    } items;
    struct {
        xd_pair *at;
        size_t n, cap;
    } pairs;
};

/* *ret_root NULL, and faults, when the file is not one good tree. False only when the work
 * itself failed. `file` names it in faults; all texts are NFC copies in cx->arena. */
XD_MUST bool xd_tree_yaml(xd_ctx *cx, xd_str file, xd_str text, xd_faults *faults,
                          const xd_node **ret_root);
/* Rows as maps from the header's names to cells; empty cells are left out. RFC 4180. */
XD_MUST bool xd_tree_csv(xd_ctx *cx, xd_str file, xd_str text, xd_faults *faults,
                         const xd_node **ret_root);
XD_MUST bool xd_tree_json(xd_ctx *cx, const xd_json *json, const xd_node **ret_root);
/* As data: plain true, false and whole numbers become JSON's own, all else text. What is empty
 * is left out, an empty map is true; a map with a key that is not ASCII is {"~": [[k, v], …]},
 * so that the canonical form stays canonical. NULL when nothing is left. */
xd_json *xd_tree_to_json(xd_arena *arena, const xd_node *node);
/* As plain as YAML has it, for site.yaml: no rewriting of maps, empty things kept as they are. */
xd_json *xd_tree_to_plain_json(xd_arena *arena, const xd_node *node);

const xd_node *xd_node_get(const xd_node *map, xd_str key); /* NULL when not there */
bool xd_node_null(const xd_node *node);                     /* NULL, or a plain ~ or nothing */
bool xd_node_bool(const xd_node *node, bool *ret_value);
bool xd_node_int(const xd_node *node, int64_t *ret_value);

void xd_fault_add(xd_ctx *cx, xd_faults *faults, xd_str file, int line, int column, xd_str key,
                  xd_str zh, xd_str en);

#endif
