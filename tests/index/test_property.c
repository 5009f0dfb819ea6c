/* Random records × random questions: the index and the plain scan of naive.h must agree.
 *
 * Records are made, changed, hidden, shown and taken away in stretches; after each stretch a
 * round of questions is asked: of segments in memory, and of the same in files, flushed, being
 * merged, merged, and opened again. A seed that fails is printed; XD_SEED is the first of those run. */
#include "model/computed.h"
#include <unistd.h>

#include "index/keep.h"
#include "mvt.h"
#include "naive.h"

#define RECORDS 150
#define STRETCHES 6
#define QUESTIONS 16

typedef struct game {
    world w;
    naive n;
    uint64_t state, seed;
    record records[RECORDS];
    xd_ctx keep;     /* bodies live here */
    char folder[64]; /* of files; empty: none */
} game;

static uint32_t rnd(game *g, uint32_t below)
{
    g->state += 0x9e3779b97f4a7c15u;
    uint64_t z = g->state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static bool chance(game *g, uint32_t percent)
{
    return rnd(g, 100) < percent;
}

/* Bodies --------------------------------------------------------------------------------- */

static const char *const names[] = {"钢铁", "宣纸", "煤窑", "瓷厂", "酒坊",
                                    "泾县", "旧址", "桥头", "鋼鐵", "宣紙"};
static const char *const latin[] = {"Steel", "Paper", "Mill No 3", "works", "Xuan", "École"};
static const char *const codes_area[] = {"340000", "341800", "341823", "341825",
                                         "342526", "341500", "341021", "320000"};
static const char *const codes_trade[] = {"C", "C15", "C22", "C221", "C31", "B", "B06", "B6"};
static const char *const codes_grade[] = {"top", "mid", "low"};
#define PICK(g, list) list[rnd((g), XD_LEN(list))]

static xd_json *js(game *g, const char *s)
{
    return xd_json_string(g->keep.arena, xd_str_copy(g->keep.arena, xd_str_of(s)));
}

static void set(game *g, xd_json *o, const char *key, const xd_json *v)
{
    xd_json_set(g->keep.arena, o, xd_str_of(key), v);
}

static xd_json *random_text(game *g, bool long_one)
{
    xd_json *o = xd_json_object(g->keep.arena);
    xd_buf b = {0};
    uint32_t n = long_one ? 1 + rnd(g, 6) : 1 + rnd(g, 2);
    for (uint32_t i = 0; i < n; i++) {
        xd_buf_printf(&b, "%s", PICK(g, names));
        if (chance(g, 15))
            xd_buf_printf(&b, "，");
        if (chance(g, 15))
            xd_buf_printf(&b, "%u", rnd(g, 30));
    }
    set(g, o, "zh", xd_json_string(g->keep.arena, xd_buf_copy(&b, g->keep.arena)));
    xd_buf_clear(&b);
    if (chance(g, 60)) {
        xd_buf_printf(&b, "%s %s", PICK(g, latin), PICK(g, latin));
        set(g, o, "en", xd_json_string(g->keep.arena, xd_buf_copy(&b, g->keep.arena)));
    }
    xd_buf_free(&b);
    return o;
}

static xd_json *zh_only(game *g)
{
    xd_json *o = random_text(g, false);
    xd_json_drop(o, XD_S("en"));
    return o;
}

static int32_t random_day(game *g)
{
    return xd_day_of(1900 + rnd(g, 60), 1 + (int)rnd(g, 12), 1);
}

static xd_json *random_period(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    int32_t a = random_day(g), b = a + (int32_t)rnd(g, 5000);
    set(g, o, "text", js(g, "约"));
    bool open = chance(g, 10), start = chance(g, 50);
    if (!open || start)
        set(g, o, "from", xd_json_string(g->keep.arena, xd_day_text(g->keep.arena, a)));
    if (!open || !start)
        set(g, o, "to", xd_json_string(g->keep.arena, xd_day_text(g->keep.arena, b)));
    return o;
}

static xd_json *random_number(game *g, const char *unit)
{
    xd_json *o = xd_json_object(g->keep.arena);
    char text[32];
    if (unit != NULL && chance(g, 50))
        snprintf(text, sizeof text, "%u.%u5", rnd(g, 20), rnd(g, 10));
    else
        snprintf(text, sizeof text, "%u", rnd(g, 20));
    set(g, o, "n", js(g, text));
    if (unit != NULL)
        set(g, o, "unit", js(g, unit));
    return o;
}

/* Everything happens in a square of one degree, on a coarse raster so that edges are met. */
static int32_t raster(game *g, int base)
{
    return base * XD_DEGREE + (int32_t)rnd(g, 41) * (XD_DEGREE / 40);
}

static xd_json *position(game *g, int32_t lon, int32_t lat)
{
    xd_json *a = xd_json_array(g->keep.arena);
    xd_json_add(g->keep.arena, a, xd_json_integer(g->keep.arena, lon));
    xd_json_add(g->keep.arena, a, xd_json_integer(g->keep.arena, lat));
    return a;
}

static xd_json *random_geometry(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    int32_t lon = raster(g, 118), lat = raster(g, 30);
    if (chance(g, 75)) {
        set(g, o, "type", js(g, "Point"));
        set(g, o, "coordinates", position(g, lon, lat));
        return o;
    }
    int32_t d = XD_DEGREE / 40 * (1 + (int32_t)rnd(g, 6));
    const int32_t corners[5][2] = {
        {0, 0},
        {d, 0},
        {d, d},
        {0, d},
        {0, 0}
    };
    bool line = chance(g, 40);
    xd_json *ring = xd_json_array(g->keep.arena);
    for (int i = 0; i < (line ? 3 : 5); i++)
        xd_json_add(g->keep.arena, ring, position(g, lon + corners[i][0], lat + corners[i][1]));
    xd_json *rings = xd_json_array(g->keep.arena);
    xd_json_add(g->keep.arena, rings, ring);
    set(g, o, "type", js(g, line ? "LineString" : "Polygon"));
    set(g, o, "coordinates", line ? ring : rings);
    return o;
}

static xd_json *random_place(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    static const char *const precisions[] = {"exact", "site", "town", "county"};
    set(g, o, "geometry", random_geometry(g));
    set(g, o, "precision", js(g, PICK(g, precisions)));
    return o;
}

#define LIST(g, object, name, most, make)                                                      \
    do {                                                                                       \
        uint32_t n_ = rnd((g), (most) + 1);                                                    \
        xd_json *list_ = xd_json_array((g)->keep.arena);                                       \
        for (uint32_t i_ = 0; i_ < n_; i_++)                                                   \
            xd_json_add((g)->keep.arena, list_, make);                                         \
        if (n_ > 0)                                                                            \
            set((g), (object), (name), list_);                                                 \
    } while (0)

static xd_json *random_part(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    set(g, o, "what", zh_only(g));
    if (chance(g, 60))
        set(g, o, "kind", js(g, PICK(g, codes_trade)));
    if (chance(g, 60))
        set(g, o, "count", random_number(g, NULL));
    if (chance(g, 60))
        set(g, o, "since", random_period(g));
    return o;
}

static xd_json *random_link(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    if (chance(g, 80))
        set(g, o, "id", xd_json_integer(g->keep.arena, 1 + rnd(g, 30)));
    else
        set(g, o, "text", js(g, PICK(g, names)));
    return o;
}

static xd_json *random_firm(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    set(g, o, "type", js(g, "firm"));
    set(g, o, "name", random_text(g, false));
    if (chance(g, 60))
        set(g, o, "town", js(g, PICK(g, codes_trade)));
    if (chance(g, 60))
        set(g, o, "founded", random_period(g));
    if (chance(g, 60))
        set(g, o, "seat", random_place(g));
    if (chance(g, 50))
        set(g, o, "board", zh_only(g));
    return o;
}

static xd_json *random_works(game *g, int64_t id)
{
    xd_json *o = xd_json_object(g->keep.arena);
    char number[32];
    set(g, o, "type", js(g, "works"));
    set(g, o, "name", random_text(g, false));
    if (chance(g, 60)) {
        snprintf(number, sizeof number, "341823-W-%04d", (int)id);
        set(g, o, "number", js(g, number));
    }
    LIST(g, o, "formerly", 2, zh_only(g));
    if (chance(g, 60))
        set(g, o, "notes", random_text(g, true));
    if (chance(g, 40))
        set(g, o, "motto", zh_only(g));
    if (chance(g, 30))
        set(g, o, "secret", zh_only(g));
    LIST(g, o, "division", 1, js(g, PICK(g, codes_area)));
    LIST(g, o, "trade", 2, js(g, PICK(g, codes_trade)));
    if (chance(g, 70))
        set(g, o, "grade", js(g, PICK(g, codes_grade)));
    if (chance(g, 60))
        set(g, o, "open", xd_json_bool(g->keep.arena, chance(g, 50)));
    if (chance(g, 20))
        set(g, o, "sensitive", xd_json_bool(g->keep.arena, true));
    if (chance(g, 60))
        set(g, o, "area", random_number(g, "m2"));
    if (chance(g, 60))
        set(g, o, "batch", random_number(g, NULL));
    if (chance(g, 75))
        set(g, o, "built", random_period(g));
    LIST(g, o, "spans", 2, random_period(g));
    LIST(g, o, "site", 2, random_place(g));
    if (chance(g, 40))
        set(g, o, "gate", random_place(g));
    LIST(g, o, "parts", 3, random_part(g));
    LIST(g, o, "owner", 2, random_link(g));
    if (chance(g, 30))
        set(g, o, "confidence", js(g, chance(g, 50) ? "high" : "low"));
    return o;
}

static void change(game *g, xd_draft *drafts, size_t *n, int64_t *gone, size_t *n_gone)
{
    size_t at = rnd(g, RECORDS);
    for (size_t i = 0; i < *n; i++) {
        if (drafts[i].id == (int64_t)at + 1)
            return; /* once a stretch */
    }
    for (size_t i = 0; i < *n_gone; i++) {
        if (gone[i] == (int64_t)at + 1)
            return;
    }
    record *r = &g->records[at];
    int64_t id = (int64_t)at + 1;
    static const char *const states[] = {"shown", "shown", "shown", "shown", "draft", "gone"};
    xd_json *body = id <= 30 ? random_firm(g) : random_works(g, id);
    set(g, body, "state", js(g, PICK(g, states)));
    xd_buf text = {0};
    xd_json_canonical(&text, body);
    xd_draft draft;
    bool visible = world_draft(&g->w, id, xd_buf_copy(&text, g->keep.arena), &draft);
    xd_buf_free(&text);
    *r = (record){.id = id};
    if (!visible) {
        gone[(*n_gone)++] = id;
        return;
    }
    draft.rev = ++g->w.seq;
    draft.time = (int64_t)rnd(g, 20000) * INT64_C(86400000000);
    draft.body = xd_str_copy(g->keep.arena, draft.body);
    drafts[(*n)++] = draft;
    *r = (record){id, draft.rev, draft.time, draft.type, NULL};
    XD_OK_CALL(&g->keep, xd_json_read(&g->keep, draft.body, &r->body));
}

/* Files ---------------------------------------------------------------------------------- */

static void open_folder(game *g)
{
    xd_folder *folder;
    XD_OK_CALL(&g->w.cx, xd_folder_open(&g->w.cx, g->w.index->arena, g->folder, &folder));
    xd_keep_open(g->w.index, folder);
    g->w.index->schema->threes_from = 20; /* as if the segments were large */
    g->w.index->schema->common_least = 5;
    g->w.index->schema->cells_from = 10;
    g->w.index->schema->best_most = 8;
}

/* As another process would: what the manifest says, and nothing else. */
static void open_again(game *g)
{
    bool there = false;
    xd_manifest manifest;
    xd_ctx_reset(&g->w.cx); /* snapshots go before their index */
    xd_index_free(g->w.index);
    XD_OK_CALL(&g->w.cx, xd_index_make(&g->w.cx, g->w.model, XD_SEE_PUBLIC, &g->w.index));
    open_folder(g);
    XD_OK_CALL(&g->w.cx,
               xd_folder_read(&g->w.cx, g->w.index->keeping->folder, &there, &manifest));
    ck_assert(there);
    XD_OK_CALL(&g->w.cx, xd_keep_take(&g->w.cx, g->w.index, &manifest));
}

static void move_files(game *g)
{
    static const uint8_t leaf[XD_LEAF_BYTES] = {0};
    uint32_t how = rnd(g, 5);
    xd_ctx *cx = &g->w.cx;
    if (how == 0) /* what is new stays in memory, beside the files */
        return;
    (void)pthread_mutex_lock(&g->w.index->writing);
    XD_OK_CALL(cx, xd_keep_flush_at(cx, g->w.index, leaf));
    if (how >= 3) /* 3: questions come while it is merged */
        XD_OK_CALL(cx, xd_keep_merge(cx, g->w.index, how == 3));
    (void)pthread_mutex_unlock(&g->w.index->writing);
    if (how == 2 || how == 4)
        open_again(g);
}

static void stretch(game *g, size_t changes)
{
    xd_draft drafts[RECORDS];
    int64_t gone[RECORDS];
    size_t n = 0, n_gone = 0;
    for (size_t i = 0; i < changes; i++)
        change(g, drafts, &n, gone, &n_gone);
    XD_OK_CALL(&g->w.cx,
               xd_edition_apply(&g->w.cx, g->w.index, drafts, n, gone, n_gone, ++g->w.seq));
    if (chance(g, 50))
        XD_OK_CALL(&g->w.cx, xd_edition_tidy(&g->w.cx, g->w.index, SIZE_MAX));
    if (g->folder[0] != '\0')
        move_files(g);
}

/* Questions ------------------------------------------------------------------------------ */

static xd_cql *node(game *g, xd_cql_op op, size_t n)
{
    xd_cql *c = xd_new(g->w.cx.arena, xd_cql);
    *c = (xd_cql){.op = op, .n = n, .args = xd_new_n(g->w.cx.arena, const xd_cql *, n + 1)};
    return c;
}

static const xd_cql *literal(game *g, const xd_field *f, int part)
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

static const xd_cql *random_area(game *g)
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

static const xd_cql *random_property(game *g, const xd_type *type)
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

static const xd_cql *random_cond(game *g, const xd_type *type, int depth)
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
static void random_q(game *g, xd_buf *q, xd_strs *words)
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

static void random_ask(game *g, xd_ask *ask, xd_strs *words)
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

/* Checks --------------------------------------------------------------------------------- */

static bool has_id(const int64_t *ids, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++) {
        if (ids[i] == id)
            return true;
    }
    return false;
}

