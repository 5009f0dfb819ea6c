/* geo/geos.c — the one file that speaks to GEOS: relations, validity, inner points, nearest
 * places, clipping, joining.
 *
 * Coordinates go in as whole units of 1e-7 degree: they are exact in doubles, so GEOS's robust
 * predicates decide on the very shapes we hold, and results that are new positions (cuts, inner
 * points) are rounded back to units. GEOS is called through its reentrant interface, with one
 * handle a thread, made on first use and finished when the thread ends. Geometries never leave
 * a function here, so nothing has to be deferred. */
#include "geo/inside.h"

#include <geos_c.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>

#if GEOS_VERSION_MAJOR == 3 && GEOS_VERSION_MINOR < 8
#error "GEOS 3.8 or newer is needed: GEOSCoordSeq_setXY_r, GEOSMakeValid_r"
#endif

/* ---- a handle a thread ---------------------------------------------------------------------
 */

typedef struct thread {
    xd_arena *arena; /* holds this struct */
    GEOSContextHandle_t geos;
    char said[200]; /* GEOS's last complaint */
} thread;

/* The key is made once and then only read: the per-thread values behind it are no shared
 * state. */
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int key_error;

static void thread_end(void *p)
{
    thread *t = (thread *)p;
    GEOS_finish_r(t->geos);
    xd_arena_free(t->arena);
}

static void key_make(void)
{
    key_error = pthread_key_create(&key, thread_end);
}

static void on_complaint(const char *message, void *user)
{
    thread *t = (thread *)user;
    (void)snprintf(t->said, sizeof t->said, "%s", message); /* cut short is enough */
}

static bool thread_get(xd_ctx *cx, thread **ret_thread)
{
    (void)pthread_once(&key_once, key_make); /* cannot fail with a static once */
    if (key_error != 0) {
        return xd_fail_errno(cx, key_error, "making a thread key");
    }
    thread *t = (thread *)pthread_getspecific(key);
    if (t == NULL) {
        xd_arena *arena = xd_arena_make();
        t = xd_new(arena, thread);
        t->arena = arena;
        t->geos = GEOS_init_r();
        if (t->geos == NULL) {
            xd_arena_free(arena);
            return xd_fail(cx, XD_SYSTEM, "GEOS does not start");
        }
        (void)GEOSContext_setErrorMessageHandler_r(t->geos, on_complaint, t); /* old: none */
        int error = pthread_setspecific(key, t);
        if (error != 0) {
            thread_end(t);
            return xd_fail_errno(cx, error, "keeping a GEOS handle");
        }
    }
    t->said[0] = '\0';
    *ret_thread = t;
    return true;
}

static bool geos_failed(xd_ctx *cx, const thread *t)
{
    (void)xd_fail(cx, XD_INVALID, "GEOS: %s", t->said[0] != '\0' ? t->said : "no reason given");
    return xd_fail_words(
        cx, XD_S("这个图形无法计算：边界可能自相交。请先在制图软件里修正。"),
        XD_S("This shape cannot be worked with: its edges may cross. Please mend"
             " it in a GIS program first."));
}

/* ---- into GEOS -----------------------------------------------------------------------------
 */

/* Longitude = (units + shift) × stretch, on the way in. */
typedef struct frame {
    double shift, stretch;
} frame;

static const frame plain = {0, 1};

static GEOSCoordSequence *sequence(thread *t, const xd_ring *ring, frame f)
{
    GEOSCoordSequence *seq = GEOSCoordSeq_create_r(t->geos, (unsigned)ring->n, 2);
    for (size_t i = 0; seq != NULL && i < ring->n; i++) {
        double x = ((double)ring->at[i].lon + f.shift) * f.stretch;
        if (GEOSCoordSeq_setXY_r(t->geos, seq, (unsigned)i, x, (double)ring->at[i].lat) == 0) {
            GEOSCoordSeq_destroy_r(t->geos, seq);
            return NULL;
        }
    }
    return seq;
}

