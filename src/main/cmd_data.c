/* main/cmd_data.c — import, export, template: tables in and out by command. */
#include "base/file.h"
#include "exchange/export.h"
#include "index/refer.h"
#include "main/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- import ------------------------------------------------------------------------------ */

typedef struct progress {
    const xd_cli *cli;
    int64_t began, told; /* µs, monotonic */
} progress;

/* A line that is drawn over on a terminal; a plain line every ten seconds elsewhere. */
static void on_progress(void *user, int64_t rows, int64_t bytes, int64_t of_bytes)
{
    progress *p = user;
    bool terminal = isatty(STDERR_FILENO) != 0;
    int64_t now = xd_monotonic();
    if (now - p->told < (terminal ? 200000 : 10000000)) {
        return;
    }
    p->told = now;
    double seconds = (double)(now - p->began) / 1e6;
    double rate = seconds > 0 ? (double)rows / seconds : 0;
    double left = bytes > 0 && of_bytes > bytes
                      ? seconds * (double)(of_bytes - bytes) / (double)bytes
                      : 0;
    const char *from = terminal ? "\r" : "", *to = terminal ? "   " : "\n";
    if (p->cli->cx.lang == XD_EN) { /* words for people */
        (void)fprintf(stderr, "%s%" PRId64 " rows, %.0f a second, %.0f s left%s", from, rows,
                      rate, left, to);
    } else {
        (void)fprintf(stderr, "%s%" PRId64 " 行，每秒 %.0f 行，还需 %.0f 秒%s", from, rows,
                      rate, left, to);
    }
}

static bool open_in(xd_ctx *cx, const char *path, int *ret_fd)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void)xd_fail_errno(cx, errno, "opening %s", path);
        return xd_fail_words(
            cx, xd_str_printf(cx->arena, "打不开文件 %s。请核对路径。", path),
            xd_str_printf(cx->arena, "The file %s cannot be opened. Check the path.", path));
    }
    *ret_fd = fd;
    return true;
}

static xd_str base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return xd_str_of(slash == NULL ? path : slash + 1);
}

static bool annotate(xd_cli *cli, const xd_import_options *options, const xd_report *report)
{
    const char *to = xd_cli_value(cli, "annotate");
    int in;
    xd_cli_file out;
    if (to == NULL) {
        return true;
    }
    if (!open_in(&cli->cx, cli->words[1], &in)) {
        return false;
    }
    if (!xd_cli_file_open(&cli->cx, to, &out)) {
        (void)close(in); /* read only */
        return false;
    }
    bool ok = xd_annotate(&cli->cx, in, cli->words[1], options, report, cli->cx.lang, out.fd);
    return xd_cli_file_close(&cli->cx, &out, ok) && ok;
}

static int tell_report(xd_cli *cli, const xd_report *report, bool dry_run)
{
    xd_buf out = {0};
    if (cli->json) {
        xd_report_json(&out, report, cli->cx.lang);
        xd_cli_put(xd_buf_str(&out));
    } else {
        xd_report_text(&out, report, cli->cx.lang);
        (void)fwrite(out.p, 1, out.n, stderr); /* words for people */
        xd_cli_say_position(cli, report->position);
    }
    xd_buf_free(&out);
    bool refused = report->refused > 0 && (dry_run || report->changeset == 0);
    return refused ? XD_EXIT_REFUSED : XD_EXIT_DONE;
}

/* One file, by its path. */
static int import_file(xd_cli *cli, xd_store *store, const xd_model *model,
                       xd_import_options *options, const char *path)
{
    xd_ctx *cx = &cli->cx;
    const xd_report *report;
    int fd;
    options->file_name = base_name(path);
    if (!open_in(cx, path, &fd)) {
        return xd_cli_fail(cli);
    }
    bool ran = xd_import_run(cx, store, model, fd, path, options, &report);
    (void)close(fd); /* read only */
    if (isatty(STDERR_FILENO) != 0) {
        (void)fprintf(stderr, "\r\033[K"); /* the progress line has done its work */
    }
    if (!ran || !annotate(cli, options, report)) {
        return xd_cli_fail(cli);
    }
    xd_report told = *report;
    told.position = options->dry_run ? (xd_str){0} : xd_cli_position(cli, store);
    return tell_report(cli, &told, options->dry_run);
}

