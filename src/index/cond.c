/* Conditions over one shard.
 *
 * Every part of a condition answers with two sets, yes and no, within the documents it is asked
 * of; what is in neither is unknown. AND and OR ask the next argument only of documents that
 * none before has decided. A comparison is answered in the cheapest way it allows: a term's or
 * truth's by the sets its column keeps, a field of the document's own down its column, anything
 * else (groups, linked records, functions) document by document from all its values. Of the
 * record's place, the curve gives who may be near, and only they are looked at. All ways answer
 * as xd_cql_holds() does of one body: tests/index/test_holds.c, test_property.c. */
#include "index/cond.h"

#include "index/space.h"
#include "model/cql_compare.h"

#define PAIRS_A_UNIT 8 /* of values compared; and positions of a shape, below */
#define POSITIONS_A_UNIT 16

typedef struct cond {
    xd_look *look;
    size_t shard;
    const xd_segment *segment;
    const xd_type *type;
    bool only_yes; /* the whole condition is a leaf, and where it is false nobody asks */
} cond;

typedef struct answer {
    xd_bits *yes, *no;
} answer;

static bool eval(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret);

static answer nothing(cond *c)
{
    return (answer){xd_bits_none(&c->look->bag), xd_bits_none(&c->look->bag)};
}

/* AND and OR: what one argument has decided need not be asked of the next. */
static bool eval_many(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret)
{
    bool is_and = cql->op == XD_CQL_AND;
    xd_bits *decided = xd_bits_none(&c->look->bag);        /* AND: no; OR: yes */
    xd_bits *open = xd_bits_copy(&c->look->bag, domain);   /* not decided */
    xd_bits *agreed = xd_bits_copy(&c->look->bag, domain); /* AND: yes to all; OR: no */
    for (size_t i = 0; i < cql->n; i++) {
        answer a;
        if (!eval(c, cql->args[i], open, &a))
            return false;
        xd_bits *ends = is_and ? a.no : a.yes, *goes_on = is_and ? a.yes : a.no;
        roaring_bitmap_or_inplace(decided, ends);
        roaring_bitmap_andnot_inplace(open, ends);
        roaring_bitmap_and_inplace(agreed, goes_on);
    }
    *ret = is_and ? (answer){agreed, decided} : (answer){decided, agreed};
    return true;
}

/* Between documents: nothing of the last one's values is needed any more. */
static void tidy_scratch(cond *c)
{
    if (xd_arena_used(c->look->scratch) > ((size_t)64 << 10))
        xd_arena_reset(c->look->scratch);
}

/* One document after another ------------------------------------------------------------- */

/* A comparison made ready: sides, and what holds between two values. */
typedef struct compared {
    const xd_cql *cql;
    xd_operand side[3];
    size_t n;
} compared;

static bool is_temporal(xd_cql_op op)
{
    return op >= XD_CQL_T_AFTER && op <= XD_CQL_T_STARTS;
}

static bool pair_holds(cond *c, xd_cql_op op, const xd_val *a, const xd_val *b)
{
    if (op == XD_CQL_LIKE)
        return (a->kind == XD_VAL_TEXT || a->kind == XD_VAL_TERM || a->kind == XD_VAL_LINK) &&
               xd_cql_like(xd_val_text(a), xd_val_text(b));
    if (op == XD_CQL_IN)
        return xd_val_compare(c->look, XD_CQL_EQ, a, b);
    if (is_temporal(op))
        return xd_val_relate(c->look, op, a, b);
    return xd_val_compare(c->look, op, a, b);
}

/* Each of a is some of b. */
static bool covered(cond *c, const xd_vals *a, const xd_vals *b, bool swapped)
{
    xd_look_did(c->look, a->n * b->n / PAIRS_A_UNIT);
    for (size_t i = 0; i < a->n; i++) {
        bool found = false;
        for (size_t k = 0; k < b->n && !found; k++)
            found = swapped ? xd_val_compare(c->look, XD_CQL_EQ, &b->at[k], &a->at[i])
                            : xd_val_compare(c->look, XD_CQL_EQ, &a->at[i], &b->at[k]);
        if (!found)
            return false;
    }
    return true;
}

