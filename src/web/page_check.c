/* 检查表格: an uploaded table through the importer's dry run. The answer is the report as a page,
 * or the visitor's own table with a column of reasons. Nothing is stored; open to this machine
 * and listed addresses only. */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "web/page.h"

#define PROBLEMS 200 /* on the page; the annotated copy has all */

typedef struct check_page {
    xd_page page;
    const xd_type *type;
    const xd_upload *upload;
    const xd_report *report;
    xd_view_check view;
} check_page;

static bool refuse_strangers(const check_page *c)
{
    const xd_request *request = c->page.request;
    xd_ctx *cx = c->page.cx;
    if (!request->client_is_local) {
        (void)xd_fail(cx, XD_DENIED, "table check from " XD_FMT, XD_ARG(request->client));
        return xd_fail_words(cx, xd_word(XD_ZH, XD_W_CHECK_CLOSED),
                             xd_word(XD_EN, XD_W_CHECK_CLOSED));
    }
    /* A page of another site must not send tables in a visitor's name. */
    xd_str origin = request->origin, rest;
    if (origin.n > 0) {
        size_t at = xd_str_find(origin, XD_S("://"), 0);
        rest = at == SIZE_MAX ? (xd_str){0} : xd_str_sub(origin, at + 3, origin.n);
        if (!xd_str_eq(rest, request->host)) {
            return xd_fail(cx, XD_DENIED, "table check from the origin " XD_FMT,
                           XD_ARG(origin));
        }
    }
    return true;
}

static bool read_form(check_page *c)
{
    const xd_request *request = c->page.request;
    xd_ctx *cx = c->page.cx;

    c->type = xd_type_by_path(c->page.app->model, xd_param_get(request, XD_S("type")));
    for (size_t i = 0; i < request->n_uploads; i++) {
        if (xd_str_eq(request->uploads[i].field, XD_S("file")) &&
            request->uploads[i].bytes > 0) {
            c->upload = &request->uploads[i];
        }
    }
    if (c->type == NULL || c->upload == NULL) {
        (void)xd_fail(cx, XD_INVALID, "table check without a type or a file");
        return xd_fail_words(cx, xd_word(XD_ZH, XD_W_CHECK_NO_FILE),
                             xd_word(XD_EN, XD_W_CHECK_NO_FILE));
    }
    return true;
}

static xd_import_options options_of(const check_page *c)
{
    xd_str crs = xd_param_get(c->page.request, XD_S("crs"));
    return (xd_import_options){
        .type = c->type,
        .file_name = c->upload->file_name,
        .crs = crs.n > 0 ? crs : XD_S("auto"),
        .dry_run = true,
        .accept_good = true,
        .regions = c->page.app->regions,
        .command = "check",
    };
}

/* The importer closes the descriptor it reads. */
static bool copy_fd(const check_page *c, int *ret_fd)
{
    int fd = dup(c->upload->fd);
    if (fd < 0 || lseek(fd, 0, SEEK_SET) < 0) {
        int saved = errno;
        if (fd >= 0) {
            (void)close(fd); /* nothing was written to it */
        }
        return xd_fail_errno(c->page.cx, saved, "reading the upload");
    }
    *ret_fd = fd;
    return true;
}

static bool run_check(check_page *c)
{
    xd_ctx *cx = c->page.cx;
    xd_store *store;
    int fd;
    const xd_import_options options = options_of(c);

    return xd_node_may_judge(cx, c->page.app) && xd_app_store(cx, c->page.app, &store) &&
           copy_fd(c, &fd) &&
           xd_import_run(cx, store, c->page.app->model, fd, NULL, &options, &c->report);
}

/* ---- the annotated copy --------------------------------------------------------------------- */

static xd_str copy_name(const check_page *c)
{
    xd_str name = c->upload->file_name;
    size_t dot = name.n;
    for (size_t i = name.n; i > 0 && dot == name.n; i--) {
        dot = name.p[i - 1] == '.' ? i - 1 : dot;
    }
    return xd_say_s(&c->page, XD_W_CHECK_COPY, "file", xd_str_sub(name, 0, dot));
}

static bool send_copy(check_page *c)
{
    xd_ctx *cx = c->page.cx;
    const xd_import_options options = options_of(c);
    xd_buf encoded = {0};
    int in, out;

    if (!copy_fd(c, &in)) {
        return false;
    }
    if (!xd_file_unnamed(cx, &out)) {
        (void)close(in); /* nothing was written to it */
        return false;
    }
    if (!xd_annotate(cx, in, NULL, &options, c->report, cx->lang, out)) {
        (void)close(out); /* what was written is not used */
        return xd_fail_note(cx, "annotating the table");
    }
    xd_buf_url(&encoded, copy_name(c));
    c->page.response->type = xd_format_media(XD_XLSX);
    c->page.response->fd = out;
    c->page.response->max_age = -1;
    xd_header_add(cx, c->page.response, XD_S("Content-Disposition"),
                  xd_str_printf(cx->arena, "attachment; filename*=UTF-8''" XD_FMT,
                                XD_ARG(xd_buf_str(&encoded))));
    xd_buf_free(&encoded);
    return true;
}

