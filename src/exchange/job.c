/* The parent's side of a job: starting the helper, asking for a worker, reading what it says,
 * and putting its end into words. */
#include "exchange/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exchange/wire.h"

/* One helper a process, from before its threads until its end: the one thing here that is not
 * handed in. Whoever finds it dead starts it again, under the lock, as every request is sent; the
 * child between fork and exec makes no call that threads could have left half done. */
static struct helper {
    pthread_mutex_t lock;
    int control;
    pid_t pid;
    const char *argv0; /* the process's own */
} helper = {.lock = PTHREAD_MUTEX_INITIALIZER, .control = -1};

struct xd_job {
    int data, status, worker; /* worker: its pidfd */
    bool landlock, said_hello, said_box;
    int64_t idle_us;
    int64_t heard; /* monotonic */
};

/* ---- the helper -------------------------------------------------------------------------- */

bool xd_worker_asked(int argc, char **argv, int *ret_fd)
{
    int64_t fd = 0;
    if (argc != 3 || strcmp(argv[1], XD_WORKER_WORD) != 0 ||
        !xd_str_int(xd_str_of(argv[2]), &fd) || fd < 0 || fd > 1 << 20) {
        return false;
    }
    *ret_fd = (int)fd;
    return true;
}

static bool start(xd_ctx *cx)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        return xd_fail_errno(cx, errno, "making the helper's socket");
    }
    char number[16];
    (void)snprintf(number, sizeof number, "%d", ends[1]);
    char word[] = XD_WORKER_WORD;
    char name[] = "xiudai";
    char *const argv[] = {name, word, number, NULL};
    sigset_t none; /* a thread of ours may have blocked some */
    (void)sigemptyset(&none);
    pid_t pid = fork();
    if (pid < 0) {
        int why = errno;
        (void)close(ends[0]);
        (void)close(ends[1]);
        return xd_fail_errno(cx, why, "starting the helper");
    }
    if (pid == 0) {
        (void)sigprocmask(SIG_SETMASK, &none, NULL);
        (void)fcntl(ends[1], F_SETFD, 0);
        (void)execv("/proc/self/exe", argv);
        (void)execv(helper.argv0, argv);
        _exit(127);
    }
    (void)close(ends[1]);
    helper.control = ends[0];
    helper.pid = pid;
    return true;
}

static void stop(void)
{
    (void)close(helper.control);
    helper.control = -1;
    while (waitpid(helper.pid, NULL, 0) < 0 && errno == EINTR) {
    }
    helper.pid = 0;
}

bool xd_worker_start(xd_ctx *cx, const char *argv0)
{
    (void)pthread_mutex_lock(&helper.lock);
    helper.argv0 = argv0;
    bool ok = helper.control >= 0 || start(cx);
    (void)pthread_mutex_unlock(&helper.lock);
    return ok;
}

void xd_worker_stop(void)
{
    (void)pthread_mutex_lock(&helper.lock);
    if (helper.control >= 0) {
        stop();
    }
    helper.argv0 = NULL;
    (void)pthread_mutex_unlock(&helper.lock);
}

/* Hand a request to the helper, to a new one when it has ended. */
static bool send_to_helper(xd_ctx *cx, const xd_wire_request *wire)
{
    (void)pthread_mutex_lock(&helper.lock);
    bool known = helper.argv0 != NULL, ok = false;
    for (int tries = 0; known && !ok && tries < 2; tries++) {
        ok = (helper.control >= 0 || start(cx)) && xd_wire_send(helper.control, wire) == 0;
        if (!ok && helper.control >= 0) {
            (void)kill(helper.pid, SIGKILL); /* not yet waited for: still ours */
            stop();
        }
    }
    (void)pthread_mutex_unlock(&helper.lock);
    if (ok) {
        return true;
    }
    (void)xd_fail(cx, XD_SYSTEM, "no helper process for outside files: %s",
                  known ? "it ends at once" : "not started");
    return xd_fail_words(cx, XD_S("读取外来文件的辅助进程没有运行，请重新启动程序。"),
                         XD_S("The helper process for outside files is not running: please "
                              "restart the program."));
}

