"""Every type the model has, walked by what the program itself says of it: no type is named here. A
type that is added tomorrow is tested tomorrow."""
import re
import urllib.parse
import zipfile

from xiudai import ROOT, Server, folder, import_json, load_seed, main


def labels(page):
    return re.sub(r"<[^>]+>", "", page)


def with_site(body):
    """body(site, path) for every collection of a server with the shipped data."""
    collections = SITE.json("/api/collections")["collections"]
    assert len(collections) >= 6
    for collection in collections:
        try:
            body(SITE, collection["id"])
        except AssertionError as wrong:
            raise AssertionError(f"{collection['id']}: {wrong}") from None


def features(site, path, limit=1000):
    return site.json(f"/api/collections/{path}/items?limit={limit}")["features"]


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
        if n == 0:
            return
        english = site.get(f"/en/{path}").decode()
        heading = labels(re.search(r"<h1[^>]*>(.*?)</h1>", english, re.S).group(1))
        assert re.search("[A-Za-z]", heading) and not re.search("[\u4e00-\u9fff]", heading), heading
    with_site(body)


def test_facets_count_what_their_links_find():
    def body(site, path):
        page = site.get(f"/{path}").decode()
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


def test_a_map_where_there_are_places():
    def body(site, path):
        collection = site.json(f"/api/collections/{path}")
        tiled = any("tilejson" in link["href"] or "tiles" in link.get("rel", "") for link in collection["links"])
        if not tiled:
            return
        assert site.json(f"/api/collections/{path}/tilejson")["tiles"]
        assert "</html>" in site.get(f"/map?type={path}").decode()
        if any(f["geometry"] for f in features(site, path)):
            assert site.get(f"/{path}.geojson") and site.get(f"/{path}.gpkg")
    with_site(body)


def test_api_agrees_with_itself():
    def body(site, path):
        items = site.json(f"/api/collections/{path}/items?limit=5")
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
        for feature in found:
            title = next((v for k, v in feature["properties"].items() if isinstance(v, str) and len(v) > 1 and k != "page"), None)
            if title:
                q = urllib.parse.quote(title[:20])
                assert site.json(f"/api/collections/{path}/items?q={q}")["numberMatched"] >= 1, title
    with_site(body)


def test_templates_and_tables_there_and_back():
    """A blank template opens; what was exported, imported again, changes nothing."""
    types = {t["path"]: t["type"] for t in model_types()}

    def body(site, path):
        for prefix in ("", "/en"):
            (FOLDER / "t.xlsx").write_bytes(site.get(f"{prefix}/data/{path}.xlsx"))
            with zipfile.ZipFile(FOLDER / "t.xlsx") as book:
                assert book.testzip() is None
        if site.json(f"/api/collections/{path}/items?limit=1")["numberMatched"]:
            (FOLDER / "out.csv").write_bytes(site.get(f"/{path}.csv"))
            again = import_json(types[path], FOLDER / "out.csv", "--dry-run", store=FOLDER / "s.db", expect=None)
            assert again["new"] == again["changed"] == again["refused"] == 0, (again["new"], again["changed"], again["problems"][:3])
    with_site(body)


def model_types():
    """Type and path of every file of the model."""
    for file in sorted((ROOT / "data" / "model" / "types").glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        yield {key: re.search(rf"^{key}: (\S+)", text, re.M).group(1) for key in ("type", "path")}


if __name__ == "__main__":
    with folder() as FOLDER:
        load_seed(FOLDER / "s.db")
        with Server(FOLDER / "s.db") as SITE:
            main(globals())
