/* CQL2 JSON (OGC 21-065r2, Annex A): {"op": …, "args": […]}, {"property": …}, {"date": …},
 * {"timestamp": …}, {"interval": [a, b]}, {"bbox": […]}, GeoJSON geometries, text, numbers, true
 * and false, arrays. The tree is the same as the text's; what text writes as NOT LIKE comes as
 * not over like. */
#include "model/cql_parts.h"

static bool predicate(xd_cql_maker *m, const xd_json *json, const xd_cql **ret);

/* The standing words, with the operator they are about. */
static bool wrong_op(xd_cql_maker *m, xd_str op, const char *zh, const char *en)
{
    xd_str shown = xd_str_sub(op, 0, 40);
    shown.n = xd_utf8_valid(shown);
    xd_arena *arena = m->cx->arena;
    return xd_cql_wrong(
        m, 0, xd_cstr(arena, xd_str_printf(arena, "“" XD_FMT "” %s", XD_ARG(shown), zh)),
        xd_cstr(arena, xd_str_printf(arena, "“" XD_FMT "” %s", XD_ARG(shown), en)));
}

static bool is_string(const xd_json *json)
{
    return json != NULL && json->kind == XD_JSON_STRING;
}

static bool read_box(xd_cql_maker *m, const xd_json *list, xd_cql **ret)
{
    double numbers[6];
    size_t n = xd_json_len(list);
    for (size_t i = 0; i < n; i++) {
        if (i == XD_LEN(numbers) || !xd_json_double(xd_json_at(list, i), &numbers[i]))
            n = 0; /* said by xd_cql_box() */
    }
    return xd_cql_box(m, numbers, n, 0, ret);
}

static bool read_interval(xd_cql_maker *m, const xd_json *list, xd_cql **ret)
{
    if (xd_json_len(list) != 2 || !is_string(xd_json_at(list, 0)) ||
        !is_string(xd_json_at(list, 1)))
        return xd_cql_wrong(m, 0, "interval 要两个日期或 \"..\"",
                            "an interval wants two dates, or \"..\"");
    return xd_cql_interval(m, xd_json_at(list, 0)->text, xd_json_at(list, 1)->text, 0, ret);
}

static bool read_geometry(xd_cql_maker *m, const xd_json *json, xd_cql **ret)
{
    const xd_geom *geom;
    if (!xd_geom_read(m->cx, json, true, &geom))
        return xd_cql_wrong_inside(m, 0);
    if (!xd_cql_node(m, XD_CQL_GEOMETRY, 0, 0, ret))
        return false;
    (*ret)->geom = geom;
    return true;
}

static bool operand(xd_cql_maker *m, const xd_json *json, xd_cql **ret);

static bool read_call(xd_cql_maker *m, const xd_json *json, xd_cql **ret)
{
    xd_str op = xd_json_get_str(json, XD_S("op"));
    const xd_cql_word *word = xd_cql_word_by_json(op);
    const xd_json *args = xd_json_get(json, XD_S("args"));
    xd_cql *inner;
    if (op.n == 1 && memchr("+-*/^%", op.p[0], 6) != NULL)
        return xd_cql_wrong(m, 0, "这里不做算术，请先算好再写",
                            "arithmetic is not done here: write its result");
    if (word == NULL || word->sort != XD_CQL_FOLDS)
        return wrong_op(m, op, "不是可以放在这里的函数", "is no function that may stand here");
    if (xd_json_len(args) != 1)
        return wrong_op(m, op, "要一个参数", "wants one argument");
    if (!xd_cql_enter(m, 0) || !operand(m, xd_json_at(args, 0), &inner) ||
        !xd_cql_node(m, word->op, 1, 0, ret))
        return false;
    (*ret)->args[0] = inner;
    xd_cql_leave(m);
    return true;
}