static bool some_pair(cond *c, xd_cql_op op, const xd_vals *a, const xd_vals *b)
{
    xd_look_did(c->look, a->n * b->n / PAIRS_A_UNIT);
    for (size_t i = 0; i < a->n; i++) {
        for (size_t k = 0; k < b->n; k++) {
            if (pair_holds(c, op, &a->at[i], &b->at[k]))
                return true;
        }
    }
    return false;
}

static bool some_between(cond *c, const xd_vals v[3])
{
    for (size_t i = 0; i < v[0].n; i++) {
        for (size_t k = 0; k < v[1].n; k++) {
            for (size_t m = 0; m < v[2].n; m++) {
                if (xd_val_between(c->look, &v[0].at[i], &v[1].at[k], &v[2].at[m]))
                    return true;
            }
        }
    }
    return false;
}

static bool document_holds(cond *c, const compared *cmp, const xd_vals v[3])
{
    switch ((int)cmp->cql->op) {
    case XD_CQL_BETWEEN:
        return some_between(c, v);
    case XD_CQL_A_EQUALS:
        return covered(c, &v[0], &v[1], false) && covered(c, &v[1], &v[0], true);
    case XD_CQL_A_CONTAINS:
        return covered(c, &v[1], &v[0], true);
    case XD_CQL_A_CONTAINEDBY:
        return covered(c, &v[0], &v[1], false);
    case XD_CQL_A_OVERLAPS:
        return some_pair(c, XD_CQL_EQ, &v[0], &v[1]);
    default:
        return some_pair(c, cmp->cql->op, &v[0], &v[1]);
    }
}

static bool eval_each(cond *c, const compared *cmp, const xd_bits *domain, answer *ret)
{
    *ret = nothing(c);
    xd_adder yes = {.bits = ret->yes}, no = {.bits = ret->no};
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, domain);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(c->look, &steps))
            return false;
        tidy_scratch(c);
        xd_vals v[3] = {{0}, {0}, {0}};
        bool known = true;
        for (size_t i = 0; i < cmp->n && known; i++) {
            xd_operand_values(c->look, &cmp->side[i], c->shard, doc, &v[i]);
            known = v[i].n > 0;
        }
        if (known)
            xd_adder_add(document_holds(c, cmp, v) ? &yes : &no, doc);
    }
    xd_adder_end(&yes);
    xd_adder_end(&no);
    return true;
}

/* A field of the document's own against literals, value by value: as eval_each(), but nothing
 * is gathered on the way. A_… are about all values at once and not for here. */
static bool eval_column(cond *c, const compared *cmp, const xd_column *column,
                        const xd_bits *domain, answer *ret)
{
    *ret = nothing(c);
    xd_adder yes = {.bits = ret->yes}, no = {.bits = ret->no};
    xd_walk walk;
    uint32_t doc, steps = 0;
    xd_walk_begin(&walk, domain);
    while (xd_walk_next(&walk, &doc)) {
        if (!xd_look_on(c->look, &steps))
            return false;
        tidy_scratch(c);
        bool known = false, holds = false;
        for (uint32_t i = xd_column_first(column, doc);
             i < xd_column_end(column, doc) && !holds; i++) {
            xd_val v;
            if (!xd_column_val(c->look, &cmp->side[0], column, i, &v))
                continue;
            known = true;
            const xd_vals vals[3] = {
                {&v, 1, 1},
                cmp->side[1].literals, cmp->side[2].literals
            };
            holds = document_holds(c, cmp, vals);
        }
        if (known)
            xd_adder_add(holds ? &yes : &no, doc);
    }
    xd_adder_end(&yes);
    xd_adder_end(&no);
    return true;
}

/* The column eval_column() can work on, or NULL. */
static const xd_column *column_alone(const cond *c, const compared *cmp)
{
    bool about_all = cmp->cql->op >= XD_CQL_A_EQUALS && cmp->cql->op <= XD_CQL_A_OVERLAPS;
    if (cmp->side[0].property == NULL || about_all)
        return NULL;
    for (size_t i = 1; i < cmp->n; i++) {
        if (cmp->side[i].property != NULL || cmp->side[i].literals.n == 0)
            return NULL;
    }
    return xd_property_column(c->look, c->shard, c->type, cmp->side[0].property);
}

