/* exchange/wire.h — a job's request on its way to the helper: one seqpacket message with its
 * descriptors. Private to worker.c and job.c. */
#ifndef XD_EXCHANGE_WIRE_H
#define XD_EXCHANGE_WIRE_H

#include "exchange/worker.h"

#define XD_WIRE_TEXT 1024

typedef struct xd_wire_text_field {
    uint32_t n;
    bool given;
    char bytes[XD_WIRE_TEXT];
} xd_wire_text_field;

typedef struct xd_wire_request {
    xd_wire_text_field job, name, encoding;
    bool all_sheets;
    /* In the message these say only which are there (≥ 0); the receiver puts its own in. */
    int data, status;
    int files[XD_JOB_FILES];
    int fd_out;
} xd_wire_request;

void xd_wire_set(xd_wire_text_field *field,
                 xd_str text); /* cut at XD_WIRE_TEXT, at a character */
xd_str xd_wire_text(const xd_wire_text_field *field);
/* 0, or an errno. */
int xd_wire_send(int control, const xd_wire_request *request);
/* 1: a request; 0: the other end closed; -1: a message that is none, dropped. */
int xd_wire_receive(int control, xd_wire_request *ret_request);
void xd_wire_close(xd_wire_request *request); /* every descriptor in it */

#endif
