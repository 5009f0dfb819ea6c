/* index/image.h — the bytes of a segment: sections, each proven before its first use.
 *
 * An image is the same in memory and on disk (image.c says how it is laid out); a segment reads
 * it in place. One made by this process is trusted; one from a file is checked: header, footer,
 * length and section table when it is opened, each block of 64 KiB of a section before it is
 * first used. A bad block marks the image as broken, for good: whoever read on must then throw
 * its answer away (xd_edition_sound() in edition.h). Reading is safe in many threads. */
#ifndef XD_INDEX_IMAGE_H
#define XD_INDEX_IMAGE_H

#include "index/io.h"

#define XD_IMAGE_FORMAT 9u
#define XD_IMAGE_BLOCK ((uint64_t)64 << 10)

/* What a section holds; `sub` tells those of a kind apart: a column's slot, a language.
 * Numbers are part of the format: only add. docs/reference/index-files.md has what is in each. */
typedef enum xd_section_kind {
    XD_SEC_META = 1,
    XD_SEC_TYPES, /* type_lo */
    XD_SEC_ID,
    XD_SEC_REV,
    XD_SEC_TIME,
    XD_SEC_CURVE,
    XD_SEC_AT,
    XD_SEC_PRECISION,
    XD_SEC_STATE,
    XD_SEC_CONFIDENCE,
    XD_SEC_WORDS_AT, /* of states and confidences */
    XD_SEC_WORDS,
    XD_SEC_NUMBER_AT,
    XD_SEC_NUMBER,
    XD_SEC_BODY_AT,
    XD_SEC_BODY,
    XD_SEC_TEXT_AT,
    XD_SEC_TEXT,
    XD_SEC_FORMS,  /* of passages */
    XD_SEC_PLACED, /* the sets placed, shaped, roughly, samples */
    XD_SEC_ID_SLOTS,
    XD_SEC_KEY_HASH,
    XD_SEC_KEY_DOC,
    XD_SEC_SETS, /* every set of documents: postings, terms, what has a value */
    XD_SEC_GRAM_KEY,
    XD_SEC_GRAM_SET,
    XD_SEC_GRAM_COMMON,
    XD_SEC_RUN_AT, /* sub 0: all text, 1: names */
    XD_SEC_RUN,
    XD_SEC_RUN_SET,
    XD_SEC_COLUMN, /* sub: slot, here and below */
    XD_SEC_COLUMN_BITS,
    XD_SEC_COLUMN_RANK,
    XD_SEC_COLUMN_START,
    XD_SEC_COLUMN_VALUES,
    XD_SEC_COLUMN_TEXT,
    XD_SEC_COLUMN_SETS,
    XD_SEC_COLUMN_KEY_AT, /* sub: slot × 2 + language */
    XD_SEC_COLUMN_KEY,
    XD_SEC_CELL_GROUP, /* cells.h */
    XD_SEC_CELL,
    XD_SEC_CELL_TINT_AT, /* sub: slot */
    XD_SEC_CELL_TINT,
    XD_SEC_BEST,  /* sub 0: grams, 1: runs of all text, 2: runs of names */
    XD_SEC_ORDER, /* own_order.h; sub: type × 2 + language */
    XD_SEC_JOINT, /* joint.h; sub: type, below type × 4 + group */
    XD_SEC_JOINT_TERM,
    XD_SEC_JOINT_NUMBER,
    XD_SEC_JOINT_ALL,
    XD_SEC_FOUR, /* grams.h; sub 0: all text, 1: names */
} xd_section_kind;

typedef struct xd_section {
    const char *p; /* NULL: there is none */
    uint64_t n;
    uint64_t sum; /* its first block's checksum */
} xd_section;

typedef struct xd_image xd_image;

/* A file of the folder, mapped. XD_BROKEN when it is not whole or not ours. */
XD_MUST bool xd_image_open(xd_ctx *cx, int folder, const char *name, xd_image **ret_image);
/* Bytes in memory, from mmap(); the image owns them. checked: they are to be proven like a file's. */
XD_MUST bool xd_image_over(xd_ctx *cx, void *bytes, uint64_t n, bool checked,
                           xd_image **ret_image);
void xd_image_free(xd_image *image);
xd_str xd_image_bytes(const xd_image *image);
bool xd_image_broken(const xd_image *image);
void xd_image_break(const xd_image *image); /* what it says contradicts itself */

xd_section xd_image_find(const xd_image *image, xd_section_kind kind, uint32_t sub);
/* The bytes from at on, n of them, proven; false (and the image broken) when they are bad or
 * not there. */
bool xd_image_use(const xd_image *image, const xd_section *section, uint64_t at, uint64_t n);
/* All of the section as items of so many bytes: false also when there are not `count` of them. */
bool xd_image_array(const xd_image *image, xd_section_kind kind, uint32_t sub, size_t item,
                    uint64_t count, const void **ret_items);

/* Text i of those whose beginnings (and the last one's end) are in an array of u32. */
xd_str xd_image_text(const xd_image *image, const xd_section *text, const uint32_t *at,
                     uint64_t i);

/* What stands at both ends of an image. */
typedef struct xd_image_end {
    char magic[8];
    uint32_t format, order; /* order: XD_IMAGE_ORDER as this machine writes it */
    uint64_t n;             /* of the whole image */
    uint64_t table_at, sections, sums_at, sums;
    uint64_t table_sum; /* over table and sums */
    uint64_t sum;       /* over all of this before it */
} xd_image_end;
typedef struct xd_image_entry {
    uint32_t kind, sub;
    uint64_t at, n, sum;
} xd_image_entry;
#define XD_IMAGE_MAGIC "XIUDAIx\n"
#define XD_IMAGE_ORDER 0x01020304u
#define XD_IMAGE_ALIGN 64u
void xd_image_seal(xd_image_end *end); /* fills in magic, format, order and sum */

#endif
