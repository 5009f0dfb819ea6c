/* Loading: a folder, or the JSON of a stored model, into trees; trees through the checker.
 *
 * The canonical JSON is {"files": {"types/x.yaml": tree, …}}: what the files say, without
 * comments and layout, so a model's hash changes when and only when its meaning may. */
#include <openssl/evp.h>

#include "base/file.h"
#include "model/bind.h"
#include "model/fold.h"

typedef struct model_file {
    xd_str name; /* types/x.yaml */
    const xd_node *root;
} model_file;

typedef struct model_files {
    model_file *at;
    size_t n, cap;
} model_files;

#define FILES 500 /* most files of a model */

static bool read_one(xd_ctx *cx, const char *folder, xd_str name, xd_faults *faults,
                     model_files *files)
{
    xd_str text;
    const xd_node *root = NULL;
    xd_str path = xd_str_printf(cx->arena, "%s/" XD_FMT, folder, XD_ARG(name));
    if (!xd_file_read(cx, xd_cstr(cx->arena, path), XD_TREE_BYTES, &text)) {
        return xd_fail_note(cx, "reading the model file " XD_FMT, XD_ARG(name));
    }
    bool table = xd_str_ends(name, XD_S(".csv"));
    if (!(table ? xd_tree_csv(cx, name, text, faults, &root)
                : xd_tree_yaml(cx, name, text, faults, &root))) {
        return false;
    }
    if (root != NULL) {
        *xd_push(cx->arena, files) = (model_file){.name = name, .root = root};
    }
    return true;
}

static bool read_folder(xd_ctx *cx, const char *folder, const char *part, xd_faults *faults,
                        model_files *files)
{
    xd_strs names = {0};
    xd_str path = xd_str_printf(cx->arena, "%s/%s", folder, part);
    if (!xd_dir_list(cx, xd_cstr(cx->arena, path), &names)) {
        if (cx->err.code == XD_ABSENT) {
            (void)xd_err_take(cx); /* a model may do without groups */
            return true;
        }
        return false;
    }
    for (size_t i = 0; i < names.n; i++) {
        bool known =
            xd_str_ends(names.at[i], XD_S(".yaml")) || xd_str_ends(names.at[i], XD_S(".csv"));
        xd_str name = xd_str_printf(cx->arena, "%s/" XD_FMT, part, XD_ARG(names.at[i]));
        if (!known || xd_str_starts(names.at[i], XD_S("."))) {
            continue;
        }
        if (files->n == FILES) {
            return xd_fail(cx, XD_LIMIT, "more than %d model files", FILES);
        }
        if (!read_one(cx, folder, name, faults, files)) {
            return false;
        }
    }
    return true;
}

static bool in_part(const model_file *file, const char *part)
{
    return xd_str_starts(file->name, xd_str_of(part)) && xd_str_ends(file->name, XD_S(".yaml"));
}

static void bind_part(xd_bind *b, const model_files *files, const char *part,
                      void (*bind)(xd_bind *, const xd_node *))
{
    for (size_t i = 0; i < files->n; i++) {
        if (in_part(&files->at[i], part)) {
            b->file = files->at[i].name;
            bind(b, files->at[i].root);
        }
    }
}

static void bind_tables(xd_bind *b, const model_files *files)
{
    const xd_str part = XD_S("vocabularies/");
    b->csv = xd_map_make(b->arena);
    for (size_t i = 0; i < files->n; i++) {
        if (xd_str_starts(files->at[i].name, part) &&
            xd_str_ends(files->at[i].name, XD_S(".csv"))) {
            xd_str name = xd_str_sub(files->at[i].name, part.n, files->at[i].name.n);
            xd_map_put(b->csv, name, (void *)files->at[i].root); /* read only: see tree.h */
        }
    }
}

