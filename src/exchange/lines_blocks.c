/* Records written one below the other, each a name and lines of label and value:
 *
 *   01                                   1. 中国宣纸博物馆
 *   合肥钢铁厂                           地址：宣城市泾县乌溪   电话：0563-5600319
 *   地址：安徽省合肥市瑶海区             该馆展示宣纸的历史。
 *   核心物项：1958年小高炉；铁轨
 *
 * A label is a few Chinese characters before a colon, or in 【】; only one that is met with several
 * names counts, so 责任编辑：… and 来源：… are none. Several labels may stand in one line. A block
 * begins where a label comes again or where a name stands between labelled lines: the last short
 * line before them which is no sentence. Short lines above it may be headings; sentences are told as
 * 简介 of the block they stand in. The header is the labels as they are written, so that what they
 * mean is told like that of any table. */
#include "exchange/lines_in.h"

#include "model/fold.h"

#define LABELS 32
#define LABEL_HAN 10
#define BLOCKS_MOST 5000
#define BLOCKS_LEAST 3
#define TITLES 12

typedef struct block {
    size_t line; /* its name's, else its first label's */
    xd_str name;
    xd_str value[LABELS];
    xd_str about;
} block;

typedef struct blocks {
    xd_arena *arena;
    const xd_lines *lines;
    xd_str label[LABELS * 4]; /* candidates with how often they are met */
    size_t met[LABELS * 4], n_labels;
    XD_VEC(block) at;
    XD_VEC(size_t) between; /* lines since the last labelled one */
    size_t headings;        /* in `between` that are sent as rows of their own */
} blocks;

/* Bytes of a label at `from` and of its mark; 0: none there. */
static size_t label_at(xd_arena *arena, xd_str line, size_t from, xd_str *ret_label)
{
    xd_str open = XD_S("【"), close = XD_S("】"), rest = xd_str_sub(line, from, line.n);
    if (xd_str_starts(rest, open)) {
        size_t end = xd_str_find(rest, close, 0);
        if (end != SIZE_MAX && end > open.n && end <= open.n + 3 * LABEL_HAN) {
            *ret_label = xd_cell_name(arena, xd_str_sub(rest, open.n, end));
            size_t n = end + close.n;
            n += xd_str_starts(xd_str_sub(rest, n, rest.n), XD_S("：")) ? 3 : 0;
            return n;
        }
        return 0;
    }
    size_t han = 0, at = 0;
    while (at < rest.n) {
        size_t here = at;
        uint32_t cp = xd_utf8_next(rest, &at);
        if (cp == ':' || cp == 0xFF1A) {
            *ret_label = xd_cell_name(arena, xd_str_sub(rest, 0, here));
            return han >= 2 ? at : 0;
        }
        bool inside = cp == ' ' || cp == 0x3000 || cp == '/' || cp == 0xFF08 || cp == 0xFF09;
        han += xd_is_han(cp);
        if ((!xd_is_han(cp) && !inside) || (inside && han == 0) || han > LABEL_HAN) {
            return 0;
        }
    }
    return 0;
}

static size_t find(const blocks *b, xd_str label)
{
    for (size_t i = 0; i < b->n_labels; i++) {
        if (xd_str_eq(b->label[i], label)) {
            return i;
        }
    }
    return SIZE_MAX;
}

static bool is_between(uint32_t cp)
{
    return cp == ' ' || cp == 0x3000 || cp == '\t' || cp == ';' || cp == 0xFF1B ||
           cp == 0xFF0C || cp == ',' || cp == 0x3002 || cp == '|' || cp == 0xFF5C ||
           cp == '(' || cp == 0xFF08;
}

/* The next label at or behind *at that stands at the beginning or behind a mark; false: none. */
static bool next_label(const blocks *b, xd_str line, size_t *at, size_t *ret_n,
                       xd_str *ret_label)
{
    uint32_t before = ' ';
    for (size_t i = 0; i < line.n;) {
        if (i >= *at && is_between(before)) {
            *ret_n = label_at(b->arena, line, i, ret_label);
            if (*ret_n > 0) {
                *at = i;
                return true;
            }
        }
        before = xd_utf8_next(line, &i);
    }
    return false;
}

static xd_str line_of(const blocks *b, size_t i)
{
    return xd_lines_bare(b->lines->at.at[i].text);
}

