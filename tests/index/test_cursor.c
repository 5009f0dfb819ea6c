/* Page marks: of this store alone, over restarts, merges and writes; of one epoch. */
#include "bench.h"
#include "index/position.h"

#define RECORDS 23
#define PAGE 4

static xd_index *open_index(bench *b)
{
    xd_index *index;
    int64_t applied;
    char folder[96];
    (void)snprintf(folder, sizeof folder, "%s/index", b->dir); /* fits */
    XD_OK_CALL(&b->cx, xd_index_open(&b->cx, b->model, b->store, folder, &index));
    XD_OK_CALL(&b->cx, xd_index_follow(&b->cx, index, b->store, &applied));
    return index;
}

static void shut(bench *b, xd_index *index)
{
    XD_OK_CALL(&b->cx, xd_index_flush(&b->cx, index, b->store));
    xd_index_free(index);
}

typedef struct walked {
    int times[RECORDS * 4];
    size_t pages;
    char cursor[4096];
} walked;

/* A page; false at the end. */
static bool page(xd_index *index, xd_ask ask, walked *w)
{
    const xd_answer *answer;
    xd_ctx cx; /* snapshots go before their index */
    xd_ctx_begin(&cx);
    ask.cursor = xd_str_of(w->cursor);
    XD_OK_CALL(&cx, xd_ask_run(&cx, xd_snap_open(&cx, index), &ask, &answer));
    for (size_t i = 0; i < answer->n; i++) {
        int64_t at = answer->hits[i].id & 0xffff;
        ck_assert_int_lt(at, (int)XD_LEN(w->times));
        w->times[at]++;
    }
    w->pages++;
    ck_assert_uint_lt(answer->next.n, sizeof w->cursor);
    (void)snprintf(w->cursor, sizeof w->cursor, XD_FMT, XD_ARG(answer->next));
    bool more = answer->next.n > 0;
    xd_ctx_end(&cx);
    return more;
}

static void fill(bench *b)
{
    static const char *const grades[] = {"top", "mid", "low"};
    for (int i = 0; i < RECORDS; i++) {
        char json[256];
        (void)snprintf(json, sizeof json,
                       "{\"type\":\"works\",\"state\":\"shown\",\"name\":{\"zh\":\"宣纸厂%d\"},"
                       "\"grade\":\"%s\"}",
                       i * 7 % 5, grades[i % 3]); /* fits */
        (void)create(b, json);
    }
}

/* Between the pages the server is begun again, the files are merged, others write. */
static void walk(bool ranked)
{
    static bench b;
    walked w = {0};
    bench_begin(&b);
    fill(&b);
    xd_ask ask = {.type = xd_type_find(b.model, XD_S("works")), .limit = PAGE};
    ask.q = ranked ? XD_S("宣纸") : (xd_str){0};
    bool more = true;
    for (int round = 0; more; round++) {
        xd_index *index = open_index(&b);
        more = page(index, ask, &w);
        (void)create(&b, WORKS("shown", "新厂", ""));
        (void)create(&b, FIRM("shown", "宣纸公司", ""));
        int64_t applied;
        XD_OK_CALL(&b.cx, xd_index_follow(&b.cx, index, b.store, &applied));
        if (round % 2 == 0)
            XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, index, b.store));
        if (round % 3 == 0)
            XD_OK_CALL(&b.cx, xd_index_merge(&b.cx, index));
        shut(&b, index);
        ck_assert_int_lt(round, RECORDS);
    }
    for (int i = 1; i <= RECORDS; i++)
        ck_assert_msg(w.times[i] == 1, "record %d came %d times", i, w.times[i]);
    ck_assert_uint_ge(w.pages, (RECORDS + PAGE - 1) / PAGE);
    bench_end(&b);
}

START_TEST(every_record_once)
{
    walk(_i == 1);
}
END_TEST

