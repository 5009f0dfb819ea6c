/* store/files_room.h — the two kinds of place behind store/files.h; private to files*.c, tests and
 * fuzzers. */
#ifndef XD_STORE_FILES_ROOM_H
#define XD_STORE_FILES_ROOM_H

#include "base/buf.h"
#include "store/files.h"

typedef struct xd_s3 {
    const char *endpoint, *host; /* "https://host:port" and "host:port" */
    const char *bucket;          /* "/bucket", or "" where it stands in the host */
    xd_str prefix;               /* of keys: "prefix/" or "" */
    const char *region, *key, *secret, *token; /* token: NULL for none */
    uint64_t part;          /* bytes: what is larger is sent in parts of so much */
    const char *connect_to; /* for tests: HOST:PORT of who really answers; NULL */
    void *curl;             /* kept from request to request */
} xd_s3;

/* One request. path and query as they go out: encoded, the query's names sorted. */
typedef struct xd_s3_ask {
    const char *method, *path, *query; /* query: NULL for none */
    const char *const *headers; /* "name: value", signed as the others are; ends with NULL */
    const uint8_t *sha256;      /* of the body that is sent; NULL: there is none */
    int from;                   /* the body, unless sends has it */
    uint64_t at, bytes;         /* where it begins there; of it */
    xd_str sends;               /* the body, when it is short */
    xd_str *etag; /* not NULL: what the answer says of what was sent, in cx's arena */
    bool to_file; /* the answer's body goes to `to`, not into text */
    int to;
    uint64_t most; /* of the answer */
} xd_s3_ask;
/* *ret_status is HTTP's; a body that is not that of a 200 is always in text. False: no answer, or
 * more than `most`. */
XD_MUST bool xd_s3_send(xd_ctx *cx, xd_s3 *s3, const xd_s3_ask *ask, xd_buf *text,
                        long *ret_status);
/* The error of an answer that is none of success, with its words. Returns false. */
bool xd_s3_refused(xd_ctx *cx, const xd_s3 *s3, long status, xd_str text);
XD_MUST bool xd_s3_open(xd_ctx *cx, const char *place, xd_s3 *ret_s3);
void xd_s3_close(xd_s3 *s3);
XD_MUST bool xd_s3_put(xd_ctx *cx, xd_s3 *s3, int fd, const uint8_t hash[XD_FILE_HASH],
                       uint64_t bytes);
/* files_parts.c: the same for what is larger than a part. */
XD_MUST bool xd_s3_put_parts(xd_ctx *cx, xd_s3 *s3, const char *path, int fd, uint64_t bytes);
/* Sends, and takes any of 2xx, and 404 where that is as good; the answer's body in text. */
XD_MUST bool xd_s3_succeed(xd_ctx *cx, xd_s3 *s3, const xd_s3_ask *ask, bool or_absent,
                           xd_buf *text);
/* files.c: the SHA-256 of so many bytes from there. XD_BROKEN: there are fewer. */
XD_MUST bool xd_files_hash_part(xd_ctx *cx, int fd, uint64_t at, uint64_t bytes,
                                uint8_t ret_hash[XD_FILE_HASH]);
XD_MUST bool xd_files_hash_text(xd_ctx *cx, xd_str text, uint8_t ret_hash[XD_FILE_HASH]);
XD_MUST bool xd_s3_get(xd_ctx *cx, xd_s3 *s3, const uint8_t hash[XD_FILE_HASH], int fd,
                       uint64_t most);
XD_MUST bool xd_s3_remove(xd_ctx *cx, xd_s3 *s3, const uint8_t hash[XD_FILE_HASH]);
XD_MUST bool xd_s3_list(xd_ctx *cx, xd_s3 *s3, xd_files_items *items);

/* One page of ListObjectsV2. *ret_next: what asks for the next page, empty behind the last.
 * XD_BROKEN: it is none. */
XD_MUST bool xd_s3_list_read(xd_ctx *cx, xd_str xml, xd_str prefix, xd_files_items *items,
                             xd_str *ret_next);

XD_MUST bool xd_folder_put(xd_ctx *cx, const char *folder, int fd,
                           const uint8_t hash[XD_FILE_HASH]);
XD_MUST bool xd_folder_get(xd_ctx *cx, const char *folder, const uint8_t hash[XD_FILE_HASH],
                           int fd, uint64_t most);
XD_MUST bool xd_folder_remove(xd_ctx *cx, const char *folder, const uint8_t hash[XD_FILE_HASH]);
XD_MUST bool xd_folder_list(xd_ctx *cx, const char *folder, xd_files_items *items);

#endif
