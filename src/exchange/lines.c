/* Lists without a table. Tables whose cells became lines (lines_cells.c) and records as blocks of labelled lines are looked for first (lines_blocks.c),
 * then numbered lines, here, then names behind headings (lines_heads.c).
 *
 *   1. 合肥钢铁厂（合肥市瑶海区，1958年）
 *
 * A notice or a newspaper prints a list as numbered lines. The numbering that most lines carry (1. or
 * （一） or the document's own) makes the items; where none does, lines that all end in brackets.
 * Each item is a row: a running number, the name, and what stands behind it: in brackets at the end,
 * or after a mark that nearly every item has. No header is sent: what the columns are is told by
 * their cells, like those of any table without one.
 *
 * Lines before the first item are titles, those behind the last one are text. A short line between
 * items is a row of one cell, which may be a heading (二、芜湖市). Names alone are only taken when
 * they look like names: short and no sentences. */
#include "exchange/lines_in.h"

#include "model/fold.h"

#define LINES 50000
#define LINES_BYTES ((size_t)16 << 20)
#define ITEMS_LEAST 3
#define TITLES 12 /* lines before the first item that are sent */
#define ITEM_BYTES 600
#define NAME_BYTES 90
#define HEADING_BYTES 120
#define STYLES 8 /* of xd_numbering_style, and the document's own */
#define LISTED (STYLES - 1)
#define PARTS 6 /* columns behind the name */

typedef struct list {
    const xd_lines *lines;
    size_t style; /* STYLES: lines that end in brackets */
    size_t first, last, n;
    bool brackets;
    const char *mark; /* that parts the name from the rest; NULL: nothing does */
} list;

void xd_lines_add(xd_arena *arena, xd_lines *lines, xd_str text, bool listed)
{
    if (text.n > 0 && lines->at.n < LINES && lines->bytes + text.n <= LINES_BYTES) {
        *xd_push(arena, &lines->at) =
            (xd_text_line){xd_str_copy(arena, text), listed, (int64_t)lines->at.n + 1};
        lines->bytes += text.n;
    }
}

static size_t style_of(const xd_text_line *line, size_t *ret_bytes)
{
    xd_numbering n = xd_numbering_of(line->text);
    *ret_bytes = n.bytes;
    if (n.style == XD_NUMBERING_NONE || n.style == XD_NUMBERING_BARE ||
        n.bytes >= line->text.n) {
        *ret_bytes = 0;
        return line->listed ? LISTED : XD_NUMBERING_NONE;
    }
    return n.style;
}

/* Where the brackets that end the text begin; SIZE_MAX: none, or nothing stands before them. */
static size_t brackets_at(xd_str text)
{
    xd_str close = XD_S("）");
    bool plain = xd_str_ends(text, XD_S(")"));
    if (!plain && !xd_str_ends(text, close)) {
        return SIZE_MAX;
    }
    size_t depth = 0;
    for (size_t i = text.n; i-- > 0;) {
        xd_str here = xd_str_sub(text, i, text.n);
        depth += here.p[0] == ')' || xd_str_starts(here, close);
        if (here.p[0] == '(' || xd_str_starts(here, XD_S("（"))) {
            depth -= depth > 0;
            if (depth == 0) {
                return i > 0 ? i : SIZE_MAX;
            }
        }
    }
    return SIZE_MAX;
}

/* The item's own text: without its number and the mark that ends a clause; empty: no item. */
static xd_str item_of(const list *l, size_t i)
{
    static const char *const ends[] = {"。", "；", ";", "，", "、"};
    const xd_text_line *line = &l->lines->at.at[i];
    size_t bytes = 0, style = style_of(line, &bytes);
    xd_str text = xd_str_trim(xd_str_sub(line->text, bytes, line->text.n));
    for (size_t k = 0; k < XD_LEN(ends); k++) {
        if (xd_str_ends(text, xd_str_of(ends[k]))) {
            text.n -= strlen(ends[k]);
        }
    }
    bool is = l->style == STYLES ? brackets_at(text) != SIZE_MAX : style == l->style;
    return is && text.n <= ITEM_BYTES ? text : XD_S("");
}

