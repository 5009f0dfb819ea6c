/* Records around a record: those it links to, those that link to it, and those nearby. All are
 * read through the index, so a hidden one is as good as absent. */
#include "web/page_kin.h"

#include <stdlib.h>

#define SHOWN 12 /* lines of one relation */
#define NEAR 6
#define NEAR_ASKED 20
#define NEAR_M 30000.0

/* ---- relations ----------------------------------------------------------------------------- */

static bool add_relation(xd_record_page *r, int64_t id, const xd_field *field, bool incoming,
                         const xd_json *value, xd_bonds *list)
{
    xd_ctx *cx = r->page.cx;
    const xd_json *body = NULL;
    int64_t rev;
    if (id == 0) {
        return true;
    }
    if (!xd_snap_body(cx, r->page.snap, id, &body, &rev)) {
        return false;
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(r->page.app->model, body);
    bool samples = xd_body_sample(r->type, r->body); /* among themselves alone */
    if (type != NULL && (samples || !xd_body_sample(type, body))) {
        *xd_push(cx->arena, list) = (xd_bond){.id = id,
                                              .type = type,
                                              .body = body,
                                              .field = field,
                                              .incoming = incoming,
                                              .value = value};
    }
    return true;
}

static bool outgoing(xd_record_page *r, const xd_type *type, const xd_json *body, size_t most,
                     xd_bonds *list)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *field = &type->fields[i];
        size_t n = field->kind != XD_KIND_LINK || field->hidden || field->retired
                       ? 0
                       : xd_value_count(field, body);
        for (size_t k = 0; k < n && list->n < most; k++) {
            const xd_json *value = xd_value(field, body, k);
            if (!add_relation(r, xd_json_get_int(value, XD_S("id"), 0), field, false, value,
                              list)) {
                return false;
            }
        }
    }
    return true;
}

/* The link is looked up in what anybody may see of the record that holds it. */
static bool holds(xd_record_page *r, int64_t from, xd_str name, int64_t id, xd_bonds *list)
{
    const xd_json *body = NULL;
    int64_t rev;
    if (!xd_snap_body(r->page.cx, r->page.snap, from, &body, &rev)) {
        return false;
    }
    const xd_type *type = body == NULL ? NULL : xd_body_type(r->page.app->model, body);
    const xd_field *field = type == NULL ? NULL : xd_field_find(type, name);
    if (field == NULL || field->kind != XD_KIND_LINK || field->hidden || field->retired) {
        return true;
    }
    size_t n = xd_value_count(field, body);
    for (size_t k = 0; k < n; k++) {
        const xd_json *value = xd_value(field, body, k);
        if (xd_json_get_int(value, XD_S("id"), 0) == id) {
            return add_relation(r, from, field, true, value, list);
        }
    }
    return true;
}

static size_t place_of(const xd_record_page *r, const xd_type *type)
{
    const xd_site *site = r->page.site;
    for (size_t i = 0; i < site->types.n; i++) {
        if (site->types.at[i].type == type) {
            return i;
        }
    }
    return site->types.n;
}

typedef struct placed { /* a relation and what it is sorted by */
    xd_bond relation;
    size_t type;
    int32_t year;
} placed;

static int by_place(const void *a, const void *b)
{
    const placed *p = a, *q = b;
    if (p->relation.incoming != q->relation.incoming) {
        return p->relation.incoming ? 1 : -1;
    }
    if (p->relation.incoming && p->type != q->type) {
        return p->type < q->type ? -1 : 1;
    }
    if (p->relation.field->at != q->relation.field->at) {
        return p->relation.field->at < q->relation.field->at ? -1 : 1;
    }
    if (p->year != q->year) {
        return p->year < q->year ? -1 : 1;
    }
    return (p->relation.id > q->relation.id) - (p->relation.id < q->relation.id);
}

