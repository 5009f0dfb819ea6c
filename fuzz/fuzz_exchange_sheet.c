/* One part of a workbook, the first byte says which (0–4: XLSX, 5: ODS, 6: the
 * XML of 2003, which is no archive); the others are sound. */
#include "exchange_sink.h"

static const fuzz_part sound[] = {
    {"xl/workbook.xml",            XD_STR("<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" "
                               "r:id=\"r1\"/></sheets></workbook>")             },
    {"xl/_rels/workbook.xml.rels",
     XD_STR("<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>"
            "</Relationships>")                                                                        },
    {"xl/styles.xml",              XD_STR("<styleSheet><numFmts><numFmt numFmtId=\"164\" "
                             "formatCode=\"yyyy\"/></numFmts><cellXfs>"
                             "<xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf "
                             "numFmtId=\"164\"/></cellXfs></styleSheet>")         },
    {"xl/sharedStrings.xml",       XD_STR("<sst><si><t>名称</t></si><si><t>合肥市</t></si></sst>")},
    {"xl/worksheets/sheet1.xml",
     XD_STR("<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
            "s=\"1\"><v>21195</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A3\"/>"
            "</mergeCells></worksheet>")                                                               },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    fuzz_part parts[XD_LEN(sound)];
    size_t n = XD_LEN(sound), which = data[0] % 7;
    xd_str bytes = {(const char *)data + 1, size - 1};
    if (which == 6) {
        xd_reader_in xml = {.bytes = bytes};
        fuzz_run(xd_read_sheet_2003, &xml);
        return 0;
    }
    memcpy(parts, sound, sizeof parts);
    if (which == 5) {
        parts[0] = (fuzz_part){"content.xml", bytes};
        n = 1;
    } else {
        parts[which].bytes = bytes;
    }
    xd_buf zip = {0};
    fuzz_zip(&zip, parts, n);
    xd_reader_in in = {.bytes = xd_buf_str(&zip)};
    fuzz_run(xd_read_sheet, &in);
    xd_buf_free(&zip);
    return 0;
}
