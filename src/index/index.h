/* index/index.h — finding records: any mix of words, filter, box, facets, order, tiles.
 *
 * An index follows the log of one store. Readers take a snapshot: a consistent state with a log
 * sequence; they never wait for the writer beyond the swap of a pointer, and everything an
 * answer names lives in cx->arena. Document numbers never leave this room: answers carry record
 * ids and revisions. In PUBLIC visibility only xd_body_public() bodies are indexed, so nothing
 * hidden, personal or finer than its public precision can be found, counted, sorted or drawn;
 * ALL is for the operator's own commands.
 *
 * Files. xd_index_open() keeps the public index in a folder (docs/reference/index-files.md). A
 * snapshot of it for another machine: copy `manifest`, then the segments it names (s-N.seg, which
 * never change); if one is missing, a merge came between: begin again. To install it: put the
 * segments into an empty folder, then the manifest, then xd_index_open() with a store that
 * has the same log; xd_index_follow() applies what that has beyond it. */
#ifndef XD_INDEX_INDEX_H
#define XD_INDEX_INDEX_H

#include "geo/tile.h"
#include "model/cql.h"
#include "store/store.h"

typedef struct xd_index xd_index;
typedef struct xd_snap xd_snap;

typedef enum xd_visibility { XD_SEE_PUBLIC, XD_SEE_ALL } xd_visibility;

/* The model must outlive the index. */
XD_MUST bool xd_index_make(xd_ctx *cx, const xd_model *model, xd_visibility visibility,
                           xd_index **ret_index);
/* The public index kept in files, in the folder `dir` (made when absent). What the files say is
 * there at once; xd_index_follow() applies what the log has beyond them. Files of another log,
 * model, collation or format, and damaged ones, are not used but made anew. One process writes to
 * a folder; another that opens it meanwhile reads the files and keeps what is newer in memory. */
XD_MUST bool xd_index_open(xd_ctx *cx, const xd_model *model, xd_store *store, const char *dir,
                           xd_index **ret_index);
/* Writes what is only in memory into the files: so that the next start need not read it in the
 * log. No effect without files. */
XD_MUST bool xd_index_flush(xd_ctx *cx, xd_index *index, xd_store *store);
/* Joins files that are too many, here and now; a server does it by and by. */
XD_MUST bool xd_index_merge(xd_ctx *cx, xd_index *index);
/* Something the operator should read in his log, once: true, and what it is. */
bool xd_index_note(xd_ctx *cx, xd_index *index, xd_str *ret_note);
/* The folder's files are to be made anew from the log: removed at once, or, where another process
 * writes to them, by that one. A folder that is not there is left so. */
XD_MUST bool xd_index_forget(xd_ctx *cx, const char *dir);
/* After an erasure: when it returns true, no file of the folder holds what any erasure of the log
 * has taken away. Where another process writes, waits for it at most so long (XD_BUSY). */
XD_MUST bool xd_index_purge(xd_ctx *cx, const xd_model *model, xd_store *store, const char *dir,
                            int wait_ms);
/* The files a manifest of such a folder names, so that another machine may have them from here:
 * XD_CONFLICT when they are of another model, visibility or collation, XD_BROKEN of another
 * format. */
typedef struct xd_index_file {
    xd_str name;
    uint64_t bytes;
} xd_index_file;
typedef XD_VEC(xd_index_file) xd_index_files;
XD_MUST bool xd_index_file_names(xd_ctx *cx, const xd_model *model, xd_str manifest,
                                 xd_index_files *files);
/* What one question may cost: units of work (a document looked at is one; 0: any) and
 * milliseconds (0: any). Past either it is refused with XD_BUSY and a sentence. Before readers
 * come; without it there is no bound. */
void xd_index_bound(xd_index *index, uint64_t work, int64_t ms);
void xd_index_free(xd_index *index); /* stops its own thread; readers must have gone */
/* Apply what the log has beyond the index's sequence. One writer at a time (a lock inside);
 * returns how many revisions were applied. Bodies of older models are read through
 * xd_model_step(). */
XD_MUST bool xd_index_follow(xd_ctx *cx, xd_index *index, xd_store *store,
                             int64_t *ret_applied);
int64_t xd_index_seq(const xd_index *index); /* newest applied */

const xd_snap *xd_snap_open(xd_ctx *cx, xd_index *index); /* closed when cx ends or resets */
int64_t xd_snap_seq(const xd_snap *snap);

/* ---- asking ------------------------------------------------------------------------------ */

typedef struct xd_sort {
    const xd_field *field; /* NULL: by what part says */
    enum { XD_SORT_FIELD, XD_SORT_RELEVANCE, XD_SORT_UPDATED, XD_SORT_ID, XD_SORT_NUMBER } by;
    bool descending; /* unknown values come last either way */
} xd_sort;

typedef struct xd_ask {
    const xd_type *type; /* NULL: every type */
    xd_str q;            /* all words, any order, "…" for a phrase; absent: no words */
    bool q_adjacent;     /* the Records reading: terms in this order, comma means or */
    const xd_cql
        *filter; /* bound by xd_cql_check(); NULL: none. Records in a state that the model
                             calls a sample are found only when the filter names the state */
    bool
        samples; /* those too, whatever the filter names: to tell records apart, not to count */
    bool certain; /* periods must hold, not merely may */
    bool has_box;
    bool box_keeps_placeless; /* OGC bbox: records without geometry match */
    xd_box box;
    const xd_geom *area; /* S_INTERSECTS with this polygon; NULL: none */
    bool has_time;       /* OGC datetime: records without time match */
    int32_t time_from, time_to;
    int64_t near;         /* record id: order by distance to it, itself left out; 0: no */
    double within_m;      /* with near: at most so far; 0: any */
    const xd_sort *sorts; /* empty: relevance when there is q, else the type's own order */
    size_t n_sorts;
    size_t limit;  /* 0: only counts; at most XD_ASK_LIMIT */
    xd_str cursor; /* from the answer before; XD_INVALID when it is not ours */
    const xd_field **facets;
    size_t n_facets;
    xd_lang lang;
} xd_ask;
#define XD_ASK_LIMIT 10000

