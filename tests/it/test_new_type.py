#!/usr/bin/env python3
"""A type the program has never seen, written from docs/reference/model.md alone: seventeen fields of fourteen kinds, a
vocabulary, a part with clauses of its own. From the moment the files are there it has a template, import, list, facets,
map, record page, statistics, API and tables out and in again, in both languages. About 4 s of one core."""
import csv
import html
import io
import json
import re
import shutil
import urllib.parse
import zipfile

from xiudai import ROOT, Server, folder, import_json, main, run

CRANE = """
type: crane_x
path: cranes-x
label: {zh: 起重设备, en: Crane}
plural: {zh: 起重设备, en: Cranes}
about: {zh: 老厂区留下的起重机。, en: Cranes left in old works.}
number: "{division}-QZ-{serial:3}"
flow: catalogue
title: name
summary: story
place: site
division: division
time: built
level: state_x
rest: notes
in_force: permit
schema_org: [Thing]
keys:
  - {kind: source, fields: [plate], unique: true}
  - {kind: named, fields: [name, division]}
rows:
  ignore: [序号]
  source: [资料来源]
  confidence: [可信度]
list: [name, state_x, lift, built]
facets: [state_x, works, moves, built, division, lift]
computed:
  - {value: parts_n, label: {zh: 部件数, en: Parts}, count: {type: crane_part_x, link: crane}}
  - value: lamp
    label: {zh: 状况灯, en: Lamp}
    light:
      - {is: red, label: {zh: 超载, en: Overloaded}, when: "lift > 100"}
      - {is: green, label: {zh: 正常, en: Fine}}
fields:
  - {name: name, kind: text, langs: [zh, en], required: true, label: {zh: 设备名称, en: Name}, search: {weight: 9, pinyin: true}, aliases: {zh: [名称], en: [英文名]}}
  - {name: plate, kind: identifier, label: {zh: 铭牌号, en: Plate}, search: {weight: 3}, aliases: [设备编号]}
  - {name: state_x, kind: term, vocabulary: crane_states_x, label: {zh: 现状, en: State}, facet: {}, map: colour, otherwise: notes}
  - {name: lift, kind: number, unit: t, unit_label: {zh: 吨, en: t}, units: {公斤: 1/1000, 千克: 1/1000}, decimals: 1, min: 0, max: 2000, label: {zh: 起重量, en: Lift}, facet: {}, sort: true}
  - {name: moves, kind: boolean, label: {zh: 能否开动, en: Still moves}, facet: {}}
  - {name: built, kind: period, label: {zh: 制造时间, en: Built}, facet: {by: decade}, sort: true, aliases: [出厂]}
  - {name: permit, kind: period, label: {zh: 使用登记有效期, en: Permit}, aliases: {from: [登记日], to: [登记到期]}}
  - {name: site, kind: place, label: {zh: 位置, en: Place}, aliases: {lon: [经度], lat: [纬度]}}
  - {name: division, kind: division, vocabulary: divisions, label: {zh: 所在地, en: Division}, facet: {by: parent}, aliases: {name: [属地], prefecture: [市], county: [县]}}
  - {name: works, kind: link, to: [heritage, crane_x], many: true, as: {zh: 场内起重设备, en: Cranes of it}, reach: [name], facet: {}, label: {zh: 所属厂区, en: Works}, fields: [{name: bay, kind: text, label: {zh: 跨, en: Bay}}]}
  - {name: size, kind: group, label: {zh: 尺寸, en: Size}, fields: [{name: span, kind: number, unit: m, decimals: 1, label: {zh: 跨度, en: Span}}, {name: rail, kind: text, label: {zh: 轨道, en: Rail}}]}
  - {name: story, kind: markdown, langs: [zh, en], label: {zh: 来历, en: Story}, search: {weight: 2}, aliases: {zh: [说明], en: [story_en]}}
  - {name: open_when, kind: hours, label: {zh: 开动时间, en: Runs}}
  - {name: desk_phone, kind: phone, label: {zh: 值班电话, en: Desk}}
  - {name: keeper, kind: contact, personal: true, label: {zh: 看护人, en: Keeper}}
  - {name: page, kind: url, label: {zh: 网页, en: Page}}
  - {name: ask_x, kind: query, label: {zh: 同类条件, en: Query}}
  - {name: notes, kind: text, many: true, label: {zh: 备注, en: Notes}}
"""
PART = """
type: crane_part_x
path: crane-parts-x
label: {zh: 起重设备部件, en: Crane part}
flow: catalogue
parent: crane
title: name
summary: says
order: position
keys: [{kind: named, fields: [name, crane]}]
fields:
  - {name: name, kind: text, required: true, label: {zh: 部件, en: Part}, search: {weight: 5}}
  - {name: crane, kind: link, to: [crane_x], required: true, as: {zh: 部件, en: Parts}, reach: [name], label: {zh: 所属设备, en: Crane}}
  - {name: position, kind: number, label: {zh: 次序, en: Position}}
  - {name: says, kind: text, label: {zh: 说明, en: Note}}
"""
STATES = """
vocabulary: crane_states_x
label: {zh: 起重设备现状, en: State of a crane}
terms:
  - {code: kept, zh: 原地保存, en: Kept in place, aliases: [原址], colour: 0, shape: circle}
  - {code: moved, zh: 移走, en: Moved, colour: 1, shape: square}
"""
CRANES = """序号,名称,英文名,设备编号,现状,起重量（公斤）,能否开动,出厂,登记日,登记到期,经度,纬度,市,县,所属厂区,size.span,size.rail,说明,story_en,开动时间,值班电话,看护人,网页,油漆颜色,资料来源,可信度
1,一号桥机,Crane one,QZ-01,原址,50000,是,五十年代初,1958年,1999年,117.27,31.86,合肥市,,试验厂,28.5,轻轨,苏联造的**桥机**,Made *there*,周六 9:00-11:00,0551-62600000,张某,https://example.org/1,绿,清册,高
2,二号塔机,Crane two,QZ-02,移走,120000,否,1965年,2001年,,,,铜陵市,,QZ-01,,,,,,,,,,清册,中
"""


