#include "base/log.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Set once before threads exist: the one mutable global, read-only afterwards. */
static xd_level threshold = XD_INFO;

void xd_log_threshold(xd_level level)
{
    threshold = level;
}

xd_str xd_time_text(xd_arena *arena, int64_t time_us)
{
    time_t seconds = (time_t)(time_us / 1000000 - (time_us % 1000000 < 0 ? 1 : 0));
    struct tm t;
    (void)gmtime_r(&seconds, &t); /* years of int64 µs fit */
    return xd_str_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900,
                         t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
}

static void line(xd_level level, const char *event, xd_str text)
{
    static const char *const names[] = {"debug", "info", "warn", "error"};
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_buf out = {.max = 64 << 10};
    xd_buf_printf(&out, "{\"time\":\"" XD_FMT "\",\"level\":\"%s\",\"event\":\"%s\",\"text\":",
                  XD_ARG(xd_time_text(cx.arena, xd_now(&cx))), names[level], event);
    xd_buf_json(&out, text, false);
    xd_buf_add(&out, XD_S("}\n"));
    if (!out.failed) {
        ssize_t wrote = write(STDERR_FILENO, out.p, out.n);
        (void)wrote; /* nobody is left to tell */
    }
    xd_buf_free(&out);
    xd_ctx_end(&cx);
}

void xd_log(xd_level level, const char *event, const char *format, ...)
{
    if (level < threshold) {
        return;
    }
    char text[4096];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t length = n < 0 ? 0 : (size_t)n >= sizeof text ? sizeof text - 1 : (size_t)n;
    line(level, event, (xd_str){text, length});
}

void xd_log_err(const xd_ctx *cx, const char *event)
{
    xd_log(XD_ERROR, event, "%d " XD_FMT, xd_code_status(cx->err.code),
           XD_ARG(cx->err.message));
}
