/* The files of an index: started from again, damaged, killed at, erased from. Whatever happened to
 * them, the answers are those of an index made in memory from the whole log. */
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "bench.h"

#include "base/file.h"
#include "index/folder.h"
#include "index/image.h"
#include "index/keep.h"

#define RECORDS 24

static const char *index_dir(const bench *b)
{
    static char dir[128];
    (void)snprintf(dir, sizeof dir, "%s/files", b->dir);
    return dir;
}

static void make_records(bench *b, int n)
{
    for (int i = 0; i < n; i++) {
        char json[512];
        (void)snprintf(json, sizeof json,
                       WORKS("shown", "第%d宣纸厂",
                             ",\"formerly\":[{\"zh\":\"旧作坊%d\"}],"
                             "\"site\":[{\"geometry\":{\"type\":\"Point\","
                             "\"coordinates\":[%d,%d]},\"precision\":"
                             "\"exact\"}],\"grade\":\"low\""),
                       i, i, 1184000000 + i * 7000, 306000000 + i * 3000);
        (void)create(b, json); /* found by questions */
    }
}

static xd_index *open_files(bench *b)
{
    xd_index *index;
    XD_OK_CALL(&b->cx, xd_index_open(&b->cx, b->model, b->store, index_dir(b), &index));
    index->schema->threes_from = 8; /* every section there is, as if the segments were large */
    index->schema->common_least = 3;
    index->schema->read_most = 2;
    index->schema->cells_from = 4;
    index->schema->best_most = 16;
    return index;
}

static void catch_up(bench *b, xd_index *index)
{
    int64_t applied;
    XD_OK_CALL(&b->cx, xd_index_follow(&b->cx, index, b->store, &applied));
}

/* What many questions are answered with, and every body. False: some answer was refused. */
static bool tell(xd_ctx *cx, xd_index *index, const xd_model *model, xd_buf *out)
{
    static const char *const questions[] = {"",      "",    "宣纸", "",
                                            "作坊3", "第1", "abc",  "xuanzhi"};
    const xd_type *type = xd_type_find(model, XD_S("works"));
    const xd_field *grade[] = {xd_field_find(type, XD_S("grade"))};
    const xd_snap *snap = xd_snap_open(cx, index);
    for (size_t q = 0; q < XD_LEN(questions); q++) {
        const xd_answer *a;
        xd_ask ask = {.type = type,
                      .q = xd_str_of(questions[q]),
                      .limit = q % 2 == 0 ? 1000 : 3,
                      .lang = q < 2 ? XD_EN : XD_ZH,
                      .facets = grade,
                      .n_facets = 1};
        if (!xd_ask_run(cx, snap, &ask, &a))
            return false;
        xd_buf_printf(out, "%s: %d", questions[q], (int)a->matched);
        for (size_t i = 0; i < a->n; i++) {
            const xd_json *body;
            int64_t rev;
            if (!xd_snap_body(cx, snap, a->hits[i].id, &body, &rev))
                return false;
            ck_assert_ptr_nonnull(body);
            ck_assert_int_eq(rev, a->hits[i].rev);
            xd_buf_printf(out, " %" PRId64 "@%" PRId64, a->hits[i].id, rev);
            xd_json_canonical(out, body);
        }
        for (size_t i = 0; i < a->facets[0].n; i++)
            xd_buf_printf(out, " " XD_FMT "=%d", XD_ARG(a->facets[0].counts[i].code),
                          (int)a->facets[0].counts[i].n);
    }
    xd_buf drawn = {0};
    xd_ask all = {.type = type};
    bool ok = xd_ask_tile(cx, snap, &all, (xd_tile){0, 0, 0}, grade[0], &drawn);
    xd_buf_add(out, xd_buf_str(&drawn));
    xd_buf_free(&drawn);
    return ok;
}

