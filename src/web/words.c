#include "web/words.h"

#include "base/buf.h"

xd_str xd_word(xd_lang lang, xd_word_id word)
{
    return xd_word_table[word][lang];
}

static const xd_fill *fill_find(const xd_fill *fills, size_t n, xd_str hole)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(xd_str_of(fills[i].hole), hole)) {
            return &fills[i];
        }
    }
    return NULL;
}

/* What stands between { and }: a name, or name|one|many. */
static bool hole_add(xd_buf *out, xd_str inner, const xd_fill *fills, size_t n)
{
    xd_str rest = inner, name, one, many;

    if (!xd_str_cut(&rest, '|', &name)) {
        return false;
    }
    const xd_fill *fill = fill_find(fills, n, name);
    if (fill == NULL) {
        return false;
    }
    if (xd_str_cut(&rest, '|', &one) && xd_str_cut(&rest, '|', &many)) {
        xd_buf_add(out, fill->number == 1 ? one : many);
    } else if (fill->text.p != NULL) {
        xd_buf_add(out, fill->text);
    } else {
        xd_buf_int(out, fill->number);
    }
    return true;
}

xd_str xd_word_fill(xd_arena *arena, xd_lang lang, xd_word_id word, const xd_fill *fills,
                    size_t n)
{
    return xd_text_fill(arena, xd_word(lang, word), fills, n);
}

xd_str xd_text_fill(xd_arena *arena, xd_str pattern, const xd_fill *fills, size_t n)
{
    xd_buf out = {0};

    for (size_t i = 0; i < pattern.n;) {
        size_t end = pattern.p[i] == '{' ? xd_str_find(pattern, XD_S("}"), i) : SIZE_MAX;
        if (end != SIZE_MAX && hole_add(&out, xd_str_sub(pattern, i + 1, end), fills, n)) {
            i = end + 1;
        } else if (xd_str_starts(xd_str_sub(pattern, i, pattern.n), XD_S("**"))) {
            i += 2;
        } else {
            xd_buf_byte(&out, pattern.p[i++]);
        }
    }
    xd_str text = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return text;
}
