/* geo/mvt.c — Mapbox Vector Tiles 2.1, written.
 *
 * A tile is a protocol buffer. A field is a varint (number << 3 | wire type), wire type 0 a
 * varint, 2 a length and bytes.
 *
 *   Tile    3 layers
 *   Layer   15 version = 2, 1 name, 2 features, 3 keys, 4 values, 5 extent
 *   Feature 1 id, 2 tags (packed: key index, value index, …), 3 type, 4 geometry (packed)
 *   Value   1 string, 4 int64
 *
 * Geometry is a list of commands: id | count << 3, then for MoveTo (1) and LineTo (2) pairs of
 * zig-zag differences from the place before; ClosePath (7) has none. A shell has positive area
 * by the surveyor's formula with y downward, a hole negative. Positions that fall together on
 * the grid are written once; a line left with one place, or a ring without area, is not drawn.
 *
 * Everything is appended to byte vectors in the tile's arena: the open feature's tags and
 * geometry, the layer's features, keys and values. Ending a feature or a layer moves them one
 * level out, because lengths come before contents. A value is looked up before it is coded; keys
 * are a handful, and compared one by one. */
#include "geo/inside.h"
#include "geo/tile.h"

typedef XD_VEC(uint8_t) bytes;

typedef struct grid_pos {
    int32_t x, y;
} grid_pos;
typedef XD_VEC(grid_pos) grid_path;

enum { TYPE_POINT = 1, TYPE_LINE = 2, TYPE_POLYGON = 3 };
enum { MOVE_TO = 1, LINE_TO = 2, CLOSE_PATH = 7 };

/* A value of the layer: a text is where it stands among the coded values. */
typedef struct value {
    uint64_t hash;
    bool is_int;
    int64_t number; /* or the text's offset */
    size_t n;       /* bytes of the text */
} value;

struct xd_mvt {
    xd_arena *arena;
    xd_tile tile;
    bytes out; /* ended layers */
    /* the open layer */
    xd_str name;
    bytes features, keys, values;
    XD_VEC(xd_str) known_keys;
    XD_VEC(value) known;
    uint32_t *slots; /* by hash: place in known + 1 */
    size_t n_slots;  /* a power of two, at least twice as many as known */
    bool any;
    /* the open feature */
    bool open;
    int64_t id;
    uint32_t type;
    bytes tags, geometry;
    grid_pos pen;
};

/* ---- protocol buffer -----------------------------------------------------------------------
 */

#define VARINT_MOST 10 /* bytes */

static void grow(xd_arena *arena, bytes *b, size_t n)
{
    size_t cap = b->cap < 128 ? 256 : xd_size_times(b->cap, 2);
    cap = cap < b->n + n ? b->n + n : cap;
    uint8_t *at = xd_new_n(arena, uint8_t, cap);
    if (b->n > 0) {
        memcpy(at, b->at, b->n);
    }
    b->at = at;
    b->cap = cap;
}

static inline void reserve(xd_arena *arena, bytes *b, size_t n)
{
    if (b->cap - b->n < n) {
        grow(arena, b, n);
    }
}

static inline void put_varint(xd_arena *arena, bytes *b, uint64_t v)
{
    reserve(arena, b, VARINT_MOST);
    uint8_t *p = b->at + b->n;
    for (; v >= 0x80; v >>= 7) {
        *p++ = (uint8_t)(v | 0x80);
    }
    *p++ = (uint8_t)v;
    b->n = (size_t)(p - b->at);
}

static void put_raw(xd_arena *arena, bytes *b, const void *p, size_t n)
{
    reserve(arena, b, n);
    if (n > 0) {
        memcpy(b->at + b->n, p, n);
    }
    b->n += n;
}

static void put_number(xd_arena *arena, bytes *b, uint32_t field, uint64_t v)
{
    put_varint(arena, b, field << 3);
    put_varint(arena, b, v);
}

static void put_bytes(xd_arena *arena, bytes *b, uint32_t field, const void *p, size_t n)
{
    put_varint(arena, b, field << 3 | 2);
    put_varint(arena, b, n);
    put_raw(arena, b, p, n);
}

static size_t varint_size(uint64_t v)
{
    size_t n = 1;
    for (; v >= 0x80; v >>= 7) {
        n += 1;
    }
    return n;
}

/* ---- features ------------------------------------------------------------------------------
 */