/* The index says what one made from the log in memory says. */
static void check_same(bench *b, xd_index *index, const char *after)
{
    xd_index *plain;
    xd_buf is = {0}, should = {0};
    xd_ctx cx;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_index_make(&cx, b->model, XD_SEE_PUBLIC, &plain));
    int64_t applied;
    XD_OK_CALL(&cx, xd_index_follow(&cx, plain, b->store, &applied));
    XD_OK_CALL(&cx, tell(&cx, plain, b->model, &should));
    if (!tell(&cx, index, b->model, &is))
        ck_abort_msg("%s: refused: " XD_FMT, after, XD_ARG(cx.err.message));
    ck_assert_msg(xd_str_eq(xd_buf_str(&is), xd_buf_str(&should)), "%s: other answers", after);
    xd_ctx_end(&cx);
    xd_index_free(plain);
    xd_buf_free(&is);
    xd_buf_free(&should);
}

/* A store whose index is in some files, among them replaced and deleted records. */
static void begin(bench *b)
{
    bench_begin(b);
    xd_index *index = open_files(b);
    for (int i = 0; i < 3; i++) {
        make_records(b, RECORDS >> i);
        edit(b, 1 + i, WORKS("shown", "改名厂", ""));
        catch_up(b, index);
        XD_OK_CALL(&b->cx, xd_index_flush(&b->cx, index, b->store));
    }
    xd_index_free(index);
}

START_TEST(started_again)
{
    bench b;
    begin(&b);
    int64_t seq, applied;
    uint8_t hash[32];
    XD_OK_CALL(&b.cx, xd_log_head(&b.cx, b.store, &seq, hash));
    xd_index *index = open_files(&b);
    ck_assert_int_eq(xd_index_seq(index), seq); /* nothing to be read in the log */
    check_same(&b, index, "started again");
    edit(&b, 5, WORKS("gone", "没了", ""));
    XD_OK_CALL(&b.cx, xd_index_follow(&b.cx, index, b.store, &applied));
    ck_assert_int_eq(applied, 1);
    check_same(&b, index, "one more");
    xd_index_free(index);
    index = open_files(&b); /* what was not flushed is read in the log again */
    ck_assert_int_eq(xd_index_seq(index), seq);
    catch_up(&b, index);
    check_same(&b, index, "not flushed");
    XD_OK_CALL(&b.cx, xd_index_merge(&b.cx, index));
    check_same(&b, index, "merged");
    XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, index, b.store));
    xd_index_free(index);
    index = open_files(&b);
    ck_assert_int_eq(xd_index_seq(index), seq + 1);
    check_same(&b, index, "merged, flushed and started again");
    xd_str note;
    ck_assert(!xd_index_note(&b.cx, index, &note));
    xd_index_free(index);
    bench_end(&b);
}
END_TEST

/* Damage --------------------------------------------------------------------------------- */

static void damage(bench *b, const char *command)
{
    char line[512];
    (void)snprintf(line, sizeof line, "cd '%s' && %s", index_dir(b), command);
    run(line);
}

/* Opening has seen that something is wrong; what it then says is right. */
static void check_mistrusted(bench *b, const char *what)
{
    xd_str note;
    xd_index *index = open_files(b);
    ck_assert_msg(xd_index_note(&b->cx, index, &note), "%s was not noticed", what);
    ck_assert_int_eq(xd_index_seq(index), 0);
    catch_up(b, index);
    check_same(b, index, what);
    XD_OK_CALL(&b->cx, xd_index_flush(&b->cx, index, b->store));
    xd_index_free(index);
    index = open_files(b);
    ck_assert(!xd_index_note(&b->cx, index, &note));
    check_same(b, index, what);
    xd_index_free(index);
}

