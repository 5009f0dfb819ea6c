/* index/build.h — making segments: from bodies, or from other segments.
 *
 * From bodies everything is read, folded and spelled once. Segments are joined without that:
 * values, texts and sort keys are copied, postings renumbered (grams_join.h). */
#ifndef XD_INDEX_BUILD_H
#define XD_INDEX_BUILD_H

#include "index/segment.h"

/* A record to index. The body is the one to be searched: what must not be found is not in it. */
typedef struct xd_draft {
    int64_t id, rev, time; /* time: µs, of the revision */
    const xd_type *type;
    xd_str body; /* canonical JSON */
    const xd_json
        *json; /* the same, read, its strings in body where they can be; NULL: not yet */
    bool placed;
    xd_pos at;      /* anchor */
    uint64_t curve; /* filled in by xd_segment_build() */
} xd_draft;

/* In memory. drafts are reordered. */
XD_MUST bool xd_segment_build(xd_ctx *cx, const xd_schema *schema, xd_draft *drafts, size_t n,
                              xd_segment **ret_segment);

typedef struct xd_source {
    const xd_segment *segment;
    const xd_bits *dead; /* what of it is left out */
} xd_source;
/* All that lives in the sources as one segment: in memory, or with io as the file of that
 * number. */
XD_MUST bool xd_segment_join(xd_ctx *cx, const xd_schema *schema, const xd_source *sources,
                             size_t n, xd_io *io, uint64_t file, xd_segment **ret_segment);

/* The segment, which lives in memory, as the file of that number: its very bytes. */
XD_MUST bool xd_segment_save(xd_ctx *cx, const xd_segment *segment, xd_io *io, uint64_t file,
                             xd_segment **ret_segment);

/* The name of a segment's file: "s-12.seg". */
#define XD_FILE_NAME 32
void xd_segment_file_name(uint64_t file, char ret_name[XD_FILE_NAME]);

#endif
