/* One cell, several things.
 *
 * The strongest separator the cell has is the one that counts: semicolons and line breaks, then
 * 、, then commas where the field allows them. So 厂房、仓库；烟囱 is two items and the first holds
 * 厂房、仓库. Nothing is parted inside brackets or quotation marks. A running count (①…②…③, 1.…2.…,
 * 一、…二、…) parts the items too, and is taken away. */
#include "model/fold.h"
#include "model/read_in.h"

typedef struct pair_mark {
    uint32_t open, close;
} pair_mark;

static const pair_mark pairs[] = {
    {0xFF08, 0xFF09},
    {'(',    ')'   },
    {'[',    ']'   },
    {0x3010, 0x3011},
    {0x300A, 0x300B},
    {0x300C, 0x300D},
    {0x201C, 0x201D},
    {0x2018, 0x2019},
    {0x3014, 0x3015},
    {'{',    '}'   },
};

/* Depth after this character; unmatched closing marks are just text. */
static size_t nest(uint32_t cp, size_t depth)
{
    for (size_t i = 0; i < XD_LEN(pairs); i++) {
        if (cp == pairs[i].open) {
            return depth + 1;
        }
        if (cp == pairs[i].close && depth > 0) {
            return depth - 1;
        }
    }
    return depth;
}

static int strength(uint32_t cp, bool commas, bool marks)
{
    switch (cp) {
    case ';':
    case 0xFF1B:
    case '\n':
    case '\r':
        return 3;
    case 0x3001: /* 、 */
        return 2;
    case ',':
    case 0xFF0C:
        return commas ? 1 : 0;
    case '/':
    case 0xFF0F:
    case '+':
    case 0xFF0B:
    case '|':
        return marks ? 2 : 0;
    default:
        return 0;
    }
}

/* The strongest separator outside brackets; brackets that never close hold nothing together. */
static int strongest(xd_str text, bool commas, bool marks, bool *ret_balanced)
{
    size_t at = 0, depth = 0;
    int inside = 0, outside = 0;
    while (at < text.n) {
        uint32_t cp = xd_utf8_next(text, &at);
        int s = strength(cp, commas, marks);
        depth = nest(cp, depth);
        if (depth == 0) {
            outside = s > outside ? s : outside;
        } else {
            inside = s > inside ? s : inside;
        }
    }
    *ret_balanced = depth == 0;
    return depth == 0 || outside > inside ? outside : inside;
}

/* ---- running counts ------------------------------------------------------------------------ */

