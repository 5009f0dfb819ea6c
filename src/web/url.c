#include "web/url.h"

#define ADDRESS_BYTES 2000 /* of others: longer ones are not links people made */

static xd_url finish(xd_ctx *cx, xd_buf *b)
{
    xd_url url = {xd_buf_copy(b, cx->arena)};
    xd_buf_free(b);
    return url;
}

xd_url xd_url_path(xd_ctx *cx, xd_lang lang, const char *pattern, const xd_str *parts, size_t n)
{
    xd_buf b = {0};
    size_t next = 0;

    if (lang == XD_EN) {
        xd_buf_add(&b, XD_S("/en"));
    }
    if (!(lang == XD_EN && strcmp(pattern, "/") == 0)) {
        for (const char *p = pattern; *p != '\0'; p++) {
            if (p[0] == '{' && p[1] == '}') {
                assert(next < n);
                xd_buf_url(&b, parts[next++]);
                p++;
            } else {
                xd_buf_byte(&b, *p);
            }
        }
    }
    assert(next == n || (lang == XD_EN && n == 0));
    return finish(cx, &b);
}

xd_url xd_url_page(xd_ctx *cx, const char *path)
{
    return xd_url_path(cx, cx->lang, path, NULL, 0);
}

xd_url xd_url_type(xd_ctx *cx, const xd_type *type)
{
    return xd_url_path(cx, cx->lang, "/{}", &type->path, 1);
}

xd_url xd_url_record(xd_ctx *cx, const xd_type *type, xd_str key, const char *tail)
{
    const xd_str parts[] = {type->path, key};
    xd_url url = xd_url_path(cx, cx->lang, "/{}/{}", parts, 2);
    url.address = xd_str_join(cx->arena, url.address, xd_str_of(tail));
    return url;
}

xd_url xd_url_id(xd_ctx *cx, const xd_type *type, int64_t id, const char *tail)
{
    return xd_url_record(cx, type, xd_str_printf(cx->arena, "%" PRId64, id), tail);
}

/* The query is written anew from what was read, so nothing of the sender's bytes is repeated. */
xd_url xd_url_in(xd_ctx *cx, const xd_request *request, xd_lang lang)
{
    xd_buf b = {0};
    xd_str path = request->path, part;

    if (lang == XD_EN) {
        xd_buf_add(&b, XD_S("/en"));
    }
    path = xd_str_sub(path, 1, SIZE_MAX);
    while (path.n > 0 && xd_str_cut(&path, '/', &part)) {
        xd_buf_byte(&b, '/');
        xd_buf_url(&b, part);
    }
    if (b.n == 0) {
        xd_buf_byte(&b, '/');
    }
    xd_url url = finish(cx, &b);
    xd_query query = {0};
    for (size_t i = 0; request->method != XD_POST && i < request->n_params; i++) {
        xd_query_add(cx, &query, request->params[i].name, request->params[i].value);
    }
    return xd_url_query(cx, url, &query);
}

xd_url xd_url_anchor(xd_ctx *cx, xd_str id)
{
    xd_buf b = {0};
    xd_buf_byte(&b, '#');
    xd_buf_url(&b, id);
    return finish(cx, &b);
}

xd_url xd_url_asset(xd_str address)
{
    return (xd_url){address};
}

xd_url xd_url_same(xd_str address)
{
    return (xd_url){address};
}

xd_url xd_url_whole(xd_ctx *cx, xd_str base_url, xd_url path)
{
    return (xd_url){xd_str_join(cx->arena, base_url, path.address)};
}

xd_url xd_url_outside(xd_ctx *cx, xd_str address)
{
    address = xd_str_trim(address);
    bool web =
        xd_str_starts(address, XD_S("https://")) || xd_str_starts(address, XD_S("http://"));
    if (!web || address.n > ADDRESS_BYTES) {
        return (xd_url){0};
    }
    xd_buf b = {0};
    for (size_t i = 0; i < address.n; i++) {
        unsigned char c = (unsigned char)address.p[i];
        if (c <= ' ' || c >= 127 || c == '"' || c == '<' || c == '>' || c == '\\') {
            xd_buf_printf(&b, "%%%02X", c);
        } else {
            xd_buf_byte(&b, (char)c);
        }
    }
    return finish(cx, &b);
}

