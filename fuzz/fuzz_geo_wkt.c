/* Well-known text; what was read is written, and must read back the same. */
#include <stdlib.h>

#include "geo/geom.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_geom *geom;
    if (xd_geom_read_wkt(&cx, (xd_str){(const char *)data, size}, &geom)) {
        xd_buf once = {0};
        xd_buf twice = {0};
        xd_geom_write_wkt(&once, geom);
        if (!xd_geom_read_wkt(&cx, xd_buf_str(&once), &geom)) {
            abort();
        }
        xd_geom_write_wkt(&twice, geom);
        if (!xd_str_eq(xd_buf_str(&once), xd_buf_str(&twice))) {
            abort();
        }
        xd_buf_free(&once);
        xd_buf_free(&twice);
    } else if (cx.err.zh.n == 0) {
        abort(); /* refused without a sentence */
    }
    xd_ctx_end(&cx);
    return 0;
}
