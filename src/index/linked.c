#include "index/linked.h"

#include <stdlib.h>

#include "index/passage.h"
#include "index/plan.h"

/* Records whose titles have a word, by id. */
struct xd_titled {
    bool known;
    struct {
        int64_t *at;
        size_t n, cap;
    } ids;
};

static bool title_in_reach(const xd_field *link, const xd_type *to)
{
    for (size_t i = 0; to->title != NULL && to->title->weight > 0 && i < link->reach.n; i++) {
        if (xd_str_eq(link->reach.at[i], to->title->name))
            return true;
    }
    return false;
}

static bool is_searched(const xd_slot *slot, const xd_type *type)
{
    return slot->over == NULL && slot->field->kind == XD_KIND_LINK && slot->field->weight > 0 &&
           (type == NULL || slot->type == type);
}

static bool title_has(const xd_segment *s, uint32_t doc, const xd_word *word)
{
    xd_passage_walk walk = xd_segment_passages(s, doc);
    xd_passage passage;
    while (xd_passage_next(&walk, &passage)) {
        size_t end;
        if (passage.tier == XD_TIER_BODY)
            return false; /* names come first */
        if (passage.tier != XD_TIER_TITLE)
            continue;
        if (passage.form == XD_FORM_TEXT
                ? xd_word_find(word, passage.text, 0, &end) != SIZE_MAX
                : word->spelling && xd_spelling_near(passage.text, word->text,
                                                     passage.form == XD_FORM_FULL) > 0)
            return true;
    }
    return false;
}

/* Where a type has no names but the title, having the word in a name is having it there. */
static bool only_title(const xd_type *type)
{
    for (size_t f = 0; f < type->n_fields; f++) {
        const xd_field *field = &type->fields[f];
        if (field != type->title && field->weight > 0 && xd_field_is_name(type, field))
            return false;
        for (size_t k = 0; k < field->n_fields; k++) {
            if (field->fields[k].weight > 0 && xd_field_is_name(type, &field->fields[k]))
                return false;
        }
    }
    return true;
}

#define FEW_LINKS 4096

/* The records that searched links of the type lead to, by shard: where links are few, only their
 * titles need be looked at. NULL: they are many. */
static xd_bits **targets(xd_look *look, const xd_type *type)
{
    const xd_edition *e = look->edition;
    xd_bits **to = xd_new_n(look->cx->arena, xd_bits *, e->n);
    uint64_t left = FEW_LINKS;
    for (size_t i = 0; i < e->n; i++)
        to[i] = xd_bits_none(&look->bag);
    for (size_t k = 0; k < e->n * look->schema->slots.n; k++) {
        uint32_t slot = (uint32_t)(k % look->schema->slots.n);
        const xd_column *c =
            is_searched(&look->schema->slots.at[slot], type)
                ? xd_segment_slot(e->shards[k / look->schema->slots.n].segment, slot)
                : NULL;
        if (c == NULL)
            continue;
        if (c->n_values > left)
            return NULL;
        left -= c->n_values;
        xd_look_did(look, c->n_values);
        for (uint32_t v = 0; v < c->n_values; v++) {
            size_t shard;
            uint32_t doc;
            if (xd_edition_find(e, xd_column_link(c, v), &shard, &doc))
                roaring_bitmap_add(to[shard], doc);
        }
    }
    return to;
}

