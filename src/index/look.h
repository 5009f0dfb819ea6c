/* index/look.h — what is at hand while one question is answered. */
#ifndef XD_INDEX_LOOK_H
#define XD_INDEX_LOOK_H

#include "index/edition.h"

typedef struct xd_look {
    xd_ctx *cx;
    const xd_schema *schema;
    const xd_edition *edition;
    xd_bag bag;        /* sets made on the way */
    xd_arena *scratch; /* values of one document at a time */
    xd_lang lang;
    bool certain;
    struct xd_titled *titled; /* by word of the question: see linked.c */
} xd_look;

void xd_look_begin(xd_look *look, xd_ctx *cx, const xd_snap *snap, xd_lang lang, bool certain);
void xd_look_end(xd_look *look);

/* Every so many steps of a loop: whether to go on. */
static inline bool xd_look_on(xd_look *look, uint32_t *steps)
{
    return (++*steps & 1023) != 0 || xd_go_on(look->cx);
}

#endif
