/* A report on a record, as a page to read and print, and as files to hand in: /{type}/{key}/report,
 * report.docx, report.xlsx; ?year=2025 for one year. */
#include <unistd.h>

#include "base/file.h"
#include "exchange/paper.h"
#include "web/app_room.h"
#include "web/report.h"

#define YEAR XD_S("year")

static bool no_form(xd_ctx *cx, const xd_request *request)
{
    return xd_fail(cx, XD_ABSENT, "no report at " XD_FMT, XD_ARG(request->path));
}

/* Only years the form offers have a report. */
static bool choose_year(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    xd_str asked = xd_param_get(r->page.request, YEAR);
    int64_t first, last;
    if (asked.n == 0) {
        return true;
    }
    xd_report_years(cx, r->form, r->body, xd_today(&r->page), &first, &last);
    if (xd_str_int(asked, &r->year) && r->year >= first && r->year <= last) {
        return true;
    }
    (void)xd_fail(cx, XD_ABSENT, "no report of the year " XD_FMT, XD_ARG(asked));
    return first > last
               ? xd_fail_words(
                     cx, XD_S("没有写明起止时间，不能按年度汇总。"),
                     XD_S("Its beginning and end are not stated, so it has no years."))
               : xd_fail_words(
                     cx,
                     xd_str_printf(cx->arena, "可以选 %" PRId64 " 年到 %" PRId64 " 年。", first,
                                   last),
                     xd_str_printf(cx->arena, "Choose a year from %" PRId64 " to %" PRId64 ".",
                                   first, last));
}

static bool begin(xd_ctx *cx, const xd_app *app, const xd_request *request,
                  xd_response *response, xd_reporting *r)
{
    int64_t rev;
    xd_page_begin(cx, app, request, response, &r->page);
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));
    r->form = type == NULL ? NULL : xd_report_form_of(&app->room->forms, type);
    r->id =
        r->form == NULL ? 0 : xd_snap_find(r->page.snap, type, xd_route_part(cx, request, 1));
    if (r->id == 0) {
        return no_form(cx, request);
    }
    if (!xd_snap_body(cx, r->page.snap, r->id, &r->body, &rev)) {
        return false;
    }
    if (r->body == NULL) {
        return no_form(cx, request);
    }
    return choose_year(r) && xd_report_make(r);
}

/* ---- the page ------------------------------------------------------------------------------- */

static xd_url with_year(xd_reporting *r, const char *tail, int64_t year)
{
    xd_ctx *cx = r->page.cx;
    xd_query query = {0};
    if (year != 0) {
        xd_query_add(cx, &query, YEAR, xd_str_printf(cx->arena, "%" PRId64, year));
    }
    return xd_url_query(cx, xd_url_id(cx, r->form->type, r->id, tail), &query);
}

static void add_years(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    int64_t first, last;
    xd_report_years(cx, r->form, r->body, r->today, &first, &last);
    if (first > last) {
        return;
    }
    *xd_push(cx->arena, &r->view.years) =
        (xd_view_link){.label = xd_say(&r->page, XD_W_REPORT_WHOLE),
                       .url = with_year(r, "/report", 0),
                       .here = r->year == 0};
    for (int64_t year = last; year >= first; year--) {
        *xd_push(cx->arena, &r->view.years) =
            (xd_view_link){.label = xd_say_n(&r->page, XD_W_REPORT_YEAR, "year", year),
                           .url = with_year(r, "/report", year),
                           .here = r->year == year};
    }
}

/* Whose it is, from where, of what day: the same on the page and in the files. */
static void add_origin(xd_reporting *r)
{
    xd_ctx *cx = r->page.cx;
    r->view.host = xd_site_setting(r->page.app, XD_S("host"));
    r->view.day = xd_day_text(cx->arena, r->today);
    r->view.address =
        xd_url_whole(cx, r->page.app->base_url, with_year(r, "/report", r->year)).address;
}

bool xd_page_report(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    xd_reporting *r = xd_new(cx->arena, xd_reporting);
    if (!begin(cx, app, request, response, r)) {
        return false;
    }
    xd_view_report *view = &r->view;
    xd_page_frame(&r->page, view->title, &view->page);
    xd_page_here(&r->page, &view->page, r->form->type, NULL);
    xd_page_search(&r->page, &view->page, r->form->type);
    xd_page_more(&r->page, &view->page);
    view->page.searchable = true;
    view->page.sample = xd_sample_word(&r->page, r->form->type, r->body);
    view->page.noindex = view->page.sample.n > 0;
    view->record = xd_body_url(&r->page, r->form->type, r->id, r->body);
    xd_page_crumb(&r->page, &view->page, xd_type_plural(&r->page, r->form->type),
                  xd_url_type(cx, r->form->type));
    xd_page_crumb(&r->page, &view->page, view->name, view->record);
    xd_page_crumb(&r->page, &view->page, xd_label_in(&r->form->label, cx->lang), (xd_url){0});
    view->docx = with_year(r, "/report.docx", r->year);
    view->xlsx = with_year(r, "/report.xlsx", r->year);
    add_years(r);
    add_origin(r);
    xd_out out = xd_page_out(&r->page);
    xd_tmpl_report(&out, view);
    return xd_page_send(&r->page);
}

