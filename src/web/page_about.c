/* The about pages: Markdown files of the curators, named in site.yaml; only those are ever read,
 * so no part of an address reaches the file system. */
#include "base/file.h"
#include "web/markdown.h"
#include "web/page.h"

static bool send_about(xd_page *page, const xd_site_item *item)
{
    xd_ctx *cx = page->cx;
    xd_view_about view = {.lang = xd_lang_tag[cx->lang]};
    xd_str text = {0};
    xd_lang tries[XD_LANGS] = {cx->lang, cx->lang == XD_ZH ? XD_EN : XD_ZH};

    for (size_t i = 0; i < XD_LANGS && text.p == NULL;
         i++) { /* the other language, if need be */
        xd_str path =
            xd_str_printf(cx->arena, "%s/" XD_FMT "/" XD_FMT ".md", page->app->about_dir,
                          XD_ARG(xd_lang_tag[tries[i]]), XD_ARG(item->page));
        if (xd_file_read(cx, path.p, XD_MARKDOWN_BYTES, &text)) {
            view.lang = xd_lang_tag[tries[i]];
        } else if (cx->err.code != XD_ABSENT || i + 1 == XD_LANGS) {
            return false;
        } else {
            (void)xd_err_take(cx); /* not written in this language yet */
        }
    }
    if (!xd_markdown(cx, text, &view.text)) {
        return false;
    }
    xd_str title = xd_label_in(&item->label, cx->lang);
    xd_page_frame(page, title, &view.page);
    xd_page_search(page, &view.page, page->site->home.type);
    view.page.searchable = true;
    xd_page_crumb(page, &view.page, title, (xd_url){0});
    for (size_t i = 0; i < page->site->about.n; i++) {
        const xd_site_item *other = &page->site->about.at[i];
        *xd_push(cx->arena, &view.chapters) = (xd_view_link){
            .label = xd_label_in(&other->label, cx->lang),
            .url = xd_url_path(cx, cx->lang, "/about/{}", &other->page, 1),
            .here = other == item,
        };
    }
    xd_out out = xd_page_out(page);
    xd_tmpl_about(&out, &view);
    return xd_page_send(page);
}

bool xd_page_about(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    xd_page page;
    xd_str name = xd_route_part(cx, request, 0);

    xd_page_begin(cx, app, request, response, &page);
    for (size_t i = 0; app->about_dir != NULL && i < app->site->about.n; i++) {
        if (name.n == 0 || xd_str_eq(name, app->site->about.at[i].page)) {
            return send_about(&page, &app->site->about.at[i]);
        }
    }
    return xd_fail(cx, XD_ABSENT, "no about page at " XD_FMT, XD_ARG(request->path));
}
