/* Headers by their parts.
 *
 * A header that is none of a type's words is cut into parts, and so is each word of the type. A part is a
 * word of data/model/headers.yaml (all words of a group there are one part: 名称, 全称) or, where none
 * begins, a single character. What a part is worth follows from the model: what many fields say
 * (时间, 单位) tells little, what one says (停产) tells nearly all; filling words tell next to nothing.
 *
 * The likeness of two headers is what they share over what they have. A header is also looked at as
 * the sum of several words of one field (等级荣誉 where 等级 and 荣誉 are each a word of it), a little
 * lower. Words of other types count where their field plays the same part (shape_header_means.c), a little
 * lower too. What rows as a whole have (更新日期: ignored) competes and wins nothing: such a column
 * is left alone. */
#include "exchange/shape_parts.h"

#include "exchange/shape_header.h"
#include "model/fold.h"
#include "model/parts.h"

#include <math.h>

#define WORD_BYTES 36 /* the longest word of headers.yaml that is looked for */
#define PARTS 16      /* of one header; the rest is not looked at */
#define HEADER_BYTES 90
#define FILLING 0.08 /* of a part's worth */
#define OTHERS 0.92  /* words of other types */
#define LETTERS 0.08 /* what single letters say beside parts */
#define SUM 0.9      /* several words of one field together */

typedef struct part {
    size_t fields, own; /* that have it: of all types, of this one */
    const xd_field *last;
    bool filling, letter;
} part;

typedef struct cut_header {
    const part *at[PARTS];
    size_t n;
} cut_header;

typedef struct known_word {
    xd_column column;
    xd_str key; /* folded */
    cut_header cut;
    double damp;
} known_word;

struct xd_parts {
    xd_arena *arena;
    const xd_type *type;
    xd_map *words; /* text → part */
    XD_VEC(known_word) at;
    size_t fields;
};

/* ---- cutting ------------------------------------------------------------------------------ */

static part *longest(const xd_parts *p, xd_str text, size_t at, size_t *ret_end)
{
    part *best = NULL;
    for (size_t end = at; end < text.n && end - at < WORD_BYTES;) {
        (void)xd_utf8_next(text, &end);
        part *found = xd_map_get(p->words, xd_str_sub(text, at, end));
        if (found != NULL) {
            best = found;
            *ret_end = end;
        }
    }
    return best;
}

/* `grow`: characters met for the first time are parts from now on; else they are `strange`. */
static void cut_into(xd_parts *grow, const xd_parts *p, xd_str key, const part *strange,
                     cut_header *ret)
{
    *ret = (cut_header){0};
    for (size_t at = 0; at < key.n && ret->n < PARTS;) {
        size_t end = at;
        const part *found = longest(p, key, at, &end);
        if (found == NULL) {
            end = at;
            uint32_t cp = xd_utf8_next(key, &end);
            while (cp < 0x80 && end < key.n && (unsigned char)key.p[end] < 0x80) {
                end++; /* a run of letters and digits is one */
            }
            found = strange;
            if (grow != NULL) {
                part *made = xd_new(grow->arena, part);
                made->letter = true;
                xd_map_put(grow->words, xd_str_sub(key, at, end), made);
                found = made;
            }
        }
        ret->at[ret->n++] = found;
        at = end;
    }
}

static double worth(const xd_parts *p, const part *a)
{
    if (a->filling) {
        return FILLING;
    }
    double rare = log2((double)(p->fields + 1) / (double)(a->fields + 1));
    double here = log2((double)(p->type->n_fields + 1) / (double)(a->own + 1)) /
                  log2((double)(p->type->n_fields + 1));
    rare *= here;
    return (rare < 1 ? 1 : rare) * (a->letter ? 0.5 : 1);
}

static bool has_part(const cut_header *cut, const part *a)
{
    for (size_t i = 0; i < cut->n; i++) {
        if (cut->at[i] == a) {
            return true;
        }
    }
    return false;
}

/* ---- the type's words --------------------------------------------------------------------- */

