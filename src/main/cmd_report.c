/* main/cmd_report.c — a report as a file: the same bytes its address gives, without a server. */
#include "main/cli.h"
#include "web/app.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static void free_index(void *index)
{
    xd_index_free(index);
}

static void end_app(void *app)
{
    xd_app_end(app);
}

static void close_fd(void *p)
{
    (void)close(*(int *)p); /* read only */
}

static bool copy(xd_ctx *cx, int from, int to)
{
    char piece[65536];
    ssize_t n;
    if (lseek(from, 0, SEEK_SET) != 0) {
        return xd_fail_errno(cx, errno, "reading the report back");
    }
    while ((n = read(from, piece, sizeof piece)) > 0) {
        if (!xd_file_write(cx, to, (xd_str){piece, (size_t)n})) {
            return false;
        }
    }
    return n == 0 || xd_fail_errno(cx, errno, "reading the report back");
}

/* Everything a page needs but assets and a port. */
static bool open_app(xd_cli *cli, xd_app *app)
{
    xd_ctx *cx = &cli->cx;
    xd_store *store;
    int64_t applied;
    if (!xd_cli_open(cli, XD_STORE_READ, &app->model, &store) ||
        !xd_cli_settings(cli, app->model, &app->settings) ||
        !xd_index_make(cx, app->model, XD_SEE_PUBLIC, &app->index)) {
        return false;
    }
    xd_defer(cx, free_index, app->index); /* before a snapshot is: it goes after it */
    if (!xd_index_follow(cx, app->index, store, &applied)) {
        return false;
    }
    app->store_place = xd_cli_place(cli);
    app->reports_dir = xd_cli_below(cli, "reports");
    if (!xd_app_begin(cx, app)) {
        return false;
    }
    xd_defer(cx, end_app, app);
    return true;
}

static bool ask(xd_cli *cli, xd_app *app, const xd_type *type, const char *tail, int *ret_fd)
{
    xd_ctx *cx = &cli->cx;
    const xd_param year = {XD_S("year"), xd_cli_str(cli, "year")};
    xd_request *request = xd_new(cx->arena, xd_request);
    xd_response *response = xd_new(cx->arena, xd_response);
    *request = (xd_request){
        .method = XD_GET,
        .path = xd_str_printf(cx->arena, "/" XD_FMT "/%s/report%s", XD_ARG(type->path),
                              cli->words[1], tail),
        .params = &year,
        .n_params = xd_cli_given(cli, "year") ? 1 : 0,
        .lang = cx->lang,
    };
    request->raw_path = request->path;
    *response = (xd_response){.status = 200, .fd = -1};
    bool ok = xd_app_serve(cx, app, request, response);
    xd_buf_free(&response->body);
    if (ok && response->fd < 0) {
        ok = xd_fail(cx, XD_ABSENT, "no report at " XD_FMT, XD_ARG(request->path));
    }
    *ret_fd = response->fd;
    return ok;
}

int xd_cmd_report(xd_cli *cli)
{
    xd_ctx *cx = &cli->cx;
    xd_str path = xd_str_of(cli->words[2]);
    const char *tail = xd_str_ends(path, XD_S(".docx"))   ? ".docx"
                       : xd_str_ends(path, XD_S(".xlsx")) ? ".xlsx"
                                                          : NULL;
    xd_app *app = xd_new(cx->arena, xd_app);
    int *fd = xd_new(cx->arena, int);
    const xd_type *type;
    xd_cli_file out;
    *app = (xd_app){.base_url = xd_cli_str(cli, "base-url")};
    if (tail == NULL) {
        (void)xd_fail(cx, XD_INVALID, "%s ends neither in .docx nor in .xlsx", cli->words[2]);
        (void)xd_fail_words(cx, XD_S("文件名要以 .docx 或 .xlsx 结尾。"),
                            XD_S("The file's name has to end in .docx or .xlsx."));
        return xd_cli_fail(cli);
    }
    if (!open_app(cli, app) || !xd_cli_type(cli, app->model, cli->words[0], &type) ||
        !ask(cli, app, type, tail, fd)) {
        return xd_cli_fail(cli);
    }
    xd_defer(cx, close_fd, fd);
    if (!xd_cli_file_open(cx, cli->words[2], &out)) {
        return xd_cli_fail(cli);
    }
    bool ok = copy(cx, *fd, out.fd);
    if (!xd_cli_file_close(cx, &out, ok) || !ok) {
        return xd_cli_fail(cli);
    }
    (void)fprintf(stderr, cx->lang == XD_EN ? "Written: %s\n" : "已生成 %s\n",
                  cli->words[2]); /* words for people */
    return XD_EXIT_DONE;
}
