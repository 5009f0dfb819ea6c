/* The page for an error: what happened, and ways on. When even that cannot be drawn (the site is
 * not read yet), the sentence alone. */
#include "web/page.h"

static void plain(xd_ctx *cx, const xd_request *request, xd_response *response)
{
    xd_buf *out = &response->body;
    bool en = request->lang == XD_EN;
    xd_buf_printf(out,
                  "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><title>%d</title>"
                  "<h1>%d</h1><p>",
                  en ? "en" : "zh-CN", response->status, response->status);
    xd_buf_html(out, xd_err_sentence(cx));
    xd_buf_add(out, XD_S("</p></html>\n"));
}

static xd_word_id title_word(int status)
{
    switch (status) {
    case 400:
    case 409:
        return XD_W_ERROR_400;
    case 415:
        return XD_W_ERROR_415;
    case 403:
        return XD_W_ERROR_403;
    case 404:
        return XD_W_ERROR_404;
    case 410:
        return XD_W_ERROR_410;
    case 413:
        return XD_W_ERROR_413;
    case 503:
        return XD_W_ERROR_503;
    default:
        return XD_W_ERROR_500;
    }
}

void xd_page_error(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    xd_page page;
    xd_view_error view = {.status = response->status};
    int status = response->status;
    xd_err standing = cx->err;

    response->type = XD_S("text/html; charset=utf-8");
    response->max_age = -1;
    if (app->site == NULL) {
        plain(cx, request, response);
        return;
    }
    xd_page_begin(cx, app, request, response, &page);
    view.title = xd_say(&page, title_word(status));
    xd_page_frame(&page, view.title, &view.page);
    xd_page_search(&page, &view.page, app->site->home.type);
    view.page.searchable = true;
    view.page.noindex = true;
    view.page.canonical = (xd_url){0};
    view.sentence = status == 404 && standing.zh.n == 0 ? xd_say(&page, XD_W_ERROR_404_WORDS)
                                                        : xd_err_sentence(cx);
    if (status >= 500 && status != 503) {
        view.advice = xd_say(&page, XD_W_ERROR_500_ADVICE);
    }
    xd_str first = status == 410 || status == 400 ? xd_first_page(cx, request) : (xd_str){0};
    if (first.n > 0) {
        *xd_push(cx->arena, &view.ways) =
            (xd_view_link){.label = xd_say(&page, XD_W_LIST_FIRST), .url = xd_url_same(first)};
    }
    *xd_push(cx->arena, &view.ways) =
        (xd_view_link){.label = xd_say(&page, XD_W_NAV_HOME), .url = xd_url_page(cx, "/")};
    if (app->site->home.type != NULL) {
        *xd_push(cx->arena, &view.ways) =
            (xd_view_link){.label = xd_say(&page, XD_W_ERROR_SEARCH),
                           .url = xd_url_type(cx, app->site->home.type)};
    }
    xd_out out = xd_page_out(&page);
    xd_tmpl_error(&out, &view);
}
