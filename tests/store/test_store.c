/* Opening, the head, appending, reading back. */
#include "store_test.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\",\"name\":{\"zh\":\"宣纸厂\"}"

START_TEST(makes_a_store)
{
    bench b;
    struct stat st;
    bench_open(&b);
    if (!bench_pg) {
        ck_assert_int_eq(stat(b.place, &st), 0);
        ck_assert_int_eq(st.st_mode & 0777, 0600);
        ck_assert_str_eq(xd_store_place(b.store), b.place);
    }
    int64_t seq = 0;
    uint8_t head[32], hash[32];
    xd_str json;
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &seq, head));
    ck_assert_int_eq(seq, 1);
    XD_OK_CALL(&b.cx, xd_store_model(&b.cx, b.store, hash, &json));
    ck_assert_mem_eq(hash, xd_model_hash(b.model), 32);
    ck_assert(xd_str_eq(json, xd_model_json(b.model)));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);

    xd_store *again = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &again));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, again, b.model));
    xd_head *none = NULL;
    FAILS_WITH(&b.cx, XD_DENIED,
               xd_head_take(&b.cx, again, b.model, "t", 0, NULL, NULL, &none));
    bench_end(&b);
}
END_TEST

START_TEST(refuses_other_files)
{
    bench b;
    xd_store *store = NULL;
    bench_begin(&b);
    FAILS_WITH(&b.cx, XD_ABSENT, xd_store_open(&b.cx, b.place, XD_STORE_READ, &store));
    FAILS_WITH(&b.cx, XD_ABSENT, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &store));
    FAILS_WITH(&b.cx, XD_INVALID,
               xd_store_open(&b.cx, "postgresql://h/d?nonsense=1", XD_STORE_CREATE, &store));

    const char *text = path_in(&b, "text.db");
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, text, XD_S("name,place\n宣纸厂,泾县\n"), 0600));
    FAILS_WITH(&b.cx, XD_UNREADABLE, xd_store_open(&b.cx, text, XD_STORE_CREATE, &store));

    const char *foreign = path_in(&b, "foreign.db");
    const char *command = xd_cstr(
        b.cx.arena, xd_str_printf(b.cx.arena, "sqlite3 %s 'create table t(x)'", foreign));
    if (system(command) == 0) {
        FAILS_WITH(&b.cx, XD_UNREADABLE,
                   xd_store_open(&b.cx, foreign, XD_STORE_CREATE, &store));
    }
    FAILS_WITH(&b.cx, XD_UNREADABLE, xd_store_open(&b.cx, b.dir, XD_STORE_READ, &store));
    bench_end(&b);
}
END_TEST

static void pragma(bench *b, const char *text)
{
    const xd_db_options options = {.cache_kib = 2048};
    const xd_sql sql = {text, NULL, false};
    xd_db *db = NULL;
    XD_OK_CALL(&b->cx, xd_db_open(&b->cx, b->place, &options, &db));
    XD_OK_CALL(&b->cx, xd_db_run(&b->cx, db, &sql, NULL));
    xd_db_close(db);
}

START_TEST(refuses_a_newer_schema)
{
    bench b;
    xd_store *store = NULL;
    bench_open(&b);
    xd_store_close(b.store);
    pragma(&b, "PRAGMA user_version = 99");
    b.cx.lang = XD_EN;
    ck_assert(!xd_store_open(&b.cx, b.place, XD_STORE_CREATE, &store));
    ck_assert_int_eq(b.cx.err.code, XD_CONFLICT);
    xd_str said = xd_err_sentence(&b.cx);
    ck_assert_msg(xd_str_find(said, XD_S("newer Xiudai"), 0) != SIZE_MAX, XD_FMT, XD_ARG(said));
    bench_end(&b);
}
END_TEST

/* As somebody who may not write here: what he reads, and what he is told. */
static bool as_nobody(bench *b)
{
    return geteuid() != 0 || (chown(b->dir, 65534, 65534) == 0 &&
                              chown(b->place, 65534, 65534) == 0 && seteuid(65534) == 0);
}

