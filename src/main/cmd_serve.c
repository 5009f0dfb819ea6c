/* main/cmd_serve.c — the site: index, follower, HTTP, and a clean stop.
 *
 * Threads: this one follows the log and waits for the signal; HTTP has its own. The index is
 * brought up to the log before the first request is taken, so nobody meets an empty site. */
#include "base/file.h"
#include "base/log.h"
#include "main/follow.h"
#include "main/jobs.h"
#include "web/position.h"

#include <stdio.h>
#include <unistd.h>

#define GRACE_MS 10000
#define POSITION_MOST_MS 25000 /* within what an answer may take as a whole */

static xd_strs addresses(xd_cli *cli, const xd_json *settings, xd_str name)
{
    xd_strs list = {0};
    const xd_json *given = xd_json_get(settings, name);
    for (size_t i = 0; i < xd_json_len(given); i++) {
        *xd_push(cli->cx.arena, &list) = xd_json_str(xd_json_at(given, i));
    }
    return list;
}

/* The land and its waters as one collection; waters may be missing. */
static bool read_base_map(xd_cli *cli, xd_str *ret_geojson)
{
    static const char *const files[] = {"map/prefectures.geojson", "map/water.geojson"};
    xd_ctx *cx = &cli->cx;
    xd_json *features = xd_json_array(cx->arena);
    for (size_t i = 0; i < XD_LEN(files); i++) {
        const char *path = xd_cli_below(cli, files[i]);
        xd_str text;
        const xd_json *root;
        if (i > 0 && access(path, R_OK) != 0) {
            continue;
        }
        if (!xd_file_read(cx, path, (size_t)64 << 20, &text) ||
            !xd_json_read(cx, text, &root)) {
            return xd_fail_note(cx, "reading the base map %s", path);
        }
        const xd_json *list = xd_json_get(root, XD_S("features"));
        for (size_t k = 0; k < xd_json_len(list); k++) {
            xd_json_add(cx->arena, features, xd_json_at(list, k));
        }
    }
    xd_json *whole = xd_json_object(cx->arena);
    xd_json_set(cx->arena, whole, XD_S("type"),
                xd_json_string(cx->arena, XD_S("FeatureCollection")));
    xd_json_set(cx->arena, whole, XD_S("features"), features);
    xd_buf out = {0};
    xd_json_plain(&out, whole);
    *ret_geojson = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return true;
}

static bool prepare(xd_cli *cli, xd_app *app, xd_follower *ret_follower)
{
    xd_ctx *cx = &cli->cx;
    xd_regions *regions;
    if (!xd_follow_open(cli, app, ret_follower) ||
        !xd_cli_settings(cli, app->model, &app->settings) || !xd_cli_regions(cli, &regions) ||
        !read_base_map(cli, &app->base_map)) {
        return false;
    }
    app->regions = regions;
    app->store_place = xd_cli_place(cli);
    app->ui_dir = xd_cli_below(cli, "ui");
    if (access(app->ui_dir, R_OK) != 0) {
        app->ui_dir = xd_cli_below(cli, "../build/ui"); /* a clone, not an installation */
    }
    app->about_dir = xd_cli_below(cli, "about");
    app->reports_dir = xd_cli_below(cli, "reports");
    app->contact = xd_json_get_str(app->settings, XD_S("contact"));
    app->started = xd_now(cx);
    return true;
}

static bool number_of(xd_cli *cli, const char *name, int64_t *ret_n)
{
    return (xd_str_int(xd_cli_str(cli, name), ret_n) && *ret_n >= 0 &&
            *ret_n <= INT64_MAX / 1000) ||
           xd_fail(&cli->cx, XD_INVALID, "--%s takes a whole number, 0 for no bound", name);
}

static bool bound_index(xd_cli *cli, const xd_app *app)
{
    int64_t work, ms;
    if (!number_of(cli, "query-work", &work) || !number_of(cli, "query-ms", &ms)) {
        return false;
    }
    xd_index_bound(app->index, (uint64_t)work, ms);
    return true;
}

