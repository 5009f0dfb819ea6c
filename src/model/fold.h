/* model/fold.h — what counts as the same when people look for words.
 *
 * Folding is for keys and search only, never for display: NFKC casefold, traditional to
 * simplified character by character, full to half width, blanks collapsed. Pinyin comes from a
 * table made at build time from Unihan (kTGHZ2013, else kXHC1983, else kHanyuPinyin) with an
 * override list for names (data/pinyin.txt: 六安 lù'ān). Pure; safe in any thread. */
#ifndef XD_MODEL_FOLD_H
#define XD_MODEL_FOLD_H

#include "base/ctx.h"

/* For search: keeps blanks (one each) and punctuation as blanks; an apostrophe between letters
 * is nothing (Lu'an is luan). 〇 and ○ among digits are 0,
 * so that 四〇四, 四0四 and 四○四 are the same. Accents stay: see xd_unaccented(). */
xd_str xd_fold(xd_arena *arena, xd_str s);
/* For keys and header matching: also drops blanks and all punctuation. */
xd_str xd_fold_key(xd_arena *arena, xd_str s);
/* The same, keeping for each code point of the result the byte range of the original it came
 * from, so that matches can be marked. */
typedef struct xd_folded {
    uint32_t *cp;        /* code points of the fold */
    uint32_t *from, *to; /* byte range in the original, one each */
    size_t n;
} xd_folded;
void xd_fold_marks(xd_arena *arena, xd_str s, xd_folded *ret_folded);
/* The fold_key before traditional becomes simplified, with marks: for what reads characters. */
void xd_fold_unsimplified(xd_arena *arena, xd_str s, xd_folded *ret_folded);
/* And drops U+FEFF, C0 controls other than TAB LF; malformed bytes become U+FFFD. May return s.
 */
xd_str xd_nfc(xd_arena *arena, xd_str s);
xd_str xd_simplified(xd_arena *arena, xd_str s);
uint32_t xd_simplified_of(uint32_t cp);
/* Without the accents of Latin, Greek and Cyrillic letters: "Lù'ān" → "Lu'an". */
xd_str xd_unaccented(xd_arena *arena, xd_str s);

bool xd_is_han(uint32_t cp);

/* Readings of a name for search: each a run of syllables without tones or blanks,
 * "hefeigangtiechang", and its initials "hfgtc". At most 16 of each: the cap of the product;
 * overrides come first. Latin and digits stand as they are. ü gives both u and v spellings. */
typedef struct xd_readings {
    xd_strs full, initials;
} xd_readings;
void xd_pinyin(xd_arena *arena, xd_str name, xd_readings *ret_readings);
/* Syllables of one character, without tones; at most 8. */
size_t xd_pinyin_of(uint32_t cp, const char *ret_syllables[8]);
/* With tones and blanks, for display: "Lù'ān"; the override list first, else the commonest
 * reading. */
xd_str xd_pinyin_text(xd_arena *arena, xd_str name);

/* ICU sort keys: pinyin order for zh, root for en. Compare by bytes. */
xd_str xd_sort_key(xd_arena *arena, xd_str s, xd_lang lang);
xd_str xd_collator_version(void);

#endif