/* ---- files ---------------------------------------------------------------------------------- */

static xd_paper_kind kind_of(const xd_view_report_block *block)
{
    return block->pairs   ? XD_PAPER_PAIRS
           : block->words ? XD_PAPER_WORDS
           : block->table ? XD_PAPER_TABLE
           : block->note  ? XD_PAPER_NOTE
                          : XD_PAPER_HEADING;
}

static void add_block(xd_ctx *cx, const xd_view_report_block *from, xd_paper *to)
{
    xd_paper_block block = {
        .kind = kind_of(from),
        .level = from->first    ? 1
                 : from->second ? 2
                                : 3,
        .part = from->part,
        .text = from->text,
        .none = from->none,
        .under = from->under,
        .sheet = from->sheet,
    };
    for (size_t i = 0; i < from->columns.n; i++) {
        *xd_push(cx->arena, &block.columns) = from->columns.at[i];
    }
    for (size_t i = 0; i < from->rows.n; i++) {
        xd_paper_row row = {0};
        for (size_t k = 0; k < from->rows.at[i].cells.n; k++) {
            const xd_view_report_cell *cell = &from->rows.at[i].cells.at[k];
            *xd_push(cx->arena, &row.cells) =
                (xd_paper_cell){cell->text, cell->number, cell->missing};
        }
        *xd_push(cx->arena, &block.rows) = row;
    }
    *xd_push(cx->arena, &to->blocks) = block;
}

/* 2026年11月24日 as papers are dated. */
static xd_str date_text(xd_reporting *r)
{
    int64_t year;
    int month, day;
    xd_day_parts(r->today, &year, &month, &day);
    return r->page.cx->lang == XD_ZH
               ? xd_str_printf(r->page.cx->arena, "%" PRId64 "年%d月%d日", year, month, day)
               : r->view.day;
}

static void to_paper(xd_reporting *r, xd_paper *paper)
{
    xd_ctx *cx = r->page.cx;
    xd_str sample = xd_sample_word(&r->page, r->form->type, r->body);
    add_origin(r);
    *paper = (xd_paper){
        .lang = cx->lang,
        .title = r->view.title,
        .lines = r->view.lines,
        .subtitle = r->view.subtitle,
        .signed_by = r->view.host,
        .date = date_text(r),
        .of = xd_say(&r->page, XD_W_REPORT_OF),
    };
    if (sample.n > 0) {
        paper->warning = xd_say_s(&r->page, XD_W_REPORT_SAMPLE, "word", sample);
    }
    const xd_fill fills[] = {
        {.hole = "address", .text = r->view.address},
        {.hole = "when",    .text = r->view.day    },
    };
    paper->origin = xd_word_fill(cx->arena, cx->lang, XD_W_REPORT_ORIGIN, fills, XD_LEN(fills));
    for (size_t i = 0; i < r->view.blocks.n; i++) {
        add_block(cx, &r->view.blocks.at[i], paper);
    }
}

static void close_fd(void *p)
{
    int fd = *(int *)p;
    if (fd >= 0) {
        (void)close(fd); /* only written to the page cache; nothing was promised */
    }
}

static bool send_file(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response, bool docx)
{
    xd_reporting *r = xd_new(cx->arena, xd_reporting);
    xd_paper paper;
    int *fd = xd_new(cx->arena, int);
    if (!begin(cx, app, request, response, r) || !xd_file_unnamed(cx, fd)) {
        return false;
    }
    xd_defer(cx, close_fd, fd);
    to_paper(r, &paper);
    if (!(docx ? xd_paper_docx(cx, &paper, *fd) : xd_paper_xlsx(cx, &paper, *fd))) {
        return xd_fail_note(cx, "writing the report " XD_FMT, XD_ARG(paper.title));
    }
    xd_buf name = {0};
    xd_buf_url(&name, paper.title);
    response->type = docx ? XD_S(XD_DOCX_MEDIA) : xd_format_media(XD_XLSX);
    xd_header_add(cx, response, XD_S("Content-Disposition"),
                  xd_str_printf(cx->arena, "attachment; filename*=UTF-8''" XD_FMT "%s",
                                XD_ARG(xd_buf_str(&name)), docx ? ".docx" : ".xlsx"));
    xd_buf_free(&name);
    response->fd = *fd;
    *fd = -1; /* the response's now */
    return true;
}

bool xd_page_report_docx(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    return send_file(cx, app, request, response, true);
}

bool xd_page_report_xlsx(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    return send_file(cx, app, request, response, false);
}
