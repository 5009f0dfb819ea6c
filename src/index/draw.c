/* Tiles and dots.
 *
 * A tile below XD_TILE_POINTS_ZOOM is 64 × 64 cells; a cell is a run of keys on the curve, and
 * a record's place within the tile is read off its key. A cell is drawn where its records are
 * on average. From that zoom on records are drawn as they are, unless there are more than
 * POINTS_MOST of them. Records known to the county only are always cells, never smaller than
 * those of ROUGH_LEVEL (about ten kilometres), which at high zooms are larger than a tile: such
 * a cell is in the tile its mean lies in. */
#include <stdlib.h>

#include "geo/tile.h"
#include "index/facet.h"
#include "index/space.h"

#define CELL_BITS 6
#define POINTS_MOST 5000
#define ROUGH_LEVEL 12

/* The colour of a document ---------------------------------------------------------------- */

typedef struct colouring {
    const xd_field *field; /* NULL: none */
    const xd_type *type;
} colouring;

static colouring colouring_of(const xd_look *look, const xd_type *type, const xd_field *field)
{
    const xd_type *owner = field == NULL ? NULL : xd_schema_owner(look->schema, type, field);
    return (colouring){owner == NULL ? NULL : field, owner};
}

/* A number that stands for the value: a term's place, yes or no, the decade; -1 for none. */
static int64_t colour_of(const xd_look *look, const colouring *c, const xd_segment *s,
                         uint32_t doc)
{
    if (c->field == NULL || xd_segment_type(s, doc) != c->type)
        return -1;
    const xd_column *column = xd_segment_column(s, look->schema, c->type, NULL, c->field);
    uint32_t first = xd_column_first(column, doc);
    if (first == xd_column_end(column, doc))
        return -1;
    if (column->kind == XD_COLUMN_TERM)
        return (int64_t)xd_column_term(column, first)->at;
    if (column->kind == XD_COLUMN_BOOLEAN)
        return column->of.boolean[first];
    if (column->kind == XD_COLUMN_PERIOD && column->of.period[first].from_year != INT32_MIN) {
        int32_t from = column->of.period[first].from_year;
        int width = c->field->facet_decades > 0 ? c->field->facet_decades : 10;
        return xd_facet_bar(from, width) + ((int64_t)1 << 40); /* never negative */
    }
    return -1;
}

static xd_str colour_code(xd_arena *arena, const colouring *c, int64_t colour)
{
    if (colour < 0)
        return (xd_str){0};
    if (c->field->vocabulary != NULL)
        return c->field->vocabulary->terms[colour].code;
    if (c->field->kind == XD_KIND_BOOLEAN)
        return colour == 1 ? XD_S("true") : XD_S("false");
    return xd_str_printf(arena, "%" PRId64, colour - ((int64_t)1 << 40));
}

/* Cells ---------------------------------------------------------------------------------- */

typedef struct cell {
    uint64_t key;
    uint64_t n, x, y; /* sums, in cells of the curve */
    size_t shard;     /* of its only document */
    uint32_t doc;
    int64_t colour;
    uint64_t of_colour;
} cell;

typedef struct tint { /* documents of a colour in a cell */
    uint32_t cell;    /* + 1; 0: an empty slot */
    int64_t colour;
    uint64_t n;
} tint;

typedef struct drawing {
    xd_look *look;
    colouring colours;
    xd_tile tile;
    xd_mvt *mvt;
    struct {
        cell *at;
        size_t n, cap;
    } cells;
    uint32_t *slots; /* cells by key: place + 1 */
    size_t n_slots;
    tint *tints;
    size_t n_tint_slots, n_tints;
} drawing;

static size_t mix(uint64_t key)
{
    key *= 0x9e3779b97f4a7c15u;
    return (size_t)(key ^ key >> 32);
}

static size_t cell_slot(const drawing *d, uint64_t key)
{
    size_t i = mix(key) & (d->n_slots - 1);
    while (d->slots[i] != 0 && d->cells.at[d->slots[i] - 1].key != key)
        i = (i + 1) & (d->n_slots - 1);
    return i;
}

