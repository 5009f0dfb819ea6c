#include "exchange/cell.h"

#include "exchange/cell_words.h"
#include "model/fold.h"

/* ---- characters -------------------------------------------------------------------------- */

static uint32_t peek(xd_str s, size_t at)
{
    return at < s.n ? xd_utf8_next(s, &at) : 0;
}

static size_t step(xd_str s, size_t at)
{
    if (at < s.n) {
        (void)xd_utf8_next(s, &at);
    }
    return at;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == '\n' || cp == '\r' || cp == 0xa0 || cp == 0x3000 ||
           (cp >= 0x2000 && cp <= 0x200b) || cp == 0xfeff;
}

static int digit_of(uint32_t cp)
{
    if (cp >= '0' && cp <= '9') {
        return (int)(cp - '0');
    }
    return cp >= 0xff10 && cp <= 0xff19 ? (int)(cp - 0xff10) : -1;
}

static int han_digit(uint32_t cp)
{
    static const uint32_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db,
                                      0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};
    for (int i = 0; i < 10; i++) {
        if (digits[i] == cp) {
            return i;
        }
    }
    return -1;
}

static bool one_of(uint32_t cp, const char *set)
{
    xd_str s = xd_str_of(set);
    for (size_t at = 0; at < s.n;) {
        if (xd_utf8_next(s, &at) == cp) {
            return true;
        }
    }
    return false;
}

/* ---- numbering --------------------------------------------------------------------------- */

/* Digits at *at; false when there are none or too many to count anything. */
static bool take_digits(xd_str s, size_t *at, int64_t *ret_value)
{
    int64_t value = 0;
    size_t i = *at;
    int n = 0;
    for (; i < s.n && digit_of(peek(s, i)) >= 0; i = step(s, i), n++) {
        value = value * 10 + digit_of(peek(s, i));
        if (n == 5) {
            return false;
        }
    }
    if (n == 0) {
        return false;
    }
    *at = i;
    *ret_value = value;
    return true;
}

/* 一 to 九十九. */
static bool take_han(xd_str s, size_t *at, int64_t *ret_value)
{
    const uint32_t ten = 0x5341;
    size_t i = *at;
    int64_t tens = 0, ones = 0;
    if (han_digit(peek(s, i)) > 0) {
        ones = han_digit(peek(s, i));
        i = step(s, i);
    }
    if (peek(s, i) == ten) {
        tens = ones == 0 ? 1 : ones;
        ones = 0;
        i = step(s, i);
        if (han_digit(peek(s, i)) > 0) {
            ones = han_digit(peek(s, i));
            i = step(s, i);
        }
    }
    if (tens * 10 + ones == 0) {
        return false;
    }
    *at = i;
    *ret_value = tens * 10 + ones;
    return true;
}

/* One character that is a number with its ring, brackets or dot. */
static bool take_enclosed(uint32_t cp, xd_numbering *out)
{
    static const struct {
        uint32_t from, to;
        xd_numbering_style style;
    } runs[] = {
        {0x2460, 0x2473, XD_NUMBERING_RING       }, /* ① … ⑳ */
        {0x2474, 0x2487, XD_NUMBERING_BRACKET    }, /* ⑴ */
        {0x2488, 0x249b, XD_NUMBERING_DIGIT      }, /* ⒈ */
        {0x2776, 0x277f, XD_NUMBERING_RING       }, /* ❶ */
        {0x2780, 0x2789, XD_NUMBERING_RING       }, /* ➀ */
        {0x3220, 0x3229, XD_NUMBERING_HAN_BRACKET}, /* ㈠ */
    };
    for (size_t i = 0; i < XD_LEN(runs); i++) {
        if (cp >= runs[i].from && cp <= runs[i].to) {
            out->style = runs[i].style;
            out->value = (int64_t)(cp - runs[i].from) + 1;
            return true;
        }
    }
    return false;
}

static bool take_bracketed(xd_str s, size_t *at, xd_numbering *out)
{
    static const char *const open = "(（[【〔", *const shut = ")）]】〕";
    size_t i = *at;
    if (!one_of(peek(s, i), open)) {
        return false;
    }
    i = step(s, i);
    bool han = false;
    if (!take_digits(s, &i, &out->value)) {
        han = take_han(s, &i, &out->value);
        if (!han) {
            return false;
        }
    }
    if (!one_of(peek(s, i), shut)) {
        return false;
    }
    out->style = han ? XD_NUMBERING_HAN_BRACKET : XD_NUMBERING_BRACKET;
    *at = step(s, i);
    return true;
}

