#include "index/refer.h"

#include "model/fold.h"

#define TITLES_MOST 20000 /* of one type; of more records without a number the id is written */
#define TITLE_LONGEST 400 /* bytes: longer ones no import looks up */

struct xd_refer {
    xd_ctx *cx;
    const xd_model *model;
    const xd_snap *snap;
    xd_map **titles; /* by type: folded title → id; NULL: not gathered */
};

static const char several; /* what a title of several records maps to */

xd_refer *xd_refer_make(xd_ctx *cx, const xd_model *model, const xd_snap *snap)
{
    xd_refer *refer = xd_new(cx->arena, xd_refer);
    *refer = (xd_refer){
        .cx = cx,
        .model = model,
        .snap = snap,
        .titles = xd_new_n(cx->arena, xd_map *, xd_model_types(model)),
    };
    return refer;
}

static xd_str title_of(const xd_type *type, const xd_json *body)
{
    const xd_json *title = type->title == NULL ? NULL : xd_value(type->title, body, 0);
    return xd_str_trim(xd_value_lang(title, xd_lang_tag[XD_ZH], NULL));
}

typedef struct gather {
    xd_refer *refer;
    const xd_type *type;
    xd_map *titles;
    xd_ctx each; /* reset record by record */
    bool whole;
} gather;

static bool add_title(xd_ctx *cx, void *user, xd_hit hit)
{
    gather *g = user;
    const xd_json *body;
    int64_t rev;
    (void)cx; /* what is kept lives as long as the map */
    xd_ctx_reset(&g->each);
    if (xd_map_count(g->titles) >= TITLES_MOST ||
        !xd_snap_body(&g->each, g->refer->snap, hit.id, &body, &rev)) {
        g->whole = false;
        return true;
    }
    xd_str key =
        body == NULL ? (xd_str){0} : xd_fold_key(g->each.arena, title_of(g->type, body));
    if (key.n > 0) {
        bool known = xd_map_get(g->titles, key) != NULL;
        xd_map_put(g->titles, key,
                   known ? (void *)(uintptr_t)&several : (void *)(uintptr_t)hit.id);
    }
    return true;
}

/* The titles of a type; an empty map where they cannot all be had: then none is known as the only
 * one of its kind. */
static const xd_map *titles_of(xd_refer *refer, const xd_type *type)
{
    if (refer->titles[type->at] == NULL) {
        gather g = {refer, type, xd_map_make(refer->cx->arena), .whole = true};
        /* An import looks a name up among all records, so made-up ones are told apart too. */
        xd_ask ask = {.type = type, .lang = refer->cx->lang, .samples = true};
        xd_ctx_begin(&g.each);
        if (!xd_ask_each(refer->cx, refer->snap, &ask, add_title, &g)) {
            (void)xd_err_take(refer->cx); /* the id is true whatever went wrong */
            g.whole = false;
        }
        xd_ctx_end(&g.each);
        refer->titles[type->at] = g.whole ? g.titles : xd_map_make(refer->cx->arena);
    }
    return refer->titles[type->at];
}

static bool only_one(xd_refer *refer, xd_ctx *cx, const xd_field *field, const xd_type *type,
                     xd_str title, int64_t id)
{
    xd_str key = xd_fold_key(cx->arena, title);
    if (key.n == 0 || title.n > TITLE_LONGEST || title.p[0] == '#' ||
        xd_map_get(titles_of(refer, type), key) != (void *)(uintptr_t)id) {
        return false;
    }
    for (size_t i = 0; i < field->n_to; i++) {
        if (field->to[i] != type && xd_map_get(titles_of(refer, field->to[i]), key) != NULL) {
            return false;
        }
    }
    return true;
}

xd_str xd_refer_text(void *user, xd_ctx *cx, const xd_field *field, int64_t id)
{
    xd_refer *refer = user;
    const xd_json *body;
    int64_t rev;
    if (!xd_snap_body(cx, refer->snap, id, &body, &rev)) {
        (void)xd_err_take(cx); /* the cell then keeps the link's own text */
        return (xd_str){0};
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(refer->model, body);
    if (type == NULL) {
        return (xd_str){0};
    }
    xd_str number = xd_json_get_str(body, XD_S("number"));
    xd_str title = title_of(type, body);
    if (number.n > 0) {
        return number;
    }
    return only_one(refer, cx, field, type, title, id)
               ? title
               : xd_str_printf(cx->arena, "#%" PRId64, id);
}