static void find_items(list *l)
{
    size_t counts[STYLES + 1] = {0};
    for (size_t i = 0; i < l->lines->at.n; i++) {
        size_t bytes = 0, style = style_of(&l->lines->at.at[i], &bytes);
        counts[style] += style != XD_NUMBERING_NONE;
    }
    for (size_t s = 0; s < STYLES; s++) {
        l->style = counts[s] > counts[l->style] ? s : l->style;
    }
    l->style = counts[l->style] < ITEMS_LEAST ? STYLES : l->style;
    for (size_t i = 0; i < l->lines->at.n; i++) {
        if (item_of(l, i).n > 0) {
            l->first = l->n == 0 ? i : l->first;
            l->last = i;
            l->n++;
        }
    }
}

/* What parts the name from the rest, in nearly every item; names alone must look like names. */
static bool find_parting(list *l)
{
    static const char *const marks[] = {"\t", "——", "：", "  ", "，", ",", " "};
    size_t bracketed = 0, with[XD_LEN(marks)] = {0}, names = 0;
    for (size_t i = l->first; i <= l->last; i++) {
        xd_str text = item_of(l, i);
        bracketed += text.n > 0 && brackets_at(text) != SIZE_MAX;
        bool sentence = text.n > NAME_BYTES;
        for (size_t k = 0; text.n > 0 && k < XD_LEN(marks); k++) {
            size_t at = xd_str_find(text, xd_str_of(marks[k]), 0);
            with[k] += at != SIZE_MAX && at > 0 && at <= NAME_BYTES;
            sentence |= at != SIZE_MAX && (k == 4 || k == 5);
        }
        sentence |= xd_str_find(text, XD_S("。"), 0) != SIZE_MAX;
        names += text.n > 0 && !sentence;
    }
    l->brackets = bracketed * 10 >= l->n * 6;
    for (size_t k = 0; k < XD_LEN(marks) && !l->brackets && l->mark == NULL; k++) {
        l->mark = with[k] * 10 >= l->n * 9 ? marks[k] : NULL;
    }
    return l->brackets || l->mark != NULL || names * 10 >= l->n * 9;
}

/* 位于瑶海区明光路 is a place. */
static xd_str without_lead(xd_str part)
{
    static const char *const leads[] = {"位于", "坐落于", "坐落在", "座落于", "地处", "地址在"};
    for (size_t i = 0; i < XD_LEN(leads); i++) {
        if (xd_str_starts(part, xd_str_of(leads[i]))) {
            return xd_str_trim(xd_str_sub(part, strlen(leads[i]), part.n));
        }
    }
    return part;
}

/* The name and the parts behind it; returns how many. */
static size_t part(const list *l, xd_str text, xd_str *parts)
{
    static const char *const between[] = {"，", ",", "；", ";", "\t", "  "};
    size_t n = 1, at = l->brackets ? brackets_at(text) : SIZE_MAX;
    xd_str rest = {0};
    parts[0] = text;
    if (at != SIZE_MAX) {
        size_t open = text.p[at] == '(' ? 1 : 3, close = xd_str_ends(text, XD_S(")")) ? 1 : 3;
        parts[0] = xd_str_trim(xd_str_sub(text, 0, at));
        rest = xd_str_sub(text, at + open, text.n - close);
    } else if (l->mark != NULL && (at = xd_str_find(text, xd_str_of(l->mark), 0)) != SIZE_MAX) {
        parts[0] = xd_str_trim(xd_str_sub(text, 0, at));
        rest = xd_str_sub(text, at + strlen(l->mark), text.n);
    }
    for (rest = xd_str_trim(rest); rest.n > 0 && n <= PARTS; rest = xd_str_trim(rest)) {
        size_t cut = rest.n, skip = 0;
        for (size_t k = 0; n < PARTS && k < XD_LEN(between); k++) {
            size_t found = xd_str_find(rest, xd_str_of(between[k]), 0);
            skip = found < cut ? strlen(between[k]) : skip;
            cut = found < cut ? found : cut;
        }
        parts[n++] = without_lead(xd_str_trim(xd_str_sub(rest, 0, cut)));
        rest = xd_str_sub(rest, cut + skip, rest.n);
    }
    return n;
}

bool xd_lines_text(xd_sheet *sheet, xd_str text)
{
    text = xd_str_sub(text, 0, XD_CELL_BYTES);
    return xd_emit_begin(sheet->cx, sheet->emit, sheet->name, sheet->no, 0, false) &&
           xd_emit_cell(sheet->cx, sheet->emit, XD_CELL_TEXT, text, false) &&
           xd_emit_end(sheet->cx, sheet->emit);
}

