#include "exchange/zip.h"

#include <zip.h>

struct xd_zip {
    zip_t *zip;
    size_t n, packed;
    uint64_t inflated;
    xd_emit *emit;
};

static bool refuse_damage(xd_ctx *cx, const char *why)
{
    (void)xd_fail(cx, XD_UNREADABLE, "zip: %s", why);
    return xd_fail_words(
        cx, XD_S("文件已损坏或不完整（压缩包读不出来）；请重新下载，或从原软件再存一次。"),
        XD_S("The file is damaged or cut short (its zip archive cannot be read): "
             "fetch it again, or save it again from its program."));
}

static bool refuse_bomb(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_LIMIT, "zip: inflates beyond all measure");
    return xd_fail_words(
        cx, XD_S("文件解压后大得不合常理，可能有意构造，未读取。"),
        XD_S("The file inflates beyond all measure, as if made to do harm; it was "
             "not read."));
}

static void close_zip(void *p)
{
    xd_zip *zip = p;
    zip_discard(zip->zip);
}

bool xd_zip_open(xd_ctx *cx, xd_str bytes, xd_emit *emit, xd_zip **ret_zip)
{
    /* Strict first; some programs write headers that differ in ways that do no harm. Contents
     * are checked against their sums in either case. */
    zip_error_t error;
    zip_error_init(&error);
    zip_t *opened = NULL;
    const int flags[] = {ZIP_RDONLY | ZIP_CHECKCONS, ZIP_RDONLY};
    for (size_t i = 0; i < XD_LEN(flags) && opened == NULL; i++) {
        zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &error);
        if (source == NULL) {
            break;
        }
        opened = zip_open_from_source(source, flags[i], &error);
        if (opened == NULL) {
            zip_source_free(source);
        }
    }
    zip_error_fini(&error);
    if (opened == NULL) {
        return refuse_damage(cx, "not an archive");
    }
    xd_zip *zip = xd_new(cx->arena, xd_zip);
    *zip = (xd_zip){.zip = opened, .packed = bytes.n, .emit = emit};
    xd_defer(cx, close_zip, zip);
    zip_int64_t n = zip_get_num_entries(opened, 0);
    if (n < 0 || n > XD_ZIP_ENTRIES) {
        return refuse_bomb(cx);
    }
    zip->n = (size_t)n;
    *ret_zip = zip;
    return true;
}

size_t xd_zip_count(const xd_zip *zip)
{
    return zip->n;
}

xd_str xd_zip_name(xd_zip *zip, size_t i)
{
    xd_str name = xd_str_of(zip_get_name(zip->zip, i, ZIP_FL_ENC_GUESS));
    return name.n > 1024 || xd_utf8_valid(name) != name.n ? (xd_str){0} : name;
}

size_t xd_zip_find(xd_zip *zip, xd_str name)
{
    if (xd_str_starts(name, XD_S("/"))) {
        name = xd_str_sub(name, 1, name.n);
    }
    for (size_t i = 0; i < zip->n; i++) {
        if (xd_str_eq_nocase(xd_zip_name(zip, i), name)) {
            return i;
        }
    }
    return SIZE_MAX;
}

int64_t xd_zip_count_under(xd_zip *zip, xd_str prefix)
{
    int64_t n = 0;
    for (size_t i = 0; i < zip->n; i++) {
        xd_str name = xd_zip_name(zip, i);
        n += xd_str_starts(name, prefix) && name.n > prefix.n && !xd_str_ends(name, XD_S("/"));
    }
    return n;
}

static bool count(xd_ctx *cx, xd_zip *zip, size_t n)
{
    zip->inflated += n;
    if (zip->inflated > XD_ZIP_BYTES ||
        (zip->inflated > XD_ZIP_FREE && zip->inflated / XD_ZIP_RATIO > zip->packed)) {
        return refuse_bomb(cx);
    }
    return zip->emit == NULL || xd_emit_progress(cx, zip->emit, (int64_t)zip->inflated);
}

bool xd_zip_read(xd_ctx *cx, xd_zip *zip, size_t i, xd_zip_take *take, void *user)
{
    zip_stat_t st;
    if (zip_stat_index(zip->zip, i, 0, &st) == 0 &&
        (st.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && st.encryption_method != ZIP_EM_NONE) {
        (void)xd_fail(cx, XD_UNREADABLE, "zip: encrypted");
        return xd_fail_words(
            cx, XD_S("文件加了密码，请先去掉打开密码再导入。"),
            XD_S("The file is protected by a password: remove it, then import."));
    }
    zip_file_t *file = zip_fopen_index(zip->zip, i, 0);
    if (file == NULL) {
        return refuse_damage(cx, "part cannot be opened");
    }
    char piece[64 << 10];
    bool ok = true;
    zip_int64_t n = 0;
    while (ok && (n = zip_fread(file, piece, sizeof piece)) > 0) {
        ok = count(cx, zip, (size_t)n) && take(cx, user, (xd_str){piece, (size_t)n});
    }
    (void)zip_fclose(file); /* read only: nothing to lose */
    if (ok && n < 0) {
        return refuse_damage(cx, "part does not match its sum");
    }
    return ok || cx->err.code == XD_OK;
}
