/* The first rows of an answer.
 *
 * A heap holds as many rows as the page has, the last of them on top; a document's keys are
 * computed one by one, only as long as they do not decide. What is offered to the heap, and how
 * little of it, depends on the order:
 *
 *   by rank      groups of documents with the most each can rank, best first (rank.h); the heap
 *                being full of better ones ends it; within a group level by level (0191)
 *   a type's own down the list a large segment keeps (own_order.h), or all matches where that
 *                costs less (PROBES_A_DOCUMENT)
 *   any other    all matches
 *
 * Each gives the rows that sorting all matches would: tests/index/test_property.c. */
#include "index/order.h"

#include <math.h>
#include <stdlib.h>

#include "index/own_order.h"
#include "model/fold.h"

/* Which order ---------------------------------------------------------------------------- */

static void add(xd_order *o, xd_order_key key)
{
    if (o->n < XD_ORDER_KEYS)
        o->at[o->n++] = key;
}

static void add_own_order(xd_order *o, const xd_type *type)
{
    if (type == NULL)
        add(o, (xd_order_key){.by = XD_BY_TYPE});
    if (type != NULL && type->order != NULL) { /* parts: by what they are parts of */
        if (type->parent_field != NULL)
            add(o,
                (xd_order_key){.by = XD_BY_FIELD, .field = type->parent_field, .type = type});
        add(o, (xd_order_key){.by = XD_BY_PLACE_IN});
    }
    add(o, (xd_order_key){.by = XD_BY_LEVEL});
    add(o, (xd_order_key){.by = XD_BY_TITLE});
}

static void add_sort(xd_order *o, const xd_ask *ask, const xd_sort *sort)
{
    xd_order_key key = {.descending = sort->descending};
    if (sort->field != NULL) {
        key.by = XD_BY_FIELD;
        key.field = sort->field;
        key.type = xd_schema_owner(o->look->schema, ask->type, sort->field);
    } else if (sort->by == XD_SORT_RELEVANCE) {
        key.by = XD_BY_RANK;
    } else if (sort->by == XD_SORT_UPDATED) {
        key.by = XD_BY_UPDATED;
    } else if (sort->by == XD_SORT_NUMBER) {
        key.by = XD_BY_NUMBER;
    } else {
        key.by = XD_BY_ID;
    }
    add(o, key);
}

bool xd_order_make(xd_look *look, const xd_ask *ask, const xd_words *words,
                   const xd_matched *matched, xd_order *ret_order)
{
    xd_order o = {.look = look, .type = ask->type, .words = words, .matched = matched};
    if (ask->n_sorts >= XD_ORDER_KEYS) {
        (void)xd_fail(look->cx, XD_INVALID, "%zu keys to sort by", ask->n_sorts);
        return xd_fail_words(look->cx, XD_S("排序字段太多，最多 7 个。"),
                             XD_S("Too many keys to sort by: at most 7."));
    }
    if (ask->near != 0) {
        o.has_origin = xd_plan_origin(look, ask->near, &o.origin);
        add(&o, (xd_order_key){.by = XD_BY_DISTANCE});
    } else if (ask->n_sorts > 0) {
        for (size_t i = 0; i < ask->n_sorts; i++)
            add_sort(&o, ask, &ask->sorts[i]);
    } else if (words->n > 0) {
        add(&o, (xd_order_key){.by = XD_BY_RANK});
        add(&o, (xd_order_key){.by = XD_BY_LEVEL});
    } else {
        add_own_order(&o, ask->type);
        o.own = ask->type != NULL;
    }
    *ret_order = o;
    return true;
}

/* Keys ----------------------------------------------------------------------------------- */

static xd_key_value key_int(int64_t v)
{
    return (xd_key_value){.kind = XD_KEY_INT, .integer = v};
}

static xd_key_value key_text(xd_str s)
{
    return s.n == 0 ? (xd_key_value){.kind = XD_KEY_UNKNOWN}
                    : (xd_key_value){.kind = XD_KEY_TEXT, .text = s};
}

static xd_key_value least(xd_key_value a, xd_key_value b)
{
    if (a.kind == XD_KEY_UNKNOWN)
        return b;
    if (a.kind == XD_KEY_INT)
        return b.integer < a.integer ? b : a;
    return b.number < a.number ? b : a;
}

