/* exchange/run.h — one import on its way, shared by the import_*.c files.
 *
 *   read     the whole file into rows (rows.h)                               import.c
 *   shape    tables, row kinds, fills (shape.h)                              shape*.c
 *   draft    each record's rows read into a body of what they give           import_rows.c
 *   match    the record it means, rows that mean the same one                import_keys.c
 *   resolve  links, merge by field, judge, near-duplicates                   import_resolve.c …
 *   append   under the head, rechecked when somebody else wrote meanwhile    import_append.c
 *   report   report.c
 *
 * In memory stay, a row: an offset, its kind, a verdict; a record: a draft (56 bytes) and its
 * keys' hashes. Bodies wait in the spool. Rows are read and drafts judged with a helper (beside.h):
 * it works on slots of a ring alone; the run itself is the first thread's. */
#ifndef XD_EXCHANGE_RUN_H
#define XD_EXCHANGE_RUN_H

#include "exchange/import.h"
#include "exchange/scratch.h"
#include "exchange/shape.h"

#define XD_NO_DRAFT UINT32_MAX
#define XD_PROBLEMS_MOST 50000 /* kept one by one; the rest is only counted */

typedef struct xd_draft {
    int64_t given;    /* spool: what the rows say, JSON with null for cleared values */
    int64_t final;    /* spool: the whole new body; -1 none */
    int64_t target;   /* the record it means; 0: a new one, which gets its id at append */
    int64_t given_id; /* that the row itself named; 0 */
    int64_t base;     /* its revision when looked at */
    uint32_t verdict; /* index in the report's verdicts */
    uint32_t row;     /* index in rows */
    uint32_t same_as; /* merged into this draft; XD_NO_DRAFT */
    bool refused, moved, waits; /* moved: state changes; waits: links to drafts not made yet */
    bool as_given;              /* final is given, to be finished as a new record */
} xd_draft;

typedef struct xd_key_slot {
    uint32_t hash[2]; /* of kind and value; both 0: free */
    uint32_t draft;
} xd_key_slot;

typedef struct xd_stored_keys xd_stored_keys;
typedef struct xd_near xd_near;

typedef struct xd_placed_problem {
    xd_problem problem;
    size_t row, order;
} xd_placed_problem;

typedef struct xd_run {
    xd_ctx *cx;
    xd_ctx scratch; /* one row or record at a time */
    xd_store *store;
    const xd_model *model;
    const xd_type *type;
    const xd_import_options *options;
    xd_rows rows;
    xd_shape shape;
    xd_spool *stage;
    xd_report *report;
    xd_str today;
    const xd_crs *crs; /* said by option; NULL */
    XD_VEC(xd_draft) drafts;
    xd_key_slot *slots;
    size_t n_slots, n_keys;
    XD_VEC(xd_placed_problem) problems;
    size_t problems_more; /* beyond the ceiling */
    struct {
        const char *code;
        size_t n, last_row;
    } notes[64];     /* notes of one kind each, counted */
    xd_map **titles; /* by type: folded title → id, for links; NULL: not gathered */
    size_t judge_from, judge_to; /* problems that judging told of: told again when it is */
    int64_t seq;                 /* the log's newest when drafts were matched */
    bool judging;                /* behind that */
    xd_stored_keys *stored;      /* NULL: not gathered */
    xd_near *near;               /* names of what is judged; NULL: none yet */
} xd_run;

/* ---- problems and verdicts ---------------------------------------------------------------- */

/* Copied. row: index in rows; column may be absent. */
void xd_run_problem(xd_run *run, size_t row, const xd_problem *problem);
xd_problem *xd_run_say(xd_run *run, size_t row, xd_weight weight, const char *code,
                       xd_str column, xd_str value, xd_str zh, xd_str en);
size_t xd_run_verdict(xd_run *run, size_t row, int64_t number, xd_verdict verdict);
/* Whether a note of this kind is to be kept: the first XD_SAME_NOTES are, the rest is counted and
 * told in one line. */
#define XD_SAME_NOTES 20
bool xd_run_note_again(xd_run *run, size_t row, const char *code);
/* The header people know a field by, in the table of a row; absent when it has no column. */
xd_str xd_run_column(const xd_run *run, size_t row, xd_str field);
const xd_table *xd_run_table(const xd_run *run, size_t row);
xd_str xd_run_sheet(const xd_run *run, size_t row);
int64_t xd_run_number(xd_run *run, const xd_draft *draft); /* the row as people count */

/* ---- the whole ---------------------------------------------------------------------------- */

/* Its scratch is ended by whoever began it. */
xd_run *xd_run_begin(xd_ctx *cx, xd_store *store, const xd_model *model,
                     const xd_import_options *options);
/* All that follows once run->rows holds the file's rows. */
XD_MUST bool xd_run_work(xd_run *run);

/* ---- steps -------------------------------------------------------------------------------- */