/* 1、 1. 1) 1 and a blank; No.1 likewise. 1.5 is a number, not numbering. */
static bool take_digit_mark(xd_str s, size_t *at, xd_numbering *out)
{
    size_t i = *at;
    bool said = false;
    if ((peek(s, i) | 0x20) == 'n' && (peek(s, i + 1) | 0x20) == 'o') {
        i += 2;
        i += peek(s, i) == '.';
        said = true;
    }
    if (!take_digits(s, &i, &out->value)) {
        return false;
    }
    uint32_t mark = peek(s, i);
    if (one_of(mark, "、.．)）,，:：")) {
        bool dot =
            mark == '.' || mark == 0xff0e || mark == ',' || mark == ':' || mark == 0xff1a;
        i = step(s, i);
        if (dot && digit_of(peek(s, i)) >= 0) {
            return false;
        }
        out->style = XD_NUMBERING_DIGIT;
    } else if (said || (is_blank(mark) && mark != 0)) {
        out->style = said ? XD_NUMBERING_DIGIT : XD_NUMBERING_BARE;
    } else {
        return false;
    }
    *at = i;
    return true;
}

static bool take_han_mark(xd_str s, size_t *at, xd_numbering *out)
{
    size_t i = *at;
    if (!take_han(s, &i, &out->value) || !one_of(peek(s, i), "、.．，")) {
        return false;
    }
    out->style = XD_NUMBERING_HAN;
    *at = step(s, i);
    return true;
}

xd_numbering xd_numbering_of(xd_str text)
{
    xd_numbering out = {0};
    size_t at = 0;
    while (at < text.n && is_blank(peek(text, at))) {
        at = step(text, at);
    }
    if (at == text.n) {
        return out;
    }
    if (take_enclosed(peek(text, at), &out)) {
        at = step(text, at);
        at = one_of(peek(text, at), "、.．") ? step(text, at) : at;
    } else if (!take_bracketed(text, &at, &out) && !take_digit_mark(text, &at, &out) &&
               !take_han_mark(text, &at, &out)) {
        return (xd_numbering){0};
    }
    while (at < text.n && is_blank(peek(text, at))) {
        at = step(text, at);
    }
    if (at == text.n) {
        return (xd_numbering){0}; /* a number and nothing it numbers */
    }
    out.bytes = at;
    return out;
}

/* ---- cleaning ---------------------------------------------------------------------------- */

/* Where the last character of s before `to` begins; if that is not well-formed, somewhere in it. */
static size_t last_start(xd_str s, size_t from, size_t to)
{
    size_t at = to - 1;
    while (at > from && to - at < 4 && ((unsigned char)s.p[at] & 0xc0) == 0x80) {
        at--;
    }
    return at;
}

static xd_str trim(xd_str s)
{
    size_t from = 0, to = s.n;
    while (from < to && is_blank(peek(s, from))) {
        from = step(s, from);
    }
    for (size_t last; to > from; to = last) {
        last = last_start(s, from, to);
        size_t next = last;
        if (!is_blank(xd_utf8_next(s, &next)) || next != to) {
            break;
        }
    }
    return from < to ? xd_str_sub(s, from, to) : (xd_str){s.p, 0};
}

xd_str xd_cell_trim(xd_arena *arena, xd_str text)
{
    text = trim(text);
    if (text.n == 0 || memchr(text.p, '\r', text.n) == NULL) {
        return text;
    }
    char *out = xd_arena_take(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '\r') {
            out[n++] = text.p[i];
        } else if (i + 1 == text.n || text.p[i + 1] != '\n') {
            out[n++] = '\n';
        }
    }
    return (xd_str){out, n};
}

static bool is_wide(uint32_t cp)
{
    return xd_is_han(cp) || (cp >= 0x3001 && cp <= 0x303f) || (cp >= 0xff00 && cp <= 0xffef) ||
           cp == 0x201c || cp == 0x201d || cp == 0x2014;
}

/* Blanks for which `drops` says so go when both neighbours are Chinese; the others become one
 * blank where they hold a line break, and stay as they are elsewhere. */
static xd_str close_up(xd_arena *arena, xd_str text, bool all_blanks)
{
    text = trim(text);
    char *out = xd_arena_take(arena, text.n + 1);
    size_t n = 0;
    uint32_t before = 0;
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        bool broken = false;
        while (at < text.n && is_blank(peek(text, at))) {
            broken |= text.p[at] == '\n' || text.p[at] == '\r';
            at = step(text, at);
        }
        if (at > from) {
            bool wide = is_wide(before) && is_wide(peek(text, at));
            if (wide && (broken || all_blanks)) {
                continue;
            }
            if (broken || all_blanks) {
                out[n++] = ' ';
            } else {
                memcpy(out + n, text.p + from, at - from);
                n += at - from;
            }
            continue;
        }
        before = peek(text, at);
        at = step(text, at);
        memcpy(out + n, text.p + from, at - from);
        n += at - from;
    }
    return (xd_str){out, n};
}

xd_str xd_cell_one_line(xd_arena *arena, xd_str text)
{
    text = trim(text);
    if (text.n == 0 ||
        (memchr(text.p, '\n', text.n) == NULL && memchr(text.p, '\r', text.n) == NULL)) {
        return text;
    }
    return close_up(arena, text, false);
}

