/* CQL2 text (OGC 21-065r2, Annex B), by recursive descent.
 *
 *   expression = term { OR term }        term = factor { AND factor }
 *   factor     = [NOT] primary
 *   primary    = ( expression ) | TRUE | FALSE | S_x(a, b) | T_x(a, b) | A_x(a, b)
 *              | operand ( op operand | [NOT] LIKE pattern | [NOT] BETWEEN a AND b
 *                        | [NOT] IN (list) | IS [NOT] NULL | nothing: a yes-or-no field )
 *   operand    = property | 'text' | number | DATE('…') | TIMESTAMP('…') | INTERVAL('…','…')
 *              | CASEI(operand) | ACCENTI(operand) | WKT | BBOX(…) | (list), in A_x only
 *
 * Words are the same in any case. A property that is one of the words, or holds other signs
 * than letters, digits, _ . and :, stands in "…". In 'text' a quote is '' or \'; a text that
 * ends in a backslash can therefore not be written, only given as JSON.
 * AND binds before OR. NOT LIKE and its kin become NOT over the plain form. */
#include <stdio.h>
#include <stdlib.h>

#include "model/cql_parts.h"

typedef struct parser {
    xd_cql_maker m;
    size_t at;
} parser;

static bool expression(parser *p, const xd_cql **ret);
static bool operand(parser *p, xd_cql **ret);

static bool wrong(parser *p, const char *zh, const char *en)
{
    return xd_cql_wrong(&p->m, p->at, zh, en);
}

static void skip_blanks(parser *p)
{
    xd_str s = p->m.text;
    while (p->at < s.n) {
        size_t next = p->at;
        uint32_t cp = xd_utf8_next(s, &next);
        if (cp != ' ' && (cp < '\t' || cp > '\r') && cp != 0xa0 && cp != 0x3000)
            return;
        p->at = next;
    }
}

static char next_char(parser *p)
{
    skip_blanks(p);
    return p->at < p->m.text.n ? p->m.text.p[p->at] : '\0';
}

static bool eat_char(parser *p, char c)
{
    if (next_char(p) != c || c == '\0')
        return false;
    p->at++;
    return true;
}

static bool is_start(uint32_t cp)
{
    return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || cp == '_' || cp == ':' ||
           (cp >= 0xc0 && cp != 0x3000 && cp != UINT32_MAX && (cp < 0x2000 || cp > 0x2bff) &&
            (cp < 0xff00 || cp > 0xffef));
}

/* The word that stands here: an identifier's letters. Empty when none does. */
static xd_str peek_word(parser *p)
{
    skip_blanks(p);
    xd_str s = p->m.text;
    size_t at = p->at;
    while (at < s.n) {
        size_t next = at;
        uint32_t cp = xd_utf8_next(s, &next);
        bool part = at > p->at && ((cp >= '0' && cp <= '9') || cp == '.' || cp == 0xb7);
        if (!is_start(cp) && !part)
            break;
        at = next;
    }
    return xd_str_sub(s, p->at, at);
}

static bool is_word(parser *p, const char *word)
{
    return xd_str_eq_nocase(peek_word(p), xd_str_of(word));
}

static bool eat_word(parser *p, const char *word)
{
    xd_str here = peek_word(p);
    if (!xd_str_eq_nocase(here, xd_str_of(word)))
        return false;
    p->at += here.n;
    return true;
}

static bool expect_char(parser *p, char c)
{
    if (eat_char(p, c))
        return true;
    char zh[40], en[40];
    (void)snprintf(zh, sizeof zh, "这里应是 %c", c); /* one character always fits */
    (void)snprintf(en, sizeof en, "%c is wanted", c);
    return wrong(p, zh, en);
}

/* Literals -------------------------------------------------------------------------------- */

static bool read_quoted(parser *p, char quote, xd_str *ret_text)
{
    xd_str s = p->m.text;
    size_t start = p->at, at = p->at + 1;
    xd_buf out = {0};
    for (; at < s.n; at++) {
        char c = s.p[at];
        char next = at + 1 < s.n ? s.p[at + 1] : '\0';
        if (quote == '\'' && c == '\\' && next == '\'') {
            xd_buf_byte(&out, next);
            at++;
        } else if (c == quote && next == quote) {
            xd_buf_byte(&out, quote);
            at++;
        } else if (c == quote) {
            break;
        } else {
            xd_buf_byte(&out, c);
        }
    }
    *ret_text = xd_buf_copy(&out, p->m.cx->arena);
    xd_buf_free(&out);
    if (at >= s.n) {
        p->at = start;
        return wrong(p, "引号没有闭合", "the quotation mark is not closed");
    }
    p->at = at + 1;
    return true;
}