/* ---- the report as a page ------------------------------------------------------------------- */

static xd_str where(check_page *c, const xd_problem *p)
{
    xd_ctx *cx = c->page.cx;
    const xd_fill fills[] = {
        {.hole = "sheet", .text = p->sheet},
        {.hole = "row",   .number = p->row}
    };
    return p->row == 0 ? p->sheet
                       : xd_word_fill(cx->arena, cx->lang,
                                      p->sheet.n > 0 ? XD_W_CHECK_AT_SHEET : XD_W_CHECK_AT,
                                      fills, XD_LEN(fills));
}

static void add_problem(check_page *c, const xd_problem *p)
{
    static const struct {
        xd_word_id word;
        xd_str css;
    } weights[] = {
        [XD_NOTE] = {XD_W_WEIGHT_NOTE,    XD_STR("note")},
        [XD_WARNING] = {XD_W_WEIGHT_WARNING, XD_STR("warn")},
        [XD_REFUSAL] = {XD_W_WEIGHT_REFUSAL, XD_STR("bad") },
    };
    xd_ctx *cx = c->page.cx;
    xd_view_problems *to = p->weight == XD_NOTE ? &c->view.notes : &c->view.problems;
    if (to->n >= PROBLEMS) {
        c->view.more++;
        return;
    }
    *xd_push(cx->arena, to) = (xd_view_problem){
        .where = where(c, p),
        .column = p->column.n > 0 ? p->column : p->field,
        .value = xd_said_cut(&c->page, (xd_said){.text = p->value}, 80).text,
        .reason = p->in[cx->lang],
        .suggestion = p->suggestion[cx->lang],
        .css = weights[p->weight].css,
        .weight = xd_say(&c->page, weights[p->weight].word),
    };
}

static void fill(check_page *c)
{
    const xd_report *report = c->report;

    c->view.file = c->upload->file_name;
    c->view.type_label = xd_type_plural(&c->page, c->type);
    c->view.rows = report->rows;
    c->view.new_rows = report->new_rows;
    c->view.changed = report->changed;
    c->view.unchanged = report->unchanged;
    c->view.refused = report->refused;
    c->view.good = report->refused == 0;
    c->view.verdict = c->view.good ? xd_say(&c->page, XD_W_CHECK_GOOD)
                                   : xd_say_n(&c->page, XD_W_CHECK_BAD, "n", report->refused);
    static const xd_weight order[] = {XD_REFUSAL, XD_WARNING, XD_NOTE};
    for (size_t k = 0; k < XD_LEN(order); k++) {
        for (size_t i = 0; i < report->problems.n; i++) {
            if (report->problems.at[i].weight == order[k]) {
                add_problem(c, &report->problems.at[i]);
            }
        }
    }
    c->view.again = xd_url_page(c->page.cx, "/data");
    c->view.again.address =
        xd_str_join(c->page.cx->arena, c->view.again.address, XD_S("#check"));
}

/* Who comes back to the address of the result finds the form. */
bool xd_page_check_form(xd_ctx *cx, const xd_app *app, const xd_request *request,
                        xd_response *response)
{
    (void)app, (void)request;
    xd_str form = xd_str_join(cx->arena, xd_url_page(cx, "/data").address, XD_S("#check"));
    response->status = 303;
    xd_header_add(cx, response, XD_S("Location"), form);
    return true;
}

bool xd_page_check(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    check_page c = {0};

    xd_page_begin(cx, app, request, response, &c.page);
    if (!refuse_strangers(&c) || !read_form(&c) || !run_check(&c)) {
        return false;
    }
    if (!xd_str_eq(xd_param_get(request, XD_S("answer")), XD_S("page"))) {
        return send_copy(&c);
    }
    xd_page_frame(&c.page, xd_say(&c.page, XD_W_CHECK_TITLE), &c.view.page);
    xd_page_here(&c.page, &c.view.page, NULL, "data");
    xd_page_more(&c.page, &c.view.page);
    c.view.page.noindex = true;
    response->max_age = -1;
    xd_page_crumb(&c.page, &c.view.page, xd_say(&c.page, XD_W_DATA_TITLE),
                  xd_url_page(cx, "/data"));
    xd_page_crumb(&c.page, &c.view.page, xd_say(&c.page, XD_W_CHECK_TITLE), (xd_url){0});
    fill(&c);
    xd_out out = xd_page_out(&c.page);
    xd_tmpl_check(&out, &c.view);
    return xd_page_send(&c.page);
}
