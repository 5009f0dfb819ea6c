/* base/ctx.h — what a piece of work carries: memory, error, clock, deadline, language, actor.
 *
 * Every fallible function takes a context first and returns bool: false means cx->err says why
 * and every ret_ parameter is untouched. The first cause is kept; callers add where they were
 * with xd_fail_note(). A context serves one thread at a time; jobs and tests make their own. */
#ifndef XD_BASE_CTX_H
#define XD_BASE_CTX_H

#include "base/arena.h"

/* Few, each one HTTP status. */
typedef enum xd_code {
    XD_OK,
    XD_INVALID,   /* 400: what was sent cannot be right */
    XD_DENIED,    /* 403 */
    XD_ABSENT,    /* 404 */
    XD_GONE,      /* 410 */
    XD_CONFLICT,  /* 409: the state is no longer the one you saw */
    XD_LIMIT,     /* 413: larger than allowed */
    XD_UNREADABLE,/* 415: not a format, encoding or file we can read */
    XD_CANCELLED, /* 499: the person stopped it */
    XD_BROKEN,    /* 500: our data or files are damaged */
    XD_BUSY,      /* 503: another holds it; try again */
    XD_FULL,      /* 507: no room */
    XD_SYSTEM,    /* 500: the operating system or a library refused */
} xd_code;

int xd_code_status(xd_code code);

typedef enum xd_lang { XD_ZH, XD_EN } xd_lang;
#define XD_LANGS 2
extern const xd_str xd_lang_tag[XD_LANGS]; /* "zh", "en" */

typedef struct xd_err {
    xd_code code;
    xd_str message; /* for the operator, English; lives in cx->arena */
    xd_str zh, en;  /* for the visitor, whole sentences; absent: the code's own words */
} xd_err;

typedef struct xd_defer_item xd_defer_item;

typedef struct xd_ctx {
    xd_arena *arena;
    xd_err err;
    int64_t (*now)(void *clock); /* µs since 1970 UTC; NULL: the system's clock */
    void *clock;
    int64_t deadline;  /* µs, monotonic; 0: none */
    uint64_t work;      /* done so far for questions, in units: see index/look.h */
    uint64_t work_most; /* of it allowed here; 0: no more than each question's own bound says */
    bool overworked;    /* given up for that: where more is allowed there may be an answer */
    int64_t actor;     /* account number; 0: nobody mapped */
    xd_lang lang;      /* of words for people */
    const volatile int *stop; /* non-NULL and non-zero: give up with XD_CANCELLED */
    xd_defer_item *defers;
} xd_ctx;

/* A context with an arena of its own; xd_ctx_end() runs what was deferred, newest first, and
 * frees the arena. xd_ctx_reset() does the same but keeps one block of the arena. */
void xd_ctx_begin(xd_ctx *cx);
void xd_ctx_end(xd_ctx *cx);
void xd_ctx_reset(xd_ctx *cx);
/* Call fn(p) when the context ends. */
void xd_defer(xd_ctx *cx, void (*fn)(void *), void *p);

int64_t xd_now(const xd_ctx *cx);    /* µs since 1970, UTC */
int64_t xd_monotonic(void);          /* µs */
/* False with XD_CANCELLED or XD_BUSY once cx->stop is set or the deadline has passed. */
XD_MUST bool xd_go_on(xd_ctx *cx);

/* Record a failure and return false. The first cause is kept: a later call while an error
 * stands only adds to its message. */
bool xd_fail(xd_ctx *cx, xd_code code, const char *format, ...) XD_PRINTF(3, 4);
bool xd_fail_note(xd_ctx *cx, const char *format, ...) XD_PRINTF(2, 3);
/* Give the standing error its sentences for people: what, where, what to do. Returns false. */
bool xd_fail_words(xd_ctx *cx, xd_str zh, xd_str en);
/* The sentence to show, in cx->lang: the error's own words, else the code's. */
xd_str xd_err_sentence(const xd_ctx *cx);
/* Take the error away, for a caller that recovers. */
xd_err xd_err_take(xd_ctx *cx);
/* errno as XD_FULL, XD_ABSENT, XD_DENIED or XD_SYSTEM, with its words. */
bool xd_fail_errno(xd_ctx *cx, int error_number, const char *format, ...) XD_PRINTF(3, 4);

#endif