START_TEST(folders_that_may_not_be_written)
{
    bench b;
    xd_store *store = NULL;
    bench_open(&b);
    (void)create(&b, PLANT "}");
    xd_store_close(b.store);
    ck_assert(as_nobody(&b));
    ck_assert_int_eq(chmod(b.dir, 0500), 0);
    ck_assert(!xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &store));
    xd_err why = xd_err_take(&b.cx);
    ck_assert_int_eq(why.code, XD_DENIED);
    ck_assert_uint_ne(xd_str_find(why.en, XD_S("may not be written"), 0), SIZE_MAX);
    /* Reading needs the folder too while the file keeps a write-ahead log; it says so. */
    if (!xd_store_open(&b.cx, b.place, XD_STORE_READ, &store)) {
        why = xd_err_take(&b.cx);
        ck_assert_int_eq(why.code, XD_DENIED);
        ck_assert_uint_gt(why.zh.n, 0);
    }
    FAILS_WITH(&b.cx, XD_DENIED,
               xd_store_open(&b.cx, path_in(&b, "new.db"), XD_STORE_CREATE, &store));
    ck_assert_int_eq(chmod(b.dir, 0700), 0);
    ck_assert(geteuid() != 65534 || getuid() != 0 || seteuid(0) == 0);
    bench_end(&b);
}
END_TEST

START_TEST(appends_and_reads)
{
    bench b;
    bench_open(&b);
    int64_t firm =
        create(&b, "{\"type\":\"firm\",\"state\":\"draft\",\"name\":{\"zh\":\"公司\"}}");
    char body[400];
    (void)snprintf(body, sizeof body,
                   PLANT ",\"area\":\"341823\",\"source_id\":\"A1\",\"phone\":\"0563-1234\","
                         "\"maker\":[{\"id\":%" PRId64 ",\"from\":\"1951-01-01\"}]}",
                   firm);
    int64_t id = create(&b, body);
    const xd_record *record = record_of(&b, id);
    XD_STR_IS(record->number, "341823-P-0001");
    XD_STR_IS(record->type, "plant");
    XD_STR_IS(record->state, "draft");
    XD_STR_IS(xd_json_get_str(record->body, XD_S("phone")), "0563-1234");

    const xd_revision *rev = NULL;
    XD_OK_CALL(&b.cx, xd_revision_find(&b.cx, b.store, record->rev, &rev));
    ck_assert_int_eq(rev->actor, 7);
    ck_assert_int_eq(rev->kind, XD_REV_CREATE);
    ck_assert_uint_eq(xd_str_find(rev->open, XD_S("0563"), 0), SIZE_MAX);
    XD_STR_IS(rev->personal, "{\"phone\":\"0563-1234\"}");

    int64_t *ids = NULL;
    size_t n = 0;
    XD_OK_CALL(&b.cx, xd_key_find(&b.cx, b.store, XD_S("plant"), XD_S("number"),
                                  XD_S("341823p0001"), &ids, &n));
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(ids[0], id);
    xd_links links = {0};
    XD_OK_CALL(&b.cx, xd_links_of(&b.cx, b.store, firm, true, &links));
    ck_assert_uint_eq(links.n, 1);
    ck_assert_int_eq(links.at[0].from, id);
    XD_STR_IS(links.at[0].from_date, "1951-01-01");

    int64_t count = 0;
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S("plant"), &count));
    ck_assert_int_eq(count, 1);
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, b.store, XD_S(""), &count));
    ck_assert_int_eq(count, 2);
    const xd_record *none = record;
    XD_OK_CALL(&b.cx, xd_record_find(&b.cx, b.store, 99999, &none));
    ck_assert_ptr_null(none);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(refuses_and_goes_on)
{
    bench b;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"source_id\":\"A1\"}");
    xd_head *head = take_head(&b);
    int64_t seq = 0, made = 0, base = record_of(&b, id)->rev;
    const xd_json *other = json_of(&b, PLANT ",\"source_id\":\"B2\"}");
    const xd_act stale = {XD_REV_EDIT, id, base - 1, 0, other, false};
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_append(&b.cx, head, &stale, &seq, &made));
    const xd_act gone = {XD_REV_EDIT, id + 5, base, 0, other, false};
    FAILS_WITH(&b.cx, XD_ABSENT, xd_append(&b.cx, head, &gone, &seq, &made));
    const xd_act twice = {XD_REV_CREATE, 0, 0, 0, json_of(&b, PLANT ",\"source_id\":\"A1\"}"),
                          false};
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_append(&b.cx, head, &twice, &seq, &made));
    const xd_act nameless = {
        XD_REV_CREATE, 0, 0, 0, json_of(&b, "{\"type\":\"plant\",\"state\":\"draft\"}"), false};
    FAILS_WITH(&b.cx, XD_INVALID, xd_append(&b.cx, head, &nameless, &seq, &made));
    const xd_act lost = {XD_REV_CREATE, 0, 0, 0, json_of(&b, PLANT ",\"maker\":[{\"id\":77}]}"),
                         false};
    FAILS_WITH(&b.cx, XD_INVALID, xd_append(&b.cx, head, &lost, &seq, &made));
    const xd_act no_set = {XD_REV_CREATE, 0, 0, base, other, false};
    FAILS_WITH(&b.cx, XD_INVALID, xd_append(&b.cx, head, &no_set, &seq, &made));
    const xd_act renumbered = {
        XD_REV_EDIT, id, base, 0, json_of(&b, PLANT ",\"number\":\"000000-P-0009\"}"), false};
    FAILS_WITH(&b.cx, XD_INVALID, xd_append(&b.cx, head, &renumbered, &seq, &made));
    int64_t next = put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT ",\"source_id\":\"B2\"}");
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    XD_STR_IS(record_of(&b, id)->number, "000000-P-0001");
    XD_STR_IS(record_of(&b, next)->number, "000000-P-0002");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

