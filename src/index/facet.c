/* Counting facets.
 *
 * Three ways, the cheapest one for the documents and the field at hand. Fields of one value are
 * counted together by their packed numbers (joint.h), once for all facets of the same
 * documents. Where most documents of a large set have few different values, each value's set is
 * intersected instead. What is left, many values or small segments, is looked up document by
 * document. All three count the same; the property test asks for each. */
#include "index/facet.h"

#include <stdlib.h>

#include "index/joint.h"

/* Open ends and far dates: a bar is drawn no further than this. */
#define YEAR_FIRST (-10000)
#define YEAR_LAST 3000

typedef struct bar {
    xd_count count;
    size_t added;
} bar;

/* Numbers of a joint group counted among some documents, for all facets that ask for them. */
typedef struct tally {
    size_t shard;
    const xd_bits *bits; /* of the question */
    const xd_type *type;
    uint32_t group;
    const uint32_t *counts; /* NULL: intersecting sets is cheaper */
} tally;
typedef XD_VEC(tally) tallies;

typedef struct counting {
    xd_look *look;
    const xd_ask *ask;
    tallies *known;
    const xd_field *field;
    const xd_type *type;
    const xd_matched *matched;
    size_t at;
    uint64_t unknown;
    bool many; /* a document counted in several bars */
    struct {
        bar *at;
        size_t n, cap;
    } bars;
} counting;

static const xd_column *column_in(const counting *c, size_t shard)
{
    const xd_segment *s = c->look->edition->shards[shard].segment;
    return xd_segment_column(s, c->look->schema, c->type, NULL, c->field);
}

/* Documents of the facet's type to count in a shard. */
static const xd_bits *these(counting *c, size_t shard)
{
    const xd_segment *s = c->look->edition->shards[shard].segment;
    if (c->ask->type == c->type)
        return c->matched[shard].facets[c->at];
    xd_bits *bits =
        xd_bits_range(&c->look->bag, s->type_lo[c->type->at], s->type_lo[c->type->at + 1]);
    roaring_bitmap_and_inplace(bits, c->matched[shard].facets[c->at]);
    return bits;
}

static void note_unknown(counting *c, const xd_column *column, const xd_bits *bits)
{
    uint64_t all = roaring_bitmap_get_cardinality(bits);
    c->unknown +=
        all - (column == NULL ? 0 : roaring_bitmap_and_cardinality(bits, column->has));
}

static void add_bar(counting *c, xd_str code, uint64_t n)
{
    size_t added = c->bars.n;
    if (n > 0)
        *xd_push(c->look->cx->arena, &c->bars) = (bar){
            {code, n},
            added
        };
}

/* Most first; ties stay as they were added, in the order of the model. */
static int by_count(const void *a, const void *b)
{
    const bar *x = a, *y = b;
    if (x->count.n != y->count.n)
        return x->count.n > y->count.n ? -1 : 1;
    return x->added < y->added ? -1 : 1;
}

static void sort_bars(counting *c)
{
    if (c->bars.n > 0)
        qsort(c->bars.at, c->bars.n, sizeof *c->bars.at, by_count);
}

/* Packed numbers ------------------------------------------------------------------------- */

/* Units: a document counted by its number is one. Measured, roughly. */
#define BLOCK 65536
#define SET_A_BLOCK 400
#define ANYWAY 20000 /* documents: not worth thinking about */

/* What intersecting the sets of all facets would take that ask for this group of these documents. */
static uint64_t cost_of_sets(counting *c, size_t shard, uint32_t group)
{
    const xd_segment *s = c->look->edition->shards[shard].segment;
    uint64_t cost = 0, *codes = xd_new_n(c->look->cx->arena, uint64_t, XD_JOINT_CODES);
    for (size_t f = 0; f < c->ask->n_facets; f++) {
        xd_joint j;
        if (c->matched[shard].facets[f] != c->matched[shard].facets[c->at] ||
            xd_schema_owner(c->look->schema, c->ask->type, c->ask->facets[f]) != c->type ||
            !xd_joint_find(s, c->type, c->ask->facets[f], &j) || j.field->group != group)
            continue;
        xd_joint_fold(&j, j.all, codes);
        uint64_t most = ((uint64_t)j.n / BLOCK + 1) * SET_A_BLOCK;
        for (uint32_t k = 1; k < j.field->n; k++)
            cost += codes[k] < most ? codes[k] : most;
    }
    return cost;
}

