/* Geometry literals of a filter in another CRS, as text and as JSON. */
#include <stdint.h>

#include "web/ask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    const xd_crs *crs;
    xd_str filter = {(const char *)data, size}, moved;
    xd_ctx_begin(&cx);
    if (xd_crs_find(&cx, XD_S("epsg:4326"), &crs)) {
        for (int json = 0; json < 2; json++) {
            if (xd_filter_to_wgs84(&cx, filter, json != 0, crs, &moved)) {
                assert(size == 0 || moved.n > 0);
            } else {
                (void)xd_err_take(&cx); /* malformed: said so */
            }
        }
    }
    xd_ctx_end(&cx);
    return 0;
}