/* Rows and questions wait, and are written beside: what one refuses is told by the commit at the
 * latest, also where both records with one key waited together and a change came first. */
START_TEST(refuses_what_waited)
{
    bench b;
    bench_open(&b);
    int64_t id = create(&b, PLANT ",\"source_id\":\"A1\"}");
    for (int with_old = 0; with_old < 2; with_old++) {
        int64_t base = record_of(&b, id)->rev;
        xd_head *head = take_head(&b);
        xd_head_many(head);
        (void)put(&b, head, XD_REV_EDIT, id, base, 0,
                  PLANT ",\"source_id\":\"A1\",\"number\":\"000000-P-0001\"}");
        (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT ",\"source_id\":\"B2\"}");
        (void)put(&b, head, XD_REV_CREATE, 0, 0, 0,
                  with_old == 1 ? PLANT ",\"source_id\":\"A1\"}"
                                : PLANT ",\"source_id\":\"B2\"}");
        FAILS_WITH(&b.cx, XD_CONFLICT, xd_head_commit(&b.cx, head));
    }
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(numbers)
{
    bench b;
    bench_open(&b);
    int64_t one = create(&b, PLANT ",\"area\":\"341800\"}");
    XD_STR_IS(record_of(&b, one)->number, "341800-P-0001");
    /* Learning the county later changes nothing. */
    (void)edit(&b, one, PLANT ",\"area\":\"341823\",\"number\":\"341800-P-0001\"}");
    XD_STR_IS(record_of(&b, one)->number, "341800-P-0001");
    /* One that comes with its number moves its prefix on. */
    (void)create(&b, PLANT ",\"area\":\"341823\",\"number\":\"341823-P-0041\"}");
    int64_t next = create(&b, PLANT ",\"area\":\"341823\"}");
    XD_STR_IS(record_of(&b, next)->number, "341823-P-0042");

    /* Released: neither number nor record stays, nor is the id used again. */
    xd_head *head = take_head(&b);
    int64_t lost = put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT ",\"area\":\"341823\"}");
    xd_head_release(head);
    next = create(&b, PLANT ",\"area\":\"341823\"}");
    XD_STR_IS(record_of(&b, next)->number, "341823-P-0043");
    ck_assert_int_gt(next, lost);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);

    /* A side store leaves records unnumbered, and its ids carry its number. */
    const xd_store_make make = {.number = 5, .sm3 = true};
    XD_OK_CALL(&b.cx, xd_store_open_new(&b.cx, path_in(&b, "side.db"), &make, &b.store));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
    int64_t side = create(&b, PLANT "}");
    ck_assert_int_eq(side >> 40, 5);
    ck_assert_uint_eq(record_of(&b, side)->number.n, 0);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(parses_numbers)
{
    static const struct {
        const char *pattern, *number, *prefix;
        int64_t serial;
    } cases[] = {
        {"{division}-G-{serial:4}", "341823-G-0007",  "341823-G-", 7    },
        {"{division}-G-{serial:4}", "341823-G-10007", "341823-G-", 10007},
        {"{division}{serial:4}",    "3418230012",     "341823",    12   },
        {"{year}-{serial}",         "2026-3",         "2026-",     3    },
        {"{serial:3}-{division}",   "012-341823",     "",          12   },
        {"{division}-G-{serial:4}", "341823-G-007",   NULL,        0    },
        {"{division}-G-{serial:4}", "341823-H-0007",  NULL,        0    },
        {"{division}-G-{serial:4}", "341823-G-0007x", NULL,        0    },
        {"{division}-G-{serial:4}", "34182-G-0007",   NULL,        0    },
        {"{division}-G-{serial:4}", "",               NULL,        0    },
        {"{year}-{serial}",         "26-3",           NULL,        0    },
    };
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        xd_str prefix = {0};
        int64_t serial = 0;
        bool fits = xd_number_parse(xd_str_of(cases[i].pattern), xd_str_of(cases[i].number),
                                    &prefix, &serial);
        ck_assert_msg(fits == (cases[i].prefix != NULL), "%s %s", cases[i].pattern,
                      cases[i].number);
        if (fits) {
            XD_STR_IS(prefix, cases[i].prefix);
            ck_assert_int_eq(serial, cases[i].serial);
        }
    }
}
END_TEST

