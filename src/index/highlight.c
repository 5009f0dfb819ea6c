/* What a question matches in a text, marked.
 *
 * The text is folded with marks, so each match gives the bytes it came from. A word of letters
 * that the text does not have as written is looked for by sound in short texts: only names are
 * searched by pinyin, and long texts would show matches that are none. */
#include <stdlib.h>

#include "index/index.h"
#include "index/spelling.h"
#include "index/words.h"
#include "model/fold.h"

typedef struct marking {
    xd_ctx *cx;
    xd_folded folded;
    xd_str text;      /* the fold as UTF-8 */
    uint32_t *offset; /* byte in text of each code point, and the end */
    struct {
        xd_range *at;
        size_t n, cap;
    } ranges;
} marking;

static void encode(marking *m)
{
    char *out = xd_arena_take(m->cx->arena, m->folded.n * 4 + 1);
    size_t n = 0;
    m->offset = xd_new_n(m->cx->arena, uint32_t, m->folded.n + 1);
    for (size_t i = 0; i < m->folded.n; i++) {
        m->offset[i] = (uint32_t)n;
        n += xd_utf8_put(m->folded.cp[i], out + n);
    }
    m->offset[m->folded.n] = (uint32_t)n;
    m->text = (xd_str){out, n};
}

/* The code point that begins at a byte of the fold. */
static size_t point_at(const marking *m, size_t byte)
{
    size_t low = 0, high = m->folded.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->offset[middle] < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void mark(marking *m, size_t from, size_t to) /* code points, to not included */
{
    if (from < to)
        *xd_push(m->cx->arena, &m->ranges) =
            (xd_range){m->folded.from[from], m->folded.to[to - 1]};
}

static bool mark_written(marking *m, const xd_word *word)
{
    bool any = false;
    size_t end = 0;
    for (size_t at = xd_word_find(word, m->text, 0, &end); at != SIZE_MAX;
         at = xd_word_find(word, m->text, end > at ? end : at + 1, &end)) {
        mark(m, point_at(m, at), point_at(m, end));
        any = true;
    }
    return any;
}

/* Code points from i on that spell the letters as syllables; 0: they do not. The last syllable
 * may be begun only. */
static size_t spells(const marking *m, size_t i, xd_str letters, int depth)
{
    if (i >= m->folded.n || depth > XD_SPELLING_CHARACTERS || !xd_is_han(m->folded.cp[i]))
        return 0;
    const char *syllable[8];
    size_t n = xd_pinyin_of(m->folded.cp[i], syllable);
    for (size_t k = 0; k < n; k++) {
        size_t length = strlen(syllable[k]);
        size_t common = length < letters.n ? length : letters.n;
        if (memcmp(syllable[k], letters.p, common) != 0)
            continue;
        if (length >= letters.n)
            return 1;
        size_t rest = spells(m, i + 1, xd_str_sub(letters, length, letters.n), depth + 1);
        if (rest > 0)
            return rest + 1;
    }
    return 0;
}

static bool begins_with(uint32_t cp, char letter)
{
    const char *syllable[8];
    size_t n = xd_is_han(cp) ? xd_pinyin_of(cp, syllable) : 0;
    for (size_t k = 0; k < n; k++) {
        if (syllable[k][0] == letter)
            return true;
    }
    return false;
}

static void mark_sound(marking *m, const xd_word *word)
{
    bool any = false;
    for (size_t i = 0; i < m->folded.n; i++) {
        size_t n = spells(m, i, word->text, 0);
        if (n == 0)
            continue;
        mark(m, i, i + n);
        any = true;
        i += n - 1;
    }
    for (size_t i = 0; i + word->n <= m->folded.n && !any; i++) {
        size_t n = 0;
        while (n < word->n && begins_with(m->folded.cp[i + n], word->text.p[n]))
            n++;
        if (n < word->n || (word->n == 2 && i > 0))
            continue;
        mark(m, i, i + n);
        i += n - 1;
    }
}

static int by_from(const void *a, const void *b)
{
    const xd_range *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void join(marking *m)
{
    xd_range *r = m->ranges.at;
    size_t n = 0;
    if (m->ranges.n > 0)
        qsort(r, m->ranges.n, sizeof *r, by_from);
    for (size_t i = 0; i < m->ranges.n; i++) {
        if (n > 0 && r[i].from <= r[n - 1].to)
            r[n - 1].to = r[i].to > r[n - 1].to ? r[i].to : r[n - 1].to;
        else
            r[n++] = r[i];
    }
    m->ranges.n = n;
}

bool xd_highlight(xd_ctx *cx, xd_str q, xd_str text, const xd_range **ret_ranges, size_t *ret_n)
{
    xd_words words;
    if (!xd_words_read(cx, q, false, &words))
        return false;
    marking m = {.cx = cx};
    xd_fold_marks(cx->arena, text, &m.folded);
    encode(&m);
    for (size_t w = 0; w < words.n; w++) {
        const xd_word *word = &words.at[w];
        if (!mark_written(&m, word) && word->spelling && word->n >= 2 &&
            m.folded.n <= XD_SPELLING_CHARACTERS)
            mark_sound(&m, word);
    }
    join(&m);
    *ret_ranges = m.ranges.at;
    *ret_n = m.ranges.n;
    return true;
}
