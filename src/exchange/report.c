/* What came of an import, for programs and for people. */
#include "exchange/import.h"

#define TOLD 200 /* problems printed for people; the rest is counted */

static const char *const weights[] = {"note", "warning", "refusal"};

static void member(xd_buf *out, const char *name, xd_str value, bool *first)
{
    if (!*first) {
        xd_buf_byte(out, ',');
    }
    *first = false;
    xd_buf_printf(out, "\"%s\":", name);
    xd_buf_json(out, value, false);
}

static void put_problem(xd_buf *out, const xd_problem *p, xd_lang lang)
{
    bool first = true;
    xd_buf_byte(out, '{');
    member(out, "sheet", p->sheet, &first);
    xd_buf_printf(out, ",\"row\":%" PRId64, p->row);
    member(out, "column", p->column, &first);
    member(out, "value", p->value, &first);
    member(out, "code", xd_str_of(p->code), &first);
    member(out, "weight", xd_str_of(weights[p->weight]), &first);
    member(out, "field", p->field, &first);
    xd_lang other = lang == XD_ZH ? XD_EN : XD_ZH;
    member(out, "reason", p->in[lang].n > 0 ? p->in[lang] : p->in[other], &first);
    member(out, "suggestion",
           p->suggestion[lang].n > 0 ? p->suggestion[lang] : p->suggestion[other], &first);
    xd_buf_byte(out, '}');
}

static int64_t skipped_of(const xd_report *report)
{
    int64_t n = 0;
    for (size_t i = 0; i < report->verdicts.n; i++) {
        n += report->verdicts.at[i].verdict == XD_ROW_SKIPPED;
    }
    return n;
}

void xd_report_json(xd_buf *out, const xd_report *report, xd_lang lang)
{
    static const char hex[] = "0123456789abcdef";
    xd_buf_printf(out,
                  "{\"rows\":%" PRId64 ",\"new\":%" PRId64 ",\"changed\":%" PRId64
                  ",\"unchanged\":%" PRId64 ",\"refused\":%" PRId64 ",\"skipped\":%" PRId64
                  ",\"changeset\":%" PRId64 ",",
                  report->rows, report->new_rows, report->changed, report->unchanged,
                  report->refused, skipped_of(report), report->changeset);
    bool first = true;
    member(out, "format", report->facts.format, &first);
    member(out, "encoding", report->facts.encoding, &first);
    xd_buf_printf(out, ",\"encoding_sure\":%s,\"pictures\":%" PRId64 ",\"sha256\":\"",
                  report->facts.encoding_sure ? "true" : "false", report->facts.pictures);
    for (size_t i = 0; i < 32; i++) {
        xd_buf_byte(out, hex[report->sha256[i] >> 4]);
        xd_buf_byte(out, hex[report->sha256[i] & 15]);
    }
    xd_buf_byte(out, '"');
    if (report->position.n > 0) {
        member(out, "position", report->position, &first);
    }
    xd_buf_printf(out, ",\"problems\":[");
    for (size_t i = 0; i < report->problems.n; i++) {
        xd_buf_printf(out, i == 0 ? "\n" : ",\n");
        put_problem(out, &report->problems.at[i], lang);
    }
    xd_buf_printf(out, "%s]}\n", report->problems.n > 0 ? "\n" : "");
}

/* ---- for people ----------------------------------------------------------------------------- */

static void put_where(xd_buf *out, const xd_problem *p, xd_lang lang)
{
    if (p->sheet.n > 0) {
        xd_buf_printf(out, lang == XD_EN ? XD_FMT ", " : "" XD_FMT " ", XD_ARG(p->sheet));
    }
    if (p->row > 0) {
        xd_buf_printf(out, lang == XD_EN ? "row %" PRId64 : "第 %" PRId64 " 行", p->row);
    }
    if (p->column.n > 0) {
        xd_buf_printf(out, lang == XD_EN ? ", “" XD_FMT "”" : "“" XD_FMT "”列",
                      XD_ARG(p->column));
    }
}