/* ---- the head ---- */

START_TEST(ids_are_not_used_again)
{
    bench b;
    bench_open(&b);
    xd_head *head = take_head(&b);
    int64_t last = 0;
    for (int i = 0; i < 700; i++) { /* more than a block: the rest comes under the head */
        XD_OK_CALL(&b.cx, xd_head_draw_id(&b.cx, head, &last));
    }
    xd_head_release(head);
    ck_assert_int_gt(create(&b, PLANT "}"), last);
    xd_store_expect(b.store, 5000);
    head = take_head(&b);
    ck_assert_int_eq(head->grown, 0);
    for (int i = 0; i < 5000; i++) {
        XD_OK_CALL(&b.cx, xd_head_draw_id(&b.cx, head, &last));
    }
    ck_assert_int_eq(head->grown, 0);
    xd_head_release(head);
    bench_end(&b);
}
END_TEST

static void remember(void *user, xd_str holder)
{
    (void)snprintf(user, 256, XD_FMT, XD_ARG(holder));
}

START_TEST(second_waits_and_says_who)
{
    bench b;
    int ready[2], done[2];
    char byte = 'x', holder[256] = "";
    bench_open(&b);
    xd_store_close(b.store);
    ck_assert(pipe(ready) == 0 && pipe(done) == 0);
    pid_t child = fork();
    if (child == 0) {
        xd_ctx cx;
        xd_store *store = NULL;
        xd_head *head = NULL;
        xd_ctx_begin(&cx);
        bool ok = xd_store_open(&cx, b.place, XD_STORE_WRITE, &store) &&
                  xd_head_take(&cx, store, b.model, "xiudai import plant a.csv", 0, NULL, NULL,
                               &head);
        ok = ok && write(ready[1], &byte, 1) == 1 && read(done[0], &byte, 1) == 1;
        _exit(ok ? 0 : 1); /* dies holding it: the kernel lets go */
    }
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    xd_head *head = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    ck_assert(!xd_head_take(&b.cx, b.store, b.model, "second", 120, remember, holder, &head));
    ck_assert_int_eq(b.cx.err.code, XD_BUSY);
    ck_assert_ptr_nonnull(strstr(holder, "xiudai import plant a.csv"));
    char pid[32];
    (void)snprintf(pid, sizeof pid, "pid %ld,", (long)child);
    ck_assert_ptr_nonnull(strstr(holder, pid));
    xd_err why = xd_err_take(&b.cx);
    ck_assert_uint_ne(xd_str_find(why.zh, XD_S("xiudai import plant a.csv"), 0), SIZE_MAX);

    /* Readers go on meanwhile. */
    xd_store *reader = NULL;
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, reader, XD_S(""), &n));

    ck_assert_int_eq(write(done[1], &byte, 1), 1);
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    /* A database server sees the death of its client a moment after the kernel does. */
    XD_OK_CALL(&b.cx, xd_head_take(&b.cx, b.store, b.model, "test", 10000, NULL, NULL, &head));
    xd_head_release(head);
    bench_end(&b);
}
END_TEST

