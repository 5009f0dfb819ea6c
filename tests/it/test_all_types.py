"""Every type the model has, walked by what the program itself says of it: no type is named here. A
type that is added tomorrow is tested tomorrow. A type without real records is walked with the invented ones
of data/sample, which are shown and exported where the filter names their state.

Beside it the walk in a browser: tests/browser/test_access.mjs."""
import csv
import html
import io
import re
import shutil
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile

from xiudai import ROOT, SOAK, Server, folder, import_json, load_seed, main, run

ENDINGS = ("csv", "xlsx", "geojson", "gpkg", "zip")
SYSTEMS = ("epsg:4490", "epsg:4548")
UNSTATED = {"": "未写明", "/en": "not stated"}


def labels(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def table(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def with_site(body):
    """body(site, path) for every collection of a server with the shipped data and the sample set."""
    collections = SITE.json("/api/collections")["collections"]
    assert len(collections) >= 6
    each((c["id"] for c in collections), lambda path: body(SITE, path))


def each(things, body):
    """All of them, then what was wrong with which: one fault must not hide the others."""
    faults = []
    for thing in things:
        try:
            body(thing)
        except AssertionError as wrong:
            faults.append(f"{thing}: {wrong}")
    assert not faults, "\n".join(faults)


def asked(path, address, only=None):
    """The address, asking for the samples where there is nothing else."""
    only = ONLY[path] if only is None else only
    return address + ("&" if "?" in address else "?") + only if only else address


def features(site, path, limit=1000):
    return site.json(asked(path, f"/api/collections/{path}/items?limit={limit}"))["features"]


def whole(path, address):
    """The address, asking for all there is: real records and samples."""
    return asked(path, address, "filter=" + urllib.parse.quote(all_of_them()))


def all_of_them():
    return f"({STATE}) OR NOT ({STATE})"


def n_whole(path):
    return SITE.json(whole(path, f"/api/collections/{path}/items?limit=1"))["numberMatched"]


def test_every_type_has_records():
    def body(site, path):
        assert features(site, path, 1), "neither a real record nor a sample: there is nothing to walk"
    with_site(body)


def test_lists_in_both_languages_and_shapes():
    def body(site, path):
        n = site.json(f"/api/collections/{path}/items?limit=1")["numberMatched"]
        for prefix in ("", "/en"):
            page = site.get(f"{prefix}/{path}").decode()
            assert "</html>" in page and "<h1" in page
            assert len(re.findall(r"<h1[^>]*>", page)) == 1
            assert site.get(f"{prefix}/{path}?show=table")
            if n:
                assert f'href="{prefix}/{path}.csv"' in page and f'href="{prefix}/{path}.xlsx"' in page, "downloads"
            else:
                empty = re.search(r'class="empty".*?</div>', page, re.S)
                assert empty, "a list without records says so"
                assert f'href="{prefix}/data/{path}"' in empty.group(0), "and how to begin"
        for shape in ("", "?show=table"):
            english = site.get(asked(path, f"/en/{path}{shape}")).decode()
            heading = labels(re.search(r"<h1[^>]*>(.*?)</h1>", english, re.S).group(1))
            assert re.search("[A-Za-z]", heading) and not re.search("[\u4e00-\u9fff]", heading), heading
            first = features(site, path, 1)[0]
            assert f"/{path}/" in english and str(first["id"]) in english or urllib.parse.urlparse(first["properties"]["page"]).path in english
    with_site(body)


def test_facets_count_what_their_links_find():
    def body(site, path):
        page = site.get(asked(path, f"/{path}")).decode()
        links = re.findall(r'href="(/[^"]*\?[^"]*)" data-live rel="nofollow"><span>[^<]*</span> <b>(\d+)</b>', page)
        for address, count in links[:6]:
            found = site.get(address.replace("&amp;", "&")).decode()
            said = re.search(r'class="count" role="status">[^<]*?(\d+)', found)
            assert said and said.group(1) == count, (address, count, said and said.group(0))
    with_site(body)


def test_records_and_what_leads_away_from_them():
    def body(site, path):
        for feature in features(site, path, 3):
            page = feature["properties"]["page"]
            address = urllib.parse.urlparse(page).path
            zh = site.get(address).decode()
            en = site.get("/en" + address).decode()
            assert "</html>" in zh and "</html>" in en
            assert zh.count("<h1") == en.count("<h1") == 1
            assert site.get(address + ".csv").decode().count("\n") >= 2
            inside = set(re.findall(r'href="(/[^"#]*)', re.search(r"<main.*</main>", zh, re.S).group(0)))
            for link in sorted(inside)[:40]:
                status = site.ask("GET", link.replace("&amp;", "&"))[0]
                assert status in (200, 303), (address, link, status)
    with_site(body)


def placed(site, path):
    links = site.json(f"/api/collections/{path}")["links"]
    return any("tilejson" in link["href"] or "tiles" in link.get("rel", "") for link in links)


def test_a_map_where_there_are_places():
    def body(site, path):
        if not placed(site, path):
            return
        assert site.json(f"/api/collections/{path}/tilejson")["tiles"]
        for prefix in ("", "/en"):
            assert "</html>" in site.get(f"{prefix}/map?type={path}").decode()
        if any(f["geometry"] for f in features(site, path)):
            assert site.get(asked(path, f"/{path}.geojson")) and site.get(asked(path, f"/{path}.gpkg"))
    with_site(body)


def test_api_agrees_with_itself():
    def body(site, path):
        items = site.json(asked(path, f"/api/collections/{path}/items?limit=5"))
        queryables = site.json(f"/api/collections/{path}/queryables")["properties"]
        assert queryables and items["type"] == "FeatureCollection"
        for name, schema in list(queryables.items())[:60]:
            assert schema.get("title") or "$ref" in schema, (name, schema)
        for feature in items["features"]:
            one = site.json(f"/api/collections/{path}/items/{feature['id']}")
            assert one["properties"] == feature["properties"]
        assert site.json(f"/api/collections/{path}/schema")["properties"]
    with_site(body)


def test_the_type_is_found_by_its_own_names():
    def body(site, path):
        found = features(site, path, 2)
        label = site.json(f"/api/collections/{path}")["title"]
        for feature in found:
            title = next((v for k, v in feature["properties"].items() if isinstance(v, str) and len(v) > 1 and k != "page"), None)
            if title and title != label:  # one without a name is called as its type is
                q = urllib.parse.quote(title[:20])
                assert site.json(asked(path, f"/api/collections/{path}/items?q={q}"))["numberMatched"] >= 1, title
    with_site(body)


# ---- statistics ---------------------------------------------------------------------------------

def shown_tables(page):
    """{label: [(class, name, n)]} of every table of a statistics page."""
    found = {}
    for part in re.findall(r'<section class="stat".*?</section>', page, re.S):
        label = labels(re.search(r"<h3[^>]*>(.*?)</h3>", part, re.S).group(1))
        rows = re.findall(r'<tr class="(\w+)"><th scope="row"[^>]*>(.*?)</th><td class="num">(\d+)</td>(.*?)</tr>', part, re.S)
        assert rows, f"{label}: no rows"
        for _, name, n, rest in rows:
            drawn = re.search(r'<svg class="hb" width="(\d+)"', rest)
            assert bool(drawn) == (int(n) > 0), f"{label}, {labels(name)}: {n} and {'a' if drawn else 'no'} bar"
            assert (int(n) > 0) == ("<a " in name), f"{label}, {labels(name)}: a link to the {n}"
        found[label] = [(css, labels(name), int(n)) for css, name, n, _ in rows]
    return found


def test_statistics_are_the_records_counted():
    """Page, file and API give the same counts in both languages; every facet has its drawing, and what is not
    stated is a row."""
    def body(site, path):
        n = site.json(asked(path, f"/api/collections/{path}/items?limit=1"))["numberMatched"]
        facets = site.json(asked(path, f"/api/collections/{path}/facets"))
        assert facets["numberMatched"] == n
        for prefix, unstated in UNSTATED.items():
            page = site.get(asked(path, f"{prefix}/{path}?show=statistics")).decode()
            said = re.search(r'class="count" role="status">[^<]*?(\d+)', page)
            assert said and int(said.group(1)) == n, said and said.group(0)
            assert len(re.findall(r"<h1[^>]*>", page)) == 1 and "/statistics.csv" in page
            tables = shown_tables(page)
            rows = table(site.get(asked(path, f"{prefix}/{path}/statistics.csv")))[1:]
            assert int(rows[0][3]) == n, rows[0]
            filed = {}
            for by, code, name, count, _ in rows[1:]:
                filed.setdefault(by, []).append((code, name, int(count)))
            assert {by: [(b, c) for _, b, c in list_] for by, list_ in filed.items()} == \
                   {by: [(b, c) for _, b, c in list_] for by, list_ in tables.items()}, "the file is not the page"
            for by, list_ in tables.items():
                last = list_[-1]
                assert last[:2] == ("unsaid", unstated) and all(css == "said" for css, _, _ in list_[:-1]), (by, last)
                assert [c for c, _, _ in filed[by]][-1] == ""
                if prefix:
                    assert not re.search("[\u4e00-\u9fff]", by), f"{by}: a Chinese heading on an English page"
            if not prefix:
                agree_with_facets(site, path, n, facets["facets"], filed)
    with_site(body)


def agree_with_facets(site, path, n, facets, filed):
    by_title = {facet["title"]: (name, facet) for name, facet in facets.items()}
    for by, rows in filed.items():
        counts = {code: count for code, _, count in rows}
        total = sum(counts.values())
        if by in by_title:
            name, facet = by_title[by]
            api = {str(c["value"]) if c["value"] is not None else "": c["count"] for c in facet["counts"]}
            for code, count in counts.items():
                assert api.get(code, 0) == count, f"{by} {code}: {count} in statistics, {api.get(code, 0)} by the API"
            null = urllib.parse.quote(f"{name} IS NULL" + (" AND " + STATE if ONLY[path] else ""))
            missing = site.json(f"/api/collections/{path}/items?limit=1&filter={null}")["numberMatched"]
            assert missing == counts[""], f"{by}: {counts['']} without it in statistics, {missing} by the filter"
            if facet["approximate"]:
                assert total >= n, f"{by}: {total} of {n}"
        assert total >= min(n, 1)


# ---- tables there and back ----------------------------------------------------------------------

def turn(list_, i):
    """All of them in the long suite; else the one whose turn it is."""
    return list_ if SOAK else [list_[i % len(list_)]]


def imported(type_name, place, *args):
    """Reports of every file of a folder."""
    reports = import_json(type_name, place, "--dry-run", *args, store=FOLDER / "s.db", expect=None)
    files = sorted(place.iterdir())
    assert len(reports) == len(files), (len(reports), files)
    return list(zip((f.name for f in files), reports))


def unchanged(type_name, place, n, *args):
    for name, again in imported(type_name, place, *args):
        assert again, f"{name} was not read"
        worse = [p for p in again["problems"] if p["weight"] != "note" and not p["code"].startswith("period.")]
        assert again["new"] == again["changed"] == again["refused"] == 0 and again["unchanged"] == n, \
            (name, {k: again[k] for k in ("new", "changed", "unchanged", "refused")}, n, worse[:3])
        assert not worse, (name, worse[:3])


def clean(name):
    place = FOLDER / name
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    return place


def test_every_format_there_and_back():
    """What pages give out, imported again, changes nothing and says nothing."""
    def body(path):
        i = sorted(TYPES).index(path)
        place = clean("out")
        offered = re.findall(rf'href="/{path}\.(\w+)', SITE.get(asked(path, f"/{path}")).decode())
        assert set(ENDINGS) >= set(offered) >= {"csv", "xlsx"}, offered
        for ending in offered if SOAK else {offered[i % len(offered)], offered[(i + 2) % len(offered)]}:
            prefix = ("", "/en")[(i + len(ending)) % 2]
            (place / f"out.{ending}").write_bytes(SITE.get(whole(path, f"{prefix}/{path}.{ending}")))
        unchanged(TYPES[path], place, n_whole(path))
    each(sorted(TYPES), body)


def test_every_system_there_and_back():
    """Types with places, exported in other reference systems: the file says which, coordinates come back."""
    paths = [path for path in sorted(TYPES) if placed(SITE, path) and any(f["geometry"] for f in features(SITE, path))]
    assert len(paths) >= 3, paths

    def body(path):
        i = paths.index(path)
        for system in turn(SYSTEMS, i):
            place = clean("out")
            able = ENDINGS if system == SYSTEMS[0] else ENDINGS[2:]
            for ending in turn(able, i // 2):
                run("export", TYPES[path], place / f"out.{ending}", "--crs", system, "--filter", all_of_them(), store=FOLDER / "s.db")
            unchanged(TYPES[path], place, n_whole(path))
        if SOAK or i == 0:
            said = run("export", TYPES[path], FOLDER / "no.csv", "--crs", SYSTEMS[1], store=FOLDER / "s.db", expect=1)[1]
            assert "WGS 84" in said, said
    each(paths, body)


# ---- templates ----------------------------------------------------------------------------------

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def column_name(k):
    name = ""
    while k >= 0:
        name, k = chr(ord("A") + k % 26) + name, k // 26 - 1
    return name


def fill(blank, rows, to):
    """The blank workbook with rows (its own headers first) written below its header, as a person would."""
    with zipfile.ZipFile(io.BytesIO(blank)) as book, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as out:
        for name in book.namelist():
            data = book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                sheet = ElementTree.fromstring(data)
                body = sheet.find(f"{MAIN}sheetData")
                head = ["".join(t.text or "" for t in cell.iter(f"{MAIN}t")) for cell in body.find(f"{MAIN}row")]
                missing = [h for h in rows[0] if h not in head]
                assert head and not missing, f"the template lacks {missing}"
                for r, row in enumerate(rows[1:], 2):
                    line = ElementTree.SubElement(body, f"{MAIN}row", r=str(r))
                    for k, header in enumerate(head):
                        text = row[rows[0].index(header)] if header in rows[0] else ""
                        if text:
                            cell = ElementTree.SubElement(line, f"{MAIN}c", r=f"{column_name(k)}{r}", t="inlineStr")
                            ElementTree.SubElement(ElementTree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = text
                data = ElementTree.tostring(sheet, encoding="utf-8", xml_declaration=True)
            out.writestr(name, data)


def test_templates_filled():
    """The blank table of every type, filled from what its list exports, makes the same records in an empty store."""
    with folder() as d:
        again = []

        def send(name, type_name, *args):
            return import_json(type_name, d / name, *args, store=d / "empty.db", expect=None)

        def worst(report):
            return [p for p in report["problems"] if p["weight"] == "refusal"][:3]

        def filled(item):
            path, type_name = item
            prefix = ("", "/en")[list(TYPES).index(path) % 2]
            blank, rows = SITE.get(f"{prefix}/data/{path}.xlsx"), table(SITE.get(whole(path, f"{prefix}/{path}.csv")))
            fill(blank, rows, d / f"{type_name}.xlsx")
            made = send(f"{type_name}.xlsx", type_name, "--accept-good")
            assert made["new"] + made["refused"] == len(rows) - 1, (made["new"], len(rows) - 1, worst(made))
            if made["refused"]:  # by a guard: what it asks for comes later, so they begin as the shipped table has them
                file, state = next((f, st) for t, f, st in tables("sample") if t == type_name)
                first = import_json(type_name, ROOT / "data" / "sample" / file, "--state", state, store=d / "empty.db", expect=None)
                assert first["new"] == made["refused"] and not worst(first), (first["new"], made["refused"], worst(made), worst(first))
                again.append((type_name, made["refused"]))

        def rest(item):
            type_name, n = item
            made = send(f"{type_name}.xlsx", type_name)
            assert made["new"] == 0 and made["changed"] == n and not worst(made), (made["new"], made["changed"], n, worst(made))
        each(in_order(), filled)
        assert len(again) <= 2, again
        each(again, rest)
        with Server(d / "empty.db") as other:
            def body(site, path):
                wanted, got = (sorted(table(s.get(whole(path, f"/{path}.csv")))) for s in (site, other))
                assert got == wanted, next((a, b) for a, b in zip(got + [[]], wanted + [[]]) if a != b)
            with_site(body)


def tables(name):
    """(type, file, state) of a folder of tables, in the order they are loaded."""
    for line in (ROOT / "data" / name / "load.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def in_order():
    """(path, type): a type stands after those its links lead to, as the tables of the shipped data do."""
    order = {}
    for name in ("seed", "sample"):
        for type_name, _, _ in tables(name):
            order.setdefault(type_name, len(order))
    return sorted(TYPES.items(), key=lambda item: order.get(item[1], len(order)))


def model_types():
    """Path and type of every file of the model."""
    for file in sorted((ROOT / "data" / "model" / "types").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        yield [re.search(rf"^{key}: (\S+)", text, re.M).group(1) for key in ("path", "type")]


def sample_state():
    """The state of the invented set, and a filter that finds it."""
    states = {state for _, _, state in tables("sample")}
    assert len(states) == 1, states
    return f"state = '{states.pop()}'"


def load_sample(store):
    for type_name, file, state in tables("sample"):
        run("import", type_name, ROOT / "data" / "sample" / file, "--state", state, store=store)


if __name__ == "__main__":
    with folder() as FOLDER:
        load_seed(FOLDER / "s.db")
        load_sample(FOLDER / "s.db")
        STATE = sample_state()
        TYPES = dict(model_types())
        with Server(FOLDER / "s.db") as SITE:
            ONLY = {path: "" if SITE.json(f"/api/collections/{path}/items?limit=1")["numberMatched"] else
                    "filter=" + urllib.parse.quote(STATE) for path in TYPES}
            main(globals())
