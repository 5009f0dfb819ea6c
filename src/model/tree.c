/* Trees: looking into them, from CSV and JSON, and back to JSON. */
#include "model/tree.h"
#include "model/fold.h"

void xd_fault_add(xd_ctx *cx, xd_faults *faults, xd_str file, int line, int column, xd_str key,
                  xd_str zh, xd_str en)
{
    xd_fault *fault = xd_push(cx->arena, faults);
    *fault = (xd_fault){.file = xd_str_copy(cx->arena, file),
                        .line = line,
                        .column = column,
                        .reason = en,
                        .zh = zh,
                        .key = xd_str_copy(cx->arena, key)};
}

const xd_node *xd_node_get(const xd_node *map, xd_str key)
{
    if (map == NULL || map->kind != XD_NODE_MAP) {
        return NULL;
    }
    for (size_t i = 0; i < map->pairs.n; i++) {
        if (xd_str_eq(map->pairs.at[i].key, key)) {
            return map->pairs.at[i].value;
        }
    }
    return NULL;
}

bool xd_node_null(const xd_node *node)
{
    if (node == NULL) {
        return true;
    }
    return node->kind == XD_NODE_SCALAR && node->plain &&
           (node->text.n == 0 || xd_str_eq(node->text, XD_S("~")) ||
            xd_str_eq(node->text, XD_S("null")));
}

bool xd_node_bool(const xd_node *node, bool *ret_value)
{
    if (node == NULL || node->kind != XD_NODE_SCALAR || !node->plain) {
        return false;
    }
    bool yes = xd_str_eq(node->text, XD_S("true"));
    if (!yes && !xd_str_eq(node->text, XD_S("false"))) {
        return false;
    }
    *ret_value = yes;
    return true;
}

/* Only the one way a JSON integer is written: 007 and +1 stay text. */
bool xd_node_int(const xd_node *node, int64_t *ret_value)
{
    if (node == NULL || node->kind != XD_NODE_SCALAR || !node->plain) {
        return false;
    }
    xd_str digits = node->text;
    if (xd_str_starts(digits, XD_S("-"))) {
        digits = xd_str_sub(digits, 1, digits.n);
    }
    bool leading = digits.n > 1 && digits.p[0] == '0';
    if (digits.n == 0 || digits.n > 15 || digits.p[0] < '0' || digits.p[0] > '9' || leading) {
        return false;
    }
    return xd_str_int(node->text, ret_value);
}

/* ---- CSV ---------------------------------------------------------------------------------- */

typedef struct csv {
    xd_ctx *cx;
    xd_str text;
    size_t at;
    int line, column; /* of the next character */
    bool bad;         /* a quote was left open */
} csv;

static char csv_byte(csv *c)
{
    char byte = c->text.p[c->at++];
    if (byte == '\n') {
        c->line++;
        c->column = 1;
    } else if (((unsigned char)byte & 0xC0) != 0x80) {
        c->column++;
    }
    return byte;
}

static xd_str csv_quoted(csv *c)
{
    size_t end = c->at + 1;
    while (end < c->text.n &&
           (c->text.p[end] != '"' || (end + 1 < c->text.n && c->text.p[end + 1] == '"'))) {
        end += c->text.p[end] == '"' ? 2 : 1;
    }
    char *out = xd_new_n(c->cx->arena, char, end - c->at + 1);
    size_t n = 0;
    (void)csv_byte(c); /* the opening quote */
    while (c->at < c->text.n) {
        char byte = csv_byte(c);
        if (byte != '"') {
            out[n++] = byte;
        } else if (c->at < c->text.n && c->text.p[c->at] == '"') {
            out[n++] = csv_byte(c);
        } else {
            return (xd_str){out, n};
        }
    }
    c->bad = true;
    return (xd_str){out, n};
}

