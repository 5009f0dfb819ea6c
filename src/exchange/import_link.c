/* Links: what a cell calls a record by becomes that record's id.
 *
 * Tried for each type the field may lead to: an id (#123, also behind a name), the number, the type's keys that one
 * text can answer (a source id, a name; a name with the row's own division where the key asks for
 * one). Rows of the same file count too, earlier or later; their ids are known only when they are
 * made, so such a link carries the draft's index in the member "draft" until then. What cannot be
 * resolved keeps its text: that is no fault, the other record may come later. */
#include "exchange/run.h"

#include "model/fold.h"

/* The keys a text may be for a type, as that type's own reader makes them. */
static bool keys_of_text(xd_ctx *cx, xd_run *run, const xd_type *type, const xd_field *field,
                         xd_str text, const xd_json *division, xd_body_keys *keys)
{
    xd_str lang = field->langs.n > 0 ? field->langs.at[0] : (xd_str){"", 0};
    xd_column column = {.field = field, .part = lang};
    xd_given given = {.column = &column, .text = text};
    xd_read_options options = {.today = run->today};
    xd_problems problems = {0};
    xd_json *body = NULL;
    if (!xd_row_read(cx, run->model, type, &given, 1, &options, &body, &problems)) {
        return false;
    }
    if (division != NULL && type->division != NULL) {
        xd_json_set(cx->arena, body, type->division->name, division);
    }
    return xd_body_key_list(cx, run->model, body, keys);
}

static bool simple(const xd_field *field)
{
    return field->kind == XD_KIND_TEXT || field->kind == XD_KIND_IDENTIFIER;
}

static bool find_key(xd_ctx *cx, xd_run *run, const xd_type *type, const xd_body_keys *keys,
                     int64_t *ret_id, uint32_t *ret_draft)
{
    for (size_t i = 0; i < keys->n && *ret_id == 0; i++) {
        int64_t *ids = NULL;
        size_t n = 0;
        if (!xd_run_stored(cx, run, type, &keys->at[i], keys->at[i].value, &ids, &n)) {
            return false;
        }
        *ret_id = n == 1 ? ids[0] : 0; /* several of that name: the text stays */
    }
    if (*ret_id == 0 && type == run->type) {
        return xd_run_keys_find(cx, run, keys, ret_draft);
    }
    return true;
}

/* ---- by title ----------------------------------------------------------------------------- */

typedef struct gather {
    const xd_type *type;
    xd_map *titles;
} gather;

static const char several; /* what an ambiguous title maps to */

static bool on_record(xd_ctx *cx, void *user, const xd_record *record)
{
    gather *g = user;
    const xd_json *title = xd_value(g->type->title, record->body, 0);
    xd_str key = xd_fold_key(cx->arena, xd_value_lang(title, xd_lang_tag[XD_ZH], NULL));
    if (key.n > 0) {
        bool known = xd_map_get(g->titles, key) != NULL;
        /* Ids are never negative nor near the top: an id fits a pointer on 64-bit machines. */
        xd_map_put(g->titles, key,
                   known ? (void *)(uintptr_t)&several : (void *)(uintptr_t)record->id);
    }
    return true;
}

bool xd_run_by_title(xd_ctx *cx, xd_run *run, const xd_type *type, xd_str text, int64_t *ret_id)
{
    int64_t n = 0;
    *ret_id = 0;
    if (type->title == NULL) {
        return true;
    }
    if (run->titles[type->at] == NULL) {
        gather g = {type, xd_map_make(run->cx->arena)};
        if (!xd_record_count(cx, run->store, type->name, &n) ||
            (n <= XD_TITLES_MOST &&
             !xd_record_each(cx, run->store, type->name, on_record, &g))) {
            return false;
        }
        run->titles[type->at] = g.titles;
    }
    void *found = xd_map_get(run->titles[type->at], xd_fold_key(cx->arena, text));
    if (found != NULL && found != (void *)(uintptr_t)&several) {
        *ret_id = (int64_t)(uintptr_t)found;
    }
    return true;
}

/* #123 alone, or behind a name that several records have: 国家工业遗产（#123）. */
static bool id_in(xd_str text, int64_t *ret_id)
{
    size_t at = xd_str_find(text, XD_S("#"), 0);
    if (at == SIZE_MAX) {
        return false;
    }
    xd_str before = xd_str_sub(text, 0, at), id = xd_str_sub(text, at + 1, text.n);
    if (xd_str_ends(before, XD_S("（")) && xd_str_ends(id, XD_S("）"))) {
        id = xd_str_sub(id, 0, id.n - strlen("）"));
    } else if (before.n > 0) {
        return false;
    }
    return xd_str_int(id, ret_id) && *ret_id > 0;
}

