/* Pinyin: how names sound, from a table made when the program is built (tools/pinyin-table).
 *
 * For search every reading of every character counts, but the product of them all must not:
 * a name of twelve characters, four of them read in two ways, has sixteen readings. They are
 * made in the order in which they are likely: first the name with each character's usual
 * reading (a word of data/pinyin.txt gives its own), then all names with one character read
 * otherwise, then with two; sixteen in all. */
#include "model/fold.h"

#include <unicode/uchar.h>

#include "base/buf.h"
#include "model/han.h"

#define READINGS 16
#define SYLLABLES 8

static const uint16_t *list_of(uint32_t cp)
{
    if (cp >= xd_han_end)
        return xd_han_lists; /* the empty list */
    return &xd_han_lists[xd_han_reading_block[xd_han_reading_page[cp >> 8] * 256u +
                                              (cp & 255)]];
}

static size_t add_plain(const char *syllables[SYLLABLES], size_t n, const char *plain)
{
    if (plain[0] == '\0' || n == SYLLABLES)
        return n;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(syllables[i], plain) == 0)
            return n;
    }
    syllables[n] = plain;
    return n + 1;
}

static size_t add_list(const char *syllables[SYLLABLES], size_t n, const uint16_t *list)
{
    for (size_t i = 1; i <= list[0]; i++) {
        n = add_plain(syllables, n, xd_han_syllables[list[i]].plain);
        n = add_plain(syllables, n, xd_han_syllables[list[i]].other);
    }
    return n;
}

/* A character without readings of its own is read as its simplified form. */
static const uint16_t *readings_of(uint32_t cp)
{
    const uint16_t *list = list_of(cp);
    return list[0] > 0 ? list : list_of(xd_simplified_of(cp));
}

size_t xd_pinyin_of(uint32_t cp, const char *ret_syllables[8])
{
    return add_list(ret_syllables, 0, readings_of(cp));
}

/* The longest name of the table that begins at cps[0]; NULL when there is none. */
static const xd_han_name *name_at(const uint32_t *cps, size_t n)
{
    uint32_t first = xd_simplified_of(cps[0]);
    size_t low = 0, high = xd_han_names_n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (xd_han_names[middle].first < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < xd_han_names_n && xd_han_names[low].first == first; low++) {
        const xd_han_name *name = &xd_han_names[low];
        size_t same = 0;
        while (same < name->n && same < n &&
               xd_simplified_of(cps[same]) == xd_han_name_pool[name->at + 2 * same])
            same++;
        if (same == name->n)
            return name;
    }
    return NULL;
}

static const xd_syllable *name_syllable(const xd_han_name *name, size_t i)
{
    return &xd_han_syllables[xd_han_name_pool[name->at + 2 * i + 1]];
}

/* One place in a name: what may be said there, the likeliest first. */
typedef struct place {
    const char *said[SYLLABLES];
    size_t n;
    char self[5]; /* a letter or digit that stands as it is */
} place;

static size_t places_of(xd_arena *arena, xd_str text, place **ret_places)
{
    xd_folded folded;
    xd_fold_unsimplified(arena, text, &folded);
    place *places = xd_new_n(arena, place, folded.n);
    size_t n = 0;
    for (size_t i = 0; i < folded.n;) {
        const xd_han_name *name = name_at(&folded.cp[i], folded.n - i);
        size_t span = name == NULL ? 1 : name->n;
        for (size_t k = 0; k < span; k++, i++) {
            place *p = &places[n++];
            if (name != NULL) {
                p->n = add_plain(p->said, 0, name_syllable(name, k)->plain);
                p->n = add_plain(p->said, p->n, name_syllable(name, k)->other);
            }
            p->n = add_list(p->said, p->n, readings_of(folded.cp[i]));
            if (p->n == 0) {
                p->self[xd_utf8_put(folded.cp[i], p->self)] = '\0';
                p->said[p->n++] = p->self;
            }
        }
    }
    *ret_places = places;
    return n;
}

/* The name with the place a read as its i-th, the place b as its j-th reading. */
static void add_reading(xd_arena *arena, xd_readings *readings, const place *places, size_t n,
                        size_t a, size_t i, size_t b, size_t j)
{
    XD_VEC(char) full = {0};
    XD_VEC(char) initials = {0};
    for (size_t k = 0; k < n; k++) {
        const char *said = places[k].said[k == b ? j : k == a ? i : 0];
        for (const char *c = said; *c != '\0'; c++)
            *xd_push(arena, &full) = *c;
        bool whole = said == places[k].self;
        for (const char *c = said; *c != '\0' && (whole || c == said); c++)
            *xd_push(arena, &initials) = *c;
    }
    xd_str made[2] = {
        {full.at,     full.n    },
        {initials.at, initials.n}
    };
    xd_strs *into[2] = {&readings->full, &readings->initials};
    for (size_t w = 0; w < 2; w++) {
        bool known = into[w]->n >= READINGS;
        for (size_t k = 0; k < into[w]->n && !known; k++)
            known = xd_str_eq(into[w]->at[k], made[w]);
        if (!known)
            *xd_push(arena, into[w]) = made[w];
    }
}

