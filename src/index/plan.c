/* What a question matches, shard by shard.
 *
 * A set begins as the type's living documents (without samples, unless the filter names the
 * state) and is narrowed in one fixed order: words, places, time, then what the filter ANDs
 * together, as written. Nothing is estimated: docs/decisions/0145. Conditions on a field whose
 * facet is asked come last and are kept apart, for a facet counts without those of its own. */
#include "index/plan.h"

#include <math.h>

#include "index/space.h"

bool xd_plan_words(xd_ctx *cx, const xd_ask *ask, xd_words *ret_words)
{
    *ret_words = (xd_words){0};
    return ask->q.n == 0 || xd_words_read(cx, ask->q, ask->q_adjacent, ret_words);
}

xd_bits *xd_plan_live(xd_look *look, size_t shard, const xd_type *type)
{
    const xd_shard *sh = &look->edition->shards[shard];
    uint32_t lo = type == NULL ? 0 : sh->segment->type_lo[type->at];
    uint32_t hi = type == NULL ? sh->segment->n : sh->segment->type_lo[type->at + 1];
    xd_bits *live = xd_bits_range(&look->bag, lo, hi);
    roaring_bitmap_andnot_inplace(live, sh->dead);
    return live;
}

xd_bits *xd_plan_counted(xd_look *look, size_t shard, const xd_type *type)
{
    xd_bits *live = xd_plan_live(look, shard, type);
    roaring_bitmap_andnot_inplace(live, look->edition->shards[shard].segment->samples);
    return live;
}

/* Samples are asked for by naming the state in the filter. */
static bool names_state(const xd_cql *cql)
{
    if (cql->op == XD_CQL_PROPERTY)
        return cql->field == NULL && cql->part == XD_PART_STATE;
    for (size_t i = 0; i < cql->n; i++) {
        if (names_state(cql->args[i]))
            return true;
    }
    return false;
}

/* What a question asks of places and times, type by type --------------------------------- */

typedef struct plan {
    xd_look *look;
    const xd_ask *ask;
    const xd_words *words;
    size_t shard;
    const xd_segment *segment;
    const xd_origin *origin; /* NULL: no distance asked */
    struct {
        const xd_cql **at;
        size_t n, cap;
    } terms; /* what the filter ANDs together */
} plan;

static bool each_type(plan *p, xd_bits *domain,
                      bool (*keep)(plan *p, const xd_type *type, xd_bits *ret_keep))
{
    xd_bits *kept = xd_bits_none(&p->look->bag);
    for (size_t t = 0; t < p->look->schema->n_types; t++) {
        const xd_type *type = xd_model_type(p->look->schema->model, t);
        if ((p->ask->type != NULL && type != p->ask->type) ||
            p->segment->type_lo[t] == p->segment->type_lo[t + 1])
            continue;
        if (!keep(p, type, kept))
            return false;
    }
    roaring_bitmap_and_inplace(domain, kept);
    return true;
}

static void add_placeless(plan *p, const xd_type *type, xd_bits *kept)
{
    xd_bits *all = xd_bits_range(&p->look->bag, p->segment->type_lo[type->at],
                                 p->segment->type_lo[type->at + 1]);
    roaring_bitmap_andnot_inplace(all, p->segment->placed);
    roaring_bitmap_or_inplace(kept, all);
}

static bool keep_box(plan *p, const xd_type *type, xd_bits *kept)
{
    xd_bits *found;
    if (!xd_space_box(p->look->cx, &p->look->bag, p->look->schema, p->segment, type,
                      p->ask->box, &found))
        return false;
    xd_look_did_sets(p->look, p->segment, 4);
    xd_look_did(p->look, roaring_bitmap_and_cardinality(found, p->segment->shaped));
    roaring_bitmap_or_inplace(kept, found);
    if (p->ask->box_keeps_placeless)
        add_placeless(p, type, kept);
    return true;
}

static bool keep_area(plan *p, const xd_type *type, xd_bits *kept)
{
    xd_bits *found;
    if (!xd_space_meets(p->look->cx, &p->look->bag, p->look->schema, p->segment, type,
                        p->ask->area, &found))
        return false;
    xd_look_did(p->look, roaring_bitmap_get_cardinality(found) *
                             (1 + xd_space_positions(p->ask->area) / 16));
    roaring_bitmap_or_inplace(kept, found);
    return true;
}