static bool listen_on(xd_cli *cli, xd_app *app, xd_http **ret_http)
{
    int64_t threads = 0, position_ms;
    if (xd_cli_given(cli, "threads") &&
        (!xd_str_int(xd_cli_str(cli, "threads"), &threads) || threads < 1 || threads > 256)) {
        return xd_fail(&cli->cx, XD_INVALID, "--threads takes 1 to 256");
    }
    if (!number_of(cli, "position-ms", &position_ms)) {
        return false;
    }
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    xd_http_options options = {
        .listen = xd_cli_str(cli, "listen"),
        .threads = threads > 0 ? (int)threads
                   : cores > 0 ? (int)cores
                               : 1,
        .workers = 4,
        .trusted = addresses(cli, app->settings, XD_S("trusted_proxies")),
        .local = addresses(cli, app->settings, XD_S("local_addresses")),
        .plan = xd_app_plan,
        .serve = xd_app_serve,
        .on_error = xd_app_error,
        .reached = xd_position_reached,
        .wait_ms = position_ms < POSITION_MOST_MS ? (int)position_ms : POSITION_MOST_MS,
        .user = app,
    };
    return xd_http_open(&cli->cx, &options, ret_http);
}

static bool listen_metrics(xd_cli *cli, xd_metrics *metrics, xd_http **ret_http)
{
    *ret_http = NULL;
    if (!xd_cli_given(cli, "metrics-listen")) {
        return true;
    }
    xd_http_options options = {
        .listen = xd_cli_str(cli, "metrics-listen"),
        .serve = xd_metrics_serve,
        .user = metrics,
    };
    return xd_http_start(&cli->cx, &options, ret_http);
}

/* So that the next start reads nothing in the log again; if it fails, that one does. The
 * command's own context has been told to stop already. */
static void keep_index(xd_app *app, xd_store *store)
{
    xd_ctx cx;
    xd_ctx_begin(&cx);
    if (!xd_index_flush(&cx, app->index, store)) {
        xd_log_err(&cx, "index");
    }
    xd_ctx_end(&cx);
}

/* Without --base-url, links go where we listen: the port is known only now when 0 was asked for. */
static void name_site(xd_cli *cli, xd_app *app, const xd_http *http)
{
    xd_str listen = xd_cli_str(cli, "listen");
    size_t colon = listen.n;
    while (colon > 0 && listen.p[colon - 1] != ':') {
        colon--;
    }
    if (app->base_url.n == 0) {
        app->base_url = xd_str_printf(cli->cx.arena, "http://" XD_FMT "%d",
                                      XD_ARG(xd_str_sub(listen, 0, colon)), xd_http_port(http));
    }
}

static bool serve(xd_cli *cli, xd_app *app)
{
    xd_ctx *cx = &cli->cx;
    xd_follower follower;
    xd_http *http, *metrics_http;
    if (!prepare(cli, app, &follower) || !bound_index(cli, app) ||
        !listen_on(cli, app, &http)) {
        return false;
    }
    name_site(cli, app, http);
    if (!xd_app_begin(cx, app) || !xd_http_run(cx, http)) {
        xd_http_stop(http, 0);
        xd_app_end(app);
        return false;
    }
    xd_metrics metrics = {.app = app, .http = http};
    xd_jobs *jobs = NULL;
    bool ok = listen_metrics(cli, &metrics, &metrics_http) && xd_jobs_start(cli, app, &jobs);
    if (ok) {
        atomic_store(&app->ready, true);
        xd_log(XD_INFO, "serving", "http://127.0.0.1:%d, log seq %" PRId64 ", store %s",
               xd_http_port(http), xd_index_seq(app->index), xd_store_place(follower.store));
        ok = xd_follow_run(cli, &follower);
        xd_log(XD_INFO, "stopping", "letting requests end");
        xd_jobs_stop(jobs);
        keep_index(app, follower.store);
    }
    if (metrics_http != NULL) {
        xd_http_stop(metrics_http, 0);
    }
    xd_http_stop(http, GRACE_MS);
    xd_app_end(app);
    return ok;
}

int xd_cmd_serve(xd_cli *cli)
{
    if (!xd_worker_start(&cli->cx, cli->program)) {
        return xd_cli_fail(cli);
    }
    xd_app app = {.base_url = xd_cli_str(cli, "base-url")};
    bool ok = serve(cli, &app);
    if (app.index != NULL) {
        xd_index_free(app.index);
    }
    return ok ? XD_EXIT_DONE : xd_cli_fail(cli);
}
