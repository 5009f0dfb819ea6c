/* Records around a record: its children, those that link to it, those nearby. All are asked for
 * through the index, so a hidden one is as good as absent. */
#include "web/page_record.h"

#define KIN 400   /* links followed from one record */
#define FAMILY 12 /* rows shown of one kind of kin */
#define LINES 100 /* children in a table */
#define NEAR 6
#define NEAR_ASKED 20
#define NEAR_M 30000.0

typedef struct kin {
    int64_t id;
    const xd_type *type;
    const xd_json *body;
} kin;
typedef struct kin_group {
    const xd_type *type;
    const xd_field *field; /* the link that leads here */
    XD_VEC(kin) members;
} kin_group;
typedef XD_VEC(kin_group) kin_groups;

static kin_group *group_of(xd_ctx *cx, kin_groups *groups, const xd_type *type,
                           const xd_field *field)
{
    for (size_t i = 0; i < groups->n; i++) {
        if (groups->at[i].type == type && groups->at[i].field == field) {
            return &groups->at[i];
        }
    }
    kin_group *group = xd_push(cx->arena, groups);
    *group = (kin_group){.type = type, .field = field};
    return group;
}

static bool gather(xd_record_page *r, kin_groups *groups)
{
    xd_ctx *cx = r->page.cx;
    xd_links links = {0};
    bool samples = xd_body_sample(r->type, r->body); /* among themselves alone */

    if (!xd_links_of(cx, r->store, r->id, true, &links)) {
        return false;
    }
    for (size_t i = 0; i < links.n && i < KIN; i++) {
        const xd_json *body;
        int64_t rev;
        if (!xd_snap_body(cx, r->page.snap, links.at[i].from, &body, &rev)) {
            return false;
        }
        const xd_type *type = body == NULL ? NULL : xd_body_type(r->page.app->model, body);
        const xd_field *field = type == NULL ? NULL : xd_field_find(type, links.at[i].kind);
        bool sample = type != NULL && xd_body_sample(type, body);
        if (field != NULL && !field->hidden && (!sample || samples)) {
            *xd_push(cx->arena, &group_of(cx, groups, type, field)->members) =
                (kin){.id = links.at[i].from, .type = type, .body = body};
        }
    }
    return true;
}

/* Children may be called like a field that lists them in one text: the page then says which of
 * the two headings is the list of records. */
static xd_str children_label(xd_record_page *r, xd_str label)
{
    for (size_t i = 0; i < r->view.sections.n; i++) {
        if (xd_str_eq(r->view.sections.at[i].label, label)) {
            return xd_say_s(&r->page, XD_W_RECORD_ONE_BY_ONE, "what", label);
        }
    }
    return label;
}

static bool add_children(xd_record_page *r, const kin_group *group)
{
    xd_ctx *cx = r->page.cx;
    xd_str label = xd_type_plural(&r->page, group->type);
    xd_view_table *table = xd_table_of(&r->page, group->type, label);

    for (size_t i = 0; i < group->members.n && i < LINES; i++) {
        const kin *k = &group->members.at[i];
        if (!xd_table_line(&r->page, k->type, k->id, k->body, table)) {
            return false;
        }
    }
    *xd_push(cx->arena, &r->view.children) = (xd_view_family){
        .id = xd_str_printf(cx->arena, "k%zu", group->type->at),
        .label = children_label(r, label),
        .table = table,
        .n = group->members.n,
    };
    return true;
}

static bool add_related(xd_record_page *r, const kin_group *group, xd_view_families *families)
{
    xd_ctx *cx = r->page.cx;
    xd_str label = xd_label_in(&group->field->as, cx->lang);
    xd_view_family family = {
        .id = xd_str_printf(cx->arena, "l%zu-%zu", group->type->at, group->field->at),
        .label = label.n > 0 ? label : xd_type_plural(&r->page, group->type),
        .n = group->members.n,
    };
    for (size_t i = 0; i < group->members.n && i < FAMILY; i++) {
        const kin *k = &group->members.at[i];
        xd_view_row row;
        if (!xd_row_of(&r->page, k->type, k->id, k->body, (xd_str){0}, &row)) {
            return false;
        }
        row.type = xd_label_in(&k->type->label, cx->lang);
        *xd_push(cx->arena, &family.rows) = row;
    }
    *xd_push(cx->arena, families) = family;
    return true;
}