static bool keep_time(plan *p, const xd_type *type, xd_bits *kept)
{
    uint32_t lo = p->segment->type_lo[type->at], hi = p->segment->type_lo[type->at + 1];
    if (type->time == NULL) {
        roaring_bitmap_add_range(kept, lo, hi);
        return true;
    }
    const xd_column *c = xd_segment_column(p->segment, p->look->schema, type, NULL, type->time);
    bool certain = p->ask->certain;
    int32_t from = p->ask->time_from, to = p->ask->time_to;
    uint32_t steps = 0;
    for (uint32_t doc = lo; doc < hi; doc++) {
        if (!xd_look_on(p->look, &steps))
            return false;
        bool keep = xd_column_first(c, doc) == xd_column_end(c, doc);
        for (uint32_t i = xd_column_first(c, doc); i < xd_column_end(c, doc) && !keep; i++) {
            xd_period v = c->of.period[i].days;
            keep = certain ? v.from >= from && v.to <= to : v.from <= to && v.to >= from;
        }
        if (keep)
            roaring_bitmap_add(kept, doc);
    }
    return true;
}

/* Distance ------------------------------------------------------------------------------- */

bool xd_plan_origin(const xd_look *look, int64_t id, xd_origin *ret_origin)
{
    size_t shard;
    uint32_t doc;
    if (!xd_edition_find(look->edition, id, &shard, &doc))
        return false;
    const xd_segment *s = look->edition->shards[shard].segment;
    if (!roaring_bitmap_contains(s->placed, doc))
        return false;
    *ret_origin = (xd_origin){shard, doc, s->at[doc]};
    return true;
}

static bool shape_distance(xd_look *look, const xd_column *a, uint32_t x, const xd_column *b,
                           uint32_t y, double *ret_m)
{
    double least = INFINITY;
    for (uint32_t i = xd_column_first(a, x); i < xd_column_end(a, x); i++) {
        for (uint32_t k = xd_column_first(b, y); k < xd_column_end(b, y); k++) {
            double m;
            if (!xd_geom_distance_m(look->cx, xd_column_geom(look->cx->arena, a, i),
                                    xd_column_geom(look->cx->arena, b, k), &m))
                return false;
            least = m < least ? m : least;
        }
    }
    *ret_m = least;
    return true;
}

bool xd_plan_distance(xd_look *look, const xd_origin *origin, size_t shard, uint32_t doc,
                      double *ret_m)
{
    const xd_segment *from = look->edition->shards[origin->shard].segment;
    const xd_segment *s = look->edition->shards[shard].segment;
    double m;
    if (roaring_bitmap_contains(s->shaped, doc) ||
        roaring_bitmap_contains(from->shaped, origin->doc)) {
        const xd_column *a =
            xd_segment_place(from, look->schema, xd_segment_type(from, origin->doc));
        const xd_column *b = xd_segment_place(s, look->schema, xd_segment_type(s, doc));
        if (!shape_distance(look, a, origin->doc, b, doc, &m))
            return false;
    } else {
        m = xd_distance_m(origin->at, s->at[doc]);
    }
    if (roaring_bitmap_contains(s->roughly, doc))
        m += xd_precision_radius_m[XD_PRECISION_COUNTY];
    *ret_m = m;
    return true;
}

/* Around the origin, as far as a point may be off in longitude at the box's worst latitude. */
static xd_box box_around(xd_pos at, double m)
{
    const double metres = 111000.0; /* a little less than one degree of latitude */
    double lat = m / metres * XD_DEGREE;
    double south = at.lat - lat, north = at.lat + lat;
    double worst = fmax(fabs(south), fabs(north)) / XD_DEGREE;
    const int32_t pole = 90 * XD_DEGREE, half = 180 * XD_DEGREE;
    xd_box box = {-half, (int32_t)fmax(south, -pole), half, (int32_t)fmin(north, pole)};
    double shrink = worst >= 89 ? 0 : cos(worst * M_PI / 180);
    double lon = shrink <= 0 ? 2.0 * half : m / (metres * shrink) * XD_DEGREE;
    if (at.lon - lon > -half && at.lon + lon < half) {
        box.west = (int32_t)(at.lon - lon);
        box.east = (int32_t)(at.lon + lon);
    }
    return box;
}

static bool keep_near(plan *p, const xd_type *type, xd_bits *kept)
{
    xd_look *look = p->look;
    xd_box box = box_around(p->origin->at, p->ask->within_m);
    bool shape = roaring_bitmap_contains(
        look->edition->shards[p->origin->shard].segment->shaped, p->origin->doc);
    if (shape) /* how far it reaches is not known here */
        box = (xd_box){-180 * XD_DEGREE, -90 * XD_DEGREE, 180 * XD_DEGREE, 90 * XD_DEGREE};
    xd_bits *around = xd_space_candidates(&look->bag, look->schema, p->segment, type, box);
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, around);
    while (xd_walk_next(&walk, &doc)) {
        double m;
        if (!xd_look_on(look, &steps) || !xd_plan_distance(look, p->origin, p->shard, doc, &m))
            return false;
        if (m <= p->ask->within_m)
            roaring_bitmap_add(kept, doc);
    }
    return true;
}

