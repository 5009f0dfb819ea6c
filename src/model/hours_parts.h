/* model/hours_parts.h — what hours.c and hours_words.c share: the reader, days, times. */
#ifndef XD_MODEL_HOURS_PARTS_H
#define XD_MODEL_HOURS_PARTS_H

#include "model/hours.h"

#define XD_HOURS_ENTRIES 24
#define XD_ALL_DAYS 0xfeu /* bit 1 Monday … bit 7 Sunday */
#define XD_NO_TIME (-1)

typedef struct xd_hours_entry {
    unsigned days;         /* 0: none were named */
    int open, close, last; /* minutes */
} xd_hours_entry;

/* The text and how far it has been read. */
typedef struct xd_hours_words {
    xd_str s;
    size_t at;
} xd_hours_words;

/* Half width, small letters, simplified; one kind of dash; a blank only between Latin words
 * or figures; line ends as semicolons. */
xd_str xd_hours_tidy(xd_arena *arena, xd_str text);
bool xd_hours_is(const xd_hours_words *w, const char *word); /* stands next */
bool xd_hours_eat(xd_hours_words *w, const char *word);
bool xd_hours_eat_any(xd_hours_words *w, const char *const *words); /* NULL ends the list */
int xd_hours_int(xd_hours_words *w, size_t most); /* −1: no number of at most so many digits */
/* 每天, 周二至周日, 工作日, tue-sun: a set of days; 0, nothing moved: none stand here. */
unsigned xd_hours_days(xd_hours_words *w);
/* 9:00, 9点半, 下午2点, 9 am; bare: 9 alone too. Minutes; XD_NO_TIME, nothing moved, otherwise.
 * *ret_half: 0 unsaid, 1 morning, 2 afternoon. */
int xd_hours_time(xd_hours_words *w, bool bare, int *ret_half);
/* 9:00-17:00, 下午2:00-5:30, 9-17, 全天, 24小时. */
bool xd_hours_span(xd_hours_words *w, int *ret_open, int *ret_close);

#endif
