/* What a line over a table says of all rows below it: 国家工业遗产名单（第三批） gives each of them a
 * level and a batch. The words are the model's: `titles` of a field, read in docs/reference/model.md.
 *
 * A line is heard when it looks like a title: short and no sentence. Words inside a longer match
 * do not count; two matches that say different things say nothing. */
#include "exchange/shape.h"

#include "model/fold.h"

#define TITLE_BYTES 300
#define WILD 10 /* characters that * stands for at most */
#define MATCHES 16

typedef struct match {
    size_t at, n;
    const xd_alias *word;
} match;

/* Bytes of `text` at `at` that a number takes: digits, full-width ones and Chinese. */
static size_t number_at(xd_str text, size_t at)
{
    size_t end = at;
    while (end < text.n) {
        size_t next = end;
        xd_str one = text;
        uint32_t cp = xd_utf8_next(one, &next);
        bool digit = (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19) ||
                     xd_str_find(XD_S("〇零一二三四五六七八九十"), xd_str_sub(text, end, next),
                                 0) != SIZE_MAX;
        if (!digit) {
            break;
        }
        end = next;
    }
    return end - at;
}

/* Bytes that `word` takes at `at`; 0: it does not stand there. {} is a number, * a few characters
 * that part nothing. */
static size_t word_at(xd_str text, size_t at, xd_str word)
{
    size_t hole = xd_str_find(word, XD_S("{}"), 0), star = xd_str_find(word, XD_S("*"), 0);
    if (hole == SIZE_MAX && star == SIZE_MAX) {
        return xd_str_starts(xd_str_sub(text, at, text.n), word) ? word.n : 0;
    }
    size_t cut = hole != SIZE_MAX ? hole : star, skip = hole != SIZE_MAX ? 2 : 1;
    xd_str before = xd_str_sub(word, 0, cut), behind = xd_str_sub(word, cut + skip, word.n);
    if (!xd_str_starts(xd_str_sub(text, at, text.n), before)) {
        return 0;
    }
    size_t end = at + before.n;
    if (hole != SIZE_MAX) {
        size_t n = number_at(text, end);
        bool there = n > 0 && xd_str_starts(xd_str_sub(text, end + n, text.n), behind);
        return there ? before.n + n + behind.n : 0;
    }
    for (size_t k = 0; k <= WILD && end <= text.n; k++) {
        xd_str rest = xd_str_sub(text, end, text.n);
        if (xd_str_starts(rest, behind)) {
            return end + behind.n - at;
        }
        if (rest.n == 0 || xd_str_starts(rest, XD_S("、")) || xd_str_starts(rest, XD_S("，")) ||
            xd_str_starts(rest, XD_S("和"))) {
            return 0;
        }
        (void)xd_utf8_next(text, &end);
    }
    return 0;
}

static void find_words(xd_str text, const xd_alias *words, size_t n, match *found,
                       size_t *ret_n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t at = 0; at < text.n; (void)xd_utf8_next(text, &at)) {
            size_t long_as = word_at(text, at, words[i].header);
            if (long_as > 0 && *ret_n < MATCHES) {
                found[(*ret_n)++] = (match){at, long_as, &words[i]};
            }
        }
    }
}

static bool is_inside(const match *a, const match *b)
{
    return a->at >= b->at && a->at + a->n <= b->at + b->n && a->n < b->n;
}

/* The only thing the matches say; NULL: nothing, or two things. */
static const match *only_one(xd_str text, const match *found, size_t n)
{
    const match *best = NULL;
    for (size_t i = 0; i < n; i++) {
        bool inner = false;
        for (size_t k = 0; k < n; k++) {
            inner |= is_inside(&found[i], &found[k]);
        }
        if (inner) {
            continue;
        }
        const match *m = &found[i];
        bool same =
            best == NULL ||
            (m->word->part.n > 0 ? xd_str_eq(best->word->part, m->word->part)
                                 : xd_str_eq(xd_str_sub(text, best->at, best->at + best->n),
                                             xd_str_sub(text, m->at, m->at + m->n)));
        if (!same) {
            return NULL;
        }
        best = best == NULL ? m : best;
    }
    return best;
}

