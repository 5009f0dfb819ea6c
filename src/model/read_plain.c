/* Readers of the kinds whose cells stand for themselves: text, terms, links, dates and the like. */
#include "model/fold.h"
#include "model/hours.h"
#include "model/read_in.h"

/* A name on one line: breaks between Chinese characters vanish, others become a blank. */
static xd_str one_line(xd_ctx *cx, xd_str text)
{
    char *out = xd_new_n(cx->arena, char, text.n + 1);
    size_t n = 0, at = 0;
    uint32_t last = 0;
    while (at < text.n) {
        size_t from = at;
        uint32_t cp = xd_utf8_next(text, &at);
        if (cp == '\n' || cp == '\r' || cp == '\t') {
            size_t next = at;
            while (next < text.n && strchr(" \n\r\t", text.p[next]) != NULL) {
                next++;
            }
            at = next;
            uint32_t following = next < text.n ? xd_utf8_next(text, &next) : 0;
            if (last < 0x2E80 && following < 0x2E80 && n > 0 && following != 0) {
                out[n++] = ' ';
            }
            continue;
        }
        memcpy(out + n, text.p + from, at - from);
        n += at - from;
        last = cp;
    }
    return (xd_str){out, n};
}

/* Lines trimmed, no carriage returns, no blank lines at the ends. */
static xd_str tidy(xd_ctx *cx, xd_str text)
{
    xd_buf out = {0};
    xd_str rest = text, line;
    while (xd_str_cut(&rest, '\n', &line)) {
        line = xd_str_trim(line);
        if (out.n > 0) {
            xd_buf_byte(&out, '\n');
        }
        xd_buf_add(&out, line);
    }
    xd_str kept = xd_str_trim(xd_buf_copy(&out, cx->arena));
    xd_buf_free(&out);
    return kept;
}

static bool has_han(xd_str text)
{
    for (size_t at = 0; at < text.n;) {
        if (xd_is_han(xd_utf8_next(text, &at))) {
            return true;
        }
    }
    return false;
}

/* The language a cell is in: its column's. But Chinese under an English header is Chinese, when
 * no column of that is filled in; and of two columns for Chinese (Name, Chinese name) the one
 * without a Chinese character is the English one. */
static xd_str lang_of(const xd_field *field, const xd_cells *cells, const xd_given *cell)
{
    const xd_str zh = xd_lang_tag[XD_ZH], en = xd_lang_tag[XD_EN];
    bool has_zh = false, has_en = false, other_zh = false;
    for (size_t i = 0; i < field->langs.n; i++) {
        has_zh = has_zh || xd_str_eq(field->langs.at[i], zh);
        has_en = has_en || xd_str_eq(field->langs.at[i], en);
    }
    for (size_t i = 0; i < cells->n; i++) {
        other_zh =
            other_zh || (cells->at[i] != cell && xd_str_eq(cells->at[i]->column->part, zh) &&
                         has_han(cells->at[i]->text));
    }
    bool han = has_han(cell->text);
    if (has_zh && han && !other_zh && xd_str_eq(cell->column->part, en)) {
        return zh;
    }
    bool stray = has_en && !han && other_zh && xd_str_eq(cell->column->part, zh);
    return stray && xd_cell_text(cells, en).n == 0 ? en : cell->column->part;
}

