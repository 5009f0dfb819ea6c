/* model/period.h — Chinese and other dates as intervals.
 *
 * A period is [earliest start, latest end] in days since 1970-01-01 (proleptic Gregorian,
 * astronomical years), each end open or closed. Read: 1953, 1953年7月, 1953-07-02, 1953/1958,
 * 1953—1958年, 1953年至今, 光绪十六年, 清光绪十六年（1890）, 同治年间, 明万历, 民国二十三年,
 * 清末, 20世纪50年代, 五十年代初, 二十世纪六七十年代, 19世纪末, 一五时期, 约1890年,
 * 公元前475年, 春秋至西汉, EDTF levels 0 and 1 (1953-07-02/.., 1890~, 195X). Reign years since
 * 1644 are table data with sources; a bracketed Western year must agree or the reading says so.
 * The text as given is always kept by the caller. */
#ifndef XD_MODEL_PERIOD_H
#define XD_MODEL_PERIOD_H

#include "base/ctx.h"

#define XD_DAY_OPEN_START INT32_MIN
#define XD_DAY_OPEN_END INT32_MAX

typedef struct xd_period {
    int32_t from, to; /* days; XD_DAY_OPEN_… where open */
} xd_period;

enum {
    XD_PERIOD_ABOUT = 1,  /* 约, ~ */
    XD_PERIOD_UNSURE = 2, /* ? , 可能 */
    XD_PERIOD_DISAGREES =
        4, /* two datings in the text do not agree; the interval covers both */
    XD_PERIOD_CENTURY =
        8 /* 50年代, 58年: the century was not said and the twentieth is taken */
};

/* XD_INVALID when no reading is found, with sentences; then nothing is guessed. 至今 leaves the
 * end open. Whether a date may lie in the future is the caller's to say. */
XD_MUST bool xd_period_read(xd_ctx *cx, xd_str text, xd_period *ret_period,
                            unsigned *ret_flags);
/* EDTF text of an interval, e.g. 1953, 1953-07, 1950/1959, ../1911. */
xd_str xd_period_edtf(xd_arena *arena, xd_period period);
/* As a person reads it: 1953年, 1950—1959年, 公元前475年 / 1953, 1950–1959, 475 BC. */
xd_str xd_period_text(xd_arena *arena, xd_period period, xd_lang lang);

int32_t xd_day_of(int64_t year, int month, int day);
void xd_day_parts(int32_t day, int64_t *ret_year, int *ret_month, int *ret_day);
/* "1890-01-01"; years beyond 0000–9999 with sign as ISO 8601-2: "-0474-01-01". */
xd_str xd_day_text(xd_arena *arena, int32_t day);
bool xd_day_read(xd_str iso, int32_t *ret_day);
/* Years of the interval's ends; INT64_MIN/MAX where open. */
void xd_period_years(xd_period period, int64_t *ret_from, int64_t *ret_to);

/* Chinese and mixed numerals: 二十三, 廿三, 〇, 一九五三, 三千六百, 1.2万, １２３, 12,345. The
 * value is decimal text without trailing zeros. XD_INVALID when it is not one number. */
XD_MUST bool xd_number_read(xd_ctx *cx, xd_str text, xd_str *ret_decimal);

#endif
