/* Readers of the kinds whose cells stand for themselves: terms, links, truth, hours, identifiers. */
#include "model/fold.h"
#include "model/hours.h"
#include "model/read_in.h"

/* C22 宣纸制作: the code is read; words behind it that are not the term's own are not lost. */
static void keep_words(xd_reader *r, const xd_field *field, xd_str text)
{
    const xd_field *to = field->otherwise;
    size_t n = 0;
    while (n < text.n && (unsigned char)text.p[n] < 0x80 && text.p[n] != ' ') {
        n++;
    }
    xd_str words = xd_str_trim(xd_str_sub(text, n, text.n));
    if (n > 0 && words.n > 0 && (unsigned char)words.p[0] >= 0x80 && to != NULL &&
        to->kind == XD_KIND_TEXT &&
        xd_term_find(field->vocabulary, xd_str_sub(text, 0, n)) != NULL &&
        xd_term_read(r->cx, field->vocabulary, words, NULL) == NULL) {
        xd_keep_text(r, to, to->langs.at[0], words);
    }
}

static void read_terms(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_strs items = {0}, near = {0};
    if (xd_take_json(r, field, text)) {
        return;
    }
    const xd_term *whole = xd_term_read(r->cx, field->vocabulary, text, &near);
    if (whole != NULL || !field->many) {
        *xd_push(r->cx->arena, &items) = text;
    } else {
        xd_items_split(r->cx, text, true, true, &items);
    }
    for (size_t i = 0; i < items.n; i++) {
        const xd_term *term = xd_term_read(r->cx, field->vocabulary, items.at[i], &near);
        if (term != NULL) {
            xd_put_value(r, field, xd_json_string(r->cx->arena, term->code));
            keep_words(r, field, items.at[i]);
            continue;
        }
        xd_buf hint = {0};
        for (size_t k = 0; k < near.n; k++) {
            xd_buf_add(&hint, k == 0 ? (xd_str){"", 0} : XD_S(" / "));
            xd_buf_add(&hint, near.at[k]);
        }
        xd_str words = xd_buf_copy(&hint, r->cx->arena);
        xd_buf_free(&hint);
        xd_unread(r, field, "term.unknown", items.at[i],
                  xd_str_printf(r->cx->arena, "“" XD_FMT "”不在词表“" XD_FMT "”里。",
                                XD_ARG(items.at[i]),
                                XD_ARG(xd_label_in(&field->vocabulary->label, XD_ZH))),
                  xd_str_printf(r->cx->arena,
                                "\"" XD_FMT "\" is not in the vocabulary \"" XD_FMT "\".",
                                XD_ARG(items.at[i]),
                                XD_ARG(xd_label_in(&field->vocabulary->label, XD_EN))),
                  near.n == 0 ? (xd_str){0}
                              : xd_str_printf(r->cx->arena, "相近的有：" XD_FMT, XD_ARG(words)),
                  near.n == 0
                      ? (xd_str){0}
                      : xd_str_printf(r->cx->arena, "Near ones: " XD_FMT, XD_ARG(words)));
    }
}

/* The items of one more cell. */
static void add_items(xd_reader *r, xd_str text, bool commas, bool marks, xd_strs *items)
{
    xd_strs more = {0};
    xd_items_split(r->cx, text, commas, marks, &more);
    for (size_t i = 0; i < more.n; i++) {
        *xd_push(r->cx->arena, items) = more.at[i];
    }
}