static void cells_begin(drawing *d)
{
    xd_arena *arena = d->look->cx->arena;
    d->cells.n = 0;
    d->n_slots = (size_t)4 << (2 * CELL_BITS); /* a tile's cells fill it to a quarter */
    d->slots = xd_new_n(arena, uint32_t, d->n_slots);
    d->n_tints = 0;
    d->n_tint_slots = 1024;
    d->tints = xd_new_n(arena, tint, d->n_tint_slots);
}

static tint *tint_slot(const drawing *d, uint32_t at, int64_t colour)
{
    size_t i = mix((uint64_t)colour * 8191 + at) & (d->n_tint_slots - 1);
    while (d->tints[i].cell != 0 && (d->tints[i].cell != at || d->tints[i].colour != colour))
        i = (i + 1) & (d->n_tint_slots - 1);
    return &d->tints[i];
}

static void add_tint(drawing *d, uint32_t at, int64_t colour)
{
    if (d->n_tints * 2 >= d->n_tint_slots) {
        tint *old = d->tints;
        size_t n = d->n_tint_slots;
        d->n_tint_slots *= 2;
        d->tints = xd_new_n(d->look->cx->arena, tint, d->n_tint_slots);
        for (size_t i = 0; i < n; i++) {
            if (old[i].cell != 0)
                *tint_slot(d, old[i].cell, old[i].colour) = old[i];
        }
    }
    tint *t = tint_slot(d, at, colour);
    d->n_tints += t->cell == 0;
    t->cell = at;
    t->colour = colour;
    t->n++;
}

static uint32_t gather(uint64_t v) /* every second bit */
{
    v &= 0x5555555555555555u;
    v = (v | v >> 1) & 0x3333333333333333u;
    v = (v | v >> 2) & 0x0f0f0f0f0f0f0f0fu;
    v = (v | v >> 4) & 0x00ff00ff00ff00ffu;
    v = (v | v >> 8) & 0x0000ffff0000ffffu;
    return (uint32_t)(v | v >> 16);
}

/* Cells of 2^-level of the world. */
static bool add_cells(drawing *d, size_t shard, const xd_bits *bits, int level)
{
    const xd_segment *s = d->look->edition->shards[shard].segment;
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, bits);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(d->look, &steps))
            return false;
        uint64_t curve = s->curve[doc], key = curve >> (64 - 2 * level);
        size_t slot = cell_slot(d, key);
        if (d->slots[slot] == 0) {
            if (d->cells.n * 2 > d->n_slots) /* only a rough layer's cells can be so many */
                return xd_fail(d->look->cx, XD_LIMIT, "more cells than a tile has");
            *xd_push(d->look->cx->arena, &d->cells) = (cell){.key = key, .colour = -1};
            d->slots[slot] = (uint32_t)d->cells.n;
        }
        cell *c = &d->cells.at[d->slots[slot] - 1];
        c->n++;
        c->x += gather(curve);
        c->y += gather(curve >> 1);
        c->shard = shard;
        c->doc = doc;
        int64_t colour = colour_of(d->look, &d->colours, s, doc);
        if (colour >= 0)
            add_tint(d, d->slots[slot], colour);
    }
    return true;
}

/* The commonest colour of each cell; of equals the first in the model. */
static void settle_tints(drawing *d)
{
    for (size_t i = 0; i < d->n_tint_slots; i++) {
        const tint *t = &d->tints[i];
        if (t->cell == 0)
            continue;
        cell *c = &d->cells.at[t->cell - 1];
        if (t->n > c->of_colour || (t->n == c->of_colour && t->colour < c->colour)) {
            c->of_colour = t->n;
            c->colour = t->colour;
        }
    }
}