static void describe(game *g, const xd_ask *ask)
{
    xd_buf b = {0};
    if (ask->filter != NULL)
        xd_cql_write_text(&b, ask->filter);
    printf("seed %d: q \"" XD_FMT "\" filter " XD_FMT
           " type %s near %d within %f certain %d lang %d box %d area %d time %d\n",
           (int)g->seed, XD_ARG(ask->q), XD_ARG(xd_buf_str(&b)),
           ask->type == NULL ? "-" : xd_cstr(g->w.cx.arena, ask->type->name), (int)ask->near,
           ask->within_m, ask->certain, (int)ask->lang, ask->has_box, ask->area != NULL,
           ask->has_time);
    xd_buf_free(&b);
    (void)fflush(stdout); /* the test ends in a moment, without */
}

static bool follow_record(xd_ctx *cx, void *user, int64_t id, const xd_json **ret_body)
{
    const record *r = naive_find(user, id);
    (void)cx;
    *ret_body = r == NULL ? NULL : r->body;
    return true;
}

/* The same condition over one body at a time: rules, guards and histories use that. */
static void check_holds(game *g, const xd_ask *ask)
{
    if (ask->filter == NULL || !xd_cql_holds_takes(ask->filter))
        return;
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (r->body == NULL || (ask->type != NULL && r->type != ask->type))
            continue;
        const xd_subject subject = {.id = r->id,
                                    .time = r->time,
                                    .type = r->type,
                                    .body = r->body,
                                    .follow = follow_record,
                                    .user = &g->n,
                                    .model = g->w.model};
        xd_truth truth;
        XD_OK_CALL(&g->w.cx, xd_cql_holds(&g->w.cx, &subject, ask->filter, &truth));
        tri wanted = naive_cond(&g->n, r, ask->filter, XD_ZH, false);
        if ((truth == XD_YES) != (wanted == YES) || (truth == XD_NO) != (wanted == NO)) {
            describe(g, ask);
            ck_abort_msg("record %d by itself: %d, wanted %d", (int)r->id, (int)truth,
                         (int)wanted);
        }
    }
}

