/* web/markdown.h — the sanitiser: Markdown of curators into markup that is safe to pass on.
 *
 * CommonMark through cmark with raw HTML off: tags in the text come out as nothing, links lead to
 * http, https, mailto or into the site, all else loses its address. The only maker of xd_html
 * outside the templates. */
#ifndef XD_WEB_MARKDOWN_H
#define XD_WEB_MARKDOWN_H

#include "base/ctx.h"
#include "web/html.h"

/* At most XD_MARKDOWN_BYTES in (XD_LIMIT); *ret_html lives in cx->arena. */
#define XD_MARKDOWN_BYTES ((size_t)1 << 20)
XD_MUST bool xd_markdown(xd_ctx *cx, xd_str text, xd_html *ret_html);
/* Its words alone, in one line, for where no markup can stand: a summary, a description. What cannot
 * be parsed comes back as it is. */
xd_str xd_markdown_plain(xd_ctx *cx, xd_str text);
/* The text of the first heading; absent when there is none. */
xd_str xd_markdown_title(xd_ctx *cx, xd_str text);

#endif
