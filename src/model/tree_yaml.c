/* YAML into a tree, by libyaml's events.
 *
 * An explicit stack of open nodes, so depth is a number we check and not the C stack. A fault of
 * form (anchor, double key) does not stop the reading: the node is kept, so one run reports them
 * all; only a syntax error ends a file, because libyaml cannot go on behind one. */
#include <yaml.h>

#include "model/fold.h"
#include "model/tree.h"

typedef struct reader {
    xd_ctx *cx;
    xd_str file;
    xd_faults *faults;
    xd_node *open[XD_TREE_DEPTH];
    xd_pair *slot[XD_TREE_DEPTH]; /* in an open map: the pair whose value is awaited */
    size_t depth, nodes;
    xd_node *root;
    bool bad;
} reader;

static void fault(reader *r, yaml_mark_t mark, xd_str key, const char *zh, const char *en)
{
    r->bad = true;
    xd_fault_add(r->cx, r->faults, r->file, (int)mark.line + 1, (int)mark.column + 1, key,
                 xd_str_of(zh), xd_str_of(en));
}

static xd_node *node_make(reader *r, xd_node_kind kind, yaml_mark_t mark)
{
    xd_node *node = xd_new(r->cx->arena, xd_node);
    node->kind = kind;
    node->line = (int)mark.line + 1;
    node->column = (int)mark.column + 1;
    return node;
}

static void key_take(reader *r, xd_node *map, const xd_node *key, yaml_mark_t mark)
{
    if (key->kind != XD_NODE_SCALAR || key->text.n == 0) {
        fault(r, mark, (xd_str){0}, "键必须是一个词", "a key must be a word");
    } else if (map->pairs.n == XD_TREE_KEYS) {
        fault(r, mark, key->text, "键太多", "too many keys in one map");
    } else if (xd_node_get(map, key->text) != NULL) {
        fault(r, mark, key->text, "键重复", "this key stands here twice");
    }
    if (map->pairs.n > XD_TREE_KEYS) {
        map->pairs.n = XD_TREE_KEYS; /* said already: the rest shares one slot */
    }
    xd_pair *pair = xd_push(r->cx->arena, &map->pairs);
    *pair = (xd_pair){.key = key->text, .line = key->line, .column = key->column};
    r->slot[r->depth - 1] = pair;
}

/* Hang a finished or just opened node where it belongs. */
static void place(reader *r, xd_node *node, yaml_mark_t mark)
{
    if (r->depth == 0) {
        if (r->root != NULL) {
            fault(r, mark, (xd_str){0}, "一个文件里只能有一份文档",
                  "a file holds one document only");
        }
        r->root = node;
        return;
    }
    xd_node *parent = r->open[r->depth - 1];
    if (parent->kind == XD_NODE_LIST) {
        *xd_push(r->cx->arena, &parent->items) = node;
    } else if (r->slot[r->depth - 1] == NULL) {
        key_take(r, parent, node, mark);
    } else {
        r->slot[r->depth - 1]->value = node;
        r->slot[r->depth - 1] = NULL;
    }
}

static void check_extras(reader *r, const yaml_char_t *anchor, const yaml_char_t *tag,
                         yaml_mark_t mark)
{
    if (anchor != NULL) {
        fault(r, mark, xd_str_of((const char *)anchor), "不用锚点（&）",
              "anchors (&) are not used here");
    }
    if (tag != NULL) {
        fault(r, mark, xd_str_of((const char *)tag), "不用标签（!）",
              "tags (!) are not used here");
    }
}

static bool open_node(reader *r, xd_node_kind kind, const yaml_event_t *event)
{
    if (r->depth == XD_TREE_DEPTH) {
        fault(r, event->start_mark, (xd_str){0}, "嵌套太深", "nested too deeply");
        return false;
    }
    xd_node *node = node_make(r, kind, event->start_mark);
    place(r, node, event->start_mark);
    r->open[r->depth] = node;
    r->slot[r->depth] = NULL;
    r->depth++;
    return true;
}

/* False: stop reading this file. */
static bool take_event(reader *r, const yaml_event_t *event)
{
    if (++r->nodes > XD_TREE_NODES) {
        fault(r, event->start_mark, (xd_str){0}, "文件太大", "the file is too large");
        return false;
    }
    switch ((int)event->type) {
    case YAML_ALIAS_EVENT:
        fault(r, event->start_mark, xd_str_of((const char *)event->data.alias.anchor),
              "不用引用（*）", "aliases (*) are not used here");
        place(r, node_make(r, XD_NODE_SCALAR, event->start_mark), event->start_mark);
        return true;
    case YAML_SCALAR_EVENT: {
        check_extras(r, event->data.scalar.anchor, event->data.scalar.tag, event->start_mark);
        xd_node *node = node_make(r, XD_NODE_SCALAR, event->start_mark);
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        node->text =
            xd_str_copy(/* the event's bytes go with it */
                        r->cx->arena,
                        xd_nfc(r->cx->arena, (xd_str){(const char *)event->data.scalar.value,
                                                      event->data.scalar.length}));
        place(r, node, event->start_mark);
        return true;
    }
    case YAML_SEQUENCE_START_EVENT:
        check_extras(r, event->data.sequence_start.anchor, event->data.sequence_start.tag,
                     event->start_mark);
        return open_node(r, XD_NODE_LIST, event);
    case YAML_MAPPING_START_EVENT:
        check_extras(r, event->data.mapping_start.anchor, event->data.mapping_start.tag,
                     event->start_mark);
        return open_node(r, XD_NODE_MAP, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        r->depth--;
        return true;
    default:
        return true;
    }
}

static void syntax_fault(reader *r, const yaml_parser_t *parser)
{
    const char *problem = parser->problem == NULL ? "unreadable" : parser->problem;
    yaml_mark_t mark = parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark;
    r->bad = true;
    xd_fault_add(r->cx, r->faults, r->file, (int)mark.line + 1, (int)mark.column + 1,
                 (xd_str){0}, xd_str_printf(r->cx->arena, "YAML 语法错误：%s", problem),
                 xd_str_printf(r->cx->arena, "YAML: %s", problem));
}

bool xd_tree_yaml(xd_ctx *cx, xd_str file, xd_str text, xd_faults *faults,
                  const xd_node **ret_root)
{
    reader r = {.cx = cx, .file = file, .faults = faults};
    yaml_parser_t parser;
    if (xd_utf8_valid(text) != text.n) {
        xd_fault_add(cx, faults, file, 1, 1, (xd_str){0}, XD_S("文件不是 UTF-8 编码"),
                     XD_S("the file is not UTF-8"));
        *ret_root = NULL;
        return true;
    }
    if (!yaml_parser_initialize(&parser)) {
        return xd_fail(cx, XD_SYSTEM, "libyaml did not start");
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.p, text.n);
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            syntax_fault(&r, &parser);
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT && take_event(&r, &event);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!r.bad && r.root == NULL) {
        xd_fault_add(cx, faults, file, 1, 1, (xd_str){0}, XD_S("文件是空的"),
                     XD_S("the file is empty"));
        r.bad = true;
    }
    *ret_root = r.bad ? NULL : r.root;
    return true;
}