typedef struct xd_hit {
    int64_t id, rev;
    double
        distance_m; /* with near; else negative. Known to the county only: the most it may be */
} xd_hit;

typedef struct xd_count {
    xd_str code; /* term or division code; decade start year "1950"; "" unknown */
    uint64_t n;
} xd_count;
typedef struct xd_facet {
    const xd_field *field;
    const xd_count
        *counts; /* by n descending, then model order; decades in order; unknown last */
    size_t n;
    bool approximate; /* a record may stand in several bars (periods, many values) */
} xd_facet;

typedef struct xd_answer {
    int64_t seq;
    uint64_t matched;   /* exact */
    uint64_t placeless; /* of these, without a place */
    const xd_hit *hits;
    size_t n;
    xd_str next; /* cursor; absent at the end */
    const xd_facet
        *facets; /* in the order asked; each with its own field's conditions left out */
    size_t n_facets;
} xd_answer;
XD_MUST bool xd_ask_run(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                        const xd_answer **ret_answer);
/* The same, and how it was found: each step in the order it was done, with the documents before
 * and after it, and units of work. The first step's `before` is what lives; steps that count
 * and put in order leave the number as it is. */
typedef struct xd_step {
    xd_str what; /* "words", "filter: …", "facet …", "order" */
    uint64_t before, after, work;
} xd_step;
XD_MUST bool xd_ask_explain(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                            const xd_answer **ret_answer, const xd_step **ret_steps,
                            size_t *ret_n);
/* Every matching record by id, for exports; the callback as in store.h. */
XD_MUST bool xd_ask_each(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                         bool (*fn)(xd_ctx *cx, void *user, xd_hit hit), void *user);

/* Completions: names, former names, places, aliases, by prefix of words, pinyin or initials.
 * Where nothing has what is typed, the titles that come nearest to it. */
typedef struct xd_suggestion {
    xd_str text;  /* as shown */
    xd_str field; /* where it comes from */
    int64_t id;   /* the record, when it is one */
    uint64_t n;   /* records it would find */
} xd_suggestion;
XD_MUST bool xd_suggest(xd_ctx *cx, const xd_snap *snap, const xd_type *type, xd_str prefix,
                        size_t limit, xd_lang lang, const xd_suggestion **ret_list,
                        size_t *ret_n);

/* Byte ranges of text that match q as the index matches, for <mark>. Sorted, disjoint. */
typedef struct xd_range {
    size_t from, to;
} xd_range;
XD_MUST bool xd_highlight(xd_ctx *cx, xd_str q, xd_str text, const xd_range **ret_ranges,
                          size_t *ret_n);

/* A tile of what ask matches (limit, cursor, sorts and facets are ignored). Layer "records":
 * below XD_TILE_POINTS_ZOOM cells with `count`, `value` (the dominant code of colour) and, for a
 * cell of one record, its `id` and `title`; above, each record with `id`, `type`, `title`, `value`,
 * `precision`. Records known only to the county stay cells at every zoom, in layer "somewhere".
 * Counts are of representative points. Empty out: nothing there. */
#define XD_TILE_POINTS_ZOOM 12
XD_MUST bool xd_ask_tile(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, xd_tile tile,
                         const xd_field *colour, xd_buf *out);

/* What ask matches, counted by squares of the map: the tiles of a zoom up to XD_SQUARES_ZOOM, so
 * that what is known to the county only is told no finer. Along the curve, those with
 * something. More than XD_SQUARES_MOST are XD_LIMIT. */
#define XD_SQUARES_ZOOM 12
#define XD_SQUARES_MOST 10000
typedef struct xd_square {
    xd_tile tile;
    uint64_t n, roughly; /* roughly: of these, known to the county only */
    xd_pos mean;
    xd_str value; /* the commonest code of `colour`; absent: none */
    uint64_t of_value;
} xd_square;
XD_MUST bool xd_ask_squares(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask, int zoom,
                            const xd_field *colour, const xd_square **ret_squares,
                            size_t *ret_n);

/* Points to draw in a page's own SVG map: at most limit, with the code of `colour`. */
typedef struct xd_dot {
    int64_t id;
    xd_pos at;
    xd_precision precision;
    xd_str value;      /* of colour; absent: none */
    int32_t from_year; /* INT32_MIN: unknown */
} xd_dot;
XD_MUST bool xd_ask_dots(xd_ctx *cx, const xd_snap *snap, const xd_ask *ask,
                         const xd_field *colour, size_t limit, const xd_dot **ret_dots,
                         size_t *ret_n);

/* The indexed (visible) body of a record, as the snapshot has it; NULL when not visible. */
XD_MUST bool xd_snap_body(xd_ctx *cx, const xd_snap *snap, int64_t id, const xd_json **ret_body,
                          int64_t *ret_rev);
/* A file of the index was found damaged, `reindex` asks for new ones, or files were joined and more may be:
 * xd_index_follow() has work to do though the log has not grown. For the thread that follows. */
bool xd_index_wants_work(const xd_index *index);
/* When the revision that it has of a record was made, µs since 1970; 0 when not visible. */
int64_t xd_snap_time(const xd_snap *snap, int64_t id);
/* By number or id text, within a type; 0 when not visible: hidden and missing look the same. */
int64_t xd_snap_find(const xd_snap *snap, const xd_type *type, xd_str number_or_id);

#endif
