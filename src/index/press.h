/* index/press.h — making an image, section by section.
 *
 * Sections are filled in any order, many at a time, in memory; bodies and texts, the bulk of a
 * large image, can go straight into the file (their lengths being known beforehand), so that
 * making a file of a million records needs memory for its postings and columns only. */
#ifndef XD_INDEX_PRESS_H
#define XD_INDEX_PRESS_H

#include "index/image.h"

typedef struct xd_press xd_press;

/* The press lies in the arena; its sections do not: xd_press_free(). */
xd_press *xd_press_make(xd_arena *arena);
void xd_press_free(xd_press *press);

/* From now on the image is the file `name` of the folder, written beside until it is finished. */
XD_MUST bool xd_press_to_file(xd_ctx *cx, xd_press *press, xd_io *io, const char *name);
/* A section that goes straight to the file, of exactly so many bytes; before all others. In
 * memory nothing is reserved. */
void xd_press_bulk(xd_press *press, xd_section_kind kind, uint32_t sub, uint64_t n);

/* A section to append to; made when it is not there. An empty one is none. */
typedef struct xd_pressed xd_pressed;
xd_pressed *xd_press_section(xd_press *press, xd_section_kind kind, uint32_t sub);
void xd_pressed_add(xd_pressed *section, const void *p, size_t n);
uint64_t xd_pressed_n(const xd_pressed *section);
xd_str xd_pressed_bytes(const xd_pressed *section);    /* until more is added; not of bulk */
void xd_pressed_align(xd_pressed *section, size_t to); /* with zeros */
static inline void xd_pressed_u32(xd_pressed *section, uint32_t v)
{
    xd_pressed_add(section, &v, sizeof v);
}
static inline void xd_pressed_u64(xd_pressed *section, uint64_t v)
{
    xd_pressed_add(section, &v, sizeof v);
}

/* The image of all of it; the press is empty then. XD_LIMIT, XD_FULL, XD_SYSTEM. */
XD_MUST bool xd_press_finish(xd_ctx *cx, xd_press *press, xd_image **ret_image);

#endif