static void check_matches(game *g, const xd_ask *ask, const xd_strs *words,
                          const xd_answer *answer)
{
    int64_t ids[RECORDS];
    uint64_t placeless = 0;
    size_t n = 0;
    check_holds(g, ask);
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (!naive_match(&g->n, r, ask, words, NULL))
            continue;
        ids[n++] = r->id;
        placeless += naive_places(&g->n, r).n == 0;
    }
    for (size_t i = 0; i < answer->n; i++) {
        if (!has_id(ids, n, answer->hits[i].id)) {
            describe(g, ask);
            xd_buf b = {0};
            xd_json_canonical(&b, g->records[answer->hits[i].id - 1].body);
            ck_abort_msg("found %d, which does not match: " XD_FMT, (int)answer->hits[i].id,
                         XD_ARG(xd_buf_str(&b)));
        }
    }
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t k = 0; k < answer->n; k++)
            found = found || answer->hits[k].id == ids[i];
        if (!found) {
            describe(g, ask);
            xd_buf b = {0};
            xd_json_canonical(&b, g->records[ids[i] - 1].body);
            ck_abort_msg("%d matches and is not found: " XD_FMT, (int)ids[i],
                         XD_ARG(xd_buf_str(&b)));
        }
    }
    ck_assert_uint_eq(answer->matched, n);
    ck_assert_uint_eq(answer->placeless, placeless);
}

