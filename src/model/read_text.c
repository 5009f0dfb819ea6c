/* Reading texts: which language a cell is in, texts of several columns, lists. */
#include "model/fold.h"
#include "model/read_in.h"

xd_str xd_one_line(xd_ctx *cx, xd_str text)
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
        text = title ? xd_one_line(r->cx, text) : tidy(r->cx, text);
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

void xd_read_text(xd_reader *r, const xd_field *field, const xd_cells *cells)
{
    xd_str first = {0};
    for (size_t i = 0; i < cells->n && first.n == 0; i++) {
        first = cells->at[i]->text;
    }
    if (field->many) {
        read_text_many(r, field, cells);
    } else if (!xd_take_json(r, field, first)) {
        read_text_single(r, field, cells);
    }
}
