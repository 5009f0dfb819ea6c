#include "web/position.h"

#define COOKIE "xd-position="

static xd_str cookie_mark(xd_str cookie)
{
    xd_str item;
    while (cookie.n > 0 && xd_str_cut(&cookie, ';', &item)) {
        item = xd_str_trim(item);
        if (xd_str_starts(item, XD_S(COOKIE))) {
            return xd_str_sub(item, sizeof COOKIE - 1, item.n);
        }
    }
    return (xd_str){0};
}

/* False: there is one, and it is not ours. */
static bool read_mark(const xd_app *app, const xd_request *request, int64_t *ret_seq)
{
    xd_str mark = request->position.n > 0 ? request->position : cookie_mark(request->cookie);
    *ret_seq = 0;
    if (mark.n == 0) {
        return true;
    }
    xd_arena *arena = xd_arena_make();
    bool ours = xd_position_read(arena, &app->position, mark, ret_seq);
    xd_arena_free(arena);
    return ours;
}

int64_t xd_position_of(const xd_app *app, const xd_request *request)
{
    int64_t seq;
    return read_mark(app, request, &seq) && seq > 0 ? seq : 0;
}

bool xd_position_reached(void *user, int64_t seq)
{
    const xd_app *app = user;
    return xd_index_seq(app->index) >= seq;
}

static bool not_ours(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_INVALID, "a position that is not of this store");
    return xd_fail_words(
        cx,
        XD_S("请求头 Xiudai-Position 不是本站给出的标记；请去掉它，或用最近一次写入给出的。"),
        XD_S(
            "The header Xiudai-Position holds a mark this site has not given. Leave it out, or "
            "send the one your latest write gave."));
}

static bool behind(xd_ctx *cx, const xd_app *app, int64_t by)
{
    xd_str when = xd_node_when(cx, app);
    (void)xd_fail(cx, XD_BUSY, "%" PRId64 " revisions behind the asker's position", by);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "这台服务器还没有收到您的改动：内容截至 " XD_FMT "，还差 %" PRId64
                      " 条修订。请稍后再试。",
                      XD_ARG(when), by),
        xd_str_printf(cx->arena,
                      "This server does not have your change yet: it is %" PRId64
                      " revisions behind, as of " XD_FMT ". Try again in a little while.",
                      by, XD_ARG(when)));
}

bool xd_position_begin(xd_ctx *cx, const xd_app *app, bool page, xd_request *request,
                       xd_response *response)
{
    int64_t seq, now;
    if (!read_mark(app, request, &seq)) {
        return request->position.n == 0 || not_ours(cx);
    }
    if (seq <= 0) {
        return true;
    }
    now = xd_index_seq(app->index); /* before the handler takes its snapshot: never too new */
    request->behind = now < seq;
    if (request->behind && !page) {
        return behind(cx, app, seq - now);
    }
    xd_str mark = xd_position_write(cx->arena, &app->position, now > seq ? now : seq);
    xd_header_add(cx, response, XD_S("Xiudai-Position"), mark);
    xd_header_add(
        cx, response, XD_S("Set-Cookie"),
        xd_str_printf(
            cx->arena, COOKIE XD_FMT "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax%s",
            XD_ARG(mark), xd_str_starts(app->base_url, XD_S("https:")) ? "; Secure" : ""));
    xd_header_add(cx, response, XD_S("Cache-Control"), XD_S("private, no-cache"));
    return true;
}
