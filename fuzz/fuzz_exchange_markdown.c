#include "exchange_sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_reader_in in = {
        .bytes = {(const char *)data, size}
    };
    fuzz_run(xd_read_markdown, &in);
    return 0;
}
