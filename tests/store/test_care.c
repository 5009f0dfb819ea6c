/* Erasing, backup, restore, copy, rebuild: and what must be nowhere afterwards. */
#include "store_test.h"

#include <fcntl.h>

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""
#define SECRET "0563-SECRET-9876"

static bool file_holds(bench *b, const char *path, const char *bytes)
{
    xd_str all;
    if (access(path, F_OK) != 0) {
        return false;
    }
    XD_OK_CALL(&b->cx, xd_file_read(&b->cx, path, 256 << 20, &all));
    return xd_str_find(all, xd_str_of(bytes), 0) != SIZE_MAX;
}

/* Every file in the bench's folder. */
static bool anywhere(bench *b, const char *bytes)
{
    xd_strs names = {0};
    bool holds = false;
    XD_OK_CALL(&b->cx, xd_dir_list(&b->cx, b->dir, &names));
    for (size_t i = 0; i < names.n; i++) {
        const char *path = path_in(b, xd_cstr(b->cx.arena, names.at[i]));
        if (file_holds(b, path, bytes)) {
            fprintf(stderr, "%s still holds it\n", path);
            holds = true;
        }
    }
    return holds;
}

/* Many values of growing and shrinking size, so that pages split and are rewritten. */
static int64_t fill(bench *b, int n, int64_t *last)
{
    char body[1200];
    int64_t first = 0;
    xd_head *head = take_head(b);
    for (int i = 0; i < n; i++) {
        int pad = i * 37 % 700 + 1;
        (void)snprintf(body, sizeof body,
                       PLANT ",\"name\":{\"zh\":\"厂%d\"},\"note\":{\"en\":\"%0*d\"},"
                             "\"phone\":\"" SECRET "-%d\",\"mail\":\"m%d@x\"}",
                       i, pad, i, i, i);
        *last = put(b, head, XD_REV_CREATE, 0, 0, 0, body);
        first = first == 0 ? *last : first;
    }
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
    return first;
}

START_TEST(erased_is_nowhere)
{
    bench b;
    int64_t last = 0, seq = 0;
    bench_open(&b);
    int64_t first = fill(&b, 60, &last);
    for (int64_t id = first; id <= last; id++) {
        xd_str text = body_text(&b, id);
        char *longer = xd_cstr(
            b.cx.arena,
            xd_str_printf(b.cx.arena, XD_FMT ",\"remark\":{\"en\":\"%0*d\"}}",
                          XD_ARG(xd_str_sub(text, 0, text.n - 1)), (int)(id % 90) * 5 + 1, 3));
        (void)edit(&b, id, longer);
    }
    ck_assert(anywhere(&b, SECRET));
    for (int64_t id = first; id <= last; id++) {
        XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    }
    ck_assert(!anywhere(&b, SECRET));
    XD_STR_IS(xd_json_get_str(record_of(&b, first)->body, XD_S("mail")), "m0@x");
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);

    const xd_revision *rev = NULL;
    XD_OK_CALL(&b.cx, xd_revision_find(&b.cx, b.store, 2, &rev));
    ck_assert(rev->personal_erased && !rev->open_erased && rev->personal.n == 0);
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_store_erase(&b.cx, b.store, b.model, first, XD_S("phone"), &seq));
    FAILS_WITH(&b.cx, XD_INVALID,
               xd_store_erase(&b.cx, b.store, b.model, first, XD_S("name"), &seq));
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_store_erase(&b.cx, b.store, b.model, last + 9, XD_S("phone"), &seq));

    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, b.store, path_in(&b, "backup.db")));
    XD_OK_CALL(&b.cx, xd_store_copy(&b.cx, b.store, path_in(&b, "copy.db")));
    XD_OK_CALL(&b.cx, xd_store_restore(&b.cx, path_in(&b, "backup.db"), path_in(&b, "r.db")));
    ck_assert(!anywhere(&b, SECRET));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(a_reader_makes_erasing_fail_aloud)
{
    bench b;
    int64_t last = 0, seq = 0;
    bench_open(&b);
    int64_t id = fill(&b, 1, &last);
    xd_store *reader = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    static const xd_sql begin = XD_SQL("BEGIN"), count = XD_SQL("SELECT count(*) FROM record");
    static const xd_sql rollback = XD_SQL("ROLLBACK");
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, reader->db, &begin, NULL));
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, reader->db, &count, NULL));
    static const xd_sql hasty = XD_SQL("PRAGMA busy_timeout = 50");
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, b.store->db, &hasty, NULL));
    ck_assert(!xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    ck_assert_int_eq(b.cx.err.code, XD_BUSY);
    ck_assert_uint_ne(xd_str_find(xd_err_take(&b.cx).en, XD_S("run this again"), 0), SIZE_MAX);
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, reader->db, &rollback, NULL));
    FAILS_WITH(&b.cx, XD_ABSENT,
               xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &seq));
    ck_assert(!anywhere(&b, SECRET));
    bench_end(&b);
}
END_TEST

