/* index/sets.h — sets of document numbers as they lie in an image.
 *
 * A set is named by 64 bits. 0: empty. Up to XD_SET_FEW numbers are kept as differences in
 * LEB128, one of them within the name itself; more as CRoaring's frozen form, which is used
 * where it lies. */
#ifndef XD_INDEX_SETS_H
#define XD_INDEX_SETS_H

#include "index/bits.h"
#include "index/image.h"
#include "index/press.h"

#define XD_SET_FEW 62

/* Puts a set (ascending, n of them) into the section and returns its name. */
uint64_t xd_docs_put(xd_pressed *sets, const uint32_t *docs, size_t n);
/* The set, to be freed by roaring_bitmap_free() and never to be changed; an empty one when it
 * is bad, the image then being broken. */
xd_bits *xd_docs_open(const xd_image *image, const xd_section *sets, uint64_t name);

/* One that was put into the section, to be freed. */
xd_bits *xd_docs_pressed(const xd_pressed *sets, uint64_t name);

/* Its documents, ascending, all below n: how many, written to out, where n fit. */
size_t xd_docs_read(const xd_image *image, const xd_section *sets, uint64_t name, uint32_t n,
                    uint32_t *out);

#endif
