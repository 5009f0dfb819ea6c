/* tests/index/random_bodies.h — a game with dice: random bodies of both types of tests/cases/index/model, made,
 * changed, hidden, shown and taken away. */
#ifndef XD_TEST_INDEX_RANDOM_BODIES_H
#define XD_TEST_INDEX_RANDOM_BODIES_H

#include "naive.h"
#include "world.h"

#define RECORDS 150

typedef struct game {
    world w;
    naive n;
    uint64_t state, seed;
    record records[RECORDS];
    xd_ctx keep;     /* bodies live here */
    char folder[64]; /* of files; empty: none */
} game;

static inline uint32_t rnd(game *g, uint32_t below)
{
    g->state += 0x9e3779b97f4a7c15u;
    uint64_t z = g->state;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static inline bool chance(game *g, uint32_t percent)
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

static inline xd_json *js(game *g, const char *s)
{
    return xd_json_string(g->keep.arena, xd_str_copy(g->keep.arena, xd_str_of(s)));
}

static inline void set(game *g, xd_json *o, const char *key, const xd_json *v)
{
    xd_json_set(g->keep.arena, o, xd_str_of(key), v);
}

static inline xd_json *random_text(game *g, bool long_one)
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

static inline xd_json *zh_only(game *g)
{
    xd_json *o = random_text(g, false);
    xd_json_drop(o, XD_S("en"));
    return o;
}

static inline int32_t random_day(game *g)
{
    return xd_day_of(1900 + rnd(g, 60), 1 + (int)rnd(g, 12), 1);
}

static inline xd_json *random_period(game *g)
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

static inline xd_json *random_number(game *g, const char *unit)
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
static inline int32_t raster(game *g, int base)
{
    return base * XD_DEGREE + (int32_t)rnd(g, 41) * (XD_DEGREE / 40);
}

static inline xd_json *position(game *g, int32_t lon, int32_t lat)
{
    xd_json *a = xd_json_array(g->keep.arena);
    xd_json_add(g->keep.arena, a, xd_json_integer(g->keep.arena, lon));
    xd_json_add(g->keep.arena, a, xd_json_integer(g->keep.arena, lat));
    return a;
}

static inline xd_json *random_geometry(game *g)
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

static inline xd_json *random_place(game *g)
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

static inline xd_json *random_part(game *g)
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

static inline xd_json *random_link(game *g)
{
    xd_json *o = xd_json_object(g->keep.arena);
    if (chance(g, 80))
        set(g, o, "id", xd_json_integer(g->keep.arena, 1 + rnd(g, 30)));
    else
        set(g, o, "text", js(g, PICK(g, names)));
    return o;
}

static inline xd_json *random_firm(game *g)
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

static inline xd_json *random_works(game *g, int64_t id)
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

static inline void change(game *g, xd_draft *drafts, size_t *n, int64_t *gone, size_t *n_gone)
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

#endif
