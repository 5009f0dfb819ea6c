/* geo/project.c — the one file that speaks to PROJ: systems by EPSG number.
 *
 * A thread has its own PROJ context and keeps the transformations it has made, because making
 * one reads the database (10–40 ms) and using one takes a fraction of a microsecond. Sixteen
 * are kept, the one longest unused gives way. Axes are normalised: x east, y north, whatever
 * the authority's order; that order is asked separately, for answers of OGC API. The network is
 * off: grids PROJ would have to fetch are never fetched. */
#include "geo/inside.h"

#include <errno.h>
#include <math.h>
#include <proj.h>
#include <pthread.h>
#include <stdio.h>

enum { KEPT = 16 };

typedef struct kept {
    int epsg;
    PJ *to_wgs84;
    xd_projected about;
    uint64_t used; /* the thread's count of uses at the last one */
} kept;

typedef struct thread {
    xd_arena *arena; /* holds this struct */
    PJ_CONTEXT *proj;
    kept list[KEPT];
    uint64_t uses;
} thread;

/* Made once and then only read, as in geos.c. */
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int key_error;

static void thread_end(void *p)
{
    thread *t = (thread *)p;
    for (size_t i = 0; i < KEPT; i++) {
        (void)proj_destroy(t->list[i].to_wgs84); /* always NULL */
    }
    (void)proj_context_destroy(t->proj); /* always NULL */
    xd_arena_free(t->arena);
}

static void key_make(void)
{
    key_error = pthread_key_create(&key, thread_end);
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
        t->proj = proj_context_create();
        int error = t->proj == NULL ? ENOMEM : pthread_setspecific(key, t);
        if (error != 0) {
            thread_end(t);
            return xd_fail_errno(cx, error, "starting PROJ");
        }
        (void)proj_context_set_enable_network(t->proj, 0); /* answers whether it is on: no */
        (void)proj_log_level(t->proj, PJ_LOG_NONE);        /* answers the level before */
    }
    *ret_thread = t;
    return true;
}

/* ---- one system ----------------------------------------------------------------------------
 */

/* The horizontal system, when it is one whose two axes are on the ground; NULL otherwise. */
static PJ *horizontal(thread *t, int epsg)
{
    char name[32];
    (void)snprintf(name, sizeof name, "EPSG:%d", epsg); /* always fits */
    PJ *crs = proj_create(t->proj, name);
    if (crs != NULL && proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS) {
        PJ *flat = proj_crs_get_sub_crs(t->proj, crs, 0);
        (void)proj_destroy(crs); /* always NULL */
        crs = flat;
    }
    PJ_TYPE type = crs == NULL ? PJ_TYPE_UNKNOWN : proj_get_type(crs);
    if (type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS ||
        type == PJ_TYPE_PROJECTED_CRS) {
        return crs;
    }
    (void)proj_destroy(crs); /* always NULL */
    return NULL;
}

static bool axes_of(thread *t, const PJ *crs, xd_projected *ret_about)
{
    PJ *axes = proj_crs_get_coordinate_system(t->proj, crs);
    const char *direction = NULL;
    double factor = 0;
    const char *unit = NULL;
    bool ok = axes != NULL && proj_cs_get_axis_info(t->proj, axes, 0, NULL, NULL, &direction,
                                                    &factor, &unit, NULL, NULL) != 0;
    if (ok) {
        PJ_TYPE type = proj_get_type(crs);
        ret_about->degrees = type != PJ_TYPE_PROJECTED_CRS;
        ret_about->north_first = direction != NULL && (strcmp(direction, "north") == 0 ||
                                                       strcmp(direction, "south") == 0);
    }
    (void)proj_destroy(axes); /* always NULL */
    return ok;
}

static PJ *transformation(thread *t, const PJ *from)
{
    PJ *wgs84 = proj_create(t->proj, "EPSG:4326");
    PJ *raw =
        wgs84 == NULL ? NULL : proj_create_crs_to_crs_from_pj(t->proj, from, wgs84, NULL, NULL);
    PJ *ready = raw == NULL ? NULL : proj_normalize_for_visualization(t->proj, raw);
    (void)proj_destroy(raw); /* always NULL */
    (void)proj_destroy(wgs84);
    return ready;
}

static bool unknown(xd_ctx *cx, int epsg)
{
    return xd_geo_refuse(
        cx, xd_str_printf(cx->arena, "没有编号为 EPSG:%d 的平面或经纬度坐标系。", epsg),
        xd_str_printf(cx->arena, "There is no horizontal coordinate system EPSG:%d.", epsg));
}

static bool find(xd_ctx *cx, thread *t, int epsg, kept **ret_kept)
{
    t->uses += 1;
    kept *oldest = &t->list[0];
    for (size_t i = 0; i < KEPT; i++) {
        kept *k = &t->list[i];
        if (k->to_wgs84 != NULL && k->epsg == epsg) {
            k->used = t->uses;
            *ret_kept = k;
            return true;
        }
        oldest = k->used < oldest->used ? k : oldest;
    }
    PJ *crs = horizontal(t, epsg);
    kept made = {.epsg = epsg, .used = t->uses};
    if (crs != NULL && axes_of(t, crs, &made.about)) {
        made.to_wgs84 = transformation(t, crs);
    }
    (void)proj_destroy(crs); /* always NULL */
    if (made.to_wgs84 == NULL) {
        return unknown(cx, epsg);
    }
    (void)proj_destroy(oldest->to_wgs84);
    *oldest = made;
    *ret_kept = oldest;
    return true;
}

bool xd_proj_about(xd_ctx *cx, int epsg, xd_projected *ret_about)
{
    thread *t;
    kept *k;
    if (!thread_get(cx, &t) || !find(cx, t, epsg, &k)) {
        return false;
    }
    *ret_about = k->about;
    return true;
}

bool xd_proj_run(xd_ctx *cx, int epsg, bool inverse, double x, double y, double *ret_x,
                 double *ret_y)
{
    thread *t;
    kept *k;
    if (!thread_get(cx, &t) || !find(cx, t, epsg, &k)) {
        return false;
    }
    (void)proj_errno_reset(k->to_wgs84); /* answers the old error */
    PJ_COORD out = proj_trans(k->to_wgs84, inverse ? PJ_INV : PJ_FWD, proj_coord(x, y, 0, 0));
    if (!isfinite(out.xy.x) || !isfinite(out.xy.y)) {
        return xd_geo_refuse(
            cx,
            xd_str_printf(cx->arena, "坐标（%.3f，%.3f）超出了坐标系 EPSG:%d 的范围。", x, y,
                          epsg),
            xd_str_printf(cx->arena, "(%.3f, %.3f) lies outside the reach of EPSG:%d.", x, y,
                          epsg));
    }
    *ret_x = out.xy.x;
    *ret_y = out.xy.y;
    return true;
}
