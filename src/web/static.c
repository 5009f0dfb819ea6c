/* Files of ui_dir, read and packed once at the start: a request can name only what was there
 * then, so no path of a visitor's ever reaches the file system. */
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "web/api.h"
#include "web/app_room.h"

#define ASSET_BYTES ((size_t)16 << 20)
#define ASSETS 1000
#define ASSET_DEPTH 3
#define FOR_EVER 31536000

static const struct {
    xd_str ending, type;
} types[] = {
    {XD_STR(".js"),          XD_STR("text/javascript; charset=utf-8")    },
    {XD_STR(".mjs"),         XD_STR("text/javascript; charset=utf-8")    },
    {XD_STR(".css"),         XD_STR("text/css; charset=utf-8")           },
    {XD_STR(".svg"),         XD_STR("image/svg+xml")                     },
    {XD_STR(".png"),         XD_STR("image/png")                         },
    {XD_STR(".jpg"),         XD_STR("image/jpeg")                        },
    {XD_STR(".webp"),        XD_STR("image/webp")                        },
    {XD_STR(".ico"),         XD_STR("image/vnd.microsoft.icon")          },
    {XD_STR(".woff2"),       XD_STR("font/woff2")                        },
    {XD_STR(".json"),        XD_STR("application/json")                  },
    {XD_STR(".geojson"),     XD_STR("application/geo+json")              },
    {XD_STR(".webmanifest"), XD_STR("application/manifest+json")         },
    {XD_STR(".pbf"),         XD_STR("application/vnd.mapbox-vector-tile")},
    {XD_STR(".txt"),         XD_STR("text/plain; charset=utf-8")         },
};

typedef XD_VEC(xd_asset) xd_asset_list;

static bool add_file(xd_ctx *cx, struct xd_app_room *room, const char *path, xd_str name,
                     xd_asset_list *list)
{
    xd_str type = {0}, bytes;
    for (size_t i = 0; i < XD_LEN(types); i++) {
        if (xd_str_ends(name, types[i].ending)) {
            type = types[i].type;
        }
    }
    if (type.p == NULL || list->n >= ASSETS) {
        return true; /* source maps, notes: not for serving */
    }
    if (!xd_file_read(cx, path, ASSET_BYTES, &bytes)) {
        return xd_fail_note(cx, "the asset %s", path);
    }
    xd_asset *asset = xd_push(room->arena, list);
    *asset = (xd_asset){.name = xd_str_copy(room->arena, name), .type = type};
    xd_blob_pack(room->arena, xd_str_copy(room->arena, bytes), &asset->blob);
    return true;
}

static bool add_folder(xd_ctx *cx, struct xd_app_room *room, xd_str dir, xd_str prefix,
                       int depth, xd_asset_list *list)
{
    xd_strs names = {0};
    if (!xd_dir_list(cx, xd_cstr(cx->arena, dir), &names)) {
        return false;
    }
    for (size_t i = 0; i < names.n; i++) {
        xd_str path =
            xd_str_printf(cx->arena, XD_FMT "/" XD_FMT, XD_ARG(dir), XD_ARG(names.at[i]));
        xd_str name = xd_str_join(cx->arena, prefix, names.at[i]);
        struct stat st;
        if (names.at[i].p[0] == '.' || stat(path.p, &st) != 0) {
            continue;
        }
        bool done = true;
        if (S_ISREG(st.st_mode)) {
            done = add_file(cx, room, path.p, name, list);
        } else if (S_ISDIR(st.st_mode) && depth < ASSET_DEPTH) {
            done = add_folder(cx, room, path, xd_str_join(cx->arena, name, XD_S("/")),
                              depth + 1, list);
        }
        if (!done) {
            return false;
        }
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return xd_str_cmp(((const xd_asset *)a)->name, ((const xd_asset *)b)->name);
}

bool xd_assets_read(xd_ctx *cx, struct xd_app_room *room, const char *dir, xd_str base_map)
{
    struct stat st;
    xd_asset_list list = {0};
    if (dir == NULL) {
        return true; /* nobody looks */
    }
    if (stat(dir, &st) != 0) {
        xd_log(XD_WARN, "assets", "no folder of built assets: pages come without style");
        return true;
    }
    if (!add_folder(cx, room, xd_str_of(dir), XD_S(""), 1, &list)) {
        return false;
    }
    if (base_map.n > 0) { /* the operator's file, which the large map draws too */
        xd_asset *asset = xd_push(room->arena, &list);
        *asset = (xd_asset){.name = XD_S("base.geojson"), .type = XD_S("application/geo+json")};
        xd_blob_pack(room->arena, xd_str_copy(room->arena, base_map), &asset->blob);
    }
    if (list.n > 1) {
        qsort(list.at, list.n, sizeof *list.at, by_name);
    }
    room->assets = list.at;
    room->n_assets = list.n;
    return true;
}

const xd_asset *xd_asset_find(const struct xd_app_room *room, xd_str name)
{
    xd_asset key = {.name = name};
    return room->n_assets == 0
               ? NULL
               : bsearch(&key, room->assets, room->n_assets, sizeof key, by_name);
}

/* "0123456789abcdef" of the quoted tag. */
static xd_str version(const xd_asset *asset)
{
    return xd_str_sub(asset->blob.etag, 1, asset->blob.etag.n - 1);
}

xd_str xd_asset_url(xd_ctx *cx, const xd_app *app, xd_str name)
{
    const xd_asset *asset = app->room == NULL ? NULL : xd_asset_find(app->room, name);
    return asset == NULL ? (xd_str){0}
                         : xd_str_printf(cx->arena, "/assets/" XD_FMT "?v=" XD_FMT,
                                         XD_ARG(name), XD_ARG(version(asset)));
}

static bool send_asset(xd_ctx *cx, const xd_app *app, const xd_request *request, xd_str name,
                       xd_response *response)
{
    const xd_asset *asset = xd_asset_find(app->room, name);
    if (asset == NULL) {
        return xd_fail(cx, XD_ABSENT, "no asset " XD_FMT, XD_ARG(name));
    }
    response->type = asset->type;
    response->blob = &asset->blob;
    response->any_origin = false;
    if (xd_str_starts(asset->type, XD_S("text/javascript"))) {
        /* A worker lives under its own script's policy: the map's fetches tiles from here. */
        xd_header_add(cx, response, XD_S("Content-Security-Policy"),
                      XD_S("default-src 'none'; connect-src 'self'; base-uri 'none'; "
                           "frame-ancestors 'none'"));
    }
    /* The version in the address changes with the bytes, so those bytes never do. */
    response->max_age =
        xd_str_eq(xd_param_get(request, XD_S("v")), version(asset)) ? FOR_EVER : 0;
    return true;
}

bool xd_asset_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                    xd_response *response)
{
    xd_str name = {0};
    for (size_t i = 0; i < request->n_parts; i++) {
        name = i == 0 ? request->parts[0]
                      : xd_str_printf(cx->arena, XD_FMT "/" XD_FMT, XD_ARG(name),
                                      XD_ARG(request->parts[i]));
    }
    return send_asset(cx, app, request, name, response);
}

bool xd_favicon_serve(xd_ctx *cx, const xd_app *app, const xd_request *request,
                      xd_response *response)
{
    return send_asset(cx, app, request, XD_S("favicon.ico"), response);
}
