/* The document part; the archive around it is sound. */
#include "exchange_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const fuzz_part part = {
        "word/document.xml", {(const char *)data, size}
    };
    xd_buf zip = {0};
    fuzz_zip(&zip, &part, 1);
    xd_reader_in in = {.bytes = xd_buf_str(&zip)};
    fuzz_run(xd_read_docx, &in);
    xd_buf_free(&zip);
    return 0;
}
