/* A link compared with words. What pages and the API show of a link is the title of the record it
 * leads to, so that is what a visitor copies into a condition; the words a table was written with
 * may be others, or older. A condition `link = 'words'` or `link IN (…)` therefore holds for the
 * words kept, and for every visible record of that very title: those are looked up first and put
 * in by their ids. Other comparisons are about the words kept. */
#include "web/ask.h"

#define TITLED 50 /* records of one title */

typedef struct finding {
    xd_ctx *cx;
    const xd_model *model;
    const xd_snap *snap;
} finding;

static const xd_cql *leaf_of(finding *f, xd_cql_op op, xd_str text)
{
    xd_cql *leaf = xd_new(f->cx->arena, xd_cql);
    *leaf = (xd_cql){.op = op, .text = text};
    return leaf;
}

static xd_cql *pair_of(finding *f, xd_cql_op op, const xd_cql *a, const xd_cql *b)
{
    xd_cql *cql = xd_new(f->cx->arena, xd_cql);
    *cql = (xd_cql){.op = op, .n = 2};
    cql->args = xd_new_n(f->cx->arena, const xd_cql *, 2);
    cql->args[0] = a;
    cql->args[1] = b;
    return cql;
}

typedef XD_VEC(const xd_cql *) nodes;

/* Ids of the records of a type that are called so, as number leaves. */
static bool add_titled(finding *f, const xd_type *type, xd_str title, nodes *ids)
{
    xd_ctx *cx = f->cx;
    const xd_cql *bound;
    const xd_answer *answer;
    if (type->title == NULL) {
        return true;
    }
    const xd_cql *called = pair_of(f, XD_CQL_EQ, leaf_of(f, XD_CQL_PROPERTY, type->title->name),
                                   leaf_of(f, XD_CQL_TEXT, title));
    if (!xd_cql_check(cx, f->model, type, false, called, &bound)) {
        return false;
    }
    const xd_ask ask = {.type = type, .filter = bound, .limit = TITLED, .lang = cx->lang};
    if (!xd_ask_run(cx, f->snap, &ask, &answer)) {
        return false;
    }
    for (size_t i = 0; i < answer->n; i++) {
        *xd_push(cx->arena, ids) =
            leaf_of(f, XD_CQL_NUMBER, xd_str_printf(cx->arena, "%" PRId64, answer->hits[i].id));
    }
    return true;
}

static bool is_link(const xd_cql *cql)
{
    return cql->op == XD_CQL_PROPERTY && cql->part == XD_PART_VALUE && cql->over == NULL &&
           cql->field != NULL && cql->field->kind == XD_KIND_LINK;
}

static bool titled(finding *f, const xd_field *link, const xd_cql *literal, nodes *ids)
{
    int64_t id;
    if (literal->op != XD_CQL_TEXT || xd_str_int(literal->text, &id)) {
        return true;
    }
    for (size_t i = 0; i < link->n_to; i++) {
        if (!add_titled(f, link->to[i], literal->text, ids)) {
            return false;
        }
    }
    return true;
}

/* link = 'a' → link IN ('a', ids…); link IN ('a', …) → with the ids of each. */
static bool widen(finding *f, const xd_cql *cql, const xd_cql **ret)
{
    nodes all = {0};
    bool swapped = cql->op == XD_CQL_EQ && !is_link(cql->args[0]);
    const xd_cql *link = cql->args[swapped ? 1 : 0];
    size_t before;
    *xd_push(f->cx->arena, &all) = link;
    for (size_t i = 0; i < cql->n; i++) {
        if (cql->args[i] != link) {
            *xd_push(f->cx->arena, &all) = cql->args[i];
        }
    }
    before = all.n;
    for (size_t i = 1; i < before; i++) {
        if (!titled(f, link->field, all.at[i], &all)) {
            return false;
        }
    }
    if (all.n == before) {
        *ret = cql;
        return true;
    }
    xd_cql *wide = xd_new(f->cx->arena, xd_cql);
    *wide = *cql;
    wide->op = XD_CQL_IN;
    wide->args = all.at;
    wide->n = all.n;
    *ret = wide;
    return true;
}

static bool walk(finding *f, const xd_cql *cql, const xd_cql **ret)
{
    if (cql->op == XD_CQL_EQ && (is_link(cql->args[0]) || is_link(cql->args[1]))) {
        return widen(f, cql, ret);
    }
    if (cql->op == XD_CQL_IN && is_link(cql->args[0])) {
        return widen(f, cql, ret);
    }
    if (cql->op != XD_CQL_AND && cql->op != XD_CQL_OR && cql->op != XD_CQL_NOT) {
        *ret = cql;
        return true;
    }
    xd_cql *copy = xd_new(f->cx->arena, xd_cql);
    *copy = *cql;
    copy->args = xd_new_n(f->cx->arena, const xd_cql *, cql->n);
    for (size_t i = 0; i < cql->n; i++) {
        if (!walk(f, cql->args[i], &copy->args[i])) {
            return false;
        }
    }
    *ret = copy;
    return true;
}

/* Whether there is anything to look up: most filters have no link, and cost nothing. */
static bool has_link(const xd_cql *cql)
{
    if (is_link(cql)) {
        return true;
    }
    for (size_t i = 0; i < cql->n; i++) {
        if (has_link(cql->args[i])) {
            return true;
        }
    }
    return false;
}

bool xd_ask_titles(xd_ctx *cx, const xd_app *app, const xd_cql *filter, const xd_cql **ret)
{
    if (filter == NULL || app->index == NULL || !has_link(filter)) {
        *ret = filter;
        return true;
    }
    finding f = {.cx = cx, .model = app->model, .snap = xd_snap_open(cx, app->index)};
    return walk(&f, filter, ret);
}
