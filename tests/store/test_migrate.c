/* A store of version 1 brought to a version 2 that exists in this test only: its list of
 * migrations stands in for the shipped one, whose second step only adds tables. */
#include "store/schema_steps.h"

const xd_migration *shipped_steps(int64_t *ret_newest);
#define xd_schema_steps shipped_steps
#define second shipped_second
#define second_come shipped_second_come
#include "../../src/store/schema_steps.c"
#undef xd_schema_steps
#undef second
#undef second_come

#include "store/schema.h"
#include "store_test.h"

#define KEPT XD_SOURCE "/tests/kept/schema-1.db.xz"

/* What migrations do: a column filled from what is there, an index in place of another, a table. */
static const xd_sql second[] = {
    XD_SQL_BOTH("ALTER TABLE record ADD COLUMN seen INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE record ADD COLUMN seen bigint NOT NULL DEFAULT 0"),
    XD_SQL("UPDATE record SET seen = rev * 2"),
    XD_SQL("DROP INDEX record_key_of_record"),
    XD_SQL("CREATE INDEX record_key_back ON record_key (record, kind)"),
    XD_SQL_BOTH("CREATE TABLE mark (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
                "CREATE TABLE mark (name text PRIMARY KEY)"),
    XD_SQL_BOTH("PRAGMA user_version = 2", ""),
    XD_SQL_PG("UPDATE schema_version SET version = 2"),
};
static const char *const second_come[] = {
    "column record.seen: bigint not null", "index record_key_back: record_key", "table mark: ",
    "column mark.name: text not null",     "index mark_pkey: mark unique",
};
static const char *const second_go[] = {"index record_key_of_record: record_key"};

/* The same, but its last step cannot be done. */
static const xd_sql halting[] = {
    XD_SQL_BOTH("ALTER TABLE record ADD COLUMN seen INTEGER NOT NULL DEFAULT 0",
                "ALTER TABLE record ADD COLUMN seen bigint NOT NULL DEFAULT 0"),
    XD_SQL("DROP INDEX record_key_of_record"),
    XD_SQL_BOTH("PRAGMA user_version = 2", ""),
    XD_SQL_PG("UPDATE schema_version SET version = 2"),
    XD_SQL("UPDATE record SET rev = 0"), /* no such revision */
};

static int64_t newest = 1;
static bool halts;

const xd_migration *xd_schema_steps(int64_t *ret_newest)
{
    static const xd_migration list[] = {
        {first,  XD_LEN(first),  xd_schema_pg_line, XD_SCHEMA_PG_LINES,  NULL,      0},
        {second, XD_LEN(second), second_come,       XD_LEN(second_come), second_go,
         XD_LEN(second_go)                                                           },
    };
    static const xd_migration bad[] = {
        {first,   XD_LEN(first),   xd_schema_pg_line, XD_SCHEMA_PG_LINES, NULL, 0},
        {halting, XD_LEN(halting), NULL,              0,                  NULL, 0},
    };
    *ret_newest = newest;
    return halts ? bad : list;
}

/* The store an earlier program left: the file, or copied to a server. */
static void bench_kept(bench *b)
{
    char command[512];
    newest = 1;
    halts = false;
    bench_begin(b);
    const char *file = bench_pg ? path_in(b, "kept.db") : b->place;
    (void)snprintf(command, sizeof command, "xz -dc '" KEPT "' >'%s' && chmod 600 '%s'", file,
                   file);
    ck_assert_int_eq(system(command), 0);
    if (bench_pg) {
        XD_OK_CALL(&b->cx, xd_store_open(&b->cx, file, XD_STORE_READ, &b->store));
        XD_OK_CALL(&b->cx, xd_store_copy(&b->cx, b->store, b->place));
        xd_store_close(b->store);
    }
}

typedef struct state {
    int64_t seq, records;
    uint8_t leaf[32];
} state;

/* Opened for reading, whole, and this is in it. */
static state look(bench *b)
{
    state s = {0};
    XD_OK_CALL(&b->cx, xd_store_open(&b->cx, b->place, XD_STORE_READ, &b->store));
    ck_assert_uint_eq(count_faults(b, b->store, true), 0);
    XD_OK_CALL(&b->cx, xd_log_head(&b->cx, b->store, &s.seq, s.leaf));
    XD_OK_CALL(&b->cx, xd_record_count(&b->cx, b->store, (xd_str){0}, &s.records));
    xd_store_close(b->store);
    return s;
}

static void is_same(state is, state was)
{
    ck_assert_int_gt(was.records, 0);
    ck_assert_int_eq(is.seq, was.seq);
    ck_assert_int_eq(is.records, was.records);
    ck_assert_mem_eq(is.leaf, was.leaf, 32);
}

START_TEST(brought_to_the_next_version)
{
    bench b;
    bench_kept(&b);
    const state was = look(&b);
    newest = 2;
    /* Only who may make a store migrates it; the others say what to do. */
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_open(&b.cx, b.place, XD_STORE_READ, &b.store));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    xd_store_close(b.store);
    is_same(look(&b), was);
    /* Once is enough, and there is no way back for an older program. */
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    xd_store_close(b.store);
    newest = 1;
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    /* It may read on, as one of several servers does while the others are upgraded. */
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &b.store));
    ck_assert(!xd_store_schema_is_ours(b.store));
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, (xd_str){0}, &n));
    ck_assert_int_eq(n, was.records);
    bench_end(&b);
}
END_TEST

/* The shadows made anew land in the new tables, and the log goes on. */
START_TEST(works_after_it)
{
    bench b;
    bench_kept(&b);
    newest = 2;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    xd_store_close(b.store);
    bench_end(&b);
}
END_TEST

START_TEST(a_step_that_fails_leaves_it_as_it_was)
{
    bench b;
    bench_kept(&b);
    const state was = look(&b);
    newest = 2;
    halts = true;
    ck_assert(!xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    xd_err_take(&b.cx);
    newest = 1;
    is_same(look(&b), was);
    newest = 2;
    halts = false;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    xd_store_close(b.store);
    is_same(look(&b), was);
    bench_end(&b);
}
END_TEST

/* A new store, and a copy of an old one, have the newest schema at once. */
START_TEST(made_with_the_newest)
{
    bench b;
    newest = 2;
    halts = false;
    bench_open(&b);
    const int64_t id =
        create(&b, "{\"type\":\"plant\",\"state\":\"draft\",\"name\":{\"zh\":\"厂\"}}");
    ck_assert_int_gt(id, 0);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(an_old_backup_is_brought_up)
{
    bench b;
    bench_kept(&b);
    const state was = look(&b);
    const char *file = path_in(&b, "old.db");
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &b.store));
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, b.store, file));
    xd_store_close(b.store);
    newest = 2;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &b.store));
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_store_restore(&b.cx, file, b.place));
    is_same(look(&b), was);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, brought_to_the_next_version);
    tcase_add_test(tests, works_after_it);
    tcase_add_test(tests, a_step_that_fails_leaves_it_as_it_was);
    tcase_add_test(tests, made_with_the_newest);
    if (!pg) { /* a server has backups of its own */
        tcase_add_test(tests, an_old_backup_is_brought_up);
    }
}

XD_STORE_TESTS("migrate", add)
