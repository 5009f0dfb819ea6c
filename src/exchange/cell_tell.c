/* What a cell says as a whole: nothing, the same, a total, a note, a unit; what stands in its brackets. */
#include "exchange/cell_in.h"

#include "exchange/cell_words.h"
#include "model/fold.h"

/* ---- words ------------------------------------------------------------------------------- */

/* Without blanks and without one final mark, in a small buffer; too long: absent. */
typedef struct squeezed {
    char bytes[96];
    size_t n;
    bool fits;
} squeezed;

static squeezed squeeze(xd_str s)
{
    squeezed out = {.fits = true};
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = xd_utf8_next(s, &at);
        if (xd_is_blank(cp)) {
            continue;
        }
        if (cp == UINT32_MAX || out.n + 4 > sizeof out.bytes) {
            out.fits = false;
            break;
        }
        if (cp >= 'A' && cp <= 'Z') {
            cp += 'a' - 'A';
        }
        out.n += xd_utf8_put(cp, out.bytes + out.n);
    }
    return out;
}

static xd_str squeezed_str(const squeezed *s)
{
    return (xd_str){s->bytes, s->n};
}

static bool is_word(xd_str text, const char *const *words)
{
    if (text.n > 48) {
        return false; /* longer than any of them, blanks included */
    }
    bool may = false; /* none of them begins so: nearly always */
    xd_str first = xd_trim_cell(text);
    for (const char *const *word = words; first.n > 0 && *word != NULL && !may; word++) {
        char a = first.p[0], b = (*word)[0];
        may = a == b || (a >= 'A' && a <= 'Z' && a + 32 == b);
    }
    if (!may) {
        return false;
    }
    squeezed s = squeeze(text);
    for (; s.fits && *words != NULL; words++) {
        const char *word = *words;
        if (s.n > 0 && word[0] == s.bytes[0] && xd_str_eq(squeezed_str(&s), xd_str_of(word))) {
            return true;
        }
    }
    return false;
}

/* How many bytes of the squeezed text the longest word takes that it starts with. */
static size_t starts_with(xd_str s, const char *const *words)
{
    size_t best = 0;
    for (; *words != NULL; words++) {
        xd_str word = xd_str_of(*words);
        if (word.n > best && xd_str_starts(s, word)) {
            best = word.n;
        }
    }
    return best;
}

bool xd_cell_is_nothing(xd_str text)
{
    return xd_trim_cell(text).n == 0 || is_word(text, xd_words_nothing);
}

bool xd_cell_is_ditto(xd_str text)
{
    return is_word(text, xd_words_ditto);
}

bool xd_cell_is_count(xd_str text)
{
    squeezed s = squeeze(text);
    xd_str rest = squeezed_str(&s);
    if (!s.fits) {
        return false;
    }
    size_t at = 0;
    while (at < rest.n && xd_is_one_of(xd_peek(rest, at), "(（共计:：")) {
        at = xd_step_over(rest, at);
    }
    int64_t value = 0;
    if (!xd_take_digits(rest, &at, &value) && !xd_take_han(rest, &at, &value)) {
        return false;
    }
    while (at < rest.n && xd_is_one_of(xd_peek(rest, at), "个項项处處家座件条條种種批)）。.")) {
        at = xd_step_over(rest, at);
    }
    return at == rest.n;
}

bool xd_cell_is_total(xd_str text)
{
    squeezed s = squeeze(text);
    if (!s.fits) {
        return false;
    }
    xd_str all = squeezed_str(&s);
    size_t n = starts_with(all, xd_words_total);
    if (n > 0) {
        xd_str rest = xd_str_sub(all, n, all.n);
        return rest.n == 0 || xd_cell_is_count(rest) ||
               xd_is_one_of(xd_peek(rest, 0), ":：(（,，");
    }
    for (const char *const *word = xd_words_total; *word != NULL; word++) {
        if (xd_str_ends(all, xd_str_of(*word)) && (unsigned char)**word >= 0x80) {
            return true; /* 合肥市小计 */
        }
    }
    return false;
}

static xd_str without_numbering(xd_str text)
{
    return xd_str_sub(text, xd_numbering_of(text).bytes, text.n);
}

/* 第 3 页 共 5 页, - 3 -, Page 3 of 5: what printing leaves behind. */
static bool is_page_number(xd_str text)
{
    squeezed s = squeeze(text);
    xd_str rest = squeezed_str(&s);
    bool page = false, dashes = false, digits = false;
    for (size_t at = 0; s.fits && at < rest.n;) {
        if (xd_str_starts(xd_str_sub(rest, at, rest.n), XD_S("page"))) {
            page = true;
            at += 4;
            continue;
        }
        uint32_t cp = xd_utf8_next(rest, &at);
        digits |= xd_digit_of(cp) >= 0;
        page |= cp == 0x9875; /* 页 */
        dashes |= xd_is_one_of(cp, "-—－–");
        if (xd_digit_of(cp) < 0 && !xd_is_one_of(cp, "第页頁共/of-—－–,，.")) {
            return false;
        }
    }
    return s.fits && digits && (page || dashes);
}