static xd_key_value column_key(const xd_order *o, const xd_column *c, uint32_t doc)
{
    xd_key_value best = {.kind = XD_KEY_UNKNOWN};
    xd_lang lang = o->look->lang;
    for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc); i++) {
        switch (c->kind) {
        case XD_COLUMN_TEXT:
            return key_text(
                xd_column_has_keys(c)
                    ? xd_column_key(c, doc, lang)
                    : xd_sort_key(o->look->scratch, xd_column_text(c, i, lang), lang));
        case XD_COLUMN_LINK:
            return key_text(xd_sort_key(o->look->scratch, xd_column_link_text(c, i), lang));
        case XD_COLUMN_NUMBER:
            best =
                least(best, (xd_key_value){.kind = XD_KEY_DOUBLE, .number = c->of.number[i]});
            break;
        case XD_COLUMN_PERIOD: /* an open start is not known */
            if (c->of.period[i].days.from != XD_DAY_OPEN_START)
                best = least(best, key_int(c->of.period[i].days.from));
            break;
        case XD_COLUMN_TERM:
            best = least(best, key_int((int64_t)xd_column_term(c, i)->at));
            break;
        case XD_COLUMN_BOOLEAN:
            best = least(best, key_int(c->of.boolean[i]));
            break;
        case XD_COLUMN_PLACE:
        case XD_COLUMN_NONE:
            break;
        }
    }
    return best;
}

static xd_key_value own_field_key(const xd_order *o, const xd_segment *s, uint32_t doc,
                                  const xd_field *field)
{
    if (field == NULL)
        return (xd_key_value){.kind = XD_KEY_UNKNOWN};
    return column_key(
        o, xd_segment_column(s, o->look->schema, xd_segment_type(s, doc), NULL, field), doc);
}

/* Bytes that order as xd_natural_cmp() does: a run of digits is led by how many there are. */
static xd_str natural_key(xd_arena *arena, xd_str text)
{
    xd_buf key = {0};
    for (size_t i = 0; i < text.n;) {
        size_t from = i;
        while (i < text.n && text.p[i] >= '0' && text.p[i] <= '9')
            i++;
        if (i == from) {
            xd_buf_byte(&key, text.p[i++]);
            continue;
        }
        while (from + 1 < i && text.p[from] == '0')
            from++;
        xd_buf_byte(&key, (char)('0' + (i - from < 9 ? i - from : 9)));
        xd_buf_add(&key, xd_str_sub(text, from, i));
    }
    xd_str made = xd_buf_copy(&key, arena);
    xd_buf_free(&key);
    return made;
}

static xd_key_value place_in_key(const xd_order *o, const xd_segment *s, uint32_t doc)
{
    const xd_type *type = xd_segment_type(s, doc);
    const xd_field *field = type->order;
    const xd_column *c =
        field == NULL ? NULL : xd_segment_column(s, o->look->schema, type, NULL, field);
    if (c == NULL || c->kind != XD_COLUMN_TEXT)
        return own_field_key(o, s, doc, field);
    uint32_t i = xd_column_first(c, doc);
    return i == xd_column_end(c, doc)
               ? (xd_key_value){.kind = XD_KEY_UNKNOWN}
               : key_text(natural_key(o->look->scratch, xd_column_text(c, i, o->look->lang)));
}

/* Distances are counted in millimetres, so that a cursor says exactly where it is. */
static bool distance_key(const xd_order *o, size_t shard, uint32_t doc, xd_key_value *ret)
{
    *ret = (xd_key_value){.kind = XD_KEY_UNKNOWN};
    const xd_segment *s = o->look->edition->shards[shard].segment;
    if (!o->has_origin || !roaring_bitmap_contains(s->placed, doc))
        return true;
    double m;
    if (!xd_plan_distance(o->look, &o->origin, shard, doc, &m))
        return false;
    *ret = key_int((int64_t)llround(m * 1000));
    return true;
}