static const uint32_t *count_numbers_of(counting *c, size_t shard, const xd_joint *j,
                                        const xd_bits *bits)
{
    const xd_bits *asked = c->matched[shard].facets[c->at];
    for (size_t i = 0; i < c->known->n; i++) {
        const tally *t = &c->known->at[i];
        if (t->shard == shard && t->bits == asked && t->type == c->type &&
            t->group == j->field->group)
            return t->counts;
    }
    uint64_t n = roaring_bitmap_get_cardinality(bits), walked = n <= j->n / 2 ? n : j->n - n;
    uint32_t *counts = NULL;
    if (walked <= ANYWAY || walked <= cost_of_sets(c, shard, j->field->group)) {
        counts = xd_new_n(c->look->cx->arena, uint32_t, XD_JOINT_CODES);
        xd_joint_count(&c->look->bag, j, bits, counts);
        xd_look_did(c->look, walked / 4);
    }
    *xd_push(c->look->cx->arena, c->known) =
        (tally){shard, asked, c->type, j->field->group, counts};
    return counts;
}

/* False: the field is not packed, or another way is cheaper. counts: by term, of n. */
static bool count_joint(counting *c, size_t shard, const xd_bits *bits, size_t n,
                        uint64_t *counts)
{
    xd_joint j;
    const xd_segment *s = c->look->edition->shards[shard].segment;
    const xd_vocabulary *vocabulary = c->field->vocabulary;
    if (!xd_joint_find(s, c->type, c->field, &j))
        return false;
    const uint32_t *numbers = count_numbers_of(c, shard, &j, bits);
    if (numbers == NULL)
        return false;
    uint64_t *codes = xd_new_n(c->look->cx->arena, uint64_t, j.field->n);
    xd_joint_fold(&j, numbers, codes);
    c->unknown += codes[0];
    for (uint32_t k = 1; k < j.field->n; k++) {
        if (j.terms[k] >= n) {
            xd_image_break(s->image);
        } else if (vocabulary == NULL) {
            counts[j.terms[k]] += codes[k];
        } else {
            for (const xd_term *t = &vocabulary->terms[j.terms[k]]; t != NULL; t = t->parent)
                counts[t->at] += codes[k];
        }
    }
    return true;
}

/* Terms and yes-or-no -------------------------------------------------------------------- */

/* A document with all terms above its own, each once: last says which document a term was
 * counted for last. */
static void count_terms_of(const xd_column *column, uint32_t doc, uint64_t *counts,
                           uint32_t *last)
{
    for (uint32_t v = xd_column_first(column, doc); v < xd_column_end(column, doc); v++) {
        if (column->kind == XD_COLUMN_BOOLEAN) {
            uint32_t which = column->of.boolean[v];
            counts[which] += last[which] != doc + 1;
            last[which] = doc + 1;
            continue;
        }
        for (const xd_term *t = xd_column_term(column, v); t != NULL; t = t->parent) {
            if (last[t->at] == doc + 1)
                break; /* and so are those above it */
            last[t->at] = doc + 1;
            counts[t->at]++;
        }
    }
}

/* How many documents are as dear as the intersection of two sets. Measured, roughly. */
#define DOCUMENTS_A_SET 32

static bool count_shard(counting *c, size_t shard, const xd_column *column, const xd_bits *bits,
                        size_t n, uint64_t *counts)
{
    if (roaring_bitmap_get_cardinality(bits) > column->n_sets * DOCUMENTS_A_SET) {
        for (size_t k = 0; k < column->n_sets; k++) {
            uint32_t which;
            const xd_bits *set = xd_column_set_at(column, k, &which);
            if (which < n)
                counts[which] += roaring_bitmap_and_cardinality(bits, set);
        }
        uint32_t steps = 0;
        xd_look_did_sets(c->look, c->look->edition->shards[shard].segment, column->n_sets);
        return xd_look_on(c->look, &steps);
    }
    uint32_t *last = xd_new_n(c->look->cx->arena, uint32_t, n);
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, bits);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(c->look, &steps))
            return false;
        count_terms_of(column, doc, counts, last);
    }
    return true;
}

