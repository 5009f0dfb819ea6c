#include "web/report_form.h"

#include "base/file.h"

#define FORM_BYTES ((size_t)256 << 10)
#define PARTS 200

typedef struct reading {
    xd_ctx *cx;
    const xd_model *model;
    xd_report_form *form;
    xd_faults *faults;
    xd_str where; /* "measures › facts": where in the file */
} reading;

static void fault(reading *r, xd_str key, xd_str zh, xd_str en)
{
    *xd_push(r->cx->arena, r->faults) = (xd_fault){
        .file = r->form->file,
        .key = r->where.n == 0 ? key
                               : xd_str_printf(r->cx->arena, XD_FMT " › " XD_FMT,
                                               XD_ARG(r->where), XD_ARG(key)),
        .zh = zh,
        .reason = en,
    };
}

static void lacks(reading *r, xd_str key, xd_str name, const xd_type *type)
{
    xd_arena *arena = r->cx->arena;
    fault(r, key,
          type == NULL ? xd_str_printf(arena, "没有“" XD_FMT "”这个类型", XD_ARG(name))
                       : xd_str_printf(arena, "类型“" XD_FMT "”没有“" XD_FMT "”",
                                       XD_ARG(type->name), XD_ARG(name)),
          type == NULL ? xd_str_printf(arena, "there is no type " XD_FMT, XD_ARG(name))
                       : xd_str_printf(arena, "the type " XD_FMT " has no " XD_FMT,
                                       XD_ARG(type->name), XD_ARG(name)));
}

static xd_label label_in(const xd_json *map, const char *key)
{
    const xd_json *value = xd_json_get(map, xd_str_of(key));
    xd_label label = {0};
    xd_str one = xd_json_str(value);
    for (size_t i = 0; i < XD_LANGS; i++) {
        label.in[i] = one.n > 0 ? one : xd_json_get_str(value, xd_lang_tag[i]);
    }
    return label;
}

static bool yes_in(const xd_json *map, const char *key)
{
    const xd_json *value = xd_json_get(map, xd_str_of(key));
    return value != NULL && value->kind == XD_JSON_BOOL && value->boolean;
}

/* ---- names ---------------------------------------------------------------------------------- */

/* A field anybody may see, or a computed value's own. */
static const xd_field *value_called(const xd_type *type, xd_str name)
{
    const xd_field *field = xd_field_find(type, name);
    const xd_computed *computed = field == NULL ? xd_computed_find(type, name) : NULL;
    if (computed != NULL) {
        return &computed->field;
    }
    return field == NULL || field->hidden || field->retired ? NULL : field;
}

static const xd_field *field_of(reading *r, const xd_json *map, const char *key,
                                const xd_type *type, int kind)
{
    xd_str name = xd_json_get_str(map, xd_str_of(key));
    if (name.n == 0 || type == NULL) {
        return NULL;
    }
    const xd_field *field = value_called(type, name);
    if (field == NULL || (kind >= 0 && (int)field->kind != kind)) {
        lacks(r, xd_str_of(key), name, type);
        return NULL;
    }
    return field;
}

static bool leads_to(const xd_field *link, const xd_type *type)
{
    for (size_t i = 0; i < link->n_to; i++) {
        if (link->to[i] == type) {
            return true;
        }
    }
    return false;
}

/* "indicator.plan", from a record of `type` to one of `to`: the last word is the link that leads
 * there. Types between are found by the words that follow. */
static bool walk(const xd_type *type, xd_str path, const xd_type *to, xd_report_way *way)
{
    xd_str name;
    if (way->n == XD_REPORT_STEPS || !xd_str_cut(&path, '.', &name)) {
        return false;
    }
    const xd_field *link = xd_field_find(type, name);
    if (link == NULL || link->kind != XD_KIND_LINK || link->hidden) {
        return false;
    }
    if (path.n == 0) {
        way->steps[way->n++] = (xd_report_step){type, link};
        return leads_to(link, to);
    }
    for (size_t i = 0; i < link->n_to; i++) {
        size_t before = way->n;
        if (walk(link->to[i], path, to, way) && way->n < XD_REPORT_STEPS) {
            way->steps[way->n++] = (xd_report_step){type, link};
            return true;
        }
        way->n = before;
    }
    return false;
}

