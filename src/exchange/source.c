/* A file from outside, as rows: the parent's side. The rows were made by a process that may
 * have been taken over by the file; frame.c checks every byte of what it says. */
#include "exchange/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exchange/scratch.h"
#include "exchange/worker.h"

#define FILE_BYTES ((int64_t)2 << 30)

struct xd_source {
    xd_job *job;
    int files[XD_JOB_FILES];
    xd_buf in;
    size_t at; /* of the next frame in `in` */
    xd_frame_reader reader;
    xd_ctx row; /* the row's memory; begun with the source */
    xd_source_facts facts;
    xd_arena *arena; /* the source's own, for facts */
};

static void close_source(void *p)
{
    xd_source *source = p;
    xd_buf_free(&source->in);
    xd_frame_reader_free(&source->reader);
    xd_ctx_end(&source->row);
    for (size_t i = 0; i < XD_JOB_FILES; i++) {
        if (source->files[i] >= 0) {
            (void)close(source->files[i]); /* read only: nothing to lose */
        }
    }
}

static bool look(xd_ctx *cx, int fd, int64_t *ret_bytes)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return xd_fail_errno(cx, errno, "looking at the file");
    }
    if (!S_ISREG(st.st_mode)) {
        (void)xd_fail(cx, XD_UNREADABLE, "not a regular file");
        return xd_fail_words(
            cx, XD_S("这不是普通文件（可能是文件夹或管道），请给出一个表格文件。"),
            XD_S("This is not a regular file (a folder or a pipe?): please name a "
                 "table."));
    }
    if (st.st_size > FILE_BYTES) {
        (void)xd_fail(cx, XD_LIMIT, "the file has %" PRId64 " bytes", (int64_t)st.st_size);
        return xd_fail_words(cx, XD_S("文件超过 2 GB，请拆成几个文件再导入。"),
                             XD_S("The file is larger than 2 GB: please split it."));
    }
    *ret_bytes = st.st_size;
    return true;
}

/* x.shp is read with x.dbf, x.prj, x.cpg beside it, whatever their case. */
static void open_neighbours(xd_ctx *cx, const char *path, int files[XD_JOB_FILES])
{
    static const char *const endings[XD_JOB_FILES][2] = {
        {NULL,  NULL },
        {"dbf", "DBF"},
        {"prj", "PRJ"},
        {"cpg", "CPG"}
    };
    xd_str name = xd_str_of(path);
    if (name.n < 5 || !xd_str_eq_nocase(xd_str_sub(name, name.n - 4, name.n), XD_S(".shp"))) {
        return;
    }
    xd_str stem = xd_str_sub(name, 0, name.n - 3);
    for (size_t i = 1; i < XD_JOB_FILES; i++) {
        for (size_t j = 0; j < 2 && files[i] < 0; j++) {
            xd_str other = xd_str_join(cx->arena, stem, xd_str_of(endings[i][j]));
            files[i] = open(xd_cstr(cx->arena, other), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
            struct stat st;
            if (files[i] >= 0 && (fstat(files[i], &st) != 0 || !S_ISREG(st.st_mode))) {
                (void)close(files[i]);
                files[i] = -1;
            }
        }
    }
}

bool xd_source_open(xd_ctx *cx, int fd, const char *path, const xd_source_options *options,
                    xd_source **ret_source)
{
    xd_source *source = xd_new(cx->arena, xd_source);
    *source = (xd_source){
        .files = {fd, -1, -1, -1},
          .arena = cx->arena
    };
    xd_scratch_begin(&source->row, cx);
    xd_defer(cx, close_source, source);
    int64_t bytes = 0;
    if (!look(cx, fd, &bytes)) {
        return false;
    }
    if (path != NULL) {
        open_neighbours(cx, path, source->files);
    }
    xd_job_request request = {.job = XD_S("read"),
                              .name = options->name,
                              .encoding = options->encoding,
                              .all_sheets = options->all_sheets,
                              .fd_out = -1};
    memcpy(request.files, source->files, sizeof request.files);
    if (!xd_job_open(cx, &request, &source->job)) {
        return false;
    }
    source->facts.bytes = bytes;
    *ret_source = source;
    return true;
}

/* The next whole frame in source->in; absent when the stream ended cleanly before one. */
static bool next_frame(xd_ctx *cx, xd_source *source, xd_str *ret_frame)
{
    for (;;) {
        xd_str rest = xd_str_sub(xd_buf_str(&source->in), source->at, source->in.n);
        size_t size = 0;
        if (!xd_frame_size(cx, rest, &size)) {
            return false;
        }
        if (size > 0 && size <= rest.n) {
            *ret_frame = xd_str_sub(rest, 0, size);
            source->at += size;
            return true;
        }
        if (source->at > 0) {
            memmove(source->in.p, source->in.p + source->at, rest.n);
            source->in.n = rest.n;
            source->at = 0;
        }
        bool ended = false;
        if (!xd_job_receive(cx, source->job, &source->in, &ended)) {
            return false;
        }
        if (ended) {
            return xd_job_death(cx, source->job);
        }
        if (source->in.failed) {
            return xd_fail(cx, XD_LIMIT, "a frame does not fit into memory");
        }
    }
}

static void keep_facts(xd_source *source, const xd_source_facts *said)
{
    xd_source_facts *facts = &source->facts;
    facts->format = xd_str_copy(source->arena, said->format);
    facts->encoding = xd_str_copy(source->arena, said->encoding);
    facts->encoding_sure = said->encoding_sure;
    facts->separator = said->separator;
    facts->crs = xd_str_copy(source->arena, said->crs);
    facts->pictures = said->pictures;
}

static bool read_frame(xd_ctx *cx, xd_source *source, xd_str bytes, xd_frame *ret_frame)
{
    xd_ctx_reset(&source->row);
    return xd_frame_read(&source->row, &source->reader, bytes, ret_frame)
               ? true
               : xd_scratch_fail(cx, &source->row);
}

bool xd_source_next(xd_ctx *cx, xd_source *source, const xd_source_row **ret_row)
{
    while (!source->reader.done) {
        xd_str bytes;
        xd_frame frame;
        if (!next_frame(cx, source, &bytes) || !read_frame(cx, source, bytes, &frame)) {
            return false;
        }
        source->facts.bytes_read = source->reader.bytes_read;
        if (frame.kind == XD_FRAME_FACTS) {
            keep_facts(source, &frame.facts);
        }
        if (frame.kind == XD_FRAME_ROW) {
            xd_source_row *row = xd_new(source->row.arena, xd_source_row);
            *row = frame.row;
            *ret_row = row;
            return true;
        }
    }
    source->facts.open_box = xd_job_is_open_box(source->job);
    *ret_row = NULL;
    return true;
}

const xd_source_facts *xd_source_about(const xd_source *source)
{
    return &source->facts;
}
