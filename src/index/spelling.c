/* xd_pinyin() gives whole readings; where their syllables begin is found by laying each reading
 * along the name again: character by character, by the readings of each, going back where a
 * shorter one led nowhere (xi'an, xian). A place reached once in vain is not tried again, so
 * the work is bounded by characters × letters. */
#include "index/spelling.h"

#include "model/fold.h"

#define LETTERS 512

typedef struct lay {
    const uint32_t *cp;
    size_t n;
    xd_str reading;
    bool *begins; /* a syllable begins at this letter */
    uint8_t tried[XD_SPELLING_CHARACTERS + 1][LETTERS / 8 + 1];
} lay;

/* ü is spelled u or v. */
static bool same_letter(char a, char b)
{
    return a == b || (a == 'v' && b == 'u') || (a == 'u' && b == 'v');
}

static bool starts_with(xd_str s, size_t at, const char *syllable)
{
    size_t n = strlen(syllable);
    if (n == 0 || s.n - at < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!same_letter(s.p[at + i], syllable[i]))
            return false;
    }
    return true;
}

static bool lay_from(lay *l, size_t i, size_t at);

static bool lay_syllable(lay *l, size_t i, size_t at, size_t n)
{
    bool before = l->begins[at];
    l->begins[at] = true;
    if (lay_from(l, i + 1, at + n))
        return true;
    l->begins[at] = before;
    return false;
}

static bool lay_from(lay *l, size_t i, size_t at)
{
    if (i == l->n)
        return at == l->reading.n;
    if (l->tried[i][at / 8] & (1u << (at % 8)))
        return false;
    l->tried[i][at / 8] |= (uint8_t)(1u << (at % 8));
    const char *syllable[8];
    size_t n = xd_is_han(l->cp[i]) ? xd_pinyin_of(l->cp[i], syllable) : 0;
    for (size_t k = 0; k < n; k++) {
        if (starts_with(l->reading, at, syllable[k]) &&
            lay_syllable(l, i, at, strlen(syllable[k])))
            return true;
    }
    char self[4];
    size_t width = xd_utf8_put(l->cp[i], self);
    if (l->reading.n - at >= width && memcmp(l->reading.p + at, self, width) == 0 &&
        lay_syllable(l, i, at, width))
        return true;
    if (xd_is_han(l->cp[i])) { /* a reading only the list of names knows */
        for (size_t k = 1; k <= 6 && at + k <= l->reading.n; k++) {
            if (lay_syllable(l, i, at, k))
                return true;
        }
    }
    return lay_from(l, i + 1, at); /* punctuation leaves nothing in a reading */
}

static xd_str mark(xd_arena *arena, const lay *l)
{
    char *out = xd_arena_take(arena, l->reading.n * 2 + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->reading.n; i++) {
        if (i > 0 && l->begins[i])
            out[n++] = '\'';
        out[n++] = l->reading.p[i];
    }
    return (xd_str){out, n};
}

void xd_spelling_make(xd_arena *arena, xd_str name, xd_spelling *ret_spelling)
{
    *ret_spelling = (xd_spelling){0};
    uint32_t cp[XD_SPELLING_CHARACTERS];
    size_t n = 0, han = 0, end = 0;
    for (size_t at = 0; at < name.n && n < XD_SPELLING_CHARACTERS; n++, end = at)
        (void)xd_utf8_next(name, &at); /* only counting */
    name.n = end;
    /* The fold may give more (㈱); those behind are then left without marks. */
    xd_str folded = xd_fold(arena, name);
    n = 0;
    for (size_t at = 0; at < folded.n && n < XD_SPELLING_CHARACTERS;) {
        cp[n] = xd_utf8_next(folded, &at);
        han += xd_is_han(cp[n]);
        n++;
    }
    if (han == 0)
        return;
    xd_readings readings;
    xd_pinyin(arena, name, &readings);
    for (size_t i = 0; i < readings.full.n; i++) {
        if (readings.full.at[i].n >= LETTERS)
            continue;
        lay l = {.cp = cp, .n = n, .reading = readings.full.at[i]};
        l.begins = xd_new_n(arena, bool, l.reading.n + 1);
        if (!lay_from(&l, 0, 0))
            memset(l.begins, 0, l.reading.n + 1);
        *xd_push(arena, &ret_spelling->full) = mark(arena, &l);
    }
    for (size_t i = 0; i < readings.initials.n; i++)
        *xd_push(arena, &ret_spelling->initials) = xd_str_copy(arena, readings.initials.at[i]);
}

/* End of the letters at `at`, over marks; the word may end inside a syllable. */
static size_t spells_at(xd_str marked, size_t at, xd_str letters)
{
    size_t i = 0;
    while (i < letters.n && at < marked.n) {
        if (marked.p[at] == letters.p[i])
            i++;
        else if (marked.p[at] != '\'')
            return SIZE_MAX;
        at++;
    }
    return i == letters.n ? at : SIZE_MAX;
}

static int near_full(xd_str marked, xd_str letters)
{
    for (size_t at = 0; at < marked.n; at++) {
        if (at > 0 && marked.p[at - 1] != '\'')
            continue;
        size_t end = spells_at(marked, at, letters);
        if (end != SIZE_MAX)
            return at > 0 ? 1 : end < marked.n ? 2 : 3;
    }
    return 0;
}

int xd_spelling_near(xd_str reading, xd_str letters, bool full)
{
    if (letters.n < 2)
        return 0;
    if (full)
        return near_full(reading, letters);
    size_t at = xd_str_find(reading, letters, 0);
    if (at == SIZE_MAX || (at > 0 && letters.n == 2))
        return 0;
    return at > 0 ? 1 : letters.n < reading.n ? 2 : 3;
}
