/* The page for an error, plain enough to be drawn when nothing else can be. */
#include "web/app.h"

void xd_page_error(xd_ctx *cx, const xd_app *app, const xd_request *request,
                   xd_response *response)
{
    (void)app;
    bool en = request->lang == XD_EN;
    xd_buf *out = &response->body;
    response->type = XD_S("text/html; charset=utf-8");
    xd_buf_printf(out,
                  "<!doctype html>\n<html lang=\"%s\"><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width\"><title>%d</title>"
                  "<h1>%d</h1><p>",
                  en ? "en" : "zh-CN", response->status, response->status);
    xd_buf_html(out, xd_err_sentence(cx));
    xd_buf_printf(out, "</p><p><a href=\"%s\">%s</a></p></html>\n", en ? "/en" : "/",
                  en ? "Home" : "首页");
}