static GEOSGeometry *area_of(thread *t, xd_arena *scratch, const xd_part *part, frame f)
{
    GEOSGeometry **rings = xd_new_n(scratch, GEOSGeometry *, part->n);
    size_t made = 0;
    for (; made < part->n; made++) {
        GEOSCoordSequence *seq = sequence(t, &part->rings[made], f);
        rings[made] = seq == NULL ? NULL : GEOSGeom_createLinearRing_r(t->geos, seq);
        if (rings[made] == NULL) {
            break;
        }
    }
    GEOSGeometry *area = NULL;
    if (made == part->n) {
        /* Takes the rings, also when it fails. */
        area = GEOSGeom_createPolygon_r(t->geos, rings[0], rings + 1, (unsigned)(part->n - 1));
    } else {
        for (size_t i = 0; i < made; i++) {
            GEOSGeom_destroy_r(t->geos, rings[i]);
        }
    }
    return area;
}

static GEOSGeometry *part_of(thread *t, xd_arena *scratch, xd_geom_kind kind,
                             const xd_part *part, frame f)
{
    if (xd_kind_is_area(kind)) {
        return area_of(t, scratch, part, f);
    }
    GEOSCoordSequence *seq = sequence(t, &part->rings[0], f);
    if (seq == NULL) {
        return NULL;
    }
    return xd_kind_is_line(kind) ? GEOSGeom_createLineString_r(t->geos, seq)
                                 : GEOSGeom_createPoint_r(t->geos, seq);
}

static int collection_type(xd_geom_kind kind)
{
    return xd_kind_is_area(kind)   ? GEOS_MULTIPOLYGON
           : xd_kind_is_line(kind) ? GEOS_MULTILINESTRING
                                   : GEOS_MULTIPOINT;
}

/* NULL: GEOS refused; t->said has the reason. */
static GEOSGeometry *into_geos(thread *t, const xd_geom *geom, frame f)
{
    xd_arena *scratch = xd_arena_make();
    GEOSGeometry **parts = xd_new_n(scratch, GEOSGeometry *, geom->n);
    GEOSGeometry *whole = NULL;
    size_t made = 0;
    for (; made < geom->n; made++) {
        parts[made] = part_of(t, scratch, geom->kind, &geom->parts[made], f);
        if (parts[made] == NULL) {
            break;
        }
    }
    if (made == geom->n && !xd_kind_is_multi(geom->kind)) {
        whole = parts[0];
    } else if (made == geom->n) {
        /* Takes the parts, also when it fails. */
        whole = GEOSGeom_createCollection_r(t->geos, collection_type(geom->kind), parts,
                                            (unsigned)geom->n);
    } else {
        for (size_t i = 0; i < made; i++) {
            GEOSGeom_destroy_r(t->geos, parts[i]);
        }
    }
    xd_arena_free(scratch);
    return whole;
}

/* ---- out of GEOS ---------------------------------------------------------------------------
 */

static int32_t rounded(double v, int32_t most)
{
    double r = round(v);
    return r > most ? most : r < -most ? -most : (int32_t)r;
}

static bool pos_out(thread *t, const GEOSCoordSequence *seq, unsigned i, xd_pos *ret_pos)
{
    double x;
    double y;
    if (GEOSCoordSeq_getXY_r(t->geos, seq, i, &x, &y) == 0 || !isfinite(x) || !isfinite(y)) {
        return false;
    }
    *ret_pos = (xd_pos){rounded(x, 180 * XD_DEGREE), rounded(y, 90 * XD_DEGREE)};
    return true;
}

/* A ring or line into the draft; one that rounding made too short is left out: false only when
 * the draft is full. */
static bool ring_out(xd_ctx *cx, thread *t, xd_draft *draft, const GEOSGeometry *g,
                     bool *ret_kept)
{
    const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(t->geos, g);
    unsigned n = 0;
    if (seq == NULL || GEOSCoordSeq_getSize_r(t->geos, seq, &n) == 0) {
        return geos_failed(cx, t);
    }
    xd_pos last = {0, 0};
    size_t before = draft->count;
    for (unsigned i = 0; i < n; i++) {
        xd_pos at;
        if (!pos_out(t, seq, i, &at)) {
            return geos_failed(cx, t);
        }
        bool again = draft->count > before && at.lon == last.lon && at.lat == last.lat;
        if (!again && !xd_draft_pos(cx, draft, at)) {
            return false;
        }
        last = at;
    }
    size_t least = xd_kind_is_area(draft->kind) ? 4 : xd_kind_is_line(draft->kind) ? 2 : 1;
    *ret_kept = draft->at.n >= least;
    if (!*ret_kept) {
        draft->at = (xd_pos_vec){0};
        return true;
    }
    return xd_draft_ring(cx, draft);
}

