/* index/passage.h — the searched text of a record, folded, with its weights.
 *
 * Names are the title, and texts nearly as weighty or searched by pinyin (former names, short
 * names). The number is searched too; whether it is the very one asked for is search.h's
 * business. Labels of terms are not here: lexicon.h. */
#ifndef XD_INDEX_PASSAGE_H
#define XD_INDEX_PASSAGE_H

#include "index/press.h"
#include "model/body.h"

/* A piece of folded text of a document. */
typedef struct xd_passage {
    xd_str text;
    uint32_t weight;
    enum { XD_TIER_BODY, XD_TIER_ALIAS, XD_TIER_TITLE } tier; /* the last two are names */
    enum { XD_FORM_TEXT, XD_FORM_FULL, XD_FORM_INITIALS } form;
} xd_passage;
typedef struct xd_passages {
    xd_passage *at;
    size_t n, cap;
} xd_passages;

/* A name of the record: the title, or what counts nearly as much. */
bool xd_field_is_name(const xd_type *type, const xd_field *field);

/* Adds the body's passages, those of names first; texts in arena. */
void xd_passages_add(xd_arena *arena, const xd_type *type, const xd_json *body,
                     xd_passages *passages);

/* How they lie in an image: a document's one behind another, each as the place of its form in
 * the list of forms, its length, its text. */
typedef struct xd_passage_form {
    uint32_t weight;
    uint16_t tier, form;
} xd_passage_form;
typedef struct xd_passage_forms {
    xd_passage_form *at;
    size_t n, cap;
} xd_passage_forms;
void xd_passage_put(xd_arena *arena, xd_passage_forms *forms, xd_pressed *text,
                    const xd_passage *passage);

typedef struct xd_passage_walk {
    xd_str rest;
    const xd_passage_form *forms;
    size_t n_forms;
    const xd_image *image;
} xd_passage_walk;
/* False at the end. */
bool xd_passage_next(xd_passage_walk *walk, xd_passage *ret_passage);

#endif
