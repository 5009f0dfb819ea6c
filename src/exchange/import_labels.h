/* exchange/import_labels.h — texts that hold a small form of labels and values. */
#ifndef XD_EXCHANGE_IMPORT_LABELS_H
#define XD_EXCHANGE_IMPORT_LABELS_H

#include "model/read.h"

/* Offered one label's value; false: it is given elsewhere and stays in the text. */
typedef bool xd_labels_give(void *user, const xd_column *column, xd_str value);
/* True when the text is changed: *ret_left is what stays of it. */
bool xd_labels_take(xd_ctx *cx, const xd_model *model, const xd_type *type, xd_str text,
                    xd_labels_give *gives, void *user, xd_str *ret_left);

#endif
