#!/usr/bin/env python3
"""The policy library as shipped, read as somebody who has to know which paper holds: what is in force on a day,
what replaced what, what explains what, which clause orders which task. Every fact is taken from data/seed and
looked for on the pages of both languages, in the API and in the tables. About 6 s of one core."""
import csv
import html
import re
import time
import urllib.parse

from xiudai import SEED, Server, folder, load_seed, main, run

LANGS = ("", "/en")


def rows(name):
    with open(SEED / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def parts(cell):
    return [p for p in cell.split(";") if p]


class Library:
    """The shipped papers as they are in the API, by their number in the table and by title."""

    def __init__(self, site):
        self.site = site
        self.papers = self.all("policies")
        self.by_row = {p["source_id"]: p for p in self.papers}
        self.by_word = {w: p for p in self.papers for w in (p["source_id"], p["name_zh"], p["document_number"]) if w}

    def all(self, path, query=""):
        found = self.site.json(f"/api/collections/{path}/items?limit=1000{query}")["features"]
        return [{**f["properties"], "id": f["id"]} for f in found]

    def page(self, path, lang=""):
        page = self.site.get(lang + path).decode()
        return html.unescape(page[page.index("<main"):page.index("</main>")])

    def notices(self, paper, lang):
        """What stands above the title: {where it leads}, and the words."""
        page = self.page(f"/policies/{paper['number']}", lang)
        top = page[:page.index("<h1")]
        top = top[top.rindex("</nav>"):]
        return set(re.findall(r'href="([^"]+)"', top)), re.sub("<[^>]+>", " ", top)


def address(paper, lang):
    return f"{lang}/policies/{paper['number']}"


def what_the_tables_say_is_what_pages_say(site, library):
    replaced = explained = carried = 0
    for row in rows("policies.csv"):
        paper = library.by_row[row["id"]]
        # both languages have their own title and summary
        assert paper["name_en"] == row["name_en"] and paper["summary_en"] == row["summary_en"], row["id"]
        assert not re.search("[\u4e00-\u9fff]", paper["name_en"] + paper["summary_en"]), row["id"]
        # number, index number, issuing bodies, when: in the API and to be read on the page
        for field in ("document_number", "index_number", "signed", "released", "in_force", "official_url"):
            assert (paper[field] or "") == row[field], (row["id"], field, paper[field])
        assert parts((paper["issuers"] or "").replace("; ", ";")) == parts(row["issuers"]), paper["issuers"]
        page = library.page(f"/policies/{paper['number']}")
        for word in [row["document_number"], row["index_number"], row["in_force"], *parts(row["issuers"])]:
            assert word in page, (row["id"], word)
        # found by both its numbers, whatever brackets are typed
        for word in filter(None, (row["document_number"], row["index_number"])):
            for typed in {word, word.replace("〔", "[").replace("〕", "]"), word.replace("〔", "（").replace("〕", "）")}:
                assert paper["id"] in [p["id"] for p in library.all("policies", "&q=" + urllib.parse.quote(typed))], typed
        # both ways: said at the top of either, in either language
        for field, there, back in (("supersedes", ("替代文件", "Supersedes"), ("被以下文件替代", "Superseded by")),
                                   ("interprets", ("解读对象", "Interprets"), ("政策解读", "Interpretations"))):
            for word in parts(row[field]):
                other = library.by_word[word]
                for lang, one, two in zip(LANGS, there, back):
                    links, said = library.notices(paper, lang)
                    assert address(other, lang) in links and one in said, (row["id"], lang, said)
                    links, said = library.notices(other, lang)
                    assert address(paper, lang) in links and two in said, (word, lang, said)
                replaced += field == "supersedes"
                explained += field == "interprets"
        for word in parts(row["based_on"]):
            for one, other in ((paper, library.by_word[word]), (library.by_word[word], paper)):
                assert address(other, "") in library.page(f"/policies/{one['number']}"), (row["id"], word)
            carried += 1
    assert replaced and explained and carried > 8, (replaced, explained, carried)


def clauses_order_tasks_and_tasks_name_clauses(site, library):
    clauses = library.all("clauses")
    tasks = {t["source_id"]: t for t in library.all("tasks")}
    ordered = set()
    for row in rows("clauses.csv"):
        clause = next(c for c in clauses if c["source_id"] == row["id"])
        paper = library.by_word[row["policy"]]
        page = {lang: library.page(f"/policies/{paper['number']}", lang) for lang in LANGS}
        for lang, name in zip(LANGS, ("name_zh", "name_en")):
            # an anchor of its own in the contents, which leads there
            at = page[lang].index(f'<li id="c{row["anchor"]}"')
            own = page[lang][at:page[lang].index("</li>", at)]
            assert clause[name] in own and f'href="#c{row["anchor"]}"' in page[lang], (row["id"], lang)
            assert row["summary_en" if lang else "summary_zh"] in own, (row["id"], own)
            for word in parts(row["orders"]):
                assert f'{lang}/tasks/{tasks[word]["id"]}"' in own, (row["id"], lang, own)
                task = library.page(f"/tasks/{tasks[word]['id']}", lang)
                assert f'{lang}/clauses/{clause["id"]}"' in task, (word, lang)
                assert ("Ordered by" if lang else "依据条款") in task, word
                ordered.add(word)
        # asked in the API: which clauses order this task
        for word in parts(row["orders"]):
            found = library.all("clauses", "&filter=" + urllib.parse.quote(f"orders = {tasks[word]['id']}"))
            assert clause["id"] in [c["id"] for c in found], (word, found)
    assert ordered == set(tasks), "a task of the plan that no clause orders: " + str(set(tasks) - ordered)
    # the paper leads to the plan that is followed, and back
    for row in rows("plans.csv"):
        plan = next(p for p in library.all("plans") if p["source_id"] == row["id"])
        paper = library.by_word[row["政策文件"]]
        for lang in LANGS:
            assert f'{lang}/plans/{plan["id"]}"' in library.page(f"/policies/{paper['number']}", lang)
            assert address(paper, lang) in library.page(f"/plans/{plan['id']}", lang)


def days_of(text):
    """First and last day a paper of the tables may be in force, as the shipped tables write it."""
    years = re.findall(r"(\d{4})年?(?:(\d{1,2})月)?(?:(\d{1,2})日)?", text)
    begin = "{}-{:0>2}-{:0>2}".format(years[0][0], years[0][1] or "1", years[0][2] or "1")
    if text.endswith("起"):
        return begin, "9999-12-31"
    return begin, "{}-{:0>2}-{:0>2}".format(years[-1][0], years[-1][1] or "12", years[-1][2] or "31")


def in_force_on_a_day(site, library):
    told = rows("policies.csv")
    dated = {row["id"]: days_of(row["in_force"]) for row in told if row["in_force"]}
    days = ["1996-12-31", "1997-01-01", "2017-12-31", "2018-01-01", "2018-10-31", "2018-11-01", "2022-03-01", "2023-06-01",
            "2024-01-01", "2026-01-01"]
    held = {}
    for day in days:
        wanted = {number for number, (begin, end) in dated.items() if begin <= day <= end}
        held[day] = wanted
        got = library.all("policies", "&on=" + day)
        assert {p["source_id"] for p in got} == wanted, (day, {p["source_id"] for p in got} ^ wanted)
        lines = site.get(f"/policies.csv?on={day}").count(b"\n")
        assert lines == len(wanted) + 1, (day, lines)
        for lang, none in zip(LANGS, ("没有写明有效期", "do not state a validity")):
            page = library.page(f"/policies?on={day}", lang)
            for row in told:
                listed = f'href="{address(library.by_row[row["id"]], lang)}"' in page
                assert listed == (row["id"] in wanted), (day, lang, row["id"])
            assert not wanted or none in page, (day, lang)
    # one paper took the other's place: on a day between, only the one that held
    old, new = next((library.by_word[w]["source_id"], r["id"]) for r in told for w in parts(r["supersedes"]))
    assert old in held["2022-03-01"] and new not in held["2022-03-01"]
    assert new in held["2024-01-01"] and old not in held["2024-01-01"]
    # the page itself says in a word how its paper stands today
    page = {who: library.page(f"/policies/{library.by_row[who]['number']}") for who in (old, new)}
    assert "已失效" in page[old] and "现行有效" in page[new]
    # standards and lists answer the same question
    for path in ("standards", "lists"):
        few, many = (len(library.all(path, f"&on={day}")) for day in ("1990-01-01", "2024-12-01"))
        assert few < many, (path, few, many)


def a_paper_entered_later_takes_the_old_ones_place(site, store, d):
    with open(d / "p.csv", "w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["文件名称", "文号", "施行日期", "替代文件", "发布机构"],
                                   ["甲办法", "甲〔2030〕1号", "2030-03-01", "工信部政法〔2023〕24号", "工业和信息化部"]])
    run("import", "policy", d / "p.csv", "--state", "public", store=store)
    deadline = time.monotonic() + 60
    while "甲〔2030〕1号" not in Library(site).by_word:
        assert time.monotonic() < deadline, "the paper never came"
        time.sleep(0.05)
    library = Library(site)
    new, old = library.by_word["甲〔2030〕1号"], library.by_word["工信部政法〔2023〕24号"]
    links, said = library.notices(old, "")
    assert address(new, "") in links and "被以下文件替代" in said, said
    assert new["id"] not in [p["id"] for p in library.all("policies", "&on=2030-02-28")]
    assert new["id"] in [p["id"] for p in library.all("policies", "&on=2030-03-01")]


def test_the_shipped_library():
    with folder() as d:
        load_seed(d / "s.db")
        with Server(d / "s.db") as site:
            library = Library(site)
            what_the_tables_say_is_what_pages_say(site, library)
            clauses_order_tasks_and_tasks_name_clauses(site, library)
            in_force_on_a_day(site, library)
            a_paper_entered_later_takes_the_old_ones_place(site, d / "s.db", d)


if __name__ == "__main__":
    main(globals())