static int by_key(const void *a, const void *b)
{
    const cell *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* From cells of the curve to units of the tile. */
static int32_t to_unit(const drawing *d, uint64_t at, uint32_t tile)
{
    int64_t off = (int64_t)at - ((int64_t)tile << (32 - d->tile.z));
    int shift = 32 - d->tile.z - 12;
    return (int32_t)(shift >= 0 ? off >> shift : off * ((int64_t)1 << -shift));
}

static void put_record(drawing *d, size_t shard, uint32_t doc)
{
    const xd_segment *s = d->look->edition->shards[shard].segment;
    xd_arena *arena = d->look->cx->arena;
    xd_mvt_int(d->mvt, XD_S("id"), s->id[doc]);
    xd_mvt_text(d->mvt, XD_S("title"),
                xd_segment_title(arena, s, d->look->schema, doc, d->look->lang));
}

static void put_colour(drawing *d, int64_t colour)
{
    xd_str code = colour_code(d->look->cx->arena, &d->colours, colour);
    if (code.n > 0)
        xd_mvt_text(d->mvt, XD_S("value"), code);
}

static void put_cells(drawing *d, xd_str layer)
{
    settle_tints(d);
    if (d->cells.n == 0)
        return;
    qsort(d->cells.at, d->cells.n, sizeof *d->cells.at, by_key);
    xd_mvt_layer(d->mvt, layer);
    for (size_t i = 0; i < d->cells.n; i++) {
        const cell *c = &d->cells.at[i];
        int32_t x = to_unit(d, c->x / c->n, d->tile.x), y = to_unit(d, c->y / c->n, d->tile.y);
        if (x < 0 || y < 0 || x >= XD_TILE_EXTENT || y >= XD_TILE_EXTENT)
            continue; /* in another tile */
        const xd_segment *s = d->look->edition->shards[c->shard].segment;
        xd_mvt_feature_point(d->mvt, c->n == 1 ? s->id[c->doc] : 0, x, y);
        xd_mvt_int(d->mvt, XD_S("count"), (int64_t)c->n);
        put_colour(d, c->colour);
        if (c->n == 1)
            put_record(d, c->shard, c->doc);
    }
}

/* Records as they are -------------------------------------------------------------------- */

static void put_attributes(drawing *d, size_t shard, uint32_t doc)
{
    const xd_segment *s = d->look->edition->shards[shard].segment;
    put_record(d, shard, doc);
    xd_mvt_text(d->mvt, XD_S("type"), xd_segment_type(s, doc)->name);
    put_colour(d, colour_of(d->look, &d->colours, s, doc));
    xd_mvt_text(d->mvt, XD_S("precision"), xd_precision_name[s->precision[doc]]);
}

static bool put_shape(drawing *d, size_t shard, uint32_t doc)
{
    const xd_segment *s = d->look->edition->shards[shard].segment;
    const xd_column *place = xd_segment_place(s, d->look->schema, xd_segment_type(s, doc));
    xd_box box = xd_tile_box_buffered(d->tile);
    int32_t unit = (int32_t)(((int64_t)360 * XD_DEGREE >> d->tile.z) / XD_TILE_EXTENT);
    for (uint32_t i = xd_column_first(place, doc); i < xd_column_end(place, doc); i++) {
        const xd_geom *geom = xd_column_geom(d->look->cx->arena, place, i);
        bool drawn = false;
        if (!xd_box_meets(place->of.place[i].extent, box))
            continue;
        if (!xd_geom_clip(d->look->cx, geom, box, unit / 2, &geom))
            return false;
        if (geom != NULL && !xd_mvt_feature_geom(d->look->cx, d->mvt, s->id[doc], geom, &drawn))
            return false;
        if (drawn)
            put_attributes(d, shard, doc);
    }
    return true;
}

static bool put_records(drawing *d, size_t shard, const xd_bits *bits)
{
    const xd_segment *s = d->look->edition->shards[shard].segment;
    xd_box box = xd_tile_box_buffered(d->tile);
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, bits);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(d->look, &steps))
            return false;
        if (roaring_bitmap_contains(s->shaped, doc)) {
            if (!put_shape(d, shard, doc))
                return false;
        } else if (xd_box_has(box, s->at[doc])) {
            int32_t x, y;
            xd_tile_project(d->tile, s->at[doc], &x, &y);
            xd_mvt_feature_point(d->mvt, s->id[doc], x, y);
            put_attributes(d, shard, doc);
        }
    }
    return true;
}