static bool area_out(xd_ctx *cx, thread *t, xd_draft *draft, const GEOSGeometry *g)
{
    bool kept = false;
    const GEOSGeometry *shell = GEOSGetExteriorRing_r(t->geos, g);
    if (shell == NULL || !ring_out(cx, t, draft, shell, &kept)) {
        return shell != NULL ? false : geos_failed(cx, t);
    }
    int holes = kept ? GEOSGetNumInteriorRings_r(t->geos, g) : 0;
    for (int i = 0; i < holes; i++) {
        const GEOSGeometry *hole = GEOSGetInteriorRingN_r(t->geos, g, i);
        bool hole_kept;
        if (hole == NULL || !ring_out(cx, t, draft, hole, &hole_kept)) {
            return hole != NULL ? false : geos_failed(cx, t);
        }
    }
    if (kept) {
        xd_draft_part(draft);
    }
    return true;
}

static bool member_out(xd_ctx *cx, thread *t, xd_draft *draft, const GEOSGeometry *g)
{
    int type = GEOSGeomTypeId_r(t->geos, g);
    if (type >= GEOS_MULTIPOINT) {
        int n = GEOSGetNumGeometries_r(t->geos, g);
        for (int i = 0; i < n; i++) {
            const GEOSGeometry *member = GEOSGetGeometryN_r(t->geos, g, i);
            if (member == NULL || !member_out(cx, t, draft, member)) {
                return member != NULL ? false : geos_failed(cx, t);
            }
        }
        return true;
    }
    if (GEOSisEmpty_r(t->geos, g) != 0) {
        return true;
    }
    /* What has fewer dimensions than was cut (an edge along the box) is no part of the picture.
     */
    if (type == GEOS_POLYGON) {
        return !xd_kind_is_area(draft->kind) || area_out(cx, t, draft, g);
    }
    if (xd_kind_is_line(draft->kind) && (type == GEOS_LINESTRING || type == GEOS_LINEARRING)) {
        bool kept;
        if (!ring_out(cx, t, draft, g, &kept)) {
            return false;
        }
        if (kept) {
            xd_draft_part(draft);
        }
    }
    return true;
}

/* ---- relations -----------------------------------------------------------------------------
 */

/* What needs no GEOS: shapes far apart, and points against areas. */
static bool answered_simply(xd_relation relation, const xd_geom *a, const xd_geom *b,
                            bool *ret_holds)
{
    if (!xd_box_meets(xd_geom_extent(a), xd_geom_extent(b))) {
        *ret_holds = relation == XD_DISJOINT;
        return true;
    }
    bool meets = relation == XD_INTERSECTS || relation == XD_DISJOINT;
    const xd_geom *point = a->kind == XD_POINT ? a : b;
    const xd_geom *other = a->kind == XD_POINT ? b : a;
    if (meets && point->kind == XD_POINT && xd_kind_is_area(other->kind)) {
        bool covered = xd_geom_covers(other, point->parts[0].rings[0].at[0]);
        *ret_holds = covered == (relation == XD_INTERSECTS);
        return true;
    }
    return false;
}

static char relate(thread *t, xd_relation relation, const GEOSGeometry *a,
                   const GEOSGeometry *b)
{
    switch (relation) {
    case XD_INTERSECTS:
        return GEOSIntersects_r(t->geos, a, b);
    case XD_DISJOINT:
        return GEOSDisjoint_r(t->geos, a, b);
    case XD_CONTAINS:
        return GEOSContains_r(t->geos, a, b);
    case XD_WITHIN:
        return GEOSWithin_r(t->geos, a, b);
    case XD_TOUCHES:
        return GEOSTouches_r(t->geos, a, b);
    case XD_CROSSES:
        return GEOSCrosses_r(t->geos, a, b);
    case XD_OVERLAPS:
        return GEOSOverlaps_r(t->geos, a, b);
    case XD_EQUALS:
        return GEOSEquals_r(t->geos, a, b);
    }
    return 2;
}

