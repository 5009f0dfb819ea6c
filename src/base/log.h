/* base/log.h — structured log lines on standard error: one JSON object a line.
 *
 * Library rooms return errors; web and main log them, once. Safe in any thread: a line is one
 * write(2). Field values are escaped; never log personal values or secrets. */
#ifndef XD_BASE_LOG_H
#define XD_BASE_LOG_H

#include "base/ctx.h"

typedef enum xd_level { XD_DEBUG, XD_INFO, XD_WARN, XD_ERROR } xd_level;

void xd_log_threshold(xd_level level); /* before threads exist; default XD_INFO */
/* {"time":"…Z","level":"…","event":"…","text":"…"}; event is a short fixed word. */
void xd_log(xd_level level, const char *event, const char *format, ...) XD_PRINTF(3, 4);
/* The standing error of cx, with its code. */
void xd_log_err(const xd_ctx *cx, const char *event);

/* "2026-11-24T05:30:22Z" */
xd_str xd_time_text(xd_arena *arena, int64_t time_us);

#endif
