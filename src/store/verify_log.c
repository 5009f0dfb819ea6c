/* Verifying the log itself: one walk over the table, seq by seq. */
#include "store/verify.h"

/* ---- erasures: read before the walk, for they come after what they erase --------------------- */

static xd_str erased_key(xd_arena *arena, int64_t seq, bool open)
{
    return xd_str_printf(arena, "%" PRId64 " %s", seq, open ? "open" : "personal");
}

static bool note_erase(xd_ctx *cx, void *user, int64_t seq, xd_str body)
{
    xd_verify *v = user;
    xd_str field;
    xd_erased_parts parts = {0};
    if (!xd_erase_read(cx, body, &field, &parts)) {
        (void)xd_err_take(cx);
        xd_verify_fault(cx, v, seq, 0, "what the erase revision says cannot be read");
        return true;
    }
    for (size_t i = 0; i < parts.n; i++) {
        int64_t *by = xd_new(v->arena, int64_t);
        *by = seq;
        xd_map_put(v->erased, erased_key(v->arena, parts.at[i].seq, parts.at[i].open), by);
    }
    return true;
}

/* The erase revision that lists this part; 0: none. */
static int64_t erased_by(xd_ctx *cx, const xd_verify *v, int64_t seq, bool open)
{
    const int64_t *by = xd_map_get(v->erased, erased_key(cx->arena, seq, open));
    return by == NULL || *by <= seq ? 0 : *by;
}

static bool check_erasure(xd_ctx *cx, void *user, int64_t seq, bool open, int64_t by_seq,
                          bool odd)
{
    xd_verify *v = user;
    v->erasure_rows++;
    if (odd || erased_by(cx, v, seq, open) != by_seq) {
        xd_verify_fault(cx, v, seq, 0, "erasure: no erase revision lists this part");
    }
    return true;
}

bool xd_verify_erasures(xd_ctx *cx, xd_verify *v)
{
    if (!xd_erasure_scan(cx, v->store, check_erasure, v)) {
        return false;
    }
    if (v->erasure_rows != xd_map_count(v->erased)) {
        xd_verify_fault(cx, v, 0, 0, "erasure: %zu rows, the log lists %zu parts",
                        v->erasure_rows, xd_map_count(v->erased));
    }
    return true;
}

/* ---- one revision ------------------------------------------------------------------------------ */

static bool is_hash(xd_str s, const uint8_t hash[XD_HASH_BYTES])
{
    return s.n == XD_HASH_BYTES && memcmp(s.p, hash, XD_HASH_BYTES) == 0;
}

static bool check_part(xd_ctx *cx, xd_verify *v, const xd_log_row *row, bool open)
{
    const char *name = open ? "open" : "personal";
    bool there = open ? row->open_there : row->personal_there;
    xd_str hash = open ? row->open_hash : row->personal_hash;
    int64_t by = erased_by(cx, v, row->seq, open);
    uint8_t computed[XD_HASH_BYTES];
    if (!there) {
        if (by == 0 && (open || hash.n > 0)) {
            xd_verify_fault(cx, v, row->seq, row->record,
                            "the %s part is gone and no erase revision says so", name);
        }
        return true;
    }
    if (by != 0) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "the %s part was erased by revision %" PRId64 " and is there", name,
                        by);
    }
    if (!xd_log_part_hash(cx, v->store, open ? row->open_salt : row->personal_salt,
                          open ? row->open : row->personal, computed)) {
        return false;
    }
    if (!is_hash(hash, computed)) {
        xd_verify_fault(cx, v, row->seq, row->record, "the %s part is not what was hashed",
                        name);
    }
    return true;
}

/* A row follows from the one before it by that one's leaf as computed or as stored: so one
 * altered row is named once, not with all that follow. */
static bool check_leaf(xd_ctx *cx, xd_verify *v, const xd_log_row *row)
{
    uint8_t leaf[XD_HASH_BYTES], other[XD_HASH_BYTES];
    if (!xd_log_leaf(cx, v->store, row, v->computed, leaf) ||
        !xd_log_leaf(cx, v->store, row, v->stored, other)) {
        return false;
    }
    if (!is_hash(row->leaf, leaf) && is_hash(row->leaf, other)) {
        memcpy(leaf, other, sizeof leaf);
    }
    if (!is_hash(row->leaf, leaf) && !v->broken) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "its leaf does not follow from its columns and the revision before");
    }
    memcpy(v->computed, leaf, sizeof leaf);
    memset(v->stored, 0, sizeof v->stored);
    memcpy(v->stored, row->leaf.p, row->leaf.n < XD_HASH_BYTES ? row->leaf.n : XD_HASH_BYTES);
    v->broken = false;
    return true;
}

static bool is_set(const xd_verify *v, int64_t seq)
{
    size_t low = 0, high = v->sets.n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (v->sets.at[mid] < seq) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < v->sets.n && v->sets.at[low] == seq;
}

static bool check_model(xd_ctx *cx, xd_verify *v, const xd_log_row *row, xd_rev_kind kind)
{
    uint8_t hash[XD_HASH_BYTES];
    if (kind == XD_REV_MODEL) {
        if (!xd_hash_two(cx, v->sha256, row->open, XD_S(""), hash)) {
            return false;
        }
        if (!is_hash(row->model, hash)) {
            xd_verify_fault(cx, v, row->seq, 0, "the model is not the one its hash names");
        }
        memset(v->model_hash, 0, sizeof v->model_hash);
        memcpy(v->model_hash, row->model.p,
               row->model.n < XD_HASH_BYTES ? row->model.n : XD_HASH_BYTES);
    } else if (!is_hash(row->model, v->model_hash)) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "it does not name the newest model before");
    }
    return true;
}

