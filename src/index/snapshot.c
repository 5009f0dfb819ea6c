/* What another machine needs of an index's folder: the manifest, and the files it names. */
#include "index/build.h"
#include "index/folder.h"
#include "index/index.h"
#include "model/fold.h"

bool xd_index_file_names(xd_ctx *cx, const xd_model *model, xd_str manifest,
                         xd_index_files *files)
{
    xd_manifest m = {0};
    if (!xd_manifest_read(cx, manifest, &m)) {
        return false;
    }
    if (m.visibility != XD_SEE_PUBLIC ||
        memcmp(m.model, xd_model_hash(model), sizeof m.model) != 0 ||
        !xd_str_eq(m.collator, xd_collator_version())) {
        return xd_fail(cx, XD_CONFLICT,
                       "its files are of another model, visibility or version of ICU");
    }
    for (size_t i = 0; i < m.segments.n; i++) {
        char name[XD_FILE_NAME];
        xd_segment_file_name(m.segments.at[i].file, name);
        *xd_push(cx->arena, files) =
            (xd_index_file){xd_str_copy(cx->arena, xd_str_of(name)), m.segments.at[i].n};
    }
    return true;
}
