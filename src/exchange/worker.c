/* The helper: one process of this binary, started before any thread exists, that has loaded
 * what readers need (drivers, encodings) and forks a worker for each outside file.
 *
 *   parent ── control (seqpacket: request + descriptors) ──▶ helper ── fork ──▶ worker
 *     ▲ ◀───────────── data (stream socket: hello + pidfd, then frames) ─────────┘
 *     └ ◀───────────── status (pipe: how the worker ended) ── helper
 *
 * The helper never reads a byte of any file. It ends, with all its workers, when the parent's
 * end of control closes. The worker sends its own pidfd first, so the parent can kill exactly
 * it, at any time, without a race on reused numbers. */
#include "exchange/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <libxml/parser.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "exchange/detect.h"
#include "exchange/gdal.h"
#include "exchange/wire.h"

#define WORKERS 64

static const xd_job_row jobs[] = {
    {XD_STR("read"),  xd_read_any  },
    {XD_STR("write"), xd_write_gdal},
};

/* ---- the worker -------------------------------------------------------------------------- */

static bool send_frames(xd_ctx *cx, void *user, xd_str frames)
{
    const int *fd = user;
    for (size_t at = 0; at < frames.n;) {
        ssize_t n = write(*fd, frames.p + at, frames.n - at);
        if (n < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "sending rows");
        }
        at += n > 0 ? (size_t)n : 0;
    }
    return true;
}

/* The hello: one byte that says whether Landlock stands is not known yet, so it goes in two
 * steps: 'H' with the pidfd, then 'L' or '-' once the box is closed. */
static bool send_hello(int socket_fd)
{
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (self < 0) {
        return false;
    }
    char byte = 'H';
    struct iovec piece = {&byte, 1};
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(c), &self, sizeof self);
    bool sent = sendmsg(socket_fd, &message, MSG_NOSIGNAL) == 1;
    (void)close(self);
    return sent;
}

static bool map_file(xd_ctx *cx, int fd, xd_str *ret_bytes)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return xd_fail_errno(cx, errno, "looking at the file");
    }
    size_t n = (size_t)st.st_size;
    if (n == 0) {
        *ret_bytes = XD_S("");
        return true;
    }
    void *p = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED) {
        return xd_fail_errno(cx, errno, "mapping the file");
    }
    *ret_bytes = (xd_str){p, n};
    return true;
}

/* FreeXL opens paths only: a copy of an old Office file that has one inside the box. */
static bool copy_old_office(xd_ctx *cx, xd_reader_in *in)
{
    static const xd_str magic = XD_STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    if (!xd_str_starts(in->bytes, magic)) {
        return true;
    }
    in->memory = memfd_create("xls", 0);
    return in->memory >= 0 ? xd_file_write(cx, in->memory, in->bytes)
                           : xd_fail_errno(cx, errno, "copying the file");
}

static bool run_job(xd_ctx *cx, const xd_wire_request *request, xd_emit *emit)
{
    xd_reader_in in = {
        .name = xd_wire_text(&request->name),
        .encoding = xd_wire_text(&request->encoding),
        .fd_out = request->fd_out,
        .all_sheets = request->all_sheets,
    };
    xd_str *bytes[XD_JOB_FILES] = {&in.bytes, &in.extra[0], &in.extra[1], &in.extra[2]};
    int64_t input = 0;
    for (size_t i = 0; i < XD_JOB_FILES; i++) {
        if (request->files[i] >= 0) {
            if (!map_file(cx, request->files[i], bytes[i])) {
                return false;
            }
            input += (int64_t)bytes[i]->n;
        }
    }
    if (!copy_old_office(cx, &in)) {
        return false;
    }
    xd_box_limits limits = {
        .input_bytes = input,
        .cpu_s = 60 + (int)(input / (100 << 20)) * 60,
        .writes = request->fd_out >= 0,
    };
    bool landlock = false;
    if (!xd_box_close(cx, &limits, &landlock)) {
        return false;
    }
    int *fd = emit->user;
    if (write(*fd, landlock ? "L" : "-", 1) != 1) {
        return xd_fail(cx, XD_CANCELLED, "nobody listens");
    }
    xd_str job = xd_wire_text(&request->job);
    for (size_t i = 0; i < XD_LEN(jobs); i++) {
        if (xd_str_eq(jobs[i].name, job)) {
            return jobs[i].run(cx, &in, emit);
        }
    }
    return xd_fail(cx, XD_INVALID, "no job " XD_FMT, XD_ARG(job));
}

