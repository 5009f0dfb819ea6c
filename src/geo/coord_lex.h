/* geo/coord_lex.h — a written coordinate cut into signs. Inside geo/ only; see coord_lex.c. */
#ifndef XD_GEO_COORD_LEX_H
#define XD_GEO_COORD_LEX_H

#include "geo/coord.h"

typedef enum xd_sign_kind {
    XD_SIGN_END,
    XD_SIGN_NUMBER,
    XD_SIGN_FRACTION, /* ".5" right behind a mark: 06″.5 */
    XD_SIGN_DEGREE,
    XD_SIGN_MINUTE,
    XD_SIGN_SECOND,
    XD_SIGN_METRE,
    XD_SIGN_DASH,
    XD_SIGN_PLUS,
    XD_SIGN_COLON, /* also = and the dots of 118.27.06 */
    XD_SIGN_BLANK, /* blanks, brackets, words without meaning here */
    XD_SIGN_HARD,  /* , ; / | line break: between two coordinates */
    XD_SIGN_AXIS,
    XD_SIGN_HEIGHT, /* 高程, 海拔, alt: what follows is no place */
    XD_SIGN_RANGE,  /* ~ 至 */
    XD_SIGN_OTHER,
} xd_sign_kind;

typedef struct xd_sign {
    xd_sign_kind kind;
    xd_str text;   /* as written */
    bool letter;   /* a mark written as a letter: d, m, s */
    xd_axis axis;  /* AXIS */
    int direction; /* AXIS: 1 east, north; -1 west, south; 0 only says which axis */
    double value;  /* NUMBER, FRACTION */
    int decimals;
    bool whole; /* NUMBER: without a decimal point */
} xd_sign;

enum { XD_COORD_LONGEST = 400 }; /* bytes */

/* Signs of the text, an END last. False: the text is not UTF-8 or too long. */
XD_MUST bool xd_coord_lex(xd_ctx *cx, xd_str text, const xd_sign **ret_signs);

#endif
