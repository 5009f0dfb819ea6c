/* exchange/import.h — tables as people keep them, into records.
 *
 * One pipeline for every format: source rows → header and shape (titles above the header,
 * two-line headers, merged or repeated blanks filled down, 同上 and 〃, total lines, notes
 * below) → xd_row_read() → the record it means (number, then the model's keys in order) → merge
 * by field → judge → near-duplicates → append as one change set. Rows are staged outside the
 * log; the append takes the head once and rechecks bases and keys. A dry run is the same
 * without the last step. */
#ifndef XD_EXCHANGE_IMPORT_H
#define XD_EXCHANGE_IMPORT_H

#include "exchange/source.h"
#include "geo/region.h"
#include "model/read.h"
#include "store/store.h"

typedef struct xd_import_options {
    const xd_type *type;
    xd_str file_name;  /* for the log and the report */
    xd_str crs;        /* "auto" or absent: what file or row says */
    xd_str source;     /* --source: default source text of every row */
    xd_str confidence; /* of rows that do not say: high, medium, low or as people write it */
    xd_str state;      /* absent: the flow's first */
    xd_str encoding;
    bool dry_run, accept_good, clear;
    const xd_regions *regions; /* may be NULL */
    const char *command;       /* for the head's lock file */
    void (*progress)(void *user, int64_t rows, int64_t bytes, int64_t of_bytes);
    void (*on_wait)(void *user, xd_str holder);
    void *user;
} xd_import_options;

typedef enum xd_verdict {
    XD_ROW_NEW,
    XD_ROW_CHANGED,
    XD_ROW_UNCHANGED,
    XD_ROW_REFUSED,
    XD_ROW_SKIPPED
} xd_verdict;
typedef struct xd_row_verdict { /* one a row of the file that was read as data, total or note */
    size_t sheet_no;
    int64_t number;
    xd_verdict verdict; /* SKIPPED: blank, total line, note, repeated header — with a problem
                           saying so */
    int64_t record;     /* matched or made; 0 none */
} xd_row_verdict;

typedef struct xd_report {
    int64_t rows, new_rows, changed, unchanged, refused;
    int64_t changeset; /* 0: nothing was written */
    /* Columns of all tables that have a header. Each was read, or told of (unknown, kept, computed, a
     * second one for another's meaning, lost), or is known to carry nothing: the sum is `columns`. */
    int64_t columns, columns_read, columns_told, columns_ignored;
    XD_VEC(xd_row_verdict) verdicts;
    xd_problems problems; /* in file order; sheet, row, column filled in */
    xd_source_facts facts;
    uint8_t sha256[32];
    xd_str
        position; /* filled in by whoever tells the report: index/position.h; may be absent */
} xd_report;

/* True: the run came to its end and the report tells how, refused rows included (then, without
 * accept_good, nothing was written and changeset is 0). False: the file or the store could not
 * be worked with at all. */
XD_MUST bool xd_import_run(xd_ctx *cx, xd_store *store, const xd_model *model, int fd,
                           const char *path, const xd_import_options *options,
                           const xd_report **ret_report);
/* The report as the one JSON object of design: rows, new, changed, unchanged, refused,
 * changeset, problems [{sheet, row, column, value, code, reason, suggestion}]. */
void xd_report_json(xd_buf *out, const xd_report *report, xd_lang lang);
/* For people, on a terminal. */
void xd_report_text(xd_buf *out, const xd_report *report, xd_lang lang);

#endif
