"""Writers of the files offices keep (XLSX, DOCX, ODS, shapefile), by hand and the same each time: used by make.py of unseen4 and
later sets, with what these say of a case: expect() keeps it for expected.json."""
import datetime
import io
import struct
import zipfile
from xml.sax.saxutils import escape

MOMENT = (2024, 5, 8, 9, 30, 0)
EXPECTED = []


def expect(file, type_name, records, **more):
    EXPECTED.append({"file": file, "type": type_name, "others": 0, "outside": [], **more, "records": records})


def site(name, division=None, **more):
    return {"name": name, **({"division": division} if division else {}), **more}


def year(text):
    return [int(text[:4])] * 2


def pack(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts:
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED if name != "mimetype" else zipfile.ZIP_STORED
            z.writestr(info, data)


def letter(column):
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


# XLSX: a sheet is (name, rows, merges) or (name, rows, merges, state); a cell is text, a number, None or a date
def xlsx(path, sheets, inline=False):
    strings, index = [], {}

    def shared(text):
        if text not in index:
            index[text] = len(strings)
            strings.append(text)
        return index[text]

    bodies = []
    for sheet in sheets:
        out = []
        for r, row in enumerate(sheet[1], 1):
            cells = []
            for c, v in enumerate(row):
                ref = f"{letter(c)}{r}"
                if v is None or v == "":
                    cells.append(f'<c r="{ref}" s="0"/>')
                elif isinstance(v, datetime.date):
                    cells.append(f'<c r="{ref}" s="1"><v>{(v - datetime.date(1899, 12, 30)).days}</v></c>')
                elif isinstance(v, (int, float)):
                    cells.append(f'<c r="{ref}"><v>{v}</v></c>')
                elif inline:
                    cells.append(f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(v)}</t></is></c>')
                else:
                    cells.append(f'<c r="{ref}" t="s"><v>{shared(v)}</v></c>')
            out.append(f'<row r="{r}">{"".join(cells)}</row>')
        merges = "".join(f'<mergeCell ref="{m}"/>' for m in sheet[2])
        merges = f'<mergeCells count="{len(sheet[2])}">{merges}</mergeCells>' if merges else ""
        bodies.append('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                      f'<sheetData>{"".join(out)}</sheetData>{merges}</worksheet>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kinds = "".join(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                    for i in range(1, len(sheets) + 1))
    listed = "".join('<sheet name="{}" sheetId="{}"{} r:id="rId{}"/>'.format(escape(s[0]), i, f' state="{s[3]}"' if len(s) > 3 else "", i)
                     for i, s in enumerate(sheets, 1))
    rels = "".join(f'<Relationship Id="rId{i}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{i}.xml"/>'
                   for i in range(1, len(sheets) + 1))
    n = len(sheets)
    # WPS and Excel break a text with more than one font into runs
    items = "".join((f'<si><r><t xml:space="preserve">{escape(t[:len(t) // 2])}</t></r><r><rPr><sz val="11"/></rPr><t xml:space="preserve">{escape(t[len(t) // 2:])}</t></r></si>'
                     if i % 5 == 4 else f'<si><t xml:space="preserve">{escape(t)}</t></si>') for i, t in enumerate(strings))
    pack(path, [
        ("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
         + kinds + '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'),
        ("_rels/.rels", head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
        ("xl/workbook.xml", head + f'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{listed}</sheets></workbook>'),
        ("xl/_rels/workbook.xml.rels", head + f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rels}<Relationship Id="rId{n + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId{n + 2}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'),
        ("xl/styles.xml", head + '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="176" formatCode="yyyy/m/d"/></numFmts><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'),
        ("xl/sharedStrings.xml", head + f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{len(strings)}">{items}</sst>'),
    ] + [(f"xl/worksheets/sheet{i}.xml", b) for i, b in enumerate(bodies, 1)])


# DOCX: blocks are ("p", text), ("h", text, level), ("list", text), ("table", rows, head); a cell is a text (lines are paragraphs),
# or (text, {"span": n, "down": "restart" | "continue"})
def runs(text, bold=False):
    """Word cuts a paragraph wherever somebody typed twice."""
    cut = len(text) // 3 if len(text) > 6 else len(text)
    pieces = [text[:cut], text[cut:]] if cut < len(text) else [text]
    mark = "<w:b/>" if bold else ""
    return "".join(f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/>{mark}</w:rPr><w:t xml:space="preserve">{escape(p)}</w:t></w:r>' for p in pieces if p)


def paragraphs(text, bold=False):
    return "".join(f"<w:p>{runs(line, bold)}</w:p>" for line in text.split("\n"))


def docx(path, blocks):
    out = []
    for block in blocks:
        if block[0] == "p":
            out.append(f'<w:p><w:pPr><w:ind w:firstLine="640"/></w:pPr>{runs(block[1])}</w:p>')
        elif block[0] == "c":
            out.append(f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{runs(block[1], True)}</w:p>')
        elif block[0] == "h":
            out.append(f'<w:p><w:pPr><w:pStyle w:val="{block[2]}"/></w:pPr>{runs(block[1], True)}</w:p>')
        elif block[0] == "list":  # numbered by Word: the number is not in the text
            out.append(f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>{runs(block[1])}</w:p>')
        else:
            rows = []
            for i, row in enumerate(block[1]):
                cells = []
                for cell in row:
                    text, how = cell if isinstance(cell, tuple) else (cell, {})
                    inner = '<w:tcW w:w="1700" w:type="dxa"/>'
                    if "span" in how:
                        inner += f'<w:gridSpan w:val="{how["span"]}"/>'
                    if "down" in how:
                        inner += '<w:vMerge w:val="restart"/>' if how["down"] == "restart" else "<w:vMerge/>"
                    cells.append(f"<w:tc><w:tcPr>{inner}</w:tcPr>{paragraphs(text)}</w:tc>")
                mark = "<w:trPr><w:tblHeader/></w:trPr>" if i < block[2] else ""
                rows.append(f'<w:tr>{mark}{"".join(cells)}</w:tr>')
            out.append(f'<w:tbl><w:tblPr><w:tblStyle w:val="a3"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>{"".join(rows)}</w:tbl>')
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    pack(path, [
        ("[Content_Types].xml", head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
        ("_rels/.rels", head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'),
        ("word/document.xml", head + f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{"".join(out)}<w:sectPr/></w:body></w:document>'),
    ])


# ODS: sheets of (name, rows, merges as (row, column, rows, columns))
def ods(path, sheets):
    tables = []
    for name, rows, merges in sheets:
        starts = {(r, c): (h, w) for r, c, h, w in merges}
        covered = {(r + i, c + j) for r, c, h, w in merges for i in range(h) for j in range(w)} - set(starts)
        lines = []
        for r, row in enumerate(rows):
            cells = []
            for c, v in enumerate(row):
                if (r, c) in covered:
                    cells.append("<table:covered-table-cell/>")
                    continue
                h, w = starts.get((r, c), (1, 1))
                span = f' table:number-columns-spanned="{w}" table:number-rows-spanned="{h}"' if (h, w) != (1, 1) else ""
                if v is None or v == "":
                    cells.append(f"<table:table-cell{span}/>")
                elif isinstance(v, (int, float)):
                    cells.append(f'<table:table-cell office:value-type="float" office:value="{v}"{span}><text:p>{v}</text:p></table:table-cell>')
                else:
                    inner = "".join(f"<text:p>{escape(p)}</text:p>" for p in v.split("\n"))
                    cells.append(f'<table:table-cell office:value-type="string"{span}>{inner}</table:table-cell>')
            cells.append(f'<table:table-cell table:number-columns-repeated="{1024 - len(row)}"/>')
            lines.append(f'<table:table-row>{"".join(cells)}</table:table-row>')
        lines.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>')
        tables.append(f'<table:table table:name="{escape(name)}"><table:table-column table:number-columns-repeated="1024"/>{"".join(lines)}</table:table>')
    pack(path, [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'),
        ("content.xml", '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:spreadsheet>'
         + "".join(tables) + "</office:spreadsheet></office:body></office:document-content>"),
    ])


WGS84 = 'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
CGCS2000 = 'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'


def shapefile(path, stem, fields, rows, prj=CGCS2000, encoding="gbk", ldid=0x4D, cpg=None):
    """Points; a row is (x, y, *values), a field (name, width). Names are cut at ten bytes, as the format does."""
    xs, ys = [r[0] for r in rows], [r[1] for r in rows]

    def head(words):
        return struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<2i8d", 1000, 1, min(xs), min(ys), max(xs), max(ys), 0, 0, 0, 0)

    shp, shx = io.BytesIO(), io.BytesIO()
    for i, r in enumerate(rows):
        shx.write(struct.pack(">2i", 50 + i * 14, 10))
        shp.write(struct.pack(">2i", i + 1, 10) + struct.pack("<i2d", 1, r[0], r[1]))
    width = 1 + sum(w for _, w in fields)
    dbf = struct.pack("<4BIHH16xBBxx", 3, 124, 5, 8, len(rows), 32 + 32 * len(fields) + 1, width, 0, ldid)
    for name, w in fields:
        raw = name.encode(encoding)[:10]
        dbf += raw.ljust(11, b"\0") + b"C" + b"\0" * 4 + bytes([w, 0]) + b"\0" * 14
    dbf += b"\r"
    for r in rows:
        dbf += b" "
        for (_, w), v in zip(fields, r[2:]):
            raw = str(v).encode(encoding)[:w]
            dbf += raw.ljust(w)
    dbf += b"\x1a"
    parts = [(f"{stem}.shp", head(50 + 14 * len(rows)) + shp.getvalue()), (f"{stem}.shx", head(50 + 4 * len(rows)) + shx.getvalue()),
             (f"{stem}.dbf", dbf), (f"{stem}.prj", prj)]
    if cpg:
        parts.append((f"{stem}.cpg", cpg))
    pack(path, parts)


def uscc(first17):
    """A unified social credit code with its check digit."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(ch) * pow(3, i, 31) for i, ch in enumerate(first17))
    return first17 + alphabet[(31 - total % 31) % 31]
