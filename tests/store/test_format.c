/* Log format 1: the worked examples, and a store read by tools/verify-log, which shares no code
 * with the program. */
#include "store_test.h"

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""

enum {
    ALGORITHM,
    SEQ,
    TIME,
    ACTOR,
    KIND,
    RECORD,
    BASE,
    SET,
    MODEL,
    OPEN_SALT,
    OPEN,
    PERSONAL_SALT,
    PERSONAL,
    PREV,
    OPEN_HASH,
    PERSONAL_HASH,
    LEAF,
    COLUMNS
};

static xd_str from_hex(xd_arena *arena, xd_str hex)
{
    char *bytes = xd_arena_take(arena, hex.n / 2 + 1);
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        char pair[3] = {hex.p[i], hex.p[i + 1], '\0'};
        bytes[i / 2] = (char)strtoul(pair, NULL, 16);
    }
    return (xd_str){bytes, hex.n / 2};
}

static int64_t number(xd_str s)
{
    int64_t value = 0;
    ck_assert(xd_str_int(s, &value));
    return value;
}

static void check_example(xd_ctx *cx, const xd_str *column)
{
    xd_arena *a = cx->arena;
    uint8_t open[32], personal[32], leaf[32];
    xd_store store = {.algorithm = number(column[ALGORITHM])};
    XD_OK_CALL(cx, xd_hash_open(cx, store.algorithm, &store.hash));
    xd_str prev = from_hex(a, column[PREV]);
    xd_log_row row = {
        .seq = number(column[SEQ]),
        .time = number(column[TIME]),
        .actor = number(column[ACTOR]),
        .kind = column[KIND],
        .record = number(column[RECORD]),
        .base = number(column[BASE]),
        .set = number(column[SET]),
        .model = from_hex(a, column[MODEL]),
    };
    XD_OK_CALL(
        cx, xd_log_part_hash(cx, &store, from_hex(a, column[OPEN_SALT]), column[OPEN], open));
    ck_assert_mem_eq(open, from_hex(a, column[OPEN_HASH]).p, 32);
    row.open_hash = (xd_str){(char *)open, 32};
    if (column[PERSONAL].n > 0) {
        XD_OK_CALL(cx, xd_log_part_hash(cx, &store, from_hex(a, column[PERSONAL_SALT]),
                                        column[PERSONAL], personal));
        ck_assert_mem_eq(personal, from_hex(a, column[PERSONAL_HASH]).p, 32);
        row.personal_hash = (xd_str){(char *)personal, 32};
    }
    XD_OK_CALL(cx, xd_log_leaf(cx, &store, &row, (const uint8_t *)prev.p, leaf));
    ck_assert_mem_eq(leaf, from_hex(a, column[LEAF]).p, 32);
    xd_hash_close(store.hash);
}

START_TEST(worked_examples)
{
    xd_ctx cx;
    xd_str rest, line;
    size_t n = 0;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_file_read(&cx, XD_SOURCE "/tests/cases/store/leaf.tsv", 1 << 20, &rest));
    ck_assert(xd_str_cut(&rest, '\n', &line)); /* the header */
    while (xd_str_cut(&rest, '\n', &line) && line.n > 0) {
        xd_str column[COLUMNS] = {{0}};
        for (size_t i = 0; i < COLUMNS; i++) {
            ck_assert(xd_str_cut(&line, '\t', &column[i]));
        }
        check_example(&cx, column);
        n++;
    }
    ck_assert_uint_eq(n, 12);
    xd_ctx_end(&cx);
}
END_TEST

static int run_reader(const char *place)
{
    char command[300];
    (void)snprintf(command, sizeof command,
                   "python3 " XD_SOURCE "/tools/verify-log %s > %s.out 2>/dev/null", place,
                   place);
    return system(command);
}

static void read_by_the_page(bool sm3)
{
    bench b;
    int64_t seq = 0, erased = 0;
    uint8_t head[32];
    char hex[65];
    xd_str said;
    const xd_store_make make = {.sm3 = sm3};
    bench_begin(&b);
    XD_OK_CALL(&b.cx, xd_store_open_new(&b.cx, b.place, &make, &b.store));
    XD_OK_CALL(&b.cx, xd_store_settle_model(&b.cx, b.store, b.model));
    int64_t id = create(&b, PLANT ",\"name\":{\"zh\":\"泾县宣纸厂\"},\"phone\":\"1\"}");
    (void)edit(&b, id,
               PLANT ",\"name\":{\"zh\":\"厂\"},\"phone\":\"2\",\"mail\":\"m\","
                     "\"number\":\"000000-P-0001\"}");
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("phone"), &erased));
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &seq, head));
    xd_store_close(b.store);
    for (size_t i = 0; i < 32; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", head[i]);
    }
    ck_assert_int_eq(run_reader(b.place), 0);
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, path_in(&b, "s.db.out"), 4096, &said));
    ck_assert_msg(xd_str_find(said, xd_str_of(hex), 0) != SIZE_MAX, XD_FMT " is not %s",
                  XD_ARG(said), hex);

    /* It can also say no. */
    xd_str bytes;
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, b.place, 64 << 20, &bytes));
    size_t at = xd_str_find(bytes, XD_S("泾县宣纸厂"), 0);
    ck_assert_uint_ne(at, SIZE_MAX);
    char *altered = xd_arena_take(b.cx.arena, bytes.n);
    memcpy(altered, bytes.p, bytes.n);
    altered[at + 5] = (char)(altered[at + 5] ^ 1);
    XD_OK_CALL(&b.cx, xd_file_replace(&b.cx, b.place, (xd_str){altered, bytes.n}, 0600));
    ck_assert_int_ne(run_reader(b.place), 0);
    bench_end(&b);
}

START_TEST(read_by_the_page_sha256)
{
    read_by_the_page(false);
}
END_TEST

START_TEST(read_by_the_page_sm3)
{
    read_by_the_page(true);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, worked_examples);
    tcase_add_test(tests, read_by_the_page_sha256);
    tcase_add_test(tests, read_by_the_page_sm3);
}

XD_TESTS("store/format", add)
