/* What one of several machines says of itself: how far it is with the log, how old that is. */
#include "base/log.h"
#include "web/api.h"

#define STALE_US 5000000                       /* older than this, pages say so */
#define CHINA_US ((int64_t)8 * 3600 * 1000000) /* times are read in China */

int64_t xd_node_age(const xd_app *app)
{
    return xd_monotonic() - atomic_load(&app->node.whole);
}

int64_t xd_node_stale_since(const xd_app *app)
{
    bool known = atomic_load(&app->node.whole) != 0;
    return known && xd_node_age(app) > STALE_US ? atomic_load(&app->node.whole_at) : 0;
}

xd_str xd_node_when(xd_ctx *cx, const xd_app *app)
{
    xd_str when = xd_time_text(cx->arena, atomic_load(&app->node.whole_at) + CHINA_US);
    return xd_str_printf(cx->arena, XD_FMT " " XD_FMT, XD_ARG(xd_str_sub(when, 0, 10)),
                         XD_ARG(xd_str_sub(when, 11, 16)));
}

static const char *writes(const xd_app *app)
{
    switch ((xd_read_only)atomic_load(&app->node.read_only)) {
    case XD_NODE_OTHER_MODEL:
        return "no: the log has gone on to another model";
    case XD_NODE_OTHER_SCHEMA:
        return "no: the store has a newer schema";
    case XD_NODE_WRITES:
        break;
    }
    return "yes";
}

/* Ready means that questions are answered from whole data; a store that is away does not change
 * that, or every machine would be taken out of service at once. */
bool xd_ready_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    (void)cx;
    (void)request;
    bool ready = atomic_load(&app->ready);
    response->status = ready ? 200 : 503;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = -1;
    if (!ready) {
        xd_buf_add(&response->body, XD_S("loading\n"));
        return true;
    }
    xd_buf_printf(&response->body,
                  "ready\nseq %" PRId64 "\nhead %" PRId64 "\nage %.1f\nstore %s\nwrites %s\n"
                  "schema %d, reads up to %d\nmodel ",
                  xd_index_seq(app->index), atomic_load(&app->node.head),
                  (double)xd_node_age(app) / 1e6, atomic_load(&app->node.away) ? "away" : "ok",
                  writes(app), xd_store_schema(), xd_store_schema() + 1);
    const uint8_t *hash = xd_model_hash(app->model);
    for (int i = 0; i < 8; i++) {
        xd_buf_printf(&response->body, "%02x", hash[i]);
    }
    xd_buf_byte(&response->body, '\n');
    return true;
}

bool xd_node_may_judge(xd_ctx *cx, const xd_app *app)
{
    if (atomic_load(&app->node.read_only) == XD_NODE_WRITES) {
        return true;
    }
    (void)xd_fail(cx, XD_BUSY, "this machine only reads: %s", writes(app));
    return xd_fail_words(
        cx,
        XD_S("这台服务器的程序或数据模型比数据库旧，只供阅读；请稍后再试，或请管理员升级它。"),
        XD_S("The program or data model on this server is older than the database, so it only "
             "reads. Try again later, or have it upgraded."));
}
