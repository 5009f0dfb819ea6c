/* model/value.h — small helpers that the files about bodies share.
 *
 * Private to this room. */
#ifndef XD_MODEL_VALUE_H
#define XD_MODEL_VALUE_H

#include "model/body.h"

/* Members of a body that are not fields. */
#define XD_M_TYPE XD_S("type")
#define XD_M_STATE XD_S("state")
#define XD_M_NUMBER XD_S("number")
#define XD_M_SOURCES XD_S("sources")
#define XD_M_ABOUT XD_S("about")
#define XD_M_CONFIDENCE XD_S("confidence")
bool xd_member_is_plain(xd_str name); /* one of them */

/* The words for a degree of confidence, highest first; -1: none of them. */
#define XD_CONFIDENCES 3
extern const xd_str xd_confidence_name[XD_CONFIDENCES];
int xd_confidence_of(xd_str word);

/* Does the condition hold for this body? One without a field always does. */
bool xd_condition_holds(const xd_condition *condition, const xd_json *body);

/* A problem with formatted sentences. The formats take the same arguments. */
#define XD_PROBLEM(cx, problems, weight, code, field, value, zh, en, ...)                      \
    xd_problem_add((cx), (problems), (weight), (code), (field), (value),                       \
                   xd_str_printf((cx)->arena, zh, __VA_ARGS__),                                \
                   xd_str_printf((cx)->arena, en, __VA_ARGS__))

/* Is this decimal text as bodies keep it ("0", "-12.5": no plus, no needless zeros)? Its value
 * in 10^-decimals when it has no more places than that and fits. */
bool xd_decimal_read(xd_str text, int decimals, int64_t *ret_value);
xd_str xd_decimal_write(xd_arena *arena, int64_t value, int decimals);

#endif