static int year_of(const value *p, bool from)
{
    int64_t y;
    int m, d;
    xd_day_parts(from ? p->from : p->to, &y, &m, &d);
    return (int)y;
}

static void check_facet(game *g, const xd_ask *ask, const xd_strs *words, const xd_facet *facet)
{
    uint64_t unknown = 0;
    const xd_field *f = facet->field;
    struct {
        char code[32];
        uint64_t n;
    } bars[200];
    size_t n_bars = 0;
    /* Years known among those to count: open ends reach to them, or to this year. */
    int first = 9999, last = -9999;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < RECORDS; i++) {
            const record *r = &g->records[i];
            if (!naive_match(&g->n, r, ask, words, f) || r->type != ask->type)
                continue;
            values vals = {0};
            add_member(&g->n, &vals, f, r->body, XD_ZH, XD_PART_VALUE);
            for (size_t k = 0; k < vals.n && pass == 0 && f->kind == XD_KIND_PERIOD; k++) {
                if (vals.at[k].from != XD_DAY_OPEN_START) {
                    int y = year_of(&vals.at[k], true);
                    first = y < first ? y : first;
                    last = y > last ? y : last;
                }
                int y = vals.at[k].to != XD_DAY_OPEN_END ? year_of(&vals.at[k], false) : 2026;
                first = y < first ? y : first;
                last = y > last ? y : last;
            }
            if (pass == 0)
                continue;
            unknown += vals.n == 0;
            xd_strs codes = {0};
            for (size_t k = 0; k < vals.n; k++) {
                const value *x = &vals.at[k];
                char code[32];
                if (x->kind == 'c') {
                    for (const xd_term *t = x->term; t != NULL; t = t->parent)
                        *xd_push(g->w.cx.arena, &codes) = t->code;
                } else if (x->kind == 'b') {
                    *xd_push(g->w.cx.arena, &codes) = x->yes ? XD_S("true") : XD_S("false");
                } else if (x->kind == 'l') {
                    if (naive_find(&g->n, x->id) != NULL)
                        *xd_push(g->w.cx.arena, &codes) =
                            xd_str_printf(g->w.cx.arena, "%" PRId64, x->id);
                } else if (x->kind == 'n') {
                    snprintf(code, sizeof code, "%.15g", x->n);
                    *xd_push(g->w.cx.arena, &codes) =
                        xd_str_copy(g->w.cx.arena, xd_str_of(code));
                } else {
                    int from = x->from == XD_DAY_OPEN_START ? first : year_of(x, true);
                    int to = x->to == XD_DAY_OPEN_END ? last : year_of(x, false);
                    for (int y = from - from % 10; y <= to; y += 10)
                        *xd_push(g->w.cx.arena, &codes) = xd_str_printf(g->w.cx.arena, "%d", y);
                }
            }
            for (size_t k = 0; k < codes.n; k++) {
                bool again = false;
                for (size_t m = 0; m < k && !again; m++)
                    again = xd_str_eq(codes.at[m], codes.at[k]);
                size_t b = 0;
                while (b < n_bars && !xd_str_eq(xd_str_of(bars[b].code), codes.at[k]))
                    b++;
                if (again)
                    continue;
                if (b == n_bars) {
                    ck_assert_uint_lt(n_bars, XD_LEN(bars));
                    snprintf(bars[b].code, sizeof bars[b].code, XD_FMT, XD_ARG(codes.at[k]));
                    bars[n_bars++].n = 0;
                }
                bars[b].n++;
            }
        }
    }
    for (size_t k = 0; k < facet->n; k++) {
        const xd_count *c = &facet->counts[k];
        if (c->code.n == 0) {
            ck_assert_uint_eq(c->n, unknown);
            ck_assert_uint_eq(k, facet->n - 1);
            continue;
        }
        size_t b = 0;
        while (b < n_bars && !xd_str_eq(xd_str_of(bars[b].code), c->code))
            b++;
        if (b == n_bars || bars[b].n != c->n) {
            describe(g, ask);
            ck_abort_msg("facet " XD_FMT " bar " XD_FMT ": %d, counted %d", XD_ARG(f->name),
                         XD_ARG(c->code), (int)c->n, b == n_bars ? 0 : (int)bars[b].n);
        }
        if (k > 0 && f->kind != XD_KIND_PERIOD)
            ck_assert_uint_ge(facet->counts[k - 1].n, c->n);
    }
    size_t told = facet->n - (facet->n > 0 && facet->counts[facet->n - 1].code.n == 0);
    ck_assert_uint_eq(told, n_bars);
}

