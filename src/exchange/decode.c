/* Measured on short Chinese texts, these rules are right more often than general detectors: a
 * list of names is a few hundred bytes, too short for statistics, but the structures of UTF-8
 * and GB18030 are strict, and a list of names is made of common characters.
 *
 * UTF-8 with a few broken bytes must not fall through to GB18030, in which most UTF-8 Chinese
 * is structurally valid and reads as rubbish: when well-formed three-byte sequences abound, the
 * file is UTF-8 with damage, and is refused saying where. */
#include "exchange/decode.h"

#include <errno.h>
#include <iconv.h>

#define SNIFF ((size_t)4096)
#define CHUNK ((size_t)32 << 10)

struct named {
    const char *name;
    xd_encoding encoding;
};
static const struct named names[] = {
    {"utf-8",        {"utf-8", NULL, 0, true}           },
    {"utf8",         {"utf-8", NULL, 0, true}           },
    {"utf-8-sig",    {"utf-8", NULL, 0, true}           },
    {"gb18030",      {"gb18030", "GB18030", 0, true}    },
    {"gbk",          {"gb18030", "GB18030", 0, true}    },
    {"gb2312",       {"gb18030", "GB18030", 0, true}    },
    {"gb_2312-80",   {"gb18030", "GB18030", 0, true}    },
    {"cp936",        {"gb18030", "GB18030", 0, true}    },
    {"ansi",         {"gb18030", "GB18030", 0, true}    },
    {"big5",         {"big5", "BIG5-HKSCS", 0, true}    },
    {"big5-hkscs",   {"big5", "BIG5-HKSCS", 0, true}    },
    {"cp950",        {"big5", "BIG5-HKSCS", 0, true}    },
    {"utf-16",       {"utf-16le", "UTF-16LE", 0, true}  },
    {"utf-16le",     {"utf-16le", "UTF-16LE", 0, true}  },
    {"utf-16be",     {"utf-16be", "UTF-16BE", 0, true}  },
    {"iso-8859-1",   {"windows-1252", "CP1252", 0, true}},
    {"latin1",       {"windows-1252", "CP1252", 0, true}},
    {"windows-1252", {"windows-1252", "CP1252", 0, true}},
    {"us-ascii",     {"utf-8", NULL, 0, true}           },
};

bool xd_encoding_by_name(xd_str name, xd_encoding *ret_encoding)
{
    for (size_t i = 0; i < XD_LEN(names); i++) {
        if (xd_str_eq_nocase(xd_str_of(names[i].name), name)) {
            *ret_encoding = names[i].encoding;
            return true;
        }
    }
    return false;
}

/* ---- telling them apart ------------------------------------------------------------------ */

static const xd_encoding *bom_of(xd_str bytes)
{
    static const struct {
        xd_str mark;
        xd_encoding encoding;
    } marks[] = {
        {XD_STR("\xef\xbb\xbf"), {"utf-8", NULL, 3, true}         },
        {XD_STR("\xff\xfe"),     {"utf-16le", "UTF-16LE", 2, true}},
        {XD_STR("\xfe\xff"),     {"utf-16be", "UTF-16BE", 2, true}},
    };
    for (size_t i = 0; i < XD_LEN(marks); i++) {
        if (xd_str_starts(bytes, marks[i].mark)) {
            return &marks[i].encoding;
        }
    }
    return NULL;
}

/* ASCII in UTF-16 has its zero bytes all on one side. */
static const xd_encoding *utf16_of(xd_str bytes)
{
    static const xd_encoding le = {"utf-16le", "UTF-16LE", 0, true};
    static const xd_encoding be = {"utf-16be", "UTF-16BE", 0, true};
    size_t n = bytes.n < SNIFF ? bytes.n : SNIFF;
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < n; i++) {
        zeros[i & 1] += bytes.p[i] == '\0';
    }
    if (bytes.n % 2 != 0 || zeros[0] + zeros[1] < 2 || (zeros[0] + zeros[1]) * 100 < n) {
        return NULL;
    }
    return zeros[0] == 0 ? &le : zeros[1] == 0 ? &be : NULL;
}