/* When the link began, else the other record; unknown last. */
static int32_t year_of(const xd_bond *relation)
{
    int32_t day, year;
    if (xd_day_read(xd_json_get_str(relation->value, XD_S("from")), &day)) {
        return day;
    }
    year = xd_body_year(relation->type, relation->body);
    return year == INT32_MIN ? INT32_MAX : xd_day_of(year, 1, 1);
}

static void sort_relations(xd_record_page *r, xd_bonds *list)
{
    placed *all = xd_new_n(r->page.cx->arena, placed, list->n + 1);
    for (size_t i = 0; i < list->n; i++) {
        all[i] = (placed){.relation = list->at[i],
                          .type = place_of(r, list->at[i].type),
                          .year = year_of(&list->at[i])};
    }
    qsort(all, list->n, sizeof *all, by_place);
    for (size_t i = 0; i < list->n; i++) {
        list->at[i] = all[i].relation;
    }
}

/* Who leads here is asked of the store; the page does without while that is away. */
static bool links_to(xd_record_page *r, int64_t id, xd_links *links)
{
    xd_ctx *cx = r->page.cx;
    if ((r->store != NULL || xd_app_store(cx, r->page.app, &r->store)) &&
        xd_links_of(cx, r->store, id, true, links)) {
        return true;
    }
    if (cx->err.code != XD_BUSY || (cx->deadline != 0 && xd_monotonic() > cx->deadline)) {
        return false;
    }
    (void)xd_err_take(cx);
    links->n = 0;
    return true;
}

bool xd_bonds_of(xd_record_page *r, int64_t id, const xd_type *type, const xd_json *body,
                 size_t most, xd_bonds *list)
{
    xd_links links = {0};
    if (!outgoing(r, type, body, most, list) || !links_to(r, id, &links)) {
        return false;
    }
    for (size_t i = 0; i < links.n && list->n < most; i++) {
        if (!holds(r, links.at[i].from, links.at[i].kind, id, list)) {
            return false;
        }
    }
    sort_relations(r, list);
    return true;
}

xd_str xd_bond_name(const xd_page *page, const xd_bond *relation)
{
    if (!relation->incoming) {
        return xd_label_in(&relation->field->label, page->cx->lang);
    }
    xd_str as = xd_label_in(&relation->field->as, page->cx->lang);
    return as.n > 0 ? as : xd_type_plural(page, relation->type);
}

xd_said xd_bond_title(const xd_page *page, const xd_bond *relation)
{
    xd_said title = xd_field_said(page, relation->type->title, relation->body, 0);
    if (title.text.n == 0) {
        title.text = xd_body_title(page->cx, page->app->model, relation->body);
    }
    return title;
}

xd_str xd_bond_note(const xd_page *page, const xd_bond *relation)
{
    xd_ctx *cx = page->cx;
    xd_str from = xd_json_get_str(relation->value, XD_S("from"));
    xd_str to = xd_json_get_str(relation->value, XD_S("to")), note = {0};
    const char *between = cx->lang == XD_ZH ? "；" : "; ";

    if (from.n > 0 || to.n > 0) {
        const xd_fill fills[] = {
            {.hole = "from", .text = from},
            {.hole = "to",   .text = to  }
        };
        note = xd_word_fill(cx->arena, cx->lang,
                            to.n == 0     ? XD_W_KIN_SINCE
                            : from.n == 0 ? XD_W_KIN_UNTIL
                                          : XD_W_KIN_FROM_TO,
                            fills, XD_LEN(fills));
    }
    for (size_t i = 0; i < relation->field->n_fields; i++) {
        const xd_field *own = &relation->field->fields[i];
        const xd_json *value = xd_value(own, relation->value, 0);
        if (value != NULL && !own->hidden) {
            xd_str text = xd_value_text(cx, page->app->model, own, value);
            note = note.n == 0 ? text
                               : xd_str_printf(cx->arena, XD_FMT "%s" XD_FMT, XD_ARG(note),
                                               between, XD_ARG(text));
        }
    }
    return note;
}

