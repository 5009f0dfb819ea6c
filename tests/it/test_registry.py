"""Types nobody wrote C for: rules with clauses, dates of force and successors. They are found from the menu, show
their contents, notices and lineage, and can be counted; all from two files written after docs/reference/model.md."""
import csv
import io
import re
import shutil
import urllib.parse

from xiudai import ROOT, Server, folder, main, run

RULE = """
type: rule_x
path: rules-x
label: {zh: 规章, en: Rule}
about: {zh: 试验用。, en: For trials.}
flow: catalogue
title: name
summary: gist
division: division
time: issued
in_force: valid
keys: [{kind: named, fields: [name]}]
list: [name, sort, issued]
facets: [sort, division, issued, replaces]
fields:
  - {name: name, kind: text, required: true, label: {zh: 名称, en: Name}, search: {weight: 9}}
  - {name: gist, kind: text, label: {zh: 要点, en: Gist}, search: {weight: 2}}
  - {name: sort, kind: term, vocabulary: sorts_x, label: {zh: 类, en: Sort}, facet: {}, search: {weight: 1}}
  - {name: division, kind: division, vocabulary: divisions, label: {zh: 地区, en: Division}, facet: {by: parent}}
  - {name: issued, kind: period, label: {zh: 发布, en: Issued}, facet: {by: decade, years: 1}}
  - {name: valid, kind: period, label: {zh: 有效期, en: Validity}}
  - {name: replaces, kind: link, to: [rule_x], many: true, notice: true, facet: {}, as: {zh: 已被替代, en: Replaced by}, reach: [name], label: {zh: 替代, en: Replaces}}
"""
CLAUSE = """
type: clause_x
path: clauses-x
label: {zh: 条款, en: Clause}
flow: catalogue
parent: rule
title: heading
summary: says
order: position
keys: [{kind: named, fields: [heading]}]
list: [heading, position]
fields:
  - {name: heading, kind: text, required: true, label: {zh: 题, en: Heading}, search: {weight: 9}}
  - {name: says, kind: text, label: {zh: 内容, en: Text}}
  - {name: position, kind: text, label: {zh: 序, en: Position}}
  - {name: rule, kind: link, to: [rule_x], required: true, as: {zh: 条款, en: Clauses}, reach: [name], label: {zh: 所属, en: Of}}
"""
SORTS = """
vocabulary: sorts_x
label: {zh: 类, en: Sort}
terms:
  - {code: a, zh: 办法, en: Measure}
  - {code: b, zh: 意见, en: Opinion}
  - {code: c, zh: 标准, en: Standard}
"""
RULES = """名称,要点,类,地区,发布,有效期,替代
甲办法,管窑,办法,合肥市,2001年,2001-01-01/2010-12-31,
乙办法,管窑和炉,办法,芜湖市,2011年,2011-01-01/2019-12-31,甲办法
丙办法,管炉,办法,,2020年,2020-01-01/..,乙办法
丁意见,炉火,意见,合肥市,2020年,,
"""
CLAUSES = """题,内容,序,所属
第十条,末,10,乙办法
第二条,炉温记录,2,乙办法
总则,起,1,乙办法
第三条,中,3,乙办法
"""


def text(html):
    return re.sub(r"<[^>]+>", " ", html)


def site(d):
    shutil.copytree(ROOT / "data", d / "data")
    model = d / "data" / "model"
    for name, content in (("types/rule_x.yaml", RULE), ("types/clause_x.yaml", CLAUSE), ("vocabularies/sorts_x.yaml", SORTS)):
        (model / name).write_text(content, encoding="utf-8")
    run("model", "check", model)
    for type_name, content in (("rule_x", RULES), ("clause_x", CLAUSES)):
        (d / "t.csv").write_text(content, encoding="utf-8")
        run("import", type_name, d / "t.csv", "--state", "public", "--data", d / "data", store=d / "x.db")
    return Server(d / "x.db", "--data", d / "data")


def found(server, query):
    return re.findall(r'<h3><a href="[^"]*"><span>(?:<mark>)?([^<]*)', server.get("/rules-x?" + query).decode())


