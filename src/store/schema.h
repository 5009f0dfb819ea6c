/* store/schema.h — the tables, by numbered forward-only migrations; private to this room.
 *
 * The migrations are the data dictionary: every column is explained where it is made, and the
 * explanations are kept in the file. A migration that has been released is never edited. */
#ifndef XD_STORE_SCHEMA_H
#define XD_STORE_SCHEMA_H

#include "store/db.h"

/* What this program works with. */
int64_t xd_schema_newest(void);

/* What the file says it is: *ret_version 0 for an empty file. XD_UNREADABLE when it is some
 * other program's database. */
XD_MUST bool xd_schema_version(xd_ctx *cx, xd_db *db, int64_t *ret_version);
/* The same of a store that was opened with one: one question. */
XD_MUST bool xd_schema_version_now(xd_ctx *cx, xd_db *db, int64_t *ret_version);
/* Bring the file to the newest schema, in one transaction. */
XD_MUST bool xd_schema_migrate(xd_ctx *cx, xd_db *db);
/* XD_CONFLICT with its sentence when version is not the newest. */
XD_MUST bool xd_schema_expect(xd_ctx *cx, const char *place, int64_t version);

/* Within a transaction: nobody else makes or migrates this store until it ends. */
XD_MUST bool xd_schema_lock(xd_ctx *cx, xd_db *db);

/* Compare the schema text with what the migrations up to version make. Each difference is told
 * to fn. */
typedef void xd_on_difference(void *user, xd_str what);
XD_MUST bool xd_schema_compare(xd_ctx *cx, xd_db *db, int64_t version, xd_on_difference *fn,
                               void *user);

#endif
