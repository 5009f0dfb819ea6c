/* Answers: entity tags, compression, caching and security headers, in one place so that no
 * handler can forget them. */
#include <brotli/encode.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "web/http_room.h"

#define PACK_FROM 512

static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
static const char data_policy[] = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

void xd_header_add(xd_ctx *cx, xd_response *response, xd_str name, xd_str value)
{
    *xd_push(cx->arena, &response->headers) =
        (xd_header){xd_str_copy(cx->arena, name), xd_str_copy(cx->arena, value)};
}

static bool has_header(const xd_response *response, xd_str name)
{
    for (size_t i = 0; i < response->headers.n; i++) {
        if (xd_str_eq_nocase(response->headers.at[i].name, name)) {
            return true;
        }
    }
    return false;
}

/* ---- packing -------------------------------------------------------------------------------
 */

static bool worth_packing(xd_str type)
{
    static const xd_str parts[] = {XD_STR("text/"), XD_STR("json"), XD_STR("xml"),
                                   XD_STR("javascript"), XD_STR("vector-tile")};
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_str_find(type, parts[i], 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

/* false: no smaller, or no memory; then the bytes go out as they are. */
static bool pack_br(xd_str in, uint32_t quality, xd_buf *out)
{
    BrotliEncoderState *state = BrotliEncoderCreateInstance(NULL, NULL, NULL);
    xd_buf_clear(out);
    if (state == NULL) {
        return false;
    }
    uint32_t window =
        16; /* kilobytes need no window of megabytes, and clearing one takes time */
    while (window < 22 && ((size_t)1 << window) < in.n) {
        window++;
    }
    bool done = BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, quality) &&
                BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, window);
    const uint8_t *next = (const uint8_t *)in.p;
    size_t left = in.n;
    while (done && !BrotliEncoderIsFinished(state)) {
        uint8_t chunk[16 << 10], *to = chunk;
        size_t room = sizeof chunk;
        done = BrotliEncoderCompressStream(state, BROTLI_OPERATION_FINISH, &left, &next, &room,
                                           &to, NULL);
        xd_buf_bytes(out, chunk, sizeof chunk - room);
    }
    BrotliEncoderDestroyInstance(state);
    return done && !out->failed && out->n < in.n;
}

