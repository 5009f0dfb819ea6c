/* Figures for the operator, on a listener of their own. */
#include "web/app.h"

static void figure(xd_buf *out, const char *name, const char *help, int64_t value)
{
    xd_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n%s %" PRId64 "\n", name, help, name,
                  name, value);
}

bool xd_metrics_serve(xd_ctx *cx, void *user, const xd_request *request, xd_response *response)
{
    const xd_metrics *metrics = user;
    if (!xd_str_eq(request->path, XD_S("/metrics"))) {
        return xd_fail(cx, XD_ABSENT, "only /metrics is here");
    }
    xd_buf *out = &response->body;
    response->type = XD_S("text/plain; version=0.0.4; charset=utf-8");
    response->max_age = -1;
    xd_http_metrics(metrics->http, out);
    figure(out, "xiudai_log_seq", "Newest revision of the log the follower has seen",
           atomic_load(&metrics->app->log_seq));
    figure(out, "xiudai_index_seq", "Newest revision the index has",
           xd_index_seq(metrics->app->index));
    figure(out, "xiudai_ready", "Whether requests are answered from whole data",
           atomic_load(&metrics->app->ready));
    figure(out, "xiudai_start_time_seconds", "When the process started, since 1970",
           metrics->app->started / 1000000);
    return true;
}