/* Without what stands in brackets behind. */
static xd_str bare(xd_str header)
{
    xd_str bracket = xd_cell_bracket(header);
    bool behind = bracket.p != NULL && bracket.p > header.p + 3;
    return behind ? xd_str_sub(header, 0, (size_t)(bracket.p - header.p)) : header;
}

static void add_word(xd_parts *p, const xd_type *type, xd_str header, xd_column column,
                     double damp)
{
    xd_str key = xd_fold_key(p->arena, header);
    if (key.n == 0 || key.n > HEADER_BYTES) {
        return;
    }
    known_word word = {.column = column, .key = key, .damp = damp};
    word.column.header = header;
    cut_into(p, p, xd_fold_key(p->arena, bare(header)), NULL, &word.cut);
    for (size_t i = 0; i < word.cut.n && column.field != NULL; i++) {
        part *a = (part *)word.cut.at[i]; /* ours: made above */
        if (a->last != column.field) {
            a->fields++;
            a->own += type == p->type;
            a->last = column.field;
        }
    }
    *xd_push(p->arena, &p->at) = word;
}

static xd_str first_part(const xd_parts *p, const xd_field *field)
{
    xd_strs parts;
    xd_column_parts(p->arena, field, &parts);
    return parts.n > 0 ? parts.at[0] : XD_S("");
}

/* The words of one type: its own, or those of another for what plays the same part here. */
static void add_type(xd_parts *p, const xd_type *type)
{
    for (size_t i = 0; i < type->n_fields; i++) {
        const xd_field *f = &type->fields[i];
        const xd_field *as = type == p->type ? f : xd_same_role(type, f, p->type);
        if (f->retired || (as != NULL && as->kind != f->kind)) {
            as = NULL;
        }
        double damp = type == p->type ? 1 : as == NULL ? 0 : OTHERS;
        xd_column column = {.field = as == NULL ? f : as};
        column.part = first_part(p, column.field);
        add_word(p, type, f->label.in[XD_ZH], column, damp);
        for (size_t k = 0; k < f->n_aliases; k++) {
            column.part = f->aliases[k].part;
            add_word(p, type, f->aliases[k].header, column, damp);
        }
    }
    for (size_t k = 0; k < type->n_row_aliases; k++) {
        const xd_alias *alias = &type->row_aliases[k];
        add_word(p, type, alias->header, (xd_column){.part = alias->part},
                 type == p->type ? 1 : OTHERS);
    }
}

/* Words count what fields of all types say; those that are nothing to this one are dropped then. */
static void keep_own(xd_parts *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->at.n; i++) {
        if (p->at.at[i].damp > 0) {
            p->at.at[n++] = p->at.at[i];
        }
    }
    p->at.n = n;
}

xd_parts *xd_parts_make(xd_arena *arena, const xd_model *model, const xd_type *type)
{
    const xd_said_words *said = xd_model_said(model);
    xd_parts *p = xd_new(arena, xd_parts);
    *p = (xd_parts){.arena = arena, .type = type, .words = xd_map_make(arena)};
    for (size_t g = 0; g < said->same.n; g++) {
        part *group = xd_new(arena, part);
        for (size_t i = 0; i < said->same.at[g].n; i++) {
            if (xd_map_get(p->words, said->same.at[g].at[i]) == NULL) {
                xd_map_put(p->words, said->same.at[g].at[i], group);
            }
        }
    }
    part *filling = xd_new(arena, part);
    filling->filling = true;
    for (size_t i = 0; i < said->filling.n; i++) {
        if (xd_map_get(p->words, said->filling.at[i]) == NULL) {
            xd_map_put(p->words, said->filling.at[i], filling);
        }
    }
    add_type(p, type);
    for (size_t i = 0; i < xd_model_types(model); i++) {
        p->fields += xd_model_type(model, i)->n_fields;
        if (xd_model_type(model, i) != type) {
            add_type(p, xd_model_type(model, i));
        }
    }
    keep_own(p);
    return p;
}

/* ---- likeness ----------------------------------------------------------------------------- */