/* A folder of tables that came back: each by itself, in the order of their names, a change set
 * each. One that is refused does not keep the others out; the worst of them is the outcome. */
static int import_folder(xd_cli *cli, xd_store *store, const xd_model *model,
                         xd_import_options *options)
{
    xd_ctx *cx = &cli->cx;
    xd_strs names = {0};
    int worst = XD_EXIT_DONE;
    size_t n = 0;
    if (!xd_dir_list(cx, cli->words[1], &names)) {
        return xd_cli_fail(cli);
    }
    if (cli->json) {
        xd_cli_put(XD_S("["));
    }
    for (size_t i = 0; i < names.n; i++) {
        if (names.at[i].p[0] == '.' || names.at[i].p[0] == '~') {
            continue; /* what systems and office programs leave about */
        }
        const char *path =
            xd_cstr(cx->arena,
                    xd_str_printf(cx->arena, "%s/" XD_FMT, cli->words[1], XD_ARG(names.at[i])));
        (void)fprintf(stderr, "%s\n", path);
        if (cli->json && n++ > 0) {
            xd_cli_put(XD_S(","));
        }
        int outcome = import_file(cli, store, model, options, path);
        if (cx->err.code != XD_OK) {
            (void)xd_err_take(cx); /* said already: the next file may be good */
            if (cli->json) {
                xd_cli_put(XD_S("null"));
            }
        }
        worst = outcome > worst ? outcome : worst;
    }
    if (cli->json) {
        xd_cli_put(XD_S("]"));
    }
    return worst;
}

int xd_cmd_import(xd_cli *cli)
{
    xd_ctx *cx = &cli->cx;
    const xd_model *model;
    xd_store *store;
    xd_regions *regions;
    struct stat about;
    progress told = {.cli = cli, .began = xd_monotonic()};
    told.told = told.began;
    if (!xd_worker_start(cx, cli->program) ||
        !xd_cli_open(cli, XD_STORE_CREATE, &model, &store) || !xd_cli_regions(cli, &regions)) {
        return xd_cli_fail(cli);
    }
    xd_import_options options = {
        .crs = xd_cli_str(cli, "crs"),
        .source = xd_cli_str(cli, "source"),
        .confidence = xd_cli_str(cli, "confidence"),
        .state = xd_cli_str(cli, "state"),
        .encoding = xd_cli_str(cli, "encoding"),
        .dry_run = xd_cli_given(cli, "dry-run"),
        .accept_good = xd_cli_given(cli, "accept-good"),
        .clear = xd_cli_given(cli, "clear"),
        .regions = regions,
        .command = "xiudai import",
        .progress = on_progress,
        .on_wait = xd_cli_on_wait,
        .user = &told,
    };
    if (!xd_cli_type(cli, model, cli->words[0], &options.type)) {
        return xd_cli_fail(cli);
    }
    bool folder = stat(cli->words[1], &about) == 0 && S_ISDIR(about.st_mode) &&
                  xd_cli_value(cli, "annotate") == NULL;
    return folder ? import_folder(cli, store, model, &options)
                  : import_file(cli, store, model, &options, cli->words[1]);
}

/* ---- export ------------------------------------------------------------------------------ */

typedef struct selection {
    XD_VEC(int64_t) ids;
    size_t at;
    xd_store *store;
    const xd_snap *snap;
    xd_ctx each; /* reset record by record: memory stays bounded */
} selection;

static bool add_hit(xd_ctx *cx, void *user, xd_hit hit)
{
    selection *s = user;
    *xd_push(cx->arena, &s->ids) = hit.id;
    return true;
}

static bool next_body(void *user, xd_ctx *cx, int64_t *ret_id, const xd_json **ret_body)
{
    selection *s = user;
    const xd_record *record;
    *ret_body = NULL;
    while (s->at < s->ids.n) {
        xd_ctx_reset(&s->each);
        if (!xd_record_find(&s->each, s->store, s->ids.at[s->at++], &record)) {
            return xd_fail(cx, s->each.err.code, XD_FMT, XD_ARG(s->each.err.message));
        }
        if (record != NULL) {
            *ret_id = record->id;
            *ret_body = record->body;
            return true;
        }
    }
    return true;
}

