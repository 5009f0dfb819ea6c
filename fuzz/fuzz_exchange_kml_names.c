/* The names of data that a KML file gives Chinese names: whatever the bytes, what comes out holds
 * short names only, each with its line. */
#include "exchange/kml_names.h"

#include "base/ctx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_str bytes = {0}, names = {0};
    xd_ctx_begin(&cx);
    if (xd_kml_names(&cx, (xd_str){(const char *)data, size}, &bytes, &names)) {
        /* Names that cannot be are a fault of ours: each line is "short, tab, name". */
        xd_str rest = names, line;
        while (xd_str_cut(&rest, '\n', &line)) {
            if (line.n > 0 && memchr(line.p, '\t', line.n) == NULL) {
                __builtin_trap();
            }
        }
    }
    xd_ctx_end(&cx);
    return 0;
}