/* Pages of a few, one after another, must be the one big page. */
static void check_pages(game *g, const xd_ask *ask, const xd_answer *whole)
{
    xd_ask page = *ask;
    page.limit = 1 + rnd(g, 9);
    page.n_facets = 0;
    size_t at = 0;
    for (;;) {
        const xd_answer *answer;
        XD_OK_CALL(&g->w.cx,
                   xd_ask_run(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), &page, &answer));
        for (size_t i = 0; i < answer->n; i++, at++) {
            ck_assert_uint_lt(at, whole->n);
            ck_assert_int_eq(answer->hits[i].id, whole->hits[at].id);
            ck_assert_int_eq(answer->hits[i].rev, whole->hits[at].rev);
        }
        if (answer->next.n == 0)
            break;
        ck_assert_uint_eq(answer->n, page.limit);
        page.cursor = answer->next;
    }
    ck_assert_uint_eq(at, whole->n);
}

/* Order: one key and the id. */
static int compare_by(game *g, const xd_ask *ask, const record *a, const record *b)
{
    const xd_field *f = ask->sorts[0].field;
    values x = {0}, y = {0};
    add_member(&g->n, &x, f, a->body, ask->lang, XD_PART_VALUE);
    add_member(&g->n, &y, f, b->body, ask->lang, XD_PART_VALUE);
    double p = INFINITY, q = INFINITY;
    int order = 0;
    if (f->kind == XD_KIND_TEXT) {
        if (x.n == 0 || y.n == 0)
            return (int)(x.n == 0) - (int)(y.n == 0);
        order = xd_str_cmp(xd_sort_key(g->n.arena, x.at[0].text, ask->lang),
                           xd_sort_key(g->n.arena, y.at[0].text, ask->lang));
    } else {
        for (int side = 0; side < 2; side++) {
            const values *v = side == 0 ? &x : &y;
            for (size_t i = 0; i < v->n; i++) {
                const value *u = &v->at[i];
                double d = u->kind == 'n'                 ? u->n
                           : u->kind == 'c'               ? (double)u->term->at
                           : u->kind == 'b'               ? u->yes
                           : u->from == XD_DAY_OPEN_START ? (double)INFINITY
                                                          : (double)u->from;
                if (side == 0)
                    p = d < p ? d : p;
                else
                    q = d < q ? d : q;
            }
        }
        if (isinf(p) || isinf(q))
            return (int)isinf(p) - (int)isinf(q) != 0 ? (isinf(p) ? 1 : -1) : 0;
        order = p < q ? -1 : p > q;
    }
    return ask->sorts[0].descending ? -order : order;
}

