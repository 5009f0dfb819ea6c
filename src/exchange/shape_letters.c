/* Headers in letters that stand for Chinese ones: mingcheng and MC are 名称, and a name that a file
 * format cut off (工业遗产名, shijiannian of ten bytes) is the one it begins.
 *
 * Which header is meant: the whole spelling before a beginning of it before the initials, and of
 * equally good ones the one closest to what a field itself is called. All of it is a guess and is
 * told as one. */
#include "exchange/shape.h"

#include "model/fold.h"

#define SPELLED 6000
#define CANDIDATES 256
#define RANKS 200
#define CUT_LATIN 8 /* bytes that a cut name has at least */
#define CUT_HAN 9

typedef struct spelled {
    xd_str header; /* one of the type's */
    size_t rank;   /* label 0, then aliases in their order */
    xd_readings readings;
} spelled;

typedef struct candidate {
    const spelled *of;
    int fits;
} candidate;

struct xd_letters {
    xd_arena *arena;
    const xd_type *type;
    XD_VEC(spelled) at;
    bool made;
};

xd_letters *xd_letters_make(xd_arena *arena)
{
    xd_letters *letters = xd_new(arena, xd_letters);
    letters->arena = arena;
    return letters;
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

static void add_header(xd_letters *l, xd_str header, size_t rank)
{
    if (!has_han(header) || header.n > 60 || l->at.n >= SPELLED) {
        return;
    }
    spelled *one = xd_push(l->arena, &l->at);
    *one = (spelled){.header = header, .rank = rank};
    xd_pinyin(l->arena, header, &one->readings);
}

static void make(xd_letters *l, const xd_type *type)
{
    if (l->made && l->type == type) {
        return;
    }
    l->made = true;
    l->type = type;
    l->at.n = 0;
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *f = &type->fields[i];
        if (!f->retired) {
            add_header(l, f->label.in[XD_ZH], 0);
            for (size_t k = 0; k < f->n_aliases; k++) {
                add_header(l, f->aliases[k].header, k + 1);
            }
        }
    }
    for (size_t k = 0; k < type->n_row_aliases; k++) {
        add_header(l, type->row_aliases[k].header, k + 40);
    }
}

/* The letters alone, small; absent when the header holds anything else of meaning. */
static xd_str letters_of(xd_arena *arena, xd_str header)
{
    char *out = xd_arena_take(arena, header.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < header.n; i++) {
        char c = header.p[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z')) {
            out[n++] = upper ? (char)(c + 32) : c;
        } else if (memchr("_- 0123456789", c, 13) == NULL) {
            return (xd_str){0};
        }
    }
    return (xd_str){out, n};
}

/* 0: not at all; else the better the larger. */
static int fit(const spelled *s, xd_str letters)
{
    int best = 0;
    for (size_t i = 0; i < s->readings.full.n; i++) {
        xd_str full = s->readings.full.at[i];
        best = xd_str_eq(full, letters) ? 3 : best;
        bool cut = letters.n >= CUT_LATIN && full.n > letters.n && xd_str_starts(full, letters);
        best = cut && best < 2 ? 2 : best;
    }
    for (size_t i = 0; i < s->readings.initials.n && letters.n >= 2; i++) {
        best = best < 1 && xd_str_eq(s->readings.initials.at[i], letters) ? 1 : best;
    }
    return best;
}

bool xd_header_letters(xd_ctx *cx, xd_letters *l, const xd_type *type, xd_str header,
                       xd_letters_take *takes, void *user)
{
    xd_str letters = letters_of(cx->arena, header);
    bool han = letters.n == 0 && header.n >= CUT_HAN && has_han(header);
    if (letters.n < 2 && !han) {
        return false;
    }
    make(l, type);
    candidate found[CANDIDATES];
    size_t n = 0;
    for (size_t i = 0; i < l->at.n && n < CANDIDATES; i++) {
        const spelled *s = &l->at.at[i];
        bool cut = han && s->header.n > header.n && xd_str_starts(s->header, header);
        int fits = cut ? 2 : letters.n >= 2 ? fit(s, letters) : 0;
        if (fits > 0) {
            found[n++] = (candidate){s, fits};
        }
    }
    /* Best first; one whose meaning another column has already leaves the word to the next. */
    for (int want = 3; want > 0; want--) {
        for (size_t rank = 0; rank < RANKS && n > 0; rank++) {
            for (size_t i = 0; i < n; i++) {
                if (found[i].fits == want && found[i].of->rank == rank &&
                    takes(user, found[i].of->header)) {
                    return true;
                }
            }
        }
    }
    return false;
}