START_TEST(stop_ends_waiting)
{
    bench b;
    volatile int stop = 1;
    bench_open(&b);
    xd_head *head = take_head(&b), *second = NULL;
    xd_store *other = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &other));
    b.cx.stop = &stop;
    FAILS_WITH(&b.cx, XD_CANCELLED,
               xd_head_take(&b.cx, other, b.model, "t", -1, NULL, NULL, &second));
    b.cx.stop = NULL;
    xd_head_release(head);
    bench_end(&b);
}
END_TEST

/* ---- following ---- */

typedef struct seen {
    int64_t last, n;
    xd_arena *arena;
} seen;

static bool follow(xd_ctx *cx, void *user, const xd_revision *rev)
{
    seen *s = user;
    ck_assert_int_eq(rev->seq, s->last + 1);
    ck_assert_ptr_ne(cx->arena, s->arena);
    s->last = rev->seq;
    s->n++;
    return true;
}

static bool stop_at_once(xd_ctx *cx, void *user, const xd_revision *rev)
{
    (void)user;
    return xd_fail(cx, XD_GONE, "enough at %" PRId64, rev->seq);
}

START_TEST(follows)
{
    bench b;
    bench_open(&b);
    for (int i = 0; i < 30; i++) {
        (void)create(&b, PLANT "}");
    }
    seen s = {.last = 0, .arena = b.cx.arena};
    XD_OK_CALL(&b.cx, xd_log_each(&b.cx, b.store, 0, 10, follow, &s));
    ck_assert_int_eq(s.n, 10);
    XD_OK_CALL(&b.cx, xd_log_each(&b.cx, b.store, s.last, 0, follow, &s));
    ck_assert_int_eq(s.last, 31);
    FAILS_WITH(&b.cx, XD_GONE, xd_log_each(&b.cx, b.store, 3, 0, stop_at_once, NULL));
    bench_end(&b);
}
END_TEST

#define WRITERS 3
#define HEADS 15
#define A_HEAD 4

static void write_much(bench *b)
{
    xd_ctx cx;
    xd_store *store = NULL;
    const xd_json *body = NULL;
    int64_t seq = 0, id = 0;
    xd_ctx_begin(&cx);
    bool ok = xd_store_open(&cx, b->place, XD_STORE_WRITE, &store) &&
              xd_json_read(&cx, XD_S(PLANT "}"), &body);
    for (int h = 0; ok && h < HEADS; h++) {
        xd_head *head = NULL;
        ok = xd_head_take(&cx, store, b->model, "writer", -1, NULL, NULL, &head);
        const xd_act act = {XD_REV_CREATE, 0, 0, 0, body, false};
        for (int i = 0; ok && i < A_HEAD; i++) {
            ok = xd_append(&cx, head, &act, &seq, &id);
        }
        ok = ok && xd_head_commit(&cx, head);
    }
    _exit(ok ? 0 : 1);
}

/* Whoever asks for seq > n never misses one, however many write. */
START_TEST(many_writers_one_follower)
{
    bench b;
    pid_t writers[WRITERS];
    bench_open(&b);
    xd_store_close(b.store);
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0) {
            write_much(&b);
        }
    }
    xd_store *reader = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    seen s = {.last = 0, .arena = b.cx.arena};
    while (s.last < 1 + WRITERS * HEADS * A_HEAD) {
        XD_OK_CALL(&b.cx, xd_log_each(&b.cx, reader, s.last, 0, follow, &s));
        const struct timespec pause = {0, 2 * 1000 * 1000};
        (void)nanosleep(&pause, NULL);
        ck_assert_int_eq((s.last - 1) % A_HEAD, 0); /* whole commits only */
    }
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;
        ck_assert_int_eq(waitpid(writers[i], &status, 0), writers[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(count_faults(&b, reader, true), 0);
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, reader, XD_S(""), &n));
    ck_assert_int_eq(n, WRITERS * HEADS * A_HEAD);
    bench_end(&b);
}
END_TEST

