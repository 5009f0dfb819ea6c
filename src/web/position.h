/* web/position.h — a person's own write is in his next answer, whichever server gives it.
 *
 * The mark (index/position.h) comes in the header Xiudai-Position or in the cookie xd-position.
 * http.c keeps the request waiting, on no thread, until the index is there or app->position_ms are
 * over; then an API answer is 503 with the distance, a page is shown and says that it is behind.
 * An answer to a request with a mark carries a newer one, in both. Without a mark nothing is
 * different. */
#ifndef XD_WEB_POSITION_H
#define XD_WEB_POSITION_H

#include "web/app.h"

/* The seq a request's mark stands for; 0: none that is ours. */
int64_t xd_position_of(const xd_app *app, const xd_request *request);
/* The reached of xd_http_options: does the index hold it? */
bool xd_position_reached(void *app, int64_t seq);
/* Before a handler is called. page: people read it, else programs do. XD_INVALID: the header's
 * mark is not ours (a cookie that is not is left alone: it may be of an older store). XD_BUSY: not
 * there yet, and programs ask. */
XD_MUST bool xd_position_begin(xd_ctx *cx, const xd_app *app, bool page, xd_request *request,
                               xd_response *response);

#endif