def test_types_of_data_alone():
    with folder() as d, site(d) as s:
        ids = {f["properties"]["name"]: f["id"] for f in s.json("/api/collections/rules-x/items?limit=50")["features"]}
        # behind the last door by itself, counted; parts are found there
        last = s.get("/door/govern").decode()
        assert "/rules-x" in last and "/clauses-x" in last, text(last)
        assert ">4<" in re.search(r'href="/rules-x">[^/]*<b>\d+', s.get("/").decode()).group(0) + "<"
        # contents in order, each with an anchor
        page = s.get(f"/rules-x/{ids['乙办法']}").decode()
        anchors = re.findall(r'<li id="(c[^"]+)">', page)
        assert anchors == ["c1", "c2", "c3", "c10"], anchors
        assert "炉温记录" in page and 'href="#c10"' in page
        # said at the top, both ways, and in a word with dates
        top = text(page[page.index("turns"):page.index('class="toc"')])
        assert "替代" in top and "甲办法" in top and "已被替代" in top and "丙办法" in top and "已失效" in top, top
        assert "现行有效" in s.get(f"/rules-x/{ids['丙办法']}").decode()
        assert "有效期未写明" in s.get(f"/rules-x/{ids['丁意见']}").decode()
        # the line of descent, drawn and as a table: three rules, two links
        line = page[page.index('id="line'):]
        assert line.count('class="g"') == 2 and line.count('class="g here"') == 1, line[:2000]
        rows = re.findall(r'<tr><th scope="row"><a[^>]*>([^<]*)</a></th><td>([^<]*)</td><td><a[^>]*>([^<]*)', line)
        assert sorted(rows) == [("丙办法", "替代", "乙办法"), ("乙办法", "替代", "甲办法")], rows


def test_in_force_on_a_day():
    with folder() as d, site(d) as s:
        for day, wanted in (("2005-06-01", ["甲办法"]), ("2011-01-01", ["乙办法"]), ("2026-01-01", ["丙办法"]), ("1999-01-01", [])):
            assert found(s, f"on={day}") == wanted, day
            assert s.json(f"/api/collections/rules-x/items?on={day}")["numberMatched"] == len(wanted), day
        assert "1 条没有写明有效期" in s.get("/rules-x?on=2005-06-01").decode()
        assert s.get("/api/collections/rules-x/items?on=yesterday", expect=400)
        assert s.get("/api/collections/clauses-x/items?on=2005-06-01", expect=400)
        lines = list(csv.reader(io.StringIO(s.get("/rules-x.csv?on=2005-06-01").decode("utf-8-sig"))))
        assert len(lines) == 2, lines


def test_counts_add_up():
    with folder() as d, site(d) as s:
        def counts(query):
            rows = list(csv.reader(io.StringIO(s.get("/rules-x/statistics.csv?" + query).decode("utf-8-sig"))))[1:]
            return {(r[0], r[2]): int(r[3]) for r in rows}
        all_ = counts("")
        assert all_[("类", "办法")] == 3 and all_[("类", "意见")] == 1 and all_[("类", "标准")] == 0, all_
        assert all_[("地区", "合肥市")] == 2 and all_[("地区", "未写明")] == 1, all_
        assert all_[("发布", "未写明")] == 0, all_
        # a condition on the very thing counted holds for the count too
        some = counts("sort=a")
        assert some[("类", "办法")] == 3 and some[("类", "意见")] == 0 and some[("地区", "合肥市")] == 1, some
        page = s.get("/rules-x?show=statistics&sort=a").decode()
        assert "找到 3 条" in page and "未写明" in page and page.count('class="stat"') == 4
        # a link is counted by the record it leads to, called as that is called
        assert all_[("替代", "甲办法")] == all_[("替代", "乙办法")] == 1 and all_[("替代", "未写明")] == 2, all_
        bars = s.json("/api/collections/rules-x/facets?facets=replaces")["facets"]["replaces"]["counts"]
        assert sorted((b["label"], b["count"]) for b in bars if b["value"]) == [("乙办法", 1), ("甲办法", 1)], bars
        for bar in bars:
            found_ = s.json(f"/api/collections/rules-x/items?replaces={bar['value']}")["numberMatched"]
            assert found_ == bar["count"], (bar, found_)
        sheet = s.get("/data/overview").decode()
        sheet = sheet[sheet.index("<main"):]
        row = text(sheet[sheet.index(">规章<"):sheet.index("</tr>", sheet.index(">规章<"))]).split()
        assert row[-1] == "4" and row[-2] == "1", row
        assert "/data/rules-x" in s.get("/data").decode() and "有效期" in s.get("/data/rules-x").decode()


def test_why_found():
    with folder() as d, site(d) as s:
        page = s.get("/rules-x?q=" + urllib.parse.quote("意见")).decode()
        assert 'class="why"' not in page  # the name shows it
        page = s.get("/clauses-x?q=" + urllib.parse.quote("第二条")).decode()
        assert 'class="why"' not in page
        page = s.get("/rules-x?q=" + urllib.parse.quote("办法 合肥")).decode()
        assert "</html>" in page


if __name__ == "__main__":
    main(globals())
