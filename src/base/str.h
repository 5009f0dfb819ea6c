/* base/str.h — slices of bytes, and UTF-8.
 *
 * A slice borrows: it owns nothing and is not NUL-terminated unless a function says so.
 * {NULL, 0} is the absent slice; an empty text may have any pointer. All functions are pure
 * and safe in any thread. */
#ifndef XD_BASE_STR_H
#define XD_BASE_STR_H

#include "base/base.h"

typedef struct xd_str {
    const char *p;
    size_t n;
} xd_str;

/* A list of slices, for words, languages, codes. */
typedef struct xd_strs {
    xd_str *at;
    size_t n, cap;
} xd_strs;

#define XD_S(literal) ((xd_str){"" literal, sizeof(literal) - 1})
#define XD_STR(literal)                                                                        \
    {                                                                                          \
        "" literal, sizeof(literal) - 1                                                        \
    } /* for static tables */
#define XD_FMT "%.*s"
#define XD_ARG(s) (int)(s).n, (s).p

xd_str xd_str_of(const char *c_string); /* NULL gives the absent slice */
static inline bool xd_str_eq(xd_str a, xd_str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}
int xd_str_cmp(xd_str a, xd_str b); /* by bytes, which for UTF-8 is by code point */
bool xd_str_starts(xd_str s, xd_str prefix);
bool xd_str_ends(xd_str s, xd_str suffix);
/* Byte offset of needle in s at or after from; SIZE_MAX when it is not there. */
size_t xd_str_find(xd_str s, xd_str needle, size_t from);
xd_str xd_str_sub(xd_str s, size_t from, size_t to); /* clamped to the slice */
/* Without ASCII blanks, NBSP, U+3000 and U+FEFF at both ends. */
xd_str xd_str_trim(xd_str s);
/* The part before the next sep; *rest moves behind it. False when *rest is used up. */
bool xd_str_cut(xd_str *rest, char sep, xd_str *ret_part);
uint64_t xd_str_hash(xd_str s); /* XXH3: fast, not for adversaries' tables without a cap */
/* ASCII decimal digits with an optional sign, whole slice, no overflow. */
bool xd_str_int(xd_str s, int64_t *ret_value);
/* ASCII letters compared without case. */
bool xd_str_eq_nocase(xd_str a, xd_str b);

/* Digits by their number, all else by its bytes: 2 before 10, 3.2 before 3.10. */
int xd_natural_cmp(xd_str a, xd_str b);

/* Decode the code point at s.p[*at] and move *at behind it. Returns UINT32_MAX and moves one
 * byte on anything that is not well-formed UTF-8 (surrogates and overlong forms included).
 * Precondition: *at < s.n. */
uint32_t xd_utf8_next_slow(xd_str s, size_t *at);
static inline uint32_t xd_utf8_next(xd_str s, size_t *at)
{
    /* ASCII and what Chinese is made of, U+1000 to U+CFFF; the rest and all that is wrong there. */
    const uint8_t *p = (const uint8_t *)s.p + *at;
    if (p[0] < 0x80) {
        *at += 1;
        return p[0];
    }
    if (p[0] > 0xe0 && p[0] < 0xed && s.n - *at >= 3 && (p[1] & 0xc0) == 0x80 &&
        (p[2] & 0xc0) == 0x80) {
        *at += 3;
        return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
    }
    return xd_utf8_next_slow(s, at);
}
/* Encode into out (4 bytes suffice); returns the number of bytes, 0 for no code point. */
size_t xd_utf8_put(uint32_t code_point, char out[4]);
/* Length of the well-formed prefix: s.n when all of it is UTF-8. */
size_t xd_utf8_valid(xd_str s);
size_t xd_utf8_count(xd_str s); /* code points; malformed bytes count one each */

#endif
