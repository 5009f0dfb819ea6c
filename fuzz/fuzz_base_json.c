/* JSON: whatever is read must be written canonically and read back to the same text. */
#include "base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_json *value, *again;
    xd_buf one = {0}, two = {0};
    if (xd_json_read(&cx, (xd_str){(const char *)data, size}, &value)) {
        xd_json_canonical(&one, value);
        if (!xd_json_read(&cx, xd_buf_str(&one), &again)) {
            abort();
        }
        xd_json_canonical(&two, again);
        if (!xd_str_eq(xd_buf_str(&one), xd_buf_str(&two))) {
            abort();
        }
    }
    xd_buf_free(&one);
    xd_buf_free(&two);
    xd_ctx_end(&cx);
    return 0;
}