static void read_set(reading *r, const xd_json *map, const xd_type *subject, xd_report_set *set)
{
    xd_ctx *cx = r->cx;
    xd_str name = xd_json_get_str(map, XD_S("type")),
           text = xd_json_get_str(map, XD_S("where"));
    const xd_json *via = xd_json_get(map, XD_S("via"));
    const xd_cql *read;
    set->type = xd_type_find(r->model, name);
    if (set->type == NULL) {
        lacks(r, XD_S("type"), name, NULL);
        return;
    }
    for (size_t i = 0; i < xd_json_len(via); i++) {
        xd_str path = xd_json_str(xd_json_at(via, i));
        xd_report_way way = {0};
        if (walk(set->type, path, subject, &way)) {
            *xd_push(cx->arena, &set->ways) = way;
        } else {
            fault(r, XD_S("via"),
                  xd_str_printf(cx->arena, "“" XD_FMT "”不通到“" XD_FMT "”", XD_ARG(path),
                                XD_ARG(subject->name)),
                  xd_str_printf(cx->arena, XD_FMT " does not lead to " XD_FMT, XD_ARG(path),
                                XD_ARG(subject->name)));
        }
    }
    set->tops = yes_in(map, "tops") && set->type->tree != NULL;
    set->during = field_of(r, map, "during", set->type, XD_KIND_PERIOD);
    set->sort = field_of(r, map, "sort", set->type, -1);
    if (text.n > 0 && (!xd_cql_read_text(cx, text, &read) ||
                       !xd_cql_check_rule(cx, set->type, false, read, &set->where))) {
        xd_err err = xd_err_take(cx);
        fault(r, XD_S("where"), err.zh.n > 0 ? err.zh : err.message,
              err.en.n > 0 ? err.en : err.message);
    }
}

/* ---- items ---------------------------------------------------------------------------------- */

static xd_report_at at_called(reading *r, xd_str word)
{
    static const xd_str words[] = {
        [XD_REPORT_NOW] = XD_STR("now"),     [XD_REPORT_BEGIN] = XD_STR("begin"),
        [XD_REPORT_END] = XD_STR("end"),     [XD_REPORT_CHANGE] = XD_STR("change"),
        [XD_REPORT_BASIS] = XD_STR("basis"), [XD_REPORT_UNDATED] = XD_STR("undated"),
    };
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(words[i], word)) {
            return (xd_report_at)i;
        }
    }
    if (word.n > 0) {
        fault(r, XD_S("at"), XD_S("只能是 now、begin、end、change、basis、undated"),
              XD_S("one of now, begin, end, change, basis, undated is wanted"));
    }
    return XD_REPORT_NOW;
}

/* A name, or a map that says more. */
static void read_item(reading *r, const xd_json *value, const xd_type *type, bool must,
                      xd_report_items *items)
{
    xd_str name = xd_json_str(value);
    const xd_json *count = xd_json_get(value, XD_S("count"));
    xd_report_item item = {
        .label = label_in(value, "label"),
        .none = label_in(value, "none"),
        .must = must || yes_in(value, "must"),
    };
    if (count != NULL) {
        xd_report_set *set = xd_new(r->cx->arena, xd_report_set);
        read_set(r, count, r->form->type, set);
        item.count = set;
        item.link = field_of(r, count, "link", set->type, XD_KIND_LINK);
        if (item.link == NULL || item.label.in[XD_ZH].n == 0) {
            fault(r, XD_S("count"), XD_S("要有 link 和 label"),
                  XD_S("link and label are wanted"));
            return;
        }
        *xd_push(r->cx->arena, items) = item;
        return;
    }
    name = name.n > 0 ? name : xd_json_get_str(value, XD_S("value"));
    item.field = value_called(type, name);
    if (item.field == NULL) {
        lacks(r, XD_S("value"), name, type);
        return;
    }
    item.at = at_called(r, xd_json_get_str(value, XD_S("at")));
    if (item.at != XD_REPORT_NOW &&
        (item.field->computed == NULL || item.field->computed->by != XD_COMPUTE_QUERY)) {
        fault(r, XD_S("at"), XD_S("只有保存的查询才有按月历史"),
              XD_S("only a saved query has a history"));
    }
    if (item.label.in[XD_ZH].n == 0) {
        item.label = item.field->label;
    }
    *xd_push(r->cx->arena, items) = item;
}

static void read_items(reading *r, const xd_json *list, const xd_type *type, bool must,
                       xd_report_items *items)
{
    for (size_t i = 0; type != NULL && i < xd_json_len(list); i++) {
        read_item(r, xd_json_at(list, i), type, must, items);
    }
}

/* ---- parts ---------------------------------------------------------------------------------- */

static const struct {
    const char *key;
    xd_report_show show;
} shows[] = {
    {"facts",   XD_REPORT_FACTS  },
    {"words",   XD_REPORT_WORDS  },
    {"table",   XD_REPORT_TABLE  },
    {"each",    XD_REPORT_EACH   },
    {"text",    XD_REPORT_TEXT   },
    {"missing", XD_REPORT_MISSING},
    {"parts",   XD_REPORT_GROUP  },
};