static void check_order(game *g, const xd_ask *ask, const xd_answer *answer)
{
    for (size_t i = 1; i < answer->n; i++) {
        const record *a = &g->records[answer->hits[i - 1].id - 1];
        const record *b = &g->records[answer->hits[i].id - 1];
        if (ask->near != 0) {
            ck_assert_double_le(answer->hits[i - 1].distance_m,
                                answer->hits[i].distance_m + 0.001);
            const record *from = &g->records[ask->near - 1];
            ck_assert_double_eq_tol(answer->hits[i].distance_m, naive_distance(&g->n, from, b),
                                    0.5);
        } else if (ask->n_sorts > 0) {
            int order = compare_by(g, ask, a, b);
            ck_assert_int_le(order, 0);
            ck_assert(order < 0 || a->id < b->id);
        }
    }
}

/* A tile's cells count the records anchored in it; those known to the county are elsewhere. */
static void check_tile(game *g, const xd_ask *ask, const xd_strs *words)
{
    static tile_read t;
    int z = (int)rnd(g, XD_TILE_POINTS_ZOOM);
    double x, y;
    xd_mercator((xd_pos){raster(g, 118), raster(g, 30)}, &x, &y);
    xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
    int64_t wanted = 0, got = 0;
    for (size_t i = 0; i < RECORDS; i++) {
        const record *r = &g->records[i];
        if (!naive_match(&g->n, r, ask, words, NULL))
            continue;
        values places = naive_places(&g->n, r);
        if (places.n == 0 ||
            xd_str_eq(xd_json_get_str(places.at[0].json, XD_S("precision")), XD_S("county")))
            continue;
        const xd_geom *geom;
        xd_pos at;
        int32_t tx, ty;
        XD_OK_CALL(g->n.cx, xd_value_geom(g->n.cx, places.at[0].json, &geom));
        XD_OK_CALL(g->n.cx, xd_geom_anchor(g->n.cx, geom, &at));
        xd_tile_project(tile, at, &tx, &ty);
        wanted += tx >= 0 && ty >= 0 && tx < XD_TILE_EXTENT && ty < XD_TILE_EXTENT;
    }
    draw(&g->w, ask, tile, chance(g, 50) ? "grade" : NULL, &t);
    for (size_t i = 0; i < t.n; i++)
        got += strcmp(t.at[i].layer, "records") == 0 ? t.at[i].count : 0;
    if (got != wanted) {
        describe(g, ask);
        ck_abort_msg("tile %d/%u/%u counts %d, not %d", z, tile.x, tile.y, (int)got,
                     (int)wanted);
    }
}