static void read_links(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str text = xd_cell_text(cells, XD_S("ref"));
    xd_str id = xd_cell_text(cells, XD_S("id"));
    int64_t n = 0;
    xd_strs items = {0};
    if (text.n > 0 && xd_take_json(r, field, text)) {
        return;
    }
    for (size_t i = 0; field->many && i < cells->n; i++) { /* several columns may name some */
        if (xd_str_eq(cells->at[i]->column->part, XD_S("ref"))) {
            add_items(r, cells->at[i]->text, field->commas, false, &items);
        }
    }
    if (!field->many && text.n > 0) {
        *xd_push(r->cx->arena, &items) = xd_one_line(r->cx, text);
    }
    for (size_t i = 0; i < items.n; i++) {
        xd_json *link = xd_json_object(r->cx->arena);
        xd_json_set(r->cx->arena, link, XD_S("text"),
                    xd_json_string(r->cx->arena, items.at[i]));
        if (items.n == 1 && id.n > 0 && xd_str_int(id, &n) && n > 0) {
            xd_json_set(r->cx->arena, link, XD_S("id"), xd_json_integer(r->cx->arena, n));
        }
        xd_put_value(r, field, link);
    }
    if (items.n == 0 && xd_str_int(id, &n) && n > 0) {
        xd_json *link = xd_json_object(r->cx->arena);
        xd_json_set(r->cx->arena, link, XD_S("id"), xd_json_integer(r->cx->arena, n));
        xd_put_value(r, field, link);
    }
}

static void read_truth(xd_reader *r, const xd_field *field, xd_str text)
{
    static const char *const yes[] = {"是", "有", "yes", "y",  "true",
                                      "1",  "√",  "✓",   "对", "需要"};
    static const char *const no[] = {"否", "无", "no", "n",    "false",
                                     "0",  "×",  "✗",  "没有", "不"};
    xd_str key = xd_fold(r->cx->arena, text);
    for (size_t i = 0; i < XD_LEN(yes); i++) {
        /* Folding takes the marks away: they are compared as they stand. */
        bool is = xd_str_eq(key, xd_str_of(yes[i])) || xd_str_eq(text, xd_str_of(yes[i]));
        if (is || xd_str_eq(key, xd_str_of(no[i])) || xd_str_eq(text, xd_str_of(no[i]))) {
            xd_put_value(r, field, xd_json_bool(r->cx->arena, is));
            return;
        }
    }
    if (xd_fold_key(r->cx->arena, text).n > 0) {
        xd_unread(r, field, "boolean.unknown", text,
                  xd_str_printf(r->cx->arena, "“" XD_FMT "”不是“是”或“否”。", XD_ARG(text)),
                  xd_str_printf(r->cx->arena, "\"" XD_FMT "\" is not yes or no.", XD_ARG(text)),
                  (xd_str){0}, (xd_str){0});
    }
}

static void read_boolean(xd_reader *r, const xd_field *field, const xd_cells *cells,
                         xd_str text)
{
    xd_strs items = {0};
    if (field->many && xd_take_json(r, field, text)) {
        return;
    }
    for (size_t i = 0; field->many && i < cells->n; i++) {
        add_items(r, cells->at[i]->text, true, true, &items);
    }
    if (!field->many) {
        *xd_push(r->cx->arena, &items) = text;
    }
    for (size_t i = 0; i < items.n; i++) {
        read_truth(r, field, items.at[i]);
    }
}

static bool read_hours(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str text = xd_cell_text(cells, XD_S("text"));
    xd_str closed = xd_cell_text(cells, XD_S("closed"));
    xd_str last = xd_cell_text(cells, XD_S("last"));
    xd_json *hours = NULL;
    bool read = false;
    if (text.n > 0 && xd_take_json(r, field, text)) {
        return true;
    }
    if (last.n > 0) {
        text = xd_str_printf(r->cx->arena, XD_FMT "，" XD_FMT "停止入场", XD_ARG(text),
                             XD_ARG(last));
    }
    if (!xd_hours_read(r->cx, text, closed, &hours, &read)) {
        if (r->cx->err.code != XD_LIMIT) {
            return false;
        }
        (void)xd_err_take(r->cx); /* prose of many sentences: kept where texts are kept */
        xd_unread(r, field, "hours.long", text, XD_S("开放时间太长，没有读成时段。"),
                  XD_S("The opening hours are too long to be read."), (xd_str){0}, (xd_str){0});
        return true;
    }
    if (!read) {
        XD_SAY(r, XD_NOTE, "hours.unread", field, text,
               "“" XD_FMT "”没有读成每周的时段，只记下了文字。",
               "\"" XD_FMT "\" was not read as weekly hours; the text alone was kept.",
               XD_ARG(text.n > 0 ? text : closed));
    }
    if (hours != NULL && xd_json_len(hours) > 0) {
        xd_put_value(r, field, hours);
    }
    return true;
}