xd_url xd_url_tel(xd_ctx *cx, xd_str phone)
{
    xd_buf b = {0};
    xd_buf_add(&b, XD_S("tel:"));
    for (size_t i = 0; i < phone.n; i++) {
        char c = phone.p[i];
        if ((c >= '0' && c <= '9') || c == '-' || (c == '+' && i == 0)) {
            xd_buf_byte(&b, c);
        }
    }
    if (b.n <= 4) {
        xd_buf_free(&b);
        return (xd_url){0};
    }
    return finish(cx, &b);
}

xd_url xd_url_mail(xd_ctx *cx, xd_str address)
{
    size_t at = xd_str_find(address, XD_S("@"), 0);
    if (at == SIZE_MAX || at == 0 || at + 1 == address.n ||
        xd_str_find(address, XD_S("@"), at + 1) != SIZE_MAX) {
        return (xd_url){0};
    }
    xd_buf b = {0};
    xd_buf_add(&b, XD_S("mailto:"));
    xd_buf_url(&b, xd_str_sub(address, 0, at));
    xd_buf_byte(&b, '@');
    xd_buf_url(&b, xd_str_sub(address, at + 1, address.n));
    return finish(cx, &b);
}

static void degree(xd_buf *b, int32_t units)
{
    int64_t u = units;
    xd_buf_printf(b, "%s%" PRId64 ".%05" PRId64, u < 0 ? "-" : "", (u < 0 ? -u : u) / 10000000,
                  (u < 0 ? -u : u) % 10000000 / 100);
}

xd_url xd_url_geo(xd_ctx *cx, int32_t lon, int32_t lat)
{
    xd_buf b = {0};
    xd_buf_add(&b, XD_S("geo:"));
    degree(&b, lat);
    xd_buf_byte(&b, ',');
    degree(&b, lon);
    return finish(cx, &b);
}

void xd_query_add(xd_ctx *cx, xd_query *query, xd_str name, xd_str value)
{
    *xd_push(cx->arena, query) = (xd_param){.name = name, .value = value};
}

xd_query xd_query_minus(xd_ctx *cx, const xd_query *query, xd_str name, xd_str value)
{
    xd_query left = {0};
    for (size_t i = 0; i < query->n; i++) {
        const xd_param *p = &query->at[i];
        if (!xd_str_eq(p->name, name) || (value.p != NULL && !xd_str_eq(p->value, value))) {
            *xd_push(cx->arena, &left) = *p;
        }
    }
    return left;
}

xd_query xd_query_without(xd_ctx *cx, const xd_query *query, xd_str name)
{
    return xd_query_minus(cx, query, name, (xd_str){0});
}

void xd_query_set(xd_ctx *cx, xd_query *query, xd_str name, xd_str value)
{
    *query = xd_query_without(cx, query, name);
    xd_query_add(cx, query, name, value);
}

bool xd_query_has(const xd_query *query, xd_str name, xd_str value)
{
    for (size_t i = 0; i < query->n; i++) {
        if (xd_str_eq(query->at[i].name, name) && xd_str_eq(query->at[i].value, value)) {
            return true;
        }
    }
    return false;
}

xd_url xd_url_query(xd_ctx *cx, xd_url path, const xd_query *query)
{
    xd_buf b = {0};
    xd_buf_add(&b, path.address);
    for (size_t i = 0; i < query->n; i++) {
        xd_buf_byte(&b, i == 0 ? '?' : '&');
        xd_buf_url(&b, query->at[i].name);
        xd_buf_byte(&b, '=');
        xd_buf_url(&b, query->at[i].value);
    }
    return finish(cx, &b);
}
