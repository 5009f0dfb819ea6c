/* Names behind a heading on its line, as newspapers print them:
 *
 *   合肥市：荣事达工业旅游区、江淮汽车新港基地；
 *   蚌埠市（2家）：天河科技园玻璃展示中心、宝兴面粉厂文创街区。
 *
 * or parted by wide blanks, when lines have more and fewer of them (江苏省　洋河酒厂文化旅游区　南钢工业
 * 文化旅游区). Headings of one list end with the same character (市, 级, 类, 批), which keeps 责任编辑：…
 * out; what stands behind them are names and no sentences. A sentence that says 分别为：甲、乙、丙 is a list
 * without headings. Each heading is sent as a row of one cell, each name as a row with a
 * running number; what the heading means is told like that of any other. */
#include "exchange/lines_in.h"

#include "model/fold.h"

#define HEAD_BYTES 45
#define ITEMS 400
#define ITEMS_LEAST 3
#define HEADS 4000
#define TITLES 12

typedef struct head {
    size_t line;
    xd_str text, rest; /* without its count; what stands behind the colon */
    uint32_t last;     /* character of the heading */
} head;

typedef struct heads {
    xd_arena *arena;
    const xd_lines *lines;
    XD_VEC(head) at;
} heads;

/* Parted at 、 and ；, else at ， and blanks, outside brackets. */
static size_t items_of(xd_str rest, xd_str *items, size_t most)
{
    size_t n = 0, from = 0, depth = 0;
    bool strong = xd_str_find(rest, XD_S("、"), 0) != SIZE_MAX ||
                  xd_str_find(rest, XD_S("；"), 0) != SIZE_MAX;
    for (size_t at = 0; at <= rest.n && n < most;) {
        size_t here = at;
        uint32_t cp = at < rest.n ? xd_utf8_next(rest, &at) : 0;
        depth += cp == 0xFF08 || cp == '(';
        depth -= depth > 0 && (cp == 0xFF09 || cp == ')');
        bool parts = cp == 0 || (depth == 0 &&
                                 (cp == 0x3001 || cp == 0xFF1B || cp == ';' || cp == 0x3002 ||
                                  (!strong && (cp == 0xFF0C || cp == 0x3000))));
        if (parts) {
            xd_str item = xd_lines_bare(xd_str_trim(xd_str_sub(rest, from, here)));
            if (item.n > 0) {
                items[n++] = item;
            }
            from = at;
        }
        if (cp == 0) {
            break;
        }
    }
    return n;
}

static bool are_names(xd_str rest, size_t *ret_n)
{
    xd_str items[ITEMS];
    size_t n = items_of(rest, items, ITEMS);
    *ret_n = n;
    for (size_t i = 0; i < n; i++) {
        if (!xd_lines_is_name(items[i])) {
            return false;
        }
    }
    return n > 0;
}

static uint32_t last_of(xd_str text)
{
    uint32_t last = 0;
    for (size_t k = 0; k < text.n;) {
        last = xd_utf8_next(text, &k);
    }
    return last;
}

static bool find_head(const heads *h, size_t i, head *ret)
{
    xd_str line = xd_lines_bare(h->lines->at.at[i].text);
    size_t wide = xd_str_find(line, XD_S("："), 0), narrow = xd_str_find(line, XD_S(":"), 0);
    size_t at = wide < narrow ? wide : narrow;
    if (at == SIZE_MAX || at == 0 || at > HEAD_BYTES) {
        return false;
    }
    xd_str text = xd_cell_heading(xd_str_sub(line, 0, at));
    xd_str rest = xd_str_trim(xd_str_sub(line, at + (at == wide ? 3 : 1), line.n));
    size_t n = 0;
    if (text.n < 6 || !xd_lines_is_name(text) || !are_names(rest, &n)) {
        return false;
    }
    *ret = (head){.line = i, .text = text, .rest = rest, .last = last_of(text)};
    return true;
}

/* 江苏省　洋河酒厂文化旅游区　南钢工业文化旅游区: a place, then names between wide blanks. */
static bool find_wide(const heads *h, size_t i, head *ret)
{
    static const char *const ends[] = {"省", "市", "区", "县"};
    xd_str line = xd_str_trim(h->lines->at.at[i].text), blank = XD_S("　");
    size_t at = xd_str_find(line, blank, 0), n = 0;
    if (at == SIZE_MAX || at < 6 || at > 27) {
        return false;
    }
    xd_str text = xd_str_sub(line, 0, at), rest = xd_str_sub(line, at + blank.n, line.n);
    bool place = false;
    for (size_t k = 0; k < XD_LEN(ends); k++) {
        place |= xd_str_ends(text, xd_str_of(ends[k]));
    }
    if (!place || !xd_lines_is_name(text) || !are_names(rest, &n)) {
        return false;
    }
    *ret = (head){.line = i, .text = text, .rest = rest, .last = 0x7701};
    return true;
}