struct utf8_count {
    size_t good, bad; /* sequences of three and four bytes; malformed bytes */
    size_t first_bad;
};

static struct utf8_count count_utf8(xd_str bytes)
{
    struct utf8_count count = {0};
    for (size_t at = 0; at < bytes.n;) {
        if ((unsigned char)bytes.p[at] < 0x80) {
            at++;
            continue;
        }
        size_t from = at;
        uint32_t cp = xd_utf8_next(bytes, &at);
        if (cp != UINT32_MAX) {
            count.good += at - from >= 3;
        } else if (count.bad++ == 0) {
            count.first_bad = from;
        }
        if (count.bad > 1000 && count.good < count.bad) {
            break; /* settled */
        }
    }
    return count;
}

struct double_count {
    bool valid;
    size_t pairs, common; /* two-byte characters, and those of the commonest plane */
};

static struct double_count count_gb18030(xd_str bytes)
{
    struct double_count count = {.valid = true};
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n;) {
        if (p[i] < 0x80) {
            i++;
        } else if (p[i] == 0x80 || p[i] == 0xff) {
            count.valid = false;
            break;
        } else if (i + 1 == bytes.n) {
            break; /* a cut last character */
        } else if (p[i + 1] >= 0x30 && p[i + 1] <= 0x39) {
            i += 4;
        } else if (p[i + 1] >= 0x40 && p[i + 1] != 0x7f && p[i + 1] != 0xff) {
            count.pairs++;
            /* Level-1 characters of GB 2312, its punctuation and full-width forms. */
            count.common += p[i + 1] >= 0xa1 &&
                            ((p[i] >= 0xb0 && p[i] <= 0xd7) || (p[i] >= 0xa1 && p[i] <= 0xa3));
            i += 2;
        } else {
            count.valid = false;
            break;
        }
    }
    return count;
}

static struct double_count count_big5(xd_str bytes)
{
    struct double_count count = {.valid = true};
    const unsigned char *p = (const unsigned char *)bytes.p;
    for (size_t i = 0; i < bytes.n;) {
        if (p[i] < 0x80) {
            i++;
        } else if (i + 1 == bytes.n) {
            break;
        } else if (p[i] >= 0x87 && p[i] <= 0xfe &&
                   ((p[i + 1] >= 0x40 && p[i + 1] <= 0x7e) ||
                    (p[i + 1] >= 0xa1 && p[i + 1] <= 0xfe))) {
            count.pairs++;
            count.common += (p[i] >= 0xa4 && p[i] <= 0xc6) || p[i] == 0xa1 || p[i] == 0xa2;
            i += 2;
        } else {
            count.valid = false;
            break;
        }
    }
    return count;
}

/* ---- refusing ---------------------------------------------------------------------------- */

static int64_t line_of(xd_str bytes, size_t at)
{
    int64_t line = 1;
    for (size_t i = 0; i < at; i++) {
        line += bytes.p[i] == '\n';
    }
    return line;
}

static bool refuse_bytes(xd_ctx *cx, const char *encoding, int64_t line)
{
    (void)xd_fail(cx, XD_UNREADABLE, "line %" PRId64 " is not %s", line, encoding);
    return xd_fail_words(
        cx,
        xd_str_printf(cx->arena,
                      "文件第 %" PRId64 " 行有不合 %s 编码的字节，文件可能损坏；请另存为 UTF-8 "
                      "或 GB18030 后再试，或用 --encoding 指明编码。",
                      line, encoding),
        xd_str_printf(cx->arena,
                      "Line %" PRId64
                      " has bytes that are not %s: the file may be damaged. Save "
                      "it as UTF-8 or GB18030, or name the encoding with --encoding.",
                      line, encoding));
}