static void feature_end(xd_mvt *mvt)
{
    if (!mvt->open) {
        return;
    }
    size_t tags = mvt->tags.n, geometry = mvt->geometry.n;
    size_t size = 2 + 1 + varint_size(geometry) + geometry;
    size += mvt->id != 0 ? 1 + varint_size((uint64_t)mvt->id) : 0;
    size += tags != 0 ? 1 + varint_size(tags) + tags : 0;

    put_varint(mvt->arena, &mvt->features, 2 << 3 | 2);
    put_varint(mvt->arena, &mvt->features, size);
    if (mvt->id != 0) {
        put_number(mvt->arena, &mvt->features, 1, (uint64_t)mvt->id);
    }
    if (tags != 0) {
        put_bytes(mvt->arena, &mvt->features, 2, mvt->tags.at, tags);
    }
    put_number(mvt->arena, &mvt->features, 3, mvt->type);
    put_bytes(mvt->arena, &mvt->features, 4, mvt->geometry.at, geometry);
    mvt->open = false;
    mvt->any = true;
}

static void feature_begin(xd_mvt *mvt, int64_t id, uint32_t type)
{
    feature_end(mvt);
    mvt->open = true;
    mvt->id = id;
    mvt->type = type;
    mvt->tags.n = 0;
    mvt->geometry.n = 0;
    mvt->pen = (grid_pos){0, 0};
}

static void command(xd_mvt *mvt, uint32_t id, size_t count)
{
    put_varint(mvt->arena, &mvt->geometry, id | (uint32_t)count << 3);
}

static uint32_t zigzag(int64_t v)
{
    return (uint32_t)(v < 0 ? -2 * v - 1 : 2 * v);
}

static void pen_to(xd_mvt *mvt, grid_pos to)
{
    put_varint(mvt->arena, &mvt->geometry, zigzag((int64_t)to.x - mvt->pen.x));
    put_varint(mvt->arena, &mvt->geometry, zigzag((int64_t)to.y - mvt->pen.y));
    mvt->pen = to;
}

static bool same_place(grid_pos a, grid_pos b)
{
    return a.x == b.x && a.y == b.y;
}

static grid_pos on_grid(const xd_mvt *mvt, xd_pos pos)
{
    grid_pos at;
    xd_tile_project(mvt->tile, pos, &at.x, &at.y);
    return at;
}

/* A ring or line on the grid, neighbours that fall together once. */
static grid_path path_of(xd_mvt *mvt, const xd_ring *ring)
{
    grid_path path = {0};
    for (size_t i = 0; i < ring->n; i++) {
        grid_pos at = on_grid(mvt, ring->at[i]);
        if (path.n == 0 || !same_place(path.at[path.n - 1], at)) {
            *xd_push(mvt->arena, &path) = at;
        }
    }
    return path;
}

static bool draw_line(xd_mvt *mvt, const xd_ring *ring)
{
    grid_path path = path_of(mvt, ring);
    if (path.n < 2) {
        return false;
    }
    command(mvt, MOVE_TO, 1);
    pen_to(mvt, path.at[0]);
    command(mvt, LINE_TO, path.n - 1);
    for (size_t i = 1; i < path.n; i++) {
        pen_to(mvt, path.at[i]);
    }
    return true;
}

/* Twice the area by the surveyor's formula; the path is open, its end joins its beginning. */
static int64_t twice_area(const grid_path *path)
{
    int64_t sum = 0;
    for (size_t i = 0; i < path->n; i++) {
        grid_pos a = path->at[i];
        grid_pos b = path->at[i + 1 < path->n ? i + 1 : 0];
        sum += (int64_t)a.x * b.y - (int64_t)b.x * a.y;
    }
    return sum;
}

static bool draw_ring(xd_mvt *mvt, const xd_ring *ring, bool is_shell)
{
    grid_path path = path_of(mvt, ring);
    if (path.n > 0 && same_place(path.at[0], path.at[path.n - 1])) {
        path.n -= 1; /* ClosePath says it */
    }
    int64_t area = path.n < 3 ? 0 : twice_area(&path);
    if (area == 0) {
        return false;
    }
    bool backwards = is_shell ? area < 0 : area > 0;
    command(mvt, MOVE_TO, 1);
    pen_to(mvt, path.at[0]);
    command(mvt, LINE_TO, path.n - 1);
    for (size_t i = 1; i < path.n; i++) {
        pen_to(mvt, path.at[backwards ? path.n - i : i]);
    }
    command(mvt, CLOSE_PATH, 1);
    return true;
}