static const xd_report_part *read_part(reading *r, const xd_json *map, const xd_type *subject,
                                       int depth)
{
    xd_ctx *cx = r->cx;
    const xd_json *what = NULL;
    size_t k = 0;
    for (; k < XD_LEN(shows) && what == NULL; k++) {
        what = xd_json_get(map, xd_str_of(shows[k].key));
    }
    if (what == NULL || depth >= XD_REPORT_DEPTH || r->form->n_parts == PARTS) {
        fault(r, XD_S("parts"), XD_S("看不懂这一部分，或嵌套太深、太多"),
              XD_S("this part says nothing known, or there are too many or too deep"));
        return NULL;
    }
    xd_report_part *part = xd_new(cx->arena, xd_report_part);
    *part = (xd_report_part){
        .at = r->form->n_parts++,
        .show = shows[k - 1].show,
        .title = label_in(map, "title"),
        .note = label_in(map, "note"),
        .none = label_in(map, "none"),
        .must = yes_in(map, "must"),
    };
    const xd_type *below = subject;
    switch (part->show) {
    case XD_REPORT_FACTS:
    case XD_REPORT_WORDS:
        read_items(r, what, subject, true, &part->items);
        break;
    case XD_REPORT_TABLE:
        read_set(r, what, subject, &part->set);
        read_items(r, xd_json_get(what, XD_S("columns")), part->set.type, false, &part->items);
        break;
    case XD_REPORT_EACH:
        read_set(r, what, subject, &part->set);
        below = part->set.type;
        break;
    case XD_REPORT_TEXT:
        part->text = label_in(map, "text");
        break;
    case XD_REPORT_MISSING:
    case XD_REPORT_GROUP:
        break;
    }
    const xd_json *parts = xd_json_get(map, XD_S("parts"));
    for (size_t i = 0; below != NULL && i < xd_json_len(parts); i++) {
        const xd_report_part *one = read_part(r, xd_json_at(parts, i), below, depth + 1);
        if (one != NULL) {
            *xd_push(cx->arena, &part->parts) = one;
        }
    }
    return part;
}

static void read_form(reading *r, const xd_json *map)
{
    xd_report_form *form = r->form;
    xd_str name = xd_json_get_str(map, XD_S("type"));
    const xd_json *parts = xd_json_get(map, XD_S("parts"));
    form->type = xd_type_find(r->model, name);
    if (form->type == NULL) {
        lacks(r, XD_S("type"), name, NULL);
        return;
    }
    form->label = label_in(map, "label");
    form->title = label_in(map, "title");
    form->year_title = label_in(map, "year_title");
    form->years = field_of(r, map, "years", form->type, XD_KIND_PERIOD);
    if (form->label.in[XD_ZH].n == 0 || form->title.in[XD_ZH].n == 0 ||
        (form->years != NULL && form->year_title.in[XD_ZH].n == 0)) {
        fault(r, XD_S("title"), XD_S("要有 label、title，有 years 时还要 year_title"),
              XD_S("label and title are wanted, and year_title where years are"));
    }
    for (size_t i = 0; i < xd_json_len(parts); i++) {
        r->where = xd_str_printf(r->cx->arena, "parts %zu", i + 1);
        const xd_report_part *part = read_part(r, xd_json_at(parts, i), form->type, 0);
        if (part != NULL) {
            *xd_push(r->cx->arena, &form->parts) = part;
        }
    }
}

static bool read_file(xd_ctx *cx, const xd_model *model, const char *folder, xd_str name,
                      xd_faults *faults, xd_report_forms *forms)
{
    xd_str text;
    const xd_json *map;
    size_t before = faults->n;
    xd_str path = xd_str_printf(cx->arena, "%s/" XD_FMT, folder, XD_ARG(name));
    if (!xd_file_read(cx, xd_cstr(cx->arena, path), FORM_BYTES, &text)) {
        return xd_fail_note(cx, "reading the report form " XD_FMT, XD_ARG(path));
    }
    xd_report_form *form = xd_new(cx->arena, xd_report_form);
    *form = (xd_report_form){.file = path};
    if (!xd_yaml_read(cx, path, text, faults, &map)) {
        if (cx->err.code != XD_INVALID) {
            return false;
        }
        (void)xd_err_take(cx); /* its faults are told */
        return true;
    }
    reading r = {.cx = cx, .model = model, .form = form, .faults = faults};
    read_form(&r, map);
    if (faults->n == before) {
        *xd_push(cx->arena, forms) = form;
    }
    return true;
}

bool xd_report_forms_read(xd_ctx *cx, const xd_model *model, const char *folder,
                          xd_faults *faults, xd_report_forms *forms)
{
    xd_strs names = {0};
    if (folder == NULL) {
        return true;
    }
    if (!xd_dir_list(cx, folder, &names)) {
        bool absent = cx->err.code == XD_ABSENT;
        if (absent) {
            (void)xd_err_take(cx); /* a site may do without reports */
        }
        return absent;
    }
    for (size_t i = 0; i < names.n; i++) {
        if (xd_str_ends(names.at[i], XD_S(".yaml")) &&
            !read_file(cx, model, folder, names.at[i], faults, forms)) {
            return false;
        }
    }
    return true;
}

const xd_report_form *xd_report_form_of(const xd_report_forms *forms, const xd_type *type)
{
    for (size_t i = 0; i < forms->n; i++) {
        if (forms->at[i]->type == type) {
            return forms->at[i];
        }
    }
    return NULL;
}
