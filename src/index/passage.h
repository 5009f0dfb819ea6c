/* index/passage.h — the searched text of a record, folded, with its weights.
 *
 * Names are the title, and texts nearly as weighty or searched by pinyin (former names, short
 * names). The number is searched too; whether it is the very one asked for is search.h's
 * business. Labels of terms are not here: lexicon.h. */
#ifndef XD_INDEX_PASSAGE_H
#define XD_INDEX_PASSAGE_H

#include "index/segment.h"

typedef struct xd_passages {
    xd_passage *at;
    size_t n, cap;
    xd_arena *growth; /* the list's; texts lie in the segment's arena */
} xd_passages;

/* A name of the record: the title, or what counts nearly as much. */
bool xd_field_is_name(const xd_type *type, const xd_field *field);

/* Adds the document's passages, which live in arena, and their grams. */
void xd_passages_add(xd_arena *scratch, xd_arena *arena, xd_grams *grams, const xd_type *type,
                     uint32_t doc, const xd_json *body, xd_passages *passages);

#endif