static bool read_string(parser *p, xd_str *ret_text)
{
    if (next_char(p) != '\'')
        return wrong(p, "这里应是 '…' 里的文字", "text in '…' is wanted");
    return read_quoted(p, '\'', ret_text);
}

/* The extent of a number as JSON and CQL2 have it. */
static xd_str number_here(parser *p)
{
    xd_str s = p->m.text;
    size_t at = p->at;
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
        at++;
    size_t digits = at;
    while (at < s.n && ((s.p[at] >= '0' && s.p[at] <= '9') || s.p[at] == '.'))
        at++;
    if (at == digits || (at == digits + 1 && s.p[digits] == '.'))
        return (xd_str){0};
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < s.n && (s.p[exponent] == '-' || s.p[exponent] == '+'))
            exponent++;
        if (exponent < s.n && s.p[exponent] >= '0' && s.p[exponent] <= '9') {
            while (exponent < s.n && s.p[exponent] >= '0' && s.p[exponent] <= '9')
                exponent++;
            at = exponent;
        }
    }
    return xd_str_sub(s, p->at, at);
}

static bool read_box(parser *p, size_t start, xd_cql **ret)
{
    double numbers[6];
    size_t n = 0;
    do {
        skip_blanks(p);
        xd_str number = number_here(p);
        if (number.n == 0 || number.n > 40 || n == XD_LEN(numbers))
            return wrong(p, "这里应是一个数", "a number is wanted");
        numbers[n++] = strtod(xd_cstr(p->m.cx->arena, number), NULL);
        p->at += number.n;
    } while (eat_char(p, ','));
    return expect_char(p, ')') && xd_cql_box(&p->m, numbers, n, start, ret);
}

/* POINT(…) and its kin: up to the bracket that closes the first. */
static bool read_wkt(parser *p, size_t start, xd_cql **ret)
{
    xd_str s = p->m.text;
    size_t at = p->at, depth = 0;
    for (; at < s.n; at++) {
        depth += s.p[at] == '(';
        if (s.p[at] == ')' && depth > 0 && --depth == 0)
            break;
    }
    const xd_geom *geom;
    if (!xd_geom_read_wkt(p->m.cx, xd_str_sub(s, start, at < s.n ? at + 1 : s.n), &geom))
        return xd_cql_wrong_inside(&p->m, start);
    p->at = at + 1;
    if (!xd_cql_node(&p->m, XD_CQL_GEOMETRY, 0, start, ret))
        return false;
    (*ret)->geom = geom;
    return true;
}

static bool is_wkt(xd_str word)
{
    static const char *const names[] = {
        "POINT",           "LINESTRING",   "POLYGON",           "MULTIPOINT",
        "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"};
    for (size_t i = 0; i < XD_LEN(names); i++) {
        if (xd_str_eq_nocase(word, xd_str_of(names[i])))
            return true;
    }
    return false;
}

static bool read_time(parser *p, xd_str word, size_t start, xd_cql **ret)
{
    xd_str from, to;
    bool interval = xd_str_eq_nocase(word, XD_S("INTERVAL"));
    if (!read_string(p, &from))
        return false;
    if (!interval)
        return expect_char(p, ')') && xd_cql_instant(&p->m, from, start, ret);
    return expect_char(p, ',') && read_string(p, &to) && expect_char(p, ')') &&
           xd_cql_interval(&p->m, from, to, start, ret);
}

/* Operands -------------------------------------------------------------------------------- */

