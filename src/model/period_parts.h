/* model/period_parts.h — what the files that read dates share: the reader, the tables of eras,
 * and the parts of the grammar. Only period_*.c include it. */
#ifndef XD_MODEL_PERIOD_PARTS_H
#define XD_MODEL_PERIOD_PARTS_H

#include "model/numeral.h"
#include "model/period.h"

/* A reign: its n-th year is first + n − 1, up to last. */
typedef struct xd_reign {
    const char *name;
    const char *dynasty; /* its short name, NULL: none */
    int first, last;
} xd_reign;
extern const xd_reign xd_reigns[];
extern const size_t xd_reigns_n;

/* A dynasty or another named time, first and last year (astronomical). INT_MIN, INT_MAX: open.
 * Where custom divides it otherwise than in thirds, early ends, middle lies, late begins here.
 */
typedef struct xd_age {
    const char *name, *english;
    int first, last;
    int early_last, middle_first, middle_last, late_first; /* 0: thirds */
} xd_age;
extern const xd_age xd_ages[];
extern const size_t xd_ages_n;

typedef enum xd_dating_unit {
    XD_DATING_DAY,
    XD_DATING_MONTH,
    XD_DATING_YEAR,
    XD_DATING_REIGN_YEAR,
    XD_DATING_DECADE,
    XD_DATING_CENTURY,
    XD_DATING_AGE, /* years, named: a reign, a dynasty, a plan */
    XD_DATING_OPEN,
} xd_dating_unit;

typedef struct xd_dating {
    int32_t from, to;
    xd_dating_unit unit;
    int64_t year; /* of days, months and years */
    int month;
    int64_t century; /* first year of the hundred a decade was said in; 0: none */
    bool bc, lunar;
    const xd_reign *reign;
    const xd_age *age;
} xd_dating;

typedef struct xd_date_reader {
    xd_ctx *cx;
    xd_str s; /* tidied */
    size_t at;
    unsigned flags;
    bool latin;          /* letters a–z stand in it: English is worth trying */
    const char *zh, *en; /* a reason better than “no date”; NULL: none */
    int depth;
} xd_date_reader;

bool xd_date_eat(xd_date_reader *r, const char *literal);
bool xd_date_is(const xd_date_reader *r, const char *literal); /* stands next */
bool xd_date_end(const xd_date_reader *r);                     /* nothing more, or ')' next */
bool xd_date_why(xd_date_reader *r, const char *zh,
                 const char *en); /* keeps the first; false */
/* Back to where saved was, keeping the reason; false. */
bool xd_date_back(xd_date_reader *r, const xd_date_reader *saved);
bool xd_date_sep(xd_date_reader *r); /* — ~ - to: eats it */
/* A unit stands next, or behind another number of a range: 50—60年代. Eats nothing. */
bool xd_date_unit(const xd_date_reader *r, const char *unit);

bool xd_date_years(xd_date_reader *r, int64_t first, int64_t last, xd_dating_unit unit,
                   xd_dating *d);
bool xd_date_month(xd_date_reader *r, int64_t year, int64_t month, xd_dating *d);
bool xd_date_day(xd_date_reader *r, int64_t year, int64_t month, int64_t day, xd_dating *d);

/* Each reads one dating at r->at or leaves everything untouched. `near`: the first dating of a
 * range, from which a second may inherit; NULL: none. */
bool xd_date_edtf(xd_date_reader *r, xd_dating *d);
bool xd_date_numeric(xd_date_reader *r, const xd_dating *near, xd_dating *d);
bool xd_date_english(xd_date_reader *r, xd_dating *d);
bool xd_date_english_age(xd_date_reader *r, xd_dating *d);
bool xd_date_named(xd_date_reader *r, const xd_dating *near, xd_dating *d);
/* 庚寅: its place in the cycle of sixty, which began in AD 4, eaten; −1: none stands here. */
int xd_date_cycle(xd_date_reader *r);
/* 初, 中叶, 末, 上半叶, 春, 上旬 …: narrows d. True also when nothing stands there. */
bool xd_date_part(xd_date_reader *r, xd_dating *d);
bool xd_date_part_of(xd_date_reader *r, int which, xd_dating *d); /* XD_PART_… below */

enum {
    XD_PART_EARLY,
    XD_PART_MIDDLE,
    XD_PART_LATE,
    XD_PART_FIRST_HALF,
    XD_PART_SECOND_HALF,
    XD_PART_NOT_LATE,  /* 早中期 */
    XD_PART_NOT_EARLY, /* 中晚期 */
};

bool xd_day_check(int64_t year, int64_t month, int64_t day); /* is a day, and within bounds */

#endif
