/* index/letters.h — CASEI and ACCENTI: letters without case, without accents.
 *
 * From a table tools/letter-table makes of Python's Unicode data: full case folding, and the
 * base letters of those with accents. Narrower than the fold for search (model/fold.h), which
 * also takes punctuation away and traditional characters as simplified ones. Pure. */
#ifndef XD_INDEX_LETTERS_H
#define XD_INDEX_LETTERS_H

#include "base/buf.h"

typedef struct xd_letter {
    uint32_t cp;
    uint32_t fold[3]; /* all 0: as it is */
    uint32_t base[2]; /* UINT32_MAX first: nothing, a mark; 0: as it is */
} xd_letter;
extern const xd_letter xd_letters[]; /* by cp */
extern const size_t xd_letters_n;

/* s itself when nothing changes. */
xd_str xd_letters_fold(xd_arena *arena, xd_str s, bool no_case, bool no_accents);

#endif
