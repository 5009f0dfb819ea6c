/* What only PostgreSQL can do to us: freeze, restart, refuse a role, be another's database. */
#include "store_test.h"

#include "store/schema.h"

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\",\"name\":{\"zh\":\"宣纸厂\"}"

static void in_schema(const bench *b, const char *sql)
{
    char text[1024];
    (void)snprintf(text, sizeof text, "SET search_path = %s; %s", b->schema, sql);
    pg_do(text);
}

/* ---- addresses ---- */

START_TEST(passwords_are_not_shown)
{
    static const char *const pairs[][2] = {
        {"postgresql://u:secret@h:5432/d",          "postgresql://u@h:5432/d"         },
        {"postgres://u:se@cret@h/d",                "postgres://u@h/d"                },
        {"postgresql://u@h/d?password=secret",      "postgresql://u@h/d"              },
        {"postgresql://:secret@h/d",                "postgresql://@h/d"               },
        {"postgresql:///d?host=/run&user=u",        "postgresql:///d"                 },
        {"postgresql://h1:1,h2:2/d?password=x",     "postgresql://h1:1,h2:2/d"        },
        {"postgresql://h",                          "postgresql://h"                  },
        {"postgresql://u:secret@[::1]:5432/d@home", "postgresql://u@[::1]:5432/d@home"},
        {"var/a:b@c.db",                            "var/a:b@c.db"                    },
    };
    xd_ctx cx;
    xd_ctx_begin(&cx);
    for (size_t i = 0; i < XD_LEN(pairs); i++) {
        XD_STR_IS(xd_store_shown(cx.arena, pairs[i][0]), pairs[i][1]);
    }
    xd_ctx_end(&cx);
}
END_TEST

START_TEST(nobody_there)
{
    bench b;
    xd_store *store = NULL;
    bench_begin(&b);
    b.cx.deadline = xd_monotonic() + 30 * 1000000;
    /* Two hosts, neither of which listens; and an option that is none. */
    FAILS_WITH(&b.cx, XD_BUSY,
               xd_store_open(&b.cx, "postgresql://u:secret@127.0.0.1:1,127.0.0.1:2/d",
                             XD_STORE_CREATE, &store));
    FAILS_WITH(&b.cx, XD_INVALID,
               xd_store_open(&b.cx, "postgresql://h/d?nonsense=1", XD_STORE_READ, &store));
    FAILS_WITH(&b.cx, XD_ABSENT, xd_store_open(&b.cx, b.place, XD_STORE_READ, &store));
    bench_end(&b);
}
END_TEST

/* The first host does not answer, the second does. */
START_TEST(second_host)
{
    bench b;
    char place[512];
    bench_open(&b);
    (void)snprintf(place, sizeof place,
                   "postgresql://xiudai@/postgres?host=127.0.0.1,%s&port=1,5432"
                   "&options=-csearch_path%%3D%s",
                   pg_server.dir, b.schema);
    xd_store *store = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, place, XD_STORE_WRITE, &store));
    ck_assert_uint_eq(count_faults(&b, store, true), 0);
    bench_end(&b);
}
END_TEST

/* ---- foreign and newer ---- */

START_TEST(refuses_other_databases)
{
    bench b;
    xd_store *store = NULL;
    bench_begin(&b);
    in_schema(&b, "CREATE TABLE t (x int)");
    FAILS_WITH(&b.cx, XD_UNREADABLE, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &store));
    bench_end(&b);
    bench_open(&b);
    in_schema(&b, "UPDATE schema_version SET version = 99");
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &store));
    FAILS_WITH(&b.cx, XD_INVALID, xd_store_backup(&b.cx, b.store, path_in(&b, "b.db")));
    FAILS_WITH(&b.cx, XD_INVALID, xd_store_restore(&b.cx, path_in(&b, "b.db"), b.place));
    bench_end(&b);
}
END_TEST

