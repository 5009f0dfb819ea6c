/* tests/index/random_questions.h — random questions about the records of random_bodies.h. */
#ifndef XD_TEST_INDEX_RANDOM_QUESTIONS_H
#define XD_TEST_INDEX_RANDOM_QUESTIONS_H

#include "random_bodies.h"

static inline xd_cql *node(game *g, xd_cql_op op, size_t n)
{
    xd_cql *c = xd_new(g->w.cx.arena, xd_cql);
    *c = (xd_cql){.op = op, .n = n, .args = xd_new_n(g->w.cx.arena, const xd_cql *, n + 1)};
    return c;
}

static inline const xd_cql *literal(game *g, const xd_field *f, int part)
{
    xd_cql *c = node(g, XD_CQL_TEXT, 0);
    char text[64] = "";
    if (f == NULL && part == XD_PART_ID) {
        c->op = XD_CQL_NUMBER;
        snprintf(text, sizeof text, "%u", 1 + rnd(g, RECORDS));
    } else if (f == NULL && part == XD_PART_UPDATED) {
        c->op = XD_CQL_PERIOD;
        c->from = c->to = (int32_t)rnd(g, 20000);
    } else if (f == NULL) {
        static const char *const words[] = {"shown",  "works", "high",
                                            "medium", "low",   "341823-W-0050"};
        snprintf(text, sizeof text, "%s", PICK(g, words));
    } else if (part == XD_PART_FROM || part == XD_PART_TO) {
        c->op = XD_CQL_NUMBER;
        snprintf(text, sizeof text, "%u", 1900 + rnd(g, 60));
    } else if (f->kind == XD_KIND_NUMBER) {
        c->op = XD_CQL_NUMBER;
        snprintf(text, sizeof text, chance(g, 50) ? "%u" : "%u.25", rnd(g, 20));
    } else if (f->kind == XD_KIND_BOOLEAN) {
        c->op = XD_CQL_BOOLEAN;
        c->boolean = chance(g, 50);
    } else if (f->kind == XD_KIND_PERIOD) {
        c->op = XD_CQL_PERIOD;
        c->from = random_day(g);
        c->to = chance(g, 50) ? c->from : c->from + (int32_t)rnd(g, 3000);
    } else if (f->kind == XD_KIND_TERM || f->kind == XD_KIND_DIVISION) {
        snprintf(text, sizeof text, "%s",
                 f->kind == XD_KIND_DIVISION                      ? PICK(g, codes_area)
                 : xd_str_eq(f->vocabulary->name, XD_S("grades")) ? PICK(g, codes_grade)
                                                                  : PICK(g, codes_trade));
    } else if (f->kind == XD_KIND_LINK && chance(g, 70)) {
        c->op = XD_CQL_NUMBER;
        snprintf(text, sizeof text, "%u", 1 + rnd(g, 30));
    } else {
        snprintf(text, sizeof text, "%s%s", PICK(g, names),
                 chance(g, 30) ? PICK(g, names) : "");
    }
    c->text = xd_str_copy(g->w.cx.arena, xd_str_of(text));
    return c;
}

static inline const xd_cql *random_area(game *g)
{
    xd_cql *c = node(g, XD_CQL_GEOMETRY, 0);
    double x = 118 + rnd(g, 41) / 40.0, y = 30 + rnd(g, 41) / 40.0;
    double dx = (1 + rnd(g, 20)) / 40.0, dy = (1 + rnd(g, 20)) / 40.0;
    char wkt[256];
    switch (rnd(g, 4)) {
    case 0:
        snprintf(wkt, sizeof wkt, "POINT(%f %f)", x, y);
        break;
    case 1:
        snprintf(wkt, sizeof wkt, "LINESTRING(%f %f,%f %f)", x, y, x + dx, y + dy);
        break;
    default:
        snprintf(wkt, sizeof wkt, "POLYGON((%f %f,%f %f,%f %f,%f %f,%f %f))", x, y, x + dx, y,
                 x + dx, y + dy, x, y + dy / 2, x, y);
    }
    XD_OK_CALL(&g->w.cx, xd_geom_read_wkt(&g->w.cx, xd_str_of(wkt), &c->geom));
    return c;
}

static inline const xd_cql *random_property(game *g, const xd_type *type)
{
    xd_cql *c = node(g, XD_CQL_PROPERTY, 0);
    static const int parts[] = {XD_PART_ID,   XD_PART_NUMBER,     XD_PART_STATE,
                                XD_PART_TYPE, XD_PART_CONFIDENCE, XD_PART_UPDATED};
    if (type == NULL || chance(g, 15)) {
        memcpy(&c->part, &parts[rnd(g, XD_LEN(parts))], sizeof c->part);
        return c;
    }
    do
        c->field = &type->fields[rnd(g, (uint32_t)type->n_fields)];
    while (c->field->hidden);
    if (c->field->kind == XD_KIND_GROUP && chance(g, 80)) {
        c->over = c->field;
        c->field = &c->over->fields[rnd(g, (uint32_t)c->over->n_fields)];
    } else if (c->field->kind == XD_KIND_LINK && chance(g, 70)) {
        c->over = c->field;
        c->field = xd_field_find(c->over->to[0],
                                 c->over->reach.at[rnd(g, (uint32_t)c->over->reach.n)]);
    }
    if (c->field->kind == XD_KIND_PERIOD && chance(g, 30))
        c->part = chance(g, 50) ? XD_PART_FROM : XD_PART_TO;
    return c;
}