static bool draw_area(xd_mvt *mvt, const xd_part *part)
{
    if (!draw_ring(mvt, &part->rings[0], true)) {
        return false;
    }
    for (size_t i = 1; i < part->n; i++) {
        (void)draw_ring(mvt, &part->rings[i], false); /* a hole too small to see is none */
    }
    return true;
}

static bool draw_points(xd_mvt *mvt, const xd_geom *geom)
{
    command(mvt, MOVE_TO, geom->n);
    for (size_t i = 0; i < geom->n; i++) {
        pen_to(mvt, on_grid(mvt, geom->parts[i].rings[0].at[0]));
    }
    return true;
}

static bool draw(xd_mvt *mvt, const xd_geom *geom)
{
    if (!xd_kind_is_area(geom->kind) && !xd_kind_is_line(geom->kind)) {
        return draw_points(mvt, geom);
    }
    bool drawn = false;
    for (size_t i = 0; i < geom->n; i++) {
        const xd_part *part = &geom->parts[i];
        bool one = xd_kind_is_area(geom->kind) ? draw_area(mvt, part)
                                               : draw_line(mvt, &part->rings[0]);
        drawn = drawn || one;
    }
    return drawn;
}

void xd_mvt_feature_point(xd_mvt *mvt, int64_t id, int32_t x, int32_t y)
{
    feature_begin(mvt, id, TYPE_POINT);
    command(mvt, MOVE_TO, 1);
    pen_to(mvt, (grid_pos){x, y});
}

bool xd_mvt_feature_geom(xd_ctx *cx, xd_mvt *mvt, int64_t id, const xd_geom *geom,
                         bool *ret_drawn)
{
    /* Half a grid step, in units of longitude, is what nobody can see. */
    int64_t step = ((int64_t)360 * XD_DEGREE / XD_TILE_EXTENT) >> mvt->tile.z;
    const xd_geom *inside;
    if (!xd_geom_clip(cx, geom, xd_tile_box_buffered(mvt->tile), (int32_t)(step / 2),
                      &inside)) {
        return xd_fail_note(cx, "drawing %" PRId64, id);
    }
    feature_end(mvt);
    bool drawn = false;
    if (inside != NULL) {
        feature_begin(mvt, id,
                      xd_kind_is_area(inside->kind)   ? TYPE_POLYGON
                      : xd_kind_is_line(inside->kind) ? TYPE_LINE
                                                      : TYPE_POINT);
        drawn = draw(mvt, inside);
        mvt->open = drawn;
    }
    *ret_drawn = drawn;
    return true;
}

/* ---- attributes ----------------------------------------------------------------------------
 */

static void put_key(xd_mvt *mvt, xd_str key)
{
    size_t i = 0;
    while (i < mvt->known_keys.n && !xd_str_eq(mvt->known_keys.at[i], key)) {
        i += 1;
    }
    if (i == mvt->known_keys.n) {
        *xd_push(mvt->arena, &mvt->known_keys) = xd_str_copy(mvt->arena, key);
        put_bytes(mvt->arena, &mvt->keys, 3, key.p, key.n);
    }
    put_varint(mvt->arena, &mvt->tags, i);
}

static bool same_value(const xd_mvt *mvt, const value *v, uint64_t hash, const xd_str *text,
                       int64_t number)
{
    if (v->hash != hash || v->is_int != (text == NULL)) {
        return false;
    }
    return v->is_int ? v->number == number
                     : v->n == text->n && (text->n == 0 || memcmp(mvt->values.at + v->number,
                                                                  text->p, text->n) == 0);
}

static void grow_slots(xd_mvt *mvt)
{
    mvt->n_slots *= 4;
    mvt->slots = xd_new_n(mvt->arena, uint32_t, mvt->n_slots);
    for (size_t i = 0; i < mvt->known.n; i++) {
        size_t slot = mvt->known.at[i].hash & (mvt->n_slots - 1);
        while (mvt->slots[slot] != 0) {
            slot = (slot + 1) & (mvt->n_slots - 1);
        }
        mvt->slots[slot] = (uint32_t)i + 1;
    }
}

