/* store/schema_steps.h — the numbered migrations, as data; private to schema.c.
 *
 * Migration i brings a store from version i to i + 1, in one transaction, by statements that end
 * with the new number (PRAGMA user_version; schema_version). One that has been released is never
 * edited: the next is added. What PostgreSQL's catalogue then says is written down beside it,
 * for there is no database in memory to make an ideal in: the lines that come and those that go.
 * A test brings its own list, see tests/store/test_migrate.c. */
#ifndef XD_STORE_SCHEMA_STEPS_H
#define XD_STORE_SCHEMA_STEPS_H

#include "store/db.h"

typedef struct xd_migration {
    const xd_sql *steps;
    size_t n;
    const char *const *pg_come;
    size_t n_come;
    const char *const *pg_go;
    size_t n_go;
} xd_migration;

/* *ret_newest of them. */
const xd_migration *xd_schema_steps(int64_t *ret_newest);

#endif
