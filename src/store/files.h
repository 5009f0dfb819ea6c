/* store/files.h — files at rest beside the tables: in a folder, or in a store that speaks S3.
 *
 * A file is known by the SHA-256 of its bytes and never changes. It is put before the row that
 * names it is committed, so a row names nothing that is missing; what no row names is an orphan,
 * and swept when it is old enough that no upload on its way can be meant (main/jobs.c).
 *
 * A place is a folder, or `s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=NAME&style=host`.
 * Without endpoint it is Amazon's of the region (us-east-1 where none is said). style=host puts the bucket before the host's
 * name, as some providers want; otherwise it stands in the path. What is larger than part=BYTES (64 MB) goes up
 * in parts of so much. The keys are in the environment:
 * AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN. Requests are signed by libcurl
 * (AWS Signature Version 4). A handle serves one thread at a time. */
#ifndef XD_STORE_FILES_H
#define XD_STORE_FILES_H

#include "base/ctx.h"

#define XD_FILE_HASH 32

typedef struct xd_files xd_files;

/* Nothing is asked of the network yet. XD_INVALID: no such place, or no keys. Closed when cx
 * ends. */
XD_MUST bool xd_files_open(xd_ctx *cx, const char *place, xd_files **ret_files);
/* The place as people may see it. */
const char *xd_files_place(const xd_files *files);

/* The SHA-256 of all that the descriptor has, from its beginning. */
XD_MUST bool xd_files_hash(xd_ctx *cx, int fd, uint8_t ret_hash[XD_FILE_HASH],
                           uint64_t *ret_bytes);
/* All of fd, which has this hash and length. Putting a file again makes it new again. XD_BUSY: the
 * store does not answer, XD_DENIED, XD_FULL. Within cx's deadline. */
XD_MUST bool xd_files_put(xd_ctx *cx, xd_files *files, int fd, const uint8_t hash[XD_FILE_HASH],
                          uint64_t bytes);
/* Into fd, at most so much. XD_ABSENT; XD_BROKEN: its bytes are not those of the hash. */
XD_MUST bool xd_files_get(xd_ctx *cx, xd_files *files, const uint8_t hash[XD_FILE_HASH], int fd,
                          uint64_t most);
/* One that is gone already is no failure. */
XD_MUST bool xd_files_remove(xd_ctx *cx, xd_files *files, const uint8_t hash[XD_FILE_HASH]);

/* Every file, in no order; what is not named like one of ours is passed over. */
typedef struct xd_files_item {
    uint8_t hash[XD_FILE_HASH];
    uint64_t bytes;
    int64_t time; /* when it was put; µs since 1970 */
} xd_files_item;
typedef XD_VEC(xd_files_item) xd_files_items;
XD_MUST bool xd_files_list(xd_ctx *cx, xd_files *files, xd_files_items *items);

void xd_file_hex(const uint8_t hash[XD_FILE_HASH], char ret_hex[XD_FILE_HASH * 2 + 1]);
bool xd_file_unhex(xd_str hex, uint8_t ret_hash[XD_FILE_HASH]);

#endif