static bool read_object(xd_cql_maker *m, const xd_json *json, xd_cql **ret)
{
    const xd_json *value;
    if (is_string(value = xd_json_get(json, XD_S("property")))) {
        if (value->text.n == 0)
            return xd_cql_wrong(m, 0, "字段名是空的", "a property has no name");
        if (!xd_cql_node(m, XD_CQL_PROPERTY, 0, 0, ret))
            return false;
        (*ret)->text = value->text;
        return true;
    }
    if (xd_json_get(json, XD_S("op")) != NULL)
        return read_call(m, json, ret);
    if (is_string(value = xd_json_get(json, XD_S("date"))) ||
        is_string(value = xd_json_get(json, XD_S("timestamp"))))
        return xd_cql_instant(m, value->text, 0, ret);
    if ((value = xd_json_get(json, XD_S("interval"))) != NULL)
        return read_interval(m, value, ret);
    if ((value = xd_json_get(json, XD_S("bbox"))) != NULL)
        return read_box(m, value, ret);
    if (is_string(xd_json_get(json, XD_S("type"))))
        return read_geometry(m, json, ret);
    return xd_cql_wrong(
        m, 0, "不认识的对象，应有 property、op、date、timestamp、interval、bbox 或 type",
        "an object wants property, op, date, timestamp, interval, bbox or type");
}

static bool read_array(xd_cql_maker *m, const xd_json *json, xd_cql **ret)
{
    size_t n = xd_json_len(json);
    if (!xd_cql_node(m, XD_CQL_ARRAY, n, 0, ret))
        return false;
    for (size_t i = 0; i < n; i++) {
        xd_cql *item;
        if (xd_json_at(json, i)->kind == XD_JSON_ARRAY)
            return xd_cql_wrong(m, 0, "列表里不能再套列表", "a list cannot hold a list");
        if (!operand(m, xd_json_at(json, i), &item))
            return false;
        (*ret)->args[i] = item;
    }
    return true;
}

static bool operand(xd_cql_maker *m, const xd_json *json, xd_cql **ret)
{
    switch (json->kind) {
    case XD_JSON_STRING:
        return xd_cql_string(m, json->text, 0, ret);
    case XD_JSON_NUMBER:
        return xd_cql_number(m, json->text, 0, ret);
    case XD_JSON_BOOL:
        if (!xd_cql_node(m, XD_CQL_BOOLEAN, 0, 0, ret))
            return false;
        (*ret)->boolean = json->boolean;
        return true;
    case XD_JSON_ARRAY:
        return read_array(m, json, ret);
    case XD_JSON_OBJECT:
        return read_object(m, json, ret);
    case XD_JSON_NULL:
        break;
    }
    return xd_cql_wrong(m, 0, "null 不能作值，请用 isNull", "null is no value: use isNull");
}

/* Predicates ------------------------------------------------------------------------------ */

static bool all_predicates(xd_cql_maker *m, xd_cql_op op, const xd_json *args,
                           const xd_cql **ret)
{
    xd_cql *node;
    size_t n = xd_json_len(args);
    if (!xd_cql_node(m, op, n, 0, &node))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!predicate(m, xd_json_at(args, i), &node->args[i]))
            return false;
    }
    *ret = n == 1 && op != XD_CQL_NOT ? node->args[0] : node;
    return true;
}

/* in: [value, [list]]; the list is laid out flat behind the value, as text has it. */
static bool read_in(xd_cql_maker *m, const xd_json *args, const xd_cql **ret)
{
    xd_cql *node, *item;
    const xd_json *list = xd_json_at(args, 1);
    size_t n = xd_json_len(list);
    if (list->kind != XD_JSON_ARRAY || n == 0)
        return xd_cql_wrong(m, 0, "in 的第二个参数应是不空的列表",
                            "in wants a list that is not empty as its second argument");
    if (!operand(m, xd_json_at(args, 0), &item) || !xd_cql_node(m, XD_CQL_IN, n + 1, 0, &node))
        return false;
    node->args[0] = item;
    for (size_t i = 0; i < n; i++) {
        if (xd_json_at(list, i)->kind == XD_JSON_ARRAY)
            return xd_cql_wrong(m, 0, "列表里不能再套列表", "a list cannot hold a list");
        if (!operand(m, xd_json_at(list, i), &item))
            return false;
        node->args[i + 1] = item;
    }
    *ret = node;
    return true;
}