/* The next cell; *ret_last: it ends its line. */
static xd_node *csv_cell(csv *c, bool *ret_last)
{
    xd_node *cell = xd_new(c->cx->arena, xd_node);
    *cell =
        (xd_node){.kind = XD_NODE_SCALAR, .plain = true, .line = c->line, .column = c->column};
    if (c->at < c->text.n && c->text.p[c->at] == '"') {
        cell->text = csv_quoted(c);
        cell->plain = false;
    }
    size_t from = c->at;
    while (c->at < c->text.n && c->text.p[c->at] != ',' && c->text.p[c->at] != '\n') {
        (void)csv_byte(c);
    }
    if (cell->plain) {
        cell->text = xd_str_trim(xd_str_sub(c->text, from, c->at));
    }
    cell->text = xd_nfc(c->cx->arena, cell->text);
    *ret_last = c->at == c->text.n || csv_byte(c) == '\n';
    return cell;
}

bool xd_tree_csv(xd_ctx *cx, xd_str file, xd_str text, xd_faults *faults,
                 const xd_node **ret_root)
{
    csv c = {.cx = cx, .text = text, .line = 1, .column = 1};
    xd_strs header = {0};
    xd_node *root = xd_new(cx->arena, xd_node);
    *root = (xd_node){.kind = XD_NODE_LIST, .line = 1, .column = 1};
    if (xd_utf8_valid(text) != text.n) {
        xd_fault_add(cx, faults, file, 1, 1, (xd_str){0}, XD_S("文件不是 UTF-8 编码"),
                     XD_S("the file is not UTF-8"));
        *ret_root = NULL;
        return true;
    }
    for (bool first = true; c.at < text.n; first = false) {
        xd_node *row = xd_new(cx->arena, xd_node);
        *row = (xd_node){.kind = XD_NODE_MAP, .line = c.line, .column = 1};
        size_t i = 0;
        for (bool last = false; !last; i++) {
            xd_node *cell = csv_cell(&c, &last);
            if (first) {
                *xd_push(cx->arena, &header) = cell->text;
            } else if (cell->text.n > 0 && i < header.n) {
                *xd_push(cx->arena, &row->pairs) = (xd_pair){.key = header.at[i],
                                                             .line = cell->line,
                                                             .column = cell->column,
                                                             .value = cell};
            } else if (cell->text.n > 0) {
                xd_fault_add(cx, faults, file, cell->line, cell->column, cell->text,
                             XD_S("这一行的单元格比表头多"),
                             XD_S("this line has more cells than the header"));
            }
        }
        if (!first && row->pairs.n > 0) {
            *xd_push(cx->arena, &root->items) = row;
        }
    }
    if (c.bad) {
        xd_fault_add(cx, faults, file, c.line, c.column, (xd_str){0}, XD_S("引号没有闭合"),
                     XD_S("a quotation mark is left open"));
    }
    *ret_root = c.bad ? NULL : root;
    return true;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static xd_node *from_json(xd_ctx *cx, const xd_json *json)
{
    xd_node *node = xd_new(cx->arena, xd_node);
    switch (json->kind) {
    case XD_JSON_NULL:
        *node = (xd_node){.kind = XD_NODE_SCALAR, .plain = true};
        break;
    case XD_JSON_BOOL:
        *node = (xd_node){.kind = XD_NODE_SCALAR,
                          .plain = true,
                          .text = json->boolean ? XD_S("true") : XD_S("false")};
        break;
    case XD_JSON_NUMBER:
        *node = (xd_node){.kind = XD_NODE_SCALAR, .plain = true, .text = json->text};
        break;
    case XD_JSON_STRING:
        *node = (xd_node){.kind = XD_NODE_SCALAR, .text = json->text};
        break;
    case XD_JSON_ARRAY:
        node->kind = XD_NODE_LIST;
        for (size_t i = 0; i < json->items.n; i++) {
            *xd_push(cx->arena, &node->items) = from_json(cx, json->items.at[i]);
        }
        break;
    case XD_JSON_OBJECT: {
        node->kind = XD_NODE_MAP;
        const xd_json *pairs = xd_json_get(json, XD_S("~"));
        for (size_t i = 0; i < xd_json_len(pairs); i++) {
            const xd_json *pair = xd_json_at(pairs, i);
            const xd_json *value = xd_json_at(pair, 1);
            if (value != NULL) {
                *xd_push(cx->arena, &node->pairs) = (xd_pair){
                    .key = xd_json_str(xd_json_at(pair, 0)), .value = from_json(cx, value)};
            }
        }
        for (size_t i = 0; pairs == NULL && i < json->members.n; i++) {
            *xd_push(cx->arena, &node->pairs) =
                (xd_pair){.key = json->members.at[i].key,
                          .value = from_json(cx, json->members.at[i].value)};
        }
        break;
    }
    }
    return node;
}

bool xd_tree_json(xd_ctx *cx, const xd_json *json, const xd_node **ret_root)
{
    if (json == NULL) {
        return xd_fail(cx, XD_INVALID, "no model here");
    }
    *ret_root = from_json(cx, json);
    return true;
}

static xd_json *scalar_json(xd_arena *arena, const xd_node *node)
{
    bool yes = false;
    int64_t n = 0;
    if (xd_node_bool(node, &yes)) {
        return xd_json_bool(arena, yes);
    }
    if (xd_node_int(node, &n)) {
        return xd_json_integer(arena, n);
    }
    return xd_json_string(arena, node->text);
}

static bool keys_ascii(const xd_node *map)
{
    for (size_t i = 0; i < map->pairs.n; i++) {
        xd_str key = map->pairs.at[i].key;
        for (size_t j = 0; j < key.n; j++) {
            if ((unsigned char)key.p[j] >= 0x80) {
                return false;
            }
        }
    }
    return true;
}

static xd_json *map_json(xd_arena *arena, const xd_node *node)
{
    xd_json *object = xd_json_object(arena);
    xd_json *pairs = keys_ascii(node) ? NULL : xd_json_array(arena);
    for (size_t i = 0; i < node->pairs.n; i++) {
        const xd_pair *pair = &node->pairs.at[i];
        xd_json *value = xd_tree_to_json(arena, pair->value);
        if (value == NULL) {
            continue;
        }
        if (pairs == NULL) {
            xd_json_set(arena, object, pair->key, value);
        } else {
            xd_json *both = xd_json_array(arena);
            xd_json_add(arena, both, xd_json_string(arena, pair->key));
            xd_json_add(arena, both, value);
            xd_json_add(arena, pairs, both);
        }
    }
    if (xd_json_len(pairs) > 0) {
        xd_json_set(arena, object, XD_S("~"), pairs);
    }
    return xd_json_len(object) == 0 ? xd_json_bool(arena, true) : object;
}

xd_json *xd_tree_to_json(xd_arena *arena, const xd_node *node)
{
    if (xd_node_null(node) || (node->kind == XD_NODE_SCALAR && node->text.n == 0)) {
        return NULL;
    }
    if (node->kind == XD_NODE_SCALAR) {
        return scalar_json(arena, node);
    }
    if (node->kind == XD_NODE_MAP) {
        return map_json(arena, node);
    }
    xd_json *list = xd_json_array(arena);
    for (size_t i = 0; i < node->items.n; i++) {
        xd_json *item = xd_tree_to_json(arena, node->items.at[i]);
        if (item != NULL) {
            xd_json_add(arena, list, item);
        }
    }
    return xd_json_len(list) == 0 ? NULL : list;
}

xd_json *xd_tree_to_plain_json(xd_arena *arena, const xd_node *node)
{
    if (xd_node_null(node)) {
        return xd_json_null(arena);
    }
    if (node->kind == XD_NODE_SCALAR) {
        return scalar_json(arena, node);
    }
    if (node->kind == XD_NODE_LIST) {
        xd_json *list = xd_json_array(arena);
        for (size_t i = 0; i < node->items.n; i++) {
            xd_json_add(arena, list, xd_tree_to_plain_json(arena, node->items.at[i]));
        }
        return list;
    }
    xd_json *object = xd_json_object(arena);
    for (size_t i = 0; i < node->pairs.n; i++) {
        xd_json_set(arena, object, node->pairs.at[i].key,
                    xd_tree_to_plain_json(arena, node->pairs.at[i].value));
    }
    return object;
}