/* ---- a job ------------------------------------------------------------------------------- */

void xd_job_close(xd_job *job)
{
    if (job->worker >= 0) {
        (void)syscall(SYS_pidfd_send_signal, job->worker, SIGKILL, NULL, 0);
        (void)close(job->worker);
    }
    if (job->data >= 0) {
        (void)close(job->data);
    }
    if (job->status >= 0) {
        (void)close(job->status);
    }
    job->data = job->status = job->worker = -1;
}

static void close_job(void *job)
{
    xd_job_close(job);
}

bool xd_job_open(xd_ctx *cx, const xd_job_request *request, xd_job **ret_job)
{
    int data[2], status[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, data) != 0) {
        return xd_fail_errno(cx, errno, "making a job's socket");
    }
    if (pipe2(status, O_CLOEXEC) != 0) {
        int why = errno;
        (void)close(data[0]);
        (void)close(data[1]);
        return xd_fail_errno(cx, why, "making a job's pipe");
    }
    xd_wire_request wire = {.all_sheets = request->all_sheets,
                            .data = data[1],
                            .status = status[1],
                            .fd_out = request->fd_out};
    xd_wire_set(&wire.job, request->job);
    xd_wire_set(&wire.name, request->name);
    xd_wire_set(&wire.encoding, request->encoding);
    int64_t bytes = 0;
    for (size_t i = 0; i < XD_JOB_FILES; i++) {
        struct stat st;
        wire.files[i] = request->files[i];
        if (request->files[i] >= 0 && fstat(request->files[i], &st) == 0) {
            bytes += st.st_size;
        }
    }
    bool sent = send_to_helper(cx, &wire);
    (void)close(data[1]);
    (void)close(status[1]);
    if (!sent) {
        (void)close(data[0]);
        (void)close(status[0]);
        return false;
    }
    xd_job *job = xd_new(cx->arena, xd_job);
    *job = (xd_job){.data = data[0], .status = status[0], .worker = -1};
    /* Silence allowed: half a minute, and 0.6 s a megabyte (some drivers read all first). */
    job->idle_us = 30000000 + (bytes >> 20) * 600000;
    job->heard = xd_monotonic();
    xd_defer(cx, close_job, job);
    *ret_job = job;
    return true;
}

bool xd_job_is_open_box(const xd_job *job)
{
    return job->said_box && !job->landlock;
}

/* ---- how it ended ------------------------------------------------------------------------ */

static bool say(xd_ctx *cx, xd_code code, const char *message, xd_str zh, xd_str en)
{
    (void)xd_fail(cx, code, "%s", message);
    return xd_fail_words(cx, zh, en);
}

static bool too_slow(xd_ctx *cx)
{
    return say(
        cx, XD_LIMIT, "the worker took too long",
        XD_S("读取这个文件用时过长，已停止；文件可能损坏或有意构造。没有导入任何内容。"),
        XD_S("Reading this file took too long and was stopped: it may be damaged or made "
             "to do harm. Nothing was imported."));
}

