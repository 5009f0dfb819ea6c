/* A row of cells into a body: gathering, row-wide columns, and what all kinds share. */
#include "model/fold.h"
#include "model/hours.h"
#include "model/read_in.h"

xd_str xd_cell_text(const xd_cells *cells, xd_str part)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (cells->at[i]->text.n > 0 && xd_str_eq(cells->at[i]->column->part, part)) {
            return cells->at[i]->text;
        }
    }
    return (xd_str){0};
}

bool xd_cell_has(const xd_cells *cells, xd_str part)
{
    for (size_t i = 0; i < cells->n; i++) {
        if (xd_str_eq(cells->at[i]->column->part, part)) {
            return true;
        }
    }
    return false;
}

/* Most texts cannot be one of the words by their first character, or for a digit in them. */
static bool may_say_nothing(xd_str text)
{
    static const uint32_t firsts[] = {0x65e0, 0x4e0d, 0x672a, 0x6682, 0x5f85, 0x7a7a, 0x7f3a};
    size_t at = 0;
    uint32_t cp = text.n == 0 ? 0 : xd_utf8_next(text, &at);
    if (cp >= 0x4e00 && cp <= 0x9fff) {
        uint32_t plain = xd_simplified_of(cp);
        for (size_t i = 0; i < XD_LEN(firsts); i++) {
            if (firsts[i] == plain) {
                return true;
            }
        }
        return false;
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] >= '0' && text.p[i] <= '9') {
            return false;
        }
    }
    return true;
}