typedef struct other_thread {
    bench *b;
    atomic_int stop;
    int64_t rounds;
    bool ok;
} other_thread;

static void *read_on(void *user)
{
    other_thread *t = user;
    xd_ctx cx;
    xd_store *store = NULL;
    xd_ctx_begin(&cx);
    t->ok = xd_store_open(&cx, t->b->place, XD_STORE_READ, &store);
    do {
        int64_t n = 0, seq = 0;
        uint8_t head[32];
        const xd_record *record = NULL;
        t->ok = t->ok && xd_record_count(&cx, store, XD_S(""), &n) &&
                xd_log_head(&cx, store, &seq, head) &&
                xd_record_find(&cx, store, 1 + n / 2, &record);
        t->rounds++;
    } while (t->ok && atomic_load(&t->stop) == 0);
    xd_ctx_end(&cx);
    return NULL;
}

/* A handle a thread: readers beside a writer in one process. */
START_TEST(handles_in_threads)
{
    bench b;
    pthread_t threads[2];
    other_thread state[2];
    bench_open(&b);
    for (int i = 0; i < 2; i++) {
        state[i].b = &b;
        state[i].rounds = 0;
        atomic_init(&state[i].stop, 0);
        ck_assert_int_eq(pthread_create(&threads[i], NULL, read_on, &state[i]), 0);
    }
    for (int i = 0; i < 20; i++) {
        (void)create(&b, PLANT "}");
    }
    for (int i = 0; i < 2; i++) {
        atomic_store(&state[i].stop, 1);
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert(state[i].ok);
        ck_assert_int_gt(state[i].rounds, 0);
    }
    bench_end(&b);
}
END_TEST

/* ---- the walls ---- */

START_TEST(log_rows_stay)
{
    static const xd_sql refused[] = {
        XD_SQL("UPDATE revision SET actor = 1"),
        XD_SQL("DELETE FROM revision"),
        XD_SQL("UPDATE open_part SET body = '{}'"),
        XD_SQL("DELETE FROM open_part"),
        XD_SQL("DELETE FROM personal_part"),
        XD_SQL("DROP TRIGGER revision_stays"),
        XD_SQL("DROP TABLE record"),
        XD_SQL("ATTACH 'x' AS y"),
        XD_SQL("PRAGMA writable_schema = 1; "),
    };
    bench b;
    bench_open(&b);
    (void)create(&b, PLANT ",\"phone\":\"1\"}");
    for (size_t i = 0; !bench_pg && i + 1 < XD_LEN(refused); i++) {
        FAILS_WITH(&b.cx, XD_DENIED, xd_db_run(&b.cx, b.store->db, &refused[i], NULL));
    }
    /* With the authorizer out of the way, or the owner's privileges, the triggers stand. */
    xd_db_guard(b.store->db, XD_GUARD_SCHEMA);
    for (size_t i = 0; i < 5; i++) {
        const xd_sql sql = {refused[i].text, NULL, false};
        FAILS_WITH(&b.cx, XD_BROKEN, xd_db_run(&b.cx, b.store->db, &sql, NULL));
    }
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, makes_a_store);
    tcase_add_test(tests, appends_and_reads);
    tcase_add_test(tests, refuses_and_goes_on);
    tcase_add_test(tests, refuses_what_waited);
    tcase_add_test(tests, numbers);
    tcase_add_test(tests, ids_are_not_used_again);
    tcase_add_test(tests, second_waits_and_says_who);
    tcase_add_test(tests, stop_ends_waiting);
    tcase_add_test(tests, follows);
    tcase_add_test(tests, many_writers_one_follower);
    tcase_add_test(tests, handles_in_threads);
    tcase_add_test(tests, log_rows_stay);
    if (pg) {
        return; /* what follows looks into files */
    }
    tcase_add_test(tests, refuses_other_files);
    tcase_add_test(tests, refuses_a_newer_schema);
    tcase_add_test(tests, folders_that_may_not_be_written);
    tcase_add_test(tests, parses_numbers);
}

XD_STORE_TESTS("store/store", add)
