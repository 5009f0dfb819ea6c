/* Months of the log: revisions written under a clock of the test's own. */
#include "web/tally.h"

#include <unistd.h>

#include "xd_test.h"

typedef struct bench {
    xd_ctx cx;
    const xd_model *model;
    const xd_type *type;
    xd_store *store;
    char dir[64];
    int64_t now, seq;
} bench;

static int64_t clock_of(void *user)
{
    return *(int64_t *)user;
}

static void at(bench *b, int year, int month, int day)
{
    b->now = (int64_t)xd_day_of(year, month, day) * INT64_C(86400000000);
}

static void begin(bench *b)
{
    xd_faults faults = {0};
    *b = (bench){0};
    xd_ctx_begin(&b->cx);
    b->cx.now = clock_of;
    b->cx.clock = &b->now;
    at(b, 2025, 3, 10);
    XD_OK_CALL(&b->cx, xd_model_load(&b->cx, XD_SOURCE "/tests/cases/model/computed", &faults,
                                     &b->model));
    b->type = xd_type_find(b->model, XD_S("paper"));
    (void)snprintf(b->dir, sizeof b->dir, "/tmp/xd_tally_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(b->dir));
    const char *place = xd_cstr(b->cx.arena, xd_str_printf(b->cx.arena, "%s/s.db", b->dir));
    XD_OK_CALL(&b->cx, xd_store_open(&b->cx, place, XD_STORE_CREATE, &b->store));
    XD_OK_CALL(&b->cx, xd_store_settle_model(&b->cx, b->store, b->model));
}

static void end(bench *b)
{
    char command[100];
    xd_ctx_end(&b->cx);
    (void)snprintf(command, sizeof command, "rm -r %s", b->dir);
    ck_assert_int_eq(system(command), 0);
}

/* pages < 0: without. record 0: a new one. */
static int64_t write_paper(bench *b, int64_t record, const char *state, int pages)
{
    xd_head *head;
    xd_buf text = {0};
    const xd_json *body;
    const xd_record *old = NULL;
    xd_buf_printf(&text, "{");
    if (pages >= 0) {
        xd_buf_printf(&text, "\"pages\":{\"n\":\"%d\"},", pages);
    }
    xd_buf_printf(&text, "\"state\":\"%s\",\"type\":\"paper\"}", state);
    XD_OK_CALL(&b->cx, xd_json_read(&b->cx, xd_buf_copy(&text, b->cx.arena), &body));
    xd_buf_free(&text);
    if (record != 0) {
        XD_OK_CALL(&b->cx, xd_record_find(&b->cx, b->store, record, &old));
    }
    XD_OK_CALL(&b->cx, xd_head_take(&b->cx, b->store, b->model, "test", -1, NULL, NULL, &head));
    xd_act act = {.kind = record == 0                               ? XD_REV_CREATE
                          : xd_str_eq(old->state, xd_str_of(state)) ? XD_REV_EDIT
                                                                    : XD_REV_MOVE,
                  .record = record,
                  .base = old == NULL ? 0 : old->rev,
                  .body = body};
    XD_OK_CALL(&b->cx, xd_append(&b->cx, head, &act, &b->seq, &record));
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
    return record;
}

static const xd_cql *filter_of(bench *b, const char *text)
{
    const xd_cql *read, *bound;
    XD_OK_CALL(&b->cx, xd_cql_read_text(&b->cx, xd_str_of(text), &read));
    XD_OK_CALL(&b->cx, xd_cql_check(&b->cx, b->model, b->type, false, read, &bound));
    return bound;
}

static void is(bench *b, xd_tallies *tallies, const char *filter, const char *wanted)
{
    xd_tally_answer answer = {0};
    xd_buf got = {0};
    for (int i = 0; i < 100 && !answer.whole; i++) {
        XD_OK_CALL(&b->cx,
                   xd_tally(&b->cx, tallies, b->store, b->model, b->type,
                            filter == NULL ? NULL : filter_of(b, filter),
                            xd_str_of(filter == NULL ? "all" : filter), 1000000, &answer));
    }
    ck_assert(answer.whole);
    xd_buf_printf(&got, "%d-%02d:", (int)(answer.first / 12), (int)(answer.first % 12) + 1);
    for (size_t i = 0; i < answer.n; i++) {
        xd_buf_printf(&got, " %d", (int)answer.months[i]);
    }
    XD_STR_IS(xd_buf_str(&got), wanted);
    xd_buf_free(&got);
}

START_TEST(months)
{
    bench b;
    begin(&b);
    xd_tallies *tallies = xd_tallies_make();
    int64_t one = write_paper(&b, 0, "open", 5);
    int64_t two = write_paper(&b, 0, "open", 50);
    (void)write_paper(&b, 0, "made_up", 70); /* a sample: never counted */
    is(&b, tallies, NULL, "2025-03: 2");
    is(&b, tallies, "pages >= 10", "2025-03: 1");
    at(&b, 2025, 5, 2);
    (void)write_paper(&b, one, "open", 20); /* now it holds */
    at(&b, 2025, 6, 30);
    (void)write_paper(&b, two, "shut", 50);             /* no longer public */
    is(&b, tallies, "pages >= 10", "2025-03: 1 1 2 1"); /* went on from where it stopped */
    is(&b, tallies, NULL, "2025-03: 2 2 2 1");
    at(&b, 2025, 8, 1);
    (void)write_paper(&b, one, "open", -1); /* unknown is not true */
    for (int i = 0; i < 600; i++) {         /* enough to grow */
        (void)write_paper(&b, 0, "open", i % 2 == 0 ? 11 : 9);
    }
    is(&b, tallies, "pages >= 10", "2025-03: 1 1 2 1 1 300");
    xd_tallies_free(tallies);
    tallies = xd_tallies_make(); /* from the beginning the same comes out */
    is(&b, tallies, "pages >= 10", "2025-03: 1 1 2 1 1 300");
    is(&b, tallies, NULL, "2025-03: 2 2 2 1 1 601");
    xd_tallies_free(tallies);
    end(&b);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, months);
}
XD_TESTS("web/tally", add)