/* "3.2 公里"; "约 12 公里" where either place is known roughly. */
static xd_str distance_text(xd_record_page *r, double metres, bool about)
{
    int64_t tens = (int64_t)(metres / 100 + 0.5);
    if (about && metres < 1500) {
        return xd_say(&r->page, XD_W_RECORD_KM_CLOSE);
    }
    xd_str km =
        metres < 10000 && !about
            ? xd_str_printf(r->page.cx->arena, "%" PRId64 ".%" PRId64, tens / 10, tens % 10)
            : xd_str_printf(r->page.cx->arena, "%" PRId64, (tens + 5) / 10);
    if (metres < 1000 && !about) {
        return xd_say_n(&r->page, XD_W_RECORD_M, "n", (int64_t)(metres / 10 + 0.5) * 10);
    }
    return xd_say_s(&r->page, about ? XD_W_RECORD_KM_ABOUT : XD_W_RECORD_KM, "n", km);
}

static bool is_rough(const xd_type *type, const xd_json *body)
{
    const xd_json *value = type->place == NULL ? NULL : xd_value(type->place, body, 0);
    return value == NULL || xd_value_precision(value) >= XD_PRECISION_TOWN;
}

/* Shown above already, as a child or by a link. */
static bool is_kin(const kin_groups *groups, int64_t id)
{
    for (size_t i = 0; i < groups->n; i++) {
        for (size_t k = 0; k < groups->at[i].members.n; k++) {
            if (groups->at[i].members.at[k].id == id) {
                return true;
            }
        }
    }
    return false;
}

static bool add_near(xd_record_page *r, const kin_groups *groups)
{
    xd_ctx *cx = r->page.cx;
    const xd_ask ask = {
        .near = r->id, .within_m = NEAR_M, .limit = NEAR_ASKED, .lang = cx->lang};
    const xd_answer *answer;
    xd_pos at;
    bool vague;

    if (!xd_body_spot(&r->page, r->type, r->body, &at, &vague)) {
        return true;
    }
    if (!xd_ask_run(cx, r->page.snap, &ask, &answer)) {
        return false;
    }
    for (size_t i = 0; i < answer->n && r->view.near.n < NEAR; i++) {
        const xd_json *body;
        int64_t rev;
        xd_view_row row;
        if (!xd_snap_body(cx, r->page.snap, answer->hits[i].id, &body, &rev)) {
            return false;
        }
        const xd_type *type = body == NULL ? NULL : xd_body_type(r->page.app->model, body);
        if (type == NULL || type->parent != NULL || answer->hits[i].distance_m < 0 ||
            is_kin(groups, answer->hits[i].id)) {
            continue; /* a part of something is not a neighbour of it */
        }
        if (!xd_row_of(&r->page, type, answer->hits[i].id, body, (xd_str){0}, &row)) {
            return false;
        }
        row.summary = NULL;
        row.type = xd_label_in(&type->label, cx->lang);
        row.distance = distance_text(r, answer->hits[i].distance_m,
                                     is_rough(type, body) || is_rough(r->type, r->body));
        *xd_push(cx->arena, &r->view.near) = row;
    }
    return true;
}

bool xd_record_kin(xd_record_page *r)
{
    kin_groups groups = {0};

    if (!gather(r, &groups)) {
        return false;
    }
    for (size_t i = 0; i < groups.n; i++) {
        const xd_type *type = groups.at[i].type;
        bool child = groups.at[i].field == type->parent_field;
        bool drawn = type->tree != NULL && (child || groups.at[i].field == type->tree);
        if (drawn && !r->past) {
            continue; /* page_computed.c */
        }
        if (!(child ? add_children(r, &groups.at[i])
                    : add_related(r, &groups.at[i], &r->view.related))) {
            return false;
        }
    }
    return add_near(r, &groups);
}
