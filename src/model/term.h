/* model/term.h — the words a vocabulary's terms are known by.
 *
 * Private to this room. A folded word leads to every term it may mean. */
#ifndef XD_MODEL_TERM_H
#define XD_MODEL_TERM_H

#include "model/model.h"

typedef XD_VEC(xd_term *) xd_vec_terms;
typedef XD_VEC(const xd_term *) xd_term_list;

/* Folded label, alias → xd_term_list *. */
const xd_map *xd_term_words(xd_arena *arena, const xd_vocabulary *vocabulary);
/* All terms a word may mean; NULL when none. */
const xd_term_list *xd_term_meanings(xd_ctx *cx, const xd_vocabulary *vocabulary, xd_str word);

#endif
