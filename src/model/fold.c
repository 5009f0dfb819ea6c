/* Folding.
 *
 * One walk makes every fold, so that marks, words and keys cannot disagree. The text is cut
 * into segments before each code point that no normalisation can join to what stands before it;
 * a segment is put through NFKC_Casefold by itself, and every code point that comes out belongs
 * to the whole of it. Han and ASCII, nearly all of what we see, are segments of one that need
 * no ICU. A segment longer than SEGMENT code points (a base and marks without end) is cut
 * there: no such text means anything, and the work stays bounded.
 *
 * Then, one by one: traditional to simplified, 〇 and its look-alike ○ behind a Han digit to 0
 * (四〇四, 四0四 and 四○四 are one factory), and all that is no letter, mark or digit to a
 * blank. */
#include "model/fold.h"

#include <pthread.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/uversion.h>

#include "model/han.h"

#define SEGMENT 32
#define SEGMENT_OUT (SEGMENT * 18 * 2) /* one code point becomes 18 at most (U+FDFA) */

#define WORD_MASK                                                                              \
    (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK |                                                 \
     U_GC_CO_MASK) /* private use: rare characters   \
                                                              */

bool xd_is_han(uint32_t cp)
{
    return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) || cp == 0x3007 ||
           cp == 0x3005 || (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x20000 && cp <= 0x323af);
}

static uint32_t simplified(uint32_t cp)
{
    if (cp < 0x3400 || cp >= xd_han_end)
        return cp;
    uint16_t spot = xd_han_simple_block[xd_han_simple_page[cp >> 8] * 256u + (cp & 255)];
    return spot == 0 ? cp : xd_han_simple[spot];
}

typedef XD_VEC(char) chars;

static void put_utf8(xd_arena *arena, chars *out, uint32_t cp)
{
    if (out->cap - out->n < 4)
        out->at = xd_vec_grow(arena, out->at, &out->cap, 1);
    out->n += xd_utf8_put(cp, out->at + out->n);
}

/* Room for a text that comes out about as long as it goes in. */
static void make_room(xd_arena *arena, chars *out, xd_str s)
{
    out->cap = s.n + 4;
    out->at = xd_arena_take(arena, out->cap);
}

static xd_str as_str(const chars *out)
{
    return (xd_str){out->n == 0 ? "" : out->at, out->n};
}

/* What a walk writes to: text, or code points with where they came from. */
typedef struct sink {
    xd_arena *arena;
    bool blanks; /* one blank for a run of what is no word; otherwise nothing */
    bool simplify;
    bool marks;
    bool pending;    /* a blank is owed before the next word */
    bool apostrophe; /* … unless that goes on with a letter: lu'an is luan */
    size_t blank_from, blank_to;
    uint32_t last; /* code point written last; 0: none yet */
    chars text;
    XD_VEC(uint32_t) cp;
    XD_VEC(uint32_t) from;
    XD_VEC(uint32_t) to;
} sink;

static void put(sink *out, uint32_t cp, size_t from, size_t to)
{
    if (out->marks) {
        *xd_push(out->arena, &out->cp) = cp;
        *xd_push(out->arena, &out->from) = (uint32_t)from;
        *xd_push(out->arena, &out->to) = (uint32_t)to;
    } else {
        put_utf8(out->arena, &out->text, cp);
    }
}

static bool is_han_digit(uint32_t cp)
{
    switch (cp) {
    case '0':
    case 0x4e00: /* 一二三四五六七八九 */
    case 0x4e8c:
    case 0x4e09:
    case 0x56db:
    case 0x4e94:
    case 0x516d:
    case 0x4e03:
    case 0x516b:
    case 0x4e5d:
        return true;
    default:
        return false;
    }
}

static bool is_word(uint32_t cp)
{
    if (cp >= 0x4e00 && cp <= 0x9fff)
        return true;
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z');
    return (U_GET_GC_MASK((UChar32)cp) & WORD_MASK) != 0;
}

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == 0x2018 || cp == 0x2019 || cp == 0x2bc || cp == 0x2bb;
}

/* Of a script with words. */
static bool is_letter(uint32_t cp)
{
    return cp < 0x2e80 && (U_GET_GC_MASK((UChar32)cp) & U_GC_L_MASK) != 0;
}

static void fold_one(sink *out, uint32_t cp, size_t from, size_t to)
{
    if (is_apostrophe(cp) && !out->pending && is_letter(out->last)) {
        out->pending = out->apostrophe = true;
        out->blank_from = from;
        out->blank_to = to;
        return;
    }
    if (cp == 0x3007 || ((cp == 0x25cb || cp == 0x25ef) && is_han_digit(out->last)))
        cp = '0';
    if (!is_word(cp) || is_apostrophe(cp)) {
        out->apostrophe = false;
        if (!out->pending)
            out->blank_from = from;
        out->pending = true;
        out->blank_to = to;
        return;
    }
    if (out->pending && out->blanks && out->last != 0 && !(out->apostrophe && is_letter(cp)))
        put(out, ' ', out->blank_from, out->blank_to);
    out->pending = out->apostrophe = false;
    if (out->simplify)
        cp = simplified(cp);
    put(out, cp, from, to);
    out->last = cp;
}