START_TEST(files_that_are_not_trusted)
{
    static const struct {
        const char *what, *command;
    } cases[] = {
        {"a segment cut short",        "f=$(ls *.seg | head -1); truncate -s -1 $f"                            },
        {"a segment cut to nothing",   "f=$(ls *.seg | head -1); truncate -s 0 $f"                             },
        {"a segment grown",            "f=$(ls *.seg | head -1); printf x >>$f"                                },
        {"a segment's beginning gone", "f=$(ls *.seg | head -1); dd if=/dev/zero of=$f bs=64 "
                                       "count=1 conv=notrunc status=none"},
        {"a segment that is missing",  "rm $(ls *.seg | head -1)"                                              },
        {"another file in its place",  "f=$(ls *.seg | head -1); head -c 5000 /dev/urandom >$f"                },
        {"a manifest cut short",       "truncate -s -1 manifest"                                               },
        {"an empty manifest",          ": >manifest"                                                           },
        {"another manifest",           "head -c 300 /dev/urandom >manifest"                                    },
    };
    bench b;
    begin(&b);
    for (size_t i = 0; i < XD_LEN(cases); i++) {
        damage(&b, cases[i].command);
        check_mistrusted(&b, cases[i].what);
    }
    bench_end(&b);
}
END_TEST

START_TEST(files_of_another_log_or_model)
{
    bench a, b;
    begin(&a);
    begin(&b);
    char line[512];
    (void)snprintf(line, sizeof line, "rm -r '%s/files' && cp -r '%s/files' '%s/files'", b.dir,
                   a.dir, b.dir);
    run(line);
    check_mistrusted(&b, "files of another log");
    (void)snprintf(
        line, sizeof line,
        "sed -i 's/name: formerly,/name: once, was: [formerly],/' '%s/types/works.yaml'",
        b.folder);
    run(line);
    b.model = load(&b.cx, b.folder);
    xd_head *head;
    int64_t seq;
    XD_OK_CALL(&b.cx, xd_head_take(&b.cx, b.store, b.model, "test", 0, NULL, NULL, &head));
    XD_OK_CALL(&b.cx, xd_append_model(&b.cx, head, b.model, &seq));
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    check_mistrusted(&b, "files of another model");
    bench_end(&a);
    bench_end(&b);
}
END_TEST

/* A whole manifest, changed: neither its own server nor one that fetches it takes its files. */
static void check_not_taken(bench *b, xd_str manifest, xd_code code, const char *what)
{
    char path[256];
    xd_index_files names = {0};
    (void)snprintf(path, sizeof path, "%s/manifest", index_dir(b));
    ck_assert(!xd_index_file_names(&b->cx, b->model, manifest, &names));
    ck_assert_msg(b->cx.err.code == code, "%s: " XD_FMT, what, XD_ARG(b->cx.err.message));
    (void)xd_err_take(&b->cx);
    XD_OK_CALL(&b->cx, xd_file_replace(&b->cx, path, manifest, 0644));
    check_mistrusted(b, what);
}

START_TEST(files_of_another_icu_or_format)
{
    bench b;
    char path[256];
    xd_str bytes;
    xd_manifest m;
    xd_index_files names = {0};
    xd_buf other = {0};
    begin(&b);
    (void)snprintf(path, sizeof path, "%s/manifest", index_dir(&b));
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, path, 1 << 20, &bytes));
    XD_OK_CALL(&b.cx, xd_index_file_names(&b.cx, b.model, bytes, &names));
    ck_assert_uint_gt(names.n, 0);

    XD_OK_CALL(&b.cx, xd_manifest_read(&b.cx, bytes, &m));
    m.collator = XD_S("1.2.3.4");
    xd_manifest_write(&m, &other);
    check_not_taken(&b, xd_buf_str(&other), XD_CONFLICT, "files sorted by another ICU");
    xd_buf_free(&other);

    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, path, 1 << 20, &bytes));
    const size_t at =
        xd_str_find(bytes, (xd_str){"\0\0\0", 3}, 0); /* the format stands there */
    ck_assert_uint_lt(at, 64);
    xd_buf_add(&other, xd_str_sub(bytes, 0, at));
    xd_buf_u32be(&other, XD_IMAGE_FORMAT + 1);
    xd_buf_add(&other, xd_str_sub(bytes, at + 4, bytes.n - 8));
    xd_buf_u64be(&other, xd_str_hash(xd_buf_str(&other)));
    check_not_taken(&b, xd_buf_str(&other), XD_BROKEN, "files of another format");
    xd_buf_free(&other);
    bench_end(&b);
}
END_TEST

