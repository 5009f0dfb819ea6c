/* index/spelling.h — names as people type them in pinyin: hefeigangtiechang, hfgtc.
 *
 * A reading is kept with a mark before each syllable but the first (he'fei'gang'tie'chang), so
 * that a word may begin at any syllable and nowhere else: "anqing" finds 安庆, "nqing" does not.
 * Initials may begin anywhere, but two letters only at the name's beginning, as too many names
 * hold any two. Pure. */
#ifndef XD_INDEX_SPELLING_H
#define XD_INDEX_SPELLING_H

#include "base/ctx.h"

#define XD_SPELLING_CHARACTERS 64 /* of a name; what is longer is no name */

typedef struct xd_spelling {
    xd_strs full;     /* marked */
    xd_strs initials; /* unmarked */
} xd_spelling;

/* Nothing for a name without a Han character. */
void xd_spelling_make(xd_arena *arena, xd_str name, xd_spelling *ret_spelling);

/* letters: a–z; full: the reading is a marked one, else initials. 3 the same, 2 begins with
 * them, 1 has them, 0 does not. */
int xd_spelling_near(xd_str reading, xd_str letters, bool full);

#endif