/* The stream ended before its end frame. */
static bool say_death(xd_ctx *cx, xd_job *job)
{
    int how = 0;
    struct pollfd wait = {.fd = job->status, .events = POLLIN};
    bool known = poll(&wait, 1, 2000) == 1 && read(job->status, &how, sizeof how) == sizeof how;
    int sig = known && WIFSIGNALED(how) ? WTERMSIG(how) : 0;
    if (sig == SIGXCPU || sig == SIGKILL) {
        return too_slow(cx);
    }
    if (sig == SIGSYS) {
        return say(
            cx, XD_UNREADABLE, "the worker asked for what the sandbox forbids",
            XD_S(
                "读取这个文件时触碰了沙箱的禁令，已停止；文件可能有意构造。没有导入任何内容。"),
            XD_S("Reading this file ran against the sandbox and was stopped: the file may "
                 "be made to do harm. Nothing was imported."));
    }
    if (sig == SIGABRT || (known && WIFEXITED(how) && WEXITSTATUS(how) != 0)) {
        return say(
            cx, XD_LIMIT, "the worker gave up, most likely for want of memory",
            XD_S("读取这个文件需要的内存超过 1 GB 的上限；请拆成几个文件，或另存为 CSV。"),
            XD_S("Reading this file needs more than 1 GB of memory: please split it or "
                 "save it as CSV."));
    }
    if (!job->said_hello) {
        return say(cx, XD_BUSY, "the helper could not start a worker",
                   XD_S("同时读取的文件太多，请稍后再试。"),
                   XD_S("Too many files are being read at once: please try again shortly."));
    }
    (void)xd_fail(cx, XD_UNREADABLE, "the worker died, signal %d", sig);
    return xd_fail_words(cx,
                         XD_S("读取这个文件的进程异常结束，文件可能损坏。没有导入任何内容。"),
                         XD_S("The process reading this file died: the file may be damaged. "
                              "Nothing was imported."));
}

/* ---- listening --------------------------------------------------------------------------- */

/* The first message carries the worker's pidfd. */
static bool take_hello(xd_job *job)
{
    char byte = 0;
    struct iovec piece = {&byte, 1};
    union {
        struct cmsghdr align;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof control.room};
    if (recvmsg(job->data, &message, MSG_CMSG_CLOEXEC) != 1) {
        return false;
    }
    const struct cmsghdr *c = CMSG_FIRSTHDR(&message);
    if (c == NULL || c->cmsg_type != SCM_RIGHTS || byte != 'H') {
        return false;
    }
    memcpy(&job->worker, CMSG_DATA(c), sizeof job->worker);
    job->said_hello = true;
    return true;
}

/* Wait until there is something to read, in steps short enough to see a stop. */
static bool wait_for(xd_ctx *cx, xd_job *job)
{
    for (;;) {
        struct pollfd wait = {.fd = job->data, .events = POLLIN};
        int n = poll(&wait, 1, 100);
        if (n > 0) {
            job->heard = xd_monotonic();
            return true;
        }
        if (n < 0 && errno != EINTR) {
            return xd_fail_errno(cx, errno, "waiting for the worker");
        }
        if (!xd_go_on(cx)) {
            return false;
        }
        if (xd_monotonic() - job->heard > job->idle_us) {
            xd_job_close(job);
            return too_slow(cx);
        }
    }
}

bool xd_job_receive(xd_ctx *cx, xd_job *job, xd_buf *in, bool *ret_ended)
{
    if (job->data < 0 || !wait_for(cx, job)) {
        return job->data < 0 ? xd_fail(cx, XD_CANCELLED, "the job is closed") : false;
    }
    if (!job->said_hello) {
        if (!take_hello(job)) {
            return say_death(cx, job);
        }
        *ret_ended = false;
        return true;
    }
    char bytes[64 << 10];
    ssize_t n = read(job->data, bytes, job->said_box ? sizeof bytes : 1);
    if (n < 0) {
        if (errno != EINTR && errno != ECONNRESET) {
            return xd_fail_errno(cx, errno, "reading from the worker");
        }
        n = errno == EINTR ? 1 : 0;
        if (n == 1) {
            *ret_ended = false;
            return true;
        }
    }
    if (n == 0) {
        *ret_ended = true;
        return true;
    }
    if (!job->said_box && (bytes[0] == 'L' || bytes[0] == '-')) {
        job->said_box = true;
        job->landlock = bytes[0] == 'L';
    } else {
        job->said_box = true; /* an error frame came instead: the box did not close */
        job->landlock = true;
        xd_buf_bytes(in, bytes, (size_t)n);
    }
    *ret_ended = false;
    return true;
}

bool xd_job_death(xd_ctx *cx, xd_job *job)
{
    return say_death(cx, job);
}
