/* web/tally.h — how many public records held a condition at the end of each month, from the log.
 *
 * A tally reads the log once, in pieces: each asking goes on where the last one stopped, for no
 * longer than it is told, so a page never waits for a long log; until the end is reached the
 * answer says up to when it speaks. Bodies of the past are read through the models since, and
 * through the one door (xd_body_public). Samples are never counted. */
#ifndef XD_WEB_TALLY_H
#define XD_WEB_TALLY_H

#include "model/computed.h"
#include "store/store.h"

typedef struct xd_tallies xd_tallies;

xd_tallies *xd_tallies_make(void);
void xd_tallies_free(xd_tallies *tallies); /* NULL is allowed */

typedef struct xd_tally_answer {
    int64_t first; /* month of the first revision: year × 12 + month − 1, China's time */
    const uint32_t *months; /* at the end of first, first + 1, … */
    size_t n;
    bool whole;    /* the log is read to its end */
    int64_t until; /* µs: time of the last revision read */
} xd_tally_answer;

/* filter: bound to the type, fit for xd_cql_holds(); NULL: all. name: what tells this question
 * from others. Unknown truth does not count. One asks at a time. */
XD_MUST bool xd_tally(xd_ctx *cx, xd_tallies *tallies, xd_store *store, const xd_model *model,
                      const xd_type *type, const xd_cql *filter, xd_str name, int64_t budget_us,
                      xd_tally_answer *ret_answer);

#endif