bool xd_says_nothing(xd_arena *arena, const xd_field *field, xd_str text)
{
    static const xd_str words[] = {
        XD_STR("无"),     XD_STR("不详"),   XD_STR("未知"), XD_STR("暂无"), XD_STR("待查"),
        XD_STR("待补充"), XD_STR("na"),     XD_STR("null"), XD_STR("none"), XD_STR("空"),
        XD_STR("不明"),   XD_STR("无数据"), XD_STR("待定"), XD_STR("缺"),   XD_STR("未提供"),
        XD_STR("未填"),   XD_STR("不清楚"), XD_STR("nan"),
    };
    xd_str key;
    if (text.n > 24 || (field->kind == XD_KIND_BOOLEAN && field->nothing.n == 0)) {
        return false; /* 无 is a good answer to a question of yes and no */
    }
    if (field->nothing.n == 0 && !may_say_nothing(text)) {
        return false;
    }
    key = xd_fold_key(arena, text);
    if (key.n == 0) { /* nothing but dashes, slashes, dots */
        return true;
    }
    for (size_t i = 0; i < XD_LEN(words); i++) {
        if (xd_str_eq(key, words[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < field->nothing.n; i++) {
        if (xd_str_eq(key, xd_fold_key(arena, field->nothing.at[i]))) {
            return true;
        }
    }
    return false;
}

xd_str xd_header_note(xd_str header)
{
    static const struct {
        const char *open, *close;
    } marks[] = {
        {"（", "）"},
        {"(",   ")"  },
        {"[",   "]"  },
        {"【", "】"}
    };
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        size_t from = xd_str_find(header, xd_str_of(marks[i].open), 0);
        if (from != SIZE_MAX) {
            from += strlen(marks[i].open);
            size_t to = xd_str_find(header, xd_str_of(marks[i].close), from);
            return xd_str_trim(xd_str_sub(header, from, to == SIZE_MAX ? header.n : to));
        }
    }
    size_t slash = xd_str_find(header, XD_S("/"), 0);
    return slash == SIZE_MAX ? (xd_str){0}
                             : xd_str_trim(xd_str_sub(header, slash + 1, header.n));
}

void xd_put_value(xd_reader *r, const xd_field *field, const xd_json *value)
{
    const xd_json *there = xd_json_get(r->target, field->name);
    if (!field->many) {
        xd_json_set(r->cx->arena, r->target, field->name, value);
        return;
    }
    xd_json *list = there != NULL && there->kind == XD_JSON_ARRAY
                        ? (xd_json *)there /* made here, for this row */
                        : xd_json_array(r->cx->arena);
    for (size_t i = 0; i < list->items.n; i++) {
        if (xd_json_equal(list->items.at[i], value)) {
            return; /* said twice is said */
        }
    }
    xd_json_add(r->cx->arena, list, value);
    if (list != there) {
        xd_json_set(r->cx->arena, r->target, field->name, list);
    }
}

void xd_keep_text(xd_reader *r, const xd_field *field, xd_str lang, xd_str text)
{
    xd_arena *arena = r->cx->arena;
    xd_json *target = r->target;
    xd_json *value = xd_json_object(arena);
    r->target = r->body;
    const xd_json *there = field->many ? NULL : xd_json_get(r->body, field->name);
    xd_str before = xd_json_get_str(there, lang);
    for (size_t i = 0; there != NULL && i < there->members.n; i++) {
        xd_json_set(arena, value, there->members.at[i].key, there->members.at[i].value);
    }
    if (before.n > 0 && xd_str_find(before, text, 0) != SIZE_MAX) {
        text = before;
    } else if (before.n > 0) {
        text = xd_str_printf(arena, XD_FMT "\n" XD_FMT, XD_ARG(before), XD_ARG(text));
    }
    xd_json_set(arena, value, lang, xd_json_string(arena, text));
    xd_put_value(r, field, value);
    r->target = target;
}

/* A cell that only one field has no use for is no reason to leave the whole row out; what is
 * wrong, as a number out of its range or a code whose check digit fails, is. */
static bool goes_to_rest(const xd_reader *r, const xd_field *field, const char *code)
{
    return r->type->rest != NULL && field != r->type->rest && !field->hidden &&
           !field->required && xd_kinds[field->kind].rest && strcmp(code, "number.range") != 0;
}

/* 安徽华宇工艺品集团有限公司, 砖桥镇人民政府: what owners are called. */
static bool looks_like_body(xd_str text)
{
    static const char *const ends[] = {"公司",   "厂",   "局",   "政府", "委员会", "委",
                                       "所",     "院",   "集团", "中心", "社",     "馆",
                                       "村",     "矿",   "部",   "站",   "学校",   "大学",
                                       "办事处", "街道", "处",   "镇",   "乡",     "国资办"};
    for (size_t i = 0; i < XD_LEN(ends) && text.n >= 9; i++) {
        if (xd_str_ends(text, xd_str_of(ends[i]))) {
            return true;
        }
    }
    return false;
}

static void put_name(xd_reader *r, const xd_field *field, const xd_field *to, const char *code,
                     xd_str text)
{
    xd_json *link = xd_json_object(r->cx->arena), *target = r->target;
    xd_json_set(r->cx->arena, link, XD_S("text"), xd_json_string(r->cx->arena, text));
    r->target = r->body;
    xd_put_value(r, to, link);
    r->target = target;
    XD_SAY(r, XD_WARNING, code, field, text, "“" XD_FMT "”像单位名称，已记入“" XD_FMT "”。",
           "\"" XD_FMT "\" looks like a name and was put into \"" XD_FMT "\".", XD_ARG(text),
           XD_ARG(xd_label_in(&to->label, r->cx->lang)));
}

void xd_unread(xd_reader *r, const xd_field *field, const char *code, xd_str text, xd_str zh,
               xd_str en, xd_str suggestion_zh, xd_str suggestion_en)
{
    xd_problem *problem;
    const xd_field *to = field->otherwise;
    if (to != NULL && to->kind == XD_KIND_LINK) {
        if (looks_like_body(text)) {
            put_name(r, field, to, code, text);
            return;
        }
        to = NULL;
    }
    if (to == NULL && goes_to_rest(r, field, code)) {
        to = r->type->rest; /* beside other texts it must say what it is */
    }
    if (to != NULL) {
        xd_str to_zh = xd_label_in(&to->label, XD_ZH);
        xd_str to_en = xd_label_in(&to->label, XD_EN);
        xd_str kept =
            to == field->otherwise && to != r->type->rest
                ? text
                : xd_str_printf(r->cx->arena, XD_FMT "：" XD_FMT,
                                XD_ARG(xd_label_in(&field->label, XD_ZH)), XD_ARG(text));
        xd_keep_text(r, to, to->langs.at[0], kept);
        problem = xd_problem_add(r->cx, r->problems, XD_WARNING, code, field->name, text,
                                 xd_str_printf(r->cx->arena, XD_FMT "已记入“" XD_FMT "”。",
                                               XD_ARG(zh), XD_ARG(to_zh)),
                                 xd_str_printf(r->cx->arena,
                                               XD_FMT " It was put into \"" XD_FMT "\".",
                                               XD_ARG(en), XD_ARG(to_en)));
    } else {
        problem =
            xd_problem_add(r->cx, r->problems, XD_REFUSAL, code, field->name, text, zh, en);
    }
    problem->suggestion[XD_ZH] = suggestion_zh;
    problem->suggestion[XD_EN] = suggestion_en;
}

bool xd_take_json(xd_reader *r, const xd_field *field, xd_str text)
{
    const xd_json *value = NULL;
    bool looks = text.n > 1 && strchr("[{\"", text.p[0]) != NULL;
    if (!looks) {
        return false;
    }
    if (!xd_json_read(r->cx, text, &value)) {
        (void)xd_err_take(r->cx); /* brackets, but no JSON: it is text */
        return false;
    }
    bool fits = (value->kind == XD_JSON_ARRAY) == field->many &&
                (xd_json_len(value) > 0 || value->kind == XD_JSON_STRING);
    if (!fits || !xd_json_canonical_ok(value)) {
        return false;
    }
    xd_json_set(r->cx->arena, r->target, field->name, value);
    return true;
}

/* ---- row-wide columns ---------------------------------------------------------------------- */

static xd_field row_field(xd_str part)
{
    return (xd_field){.name = part};
}

/* high, 高, 较低 … */
static int confidence_word(xd_arena *arena, xd_str text)
{
    static const char *const words[XD_CONFIDENCES][5] = {
        {"high",   "高", "可靠", "确认",    "已核实"   },
        {"medium", "中", "一般", "较可靠", "部分核实"},
        {"low",    "低", "存疑", "待核",    "未核实"   },
    };
    xd_str key = xd_fold_key(arena, text);
    for (int i = 0; i < XD_CONFIDENCES; i++) {
        for (size_t k = 0; k < XD_LEN(words[i]); k++) {
            if (xd_str_eq(key, xd_str_of(words[i][k]))) {
                return i;
            }
        }
    }
    return -1;
}

static void read_source(xd_reader *r, const xd_cells *cells)
{
    xd_arena *arena = r->cx->arena;
    xd_str text = xd_cell_text(cells, XD_S("source"));
    xd_str address = xd_cell_text(cells, XD_S("source_url"));
    xd_str date = xd_cell_text(cells, XD_S("source_date"));
    const xd_json *list = NULL;
    xd_str url = {0};
    if (text.n > 1 && xd_str_starts(text, XD_S("[{")) && xd_json_read(r->cx, text, &list)) {
        xd_json_set(arena, r->body, XD_M_SOURCES, list);
        return;
    }
    (void)xd_err_take(r->cx); /* a source that is no JSON is plain text */
    if (address.n > 0 && !xd_url_read(r->cx, address, &url)) {
        (void)xd_err_take(r->cx); /* “own knowledge; to verify” is a source, if no address */
        text = text.n == 0
                   ? address
                   : xd_str_printf(arena, XD_FMT "\n" XD_FMT, XD_ARG(text), XD_ARG(address));
    }
    if (text.n == 0 && url.n == 0) {
        return;
    }
    xd_json *source = xd_json_object(arena), *sources = xd_json_array(arena);
    const struct {
        xd_str key, value;
    } parts[] = {
        {XD_S("text"), text},
        {XD_S("url"),  url },
        {XD_S("date"), date}
    };
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (parts[i].value.n > 0) {
            xd_json_set(arena, source, parts[i].key, xd_json_string(arena, parts[i].value));
        }
    }
    xd_json_add(arena, sources, source);
    xd_json_set(arena, r->body, XD_M_SOURCES, sources);
}

/* Who checked the row checked every value it gives. */
static void read_checked(xd_reader *r, const xd_cells *cells)
{
    xd_arena *arena = r->cx->arena;
    xd_str by = xd_cell_text(cells, XD_S("checked_by"));
    xd_str on = xd_cell_text(cells, XD_S("checked_on"));
    xd_json *about = xd_json_object(arena);
    xd_period day = {0};
    unsigned flags = 0;
    if (on.n > 0 && !xd_period_read(r->cx, on, &day, &flags)) {
        (void)xd_err_take(r->cx);
        const xd_field field = row_field(XD_S("checked_on"));
        XD_SAY(
            r, XD_WARNING, "row.checked_on", &field, on, "核对日期“" XD_FMT "”读不出来，未记。",
            "The date of checking \"" XD_FMT "\" cannot be read and was left out.", XD_ARG(on));
        on = (xd_str){0};
    }
    if (by.n == 0 && on.n == 0) {
        return;
    }
    for (size_t i = 0; i < r->body->members.n; i++) {
        xd_str key = r->body->members.at[i].key;
        const xd_field *field = xd_field_find(r->type, key);
        if (field == NULL || r->body->members.at[i].value->kind == XD_JSON_NULL) {
            continue;
        }
        xd_json *one = xd_json_object(arena);
        if (by.n > 0) {
            xd_json_set(arena, one, XD_S("checked_by"), xd_json_string(arena, by));
        }
        if (on.n > 0) {
            xd_json_set(arena, one, XD_S("checked_on"),
                        xd_json_string(arena, xd_day_text(arena, day.from)));
        }
        xd_json_set(arena, about, key, one);
    }
    if (xd_json_len(about) > 0) {
        xd_json_set(arena, r->body, XD_M_ABOUT, about);
    }
}

static void read_state(xd_reader *r, xd_str text)
{
    const xd_flow *flow = r->type->flow;
    xd_str key = xd_fold_key(r->cx->arena, text);
    const xd_field field = row_field(XD_M_STATE);
    for (size_t i = 0; i < flow->n_states; i++) {
        const xd_state *state = &flow->states[i];
        bool named = xd_str_eq(state->name, text);
        for (size_t lang = 0; lang < XD_LANGS; lang++) {
            named = named || (key.n > 0 &&
                              xd_str_eq(key, xd_fold_key(r->cx->arena, state->label.in[lang])));
        }
        if (named) {
            xd_json_set(r->cx->arena, r->body, XD_M_STATE,
                        xd_json_string(r->cx->arena, state->name));
            return;
        }
    }
    XD_SAY(r, XD_REFUSAL, "state.unknown", &field, text, "流程里没有状态“" XD_FMT "”。",
           "The flow has no state \"" XD_FMT "\".", XD_ARG(text));
}

bool xd_read_row_wide(xd_reader *r, const xd_cells *cells)
{
    xd_arena *arena = r->cx->arena;
    xd_str confidence = xd_cell_text(cells, XD_M_CONFIDENCE);
    xd_str number = xd_cell_text(cells, XD_M_NUMBER);
    xd_str state = xd_cell_text(cells, XD_M_STATE);
    xd_str about = xd_cell_text(cells, XD_M_ABOUT);
    const xd_json *json = NULL;
    if (confidence.n > 0) {
        int degree = confidence_word(arena, confidence);
        const xd_field field = row_field(XD_M_CONFIDENCE);
        if (degree < 0) {
            XD_SAY(r, XD_WARNING, "row.confidence", &field, confidence,
                   "可信度“" XD_FMT "”不是高、中、低，未记。",
                   "The confidence \"" XD_FMT "\" is not high, medium or low and was left out.",
                   XD_ARG(confidence));
        } else {
            xd_json_set(arena, r->body, XD_M_CONFIDENCE,
                        xd_json_string(arena, xd_confidence_name[degree]));
        }
    }
    if (number.n > 0) {
        xd_json_set(arena, r->body, XD_M_NUMBER, xd_json_string(arena, number));
    }
    if (state.n > 0) {
        read_state(r, state);
    }
    read_source(r, cells);
    if (about.n == 0) {
        read_checked(r, cells);
    } else if (xd_json_read(r->cx, about, &json) && json->kind == XD_JSON_OBJECT) {
        xd_json_set(arena, r->body, XD_M_ABOUT, json);
    } else {
        const xd_field field = row_field(XD_M_ABOUT);
        (void)xd_err_take(r->cx);
        XD_SAY(r, XD_REFUSAL, "row.about", &field, about, "各项出处应是 JSON 对象%s",
               "what is known about the values must be a JSON object%s", ".");
    }
    return true;
}

/* ---- the row ------------------------------------------------------------------------------- */

static bool read_field(xd_reader *r, const xd_field *field, const xd_cells *cells);

static bool read_group(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_json *target = r->target, *group = xd_json_object(r->cx->arena);
    r->target = group;
    for (size_t i = 0; i < field->n_fields; i++) {
        const xd_field *inner = &field->fields[i];
        xd_cells own = {0};
        for (size_t k = 0; k < cells->n; k++) {
            xd_str part = cells->at[k]->column->part;
            xd_str rest = xd_str_sub(part, inner->name.n, part.n);
            bool whole = xd_str_eq(part, inner->name);
            if (!whole &&
                !(xd_str_starts(part, inner->name) && xd_str_starts(rest, XD_S(".")))) {
                continue;
            }
            xd_strs parts;
            xd_given *given = xd_new(r->cx->arena, xd_given);
            xd_column *column = xd_new(r->cx->arena, xd_column);
            xd_alias_parts(r->cx->arena, inner, &parts);
            *column = (xd_column){.header = cells->at[k]->column->header,
                                  .field = inner,
                                  .part = whole ? parts.at[0] : xd_str_sub(rest, 1, rest.n)};
            *given = *cells->at[k];
            given->column = column;
            *xd_push(r->cx->arena, &own) = given;
        }
        if (own.n > 0 && !read_field(r, inner, &own)) {
            return false;
        }
    }
    r->target = target;
    if (xd_json_len(group) > 0) {
        xd_put_value(r, field, group);
    }
    return true;
}

static bool anything(const xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        bool silent = xd_says_nothing(r->cx->arena, field, cells->at[i]->text);
        if (cells->at[i]->geometry != NULL || (cells->at[i]->text.n > 0 && !silent)) {
            return true;
        }
    }
    return false;
}

