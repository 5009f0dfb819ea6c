/* The table link: which record leads where. */
#include "store/private.h"

bool xd_links_of(xd_ctx *cx, xd_store *store, int64_t id, bool incoming, xd_links *links)
{
    static const xd_sql out =
        XD_SQL("SELECT from_record, kind, to_record, from_date, to_date FROM link"
               " WHERE from_record = :id ORDER BY kind, to_record, from_date, to_date");
    static const xd_sql in =
        XD_SQL("SELECT from_record, kind, to_record, from_date, to_date FROM link"
               " WHERE to_record = :id ORDER BY kind, from_record, from_date, to_date");
    const xd_arg args[] = {XD_INT(":id", id), XD_ARG_END};
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, incoming ? &in : &out, args, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        xd_str from = xd_rows_text(&rows, 3), to = xd_rows_text(&rows, 4);
        *xd_push(cx->arena, links) = (xd_link){
            .from = xd_rows_int(&rows, 0),
            .to = xd_rows_int(&rows, 2),
            .kind = xd_str_copy(cx->arena, xd_rows_text(&rows, 1)),
            .from_date = from.n == 0 ? (xd_str){NULL, 0}
                  : xd_str_copy(cx->arena, from),
            .to_date = to.n == 0 ? (xd_str){NULL, 0}
                  : xd_str_copy(cx->arena, to),
        };
        ok = xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

bool xd_links_lead(xd_ctx *cx, xd_store *store, int64_t record, const xd_body_links *links)
{
    for (size_t i = 0; i < links->n; i++) {
        int64_t to = links->at[i].to;
        bool there = record != 0 && to == record;
        if (!there && !xd_record_exists(cx, store, to, &there)) {
            return false;
        }
        if (!there) {
            (void)xd_fail(cx, XD_INVALID,
                          XD_FMT " links to record %" PRId64 ", which is not there",
                          XD_ARG(links->at[i].kind), to);
            return xd_fail_words(
                cx, xd_str_printf(cx->arena, "所链接的记录 #%" PRId64 " 不存在。", to),
                xd_str_printf(cx->arena, "The record #%" PRId64 " it links to is not there.",
                              to));
        }
    }
    return true;
}

static bool same(const xd_body_link *a, const xd_body_link *b)
{
    return a->to == b->to && xd_str_eq(a->kind, b->kind) &&
           xd_str_eq(a->from_date, b->from_date) && xd_str_eq(a->to_date, b->to_date);
}

static bool is_repeated(const xd_body_links *links, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (same(&links->at[k], &links->at[i])) {
            return true;
        }
    }
    return false;
}

static size_t distinct(const xd_body_links *links)
{
    size_t n = 0;
    for (size_t i = 0; i < links->n; i++) {
        n += !is_repeated(links, i);
    }
    return n;
}

/* Those of a record that was there before are written at once, as its keys are (key.c). */
static bool insert_all(xd_ctx *cx, xd_store *store, int64_t record, const xd_body_links *links,
                       bool is_new)
{
    static const xd_sql sql =
        XD_SQL("INSERT INTO link (from_record, kind, to_record, from_date, to_date)"
               " VALUES (:from, :kind, :to, :from_date, :to_date)");
    for (size_t i = 0; i < links->n; i++) {
        const xd_arg args[] = {
            XD_INT(":from", record),
            XD_TEXT(":kind", links->at[i].kind),
            XD_INT(":to", links->at[i].to),
            XD_TEXT(":from_date", links->at[i].from_date),
            XD_TEXT(":to_date", links->at[i].to_date),
            XD_ARG_END,
        };
        if (!is_repeated(links, i) && !(is_new ? xd_db_insert(cx, store->db, &sql, args)
                                               : xd_db_run(cx, store->db, &sql, args))) {
            return false;
        }
    }
    return true;
}

static bool compare(xd_ctx *cx, xd_store *store, int64_t record, const xd_body_links *links,
                    size_t *ret_rows, size_t *ret_known)
{
    xd_links there = {0};
    size_t known = 0;
    if (!xd_links_of(cx, store, record, false, &there)) {
        return false;
    }
    for (size_t i = 0; i < there.n; i++) {
        const xd_body_link row = {there.at[i].kind, there.at[i].to, there.at[i].from_date,
                                  there.at[i].to_date};
        bool found = false;
        for (size_t k = 0; k < links->n && !found; k++) {
            found = same(&row, &links->at[k]);
        }
        known += found;
    }
    *ret_rows = there.n;
    *ret_known = known;
    return true;
}

bool xd_links_save(xd_ctx *cx, xd_store *store, int64_t record, const xd_body_links *links,
                   bool is_new)
{
    static const xd_sql clear = XD_SQL("DELETE FROM link WHERE from_record = :record");
    if (!is_new) {
        const xd_arg args[] = {XD_INT(":record", record), XD_ARG_END};
        size_t n = 0, known = 0;
        if (!compare(cx, store, record, links, &n, &known)) {
            return false;
        }
        if (n == known && n == distinct(links)) {
            return true;
        }
        if (!xd_db_run(cx, store->db, &clear, args)) {
            return false;
        }
    }
    return insert_all(cx, store, record, links, is_new);
}

bool xd_links_clear(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql = XD_SQL("DELETE FROM link");
    return xd_db_run(cx, store->db, &sql, NULL);
}

/* ---- for verify ---- */

bool xd_links_check(xd_ctx *cx, xd_store *store, const xd_record_row *row,
                    const xd_body_links *links, int64_t *count, xd_store_faults *faults)
{
    /* By the other index, so that both are read: a link must be found from where it leads. */
    static const xd_sql sql =
        XD_SQL("SELECT count(*) FROM link INDEXED BY link_to WHERE to_record = :to"
               " AND from_record = :from AND kind = :kind AND from_date = :from_date"
               " AND to_date = :to_date");
    for (size_t i = 0; i < links->n; i++) {
        const xd_arg args[] = {
            XD_INT(":to", links->at[i].to),
            XD_INT(":from", row->id),
            XD_TEXT(":kind", links->at[i].kind),
            XD_TEXT(":from_date", links->at[i].from_date),
            XD_TEXT(":to_date", links->at[i].to_date),
            XD_ARG_END,
        };
        int64_t there = 0;
        if (!xd_db_int(cx, store->db, &sql, args, 0, &there)) {
            return false;
        }
        if (there != 1) {
            xd_store_fault_add(cx, faults, row->rev, row->id,
                               "link: not found from record %" PRId64, links->at[i].to);
        }
    }
    size_t n = 0, known = 0;
    if (!compare(cx, store, row->id, links, &n, &known)) {
        return false;
    }
    if (n != known || n != distinct(links)) {
        xd_store_fault_add(cx, faults, row->rev, row->id,
                           "link: the record's links are not those of its body");
    }
    *count += (int64_t)distinct(links);
    return true;
}

bool xd_links_count(xd_ctx *cx, xd_store *store, int64_t *ret_n)
{
    static const xd_sql sql = /* the primary key's tree is the table */
        XD_SQL("SELECT count(*) FROM link INDEXED BY sqlite_autoindex_link_1");
    return xd_db_int(cx, store->db, &sql, NULL, 0, ret_n);
}
