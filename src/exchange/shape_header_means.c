/* What the words of one column mean for a type, and giving them to it. */
#include "exchange/shape_header.h"

#include "model/fold.h"

bool xd_means_same(const xd_column *a, const xd_column *b)
{
    return a->field == b->field && xd_str_eq(a->part, b->part);
}

bool xd_col_taken(const xd_shape_col *cols, size_t n, const xd_column *column)
{
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_USED &&
            (xd_means_same(&cols[i].column, column) ||
             (cols[i].second.field != NULL && cols[i].second.field == column->field))) {
            return true;
        }
    }
    return false;
}

bool xd_means_ignore(const xd_column *column)
{
    return column->field == NULL && xd_str_eq(column->part, XD_S("ignore"));
}

bool xd_takes_many(const xd_column *column)
{
    return column->field != NULL && column->field->many;
}

void xd_col_give(xd_shape_col *cols, size_t n, size_t i, const xd_column *column)
{
    xd_str header = cols[i].header;
    cols[i].column = *column;
    cols[i].column.header = header;
    if (xd_means_ignore(column)) {
        cols[i].use = XD_COL_IGNORE;
    } else if (column->field == NULL && xd_str_eq(column->part, XD_S("computed"))) {
        cols[i].use = XD_COL_COMPUTED;
    } else {
        cols[i].use =
            xd_col_taken(cols, n, column) && !xd_takes_many(column) ? XD_COL_TWIN : XD_COL_USED;
    }
}

/* The field of `type` that plays the part which `field` plays in `other`; NULL. */
const xd_field *xd_same_role(const xd_type *other, const xd_field *field, const xd_type *type)
{
    if (field == other->division || field == other->place) {
        return field == other->division ? type->division : type->place;
    }
    const xd_field *same = xd_field_find(type, field->name);
    bool title = field == other->title || same == type->title;
    return title || same == NULL || same->vocabulary != field->vocabulary ? NULL : same;
}

/* # over running numbers: signs alone are nobody's header. */
static bool is_sign(xd_str header)
{
    size_t n = 0;
    while (n < header.n && memchr("#*-.", header.p[n], 4) != NULL) {
        n++;
    }
    return n == header.n;
}

/* Where and in which division are said in the same words whatever the table is of, and so is what fields of
 * one name are about: what one type's headers have not, another's may. When is not: 公布日期 is when a
 * policy begins, and no museum. */
bool xd_header_means(const xd_shape *shape, const xd_type *type, xd_str header, xd_column *ret)
{
    if (header.n == 0 || header.n >= 300) {
        return false;
    }
    if (is_sign(header)) {
        *ret = (xd_column){header, NULL, XD_S("ignore")};
        return true;
    }
    if (xd_column_find(shape->model, type, header, ret)) {
        return true;
    }
    for (size_t i = 0; i < xd_model_types(shape->model); i++) {
        const xd_type *other = xd_model_type(shape->model, i);
        xd_column column;
        if (other == type || !xd_column_find(shape->model, other, header, &column)) {
            continue;
        }
        if (column.field == NULL && xd_means_ignore(&column)) {
            *ret = (xd_column){header, NULL, column.part};
            return true;
        }
        if (column.field != NULL) {
            const xd_field *field = xd_same_role(other, column.field, type);
            if (field != NULL && field->kind == column.field->kind) {
                *ret = (xd_column){header, field, column.part};
                return true;
            }
        }
    }
    return false;
}

xd_str xd_texts_joined(xd_ctx *cx, const xd_strs *texts, bool backwards)
{
    xd_str all = {0};
    for (size_t i = 0; i < texts->n; i++) {
        all = xd_str_join(cx->arena, all, texts->at[backwards ? texts->n - 1 - i : i]);
    }
    return all;
}

/* 海拔 under 地理坐标, beside 东经 and 北纬: what the common header says is said by these. */
static bool has_axis(const xd_shape_col *cols, size_t n, const xd_column *column)
{
    for (size_t i = 0; i < n; i++) {
        if (cols[i].use == XD_COL_USED && column->field != NULL &&
            column->field->kind == XD_KIND_PLACE && cols[i].column.field == column->field &&
            xd_str_eq(column->part, XD_S("both")) &&
            !xd_str_eq(cols[i].column.part, XD_S("both"))) {
            return true;
        }
    }
    return false;
}

/* Second round for columns of several texts that together mean nothing. */
void xd_col_give_parts(xd_ctx *cx, const xd_shape *shape, const xd_type *type,
                       xd_shape_col *cols, size_t n, size_t i, const xd_strs *texts)
{
    xd_column column;
    xd_strs tries = {0};
    *xd_push(cx->arena, &tries) = texts->at[texts->n - 1];
    *xd_push(cx->arena, &tries) = xd_texts_joined(cx, texts, true);
    for (size_t k = texts->n - 1;
         k-- > 0;) { /* 地理坐标/东经/度 is 东经 rather than 地理坐标 */
        *xd_push(cx->arena, &tries) = texts->at[k];
    }
    for (size_t k = 0; k < tries.n; k++) {
        if (xd_header_means(shape, type, tries.at[k], &column) &&
            !(k >= 2 && has_axis(cols, n, &column)) &&
            (!xd_col_taken(cols, n, &column) || xd_takes_many(&column))) {
            xd_col_give(cols, n, i, &column);
            return;
        }
    }
}