bool xd_geom_relate(xd_ctx *cx, xd_relation relation, const xd_geom *a, const xd_geom *b,
                    bool *ret_holds)
{
    if (answered_simply(relation, a, b, ret_holds)) {
        return true;
    }
    thread *t;
    if (!thread_get(cx, &t)) {
        return false;
    }
    GEOSGeometry *ga = into_geos(t, a, plain);
    GEOSGeometry *gb = ga == NULL ? NULL : into_geos(t, b, plain);
    char holds = gb == NULL ? 2 : relate(t, relation, ga, gb);
    GEOSGeom_destroy_r(t->geos, ga);
    GEOSGeom_destroy_r(t->geos, gb);
    if (holds == 2) {
        return geos_failed(cx, t);
    }
    *ret_holds = holds == 1;
    return true;
}

/* ---- validity ------------------------------------------------------------------------------
 */

static bool refuse_at(xd_ctx *cx, const char *reason, xd_pos at)
{
    xd_buf place = {0};
    xd_degree_write(&place, at.lon);
    xd_buf_add(&place, XD_S(", "));
    xd_degree_write(&place, at.lat);
    xd_str where = xd_buf_copy(&place, cx->arena);
    xd_buf_free(&place);
    return xd_geo_refuse(
        cx,
        xd_str_printf(cx->arena,
                      "面的边界有错，在（" XD_FMT "）处：自相交、重叠或内环越界（%s）。"
                      "请在制图软件里修正。",
                      XD_ARG(where), reason),
        xd_str_printf(cx->arena, "The area is not valid at (" XD_FMT "): %s. Please mend it.",
                      XD_ARG(where), reason));
}

bool xd_geom_check(xd_ctx *cx, const xd_geom *geom)
{
    if (!xd_kind_is_area(geom->kind)) {
        return true;
    }
    thread *t;
    if (!thread_get(cx, &t)) {
        return false;
    }
    GEOSGeometry *g = into_geos(t, geom, plain);
    char *reason = NULL;
    GEOSGeometry *place = NULL;
    char valid = g == NULL ? 2 : GEOSisValidDetail_r(t->geos, g, 0, &reason, &place);
    GEOSGeom_destroy_r(t->geos, g);
    bool ok = valid == 1;
    if (valid == 2) {
        (void)geos_failed(cx, t); /* false is what we return below */
    } else if (valid == 0) {
        double x = geom->parts[0].rings[0].at[0].lon;
        double y = geom->parts[0].rings[0].at[0].lat;
        if (place != NULL) {
            (void)GEOSGeomGetX_r(t->geos, place, &x); /* else the first position stands */
            (void)GEOSGeomGetY_r(t->geos, place, &y);
        }
        (void)refuse_at(cx, reason != NULL ? reason : "invalid",
                        (xd_pos){rounded(x, 180 * XD_DEGREE), rounded(y, 90 * XD_DEGREE)});
    }
    GEOSFree_r(t->geos, reason);
    GEOSGeom_destroy_r(t->geos, place);
    return ok;
}

/* ---- inner point, distance -----------------------------------------------------------------
 */

bool xd_geom_anchor(xd_ctx *cx, const xd_geom *geom, xd_pos *ret_pos)
{
    xd_pos first = geom->parts[0].rings[0].at[0];
    if (!xd_kind_is_area(geom->kind) && !xd_kind_is_line(geom->kind)) {
        *ret_pos = first;
        return true;
    }
    thread *t;
    if (!thread_get(cx, &t)) {
        return false;
    }
    GEOSGeometry *g = into_geos(t, geom, plain);
    GEOSGeometry *inner = g == NULL ? NULL : GEOSPointOnSurface_r(t->geos, g);
    const GEOSCoordSequence *seq = inner == NULL || GEOSisEmpty_r(t->geos, inner) != 0
                                       ? NULL
                                       : GEOSGeom_getCoordSeq_r(t->geos, inner);
    /* An area without extent has no inner point: its first position is as good as any. */
    if (seq == NULL || !pos_out(t, seq, 0, ret_pos)) {
        *ret_pos = first;
    }
    GEOSGeom_destroy_r(t->geos, inner);
    GEOSGeom_destroy_r(t->geos, g);
    return true;
}

/* The nearest places of two shapes, found on a plane where longitudes are shrunk by the cosine
 * of the latitude half way between them. Shapes on two sides of the antimeridian are brought
 * together first. */