/* A bit turned anywhere in a file is noticed before an answer is given from it, if not at once,
 * and the next look at the log mends it. */
START_TEST(every_bit_counts)
{
    bench b;
    begin(&b);
    xd_index *index = open_files(&b);
    XD_OK_CALL(&b.cx, xd_index_merge(&b.cx, index));
    xd_index_free(index);
    size_t refused = 0, steps = getenv("XIUDAI_SOAK") != NULL ? 2000 : 40;
    for (size_t i = 0; i < steps; i++) {
        char line[256];
        (void)snprintf(line, sizeof line,
                       "f=$(ls *.seg | head -1); n=$(stat -c %%s $f); at=$((n * %zu / %zu)); "
                       "printf \"\\\\$(printf %%o $(($(od -An -tu1 -j$at -N1 $f) ^ %d)))\" | "
                       "dd of=$f bs=1 seek=$at conv=notrunc status=none",
                       i, steps, 1 << (i % 8));
        damage(&b, line);
        xd_buf told = {0};
        xd_ctx cx;
        xd_ctx_begin(&cx);
        index = open_files(&b);
        bool ok = xd_index_seq(index) == 0 || tell(&cx, index, b.model, &told);
        refused += !ok;
        ck_assert(ok || cx.err.code == XD_BUSY);
        xd_ctx_end(&cx);
        xd_buf_free(&told);
        catch_up(&b, index);
        check_same(&b, index, "a bit turned");
        XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, index, b.store));
        xd_index_free(index);
    }
    ck_assert_uint_gt(refused, steps / 4); /* most of a file is looked at late */
    bench_end(&b);
}
END_TEST

/* Kills ---------------------------------------------------------------------------------- */

/* Everything that writes files: flushes, merges, purging. Says how many steps it took. */
static void work(bench *b, int64_t die_at, int64_t *ret_steps)
{
    xd_index *index = open_files(b);
    index->keeping->folder->io.die_at = die_at;
    for (int i = 0; i < 2; i++) {
        make_records(b, 3);
        catch_up(b, index);
        XD_OK_CALL(&b->cx, xd_index_flush(&b->cx, index, b->store));
    }
    int64_t id = create(b, WORKS("shown", "要删厂", ",\"keeper_name\":\"汪六\""));
    catch_up(b, index);
    XD_OK_CALL(&b->cx, xd_index_flush(&b->cx, index, b->store));
    int64_t seq;
    XD_OK_CALL(&b->cx,
               xd_store_erase(&b->cx, b->store, b->model, id, XD_S("keeper_name"), &seq));
    catch_up(b, index);
    XD_OK_CALL(&b->cx, xd_index_merge(&b->cx, index));
    *ret_steps = atomic_load(&index->keeping->folder->io.step);
    xd_index_free(index);
}