static void is_refused(xd_index *index, xd_ask ask, const char *cursor, xd_code code)
{
    const xd_answer *answer;
    xd_ctx cx;
    xd_ctx_begin(&cx);
    ask.cursor = xd_str_of(cursor);
    ck_assert(!xd_ask_run(&cx, xd_snap_open(&cx, index), &ask, &answer));
    ck_assert_int_eq(cx.err.code, code);
    ck_assert(cx.err.zh.n > 0 && cx.err.en.n > 0);
    xd_ctx_end(&cx);
}

START_TEST(of_one_store_and_question)
{
    static bench a, b;
    walked w = {0}, ranked = {0};
    bench_begin(&a);
    bench_begin(&b);
    fill(&a);
    fill(&b);
    xd_index *of_a = open_index(&a), *of_b = open_index(&b);
    xd_ask ask = {.type = xd_type_find(a.model, XD_S("works")), .limit = PAGE}, words = ask;
    words.q = XD_S("宣纸");
    ck_assert(page(of_a, ask, &w));
    ck_assert(page(of_a, words, &ranked));
    is_refused(of_a, words, w.cursor, XD_INVALID);
    is_refused(of_a, ask, ranked.cursor, XD_INVALID);
    xd_ask there = ask;
    there.type = xd_type_find(b.model, XD_S("works"));
    is_refused(of_b, there, w.cursor, XD_INVALID);
    for (size_t i = 0; w.cursor[i] != '\0'; i++) { /* no letter of it may be another */
        char was = w.cursor[i];
        w.cursor[i] = was == 'A' ? 'B' : 'A';
        is_refused(of_a, ask, w.cursor, XD_INVALID);
        w.cursor[i] = was;
    }
    /* Where ranks have become others, a ranked walk is to begin again; others go on. */
    of_a->edition->scores++;
    is_refused(of_a, words, ranked.cursor, XD_GONE);
    ck_assert(page(of_a, ask, &w));
    shut(&a, of_a);
    shut(&b, of_b);
    bench_end(&a);
    bench_end(&b);
}
END_TEST

/* Marks of a place in the log: every server of the store reads them, another store's does not, and
 * none is like another. */
START_TEST(positions)
{
    static bench a, b;
    static const int64_t seqs[] = {0, 1, 77, (int64_t)1 << 40, INT64_MAX};
    xd_position_key of_a, again, of_b;
    bench_begin(&a);
    bench_begin(&b);
    fill(&a);
    fill(&b);
    XD_OK_CALL(&a.cx, xd_position_key_of(&a.cx, a.store, &of_a));
    XD_OK_CALL(&a.cx, xd_position_key_of(&a.cx, a.store, &again));
    XD_OK_CALL(&b.cx, xd_position_key_of(&b.cx, b.store, &of_b));
    for (size_t k = 0; k < XD_LEN(seqs); k++) {
        int64_t seq = -1;
        xd_str mark = xd_position_write(a.cx.arena, &of_a, seqs[k]);
        ck_assert(!xd_str_eq(mark, xd_position_write(a.cx.arena, &of_a, seqs[k])));
        ck_assert(xd_position_read(a.cx.arena, &again, mark, &seq) && seq == seqs[k]);
        ck_assert(!xd_position_read(a.cx.arena, &of_b, mark, &seq));
        ck_assert(!xd_position_read(a.cx.arena, &of_a, xd_str_sub(mark, 1, mark.n), &seq));
        for (size_t i = 0; i < mark.n; i++) {
            xd_str bad = xd_str_copy(a.cx.arena, mark);
            ((char *)(uintptr_t)bad.p)[i] = mark.p[i] == 'A' ? 'B' : 'A';
            ck_assert(!xd_position_read(a.cx.arena, &of_a, bad, &seq));
        }
    }
    bench_end(&a);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_loop_test(tests, every_record_once, 0, 2);
    tcase_add_test(tests, of_one_store_and_question);
    tcase_add_test(tests, positions);
}

XD_TESTS("index/cursor", add)