/* By sets -------------------------------------------------------------------------------- */

/* A term's or yes-or-no field against literals: unions of sets. False: not such a case. */
static bool eval_sets(cond *c, const compared *cmp, const xd_bits *domain, answer *ret)
{
    const xd_operand *left = &cmp->side[0], *right = &cmp->side[1];
    if ((cmp->cql->op != XD_CQL_EQ && cmp->cql->op != XD_CQL_IN) || left->property == NULL ||
        right->property != NULL || left->no_case || left->no_accents)
        return false;
    const xd_column *column = xd_property_column(c->look, c->shard, c->type, left->property);
    if (column == NULL || (column->kind != XD_COLUMN_TERM && column->kind != XD_COLUMN_BOOLEAN))
        return false;
    *ret = nothing(c);
    for (size_t i = 0; i < right->literals.n; i++) {
        const xd_val *v = &right->literals.at[i];
        size_t set = SIZE_MAX;
        if (column->kind == XD_COLUMN_BOOLEAN && v->kind == XD_VAL_BOOLEAN) {
            set = v->boolean;
        } else if (column->kind == XD_COLUMN_TERM && v->text.n > 0) {
            const xd_term *term = xd_term_find(column->slot->field->vocabulary, v->text);
            set = term == NULL ? SIZE_MAX : term->at;
        }
        const xd_bits *bits = set == SIZE_MAX ? NULL : xd_column_set(column, set);
        if (bits != NULL)
            roaring_bitmap_or_inplace(ret->yes, bits);
    }
    roaring_bitmap_and_inplace(ret->yes, domain);
    if (c->only_yes)
        return true;
    roaring_bitmap_or_inplace(ret->no, column->has);
    roaring_bitmap_and_inplace(ret->no, domain);
    roaring_bitmap_andnot_inplace(ret->no, ret->yes);
    return true;
}

static bool eval_is_null(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret)
{
    compared cmp = {.cql = cql, .n = 1};
    xd_operand_make(c->look, cql->args[0], NULL, &cmp.side[0]);
    *ret = nothing(c);
    const xd_cql *p = cmp.side[0].property;
    const xd_column *column =
        p == NULL ? NULL : xd_property_column(c->look, c->shard, c->type, p);
    if (column != NULL && p->part == XD_PART_VALUE) {
        roaring_bitmap_or_inplace(ret->no, column->has);
        roaring_bitmap_and_inplace(ret->no, domain);
    } else {
        xd_walk walk;
        uint32_t doc, steps = 0;
        xd_walk_begin(&walk, domain);
        while (xd_walk_next(&walk, &doc)) {
            xd_vals v;
            if (!xd_look_on(c->look, &steps))
                return false;
            tidy_scratch(c);
            xd_operand_values(c->look, &cmp.side[0], c->shard, doc, &v);
            if (v.n > 0)
                roaring_bitmap_add(ret->no, doc);
        }
    }
    ret->yes = xd_bits_minus(&c->look->bag, domain, ret->no);
    return true;
}

/* Places --------------------------------------------------------------------------------- */

static xd_relation relation_of(xd_cql_op op, bool mirrored)
{
    switch ((int)op) {
    case XD_CQL_S_INTERSECTS:
        return XD_INTERSECTS;
    case XD_CQL_S_DISJOINT:
        return XD_DISJOINT;
    case XD_CQL_S_CONTAINS:
        return mirrored ? XD_WITHIN : XD_CONTAINS;
    case XD_CQL_S_WITHIN:
        return mirrored ? XD_CONTAINS : XD_WITHIN;
    case XD_CQL_S_TOUCHES:
        return XD_TOUCHES;
    case XD_CQL_S_CROSSES:
        return XD_CROSSES;
    case XD_CQL_S_OVERLAPS:
        return XD_OVERLAPS;
    default:
        return XD_EQUALS;
    }
}

