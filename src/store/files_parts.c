/* A large file to a store that speaks S3, in parts: the upload is begun, each part is put with the hash
 * of its own bytes, and the list of what the store said of them makes the file. Before the last step
 * nothing is there under its name. A part is sent as it is read, so memory does not grow with it. An
 * upload that fails is called off; one whose process was killed is left to the store's own rule
 * for uploads that were never finished. */
#include "store/files_room.h"

#define PARTS_MOST 10000
#define ANSWER_MOST ((uint64_t)1 << 20)

typedef struct upload {
    xd_s3 *s3;
    const char *path, *id; /* id: encoded, for queries */
    xd_buf list;           /* what ends it */
} upload;

/* What stands between <name> and </name>; absent: nothing does. */
static xd_str element(xd_str xml, const char *name, xd_arena *arena)
{
    xd_str open = xd_str_printf(arena, "<%s>", name);
    xd_str shut = xd_str_printf(arena, "</%s>", name);
    size_t from = xd_str_find(xml, open, 0);
    size_t to = from == SIZE_MAX ? from : xd_str_find(xml, shut, from);
    return to == SIZE_MAX ? (xd_str){0} : xd_str_sub(xml, from + open.n, to);
}

static bool begin(xd_ctx *cx, upload *u)
{
    uint8_t nothing[XD_FILE_HASH];
    xd_buf text = {0}, id = {0};
    if (!xd_files_hash_text(cx, XD_S(""), nothing)) {
        return false;
    }
    const xd_s3_ask ask = {.method = "POST",
                           .path = u->path,
                           .query = "uploads=",
                           .sha256 = nothing,
                           .sends = XD_S(""),
                           .most = ANSWER_MOST};
    bool ok = xd_s3_succeed(cx, u->s3, &ask, false, &text);
    xd_str given = ok ? element(xd_buf_str(&text), "UploadId", cx->arena) : (xd_str){0};
    if (ok && given.n == 0) {
        ok = xd_fail(cx, XD_BROKEN, "%s gives no id for an upload", u->s3->endpoint);
    }
    xd_buf_url(&id, given);
    u->id = xd_cstr(cx->arena, xd_buf_str(&id));
    xd_buf_free(&id);
    xd_buf_free(&text);
    return ok;
}

static bool put_part(xd_ctx *cx, upload *u, int number, int fd, uint64_t at, uint64_t bytes)
{
    uint8_t hash[XD_FILE_HASH];
    xd_str etag = {0};
    xd_buf text = {0};
    if (!xd_files_hash_part(cx, fd, at, bytes, hash)) {
        return false;
    }
    const xd_s3_ask ask = {
        .method = "PUT",
        .path = u->path,
        .query = xd_cstr(cx->arena,
                         xd_str_printf(cx->arena, "partNumber=%d&uploadId=%s", number, u->id)),
        .sha256 = hash,
        .from = fd,
        .at = at,
        .bytes = bytes,
        .etag = &etag,
        .most = ANSWER_MOST,
    };
    bool ok =
        xd_s3_succeed(cx, u->s3, &ask, false, &text) &&
        (etag.n > 0 || xd_fail(cx, XD_BROKEN, "%s says nothing of a part", u->s3->endpoint));
    xd_buf_printf(&u->list, "<Part><PartNumber>%d</PartNumber><ETag>" XD_FMT "</ETag></Part>",
                  number, XD_ARG(etag)); /* quotes may stand in an element */
    xd_buf_free(&text);
    return ok;
}

/* An answer of 200 may hold an error: the store began it before it knew. */
static bool finish(xd_ctx *cx, upload *u)
{
    uint8_t hash[XD_FILE_HASH];
    xd_buf text = {0};
    xd_buf_add(&u->list, XD_S("</CompleteMultipartUpload>"));
    if (!xd_files_hash_text(cx, xd_buf_str(&u->list), hash)) {
        return false;
    }
    static const char *const headers[] = {"Content-Type: application/xml", NULL};
    const xd_s3_ask ask = {
        .method = "POST",
        .path = u->path,
        .query = xd_cstr(cx->arena, xd_str_printf(cx->arena, "uploadId=%s", u->id)),
        .headers = headers,
        .sha256 = hash,
        .sends = xd_buf_str(&u->list),
        .bytes = u->list.n,
        .most = ANSWER_MOST,
    };
    bool ok =
        xd_s3_succeed(cx, u->s3, &ask, false, &text) &&
        (xd_str_find(xd_buf_str(&text), XD_S("CompleteMultipartUploadResult"), 0) != SIZE_MAX ||
         xd_s3_refused(cx, u->s3, 500, xd_buf_str(&text)));
    xd_buf_free(&text);
    return ok;
}

/* The first failure stands; this one changes nothing about it. */
static void call_off(xd_ctx *cx, const upload *u)
{
    xd_ctx own;
    xd_buf text = {0};
    xd_ctx_begin(&own);
    own.deadline = xd_monotonic() + 5000000;
    const xd_s3_ask ask = {
        .method = "DELETE",
        .path = u->path,
        .query = xd_cstr(cx->arena, xd_str_printf(cx->arena, "uploadId=%s", u->id)),
        .most = ANSWER_MOST,
    };
    if (!xd_s3_succeed(&own, u->s3, &ask, true, &text)) {
        (void)xd_err_take(&own); /* the store's own rule is behind it */
    }
    xd_buf_free(&text);
    xd_ctx_end(&own);
}

bool xd_s3_put_parts(xd_ctx *cx, xd_s3 *s3, const char *path, int fd, uint64_t bytes)
{
    uint64_t least = (bytes + PARTS_MOST - 1) / PARTS_MOST;
    uint64_t part = s3->part < least ? least : s3->part;
    upload u = {.s3 = s3, .path = path};
    if (!begin(cx, &u)) {
        return false;
    }
    bool ok = true;
    int number = 1;
    xd_buf_add(&u.list, XD_S("<CompleteMultipartUpload>"));
    for (uint64_t at = 0; ok && at < bytes; at += part) {
        ok = put_part(cx, &u, number++, fd, at, bytes - at < part ? bytes - at : part);
    }
    ok = ok && finish(cx, &u);
    xd_buf_free(&u.list);
    if (!ok) {
        call_off(cx, &u);
    }
    return ok;
}