static bool pack_gz(xd_str in, int level, xd_buf *out)
{
    z_stream z = {0};
    xd_buf_clear(out);
    if (in.n > UINT_MAX / 2 ||
        deflateInit2(&z, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return false;
    }
    unsigned char chunk[16 << 10];
    z.next_in = (z_const Bytef *)in.p;
    z.avail_in = (uInt)in.n;
    int state = Z_OK;
    while (state == Z_OK) {
        z.next_out = chunk;
        z.avail_out = sizeof chunk;
        state = deflate(&z, Z_FINISH);
        xd_buf_bytes(out, chunk, sizeof chunk - z.avail_out);
    }
    (void)deflateEnd(&z); /* reports discarded input, of which there is none */
    return state == Z_STREAM_END && !out->failed && out->n < in.n;
}

static xd_str tag_of(xd_arena *arena, xd_str bytes)
{
    return xd_str_printf(arena, "\"%016" PRIx64 "\"", xd_str_hash(bytes));
}

void xd_blob_pack(xd_arena *arena, xd_str plain, xd_blob *ret_blob)
{
    xd_buf out = {0};
    *ret_blob = (xd_blob){.plain = plain, .etag = tag_of(arena, plain)};
    if (plain.n >= PACK_FROM && pack_br(plain, 6, &out)) {
        ret_blob->br = xd_buf_copy(&out, arena);
    }
    if (plain.n >= PACK_FROM && pack_gz(plain, 6, &out)) {
        ret_blob->gz = xd_buf_copy(&out, arena);
    }
    xd_buf_free(&out);
}

/* The coding the client likes best; NULL: none. */
static const char *wanted(xd_str accept_encoding)
{
    int br = xd_http_wants(accept_encoding, XD_S("br"));
    int gz = xd_http_wants(accept_encoding, XD_S("gzip"));
    return br > 0 && br >= gz ? "br" : gz > 0 ? "gzip" : NULL;
}

static void settle_blob(xd_turn *turn, const char *coding)
{
    const xd_blob *blob = turn->response.blob;
    xd_str packed = coding == NULL ? (xd_str){0} : coding[0] == 'b' ? blob->br : blob->gz;
    turn->etag = blob->etag;
    turn->bytes = packed.p == NULL ? blob->plain : packed;
    turn->coding = packed.p == NULL ? NULL : coding;
}

static void settle_buffer(xd_turn *turn, const char *coding)
{
    xd_response *response = &turn->response;
    turn->bytes = xd_buf_str(&response->body);
    if (response->status == 200 && !has_header(response, XD_S("etag"))) {
        turn->etag = tag_of(turn->cx.arena, turn->bytes);
    }
    if (coding == NULL || turn->bytes.n < PACK_FROM || !worth_packing(response->type) ||
        has_header(response, XD_S("content-encoding"))) {
        return;
    }
    if (coding[0] == 'b' ? pack_br(turn->bytes, 4, &turn->packed)
                         : pack_gz(turn->bytes, 4, &turn->packed)) {
        turn->bytes = xd_buf_str(&turn->packed);
        turn->coding = coding;
    }
}

void xd_turn_pack(xd_turn *turn)
{
    xd_response *response = &turn->response;
    if (response->body.failed) {
        xd_buf_clear(&response->body);
        *response = (xd_response){.status = 500, .fd = -1, .body = response->body};
    }
    if (response->fd >= 0) {
        return;
    }
    const char *coding = wanted(turn->request.accept_encoding);
    if (response->blob != NULL) {
        settle_blob(turn, coding);
    } else if (response->type.p != NULL) {
        settle_buffer(turn, coding);
    }
    if (turn->etag.p == NULL) {
        return;
    }
    if (turn->request.if_none_match.p != NULL && response->status == 200 &&
        xd_http_tag_matches(turn->request.if_none_match, turn->etag)) {
        response->status = 304;
    }
    if (turn->coding != NULL) { /* other bytes, so another strong tag */
        turn->etag = xd_str_printf(turn->cx.arena, XD_FMT "-%s\"",
                                   XD_ARG(xd_str_sub(turn->etag, 0, turn->etag.n - 1)),
                                   turn->coding[0] == 'b' ? "br" : "gz");
    }
}

/* ---- sending -------------------------------------------------------------------------------
 */

static void put(struct MHD_Response *mhd, const char *name, const char *value)
{
    /* Fails only without memory, or for a value with line breaks, which must not go out. */
    (void)MHD_add_response_header(mhd, name, value);
}

static void put_str(xd_turn *turn, struct MHD_Response *mhd, const char *name, xd_str value)
{
    put(mhd, name, xd_cstr(turn->cx.arena, value));
}

static void put_caching(xd_turn *turn, struct MHD_Response *mhd)
{
    const xd_response *response = &turn->response;
    if (turn->etag.p != NULL) {
        put_str(turn, mhd, "ETag", turn->etag);
    }
    if (!has_header(response, XD_S("cache-control"))) {
        put_str(turn, mhd, "Cache-Control",
                response->max_age < 0 || response->status >= 400 ? XD_S("no-store")
                : response->max_age == 0
                    ? XD_S("no-cache")
                    : xd_str_printf(turn->cx.arena, "public, max-age=%d", response->max_age));
    }
    if (!has_header(response, XD_S("vary"))) {
        put(mhd, "Vary", "Accept-Encoding");
    }
}

static void put_safety(xd_turn *turn, struct MHD_Response *mhd)
{
    const xd_response *response = &turn->response;
    bool page = xd_str_starts(response->type, XD_S("text/html"));
    put(mhd, "X-Content-Type-Options", "nosniff");
    put(mhd, "Referrer-Policy", "same-origin");
    if (!has_header(response, XD_S("content-security-policy"))) {
        put(mhd, "Content-Security-Policy", page ? page_policy : data_policy);
    }
    if (page) {
        put(mhd, "Cross-Origin-Opener-Policy", "same-origin");
        put(mhd, "Permissions-Policy", "camera=(), microphone=(), payment=()");
    }
    if (response->any_origin) {
        put(mhd, "Access-Control-Allow-Origin", "*");
        put(mhd, "Access-Control-Expose-Headers",
            "Content-Crs, ETag, Link, Xiudai-As-Of, Xiudai-Position");
    } else {
        put(mhd, "Cross-Origin-Resource-Policy", "same-origin");
    }
}

static struct MHD_Response *make_response(xd_turn *turn, int64_t *ret_bytes)
{
    xd_response *response = &turn->response;
    if (response->fd >= 0) {
        struct stat st;
        struct MHD_Response *mhd = NULL;
        if (fstat(response->fd, &st) == 0) {
            mhd = MHD_create_response_from_fd64((uint64_t)st.st_size, response->fd);
            *ret_bytes = st.st_size;
        }
        if (mhd == NULL) {
            (void)close(response->fd); /* only read */
        }
        response->fd = -1; /* the library's now */
        return mhd;
    }
    bool bare = response->status == 304 || response->status == 204;
    xd_str bytes = bare || turn->bytes.p == NULL ? XD_S("") : turn->bytes;
    *ret_bytes = (int64_t)bytes.n;
    /* Persistent: turn and blob outlive the sending, see xd_turn_done(). The library never
     * writes to it; its signature predates const. */
    return MHD_create_response_from_buffer(bytes.n, (void *)(uintptr_t)bytes.p,
                                           MHD_RESPMEM_PERSISTENT);
}

enum MHD_Result xd_turn_send(xd_turn *turn, bool close)
{
    xd_response *response = &turn->response;
    int64_t bytes = 0;
    struct MHD_Response *mhd = make_response(turn, &bytes);
    if (mhd == NULL) {
        return MHD_NO;
    }
    if (response->type.p != NULL && response->status != 304 && response->status != 204) {
        put_str(turn, mhd, "Content-Type", response->type);
    }
    if (turn->coding != NULL && response->status != 304) {
        put(mhd, "Content-Encoding", turn->coding);
    }
    put_caching(turn, mhd);
    put_safety(turn, mhd);
    for (size_t i = 0; i < response->headers.n; i++) {
        const xd_header *h = &response->headers.at[i];
        put(mhd, xd_cstr(turn->cx.arena, h->name), xd_cstr(turn->cx.arena, h->value));
    }
    if (close) {
        put(mhd, "Connection", "close");
    }
    enum MHD_Result queued = MHD_queue_response(turn->mhd, (unsigned)response->status, mhd);
    MHD_destroy_response(mhd);
    turn->step = XD_STEP_DONE;
    if (turn->conn != NULL) {
        const xd_http_options *o = &turn->http->options;
        atomic_store(&turn->conn->deadline, xd_monotonic() + (int64_t)o->header_ms * 3000 +
                                                bytes * 1000000 / o->floor);
        atomic_store(&turn->conn->phase, XD_PHASE_ANSWER);
    }
    return queued;
}
