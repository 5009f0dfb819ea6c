/* index/look.h — what is at hand while one question is answered, and how much work it may be.
 *
 * Work is counted in units: a document looked at, or what takes about as long. So the bound of
 * a question does not depend on the machine or its load; beside it stands a deadline, for what
 * no count foresees. Past either the question is given up with XD_BUSY and a sentence. Loops ask
 * xd_look_on() at their heads; whoever does more than a unit in one go says so by xd_look_did(). */
#ifndef XD_INDEX_LOOK_H
#define XD_INDEX_LOOK_H

#include "index/edition.h"

/* Steps told to whoever asks how a question was answered. */
typedef struct xd_trace {
    XD_VEC(xd_step) steps;
    size_t at;     /* of the step that ends next: each shard has them all */
    uint64_t work; /* of the look when the last step ended */
} xd_trace;

typedef struct xd_look {
    xd_ctx *cx;
    const xd_schema *schema;
    const xd_edition *edition;
    xd_bag bag;        /* sets made on the way */
    xd_arena *scratch; /* values of one document at a time */
    xd_lang lang;
    bool certain;
    struct xd_titled *titled; /* by word of the question: see linked.c */
    uint64_t work, pause;     /* units done; when to look up next */
    uint64_t most;            /* units; UINT64_MAX: no bound */
    bool lent;        /* `most` is what the context has left, not the question's bound */
    int64_t deadline; /* the context's own, put back at the end */
    xd_trace *trace;  /* NULL: nobody asks */
    bool timed;       /* the question's own deadline is the nearer one */
} xd_look;

void xd_look_begin(xd_look *look, xd_ctx *cx, const xd_snap *snap, xd_lang lang, bool certain);
void xd_look_end(xd_look *look);

/* A step is done; of several shards, which all do the same ones, the numbers are added up. Only
 * with a trace. */
void xd_look_step(xd_look *look, xd_str what, uint64_t before, uint64_t after);

/* Out of line: the bound and, every 1024 units, the clock. */
XD_MUST bool xd_look_pause(xd_look *look);
/* A unit of work more: whether to go on. */
static inline bool xd_look_on(xd_look *look, uint32_t *steps)
{
    ++*steps;
    return ++look->work < look->pause || xd_look_pause(look);
}
/* So many units are done, besides; the next xd_look_on() judges them. */
static inline void xd_look_did(xd_look *look, uint64_t units)
{
    look->work += units;
}
/* So many sets of the shard were put together. Measured, roughly. */
static inline void xd_look_did_sets(xd_look *look, const xd_segment *segment, size_t sets)
{
    look->work += sets * (1 + segment->n / 4096);
}

#endif