/* The tile ------------------------------------------------------------------------------- */

/* Documents whose anchor is in the square (x, y) of level z. */
static void clip_square(xd_look *look, const xd_ask *ask, size_t shard, int z, uint32_t x,
                        uint32_t y, xd_bits *out)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    uint64_t first = z == 0 ? 0 : xd_curve_mix(x << (32 - z), y << (32 - z));
    uint64_t last = z == 0 ? UINT64_MAX - 1 : first + (UINT64_MAX >> (2 * z));
    last = last == UINT64_MAX ? last - 1 : last;
    for (size_t t = 0; t < look->schema->n_types; t++) {
        if (ask->type != NULL && ask->type->at != t)
            continue;
        uint32_t from = xd_segment_curve(s, t, first);
        uint32_t to = xd_segment_curve(s, t, last + 1);
        if (from < to)
            roaring_bitmap_add_range(out, from, to);
    }
}

static xd_bits *clip_tile(xd_look *look, const xd_ask *ask, size_t shard, xd_tile tile)
{
    xd_bag *bag = &look->bag;
    const xd_segment *s = look->edition->shards[shard].segment;
    xd_bits *out = xd_bits_none(bag);
    int up = tile.z > ROUGH_LEVEL ? tile.z - ROUGH_LEVEL : 0;
    clip_square(look, ask, shard, tile.z - up, tile.x >> up, tile.y >> up, out);
    if (tile.z < XD_TILE_POINTS_ZOOM)
        return out;
    if (up > 0)
        roaring_bitmap_and_inplace(out, s->roughly);
    for (size_t t = 0; t < look->schema->n_types; t++) {
        const xd_type *type = xd_model_type(look->schema->model, t);
        if (ask->type == NULL || ask->type == type)
            roaring_bitmap_or_inplace(out, xd_space_candidates(bag, look->schema, s, type,
                                                               xd_tile_box_buffered(tile)));
    }
    return out;
}

static bool draw_records(drawing *d, const xd_matched *matched)
{
    xd_look *look = d->look;
    xd_bag *bag = &look->bag;
    size_t n = look->edition->n;
    uint64_t all = 0;
    xd_bits **bits = xd_new_n(look->cx->arena, xd_bits *, n);
    for (size_t i = 0; i < n; i++) {
        bits[i] =
            xd_bits_minus(bag, matched[i].bits, look->edition->shards[i].segment->roughly);
        all += roaring_bitmap_get_cardinality(bits[i]);
    }
    bool cells = d->tile.z < XD_TILE_POINTS_ZOOM || all > POINTS_MOST;
    if (cells)
        cells_begin(d);
    else if (all > 0)
        xd_mvt_layer(d->mvt, XD_S("records"));
    int level = d->tile.z + CELL_BITS > 32 ? 32 : d->tile.z + CELL_BITS;
    for (size_t i = 0; i < n; i++) {
        if (!(cells ? add_cells(d, i, bits[i], level) : put_records(d, i, bits[i])))
            return false;
    }
    if (cells)
        put_cells(d, XD_S("records"));
    return true;
}

static bool draw_rough(drawing *d, const xd_matched *matched)
{
    xd_look *look = d->look;
    cells_begin(d);
    int level = d->tile.z + CELL_BITS > ROUGH_LEVEL ? ROUGH_LEVEL : d->tile.z + CELL_BITS;
    for (size_t i = 0; i < look->edition->n; i++) {
        xd_bits *bits =
            xd_bits_and(&look->bag, matched[i].bits, look->edition->shards[i].segment->roughly);
        if (!add_cells(d, i, bits, level))
            return false;
    }
    put_cells(d, XD_S("somewhere"));
    return true;
}

static xd_ask plain(const xd_ask *ask)
{
    xd_ask same = *ask;
    same.n_facets = 0;
    same.n_sorts = 0;
    same.cursor = (xd_str){0};
    return same;
}

