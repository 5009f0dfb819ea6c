/* exchange/export_csv.c — RFC 4180 with CR LF, UTF-8 (BOM on request, for Excel) or GB18030. */
#include "exchange/export_out.h"

#include <errno.h>
#include <iconv.h>

#define WRITE_AT ((size_t)64 << 10)

typedef struct csv {
    xd_buf text; /* UTF-8, not yet written */
    xd_buf coded;
    iconv_t coder; /* (iconv_t)-1: UTF-8 goes out as it is */
} csv;

static void add_cell(csv *c, xd_str text, bool first)
{
    if (!first) {
        xd_buf_byte(&c->text, ',');
    }
    bool quote = false;
    for (size_t i = 0; i < text.n && !quote; i++) {
        quote = strchr(",\"\r\n;", text.p[i]) != NULL;
    }
    quote = quote || (text.n > 0 && (text.p[0] == ' ' || text.p[text.n - 1] == ' '));
    if (!quote) {
        xd_buf_add(&c->text, text);
        return;
    }
    xd_buf_byte(&c->text, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') {
            xd_buf_byte(&c->text, '"');
        }
        xd_buf_byte(&c->text, text.p[i]);
    }
    xd_buf_byte(&c->text, '"');
}

/* GB18030 holds all of Unicode, so a failure is damage, not a missing character. */
static bool recode(xd_ctx *cx, csv *c)
{
    char *in = c->text.p;
    size_t in_left = c->text.n;
    while (in_left > 0) {
        char room[4096];
        char *to = room;
        size_t to_left = sizeof room;
        size_t done = iconv(c->coder, &in, &in_left, &to, &to_left);
        xd_buf_bytes(&c->coded, room, (size_t)(to - room));
        if (done == (size_t)-1 && errno != E2BIG) {
            return xd_fail_errno(cx, errno, "writing GB18030");
        }
    }
    xd_buf_clear(&c->text);
    return true;
}

static bool write_out(xd_ctx *cx, const xd_out *out, csv *c, size_t keep_below)
{
    if (c->text.failed) {
        return xd_fail(cx, XD_LIMIT, "a record is too large to write");
    }
    if (c->text.n < keep_below) {
        return true;
    }
    if (c->coder == (iconv_t)-1) {
        return xd_out_flush(cx, out->fd, &c->text, 0);
    }
    return recode(cx, c) && xd_out_flush(cx, out->fd, &c->coded, 0);
}

static bool write_row(xd_ctx *cx, const xd_out *out, void *user, size_t i, int64_t id,
                      const xd_json *body)
{
    (void)i;
    (void)id;
    csv *c = user;
    for (size_t k = 0; k < out->columns.n; k++) {
        xd_str text = xd_cell_write(cx, out->model, out->columns.at[k], body,
                                    out->options->lang, out->link_text, out->link_user);
        add_cell(c, xd_out_defuse(cx, text), k == 0);
    }
    xd_buf_add(&c->text, XD_S("\r\n"));
    return write_out(cx, out, c, WRITE_AT);
}

bool xd_out_csv(xd_ctx *cx, const xd_out *out)
{
    csv c = {.coder = (iconv_t)-1};
    if (out->options->gb18030) {
        c.coder = iconv_open("GB18030", "UTF-8");
        if (c.coder == (iconv_t)-1) {
            return xd_fail_errno(cx, errno, "looking for GB18030");
        }
    } else if (out->options->bom) {
        xd_buf_add(&c.text, XD_S("\xef\xbb\xbf"));
    }
    for (size_t k = 0; k < out->columns.n; k++) {
        add_cell(&c, out->columns.at[k]->header, k == 0);
    }
    xd_buf_add(&c.text, XD_S("\r\n"));
    bool ok = xd_out_each(out, cx, write_row, &c) && write_out(cx, out, &c, 1);
    if (c.coder != (iconv_t)-1) {
        (void)iconv_close(c.coder); /* nothing is pending: GB18030 has no state */
    }
    xd_buf_free(&c.text);
    xd_buf_free(&c.coded);
    return ok;
}
