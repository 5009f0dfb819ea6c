#include "web/html.h"

#include <stdio.h>

void xd_put_literal(xd_out *out, xd_str markup)
{
    xd_buf_add(out->b, markup);
}

void xd_put_str(xd_out *out, xd_str s)
{
    xd_buf_html(out->b, s);
}

void xd_put_said_plain(xd_out *out, xd_said s)
{
    xd_buf_html(out->b, s.text);
}

void xd_put_said(xd_out *out, xd_said s)
{
    if (s.lang.n == 0 || xd_str_eq(s.lang, xd_lang_tag[out->lang])) {
        xd_buf_html(out->b, s.text);
        return;
    }
    xd_buf_add(out->b, XD_S("<span lang=\""));
    xd_buf_html(out->b, s.lang);
    xd_buf_add(out->b, XD_S("\">"));
    xd_buf_html(out->b, s.text);
    xd_buf_add(out->b, XD_S("</span>"));
}

void xd_put_html(xd_out *out, xd_html h)
{
    xd_buf_add(out->b, h.markup);
}

void xd_put_url(xd_out *out, xd_url u)
{
    xd_buf_html(out->b, u.address);
}

void xd_put_i64(xd_out *out, int64_t v)
{
    xd_buf_int(out->b, v);
}

void xd_put_u64(xd_out *out, uint64_t v)
{
    xd_buf_printf(out->b, "%" PRIu64, v);
}

void xd_put_u64_grouped(xd_out *out, uint64_t v)
{
    /* Chinese readers group nothing below five digits; English ones from four on. */
    uint64_t first_grouped = out->lang == XD_ZH ? 100000 : 1000;
    if (v < first_grouped) {
        xd_put_u64(out, v);
        return;
    }
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v);
    for (int i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            xd_buf_byte(out->b, ',');
        }
        xd_buf_byte(out->b, digits[i]);
    }
}

void xd_put_i64_grouped(xd_out *out, int64_t v)
{
    if (v < 0) {
        xd_put_i64(out, v);
    } else {
        xd_put_u64_grouped(out, (uint64_t)v);
    }
}

void xd_put_part_str(xd_out *out, xd_str s)
{
    xd_buf_url(out->b, s);
}

/* JSON outside its strings has none of these characters, so escaping the finished text is
 * escaping the strings. */
void xd_put_island(xd_out *out, const xd_json *value)
{
    xd_buf json = {0};

    xd_json_plain(&json, value);
    xd_buf_add(out->b, XD_S("<script type=\"application/ld+json\">"));
    for (size_t i = 0; i < json.n; i++) {
        const char *p = json.p + i;
        size_t left = json.n - i;
        if (*p == '<' || *p == '>' || *p == '&') {
            xd_buf_printf(out->b, "\\u%04x", (unsigned)*p);
        } else if (left >= 3 &&
                   (memcmp(p, "\xe2\x80\xa8", 3) == 0 || memcmp(p, "\xe2\x80\xa9", 3) == 0)) {
            xd_buf_printf(out->b, "\\u20%02x", (unsigned char)p[2] - 0x80U);
            i += 2;
        } else {
            xd_buf_byte(out->b, *p);
        }
    }
    xd_buf_add(out->b, XD_S("</script>"));
    if (json.failed) {
        out->b->failed = true;
    }
    xd_buf_free(&json);
}

bool xd_holds_str(xd_str s)
{
    return s.n > 0;
}

bool xd_holds_said(xd_said s)
{
    return s.text.n > 0;
}

bool xd_holds_html(xd_html h)
{
    return h.markup.n > 0;
}

bool xd_holds_url(xd_url u)
{
    return u.address.n > 0;
}

bool xd_holds_bool(bool b)
{
    return b;
}

bool xd_holds_i64(int64_t v)
{
    return v != 0;
}

bool xd_holds_u64(uint64_t v)
{
    return v != 0;
}

bool xd_holds_pointer(const void *p)
{
    return p != NULL;
}