/* Four first starts at once make one store. */
START_TEST(made_once)
{
    bench b;
    pid_t children[4];
    bench_begin(&b);
    for (int i = 0; i < 4; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            xd_ctx cx;
            xd_store *store = NULL;
            xd_ctx_begin(&cx);
            bool ok = xd_store_open(&cx, b.place, XD_STORE_CREATE, &store);
            if (!ok) {
                fprintf(stderr, XD_FMT "\n", XD_ARG(cx.err.message));
            }
            _exit(ok ? 0 : 1);
        }
    }
    for (int i = 0; i < 4; i++) {
        int status = 1;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

/* ---- walls ---- */

START_TEST(runtime_role_only_adds)
{
    static const char *const refused[] = {
        "UPDATE revision SET actor = 1",
        "DELETE FROM revision",
        "DELETE FROM open_part",
        "UPDATE personal_part SET body = '{}'",
        "TRUNCATE revision",
        "DROP TRIGGER revision_stays ON revision",
        "ALTER TABLE revision DISABLE TRIGGER ALL",
        "INSERT INTO store (one) VALUES (1)",
    };
    bench b;
    char place[512], sql[200], conninfo[256];
    pg_do("CREATE ROLE xiudai_runtime LOGIN");
    bench_open(&b);
    (void)snprintf(sql, sizeof sql, "GRANT USAGE ON SCHEMA %s TO xiudai_runtime", b.schema);
    pg_do(sql);
    (void)snprintf(place, sizeof place,
                   "postgresql://xiudai_runtime@/postgres?host=%s&options=-csearch_path%%3D%s",
                   pg_server.dir, b.schema);
    xd_store_close(b.store);
    /* Everyday work is all there. */
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, place, XD_STORE_CREATE, &b.store));
    int64_t id = create(&b, PLANT ",\"phone\":\"1\"}"), seq = 0;
    (void)edit(&b, id, PLANT ",\"number\":\"000000-P-0001\",\"phone\":\"2\"}");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    FAILS_WITH(&b.cx, XD_DENIED,
               xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);

    pg_conninfo(conninfo, sizeof conninfo, "xiudai_runtime");
    PGconn *conn = PQconnectdb(conninfo);
    (void)snprintf(sql, sizeof sql, "SET search_path = %s", b.schema);
    PQclear(PQexec(conn, sql));
    for (size_t i = 0; i < XD_LEN(refused); i++) {
        PGresult *result = PQexec(conn, refused[i]);
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        ck_assert_msg(state != NULL && strcmp(state, "42501") == 0, "%s: %s", refused[i],
                      state == NULL ? "went through" : state);
        PQclear(result);
    }
    PQfinish(conn);
    bench_end(&b);
}
END_TEST

START_TEST(triggers_hold_the_owner)
{
    static const xd_sql refused[] = {
        XD_SQL_PG("UPDATE revision SET actor = 1"),
        XD_SQL_PG("DELETE FROM revision"),
        XD_SQL_PG("TRUNCATE revision CASCADE"),
        XD_SQL_PG("UPDATE open_part SET body = '{}'"),
        XD_SQL_PG("DELETE FROM open_part"),
        XD_SQL_PG("DELETE FROM personal_part"),
        XD_SQL_PG("INSERT INTO revision SELECT seq + 2, time, actor, kind, record, base,"
                  " change_set, model, open_hash, personal_hash, leaf FROM revision"
                  " WHERE seq = 2"),
    };
    bench b;
    bench_open(&b);
    (void)create(&b, PLANT ",\"phone\":\"1\"}");
    for (size_t i = 0; i < XD_LEN(refused); i++) {
        FAILS_WITH(&b.cx, XD_BROKEN, xd_db_run(&b.cx, b.store->db, &refused[i], NULL));
    }
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

/* What an owner can do past the triggers is found. */
START_TEST(tampering_is_found)
{
    static const char *const acts[] = {
        "ALTER TABLE revision DISABLE TRIGGER revision_stays",
        "DROP TRIGGER open_part_kept ON open_part",
        "DROP INDEX record_of_type",
        "CREATE TABLE extra (x int)",
        "CREATE OR REPLACE FUNCTION xiudai_refuse() RETURNS trigger AS $$ BEGIN RETURN NEW; END"
        " $$ LANGUAGE plpgsql",
        "SET session_replication_role = replica; UPDATE revision SET actor = 8 WHERE seq = 2",
        "SET session_replication_role = replica; UPDATE open_part SET body = body || ' '"
        " WHERE seq = 2",
        "SET session_replication_role = replica; DELETE FROM personal_part",
        "SET session_replication_role = replica; DELETE FROM revision WHERE seq = 3",
        "UPDATE record SET state = 'x'",
        "DELETE FROM record_key",
        "DELETE FROM serial",
        "UPDATE serial SET next = next + 1",
        "UPDATE log_head SET seq = seq - 1",
        "UPDATE store SET next_id = next_id + 1",
        "INSERT INTO erasure SELECT seq, 'open', seq FROM revision WHERE seq = 2",
    };
    for (size_t i = 0; i < XD_LEN(acts); i++) {
        bench b;
        bench_open(&b);
        (void)create(&b, PLANT ",\"phone\":\"1\"}");
        (void)create(&b, PLANT "}");
        in_schema(&b, acts[i]);
        ck_assert_msg(count_faults(&b, b.store, false) > 0, "%s", acts[i]);
        bench_end(&b);
    }
}
END_TEST

/* ---- erasing ---- */

static bool server_holds(bench *b, const char *bytes)
{
    char command[256];
    pg_do("CHECKPOINT");
    (void)snprintf(command, sizeof command, "grep -rqaF '%s' %s/data/base", bytes,
                   pg_server.dir);
    (void)b;
    return system(command) == 0;
}

START_TEST(erased_from_the_tables)
{
    bench b;
    int64_t seq = 0;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"phone\":\"0563-SECRET-77\",\"mail\":\"m@x\"}");
    ck_assert(server_holds(&b, "0563-SECRET-77"));
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    ck_assert(!server_holds(&b, "0563-SECRET-77"));
    XD_STR_IS(xd_json_get_str(record_of(&b, id)->body, XD_S("mail")), "m@x");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    bench_end(&b);
}
END_TEST

