/* What a visitor types meets a text: reading it, marking, LIKE, cursors. The input is the
 * question, a NUL, and the text. */
#include "index/index.h"
#include "index/letters.h"
#include "index/position.h"
#include "index/seal.h"
#include "index/value.h"
#include "index/words.h"
#include "model/cql_compare.h"
#include "model/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_words(xd_ctx *cx, xd_str q, xd_str folded, bool adjacent)
{
    xd_words words;
    if (!xd_words_read(cx, q, adjacent, &words)) {
        (void)xd_err_take(cx); /* refused: well */
        return;
    }
    for (size_t i = 0; i < words.n; i++) {
        size_t end = 0, at = 0;
        for (int n = 0; n < 100 && at != SIZE_MAX; n++) {
            at = xd_word_find(&words.at[i], folded, at, &end);
            if (at != SIZE_MAX) {
                assert(at < end && end <= folded.n);
                at = end;
            }
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    xd_str all = {(const char *)data, size};
    size_t cut = xd_str_find(all, (xd_str){"", 1}, 0);
    xd_str q = xd_str_sub(all, 0, cut == SIZE_MAX ? size : cut);
    xd_str text = cut == SIZE_MAX ? q : xd_str_sub(all, cut + 1, size);
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_str folded = xd_fold(cx.arena, text);
    try_words(&cx, q, folded, false);
    try_words(&cx, q, folded, true);
    const xd_range *ranges = NULL;
    size_t n = 0;
    if (xd_highlight(&cx, q, text, &ranges, &n)) {
        for (size_t i = 0; i < n; i++) {
            assert(ranges[i].from < ranges[i].to && ranges[i].to <= text.n);
            assert(i == 0 || ranges[i].from > ranges[i - 1].to);
        }
    } else {
        (void)xd_err_take(&cx); /* refused: well */
    }
    if (q.n < 100 && text.n < 1000)
        (void)xd_cql_like(text, q); /* only that it ends */
    (void)xd_letters_fold(cx.arena, text, true, true);
    const uint64_t key[2] = {1, 2};
    xd_str back;
    if (xd_unseal(cx.arena, key, 3, q, &back))
        assert(xd_str_eq(xd_seal(cx.arena, key, 3, back), q));
    const xd_position_key position = {
        .seal = {1, 2},
          .veil = {3, 4}
    };
    int64_t seq;
    (void)xd_position_read(cx.arena, &position, q, &seq); /* only that it ends */
    xd_ctx_end(&cx);
    return 0;
}