/* Cells that say nothing are not given; the note tells that they were seen. */
static xd_cells speaking(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_cells out = {0};
    for (size_t i = 0; i < cells->n; i++) {
        xd_str text = cells->at[i]->text;
        if (text.n > 0 && xd_says_nothing(r->cx->arena, field, text)) {
            XD_SAY(r, XD_NOTE, "value.nothing", field, text, "“" XD_FMT "”当作没有填。",
                   "\"" XD_FMT "\" was taken as not filled in.", XD_ARG(text));
        } else {
            *xd_push(r->cx->arena, &out) = cells->at[i];
        }
    }
    return out;
}

/* Whether the field's reader takes every cell of one part, or tells of those it does not take. */
static bool takes_all(const xd_field *field)
{
    xd_kept kept = xd_field_kept(field);
    return kept == XD_KEPT_TEXTS || kept == XD_KEPT_STRING || kept == XD_KEPT_FILE ||
           kept == XD_KEPT_GROUP ||
           (field->many &&
            (kept == XD_KEPT_CODE || kept == XD_KEPT_LINK || kept == XD_KEPT_BOOLEAN ||
             kept == XD_KEPT_NUMBER) &&
            field->kind != XD_KIND_DIVISION);
}

/* Two columns for what has room for one: what the later one says otherwise is kept and told. */
static void keep_twice(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    for (size_t i = 1; !takes_all(field) && i < cells->n; i++) {
        const xd_given *late = cells->at[i];
        bool twice = false;
        for (size_t k = 0; k < i && !twice; k++) {
            xd_str text = cells->at[k]->text;
            twice = late->text.n > 0 && text.n > 0 &&
                    xd_str_eq(cells->at[k]->column->part, late->column->part) &&
                    xd_str_find(text, late->text, 0) == SIZE_MAX &&
                    xd_str_find(late->text, text, 0) == SIZE_MAX;
        }
        if (!twice) {
            continue;
        }
        const xd_field *rest = r->type->rest;
        if (rest != NULL && rest != field && !field->hidden && !field->personal) {
            xd_str header = late->column->header.n > 0 ? late->column->header
                                                       : xd_label_in(&field->label, XD_ZH);
            xd_keep_text(r, rest, rest->langs.at[0],
                         xd_str_printf(r->cx->arena, XD_FMT "：" XD_FMT, XD_ARG(header),
                                       XD_ARG(late->text)));
        }
        XD_SAY(r, XD_WARNING, "value.twice", field, late->text,
               "同一项有两列，后一列“" XD_FMT "”没有作为这一项的值。",
               "Two columns give this; the later one, \"" XD_FMT "\", is not its value.",
               XD_ARG(late->text));
    }
}

