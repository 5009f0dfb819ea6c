"""Reports on a record: the review of a plan as a page, DOCX and XLSX, from live records, with what is
missing said; the form is data, so a record of any type may have one. About 8 s of one core."""
import html
import io
import re
import shutil
import xml.etree.ElementTree as ET
import zipfile

from test_plan import find, load_sample, table, text
from xiudai import ROOT, Server, folder, load_seed, main, run

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORM = """
type: museum
label: {zh: 馆情, en: State}
title: {zh: "{title}馆情", en: "State of {title}"}
parts:
  - title: {zh: 概况, en: At a glance}
    facts: [kind, {value: collection_size, none: {zh: 没有清点, en: not counted}}]
  - title: {zh: 缺项, en: Missing}
    missing: true
"""


def parts_of(data):
    """Every part of an Office file, each read as XML: what is not well-formed fails here."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        return {name: ET.fromstring(book.read(name)) for name in book.namelist()}


def paragraphs(docx):
    """(style, text) in their order, those in tables too."""
    for p in parts_of(docx)["word/document.xml"].iter(W + "p"):
        style = p.find(f"{W}pPr/{W}pStyle")
        yield style.get(W + "val") if style is not None else "", "".join(t.text or "" for t in p.iter(W + "t"))


def sheets(xlsx):
    """{name: rows}, a row as its cells' texts and numbers."""
    parts = parts_of(xlsx)
    shared = ["".join(t.text or "" for t in si.iter(S + "t")) for si in parts["xl/sharedStrings.xml"]]
    for i, sheet in enumerate(parts["xl/workbook.xml"].find(S + "sheets"), 1):
        rows = []
        for row in parts[f"xl/worksheets/sheet{i}.xml"].iter(S + "row"):
            cells = [(c.get("t"), c.findtext(S + "v")) for c in row]
            rows.append([shared[int(v)] if t == "s" else float(v) if v is not None else None for t, v in cells])
        yield sheet.get("name"), rows


def test_a_review_of_the_plan():
    with folder() as d:
        load_seed(d / "s.db")
        load_sample(d / "s.db")
        with Server(d / "s.db") as site:
            plan = find(site, "plans", "2021—2025")
            national = site.json("/api/collections/heritage/items?limit=1&level=national")["numberMatched"]
            page = text(site.get(f"/plans/{plan}/report"))
            docx = site.get(f"/plans/{plan}/report.docx")
            book = dict(sheets(site.get(f"/plans/{plan}/report.xlsx")))
            said = list(paragraphs(docx))
            tasks = site.json("/api/collections/tasks/items?limit=1000")["features"]
            names = [f["properties"]["name"] for f in sorted(tasks, key=lambda f: int(f["properties"]["code"]))]
            # every measure, in the plan's order, on paper, page and sheet
            headings = [t for style, t in said if style == "Heading2"]
            assert [re.sub("^（.*?）", "", h) for h in headings] == names, headings
            assert all(f"）{name}" in page for name in names)
            assert [row[0] for row in book["任务概况"][1:]] == names, book["任务概况"][:3]
            # numbers are the query's, as numbers
            line = next(row for row in book["指标"] if row[0] == "国家工业遗产")
            assert line[4] == national and isinstance(line[1], float), line
            assert re.search(rf"国家工业遗产\|[^\n]*\|{national}\|处\|", re.sub(r"\|+", "|", page)), page[:2000]
            # what is not there is said, where it is not and once more in the list
            flat = [t for _, t in said]
            assert flat.count("进展：未填") == len(names) and "未设时限" in flat
            gaps = {row[0]: row[1] for row in book["缺项"][1:]}
            assert gaps["进展"] == len(names) and gaps["佐证"] == len(names), gaps
            assert gaps["填报数"] == 38, gaps
            # a year of the plan, and none other
            year = site.get(f"/plans/{plan}/report?year=2023").decode()
            assert "2023年度总结" in year and "期初 2022-12" in year and "期末 2023-12" in year
            status, _, body = site.ask("GET", f"/plans/{plan}/report?year=2020")
            assert status == 404 and "2021 年到 2025 年" in body.decode()
            assert site.ask("GET", "/museums/1/report")[0] == 404
            # English has no Chinese heading
            english = [t for style, t in paragraphs(site.get(f"/en/plans/{plan}/report.docx")) if style == "Heading1"]
            assert english[0].startswith("1") and not re.search("[\u4e00-\u9fff]", "".join(english)), english
            # the command writes what the address gives
            run("report", "plan", plan, d / "r.docx", store=d / "s.db", env={"LC_ALL": "zh_CN.UTF-8"})
            theirs = [t for style, t in paragraphs((d / "r.docx").read_bytes())]
            assert [t for t in theirs if "本文由" not in t] == [t for t in flat if "本文由" not in t]
            # samples: marked, with what they have of reports, evidence and differences
            sample = find(site, "plans", "S-PLAN", True)
            said = [t for _, t in paragraphs(site.get(f"/plans/{sample}/report.docx"))]
            assert "虚构" in said[0] and "【示例】讲堂签到表" in said and "虚构的问题" in said, said[:5]
            at = said.index("六、填报与实时记录的差异")
            assert "芜湖市" in said[at:at + 20] and "合肥市" not in said[at:at + 20], said[at:at + 20]
            opened = html.unescape(site.get(f"/plans/{plan}").decode())
            assert f"/plans/{plan}/report" in opened, "the plan's page leads to its report"


def test_a_form_is_data():
    with folder() as d:
        shutil.copytree(ROOT / "data", d / "data")
        (d / "data" / "reports" / "museum.yaml").write_text(FORM, encoding="utf-8")
        (d / "data" / "reports" / "wrong.yaml").write_text(FORM.replace("kind,", "kinds,"), encoding="utf-8")
        header = ["名称", "类型", "市"]
        run("import", "museum", table(d / "m.csv", header, ["甲<馆>&乙", "企业博物馆", "合肥市"]), "--state", "public",
            "--data", d / "data", store=d / "s.db")
        with Server(d / "s.db", "--data", d / "data") as site:
            museum = find(site, "museums", "甲")
            page = text(site.get(f"/museums/{museum}/report"))
            assert "甲<馆>&乙馆情" in page and "|企业|" in page and "没有清点" in page, page
            said = [t for _, t in paragraphs(site.get(f"/museums/{museum}/report.docx"))]
            assert said[0] == "甲<馆>&乙馆情" and "没有清点" in said, said
            with open(site.log.name, encoding="utf-8") as log:
                log = log.read()
            assert "wrong.yaml" in log and "has no kinds" in log, log[-2000:]


if __name__ == "__main__":
    main(globals())