/* ---- copying ---- */

START_TEST(there_and_back)
{
    bench b;
    char place[256], schema[40];
    uint8_t hash[3][32];
    int64_t seq[3] = {0}, erased = 0;
    xd_store *server = NULL, *back = NULL;
    bench_begin(&b);
    const char *file = path_in(&b, "a.db"), *again = path_in(&b, "b.db");
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, file, XD_STORE_CREATE, &b.store));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
    int64_t id = 0;
    for (int i = 0; i < 700; i++) { /* more than two portions of a walk */
        id = create(&b, PLANT ",\"phone\":\"1\"}");
    }
    (void)edit(&b, id, PLANT ",\"number\":\"000000-P-0700\",\"phone\":\"2\"}");
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &erased));
    pg_place(place, sizeof place, schema);
    XD_OK_CALL(&b.cx, xd_store_copy(&b.cx, b.store, place));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_copy(&b.cx, b.store, place));
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, place, XD_STORE_READ, &server));
    XD_OK_CALL(&b.cx, xd_store_copy(&b.cx, server, again));
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, again, XD_STORE_READ, &back));
    xd_store *const stores[] = {b.store, server, back};
    for (int i = 0; i < 3; i++) {
        XD_OK_CALL(&b.cx, xd_log_head(&b.cx, stores[i], &seq[i], hash[i]));
        ck_assert_int_eq(seq[i], seq[0]);
        ck_assert_mem_eq(hash[i], hash[0], 32);
        ck_assert_uint_eq(count_faults(&b, stores[i], true), 0);
    }
    /* Damage is not carried over, and the database stays as good as new. */
    char other[256], other_schema[40];
    pg_place(other, sizeof other, other_schema);
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "SET session_replication_role = replica; UPDATE %s.revision SET actor = 9"
                   " WHERE seq = 600",
                   schema);
    pg_do(sql);
    FAILS_WITH(&b.cx, XD_BROKEN, xd_store_copy(&b.cx, server, other));
    XD_OK_CALL(&b.cx, xd_store_copy(&b.cx, back, other));
    bench_end(&b);
}
END_TEST

/* ---- the server's bad days ---- */