static double sum_of(const xd_parts *p, const cut_header *cut)
{
    double sum = 0;
    for (size_t i = 0; i < cut->n; i++) {
        sum += worth(p, cut->at[i]);
    }
    return sum;
}

static double shared(const xd_parts *p, const cut_header *a, const cut_header *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->n; i++) {
        sum += has_part(b, a->at[i]) ? worth(p, a->at[i]) : 0;
    }
    return sum;
}

/* What two headers share letter by letter: 主管单位 is nearer to 上级单位 than to 归口部门 where all are
 * of one group. */
static double like_letters(xd_str a, xd_str b)
{
    size_t same = 0;
    for (size_t at = 0; at < a.n;) {
        size_t from = at;
        (void)xd_utf8_next(a, &at);
        same += xd_str_find(b, xd_str_sub(a, from, at), 0) != SIZE_MAX ? at - from : 0;
    }
    return (double)(same > b.n ? b.n : same) * 2 / (double)(a.n + b.n);
}

static double like(const xd_parts *p, xd_str key, const cut_header *cut, double sum,
                   const known_word *word)
{
    double both = sum + sum_of(p, &word->cut);
    double same = shared(p, cut, &word->cut) + shared(p, &word->cut, cut);
    if (both <= 0 || same <= 0) {
        return 0;
    }
    return word->damp * ((1 - LETTERS) * same / both + LETTERS * like_letters(key, word->key));
}

static bool same_column(const xd_column *a, const xd_column *b)
{
    return a->field == b->field && xd_str_eq(a->part, b->part);
}

/* How much of the header the words of one column say together, each of them said whole. */
static double like_sum(const xd_parts *p, const cut_header *cut, double sum, xd_str but,
                       const xd_column *column)
{
    bool said[PARTS] = {false};
    for (size_t i = 0; i < p->at.n; i++) {
        const known_word *word = &p->at.at[i];
        if (!same_column(&word->column, column) || xd_str_eq(word->key, but) ||
            shared(p, &word->cut, cut) < 0.99 * sum_of(p, &word->cut)) {
            continue;
        }
        for (size_t k = 0; k < cut->n; k++) {
            said[k] = said[k] || has_part(&word->cut, cut->at[k]);
        }
    }
    double all = 0;
    for (size_t k = 0; k < cut->n; k++) {
        all += said[k] ? worth(p, cut->at[k]) : 0;
    }
    return sum > 0 ? SUM * all / sum : 0;
}

static size_t keep_best(xd_likeness *best, size_t n, size_t most, xd_likeness one)
{
    size_t at = 0;
    while (at < n && !same_column(&best[at].column, &one.column)) {
        at++;
    }
    if (at < n && best[at].score >= one.score) {
        return n;
    }
    if (at == n && n < most) {
        n++;
    } else if (at == n) {
        at = n - 1;
        if (best[at].score >= one.score) {
            return n;
        }
    }
    for (; at > 0 && best[at - 1].score < one.score; at--) {
        best[at] = best[at - 1];
    }
    best[at] = one;
    return n;
}

size_t xd_parts_like(xd_ctx *cx, const xd_parts *p, xd_str header, xd_str but,
                     xd_likeness *ret_like, size_t most)
{
    static const part strange = {.letter = true};
    size_t n = 0;
    xd_str key = xd_fold_key(cx->arena, bare(header));
    if (key.n == 0 || key.n > HEADER_BYTES) {
        return 0;
    }
    cut_header cut;
    cut_into(NULL, p, key, &strange, &cut);
    double sum = sum_of(p, &cut);
    for (size_t i = 0; i < p->at.n; i++) {
        const known_word *word = &p->at.at[i];
        double score = xd_str_eq(word->key, but) ? 0 : like(p, key, &cut, sum, word);
        if (score > 0) {
            n = keep_best(ret_like, n, most, (xd_likeness){word->column, score});
        }
    }
    for (size_t i = 0; i < n; i++) {
        xd_likeness one = ret_like[i];
        one.score = like_sum(p, &cut, sum, but, &one.column);
        n = keep_best(ret_like, n, most, one);
    }
    return n;
}