static int han_digit(uint32_t cp)
{
    static const uint32_t digits[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                      0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (int i = 0; i < 10; i++) {
        if (cp == digits[i]) {
            return i + 1;
        }
    }
    return 0;
}

static uint32_t peek(xd_str text, size_t at)
{
    return at < text.n ? xd_utf8_next(text, &at) : 0;
}

static uint32_t plain_digit(uint32_t cp)
{
    return cp >= 0xFF10 && cp <= 0xFF19 ? cp - 0xFF10 + '0' : cp;
}

/* 十一 is 11, 二十三 is 23; moves at behind what was read. */
static int han_number(xd_str text, size_t *at)
{
    int value = 0, digit;
    for (int i = 0; i < 3 && (digit = han_digit(peek(text, *at))) > 0; i++) {
        value = digit == 10 ? (value == 0 ? 10 : value * 10) : value + digit;
        (void)xd_utf8_next(text, at);
    }
    return value;
}

static int ascii_number(xd_str text, size_t *at)
{
    int value = 0;
    for (int i = 0; i < 3; i++) {
        uint32_t cp = plain_digit(peek(text, *at));
        if (cp < '0' || cp > '9') {
            break;
        }
        value = value * 10 + (int)(cp - '0');
        (void)xd_utf8_next(text, at);
    }
    return value;
}

/* The count that stands at `at`: its value and where the text behind it begins; 0 when there is
 * none. What follows may not be a digit, 1.5 and 一、二期 are no counts, unless in_run: then other
 * items have said that this is one (1.厂房；2.1958年图纸). */
static int count_at(xd_str text, size_t at, bool in_run, size_t *ret_behind)
{
    uint32_t first = peek(text, at);
    size_t behind = at;
    int value = 0;
    if (first >= 0x2460 && first <= 0x2473) { /* ① */
        (void)xd_utf8_next(text, &behind);
        *ret_behind = behind;
        return (int)(first - 0x2460 + 1);
    }
    bool bracket = first == '(' || first == 0xFF08;
    if (bracket) {
        (void)xd_utf8_next(text, &behind);
    }
    bool han = han_digit(peek(text, behind)) > 0;
    value = han ? han_number(text, &behind) : ascii_number(text, &behind);
    if (value == 0 || behind == at) {
        return 0;
    }
    uint32_t mark = peek(text, behind);
    bool dot = mark == '.' || mark == 0xFF0E || mark == 0x3001 || mark == 0x3002;
    bool closed = mark == ')' || mark == 0xFF09;
    if (!(closed || (!bracket && dot)) || (han && !closed && mark != 0x3001)) {
        return 0;
    }
    (void)xd_utf8_next(text, &behind);
    uint32_t next = plain_digit(peek(text, behind));
    if (!closed && !in_run && ((next >= '0' && next <= '9') || (han && han_digit(next) > 0))) {
        return 0;
    }
    *ret_behind = behind;
    return value;
}

xd_str xd_without_count(xd_ctx *cx, xd_str text)
{
    size_t behind = 0;
    (void)cx; /* nothing is made: the rest of the text is borrowed */
    if (count_at(text, 0, false, &behind) == 0 || behind >= text.n) {
        return text;
    }
    return xd_str_trim(xd_str_sub(text, behind, text.n));
}

/* Part at 1, 2, 3 … in order; false when there is no such run. */
static bool split_counted(xd_ctx *cx, xd_str text, xd_strs *ret_items)
{
    size_t at = 0, from = 0, behind = 0, depth = 0;
    int wanted = 1;
    xd_strs items = {0};
    bool begun = false;
    while (at < text.n) {
        if (depth == 0 && count_at(text, at, false, &behind) == wanted) {
            if (begun) {
                *xd_push(cx->arena, &items) = xd_str_sub(text, from, at);
            } else if (xd_str_trim(xd_str_sub(text, 0, at)).n > 0) {
                return false; /* words stand before the count: leave the cell as it is */
            }
            begun = true;
            from = at = behind;
            wanted++;
            continue;
        }
        uint32_t cp = xd_utf8_next(text, &at);
        depth = nest(cp, depth);
    }
    if (wanted < 3) {
        return false;
    }
    *xd_push(cx->arena, &items) = xd_str_sub(text, from, text.n);
    *ret_items = items;
    return true;
}

/* ---- the split ----------------------------------------------------------------------------- */

static xd_str without_end_marks(xd_str item)
{
    static const char *const ends[] = {"；", ";", "、", "。", ",", "，"};
    item = xd_str_trim(item);
    for (bool more = true; more && item.n > 0;) {
        more = false;
        for (size_t i = 0; i < XD_LEN(ends); i++) {
            if (xd_str_ends(item, xd_str_of(ends[i])) && item.n > strlen(ends[i])) {
                item = xd_str_trim(xd_str_sub(item, 0, item.n - strlen(ends[i])));
                more = true;
            }
        }
    }
    return item;
}

/* 1.x@example.cn, 3.2号楼: what looks like a count is part of a word. */
static bool joined_to_count(xd_str item, xd_str bare)
{
    if (bare.n == 0 || bare.n >= item.n || !xd_str_ends(item, bare)) {
        return false;
    }
    char next = bare.p[0], before = item.p[item.n - bare.n - 1];
    bool word = (next >= '0' && next <= '9') || (next >= 'a' && next <= 'z') ||
                (next >= 'A' && next <= 'Z');
    return word && before == '.';
}

/* Counts in front of items that separators part: all in order, or only those that surely are. */
static void drop_counts(xd_ctx *cx, xd_strs *items)
{
    size_t behind = 0;
    bool run = items->n > 1;
    for (size_t i = 0; run && i < items->n; i++) {
        run = count_at(items->at[i], 0, true, &behind) == (int)i + 1 && behind < items->at[i].n;
    }
    for (size_t i = 0; i < items->n; i++) {
        if (run && count_at(items->at[i], 0, true, &behind) > 0) {
            items->at[i] = xd_str_trim(xd_str_sub(items->at[i], behind, items->at[i].n));
        } else {
            xd_str bare = xd_without_count(cx, items->at[i]);
            items->at[i] = joined_to_count(items->at[i], bare) ? items->at[i] : bare;
        }
    }
}

void xd_items_split(xd_ctx *cx, xd_str text, bool commas, bool marks, xd_strs *ret_items)
{
    xd_strs items = {0};
    bool balanced = true;
    int wanted = strongest(text, commas, marks, &balanced);
    if (wanted < 3 && split_counted(cx, text, &items)) {
        *ret_items = (xd_strs){0};
        for (size_t i = 0; i < items.n; i++) {
            xd_str item = without_end_marks(items.at[i]);
            if (item.n > 0) {
                *xd_push(cx->arena, ret_items) = item;
            }
        }
        return;
    }
    size_t at = 0, from = 0, depth = 0;
    while (at <= text.n) {
        size_t before = at;
        uint32_t cp = at < text.n ? xd_utf8_next(text, &at) : 0;
        depth = balanced ? nest(cp, depth) : 0;
        bool cut = before == text.n ||
                   (wanted > 0 && depth == 0 && strength(cp, commas, marks) == wanted);
        if (cut) {
            xd_str item = xd_str_trim(xd_str_sub(text, from, before));
            if (item.n > 0) {
                *xd_push(cx->arena, &items) = item;
            }
            from = at;
        }
        if (before == text.n) {
            break;
        }
    }
    drop_counts(cx, &items);
    *ret_items = items;
}

void xd_list_split(xd_ctx *cx, xd_str text, xd_strs *ret_items)
{
    xd_items_split(cx, text, false, false, ret_items);
}