/* Without a reference to a footnote at the end: [1], ①, ². */
static xd_str without_reference(xd_str name)
{
    size_t last = 0, bracket = SIZE_MAX;
    for (size_t at = 0; at < name.n; at = step(name, at)) {
        last = at;
        bracket = name.p[at] == '[' ? at : bracket;
    }
    uint32_t cp = peek(name, last);
    bool raised = cp == 0xb9 || cp == 0xb2 || cp == 0xb3 || (cp >= 0x2460 && cp <= 0x2473);
    if (raised && last > 3) {
        return trim(xd_str_sub(name, 0, last));
    }
    if (bracket != SIZE_MAX && bracket > 3 && cp == ']') {
        int64_t number = 0;
        if (xd_str_int(xd_str_sub(name, bracket + 1, last), &number)) {
            return trim(xd_str_sub(name, 0, bracket));
        }
    }
    return name;
}

xd_str xd_cell_name(xd_arena *arena, xd_str text)
{
    xd_str closed = close_up(arena, text, true);
    char *out = xd_arena_take(arena, closed.n + 4);
    size_t n = 0;
    for (size_t at = 0; at < closed.n;) {
        uint32_t cp = xd_utf8_next(closed, &at);
        bool full = (cp >= 0xff10 && cp <= 0xff19) || (cp >= 0xff21 && cp <= 0xff3a) ||
                    (cp >= 0xff41 && cp <= 0xff5a);
        n += xd_utf8_put(full ? cp - 0xfee0 : cp, out + n);
    }
    xd_str name = without_reference((xd_str){out, n});
    static const char *const marks[] = {"*", "＊", "※", "★", "☆", "▲", "△", "●"};
    for (size_t i = 0; i < XD_LEN(marks);) {
        xd_str mark = xd_str_of(marks[i]);
        if (name.n > mark.n && xd_str_ends(name, mark)) {
            name = trim(xd_str_sub(name, 0, name.n - mark.n));
            i = 0;
        } else {
            i++;
        }
    }
    return name;
}

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
        if (is_blank(cp)) {
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
    xd_str first = trim(text);
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
    return trim(text).n == 0 || is_word(text, xd_words_nothing);
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
    while (at < rest.n && one_of(peek(rest, at), "(（共计:：")) {
        at = step(rest, at);
    }
    int64_t value = 0;
    if (!take_digits(rest, &at, &value) && !take_han(rest, &at, &value)) {
        return false;
    }
    while (at < rest.n && one_of(peek(rest, at), "个項项处處家座件条條种種批)）。.")) {
        at = step(rest, at);
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
        return rest.n == 0 || xd_cell_is_count(rest) || one_of(peek(rest, 0), ":：(（,，");
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
        digits |= digit_of(cp) >= 0;
        page |= cp == 0x9875; /* 页 */
        dashes |= one_of(cp, "-—－–");
        if (digit_of(cp) < 0 && !one_of(cp, "第页頁共/of-—－–,，.")) {
            return false;
        }
    }
    return s.fits && digits && (page || dashes);
}

bool xd_cell_is_note(xd_str text)
{
    xd_str head = trim(text);
    if (is_page_number(head)) {
        return true;
    }
    if (one_of(peek(head, 0), "※*＊")) {
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
    (void)take_digits(rest, &at, &value); /* 注1： */
    rest = xd_str_sub(rest, at, rest.n);
    return rest.n == 0 ? xd_cell_opens_notes(text) || head.n > 3
                       : one_of(peek(rest, 0), ":：.．、(（");
}

bool xd_cell_opens_notes(xd_str text)
{
    squeezed s = squeeze(trim(text));
    return s.fits ? starts_with(squeezed_str(&s), xd_words_opens_notes) > 0 : false;
}

bool xd_cell_is_unit(xd_str text)
{
    xd_str inside = trim(text);
    xd_str bracket = xd_cell_bracket(inside);
    if (bracket.p != NULL && one_of(peek(inside, 0), "(（[【")) {
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
        if (one_of(cp, open)) {
            from = at;
            to = SIZE_MAX;
        } else if (one_of(cp, shut) && from != SIZE_MAX) {
            to = here;
        }
    }
    return from == SIZE_MAX || to == SIZE_MAX || to < from ? (xd_str){0}
                                                           : trim(xd_str_sub(text, from, to));
}

xd_str xd_cell_heading(xd_str text)
{
    xd_str rest = trim(without_numbering(trim(text)));
    xd_str bracket = xd_cell_bracket(rest);
    if (bracket.p != NULL && bracket.p > rest.p + 1 && xd_cell_is_count(bracket)) {
        size_t end = (size_t)(bracket.p - rest.p);
        while (end > 0 && !one_of(peek(rest, end), "(（[【〔")) {
            end--;
        }
        rest = trim(xd_str_sub(rest, 0, end));
    }
    while (rest.n > 0 && (xd_str_ends(rest, XD_S("：")) || xd_str_ends(rest, XD_S(":")))) {
        rest = trim(xd_str_sub(rest, 0, rest.n - (rest.p[rest.n - 1] == ':' ? 1 : 3)));
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
