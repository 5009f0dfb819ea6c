/* Dates and numbers: any bytes. What is read must be an interval the right way round and read
 * back from its own EDTF. */
#include "model/period.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text = {(const char *)data, size}, decimal;
    xd_period p, back;
    unsigned flags;
    if (xd_period_read(&cx, text, &p, &flags)) {
        assert(p.from <= p.to);
        bool again = xd_period_read(&cx, xd_period_edtf(cx.arena, p), &back, &flags);
        assert(again && back.from == p.from && back.to == p.to);
        (void)xd_period_text(cx.arena, p, XD_ZH);
        (void)xd_period_text(cx.arena, p, XD_EN);
    } else {
        (void)xd_err_take(&cx);
    }
    if (xd_number_read(&cx, text, &decimal)) {
        xd_str same;
        bool again = xd_number_read(&cx, decimal, &same);
        assert(again && xd_str_eq(decimal, same));
    }
    xd_ctx_end(&cx);
    return 0;
}