static bool check_place(xd_ctx *cx, xd_verify *v, const xd_log_row *row, xd_rev_kind kind)
{
    bool of_record = kind != XD_REV_MODEL && kind != XD_REV_SET;
    bool has_base = kind == XD_REV_EDIT || kind == XD_REV_MOVE;
    int64_t before = 0;
    if (of_record != (row->record != 0)) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "its kind and its record do not go together");
        return true;
    }
    if (row->set != 0 && !is_set(v, row->set)) {
        xd_verify_fault(cx, v, row->seq, row->record, "%" PRId64 " is no change set before it",
                        row->set);
    }
    if (!of_record) {
        return true;
    }
    if (!xd_log_before(cx, v->store, row->record, row->seq, &before)) {
        return false;
    }
    if (row->base != (has_base ? before : 0) || (before == 0) != (kind == XD_REV_CREATE)) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "its base is not the record's revision before it");
    }
    xd_record_row newest;
    bool there = false;
    if (!xd_record_row_find(cx, v->store, row->record, &there, &newest)) {
        return false;
    }
    if (!there) {
        xd_verify_fault(cx, v, row->seq, row->record, "record: the row is missing");
    } else if (kind != XD_REV_ERASE && newest.rev < row->seq) {
        xd_verify_fault(cx, v, row->seq, row->record,
                        "record: the row stands at the older revision %" PRId64, newest.rev);
    }
    return true;
}

static bool kind_of(xd_str word, xd_rev_kind *ret_kind)
{
    for (size_t i = 0; i < XD_LEN(xd_rev_kind_name); i++) {
        if (xd_str_eq(word, xd_rev_kind_name[i])) {
            *ret_kind = (xd_rev_kind)i;
            return true;
        }
    }
    return false;
}

/* What a revision says and where it stands; its hashes are judged apart. */
static bool check_meaning(xd_ctx *cx, xd_verify *v, const xd_log_row *row)
{
    xd_rev_kind kind;
    if (!kind_of(row->kind, &kind)) {
        xd_verify_fault(cx, v, row->seq, row->record, "it is of no known kind");
        return true;
    }
    if (kind == XD_REV_SET) {
        *xd_push(v->arena, &v->sets) = row->seq;
    }
    if (!check_model(cx, v, row, kind) || !check_place(cx, v, row, kind)) {
        return false;
    }
    bool has_body = kind == XD_REV_CREATE || kind == XD_REV_EDIT || kind == XD_REV_MOVE;
    if (has_body && row->open_there &&
        !xd_serials_add(cx, v->store, &v->serials, v->model_hash, row->open)) {
        (void)xd_err_take(cx);
        xd_verify_fault(cx, v, row->seq, row->record, "its number cannot be read");
    }
    return true;
}

static bool check_revision(xd_ctx *cx, void *user, const xd_log_row *row, bool odd)
{
    xd_verify *v = user;
    xd_verify_progress(v);
    if (odd) {
        xd_verify_fault(cx, v, row->seq, row->record, "a value of the wrong kind");
    }
    if (row->seq != v->last_seq + 1) {
        xd_verify_fault(cx, v, v->last_seq + 1, 0,
                        "revisions %" PRId64 " to %" PRId64 " are missing", v->last_seq + 1,
                        row->seq - 1);
        v->broken = true;
    }
    v->last_seq = row->seq;
    v->open_parts += row->open_there;
    v->personal_parts += row->personal_there;
    return check_part(cx, v, row, true) && check_part(cx, v, row, false) &&
           check_leaf(cx, v, row) && check_meaning(cx, v, row);
}

/* ---- the whole ----------------------------------------------------------------------------------- */

static bool check_counts(xd_ctx *cx, xd_verify *v)
{
    int64_t revisions = 0, open = 0, personal = 0;
    if (!xd_log_counts(cx, v->store, &revisions, &open, &personal)) {
        return false;
    }
    if (open != v->open_parts || personal != v->personal_parts) {
        xd_verify_fault(cx, v, 0, 0,
                        "%" PRId64 " parts stand beside the log without a revision",
                        open - v->open_parts + personal - v->personal_parts);
    }
    return true;
}

static bool check_head(xd_ctx *cx, xd_verify *v)
{
    int64_t seq = 0;
    uint8_t leaf[XD_HASH_BYTES];
    if (!xd_log_head(cx, v->store, &seq, leaf)) {
        return false;
    }
    if (seq != v->last_seq) {
        xd_verify_fault(cx, v, seq > v->last_seq ? v->last_seq + 1 : seq + 1, 0,
                        "the head stands at revision %" PRId64 ", the log ends with %" PRId64,
                        seq, v->last_seq);
    } else if (memcmp(leaf, v->computed, sizeof leaf) != 0) {
        xd_verify_fault(cx, v, seq, 0, "the head is not the leaf of the newest revision");
    }
    return true;
}

bool xd_verify_log(xd_ctx *cx, xd_verify *v)
{
    if (!xd_log_erase_each(cx, v->store, note_erase, v) || !xd_hash_open(cx, 1, &v->sha256)) {
        return false;
    }
    bool ok = xd_log_scan(cx, v->store, check_revision, v);
    xd_hash_close(v->sha256);
    return ok && check_counts(cx, v) && check_head(cx, v) &&
           xd_log_index_check(cx, v->store, v->faults);
}
