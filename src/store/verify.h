/* store/verify.h — what the files of verifying share; private to them. */
#ifndef XD_STORE_VERIFY_H
#define XD_STORE_VERIFY_H

#include <stdarg.h>
#include <stdio.h>

#include "store/log.h"

#define XD_FAULTS_MAX 1000

typedef struct xd_verify {
    xd_ctx *cx; /* the caller's: faults live in its arena */
    xd_store *store;
    xd_store_faults *faults;
    void (*progress)(void *user, int64_t done, int64_t of);
    void *user;
    int64_t done, total;
    xd_arena *arena; /* of what the walk remembers */

    /* the walk of the log */
    int64_t last_seq, open_parts, personal_parts;
    bool broken; /* revisions are missing before this one: its leaf cannot be judged */
    uint8_t computed[XD_HASH_BYTES],
        stored[XD_HASH_BYTES]; /* leaf before this one, both ways */
    uint8_t model_hash[XD_HASH_BYTES];
    XD_VEC(int64_t) sets;
    xd_map *erased; /* "seq part" → int64_t by_seq */
    xd_serials serials;
    xd_hash *sha256; /* of models */

    /* the walk of the records */
    const xd_model *model; /* the newest; NULL: unreadable */
    int64_t records, keys, links, newest_id;
    size_t serial_rows, erasure_rows;
} xd_verify;

void xd_verify_fault(xd_ctx *cx, xd_verify *v, int64_t seq, int64_t record, const char *format,
                     ...) XD_PRINTF(5, 6);
void xd_verify_progress(xd_verify *v);

XD_MUST bool xd_verify_log(xd_ctx *cx, xd_verify *v);
XD_MUST bool xd_verify_erasures(xd_ctx *cx, xd_verify *v);

#endif
