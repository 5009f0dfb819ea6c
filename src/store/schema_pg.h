/* store/schema_pg.h — what PostgreSQL's catalog says of a store's schema; private to schema.c. */
#ifndef XD_STORE_SCHEMA_PG_H
#define XD_STORE_SCHEMA_PG_H

#include <stddef.h>

/* The bodies of the trigger functions. */
#define XD_PG_DENSE                                                                            \
    " BEGIN IF NEW.seq <> 1 + coalesce((SELECT max(seq) FROM revision), 0) THEN"               \
    " RAISE EXCEPTION 'revisions are numbered without gaps'; END IF; RETURN NEW; END "
#define XD_PG_REFUSE " BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END "
#define XD_PG_PART_KEPT                                                                        \
    " BEGIN IF NOT EXISTS (SELECT 1 FROM erasure WHERE seq = OLD.seq AND part = TG_ARGV[0])"   \
    " THEN RAISE EXCEPTION 'a part leaves only by an erase revision'; END IF; RETURN OLD; "    \
    "END "

/* A line for every table, column, index, trigger and function. */
#define XD_PG_CATALOG                                                                          \
    "SELECT line FROM ("                                                                       \
    " SELECT 'table ' || c.relname || ': ' AS line FROM pg_class c"                            \
    "  JOIN pg_namespace n ON n.oid = c.relnamespace"                                          \
    "  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v', 'm')"                    \
    " UNION ALL SELECT 'column ' || c.relname || '.' || a.attname || ': '"                     \
    "  || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null'"     \
    "  ELSE '' END FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"                  \
    "  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"       \
    "  AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"                            \
    " UNION ALL SELECT 'index ' || c.relname || ': ' || t.relname || CASE WHEN i.indisunique"  \
    "  THEN ' unique' ELSE '' END || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END"       \
    "  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"                                \
    "  JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"    \
    "  WHERE n.nspname = current_schema() AND t.relkind = 'r'"                                 \
    " UNION ALL SELECT 'trigger ' || t.tgname || ': ' || c.relname || ' ' || p.proname"        \
    "  || ' ' || CAST(t.tgtype AS text) || ' ' || CAST(t.tgenabled AS text)"                   \
    "  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"                                 \
    "  JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = c.relnamespace"       \
    "  WHERE n.nspname = current_schema() AND NOT t.tgisinternal"                              \
    " UNION ALL SELECT 'function ' || p.proname || ': ' || p.prosrc FROM pg_proc p"            \
    "  JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = current_schema()"       \
    "  AND p.proname LIKE 'xiudai%') s ORDER BY line"
#define XD_SCHEMA_PG_LINES 91
extern const char *const xd_schema_pg_line[XD_SCHEMA_PG_LINES];

#endif
