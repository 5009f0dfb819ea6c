/* The list of a bucket: whatever a server sends is read or refused, and what is read is ours. */
#include <stdlib.h>

#include "store/files_room.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_files_items items = {0};
    xd_str next = XD_S("-");
    xd_ctx_begin(&cx);
    bool ok =
        xd_s3_list_read(&cx, (xd_str){(const char *)data, size}, XD_S("p/"), &items, &next);
    if (ok && (next.n > size || items.n > size / XD_FILE_HASH)) {
        abort();
    }
    if (!ok && cx.err.code != XD_BROKEN) {
        abort();
    }
    xd_ctx_end(&cx);
    return 0;
}