static bool add_titled(xd_look *look, size_t shard, const bool *wanted, const xd_bits *within,
                       const xd_word *word, struct xd_titled *titled)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    xd_bits *live = xd_bits_none(&look->bag), *named;
    bool *simple = xd_new_n(look->cx->arena, bool, look->schema->n_types);
    for (size_t t = 0; t < look->schema->n_types; t++) {
        const xd_type *type = xd_model_type(look->schema->model, t);
        if (wanted[t])
            roaring_bitmap_add_range(live, s->type_lo[t], s->type_lo[t + 1]);
        simple[t] = wanted[t] && only_title(type);
    }
    roaring_bitmap_andnot_inplace(live, look->edition->shards[shard].dead);
    if (within != NULL)
        roaring_bitmap_and_inplace(live, within);
    if (roaring_bitmap_is_empty(live))
        return true;
    if (!xd_search_names(look, shard, word, live, &named))
        return false;
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, named);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(look, &steps))
            return false;
        if (simple[xd_segment_type(s, doc)->at] || title_has(s, doc, word))
            *xd_push(look->cx->arena, &titled->ids) = s->id[doc];
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Titles of every type that some searched link of the asked type reaches. Found once a
 * question, for all shards. */
static bool find_titled(xd_look *look, const xd_type *type, const xd_words *words, size_t word,
                        const struct xd_titled **ret_titled)
{
    if (look->titled == NULL)
        look->titled = xd_new_n(look->cx->arena, struct xd_titled, words->n);
    struct xd_titled *titled = &look->titled[word];
    *ret_titled = titled;
    if (titled->known)
        return true;
    titled->known = true;
    bool *wanted = xd_new_n(look->cx->arena, bool, look->schema->n_types);
    for (uint32_t i = 0; i < look->schema->slots.n; i++) {
        const xd_slot *slot = &look->schema->slots.at[i];
        for (size_t t = 0; is_searched(slot, type) && t < slot->field->n_to; t++) {
            const xd_type *to = slot->field->to[t];
            wanted[to->at] = wanted[to->at] || title_in_reach(slot->field, to);
        }
    }
    xd_bits **to = targets(look, type);
    for (size_t i = 0; i < look->edition->n; i++) {
        if (!add_titled(look, i, wanted, to == NULL ? NULL : to[i], &words->at[word], titled))
            return false;
    }
    if (titled->ids.n > 0)
        qsort(titled->ids.at, titled->ids.n, sizeof *titled->ids.at, by_id);
    return true;
}

/* The link may reach the title of the record's type: a field may link to several types. */
static bool reaches(const xd_look *look, const xd_field *link, int64_t id)
{
    size_t shard;
    uint32_t doc;
    return xd_edition_find(look->edition, id, &shard, &doc) &&
           title_in_reach(link, xd_segment_type(look->edition->shards[shard].segment, doc));
}

bool xd_linked_find(xd_look *look, size_t shard, const xd_type *type, const xd_words *words,
                    size_t word, const xd_bits *domain, xd_searched *searched, xd_bits *found)
{
    const xd_segment *s = look->edition->shards[shard].segment;
    const struct xd_titled *titled;
    if (!find_titled(look, type, words, word, &titled))
        return false;
    for (uint32_t i = 0; i < look->schema->slots.n && titled->ids.n > 0; i++) {
        const xd_slot *slot = &look->schema->slots.at[i];
        const xd_column *c = is_searched(slot, type) ? xd_segment_slot(s, i) : NULL;
        if (c == NULL)
            continue;
        xd_adder here = {.bits = xd_bits_none(&look->bag)};
        uint32_t steps = 0;
        for (uint32_t doc = c->lo; doc < c->lo + c->n; doc++) {
            if (!xd_look_on(look, &steps))
                return false;
            for (uint32_t v = xd_column_first(c, doc); v < xd_column_end(c, doc); v++) {
                int64_t id = xd_column_link(c, v);
                if (bsearch(&id, titled->ids.at, titled->ids.n, sizeof id, by_id) != NULL &&
                    reaches(look, slot->field, id))
                    xd_adder_add(&here, doc);
            }
        }
        xd_adder_end(&here);
        roaring_bitmap_and_inplace(here.bits, domain);
        roaring_bitmap_or_inplace(found, here.bits);
        *xd_push(look->cx->arena, &searched->labels) =
            (xd_labelled){here.bits, slot->field->weight, word};
    }
    return true;
}