static bool nearest(xd_ctx *cx, thread *t, const xd_geom *a, const xd_geom *b, double *ret_m)
{
    xd_box ea = xd_geom_extent(a);
    xd_box eb = xd_geom_extent(b);
    double mid_a = ((double)ea.west + ea.east) / 2;
    double mid_b = ((double)eb.west + eb.east) / 2;
    const double turn = 360.0 * XD_DEGREE;
    double half_way = ((double)ea.south + ea.north + eb.south + eb.north) / 4;
    double shrink = cos(half_way / XD_DEGREE * 3.14159265358979323846 / 180);
    shrink = shrink < 1e-6 ? 1e-6 : shrink;
    frame fa = {mid_b - mid_a > turn / 2 ? turn : 0, shrink};
    frame fb = {mid_a - mid_b > turn / 2 ? turn : 0, shrink};

    GEOSGeometry *ga = into_geos(t, a, fa);
    GEOSGeometry *gb = ga == NULL ? NULL : into_geos(t, b, fb);
    GEOSCoordSequence *pair = gb == NULL ? NULL : GEOSNearestPoints_r(t->geos, ga, gb);
    double x[2];
    double y[2];
    bool ok = pair != NULL && GEOSCoordSeq_getXY_r(t->geos, pair, 0, &x[0], &y[0]) != 0 &&
              GEOSCoordSeq_getXY_r(t->geos, pair, 1, &x[1], &y[1]) != 0;
    GEOSCoordSeq_destroy_r(t->geos, pair);
    GEOSGeom_destroy_r(t->geos, ga);
    GEOSGeom_destroy_r(t->geos, gb);
    if (!ok) {
        return geos_failed(cx, t);
    }
    xd_pos at[2];
    for (int i = 0; i < 2; i++) {
        double lon = x[i] / shrink;
        lon = lon > turn / 2 ? lon - turn : lon;
        at[i] = (xd_pos){rounded(lon, 180 * XD_DEGREE), rounded(y[i], 90 * XD_DEGREE)};
    }
    *ret_m = xd_distance_m(at[0], at[1]);
    return true;
}

bool xd_geom_distance_m(xd_ctx *cx, const xd_geom *a, const xd_geom *b, double *ret_m)
{
    if (a->kind == XD_POINT && b->kind == XD_POINT) {
        *ret_m = xd_distance_m(a->parts[0].rings[0].at[0], b->parts[0].rings[0].at[0]);
        return true;
    }
    bool meet;
    if (!xd_geom_relate(cx, XD_INTERSECTS, a, b, &meet)) {
        return false;
    }
    if (meet) {
        *ret_m = 0;
        return true;
    }
    thread *t;
    return thread_get(cx, &t) && nearest(cx, t, a, b, ret_m);
}

/* ---- clipping ------------------------------------------------------------------------------
 */

static GEOSGeometry *cut(thread *t, const GEOSGeometry *g, xd_box box)
{
    GEOSGeometry *piece =
        GEOSClipByRect_r(t->geos, g, box.west, box.south, box.east, box.north);
    if (piece == NULL) {
        /* Edges that cross: mend, then once more. */
        GEOSGeometry *mended = GEOSMakeValid_r(t->geos, g);
        if (mended != NULL) {
            piece = GEOSClipByRect_r(t->geos, mended, box.west, box.south, box.east, box.north);
        }
        GEOSGeom_destroy_r(t->geos, mended);
    }
    return piece;
}

/* Takes g. What cannot be thinned (edges that cross) is drawn as it is. */
static GEOSGeometry *thinned(thread *t, const xd_geom *geom, GEOSGeometry *g, int32_t tolerance)
{
    if (tolerance <= 0 || g == NULL) {
        return g;
    }
    /* Areas keep their rings apart; lines need no such care. */
    GEOSGeometry *thin = xd_kind_is_area(geom->kind)
                             ? GEOSTopologyPreserveSimplify_r(t->geos, g, tolerance)
                             : GEOSSimplify_r(t->geos, g, tolerance);
    if (thin == NULL) {
        return g;
    }
    GEOSGeom_destroy_r(t->geos, g);
    return thin;
}