/* 首批8个基地分别为：甲、乙、丙。 The names up to the end of the sentence. */
static bool find_sentence(const heads *h, size_t i, head *ret)
{
    static const char *const says[] = {"分别为", "分别是", "包括", "名单如下", "如下",
                                       "名单为", "有",     "为",   "是",       "名单"};
    xd_str line = h->lines->at.at[i].text;
    size_t at = xd_str_find(line, XD_S("："), 0), n = 0;
    for (; at != SIZE_MAX; at = xd_str_find(line, XD_S("："), at + 3)) {
        bool said = false;
        for (size_t k = 0; k < XD_LEN(says); k++) {
            said |= xd_str_ends(xd_str_sub(line, 0, at), xd_str_of(says[k]));
        }
        size_t end = xd_str_find(line, XD_S("。"), at);
        xd_str rest = xd_str_sub(line, at + 3, end == SIZE_MAX ? line.n : end);
        if (said && are_names(rest, &n) && n >= ITEMS_LEAST) {
            *ret = (head){.line = i, .rest = rest};
            return true;
        }
    }
    return false;
}

/* Only headings that end like most of them. */
static void keep_alike(heads *h)
{
    size_t best = 0;
    uint32_t last = 0;
    for (size_t i = 0; i < h->at.n; i++) {
        size_t n = 0;
        for (size_t k = 0; k < h->at.n; k++) {
            n += h->at.at[k].last == h->at.at[i].last;
        }
        if (n > best) {
            best = n;
            last = h->at.at[i].last;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < h->at.n; i++) {
        if (h->at.at[i].last == last) {
            h->at.at[kept++] = h->at.at[i];
        }
    }
    h->at.n = kept;
}

static bool send_items(xd_sheet *sheet, const heads *h, const head *one, size_t *count)
{
    xd_str items[ITEMS];
    size_t n = items_of(one->rest, items, ITEMS);
    int64_t number = h->lines->at.at[one->line].number - 1;
    bool ok = true;
    if (one->text.n > 0) {
        xd_sheet_row_clear(sheet->row);
        ok = xd_sheet_put(sheet, 0, XD_CELL_TEXT, one->text) && xd_sheet_send(sheet, number);
    }
    for (size_t i = 0; ok && i < n; i++) {
        xd_str running = xd_str_printf(sheet->cx->arena, "%zu", ++*count);
        xd_sheet_row_clear(sheet->row);
        ok = xd_sheet_put(sheet, 0, XD_CELL_NUMBER, running) &&
             xd_sheet_put(sheet, 1, XD_CELL_TEXT, items[i]) && xd_sheet_send(sheet, number);
    }
    return ok;
}

bool xd_heads_send(xd_sheet *sheet, const xd_lines *lines, bool *ret_sent)
{
    static bool (*const finds[])(const heads *, size_t, head *) = {find_head, find_wide,
                                                                   find_sentence};
    heads h = {.arena = sheet->cx->arena, .lines = lines};
    size_t count = 0;
    *ret_sent = false;
    for (size_t way = 0; way < XD_LEN(finds) && !*ret_sent; way++) {
        size_t names = 0;
        h.at.n = 0;
        for (size_t i = 0; i < lines->at.n && h.at.n < HEADS; i++) {
            head one;
            if (finds[way](&h, i, &one)) {
                *xd_push(h.arena, &h.at) = one;
            }
        }
        keep_alike(&h);
        for (size_t i = 0; i < h.at.n; i++) {
            size_t n = 0;
            (void)are_names(h.at.at[i].rest, &n); /* they are */
            names += n;
        }
        *ret_sent = h.at.n >= (finds[way] == find_sentence ? 1 : 2) && names >= ITEMS_LEAST &&
                    names > h.at.n;
    }
    if (!*ret_sent) {
        return true;
    }
    size_t first = h.at.at[0].line, last = h.at.at[h.at.n - 1].line, next = first;
    bool ok = xd_lines_around(sheet, lines, first < TITLES ? 0 : first - TITLES, first);
    for (size_t i = 0; ok && i < h.at.n; i++) {
        ok = xd_lines_around(sheet, lines, next, h.at.at[i].line) &&
             send_items(sheet, &h, &h.at.at[i], &count);
        next = h.at.at[i].line + 1;
    }
    return ok && xd_lines_around(sheet, lines, last + 1, lines->at.n);
}