/* 关于公布2022年国家工业旅游示范基地名单的公告 → 2022年国家工业旅游示范基地: what the list is of. */
static xd_str phrase_around(xd_str line, size_t at, size_t n)
{
    static const char *const before[] = {"公布", "印发", "命名", "认定", "发布", "公示", "关于",
                                         "《",   "“",    "：",   "为",   "年度", "附件"};
    static const char *const behind[] = {
        "名单", "名录",     "的",   "一览", "清单", "汇总", "统计", "（",   "(",     "》",
        "”",    "基本情况", "信息", "情况", "目录", "获奖", "入选", "入围", "获得者"};
    size_t from = 0, to = line.n;
    for (size_t i = 0; i < XD_LEN(before); i++) {
        for (size_t p = xd_str_find(line, xd_str_of(before[i]), 0); p < at;
             p = xd_str_find(line, xd_str_of(before[i]), p + 1)) {
            size_t end = p + strlen(before[i]);
            from = end <= at && end > from ? end : from;
        }
    }
    for (size_t i = 0; i < XD_LEN(behind); i++) {
        size_t p = xd_str_find(line, xd_str_of(behind[i]), at + n);
        to = p < to ? p : to;
    }
    return xd_str_trim(xd_str_sub(line, from, to));
}

/* Of a text's words several may stand in one line (设计大赛 and 奖 in 设计大赛获奖名单): what the first leads to
 * holds, where the others lead to the same and more, and nothing joins two things. */
static const match *first_of_one(xd_str text, const match *found, size_t n)
{
    static const char *const joints[] = {"、", "和", "与", "及"};
    const match *first = NULL;
    for (size_t i = 0; i < n; i++) {
        first = first == NULL || found[i].at < first->at ? &found[i] : first;
    }
    xd_str phrase = first == NULL ? (xd_str){0} : phrase_around(text, first->at, first->n);
    for (size_t i = 0; i < n; i++) {
        if (!xd_str_starts(phrase_around(text, found[i].at, found[i].n), phrase)) {
            return NULL;
        }
    }
    for (size_t i = 0; n > 1 && i < XD_LEN(joints); i++) {
        if (xd_str_find(phrase, xd_str_of(joints[i]), 0) != SIZE_MAX) {
            return NULL;
        }
    }
    return first;
}

static bool excluded(const xd_field *f, xd_str line)
{
    for (size_t i = 0; i < f->titles_unless.n; i++) {
        if (xd_str_find(line, f->titles_unless.at[i], 0) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

bool xd_title_says(xd_ctx *cx, const xd_field *field, xd_str title, xd_str *ret_value)
{
    match found[MATCHES];
    size_t n = 0;
    xd_str line = xd_simplified(cx->arena, xd_cell_name(cx->arena, title));
    bool sentence =
        line.n == 0 || line.n > TITLE_BYTES || xd_str_find(line, XD_S("。"), 0) != SIZE_MAX;
    if (field->retired || field->n_titles == 0 || sentence || excluded(field, line)) {
        return false;
    }
    find_words(line, field->titles, field->n_titles, found, &n);
    bool text = field->kind == XD_KIND_TEXT || field->kind == XD_KIND_MARKDOWN;
    const match *one = only_one(line, found, n);
    one = one == NULL && text ? first_of_one(line, found, n) : one;
    if (one == NULL) {
        return false;
    }
    if (field->kind ==
        XD_KIND_LINK) { /* 歙县老胡开文墨厂核心物项清单: what stands before the word */
        xd_str around = phrase_around(line, one->at, one->n);
        size_t lead = (size_t)(around.p - line.p);
        *ret_value = lead < one->at ? xd_str_trim(xd_str_sub(line, lead, one->at)) : XD_S("");
        return ret_value->n >= 6;
    }
    xd_str heading = xd_cell_heading(line); /* a slice of it */
    size_t off = (size_t)(heading.p - line.p);
    *ret_value = one->word->part.n > 0    ? one->word->part
                 : text && one->at >= off ? phrase_around(heading, one->at - off, one->n)
                                          : xd_str_sub(line, one->at, one->at + one->n);
    return true;
}

bool xd_title_denies(xd_ctx *cx, const xd_field *field, xd_str title)
{
    match found[MATCHES];
    size_t n = 0;
    xd_str line = xd_simplified(cx->arena, xd_cell_name(cx->arena, title));
    bool sentence =
        line.n == 0 || line.n > TITLE_BYTES || xd_str_find(line, XD_S("。"), 0) != SIZE_MAX;
    if (field->retired || field->n_titles == 0 || sentence || !excluded(field, line)) {
        return false;
    }
    find_words(line, field->titles, field->n_titles, found, &n);
    return n > 0;
}