static void read_text_single(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    bool title = field == r->type->title;
    xd_json *value = xd_json_object(r->cx->arena);
    for (size_t i = 0; i < cells->n; i++) {
        xd_str lang = lang_of(field, cells, cells->at[i]), text = cells->at[i]->text;
        if (text.n == 0) {
            continue;
        }
        text = title ? one_line(r->cx, text) : tidy(r->cx, text);
        if (title) {
            xd_str bare = xd_without_count(r->cx, text);
            if (bare.n < text.n) {
                XD_SAY(r, XD_NOTE, "text.count", field, text, "去掉了名称前的序号：" XD_FMT,
                       "The count before the name was taken away: " XD_FMT, XD_ARG(bare));
            }
            text = bare;
        }
        xd_str before = xd_json_get_str(value, lang);
        if (before.n > 0 && title) {
            if (!xd_str_eq(before, text)) {
                XD_SAY(r, XD_WARNING, "value.twice", field, text,
                       "同一项有两列，后一列“" XD_FMT "”没有用上。",
                       "Two columns give this; the later one, \"" XD_FMT "\", was not used.",
                       XD_ARG(text));
            }
            continue;
        }
        if (before.n > 0) {
            text =
                xd_str_printf(r->cx->arena, XD_FMT "\n" XD_FMT, XD_ARG(before), XD_ARG(text));
        }
        if (text.n > 0) {
            xd_json_set(r->cx->arena, value, lang, xd_json_string(r->cx->arena, text));
        }
    }
    const xd_json *kept = xd_json_get(r->target, field->name); /* what another field put here */
    for (size_t i = 0; kept != NULL && i < kept->members.n; i++) {
        if (xd_json_get(value, kept->members.at[i].key) == NULL) {
            xd_json_set(r->cx->arena, value, kept->members.at[i].key,
                        kept->members.at[i].value);
        } else {
            xd_str both = xd_str_printf(r->cx->arena, XD_FMT "\n" XD_FMT,
                                        XD_ARG(xd_json_get_str(value, kept->members.at[i].key)),
                                        XD_ARG(xd_json_str(kept->members.at[i].value)));
            xd_json_set(r->cx->arena, value, kept->members.at[i].key,
                        xd_json_string(r->cx->arena, both));
        }
    }
    if (xd_json_len(value) > 0) {
        xd_put_value(r, field, value);
    }
}

/* Lists in several languages belong together item by item when they are equally long. */
static void read_text_many(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_strs first = {0};
    xd_str first_lang = {0};
    for (size_t i = 0; i < cells->n; i++) {
        xd_str lang = lang_of(field, cells, cells->at[i]), text = cells->at[i]->text;
        xd_strs items;
        const xd_json *json = NULL;
        if (text.n == 0 || xd_take_json(r, field, text)) {
            continue;
        }
        if (xd_str_starts(text, XD_S("[\"")) && xd_json_read(r->cx, text, &json)) {
            items = (xd_strs){0};
            for (size_t k = 0; k < xd_json_len(json); k++) {
                *xd_push(r->cx->arena, &items) = xd_json_str(xd_json_at(json, k));
            }
        } else {
            (void)xd_err_take(r->cx); /* brackets, but no JSON: it is text */
            xd_items_split(r->cx, text, field->commas, false, &items);
        }
        bool beside = first.n > 0 && items.n == first.n && !xd_str_eq(lang, first_lang);
        xd_json *list = (xd_json *)xd_json_get(r->target, field->name);
        for (size_t k = 0; k < items.n; k++) {
            if (items.at[k].n == 0) {
                continue;
            }
            xd_json *text_value = xd_json_string(r->cx->arena, items.at[k]);
            if (beside && list != NULL && list->items.n == items.n) {
                xd_json_set(r->cx->arena, list->items.at[k], lang, text_value);
                continue;
            }
            xd_json *value = xd_json_object(r->cx->arena);
            xd_json_set(r->cx->arena, value, lang, text_value);
            xd_put_value(r, field, value);
        }
        if (first.n == 0) {
            first = items;
            first_lang = lang;
        }
    }
}

/* 2021年“十一”: the year, where what is behind it is no date. */
static bool read_leading_year(xd_ctx *cx, xd_str text, xd_period *ret_period)
{
    unsigned flags = 0;
    size_t at = xd_str_find(text, XD_S("年"), 0);
    if (at != 4 && at != 12) { /* 2021年, 二〇二一年 */
        return false;
    }
    if (!xd_period_read(cx, xd_str_sub(text, 0, at + 3), ret_period, &flags)) {
        (void)xd_err_take(cx); /* only tried */
        return false;
    }
    return true;
}

