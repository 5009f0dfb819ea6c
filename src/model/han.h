/* model/han.h — the table tools/pinyin-table makes: readings and simplified forms of Han
 * characters, and names read otherwise than their characters are. Constant data; only fold.c
 * and pinyin.c look at it.
 *
 * Two levels for each property: block[page[cp >> 8] * 256 + (cp & 255)] for cp < xd_han_end is
 * an index, 0 for none, into xd_han_lists (a count, then so many syllables) or xd_han_simple.
 */
#ifndef XD_MODEL_HAN_H
#define XD_MODEL_HAN_H

#include "base/base.h"

typedef struct xd_syllable {
    const char *toned, *plain, *other; /* "lǚ", "lu", "lv"; other: "" unless ü */
} xd_syllable;

/* A name of n characters from xd_han_name_pool[at]: pairs of code point (simplified) and
 * syllable. Sorted by first character, the longer first. */
typedef struct xd_han_name {
    uint32_t first;
    uint32_t at;
    uint16_t n;
    uint16_t proper; /* written with a capital */
} xd_han_name;

extern const xd_syllable xd_han_syllables[];
extern const uint16_t xd_han_lists[];
extern const uint16_t xd_han_reading_page[], xd_han_reading_block[];
extern const uint32_t xd_han_simple[];
extern const uint16_t xd_han_simple_page[], xd_han_simple_block[];
extern const xd_han_name xd_han_names[];
extern const uint32_t xd_han_name_pool[];
extern const size_t xd_han_names_n;
extern const uint32_t xd_han_end;

#endif
