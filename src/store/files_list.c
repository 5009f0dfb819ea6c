/* The list of a bucket, as ListObjectsV2 gives it. It is XML of a fixed form without attributes on
 * what is looked for; ours are the keys that are the prefix and a hash, so nothing in them is ever
 * written otherwise than as it is. All else is passed over. */
#include <stdio.h>
#include <time.h>

#include "store/files_room.h"

#define TOKEN_MOST 4096

/* What stands between <name> and </name> in s from *at on; *at goes behind it. */
static bool next_element(xd_str s, const char *name, size_t *at, xd_str *ret_inside)
{
    char open[64], close[64];
    (void)snprintf(open, sizeof open, "<%s>", name);
    (void)snprintf(close, sizeof close, "</%s>", name);
    size_t from = xd_str_find(s, xd_str_of(open), *at);
    if (from == SIZE_MAX) {
        return false;
    }
    from += strlen(open);
    size_t to = xd_str_find(s, xd_str_of(close), from);
    if (to == SIZE_MAX) {
        return false;
    }
    *ret_inside = xd_str_sub(s, from, to);
    *at = to + strlen(close);
    return true;
}

static bool element(xd_str s, const char *name, xd_str *ret_inside)
{
    size_t at = 0;
    return next_element(s, name, &at, ret_inside);
}

/* The five of XML; others are no part of a token. */
static xd_str decode(xd_ctx *cx, xd_str s)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {
        {"&amp;",  '&' },
        {"&lt;",   '<' },
        {"&gt;",   '>' },
        {"&quot;", '"' },
        {"&apos;", '\''},
        {"&#x3D;", '=' },
        {"&#61;",  '=' },
    };
    xd_buf out = {0};
    for (size_t i = 0; i < s.n;) {
        size_t skip = 1;
        char c = s.p[i];
        for (size_t k = 0; c == '&' && k < XD_LEN(entities); k++) {
            xd_str name = xd_str_of(entities[k].name);
            if (xd_str_starts(xd_str_sub(s, i, s.n), name)) {
                c = entities[k].c;
                skip = name.n;
            }
        }
        xd_buf_byte(&out, c);
        i += skip;
    }
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static bool digits(xd_str s, size_t at, size_t n, int *ret_value)
{
    int value = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9') {
            return false;
        }
        value = value * 10 + (s.p[i] - '0');
    }
    *ret_value = value;
    return true;
}

/* "2013-05-24T00:00:00.000Z" */
static bool read_time(xd_str s, int64_t *ret_time)
{
    struct tm t = {0};
    if (!digits(s, 0, 4, &t.tm_year) || !digits(s, 5, 2, &t.tm_mon) ||
        !digits(s, 8, 2, &t.tm_mday) || !digits(s, 11, 2, &t.tm_hour) ||
        !digits(s, 14, 2, &t.tm_min) || !digits(s, 17, 2, &t.tm_sec)) {
        return false;
    }
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    *ret_time = (int64_t)timegm(&t) * 1000000;
    return true;
}

static void read_item(xd_ctx *cx, xd_str inside, xd_str prefix, xd_files_items *items)
{
    xd_str key, size, time;
    xd_files_item item = {0};
    int64_t bytes = 0;
    if (element(inside, "Key", &key) && xd_str_starts(key, prefix) &&
        xd_file_unhex(xd_str_sub(key, prefix.n, key.n), item.hash) &&
        element(inside, "Size", &size) && xd_str_int(size, &bytes) && bytes >= 0 &&
        element(inside, "LastModified", &time) && read_time(time, &item.time)) {
        item.bytes = (uint64_t)bytes;
        *xd_push(cx->arena, items) = item;
    }
}

bool xd_s3_list_read(xd_ctx *cx, xd_str xml, xd_str prefix, xd_files_items *items,
                     xd_str *ret_next)
{
    xd_str inside, token = XD_S(""), truncated = XD_S("");
    size_t at = 0;
    if (xd_str_find(xml, XD_S("<ListBucketResult"), 0) == SIZE_MAX ||
        xd_str_find(xml, XD_S("</ListBucketResult>"), 0) == SIZE_MAX) {
        return xd_fail(cx, XD_BROKEN, "the answer is no list of files");
    }
    while (next_element(xml, "Contents", &at, &inside)) {
        read_item(cx, inside, prefix, items);
    }
    bool more = element(xml, "IsTruncated", &truncated) && xd_str_eq(truncated, XD_S("true"));
    if (more && (!element(xml, "NextContinuationToken", &token) || token.n == 0 ||
                 token.n > TOKEN_MOST)) {
        return xd_fail(cx, XD_BROKEN, "the list of files breaks off");
    }
    *ret_next = more ? decode(cx, token) : XD_S("");
    return true;
}