static bool count_sets(counting *c)
{
    const xd_vocabulary *vocabulary = c->field->vocabulary;
    size_t n = vocabulary == NULL ? 2 : vocabulary->n;
    uint64_t *counts = xd_new_n(c->look->cx->arena, uint64_t, n);
    for (size_t i = 0; i < c->look->edition->n; i++) {
        const xd_bits *bits = these(c, i);
        if (roaring_bitmap_is_empty(bits) || count_joint(c, i, bits, n, counts))
            continue;
        const xd_column *column = column_in(c, i);
        note_unknown(c, column, bits);
        if (column == NULL)
            continue;
        c->many = c->many || column->n_values > roaring_bitmap_get_cardinality(column->has);
        if (!count_shard(c, i, column, bits, n, counts))
            return false;
    }
    if (vocabulary == NULL) {
        add_bar(c, XD_S("true"), counts[1]);
        add_bar(c, XD_S("false"), counts[0]);
    }
    /* Terms of all levels: a wider one counts what its narrower ones do. */
    for (size_t k = 0; vocabulary != NULL && k < n; k++) {
        add_bar(c, vocabulary->terms[k].code, counts[k]);
    }
    sort_bars(c);
    return true;
}

/* Periods -------------------------------------------------------------------------------- */

int64_t xd_facet_bar(int64_t year, int years)
{
    int64_t off = year % years;
    return year - (off < 0 ? off + years : off);
}

/* Years the period may touch; open ends reach as far as any known one, and a period that goes
 * on reaches today. */
typedef struct span {
    int64_t from, to;
} span;

static void widen(span *known, int64_t year)
{
    known->from = year < known->from ? year : known->from;
    known->to = year > known->to ? year : known->to;
}

static int64_t this_year(const counting *c)
{
    int64_t year;
    int month, day;
    xd_day_parts((int32_t)(xd_now(c->look->cx) / INT64_C(86400000000)), &year, &month, &day);
    return year;
}

static int64_t clamp_year(int64_t year)
{
    return year < YEAR_FIRST ? YEAR_FIRST : year > YEAR_LAST ? YEAR_LAST : year;
}

static bool known_years(counting *c, const xd_bits **bits, span *ret_known, bool *ret_goes_on)
{
    span known = {INT64_MAX, INT64_MIN};
    *ret_goes_on = false;
    for (size_t i = 0; i < c->look->edition->n; i++) {
        const xd_column *column = column_in(c, i);
        xd_walk walk;
        uint32_t doc, steps = 0;
        xd_walk_begin(&walk, bits[i]);
        while (column != NULL && xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(c->look, &steps))
                return false;
            for (uint32_t v = xd_column_first(column, doc); v < xd_column_end(column, doc);
                 v++) {
                const xd_period_value *p = &column->of.period[v];
                if (p->from_year != INT32_MIN)
                    widen(&known, p->from_year);
                if (p->to_year != INT32_MAX)
                    widen(&known, p->to_year);
                else
                    *ret_goes_on = true;
            }
        }
    }
    *ret_known = known;
    return true;
}

/* The bar of each year within the limit, in a table: dividing twice for each document was a fifth of
 * the time of counting. */
typedef struct year_bars {
    span limit; /* clamped */
    uint16_t *at;
    int64_t n; /* bars */
} year_bars;

static year_bars bars_within(const counting *c, span limit, int width, int64_t first)
{
    year_bars bars = {
        .limit = {clamp_year(limit.from), clamp_year(limit.to)}
    };
    bars.at =
        xd_new_n(c->look->cx->arena, uint16_t, (size_t)(bars.limit.to - bars.limit.from) + 1);
    for (int64_t year = bars.limit.from; year <= bars.limit.to; year++)
        bars.at[year - bars.limit.from] =
            (uint16_t)((xd_facet_bar(year, width) - first) / width);
    bars.n = (xd_facet_bar(bars.limit.to, width) - first) / width + 1;
    return bars;
}

/* The bars of one document, each once: steps up and down at their ends. */
static void count_document(counting *c, const xd_column *column, uint32_t doc,
                           const year_bars *bars, int64_t *steps, bool *marks)
{
    span limit = bars->limit;
    uint32_t begin = xd_column_first(column, doc), end = xd_column_end(column, doc);
    int64_t lowest = INT64_MAX, highest = INT64_MIN;
    for (uint32_t v = begin; v < end; v++) {
        const xd_period_value *p = &column->of.period[v];
        int64_t from = clamp_year(p->from_year == INT32_MIN ? limit.from : p->from_year);
        int64_t to = clamp_year(p->to_year == INT32_MAX ? limit.to : p->to_year);
        int64_t a = bars->at[from - limit.from];
        int64_t b = bars->at[(to < from ? from : to) - limit.from];
        c->many = c->many || b > a || end - begin > 1;
        if (end - begin == 1) {
            steps[a]++;
            steps[b + 1]--;
            return;
        }
        lowest = a < lowest ? a : lowest;
        highest = b > highest ? b : highest;
        for (int64_t k = a; k <= b; k++)
            marks[k] = true;
    }
    for (int64_t k = lowest; k <= highest; k++) {
        steps[k] += marks[k];
        steps[k + 1] -= marks[k];
        marks[k] = false;
    }
}