START_TEST(restoring_erases_again)
{
    bench b;
    int64_t last = 0, seq = 0;
    const char *old, *other;
    bench_open(&b);
    int64_t id = fill(&b, 3, &last);
    old = path_in(&b, "old.db");
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, b.store, old));
    for (int64_t i = id; i <= last; i++) {
        XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, i, XD_S("phone"), &seq));
    }
    (void)create(&b, PLANT ",\"name\":{\"zh\":\"以后\"}}");
    FAILS_WITH(&b.cx, XD_BUSY, xd_store_restore(&b.cx, old, b.place));
    /* A newer program wrote here meanwhile: going back must not bring the value back. */
    static const xd_sql newer = XD_SQL("PRAGMA user_version = 99");
    XD_OK_CALL(&b.cx, xd_db_run(&b.cx, b.store->db, &newer, NULL));
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_store_restore(&b.cx, old, b.place));
    ck_assert(file_holds(&b, old, SECRET)); /* the backup itself is out of reach */
    ck_assert(!file_holds(&b, b.place, SECRET));
    ck_assert(access(path_in(&b, "s.db.before-restore"), F_OK) == 0);
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    ck_assert_ptr_null(xd_json_get(record_of(&b, id)->body, XD_S("phone")));
    XD_STR_IS(xd_json_get_str(record_of(&b, id)->body, XD_S("mail")), "m0@x");

    /* Another store's record with the same id is not the same record. */
    bench c;
    bench_open(&c);
    (void)fill(&c, 1, &last);
    other = path_in(&c, "other.db");
    XD_OK_CALL(&c.cx, xd_store_backup(&c.cx, c.store, other));
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_store_restore(&b.cx, other, b.place));
    ck_assert(file_holds(&b, b.place, SECRET));
    bench_end(&c);
    bench_end(&b);
}
END_TEST

START_TEST(backup_beside_writing)
{
    bench b;
    int64_t last = 0;
    struct stat st;
    const char *file;
    bench_open(&b);
    (void)fill(&b, 5, &last);
    file = path_in(&b, "b.db");
    xd_head *head = take_head(&b);
    (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT ",\"name\":{\"zh\":\"未提交\"}}");
    xd_store *reader = NULL, *back = NULL;
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, reader, file));
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    /* One file, readable where nothing may be written. */
    ck_assert_int_ne(access(path_in(&b, "b.db-wal"), F_OK), 0);
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, file, XD_STORE_READ, &back));
    int64_t n = 0;
    XD_OK_CALL(&b.cx, xd_record_count(&b.cx, back, XD_S(""), &n));
    ck_assert_int_eq(n, 5);
    ck_assert_uint_eq(count_faults(&b, back, true), 0);
    /* Over an older backup, but never over anything else. */
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, reader, file));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_backup(&b.cx, reader, b.place));
    const char *letter = path_in(&b, "letter.txt");
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, letter, XD_S("dear"), 0600));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_backup(&b.cx, reader, letter));
    FAILS_WITH(&b.cx, XD_ABSENT, xd_store_backup(&b.cx, reader, path_in(&b, "no/folder.db")));
    bench_end(&b);
}
END_TEST