/* Nothing before cp can combine with it. */
static bool begins(const UNormalizer2 *norm, uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x4e00 && cp <= 0x9fff) ||
           unorm2_hasBoundaryBefore(norm, (UChar32)cp);
}

/* Cut the next segment off s at *at: its code points (malformed bytes are U+FFFD). */
static size_t segment(const UNormalizer2 *norm, xd_str s, size_t *at, uint32_t cps[SEGMENT])
{
    size_t n = 0;
    while (*at < s.n && n < SEGMENT) {
        size_t next = *at;
        uint32_t cp = xd_utf8_next(s, &next);
        if (cp == UINT32_MAX)
            cp = 0xfffd;
        if (n > 0 && begins(norm, cp))
            break;
        cps[n++] = cp;
        *at = next;
    }
    return n;
}

static size_t to_utf16(const uint32_t *cps, size_t n, UChar out[SEGMENT * 2])
{
    size_t units = 0;
    for (size_t i = 0; i < n; i++)
        U16_APPEND_UNSAFE(out, units, cps[i]);
    return units;
}

/* ICU's own macros mix signs; its output is well-formed. */
static uint32_t from_utf16(const UChar *text, int32_t *at, int32_t length)
{
    uint32_t cp = text[(*at)++];
    if (cp >= 0xd800 && cp < 0xdc00 && *at < length)
        cp = 0x10000 + ((cp - 0xd800) << 10) + (text[(*at)++] - 0xdc00u);
    return cp;
}

/* A code point that is a segment by itself and stays as it is, or becomes lower case: ASCII or Han
 * before ASCII, Han (U+5000 to U+9FFF are enough here) or the end. *ret_next: what follows it. */
static bool stands_alone(xd_str s, size_t at, uint32_t *ret_cp, size_t *ret_next)
{
    size_t next = at;
    uint32_t cp = xd_utf8_next(s, &next);
    if (cp >= 0x80 && !(cp >= 0x4e00 && cp <= 0x9fff))
        return false;
    if (next < s.n) {
        unsigned char lead = (unsigned char)s.p[next];
        if (lead >= 0x80 && (lead < 0xe5 || lead > 0xe9))
            return false;
    }
    *ret_cp = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
    *ret_next = next;
    return true;
}

static void walk(sink *out, xd_str s)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *norm = unorm2_getNFKCCasefoldInstance(&status);
    assert(U_SUCCESS(status)); /* built into the library */
    size_t at = 0;
    uint32_t cps[SEGMENT];
    while (at < s.n) {
        size_t from = at;
        uint32_t cp;
        if (stands_alone(s, from, &cp, &at)) {
            fold_one(out, cp, from, at);
            continue;
        }
        size_t n = segment(norm, s, &at, cps);
        cp = cps[0];
        if (n == 1 && cp < 0x80) {
            fold_one(out, cp >= 'A' && cp <= 'Z' ? cp + 32 : cp, from, at);
        } else if (n == 1 && cp >= 0x4e00 && cp <= 0x9fff) {
            fold_one(out, cp, from, at);
        } else {
            UChar in[SEGMENT * 2], folded[SEGMENT_OUT];
            status = U_ZERO_ERROR;
            int32_t length = unorm2_normalize(norm, in, (int32_t)to_utf16(cps, n, in), folded,
                                              SEGMENT_OUT, &status);
            for (int32_t i = 0; U_SUCCESS(status) && i < length;)
                fold_one(out, from_utf16(folded, &i, length), from, at);
        }
    }
}

xd_str xd_fold(xd_arena *arena, xd_str s)
{
    sink out = {.arena = arena, .blanks = true, .simplify = true};
    make_room(arena, &out.text, s);
    walk(&out, s);
    return as_str(&out.text);
}

xd_str xd_fold_key(xd_arena *arena, xd_str s)
{
    sink out = {.arena = arena, .simplify = true};
    make_room(arena, &out.text, s);
    walk(&out, s);
    return as_str(&out.text);
}

void xd_fold_marks(xd_arena *arena, xd_str s, xd_folded *ret_folded)
{
    sink out = {.arena = arena, .blanks = true, .simplify = true, .marks = true};
    walk(&out, s);
    *ret_folded = (xd_folded){out.cp.at, out.from.at, out.to.at, out.cp.n};
}

void xd_fold_unsimplified(xd_arena *arena, xd_str s, xd_folded *ret_folded)
{
    sink out = {.arena = arena, .marks = true};
    walk(&out, s);
    *ret_folded = (xd_folded){out.cp.at, out.from.at, out.to.at, out.cp.n};
}

uint32_t xd_simplified_of(uint32_t cp)
{
    return simplified(cp);
}

xd_str xd_simplified(xd_arena *arena, xd_str s)
{
    chars out = {0};
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = xd_utf8_next(s, &at);
        put_utf8(arena, &out, cp == UINT32_MAX ? 0xfffd : simplified(cp));
    }
    return as_str(&out);
}

/* Code points as NFC or NFD, segment by segment. `keep` drops some of what comes out: what it
 * parted may compose then, so the text is in that form only where nothing was dropped. */
