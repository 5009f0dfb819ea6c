/* CQL2 JSON: any bytes. What is read must write itself so that it reads back the same. */
#include "model/cql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const xd_cql *cql, *again;
    xd_buf json = {0}, back = {0};
    if (xd_cql_read_json(&cx, (xd_str){(const char *)data, size}, &cql)) {
        xd_cql_write_text(&back, cql); /* must only not fail: see the head of cql_text.c */
        xd_buf_clear(&back);
        xd_cql_write_json(&json, cql);
        bool read = xd_cql_read_json(&cx, xd_buf_str(&json), &again);
        assert(read);
        xd_cql_write_json(&back, again);
        assert(xd_str_eq(xd_buf_str(&json), xd_buf_str(&back)));
    } else {
        assert(xd_err_take(&cx).zh.n > 0);
    }
    xd_buf_free(&json);
    xd_buf_free(&back);
    xd_ctx_end(&cx);
    return 0;
}
