/* What verify finds: every kind of tampering by SQL, by name; and flipped bits anywhere. */
#include "store_test.h"

#include <fcntl.h>
#include <sqlite3.h>

#define PLANT "{\"type\":\"plant\",\"state\":\"draft\""

/* Revisions: 1 model, 2 firm, 3–22 plants, 23 set, 24–28 edits in it, 29 edit and 30 erase. */
static void fill(bench *b)
{
    char body[512];
    bench_open(b);
    int64_t firm =
        create(b, "{\"type\":\"firm\",\"state\":\"draft\",\"name\":{\"zh\":\"公司\"}}");
    int64_t first = 0;
    for (int i = 0; i < 20; i++) {
        (void)snprintf(body, sizeof body,
                       PLANT
                       ",\"name\":{\"zh\":\"工厂%d\"},\"note\":{\"zh\":\"marker%02dmarker\"},"
                       "\"source_id\":\"SRC%02d\",\"area\":\"3418%s\",\"phone\":\"0563-%04d\","
                       "\"maker\":[{\"id\":%" PRId64 "}]}",
                       i, i, i, i % 2 == 0 ? "23" : "24", i, firm);
        int64_t id = create(b, body);
        first = first == 0 ? id : first;
    }
    xd_head *head = take_head(b);
    int64_t set = open_set(b, head);
    for (int i = 0; i < 5; i++) {
        (void)snprintf(body, sizeof body,
                       PLANT ",\"name\":{\"zh\":\"新名%d\"},\"number\":\"3418%s-P-%04d\","
                             "\"mail\":\"m%d@example.org\",\"maker\":[{\"id\":%" PRId64 "}]}",
                       i, i % 2 == 0 ? "23" : "24", i / 2 + 1, i, firm);
        (void)put(b, head, XD_REV_EDIT, first + i, 3 + i, set, body);
    }
    XD_OK_CALL(&b->cx, xd_head_commit(&b->cx, head));
    int64_t erased = 0;
    XD_OK_CALL(&b->cx,
               xd_store_erase(&b->cx, b->store, b->model, first, XD_S("mail"), &erased));
    ck_assert_int_eq(erased, 30);
    ck_assert_uint_eq(count_faults(b, b->store, true), 0);
    xd_store_close(b->store);
}

static void copy_file(bench *b, const char *from, const char *to)
{
    xd_str bytes;
    XD_OK_CALL(&b->cx, xd_file_read(&b->cx, from, 64 << 20, &bytes));
    XD_OK_CALL(&b->cx, xd_file_replace(&b->cx, to, bytes, 0600));
}

/* ---- by SQL --------------------------------------------------------------------------------- */

static int collect(void *user, int n, char **values, char **names)
{
    char *all = user;
    (void)n;
    (void)names;
    strncat(all, values[0], 8000 - strlen(all));
    strncat(all, ";\n", 8000 - strlen(all));
    return 0;
}

/* As somebody with the file and a shell would: triggers off, change, triggers on again. */
static void tamper(const char *file, const char *sql)
{
    static char triggers[8192];
    sqlite3 *db = NULL;
    char *why = NULL;
    triggers[0] = '\0';
    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db,
                                  "SELECT sql FROM sqlite_schema WHERE type = 'trigger'"
                                  " ORDER BY rowid",
                                  collect, triggers, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(
        sqlite3_exec(db,
                     "PRAGMA foreign_keys = 0; PRAGMA ignore_check_constraints = 1;"
                     "DROP TRIGGER revision_dense; DROP TRIGGER revision_stays;"
                     "DROP TRIGGER revision_kept; DROP TRIGGER open_part_stays;"
                     "DROP TRIGGER open_part_kept; DROP TRIGGER personal_part_stays;"
                     "DROP TRIGGER personal_part_kept;",
                     NULL, NULL, NULL),
        SQLITE_OK);
    int rc = sqlite3_exec(db, sql, NULL, NULL, &why);
    ck_assert_msg(rc == SQLITE_OK, "%s: %s", sql, why == NULL ? "" : why);
    ck_assert_int_eq(sqlite3_exec(db, triggers, NULL, NULL, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL),
                     SQLITE_OK);
    ck_assert_int_eq(sqlite3_close(db), SQLITE_OK);
}