static bool refuse_nul(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_UNREADABLE, "NUL bytes in a text file");
    return xd_fail_words(
        cx, XD_S("文件里有空字节（NUL），不是文字表格，或已经损坏；请从原软件重新导出。"),
        XD_S("The file holds NUL bytes: it is not a text table, or it is damaged. "
             "Please export it again from its program."));
}

static bool refuse_unknown(xd_ctx *cx)
{
    (void)xd_fail(cx, XD_UNREADABLE, "the encoding cannot be told");
    return xd_fail_words(
        cx,
        XD_S("认不出文件的文字编码；请另存为 UTF-8，或用 --encoding 指明"
             "（如 gb18030、big5、utf-16le）。"),
        XD_S("The file's text encoding cannot be told: save it as UTF-8, or name "
             "it with --encoding (gb18030, big5, utf-16le …)."));
}

static bool by_option(xd_ctx *cx, xd_str asked, xd_str bytes, xd_encoding *ret_encoding)
{
    xd_encoding found;
    if (!xd_encoding_by_name(asked, &found)) {
        (void)xd_fail(cx, XD_INVALID, "unknown encoding " XD_FMT, XD_ARG(asked));
        return xd_fail_words(
            cx,
            xd_str_printf(cx->arena,
                          "不认识编码“" XD_FMT "”；可用 utf-8、gb18030（gbk）、big5、utf-16le、"
                          "utf-16be、windows-1252。",
                          XD_ARG(asked)),
            xd_str_printf(cx->arena,
                          "Unknown encoding “" XD_FMT "”: use utf-8, gb18030 (gbk), big5, "
                          "utf-16le, utf-16be or windows-1252.",
                          XD_ARG(asked)));
    }
    const xd_encoding *mark = bom_of(bytes);
    if (mark != NULL && (strcmp(mark->name, found.name) == 0 ||
                         (strncmp(mark->name, "utf-16", 6) == 0 && asked.n == 6))) {
        found = *mark;
    }
    *ret_encoding = found;
    return true;
}

bool xd_encoding_find(xd_ctx *cx, xd_str asked, xd_str bytes, xd_encoding *ret_encoding)
{
    if (asked.n > 0) {
        return by_option(cx, asked, bytes, ret_encoding);
    }
    const xd_encoding *found = bom_of(bytes);
    if (found == NULL) {
        found = utf16_of(bytes);
    }
    if (found != NULL) {
        *ret_encoding = *found;
        return true;
    }
    if (memchr(bytes.p == NULL ? "" : bytes.p, '\0', bytes.n < SNIFF ? bytes.n : SNIFF) !=
        NULL) {
        return refuse_nul(cx);
    }
    struct utf8_count utf8 = count_utf8(bytes);
    /* A file cut in the middle of its last character is still UTF-8. */
    if (utf8.bad == 0 || (utf8.bad <= 3 && utf8.first_bad + 3 >= bytes.n && utf8.good > 0)) {
        *ret_encoding = (xd_encoding){"utf-8", NULL, 0, true};
        return true;
    }
    if (utf8.good >= 20 && utf8.bad * 20 <= utf8.good) {
        return refuse_bytes(cx, "UTF-8", line_of(bytes, utf8.first_bad));
    }
    struct double_count gb = count_gb18030(bytes), big5 = count_big5(bytes);
    if (gb.valid && gb.common * 10 >= gb.pairs * 6) {
        *ret_encoding = (xd_encoding){"gb18030", "GB18030", 0, gb.common >= 40};
        return true;
    }
    if (big5.valid && big5.pairs >= 20 && big5.common * 10 >= big5.pairs * 9) {
        *ret_encoding = (xd_encoding){"big5", "BIG5-HKSCS", 0, false};
        return true;
    }
    return refuse_unknown(cx);
}

/* ---- decoding ---------------------------------------------------------------------------- */

struct xd_decoder {
    xd_encoding encoding;
    xd_str bytes;
    size_t at;
    int64_t line; /* of what was put out, from 1 */
    iconv_t iconv;
};