static bool of_operands(xd_cql_maker *m, xd_cql_op op, const xd_json *args, const xd_cql **ret)
{
    xd_cql *node;
    size_t n = xd_json_len(args);
    if (!xd_cql_node(m, op, n, 0, &node))
        return false;
    for (size_t i = 0; i < n; i++) {
        xd_cql *item;
        if (!operand(m, xd_json_at(args, i), &item))
            return false;
        node->args[i] = item;
    }
    *ret = node;
    return true;
}

static bool read_op(xd_cql_maker *m, const xd_json *json, const xd_cql **ret)
{
    static const struct {
        xd_str name;
        xd_cql_op op;
        size_t least, most; /* arguments */
    } own[] = {
        {XD_STR("and"),     XD_CQL_AND,     1, 1000},
        {XD_STR("or"),      XD_CQL_OR,      1, 1000},
        {XD_STR("not"),     XD_CQL_NOT,     1, 1   },
        {XD_STR("like"),    XD_CQL_LIKE,    2, 2   },
        {XD_STR("between"), XD_CQL_BETWEEN, 3, 3   },
        {XD_STR("in"),      XD_CQL_IN,      2, 2   },
        {XD_STR("isNull"),  XD_CQL_IS_NULL, 1, 1   },
    };
    xd_str name = xd_json_get_str(json, XD_S("op"));
    const xd_json *args = xd_json_get(json, XD_S("args"));
    const xd_cql_word *word = xd_cql_word_by_json(name);
    size_t n = args != NULL && args->kind == XD_JSON_ARRAY ? xd_json_len(args) : 0;
    if (word != NULL && word->sort != XD_CQL_FOLDS)
        return n == 2 ? of_operands(m, word->op, args, ret)
                      : wrong_op(m, name, "要两个参数", "wants two arguments");
    for (size_t i = 0; i < XD_LEN(own); i++) {
        if (!xd_str_eq(name, own[i].name))
            continue;
        if (n < own[i].least || n > own[i].most)
            return wrong_op(m, name, "的参数个数不对", "has the wrong number of arguments");
        if (own[i].op == XD_CQL_IN)
            return read_in(m, args, ret);
        return own[i].op <= XD_CQL_NOT ? all_predicates(m, own[i].op, args, ret)
                                       : of_operands(m, own[i].op, args, ret);
    }
    return wrong_op(m, name, "不是条件", "is no condition");
}

static bool predicate(xd_cql_maker *m, const xd_json *json, const xd_cql **ret)
{
    xd_cql *leaf;
    if (json->kind == XD_JSON_BOOL) {
        if (!xd_cql_node(m, json->boolean ? XD_CQL_TRUE : XD_CQL_FALSE, 0, 0, &leaf))
            return false;
        *ret = leaf;
        return true;
    }
    if (json->kind != XD_JSON_OBJECT)
        return xd_cql_wrong(m, 0, "这里应是条件 {\"op\": …, \"args\": […]}",
                            "a condition {\"op\": …, \"args\": […]} is wanted");
    if (is_string(xd_json_get(json, XD_S("property")))) { /* a yes-or-no field */
        if (!read_object(m, json, &leaf))
            return false;
        *ret = leaf;
        return true;
    }
    if (!xd_cql_enter(m, 0) || !read_op(m, json, ret))
        return false;
    xd_cql_leave(m);
    return true;
}

bool xd_cql_read_json(xd_ctx *cx, xd_str text, const xd_cql **ret_cql)
{
    const xd_json *json;
    xd_cql_maker m = {.cx = cx};
    text = xd_str_copy(cx->arena, text); /* the tree borrows it */
    if (!xd_json_read(cx, text, &json))
        return xd_cql_wrong_inside(&m, 0);
    return predicate(&m, json, ret_cql);
}
