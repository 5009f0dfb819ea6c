#include "web/markdown.h"

#include <cmark.h>

#include "base/buf.h"

/* cmark takes plain allocation functions without a context, so it keeps its own default
 * allocator; every node and string it hands out is freed before we return. */

static bool is_kept(const char *url)
{
    xd_str s = xd_str_of(url);
    return xd_str_starts(s, XD_S("https://")) || xd_str_starts(s, XD_S("http://")) ||
           xd_str_starts(s, XD_S("mailto:")) || xd_str_starts(s, XD_S("#")) ||
           (xd_str_starts(s, XD_S("/")) && !xd_str_starts(s, XD_S("//")));
}

/* Links to elsewhere than the web or the site lose their address; pictures become their text:
 * nothing is fetched from other hosts. */
static void tame(cmark_node *root)
{
    cmark_iter *iter = cmark_iter_new(root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_LINK && !is_kept(cmark_node_get_url(node))) {
            (void)cmark_node_set_url(node, ""); /* fails only on nodes without an address */
        } else if (type == CMARK_NODE_IMAGE) {
            (void)cmark_node_set_url(node, ""); /* as above; img-src 'self' stands behind it */
        }
    }
    cmark_iter_free(iter);
}

bool xd_markdown(xd_ctx *cx, xd_str text, xd_html *ret_html)
{
    if (text.n > XD_MARKDOWN_BYTES) {
        return xd_fail(cx, XD_LIMIT, "Markdown of %zu bytes", text.n);
    }
    cmark_node *root =
        cmark_parse_document(text.p, text.n, CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
    if (root == NULL) {
        return xd_fail(cx, XD_SYSTEM, "cmark could not parse");
    }
    tame(root);
    /* CMARK_OPT_DEFAULT leaves CMARK_OPT_UNSAFE off: raw HTML is dropped. */
    char *html = cmark_render_html(root, CMARK_OPT_DEFAULT);
    cmark_node_free(root);
    if (html == NULL) {
        return xd_fail(cx, XD_SYSTEM, "cmark could not render");
    }
    ret_html->markup = xd_str_copy(cx->arena, xd_str_of(html));
    cmark_get_default_mem_allocator()->free(html);
    return true;
}

xd_str xd_markdown_plain(xd_ctx *cx, xd_str text)
{
    xd_buf plain = {0};
    cmark_node *root =
        text.n > XD_MARKDOWN_BYTES
            ? NULL
            : cmark_parse_document(text.p, text.n, CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
    if (root == NULL) {
        return text;
    }
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
            type == CMARK_NODE_CODE_BLOCK) {
            xd_buf_add(&plain, xd_str_of(cmark_node_get_literal(node)));
        } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
                   (event == CMARK_EVENT_EXIT && cmark_node_next(node) != NULL &&
                    type <= CMARK_NODE_LAST_BLOCK)) {
            xd_buf_byte(&plain, ' ');
        }
    }
    cmark_iter_free(iter);
    cmark_node_free(root);
    xd_str words = xd_str_trim(xd_buf_copy(&plain, cx->arena));
    xd_buf_free(&plain);
    return words;
}

xd_str xd_markdown_title(xd_ctx *cx, xd_str text)
{
    xd_str line;
    while (text.n > 0 && xd_str_cut(&text, '\n', &line)) {
        if (xd_str_starts(line, XD_S("# "))) {
            return xd_str_copy(cx->arena, xd_str_trim(xd_str_sub(line, 2, line.n)));
        }
    }
    return (xd_str){0};
}
