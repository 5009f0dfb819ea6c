/* Coordinates as people write them, one and two in a text, put in place. */
#include <math.h>
#include <stdlib.h>

#include "geo/coord.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void want(bool right)
{
    if (!right) {
        abort();
    }
}

static void one(xd_ctx *cx, xd_str text)
{
    xd_coord c;
    if (!xd_coord_read(cx, text, &c)) {
        want(cx->err.zh.n > 0 && cx->err.en.n > 0);
        (void)xd_err_take(cx); /* the next reading is another question */
        return;
    }
    want(isfinite(c.value) && c.decimals >= 0);
    want(c.axis != XD_AXIS_LAT || fabs(c.value) <= 90 || fabs(c.value) > 180);
}

static void two(xd_ctx *cx, xd_str text)
{
    xd_coord a;
    xd_coord b;
    xd_pos pos;
    const xd_crs *crs;
    unsigned flags;
    if (xd_coord_read_pair(cx, text, &a, &b) &&
        xd_coord_place(cx, a, b, NULL, &pos, &crs, &flags)) {
        want(abs(pos.lon) <= 180 * XD_DEGREE && abs(pos.lat) <= 90 * XD_DEGREE && crs != NULL);
        return;
    }
    want(cx->err.zh.n > 0 && cx->err.en.n > 0);
    (void)xd_err_take(cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text = {(const char *)data, size};
    one(&cx, text);
    two(&cx, text);
    xd_ctx_end(&cx);
    return 0;
}
