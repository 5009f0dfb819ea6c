/* The table of everything that is not a page: assets, health, the API. */
#include "web/api.h"

const xd_route xd_api_routes[] = {
    {XD_GET, "/healthz",            xd_health_serve,  XD_VERB_SEE, false, 0, "Alive"            },
    {XD_GET, "/readyz",             xd_ready_serve,   XD_VERB_SEE, false, 0, "Ready to be asked"},
    {XD_GET, "/robots.txt",         xd_robots_serve,  XD_VERB_SEE, false, 0, "For robots"       },
    {XD_GET, "/favicon.ico",        xd_favicon_serve, XD_VERB_SEE, false, 0, "The site's icon"  },
    {XD_GET, "/assets/{a}",         xd_asset_serve,   XD_VERB_SEE, false, 0, "A built asset"    },
    {XD_GET, "/assets/{a}/{b}",     xd_asset_serve,   XD_VERB_SEE, false, 0, "A built asset"    },
    {XD_GET, "/assets/{a}/{b}/{c}", xd_asset_serve,   XD_VERB_SEE, false, 0, "A built asset"    },
};
const size_t xd_n_api_routes = XD_LEN(xd_api_routes);

bool xd_health_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    (void)cx;
    (void)app;
    (void)request;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = -1;
    xd_buf_add(&response->body, XD_S("ok\n"));
    return true;
}

bool xd_ready_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    (void)cx;
    (void)request;
    bool ready = atomic_load(&app->ready);
    response->status = ready ? 200 : 503;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = -1;
    xd_buf_add(&response->body, ready ? XD_S("ready\n") : XD_S("loading\n"));
    return true;
}

bool xd_robots_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                     xd_response *response)
{
    (void)cx;
    (void)request;
    response->type = XD_S("text/plain; charset=utf-8");
    response->max_age = 3600;
    xd_buf_printf(&response->body,
                  "User-agent: *\nDisallow: /api/\nDisallow: /*?\n"
                  "Sitemap: " XD_FMT "/sitemap.xml\n",
                  XD_ARG(app->base_url));
    return true;
}