def rows_of(site, path):
    return list(csv.DictReader(io.StringIO(site.get(path).decode("utf-8-sig"))))


def test_a_type_from_the_reference_alone():
    with folder() as d:
        shutil.copytree(ROOT / "data", d / "data")
        model, data, store = d / "data" / "model", ("--data", d / "data"), d / "s.db"
        for name, text in (("types/crane_x", CRANE), ("types/crane_part_x", PART), ("vocabularies/crane_states_x", STATES)):
            (model / f"{name}.yaml").write_text(text, encoding="utf-8")
        run("model", "check", model)
        (d / "h.csv").write_text("名称,市\n试验厂,合肥市\n", encoding="utf-8")
        (d / "c.csv").write_text(CRANES, encoding="utf-8")
        (d / "p.csv").write_text("部件,所属设备,次序,说明\n吊钩,QZ-01,2,锻造\n大车,一号桥机,1,四轮\n", encoding="utf-8")
        run("import", "heritage", d / "h.csv", "--state", "public", *data, store=store)
        report = import_json("crane_x", d / "c.csv", "--state", "public", *data, store=store)
        assert report["new"] == 2 and report["refused"] == 0, report
        report = import_json("crane_part_x", d / "p.csv", "--state", "public", *data, store=store)
        assert report["new"] == 2, report
        run("template", "crane_x", d / "t.xlsx", *data, store=store, env={"LC_ALL": "zh_CN.UTF-8"})
        with zipfile.ZipFile(d / "t.xlsx") as book:
            sheet = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xml"))
        assert all(word in sheet for word in ("设备名称", "起重量", "看护人", "原地保存")), "the template asks for its fields"
        with Server(store, *data) as site:
            found = site.json("/api/collections/cranes-x/items?limit=9")
            one, two = sorted(found["features"], key=lambda f: f["properties"]["plate"])
            said = one["properties"]
            # every kind came to its own value
            assert said["name_en"] == "Crane one" and said["lift"] == 50 and said["moves"] is True, said
            assert said["state_x"] == "kept" and said["state_x_label"] == "原地保存" and said["number"] == "340100-QZ-001", said
            assert said["built_from"] == 1950 and said["permit_to"] == 1999 and one["geometry"]["coordinates"] == [117.27, 31.86], one
            assert said["works"] == "试验厂" and "油漆颜色" in json.dumps(said["notes"], ensure_ascii=False), said
            assert two["properties"]["works"] == "一号桥机" and "张某" not in json.dumps(found, ensure_ascii=False)
            schema = site.json("/api/collections/cranes-x/schema")["properties"]
            asked = site.json("/api/collections/cranes-x/queryables")["properties"]
            for name in ("plate", "state_x", "lift", "moves", "built", "permit", "division", "works"):
                assert name in schema and name in asked, (name, sorted(asked))
            assert "keeper" not in schema and "keeper" not in asked
            # asked for in any way, in both languages
            for query, wanted in (("q=yihaoqiaoji", 1), ("q=QZ-02", 1), ("lift=50", 1), ("state_x=moved", 1), ("moves=true", 1),
                                  ("division=340100", 1), ("on=1980-01-01", 1), ("lamp=red", 1),
                                  ("filter=" + urllib.parse.quote("works.name = '试验厂' AND lift < 100 AND built_from < 1960"), 1),
                                  ("filter=" + urllib.parse.quote("S_INTERSECTS(site, POLYGON((117 31,118 31,118 32,117 32,117 31)))"), 1)):
                answer = site.json(f"/api/collections/cranes-x/items?{query}")
                assert answer["numberMatched"] == wanted, (query, answer["numberMatched"])
            facets = site.json("/api/collections/cranes-x/facets?facets=*")["facets"]
            assert set(facets) >= {"state_x", "works", "moves", "built", "division", "lift"}, sorted(facets)
            for lang, words in (("", ("起重设备", "一号桥机", "起重量", "原地保存", "状况灯")),
                                ("/en", ("Cranes", "Crane one", "Lift", "Kept in place", "Lamp"))):
                listed = html.unescape(site.get(f"{lang}/cranes-x").decode())
                page = html.unescape(site.get(f"{lang}/cranes-x/{said['number']}").decode())
                for word in words:
                    assert word in listed + page, (lang, word)
                assert "50" in page and "28.5" in page and "0551-62600000" in page and "张某" not in page, lang
                assert re.findall(r'<li id="(c[^"]+)"', page) == ["c1", "c2"] and "吊钩" in page, "its parts, in their order"
                assert "苏联造的桥机" in page or "Made there" in page, (lang, "a summary shows words, no marks")
                heritage = site.json("/api/collections/heritage/items?limit=1")["features"][0]["id"]
                assert "一号桥机" in site.get(f"/heritage/{heritage}").decode(), "seen from the other side"
                assert site.get(f"{lang}/cranes-x?show=statistics") and site.get(f"{lang}/map?type=crane_x")
            assert site.get("/cranes-x.geojson")
            tile = site.ask("GET", "/api/collections/cranes-x/tiles/WebMercatorQuad/5/13/26")
            assert tile[0] == 200 and len(tile[2]) > 50, tile[:2]
            counted = rows_of(site, "/cranes-x/statistics.csv")
            assert any("移走" in row.values() for row in counted), counted
            assert "起重设备" in site.get("/door/govern").decode() and "起重设备" in site.get("/data").decode()
        # out and in again changes nothing
        for ending in ("csv", "xlsx"):
            run("export", "crane_x", d / f"out.{ending}", *data, store=store)
            again = import_json("crane_x", d / f"out.{ending}", "--dry-run", *data, store=store)
            assert again["unchanged"] == 2 and not again["new"] + again["changed"] + again["refused"], again


if __name__ == "__main__":
    main(globals())