static bool relate_each(cond *c, const xd_column *column, xd_relation relation,
                        const xd_geom *geom, const xd_bits *among, answer *ret)
{
    xd_walk walk;
    uint32_t doc, steps = 0;
    size_t cost = xd_space_positions(geom) / POSITIONS_A_UNIT;
    xd_walk_begin(&walk, among);
    while (xd_walk_next(&walk, &doc)) {
        bool holds, known;
        xd_look_did(c->look, cost);
        if (!xd_look_on(c->look, &steps) ||
            !xd_space_relate(c->look->cx, column, xd_column_first(column, doc),
                             xd_column_end(column, doc), relation, geom, &holds, &known))
            return false;
        if (known)
            roaring_bitmap_add(holds ? ret->yes : ret->no, doc);
    }
    return true;
}

/* The places of linked records. */
static bool relate_far(cond *c, const xd_cql *property, xd_relation relation,
                       const xd_geom *geom, uint32_t doc, answer *ret)
{
    const xd_type *own = xd_segment_type(c->segment, doc);
    if (!xd_type_has(own, NULL, property->over))
        return true;
    const xd_column *links =
        xd_segment_column(c->segment, c->look->schema, own, NULL, property->over);
    bool known = false, some = false, all = true;
    for (uint32_t i = xd_column_first(links, doc); i < xd_column_end(links, doc); i++) {
        size_t there;
        uint32_t target;
        if (!xd_edition_find(c->look->edition, xd_column_link(links, i), &there, &target))
            continue;
        const xd_segment *s = c->look->edition->shards[there].segment;
        const xd_type *type = xd_segment_type(s, target);
        const xd_field *field = xd_field_find(type, property->field->name);
        if (field == NULL || field->kind != XD_KIND_PLACE)
            continue;
        const xd_column *column = xd_segment_column(s, c->look->schema, type, NULL, field);
        bool holds, one_known;
        if (!xd_space_relate(c->look->cx, column, xd_column_first(column, target),
                             xd_column_end(column, target), relation, geom, &holds, &one_known))
            return false;
        known = known || one_known;
        some = some || holds;
        all = all && (holds || !one_known);
    }
    bool every = relation == XD_DISJOINT || relation == XD_WITHIN;
    if (known)
        roaring_bitmap_add((every ? all : some) ? ret->yes : ret->no, doc);
    return true;
}

static bool eval_far_space(cond *c, const xd_cql *property, xd_relation relation,
                           const xd_geom *geom, const xd_bits *domain, answer *ret)
{
    xd_walk walk;
    uint32_t doc, steps = 0;
    size_t cost = xd_space_positions(geom) / POSITIONS_A_UNIT;
    xd_walk_begin(&walk, domain);
    while (xd_walk_next(&walk, &doc)) {
        xd_look_did(c->look, cost);
        if (!xd_look_on(c->look, &steps) || !relate_far(c, property, relation, geom, doc, ret))
            return false;
    }
    return true;
}

static bool eval_space(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret)
{
    *ret = nothing(c);
    bool mirrored = cql->args[0]->op != XD_CQL_PROPERTY;
    const xd_cql *property = cql->args[mirrored ? 1 : 0];
    const xd_cql *literal = cql->args[mirrored ? 0 : 1];
    if (property->op != XD_CQL_PROPERTY || literal->op != XD_CQL_GEOMETRY ||
        property->field == NULL)
        return true; /* unknown: xd_cql_check() lets nothing else through */
    xd_relation relation = relation_of(cql->op, mirrored);
    if (xd_property_is_far(property))
        return eval_far_space(c, property, relation, literal->geom, domain, ret);
    const xd_column *column = xd_property_column(c->look, c->shard, c->type, property);
    if (column == NULL || column->kind != XD_COLUMN_PLACE)
        return true;
    xd_bag *bag = &c->look->bag;
    if (property->over != NULL || property->field != c->type->place)
        return relate_each(c, column, relation, literal->geom, domain, ret);
    /* Only what is near can stand in any relation but being apart. */
    xd_bits *near = xd_space_candidates(bag, c->look->schema, c->segment, c->type,
                                        xd_geom_extent(literal->geom));
    roaring_bitmap_and_inplace(near, domain);
    if (!relate_each(c, column, relation, literal->geom, near, ret))
        return false;
    xd_bits *apart = xd_bits_and(bag, domain, c->segment->placed);
    roaring_bitmap_andnot_inplace(apart, near);
    roaring_bitmap_or_inplace(relation == XD_DISJOINT ? ret->yes : ret->no, apart);
    return true;
}