static bool keep_distance(plan *p, xd_bits *domain)
{
    if (p->origin == NULL) { /* from nowhere nothing is near */
        roaring_bitmap_clear(domain);
        return true;
    }
    if (p->origin->shard == p->shard)
        roaring_bitmap_remove(domain, p->origin->doc);
    roaring_bitmap_and_inplace(domain, p->segment->placed);
    return !(p->ask->within_m > 0) || each_type(p, domain, keep_near);
}

/* The filter ----------------------------------------------------------------------------- */

static void split(plan *p, const xd_cql *cql)
{
    if (cql->op != XD_CQL_AND) {
        *xd_push(p->look->cx->arena, &p->terms) = cql;
        return;
    }
    for (size_t i = 0; i < cql->n; i++)
        split(p, cql->args[i]);
}

/* Every property the tree names is the field, and there is one. */
static bool is_about(const xd_cql *cql, const xd_field *field, bool *found)
{
    if (cql->op == XD_CQL_PROPERTY) {
        *found = true;
        return cql->field == field && cql->over == NULL;
    }
    for (size_t i = 0; i < cql->n; i++) {
        if (!is_about(cql->args[i], field, found))
            return false;
    }
    return true;
}

/* The first facet asked that the condition is about, n_facets for none. */
static size_t facet_of(const xd_ask *ask, const xd_cql *cql)
{
    for (size_t f = 0; f < ask->n_facets; f++) {
        bool found = false;
        if (is_about(cql, ask->facets[f], &found) && found)
            return f;
    }
    return ask->n_facets;
}

static size_t facet_of_time(const xd_ask *ask)
{
    for (size_t f = 0; f < ask->n_facets && ask->has_time && ask->type != NULL; f++) {
        if (ask->facets[f] == ask->type->time)
            return f;
    }
    return ask->n_facets;
}

/* For whoever asks how: how many are left before a step, and after it. */
static uint64_t count_left(const plan *p, const xd_bits *domain)
{
    return p->look->trace == NULL ? 0 : roaring_bitmap_get_cardinality(domain);
}

static void told(plan *p, xd_str what, uint64_t before, const xd_bits *domain)
{
    if (p->look->trace != NULL)
        xd_look_step(p->look, what, before, count_left(p, domain));
}

static xd_str text_of(const plan *p, const xd_cql *cql)
{
    xd_buf b = {0};
    if (p->look->trace == NULL)
        return (xd_str){0};
    xd_buf_add(&b, XD_S("filter: "));
    xd_cql_write_text(&b, cql);
    xd_str text = xd_buf_copy(&b, p->look->cx->arena);
    xd_buf_free(&b);
    return text;
}

/* Whether somebody will ask for ranks. */
static bool is_ranked(const xd_ask *ask)
{
    bool ranked = ask->n_sorts == 0;
    for (size_t i = 0; i < ask->n_sorts; i++)
        ranked =
            ranked || (ask->sorts[i].field == NULL && ask->sorts[i].by == XD_SORT_RELEVANCE);
    return ranked && ask->limit > 0 && ask->near == 0;
}

static bool narrow_words(plan *p, xd_bits *domain, xd_matched *m)
{
    uint64_t before = count_left(p, domain);
    if (p->words->n == 0)
        return true;
    if (!xd_search_shard(p->look, p->shard, p->ask->type, p->words, domain, is_ranked(p->ask),
                         &m->words))
        return false;
    roaring_bitmap_and_inplace(domain, m->words.all);
    told(p, XD_S("words"), before, domain);
    return true;
}

static bool narrow_space(plan *p, xd_bits *domain)
{
    const xd_ask *ask = p->ask;
    uint64_t before = count_left(p, domain);
    if ((ask->has_box && !each_type(p, domain, keep_box)) ||
        (ask->area != NULL && !each_type(p, domain, keep_area)) ||
        (ask->near != 0 && !keep_distance(p, domain)))
        return false;
    if (ask->has_box || ask->area != NULL || ask->near != 0)
        told(p, XD_S("box, area, distance"), before, domain);
    return true;
}

static bool narrow_time(plan *p, xd_bits *domain)
{
    uint64_t before = count_left(p, domain);
    if (!p->ask->has_time || facet_of_time(p->ask) < p->ask->n_facets)
        return true;
    if (!each_type(p, domain, keep_time))
        return false;
    told(p, XD_S("time"), before, domain);
    return true;
}

