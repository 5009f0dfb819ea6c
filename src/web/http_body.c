/* Request bodies: forms of both encodings. Files go to unlinked temporary files as they come,
 * so memory stays small whatever is sent; fields are small and capped together. */
#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "web/http_room.h"

#define MOST_UPLOADS 8
#define SPLITTER_BYTES ((size_t)32 << 10)

struct xd_body_in {
    xd_turn *turn;
    struct MHD_PostProcessor *splitter; /* NULL: url-encoded */
    xd_buf form;                        /* url-encoded text, or the field being read */
    size_t form_bytes;                  /* of all fields so far */
    xd_str field;                       /* of the part being read */
    bool in_file;
    xd_param_list params;
    XD_VEC(xd_upload) uploads;
};

/* The name a browser gives, without folders; never used as a path here. */
static xd_str base_name(xd_ctx *cx, xd_str name)
{
    size_t start = 0;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '/' || name.p[i] == '\\') {
            start = i + 1;
        }
    }
    name = xd_str_sub(name, start, name.n);
    for (size_t i = 0; i < name.n; i++) {
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f) {
            return XD_S("upload");
        }
    }
    return name.n == 0 || name.n > 255 || xd_utf8_valid(name) != name.n
               ? XD_S("upload")
               : xd_str_copy(cx->arena, name);
}

static bool field_done(xd_body_in *in)
{
    xd_ctx *cx = &in->turn->cx;
    if (in->field.p == NULL) {
        return true;
    }
    if (in->in_file) {
        in->field = (xd_str){0};
        return true;
    }
    xd_str value = xd_buf_copy(&in->form, cx->arena);
    xd_buf_clear(&in->form);
    if (xd_utf8_valid(value) != value.n || xd_utf8_valid(in->field) != in->field.n ||
        (value.n > 0 && memchr(value.p, '\0', value.n) != NULL)) {
        return xd_fail(cx, XD_INVALID, "a form field is not UTF-8 text");
    }
    if (in->params.n >= XD_HTTP_PARAMS) {
        return xd_fail(cx, XD_INVALID, "more than %d form fields", XD_HTTP_PARAMS);
    }
    *xd_push(cx->arena, &in->params) =
        (xd_param){in->field, value.p == NULL ? XD_S("") : value};
    in->field = (xd_str){0};
    return true;
}

static bool part_begin(xd_body_in *in, const char *key, const char *file, const char *coding)
{
    xd_ctx *cx = &in->turn->cx;
    if (!field_done(in)) {
        return false;
    }
    if (coding != NULL && strcasecmp(coding, "binary") != 0 &&
        strcasecmp(coding, "8bit") != 0 && strcasecmp(coding, "7bit") != 0) {
        return xd_fail(cx, XD_UNREADABLE, "a part in a transfer encoding");
    }
    in->field = xd_str_copy(cx->arena, xd_str_of(key == NULL ? "" : key));
    in->in_file = file != NULL;
    if (file == NULL) {
        return true;
    }
    if (in->uploads.n >= MOST_UPLOADS) {
        return xd_fail(cx, XD_LIMIT, "more than %d files", MOST_UPLOADS);
    }
    int fd;
    if (!xd_file_unnamed(cx, &fd)) {
        return xd_fail_note(cx, "making room for an upload");
    }
    *xd_push(cx->arena, &in->uploads) =
        (xd_upload){in->field, base_name(cx, xd_str_of(file)), fd, 0};
    return true;
}

static bool part_more(xd_body_in *in, const char *bytes, size_t n)
{
    xd_ctx *cx = &in->turn->cx;
    if (in->in_file) {
        xd_upload *upload = &in->uploads.at[in->uploads.n - 1];
        upload->bytes += (int64_t)n;
        return xd_file_write(cx, upload->fd, (xd_str){bytes, n});
    }
    in->form_bytes += n + 64;
    if (in->form_bytes > XD_HTTP_FORM) {
        return xd_fail(cx, XD_LIMIT, "the form's fields are larger than 64 KiB");
    }
    xd_buf_bytes(&in->form, bytes, n);
    return true;
}