/* word( … ): a literal in brackets, CASEI, ACCENTI; anything else we do not know. */
static bool call(parser *p, xd_str word, size_t start, xd_cql **ret)
{
    const xd_cql_word *known = xd_cql_word_by_text(word);
    if (is_wkt(word))
        return read_wkt(p, start, ret);
    if (!expect_char(p, '('))
        return false;
    if (xd_str_eq_nocase(word, XD_S("BBOX")))
        return read_box(p, start, ret);
    if (xd_str_eq_nocase(word, XD_S("DATE")) || xd_str_eq_nocase(word, XD_S("TIMESTAMP")) ||
        xd_str_eq_nocase(word, XD_S("INTERVAL")))
        return read_time(p, word, start, ret);
    xd_cql *inner;
    if (known == NULL || known->sort != XD_CQL_FOLDS) {
        p->at = start;
        return wrong(p, "没有这个函数", "there is no such function");
    }
    if (!xd_cql_enter(&p->m, start) || !operand(p, &inner) || !expect_char(p, ')') ||
        !xd_cql_node(&p->m, known->op, 1, start, ret))
        return false;
    (*ret)->args[0] = inner;
    xd_cql_leave(&p->m);
    return true;
}

static bool is_reserved(xd_str word)
{
    static const char *const words[] = {
        "AND",   "OR",  "NOT",   "LIKE",    "BETWEEN", "IN",        "IS",       "NULL", "TRUE",
        "FALSE", "DIV", "CASEI", "ACCENTI", "DATE",    "TIMESTAMP", "INTERVAL", "BBOX"};
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq_nocase(word, xd_str_of(words[i])))
            return true;
    }
    return is_wkt(word) || xd_cql_word_by_text(word) != NULL;
}

bool xd_cql_plain_name(xd_str name)
{
    parser p = {.m = {.text = name}};
    return name.n > 0 && !is_reserved(name) && peek_word(&p).n == name.n && p.at == 0;
}

/* A word: TRUE, a call, or a property. */
static bool word_operand(parser *p, xd_cql **ret)
{
    xd_str word = peek_word(p);
    size_t start = p->at;
    p->at += word.n;
    bool yes = xd_str_eq_nocase(word, XD_S("TRUE"));
    if (yes || xd_str_eq_nocase(word, XD_S("FALSE"))) {
        if (!xd_cql_node(&p->m, XD_CQL_BOOLEAN, 0, start, ret))
            return false;
        (*ret)->boolean = yes;
        return true;
    }
    bool tagged = is_wkt(word); /* POINT Z (…) */
    if (next_char(p) == '(' || (tagged && (is_word(p, "Z") || is_word(p, "EMPTY"))))
        return call(p, word, start, ret);
    if (is_reserved(word)) {
        p->at = start;
        return wrong(
            p, "这里应是字段名或值（字段名若与关键字相同，写在双引号里）",
            "a field or a value is wanted (a field named like a keyword goes in \"…\")");
    }
    if (!xd_cql_node(&p->m, XD_CQL_PROPERTY, 0, start, ret))
        return false;
    (*ret)->text = xd_str_copy(p->m.cx->arena, word);
    return true;
}

static bool operand(parser *p, xd_cql **ret)
{
    char c = next_char(p);
    size_t start = p->at;
    xd_str text;
    if (c == '\'')
        return read_quoted(p, '\'', &text) && xd_cql_string(&p->m, text, start, ret);
    if (c == '"') {
        if (!read_quoted(p, '"', &text))
            return false;
        if (text.n == 0)
            return xd_cql_wrong(&p->m, start, "字段名是空的", "a property has no name");
        if (!xd_cql_node(&p->m, XD_CQL_PROPERTY, 0, start, ret))
            return false;
        (*ret)->text = text;
        return true;
    }
    xd_str number = number_here(p);
    if (number.n > 0) {
        p->at += number.n;
        return xd_cql_number(&p->m, number, start, ret);
    }
    if (peek_word(p).n > 0)
        return word_operand(p, ret);
    return wrong(p, "这里应是字段名或值", "a field or a value is wanted");
}

/* ( a, b, … ), the opening bracket eaten: pushed behind what is there. */
typedef XD_VEC(const xd_cql *) nodes;

static bool list(parser *p, nodes *items)
{
    do {
        xd_cql *item;
        if (!operand(p, &item))
            return false;
        *xd_push(p->m.cx->arena, items) = item;
    } while (eat_char(p, ','));
    return expect_char(p, ')');
}