static bool draw_tile(xd_look *look, const xd_ask *ask, xd_tile tile, const xd_field *colour,
                      xd_buf *out)
{
    xd_words words;
    xd_matched *matched;
    xd_ask same = plain(ask);
    xd_bits **clip = xd_new_n(look->cx->arena, xd_bits *, look->edition->n);
    for (size_t i = 0; i < look->edition->n; i++)
        clip[i] = clip_tile(look, ask, i, tile);
    if (!xd_plan_words(look->cx, &same, &words) ||
        !xd_plan_run(look, &same, &words, clip, &matched))
        return false;
    drawing d = {.look = look,
                 .tile = tile,
                 .colours = colouring_of(look, ask->type, colour),
                 .mvt = xd_mvt_begin(look->cx->arena, tile)};
    if (!draw_records(&d, matched) || !draw_rough(&d, matched))
        return false;
    xd_mvt_end(d.mvt, out);
    return true;
}

bool xd_ask_tile(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, xd_tile tile,
                 const xd_field *colour, xd_buf *out)
{
    if (!xd_tile_ok(tile.z, tile.x, tile.y))
        return xd_fail(cx, XD_INVALID, "no tile %d/%u/%u", tile.z, tile.x, tile.y);
    xd_look look;
    xd_look_begin(&look, cx, snap, ask->lang, ask->certain);
    bool ok = draw_tile(&look, ask, tile, colour, out) && xd_edition_sound(cx, snap->edition);
    xd_look_end(&look);
    return ok;
}

/* Dots ----------------------------------------------------------------------------------- */

static int32_t year_of(const xd_look *look, const xd_segment *s, uint32_t doc)
{
    const xd_type *type = xd_segment_type(s, doc);
    int32_t least = INT32_MAX;
    if (type->time == NULL)
        return INT32_MIN;
    const xd_column *c = xd_segment_column(s, look->schema, type, NULL, type->time);
    for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc); i++) {
        int32_t from = c->of.period[i].from_year;
        least = from != INT32_MIN && from < least ? from : least;
    }
    return least == INT32_MAX ? INT32_MIN : least;
}

static bool draw_dots(xd_look *look, const xd_ask *ask, const xd_field *colour, size_t limit,
                      const xd_dot **ret_dots, size_t *ret_n)
{
    xd_words words;
    xd_matched *matched;
    xd_ask same = plain(ask);
    if (!xd_plan_words(look->cx, &same, &words) ||
        !xd_plan_run(look, &same, &words, NULL, &matched))
        return false;
    uint64_t all = 0, at = 0;
    for (size_t i = 0; i < look->edition->n; i++) {
        roaring_bitmap_and_inplace(matched[i].bits, look->edition->shards[i].segment->placed);
        all += roaring_bitmap_get_cardinality(matched[i].bits);
    }
    colouring colours = colouring_of(look, ask->type, colour);
    size_t room = all < limit ? (size_t)all : limit, n = 0;
    xd_dot *dots = xd_new_n(look->cx->arena, xd_dot, room);
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_segment *s = look->edition->shards[i].segment;
        xd_walk walk;
        uint32_t doc;
        xd_walk_begin(&walk, matched[i].bits);
        for (; xd_walk_next(&walk, &doc); at++) {
            /* Of too many, evenly spaced ones along the curve. */
            if (n == room || at * room / all < n)
                continue;
            int64_t value = colour_of(look, &colours, s, doc);
            dots[n++] = (xd_dot){.id = s->id[doc],
                                 .at = s->at[doc],
                                 .precision = (xd_precision)s->precision[doc],
                                 .value = colour_code(look->cx->arena, &colours, value),
                                 .from_year = year_of(look, s, doc)};
        }
    }
    *ret_dots = dots;
    *ret_n = n;
    return true;
}

bool xd_ask_dots(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, const xd_field *colour,
                 size_t limit, const xd_dot **ret_dots, size_t *ret_n)
{
    xd_look look;
    xd_look_begin(&look, cx, snap, ask->lang, ask->certain);
    bool ok = draw_dots(&look, ask, colour, limit > XD_ASK_LIMIT ? XD_ASK_LIMIT : limit,
                        ret_dots, ret_n) &&
              xd_edition_sound(cx, snap->edition);
    xd_look_end(&look);
    return ok;
}