static void put_line(xd_buf *out, const xd_problem *p, xd_lang lang)
{
    static const char *const words[XD_LANGS][3] = {
        {"说明", "注意",  "未收" },
        {"note",   "warning", "refused"}
    };
    xd_lang other = lang == XD_ZH ? XD_EN : XD_ZH;
    xd_buf_printf(out, "  %s  ", words[lang][p->weight]);
    put_where(out, p, lang);
    xd_buf_printf(out, lang == XD_EN ? ": " : "：");
    xd_buf_add(out, p->in[lang].n > 0 ? p->in[lang] : p->in[other]);
    if (p->value.n > 0 && p->value.n <= 120) {
        xd_buf_printf(out, lang == XD_EN ? " [" XD_FMT "]" : "［" XD_FMT "］",
                      XD_ARG(p->value));
    }
    if (p->suggestion[lang].n > 0) {
        xd_buf_printf(out, lang == XD_EN ? " " XD_FMT : "" XD_FMT, XD_ARG(p->suggestion[lang]));
    }
    xd_buf_byte(out, '\n');
}

/* Refusals first, then warnings; notes are for the annotated table and JSON. */
static void put_problems(xd_buf *out, const xd_report *report, xd_lang lang)
{
    static const xd_weight order[] = {XD_REFUSAL, XD_WARNING};
    size_t told = 0, more = 0, notes = 0;
    for (size_t pass = 0; pass < XD_LEN(order); pass++) {
        for (size_t i = 0; i < report->problems.n; i++) {
            const xd_problem *p = &report->problems.at[i];
            notes += pass == 0 && p->weight == XD_NOTE;
            if (p->weight != order[pass]) {
                continue;
            }
            if (told == TOLD) {
                more++;
                continue;
            }
            told++;
            put_line(out, p, lang);
        }
    }
    if (more > 0) {
        xd_buf_printf(out,
                      lang == XD_EN ? "  … and %zu more (--json has all)\n"
                                    : "  …… 另有 %zu 条（--json 有全部）\n",
                      more);
    }
    if (notes > 0) {
        xd_buf_printf(out,
                      lang == XD_EN ? "  and %zu notes on rows that are no records (--json)\n"
                                    : "  另有 %zu 条关于非记录行的说明（--json 可看）\n",
                      notes);
    }
}

void xd_report_text(xd_buf *out, const xd_report *report, xd_lang lang)
{
    bool en = lang == XD_EN;
    const xd_source_facts *facts = &report->facts;
    xd_buf_printf(out, en ? "Read as " XD_FMT : "按 " XD_FMT " 读取", XD_ARG(facts->format));
    if (facts->encoding.n > 0) {
        xd_buf_printf(out, en ? ", encoding " XD_FMT "%s" : "，编码 " XD_FMT "%s",
                      XD_ARG(facts->encoding),
                      facts->encoding_sure ? ""
                      : en                 ? " (likely; --encoding decides)"
                                           : "（推断；可用 --encoding 指明）");
    }
    xd_buf_printf(out, en ? ".\n" : "。\n");
    if (facts->pictures > 0) {
        xd_buf_printf(out,
                      en ? "%" PRId64 " embedded pictures were not taken in.\n"
                         : "表内有 %" PRId64 " 张图片，未导入。\n",
                      facts->pictures);
    }
    if (facts->open_box) {
        xd_buf_printf(out,
                      en ? "Warning: this kernel has no Landlock; the file was read behind "
                           "seccomp only.\n"
                         : "警告：内核没有 Landlock，文件只在 seccomp 之内读取。\n");
    }
    put_problems(out, report, lang);
    xd_buf_printf(out,
                  en ? "%" PRId64 " rows: %" PRId64 " new, %" PRId64 " changed, %" PRId64
                       " unchanged, %" PRId64 " refused.\n"
                     : "共 %" PRId64 " 行：新增 %" PRId64 "，更改 %" PRId64 "，未变 %" PRId64
                       "，未收 %" PRId64 "。\n",
                  report->rows, report->new_rows, report->changed, report->unchanged,
                  report->refused);
    if (report->changeset != 0) {
        xd_buf_printf(out,
                      en ? "Change set %" PRId64 "; undo with: xiudai undo %" PRId64 "\n"
                         : "导入批次 %" PRId64 "；撤销：xiudai undo %" PRId64 "\n",
                      report->changeset, report->changeset);
    } else {
        xd_buf_printf(out, en ? "Nothing was written.\n" : "没有写入任何内容。\n");
    }
}
