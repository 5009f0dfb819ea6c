/* exchange/scratch.h — a second context for one row at a time, emptied between rows, so that a
 * long file costs no more memory than a short one. */
#ifndef XD_EXCHANGE_SCRATCH_H
#define XD_EXCHANGE_SCRATCH_H

#include "base/ctx.h"

/* Clock, deadline, language, actor and stop are cx's; arena and errors its own. Ended by
 * xd_ctx_end(). */
static inline void xd_scratch_begin(xd_ctx *scratch, const xd_ctx *cx)
{
    xd_ctx_begin(scratch);
    scratch->now = cx->now;
    scratch->clock = cx->clock;
    scratch->deadline = cx->deadline;
    scratch->actor = cx->actor;
    scratch->lang = cx->lang;
    scratch->stop = cx->stop;
}

/* Hand the scratch's failure on to cx (which may have failed itself: then that stays). False. */
static inline bool xd_scratch_fail(xd_ctx *cx, xd_ctx *scratch)
{
    xd_err err = xd_err_take(scratch);
    if (err.code == XD_OK) {
        return false;
    }
    (void)xd_fail(cx, err.code, XD_FMT, XD_ARG(err.message));
    if (err.zh.n > 0) {
        (void)xd_fail_words(cx, xd_str_copy(cx->arena, err.zh), xd_str_copy(cx->arena, err.en));
    }
    return false;
}

#endif
