/* Many rows of one INSERT at once: each column is one array, and unnest() makes rows of them again.
 *
 * Arrays of equal length in a select list are unnested side by side, in every PostgreSQL and what
 * descends from it. COPY would be as quick for the server, but may not be sent in libpq's pipeline
 * mode. Triggers and foreign keys hold as for single rows; a trigger before a row sees the rows
 * before it in the same statement. */
#include <stdio.h>

#include "store/db_pg.h"

static Oid array_type(xd_arg_kind kind)
{
    return kind == XD_ARG_KIND_INT    ? XD_PG_INT8_ARRAY
           : kind == XD_ARG_KIND_TEXT ? XD_PG_TEXT_ARRAY
                                      : XD_PG_BYTES_ARRAY;
}

/* An array as PostgreSQL sends and receives it: dimensions, whether any is NULL, type of items;
 * items in the dimension, number of the first; then length and bytes of each. */
static void begin_array(xd_buf *out, uint32_t item, size_t n)
{
    xd_buf_u32be(out, 1);
    xd_buf_u32be(out, 0);
    xd_buf_u32be(out, item);
    xd_buf_u32be(out, (uint32_t)n);
    xd_buf_u32be(out, 1);
}

static void put_int(xd_buf *out, int64_t v)
{
    xd_buf_u32be(out, 8);
    xd_buf_u64be(out, (uint64_t)v);
}

static void put_bytes(xd_buf *out, xd_str s)
{
    xd_buf_u32be(out, (uint32_t)s.n);
    xd_buf_add(out, s);
}

void xd_pg_put_array(xd_buf *out, const xd_arg *arg)
{
    const void *list = arg->s.p;
    const int64_t *ints = list;
    const xd_str *texts = list;
    bool of_ints = arg->kind == XD_ARG_KIND_INTS;
    begin_array(out, of_ints ? XD_PG_INT8 : XD_PG_TEXT, arg->s.n);
    for (size_t i = 0; i < arg->s.n; i++) {
        if (of_ints) {
            put_int(out, ints[i]);
        } else {
            put_bytes(out, texts[i]);
        }
    }
}

/* One column of many rows. */
static void put_column(xd_buf *out, const xd_arg *args, size_t n_args, size_t rows)
{
    xd_arg_kind kind = args->kind;
    begin_array(out,
                kind == XD_ARG_KIND_INT    ? XD_PG_INT8
                : kind == XD_ARG_KIND_TEXT ? XD_PG_TEXT
                                           : XD_PG_BYTES,
                rows);
    for (size_t i = 0; i < rows; i++) {
        const xd_arg *arg = &args[i * n_args];
        if (kind == XD_ARG_KIND_INT) {
            put_int(out, arg->i);
        } else {
            put_bytes(out, arg->s);
        }
    }
}

static xd_pg_kept *slot_of(xd_pg *db, const xd_sql *sql)
{
    size_t i = 0;
    while (db->many[i].sql != NULL && db->many[i].sql != sql) {
        i++;
        assert(i < XD_PG_MANY); /* as many as gather.c has */
    }
    xd_pg_kept *k = &db->many[i];
    if (k->sql == NULL) {
        k->sql = sql;
        xd_pg_translate(db->arena, sql, &k->text);
        xd_pg_many(db->arena, &k->text);
        (void)snprintf(k->name, sizeof k->name, "m%zu", i);
    }
    return k;
}

bool xd_pg_push(xd_ctx *cx, xd_db *any, bool wait)
{
    xd_pg *db = (xd_pg *)any;
    if (db->conn == NULL) {
        return true; /* the next statement tells of it */
    }
    return wait ? xd_pg_flush(cx, db) : PQflush(db->conn) >= 0 || xd_pg_lose(cx, db);
}

bool xd_pg_insert(xd_ctx *cx, xd_db *any, const xd_sql *sql, const xd_arg *args, size_t n_args,
                  size_t rows)
{
    xd_pg *db = (xd_pg *)any;
    xd_buf column[XD_PG_PARAMS] = {{0}};
    xd_pg_kept *k = slot_of(db, sql);
    xd_pg_bound b = {.n = (int)n_args};
    assert(n_args == k->text.n);
    bool ok = true;
    for (size_t i = 0; i < n_args; i++) {
        put_column(&column[i], &args[i], n_args, rows);
        ok = ok && !column[i].failed;
        b.types[i] = array_type(args[i].kind);
        b.values[i] = column[i].p;
        b.lengths[i] = (int)column[i].n;
        b.formats[i] = 1;
    }
    ok = ok ? xd_pg_room(cx, db) && xd_pg_send_kept(cx, db, k, &b)
            : xd_fail(cx, XD_LIMIT, "no memory to send rows");
    for (size_t i = 0; i < n_args; i++) {
        xd_buf_free(&column[i]);
    }
    return ok;
}
