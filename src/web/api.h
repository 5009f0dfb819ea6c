/* web/api.h — the API's handlers, and what they share.
 *
 * All are xd_handlers named by the table in api.c; addresses in answers are absolute, from
 * app->base_url, with /en kept. */
#ifndef XD_WEB_API_H
#define XD_WEB_API_H

#include "web/app.h"

xd_handler xd_asset_serve, xd_favicon_serve;
xd_handler xd_health_serve, xd_ready_serve, xd_robots_serve;

#endif
