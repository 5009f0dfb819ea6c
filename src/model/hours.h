/* model/hours.h — opening hours as given and as read; identifiers; phones.
 *
 * Read: 周二至周日 9:00-17:00，16:30停止入场；周一闭馆（节假日除外）, 全天开放, 9:00—11:30 14:00—17:00,
 * Tue–Sun 9–17. The result is the body shape of kind hours:
 *   {"text": as given, "week": [{"days": [2,3,4,5,6,7], "open": "09:00", "close": "17:00",
 *    "last": "16:30"}, …], "except": [{"holidays": true | "from","to": ISO dates, "closed": bool, …}]}
 * Days are ISO: 1 Monday. What could not be read leaves "week" absent: text alone, and a note. */
#ifndef XD_MODEL_HOURS_H
#define XD_MODEL_HOURS_H

#include "base/json.h"

/* closed: a second column such as 闭馆日, may be absent. *ret_read false: only the text stands. */
XD_MUST bool xd_hours_read(xd_ctx *cx, xd_str text, xd_str closed, xd_json **ret_hours,
                           bool *ret_read);
/* One line a person reads, from the value. */
xd_str xd_hours_text(xd_ctx *cx, const xd_json *hours);

/* 统一社会信用代码, GB 32100-2015: 18 characters, weights 3^i mod 31. Normalised to upper case. */
bool xd_uscc_read(xd_ctx *cx, xd_str text, xd_str *ret_code);
/* A phone as written people dial it: "0563-5600000" kept, full width and blanks mended.
 * False: not a phone. */
bool xd_phone_read(xd_ctx *cx, xd_str text, xd_str *ret_phone);
/* http, https only, with a host; blanks refused. */
bool xd_url_read(xd_ctx *cx, xd_str text, xd_str *ret_url);

#endif
