/* Boxes, areas and relations. A box is cut along the curve: a square of it is a run of
 * documents, found by two searches in `curve`. A square that lies inside the box is taken
 * whole, one outside is left, one on the edge is cut in four until few documents are left,
 * which are compared as integers. So work grows with the box's edge, not with what is in it.
 * Shapes are few: by extent first, then exactly by GEOS. */
#include "index/space.h"

/* A quarter of the curve with this many documents or fewer is looked through one by one. */
#define LEAF 256

/* Boxes on the curve --------------------------------------------------------------------- */

typedef struct sweep {
    const xd_segment *s;
    xd_box box;
    uint32_t west, east, north, south; /* cells of the box's edges */
    xd_bits *out;
} sweep;

static uint32_t not_before(const xd_segment *s, uint64_t key, uint32_t lo, uint32_t hi)
{
    while (lo < hi) {
        uint32_t middle = lo + (hi - lo) / 2;
        if (s->curve[middle] < key)
            lo = middle + 1;
        else
            hi = middle;
    }
    return lo;
}

/* The square of 2^(32 − level) cells at (x, y) holds documents lo … hi − 1. A cell strictly
 * inside the edges' cells is inside the box, for projecting keeps order; those on the edges'
 * cells are compared exactly. */
static void sweep_square(sweep *w, int level, uint32_t x, uint32_t y, uint32_t lo, uint32_t hi)
{
    if (lo >= hi)
        return;
    uint64_t side = (uint64_t)1 << (32 - level);
    uint64_t x_end = x + side - 1, y_end = y + side - 1;
    if (x > w->east || x_end < w->west || y > w->south || y_end < w->north)
        return;
    if (x > w->west && x_end < w->east && y > w->north && y_end < w->south) {
        roaring_bitmap_add_range(w->out, lo, hi);
        return;
    }
    if (hi - lo <= LEAF || level == 32) {
        for (uint32_t doc = lo; doc < hi; doc++) {
            if (xd_box_has(w->box, w->s->at[doc]))
                roaring_bitmap_add(w->out, doc);
        }
        return;
    }
    uint32_t half = (uint32_t)(side / 2);
    uint64_t base = xd_curve_mix(x, y), step = (side / 2) * (side / 2);
    uint32_t from = lo;
    for (uint32_t quarter = 0; quarter < 4; quarter++) {
        uint32_t to =
            quarter == 3 ? hi : not_before(w->s, base + step * (quarter + 1), from, hi);
        sweep_square(w, level + 1, x + (quarter & 1 ? half : 0), y + (quarter & 2 ? half : 0),
                     from, to);
        from = to;
    }
}

static bool crosses_antimeridian(xd_box box)
{
    return box.west > box.east;
}

static void sweep_box(const xd_segment *s, const xd_type *type, xd_box box, xd_bits *out)
{
    if (crosses_antimeridian(box)) {
        xd_box half = box;
        half.east = 180 * XD_DEGREE;
        sweep_box(s, type, half, out);
        half = box;
        half.west = -180 * XD_DEGREE;
        sweep_box(s, type, half, out);
        return;
    }
    if (box.south > box.north)
        return;
    sweep w = {.s = s, .box = box, .out = out};
    xd_curve_cell((xd_pos){box.west, box.north}, &w.west, &w.north);
    xd_curve_cell((xd_pos){box.east, box.south}, &w.east, &w.south);
    uint32_t lo = s->type_lo[type->at], hi = s->type_lo[type->at + 1];
    sweep_square(&w, 0, 0, 0, lo, not_before(s, UINT64_MAX, lo, hi));
}

static bool shape_meets_extent(const xd_column *place, uint32_t doc, xd_box box)
{
    for (uint32_t i = xd_column_first(place, doc); i < xd_column_end(place, doc); i++) {
        if (xd_box_meets(place->of.place[i].extent, box))
            return true;
    }
    return false;
}

xd_bits *xd_space_candidates(xd_bag *bag, const xd_schema *schema, const xd_segment *s,
                             const xd_type *type, xd_box box)
{
    xd_bits *found = xd_bits_none(bag);
    const xd_column *place = xd_segment_place(s, schema, type);
    if (place == NULL)
        return found;
    sweep_box(s, type, box, found);
    roaring_bitmap_andnot_inplace(found, s->shaped);
    xd_walk walk;
    uint32_t doc;
    xd_bits *shaped = xd_bits_range(bag, place->lo, place->lo + place->n);
    roaring_bitmap_and_inplace(shaped, s->shaped);
    xd_walk_begin(&walk, shaped);
    while (xd_walk_next(&walk, &doc)) {
        if (shape_meets_extent(place, doc, box))
            roaring_bitmap_add(found, doc);
    }
    return found;
}

static bool extent_inside(xd_box a, xd_box box)
{
    return xd_box_has(box, (xd_pos){a.west, a.south}) &&
           xd_box_has(box, (xd_pos){a.east, a.north}) && !crosses_antimeridian(a) &&
           !crosses_antimeridian(box);
}

static bool shape_meets_box(xd_ctx *cx, const xd_column *place, uint32_t doc, xd_box box,
                            bool *ret_meets)
{
    *ret_meets = false;
    xd_box parts[2] = {box, box};
    size_t n = 1;
    if (crosses_antimeridian(box)) {
        parts[0].east = 180 * XD_DEGREE;
        parts[1].west = -180 * XD_DEGREE;
        n = 2;
    }
    for (uint32_t i = xd_column_first(place, doc); i < xd_column_end(place, doc); i++) {
        const xd_place_stored *value = &place->of.place[i];
        for (size_t k = 0; k < n && !*ret_meets; k++) {
            if (!xd_box_meets(value->extent, parts[k]))
                continue;
            if (extent_inside(value->extent, parts[k]))
                *ret_meets = true;
            else if (!xd_geom_relate(cx, XD_INTERSECTS, xd_column_geom(cx->arena, place, i),
                                     xd_geom_box_area(cx->arena, parts[k]), ret_meets))
                return false;
        }
    }
    return true;
}