static bool read_period(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_arena *arena = r->cx->arena;
    xd_str text = xd_cell_text(cells, XD_S("text"));
    xd_str ends[2] = {xd_cell_text(cells, XD_S("from")), xd_cell_text(cells, XD_S("to"))};
    xd_period period = {XD_DAY_OPEN_START, XD_DAY_OPEN_END}, end;
    unsigned flags = 0;
    bool read = false;
    if (text.n == 0 && !xd_cell_has(cells, XD_S("to"))) { /* 开工时间 and nothing beside it */
        text = ends[0];
        ends[0] = (xd_str){0};
    }
    if (text.n > 0) {
        if (xd_str_ends(text, XD_S(".0"))) { /* a year that went through a spreadsheet */
            text = xd_str_sub(text, 0, text.n - 2);
        }
        read = xd_period_read(r->cx, text, &period, &flags);
    }
    for (size_t i = 0; i < 2 && !read && r->cx->err.code == XD_OK; i++) {
        if (ends[i].n > 0 && xd_period_read(r->cx, ends[i], &end, &flags)) {
            *(i == 0 ? &period.from : &period.to) = i == 0 ? end.from : end.to;
        }
        read = i == 1 && r->cx->err.code == XD_OK && ends[0].n + ends[1].n > 0;
    }
    if (!read && text.n > 0 && r->cx->err.code == XD_INVALID) {
        xd_err err = xd_err_take(r->cx);
        read = xd_read_events(r, field, text, &period);
        if (!read) {
            (void)xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
    }
    if (!read && text.n > 0 && r->cx->err.code == XD_INVALID) {
        xd_err err = xd_err_take(r->cx);
        read = read_leading_year(r->cx, text, &period);
        if (read) {
            XD_SAY(r, XD_WARNING, "period.partly", field, text,
                   "“" XD_FMT "”只读出了开头的年份，请核对。",
                   "Of \"" XD_FMT "\" only the year it begins with was read; please check.",
                   XD_ARG(text));
        } else {
            (void)xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
    }
    if (!read) {
        xd_err err = xd_err_take(r->cx);
        xd_str what = text.n > 0 ? text : ends[0].n > 0 ? ends[0] : ends[1];
        if (err.code != XD_INVALID && err.code != XD_OK) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        XD_SAY(r, XD_WARNING, "period.unread", field, what,
               "看不懂时间“" XD_FMT "”，只记下了文字，查找时算作时间不明。",
               "The time \"" XD_FMT
               "\" cannot be read: the text alone was kept, and it counts as "
               "unknown.",
               XD_ARG(what));
        text = what;
    }
    if ((flags & XD_PERIOD_DISAGREES) != 0) {
        XD_SAY(r, XD_WARNING, "period.disagrees", field, text,
               "“" XD_FMT "”里的两种纪年对不上，取了包括两者的时段。",
               "The two datings in \"" XD_FMT "\" do not agree; the span of both was taken.",
               XD_ARG(text));
    }
    xd_json *value = xd_json_object(arena);
    if (text.n == 0) { /* only ends were given: they are the text too */
        text = xd_period_edtf(arena, period);
    }
    xd_json_set(arena, value, XD_S("text"), xd_json_string(arena, text));
    if (read && period.from != XD_DAY_OPEN_START) {
        xd_json_set(arena, value, XD_S("from"),
                    xd_json_string(arena, xd_day_text(arena, period.from)));
    }
    if (read && period.to != XD_DAY_OPEN_END) {
        xd_json_set(arena, value, XD_S("to"),
                    xd_json_string(arena, xd_day_text(arena, period.to)));
    }
    int32_t today;
    if (read && period.from != XD_DAY_OPEN_START && xd_day_read(r->options->today, &today) &&
        period.from > today) {
        XD_SAY(r, XD_WARNING, "period.future", field, text, "“" XD_FMT "”在今天以后，请核对。",
               "\"" XD_FMT "\" lies in the future; please check.", XD_ARG(text));
    }
    xd_put_value(r, field, value);
    return true;
}

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

static void read_links(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str text = xd_cell_text(cells, XD_S("ref"));
    xd_str id = xd_cell_text(cells, XD_S("id"));
    int64_t n = 0;
    xd_strs items = {0};
    if (text.n > 0 && xd_take_json(r, field, text)) {
        return;
    }
    if (field->many) {
        xd_items_split(r->cx, text, field->commas, false, &items);
    } else if (text.n > 0) {
        *xd_push(r->cx->arena, &items) = one_line(r->cx, text);
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

static void read_boolean(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_strs items = {0};
    if (field->many && xd_take_json(r, field, text)) {
        return;
    }
    if (field->many) {
        xd_items_split(r->cx, text, true, true, &items);
    } else {
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

/* Ⅷ—65, Ⅷ－65, Ⅷ–65: one dash is as good as another, and full-width letters as narrow ones. */
static xd_str plain_identifier(xd_ctx *cx, xd_str text)
{
    xd_buf out = {0};
    for (size_t at = 0; at < text.n;) {
        size_t from = at;
        uint32_t cp = xd_utf8_next(text, &at);
        bool dash =
            (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212 || cp == 0xff0d || cp == 0x30fc;
        bool wide = cp >= 0xff01 && cp <= 0xff5e;
        if (dash || wide) {
            xd_buf_byte(&out, dash ? '-' : (char)(cp - 0xfee0));
        } else {
            xd_buf_add(&out, xd_str_sub(text, from, at));
        }
    }
    xd_str value = xd_buf_copy(&out, cx->arena);
    xd_buf_free(&out);
    return value;
}

/* One item of a kind that is plain text with a rule. False: the work failed. */
static bool read_item(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_str value = text;
    bool ok = true;
    const char *zh = "", *en = "";
    if (field->kind == XD_KIND_URL) {
        ok = xd_url_read(r->cx, text, &value);
        zh = "不是 http 或 https 网址";
        en = "is no http or https address";
    } else if (field->kind == XD_KIND_PHONE) {
        ok = xd_phone_read(r->cx, text, &value);
        zh = "不是电话号码";
        en = "is no phone number";
    } else if (field->scheme.n > 0) {
        ok = xd_uscc_read(r->cx, text, &value);
        zh = "不是统一社会信用代码（18 位，末位是校验码）";
        en = "is no unified social credit code (18 characters, the last a check digit)";
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
    if (ok && field->kind == XD_KIND_IDENTIFIER && field->scheme.n == 0) {
        value = plain_identifier(r->cx, value);
    }
    if (!ok) {
        xd_err err = xd_err_take(r->cx); /* said by the problem */
        if (err.code != XD_OK && err.code != XD_INVALID) {
            return xd_fail(r->cx, err.code, XD_FMT, XD_ARG(err.message));
        }
        xd_unread(r, field, "value.unread", text,
                  xd_str_printf(r->cx->arena, "“" XD_FMT "”%s。", XD_ARG(text), zh),
                  xd_str_printf(r->cx->arena, "\"" XD_FMT "\" %s.", XD_ARG(text), en),
                  (xd_str){0}, (xd_str){0});
        return true;
    }
    xd_put_value(r, field, xd_json_string(r->cx->arena, value));
    return true;
}

/* 0561-5550003 0561-5550004: two numbers with nothing but a blank between them, where the whole is
 * none. An area code and its number are one. */
static void part_numbers(xd_ctx *cx, xd_strs *items)
{
    xd_strs parted = {0};
    for (size_t i = 0; i < items->n; i++) {
        xd_str whole = items->at[i], value;
        bool all = !xd_phone_read(cx, whole, &value);
        xd_strs parts = {0};
        for (size_t at = 0, from = 0; all && at <= whole.n; at++) {
            if (at == whole.n || whole.p[at] == ' ' || whole.p[at] == '\n') {
                xd_str part = xd_str_sub(whole, from, at);
                all = part.n == 0 || xd_phone_read(cx, part, &value);
                if (part.n > 0) {
                    *xd_push(cx->arena, &parts) = part;
                }
                from = at + 1;
            }
        }
        for (size_t k = 0; all && k < parts.n; k++) {
            *xd_push(cx->arena, &parted) = parts.at[k];
        }
        if (!all) {
            *xd_push(cx->arena, &parted) = whole;
        }
    }
    (void)xd_err_take(cx); /* only tried: read_item says what is no number */
    *items = parted;
}

/* 咨询电话：0554-6640000（王主任）: the numbers in a text, where the whole is none. Nothing when it
 * has none. */
static void find_numbers(xd_ctx *cx, xd_str text, xd_strs *ret_numbers, xd_str *ret_left)
{
    xd_buf left = {0};
    xd_strs numbers = {0};
    for (size_t at = 0; at < text.n;) {
        size_t end = at, digits = 0;
        while (end < text.n && memchr("0123456789-()*+", text.p[end], 15) != NULL) {
            digits += text.p[end] >= '0' && text.p[end] <= '9';
            end++;
        }
        xd_str value, run = xd_str_sub(text, at, end);
        while (run.n > 0 && memchr("-()", run.p[run.n - 1], 3) != NULL) {
            run.n--;
        }
        if (digits >= 7 && xd_phone_read(cx, run, &value)) {
            *xd_push(cx->arena, &numbers) = value;
            at = end;
            continue;
        }
        size_t next = at;
        (void)xd_utf8_next(text, &next);
        next = end > next ? end : next;
        xd_buf_add(&left, xd_str_sub(text, at, next));
        at = next;
    }
    *ret_numbers = numbers;
    *ret_left = xd_buf_copy(&left, cx->arena);
    xd_buf_free(&left);
    (void)xd_err_take(cx); /* only tried */
}

/* Words that stand beside a number and say nothing more. */
static bool says_only_phone(xd_arena *arena, xd_str left)
{
    static const char *const words[] = {
        "咨询",   "预约",   "联系", "服务", "电话", "热线", "手机", "总机",
        "办公室", "值班室", "值班", "传真", "前台", "接待", "参观", "对外",
        "及",     "和",     "或",   "同号", "微信", "固话", "座机", "投诉",
        "转",     "tel",    "号码", "号",   "客服", "办公", "同"};
    xd_str rest = xd_fold_key(arena, left);
    while (rest.n > 0) {
        size_t cut = 0;
        for (size_t i = 0; i < XD_LEN(words); i++) {
            size_t n = strlen(words[i]);
            cut = n > cut && xd_str_starts(rest, xd_str_of(words[i])) ? n : cut;
        }
        if (cut == 0) {
            return false;
        }
        rest = xd_str_sub(rest, cut, rest.n);
    }
    return true;
}

/* What stands beside a public number may be a person's name: it is for those who may see contacts,
 * else where the field's own unread texts go. */
static void keep_beside(xd_reader *r, const xd_field *field, xd_str whole, xd_str left)
{
    if (says_only_phone(r->cx->arena, left)) {
        return;
    }
    for (size_t i = 0; i < r->type->n_fields; i++) {
        const xd_field *f = &r->type->fields[i];
        bool empty = r->by_field == NULL || r->by_field[f->at].n == 0;
        if (f->kind == XD_KIND_CONTACT && !f->retired && empty && !f->many &&
            xd_json_get(r->body, f->name) == NULL) {
            xd_json_set(r->cx->arena, r->body, f->name, xd_json_string(r->cx->arena, whole));
            XD_SAY(r, XD_NOTE, "phone.beside", field, whole,
                   "“" XD_FMT "”里电话以外的文字连同电话记入“" XD_FMT "”。",
                   "“" XD_FMT "” holds more than a number; the whole was put into “" XD_FMT
                   "”.",
                   XD_ARG(whole), XD_ARG(xd_label_in(&f->label, r->cx->lang)));
            return;
        }
    }
    xd_unread(r, field, "value.unread", left,
              xd_str_printf(r->cx->arena, "“" XD_FMT "”不是电话号码。", XD_ARG(left)),
              xd_str_printf(r->cx->arena, "\"" XD_FMT "\" is no phone number.", XD_ARG(left)),
              (xd_str){0}, (xd_str){0});
}

/* True: numbers were found in a text that is more than a number. */
static bool read_phone_text(xd_reader *r, const xd_field *field, xd_str text)
{
    xd_strs numbers = {0};
    xd_str left = {0}, value, plain = plain_identifier(r->cx, text);
    if (xd_phone_read(r->cx, text, &value)) {
        return false;
    }
    (void)xd_err_take(r->cx); /* then there may be one in it */
    find_numbers(r->cx, plain, &numbers, &left);
    for (size_t i = 0; i < numbers.n; i++) {
        if (i == 0 || field->many) {
            xd_put_value(r, field, xd_json_string(r->cx->arena, numbers.at[i]));
        }
    }
    if (numbers.n > 0) {
        keep_beside(r, field, text, left);
    }
    return numbers.n > 0;
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
                part_numbers(r->cx, &items);
            }
        } else {
            *xd_push(r->cx->arena, &items) = one_line(r->cx, text);
        }
        for (size_t k = 0; k < items.n; k++) {
            if (field->kind == XD_KIND_PHONE && read_phone_text(r, field, items.at[k])) {
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
    switch ((int)field->kind) {
    case XD_KIND_TEXT:
    case XD_KIND_MARKDOWN:
        if (field->many) {
            read_text_many(r, field, cells);
        } else if (!xd_take_json(r, field, text)) {
            read_text_single(r, field, cells);
        }
        return true;
    case XD_KIND_PERIOD:
        return (text.n > 0 && xd_take_json(r, field, text)) || read_period(r, field, cells);
    case XD_KIND_TERM:
        for (size_t i = 0; i < cells->n; i++) {
            if (cells->at[i]->text.n > 0 &&
                (i == 0 || field->many || xd_json_get(r->target, field->name) == NULL)) {
                read_terms(r, field, cells->at[i]->text);
            }
        }
        return true;
    case XD_KIND_LINK:
        read_links(r, field, cells);
        return true;
    case XD_KIND_BOOLEAN:
        read_boolean(r, field, text);
        return true;
    case XD_KIND_HOURS:
        return read_hours(r, field, cells);
    default:
        return read_items(r, field, cells);
    }
}
