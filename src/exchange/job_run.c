#include "exchange/worker.h"

/* Takes whole frames off the front of in; *ret_done once the end frame was met. */
static bool take_frames(xd_ctx *cx, xd_frame_reader *reader, xd_buf *in, bool *ret_done)
{
    size_t at = 0;
    bool ok = true;
    while (ok && !reader->done) {
        xd_str rest = xd_str_sub(xd_buf_str(in), at, in->n);
        size_t size = 0;
        xd_frame frame;
        ok = xd_frame_size(cx, rest, &size);
        if (!ok || size == 0 || size > rest.n) {
            break;
        }
        ok = xd_frame_read(cx, reader, xd_str_sub(rest, 0, size), &frame);
        at += size;
    }
    if (at > 0) {
        memmove(in->p, in->p + at, in->n - at);
        in->n -= at;
    }
    *ret_done = reader->done;
    return ok;
}

bool xd_job_run(xd_ctx *cx, xd_str job_name, int fd_in, int fd_out)
{
    xd_job_request request = {
        .job = job_name, .files = {fd_in, -1, -1, -1},
             .fd_out = fd_out
    };
    xd_job *job;
    xd_frame_reader reader = {.done = false};
    xd_buf in = {0};
    bool ok = xd_job_open(cx, &request, &job), done = false, ended = false;
    while (ok && !done) {
        ok = !ended
                 ? xd_job_receive(cx, job, &in, &ended) && take_frames(cx, &reader, &in, &done)
                 : xd_job_death(cx, job);
    }
    xd_frame_reader_free(&reader);
    xd_buf_free(&in);
    return ok;
}