bool xd_space_box(xd_ctx *cx, xd_bag *bag, const xd_schema *schema, const xd_segment *s,
                  const xd_type *type, xd_box box, xd_bits **ret_found)
{
    xd_bits *found = xd_space_candidates(bag, schema, s, type, box);
    const xd_column *place = xd_segment_place(s, schema, type);
    xd_bits *shaped = xd_bits_and(bag, found, s->shaped);
    xd_walk walk;
    uint32_t doc;
    xd_walk_begin(&walk, shaped);
    while (xd_walk_next(&walk, &doc)) {
        bool meets;
        if (!xd_go_on(cx) || !shape_meets_box(cx, place, doc, box, &meets))
            return false;
        if (!meets)
            roaring_bitmap_remove(found, doc);
    }
    *ret_found = found;
    return true;
}

/* Areas and relations -------------------------------------------------------------------- */

__extension__ typedef __int128 wide;

/* Which side of a → b the point is on: the sign of the cross product. */
static int side_of(xd_pos a, xd_pos b, xd_pos p)
{
    wide cross = (wide)((int64_t)b.lon - a.lon) * ((int64_t)p.lat - a.lat) -
                 (wide)((int64_t)b.lat - a.lat) * ((int64_t)p.lon - a.lon);
    return cross > 0 ? 1 : cross < 0 ? -1 : 0;
}

static bool between(int32_t a, int32_t b, int32_t v)
{
    return (a <= v && v <= b) || (b <= v && v <= a);
}

/* 1 inside, 0 on the line, -1 outside: crossings of the ray to the east. */
static int point_in_ring(const xd_ring *ring, xd_pos p)
{
    bool inside = false;
    for (size_t i = 0; i + 1 < ring->n; i++) {
        xd_pos a = ring->at[i], b = ring->at[i + 1];
        int side = side_of(a, b, p);
        if (side == 0 && between(a.lon, b.lon, p.lon) && between(a.lat, b.lat, p.lat))
            return 0;
        if ((a.lat > p.lat) != (b.lat > p.lat) && (side > 0) == (b.lat > a.lat))
            inside = !inside;
    }
    return inside ? 1 : -1;
}

int xd_space_point_in(const xd_geom *area, xd_pos at)
{
    int best = -1;
    for (size_t i = 0; i < area->n; i++) {
        const xd_part *part = &area->parts[i];
        int in = point_in_ring(&part->rings[0], at);
        for (size_t r = 1; r < part->n && in == 1; r++)
            in = -point_in_ring(&part->rings[r], at);
        best = in > best ? in : best;
    }
    return best;
}

size_t xd_space_positions(const xd_geom *geom)
{
    size_t n = 0;
    for (size_t p = 0; p < geom->n; p++) {
        for (size_t r = 0; r < geom->parts[p].n; r++)
            n += geom->parts[p].rings[r].n;
    }
    return n;
}

static bool relate_one(xd_ctx *cx, xd_relation relation, const xd_column *column, uint32_t i,
                       const xd_geom *b, bool *ret_holds)
{
    bool area = b->kind == XD_POLYGON || b->kind == XD_MULTIPOLYGON;
    xd_pos at;
    if (area && xd_column_point(column, i, &at)) {
        int in = xd_space_point_in(b, at);
        if (relation == XD_INTERSECTS || relation == XD_DISJOINT) {
            *ret_holds = (in >= 0) == (relation == XD_INTERSECTS);
            return true;
        }
        if (relation == XD_WITHIN) {
            *ret_holds = in == 1;
            return true;
        }
    }
    return xd_geom_relate(cx, relation, xd_column_geom(cx->arena, column, i), b, ret_holds);
}

bool xd_space_relate(xd_ctx *cx, const xd_column *column, uint32_t from, uint32_t to,
                     xd_relation relation, const xd_geom *geom, bool *ret_holds,
                     bool *ret_known)
{
    bool every = relation == XD_DISJOINT || relation == XD_WITHIN;
    bool any_so = false, all_so = true;
    for (uint32_t i = from; i < to; i++) {
        bool so;
        if (!relate_one(cx, relation, column, i, geom, &so))
            return false;
        any_so = any_so || so;
        all_so = all_so && so;
    }
    *ret_known = from < to;
    *ret_holds = *ret_known && (every ? all_so : any_so);
    return true;
}

bool xd_space_meets(xd_ctx *cx, xd_bag *bag, const xd_schema *schema, const xd_segment *s,
                    const xd_type *type, const xd_geom *geom, xd_bits **ret_found)
{
    xd_bits *found = xd_space_candidates(bag, schema, s, type, xd_geom_extent(geom));
    const xd_column *place = xd_segment_place(s, schema, type);
    xd_bits *candidates = xd_bits_copy(bag, found);
    xd_walk walk;
    uint32_t doc, seen = 0;
    xd_walk_begin(&walk, candidates);
    while (xd_walk_next(&walk, &doc)) {
        bool holds, known;
        if ((seen++ % 1024 == 0 && !xd_go_on(cx)) ||
            !xd_space_relate(cx, place, xd_column_first(place, doc), xd_column_end(place, doc),
                             XD_INTERSECTS, geom, &holds, &known))
            return false;
        if (!holds)
            roaring_bitmap_remove(found, doc);
    }
    *ret_found = found;
    return true;
}
