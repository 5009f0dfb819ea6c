/* exchange/xml.h — XML read as a stream of events, with nothing of XML that can do harm.
 *
 * No DTD (its first sign stops the reader), so no entities but the five; no network, no files;
 * libxml2's own limits on depth (256) and text (10 MB) stand. Names come without prefixes. */
#ifndef XD_EXCHANGE_XML_H
#define XD_EXCHANGE_XML_H

#include "exchange/zip.h"

typedef struct xd_xml_attr {
    xd_str name, value; /* the value may hold the five entities, already read */
} xd_xml_attr;
#define XD_XML_ATTRS 64 /* further ones are not seen */

typedef struct xd_xml xd_xml;
/* Each returns false to stop the reading: with cx->err a failure, without one enough was seen. */
typedef struct xd_xml_events {
    bool (*start)(xd_ctx *cx, void *user, xd_str name, const xd_xml_attr *attrs, size_t n);
    bool (*end)(xd_ctx *cx, void *user, xd_str name);
    bool (*text)(xd_ctx *cx, void *user, xd_str text); /* in pieces */
} xd_xml_events;

/* A part of a zip, from its start. XD_UNREADABLE when it is not well-formed. */
XD_MUST bool xd_xml_read_part(xd_ctx *cx, xd_zip *zip, size_t part, const xd_xml_events *events,
                              void *user);
/* The same for bytes at hand. */
XD_MUST bool xd_xml_read(xd_ctx *cx, xd_str bytes, const xd_xml_events *events, void *user);
/* Absent when there is none. */
xd_str xd_xml_attr_of(const xd_xml_attr *attrs, size_t n, const char *name);
/* A count in an attribute, at most `most`; otherwise when absent or no number. */
size_t xd_xml_count(const xd_xml_attr *attrs, size_t n, const char *name, size_t otherwise,
                    size_t most);

#endif