static bool key_of(const xd_order *o, size_t k, size_t shard, uint32_t doc, xd_key_value *ret)
{
    const xd_segment *s = o->look->edition->shards[shard].segment;
    const xd_order_key *key = &o->at[k];
    switch (key->by) {
    case XD_BY_FIELD:
        *ret = xd_segment_type(s, doc) == key->type ? own_field_key(o, s, doc, key->field)
                                                    : (xd_key_value){.kind = XD_KEY_UNKNOWN};
        return true;
    case XD_BY_LEVEL:
        *ret = own_field_key(o, s, doc, xd_segment_type(s, doc)->level);
        return true;
    case XD_BY_TITLE:
        *ret = own_field_key(o, s, doc, xd_segment_type(s, doc)->title);
        return true;
    case XD_BY_PLACE_IN:
        *ret = place_in_key(o, s, doc);
        return true;
    case XD_BY_RANK: /* the best first, always */
        *ret = key_int(
            o->words->n == 0 ? 0 : -xd_search_rank(s, doc, o->words, &o->matched[shard].words));
        return true;
    case XD_BY_TYPE:
        *ret = key_int((int64_t)xd_segment_type(s, doc)->at);
        return true;
    case XD_BY_UPDATED:
        *ret = key_int(s->time[doc]);
        return true;
    case XD_BY_ID:
        *ret = key_int(s->id[doc]);
        return true;
    case XD_BY_NUMBER:
        *ret = key_text(xd_segment_number(s, doc));
        return true;
    case XD_BY_DISTANCE:
        return distance_key(o, shard, doc, ret);
    }
    return true;
}

static int compare_keys(const xd_order_key *key, const xd_key_value *a, const xd_key_value *b)
{
    int unknown = (a->kind == XD_KEY_UNKNOWN) - (b->kind == XD_KEY_UNKNOWN);
    if (unknown != 0 || a->kind == XD_KEY_UNKNOWN)
        return unknown;
    int order;
    if (a->kind == XD_KEY_INT)
        order = a->integer < b->integer ? -1 : a->integer > b->integer;
    else if (a->kind == XD_KEY_DOUBLE)
        order = a->number < b->number ? -1 : a->number > b->number;
    else
        order = xd_str_cmp(a->text, b->text);
    return key->descending && key->by != XD_BY_RANK ? -order : order;
}

