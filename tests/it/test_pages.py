#!/usr/bin/env python3
"""Every page that a link leads to: there, well formed, in the language it says, with nothing left of a
template; and addresses nobody would write, which must get a page and never an error of ours."""
import html.parser
import json
import random
import re
import time
import urllib.parse

import xiudai
from xiudai import Server, folder, load_seed, main

VOID = set("area base br col embed hr img input link meta source track wbr".split())
CRAWL = 400 if xiudai.SOAK else 90


class Page(html.parser.HTMLParser):
    """Links and ids of a page; faults when it is not well formed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.ids, self.open, self.faults, self.lang, self.title = [], set(), [], [], "", ""
        self.feed(text)
        if self.open:
            self.faults.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag not in VOID:
            self.open.append(tag)
        if attrs.get("id"):
            if attrs["id"] in self.ids:
                self.faults.append(f"id twice: {attrs['id']}")
            self.ids.add(attrs["id"])
        for name in ("href", "src", "action"):
            if name in attrs:
                self.links.append(attrs[name] or "")
        for name in attrs:
            if name == "style" or name.startswith("on"):
                self.faults.append(f"{name}= on <{tag}>")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")


def check_page(address, body):
    text = body.decode("utf-8")
    page = Page(text)
    assert not page.faults, f"{address}: {page.faults[:3]}"
    assert "{{ " not in text and "{% " not in text, f"{address}: a mark of a template is left"
    english = re.match(r"/en($|[/?])", address)
    assert page.lang == ("en" if english else "zh-CN"), f"{address}: lang {page.lang}"
    return page


def test_every_link_leads_somewhere():
    with folder() as f:
        load_seed(f / "x.db")
        with Server(f / "x.db") as site:
            waiting, seen, anchors = ["/", "/en"], set(), []
            chance = random.Random(7)
            while waiting and len(seen) < CRAWL:
                address = waiting.pop(chance.randrange(len(waiting)))
                if address in seen:
                    continue
                seen.add(address)
                status, headers, body = site.ask("GET", address)
                if status == 303: # a form's address, asked without the form, leads to it
                    waiting.append(urllib.parse.urlsplit(headers["location"]).path)
                    continue
                assert status == 200, f"{address}: {status}"
                if not headers.get("content-type", "").startswith("text/html"):
                    continue
                page = check_page(address, body)
                for link in page.links:
                    url = urllib.parse.urlsplit(link)
                    if url.scheme in ("http", "https", "geo", "tel", "mailto") and url.netloc != f"127.0.0.1:{site.port}":
                        continue
                    if link.startswith("#"):
                        anchors.append((address, link[1:], page.ids))
                        continue
                    waiting.append(url.path + ("?" + url.query if url.query else ""))
            for address, anchor, ids in anchors:
                assert urllib.parse.unquote(anchor) in ids, f"{address}: no #{anchor}"
            assert len(seen) >= CRAWL, f"only {len(seen)} addresses"


def test_odd_queries_get_a_page():
    odd = ["", "0", "-1", "99999999999999999999", "'", "\"><script>alert(1)</script>", "%", "\u202e", "🏭" * 40, "a" * 900,
           "NULL", "1950", "../../etc/passwd", "{{x}}", "C15", "national", "2026-02-30", "\x00"]
    names = ["q", "level", "division", "industry", "built", "filter", "bbox", "datetime", "sortby", "cursor", "show", "until",
             "unknown", "certain", "at", "on", "from", "to", "type", "view", "limit", "x"]
    chance = random.Random(11)
    with folder() as f:
        load_seed(f / "x.db")
        with Server(f / "x.db") as site:
            for path in ["/", "/heritage", "/heritage/341823-G-0001", "/heritage/341823-G-0001/history", "/map", "/data", "/crafts"]:
                for _ in range(60 if xiudai.SOAK else 18):
                    pairs = [(chance.choice(names), chance.choice(odd)) for _ in range(chance.randrange(1, 4))]
                    address = path + "?" + urllib.parse.urlencode(pairs)
                    status, headers, body = site.ask("GET", address)
                    assert status in (200, 400, 404), f"{address}: {status}"
                    if headers.get("content-type", "").startswith("text/html"):
                        check_page(path, body)
                        assert b"<script>alert(1)" not in body, address


def test_hidden_things_are_not_on_pages():
    row = "名称,市,县,经度,纬度,位置敏感,位置精度,联系人,联系电话\n暗处厂,宣城市,泾县,118.412345,30.698765,是,exact,张秘密,13900001234\n"
    with folder() as f:
        load_seed(f / "x.db")
        (f / "s.csv").write_text(row, encoding="utf-8")
        xiudai.run("import", "heritage", f / "s.csv", "--state", "public", store=f / "x.db")
        (f / "d.csv").write_text("名称,市,县\n草稿厂,宣城市,泾县\n", encoding="utf-8")
        xiudai.run("import", "heritage", f / "d.csv", store=f / "x.db")
        with Server(f / "x.db") as site:
            found = site.get("/heritage?q=" + urllib.parse.quote("暗处厂"))
            path = re.search(rb'href="(/heritage/[^"?]+)"[^>]*><span', found).group(1).decode()
            for address in [path, path + "/history", path + "?on=2099-01-01", path + ".csv", path + ".json", path + ".geojson", "/heritage?show=table&q=" + urllib.parse.quote("暗处"),
                            "/heritage.csv", "/heritage.geojson", "/heritage.xlsx", "/", "/map?type=heritage"]:
                body = site.get(address)
                for secret in ["张秘密", "13900001234", "118.412345", "30.698765", "草稿厂"]:
                    assert secret.encode() not in body, f"{address} tells {secret}"
            for words in ["张秘密", "13900001234", "草稿厂"]:
                body = site.get("/heritage?q=" + urllib.parse.quote(words)).decode()
                assert "没有符合的条目" in body, f"{words} is found"
            page = site.get(path).decode()
            assert "位置仅到县" in page and 'href="geo:' not in page


def test_a_page_says_each_thing_once_and_with_its_name():
    with folder() as f:
        load_seed(f / "x.db")
        (f / "c.csv").write_text("所属遗产,名称,类别\n泾县宣纸厂,晒滩,构筑物\n", encoding="utf-8")
        xiudai.run("import", "core_item", f / "c.csv", "--state", "public", store=f / "x.db")
        with Server(f / "x.db") as site:
            page = site.get("/heritage/341823-G-0001").decode()
            headings = [re.sub(r"<small>.*|<[^>]+>", "", h) for h in re.findall(r"<h2[^>]*>(.*?)</h2>", page)]
            assert len(headings) == len(set(headings)), f"a heading stands twice: {headings}"
            assert "核心物项：逐项" in headings and "核心物项" in headings, headings
            facts = re.search(r'<dl class="facts wide">(.*?)</dl>', page).group(1)
            labels = re.findall(r"<dt>(.*?)</dt>", facts)
            assert labels[-1] == "原编号" and labels[0] == "始建", labels
            island = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', site.get("/museums/340111-M-0001").decode()).group(1))
            assert island["openingHours"] == ["Mo,Tu,We,Th,Fr,Sa,Su 09:00-21:00"], island
            assert "<span>Founded 1950</span>" in site.get("/en/heritage?q=tongguanshan").decode()
            nothing = site.get("/heritage?q=zzzzzz").decode()
            assert 'class="facets"' not in nothing and 'class="sort"' not in nothing and "换一个说法" in nothing
            data = site.get("/data").decode()
            for collection in site.json("/api/collections")["collections"]:
                path = collection["id"]
                some = site.json(f"/api/collections/{path}/items?limit=1")["numberMatched"] > 0
                assert (f'href="/{path}.csv"' in data) == some, path


def test_a_link_is_told_by_the_title_that_is_shown():
    """A firm that was renamed: lists and conditions find its works by the name shown, the name written and its id."""
    with folder() as f:
        for file, type_name, rows in [("o.csv", "organisation", "编号,名称\nX-1,甲旧厂\n"), ("h.csv", "heritage", "名称,市,县,权属单位\n老车间,宣城市,泾县,甲旧厂\n别处,宣城市,泾县,丙厂\n"),
                                      ("o.csv", "organisation", "编号,名称\nX-1,乙新厂\n")]:
            (f / file).write_text(rows, encoding="utf-8")
            xiudai.run("import", type_name, f / file, "--state", "public", "--source", "试验", store=f / "x.db")
        with Server(f / "x.db") as site:
            firm = site.json("/api/collections/organisations/items")["features"]
            assert [o["properties"]["name"] for o in firm] == ["乙新厂"], firm
            works = site.json("/api/collections/heritage/items?q=" + urllib.parse.quote("老车间"))["features"][0]["properties"]
            assert works["owner"] == "乙新厂" and str(works["owner_id"]) == str(firm[0]["id"]), works
            for words, n in [("owner = '乙新厂'", 1), ("'乙新厂' = owner", 1), ("owner = '甲旧厂'", 1), ("owner IN ('无', '乙新厂', '丙厂')", 2), ("owner = '戊厂'", 0),
                             ("NOT owner = '乙新厂'", 1), (f"owner = {firm[0]['id']}", 1)]:
                found = site.json("/api/collections/heritage/items?filter=" + urllib.parse.quote(words))["numberMatched"]
                assert found == n, f"{words}: {found}"
            page = site.get(f"/heritage?owner={firm[0]['id']}").decode()
            assert "权属单位：乙新厂" in page and "老车间" in page and "别处" not in page
            page = site.get("/heritage?owner=" + urllib.parse.quote("乙新厂") + "&show=table").decode()
            assert "老车间" in page and "别处" not in page and "show=table" in page


def test_nothing_is_said_to_be_missing_while_search_files_are_made_anew():
    with folder() as f:
        load_seed(f / "x.db")
        with Server(f / "x.db") as site:
            assert site.ask("GET", "/heritage/341823-G-0001")[0] == 200
        files = list((f / "x.db.index").glob("s-*.seg"))
        assert files, "the index keeps no files"
        for file in files:
            bytes_of = bytearray(file.read_bytes())
            for at in range(len(bytes_of) // 2, len(bytes_of) * 3 // 4, 512):  # found when read, not when opened
                bytes_of[at] ^= 0xff
            file.write_bytes(bytes_of)
        with Server(f / "x.db") as site:
            end, seen = time.monotonic() + 120, set()
            while 200 not in seen and time.monotonic() < end:
                seen |= {site.ask("GET", address)[0] for address in
                         ["/heritage/341823-G-0001/history", "/heritage/341823-G-0001.json", "/heritage/341823-G-0001.csv", "/heritage/341823-G-0001"]}
            assert 200 in seen and seen <= {200, 503}, seen


if __name__ == "__main__":
    main(globals())
