#include "base/str.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

xd_str xd_str_of(const char *c_string)
{
    return c_string == NULL ? (xd_str){NULL, 0} : (xd_str){c_string, strlen(c_string)};
}

int xd_str_cmp(xd_str a, xd_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.p, b.p, n);
    if (order != 0) {
        return order;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

bool xd_str_starts(xd_str s, xd_str prefix)
{
    return s.n >= prefix.n && xd_str_eq((xd_str){s.p, prefix.n}, prefix);
}

bool xd_str_ends(xd_str s, xd_str suffix)
{
    return s.n >= suffix.n && xd_str_eq((xd_str){s.p + (s.n - suffix.n), suffix.n}, suffix);
}

size_t xd_str_find(xd_str s, xd_str needle, size_t from)
{
    if (from > s.n || needle.n > s.n - from) {
        return SIZE_MAX;
    }
    if (needle.n == 0) {
        return from;
    }
    const char *hit = memmem(s.p + from, s.n - from, needle.p, needle.n);
    return hit == NULL ? SIZE_MAX : (size_t)(hit - s.p);
}

xd_str xd_str_sub(xd_str s, size_t from, size_t to)
{
    if (to > s.n) {
        to = s.n;
    }
    if (from > to) {
        from = to;
    }
    return s.p == NULL ? s : (xd_str){s.p + from, to - from};
}

static bool is_ascii_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes of the blank that starts (or, with `back`, ends) the slice; 0 when there is none. */
static size_t blank_at(xd_str s, bool back)
{
    static const xd_str blanks[] = {
        XD_STR("\xc2\xa0"),
        XD_STR("\xe3\x80\x80"),
        XD_STR("\xef\xbb\xbf"),
    };
    char c = s.p[back ? s.n - 1 : 0];
    if ((unsigned char)c < 0x80) {
        return is_ascii_blank(c);
    }
    for (size_t i = 0; i < XD_LEN(blanks); i++) {
        if (back ? xd_str_ends(s, blanks[i]) : xd_str_starts(s, blanks[i])) {
            return blanks[i].n;
        }
    }
    return 0;
}

xd_str xd_str_trim(xd_str s)
{
    for (size_t n; s.n > 0 && (n = blank_at(s, false)) > 0;) {
        s = (xd_str){s.p + n, s.n - n};
    }
    for (size_t n; s.n > 0 && (n = blank_at(s, true)) > 0;) {
        s.n -= n;
    }
    return s;
}

bool xd_str_cut(xd_str *rest, char sep, xd_str *ret_part)
{
    if (rest->p == NULL) {
        return false;
    }
    const char *hit = rest->n == 0 ? NULL : memchr(rest->p, sep, rest->n);
    if (hit == NULL) {
        *ret_part = *rest;
        *rest = (xd_str){NULL, 0};
        return true;
    }
    size_t n = (size_t)(hit - rest->p);
    *ret_part = (xd_str){rest->p, n};
    *rest = (xd_str){hit + 1, rest->n - n - 1};
    return true;
}

uint64_t xd_str_hash(xd_str s)
{
    return XXH3_64bits(s.n == 0 ? "" : s.p, s.n);
}

bool xd_str_int(xd_str s, int64_t *ret_value)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = s.n > 0 && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
    if (i == s.n) {
        return false;
    }
    int64_t value = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        int digit = s.p[i] - '0';
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, digit, &value)) { /* kept negative: INT64_MIN fits */
            return false;
        }
    }
    if (!negative && value == INT64_MIN) {
        return false;
    }
    *ret_value = negative ? value : -value;
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool xd_str_eq_nocase(xd_str a, xd_str b)
{
    if (a.n != b.n) {
        return false;
    }
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i])) {
            return false;
        }
    }
    return true;
}

uint32_t xd_utf8_next_slow(xd_str s, size_t *at)
{
    const uint8_t *p = (const uint8_t *)s.p + *at;
    size_t left = s.n - *at;
    uint32_t c = p[0];
    size_t n = c < 0x80                ? 1
               : c >= 0xc2 && c < 0xe0 ? 2
               : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xf0 && c < 0xf5 ? 4
                                       : 0;
    if (n == 1) {
        *at += 1;
        return c;
    }
    if (n == 0 || n > left) {
        *at += 1;
        return UINT32_MAX;
    }
    c &= 0x7fu >> n;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            *at += 1;
            return UINT32_MAX;
        }
        c = c << 6 | (p[i] & 0x3fu);
    }
    if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff ||
        (c >= 0xd800 && c < 0xe000)) {
        *at += 1;
        return UINT32_MAX;
    }
    *at += n;
    return c;
}

size_t xd_utf8_put(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        if (c >= 0xd800 && c < 0xe000) {
            return 0;
        }
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    if (c > 0x10ffff) {
        return 0;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* How far from `at` on the bytes are ASCII, eight at a time. */
static size_t skip_ascii(xd_str s, size_t at)
{
    for (uint64_t eight; s.n - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, s.p + at, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    return at;
}

size_t xd_utf8_valid(xd_str s)
{
    size_t at = 0;
    while ((at = skip_ascii(s, at)) < s.n) {
        size_t here = at;
        if (xd_utf8_next(s, &at) == UINT32_MAX) {
            return here;
        }
    }
    return s.n;
}

size_t xd_utf8_count(xd_str s)
{
    size_t count = 0;
    for (size_t at = 0; at < s.n; count++) {
        (void)xd_utf8_next(s, &at); /* only the step is wanted */
    }
    return count;
}

int xd_natural_cmp(xd_str a, xd_str b)
{
    size_t i = 0, k = 0;
    while (i < a.n && k < b.n) {
        bool da = a.p[i] >= '0' && a.p[i] <= '9', db = b.p[k] >= '0' && b.p[k] <= '9';
        if (!da || !db) {
            if (a.p[i] != b.p[k]) {
                return (unsigned char)a.p[i] < (unsigned char)b.p[k] ? -1 : 1;
            }
            i++, k++;
            continue;
        }
        size_t from_a = i, from_b = k;
        for (; from_a < a.n && a.p[from_a] == '0'; from_a++) {
        }
        for (; from_b < b.n && b.p[from_b] == '0'; from_b++) {
        }
        for (i = from_a; i < a.n && a.p[i] >= '0' && a.p[i] <= '9'; i++) {
        }
        for (k = from_b; k < b.n && b.p[k] >= '0' && b.p[k] <= '9'; k++) {
        }
        if (i - from_a != k - from_b) {
            return i - from_a < k - from_b ? -1 : 1;
        }
        int by = memcmp(a.p + from_a, b.p + from_b, i - from_a);
        if (by != 0) {
            return by;
        }
    }
    return (a.n - i > b.n - k) - (a.n - i < b.n - k);
}