static const struct {
    int64_t seq; /* the revision verify must name; 0: a fault is enough */
    const char *sql;
} tamperings[] = {
    {5,  "UPDATE revision SET actor = 8 WHERE seq = 5"                                },
    {5,  "UPDATE revision SET time = time + 1 WHERE seq = 5"                          },
    {24, "UPDATE revision SET kind = 'move' WHERE seq = 24"                           },
    {5,  "UPDATE revision SET record = record + 1 WHERE seq = 5"                      },
    {24, "UPDATE revision SET base = 4 WHERE seq = 24"                                },
    {24, "UPDATE revision SET change_set = 0 WHERE seq = 24"                          },
    {5,  "UPDATE revision SET model = zeroblob(32) WHERE seq = 5"                     },
    {5,  "UPDATE revision SET open_hash = zeroblob(32) WHERE seq = 5"                 },
    {5,  "UPDATE revision SET personal_hash = zeroblob(32) WHERE seq = 5"             },
    {5,  "UPDATE revision SET personal_hash = x'' WHERE seq = 5"                      },
    {5,  "UPDATE revision SET leaf = zeroblob(32) WHERE seq = 5"                      },
    {30, "UPDATE revision SET leaf = zeroblob(32) WHERE seq = 30"                     },
    {5,  "UPDATE revision SET seq = 99 WHERE seq = 5"                                 },
    {5,  "DELETE FROM revision WHERE seq = 5"                                         },
    {30, "DELETE FROM revision WHERE seq = 30"                                        },
    {31, "INSERT INTO revision SELECT 31, time, actor, kind, record, base, change_set, model,"
         " open_hash, personal_hash, leaf FROM revision WHERE seq = 5"        },
    {5,
     "UPDATE revision SET seq = 1005 WHERE seq = 5; UPDATE revision SET seq = 5 WHERE seq = 6;"
     "UPDATE revision SET seq = 6 WHERE seq = 1005"                                   },
    {5,  "UPDATE open_part SET body = replace(body, '工厂', '工場') WHERE seq = 5"},
    {5,  "UPDATE open_part SET salt = zeroblob(16) WHERE seq = 5"                     },
    {5,  "DELETE FROM open_part WHERE seq = 5"                                        },
    {0,  "INSERT INTO open_part VALUES (99, zeroblob(16), '{}')"                      },
    {5,  "UPDATE personal_part SET body = '{\"phone\":\"1\"}' WHERE seq = 5"          },
    {5,  "DELETE FROM personal_part WHERE seq = 5"                                    },
    {2,  "INSERT INTO personal_part VALUES (2, zeroblob(16), '{}')"                   },
    {24, "INSERT INTO personal_part VALUES (24, zeroblob(16), '{}')"                  },
    {1,  "UPDATE open_part SET body = replace(body, '工厂', '工場') WHERE seq = 1"},
    {10, "UPDATE record SET body = replace(body, '工厂', '工場') WHERE rev = 10"  },
    {10, "UPDATE record SET state = 'public' WHERE rev = 10"                          },
    {10, "UPDATE record SET type = 'firm' WHERE rev = 10"                             },
    {10, "UPDATE record SET number = '' WHERE rev = 10"                               },
    {10, "UPDATE record SET time = 0 WHERE rev = 10"                                  },
    {10, "UPDATE record SET model = zeroblob(32) WHERE rev = 10"                      },
    {9,  "UPDATE record SET rev = 9 WHERE rev = 10"                                   },
    {10, "DELETE FROM record WHERE rev = 10"                                          },
    {10, "INSERT INTO record SELECT id + 1000, rev, time, type, state, number, model, body"
         " FROM record WHERE rev = 10"                                        },
    {10, "UPDATE record_key SET value = 'x' WHERE kind = 'source' AND record ="
         " (SELECT id FROM record WHERE rev = 10)"                            },
    {10, "DELETE FROM record_key WHERE kind = 'source' AND record ="
         " (SELECT id FROM record WHERE rev = 10)"                            },
    {10, "INSERT INTO record_key SELECT 'plant', 'source', 'extra', id FROM record"
         " WHERE rev = 10"                                                    },
    {0,  "INSERT INTO record_key VALUES ('plant', 'source', 'extra', 424242)"         },
    {10, "UPDATE link SET from_date = '1950' WHERE from_record ="
         " (SELECT id FROM record WHERE rev = 10)"                            },
    {10, "DELETE FROM link WHERE from_record = (SELECT id FROM record WHERE rev = 10)"},
    {10, "INSERT INTO link SELECT id, 'maker', id, '', '' FROM record WHERE rev = 10" },
    {0,  "UPDATE serial SET next = next + 1 WHERE prefix = '341823-P-'"               },
    {0,  "DELETE FROM serial WHERE prefix = '341823-P-'"                              },
    {0,  "INSERT INTO serial VALUES ('341899-P-', 4)"                                 },
    {0,  "DELETE FROM erasure"                                                        },
    {5,  "INSERT INTO erasure VALUES (5, 'personal', 30)"                             },
    {5,  "INSERT INTO erasure VALUES (5, 'personal', 30);"
        " DELETE FROM personal_part WHERE seq = 5"                             },
    {0,  "UPDATE log_head SET leaf = zeroblob(32)"                                    },
    {30, "UPDATE log_head SET seq = 29"                                               },
    {0,  "DELETE FROM log_head"                                                       },
    {0,  "UPDATE store SET next_id = next_id + 1"                                     },
    {0,  "DROP INDEX record_key_of_record"                                            },
    {0,  "CREATE VIEW record_view AS SELECT * FROM record"                            },
    {0,  "CREATE TRIGGER sly AFTER INSERT ON record BEGIN SELECT 1; END"              },
};