static _Noreturn void be_worker(xd_wire_request *request)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* the helper's death is ours */
    (void)signal(SIGPIPE, SIG_IGN);
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)close(request->status);
    int fd = request->data;
    if (!send_hello(fd)) {
        _exit(3);
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    xd_emit emit;
    xd_emit_init(&emit, send_frames, &fd);
    bool ok = run_job(&cx, request, &emit) && xd_emit_done(&cx, &emit);
    if (!ok) {
        xd_err err = xd_err_take(&cx);
        ok = xd_emit_error(&cx, &emit, &err);
    }
    _exit(ok ? 0 : 3); /* nothing to flush; destructors of libraries are not asked */
}

/* ---- the helper -------------------------------------------------------------------------- */

typedef struct child {
    pid_t pid; /* 0: free */
    int status;
} child;

static const char *const encodings[] = {"GB18030",    "GBK",    "CP936",     "BIG5",
                                        "BIG5-HKSCS", "CP950",  "UTF-16LE",  "UTF-16",
                                        "UTF-16BE",   "CP1252", "ISO-8859-1"};
typedef struct tables {
    iconv_t at[XD_LEN(encodings) * 2];
} tables;

/* Load what may not be loaded inside the box. The iconv handles stay open: that is what keeps
 * the tables in memory for every fork. Missing ones are reported when they are asked for. */
static void prepare(tables *t)
{
    for (size_t i = 0; i < XD_LEN(encodings); i++) {
        t->at[2 * i] = iconv_open("UTF-8", encodings[i]);
        t->at[2 * i + 1] = iconv_open(encodings[i], "UTF-8");
    }
    xmlInitParser();
    xd_formats_prepare();
}

static void let_go(tables *t)
{
    for (size_t i = 0; i < XD_LEN(t->at); i++) {
        if (t->at[i] != (iconv_t)-1) {
            (void)iconv_close(t->at[i]); /* only frees */
        }
    }
}

/* Nothing a library has to say belongs on the operator's terminal; sanitizers keep theirs. */
static void silence(void)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        (void)dup2(nowhere, STDIN_FILENO);
        (void)dup2(nowhere, STDOUT_FILENO);
#ifndef XD_SANITIZED
        (void)dup2(nowhere, STDERR_FILENO);
#endif
    }
}

static void reap(child children[WORKERS])
{
    int how = 0;
    for (pid_t pid; (pid = waitpid(-1, &how, WNOHANG)) > 0;) {
        for (size_t i = 0; i < WORKERS; i++) {
            if (children[i].pid == pid) {
                ssize_t told = write(children[i].status, &how, sizeof how);
                (void)told; /* the job may be closed */
                (void)close(children[i].status);
                children[i] = (child){0};
            }
        }
    }
}

static void start_worker(xd_wire_request *request, child children[WORKERS], int control,
                         int signals)
{
    size_t slot = 0;
    while (slot < WORKERS && children[slot].pid != 0) {
        slot++;
    }
    pid_t pid = slot == WORKERS ? -1 : fork();
    if (pid == 0) {
        (void)close(control);
        (void)close(signals);
        for (size_t i = 0; i < WORKERS; i++) {
            if (children[i].pid != 0) {
                (void)close(children[i].status);
            }
        }
        be_worker(request);
    }
    if (pid > 0) {
        children[slot] = (child){pid, request->status};
        request->status = -1;
    }
    /* Refused (no slot, no process): the closing of data without a hello says so. */
    xd_wire_close(request);
}

int xd_worker_main(int control_fd)
{
    (void)setpgid(0, 0); /* Ctrl-C is for the parent, which then closes us */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)fcntl(control_fd, F_SETFD, FD_CLOEXEC);
    silence();
    tables loaded;
    prepare(&loaded);
    sigset_t dead;
    (void)sigemptyset(&dead);
    (void)sigaddset(&dead, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &dead, NULL);
    int signals = signalfd(-1, &dead, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) {
        return 1;
    }
    child children[WORKERS] = {{0}};
    for (;;) {
        struct pollfd waits[] = {
            {.fd = control_fd, .events = POLLIN},
            {.fd = signals,    .events = POLLIN}
        };
        if (poll(waits, 2, -1) < 0 && errno != EINTR) {
            return 1;
        }
        struct signalfd_siginfo info;
        while (read(signals, &info, sizeof info) > 0) {
        }
        reap(children);
        if (waits[0].revents != 0) {
            xd_wire_request request;
            int got = xd_wire_receive(control_fd, &request);
            if (got == 0) {
                break;
            }
            if (got > 0) {
                start_worker(&request, children, control_fd, signals);
            }
        }
    }
    for (size_t i = 0; i < WORKERS; i++) {
        if (children[i].pid != 0) {
            (void)kill(children[i].pid, SIGKILL);
        }
    }
    let_go(&loaded);
    return 0;
}
