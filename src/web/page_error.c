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
    case 405:
        return XD_W_ERROR_405;
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

static void add_way(xd_page *page, xd_view_error *view, xd_word_id label, xd_url url)
{
    *xd_push(page->cx->arena, &view->ways) =
        (xd_view_link){.label = xd_say(page, label), .url = url};
}

static void add_ways(xd_page *page, xd_view_error *view)
{
    xd_ctx *cx = page->cx;
    if (xd_str_starts(page->request->path, XD_S("/data/"))) {
        xd_url form = xd_url_page(cx, "/data");
        form.address = xd_str_join(cx->arena, form.address, XD_S("#check"));
        add_way(page, view, XD_W_CHECK_TITLE, form);
    }
    add_way(page, view, XD_W_NAV_HOME, xd_url_page(cx, "/"));
    if (page->site->home.type != NULL) {
        add_way(page, view, XD_W_ERROR_SEARCH, xd_url_type(cx, page->site->home.type));
    }
    add_way(page, view, XD_W_LIST_BARE_DOORS, xd_url_page(cx, "/door"));
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
    xd_page_more(&page, &view.page);
    view.page.noindex = true;
    view.page.canonical = (xd_url){0};
    view.sentence = status == 404 && standing.zh.n == 0 ? xd_say(&page, XD_W_ERROR_404_WORDS)
                                                        : xd_err_sentence(cx);
    if (status >= 500 && status != 503) {
        view.advice = xd_say(&page, XD_W_ERROR_500_ADVICE);
    }
    /* Whoever was led here in the wrong language is told too. */
    xd_lang other = cx->lang == XD_EN ? XD_ZH : XD_EN;
    const xd_ctx theirs = {.arena = cx->arena, .lang = other, .err = standing};
    view.other_lang = xd_lang_tag[other];
    view.other = xd_word(other, title_word(status));
    view.other_sentence = status == 404 && standing.zh.n == 0
                              ? xd_word(other, XD_W_ERROR_404_WORDS)
                              : xd_err_sentence(&theirs);
    xd_str first = status == 410 || status == 400 ? xd_first_page(cx, request) : (xd_str){0};
    if (first.n > 0) {
        add_way(&page, &view, XD_W_LIST_FIRST, xd_url_same(first));
    }
    add_ways(&page, &view);
    xd_out out = xd_page_out(&page);
    xd_tmpl_error(&out, &view);
}