static bool count_decades(counting *c)
{
    bool goes_on;
    const xd_bits **bits = xd_new_n(c->look->cx->arena, const xd_bits *, c->look->edition->n);
    for (size_t i = 0; i < c->look->edition->n; i++) {
        bits[i] = these(c, i);
        note_unknown(c, column_in(c, i), bits[i]);
    }
    span limit;
    if (!known_years(c, bits, &limit, &goes_on))
        return false;
    int64_t today = this_year(c);
    if (goes_on)
        widen(&limit, today);
    if (limit.from > limit.to)
        limit = (span){today, today};
    int width = c->field->facet_decades > 0 ? c->field->facet_decades : 10;
    int64_t first = xd_facet_bar(clamp_year(limit.from), width);
    year_bars bars = bars_within(c, limit, width, first);
    int64_t *steps = xd_new_n(c->look->cx->arena, int64_t, (size_t)bars.n + 1);
    bool *marks = xd_new_n(c->look->cx->arena, bool, (size_t)bars.n + 1);
    for (size_t i = 0; i < c->look->edition->n; i++) {
        const xd_column *column = column_in(c, i);
        if (column == NULL)
            continue;
        xd_walk walk;
        uint32_t doc, count = 0;
        xd_walk_begin(&walk, xd_bits_and(&c->look->bag, bits[i], column->has));
        while (xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(c->look, &count))
                return false;
            count_document(c, column, doc, &bars, steps, marks);
        }
    }
    int64_t n = 0;
    for (int64_t k = 0; k < bars.n; k++) {
        n += steps[k];
        add_bar(c, xd_str_printf(c->look->cx->arena, "%" PRId64, first + k * width),
                (uint64_t)n);
    }
    return true;
}

/* Numbers -------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static bool count_numbers(counting *c)
{
    struct {
        double *at;
        size_t n, cap;
    } all = {0};
    xd_arena *arena = c->look->cx->arena;
    for (size_t i = 0; i < c->look->edition->n; i++) {
        const xd_column *column = column_in(c, i);
        const xd_bits *bits = these(c, i);
        note_unknown(c, column, bits);
        xd_walk walk;
        uint32_t doc, count = 0;
        xd_walk_begin(&walk, bits);
        while (column != NULL && xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(c->look, &count))
                return false;
            uint32_t first = xd_column_first(column, doc), end = xd_column_end(column, doc);
            for (uint32_t v = first; v < end; v++) {
                bool again = false;
                for (uint32_t w = first; w < v && !again; w++)
                    again = !(column->of.number[w] < column->of.number[v]) &&
                            !(column->of.number[w] > column->of.number[v]);
                if (!again)
                    *xd_push(arena, &all) = column->of.number[v];
            }
            c->many = c->many || end - first > 1;
        }
    }
    if (all.n > 0)
        qsort(all.at, all.n, sizeof *all.at, by_number);
    for (size_t i = 0, end; i < all.n; i = end) {
        end = i + 1;
        while (end < all.n && !(all.at[i] < all.at[end]))
            end++;
        if (c->bars.n < XD_FACET_BARS * 10)
            add_bar(c, xd_str_printf(arena, "%.15g", all.at[i]), end - i);
    }
    sort_bars(c);
    return true;
}

/* Links ---------------------------------------------------------------------------------- */

/* Counts by the id of the record led to: open addressing, at most half full. */
typedef struct target {
    int64_t id; /* 0: free */
    uint64_t n;
} target;

typedef struct targets {
    target *at;
    size_t n, cap; /* cap: a power of two */
} targets;

static size_t target_place(const targets *t, int64_t id)
{
    size_t i = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (t->cap - 1);
    while (t->at[i].id != 0 && t->at[i].id != id)
        i = (i + 1) & (t->cap - 1);
    return i;
}

static void add_target(xd_arena *arena, targets *t, int64_t id, uint64_t n)
{
    if (t->n * 2 >= t->cap) {
        targets wide = {.cap = t->cap == 0 ? 64 : t->cap * 2, .n = t->n};
        wide.at = xd_new_n(arena, target, wide.cap);
        for (size_t i = 0; i < t->cap; i++) {
            if (t->at[i].id != 0)
                wide.at[target_place(&wide, t->at[i].id)] = t->at[i];
        }
        *t = wide;
    }
    size_t i = target_place(t, id);
    t->n += t->at[i].id == 0;
    t->at[i].id = id;
    t->at[i].n += n;
}