static xd_str normalized(xd_arena *arena, const UNormalizer2 *norm, xd_str s,
                         bool (*keep)(uint32_t cp))
{
    chars out = {0};
    uint32_t cps[SEGMENT];
    for (size_t at = 0; at < s.n;) {
        size_t n = segment(norm, s, &at, cps);
        UChar in[SEGMENT * 2], made[SEGMENT_OUT];
        uint32_t cp = cps[0];
        if (n == 1 && (cp < 0x80 || (cp >= 0x4e00 && cp <= 0x9fff))) {
            if (keep(cp))
                put_utf8(arena, &out, cp);
            continue;
        }
        UErrorCode status = U_ZERO_ERROR;
        int32_t length = unorm2_normalize(norm, in, (int32_t)to_utf16(cps, n, in), made,
                                          SEGMENT_OUT, &status);
        for (int32_t i = 0; U_SUCCESS(status) && i < length;) {
            cp = from_utf16(made, &i, length);
            if (keep(cp))
                put_utf8(arena, &out, cp);
        }
    }
    return as_str(&out);
}

static bool is_kept(uint32_t cp)
{
    return cp != 0xfeff && (cp >= 0x20 || cp == '\t' || cp == '\n');
}

/* Kept, and its own NFC wherever it stands: quick check yes and combining class 0 (UAX #15). Not
 * all of those, but what Chinese and Latin text is made of; the rest takes the long way. */
static bool is_composed(uint32_t cp)
{
    return (cp < 0x300 && is_kept(cp)) || (cp >= 0x2010 && cp <= 0x2027) ||
           (cp >= 0x2460 && cp <= 0x24ff) || (cp >= 0x3000 && cp <= 0x3029) ||
           (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0xff01 && cp <= 0xff5e);
}

/* Without what is not kept. */
static xd_str only_kept(xd_arena *arena, xd_str s)
{
    chars out = {0};
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = xd_utf8_next(s, &at);
        cp = cp == UINT32_MAX ? 0xfffd : cp;
        if (is_kept(cp))
            put_utf8(arena, &out, cp);
    }
    return as_str(&out);
}

xd_str xd_nfc(xd_arena *arena, xd_str s)
{
    bool composed = true;
    for (size_t at = 0; at < s.n && composed;)
        composed = is_composed(xd_utf8_next(s, &at));
    if (composed)
        return s;
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *norm = unorm2_getNFCInstance(&status);
    assert(U_SUCCESS(status)); /* built into the library */
    /* Dropped before composing: W, NUL, circumflex would leave W and circumflex side by side. */
    return normalized(arena, norm, only_kept(arena, s), is_kept);
}

static bool is_no_accent(uint32_t cp)
{
    return cp < 0x300 || cp > 0x36f;
}

xd_str xd_unaccented(xd_arena *arena, xd_str s)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *norm = unorm2_getNFDInstance(&status);
    assert(U_SUCCESS(status));                                      /* built into the library */
    return xd_nfc(arena, normalized(arena, norm, s, is_no_accent)); /* が whole again */
}

/* Sort keys ------------------------------------------------------------------------------ */

/* Opened once, never changed or closed: ICU allows threads to share a collator they only read.
 */
static struct {
    pthread_once_t once;
    UCollator *collator[XD_LANGS];
} sorting = {.once = PTHREAD_ONCE_INIT};

static void open_collators(void)
{
    static const char *const locale[XD_LANGS] = {[XD_ZH] = "zh-u-co-pinyin", [XD_EN] = "en"};
    for (int lang = 0; lang < XD_LANGS; lang++) {
        UErrorCode status = U_ZERO_ERROR;
        UCollator *collator = ucol_open(locale[lang], &status);
        if (U_SUCCESS(status)) /* 第2车间 before 第10车间 */
            ucol_setAttribute(collator, UCOL_NUMERIC_COLLATION, UCOL_ON, &status);
        sorting.collator[lang] = collator;
    }
}

xd_str xd_sort_key(xd_arena *arena, xd_str s, xd_lang lang)
{
    pthread_once(&sorting.once, open_collators);
    const UCollator *collator = sorting.collator[lang];
    if (collator == NULL || s.n > INT32_MAX / 2)
        return xd_str_copy(arena, s); /* ICU without its data still gives some order */
    UChar *text = xd_new_n(arena, UChar, s.n + 1);
    int32_t units = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t cp = xd_utf8_next(s, &at);
        U16_APPEND_UNSAFE(text, units, cp == UINT32_MAX ? 0xfffd : cp);
    }
    int32_t size = ucol_getSortKey(collator, text, units, NULL, 0);
    uint8_t *key = xd_new_n(arena, uint8_t, (size_t)size + 1);
    size = ucol_getSortKey(collator, text, units, key, size);
    return (xd_str){(const char *)key, size > 0 ? (size_t)size - 1 : 0}; /* without its NUL */
}

/* The numbers stand in the library's name as well: a different ICU means different keys. */
xd_str xd_collator_version(void)
{
    return XD_S("icu-" U_ICU_VERSION " numeric");
}