static inline const xd_cql *random_cond(game *g, const xd_type *type, int depth)
{
    if (depth > 0 && chance(g, 50)) {
        static const xd_cql_op joins[] = {XD_CQL_AND, XD_CQL_OR, XD_CQL_NOT};
        xd_cql_op op = PICK(g, joins);
        xd_cql *c = node(g, op, op == XD_CQL_NOT ? 1 : 2 + rnd(g, 2));
        for (size_t i = 0; i < c->n; i++)
            c->args[i] = random_cond(g, type, depth - 1);
        return c;
    }
    const xd_cql *p = random_property(g, type);
    xd_kind kind = p->field == NULL ? XD_KIND_TEXT : p->field->kind;
    bool period = p->field == NULL ? p->part == XD_PART_UPDATED
                                   : kind == XD_KIND_PERIOD && p->part == XD_PART_VALUE;
    xd_cql *c;
    if (chance(g, 10) || kind == XD_KIND_GROUP) {
        c = node(g, XD_CQL_IS_NULL, 1);
    } else if (kind == XD_KIND_PLACE) {
        c = node(g, XD_CQL_S_INTERSECTS + (int)rnd(g, 8), 2);
        c->args[1] = random_area(g);
    } else if (period && chance(g, 50)) {
        c = node(g, XD_CQL_T_AFTER + (int)rnd(g, 15), 2);
        c->args[1] = literal(g, p->field, (int)p->part);
    } else if (p->field != NULL && (kind == XD_KIND_TERM || kind == XD_KIND_DIVISION) &&
               chance(g, 30)) {
        xd_cql *array = node(g, XD_CQL_ARRAY, 1 + rnd(g, 3));
        for (size_t i = 0; i < array->n; i++)
            array->args[i] = literal(g, p->field, XD_PART_VALUE);
        c = node(g, XD_CQL_A_EQUALS + (int)rnd(g, 4), 2);
        c->args[1] = array;
    } else if (kind == XD_KIND_TEXT && p->field != NULL && chance(g, 50)) {
        static const char *const patterns[] = {"%铁%", "宣__", "%坊", "%S%", "_%3%", "%e%r"};
        xd_cql *like = node(g, XD_CQL_TEXT, 0);
        like->text = xd_str_of(PICK(g, patterns));
        c = node(g, XD_CQL_LIKE, 2);
        c->args[1] = like;
    } else if (chance(g, 20) && kind != XD_KIND_BOOLEAN) {
        c = node(g, XD_CQL_IN, 2 + rnd(g, 3));
        for (size_t i = 1; i < c->n; i++)
            c->args[i] = literal(g, p->field, (int)p->part);
    } else if (chance(g, 20) && (kind == XD_KIND_NUMBER || period)) {
        c = node(g, XD_CQL_BETWEEN, 3);
        c->args[1] = literal(g, p->field, (int)p->part);
        xd_cql *to = node(g, c->args[1]->op, 0);
        *to = *literal(g, p->field, (int)p->part);
        if (to->to < c->args[1]->to) /* a later end than the beginning */
            to->to = c->args[1]->to;
        c->args[2] = to;
    } else {
        c = node(g, XD_CQL_EQ + (int)rnd(g, 6), 2);
        c->args[1] = literal(g, p->field, (int)p->part);
    }
    c->args[0] = p;
    return c;
}

/* A piece of what some record says, as q; *words get it taken apart. */
static inline void random_q(game *g, xd_buf *q, xd_strs *words)
{
    uint32_t n = 1 + rnd(g, 2);
    xd_arena *a = g->w.cx.arena;
    for (uint32_t i = 0; i < n; i++) {
        static const char *const others[] = {
            "钢",     "xuanzhi", "gangtie", "gt",    "xz",       "cichang", "steel", "paper",
            "mil",    "3",       "造纸",    "宣城",  "luan",     "铁宣",    "鐵",    "钢铁宣纸",
            "\"No 3", "\"Mill",  "\"宣纸",  "École", "jingxian", "手工",    "xuan"};
        char word[64];
        snprintf(word, sizeof word, "%s", chance(g, 30) ? PICK(g, names) : PICK(g, others));
        bool phrase = word[0] == '"';
        xd_buf_printf(q, "%s%s%s", i > 0 ? " " : "", word, phrase ? "\"" : "");
        xd_str folded = xd_fold(a, xd_str_of(word));
        *xd_push(a, words) = phrase ? xd_str_printf(a, "\"" XD_FMT, XD_ARG(folded)) : folded;
    }
}

static inline void random_ask(game *g, xd_ask *ask, xd_strs *words)
{
    *ask = (xd_ask){.limit = RECORDS, .lang = chance(g, 50) ? XD_ZH : XD_EN};
    uint32_t t = rnd(g, 10);
    ask->type = t < 7 ? g->w.works : t < 9 ? g->w.firm : NULL;
    ask->certain = chance(g, 30);
    if (chance(g, 40)) {
        xd_buf q = {0};
        random_q(g, &q, words);
        ask->q = xd_buf_copy(&q, g->w.cx.arena);
        xd_buf_free(&q);
    }
    if (chance(g, 70))
        ask->filter = random_cond(g, ask->type, 3);
    if (chance(g, 25)) {
        ask->has_box = true;
        ask->box_keeps_placeless = chance(g, 50);
        int32_t w = raster(g, 118), s = raster(g, 30);
        ask->box = (xd_box){w, s, w + XD_DEGREE / 40 * (int32_t)rnd(g, 30),
                            s + XD_DEGREE / 40 * (int32_t)rnd(g, 30)};
    }
    if (chance(g, 10))
        ask->area = random_area(g)->geom;
    if (chance(g, 15)) {
        ask->has_time = true;
        ask->time_from = random_day(g);
        ask->time_to = ask->time_from + (int32_t)rnd(g, 4000);
    }
    if (chance(g, 15)) {
        ask->near = 1 + rnd(g, RECORDS);
        ask->within_m = chance(g, 60) ? 1000.0 * rnd(g, 120) : 0;
    }
}

#endif