static void free_index(void *index)
{
    xd_index_free(index);
}

/* The ids that filter and q name, through an index over everything the operator may see. */
static bool select_ids(xd_cli *cli, const xd_model *model, xd_store *store, const xd_type *type,
                       selection *ret)
{
    xd_ctx *cx = &cli->cx;
    xd_index *index;
    int64_t applied;
    xd_ask ask = {.type = type, .q = xd_cli_str(cli, "q"), .lang = cx->lang};
    xd_str filter = xd_cli_str(cli, "filter");
    if (filter.n > 0) {
        const xd_cql *cql;
        if (!xd_cql_read_text(cx, filter, &cql) ||
            !xd_cql_check(cx, model, type, true, cql, &ask.filter)) {
            return false;
        }
    }
    if (!xd_index_make(cx, model, XD_SEE_ALL, &index)) {
        return false;
    }
    xd_defer(cx, free_index,
             index); /* before a snapshot is deferred, so that it goes after it */
    if (!xd_index_follow(cx, index, store, &applied)) {
        return false;
    }
    ret->snap = xd_snap_open(cx, index);
    return xd_ask_each(cx, ret->snap, &ask, add_hit, ret);
}

static bool export_to(xd_cli *cli, const xd_model *model, xd_export_options *options,
                      selection *chosen)
{
    xd_cli_file out;
    if (!xd_cli_file_open(&cli->cx, cli->words[1], &out)) {
        return false;
    }
    bool ok = xd_export_run(&cli->cx, model, options, next_body, chosen, xd_refer_text,
                            xd_refer_make(&cli->cx, model, chosen->snap), out.fd);
    return xd_cli_file_close(&cli->cx, &out, ok) && ok;
}

int xd_cmd_export(xd_cli *cli)
{
    xd_ctx *cx = &cli->cx;
    const xd_model *model;
    selection chosen = {.at = 0};
    xd_export_options options = {.gb18030 = xd_cli_given(cli, "gb18030"),
                                 .bom = xd_cli_given(cli, "bom"),
                                 .lang = cx->lang,
                                 .base_url = xd_cli_str(cli, "base-url")};
    if (!xd_worker_start(cx, cli->program) ||
        !xd_cli_open(cli, XD_STORE_READ, &model, &chosen.store) ||
        !xd_cli_type(cli, model, cli->words[0], &options.type) ||
        !xd_format_of(cx, xd_str_of(cli->words[1]), &options.format) ||
        (xd_cli_given(cli, "crs") && !xd_crs_find(cx, xd_cli_str(cli, "crs"), &options.crs)) ||
        !select_ids(cli, model, chosen.store, options.type, &chosen)) {
        return xd_cli_fail(cli);
    }
    xd_ctx_begin(&chosen.each);
    bool ok = export_to(cli, model, &options, &chosen);
    xd_ctx_end(&chosen.each);
    if (!ok) {
        return xd_cli_fail(cli);
    }
    (void)fprintf(stderr,
                  cx->lang == XD_EN ? "%zu records written to %s\n" : "已导出 %zu 条到 %s\n",
                  chosen.ids.n, cli->words[1]); /* words for people */
    return XD_EXIT_DONE;
}

int xd_cmd_template(xd_cli *cli)
{
    const xd_model *model;
    const xd_type *type;
    xd_cli_file out;
    if (!xd_cli_model(cli, xd_cli_below(cli, "model"), &model) ||
        !xd_cli_type(cli, model, cli->words[0], &type) ||
        !xd_cli_file_open(&cli->cx, cli->words[1], &out)) {
        return xd_cli_fail(cli);
    }
    bool ok = xd_template_write(&cli->cx, model, type, cli->cx.lang, out.fd);
    return xd_cli_file_close(&cli->cx, &out, ok) && ok ? XD_EXIT_DONE : xd_cli_fail(cli);
}