static void count_labels(blocks *b)
{
    for (size_t i = 0; i < b->lines->at.n; i++) {
        xd_str line = line_of(b, i), label;
        size_t at = 0, n = 0;
        while (next_label(b, line, &at, &n, &label)) {
            size_t k = find(b, label);
            if (k == SIZE_MAX && b->n_labels < XD_LEN(b->label)) {
                k = b->n_labels++;
                b->label[k] = label;
            }
            if (k != SIZE_MAX) {
                b->met[k]++;
            }
            at += n;
        }
    }
    size_t kept = 0, most = 0;
    for (size_t i = 0; i < b->n_labels; i++) {
        most = b->met[i] > most ? b->met[i] : most;
    }
    for (size_t i = 0; i < b->n_labels; i++) {
        if (b->met[i] >= 2 && b->met[i] * 4 >= most && kept < LABELS) {
            b->met[kept] = b->met[i];
            b->label[kept++] = b->label[i];
        }
    }
    b->n_labels = kept;
}

static xd_str without_marks(xd_str text)
{
    for (size_t n = SIZE_MAX; n != text.n;) {
        n = text.n;
        text = xd_str_trim(text);
        static const char *const marks[] = {"，", ",",  "；", ";", "（", "(",  "：",
                                            ":",  "）", ")",  "|", "｜", "。", "　"};
        for (size_t i = 0; i < XD_LEN(marks); i++) {
            xd_str mark = xd_str_of(marks[i]);
            bool shut = mark.n == 3 ? xd_str_eq(mark, XD_S("）")) : mark.p[0] == ')';
            bool opened = shut && (xd_str_find(text, XD_S("（"), 0) != SIZE_MAX ||
                                   xd_str_find(text, XD_S("("), 0) != SIZE_MAX);
            if (!opened && xd_str_ends(text, mark)) {
                text.n -= mark.n;
            }
        }
    }
    return text;
}

static void add_about(blocks *b, block *to, xd_str text)
{
    size_t han = 0;
    for (size_t at = 0; at < text.n;) {
        han += xd_is_han(xd_utf8_next(text, &at));
    }
    /* 01, 图1, a heading: a short line beside a record is no account of it, a short sentence is. */
    bool says = han >= 8 || (han >= 3 && xd_str_ends(text, XD_S("。")));
    if (to != NULL && says && !xd_lines_is_name(text)) {
        to->about = to->about.n == 0 ? text
                                     : xd_str_printf(b->arena, XD_FMT "\n" XD_FMT,
                                                     XD_ARG(to->about), XD_ARG(text));
    }
}

/* The block that the label at hand begins: named by `prefix`, else by a line before. */
static block *begin(blocks *b, size_t i, xd_str prefix)
{
    block *last = b->at.n == 0 ? NULL : &b->at.at[b->at.n - 1];
    size_t name = SIZE_MAX;
    for (size_t k = 0; k < b->between.n && prefix.n == 0; k++) {
        name = xd_lines_is_name(line_of(b, b->between.at[k])) ? k : name;
    }
    block one = {.line = i, .name = prefix};
    if (name != SIZE_MAX) {
        one.line = b->between.at[name];
        one.name = line_of(b, one.line);
    }
    for (size_t k = 0; k < b->between.n; k++) {
        xd_str text = line_of(b, b->between.at[k]);
        if (name != SIZE_MAX && k > name) {
            add_about(b, &one, text);
        } else if (k != name) {
            add_about(b, last, text);
        }
    }
    b->between.n = 0;
    block *made = xd_push(b->arena, &b->at);
    *made = one;
    return made;
}

static void take_line(blocks *b, size_t i)
{
    xd_str line = line_of(b, i), label;
    size_t at = 0, n = 0;
    size_t known = SIZE_MAX, from = 0;
    bool first = true;
    block *to = b->at.n == 0 ? NULL : &b->at.at[b->at.n - 1];
    while (at <= line.n) {
        bool more = next_label(b, line, &at, &n, &label);
        size_t k = more ? find(b, label) : SIZE_MAX;
        if (more && k == SIZE_MAX) {
            at += n; /* 成人：50元 within 门票：… */
            continue;
        }
        xd_str text = without_marks(xd_str_sub(line, from, more ? at : line.n));
        if (known != SIZE_MAX && to != NULL) {
            to->value[known] = to->value[known].n == 0
                                   ? text
                                   : xd_str_printf(b->arena, XD_FMT "\n" XD_FMT,
                                                   XD_ARG(to->value[known]), XD_ARG(text));
        }
        if (!more) {
            break;
        }
        xd_str prefix = first && xd_lines_is_name(text) ? text : (xd_str){0};
        bool named = first && (prefix.n > 0 || to == NULL);
        for (size_t j = 0; first && j < b->between.n; j++) {
            named |= xd_lines_is_name(line_of(b, b->between.at[j]));
        }
        if (named || (first && to->value[k].n > 0)) {
            to = begin(b, i, prefix);
        } else if (first) {
            for (size_t j = 0; j < b->between.n; j++) {
                add_about(b, to, line_of(b, b->between.at[j]));
            }
            b->between.n = 0;
        }
        first = false;
        known = k;
        from = at = at + n;
    }
    if (first) {
        *xd_push(b->arena, &b->between) = i;
    }
}

