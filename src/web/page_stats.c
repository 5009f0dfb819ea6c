/* A list as statistics: its question counted by region, time and each facet, as tables with bars,
 * years also as a column chart; the same as CSV. */
#include "web/page_list.h"
#include "web/stats.h"

#define BAR_W 150 /* of the longest row */
#define COLUMN 26 /* of the chart of years */
#define CHART_H 150
#define CHART_TOP 18
#define MOST_COLUMNS 48

static xd_str share_of(xd_page *page, uint64_t n, uint64_t all)
{
    if (all == 0) {
        return (xd_str){0};
    }
    uint64_t tenths = (n * 1000 + all / 2) / all;
    return xd_str_printf(page->cx->arena, "%" PRIu64 ".%" PRIu64 "%%", tenths / 10,
                         tenths % 10);
}

static void add_rows(xd_list_page *l, const xd_stat *stat, uint64_t all, xd_view_stat *view)
{
    xd_ctx *cx = l->page.cx;
    uint64_t most = 1;
    for (size_t i = 0; i < stat->rows.n; i++) {
        most = stat->rows.at[i].n > most ? stat->rows.at[i].n : most;
    }
    for (size_t i = 0; i < stat->rows.n; i++) {
        const xd_stat_row *row = &stat->rows.at[i];
        xd_query query = xd_query_without(cx, &l->page.query, stat->field->name);
        query = xd_query_without(cx, &query, XD_S("show"));
        xd_query_add(cx, &query, stat->field->name, row->code.n > 0 ? row->code : XD_S(""));
        xd_view_stat_row *line = xd_push(cx->arena, &view->rows);
        *line = (xd_view_stat_row){.n = 0};
        line->label = row->label;
        line->level = row->level;
        line->n = row->n;
        line->share = share_of(&l->page, row->n, all);
        line->width = (int)(row->n * BAR_W / most);
        line->css = row->code.n == 0 ? XD_S("unsaid") : XD_S("said");
        if (row->n > 0) {
            line->url = xd_url_query(cx, l->view.action, &query);
        }
        line->width = row->n > 0 && line->width < 2 ? 2 : line->width;
        for (size_t k = 0; k < stat->columns.n; k++) {
            *xd_push(cx->arena, &line->cells) =
                xd_str_printf(cx->arena, "%" PRIu64, row->cells[k]);
        }
    }
    for (size_t k = 0; k < stat->columns.n; k++) {
        *xd_push(cx->arena, &view->columns) =
            xd_label_in(&stat->columns.at[k]->label, cx->lang);
    }
}

/* A column a span of years, gaps included, so that time runs evenly. */
static void draw_years(xd_list_page *l, const xd_stat *stat, xd_view_stat *view)
{
    xd_ctx *cx = l->page.cx;
    int64_t first = INT64_MAX, last = INT64_MIN, year,
            step = stat->field->facet_decades > 0 ? stat->field->facet_decades : 10;
    uint64_t most = 1;

    for (size_t i = 0; i < stat->rows.n; i++) {
        if (xd_str_int(stat->rows.at[i].code, &year)) {
            first = year < first ? year : first;
            last = year > last ? year : last;
            most = stat->rows.at[i].n > most ? stat->rows.at[i].n : most;
        }
    }
    if (first >= last) {
        return; /* one column is no course of time */
    }
    if ((last - first) / step >= MOST_COLUMNS) {
        first = last - (MOST_COLUMNS - 1) * step;
        view->from = xd_say_n(&l->page, XD_W_STATS_FROM, "year", first);
    }
    view->width = (int)((last - first) / step + 1) * COLUMN;
    view->height = CHART_TOP + CHART_H + 22;
    view->base = CHART_TOP + CHART_H;
    for (size_t i = 0; i < stat->rows.n; i++) {
        const xd_stat_row *row = &stat->rows.at[i];
        if (!xd_str_int(row->code, &year) || year < first || row->n == 0) {
            continue;
        }
        int h = (int)(row->n * CHART_H / most);
        h = h < 2 ? 2 : h;
        int x = (int)((year - first) / step) * COLUMN;
        *xd_push(cx->arena, &view->bars) = (xd_view_stat_bar){
            .x = x + 3,
            .y = view->base - h,
            .w = COLUMN - 6,
            .h = h,
            .mid = x + COLUMN / 2,
            .text_y = view->base - h - 4,
            .text = xd_str_printf(cx->arena, "%" PRIu64, row->n),
        };
    }
    int64_t every = view->width > 16 * COLUMN ? 5 : view->width > 8 * COLUMN ? 2 : 1;
    for (int64_t at = first; at <= last; at += step * every) {
        *xd_push(cx->arena, &view->ticks) = (xd_view_stat_bar){
            .mid = (int)((at - first) / step) * COLUMN + COLUMN / 2,
            .text_y = view->base + 16,
            .text = xd_str_printf(cx->arena, "%" PRId64, at),
        };
    }
}