/* Conditions on no facet, one after another on what is left. */
static bool narrow(plan *p, xd_bits *domain, xd_matched *m)
{
    const xd_ask *ask = p->ask;
    if (!narrow_words(p, domain, m) || !narrow_space(p, domain) || !narrow_time(p, domain))
        return false;
    for (size_t i = 0; i < p->terms.n; i++) {
        xd_bits *yes;
        uint64_t before = count_left(p, domain);
        if (facet_of(ask, p->terms.at[i]) < ask->n_facets)
            continue;
        if (!xd_cond_eval(p->look, p->shard, ask->type, p->terms.at[i], domain, &yes, NULL))
            return false;
        roaring_bitmap_and_inplace(domain, yes);
        told(p, text_of(p, p->terms.at[i]), before, domain);
    }
    return true;
}

/* The conditions of each facet asked, on the domain; NULL: none. Of a field asked twice the first
 * has them. */
static bool own_conditions(plan *p, xd_bits *domain, xd_bits **own)
{
    const xd_ask *ask = p->ask;
    xd_bag *bag = &p->look->bag;
    for (size_t i = 0; i < p->terms.n; i++) {
        size_t f = facet_of(ask, p->terms.at[i]);
        xd_bits *yes;
        if (f == ask->n_facets)
            continue;
        if (!xd_cond_eval(p->look, p->shard, ask->type, p->terms.at[i], domain, &yes, NULL))
            return false;
        own[f] = own[f] == NULL ? yes : xd_bits_and(bag, own[f], yes);
    }
    size_t time = facet_of_time(ask);
    if (time < ask->n_facets) {
        xd_bits *kept = xd_bits_copy(bag, domain);
        if (!each_type(p, kept, keep_time))
            return false;
        own[time] = own[time] == NULL ? kept : xd_bits_and(bag, own[time], kept);
    }
    return true;
}

/* Where all own conditions hold but those of facet `but`. */
static xd_bits *where_own_hold(plan *p, xd_bits *domain, xd_bits **own, size_t but)
{
    xd_bits *kept = domain;
    for (size_t g = 0; g < p->ask->n_facets; g++) {
        if (own[g] == NULL || g == but)
            continue;
        if (kept == domain)
            kept = xd_bits_and(&p->look->bag, domain, own[g]);
        else
            roaring_bitmap_and_inplace(kept, own[g]);
    }
    return kept;
}

/* Sets that are the same are one set, so that they are counted once: facet.c. */
static bool narrow_facets(plan *p, xd_bits *domain, xd_matched *m)
{
    const xd_ask *ask = p->ask;
    xd_bits **own = xd_new_n(p->look->cx->arena, xd_bits *, ask->n_facets + 1);
    if (!own_conditions(p, domain, own))
        return false;
    m->bits = where_own_hold(p, domain, own, ask->n_facets);
    told(p, XD_S("conditions of facets asked"), count_left(p, domain), m->bits);
    m->facets = xd_new_n(p->look->cx->arena, xd_bits *, ask->n_facets + 1);
    for (size_t f = 0; f < ask->n_facets; f++) {
        size_t first = 0;
        while (ask->facets[first] != ask->facets[f])
            first++;
        m->facets[f] = first < f        ? m->facets[first]
                       : own[f] == NULL ? m->bits
                                        : where_own_hold(p, domain, own, f);
    }
    return true;
}

bool xd_plan_run(xd_look *look, const xd_ask *ask, const xd_words *words, xd_bits **clip,
                 xd_matched **ret_matched)
{
    xd_matched *matched = xd_new_n(look->cx->arena, xd_matched, look->edition->n + 1);
    plan p = {.look = look, .ask = ask, .words = words};
    xd_origin origin;
    look->titled = NULL; /* of the question before */
    if (ask->near != 0 && xd_plan_origin(look, ask->near, &origin))
        p.origin = &origin;
    if (ask->filter != NULL)
        split(&p, ask->filter);
    bool samples = ask->samples || (ask->filter != NULL && names_state(ask->filter));
    for (size_t i = 0; i < look->edition->n; i++) {
        p.shard = i;
        p.segment = look->edition->shards[i].segment;
        xd_bits *domain =
            samples ? xd_plan_live(look, i, ask->type) : xd_plan_counted(look, i, ask->type);
        if (clip != NULL)
            roaring_bitmap_and_inplace(domain, clip[i]);
        uint32_t steps = 0;
        if (look->trace != NULL)
            look->trace->at = 0;
        xd_look_did_sets(look, p.segment, 4 + 2 * ask->n_facets);
        if (!xd_look_on(look, &steps) || !narrow(&p, domain, &matched[i]) ||
            !narrow_facets(&p, domain, &matched[i]))
            return false;
    }
    *ret_matched = matched;
    return true;
}