START_TEST(tampering)
{
    bench b;
    fill(&b);
    const char *file = path_in(&b, "tampered.db");
    for (size_t i = 0; i < XD_LEN(tamperings); i++) {
        copy_file(&b, b.place, file);
        tamper(file, tamperings[i].sql);
        xd_ctx cx;
        xd_store *store = NULL;
        xd_store_faults faults = {0};
        xd_ctx_begin(&cx);
        XD_OK_CALL(&cx, xd_store_open(&cx, file, XD_STORE_READ, &store));
        XD_OK_CALL(&cx, xd_store_verify(&cx, store, &faults, NULL, NULL));
        bool named = false;
        for (size_t k = 0; k < faults.n; k++) {
            named = named || tamperings[i].seq == 0 || faults.at[k].seq == tamperings[i].seq;
        }
        ck_assert_msg(faults.n > 0, "not found: %s", tamperings[i].sql);
        ck_assert_msg(named, "%s: revision %" PRId64 " not named, but %" PRId64 ": " XD_FMT,
                      tamperings[i].sql, tamperings[i].seq, faults.at[0].seq,
                      XD_ARG(faults.at[0].what));
        xd_ctx_end(&cx);
    }
    bench_end(&b);
}
END_TEST

/* One altered column makes one revision suspect, not all that follow. */
START_TEST(names_only_the_altered)
{
    bench b;
    fill(&b);
    tamper(b.place, "UPDATE revision SET actor = 8 WHERE seq = 5;"
                    "UPDATE revision SET leaf = zeroblob(32) WHERE seq = 12");
    xd_store *store = NULL;
    xd_store_faults faults = {0};
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &store));
    XD_OK_CALL(&b.cx, xd_store_verify(&b.cx, store, &faults, NULL, NULL));
    ck_assert_uint_eq(faults.n, 2);
    ck_assert_int_eq(faults.at[0].seq, 5);
    ck_assert_int_eq(faults.at[1].seq, 12);
    bench_end(&b);
}
END_TEST

/* ---- by bits -------------------------------------------------------------------------------- */