static bool read_one_field(xd_reader *r, const xd_field *field, const xd_cells *given);

static bool read_field(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    if (!anything(r, field, cells)) {
        bool empty = true;
        for (size_t i = 0; i < cells->n; i++) {
            empty = empty && cells->at[i]->text.n == 0;
        }
        if (empty && r->options->clear && r->target == r->body &&
            xd_json_get(r->body, field->name) == NULL) {
            xd_json_set(r->cx->arena, r->body, field->name, xd_json_null(r->cx->arena));
        } else if (!empty) {
            (void)speaking(r, field, cells);
        }
        return true;
    }
    xd_cells given = speaking(r, field, cells);
    const xd_json *there = xd_json_get(r->body, field->name);
    if (there != NULL && there->kind == XD_JSON_NULL) {
        xd_json_drop(r->body, field->name);
    }
    if (!read_one_field(r, field, &given)) {
        return false;
    }
    keep_twice(r, field, &given);
    return true;
}

static bool read_one_field(xd_reader *r, const xd_field *field, const xd_cells *given)
{
    switch ((int)field->kind) {
    case XD_KIND_NUMBER:
        return xd_read_number(r, field, given);
    case XD_KIND_PLACE:
        return xd_read_place(r, field, given);
    case XD_KIND_DIVISION:
        return xd_read_division(r, field, given);
    case XD_KIND_GROUP:
        if (field->many && xd_take_json(r, field, given->at[0]->text)) {
            return true;
        }
        return read_group(r, field, given);
    default:
        return xd_read_plain(r, field, given);
    }
}

