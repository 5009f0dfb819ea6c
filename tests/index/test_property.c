/* Random records × random questions: the index and the plain scan of naive.h must agree.
 *
 * Records are made, changed, hidden, shown and taken away in stretches; after each stretch a
 * round of questions is asked: of segments in memory, and of the same in files, flushed, being
 * merged, merged, and opened again. A seed that fails is printed; XD_SEED is the first of those run. */
#include <unistd.h>

#include "index/keep.h"
#include "property_checks.h"
#include "random_questions.h"

#define STRETCHES 6
#define QUESTIONS 16

/* Files ---------------------------------------------------------------------------------- */

static void open_folder(game *g)
{
    xd_folder *folder;
    XD_OK_CALL(&g->w.cx, xd_folder_open(&g->w.cx, g->w.index->arena, g->folder, &folder));
    xd_keep_open(g->w.index, folder);
    g->w.index->schema->threes_from = 20; /* as if the segments were large */
    g->w.index->schema->common_least = 5;
    g->w.index->schema->read_most = 2;
    g->w.index->schema->cells_from = 10;
    g->w.index->schema->best_most = 8;
}

/* As another process would: what the manifest says, and nothing else. */
static void open_again(game *g)
{
    bool there = false;
    xd_manifest manifest;
    xd_ctx_reset(&g->w.cx); /* snapshots go before their index */
    xd_index_free(g->w.index);
    XD_OK_CALL(&g->w.cx, xd_index_make(&g->w.cx, g->w.model, XD_SEE_PUBLIC, &g->w.index));
    open_folder(g);
    XD_OK_CALL(&g->w.cx,
               xd_folder_read(&g->w.cx, g->w.index->keeping->folder, &there, &manifest));
    ck_assert(there);
    XD_OK_CALL(&g->w.cx, xd_keep_take(&g->w.cx, g->w.index, &manifest));
}

static void move_files(game *g)
{
    static const uint8_t leaf[XD_LEAF_BYTES] = {0};
    uint32_t how = rnd(g, 5);
    xd_ctx *cx = &g->w.cx;
    if (how == 0) /* what is new stays in memory, beside the files */
        return;
    (void)pthread_mutex_lock(&g->w.index->writing);
    XD_OK_CALL(cx, xd_keep_flush_at(cx, g->w.index, leaf));
    if (how >= 3) /* 3: questions come while it is merged */
        XD_OK_CALL(cx, xd_keep_merge(cx, g->w.index, how == 3));
    (void)pthread_mutex_unlock(&g->w.index->writing);
    if (how == 2 || how == 4)
        open_again(g);
}

static void stretch(game *g, size_t changes)
{
    xd_draft drafts[RECORDS];
    int64_t gone[RECORDS];
    size_t n = 0, n_gone = 0;
    for (size_t i = 0; i < changes; i++)
        change(g, drafts, &n, gone, &n_gone);
    XD_OK_CALL(&g->w.cx,
               xd_edition_apply(&g->w.cx, g->w.index, drafts, n, gone, n_gone, ++g->w.seq));
    if (chance(g, 50))
        XD_OK_CALL(&g->w.cx, xd_edition_tidy(&g->w.cx, g->w.index, SIZE_MAX));
    if (g->folder[0] != '\0')
        move_files(g);
}

/* Games ---------------------------------------------------------------------------------- */