static int add_row(void *user, int n, char **values, char **names)
{
    xd_buf *out = user;
    (void)names;
    for (int i = 0; i < n; i++) {
        xd_buf_add(out, xd_str_of(values[i] == NULL ? "-" : values[i]));
        xd_buf_byte(out, '\n');
    }
    return 0;
}

/* All that the tables say, read without indexes. */
static xd_str dump(xd_ctx *cx, const char *file)
{
    static const char *const queries[] = {
        "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid",
        "SELECT quote(number), quote(format), quote(algorithm), quote(next_id), quote(seal)"
        " FROM store NOT INDEXED",
        "SELECT quote(seq), quote(time), quote(actor), quote(kind), quote(record), quote(base),"
        " quote(change_set), quote(model), quote(open_hash), quote(personal_hash), quote(leaf)"
        " FROM revision NOT INDEXED",
        "SELECT quote(seq), quote(salt), quote(body) FROM open_part NOT INDEXED",
        "SELECT quote(seq), quote(salt), quote(body) FROM personal_part NOT INDEXED",
        "SELECT quote(seq), quote(leaf) FROM log_head NOT INDEXED",
        "SELECT quote(seq), quote(part), quote(by_seq) FROM erasure NOT INDEXED",
        "SELECT quote(id), quote(rev), quote(time), quote(type), quote(state), quote(number),"
        " quote(model), quote(body) FROM record NOT INDEXED",
        "SELECT quote(type), quote(kind), quote(value), quote(record)"
        " FROM record_key ORDER BY type, kind, value, +record",
        "SELECT quote(from_record), quote(kind), quote(to_record), quote(from_date),"
        " quote(to_date) FROM link ORDER BY from_record, kind, +to_record",
        "SELECT quote(prefix), quote(next) FROM serial NOT INDEXED",
    };
    xd_buf out = {0};
    sqlite3 *db = NULL;
    ck_assert_int_eq(sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < XD_LEN(queries); i++) {
        int rc = sqlite3_exec(db, queries[i], add_row, &out, NULL);
        xd_buf_int(&out, rc);
    }
    (void)sqlite3_close(db);
    xd_str text = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return text;
}

static void flip(const char *file, size_t bit)
{
    unsigned char byte;
    int fd = open(file, O_RDWR | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pread(fd, &byte, 1, (off_t)(bit / 8)), 1);
    byte = (unsigned char)(byte ^ (1u << (bit % 8)));
    ck_assert_int_eq(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
    ck_assert_int_eq(close(fd), 0);
}

/* Whether anything is said about the file, and whether seq (0: any) is named. */
static bool found(const char *file, int64_t seq)
{
    xd_ctx cx;
    xd_store *store = NULL;
    xd_store_faults faults = {0};
    xd_ctx_begin(&cx);
    bool said = !xd_store_open(&cx, file, XD_STORE_READ, &store) ||
                !xd_store_verify(&cx, store, &faults, NULL, NULL);
    bool named = seq == 0 && (said || faults.n > 0);
    for (size_t i = 0; i < faults.n && !named; i++) {
        named = faults.at[i].seq == seq;
    }
    xd_ctx_end(&cx);
    return named;
}

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 24;
}

/* A flipped bit is found, or it changed nothing that anybody can read. */
START_TEST(random_flips)
{
    bench b;
    fill(&b);
    const char *file = path_in(&b, "flipped.db");
    xd_str whole = dump(&b.cx, b.place);
    struct stat st;
    ck_assert_int_eq(stat(b.place, &st), 0);
    uint64_t state = 20261124;
    size_t n_found = 0, n_idle = 0;
    for (int i = 0; i < 300; i++) {
        size_t bit = next_random(&state) % ((size_t)st.st_size * 8);
        copy_file(&b, b.place, file);
        flip(file, bit);
        if (found(file, 0)) {
            n_found++;
            continue;
        }
        xd_ctx cx;
        xd_ctx_begin(&cx);
        ck_assert_msg(xd_str_eq(dump(&cx, file), whole), "bit %zu went unseen", bit);
        xd_ctx_end(&cx);
        n_idle++;
    }
    ck_assert_msg(n_found > 50, "only %zu of 300 flips mattered, %zu did not", n_found, n_idle);
    bench_end(&b);
}
END_TEST

