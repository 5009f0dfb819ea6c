#include "index/look.h"

#define CLOCK_EVERY 1024 /* units */

void xd_look_begin(xd_look *look, xd_ctx *cx, const xd_snap *snap, xd_lang lang, bool certain)
{
    const xd_index *index = snap->index;
    uint64_t most = index->work_most == 0 ? UINT64_MAX : index->work_most;
    bool lent = false;
    if (cx->work_most != 0) {
        uint64_t left = cx->work < cx->work_most ? cx->work_most - cx->work : 0;
        lent = left < most;
        most = lent ? left : most;
    }
    *look = (xd_look){.cx = cx,
                      .schema = index->schema,
                      .edition = snap->edition,
                      .bag = {.arena = cx->arena},
                      .scratch = xd_arena_make(),
                      .lang = lang,
                      .certain = certain,
                      .most = most,
                      .lent = lent,
                      .deadline = cx->deadline};
    /* pause is 0: the first unit looks at the clock, too. */
    if (index->wait_ms > 0) {
        int64_t until = xd_monotonic() + index->wait_ms * 1000;
        look->timed = cx->deadline == 0 || until < cx->deadline;
        cx->deadline = look->timed ? until : cx->deadline;
    }
}

static bool give_up(xd_ctx *cx)
{
    return xd_fail_words(
        cx,
        XD_S(
            "这一查询要比对的内容太多，已停止。请加上地区、类别或年代等条件，或换更具体的词。"),
        XD_S("This question was too much work and was stopped. Narrow it down by a place, a "
             "kind or "
             "years, or use a more specific word."));
}

void xd_look_end(xd_look *look)
{
    xd_ctx *cx = look->cx;
    bool late = look->timed && cx->err.code == XD_BUSY && xd_monotonic() > cx->deadline;
    if (late)
        (void)give_up(cx); /* a sentence for what stands there */
    cx->work += look->work;
    cx->deadline = look->deadline;
    xd_bag_empty(&look->bag);
    xd_arena_free(look->scratch);
}

bool xd_look_pause(xd_look *look)
{
    xd_ctx *cx = look->cx;
    if (look->work >= look->most) {
        cx->overworked = look->lent;
        (void)xd_fail(cx, XD_BUSY, "a question of more than %" PRIu64 " units of work",
                      look->most);
        return give_up(cx);
    }
    uint64_t next = look->work + CLOCK_EVERY;
    look->pause = next < look->most ? next : look->most;
    return xd_go_on(cx);
}

void xd_look_step(xd_look *look, xd_str what, uint64_t before, uint64_t after)
{
    xd_trace *trace = look->trace;
    size_t i = trace->at++;
    if (i == trace->steps.n)
        *xd_push(look->cx->arena, &trace->steps) = (xd_step){.what = what};
    xd_step *step = &trace->steps.at[i];
    step->before += before;
    step->after += after;
    step->work += look->work - trace->work;
    trace->work = look->work;
}