START_TEST(copy_is_the_same_store)
{
    bench b;
    int64_t last = 0, a_seq = 0, b_seq = 0;
    uint8_t a_hash[32], b_hash[32];
    bench_begin(&b);
    const xd_store_make make = {.sm3 = true};
    XD_OK_CALL(&b.cx, xd_store_open_new(&b.cx, b.place, &make, &b.store));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
    (void)fill(&b, 20, &last);
    const char *to = path_in(&b, "copy.db");
    XD_OK_CALL(&b.cx, xd_store_copy(&b.cx, b.store, to));
    FAILS_WITH(&b.cx, XD_CONFLICT, xd_store_copy(&b.cx, b.store, to));
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &a_seq, a_hash));
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, to, XD_STORE_WRITE, &b.store));
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &b_seq, b_hash));
    ck_assert_int_eq(a_seq, b_seq);
    ck_assert_mem_eq(a_hash, b_hash, 32);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    ck_assert_int_gt(create(&b, PLANT ",\"name\":{\"zh\":\"新\"}}"), last);
    bench_end(&b);
}
END_TEST

/* A backup with one bit wrong is refused, and the store that is there stays as it was. */
START_TEST(damaged_backup_is_refused)
{
    bench b;
    int64_t last = 0;
    int64_t before = 0, after = 0;
    uint8_t head[32], head_after[32];
    xd_str good;
    bench_open(&b);
    (void)fill(&b, 8, &last);
    const char *file = path_in(&b, "b.db");
    XD_OK_CALL(&b.cx, xd_store_backup(&b.cx, b.store, file));
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &before, head));
    xd_store_close(b.store);
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, file, 64 << 20, &good));
    for (size_t at = xd_str_find(good, XD_S(SECRET), 0); at != SIZE_MAX;
         at = xd_str_find(good, XD_S(SECRET), at + 1)) {
        char *bad = xd_arena_take(b.cx.arena, good.n);
        memcpy(bad, good.p, good.n);
        bad[at] = (char)(bad[at] ^ 1);
        XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, file, (xd_str){bad, good.n}, 0600));
        FAILS_WITH(&b.cx, XD_BROKEN, xd_store_restore(&b.cx, file, b.place));
    }
    /* Cut off, emptied, replaced by something else. */
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, file, xd_str_sub(good, 0, good.n / 2), 0600));
    ck_assert(!xd_store_restore(&b.cx, file, b.place));
    xd_err_take(&b.cx);
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, file, XD_S(""), 0600));
    ck_assert(!xd_store_restore(&b.cx, file, b.place));
    xd_err_take(&b.cx);
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, file, XD_S("PK\3\4 not a store"), 0600));
    FAILS_WITH(&b.cx, XD_UNREADABLE, xd_store_restore(&b.cx, file, b.place));
    FAILS_WITH(&b.cx, XD_ABSENT, xd_store_restore(&b.cx, path_in(&b, "none.db"), b.place));
    FAILS_WITH(&b.cx, XD_INVALID, xd_store_restore(&b.cx, b.place, b.place));
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &after, head_after));
    ck_assert_int_eq(before, after);
    ck_assert_mem_eq(head, head_after, 32);
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    bench_end(&b);
}
END_TEST

static bool note_exposed(xd_ctx *cx, void *user, int64_t seq, int64_t record, xd_str field)
{
    int64_t *n = user;
    (void)cx;
    (void)record;
    ck_assert_int_gt(seq, 1);
    XD_STR_IS(field, "phone");
    (*n)++;
    return true;
}

START_TEST(nothing_stands_exposed)
{
    bench b;
    int64_t last = 0, n = 0;
    bench_open(&b);
    (void)fill(&b, 3, &last);
    XD_OK_CALL(&b.cx, xd_store_exposed(&b.cx, b.store, b.model, note_exposed, &n));
    ck_assert_int_eq(n, 0);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, copy_is_the_same_store);
    tcase_add_test(tests, nothing_stands_exposed);
    if (pg) {
        return; /* what follows looks into files */
    }
    tcase_add_test(tests, a_reader_makes_erasing_fail_aloud);
    tcase_add_test(tests, restoring_erases_again);
    tcase_add_test(tests, backup_beside_writing);
    tcase_add_test(tests, damaged_backup_is_refused);
    tcase_add_test(tests, erased_is_nowhere);
}

XD_STORE_TESTS("store/care", add)