/* Every place a text stands in: the part, the record, the key. */
START_TEST(flips_in_texts)
{
    static const struct {
        const char *text;
        int64_t seq;
        size_t places; /* at least */
    } marks[] = {
        {"marker13marker", 16, 2},
        {"0563-0013",      16, 1},
        {"src13",          16, 1},
    };
    bench b;
    fill(&b);
    const char *file = path_in(&b, "flipped.db");
    xd_str bytes;
    XD_OK_CALL(&b.cx, xd_file_read(&b.cx, b.place, 64 << 20, &bytes));
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        xd_str text = xd_str_of(marks[i].text);
        size_t places = 0;
        for (size_t at = 0; (at = xd_str_find(bytes, text, at)) != SIZE_MAX; at++) {
            copy_file(&b, b.place, file);
            flip(file, (at + text.n / 2) * 8);
            ck_assert_msg(found(file, marks[i].seq), "%s at %zu", marks[i].text, at);
            places++;
        }
        ck_assert_msg(places >= marks[i].places, "%s stands in %zu places", marks[i].text,
                      places);
    }
    bench_end(&b);
}
END_TEST

/* ---- not a fault ------------------------------------------------------------------------------ */

typedef struct told {
    int64_t last;
    size_t n;
} told;

static void progress(void *user, int64_t done, int64_t of)
{
    told *t = user;
    ck_assert_int_le(done, of);
    t->last = done;
    t->n++;
}

START_TEST(beside_writing)
{
    bench b;
    bench_open(&b);
    for (int i = 0; i < 10; i++) {
        (void)create(&b, PLANT ",\"name\":{\"zh\":\"厂\"}}");
    }
    xd_store *reader = NULL;
    xd_store_faults faults = {0};
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_READ, &reader));
    xd_head *head = take_head(&b);
    (void)put(&b, head, XD_REV_CREATE, 0, 0, 0, PLANT ",\"name\":{\"zh\":\"厂\"}}");
    told t = {0};
    XD_OK_CALL(&b.cx, xd_store_verify(&b.cx, reader, &faults, progress, &t));
    ck_assert_uint_eq(faults.n, 0);
    ck_assert_int_eq(t.last, 21);
    XD_OK_CALL(&b.cx, xd_head_commit(&b.cx, head));
    ck_assert_uint_eq(count_faults(&b, reader, true), 0);
    bench_end(&b);
}
END_TEST

START_TEST(rebuild_repairs_shadows)
{
    bench b;
    fill(&b);
    xd_str whole = dump(&b.cx, b.place);
    tamper(b.place, "UPDATE record SET body = '{}', state = 'x'; DELETE FROM record_key;"
                    "INSERT INTO link SELECT id, 'maker', id, '', '' FROM record;"
                    "DELETE FROM serial; DELETE FROM erasure");
    XD_OK_CALL(&b.cx, xd_store_open(&b.cx, b.place, XD_STORE_WRITE, &b.store));
    ck_assert_uint_gt(count_faults(&b, b.store, false), 0);
    XD_OK_CALL(&b.cx, xd_store_rebuild(&b.cx, b.store));
    ck_assert_uint_eq(count_faults(&b, b.store, true), 0);
    xd_store_close(b.store);
    /* The store row alone may differ: ids were reserved. */
    xd_str after = dump(&b.cx, b.place);
    ck_assert_uint_eq(after.n, whole.n);
    bench_end(&b);
}
END_TEST

static void add(TCase *tests, bool pg)
{
    tcase_add_test(tests, beside_writing);
    if (pg) {
        return; /* what follows looks into files */
    }
    tcase_add_test(tests, tampering);
    tcase_add_test(tests, names_only_the_altered);
    tcase_add_test(tests, random_flips);
    tcase_add_test(tests, flips_in_texts);
    tcase_add_test(tests, rebuild_repairs_shadows);
}

XD_STORE_TESTS("store/verify", add)