static bool clip_shape(xd_ctx *cx, thread *t, xd_draft *draft, const xd_geom *geom, xd_box box,
                       int32_t tolerance)
{
    xd_box extent = xd_geom_extent(geom);
    if (!xd_box_meets(extent, box)) {
        return true;
    }
    bool inside = extent.west >= box.west && extent.east <= box.east &&
                  extent.south >= box.south && extent.north <= box.north;
    GEOSGeometry *g = into_geos(t, geom, plain);
    if (g != NULL && !inside) {
        GEOSGeometry *piece = cut(t, g, box);
        GEOSGeom_destroy_r(t->geos, g);
        g = piece;
    }
    g = thinned(t, geom, g, tolerance);
    if (g == NULL) {
        return geos_failed(cx, t);
    }
    bool ok = member_out(cx, t, draft, g);
    GEOSGeom_destroy_r(t->geos, g);
    return ok;
}

static bool clip_points(xd_ctx *cx, xd_draft *draft, const xd_geom *geom, xd_box box)
{
    for (size_t i = 0; i < geom->n; i++) {
        xd_pos at = geom->parts[i].rings[0].at[0];
        if (!xd_box_has(box, at)) {
            continue;
        }
        if (!xd_draft_pos(cx, draft, at) || !xd_draft_ring(cx, draft)) {
            return false;
        }
        xd_draft_part(draft);
    }
    return true;
}

static xd_geom_kind single(xd_geom_kind kind)
{
    return xd_kind_is_area(kind) ? XD_POLYGON : xd_kind_is_line(kind) ? XD_LINE : XD_POINT;
}

static xd_geom_kind several(xd_geom_kind kind)
{
    return xd_kind_is_area(kind)   ? XD_MULTIPOLYGON
           : xd_kind_is_line(kind) ? XD_MULTILINE
                                   : XD_MULTIPOINT;
}

/* NULL when nothing was drafted; several parts make a kind of several. */
static bool end_draft(xd_ctx *cx, xd_draft *draft, const xd_geom **ret_geom)
{
    if (draft->parts.n == 0) {
        *ret_geom = NULL;
        return true;
    }
    if (draft->parts.n > 1) {
        draft->kind = several(draft->kind);
    }
    return xd_draft_end(cx, draft, ret_geom);
}

bool xd_geom_clip(xd_ctx *cx, const xd_geom *geom, xd_box box, int32_t tolerance,
                  const xd_geom **ret_geom)
{
    xd_draft draft;
    xd_draft_begin(&draft, cx->arena, single(geom->kind));
    if (!xd_kind_is_area(geom->kind) && !xd_kind_is_line(geom->kind)) {
        if (!clip_points(cx, &draft, geom, box)) {
            return false;
        }
    } else {
        thread *t;
        if (!thread_get(cx, &t)) {
            return false;
        }
        xd_box halves[2] = {box, box};
        int n = 1;
        if (box.west > box.east) {
            halves[0].east = 180 * XD_DEGREE;
            halves[1].west = -180 * XD_DEGREE;
            n = 2;
        }
        for (int i = 0; i < n; i++) {
            if (!clip_shape(cx, t, &draft, geom, halves[i], tolerance)) {
                return false;
            }
        }
    }
    return end_draft(cx, &draft, ret_geom);
}

/* ---- joining -------------------------------------------------------------------------------
 */

/* Takes g. */
static bool pieces_out(xd_ctx *cx, thread *t, xd_geom_kind kind, GEOSGeometry *g,
                       const xd_geom **ret_geom)
{
    xd_draft draft;
    if (g == NULL) {
        return geos_failed(cx, t);
    }
    xd_draft_begin(&draft, cx->arena, kind);
    bool ok = member_out(cx, t, &draft, g);
    GEOSGeom_destroy_r(t->geos, g);
    return ok && end_draft(cx, &draft, ret_geom);
}

/* An area GEOS can work with; NULL when it cannot be had. */
static GEOSGeometry *sound(thread *t, const xd_geom *geom)
{
    GEOSGeometry *g = into_geos(t, geom, plain);
    if (g == NULL || !xd_kind_is_area(geom->kind) || GEOSisValid_r(t->geos, g) == 1) {
        return g;
    }
    GEOSGeometry *mended = GEOSMakeValid_r(t->geos, g);
    GEOSGeom_destroy_r(t->geos, g);
    return mended;
}

