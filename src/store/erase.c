/* Erasing a personal value: 删除个人信息.
 *
 * The log is append-only, and a person may ask to be forgotten. Both hold because the log
 * proves parts by their hashes: an erase revision lists every (seq, part) in which a value of
 * the field stood, what is still wanted of the newest body having been appended before it; then
 * those parts and their salts are deleted. The rest of the chain still proves itself, and
 * verify takes a missing part only when an erase revision lists it.
 *
 * SQLite leaves deleted bytes behind in three places: in free slots of pages (secure_delete
 * clears those it frees, but not what an earlier split of a page left), in free pages, and in
 * the write-ahead log. So the file is rewritten by VACUUM and the log cut by a TRUNCATE
 * checkpoint; until both have succeeded the command fails aloud and is to be run again. What
 * lies in older backups is beyond reach: restoring one applies the erasure again.
 *
 * The part of an erase revision: {"field": name, "parts": [{"part": "open" | "personal",
 * "seq": n}, …]}. */
#include "store/log.h"

/* ---- the table erasure ---- */

static const xd_str part_name[2] = {XD_STR("personal"), XD_STR("open")};

bool xd_erasure_insert(xd_ctx *cx, xd_store *store, int64_t seq, bool open, int64_t by_seq)
{
    static const xd_sql sql =
        XD_SQL("INSERT INTO erasure (seq, part, by_seq) VALUES (:seq, :part, :by_seq)");
    const xd_arg args[] = {
        XD_INT(":seq", seq),
        XD_TEXT(":part", part_name[open]),
        XD_INT(":by_seq", by_seq),
        XD_ARG_END,
    };
    return xd_db_run(cx, store->db, &sql, args);
}

bool xd_erasures_clear(xd_ctx *cx, xd_store *store)
{
    static const xd_sql sql = XD_SQL("DELETE FROM erasure");
    return xd_db_run(cx, store->db, &sql, NULL);
}

bool xd_erasure_scan(xd_ctx *cx, xd_store *store, xd_on_erasure *fn, void *user)
{
    static const xd_sql sql = XD_SQL_WALK("SELECT seq, part, by_seq FROM erasure NOT INDEXED");
    xd_rows rows;
    bool more = false;
    if (!xd_rows_open(cx, store->db, &sql, NULL, &rows)) {
        return false;
    }
    bool ok = xd_rows_next(cx, &rows, &more);
    while (ok && more) {
        int64_t seq = xd_rows_int(&rows, 0), by_seq = xd_rows_int(&rows, 2);
        bool open = xd_str_eq(xd_rows_text(&rows, 1), part_name[1]);
        ok = fn(cx, user, seq, open, by_seq, rows.odd);
        rows.odd = false; /* told */
        ok = ok && xd_rows_next(cx, &rows, &more);
    }
    return xd_rows_close(cx, &rows) && ok;
}

/* ---- what an erase revision says ---- */

bool xd_erase_read(xd_ctx *cx, xd_str body, xd_str *ret_field, xd_erased_parts *parts)
{
    const xd_json *json = NULL;
    if (!xd_json_read(cx, body, &json)) {
        return false;
    }
    const xd_json *list = xd_json_get(json, XD_S("parts"));
    for (size_t i = 0; i < xd_json_len(list); i++) {
        const xd_json *item = xd_json_at(list, i);
        *xd_push(cx->arena, parts) = (xd_erased_part){
            .seq = xd_json_get_int(item, XD_S("seq"), 0),
            .open = xd_str_eq(xd_json_get_str(item, XD_S("part")), part_name[1]),
        };
    }
    *ret_field = xd_json_get_str(json, XD_S("field"));
    return true;
}

static void write_erase(xd_ctx *cx, xd_str field, const xd_erased_parts *parts, xd_buf *out)
{
    xd_json *json = xd_json_object(cx->arena), *list = xd_json_array(cx->arena);
    for (size_t i = 0; i < parts->n; i++) {
        xd_json *item = xd_json_object(cx->arena);
        xd_json_set(cx->arena, item, XD_S("seq"), xd_json_integer(cx->arena, parts->at[i].seq));
        xd_json_set(cx->arena, item, XD_S("part"),
                    xd_json_string(cx->arena, part_name[parts->at[i].open]));
        xd_json_add(cx->arena, list, item);
    }
    xd_json_set(cx->arena, json, XD_S("field"), xd_json_string(cx->arena, field));
    xd_json_set(cx->arena, json, XD_S("parts"), list);
    xd_buf_clear(out);
    xd_json_canonical(out, json);
}

/* ---- finding the value ---- */