static bool node_of(parser *p, xd_cql_op op, const nodes *items, size_t at, xd_cql **ret)
{
    if (!xd_cql_node(&p->m, op, items->n, at, ret))
        return false;
    for (size_t i = 0; i < items->n; i++)
        (*ret)->args[i] = items->at[i];
    return true;
}

/* An argument of A_…: a list, or what any operand may be. */
static bool array_operand(parser *p, xd_cql **ret)
{
    nodes items = {0};
    skip_blanks(p);
    size_t start = p->at;
    if (!eat_char(p, '('))
        return operand(p, ret);
    if (!eat_char(p, ')') && !list(p, &items))
        return false;
    return node_of(p, XD_CQL_ARRAY, &items, start, ret);
}

/* Predicates ------------------------------------------------------------------------------ */

static bool no_arithmetic(parser *p)
{
    static const char signs[] = "+-*/^%";
    char c = next_char(p);
    if ((c != '\0' && strchr(signs, c) != NULL) || is_word(p, "DIV"))
        return wrong(p, "这里不做算术，请先算好再写",
                     "arithmetic is not done here: write its result");
    return true;
}

static bool negated(parser *p, bool not, const xd_cql *inner, size_t at, const xd_cql **ret)
{
    xd_cql *node;
    *ret = inner;
    if (!not )
        return true;
    if (!xd_cql_node(&p->m, XD_CQL_NOT, 1, at, &node))
        return false;
    node->args[0] = inner;
    *ret = node;
    return true;
}

/* Behind an operand: [NOT] LIKE, BETWEEN or IN, or IS [NOT] NULL. */
static bool worded(parser *p, const xd_cql *left, const xd_cql **ret)
{
    nodes items = {0};
    xd_arena *arena = p->m.cx->arena;
    size_t start = p->at;
    xd_cql *item, *node;
    xd_cql_op op;
    *xd_push(arena, &items) = left;
    bool not = eat_word(p, "NOT");
    if (eat_word(p, "LIKE")) {
        op = XD_CQL_LIKE;
        if (!operand(p, &item))
            return false;
        *xd_push(arena, &items) = item;
    } else if (eat_word(p, "BETWEEN")) {
        op = XD_CQL_BETWEEN;
        if (!operand(p, &item))
            return false;
        *xd_push(arena, &items) = item;
        if (!no_arithmetic(p))
            return false;
        if (!eat_word(p, "AND"))
            return wrong(p, "BETWEEN 的两个值之间应是 AND",
                         "AND is wanted between BETWEEN's values");
        if (!operand(p, &item))
            return false;
        *xd_push(arena, &items) = item;
    } else if (eat_word(p, "IN")) {
        op = XD_CQL_IN;
        if (!expect_char(p, '(') || !list(p, &items))
            return false;
    } else if (!not &&eat_word(p, "IS")) {
        op = XD_CQL_IS_NULL;
        not = eat_word(p, "NOT");
        if (!eat_word(p, "NULL"))
            return wrong(p, "IS 后面应是 NULL", "NULL is wanted behind IS");
    } else {
        return wrong(p, "这里应是 LIKE、BETWEEN 或 IN", "LIKE, BETWEEN or IN is wanted");
    }
    return node_of(p, op, &items, start, &node) && negated(p, not, node, start, ret);
}

static bool comparison(parser *p, const xd_cql *left, const xd_cql **ret)
{
    xd_str s = p->m.text;
    size_t start = p->at, n = 1;
    char first = s.p[p->at], second = p->at + 1 < s.n ? s.p[p->at + 1] : '\0';
    if (first != '=' && (second == '=' || (first == '<' && second == '>')))
        n = 2;
    const xd_cql_word *word = xd_cql_word_by_text(xd_str_sub(s, p->at, p->at + n));
    if (word == NULL)
        return wrong(p, "没有这个比较符，只有 = <> < > <= >=",
                     "no such comparison: = <> < > <= >= are known");
    p->at += n;
    xd_cql *right, *node;
    if (!operand(p, &right) || !xd_cql_node(&p->m, word->op, 2, start, &node))
        return false;
    node->args[0] = left;
    node->args[1] = right;
    *ret = node;
    return true;
}

