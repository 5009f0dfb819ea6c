/* model/check_in.h — judging single values, for reading bodies of earlier models.
 *
 * Private to this room. */
#ifndef XD_MODEL_CHECK_IN_H
#define XD_MODEL_CHECK_IN_H

#include "model/body.h"

/* Would this be a good item of the field? False only when judging failed. */
XD_MUST bool xd_item_fits(xd_ctx *cx, const xd_type *type, const xd_field *field,
                          const xd_json *item, bool *ret_fits);

#endif