static int by_id(const void *a, const void *b)
{
    const target *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Those a document leads to, each once. */
static size_t count_links_of(const counting *c, const xd_column *column, uint32_t doc,
                             targets *t)
{
    uint32_t first = xd_column_first(column, doc), end = xd_column_end(column, doc);
    for (uint32_t v = first; v < end; v++) {
        int64_t id = xd_column_link(column, v);
        bool again = id == 0;
        for (uint32_t w = first; w < v && !again; w++)
            again = xd_column_link(column, w) == id;
        if (!again)
            add_target(c->look->cx->arena, t, id, 1);
    }
    return end - first;
}

/* Only records anybody may see are bars; words that lead to none are in no bar and not unknown. */
static bool count_links(counting *c)
{
    xd_arena *arena = c->look->cx->arena;
    targets t = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < c->look->edition->n; i++) {
        const xd_column *column = column_in(c, i);
        const xd_bits *bits = these(c, i);
        xd_walk walk;
        uint32_t doc;
        note_unknown(c, column, bits);
        if (column == NULL)
            continue;
        xd_walk_begin(&walk, xd_bits_and(&c->look->bag, bits, column->has));
        while (xd_walk_next(&walk, &doc)) {
            if (!xd_look_on(c->look, &count))
                return false;
            c->many = count_links_of(c, column, doc, &t) > 1 || c->many;
        }
    }
    if (t.cap > 0)
        qsort(t.at, t.cap, sizeof *t.at, by_id);
    for (size_t i = 0; i < t.cap; i++) {
        size_t shard;
        uint32_t doc;
        if (!xd_look_on(c->look, &count))
            return false;
        if (t.at[i].id != 0 && xd_edition_find(c->look->edition, t.at[i].id, &shard, &doc))
            add_bar(c, xd_str_printf(arena, "%" PRId64, t.at[i].id), t.at[i].n);
    }
    sort_bars(c);
    return true;
}

/* ---------------------------------------------------------------------------------------- */

static bool count(xd_look *look, const xd_ask *ask, const xd_matched *matched, size_t at,
                  tallies *known, xd_facet *ret_facet)
{
    const xd_field *field = ask->facets[at];
    counting c = {
        .look = look, .ask = ask, .known = known, .field = field, .matched = matched, .at = at};
    c.type = xd_schema_owner(look->schema, ask->type, field);
    bool ok = true;
    xd_column_kind kind = c.type == NULL ? XD_COLUMN_NONE : xd_column_kind_of(field);
    if (kind == XD_COLUMN_TERM || kind == XD_COLUMN_BOOLEAN)
        ok = count_sets(&c);
    else if (kind == XD_COLUMN_PERIOD)
        ok = count_decades(&c);
    else if (kind == XD_COLUMN_NUMBER)
        ok = count_numbers(&c);
    else if (kind == XD_COLUMN_LINK)
        ok = count_links(&c);
    else
        return xd_fail(look->cx, XD_INVALID, "field " XD_FMT " is no facet",
                       XD_ARG(field->name));
    if (!ok)
        return false;
    if (c.bars.n > XD_FACET_BARS)
        c.bars.n = XD_FACET_BARS;
    add_bar(&c, XD_S(""), c.unknown);
    xd_count *counts = xd_new_n(look->cx->arena, xd_count, c.bars.n);
    for (size_t i = 0; i < c.bars.n; i++)
        counts[i] = c.bars.at[i].count;
    *ret_facet = (xd_facet){field, counts, c.bars.n, c.many};
    return true;
}

bool xd_facets_count(xd_look *look, const xd_ask *ask, const xd_matched *matched,
                     uint64_t n_matched, const xd_facet **ret_facets)
{
    xd_arena *arena = look->cx->arena;
    xd_facet *facets = xd_new_n(arena, xd_facet, ask->n_facets);
    tallies known = {0};
    for (size_t f = 0; f < ask->n_facets; f++) {
        if (!count(look, ask, matched, f, &known, &facets[f]))
            return false;
        if (look->trace != NULL)
            xd_look_step(look, xd_str_join(arena, XD_S("facet "), ask->facets[f]->name),
                         n_matched, n_matched);
    }
    *ret_facets = facets;
    return true;
}