typedef struct search {
    xd_arena *arena; /* of parts */
    const xd_strs *names;
    xd_erased_parts parts;
} search;

/* In the part itself, or in what `about` says of the field. */
static bool part_holds(const xd_json *part, const xd_strs *names)
{
    const xd_json *about = xd_json_get(part, XD_S("about"));
    for (size_t i = 0; i < names->n; i++) {
        if (xd_json_get(part, names->at[i]) != NULL ||
            xd_json_get(about, names->at[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static bool look_into(xd_ctx *cx, search *s, int64_t seq, bool open, xd_str text)
{
    const xd_json *part = NULL;
    if (text.n == 0) {
        return true;
    }
    if (!xd_json_read(cx, text, &part)) {
        return xd_fail_note(cx, "revision %" PRId64, seq);
    }
    if (part_holds(part, s->names)) {
        *xd_push(s->arena, &s->parts) = (xd_erased_part){seq, open};
    }
    return true;
}

static bool look(xd_ctx *cx, void *user, const xd_revision *rev)
{
    search *s = user;
    if (rev->kind == XD_REV_ERASE) {
        return true;
    }
    return look_into(cx, s, rev->seq, true, rev->open) &&
           look_into(cx, s, rev->seq, false, rev->personal);
}

static void add_name(xd_arena *arena, xd_strs *names, xd_str name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (xd_str_eq(names->at[i], name)) {
            return;
        }
    }
    *xd_push(arena, names) = name;
}

static bool has_name(const xd_strs *names, xd_str name)
{
    for (size_t i = 0; i < names->n; i++) {
        if (xd_str_eq(names->at[i], name)) {
            return true;
        }
    }
    return false;
}

/* What the model says these types and fields were called before. */
static void add_former(xd_arena *arena, const xd_model *model, xd_strs *types, xd_strs *fields)
{
    for (size_t i = 0; i < xd_model_types(model); i++) {
        const xd_type *type = xd_model_type(model, i);
        if (!has_name(types, type->name)) {
            continue;
        }
        for (size_t w = 0; w < type->was.n; w++) {
            add_name(arena, types, type->was.at[w]);
        }
        for (size_t f = 0; f < type->n_fields; f++) {
            const xd_field *field = &type->fields[f];
            for (size_t w = 0; has_name(fields, field->name) && w < field->was.n; w++) {
                add_name(arena, fields, field->was.at[w]);
            }
        }
    }
}

/* The field's name and every name it ever had, by every model in the log: a `was` may have been
 * dropped from the newest. */
static bool names_of(xd_ctx *cx, xd_store *store, xd_str type, xd_str field, xd_strs *names)
{
    xd_log_models models = {0};
    xd_strs types = {0};
    add_name(cx->arena, &types, type);
    add_name(cx->arena, names, field);
    if (!xd_log_models_list(cx, store, &models)) {
        return false;
    }
    for (size_t i = models.n; i > 0; i--) {
        const xd_model *model = NULL;
        if (!xd_store_model_load(cx, store, models.at[i - 1].hash, &model)) {
            return false;
        }
        add_former(cx->arena, model, &types, names);
    }
    return true;
}

/* ---- erasing ---- */

static const xd_json *without(xd_ctx *cx, const xd_json *body, const xd_strs *names)
{
    xd_json *kept = xd_json_clone(cx->arena, body);
    const xd_json *about = xd_json_get(kept, XD_S("about"));
    xd_json *rest = about == NULL ? NULL : xd_json_clone(cx->arena, about);
    for (size_t i = 0; i < names->n; i++) {
        xd_json_drop(kept, names->at[i]);
        if (rest != NULL) {
            xd_json_drop(rest, names->at[i]);
        }
    }
    if (rest != NULL && xd_json_len(rest) == 0) {
        xd_json_drop(kept, XD_S("about"));
    } else if (rest != NULL) {
        xd_json_set(cx->arena, kept, XD_S("about"), rest);
    }
    return kept;
}

static bool append_kept(xd_ctx *cx, xd_head *head, const xd_record *record,
                        const xd_strs *names)
{
    int64_t seq = 0, id = 0;
    const xd_act act = {
        .kind = XD_REV_EDIT,
        .record = record->id,
        .base = record->rev,
        .body = without(cx, record->body, names),
    };
    return xd_append_unjudged(cx, head, &act, &seq, &id);
}

static bool remove_parts(xd_ctx *cx, xd_head *head, const xd_erased_parts *parts,
                         int64_t by_seq)
{
    xd_store *store = head->store;
    bool ok = true;
    xd_db_guard(store->db, XD_GUARD_ERASE);
    for (size_t i = 0; ok && i < parts->n; i++) {
        const xd_erased_part *part = &parts->at[i];
        ok = xd_erasure_insert(cx, store, part->seq, part->open, by_seq) &&
             xd_log_delete_part(cx, store, part->seq, part->open);
    }
    xd_db_guard(store->db, XD_GUARD_LOG);
    return ok;
}

static bool holds(const xd_erased_parts *parts, int64_t seq)
{
    for (size_t i = 0; i < parts->n; i++) {
        if (parts->at[i].seq == seq) {
            return true;
        }
    }
    return false;
}

bool xd_erase_value(xd_ctx *cx, xd_head *head, int64_t id, xd_str field, int64_t *ret_seq)
{
    const xd_record *record = NULL;
    xd_strs names = {0};
    search s = {.arena = cx->arena, .names = &names};
    if (!xd_record_find(cx, head->store, id, &record)) {
        return false;
    }
    if (record == NULL) {
        return xd_fail(cx, XD_ABSENT, "there is no record %" PRId64, id);
    }
    if (!names_of(cx, head->store, record->type, field, &names) ||
        !xd_record_history(cx, head->store, id, look, &s)) {
        return false;
    }
    if (s.parts.n == 0) {
        *ret_seq = 0;
        return true;
    }
    if (holds(&s.parts, record->rev) && !append_kept(cx, head, record, &names)) {
        return false;
    }
    write_erase(cx, field, &s.parts, &head->open);
    xd_log_entry entry = {
        .kind = XD_REV_ERASE,
        .record = id,
        .model = xd_model_hash(head->model),
        .open = xd_buf_str(&head->open),
    };
    if (!xd_log_append(cx, head, &entry, ret_seq) ||
        !remove_parts(cx, head, &s.parts, *ret_seq)) {
        head->failed = true;
        return false;
    }
    return true;
}

/* VACUUM FULL writes the tables anew without the dead rows and gives their files back; it needs
 * the tables to itself and waits for readers. Write-ahead archives, replicas' archives and
 * backups are the operator's: the manual says so. */
static bool scrub_server(xd_ctx *cx, xd_store *store)
{
    static const xd_sql tables[] = {
        XD_SQL_PG("VACUUM FULL open_part"),
        XD_SQL_PG("VACUUM FULL personal_part"),
        XD_SQL_PG("VACUUM FULL record"),
        XD_SQL_PG("VACUUM FULL record_key"),
    };
    bool ok = true;
    xd_db_guard(store->db, XD_GUARD_SCHEMA);
    for (size_t i = 0; ok && i < XD_LEN(tables); i++) {
        ok = xd_db_run(cx, store->db, &tables[i], NULL);
    }
    xd_db_guard(store->db, XD_GUARD_LOG);
    return ok ||
           xd_fail_note(cx, "the value is out of the log, but its bytes may still be in %s",
                        store->place);
}

bool xd_store_scrub(xd_ctx *cx, xd_store *store)
{
    if (!xd_db_is_file(store->db)) {
        return scrub_server(cx, store);
    }
    static const xd_sql to_file = XD_SQL("PRAGMA temp_store = FILE");
    static const xd_sql vacuum = XD_SQL("VACUUM");
    static const xd_sql to_memory = XD_SQL("PRAGMA temp_store = MEMORY");
    xd_db_guard(store->db, XD_GUARD_SCHEMA);
    bool ok = xd_db_run(cx, store->db, &to_file, NULL) &&
              xd_db_run(cx, store->db, &vacuum, NULL) &&
              xd_db_run(cx, store->db, &to_memory, NULL);
    xd_db_guard(store->db, XD_GUARD_LOG);
    for (int tries = 3; ok && !xd_db_truncate_wal(cx, store->db); tries--) {
        ok = cx->err.code == XD_BUSY && tries > 1;
        if (ok) {
            (void)xd_err_take(cx); /* somebody still reads the old state: once more */
        }
    }
    if (ok) {
        return true;
    }
    (void)xd_fail_note(cx, "the value is out of the log, but its bytes may still be in %s",
                       store->place);
    return xd_fail_words(
        cx,
        xd_str_printf(
            cx->arena,
            "记录里的内容已删除，但 %s 的文件里可能还有旧字节（有程序正在读）；请停下 "
            "xiudai serve 后再运行一次。",
            store->place),
        xd_str_printf(
            cx->arena,
            "The value is gone from the records, but old bytes may still lie in the file "
            "%s because a program is reading it. Stop xiudai serve and run this again.",
            store->place));
}

static bool check_field(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t id,
                        xd_str field_name)
{
    bool there = false;
    xd_record_row row;
    if (!xd_record_row_find(cx, store, id, &there, &row)) {
        return false;
    }
    if (!there) {
        (void)xd_fail(cx, XD_ABSENT, "there is no record %" PRId64, id);
        return xd_fail_words(cx, xd_str_printf(cx->arena, "没有记录 #%" PRId64 "。", id),
                             xd_str_printf(cx->arena, "There is no record #%" PRId64 ".", id));
    }
    const xd_type *type = xd_type_find(model, row.type);
    const xd_field *field = type == NULL ? NULL : xd_field_find(type, field_name);
    if (field != NULL && field->personal) {
        return true;
    }
    (void)xd_fail(cx, XD_INVALID, XD_FMT " is not a personal field of " XD_FMT,
                  XD_ARG(field_name), XD_ARG(row.type));
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena, "“" XD_FMT "” 不是标为 personal 的字段，不能这样删除。",
                      XD_ARG(field_name)),
        xd_str_printf(cx->arena,
                      "\"" XD_FMT "\" is not a field marked personal; it cannot be "
                      "erased this way.",
                      XD_ARG(field_name)));
}

bool xd_store_erase(xd_ctx *cx, xd_store *store, const xd_model *model, int64_t record,
                    xd_str field, int64_t *ret_seq)
{
    xd_head *head = NULL;
    int64_t seq = 0;
    if (!check_field(cx, store, model, record, field) ||
        !xd_head_take(cx, store, model, "xiudai: erasing a personal value", -1, NULL, NULL,
                      &head)) {
        return false;
    }
    if (!xd_erase_value(cx, head, record, field, &seq)) {
        xd_head_release(head);
        return xd_fail_note(cx, "erasing " XD_FMT " of record %" PRId64, XD_ARG(field), record);
    }
    if (seq == 0) {
        xd_head_release(head);
    } else if (!xd_head_commit(cx, head)) {
        return false;
    }
    /* Also when nothing was found: an earlier try may have failed at this. */
    if (!xd_store_scrub(cx, store)) {
        return false;
    }
    if (seq == 0) {
        (void)xd_fail(cx, XD_ABSENT, "no revision of record %" PRId64 " holds " XD_FMT, record,
                      XD_ARG(field));
        return xd_fail_words(
            cx, XD_S("没有哪条修订存有这个内容；文件已清理。"),
            XD_S("No revision holds such a value; the file has been cleaned."));
    }
    *ret_seq = seq;
    return true;
}

/* ---- values that stand open ---- */

typedef struct personal_field {
    xd_str type, name;
    xd_strs names; /* it ever had */
} personal_field;

typedef struct exposed {
    const xd_model *model;
    XD_VEC(personal_field) fields;
    xd_on_exposed *fn;
    void *user;
} exposed;

static bool list_personal(xd_ctx *cx, xd_store *store, exposed *e)
{
    for (size_t i = 0; i < xd_model_types(e->model); i++) {
        const xd_type *type = xd_model_type(e->model, i);
        for (size_t f = 0; f < type->n_fields; f++) {
            personal_field item = {type->name, type->fields[f].name, {0}};
            if (!type->fields[f].personal) {
                continue;
            }
            if (!names_of(cx, store, item.type, item.name, &item.names)) {
                return false;
            }
            for (size_t w = 0; w < type->fields[f].was.n;
                 w++) { /* a model not yet in the log */
                add_name(cx->arena, &item.names, type->fields[f].was.at[w]);
            }
            *xd_push(cx->arena, &e->fields) = item;
        }
    }
    return true;
}

static bool expose(xd_ctx *cx, void *user, const xd_revision *rev)
{
    exposed *e = user;
    const xd_json *body = NULL;
    if (rev->kind == XD_REV_MODEL || rev->kind == XD_REV_SET || rev->kind == XD_REV_ERASE ||
        rev->open_erased) {
        return true;
    }
    if (!xd_json_read(cx, rev->open, &body)) {
        return false;
    }
    const xd_type *type = xd_type_find(e->model, xd_json_get_str(body, XD_S("type")));
    for (size_t i = 0; type != NULL && i < e->fields.n; i++) {
        const personal_field *field = &e->fields.at[i];
        if (xd_str_eq(field->type, type->name) && part_holds(body, &field->names) &&
            !e->fn(cx, e->user, rev->seq, rev->record, field->name)) {
            return false;
        }
    }
    return true;
}

bool xd_store_exposed(xd_ctx *cx, xd_store *store, const xd_model *model, xd_on_exposed *fn,
                      void *user)
{
    exposed e = {.model = model, .fn = fn, .user = user};
    return list_personal(cx, store, &e) && xd_log_each(cx, store, 0, 0, expose, &e);
}