static enum MHD_Result on_part(void *user, enum MHD_ValueKind kind, const char *key,
                               const char *file, const char *media, const char *coding,
                               const char *bytes, uint64_t at, size_t n)
{
    (void)kind;  /* always a body */
    (void)media; /* declared types are not believed */
    xd_body_in *in = user;
    return (at > 0 || part_begin(in, key, file, coding)) && part_more(in, bytes, n) ? MHD_YES
                                                                                    : MHD_NO;
}

bool xd_body_begin(xd_turn *turn, xd_str content_type)
{
    xd_ctx *cx = &turn->cx;
    size_t cut = xd_str_find(content_type, XD_S(";"), 0);
    xd_str media =
        xd_str_trim(xd_str_sub(content_type, 0, cut == SIZE_MAX ? content_type.n : cut));
    bool multipart = xd_str_eq_nocase(media, XD_S("multipart/form-data"));
    if (!multipart && !xd_str_eq_nocase(media, XD_S("application/x-www-form-urlencoded"))) {
        return xd_fail(cx, XD_UNREADABLE, "a body of type " XD_FMT, XD_ARG(media));
    }
    xd_body_in *in = xd_new(cx->arena, xd_body_in);
    in->turn = turn;
    in->form.max = XD_HTTP_FORM;
    if (multipart) {
        in->splitter = MHD_create_post_processor(turn->mhd, SPLITTER_BYTES, on_part, in);
        if (in->splitter == NULL) {
            return xd_fail(cx, XD_UNREADABLE, "multipart/form-data without a boundary");
        }
    }
    turn->in = in;
    return true;
}

bool xd_body_more(xd_turn *turn, const char *bytes, size_t n)
{
    xd_body_in *in = turn->in;
    turn->body_bytes += (int64_t)n;
    if ((uint64_t)turn->body_bytes > turn->plan.max_body) {
        return xd_fail(&turn->cx, XD_LIMIT, "a body larger than %zu bytes",
                       turn->plan.max_body);
    }
    if (in->splitter == NULL) {
        xd_buf_bytes(&in->form, bytes, n);
        return !in->form.failed ||
               xd_fail(&turn->cx, XD_LIMIT, "the form is larger than 64 KiB");
    }
    return MHD_post_process(in->splitter, bytes, n) == MHD_YES ||
           xd_fail(&turn->cx, XD_INVALID, "the multipart body is malformed");
}

bool xd_body_end(xd_turn *turn)
{
    xd_body_in *in = turn->in;
    xd_ctx *cx = &turn->cx;
    xd_param_list all = {0}; /* the address's parameters, then the form's */
    for (size_t i = 0; i < turn->request.n_params; i++) {
        *xd_push(cx->arena, &all) = turn->request.params[i];
    }
    if (in->splitter == NULL) {
        xd_refusal refusal = xd_http_form(cx, xd_buf_copy(&in->form, cx->arena), &all);
        if (refusal.status != 0) {
            return xd_fail(cx, XD_INVALID, "%s", refusal.why);
        }
    } else {
        enum MHD_Result whole = MHD_destroy_post_processor(in->splitter);
        in->splitter = NULL;
        if (whole != MHD_YES) {
            return xd_fail(cx, XD_INVALID, "the multipart body breaks off");
        }
        if (!field_done(in)) {
            return false;
        }
        for (size_t i = 0; i < in->params.n; i++) {
            *xd_push(cx->arena, &all) = in->params.at[i];
        }
    }
    for (size_t i = 0; i < in->uploads.n; i++) {
        if (lseek(in->uploads.at[i].fd, 0, SEEK_SET) < 0) {
            return xd_fail_errno(cx, errno, "an upload's start");
        }
    }
    turn->request.params = all.at;
    turn->request.n_params = all.n;
    turn->request.uploads = in->uploads.at;
    turn->request.n_uploads = in->uploads.n;
    return true;
}

void xd_body_free(xd_turn *turn)
{
    xd_body_in *in = turn->in;
    if (in == NULL) {
        return;
    }
    turn->in = NULL;
    if (in->splitter != NULL) {
        (void)MHD_destroy_post_processor(in->splitter); /* the request is over anyway */
    }
    xd_buf_free(&in->form);
    for (size_t i = 0; i < in->uploads.n; i++) {
        (void)close(in->uploads.at[i].fd); /* unlinked: nothing to lose */
    }
}