/* Where the link itself says no time, that of the other record. */
static xd_str when_of(xd_page *page, const xd_bond *bond)
{
    xd_str note = xd_bond_note(page, bond);
    return note.n > 0 ? note : xd_time_said(page, bond->type, bond->body);
}

/* ---- said at the top, and in the table ------------------------------------------------------ */

static bool same_name(const xd_bond *a, const xd_bond *b)
{
    return a->field == b->field && a->incoming == b->incoming &&
           (!a->incoming || a->type == b->type);
}

/* A part is shown among the contents, what a tree holds there, and what has figures of its own in a
 * table with them; never again as a relation. */
bool xd_bond_is_part(const xd_bond *bond)
{
    return bond->incoming &&
           (bond->type->parent_field == bond->field || bond->type->tree == bond->field ||
            xd_computed_tabled(bond->type));
}

static void add_notices(xd_record_page *r, const xd_bonds *list)
{
    xd_ctx *cx = r->page.cx;
    for (size_t i = 0; i < list->n && r->view.notices.n < SHOWN; i++) {
        const xd_bond *one = &list->at[i];
        if (one->field->notice) {
            *xd_push(cx->arena, &r->view.notices) = (xd_view_tie){
                .name = xd_bond_name(&r->page, one),
                .title = xd_bond_title(&r->page, one),
                .url = xd_body_url(&r->page, one->type, one->id, one->body),
                .note = xd_bond_note(&r->page, one),
            };
        }
    }
}

/* Where all records of one incoming relation are: their list, narrowed to this record. */
static xd_url all_of(xd_record_page *r, const xd_bond *one)
{
    xd_query query = {0};
    if (!one->incoming) {
        return (xd_url){0};
    }
    xd_query_add(r->page.cx, &query, one->field->name,
                 xd_str_printf(r->page.cx->arena, "%" PRId64, r->id));
    return xd_url_query(r->page.cx, xd_url_type(r->page.cx, one->type), &query);
}

static void add_ties(xd_record_page *r, const xd_bonds *list)
{
    xd_ctx *cx = r->page.cx;
    size_t next;
    for (size_t i = 0; i < list->n; i = next) {
        const xd_bond *first = &list->at[i];
        for (next = i + 1; next < list->n && same_name(first, &list->at[next]); next++) {
        }
        if (xd_bond_is_part(first)) {
            continue;
        }
        xd_view_tie_group *group = xd_push(cx->arena, &r->view.ties);
        *group = (xd_view_tie_group){.name = xd_bond_name(&r->page, first), .n = next - i};
        for (size_t k = i; k < next && k < i + SHOWN; k++) {
            const xd_bond *one = &list->at[k];
            *xd_push(cx->arena, &group->ties) = (xd_view_tie){
                .first = k == i,
                .rows = (int64_t)(next - i < SHOWN ? next - i : SHOWN) + (next - i > SHOWN),
                .name = group->name,
                .title = xd_bond_title(&r->page, one),
                .url = xd_body_url(&r->page, one->type, one->id, one->body),
                .type = xd_label_in(&one->type->label, cx->lang),
                .note = when_of(&r->page, one),
            };
        }
        if (next - i > SHOWN) {
            group->all = all_of(r, first);
            group->more = next - i - SHOWN;
        }
    }
}

/* ---- nearby ---------------------------------------------------------------------------------- */

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

/* Shown above already, as a part or by a link. */
static bool is_kin(const xd_bonds *list, int64_t id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->at[i].id == id) {
            return true;
        }
    }
    return false;
}

static bool add_near(xd_record_page *r, const xd_bonds *list)
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
            is_kin(list, answer->hits[i].id)) {
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
    xd_bonds list = {0};

    if (!xd_bonds_of(r, r->id, r->type, r->body, XD_KIN, &list)) {
        return false;
    }
    add_notices(r, &list);
    add_ties(r, &list);
    return xd_record_parts(r, &list) && xd_record_lines(r) && xd_record_graph(r, &list) &&
           add_near(r, &list);
}
