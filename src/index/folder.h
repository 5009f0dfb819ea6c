/* index/folder.h — the folder an index keeps its files in, and the list of those that count.
 *
 *   lock          flock'd by the one process that writes here
 *   manifest      which segments count, what of them is dead, and up to where in the log
 *   s-12.seg      segments (image.h), immutable; numbers are never used again
 *   rebuild       somebody asks the writer to start again from the log
 *
 * The manifest is replaced by renaming, after every file it names is synced: whenever a process
 * dies, the folder is what the last manifest says, and files it does not name are swept away by
 * the next writer. Who may only read (another writes) reads the manifest and maps the files;
 * that they may be gone by then is told as XD_ABSENT, and he reads again. folder.c has the form. */
#ifndef XD_INDEX_FOLDER_H
#define XD_INDEX_FOLDER_H

#include "index/bits.h"
#include "index/index.h"
#include "index/io.h"

#define XD_LEAF_BYTES 32

typedef struct xd_folder {
    xd_io io;
    int lock; /* descriptor; -1: another process writes here, this one only reads */
    _Atomic uint64_t next_file;
} xd_folder;

/* Makes the folder where it is not there. One that another process writes to is opened too. */
XD_MUST bool xd_folder_open(xd_ctx *cx, xd_arena *arena, const char *path,
                            xd_folder **ret_folder);
void xd_folder_close(xd_folder *folder);
static inline bool xd_folder_writes(const xd_folder *folder)
{
    return folder != NULL && folder->lock >= 0;
}

typedef struct xd_manifest_model {
    uint8_t hash[32];
    int64_t seq;
} xd_manifest_model;
typedef struct xd_manifest_segment {
    uint64_t file, n; /* n: bytes */
    xd_str dead;      /* CRoaring's portable form */
} xd_manifest_segment;
typedef struct xd_manifest {
    uint32_t visibility;
    uint8_t model[32];
    xd_str collator;             /* ICU's version: sort keys of another do not compare */
    int64_t seq;                 /* all of the log up to here is in the segments */
    uint8_t leaf[XD_LEAF_BYTES]; /* of that revision: says which log it is */
    XD_VEC(xd_manifest_model) models;
    XD_VEC(xd_manifest_segment) segments;
} xd_manifest;

void xd_manifest_write(const xd_manifest *manifest, xd_buf *out);
/* Into cx->arena; texts borrow bytes. XD_BROKEN. */
XD_MUST bool xd_manifest_read(xd_ctx *cx, xd_str bytes, xd_manifest *ret_manifest);

/* Absence is an answer: *ret_there. */
XD_MUST bool xd_folder_read(xd_ctx *cx, xd_folder *folder, bool *ret_there,
                            xd_manifest *ret_manifest);
XD_MUST bool xd_folder_write(xd_ctx *cx, xd_folder *folder, const xd_manifest *manifest);
/* Removes every segment's file the manifest does not name (NULL: all, and the manifest first). */
XD_MUST bool xd_folder_sweep(xd_ctx *cx, xd_folder *folder, const xd_manifest *manifest);

/* Ask whoever writes here to rebuild; whether somebody asked; the same, and the wish is taken away. */
XD_MUST bool xd_folder_ask(xd_ctx *cx, xd_folder *folder);
bool xd_folder_asked(const xd_folder *folder);
bool xd_folder_take_wish(xd_folder *folder);

#endif