/* The value's index becomes a tag; it is new where *ret_fresh: then whoever asked codes it. */
static value *put_index(xd_mvt *mvt, uint64_t hash, const xd_str *text, int64_t number,
                        bool *ret_fresh)
{
    if (mvt->known.n * 2 >= mvt->n_slots) {
        grow_slots(mvt);
    }
    size_t slot = hash & (mvt->n_slots - 1);
    while (mvt->slots[slot] != 0 &&
           !same_value(mvt, &mvt->known.at[mvt->slots[slot] - 1], hash, text, number)) {
        slot = (slot + 1) & (mvt->n_slots - 1);
    }
    *ret_fresh = mvt->slots[slot] == 0;
    if (*ret_fresh) {
        *xd_push(mvt->arena, &mvt->known) = (value){hash, text == NULL, number, 0};
        mvt->slots[slot] = (uint32_t)mvt->known.n;
    }
    put_varint(mvt->arena, &mvt->tags, mvt->slots[slot] - 1);
    return &mvt->known.at[mvt->slots[slot] - 1];
}

void xd_mvt_text(xd_mvt *mvt, xd_str key, xd_str text)
{
    bool fresh;
    if (!mvt->open) {
        return; /* the feature was not drawn */
    }
    put_key(mvt, key);
    value *v = put_index(mvt, xd_str_hash(text), &text, 0, &fresh);
    if (fresh) {
        put_varint(mvt->arena, &mvt->values, 4 << 3 | 2);
        put_varint(mvt->arena, &mvt->values, 1 + varint_size(text.n) + text.n);
        put_bytes(mvt->arena, &mvt->values, 1, text.p, text.n);
        v->number = (int64_t)(mvt->values.n - text.n);
        v->n = text.n;
    }
}

void xd_mvt_int(xd_mvt *mvt, xd_str key, int64_t number)
{
    bool fresh;
    if (!mvt->open) {
        return;
    }
    uint64_t hash = (uint64_t)number * 0x9e3779b97f4a7c15u;
    put_key(mvt, key);
    (void)put_index(mvt, hash ^ hash >> 32, NULL, number, &fresh);
    if (fresh) {
        put_varint(mvt->arena, &mvt->values, 4 << 3 | 2);
        put_varint(mvt->arena, &mvt->values, 1 + varint_size((uint64_t)number));
        put_number(mvt->arena, &mvt->values, 4, (uint64_t)number);
    }
}

/* ---- layers --------------------------------------------------------------------------------
 */

xd_mvt *xd_mvt_begin(xd_arena *arena, xd_tile tile)
{
    xd_mvt *mvt = xd_new(arena, xd_mvt);
    mvt->arena = arena;
    mvt->tile = tile;
    return mvt;
}

static void layer_end(xd_mvt *mvt)
{
    feature_end(mvt);
    if (!mvt->any) {
        return;
    }
    size_t size = 2 + 1 + varint_size(mvt->name.n) + mvt->name.n + mvt->features.n +
                  mvt->keys.n + mvt->values.n + 1 + varint_size(XD_TILE_EXTENT);
    put_varint(mvt->arena, &mvt->out, 3 << 3 | 2);
    put_varint(mvt->arena, &mvt->out, size);
    reserve(mvt->arena, &mvt->out, size);
    put_number(mvt->arena, &mvt->out, 15, 2);
    put_bytes(mvt->arena, &mvt->out, 1, mvt->name.p, mvt->name.n);
    put_raw(mvt->arena, &mvt->out, mvt->features.at, mvt->features.n);
    put_raw(mvt->arena, &mvt->out, mvt->keys.at, mvt->keys.n);
    put_raw(mvt->arena, &mvt->out, mvt->values.at, mvt->values.n);
    put_number(mvt->arena, &mvt->out, 5, XD_TILE_EXTENT);
    mvt->any = false;
}

void xd_mvt_layer(xd_mvt *mvt, xd_str name)
{
    layer_end(mvt);
    mvt->name = xd_str_copy(mvt->arena, name);
    mvt->features = mvt->keys = mvt->values = (bytes){0};
    mvt->known_keys.n = mvt->known.n = 0;
    mvt->n_slots = 256;
    mvt->slots = xd_new_n(mvt->arena, uint32_t, mvt->n_slots);
}

void xd_mvt_end(xd_mvt *mvt, xd_buf *out)
{
    layer_end(mvt);
    xd_buf_bytes(out, mvt->out.at, mvt->out.n);
}
