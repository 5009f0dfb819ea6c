/* A manifest, or a segment's image of which every part is then read. The first byte chooses; an
 * image's checksums are put right, so that what is behind them is reached. */
#include <stdlib.h>
#include <sys/mman.h>

#include "index/folder.h"
#include "index/segment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_manifest(xd_str bytes)
{
    xd_ctx cx;
    xd_manifest manifest;
    xd_ctx_begin(&cx);
    xd_buf fixed = {0};
    xd_buf_add(&fixed, bytes);
    xd_buf_u64be(&fixed, xd_str_hash(bytes));
    if (!xd_manifest_read(&cx, xd_buf_str(&fixed), &manifest))
        (void)xd_err_take(&cx);
    xd_buf_free(&fixed);
    xd_ctx_end(&cx);
}

/* Whatever the sections hold is looked at as a reader would; but not CRoaring's frozen sets, which
 * trust their bytes: that is what checksums are for. */
static void read_image(xd_image *image, uint32_t words)
{
    xd_section sets = xd_image_find(image, XD_SEC_SETS, 0);
    xd_grams grams;
    xd_grams_open(image, &grams);
    for (uint32_t i = 0; i < grams.runs[0].n; i++)
        (void)xd_image_text(image, &grams.runs[0].text, grams.runs[0].at, i); /* or none */
    for (uint32_t i = 0; i < words; i++) {
        uint32_t out[64];
        (void)xd_docs_read(image, &sets, (uint64_t)1 << 63 | (uint64_t)i << 57 | i, 64, out);
    }
    xd_section text = xd_image_find(image, XD_SEC_TEXT, 0);
    xd_section forms = xd_image_find(image, XD_SEC_FORMS, 0);
    xd_passage passage;
    xd_passage_walk walk = {
        .rest = {text.p, text.n},
        .forms = (const void *)forms.p,
        .n_forms = forms.n / sizeof(xd_passage_form),
        .image = image
    };
    while (xd_passage_next(&walk, &passage)) {
    }
}

static void read_segment(xd_str bytes)
{
    xd_ctx cx;
    xd_image_end end;
    xd_image *image;
    if (bytes.n < 256)
        return;
    char *p = mmap(NULL, bytes.n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        return;
    memcpy(p, bytes.p, bytes.n);
    memcpy(&end, p, sizeof end);
    end.n = bytes.n;
    if (end.table_at < bytes.n && end.sections < 4096 && end.sums < 4096) {
        size_t n =
            (size_t)(end.sections * sizeof(xd_image_entry) + end.sums * sizeof(uint64_t));
        if (n <= bytes.n - end.table_at)
            end.table_sum = xd_str_hash((xd_str){p + end.table_at, n});
    }
    xd_image_seal(&end);
    memcpy(p, &end, sizeof end);
    memcpy(p + bytes.n - 128, &end, sizeof end);
    xd_ctx_begin(&cx);
    if (xd_image_over(&cx, p, bytes.n, false, &image)) {
        read_image(image, 62);
        xd_image_free(image);
    }
    xd_ctx_end(&cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    xd_str rest = {(const char *)data + 1, size - 1};
    if (data[0] & 1)
        read_manifest(rest);
    else
        read_segment(rest);
    return 0;
}
