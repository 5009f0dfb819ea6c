#include "exchange/xml.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>

struct xd_xml {
    xd_ctx *cx;
    const xd_xml_events *events;
    void *user;
    xmlParserCtxtPtr parser;
    bool stopped, dtd;
};

static void stop(xd_xml *xml)
{
    xml->stopped = true;
    xmlStopParser(xml->parser);
}

static xd_str str_of(const xmlChar *s)
{
    return xd_str_of((const char *)s);
}

static void on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int n_namespaces, const xmlChar **namespaces, int n_attrs, int n_defaulted,
                     const xmlChar **attrs)
{
    xd_xml *xml = user;
    xd_xml_attr list[XD_XML_ATTRS];
    size_t n = 0;
    (void)prefix, (void)uri, (void)n_namespaces, (void)namespaces, (void)n_defaulted;
    for (int i = 0; i < n_attrs && n < XD_XML_ATTRS; i++) {
        const xmlChar **a = attrs + 5 * (size_t)i; /* name, prefix, URI, value, its end */
        list[n++] = (xd_xml_attr){
            str_of(a[0]), {(const char *)a[3], (size_t)(a[4] - a[3])}
        };
    }
    if (!xml->stopped && xml->events->start != NULL &&
        !xml->events->start(xml->cx, xml->user, str_of(name), list, n)) {
        stop(xml);
    }
}

static void on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    xd_xml *xml = user;
    (void)prefix, (void)uri;
    if (!xml->stopped && xml->events->end != NULL &&
        !xml->events->end(xml->cx, xml->user, str_of(name))) {
        stop(xml);
    }
}

static void on_text(void *user, const xmlChar *text, int n)
{
    xd_xml *xml = user;
    if (!xml->stopped && xml->events->text != NULL && n > 0 &&
        !xml->events->text(xml->cx, xml->user, (xd_str){(const char *)text, (size_t)n})) {
        stop(xml);
    }
}

static void on_dtd(void *user, const xmlChar *name, const xmlChar *id, const xmlChar *system)
{
    xd_xml *xml = user;
    (void)name, (void)id, (void)system;
    xml->dtd = true;
    stop(xml);
}

static void on_word(void *user, const char *format, ...)
{
    (void)user, (void)format; /* the parser's own words; the return code is what counts */
}

static bool refuse(xd_ctx *cx, const char *why)
{
    (void)xd_fail(cx, XD_UNREADABLE, "xml: %s", why);
    return xd_fail_words(
        cx, XD_S("文件内部的 XML 已损坏或不合规范，未读取；请从原软件再存一次。"),
        XD_S("The XML inside the file is damaged or not as it should be; it was "
             "not read. Please save it again from its program."));
}

static bool open_parser(xd_ctx *cx, const xd_xml_events *events, void *user, xd_xml *xml)
{
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .cdataBlock = on_text,
        .ignorableWhitespace = on_text,
        .internalSubset = on_dtd,
        .externalSubset = on_dtd,
        .error = on_word,
        .warning = on_word,
    };
    *xml = (xd_xml){.cx = cx, .events = events, .user = user};
    xml->parser = xmlCreatePushParserCtxt(&handler, xml, NULL, 0, NULL);
    if (xml->parser == NULL) {
        return xd_fail(cx, XD_SYSTEM, "xml: no parser");
    }
    (void)xmlCtxtUseOptions(xml->parser,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    return true;
}

/* One piece; false when the reading is over (err or not). */
static bool feed(xd_ctx *cx, void *user, xd_str piece)
{
    xd_xml *xml = user;
    for (size_t at = 0; at < piece.n && !xml->stopped;) {
        size_t n = piece.n - at < (1u << 20) ? piece.n - at : (1u << 20);
        int code = xmlParseChunk(xml->parser, piece.p + at, (int)n, 0);
        if (code != XML_ERR_OK && !xml->stopped) {
            return refuse(cx, "not well-formed");
        }
        at += n;
    }
    return !xml->stopped;
}

static bool finish(xd_ctx *cx, xd_xml *xml, bool fed)
{
    bool ok = cx->err.code == XD_OK;
    if (ok && xml->dtd) {
        ok = refuse(cx, "has a DTD");
    } else if (ok && fed && !xml->stopped &&
               xmlParseChunk(xml->parser, "", 0, 1) != XML_ERR_OK && !xml->stopped) {
        ok = refuse(cx, "ends too early");
    }
    if (xml->parser->myDoc != NULL) {
        xmlFreeDoc(xml->parser->myDoc);
        xml->parser->myDoc = NULL;
    }
    xmlFreeParserCtxt(xml->parser);
    return ok && cx->err.code == XD_OK;
}

bool xd_xml_read_part(xd_ctx *cx, xd_zip *zip, size_t part, const xd_xml_events *events,
                      void *user)
{
    xd_xml xml;
    if (!open_parser(cx, events, user, &xml)) {
        return false;
    }
    bool fed = xd_zip_read(cx, zip, part, feed, &xml);
    return finish(cx, &xml, fed);
}

bool xd_xml_read(xd_ctx *cx, xd_str bytes, const xd_xml_events *events, void *user)
{
    xd_xml xml;
    if (!open_parser(cx, events, user, &xml)) {
        return false;
    }
    bool fed = feed(cx, &xml, bytes);
    return finish(cx, &xml, fed);
}

xd_str xd_xml_attr_of(const xd_xml_attr *attrs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (xd_str_eq(attrs[i].name, xd_str_of(name))) {
            return attrs[i].value;
        }
    }
    return (xd_str){0};
}

size_t xd_xml_count(const xd_xml_attr *attrs, size_t n, const char *name, size_t otherwise,
                    size_t most)
{
    int64_t value = 0;
    xd_str text = xd_xml_attr_of(attrs, n, name);
    if (text.p == NULL || !xd_str_int(text, &value) || value < 0) {
        return otherwise;
    }
    return (uint64_t)value > most ? most : (size_t)value;
}
