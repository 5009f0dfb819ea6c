/* model/numeral.h — whole numbers inside dates, in Arabic or Chinese digits. Used by the
 * readers of this room; text is tidied first: half width, simplified. */
#ifndef XD_MODEL_NUMERAL_H
#define XD_MODEL_NUMERAL_H

#include "base/str.h"

typedef struct xd_numeral {
    int64_t value;
    int digits; /* written positionally, so many digits: 1953, 一九五三; 0: 二十三 */
    bool chinese;
} xd_numeral;

/* The longest numeral at *at, which moves behind it. False, and nothing moves, when none
 * stands there or it is beyond 10^15. */
bool xd_numeral_read(xd_str s, size_t *at, xd_numeral *ret_numeral);

#endif