static bool send_item(xd_sheet *sheet, const list *l, size_t i, xd_str text, size_t count)
{
    xd_str parts[PARTS + 1];
    size_t n = part(l, text, parts);
    xd_str number = xd_str_printf(sheet->cx->arena, "%zu", count);
    bool ok = xd_sheet_put(sheet, 0, XD_CELL_NUMBER, number);
    for (size_t k = 0; ok && k < n; k++) {
        ok = xd_sheet_put(sheet, k + 1, XD_CELL_TEXT, parts[k]);
    }
    return ok && xd_sheet_send(sheet, l->lines->at.at[i].number - 1);
}

bool xd_lines_around(xd_sheet *sheet, const xd_lines *lines, size_t from, size_t to)
{
    bool ok = true;
    for (size_t i = from; ok && i < to; i++) {
        ok = xd_lines_text(sheet, lines->at.at[i].text);
    }
    return ok;
}

xd_str xd_lines_bare(xd_str line)
{
    static const char *const kept[] = {"“",  "‘",  "《", "〈", "「", "『", "【",
                                       "〔", "（", "(",  "〇", "①",  "②",  "③",
                                       "④",  "⑤",  "⑥",  "⑦",  "⑧",  "⑨",  "⑩"};
    xd_str text = xd_str_trim(line);
    for (size_t at = 0; text.n > 0;) {
        at = 0;
        uint32_t cp = xd_utf8_next(text, &at);
        bool symbol = strchr("#*-+>·•", (int)(cp < 0x80 ? cp : '#')) != NULL &&
                      (cp < 0x80 || cp == 0xB7 || (cp >= 0x2000 && cp < 0x2E80) ||
                       cp == 0x3000 || cp == 0xFF0D || cp == 0xFE0F || cp >= 0x1F000);
        for (size_t i = 0; i < XD_LEN(kept); i++) {
            symbol &= !xd_str_starts(text, xd_str_of(kept[i]));
        }
        if (!symbol || (cp >= 0x2460 && cp < 0x2500)) {
            break;
        }
        text = xd_str_trim(xd_str_sub(text, at, text.n));
    }
    return xd_str_trim(xd_str_sub(text, xd_numbering_of(text).bytes, text.n));
}

bool xd_lines_is_name(xd_str text)
{
    static const char *const parts[] = {"。", "；", "！", "？", "：",
                                        "，", "、", ";",  "!",  "?"};
    size_t han = 0;
    for (size_t at = 0; at < text.n;) {
        han += xd_is_han(xd_utf8_next(text, &at));
    }
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (xd_str_find(text, xd_str_of(parts[i]), 0) != SIZE_MAX) {
            return false;
        }
    }
    return han >= 2 && text.n <= NAME_BYTES && !xd_cell_is_note(text);
}

/* Lines that are numbered, or end in brackets. */
static bool numbered_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent)
{
    list l = {.lines = lines};
    find_items(&l);
    *ret_sent = l.n >= ITEMS_LEAST && find_parting(&l);
    if (!*ret_sent) {
        return true;
    }
    bool ok = true;
    size_t count = 0;
    for (size_t i = l.first < TITLES ? 0 : l.first - TITLES; ok && i < lines->at.n; i++) {
        xd_str text = lines->at.at[i].text, item = item_of(&l, i);
        bool between = i > l.first && i < l.last && text.n <= HEADING_BYTES &&
                       xd_str_find(text, XD_S("。"), 0) == SIZE_MAX;
        xd_sheet_row_clear(sheet->row);
        if (item.n > 0) {
            ok = send_item(sheet, &l, i, item, ++count);
        } else if (between) {
            ok = xd_sheet_put(sheet, 0, XD_CELL_TEXT, text) &&
                 xd_sheet_send(sheet, lines->at.at[i].number - 1);
        } else {
            ok = xd_lines_text(sheet, text);
        }
    }
    return ok;
}

bool xd_lines_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent)
{
    sheet->name = XD_S("表1");
    sheet->no = 0;
    return xd_cells_send(sheet, lines, ret_sent) &&
           (*ret_sent || xd_blocks_send(sheet, lines, ret_sent)) &&
           (*ret_sent || numbered_send(sheet, lines, ret_sent)) &&
           (*ret_sent || xd_heads_send(sheet, lines, ret_sent));
}
