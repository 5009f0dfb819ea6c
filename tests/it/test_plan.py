"""The plan and its tracking: the sample set lights every lamp and is counted nowhere; a changed record
changes its light; a task without evidence cannot be done; what units report stands beside what the
records say; a plan of another shape is nothing but data."""
import csv
import html
import json
import re
import time
import urllib.parse

from xiudai import ROOT, Server, folder, import_json, load_seed, run

SAMPLE = ROOT / "data" / "sample"


def rows_of(name):
    for line in (SAMPLE / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def load_sample(store):
    for type_name, file, state in rows_of("load.tsv"):
        run("import", type_name, SAMPLE / file, "--state", state, store=store)


def text(page):
    page = page.decode()
    page = page[page.index("<main"):page.index("</main>")]
    return html.unescape(re.sub(r"\|+", "|", re.sub(r"<[^>]+>|\n", "|", page)))


def find(site, path, name, samples=False):
    query = "filter=" + urllib.parse.quote("state = 'example'") + "&" if samples else ""
    for feature in site.json(f"/api/collections/{path}/items?{query}limit=1000")["features"]:
        if name in json.dumps(feature["properties"], ensure_ascii=False):
            return feature["id"]
    raise AssertionError(f"nothing in {path} is called {name}")


def table(path, header, *lines):
    with open(path, "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([header, *lines])
    return path


def line_of(page, name):
    """The part of a page's text from a name to the end of its line in the tree."""
    at = page.index(name)
    return page[at:at + 120]


def test_the_shipped_plan():
    with folder() as d:
        load_seed(d / "s.db")
        with Server(d / "s.db") as site:
            plan = find(site, "plans", "2021—2025")
            page = text(site.get(f"/plans/{plan}"))
            tasks = site.json("/api/collections/tasks/items?limit=1000")["features"]
            order = [int(task["properties"]["code"]) for task in tasks]
            assert order == sorted(order) and order[-1] > 9, "lists count as the plan does"
            for task in tasks:
                assert task["properties"]["name"] in page or task["properties"]["name"]["zh"] in page, task
            assert page.count("未设量化目标") >= len(tasks), "targets that the plan does not set are made up"
            for light in ("已完成", "逾期", "正常", "■", "▲"):
                assert f"|{light}|" not in page.split("由记录算出")[0], light
            national = site.json("/api/collections/heritage/items?limit=1&level=national")["numberMatched"]
            assert f"国家工业遗产 |{national} " in page, page[:3000]
            english = text(site.get(f"/en/plans/{plan}"))
            assert "No target set" in english and "Computed from records" in english
            indicator = text(site.get(f"/indicators/{find(site, 'indicators', '国家工业遗产')}"))
            assert "由记录自身日期推算" in indicator and f"实时值|{national}|" in indicator
            # 广德 is one of the units, and its records are not counted in 宣城 as well
            units = indicator[indicator.index("填报单位"):]
            shown = [int(n) for n in re.findall(r"[市县]\|(\d+)\|", units[:units.index("开发区")])]
            assert sum(shown) == national, (shown, national)
            assert len(site.get(f"/plans/{plan}")) < 120_000


def counts(site):
    """Everything that counts: lists, facets, headline, search, tiles, suggestions."""
    told = {}
    for c in site.json("/api/collections")["collections"]:
        items = site.json(f"/api/collections/{c['id']}/items?limit=1")
        told[c["id"], "items"] = items["numberMatched"]
        told[c["id"], "facets"] = site.json(f"/api/collections/{c['id']}/facets?facets=*")
        told[c["id"], "found"] = site.json(f"/api/collections/{c['id']}/items?limit=1&q=" +
                                           urllib.parse.quote("示例"))["numberMatched"]
        told[c["id"], "suggest"] = site.json(f"/api/collections/{c['id']}/suggest?q=" + urllib.parse.quote("示例"))
        page = site.get(f"/{c['id']}").decode()
        told[c["id"], "said"] = re.findall(r'class="count"[^>]*>([^<]*)', page)
    told["home"] = text(site.get("/"))
    told["csv"] = {c: site.get(f"/{c}.csv").count(b"\n") for c in ("plans", "tasks", "indicators")}
    return told


def test_samples_are_shown_and_counted_nowhere():
    with folder() as d:
        load_seed(d / "s.db")
        with Server(d / "s.db") as site:
            before = counts(site)
            page = text(site.get(f"/plans/{find(site, 'plans', '2021—2025')}"))
            heritage = site.json("/api/collections/heritage/items?limit=1000")["features"]
            touched = [f for f in heritage if "合肥钢铁厂" in json.dumps(f, ensure_ascii=False)][0]["id"]
            touched_page = site.get(f"/heritage/{touched}")
            load_sample(d / "s.db")
            deadline = time.monotonic() + 10
            while "【示例】" not in text(site.get("/plans?filter=" + urllib.parse.quote("state = 'example'"))):
                assert time.monotonic() < deadline, "the sample never came"
                time.sleep(0.05)
            after = counts(site)
            for key in before:
                assert before[key] == after[key], (key, before[key], after[key])
            assert text(site.get(f"/plans/{find(site, 'plans', '2021—2025')}")) == page
            assert text(site.get(f"/heritage/{touched}")) == text(touched_page), "a sample stands on a real page"
            # marked on every page of its own, zh and en
            shown = 0
            query = "filter=" + urllib.parse.quote("state = 'example'")
            for path in [c["id"] for c in site.json("/api/collections")["collections"]]:
                samples = site.json(f"/api/collections/{path}/items?limit=100&{query}")["features"]
                # every type has something to look at, be it real or made up
                assert samples or after[path, "items"] > 0, f"{path}: neither a record nor a sample"
                for feature in samples:
                    for lang, note in (("", "不计入任何统计"), ("/en", "counted nowhere")):
                        one = site.get(f"{lang}/{path}/{feature['id']}").decode()
                        assert note in one and 'name="robots" content="noindex"' in one, (path, feature["id"])
                    shown += 1
                    assert feature["properties"]["state"] == "example"
            assert shown >= 40, shown
            sample = text(site.get(f"/plans/{find(site, 'plans', 'S-PLAN', True)}"))
            for light in ("✓|已达标", "✓|已完成", "▲|时间过半未启动", "■|逾期", "■|下级有红灯", "○|未设量化目标"):
                assert light in sample or light.replace("|", " ") in sample, (light, sample)


def computed_values_go_out(site, samples, d):
    """Lights in the API and in tables, in their order, page by page; what comes back is left alone and said to be."""
    items = "/api/collections" + samples.replace("?", "/items?")
    whole = site.json(items + "&sortby=light&computed=true&limit=100")["features"]
    lights = [f["properties"]["computed_light"] for f in whole]
    assert lights == sorted(lights, key=["red", "yellow", "green", "grey", None].index) and "red" in lights, lights
    assert all(f["properties"]["computed_light_label"] for f in whole)
    one = site.json(f"/api/collections/tasks/items/{whole[0]['id']}?computed=true")["properties"]
    assert one == whole[0]["properties"] and isinstance(one["computed_steps"], int), one
    assert not any(k.startswith("computed_") for k in site.json(items)["features"][0]["properties"])
    walked, address = [], items + "&sortby=light&limit=3"
    while address:
        page = site.json(address[address.index("/api/"):])
        walked += [f["id"] for f in page["features"]]
        address = next((l["href"] for l in page["links"] if l["rel"] == "next"), None)
    assert walked == [f["id"] for f in whole], walked
    site.get(items + "&sortby=light&cursor=light:x", expect=400)
    assert "computed=true" in site.get(samples).decode(), "the table with lights is offered"
    (d / "out.csv").write_bytes(site.get(samples.replace("tasks?", "tasks.csv?") + "&sortby=-light&computed=true"))
    lines = list(csv.DictReader((d / "out.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [l["现算：进度灯"] for l in lines][-1] in ("逾期", "下级有红灯", "指标落后") and len(lines) == len(whole), lines
    again = import_json("plan_task", d / "out.csv", "--dry-run", store=d / "s.db")
    assert again["changed"] == again["new"] == again["refused"] == 0, again
    assert sum(p["code"] == "column.computed" for p in again["problems"]) == 14, again["problems"][:3]


def test_changing_one_record_changes_its_light_within_a_second():
    with folder() as d:
        load_seed(d / "s.db")
        load_sample(d / "s.db")
        with Server(d / "s.db") as site:
            plan = find(site, "plans", "S-PLAN", True)
            name = "【示例】公布第一批名录"
            assert "■|逾期" in line_of(text(site.get(f"/plans/{plan}")), name)
            samples = "/tasks?filter=" + urllib.parse.quote("state = 'example'")
            listed = text(site.get(samples))
            assert "■|逾期" in line_of(listed, name) and "■ 红灯| |3|" in listed, listed[:1500]
            assert name in text(site.get(samples + "&light=red")) and name not in text(site.get(samples + "&light=green"))
            assert "|■ 逾期|" in text(site.get(samples + "&show=table"))
            red = site.json("/api/collections" + samples.replace("?", "/items?") + "&light=red")["numberMatched"]
            assert red == 3 and site.get(samples.replace("tasks?", "tasks.csv?") + "&light=red").count(b"\n") == 4
            assert site.json("/api/collections/tasks/items?light=red")["numberMatched"] == 0
            computed_values_go_out(site, samples, d)
            change = table(d / "t.csv", ["id", "任务名称", "所属计划", "任务类别", "计划完成"],
                           ["S-1-2", name, "S-PLAN", "里程碑", "2098-01-01"])
            report = import_json("plan_task", change, store=d / "s.db")
            assert report["changed"] == 1, report
            done = time.monotonic()
            while "✓|正常" not in line_of(text(site.get(f"/plans/{plan}")), name):
                assert time.monotonic() < done + 1, line_of(text(site.get(f"/plans/{plan}")), name)
                time.sleep(0.02)
            page = text(site.get(samples + "&light=green"))  # lists work lights out of the same records
            assert "✓|正常" in line_of(page, name) and "■ 红灯| |3|" not in page, page[:1500]
            assert name not in text(site.get(samples + "&light=red"))
            # and what stands above it is no longer red through it
            assert "■" not in line_of(text(site.get(f"/plans/{plan}")), "【示例】查清家底")[:40]


def test_no_evidence_no_done():
    with folder() as d:
        load_seed(d / "s.db")
        load_sample(d / "s.db")
        header = ["id", "任务名称", "所属计划", "任务类别", "任务状态"]
        line = ["S-4", "【示例】对外交流", "S-PLAN", "保障措施", "已完成"]
        report = import_json("plan_task", table(d / "t.csv", header, line), store=d / "s.db", expect=1)
        problem = [p for p in report["problems"] if p["code"] == "guard"][0]
        assert "without evidence" in problem["reason"], problem
        assert report["refused"] == 1 and report["changeset"] in (0, None), report
        proof = table(d / "e.csv", ["id", "佐证名称", "佐证的任务"], ["S-E-9", "【示例】协议", "S-4"])
        run("import", "evidence", proof, "--state", "example", store=d / "s.db")
        report = import_json("plan_task", d / "t.csv", store=d / "s.db")
        assert report["changed"] == 1 and report["refused"] == 0, report
        bad = table(d / "i.csv", ["指标名称", "统计对象", "统计条件"], ["坏的", "工业遗产", "没有这个字段 = 1"],
                    ["更坏的", "没有这类", ""])
        report = import_json("indicator", bad, store=d / "s.db", expect=1)
        assert {p["code"] for p in report["problems"] if p["code"] == "query"} == {"query"}, report
        assert report["refused"] == 2, report


def test_reports_stand_beside_live_records():
    with folder() as d:
        load_seed(d / "s.db")
        load_sample(d / "s.db")
        with Server(d / "s.db") as site:
            page = text(site.get(f"/indicators/{find(site, 'indicators', '达到5处', True)}"))
            assert "✓|与实时记录相符|合肥市|2025年|2|2|0|" in page.replace("|合肥市|合肥市|", "|合肥市|") or \
                   re.search(r"与实时记录相符\|合肥市\|2025年\|2\|2\|0", page), page
            assert re.search(r"与实时记录不符\|芜湖市\|2025年\|3\|0\|3", page), page
            assert re.search(r"本站记录分不到该单位\|合肥高新技术产业开发区\|2025年\|1\|—\|—", page), page


def units_of(page):
    """Small multiples of an indicator's page: unit and figure."""
    return {n: v for n, v in re.findall(r"<li>(?:<a [^>]*>|<span>)([^<]+)</\w+><svg.*?</svg><b>([^<]*)</b></li>", page) if v.isdigit()}


def test_a_zone_is_told_by_its_edge_and_nothing_counts_twice():
    with folder() as d:
        load_seed(d / "s.db")
        with Server(d / "s.db") as site:
            address = f"/indicators/{find(site, 'indicators', '国家工业遗产')}"
            before = units_of(site.get(address).decode())
            national = site.json("/api/collections/heritage/items?limit=1&level=national")["numberMatched"]
            assert sum(map(int, before.values())) == national and before["亳州市"] == "1", before
            # 古井贡酒's place is known to the site; an edge around it, and a wider one around that
            run("import", "reporting_unit", table(
                d / "z.csv", ["填报单位名称", "单位类别", "所在地", "边界"],
                ["试验开发区", "开发区", "亳州市", "POLYGON((115.6 33.9,115.7 33.9,115.7 34.1,115.6 34.1,115.6 33.9))"],
                ["试验大区", "开发区", "亳州市", "POLYGON((115 33,116 33,116 35,115 35,115 33))"]), "--state", "public", store=d / "s.db")
            deadline = time.monotonic() + 60
            while site.json("/api/collections/units/items?limit=1&q=" + urllib.parse.quote("试验"))["numberMatched"] < 2:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            after = units_of(site.get(address).decode())
            assert after["试验开发区"] == "1" and after["试验大区"] == "0" and after["亳州市"] == "0", after
            assert sum(map(int, after.values())) == national, after
            plan = site.get(f"/plans/{find(site, 'plans', '2021—2025')}").decode()
            tree, indicators = plan.index('class="items tree"'), plan.index("<details class=\"months\"><summary>展开全表")
            assert tree < plan.index("工业遗产保护利用") < indicators, "the measures first, then the table of indicators, folded"


def test_workbooks_go_out_and_a_folder_comes_back():
    import zipfile
    with folder() as d:
        load_seed(d / "s.db")
        out = d / "out"
        run("returns", "progress_report", "unit", out, "--about", "indicator", store=d / "s.db",
            env={"LC_ALL": "zh_CN.UTF-8"})
        books = sorted(out.iterdir())
        assert len(books) == 38 and out / "广德市.xlsx" in books, [b.name for b in books][:5]
        with zipfile.ZipFile(out / "广德市.xlsx") as book:
            words = book.read("xl/worksheets/sheet1.xml").decode()
        assert "广德市" in words and "国家工业遗产" in words and "合肥市" not in words, words[:500]
        # what comes back: some as the workbook's own columns, one that is no table at all
        back = d / "back"
        back.mkdir()
        header = ["填报单位", "指标", "填报期", "填报数"]
        table(back / "合肥市.csv", header, ["合肥市", "国家工业遗产", "2025年", "2"])
        table(back / "宣城市.csv", header, ["宣城市", "国家工业遗产", "2025年", "9"])
        (back / "坏.csv").write_bytes(b"\x00\x01\x02" * 50)
        (back / ".DS_Store").write_bytes(b"x")
        said, err = run("import", "progress_report", back, "--json", "--state", "public", store=d / "s.db", expect=1)
        reports = json.loads(said)
        assert [r and r["new"] for r in reports] == [1, None, 1], (said[:2000], err[:2000])
        run("import", "progress_report", out / "广德市.xlsx", "--dry-run", store=d / "s.db", expect=None)
        with Server(d / "s.db") as site:
            page = text(site.get(f"/indicators/{find(site, 'indicators', '国家工业遗产')}"))
            assert re.search(r"与实时记录相符\|合肥市\|2025年\|2\|2\|0", page), page[:3000]
            assert re.search(r"与实时记录不符\|宣城市\|2025年\|9\|\d\|\d", page), page[:3000]


def fill(source, target, answers):
    """The workbook as a unit sends it back: cells of some lines filled in, the others as they came."""
    import zipfile
    with zipfile.ZipFile(source) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    header = re.findall(r'<c r="([A-Z]+)1"[^>]*><is><t>([^<]*)', sheet)
    at = {name: column for column, name in header}
    for name, cells in answers.items():
        row = int(re.search(rf'<c r="{at["指标"]}(\d+)"[^>]*><is><t>{name}</t>', sheet).group(1))
        for column, value in cells.items():
            cell = f'{at[column]}{row}'
            kind = f'<c r="{cell}"><v>{value}</v></c>' if isinstance(value, int) else \
                f'<c r="{cell}" t="inlineStr"><is><t>{value}</t></is></c>'
            sheet = re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)', "", sheet)
            before = [c for c, _ in header if len(c) == 1 and c < at[column]]
            ends = [m.end() for c in before for m in [re.search(rf'<c r="{c}{row}"[^>]*?(?:/>|>.*?</c>)', sheet)] if m]
            sheet = sheet[:max(ends)] + kind + sheet[max(ends):]
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with zipfile.ZipFile(target, "w") as book:
        for name, part in parts.items():
            book.writestr(name, part)


def test_a_unit_answers_what_it_can():
    """Workbooks as they went out, a few lines filled in: the others are passed over, figures stand beside live
    ones, 广德 and 宿松 beside their cities and a zone, none counted twice. About 5 s of one core."""
    with folder() as d:
        load_seed(d / "s.db")
        # another plan asks for a figure of the same name: each is asked for, and told apart
        run("import", "plan", table(d / "p.csv", ["计划名称"], ["后一个计划"]), "--state", "public", store=d / "s.db")
        run("import", "indicator", table(d / "i.csv", ["指标名称", "所属计划", "统计对象", "统计条件"],
                                         ["国家工业遗产", "后一个计划", "工业遗产", "认定级别 = '国家'"]), "--state", "public", store=d / "s.db")
        out, back = d / "out", d / "back"
        back.mkdir()
        zh = {"LC_ALL": "zh_CN.UTF-8"}
        run("returns", "progress_report", "unit", out, "--about", "indicator", "--year", "2025", store=d / "s.db", env=zh)
        with Server(d / "s.db") as site:
            both = [f["id"] for f in site.json("/api/collections/indicators/items?limit=1000")["features"]
                    if f["properties"]["name"] == "国家工业遗产"]
            mine = next(f["id"] for f in site.json("/api/collections/plans/items?limit=9")["features"]
                        if f["properties"]["source_id"])
        assert len(both) == 2
        first, second = (f"国家工业遗产（#{i}）" for i in both)
        fill(out / "合肥市.xlsx", back / "合肥市.xlsx", {first: {"填报数": 2}, second: {"填报数": 7, "进展": "照台账"}})
        fill(out / "宣城市.xlsx", back / "宣城市（盖章）.xlsx", {first: {"填报数": "二处"}})
        fill(out / "广德市.xlsx", back / "广德市.xlsx", {first: {"填报数": "1处"}})
        fill(out / "宿松县.xlsx", back / "宿松县.xlsx", {first: {"填报数": 0}})
        fill(out / "合肥高新技术产业开发区.xlsx", back / "高新.xlsx", {first: {"填报数": 1}})
        (back / "空.xlsx").write_bytes((out / "亳州市.xlsx").read_bytes())
        said, _ = run("import", "progress_report", back, "--json", "--state", "public", store=d / "s.db")
        reports = json.loads(said)
        assert sorted(r["new"] for r in reports) == [0, 1, 1, 1, 1, 2] and not any(r["refused"] for r in reports), said[:3000]
        assert all({p["code"] for p in r["problems"]} <= {"row.unfilled", "row.header"} for r in reports), said[:3000]
        again = json.loads(run("import", "progress_report", back, "--json", "--state", "public", store=d / "s.db")[0])
        assert not any(r["new"] + r["changed"] for r in again), "the same folder twice"
        # one plan alone may be asked about
        run("returns", "progress_report", "unit", d / "one", "--about", "indicator", "--filter", f"plan = {mine}", store=d / "s.db", env=zh)
        assert (d / "one" / "合肥市.xlsx").stat().st_size < (out / "合肥市.xlsx").stat().st_size
        run("returns", "progress_report", "unit", d / "two", "--year", "now", store=d / "s.db", expect=1)
        with Server(d / "s.db") as site:
            pages = [text(site.get(f"/indicators/{i}")) for i in both]
            told = [r for page in pages for r in
                    re.findall(r"(相符|不符|分不到该单位)\|([^|]+)\|2025年\|(\d+)\|([\d—]+)\|([\d—-]+)", page)]
            live = {f: v for f, v in units_of(site.get(f"/indicators/{both[0]}").decode()).items()}
            assert ("相符", "合肥市", "2", "2", "0") in told and ("不符", "合肥市", "7", "2", "5") in told, told
            assert ("不符", "宣城市", "2", "1", "1") in told and ("相符", "广德市", "1", "1", "0") in told, told
            assert ("相符", "宿松县", "0", "0", "0") in told, told
            assert ("分不到该单位", "合肥高新技术产业开发区", "1", "—", "—") in told, told
            national = site.json("/api/collections/heritage/items?limit=1&level=national")["numberMatched"]
            assert sum(map(int, live.values())) == national, live


SHAPE = {
    "types/shelf.yaml": """
type: shelf
path: shelves
label: {zh: 年度清单, en: Shelf}
flow: catalogue
title: name
fields:
  - {name: name, kind: text, required: true}
""",
    "types/box.yaml": """
type: box
path: boxes
label: {zh: 举措, en: Box}
flow: catalogue
parent: shelf
tree: within_box
title: name
list: [name, weight]
keys: [{kind: named, fields: [name]}]
computed:
  - {value: inside, label: {zh: 内含, en: Inside}, count: {type: box, link: within_box}}
  - {value: heavy, label: {zh: 超重, en: Heavy}, count: {type: box, link: within_box, where: "lamp = 'red'"}}
  - value: lamp
    label: {zh: 状况, en: Lamp}
    light:
      - {is: red, label: {zh: 太重, en: Too heavy}, when: "weight > 100 OR heavy > 1"}
      - {is: yellow, label: {zh: 有一件太重, en: One too heavy}, when: "heavy = 1"}
      - {is: green, label: {zh: 合适, en: Fine}, when: "weight IS NOT NULL OR inside > 0"}
fields:
  - {name: name, kind: text, required: true}
  - {name: shelf, kind: link, to: [shelf], required: true, label: {zh: 清单}}
  - {name: within_box, kind: link, to: [box], label: {zh: 在}}
  - {name: weight, kind: number, label: {zh: 重}}
""",
}


def test_a_plan_of_another_shape_is_data():
    import shutil
    with folder() as d:
        shutil.copytree(ROOT / "data", d / "data")
        for name, yaml in SHAPE.items():
            (d / "data" / "model" / name).write_text(yaml, encoding="utf-8")
        run("model", "check", d / "data" / "model")
        more = ("--data", d / "data")
        run("model", "apply", *more, store=d / "s.db")
        run("import", "shelf", table(d / "s.csv", ["name"], ["清单一"]), "--state", "public", *more, store=d / "s.db")
        lines = [["总", "清单一", "", ""]]
        lines += [[f"总-{i}", "清单一", "总", ""] for i in range(7)]
        lines += [[f"总-{i}-{k}", "清单一", f"总-{i}", 150 if (i, k) in ((2, 0), (3, 0), (3, 1)) else 5]
                  for i in range(7) for k in range(2)]
        run("import", "box", table(d / "b.csv", ["name", "shelf", "within_box", "重"], *lines), "--state", "public", *more,
            store=d / "s.db")
        with Server(d / "s.db", *more) as site:
            page = text(site.get(f"/shelves/{find(site, 'shelves', '清单一')}"))
            assert line_of(page, "总-2|").startswith("总-2|▲|有一件太重"), page
            assert line_of(page, "总-3|").startswith("总-3|■|太重"), page
            assert line_of(page, "总-1|").startswith("总-1|✓|合适"), page
            assert line_of(page, "|总|").startswith("|总|▲|有一件太重"), page


if __name__ == "__main__":
    from xiudai import main
    main(globals())