bool xd_cell_is_note(xd_str text)
{
    xd_str head = xd_trim_cell(text);
    if (is_page_number(head)) {
        return true;
    }
    if (xd_is_one_of(xd_peek(head, 0), "※*＊")) {
        return true;
    }
    squeezed s = squeeze(xd_str_sub(head, 0, head.n > 48 ? 48 : head.n));
    xd_str all = squeezed_str(&s);
    size_t n = starts_with(all, xd_words_note);
    if (n == 0) {
        return false;
    }
    xd_str rest = xd_str_sub(all, n, all.n);
    size_t at = 0;
    int64_t value = 0;
    (void)xd_take_digits(rest, &at, &value); /* 注1： */
    rest = xd_str_sub(rest, at, rest.n);
    return rest.n == 0 ? xd_cell_opens_notes(text) || head.n > 3
                       : xd_is_one_of(xd_peek(rest, 0), ":：.．、(（");
}

bool xd_cell_opens_notes(xd_str text)
{
    squeezed s = squeeze(xd_trim_cell(text));
    return s.fits ? starts_with(squeezed_str(&s), xd_words_opens_notes) > 0 : false;
}

bool xd_cell_is_unit(xd_str text)
{
    xd_str inside = xd_trim_cell(text);
    xd_str bracket = xd_cell_bracket(inside);
    if (bracket.p != NULL && xd_is_one_of(xd_peek(inside, 0), "(（[【")) {
        inside = bracket;
    }
    return is_word(inside, xd_words_unit);
}

/* ---- parts of headings and headers ------------------------------------------------------- */

xd_str xd_cell_bracket(xd_str text)
{
    static const char *const open = "(（[【〔", *const shut = ")）]】〕";
    size_t from = SIZE_MAX, to = SIZE_MAX;
    for (size_t at = 0; at < text.n;) {
        size_t here = at;
        uint32_t cp = xd_utf8_next(text, &at);
        if (xd_is_one_of(cp, open)) {
            from = at;
            to = SIZE_MAX;
        } else if (xd_is_one_of(cp, shut) && from != SIZE_MAX) {
            to = here;
        }
    }
    return from == SIZE_MAX || to == SIZE_MAX || to < from
               ? (xd_str){0}
               : xd_trim_cell(xd_str_sub(text, from, to));
}

xd_str xd_cell_heading(xd_str text)
{
    xd_str rest = xd_trim_cell(without_numbering(xd_trim_cell(text)));
    xd_str bracket = xd_cell_bracket(rest);
    if (bracket.p != NULL && bracket.p > rest.p + 1 && xd_cell_is_count(bracket)) {
        size_t end = (size_t)(bracket.p - rest.p);
        while (end > 0 && !xd_is_one_of(xd_peek(rest, end), "(（[【〔")) {
            end--;
        }
        rest = xd_trim_cell(xd_str_sub(rest, 0, end));
    }
    while (rest.n > 0 && (xd_str_ends(rest, XD_S("：")) || xd_str_ends(rest, XD_S(":")))) {
        rest = xd_trim_cell(xd_str_sub(rest, 0, rest.n - (rest.p[rest.n - 1] == ':' ? 1 : 3)));
    }
    return rest;
}

/* Only what speaks of coordinates may name a system: 百度 alone may be a sponsor. */
xd_str xd_cell_crs(xd_arena *arena, xd_str text)
{
    xd_str folded = xd_fold_key(arena, text);
    bool spoken = false;
    for (const char *const *word = xd_words_coordinates; *word != NULL; word++) {
        spoken |= xd_str_find(folded, xd_str_of(*word), 0) != SIZE_MAX;
    }
    if (!spoken) {
        return (xd_str){0};
    }
    for (const xd_crs_word *row = xd_crs_words; row->word != NULL; row++) {
        if (xd_str_find(folded, xd_str_of(row->word), 0) != SIZE_MAX) {
            return xd_str_of(row->crs);
        }
    }
    size_t at = xd_str_find(folded, XD_S("epsg"), 0);
    if (at != SIZE_MAX) {
        size_t end = at + 4;
        while (end < folded.n && folded.p[end] >= '0' && folded.p[end] <= '9') {
            end++;
        }
        if (end > at + 4) {
            return xd_str_printf(arena, "epsg:" XD_FMT,
                                 XD_ARG(xd_str_sub(folded, at + 4, end)));
        }
    }
    return (xd_str){0};
}

xd_str xd_cell_unquoted(xd_str text)
{
    xd_str open = XD_S("《"), shut = XD_S("》");
    bool one = text.n > open.n + shut.n && xd_str_starts(text, open) &&
               xd_str_find(text, shut, 0) == text.n - shut.n;
    return one ? xd_str_sub(text, open.n, text.n - shut.n) : text;
}
