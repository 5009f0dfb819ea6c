/* Names of coordinate systems. */
#include <stdlib.h>

#include "geo/crs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_crs *crs;
    const xd_crs *again;
    xd_str name = {(const char *)data, size};
    if (!xd_crs_find(&cx, name, &crs)) {
        if (cx.err.zh.n == 0 || cx.err.en.n == 0) {
            abort(); /* refused without a sentence */
        }
    } else if (!xd_crs_find(&cx, xd_crs_name(crs), &again) || again != crs) {
        abort(); /* a system must be found by its own name */
    }
    xd_ctx_end(&cx);
    return 0;
}
