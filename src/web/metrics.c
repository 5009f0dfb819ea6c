/* Figures for the operator, and search files for another server, on a listener of their own. */
#include "web/app.h"

#include <fcntl.h>

static void figure(xd_buf *out, const char *name, const char *help, int64_t value)
{
    xd_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", name, help, name,
                  name, value);
}

static int64_t lag(const xd_app *app)
{
    int64_t lag = atomic_load(&app->node.head) - xd_index_seq(app->index);
    return lag < 0 ? 0 : lag; /* it may have gone on since the head was looked at */
}

/* One of the folder's immutable files, or the manifest that names them. They hold what anybody may
 * see and nothing else. */
static bool send_index_file(xd_ctx *cx, const xd_app *app, xd_str name, xd_response *response)
{
    bool ours = xd_str_eq(name, XD_S("manifest")) ||
                (xd_str_starts(name, XD_S("s-")) && xd_str_ends(name, XD_S(".seg")));
    if (app->index_dir == NULL || !ours || xd_str_find(name, XD_S("/"), 0) != SIZE_MAX) {
        return xd_fail(cx, XD_ABSENT, "no such file");
    }
    const char *path = xd_cstr(
        cx->arena, xd_str_printf(cx->arena, "%s/" XD_FMT, app->index_dir, XD_ARG(name)));
    response->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    response->type = XD_S("application/octet-stream");
    response->max_age = -1;
    return response->fd >= 0 || xd_fail(cx, XD_ABSENT, "no such file");
}

bool xd_metrics_serve(xd_ctx *cx, void *user, const xd_request *request, xd_response *response)
{
    const xd_metrics *metrics = user;
    if (xd_str_starts(request->path, XD_S("/index/"))) {
        return send_index_file(cx, metrics->app, xd_str_sub(request->path, 7, SIZE_MAX),
                               response);
    }
    if (!xd_str_eq(request->path, XD_S("/metrics"))) {
        return xd_fail(cx, XD_ABSENT, "only /metrics and /index/… are here");
    }
    xd_buf *out = &response->body;
    response->type = XD_S("text/plain; version=0.0.4; charset=utf-8");
    response->max_age = -1;
    xd_http_metrics(metrics->http, out);
    figure(out, "xiudai_log_seq", "Newest revision of the log the follower has seen",
           atomic_load(&metrics->app->node.head));
    figure(out, "xiudai_index_seq", "Newest revision the index has",
           xd_index_seq(metrics->app->index));
    figure(out, "xiudai_log_lag", "Revisions of the log the index lacks", lag(metrics->app));
    xd_buf_printf(out,
                  "# HELP xiudai_index_age_seconds Since the index held all the log had\n"
                  "# TYPE xiudai_index_age_seconds gauge\nxiudai_index_age_seconds %.3f\n",
                  (double)xd_node_age(metrics->app) / 1e6);
    figure(out, "xiudai_store_away", "Whether the store does not answer",
           atomic_load(&metrics->app->node.away));
    figure(out, "xiudai_read_only", "Whether model or schema are no longer the store's",
           atomic_load(&metrics->app->node.read_only) != XD_NODE_WRITES);
    figure(out, "xiudai_ready", "Whether requests are answered from whole data",
           atomic_load(&metrics->app->ready));
    figure(out, "xiudai_start_time_seconds", "When the process started, since 1970",
           metrics->app->started / 1000000);
    return true;
}
