/* Tiles and dots.
 *
 * A tile below XD_TILE_POINTS_ZOOM is 64 × 64 cells; a cell is a run of keys on the curve, and
 * a record's place within the tile is read off its key. A cell is drawn where its records are
 * on average. From that zoom on records are drawn as they are, unless there are more than
 * POINTS_MOST of them. Records known to the county only are always cells, never smaller than
 * those of ROUGH_LEVEL (about ten kilometres), which at high zooms are larger than a tile: such
 * a cell is in the tile its mean lies in. */
#include "geo/tile.h"
#include "index/mosaic.h"
#include "index/space.h"

#define CELL_BITS 6
#define CELLS_MOST ((size_t)2 << (2 * CELL_BITS)) /* only a rough layer can pass a tile's own */
#define POINTS_MOST 5000
#define ROUGH_LEVEL 12

typedef struct drawing {
    xd_look *look;
    xd_tile tile;
    xd_colouring colours;
    xd_mvt *mvt;
    xd_mosaic cells; /* of the layer at hand */
} drawing;

static void cells_begin(drawing *d)
{
    xd_mosaic_begin(&d->cells, d->look, d->colours, CELLS_MOST);
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
    xd_str code = xd_colouring_code(d->look->cx->arena, &d->colours, colour);
    if (code.n > 0)
        xd_mvt_text(d->mvt, XD_S("value"), code);
}

static void put_cells(drawing *d, xd_str layer)
{
    xd_mosaic_end(&d->cells);
    if (d->cells.cells.n == 0)
        return;
    xd_mvt_layer(d->mvt, layer);
    for (size_t i = 0; i < d->cells.cells.n; i++) {
        const xd_mosaic_cell *c = &d->cells.cells.at[i];
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
    put_colour(d, xd_colouring_at(d->look, &d->colours, s, doc));
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
    for (size_t t = 0; t < look->schema->n_types; t++) {
        if (ask->type != NULL && ask->type->at != t)
            continue;
        uint32_t from, to;
        xd_mosaic_square(s, t, z, x, y, &from, &to);
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
        if (!(cells ? xd_mosaic_add(&d->cells, i, bits[i], level) : put_records(d, i, bits[i])))
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
        if (!xd_mosaic_add(&d->cells, i, bits, level))
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
    same.limit = 0;
    same.cursor = (xd_str){0};
    return same;
}

/* A tile of cells without any condition: no plan, and what is counted already. */
static bool draw_all(drawing *d, const xd_type *type)
{
    xd_tile t = d->tile;
    int level = t.z + CELL_BITS, rough = level > ROUGH_LEVEL ? ROUGH_LEVEL : level;
    cells_begin(d);
    if (!xd_mosaic_add_all(&d->cells, type, false, t.z, t.x, t.y, level))
        return false;
    put_cells(d, XD_S("records"));
    cells_begin(d);
    if (!xd_mosaic_add_all(&d->cells, type, true, t.z, t.x, t.y, rough))
        return false;
    put_cells(d, XD_S("somewhere"));
    return true;
}

static bool draw_asked(drawing *d, const xd_ask *ask)
{
    xd_look *look = d->look;
    xd_words words;
    xd_matched *matched;
    xd_ask same = plain(ask);
    xd_bits **clip = xd_new_n(look->cx->arena, xd_bits *, look->edition->n);
    for (size_t i = 0; i < look->edition->n; i++)
        clip[i] = clip_tile(look, ask, i, d->tile);
    return xd_plan_words(look->cx, &same, &words) &&
           xd_plan_run(look, &same, &words, clip, &matched) && draw_records(d, matched) &&
           draw_rough(d, matched);
}

static bool draw_tile(xd_look *look, const xd_ask *ask, xd_tile tile, const xd_field *colour,
                      xd_buf *out)
{
    drawing d = {.look = look,
                 .tile = tile,
                 .colours = xd_colouring_of(look, ask->type, colour),
                 .mvt = xd_mvt_begin(look->cx->arena, tile)};
    bool all = xd_mosaic_is_all(ask) && tile.z < XD_TILE_POINTS_ZOOM;
    if (!(all ? draw_all(&d, ask->type) : draw_asked(&d, ask)))
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
    xd_colouring colours = xd_colouring_of(look, ask->type, colour);
    size_t room = all < limit ? (size_t)all : limit, n = 0;
    xd_dot *dots = xd_new_n(look->cx->arena, xd_dot, room);
    for (size_t i = 0; i < look->edition->n; i++) {
        const xd_segment *s = look->edition->shards[i].segment;
        xd_walk walk;
        uint32_t doc, steps = 0;
        xd_walk_begin(&walk, matched[i].bits);
        for (; xd_walk_next(&walk, &doc); at++) {
            if (!xd_look_on(look, &steps))
                return false;
            /* Of too many, evenly spaced ones along the curve. */
            if (n == room || at * room / all < n)
                continue;
            int64_t value = xd_colouring_at(look, &colours, s, doc);
            dots[n++] = (xd_dot){.id = s->id[doc],
                                 .at = s->at[doc],
                                 .precision = (xd_precision)s->precision[doc],
                                 .value = xd_colouring_code(look->cx->arena, &colours, value),
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
