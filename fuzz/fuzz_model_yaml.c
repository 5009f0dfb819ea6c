/* Model files: the first byte says which kind of file the rest is. What loads must load again
 * from its own JSON, with the same hash. */
#include "model/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char flow[] =
    "{\"flow\":\"f\",\"label\":\"f\",\"states\":[{\"state\":\"s\",\"label\":"
    "\"s\",\"closed\":true}]}";
static const char type[] =
    "{\"type\":\"t\",\"path\":\"t\",\"label\":\"t\",\"flow\":\"f\",\"title\":"
    "\"n\",\"fields\":[{\"name\":\"n\",\"kind\":\"text\"}]}";

static void set(xd_ctx *cx, xd_json *files, const char *name, const char *json)
{
    const xd_json *value = NULL;
    bool read = xd_json_read(cx, xd_str_of(json), &value);
    assert(read);
    xd_json_set(cx->arena, files, xd_str_of(name), value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {
        "types/x.yaml", "vocabularies/x.yaml", "flows/x.yaml",      "groups/x.yaml",
        "rights.yaml",  "site.yaml",           "vocabularies/x.csv"};
    if (size == 0 || size > 65536) {
        return 0;
    }
    xd_ctx cx;
    xd_ctx_begin(&cx);
    const char *name = names[data[0] % XD_LEN(names)];
    xd_str text = {(const char *)data + 1, size - 1};
    xd_faults faults = {0};
    const xd_node *root = NULL;
    const xd_model *model = NULL, *again = NULL;
    bool table = xd_str_ends(xd_str_of(name), XD_S(".csv"));
    bool done = table ? xd_tree_csv(&cx, xd_str_of(name), text, &faults, &root)
                      : xd_tree_yaml(&cx, xd_str_of(name), text, &faults, &root);
    assert(done);
    xd_json *tree = root == NULL ? NULL : xd_tree_to_json(cx.arena, root);
    if (tree != NULL) {
        xd_json *all = xd_json_object(cx.arena), *files = xd_json_object(cx.arena);
        set(&cx, files, "flows/f.yaml", flow);
        set(&cx, files, "types/t.yaml", type);
        if (table) {
            set(&cx, files, "vocabularies/v.yaml",
                "{\"vocabulary\":\"v\",\"label\":\"v\",\"csv\":\"x.csv\"}");
        }
        xd_json_set(cx.arena, files, xd_str_of(name), tree);
        xd_json_set(cx.arena, all, XD_S("files"), files);
        if (xd_model_from_json(&cx, all, &faults, &model)) {
            const xd_json *json = NULL;
            bool same = xd_json_read(&cx, xd_model_json(model), &json) &&
                        xd_model_from_json(&cx, json, &faults, &again) &&
                        memcmp(xd_model_hash(model), xd_model_hash(again), 32) == 0;
            assert(same);
        } else {
            assert(cx.err.code == XD_INVALID && faults.n > 0);
        }
    }
    xd_ctx_end(&cx);
    return 0;
}
