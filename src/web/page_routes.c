/* The table of pages. */
#include "web/app.h"

static bool page_nothing(xd_ctx *cx, const xd_app *app, const xd_request *request,
                         xd_response *response)
{
    (void)app;
    (void)response;
    return xd_fail(cx, XD_ABSENT, "no page " XD_FMT, XD_ARG(request->path));
}

const xd_route xd_page_routes[] = {
    {XD_GET, "/", page_nothing, XD_VERB_SEE, false, 0, "Home"},
};
const size_t xd_n_page_routes = XD_LEN(xd_page_routes);