static void question(game *g)
{
    xd_ask ask;
    xd_strs words = {0};
    random_ask(g, &ask, &words);
    const xd_field *facets[3];
    xd_sort sort = {0};
    if (ask.type != NULL) {
        for (size_t i = 0; i < ask.type->n_fields && ask.n_facets < 3; i++) {
            if (ask.type->fields[i].facet != XD_FACET_NONE && chance(g, 40))
                facets[ask.n_facets++] = &ask.type->fields[i];
        }
        ask.facets = facets;
        if (chance(g, 40)) {
            do
                sort.field = &ask.type->fields[rnd(g, (uint32_t)ask.type->n_fields)];
            while (sort.field->hidden || sort.field->kind == XD_KIND_GROUP ||
                   sort.field->kind == XD_KIND_PLACE || sort.field->kind == XD_KIND_LINK ||
                   sort.field->kind == XD_KIND_IDENTIFIER ||
                   sort.field->kind == XD_KIND_MARKDOWN);
            sort.descending = chance(g, 50);
            ask.sorts = &sort;
            ask.n_sorts = 1;
        }
    }
    const xd_answer *answer;
    XD_OK_CALL(&g->w.cx,
               xd_ask_run(&g->w.cx, xd_snap_open(&g->w.cx, g->w.index), &ask, &answer));
    check_matches(g, &ask, &words, answer);
    for (size_t f = 0; f < answer->n_facets; f++)
        check_facet(g, &ask, &words, &answer->facets[f]);
    check_order(g, &ask, answer);
    check_pages(g, &ask, answer);
    check_tile(g, &ask, &words);
    check_counted(g);
    check_squares(g, &ask, answer);
    check_steps(g, &ask, answer);
    xd_arena_reset(g->n.arena);
    xd_ctx_reset(&g->w.cx);
}

static int64_t fixed_clock(void *clock)
{
    (void)clock;
    return INT64_C(1795000000) * 1000000; /* 2026 */
}

static void remove_folder(game *g)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf '%s'", g->folder); /* fits */
    if (g->folder[0] != '\0')
        ck_assert_int_eq(system(command), 0);
}

static void play(uint64_t seed, bool files)
{
    static game g;
    memset(&g, 0, sizeof g);
    g.state = g.seed = seed;
    world_begin(&g.w, XD_SEE_PUBLIC);
    g.w.index->schema->cells_from = 10;
    if (files) {
        (void)snprintf(g.folder, sizeof g.folder, "%s/xd_property_XXXXXX",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"); /* fits */
        ck_assert_ptr_nonnull(mkdtemp(g.folder));
        open_folder(&g);
    }
    g.w.forgiven = "term.former";
    g.w.cx.now = fixed_clock;
    xd_ctx_begin(&g.keep);
    xd_ctx scan;
    xd_ctx_begin(&scan);
    g.n = (naive){scan.arena, &scan, g.w.model, g.records, RECORDS};
    for (size_t i = 0; i < RECORDS; i++)
        g.records[i].id = (int64_t)i + 1;
    for (int s = 0; s < STRETCHES; s++) {
        stretch(&g, s == 0 ? RECORDS : 1 + rnd(&g, 40));
        xd_ctx_reset(&g.w.cx);
        g.w.cx.now = fixed_clock;
        for (int q = 0; q < QUESTIONS; q++)
            question(&g);
    }
    xd_ctx_end(&scan);
    xd_ctx_end(&g.keep);
    world_end(&g.w);
    remove_folder(&g);
}

START_TEST(random_questions)
{
    const char *given = getenv("XD_SEED");
    int64_t first = 1;
    if (given != NULL)
        ck_assert(xd_str_int(xd_str_of(given), &first));
    play((uint64_t)(first + _i), false);
}
END_TEST

START_TEST(random_questions_of_files)
{
    const char *given = getenv("XD_SEED");
    int64_t first = 1;
    if (given != NULL)
        ck_assert(xd_str_int(xd_str_of(given), &first));
    play((uint64_t)(first + _i), true);
}
END_TEST

static void add(TCase *tests)
{
    /* A game is some hundred questions. */
    bool soak = getenv("XIUDAI_SOAK") != NULL;
    tcase_add_loop_test(tests, random_questions, 0, soak ? 20 : 3);
    tcase_add_loop_test(tests, random_questions_of_files, 0, soak ? 110 : 4);
}

XD_TESTS("index/property", add)