XD_MUST bool
xd_run_rows(xd_run *run); /* drafts, with all that is wrong with rows by themselves */
XD_MUST bool xd_run_resolve(xd_run *run); /* rows together, targets, final bodies, verdicts */
XD_MUST bool xd_run_judge(xd_run *run);   /* the last part of it, again: under the head */
XD_MUST bool xd_run_append(xd_run *run);  /* the change set */
XD_MUST bool xd_run_near(xd_run *run);    /* near-duplicates among what is new */
/* What the row of a draft gives, while it is at hand: the name is kept for xd_run_near(). */
XD_MUST bool xd_run_near_add(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given);

/* A draft's keys are entered; rows that mean an earlier draft's record join it. */
XD_MUST bool xd_run_enter(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given);

/* ---- drafts (import_draft.c) ------------------------------------------------------------------------------- */

XD_MUST bool xd_draft_given(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json **ret_body);
xd_str xd_first_state(const xd_type *type);
/* The state of a new record. */
xd_str xd_draft_state(const xd_run *run, const xd_json *given);
/* What a new record starts from: all that is given. */
xd_json *xd_draft_fresh(xd_ctx *cx, const xd_json *given);
bool xd_draft_links(const xd_run *run, const xd_json *body); /* whether any field links */
/* The whole new body. */
XD_MUST bool xd_draft_final(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json **ret_body);
XD_MUST bool xd_draft_keep(xd_ctx *cx, xd_run *run, const xd_json *body, int64_t *ret_at);

/* A value inside a tree we have just read and nobody else holds: ours to change. */
static inline xd_json *xd_json_own(const xd_json *value)
{
    return (xd_json *)(uintptr_t)value;
}

/* import_keys.c */
void xd_run_keys_begin(xd_run *run);
/* Enter a draft's keys. *ret_same: an earlier draft that means the same record, XD_NO_DRAFT. */
XD_MUST bool xd_run_keys_add(xd_ctx *cx, xd_run *run, uint32_t draft, const xd_json *given,
                             uint32_t *ret_same);
/* The draft with one of these keys; XD_NO_DRAFT. */
XD_MUST bool xd_run_keys_find(xd_ctx *cx, xd_run *run, const xd_body_keys *keys,
                              uint32_t *ret_draft);
/* Whether a key that only one record may have belongs to another row's record or another stored
 * one: *ret_by says whose (a row's number, "#id"); absent: nobody's. mine: of what the row gives;
 * keys: of the whole body. */
XD_MUST bool xd_run_key_taken(xd_ctx *cx, xd_run *run, const xd_draft *draft,
                              const xd_body_keys *mine, const xd_body_keys *keys,
                              xd_str *ret_value, xd_str *ret_by);
/* Names that do not resemble each other, in two prefectures: plainly two things (import_near.c). */
bool xd_run_unlike(xd_ctx *cx, const xd_run *run, const xd_json *a, const xd_json *b);
/* The stored record a body with these keys means: *ret_ids lists the candidates, one when it is
 * clear. */
XD_MUST bool xd_run_match(xd_ctx *cx, xd_run *run, const xd_json *given,
                          const xd_body_keys *keys, int64_t **ret_ids, size_t *ret_n);
/* import_stored.c: xd_key_find() of the key with that value. */
XD_MUST bool xd_run_stored(xd_ctx *cx, xd_run *run, const xd_type *type, const xd_body_key *key,
                           xd_str value, int64_t **ret_ids, size_t *ret_n);

/* By title alone, when only one record of the type has it: 0 otherwise. The titles are gathered
 * once, for types of up to XD_TITLES_MOST records. */
#define XD_TITLES_MOST 300000
XD_MUST bool xd_run_by_title(xd_ctx *cx, xd_run *run, const xd_type *type, xd_str text,
                             int64_t *ret_id);

/* import_link.c: text → id, or → "draft" (a member that never leaves this room). */
XD_MUST bool xd_run_links(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json *given);
/* Put ids in the place of "draft"; *ret_waits: some of these records do not exist yet, and those
 * links are left as text. */
XD_MUST bool xd_run_links_settle(xd_ctx *cx, const xd_run *run, xd_json *body, bool *ret_waits);

/* import_guard.c: the type's guards on a body about to be kept; refusals go to problems. id 0: a
 * new record. */
XD_MUST bool xd_run_guards(xd_ctx *cx, const xd_run *run, int64_t id, const xd_json *body,
                           xd_problems *problems);

/* import_merge.c */
typedef struct xd_merge {
    const xd_json *body; /* the new whole body */
    bool changed;
    xd_problems problems; /* values kept because they are better founded */
} xd_merge;
/* A copy of the outermost object. */
xd_json *xd_json_copy_object(xd_arena *arena, const xd_json *from);
XD_MUST bool xd_merge_into(xd_ctx *cx, const xd_type *type, const xd_json *old,
                           const xd_json *given, xd_merge *ret_merge);
/* Two sets of given values for one record: true with *ret_both, or with *ret_field the first
 * field on which they contradict each other. */
bool xd_merge_given(xd_ctx *cx, const xd_type *type, const xd_json *a, const xd_json *b,
                    xd_json **ret_both, xd_str *ret_field);
int xd_confidence_rank(xd_str word); /* 2 high, 1 medium and unsaid, 0 low */

#endif
