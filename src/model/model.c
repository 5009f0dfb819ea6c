/* Looking into a loaded model. */
#include "model/bind.h"

xd_str xd_label_in(const xd_label *label, xd_lang lang)
{
    return label->in[lang].n > 0 ? label->in[lang] : label->in[XD_ZH];
}

const xd_said_words *xd_model_said(const xd_model *model)
{
    return &model->said;
}

const xd_json *xd_model_site(const xd_model *model)
{
    return model->site;
}

size_t xd_model_types(const xd_model *model)
{
    return model->types.n;
}

const xd_type *xd_model_type(const xd_model *model, size_t i)
{
    return i < model->types.n ? model->types.at[i] : NULL;
}

const xd_type *xd_type_find(const xd_model *model, xd_str name)
{
    return xd_map_get(model->types_by_name, name);
}

const xd_type *xd_type_by_path(const xd_model *model, xd_str path)
{
    return xd_map_get(model->types_by_path, path);
}

const xd_field *xd_field_find(const xd_type *type, xd_str name)
{
    return xd_map_get(type->by_name, name);
}

const xd_vocabulary *xd_vocabulary_find(const xd_model *model, xd_str name)
{
    return xd_map_get(model->vocabularies_by_name, name);
}

const xd_vocabulary *xd_model_divisions(const xd_model *model)
{
    return model->divisions;
}

size_t xd_model_roles(const xd_model *model, const xd_role **ret_list)
{
    *ret_list = model->roles.at;
    return model->roles.n;
}

size_t xd_type_reverses(const xd_model *model, const xd_type *type, const xd_reverse **ret_list)
{
    (void)model; /* the type knows */
    *ret_list = type->reverses;
    return type->n_reverses;
}

xd_str xd_model_json(const xd_model *model)
{
    return model->json;
}

const uint8_t *xd_model_hash(const xd_model *model)
{
    return model->hash;
}
