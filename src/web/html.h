/* web/html.h — what the compiled templates write with.
 *
 * A hole's place in the markup decides the escaping (tools/tmpl knows the place), its C type
 * decides whether it may stand there: plain text is always escaped, markup passes only as
 * xd_html and only as text, an address attribute takes only xd_url. Both types are made by few
 * hands: xd_html by templates and web/markdown.h, xd_url by web/url.h. Everything borrows. */
#ifndef XD_WEB_HTML_H
#define XD_WEB_HTML_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/json.h"

typedef struct xd_html {
    xd_str markup;
} xd_html;

typedef struct xd_url {
    xd_str address; /* percent-encoded; starts with / ? # http: https: geo: or tel: */
} xd_url;

/* Text that may be in another language than its page: lang is "zh" or "en", absent where it is
 * the page's own. As text it stands in an element with that lang. */
typedef struct xd_said {
    xd_str text, lang;
} xd_said;

typedef struct xd_out {
    xd_buf *b;
    xd_lang lang;
} xd_out;

void xd_put_literal(xd_out *out, xd_str markup);
void xd_put_island(xd_out *out, const xd_json *value);

void xd_put_str(xd_out *out, xd_str s);
void xd_put_said(xd_out *out, xd_said s);
void xd_put_said_plain(xd_out *out, xd_said s);
void xd_put_html(xd_out *out, xd_html h);
void xd_put_url(xd_out *out, xd_url u);
void xd_put_i64(xd_out *out, int64_t v);
void xd_put_u64(xd_out *out, uint64_t v);
void xd_put_part_str(xd_out *out, xd_str s);

/* In text: 1 234 567 is grouped by the page's habit; addresses and attributes take bare digits.
 */
void xd_put_i64_grouped(xd_out *out, int64_t v);
void xd_put_u64_grouped(xd_out *out, uint64_t v);

#define xd_put_text(out, x)                                                                    \
    _Generic((x), xd_str                                                                       \
             : xd_put_str, xd_said                                                             \
             : xd_put_said, xd_html                                                            \
             : xd_put_html, xd_url                                                             \
             : xd_put_url, int                                                                 \
             : xd_put_i64_grouped, long                                                        \
             : xd_put_i64_grouped, unsigned                                                    \
             : xd_put_u64_grouped, unsigned long                                               \
             : xd_put_u64_grouped)(out, x)

#define xd_put_attr(out, x)                                                                    \
    _Generic((x), xd_str                                                                       \
             : xd_put_str, xd_said                                                             \
             : xd_put_said_plain, xd_url                                                       \
             : xd_put_url, int                                                                 \
             : xd_put_i64, long                                                                \
             : xd_put_i64, unsigned                                                            \
             : xd_put_u64, unsigned long                                                       \
             : xd_put_u64)(out, x)

#define xd_put_link(out, x) _Generic((x), xd_url : xd_put_url)(out, x)

#define xd_put_part(out, x)                                                                    \
    _Generic((x), xd_str                                                                       \
             : xd_put_part_str, int                                                            \
             : xd_put_i64, long                                                                \
             : xd_put_i64, unsigned                                                            \
             : xd_put_u64, unsigned long                                                       \
             : xd_put_u64)(out, x)

bool xd_holds_str(xd_str s);
bool xd_holds_said(xd_said s);
bool xd_holds_html(xd_html h);
bool xd_holds_url(xd_url u);
bool xd_holds_bool(bool b);
bool xd_holds_i64(int64_t v);
bool xd_holds_u64(uint64_t v);
bool xd_holds_pointer(const void *p);

/* A condition: text that is not empty, a number that is not 0, true, a pointer that is not
 * NULL. */
#define xd_holds(x)                                                                            \
    _Generic((x), xd_str                                                                       \
             : xd_holds_str, xd_said                                                           \
             : xd_holds_said, xd_html                                                          \
             : xd_holds_html, xd_url                                                           \
             : xd_holds_url, bool                                                              \
             : xd_holds_bool, int                                                              \
             : xd_holds_i64, long                                                              \
             : xd_holds_i64, unsigned                                                          \
             : xd_holds_u64, unsigned long                                                     \
             : xd_holds_u64, default                                                           \
             : xd_holds_pointer)(x)

#define xd_is_one(x) ((x) == 1)

#endif