bool xd_list_stats(xd_list_page *l)
{
    xd_ctx *cx = l->page.cx;
    xd_stats stats = {0};
    uint64_t n;

    if (!xd_stats_of(&l->page, &l->ask, &stats, &n)) {
        return false;
    }
    xd_view_stats *view = xd_new(cx->arena, xd_view_stats);
    view->as_of = xd_stats_as_of(&l->page);
    for (size_t i = 0; i < stats.n; i++) {
        const xd_stat *stat = &stats.at[i];
        xd_view_stat *one = xd_push(cx->arena, &view->stats);
        *one = (xd_view_stat){
            .id = xd_str_printf(cx->arena, "by%zu", stat->field->at),
            .label = stat->label,
            .approximate = stat->approximate,
        };
        add_rows(l, stat, n, one);
        if (stat->years) {
            draw_years(l, stat, one);
        }
    }
    xd_query query = xd_query_without(cx, &l->page.query, XD_S("show"));
    view->csv = xd_url_query(
        cx, xd_url_path(cx, cx->lang, "/{}/statistics.csv", &l->type->path, 1), &query);
    l->view.stats = view;
    return true;
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static void put_cell(xd_buf *out, xd_str text, bool first)
{
    if (!first) {
        xd_buf_byte(out, ',');
    }
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        quoted |= text.p[i] == ',' || text.p[i] == '"' || text.p[i] == '\n';
    }
    if (!quoted) {
        xd_buf_add(out, text);
        return;
    }
    xd_buf_byte(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') {
            xd_buf_byte(out, '"');
        }
        xd_buf_byte(out, text.p[i]);
    }
    xd_buf_byte(out, '"');
}

void xd_csv_line(xd_buf *out, const xd_str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_cell(out, cells[i], i == 0);
    }
    xd_buf_add(out, XD_S("\r\n"));
}

void xd_csv_begin(xd_page *page, xd_str name)
{
    page->response->type = XD_S("text/csv; charset=utf-8");
    xd_header_add(
        page->cx, page->response, XD_S("Content-Disposition"),
        xd_str_printf(page->cx->arena, "attachment; filename=\"" XD_FMT "\"", XD_ARG(name)));
    xd_buf_add(&page->response->body, XD_S("\xEF\xBB\xBF")); /* so that Excel reads UTF-8 */
}

bool xd_page_stats_csv(xd_ctx *cx, const xd_app *app, const xd_request *request,
                       xd_response *response)
{
    xd_page page;
    xd_stats stats = {0};
    uint64_t n;
    xd_ask ask;
    const xd_type *type = xd_type_by_path(app->model, xd_route_part(cx, request, 0));

    xd_page_begin(cx, app, request, response, &page);
    if (!xd_ask_from(cx, app, request, type, false, &ask) ||
        !xd_stats_of(&page, &ask, &stats, &n)) {
        return false;
    }
    xd_csv_begin(&page, xd_str_printf(cx->arena, XD_FMT "-statistics.csv", XD_ARG(type->path)));
    const xd_str head[] = {
        xd_say(&page, XD_W_STATS_BY),    xd_say(&page, XD_W_STATS_CODE),
        xd_say(&page, XD_W_STATS_VALUE), xd_say(&page, XD_W_STATS_N),
        xd_say(&page, XD_W_STATS_WHEN),
    };
    xd_str as_of = xd_stats_as_of(&page);
    xd_csv_line(&response->body, head, XD_LEN(head));
    const xd_str all[] = {xd_type_plural(&page, type), XD_S(""), xd_say(&page, XD_W_STATS_ALL),
                          xd_str_printf(cx->arena, "%" PRIu64, n), as_of};
    xd_csv_line(&response->body, all, XD_LEN(all));
    for (size_t i = 0; i < stats.n; i++) {
        for (size_t k = 0; k < stats.at[i].rows.n; k++) {
            const xd_stat_row *row = &stats.at[i].rows.at[k];
            const xd_str line[] = {stats.at[i].label, row->code, row->label,
                                   xd_str_printf(cx->arena, "%" PRIu64, row->n), as_of};
            xd_csv_line(&response->body, line, XD_LEN(line));
        }
    }
    return xd_page_send(&page);
}