static void close_decoder(void *p)
{
    xd_decoder *decoder = p;
    if (decoder->encoding.iconv != NULL) {
        (void)iconv_close(decoder->iconv); /* only frees */
    }
}

bool xd_decoder_open(xd_ctx *cx, const xd_encoding *encoding, xd_str bytes,
                     xd_decoder **ret_decoder)
{
    xd_decoder *decoder = xd_new(cx->arena, xd_decoder);
    *decoder =
        (xd_decoder){.encoding = *encoding, .bytes = bytes, .at = encoding->bom, .line = 1};
    if (encoding->iconv != NULL) {
        decoder->iconv = iconv_open("UTF-8", encoding->iconv);
        if (decoder->iconv == (iconv_t)-1) {
            return xd_fail_errno(cx, errno, "this system has no tables for %s",
                                 encoding->iconv);
        }
        xd_defer(cx, close_decoder, decoder);
    }
    *ret_decoder = decoder;
    return true;
}

size_t xd_decoder_at(const xd_decoder *decoder)
{
    return decoder->at;
}

/* Look through what was appended from `from` on: count lines, refuse NUL. */
static bool check_text(xd_ctx *cx, xd_decoder *decoder, const xd_buf *out, size_t from)
{
    for (size_t i = from; i < out->n; i++) {
        decoder->line += out->p[i] == '\n';
        if (out->p[i] == '\0') {
            return refuse_nul(cx);
        }
    }
    return true;
}

static bool next_utf8(xd_ctx *cx, xd_decoder *decoder, xd_buf *out)
{
    xd_str rest = xd_str_sub(decoder->bytes, decoder->at, decoder->at + CHUNK);
    size_t good = xd_utf8_valid(rest);
    bool last = decoder->at + rest.n == decoder->bytes.n;
    /* At most three bytes of a character may be cut by the chunk's end, or the file's. */
    if (good < rest.n && rest.n - good > 3) {
        for (size_t i = 0; i < good; i++) {
            decoder->line += rest.p[i] == '\n';
        }
        return refuse_bytes(cx, "UTF-8", decoder->line);
    }
    if (good == 0 && !last) {
        return refuse_bytes(cx, "UTF-8", decoder->line);
    }
    xd_buf_bytes(out, rest.p, good);
    decoder->at += last ? rest.n : good;
    return true;
}

static bool next_iconv(xd_ctx *cx, xd_decoder *decoder, xd_buf *out)
{
    size_t left = decoder->bytes.n - decoder->at;
    size_t n = left < CHUNK ? left : CHUNK;
    char room[CHUNK * 4];
    char *in = (char *)(uintptr_t)(decoder->bytes.p + decoder->at), *to = room;
    size_t in_left = n, room_left = sizeof room;
    size_t done = iconv(decoder->iconv, &in, &in_left, &to, &room_left);
    xd_buf_bytes(out, room, (size_t)(to - room));
    decoder->at += n - in_left;
    if (done != (size_t)-1) {
        return true;
    }
    if (errno == EINVAL && n < left && n - in_left > 0) {
        return true; /* a character cut by the chunk's end */
    }
    if (errno == EINVAL && n == left) {
        decoder->at = decoder->bytes.n; /* … by the file's end */
        return true;
    }
    for (const char *p = room; p < to; p++) {
        decoder->line += *p == '\n';
    }
    return refuse_bytes(cx, decoder->encoding.name, decoder->line);
}

bool xd_decoder_next(xd_ctx *cx, xd_decoder *decoder, xd_buf *out, bool *ret_end)
{
    size_t from = out->n;
    if (decoder->at < decoder->bytes.n) {
        bool ok = decoder->encoding.iconv == NULL ? next_utf8(cx, decoder, out)
                                                  : next_iconv(cx, decoder, out);
        if (!ok || !check_text(cx, decoder, out, from)) {
            return false;
        }
        if (out->failed) {
            return xd_fail(cx, XD_LIMIT, "decoded text does not fit");
        }
    }
    *ret_end = decoder->at >= decoder->bytes.n;
    return true;
}