/* 1, 2, 3 … is a list's own count, which the next list has too. */
static bool is_counter(xd_str text)
{
    int64_t n;
    return text.n <= 4 && xd_str_int(text, &n);
}

/* One item of a kind that is plain text with a rule. False: the work failed. */
static bool read_item(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_str value = text;
    bool ok = true;
    const xd_rule *rule = xd_rule_of(field);
    if (rule != NULL) {
        ok = rule->read(r->cx, text, &value);
    } else if (field->no_counters && is_counter(text)) {
        XD_SAY(r, XD_NOTE, "identifier.counter", field, text,
               "“" XD_FMT "”只是序号，不作编号。",
               "\"" XD_FMT "\" is only a count, not taken as an identifier.", XD_ARG(text));
        return true;
    } else if (field->kind == XD_KIND_FILE) {
        XD_SAY(r, XD_NOTE, "file.table", field, text, "表格里的文件名“" XD_FMT "”没有收。",
               "The file name \"" XD_FMT "\" in the table was not taken in.", XD_ARG(text));
        return true;
    }
    if (ok && field->kind == XD_KIND_IDENTIFIER && rule == NULL) {
        value = xd_plain_identifier(r->cx, value);
    }
    if (!ok) {
        xd_err err = xd_err_take(r->cx); /* said by the problem */
        if (err.code != XD_OK && err.code != XD_INVALID) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        xd_unread(
            r, field, "value.unread", text,
            xd_str_printf(r->cx->arena, "“" XD_FMT "”不是%s。", XD_ARG(text), rule->is[XD_ZH]),
            xd_str_printf(r->cx->arena, "\"" XD_FMT "\" is not %s.", XD_ARG(text),
                          rule->is[XD_EN]),
            (xd_str){0}, (xd_str){0});
        return true;
    }
    xd_put_value(r, field, xd_json_string(r->cx->arena, value));
    return true;
}

static bool read_items(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    for (size_t i = 0; i < cells->n; i++) {
        xd_str text = cells->at[i]->text;
        xd_strs items = {0};
        if (text.n == 0 || xd_take_json(r, field, text)) {
            continue;
        }
        if (field->many) {
            xd_items_split(r->cx, text, true, field->kind == XD_KIND_PHONE, &items);
            if (field->kind == XD_KIND_PHONE) {
                xd_phones_part(r->cx, &items);
            }
        } else {
            *xd_push(r->cx->arena, &items) = xd_one_line(r->cx, text);
        }
        for (size_t k = 0; k < items.n; k++) {
            if (field->kind == XD_KIND_PHONE && xd_read_phone_text(r, field, items.at[k])) {
                continue;
            }
            if (!read_item(r, field, items.at[k])) {
                return false;
            }
        }
    }
    return true;
}

bool xd_read_plain(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str text = {0};
    for (size_t i = 0; i < cells->n && text.n == 0; i++) {
        text = cells->at[i]->text;
    }
    switch (xd_field_kept(field)) {
    case XD_KEPT_TEXTS:
        xd_read_text(r, field, cells);
        return true;
    case XD_KEPT_PERIOD:
        return (text.n > 0 && xd_take_json(r, field, text)) || xd_read_period(r, field, cells);
    case XD_KEPT_CODE:
        for (size_t i = 0; i < cells->n; i++) {
            if (cells->at[i]->text.n > 0 &&
                (i == 0 || field->many || xd_json_get(r->target, field->name) == NULL)) {
                read_terms(r, field, cells->at[i]->text);
            }
        }
        return true;
    case XD_KEPT_LINK:
        read_links(r, field, cells);
        return true;
    case XD_KEPT_BOOLEAN:
        read_boolean(r, field, cells, text);
        return true;
    case XD_KEPT_HOURS:
        return read_hours(r, field, cells);
    case XD_KEPT_STRING:
    case XD_KEPT_FILE:
        break;
    case XD_KEPT_NUMBER: /* read_row.c has readers of their own for these, and for divisions */
    case XD_KEPT_PLACE:
    case XD_KEPT_GROUP:
        return true;
    }
    return read_items(r, field, cells);
}