/* Enough records, most of them with a name and with two things said of them. */
static bool is_list(const blocks *b)
{
    size_t named = 0, said = 0;
    bool has_name = false;
    for (size_t i = 0; i < b->n_labels; i++) {
        has_name |= xd_str_find(b->label[i], XD_S("名"), 0) != SIZE_MAX;
    }
    for (size_t i = 0; i < b->at.n; i++) {
        named += b->at.at[i].name.n > 0;
        for (size_t k = 0; k < b->n_labels; k++) {
            said += b->at.at[i].value[k].n > 0;
        }
    }
    return b->at.n >= BLOCKS_LEAST && b->at.n <= BLOCKS_MOST && said * 2 >= b->at.n * 3 &&
           (has_name || named * 4 >= b->at.n * 3);
}

static bool send_header(xd_sheet *sheet, const blocks *b, bool names, bool about)
{
    bool ok = xd_emit_begin(sheet->cx, sheet->emit, sheet->name, sheet->no, 0, true);
    if (names) {
        ok = ok && xd_emit_cell(sheet->cx, sheet->emit, XD_CELL_TEXT, XD_S("名称"), false);
    }
    for (size_t k = 0; ok && k < b->n_labels; k++) {
        ok = xd_emit_cell(sheet->cx, sheet->emit, XD_CELL_TEXT, b->label[k], false);
    }
    if (about) {
        ok = ok && xd_emit_cell(sheet->cx, sheet->emit, XD_CELL_TEXT, XD_S("简介"), false);
    }
    return ok && xd_emit_end(sheet->cx, sheet->emit);
}

/* Short lines between two blocks may be headings of what follows. */
static bool send_headings(xd_sheet *sheet, const blocks *b, size_t from, size_t to)
{
    bool ok = true;
    for (size_t i = from; ok && i < to; i++) {
        xd_str text = b->lines->at.at[i].text, label;
        size_t at = 0, n = 0;
        bool labelled = next_label(b, line_of(b, i), &at, &n, &label);
        if (!labelled && xd_lines_is_name(line_of(b, i))) {
            xd_sheet_row_clear(sheet->row);
            ok = xd_sheet_put(sheet, 0, XD_CELL_TEXT, text) &&
                 xd_sheet_send(sheet, b->lines->at.at[i].number - 1);
        }
    }
    return ok;
}

static bool send_block(xd_sheet *sheet, const blocks *b, const block *one, bool names,
                       bool about)
{
    size_t c = 0;
    bool ok = true;
    xd_sheet_row_clear(sheet->row);
    if (names) {
        ok = xd_sheet_put(sheet, c++, XD_CELL_TEXT, one->name);
    }
    for (size_t k = 0; ok && k < b->n_labels; k++) {
        ok = xd_sheet_put(sheet, c++, XD_CELL_TEXT, one->value[k]);
    }
    if (about) {
        ok = ok && xd_sheet_put(sheet, c, XD_CELL_TEXT, one->about);
    }
    return ok && xd_sheet_send(sheet, b->lines->at.at[one->line].number - 1);
}

bool xd_blocks_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent)
{
    blocks *b = xd_new(sheet->cx->arena, blocks);
    *b = (blocks){.arena = sheet->cx->arena, .lines = lines};
    *ret_sent = false;
    count_labels(b);
    for (size_t i = 0; b->n_labels > 0 && i < lines->at.n && b->at.n <= BLOCKS_MOST; i++) {
        take_line(b, i);
    }
    if (!is_list(b)) {
        return true;
    }
    bool names = false, about = false;
    for (size_t i = 0; i < b->at.n; i++) {
        names |= b->at.at[i].name.n > 0;
        about |= b->at.at[i].about.n > 0;
    }
    size_t first = b->at.at[0].line, end = first;
    bool ok = xd_lines_around(sheet, lines, first < TITLES ? 0 : first - TITLES, first) &&
              send_header(sheet, b, names, about);
    for (size_t i = 0; ok && i < b->at.n; i++) {
        ok = (i == 0 || send_headings(sheet, b, end + 1, b->at.at[i].line)) &&
             send_block(sheet, b, &b->at.at[i], names, about);
        end = b->at.at[i].line;
    }
    if (b->between.n > 0) {
        ok = ok && xd_lines_around(sheet, lines, b->between.at[0], lines->at.n);
    }
    *ret_sent = true;
    return ok;
}
