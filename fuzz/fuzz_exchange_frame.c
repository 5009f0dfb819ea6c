/* What a worker that was taken over might send. */
#include "exchange/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_frame_reader reader = {0};
    xd_str rest = {(const char *)data, size};
    for (;;) {
        xd_ctx cx;
        xd_frame frame;
        size_t n = 0;
        xd_ctx_begin(&cx);
        bool more = xd_frame_size(&cx, rest, &n) && n > 0 && n <= rest.n &&
                    xd_frame_read(&cx, &reader, xd_str_sub(rest, 0, n), &frame);
        xd_ctx_end(&cx);
        if (!more) {
            break;
        }
        rest = xd_str_sub(rest, n, rest.n);
    }
    xd_frame_reader_free(&reader);
    return 0;
}