static int64_t work_in_child(bench *b, int64_t die_at, bool *ret_killed)
{
    int64_t *steps =
        mmap(NULL, sizeof *steps, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(steps, MAP_FAILED);
    *steps = 0;
    xd_store_close(b->store);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        XD_OK_CALL(&b->cx, xd_store_open(&b->cx, b->place, XD_STORE_WRITE, &b->store));
        work(b, die_at, steps);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    *ret_killed = WIFSIGNALED(status);
    ck_assert(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    XD_OK_CALL(&b->cx, xd_store_open(&b->cx, b->place, XD_STORE_WRITE, &b->store));
    int64_t taken = *steps;
    (void)munmap(steps, sizeof *steps);
    return taken;
}

START_TEST(killed_at_every_step)
{
    bench b;
    bool killed;
    begin(&b);
    int64_t all = work_in_child(&b, 0, &killed);
    ck_assert(!killed);
    ck_assert_int_gt(all, 30);
    int64_t kills = getenv("XIUDAI_SOAK") != NULL ? 200 : 20;
    for (int64_t i = 0; i < kills; i++) {
        char after[64];
        int64_t die_at = kills >= all ? 1 + i % all : 1 + i * all / kills;
        (void)work_in_child(&b, die_at, &killed); /* later runs may take fewer steps */
        (void)snprintf(after, sizeof after, "killed at step %d", (int)die_at);
        xd_index *index = open_files(&b);
        catch_up(&b, index);
        check_same(&b, index, after);
        xd_index_free(index);
    }
    bench_end(&b);
}
END_TEST

/* Erasing -------------------------------------------------------------------------------- */

static bool folder_holds(const char *dir, xd_str secret)
{
    xd_ctx cx;
    xd_strs names = {0};
    bool holds = false;
    xd_ctx_begin(&cx);
    XD_OK_CALL(&cx, xd_dir_list(&cx, dir, &names));
    for (size_t i = 0; i < names.n; i++) {
        xd_str path = xd_str_printf(cx.arena, "%s/" XD_FMT, dir, XD_ARG(names.at[i])), bytes;
        XD_OK_CALL(&cx, xd_file_read(&cx, path.p, (size_t)1 << 30, &bytes));
        holds = holds || xd_str_find(bytes, secret, 0) != SIZE_MAX;
    }
    xd_ctx_end(&cx);
    return holds;
}

/* Personal values never come into the files; one that stood in an open part, its field having
 * been marked later, is gone from every file once its erasure is followed. */
START_TEST(nothing_erased_stays)
{
    bench b;
    begin(&b);
    xd_index *index = open_files(&b);
    int64_t applied;
    int64_t id = create(&b, WORKS("shown", "秘密厂",
                                  ",\"secret\":{\"zh\":\"秘方\"},\"keeper_name\":\"汪六甲\""));
    catch_up(&b, index);
    XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, index, b.store));
    ck_assert(folder_holds(index_dir(&b), XD_S("秘密厂")));
    ck_assert(!folder_holds(index_dir(&b), XD_S("汪六甲")));
    ck_assert(!folder_holds(index_dir(&b), XD_S("秘方")));
    /* The open part of that revision, as if it had held what is erased. */
    const xd_record *r;
    XD_OK_CALL(&b.cx, xd_record_find(&b.cx, b.store, id, &r));
    xd_erased_part part = {r->rev, true};
    xd_erased_parts erased = {&part, 1, 1};
    edit(&b, id, WORKS("shown", "公开厂", ""));
    catch_up(&b, index);
    (void)pthread_mutex_lock(&index->writing);
    XD_OK_CALL(&b.cx, xd_keep_purge(&b.cx, index, &erased));
    (void)pthread_mutex_unlock(&index->writing);
    ck_assert(!folder_holds(index_dir(&b), XD_S("秘密厂")));
    check_same(&b, index, "purged");
    int64_t seq;
    XD_OK_CALL(&b.cx, xd_store_erase(&b.cx, b.store, b.model, id, XD_S("keeper_name"), &seq));
    XD_OK_CALL(&b.cx, xd_index_follow(&b.cx, index, b.store, &applied));
    check_same(&b, index, "erased");
    xd_index_free(index);
    XD_OK_CALL(&b.cx, xd_index_purge(&b.cx, b.model, b.store, index_dir(&b), 1000));
    index = open_files(&b);
    ck_assert_int_eq(xd_index_seq(index), seq);
    check_same(&b, index, "erased and started again");
    xd_index_free(index);
    bench_end(&b);
}
END_TEST