/* S_…, T_…, A_…: the word is eaten. */
static bool relation(parser *p, const xd_cql_word *word, size_t start, const xd_cql **ret)
{
    xd_cql *a, *b, *node;
    bool array = word->sort == XD_CQL_ARRAYS;
    if (!expect_char(p, '(') || !(array ? array_operand(p, &a) : operand(p, &a)) ||
        !expect_char(p, ',') || !(array ? array_operand(p, &b) : operand(p, &b)) ||
        !expect_char(p, ')') || !xd_cql_node(&p->m, word->op, 2, start, &node))
        return false;
    node->args[0] = a;
    node->args[1] = b;
    *ret = node;
    return true;
}

static bool predicate(parser *p, const xd_cql **ret)
{
    const xd_cql_word *word = xd_cql_word_by_text(peek_word(p));
    size_t start = p->at;
    if (word != NULL && word->sort != XD_CQL_FOLDS && word->sort != XD_CQL_COMPARES) {
        p->at += word->text.n;
        return relation(p, word, start, ret);
    }
    xd_cql *left;
    if (!operand(p, &left) || !no_arithmetic(p))
        return false;
    char c = next_char(p);
    if (c == '=' || c == '<' || c == '>' || c == '!')
        return comparison(p, left, ret) && no_arithmetic(p);
    if (is_word(p, "NOT") || is_word(p, "LIKE") || is_word(p, "BETWEEN") || is_word(p, "IN") ||
        is_word(p, "IS"))
        return worded(p, left, ret) && no_arithmetic(p);
    if (left->op == XD_CQL_BOOLEAN)
        left->op = left->boolean ? XD_CQL_TRUE : XD_CQL_FALSE;
    else if (left->op != XD_CQL_PROPERTY)
        return wrong(p, "这里应是比较：= <> < > <= >= LIKE BETWEEN IN IS",
                     "a comparison is wanted: = <> < > <= >= LIKE BETWEEN IN IS");
    *ret = left;
    return true;
}

static bool factor(parser *p, const xd_cql **ret)
{
    skip_blanks(p);
    size_t start = p->at;
    bool not = eat_word(p, "NOT");
    const xd_cql *inner;
    if (!xd_cql_enter(&p->m, start))
        return false;
    if (not &&is_word(p, "NOT")) {
        if (!factor(p, &inner))
            return false;
    } else if (eat_char(p, '(')) {
        if (!expression(p, &inner) || !expect_char(p, ')'))
            return false;
    } else if (!predicate(p, &inner)) {
        return false;
    }
    xd_cql_leave(&p->m);
    return negated(p, not, inner, start, ret);
}

/* a AND b AND c, or a OR b OR c: one node of them all. */
static bool chain(parser *p, xd_cql_op op, const char *word,
                  bool (*part)(parser *p, const xd_cql **ret), const xd_cql **ret)
{
    nodes items = {0};
    skip_blanks(p);
    size_t start = p->at;
    do {
        const xd_cql *one;
        if (!part(p, &one))
            return false;
        *xd_push(p->m.cx->arena, &items) = one;
    } while (eat_word(p, word));
    if (items.n == 1) {
        *ret = items.at[0];
        return true;
    }
    xd_cql *node;
    if (!node_of(p, op, &items, start, &node))
        return false;
    *ret = node;
    return true;
}

static bool term(parser *p, const xd_cql **ret)
{
    return chain(p, XD_CQL_AND, "AND", factor, ret);
}

static bool expression(parser *p, const xd_cql **ret)
{
    return chain(p, XD_CQL_OR, "OR", term, ret);
}

bool xd_cql_read_text(xd_ctx *cx, xd_str text, const xd_cql **ret_cql)
{
    parser p = {
        .m = {.cx = cx, .text = text.p == NULL ? XD_S("") : text}
    };
    const xd_cql *cql;
    size_t valid = xd_utf8_valid(p.m.text);
    if (valid != p.m.text.n)
        return xd_cql_wrong(&p.m, valid, "不是 UTF-8 文字", "the text is not UTF-8");
    if (!expression(&p, &cql))
        return false;
    if (next_char(&p) != '\0' || p.at != p.m.text.n)
        return wrong(&p, "后面的内容连不上，这里应是 AND、OR 或结束",
                     "AND, OR or the end is wanted here");
    *ret_cql = cql;
    return true;
}
