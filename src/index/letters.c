#include "index/letters.h"

static const xd_letter *letter_of(uint32_t cp)
{
    size_t low = 0, high = xd_letters_n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (xd_letters[middle].cp < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < xd_letters_n && xd_letters[low].cp == cp ? &xd_letters[low] : NULL;
}

static void put_folded(xd_buf *out, uint32_t cp, bool no_case)
{
    if (no_case && cp >= 'A' && cp <= 'Z')
        cp += 32;
    const xd_letter *letter = no_case ? letter_of(cp) : NULL;
    char bytes[4];
    if (letter == NULL || letter->fold[0] == 0) { /* ASCII is not in the table */
        xd_buf_bytes(out, bytes, xd_utf8_put(cp, bytes));
        return;
    }
    for (size_t i = 0; i < XD_LEN(letter->fold) && letter->fold[i] != 0; i++)
        xd_buf_bytes(out, bytes, xd_utf8_put(letter->fold[i], bytes));
}

static void put_letter(xd_buf *out, uint32_t cp, bool no_case, bool no_accents)
{
    const xd_letter *letter = no_accents ? letter_of(cp) : NULL;
    if (letter == NULL || letter->base[0] == 0) {
        put_folded(out, cp, no_case);
        return;
    }
    for (size_t i = 0; i < XD_LEN(letter->base) && letter->base[i] != 0; i++) {
        if (letter->base[i] != UINT32_MAX)
            put_folded(out, letter->base[i], no_case);
    }
}

/* Nothing that has case or accents: lower-case ASCII, and what lies between U+3000 and U+9FFF. */
static bool is_plain(xd_str s, bool no_case)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x80 ? no_case && c >= 'A' && c <= 'Z' : c < 0xe3 || c > 0xe9)
            return false;
        i += c < 0x80 ? 0 : 2;
    }
    return true;
}

xd_str xd_letters_fold(xd_arena *arena, xd_str s, bool no_case, bool no_accents)
{
    if ((!no_case && !no_accents) || is_plain(s, no_case))
        return s;
    xd_buf out = {0};
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = xd_utf8_next(s, &at);
        if (cp == UINT32_MAX)
            cp = 0xfffd;
        if (cp < 0x80)
            put_folded(&out, cp, no_case);
        else if (cp >= 0x2e80 && cp <= 0xa4cf) /* no case, no accents: most of what we see */
            put_folded(&out, cp, false);
        else
            put_letter(&out, cp, no_case, no_accents);
    }
    xd_str folded = xd_buf_copy(&out, arena);
    xd_buf_free(&out);
    return folded;
}