static int compare_rows(const xd_order *o, const xd_row *a, const xd_row *b)
{
    for (size_t k = 0; k < o->n; k++) {
        int order = compare_keys(&o->at[k], &a->keys[k], &b->keys[k]);
        if (order != 0)
            return order;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

/* The first rows: a heap with the last of them on top ------------------------------------ */

typedef struct heap {
    xd_order *order;
    const xd_row *after;
    xd_row *rows;
    size_t n, room;
    xd_key_value *trial; /* keys of the document at hand */
    size_t known;        /* how many of them are computed */
    int64_t most;        /* what is offered now ranks no more */
} heap;

static bool trial_key(heap *h, size_t shard, uint32_t doc, size_t k)
{
    for (; h->known <= k; h->known++) {
        if (!key_of(h->order, h->known, shard, doc, &h->trial[h->known]))
            return false;
    }
    return true;
}

/* How the document stands to a row, computing only the keys that are needed. */
static bool compare_trial(heap *h, size_t shard, uint32_t doc, const xd_row *row, int *ret)
{
    const xd_order *o = h->order;
    *ret = 0;
    for (size_t k = 0; k < o->n && *ret == 0; k++) {
        if (!trial_key(h, shard, doc, k))
            return false;
        *ret = compare_keys(&o->at[k], &h->trial[k], &row->keys[k]);
    }
    int64_t id = o->look->edition->shards[shard].segment->id[doc];
    if (*ret == 0)
        *ret = id < row->id ? -1 : id > row->id;
    return true;
}

static void sink(heap *h, size_t i)
{
    for (;;) {
        size_t top = i, left = 2 * i + 1;
        for (size_t child = left; child <= left + 1 && child < h->n; child++) {
            if (compare_rows(h->order, &h->rows[child], &h->rows[top]) > 0)
                top = child;
        }
        if (top == i)
            return;
        xd_row swap = h->rows[i];
        h->rows[i] = h->rows[top];
        h->rows[top] = swap;
        i = top;
    }
}

static void rise(heap *h, size_t i)
{
    while (i > 0 && compare_rows(h->order, &h->rows[i], &h->rows[(i - 1) / 2]) > 0) {
        xd_row swap = h->rows[i];
        h->rows[i] = h->rows[(i - 1) / 2];
        h->rows[(i - 1) / 2] = swap;
        i = (i - 1) / 2;
    }
}

/* Text keys made on the spot lie in scratch: rows keep their own. */
static void settle(heap *h, xd_row *row, size_t shard, uint32_t doc)
{
    xd_ctx *cx = h->order->look->cx;
    row->shard = shard;
    row->doc = doc;
    row->id = h->order->look->edition->shards[shard].segment->id[doc];
    for (size_t k = 0; k < h->order->n; k++) {
        row->keys[k] = h->trial[k];
        row->keys[k].text = xd_str_copy(cx->arena, h->trial[k].text);
    }
}

/* Farther north or south alone than the last row is: its distance need not be measured. A shape
 * may reach nearer than its anchor. */
static bool is_too_far(const heap *h, size_t shard, uint32_t doc)
{
    const xd_order *o = h->order;
    if (o->n == 0 || o->at[0].by != XD_BY_DISTANCE || !o->has_origin || h->n < h->room ||
        h->rows[0].keys[0].kind != XD_KEY_INT)
        return false;
    const xd_segment *from = o->look->edition->shards[o->origin.shard].segment;
    const xd_segment *s = o->look->edition->shards[shard].segment;
    const double mm = 11.119; /* a little less than 1e-7 degree of latitude is */
    double off = ((double)s->at[doc].lat - o->origin.at.lat) * mm;
    return fabs(off) > (double)h->rows[0].keys[0].integer &&
           !roaring_bitmap_contains(s->shaped, doc) &&
           !roaring_bitmap_contains(from->shaped, o->origin.doc);
}

/* When the last row ranks as high as anything can that is offered now, one more can only draw level,
 * and what comes after the rank decides: no text need be read for that. */
static bool can_tie_only(const heap *h)
{
    return h->most != INT64_MAX && h->n == h->room && -h->rows[0].keys[0].integer == h->most;
}

static bool loses_tie(const heap *h, size_t shard, uint32_t doc, bool *ret_loses)
{
    const xd_order *o = h->order;
    const xd_row *last = &h->rows[0];
    int order = 0;
    for (size_t k = 1; k < o->n && order == 0; k++) {
        xd_key_value key;
        if (!key_of(o, k, shard, doc, &key))
            return false;
        order = compare_keys(&o->at[k], &key, &last->keys[k]);
    }
    *ret_loses = order > 0 ||
                 (order == 0 && o->look->edition->shards[shard].segment->id[doc] > last->id);
    return true;
}

static bool offer(heap *h, size_t shard, uint32_t doc)
{
    int order;
    bool loses = false;
    h->known = 0;
    if (is_too_far(h, shard, doc))
        return true;
    if (can_tie_only(h) && !loses_tie(h, shard, doc, &loses))
        return false;
    if (loses)
        return true;
    if (h->after != NULL) {
        if (!compare_trial(h, shard, doc, h->after, &order))
            return false;
        if (order <= 0)
            return true;
    }
    if (h->n == h->room) {
        if (!compare_trial(h, shard, doc, &h->rows[0], &order))
            return false;
        if (order > 0)
            return true;
    }
    if (h->order->n > 0 && !trial_key(h, shard, doc, h->order->n - 1))
        return false;
    if (h->n < h->room) {
        xd_row *row = &h->rows[h->n++];
        row->keys = xd_new_n(h->order->look->cx->arena, xd_key_value, h->order->n + 1);
        settle(h, row, shard, doc);
        rise(h, h->n - 1);
    } else {
        settle(h, &h->rows[0], shard, doc);
        sink(h, 0);
    }
    return true;
}

static bool offer_all(heap *h, size_t shard, const xd_bits *bits)
{
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, bits);
    while (xd_walk_next(&walk, &doc)) {
        if (xd_arena_used(h->order->look->scratch) > ((size_t)64 << 10))
            xd_arena_reset(h->order->look->scratch);
        if (!xd_look_on(h->order->look, &steps) || !offer(h, shard, doc))
            return false;
    }
    return true;
}

/* Whether each document is in the set of its level and in no other. */
static bool is_apart(const xd_column *level)
{
    const xd_vocabulary *v = level->slot->field->vocabulary;
    bool flat = v != NULL && level->how != XD_COLUMN_MANY;
    for (size_t i = 0; flat && i < v->n; i++)
        flat = v->terms[i].parent == NULL;
    return flat;
}

/* The column of the asked type's level, if documents can be told apart by it. */
static const xd_column *level_column(const xd_order *o, const xd_segment *s)
{
    const xd_column *level =
        o->type == NULL || o->type->level == NULL
            ? NULL
            : xd_segment_column(s, o->look->schema, o->type, NULL, o->type->level);
    return level != NULL && is_apart(level) ? level : NULL;
}

#define BY_LEVEL_FROM 256 /* documents; fewer are offered as they come */

/* Group by group; of many in a group those of the first level first, as among equals they win. */
static bool offer_group(heap *h, size_t shard, const xd_bits *bits)
{
    const xd_order *o = h->order;
    const xd_column *level = level_column(o, o->look->edition->shards[shard].segment);
    if (level == NULL || o->n < 2 || o->at[1].by != XD_BY_LEVEL ||
        roaring_bitmap_get_cardinality(bits) < BY_LEVEL_FROM)
        return offer_all(h, shard, bits);
    for (size_t i = 0; i < level->n_sets; i++) {
        uint32_t which;
        const xd_bits *set = xd_column_set_at(level, i, &which);
        const xd_key_value *last = h->n == 0 ? NULL : &h->rows[0].keys[1];
        if (can_tie_only(h) && last->kind == XD_KEY_INT && last->integer < (int64_t)which)
            return true;
        if (!offer_all(h, shard, xd_bits_and(&o->look->bag, bits, set)))
            return false;
    }
    return offer_all(h, shard, xd_bits_minus(&o->look->bag, bits, level->has));
}

/* The page is full of what comes before the whole next group, though that may draw level. */
static bool is_settled(const heap *h, const xd_ranking *ranking)
{
    const xd_order *o = h->order;
    const xd_row *last = &h->rows[0];
    return h->n == h->room && -last->keys[0].integer == xd_ranking_most(ranking) && o->n == 2 &&
           o->at[1].by == XD_BY_LEVEL && !o->at[1].descending &&
           level_column(o, o->look->edition->shards[last->shard].segment) != NULL &&
           xd_ranking_is_beaten(ranking, last->shard, last->doc);
}

/* A page that is full of better ones needs no look at the rest. */
static bool offer_by_rank(heap *h)
{
    xd_ranking ranking;
    size_t shard;
    const xd_bits *bits;
    xd_ranking_begin(&ranking, h->order->look, h->order->words, h->order->matched);
    while (h->n < h->room || -h->rows[0].keys[0].integer <= xd_ranking_most(&ranking)) {
        if (is_settled(h, &ranking)) {
            xd_ranking_skip(&ranking);
            continue;
        }
        if (!xd_ranking_next(&ranking, &h->most, &shard, &bits))
            return true;
        if (!offer_group(h, shard, bits))
            return false;
    }
    return true;
}

/* Down a list kept in order (own_order.h) -------------------------------------------------- */

/* What a document looked at costs in probes of the list. Measured, roughly. */
#define PROBES_A_DOCUMENT 3

typedef struct descent {
    heap *h;
    size_t shard;
    const xd_segment *s;
    const uint32_t *docs; /* in order */
    const xd_column *level;
    const xd_bits *bits;
    uint32_t lo, n, at; /* at: the first that is behind `after` */
} descent;

static uint32_t doc_at(const descent *d, uint32_t i)
{
    if (d->docs[i] - d->lo < d->n)
        return d->docs[i];
    xd_image_break(d->s->image);
    return d->lo;
}

/* The first position whose document comes behind `after`. */
static bool find_after(descent *d)
{
    uint32_t low = 0, high = d->h->after == NULL ? 0 : d->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order;
        d->h->known = 0;
        if (!compare_trial(d->h, d->shard, doc_at(d, middle), d->h->after, &order))
            return false;
        if (order <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    d->at = low;
    return true;
}

/* Terms are in order in the list; those without one (SIZE_MAX) last. */
static size_t level_at(const descent *d, uint32_t i)
{
    if (d->level == NULL)
        return SIZE_MAX;
    xd_key_value key = column_key(d->h->order, d->level, doc_at(d, i));
    return key.kind == XD_KEY_UNKNOWN ? SIZE_MAX : (size_t)key.integer;
}

/* Past the last of those that have the same level as position `from`. */
static uint32_t level_end(const descent *d, uint32_t from)
{
    size_t level = level_at(d, from);
    uint32_t low = from + 1, high = d->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (level_at(d, middle) == level)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const xd_bits *matches_of(const descent *d, size_t level)
{
    xd_bag *bag = &d->h->order->look->bag;
    if (d->level == NULL)
        return d->bits;
    if (level == SIZE_MAX)
        return xd_bits_minus(bag, d->bits, d->level->has);
    const xd_bits *set = xd_column_set(d->level, level);
    return set == NULL ? xd_bits_none(bag) : xd_bits_and(bag, d->bits, set);
}

/* *ret_end: the page is full of what comes before anything that is left. */
static bool walk_level(descent *d, uint32_t end, const xd_bits *these, bool *ret_end)
{
    heap *h = d->h;
    uint32_t steps = 0;
    for (; d->at < end; d->at++) {
        uint32_t doc = doc_at(d, d->at);
        if (!roaring_bitmap_contains(these, doc))
            continue;
        int order = -1;
        h->known = 0;
        if (!xd_look_on(h->order->look, &steps) ||
            (h->n == h->room && !compare_trial(h, d->shard, doc, &h->rows[0], &order)))
            return false;
        *ret_end = order > 0;
        if (*ret_end)
            return true;
        if (!offer(h, d->shard, doc))
            return false;
    }
    return true;
}

/* A full page has nothing of this level or of what comes behind it. */
static bool is_beyond(const descent *d)
{
    const heap *h = d->h;
    return d->level != NULL && h->n == h->room && h->rows[0].keys[0].kind == XD_KEY_INT &&
           level_at(d, d->at) > (size_t)h->rows[0].keys[0].integer;
}

static bool descend(descent *d)
{
    heap *h = d->h;
    bool end = false;
    if (!find_after(d))
        return false;
    while (d->at < d->n && !end && !is_beyond(d)) {
        uint32_t to = level_end(d, d->at);
        const xd_bits *these = matches_of(d, level_at(d, d->at));
        uint64_t n = roaring_bitmap_get_cardinality(these);
        xd_look_did_sets(h->order->look, d->s, 1);
        /* n matches are spread over the level: a page of them is that many probes away. */
        if (n > 0 && (uint64_t)h->room * (to - d->at) > n * n * PROBES_A_DOCUMENT) {
            if (!offer_all(h, d->shard, these))
                return false;
            n = 0;
        }
        if (n > 0 && !walk_level(d, to, these, &end))
            return false;
        d->at = to;
    }
    return true;
}

/* The matches of a shard, where nothing but its own order is asked. */
static bool offer_own(heap *h, size_t shard)
{
    const xd_order *o = h->order;
    const xd_segment *s = o->look->edition->shards[shard].segment;
    descent d = {.h = h, .shard = shard, .s = s, .bits = o->matched[shard].bits};
    d.docs = o->own ? xd_own_order(s, o->type, o->look->lang) : NULL;
    if (d.docs == NULL)
        return offer_all(h, shard, d.bits);
    d.lo = s->type_lo[o->type->at];
    d.n = s->type_lo[o->type->at + 1] - d.lo;
    d.level = level_column(o, s); /* NULL: all of them as one */
    return descend(&d);
}

bool xd_order_top(xd_order *order, const xd_row *after, size_t limit, xd_row **ret_rows,
                  size_t *ret_n)
{
    xd_ctx *cx = order->look->cx;
    uint64_t most = 0;
    for (size_t i = 0; i < order->look->edition->n; i++)
        most += roaring_bitmap_get_cardinality(order->matched[i].bits);
    heap h = {.order = order,
              .after = after,
              .room = most < limit ? (size_t)most : limit,
              .most = INT64_MAX};
    h.rows = xd_new_n(cx->arena, xd_row, h.room + 1);
    h.trial = xd_new_n(cx->arena, xd_key_value, order->n + 1);
    bool ranked = order->n > 0 && order->at[0].by == XD_BY_RANK && order->words->n > 0;
    if (h.room > 0 && ranked) {
        if (!offer_by_rank(&h))
            return false;
    } else if (h.room > 0) {
        for (size_t i = 0; i < order->look->edition->n; i++) {
            if (!offer_own(&h, i))
                return false;
        }
    }
    /* Take the last off, again and again: the rows end up in order. */
    *ret_rows = h.rows;
    *ret_n = h.n;
    while (h.n > 1) {
        xd_row last = h.rows[0];
        h.rows[0] = h.rows[--h.n];
        h.rows[h.n] = last;
        sink(&h, 0);
    }
    return true;
}
