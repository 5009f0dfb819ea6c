/* web/app_room.h — what app.c and static.c keep beside an xd_app. */
#ifndef XD_WEB_APP_ROOM_H
#define XD_WEB_APP_ROOM_H

#include <pthread.h>

#include "web/app.h"
#include "web/props.h"
#include "web/report_form.h"

typedef struct xd_handle xd_handle;
struct xd_handle {
    xd_handle *next;
    struct xd_app_room *room;
    xd_ctx cx;
    xd_store *store;
};

typedef struct xd_asset {
    xd_str name, type;
    xd_blob blob;
} xd_asset;

struct xd_app_room {
    xd_arena *arena;
    pthread_mutex_t lock; /* handles */
    xd_handle *free_handles;
    const xd_asset *assets; /* sorted by name */
    size_t n_assets;
    const xd_props *props; /* by xd_type.at */
    struct xd_tallies *tallies;
    xd_report_forms forms;
    xd_blob open_api[XD_LANGS];
    pthread_mutex_t counts_lock;
    int64_t counts_seq; /* of the log when they were made */
    uint64_t *counts;   /* public records by xd_type.at; NULL: not counted yet */
};

/* static.c */
/* The files of dir, and base_map as base.geojson when it is not empty. */
XD_MUST bool xd_assets_read(xd_ctx *cx, struct xd_app_room *room, const char *dir,
                            xd_str base_map);
const xd_asset *xd_asset_find(const struct xd_app_room *room, xd_str name);

#endif