static GEOSGeometry *gathered(thread *t, const xd_geom *const *areas, size_t n)
{
    xd_arena *scratch = xd_arena_make();
    GEOSGeometry **list = xd_new_n(scratch, GEOSGeometry *, n);
    GEOSGeometry *all = NULL;
    size_t made = 0;
    while (made < n && (list[made] = sound(t, areas[made])) != NULL) {
        made++;
    }
    if (made == n) {
        /* Takes the list, also when it fails. */
        all = GEOSGeom_createCollection_r(t->geos, GEOS_GEOMETRYCOLLECTION, list, (unsigned)n);
    } else {
        for (size_t i = 0; i < made; i++) {
            GEOSGeom_destroy_r(t->geos, list[i]);
        }
    }
    xd_arena_free(scratch);
    return all;
}

/* The edges of every area, each once (a union of lines parts them where they meet), without those
 * of the whole, joined end to end. NULL: GEOS refused. */
static GEOSGeometry *borders_of(thread *t, const GEOSGeometry *all, const GEOSGeometry *whole)
{
    int n = GEOSGetNumGeometries_r(t->geos, all);
    GEOSGeometry *lines = GEOSGeom_createEmptyCollection_r(t->geos, GEOS_MULTILINESTRING);
    for (int i = 0; i < n && lines != NULL; i++) {
        GEOSGeometry *edge = GEOSBoundary_r(t->geos, GEOSGetGeometryN_r(t->geos, all, i));
        GEOSGeometry *more = edge == NULL ? NULL : GEOSUnion_r(t->geos, lines, edge);
        GEOSGeom_destroy_r(t->geos, edge);
        GEOSGeom_destroy_r(t->geos, lines);
        lines = more;
    }
    GEOSGeometry *rim = lines == NULL ? NULL : GEOSBoundary_r(t->geos, whole);
    GEOSGeometry *between = rim == NULL ? NULL : GEOSDifference_r(t->geos, lines, rim);
    GEOSGeometry *joined = between == NULL ? NULL : GEOSLineMerge_r(t->geos, between);
    GEOSGeom_destroy_r(t->geos, lines);
    GEOSGeom_destroy_r(t->geos, rim);
    GEOSGeom_destroy_r(t->geos, between);
    return joined;
}

bool xd_geom_join(xd_ctx *cx, const xd_geom *const *areas, size_t n, int32_t reach,
                  xd_geom_joined *ret_joined)
{
    enum {
        CORNER = 4 /* edges a quarter turn */
    };
    thread *t;
    xd_geom_joined joined;
    if (!thread_get(cx, &t)) {
        return false;
    }
    GEOSGeometry *all = gathered(t, areas, n);
    GEOSGeometry *whole = all == NULL ? NULL : GEOSUnaryUnion_r(t->geos, all);
    GEOSGeometry *lines = whole == NULL ? NULL : borders_of(t, all, whole);
    GEOSGeometry *wide = lines == NULL ? NULL : GEOSBuffer_r(t->geos, whole, reach, CORNER);
    GEOSGeom_destroy_r(t->geos, all);
    if (wide == NULL) {
        GEOSGeom_destroy_r(t->geos, whole);
        GEOSGeom_destroy_r(t->geos, lines);
        return geos_failed(cx, t);
    }
    bool ok = pieces_out(cx, t, XD_LINE, lines, &joined.borders);
    ok = pieces_out(cx, t, XD_POLYGON, whole, &joined.area) && ok;
    ok = pieces_out(cx, t, XD_POLYGON, wide, &joined.reach) && ok;
    if (ok) {
        *ret_joined = joined;
    }
    return ok;
}

bool xd_geom_cut(xd_ctx *cx, const xd_geom *geom, const xd_geom *area, const xd_geom **ret_geom)
{
    thread *t;
    if (!thread_get(cx, &t)) {
        return false;
    }
    GEOSGeometry *a = sound(t, geom);
    GEOSGeometry *b = a == NULL ? NULL : sound(t, area);
    GEOSGeometry *piece = b == NULL ? NULL : GEOSIntersection_r(t->geos, a, b);
    GEOSGeom_destroy_r(t->geos, a);
    GEOSGeom_destroy_r(t->geos, b);
    return pieces_out(cx, t, single(geom->kind), piece, ret_geom);
}