/* A tile of everything is made of counts the segments have; with a condition that always holds
 * it is counted anew. The bytes are the same. */
static void check_counted(game *g)
{
    static const char *const colours[] = {"grade", "trade", "open", "built", NULL};
    xd_ask all = {.type = chance(g, 80)   ? g->w.works
                          : chance(g, 50) ? g->w.firm
                                          : NULL,
                  .lang = chance(g, 50) ? XD_ZH : XD_EN};
    xd_ask same = all;
    const char *colour = PICK(g, colours);
    const xd_field *field_of =
        colour == NULL ? NULL : xd_field_find(g->w.works, xd_str_of(colour));
    same.filter = world_filter(&g->w, all.type, "id >= 0");
    double x, y;
    xd_mercator((xd_pos){raster(g, 118), raster(g, 30)}, &x, &y);
    for (int z = 0; z < XD_TILE_POINTS_ZOOM; z += 1 + (int)rnd(g, 3)) {
        xd_tile tile = {z, (uint32_t)(x * (1 << z)), (uint32_t)(y * (1 << z))};
        const xd_snap *snap = xd_snap_open(&g->w.cx, g->w.index);
        xd_buf a = {0}, b = {0};
        XD_OK_CALL(&g->w.cx, xd_ask_tile(&g->w.cx, snap, &all, tile, field_of, &a));
        XD_OK_CALL(&g->w.cx, xd_ask_tile(&g->w.cx, snap, &same, tile, field_of, &b));
        ck_assert_msg(xd_str_eq(xd_buf_str(&a), xd_buf_str(&b)),
                      "seed %" PRIu64 ": tile %d/%u/%u by %s is not the same counted anew",
                      g->seed, z, tile.x, tile.y, colour == NULL ? "nothing" : colour);
        xd_buf_free(&a);
        xd_buf_free(&b);
    }
}

/* Squares add up to what has a place; everything counted beforehand or anew is the same; each
 * mean is in its square. */
static void check_squares(game *g, const xd_ask *ask, const xd_answer *answer)
{
    const xd_snap *snap = xd_snap_open(&g->w.cx, g->w.index);
    const xd_field *grade = xd_field_find(g->w.works, XD_S("grade"));
    const xd_square *squares, *all, *same;
    size_t n, n_all, n_same;
    uint64_t sum = 0;
    int zoom = 1 + (int)rnd(g, XD_SQUARES_ZOOM);
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, ask, zoom, grade, &squares, &n));
    for (size_t i = 0; i < n; i++) {
        const xd_square *s = &squares[i];
        xd_box box = xd_tile_box(s->tile);
        ck_assert_uint_gt(s->n, 0);
        ck_assert_uint_le(s->roughly, s->n);
        ck_assert_uint_le(s->of_value, s->n);
        ck_assert(s->mean.lon >= box.west - 1 && s->mean.lon <= box.east + 1 &&
                  s->mean.lat >= box.south - 1 && s->mean.lat <= box.north + 1);
        sum += s->n;
    }
    ck_assert_uint_eq(sum, answer->matched - answer->placeless);
    xd_ask plain = {.type = ask->type, .lang = ask->lang}, anew = plain;
    anew.filter = world_filter(&g->w, ask->type, "id >= 0");
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, &plain, zoom, grade, &all, &n_all));
    XD_OK_CALL(&g->w.cx, xd_ask_squares(&g->w.cx, snap, &anew, zoom, grade, &same, &n_same));
    ck_assert_uint_eq(n_all, n_same);
    for (size_t i = 0; i < n_all; i++) {
        ck_assert(all[i].tile.x == same[i].tile.x && all[i].tile.y == same[i].tile.y);
        ck_assert_uint_eq(all[i].n, same[i].n);
        ck_assert_uint_eq(all[i].roughly, same[i].roughly);
        ck_assert_uint_eq(all[i].of_value, same[i].of_value);
        ck_assert(xd_str_eq(all[i].value, same[i].value));
        ck_assert(all[i].mean.lon == same[i].mean.lon && all[i].mean.lat == same[i].mean.lat);
    }
}

/* What is told of a question's steps hangs together, and telling changes no answer. */
static void check_steps(game *g, const xd_ask *ask, const xd_answer *answer)
{
    const xd_answer *again;
    const xd_step *steps;
    size_t n;
    uint64_t work = g->w.cx.work;
    XD_OK_CALL(&g->w.cx, xd_ask_explain(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), ask,
                                        &again, &steps, &n));
    work = g->w.cx.work - work;
    ck_assert_uint_eq(again->matched, answer->matched);
    ck_assert_uint_gt(n, 0);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_le(steps[i].after, steps[i].before);
        ck_assert(i == 0 || steps[i].before == steps[i - 1].after);
        ck_assert_uint_le(steps[i].work, work);
        work -= steps[i].work;
    }
    ck_assert_uint_eq(steps[n - 1].after, answer->matched);
}

