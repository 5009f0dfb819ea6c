/* Folding, reading aloud, NFC and sort keys: any bytes. Folding twice is folding once, and the
 * marks say the same as the text. */
#include "model/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str text = {(const char *)data, size};
    xd_str fold = xd_fold(cx.arena, text);
    assert(xd_utf8_valid(fold) == fold.n);
    assert(xd_str_eq(xd_fold(cx.arena, fold), fold));
    xd_str key = xd_fold_key(cx.arena, text);
    assert(xd_str_eq(xd_fold_key(cx.arena, fold), key));
    xd_folded marks;
    xd_fold_marks(cx.arena, text, &marks);
    size_t at = 0;
    for (size_t i = 0; i < marks.n; i++) {
        assert(at < fold.n && xd_utf8_next(fold, &at) == marks.cp[i]);
        assert(marks.from[i] < marks.to[i] && marks.to[i] <= size);
    }
    assert(at == fold.n);
    xd_str nfc = xd_nfc(cx.arena, text);
    assert(xd_utf8_valid(nfc) == nfc.n && xd_str_eq(xd_nfc(cx.arena, nfc), nfc));
    xd_readings readings;
    xd_pinyin(cx.arena, text, &readings);
    assert(readings.full.n <= 16 && readings.initials.n <= 16);
    (void)xd_pinyin_text(cx.arena, text);
    (void)xd_unaccented(cx.arena, text);
    (void)xd_simplified(cx.arena, text);
    (void)xd_sort_key(cx.arena, text, XD_ZH);
    xd_ctx_end(&cx);
    return 0;
}
