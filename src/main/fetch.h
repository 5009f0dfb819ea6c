/* main/fetch.h — a new node takes its search files from another. */
#ifndef XD_MAIN_FETCH_H
#define XD_MAIN_FETCH_H

#include "index/index.h"

/* Into the folder dir, from the metrics listener of another server ("10.0.0.2:9090"), unless
 * there is a manifest already. XD_CONFLICT: its files are of another model or ICU; XD_BROKEN: of
 * another format. Whether they are of our log is asked when they are opened. */
XD_MUST bool xd_fetch_index(xd_ctx *cx, const xd_model *model, const char *from,
                            const char *dir, int64_t *ret_bytes);

#endif
