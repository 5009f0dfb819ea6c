/* Opening hours, phones, addresses and identifiers: any bytes. */
#include "model/hours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text = {(const char *)data, size}, closed = {0}, value;
    (void)xd_str_cut(&text, '\t', &closed); /* the part before a TAB, when there is one */
    xd_json *hours;
    bool read;
    if (xd_hours_read(&cx, text, closed, &hours, &read)) {
        assert(xd_json_canonical_ok(hours));
        (void)xd_hours_text(&cx, hours);
        cx.lang = XD_EN;
        (void)xd_hours_text(&cx, hours);
    }
    (void)xd_err_take(&cx);
    text = (xd_str){(const char *)data, size};
    if (xd_uscc_read(&cx, text, &value))
        assert(value.n == 18);
    if (xd_phone_read(&cx, text, &value))
        assert(value.n > 0 && value.n < 64);
    if (xd_url_read(&cx, text, &value))
        assert(xd_utf8_valid(value) == value.n);
    xd_ctx_end(&cx);
    return 0;
}