bool xd_row_read(xd_ctx *cx, const xd_model *model, const xd_type *type, const xd_given *given,
                 size_t n, const xd_read_options *options, xd_json **ret_body,
                 xd_problems *problems)
{
    xd_reader r = {.cx = cx,
                   .model = model,
                   .type = type,
                   .options = options,
                   .problems = problems,
                   .body = xd_json_object(cx->arena)};
    xd_cells *by_field = xd_new_n(cx->arena, xd_cells, type->n_fields + 1);
    xd_cells wide = {0};
    r.target = r.body;
    r.by_field = by_field;
    for (size_t i = 0; i < n; i++) {
        const xd_field *field = given[i].column->field;
        xd_cells *cells = field == NULL ? &wide : &by_field[field->at];
        *xd_push(cx->arena, cells) = &given[i];
    }
    xd_json_set(cx->arena, r.body, XD_M_TYPE, xd_json_string(cx->arena, type->name));
    for (size_t i = 0; i < type->n_fields; i++) {
        if (by_field[i].n > 0 && !read_field(&r, &type->fields[i], &by_field[i])) {
            return false;
        }
    }
    if (!xd_read_settle_division(&r) || !xd_read_settle_place(&r) ||
        !xd_read_row_wide(&r, &wide)) {
        return false;
    }
    *ret_body = r.body;
    return true;
}