/* Places with more than one reading are all that varies. */
static size_t polyphones(xd_arena *arena, const place *places, size_t n, size_t **ret_at)
{
    size_t *at = xd_new_n(arena, size_t, n), found = 0;
    for (size_t i = 0; i < n; i++) {
        if (places[i].n > 1)
            at[found++] = i;
    }
    *ret_at = at;
    return found;
}

void xd_pinyin(xd_arena *arena, xd_str name, xd_readings *ret_readings)
{
    place *places = NULL;
    size_t n = places_of(arena, name, &places);
    *ret_readings = (xd_readings){0};
    xd_readings *r = ret_readings;
    if (n == 0)
        return;
    size_t *at = NULL;
    size_t varying = polyphones(arena, places, n, &at);
    add_reading(arena, r, places, n, 0, 0, 0, 0);
    for (size_t a = 0; a < varying; a++) {
        for (size_t i = 1; i < places[at[a]].n && r->full.n < READINGS; i++)
            add_reading(arena, r, places, n, at[a], i, at[a], i);
    }
    for (size_t a = 0; a < varying; a++) {
        for (size_t b = a + 1; b < varying && r->full.n < READINGS; b++) {
            for (size_t i = 1; i < places[at[a]].n; i++) {
                for (size_t j = 1; j < places[at[b]].n && r->full.n < READINGS; j++)
                    add_reading(arena, r, places, n, at[a], i, at[b], j);
            }
        }
    }
}

/* For display ---------------------------------------------------------------------------- */

/* What stands between words: how it is written there, and on which sides a blank goes. */
static const struct {
    uint32_t cp;
    const char *text;
} marks[] = {
    {0xff08, " (" },
    {0xff09, ") " },
    {0x3001, ", " },
    {0xff0c, ", " },
    {0xff1b, "; " },
    {0xff1a, ": " },
    {0x3002, ". " },
    {0x00b7, " "  },
    {0x3000, " "  },
    {0x2014, "–"},
};

typedef struct writer {
    xd_buf out;
    bool word; /* the last thing written is a word: another needs a blank before it */
} writer;

static void blank(writer *w)
{
    if (w->out.n > 0 && w->out.p[w->out.n - 1] != ' ')
        xd_buf_byte(&w->out, ' ');
}

static void say(writer *w, const xd_syllable *syllable, bool capital, bool joined)
{
    if (joined && strchr("aeo", syllable->plain[0]) != NULL)
        xd_buf_byte(&w->out, '\'');
    else if (!joined && w->word)
        blank(w);
    xd_str s = xd_str_of(syllable->toned);
    if (capital || w->out.n == 0) {
        size_t at = 0;
        char bytes[4];
        uint32_t upper = (uint32_t)u_toupper((UChar32)xd_utf8_next(s, &at));
        xd_buf_bytes(&w->out, bytes, xd_utf8_put(upper, bytes));
        s = xd_str_sub(s, at, s.n);
    }
    xd_buf_add(&w->out, s);
    w->word = true;
}

static void write_other(writer *w, uint32_t cp, bool behind_han)
{
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        if (marks[i].cp == cp) {
            xd_str text = xd_str_of(marks[i].text);
            if (text.p[0] == ' ') {
                blank(w);
                text = xd_str_sub(text, 1, text.n);
            }
            xd_buf_add(&w->out, text);
            w->word = false;
            return;
        }
    }
    bool word = u_isalnum((UChar32)cp);
    if (word && behind_han)
        blank(w);
    char bytes[4];
    xd_buf_bytes(&w->out, bytes, xd_utf8_put(cp, bytes));
    w->word = word;
}

xd_str xd_pinyin_text(xd_arena *arena, xd_str name)
{
    uint32_t *cps = xd_new_n(arena, uint32_t, name.n);
    size_t n = 0;
    for (size_t at = 0; at < name.n;) {
        uint32_t cp = xd_utf8_next(name, &at);
        cps[n++] = cp == UINT32_MAX ? 0xfffd : cp;
    }
    writer w = {0};
    bool behind_han = false;
    for (size_t i = 0; i < n;) {
        const xd_han_name *known = name_at(&cps[i], n - i);
        const uint16_t *list = readings_of(cps[i]);
        if (known != NULL) {
            for (size_t k = 0; k < known->n; k++)
                say(&w, name_syllable(known, k), k == 0 && known->proper, k > 0);
            i += known->n;
        } else if (list[0] > 0) {
            say(&w, &xd_han_syllables[list[1]], false, false);
            i++;
        } else {
            write_other(&w, cps[i], behind_han);
            behind_han = false;
            i++;
            continue;
        }
        behind_han = true;
    }
    xd_str text = xd_str_trim(xd_buf_copy(&w.out, arena));
    xd_buf_free(&w.out);
    return text;
}