/* ---------------------------------------------------------------------------------------- */

static bool eval_leaf(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret)
{
    compared cmp = {.cql = cql, .n = cql->n};
    if (cql->op == XD_CQL_IN && cql->n > 2) { /* value, then each of the list */
        cmp.n = 2;
        xd_operand_make(c->look, cql->args[0], NULL, &cmp.side[0]);
        for (size_t i = 1; i < cql->n; i++) {
            xd_operand one;
            xd_operand_make(c->look, cql->args[i], cql->args[0], &one);
            for (size_t k = 0; k < one.literals.n; k++)
                *xd_push(c->look->cx->arena, &cmp.side[1].literals) = one.literals.at[k];
        }
    } else {
        for (size_t i = 0; i < cql->n && i < XD_LEN(cmp.side); i++)
            xd_operand_make(c->look, cql->args[i], cql->args[i == 0 ? 1 : 0], &cmp.side[i]);
    }
    if (eval_sets(c, &cmp, domain, ret))
        return true;
    const xd_column *column = column_alone(c, &cmp);
    return column != NULL ? eval_column(c, &cmp, column, domain, ret)
                          : eval_each(c, &cmp, domain, ret);
}

/* A yes-or-no field by itself. */
static bool eval_alone(cond *c, const xd_cql *property, const xd_bits *domain, answer *ret)
{
    xd_cql yes = {.op = XD_CQL_BOOLEAN, .boolean = true};
    const xd_cql *args[2] = {property, &yes};
    xd_cql equals = {.op = XD_CQL_EQ, .args = args, .n = 2};
    return eval_leaf(c, &equals, domain, ret);
}

static bool eval(cond *c, const xd_cql *cql, const xd_bits *domain, answer *ret)
{
    uint32_t steps = 0;
    xd_look_did_sets(c->look, c->segment, 4 + cql->n);
    if (!xd_look_on(c->look, &steps))
        return false;
    xd_bag *bag = &c->look->bag;
    switch ((int)cql->op) {
    case XD_CQL_AND:
    case XD_CQL_OR:
        return eval_many(c, cql, domain, ret);
    case XD_CQL_NOT: {
        answer inner;
        if (!eval(c, cql->args[0], domain, &inner))
            return false;
        *ret = (answer){inner.no, inner.yes};
        return true;
    }
    case XD_CQL_IS_NULL:
        return eval_is_null(c, cql, domain, ret);
    case XD_CQL_PROPERTY:
        return eval_alone(c, cql, domain, ret);
    case XD_CQL_TRUE:
    case XD_CQL_FALSE:
    case XD_CQL_BOOLEAN: {
        bool yes = cql->op == XD_CQL_TRUE || (cql->op == XD_CQL_BOOLEAN && cql->boolean);
        *ret = yes ? (answer){xd_bits_copy(bag, domain), xd_bits_none(bag)}
                   : (answer){xd_bits_none(bag), xd_bits_copy(bag, domain)};
        return true;
    }
    default:
        if (cql->op >= XD_CQL_S_INTERSECTS && cql->op <= XD_CQL_S_EQUALS)
            return eval_space(c, cql, domain, ret);
        return eval_leaf(c, cql, domain, ret);
    }
}

bool xd_cond_eval(xd_look *look, size_t shard, const xd_type *type, const xd_cql *cql,
                  const xd_bits *domain, xd_bits **ret_true, xd_bits **ret_false)
{
    cond c = {look, shard, look->edition->shards[shard].segment, type,
              ret_false == NULL && (cql->op == XD_CQL_EQ || cql->op == XD_CQL_IN)};
    answer a;
    if (!eval(&c, cql, domain, &a))
        return false;
    *ret_true = a.yes;
    if (ret_false != NULL)
        *ret_false = a.no;
    return true;
}