START_TEST(frozen_server)
{
    bench b;
    char pid[16];
    int64_t n = 0;
    bench_open(&b);
    (void)create(&b, PLANT "}");
    pg_say("SELECT pid FROM pg_stat_activity WHERE application_name = 'xiudai'", pid,
           sizeof pid);
    pid_t backend = (pid_t)strtol(pid, NULL, 10);
    ck_assert_int_gt(backend, 1);
    ck_assert_int_eq(kill(backend, SIGSTOP), 0);
    b.cx.deadline = xd_monotonic() + 300000;
    FAILS_WITH(&b.cx, XD_BUSY, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    b.cx.deadline = 0;
    /* Another connection is made, for the next call. */
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    ck_assert_int_eq(n, 1);
    ck_assert_int_eq(kill(backend, SIGCONT), 0);
    bench_end(&b);
}
END_TEST

START_TEST(cut_off_under_the_head)
{
    bench b;
    bench_open(&b);
    int64_t kept = create(&b, PLANT "}");
    xd_head *head = take_head(&b);
    (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT "}");
    pg_do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          " WHERE application_name LIKE 'head: %'");
    ck_assert(!xd_head_commit(&b.cx, head));
    ck_assert_int_eq(b.cx.err.code, XD_BUSY);
    xd_err_take(&b.cx);
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    ck_assert_int_eq(n, 1);
    ck_assert_int_gt(create(&b, PLANT "}"), kept);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

/* One who reserves ids under his head keeps others waiting, but not beyond their time. */
START_TEST(waits_for_ids_too)
{
    bench b;
    xd_store *other = NULL;
    xd_head *second = NULL;
    int64_t id = 0;
    bench_open(&b);
    xd_head *head = take_head(&b);
    for (int i = 0; i < 700; i++) {
        XD_OK_CALL(&b.cx, xd_head_draw_id(&b.cx, head, &id));
    }
    ck_assert_int_gt(head->grown, 0);
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &other));
    b.cx.deadline = xd_monotonic() + 30 * 1000000;
    ck_assert(!xd_head_take(&b.cx, other, b.model, "second", 100, NULL, NULL, &second));
    ck_assert_int_eq(b.cx.err.code, XD_BUSY);
    ck_assert_uint_ne(xd_str_find(xd_err_take(&b.cx).en, XD_S("test, since"), 0), SIZE_MAX);
    xd_head_release(head);
    XD_OK_CALL(&b.cx, xd_head_take(&b.cx, other, b.model, "second", 0, NULL, NULL, &second));
    int64_t after = 0;
    XD_OK_CALL(&b.cx, xd_head_draw_id(&b.cx, second, &after));
    ck_assert_int_gt(after, id);
    xd_head_release(second);
    bench_end(&b);
}
END_TEST

/* A statement that fails within a transaction is told by the commit, and nothing stays. */
START_TEST(late_errors_are_told)
{
    static const xd_sql twice = XD_SQL_PG("INSERT INTO log_head (one, seq, leaf)"
                                          " SELECT one, seq, leaf FROM log_head");
    bench b;
    bench_open(&b);
    xd_head *head = take_head(&b);
    (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT "}");
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, b.store->db, &twice, NULL));
    FAILS_WITH(&b.cx, XD_BROKEN, xd_head_commit(&b.cx, head));
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &n));
    ck_assert_int_eq(n, 0);
    (void)create(&b, PLANT "}");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

static bool stop_early(xd_ctx *cx, void *user, const xd_revision *rev)
{
    int64_t *left = user;
    (void)rev;
    return --*left > 0 || xd_fail(cx, XD_GONE, "enough");
}

/* A walk left half way leaves no transaction behind; one inside a transaction does not end it. */
START_TEST(walks_within_and_without)
{
    bench b;
    int64_t left = 3;
    bench_open(&b);
    for (int i = 0; i < 5; i++) {
        (void)create(&b, PLANT "}");
    }
    FAILS_WITH(&b.cx, XD_GONE, xd_log_each(&b.cx, b.store, 0, 0, stop_early, &left));
    ck_assert(!xd_db_in_transaction(b.store->db));
    xd_head *head = take_head(&b);
    left = 3;
    FAILS_WITH(&b.cx, XD_GONE, xd_log_each(&b.cx, b.store, 0, 0, stop_early, &left));
    ck_assert(xd_db_in_transaction(b.store->db));
    (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT "}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    if (!pg) {
        tcase_add_test(tests, passwords_are_not_shown);
        return;
    }
    tcase_add_test(tests, nobody_there);
    tcase_add_test(tests, second_host);
    tcase_add_test(tests, refuses_other_databases);
    tcase_add_test(tests, made_once);
    tcase_add_test(tests, runtime_role_only_adds);
    tcase_add_test(tests, triggers_hold_the_owner);
    tcase_add_test(tests, tampering_is_found);
    tcase_add_test(tests, erased_from_the_tables);
    tcase_add_test(tests, there_and_back);
    tcase_add_test(tests, frozen_server);
    tcase_add_test(tests, cut_off_under_the_head);
    tcase_add_test(tests, waits_for_ids_too);
    tcase_add_test(tests, late_errors_are_told);
    tcase_add_test(tests, walks_within_and_without);
}

XD_STORE_TESTS("store/pg", add)