/* One text for one type. */
static bool find_in(xd_ctx *cx, xd_run *run, const xd_type *type, xd_str text,
                    const xd_json *division, int64_t *ret_id, uint32_t *ret_draft)
{
    int64_t id = 0;
    const xd_record *record = NULL;
    if (id_in(text, &id)) {
        if (!xd_record_find(cx, run->store, id, &record)) {
            return false;
        }
        *ret_id = record != NULL && xd_str_eq(record->type, type->name) ? id : 0;
        return true;
    }
    xd_json *body = xd_json_object(cx->arena);
    xd_body_keys keys = {0};
    xd_json_set(cx->arena, body, XD_S("type"), xd_json_string(cx->arena, type->name));
    xd_json_set(cx->arena, body, XD_S("number"), xd_json_string(cx->arena, text));
    if (!xd_body_key_list(cx, run->model, body, &keys) ||
        !find_key(cx, run, type, &keys, ret_id, ret_draft)) {
        return false;
    }
    for (size_t i = 0; i < type->n_keys && *ret_id == 0 && *ret_draft == XD_NO_DRAFT; i++) {
        const xd_key *key = &type->keys[i];
        if (key->n == 0 || !simple(key->fields[0])) {
            continue;
        }
        for (size_t k = 0; k < 2 && *ret_id == 0 && *ret_draft == XD_NO_DRAFT; k++) {
            const xd_json *with = k == 0 ? division : NULL;
            keys = (xd_body_keys){0};
            if (!keys_of_text(cx, run, type, key->fields[0], text, with, &keys) ||
                !find_key(cx, run, type, &keys, ret_id, ret_draft)) {
                return false;
            }
        }
    }
    return true;
}

static bool resolve(xd_ctx *cx, xd_run *run, uint32_t self, const xd_field *field,
                    xd_json *link, const xd_json *division)
{
    xd_str text = xd_str_trim(xd_json_get_str(link, XD_S("text")));
    if (text.n == 0 || text.n > 400 || xd_json_get(link, XD_S("id")) != NULL) {
        return true;
    }
    xd_json_drop(link, XD_S("draft")); /* said of an earlier look: it may be known by now */
    for (size_t i = 0; i < field->n_to * 2; i++) {
        int64_t id = 0;
        uint32_t draft = XD_NO_DRAFT;
        const xd_type *type = field->to[i % field->n_to];
        bool found = i < field->n_to ? find_in(cx, run, type, text, division, &id, &draft)
                                     : xd_run_by_title(cx, run, type, text, &id);
        if (!found) {
            return false;
        }
        if (draft != XD_NO_DRAFT && run->drafts.at[draft].target != 0) {
            id = run->drafts.at[draft].target;
        }
        if (id != 0) {
            xd_json_set(cx->arena, link, XD_S("id"), xd_json_integer(cx->arena, id));
            return true;
        }
        if (draft != XD_NO_DRAFT && draft != self) {
            xd_json_set(cx->arena, link, XD_S("draft"),
                        xd_json_integer(cx->arena, (int64_t)draft));
            return true;
        }
    }
    return true;
}

bool xd_run_links(xd_ctx *cx, xd_run *run, const xd_draft *draft, xd_json *given)
{
    uint32_t self = (uint32_t)(draft - run->drafts.at);
    const xd_json *division =
        run->type->division == NULL ? NULL : xd_json_get(given, run->type->division->name);
    for (size_t i = 0; i < run->type->n_fields; i++) {
        const xd_field *field = &run->type->fields[i];
        if (field->kind != XD_KIND_LINK) {
            continue;
        }
        xd_json *value = xd_json_own(xd_json_get(given, field->name));
        if (value == NULL) {
            continue;
        }
        if (value->kind == XD_JSON_OBJECT && !resolve(cx, run, self, field, value, division)) {
            return false;
        }
        for (size_t k = 0; value->kind == XD_JSON_ARRAY && k < value->items.n; k++) {
            if (!resolve(cx, run, self, field, value->items.at[k], division)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- at append ---------------------------------------------------------------------------- */

static void settle(xd_ctx *cx, const xd_run *run, xd_json *link, bool *waits)
{
    int64_t draft = xd_json_get_int(link, XD_S("draft"), -1);
    if (draft < 0) {
        return;
    }
    uint32_t at = (uint32_t)draft;
    while (run->drafts.at[at].same_as != XD_NO_DRAFT) {
        at = run->drafts.at[at].same_as;
    }
    xd_json_drop(link, XD_S("draft"));
    if (run->drafts.at[at].target != 0) {
        xd_json_set(cx->arena, link, XD_S("id"),
                    xd_json_integer(cx->arena, run->drafts.at[at].target));
    } else {
        *waits |= !run->drafts.at[at].refused;
    }
}

bool xd_run_links_settle(xd_ctx *cx, const xd_run *run, xd_json *body, bool *ret_waits)
{
    *ret_waits = false;
    for (size_t i = 0; i < run->type->n_fields; i++) {
        const xd_field *field = &run->type->fields[i];
        if (field->kind != XD_KIND_LINK) {
            continue;
        }
        xd_json *value = xd_json_own(xd_json_get(body, field->name));
        if (value == NULL) {
            continue;
        }
        if (value->kind == XD_JSON_OBJECT) {
            settle(cx, run, value, ret_waits);
        }
        for (size_t k = 0; value->kind == XD_JSON_ARRAY && k < value->items.n; k++) {
            settle(cx, run, value->items.at[k], ret_waits);
        }
    }
    return true;
}
