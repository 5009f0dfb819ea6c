#include "exchange/wire.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define WIRE_FDS (XD_JOB_FILES + 3)

void xd_wire_set(xd_wire_text_field *field, xd_str text)
{
    size_t n = text.n;
    if (n > XD_WIRE_TEXT) {
        n = XD_WIRE_TEXT;
        while (n > 0 && ((unsigned char)text.p[n] & 0xc0) == 0x80) {
            n--;
        }
    }
    *field = (xd_wire_text_field){.n = (uint32_t)n, .given = text.p != NULL};
    if (n > 0) {
        memcpy(field->bytes, text.p, n);
    }
}

xd_str xd_wire_text(const xd_wire_text_field *field)
{
    return field->given ? (xd_str){field->bytes, field->n} : (xd_str){0};
}

static void slots(xd_wire_request *request, int *slot[WIRE_FDS])
{
    slot[0] = &request->data;
    slot[1] = &request->status;
    slot[2] = &request->fd_out;
    for (size_t i = 0; i < XD_JOB_FILES; i++) {
        slot[3 + i] = &request->files[i];
    }
}

union control_room {
    struct cmsghdr align;
    char room[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
};

int xd_wire_send(int control, const xd_wire_request *request)
{
    xd_wire_request copy = *request;
    int *slot[WIRE_FDS];
    slots(&copy, slot);
    int fds[WIRE_FDS];
    size_t n = 0;
    for (size_t i = 0; i < WIRE_FDS; i++) {
        if (*slot[i] >= 0) {
            fds[n++] = *slot[i];
        }
    }
    struct iovec piece = {&copy, sizeof copy};
    union control_room room = {0};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.room,
                             .msg_controllen = CMSG_SPACE(sizeof(int) * n)};
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * n);
    memcpy(CMSG_DATA(c), fds, sizeof(int) * n);
    ssize_t sent;
    do {
        sent = sendmsg(control, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)sizeof copy ? 0 : sent < 0 ? errno : EIO;
}

int xd_wire_receive(int control, xd_wire_request *ret_request)
{
    xd_wire_request got;
    struct iovec piece = {&got, sizeof got};
    union control_room room = {0};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = room.room,
                             .msg_controllen = sizeof room.room};
    ssize_t n = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    if (n <= 0) {
        return n < 0 && (errno == EINTR || errno == EAGAIN) ? -1 : 0;
    }
    int fds[WIRE_FDS];
    size_t n_fds = 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            n_fds = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(c), n_fds * sizeof(int));
        }
    }
    size_t used = 0;
    if (n == (ssize_t)sizeof got) {
        int *slot[WIRE_FDS];
        slots(&got, slot);
        for (size_t i = 0; i < WIRE_FDS; i++) {
            if (*slot[i] >= 0) {
                *slot[i] = used < n_fds ? fds[used] : -1;
                used += used < n_fds;
            }
        }
    }
    if (used == 0 || used != n_fds || got.data < 0 || got.status < 0) {
        for (size_t i = 0; i < n_fds; i++) {
            (void)close(fds[i]);
        }
        return -1;
    }
    *ret_request = got;
    return 1;
}

void xd_wire_close(xd_wire_request *request)
{
    int *slot[WIRE_FDS];
    slots(request, slot);
    for (size_t i = 0; i < WIRE_FDS; i++) {
        if (*slot[i] >= 0) {
            (void)close(*slot[i]);
            *slot[i] = -1;
        }
    }
}