static bool hash_model(xd_ctx *cx, const model_files *files, xd_model *model)
{
    xd_json *all = xd_json_object(cx->arena), *list = xd_json_object(cx->arena);
    xd_buf text = {0};
    unsigned n = 0;
    for (size_t i = 0; i < files->n; i++) {
        xd_json *tree = xd_tree_to_json(cx->arena, files->at[i].root);
        if (tree != NULL) {
            xd_json_set(cx->arena, list, files->at[i].name, tree);
        }
    }
    xd_json_set(cx->arena, all, XD_S("files"), list);
    xd_json_canonical(&text, all);
    model->json = xd_buf_copy(&text, cx->arena);
    bool failed = text.failed;
    xd_buf_free(&text);
    if (failed) {
        return xd_fail(cx, XD_LIMIT, "the model is too large to keep");
    }
    if (EVP_Digest(model->json.p, model->json.n, model->hash, &n, EVP_sha256(), NULL) != 1) {
        return xd_fail(cx, XD_SYSTEM, "SHA-256 failed");
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const xd_fault *x = a, *y = b;
    int by_file = xd_str_cmp(x->file, y->file);
    if (by_file != 0) {
        return by_file;
    }
    return x->line != y->line ? (x->line > y->line) - (x->line < y->line)
                              : (x->column > y->column) - (x->column < y->column);
}

static bool bind_all(xd_ctx *cx, const model_files *files, bool kept, xd_faults *faults,
                     const xd_model **ret_model)
{
    xd_model *model = xd_new(cx->arena, xd_model);
    model->types_by_name = xd_map_make(cx->arena);
    model->types_by_path = xd_map_make(cx->arena);
    model->vocabularies_by_name = xd_map_make(cx->arena);
    model->site = xd_json_object(cx->arena);
    xd_bind b = {.cx = cx, .arena = cx->arena, .faults = faults, .model = model, .kept = kept};
    bind_tables(&b, files);
    bind_part(&b, files, "rights.yaml", xd_bind_rights);
    bind_part(&b, files, "headers.yaml", xd_bind_said);
    bind_part(&b, files, "vocabularies/", xd_bind_vocabulary);
    bind_part(&b, files, "flows/", xd_bind_flow);
    bind_part(&b, files, "groups/", xd_bind_group);
    bind_part(&b, files, "types/", xd_bind_type);
    xd_bind_resolve(&b);
    bind_part(&b, files, "site.yaml", xd_bind_site); /* names what all others are */
    if (b.types.n == 0 && faults->n == 0) {
        xd_fault_add(cx, faults, XD_S("types"), 1, 1, (xd_str){0}, XD_S("没有任何类型"),
                     XD_S("there is no type"));
    }
    if (faults->n > 0) {
        qsort(faults->at, faults->n, sizeof *faults->at, by_place);
        (void)xd_fail(cx, XD_INVALID, "the model has %zu faults", faults->n);
        return xd_fail_words(cx, XD_S("数据模型有错，已逐条列出。"),
                             XD_S("The data model has faults; they are listed one by one."));
    }
    if (!hash_model(cx, files, model)) {
        return false;
    }
    *ret_model = model;
    return true;
}

bool xd_model_load(xd_ctx *cx, const char *folder, xd_faults *faults,
                   const xd_model **ret_model)
{
    static const char *const parts[] = {"flows", "groups", "types", "vocabularies"};
    static const char *const singles[] = {"headers.yaml", "rights.yaml", "site.yaml"};
    model_files files = {0};
    for (size_t i = 0; i < XD_LEN(parts); i++) {
        if (!read_folder(cx, folder, parts[i], faults, &files)) {
            return xd_fail_note(cx, "reading the model in %s", folder);
        }
    }
    for (size_t i = 0; i < XD_LEN(singles); i++) {
        if (!read_one(cx, folder, xd_str_of(singles[i]), faults, &files)) {
            if (cx->err.code != XD_ABSENT) {
                return false;
            }
            (void)xd_err_take(cx); /* none is a must */
        }
    }
    if (files.n == 0 && faults->n == 0) {
        return xd_fail(cx, XD_ABSENT, "there is no model in %s", folder);
    }
    return bind_all(cx, &files, false, faults, ret_model);
}

bool xd_model_from_json(xd_ctx *cx, const xd_json *json, xd_faults *faults,
                        const xd_model **ret_model)
{
    const xd_json *list = xd_json_get(json, XD_S("files"));
    model_files files = {0};
    if (list == NULL || list->kind != XD_JSON_OBJECT) {
        return xd_fail(cx, XD_INVALID, "no model: the member files is missing");
    }
    for (size_t i = 0; i < list->members.n && i < FILES; i++) {
        const xd_node *root = NULL;
        if (!xd_tree_json(cx, list->members.at[i].value, &root)) {
            return false;
        }
        *xd_push(cx->arena, &files) =
            (model_file){.name = list->members.at[i].key, .root = root};
    }
    return bind_all(cx, &files, true, faults, ret_model);
}

bool xd_yaml_read(xd_ctx *cx, xd_str name, xd_str text, xd_faults *faults,
                  const xd_json **ret_map)
{
    const xd_node *root;
    if (!xd_tree_yaml(cx, name, text, faults, &root)) {
        return false;
    }
    if (root != NULL && root->kind != XD_NODE_MAP) {
        xd_fault_add(cx, faults, name, 1, 1, name, XD_S("要写成 键: 值"),
                     XD_S("a map is wanted"));
    }
    if (root == NULL || root->kind != XD_NODE_MAP) {
        return xd_fail(cx, XD_INVALID, XD_FMT " is not a map in YAML", XD_ARG(name));
    }
    *ret_map = xd_tree_to_plain_json(cx->arena, root);
    return true;
}