/* Who opens a folder another writes to reads its files and follows the log by himself. */
START_TEST(one_writes_others_read)
{
    bench b;
    begin(&b);
    xd_index *one = open_files(&b), *two = open_files(&b);
    ck_assert(xd_folder_writes(one->keeping->folder));
    ck_assert(!xd_folder_writes(two->keeping->folder));
    ck_assert_int_gt(xd_index_seq(two), 0);
    make_records(&b, 3);
    catch_up(&b, one);
    catch_up(&b, two);
    XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, one, b.store));
    XD_OK_CALL(&b.cx, xd_index_merge(&b.cx, one)); /* removes files the other has mapped */
    XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, two, b.store));
    check_same(&b, one, "the writer");
    check_same(&b, two, "the reader");
    XD_OK_CALL(&b.cx, xd_index_forget(&b.cx, index_dir(&b))); /* asks the writer */
    catch_up(&b, one);
    xd_str note;
    ck_assert(xd_index_note(&b.cx, one, &note));
    check_same(&b, one, "rebuilt");
    xd_index_free(two);
    xd_index_free(one);
    XD_OK_CALL(&b.cx, xd_index_forget(&b.cx, index_dir(&b)));
    one = open_files(&b);
    ck_assert_int_eq(xd_index_seq(one), 0);
    xd_index_free(one);
    bench_end(&b);
}
END_TEST

/* A merge beside, while records change. */
START_TEST(merged_beside)
{
    bench b;
    begin(&b);
    xd_index *index = open_files(&b);
    for (int i = 0; i < 30; i++) {
        edit(&b, 1 + i % 20, WORKS("shown", "又改厂", ""));
        catch_up(&b, index); /* applies; and next time there is nothing, merges */
        catch_up(&b, index);
        if (i % 3 == 0)
            XD_OK_CALL(&b.cx, xd_index_flush(&b.cx, index, b.store));
        check_same(&b, index, "merging");
    }
    xd_index_free(index);
    index = open_files(&b);
    catch_up(&b, index);
    check_same(&b, index, "merged beside");
    xd_index_free(index);
    bench_end(&b);
}
END_TEST

/* Which shards are joined next, by how many documents each has; none of them dead. */
static void check_joinable(const size_t *sizes, size_t n, bool is, size_t from, size_t to)
{
    enum { MOST = 1000 };
    xd_edition *e = xd_edition_make(n, 0);
    xd_arena *arena = xd_arena_make();
    xd_bag bag = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        xd_segment *segment = xd_new(arena, xd_segment);
        segment->n = (uint32_t)sizes[i];
        e->shards[i] = (xd_shard){segment, xd_bits_none(&bag)};
    }
    size_t got_from = 0, got_to = n;
    ck_assert_int_eq(is, xd_edition_joinable(e, MOST, &got_from, &got_to));
    if (is) {
        ck_assert_uint_eq(from, got_from);
        ck_assert_uint_eq(to, got_to);
    }
    xd_bag_empty(&bag);
    xd_arena_free(arena);
    xd_arena_free(e->arena);
}

START_TEST(joined_behind_a_full_one)
{
    check_joinable((size_t[]){16, 16, 16, 16}, 4, true, 0, 4);
    check_joinable((size_t[]){16, 16, 16, 1000}, 4, true, 0,
                   3); /* a log read from its beginning */
    check_joinable((size_t[]){1000, 16, 16, 1000, 1000}, 5, true, 1, 3);
    check_joinable((size_t[]){16, 1000, 1000}, 3, false, 0, 0);
    check_joinable((size_t[]){1000, 100, 10}, 3, false, 0, 0); /* each so many times larger */
    check_joinable(NULL, 0, false, 0, 0);
}
END_TEST

static void add(TCase *tests)
{
    tcase_add_test(tests, started_again);
    tcase_add_test(tests, files_that_are_not_trusted);
    tcase_add_test(tests, files_of_another_log_or_model);
    tcase_add_test(tests, files_of_another_icu_or_format);
    tcase_add_test(tests, every_bit_counts);
    tcase_add_test(tests, killed_at_every_step);
    tcase_add_test(tests, nothing_erased_stays);
    tcase_add_test(tests, one_writes_others_read);
    tcase_add_test(tests, merged_beside);
    tcase_add_test(tests, joined_behind_a_full_one);
}

XD_TESTS("index/files", add)