static void question(game *g)
{
    xd_ask ask;
    xd_strs words = {0};
    random_ask(g, &ask, &words);
    const xd_field *facets[3];
    xd_sort sort = {0};
    if (ask.type != NULL) {
        for (size_t i = 0; i < ask.type->n_fields && ask.n_facets < 3; i++) {
            if (ask.type->fields[i].facet != XD_FACET_NONE && chance(g, 40))
                facets[ask.n_facets++] = &ask.type->fields[i];
        }
        ask.facets = facets;
        if (chance(g, 40)) {
            do
                sort.field = &ask.type->fields[rnd(g, (uint32_t)ask.type->n_fields)];
            while (sort.field->hidden || sort.field->kind == XD_KIND_GROUP ||
                   sort.field->kind == XD_KIND_PLACE || sort.field->kind == XD_KIND_LINK ||
                   sort.field->kind == XD_KIND_IDENTIFIER ||
                   sort.field->kind == XD_KIND_MARKDOWN);
            sort.descending = chance(g, 50);
            ask.sorts = &sort;
            ask.n_sorts = 1;
        }
    }
    const xd_answer *answer;
    XD_OK_CALL(&g->w.cx,
               xd_ask_run(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), &ask, &answer));
    check_matches(g, &ask, &words, answer);
    for (size_t f = 0; f < answer->n_facets; f++)
        check_facet(g, &ask, &words, &answer->facets[f]);
    check_order(g, &ask, answer);
    check_pages(g, &ask, answer);
    check_tile(g, &ask, &words);
    check_counted(g);
    check_squares(g, &ask, answer);
    check_steps(g, &ask, answer);
    xd_arena_reset(g->n.arena);
    xd_ctx_reset(&g->w.cx);
}

static int64_t fixed_clock(void *clock)
{
    (void)clock;
    return INT64_C(1795000000) * 1000000; /* 2026 */
}

static void remove_folder(game *g)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", g->folder); /* fits */
    if (g->folder[0] != '\0')
        ck_assert_int_eq(system(command), 0);
}

static void play(uint64_t seed, bool files)
{
    static game g;
    memset(&g, 0, sizeof g);
    g.state = g.seed = seed;
    world_begin(&g.w, XD_SEE_PUBLIC);
    g.w.index->schema->cells_from = 10;
    if (files) {
        (void)snprintf(g.folder, sizeof g.folder, "%s/xd_property_XXXXXX",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"); /* fits */
        ck_assert_ptr_nonnull(mkdtemp(g.folder));
        open_folder(&g);
    }
    g.w.forgiven = "term.former";
    g.w.cx.now = fixed_clock;
    xd_ctx_begin(&g.keep);
    xd_ctx scan;
    xd_ctx_begin(&scan);
    g.n = (naive){scan.arena, &scan, g.w.model, g.records, RECORDS};
    for (size_t i = 0; i < RECORDS; i++)
        g.records[i].id = (int64_t)i + 1;
    for (int s = 0; s < STRETCHES; s++) {
        stretch(&g, s == 0 ? RECORDS : 1 + rnd(&g, 40));
        xd_ctx_reset(&g.w.cx);
        g.w.cx.now = fixed_clock;
        for (int q = 0; q < QUESTIONS; q++)
            question(&g);
    }
    xd_ctx_end(&scan);
    xd_ctx_end(&g.keep);
    world_end(&g.w);
    remove_folder(&g);
}

START_TEST(random_questions)
{
    const char *given = getenv("XD_SEED");
    int64_t first = 1;
    if (given != NULL)
        ck_assert(xd_str_int(xd_str_of(given), &first));
    play((uint64_t)(first + _i), false);
}
END_TEST

START_TEST(random_questions_of_files)
{
    const char *given = getenv("XD_SEED");
    int64_t first = 1;
    if (given != NULL)
        ck_assert(xd_str_int(xd_str_of(given), &first));
    play((uint64_t)(first + _i), true);
}
END_TEST

static void add(TCase *tests)
{
    /* A game is some hundred questions. */
    bool soak = getenv("XIUDAI_SOAK") != NULL;
    tcase_add_loop_test(tests, random_questions, 0, soak ? 20 : 3);
    tcase_add_loop_test(tests, random_questions_of_files, 0, soak ? 110 : 4);
}

XD_TESTS("index/property", add)
