/* GeoJSON geometries, as degrees and as bodies have them, through everything that is done to a
 * shape. What was read is written, and must read back the same. */
#include <stdlib.h>

#include "geo/crs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void work(xd_ctx *cx, const xd_geom *geom)
{
    const xd_geom *cut;
    xd_pos at;
    bool holds;
    double m;
    xd_box box = {1000000000, 250000000, 1200000000, 350000000};
    const xd_geom *area = xd_geom_box_area(cx->arena, box);
    bool ok = xd_geom_check(cx, geom) && xd_geom_anchor(cx, geom, &at) &&
              xd_geom_relate(cx, XD_INTERSECTS, geom, area, &holds) &&
              xd_geom_relate(cx, XD_WITHIN, geom, area, &holds) &&
              xd_geom_distance_m(cx, geom, area, &m) && xd_geom_clip(cx, geom, box, 1000, &cut);
    if (!ok && cx->err.zh.n == 0) {
        abort(); /* refused without a sentence */
    }
}

static void read_back(xd_ctx *cx, const xd_geom *geom)
{
    xd_buf once = {0};
    xd_buf twice = {0};
    const xd_json *value;
    const xd_geom *again;
    xd_geom_write(&once, geom, false);
    if (!xd_json_read(cx, xd_buf_str(&once), &value) ||
        !xd_geom_read(cx, value, true, &again)) {
        abort();
    }
    xd_geom_write(&twice, again, false);
    if (!xd_str_eq(xd_buf_str(&once), xd_buf_str(&twice))) {
        abort();
    }
    xd_buf_free(&once);
    xd_buf_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_json *value;
    const xd_geom *geom;
    const xd_crs *crs;
    if (xd_json_read(&cx, (xd_str){(const char *)data, size}, &value)) {
        if (xd_geom_read(&cx, value, true, &geom)) {
            read_back(&cx, geom);
            work(&cx, geom);
        }
        (void)xd_err_take(&cx); /* the next reading is another question */
        if (xd_geom_read(&cx, value, false, &geom)) {
            read_back(&cx, geom);
        }
        (void)xd_err_take(&cx);
        if (xd_crs_find(&cx, XD_S("bd09"), &crs) && xd_geom_to_wgs84(&cx, crs, value, &geom)) {
            read_back(&cx, geom);
        }
    }
    xd_ctx_end(&cx);
    return 0;
}
