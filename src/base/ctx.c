#include "base/ctx.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

const xd_str xd_lang_tag[XD_LANGS] = {XD_STR("zh"), XD_STR("en")};

/* One row a code: HTTP status, words for people. */
static const struct {
    int status;
    xd_str zh, en;
} codes[] = {
    [XD_OK] = {200, XD_STR("好。"),                                              XD_STR("Done.")                       },
    [XD_INVALID] = {400, XD_STR("内容有误，请改正后再试。"),
               XD_STR("What was sent cannot be right. Correct it and try again.")                                        },
    [XD_DENIED] = {403, XD_STR("没有权限。"),                                     XD_STR("You may not do this.")        },
    [XD_ABSENT] = {404, XD_STR("没有找到。"),                                     XD_STR("It was not found.")           },
    [XD_GONE] = {410, XD_STR("内容已撤下。"),                                  XD_STR("It has been withdrawn.")      },
    [XD_CONFLICT] = {409, XD_STR("内容已被别人改动，请重新打开再改。"),
               XD_STR("Somebody changed it meanwhile. Open it again, then change it.")                                   },
    [XD_LIMIT] = {413, XD_STR("内容太大，请拆小后再试。"),
               XD_STR("It is too large. Send it in smaller parts.")                                                      },
    [XD_UNREADABLE] = {415, XD_STR("文件格式无法识别。"),
               XD_STR("The file is not of a kind that can be read here.")                                                },
    [XD_CANCELLED] = {499, XD_STR("已停止，没有留下改动。"),
               XD_STR("Stopped; nothing was changed.")                                                                   },
    [XD_BROKEN] = {500, XD_STR("数据有损坏，请告知管理员。"),
               XD_STR("Data are damaged. Please tell the operator.")                                                     },
    [XD_BUSY] = {503, XD_STR("正忙，请稍后再试。"),                         XD_STR("Busy. Try again in a moment.")},
    [XD_FULL] = {507, XD_STR("存储空间不足，请告知管理员。"),
               XD_STR("There is no room left. Please tell the operator.")                                                },
    [XD_SYSTEM] = {500, XD_STR("系统出错，请稍后再试。"),
               XD_STR("Something failed here. Try again later.")                                                         },
};

int xd_code_status(xd_code code)
{
    assert((size_t)code < XD_LEN(codes));
    return codes[code].status;
}

struct xd_defer_item {
    xd_defer_item *next;
    void (*fn)(void *);
    void *p;
};

void xd_ctx_begin(xd_ctx *cx)
{
    *cx = (xd_ctx){.arena = xd_arena_make()};
}

static void run_defers(xd_ctx *cx)
{
    while (cx->defers != NULL) {
        xd_defer_item *item = cx->defers;
        cx->defers = item->next;
        item->fn(item->p);
    }
}

void xd_ctx_end(xd_ctx *cx)
{
    run_defers(cx);
    xd_arena_free(cx->arena);
    cx->arena = NULL;
}

void xd_ctx_reset(xd_ctx *cx)
{
    run_defers(cx);
    xd_arena_reset(cx->arena);
    cx->err = (xd_err){.code = XD_OK};
}

void xd_defer(xd_ctx *cx, void (*fn)(void *), void *p)
{
    xd_defer_item *item = xd_new(cx->arena, xd_defer_item);
    *item = (xd_defer_item){cx->defers, fn, p};
    cx->defers = item;
}

static int64_t clock_us(clockid_t which)
{
    struct timespec t;
    (void)clock_gettime(which, &t); /* cannot fail for these two clocks */
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t xd_now(const xd_ctx *cx)
{
    return cx->now != NULL ? cx->now(cx->clock) : clock_us(CLOCK_REALTIME);
}

int64_t xd_monotonic(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

bool xd_go_on(xd_ctx *cx)
{
    if (cx->stop != NULL && __atomic_load_n(cx->stop, __ATOMIC_RELAXED) != 0) {
        return xd_fail(cx, XD_CANCELLED, "stopped");
    }
    if (cx->deadline != 0 && xd_monotonic() > cx->deadline) {
        return xd_fail(cx, XD_BUSY, "out of time");
    }
    return true;
}

XD_PRINTF(2, 0)
static void add_message(xd_ctx *cx, const char *format, va_list args)
{
    char text[1024];
    (void)vsnprintf(text, sizeof text, format, args); /* cut short is good enough */
    xd_str said = cx->err.message;
    cx->err.message = said.n == 0 ? xd_str_copy(cx->arena, xd_str_of(text))
                                  : xd_str_printf(cx->arena, "%s: " XD_FMT, text, XD_ARG(said));
}

bool xd_fail(xd_ctx *cx, xd_code code, const char *format, ...)
{
    assert(code != XD_OK);
    va_list args;
    va_start(args, format);
    if (cx->err.code == XD_OK) {
        cx->err = (xd_err){.code = code};
    }
    add_message(cx, format, args);
    va_end(args);
    return false;
}

bool xd_fail_note(xd_ctx *cx, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_message(cx, format, args);
    va_end(args);
    return false;
}

bool xd_fail_words(xd_ctx *cx, xd_str zh, xd_str en)
{
    if (cx->err.zh.n == 0 && cx->err.en.n == 0) {
        cx->err.zh = xd_str_copy(cx->arena, zh);
        cx->err.en = xd_str_copy(cx->arena, en);
    }
    return false;
}

xd_str xd_err_sentence(const xd_ctx *cx)
{
    const xd_err *e = &cx->err;
    xd_str own = cx->lang == XD_EN ? e->en : e->zh;
    if (own.n > 0) {
        return own;
    }
    return cx->lang == XD_EN ? codes[e->code].en : codes[e->code].zh;
}

xd_err xd_err_take(xd_ctx *cx)
{
    xd_err e = cx->err;
    cx->err = (xd_err){.code = XD_OK};
    return e;
}

bool xd_fail_errno(xd_ctx *cx, int error_number, const char *format, ...)
{
    xd_code code = XD_SYSTEM;
    if (error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG) {
        code = XD_FULL;
    } else if (error_number == ENOENT || error_number == ENOTDIR) {
        code = XD_ABSENT;
    } else if (error_number == EACCES || error_number == EPERM || error_number == EROFS) {
        code = XD_DENIED;
    }
    if (cx->err.code == XD_OK) {
        char words[128];
        cx->err = (xd_err){.code = code};
        cx->err.message =
            xd_str_copy(cx->arena, xd_str_of(strerror_r(error_number, words, sizeof words)));
    }
    va_list args;
    va_start(args, format);
    add_message(cx, format, args);
    va_end(args);
    return false;
}
