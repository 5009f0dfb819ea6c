/* tests/index/world.h — a model, an index over it, and bodies put into it by hand. */
#ifndef XD_TEST_INDEX_WORLD_H
#define XD_TEST_INDEX_WORLD_H

#include "index/edition.h"
#include "xd_test.h"

typedef struct world {
    xd_ctx cx, model_cx;
    const xd_model *model;
    xd_index *index;
    const xd_type *works, *firm;
    int64_t seq;
    const char *forgiven; /* a problem that only new bodies must not have */
} world;

static inline void world_begin(world *w, xd_visibility visibility)
{
    *w = (world){0};
    xd_ctx_begin(&w->cx);
    xd_ctx_begin(&w->model_cx);
    xd_faults faults = {0};
    if (!xd_model_load(&w->model_cx, XD_SOURCE "/tests/cases/index/model", &faults,
                       &w->model)) {
        for (size_t i = 0; i < faults.n; i++)
            printf(XD_FMT ":%d: " XD_FMT "\n", XD_ARG(faults.at[i].file), faults.at[i].line,
                   XD_ARG(faults.at[i].reason));
        ck_abort_msg("the model: " XD_FMT, XD_ARG(w->model_cx.err.message));
    }
    XD_OK_CALL(&w->cx, xd_index_make(&w->cx, w->model, visibility, &w->index));
    w->works = xd_type_find(w->model, XD_S("works"));
    w->firm = xd_type_find(w->model, XD_S("firm"));
    ck_assert_ptr_nonnull(w->works);
    ck_assert_ptr_nonnull(w->firm);
}

static inline void world_end(world *w)
{
    xd_ctx_end(&w->cx);
    xd_index_free(w->index);
    xd_ctx_end(&w->model_cx);
}

/* A draft as following the log would make it; false: not visible. */
static inline bool world_draft(world *w, int64_t id, xd_str json, xd_draft *ret_draft)
{
    xd_ctx *cx = &w->cx;
    const xd_json *body = NULL;
    if (!xd_json_read(cx, json, &body))
        ck_abort_msg("body of %d: " XD_FMT, (int)id, XD_ARG(cx->err.message));
    xd_problems problems = {0};
    XD_OK_CALL(cx, xd_body_check(cx, w->model, body, &problems));
    for (size_t i = 0; i < problems.n; i++) {
        if (problems.at[i].weight == XD_REFUSAL &&
            strcmp(problems.at[i].code, w->forgiven == NULL ? "" : w->forgiven) != 0)
            ck_abort_msg("body of %d is refused: " XD_FMT " " XD_FMT, (int)id,
                         XD_ARG(problems.at[i].field), XD_ARG(problems.at[i].in[XD_EN]));
    }
    if (w->index->visibility == XD_SEE_PUBLIC)
        XD_OK_CALL(cx, xd_body_public(cx, w->model, body, &body));
    if (body == NULL)
        return false;
    *ret_draft = (xd_draft){.id = id,
                            .rev = id * 10,
                            .time = id * INT64_C(86400000000),
                            .type = xd_body_type(w->model, body)};
    const xd_field *place = ret_draft->type->place;
    for (size_t i = 0; place != NULL && i < xd_value_count(place, body) && !ret_draft->placed;
         i++) {
        const xd_geom *geom = NULL;
        XD_OK_CALL(cx, xd_value_geom(cx, xd_value(place, body, i), &geom));
        if (geom != NULL)
            XD_OK_CALL(cx, xd_geom_anchor(cx, geom, &ret_draft->at));
        ret_draft->placed = geom != NULL;
    }
    xd_buf text = {0};
    xd_json_canonical(&text, body);
    ret_draft->body = xd_buf_copy(&text, cx->arena);
    xd_buf_free(&text);
    return true;
}

/* One record, as a stretch of the log of its own. */
static inline void world_put(world *w, int64_t id, const char *json)
{
    xd_draft draft;
    bool visible = world_draft(w, id, xd_str_of(json), &draft);
    XD_OK_CALL(&w->cx,
               xd_edition_apply(&w->cx, w->index, &draft, visible, &id, !visible, ++w->seq));
}

static inline const xd_cql *world_filter(world *w, const xd_type *type, const char *text)
{
    const xd_cql *read = NULL, *bound = NULL;
    XD_OK_CALL(&w->cx, xd_cql_read_text(&w->cx, xd_str_of(text), &read));
    XD_OK_CALL(&w->cx, xd_cql_check(&w->cx, w->model, type, w->index->visibility == XD_SEE_ALL,
                                    read, &bound));
    return bound;
}

/* The ids found, in order, as "3 1 2". */
static inline const char *world_ids(world *w, const xd_ask *ask)
{
    const xd_answer *answer = NULL;
    XD_OK_CALL(&w->cx, xd_ask_run(&w->cx, xd_snap_open(&w->cx, w->index), ask, &answer));
    xd_buf out = {0};
    for (size_t i = 0; i < answer->n; i++)
        xd_buf_printf(&out, "%s%" PRId64, i > 0 ? " " : "", answer->hits[i].id);
    const char *ids = xd_cstr(w->cx.arena, xd_buf_str(&out));
    xd_buf_free(&out);
    return ids;
}

#endif
