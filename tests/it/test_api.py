"""The API as other people's tools meet it: OGC API Features 1 to 3, tiles, feeds; with the standard
library, GDAL and OWSLib, on the shipped data. No type or field is named here: both are read from the API."""
import atexit
import contextlib
import functools
import gzip
import itertools
import json
import math
import os
import re
import subprocess
import urllib.parse
import xml.etree.ElementTree as ET

from xiudai import ROOT, SEED, Server, folder, load_seed, main, main_seed, run

CRS = "http://www.opengis.net/def/crs/"
PROBLEM = "application/problem+json"


@functools.cache
def seeded():
    """The shipped data in a store, made once; its folder goes when the program ends."""
    keep = contextlib.ExitStack()
    atexit.register(keep.close)
    store = keep.enter_context(folder()) / "s.db"
    load_seed(store)
    return store


@contextlib.contextmanager
def shipped(*args):
    with folder() as d:
        run("backup", d / "s.db", store=seeded())
        with Server(d / "s.db", *args) as site:
            site.dir = d
            yield site


def paths(site):
    return [c["id"] for c in site.json("/api/collections")["collections"]]


def filled(site):
    """Collections with records, the fullest first."""
    counts = {p: site.json(f"/api/collections/{p}/items?limit=1")["numberMatched"] for p in paths(site)}
    return sorted((p for p in counts if counts[p]), key=lambda p: -counts[p])


def items(site, path, query=""):
    return site.json(f"/api/collections/{path}/items?{query}")


def every(site, path, query="limit=1000"):
    answer = items(site, path, query)
    assert "next" not in [link["rel"] for link in answer["links"]]
    return answer["features"]


def link(answer, rel):
    return next((x["href"] for x in answer["links"] if x["rel"] == rel), None)


def refused(site, path, status=400):
    got, headers, body = site.ask("GET", path)
    assert got == status, (path, got, body[:300])
    assert headers["content-type"] == PROBLEM, headers
    problem = json.loads(body)
    assert problem["status"] == status and problem["detail"], problem
    return problem


# ---- common and core ---------------------------------------------------------------------------

def test_every_link_leads_somewhere():
    with shipped() as site:
        seen, queue = set(), ["/api", "/en/api"]
        while queue:
            address = queue.pop()
            if address in seen or len(seen) > 400:
                continue
            seen.add(address)
            status, headers, body = site.ask("GET", urllib.parse.unquote(address))
            assert status in (200, 204), (address, status, body[:200])
            if "json" not in headers.get("content-type", "") or "openapi" in address:
                continue
            for found in re.findall(r'"href":"([^"]+)"', body.decode()):
                assert found.startswith(site.base), f"{found} in {address} is not absolute and ours"
                if "{" not in found and "cursor=" not in found:
                    queue.append(found[len(site.base):])
        assert len(seen) > 60, len(seen)


def test_links_say_their_type():
    with shipped() as site:
        path = filled(site)[0]
        for address in ("/api", f"/api/collections/{path}", f"/api/collections/{path}/items"):
            for found in site.json(address)["links"]:
                assert found.get("type"), (address, found)
        classes = site.json("/api/conformance")["conformsTo"]
        assert any("ogcapi-features-1" in c for c in classes) and any("cql2-text" in c for c in classes)


def test_paging_gives_every_record_once():
    with shipped() as site:
        path = filled(site)[0]
        ids, address, pages = [], f"/api/collections/{path}/items?limit=7&sortby=-number", 0
        while address:
            page = site.json(address)
            assert page["numberReturned"] == len(page["features"]) <= 7
            ids += [f["id"] for f in page["features"]]
            following = link(page, "next")
            if following:
                assert "limit=7" in following and "sortby=-number" in following
            address = following and urllib.parse.unquote(following[len(site.base):])
            pages += 1
        assert len(ids) == len(set(ids)) == page["numberMatched"] and pages == -(-len(ids) // 7)
        refused(site, f"/api/collections/{path}/items?cursor=nonsense")


def test_limit_is_clamped_or_refused():
    with shipped() as site:
        path = filled(site)[0]
        assert len(items(site, path)["features"]) == 10
        assert items(site, path, "limit=100000000000000000000")["numberReturned"] > 10
        for wrong in ("0", "-1", "abc", "", "1.5"):
            assert "limit" in refused(site, f"/api/collections/{path}/items?limit={wrong}")["detail"]


def test_undeclared_parameters_are_refused():
    with shipped() as site:
        path = filled(site)[0]
        for address in ("/api", "/api/collections", f"/api/collections/{path}", f"/api/collections/{path}/items",
                        f"/api/collections/{path}/facets", f"/api/collections/{path}/tiles/WebMercatorQuad/0/0/0"):
            assert "nothing_of_ours" in refused(site, f"{address}?nothing_of_ours=1")["detail"]
        refused(site, "/api/collections/nothing", 404)
        refused(site, f"/api/collections/{path}/items/nothing", 404)


def test_properties_are_whole_and_of_one_type():
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "object": dict, "array": list}
    with shipped() as site:
        for path in paths(site):
            schema = site.json(f"/api/collections/{path}/schema")["properties"]
            names = set(schema) - {"geometry"}
            for feature in every(site, path):
                assert isinstance(feature["id"], int) and "geometry" in feature
                assert set(feature["properties"]) == names, names ^ set(feature["properties"])
                for name, value in feature["properties"].items():
                    kind = next(t for t in schema[name]["type"] if t != "null")
                    assert value is None or type(value) is kinds[kind], (path, name, value, kind)
                    if value is not None and "enum" in schema[name]:
                        assert value in schema[name]["enum"]


def test_one_item_by_id_and_number():
    with shipped() as site:
        for path in filled(site):
            feature = items(site, path, "limit=1")["features"][0]
            by_id = site.json(f"/api/collections/{path}/items/{feature['id']}")
            assert by_id["properties"] == feature["properties"] and by_id["geometry"] == feature["geometry"]
            assert {"self", "collection", "alternate"} <= {x["rel"] for x in by_id["links"]}
            number = feature["properties"]["number"]
            if number:
                assert site.json(f"/api/collections/{path}/items/{number}")["id"] == feature["id"]
                assert site.json(f"/{path}/{number}.json")["id"] == feature["id"]
            beside = site.json(f"/{path}/{feature['id']}.geojson")
            assert beside["properties"] == feature["properties"]
            body = site.json(f"/{path}/{feature['id']}.json")["body"]
            assert body["state"] == feature["properties"]["state"]
            assert len(site.json(f"/{path}.json")) == items(site, path, "limit=1")["numberMatched"]


def test_hidden_and_missing_look_the_same():
    with folder() as d:
        type_name, file, _ = main_seed()
        run("import", type_name, SEED / file, store=d / "s.db")  # drafts
        with Server(d / "s.db") as site:
            def without_id(path):
                status, headers, body = site.ask("GET", path)
                headers.pop("date")
                return status, headers, body
            for path in paths(site):
                assert items(site, path)["numberMatched"] == 0
            path = paths(site)[0]
            for tail in ("", ".json", ".geojson"):
                there = [without_id(f"/{p}/1{tail}") for p in paths(site)]
                assert all(x[0] == 404 for x in there), there
            seen = {without_id(f"/api/collections/{p}/items/{i}")[2] for p in paths(site) for i in (1, 2, 999999999)}
            assert len(seen) == 1, seen


# ---- where and when ----------------------------------------------------------------------------

def points(features):
    return [f for f in features if f["geometry"] and f["geometry"]["type"] == "Point"]


def inside(f, west, south, east, north):
    x, y = f["geometry"]["coordinates"]
    return (west <= x <= east if west <= east else x >= west or x <= east) and south <= y <= north


def test_bbox_follows_ogc():
    with shipped() as site:
        path = filled(site)[0]
        features = every(site, path)
        placeless = {f["id"] for f in features if not f["geometry"]}
        for box in ([117, 30, 118.5, 31.5], [117.123456789012345, 30.000000000000001, 119.98765432109876, 33.5],
                    [170, -60, -170, 60], [118, 20, 117, 50], [-180, -90, 180, 90], [-200, -95, 200, 95]):
            query = ",".join(map(repr, box))
            got = {f["id"] for f in every(site, path, f"limit=1000&bbox={query}")}
            want = {f["id"] for f in points(features) if inside(f, *box)} | placeless
            assert got == want, (box, len(got), len(want))
        six = {f["id"] for f in every(site, path, "limit=1000&bbox=117,30,0,118.5,31.5,9000")}
        assert six == {f["id"] for f in every(site, path, "limit=1000&bbox=117,30,118.5,31.5")}
        swapped = {f["id"] for f in every(site, path, f"limit=1000&bbox=30,117,31.5,118.5&bbox-crs={CRS}EPSG/0/4326")}
        assert swapped == six
        for wrong in ("1,2,3", "1,2,3,4,5", "a,b,c,d", "1,2,3,nan", "1,40,3,30", "1,2,3,4,5,6,7", ""):
            refused(site, f"/api/collections/{path}/items?bbox={wrong}")
        refused(site, f"/api/collections/{path}/items?bbox=1,2,3,4&bbox-crs={CRS}EPSG/0/1")


def test_answers_in_other_systems():
    with shipped() as site:
        path = filled(site)[0]
        plain = {f["id"]: f for f in points(every(site, path))}
        systems = site.json(f"/api/collections/{path}")["crs"]
        assert systems[0].endswith("/CRS84") and len(systems) >= 4
        for uri in systems:
            status, headers, body = site.ask("GET", f"/api/collections/{path}/items?limit=1000&crs={uri}")
            assert status == 200 and headers["content-crs"] == f"<{uri}>", headers
            for f in points(json.loads(body)["features"]):
                x, y = f["geometry"]["coordinates"]
                lon, lat = plain[f["id"]]["geometry"]["coordinates"]
                if uri.endswith("/4326") or uri.endswith("/4490"):
                    assert abs(x - lat) < 1e-6 and abs(y - lon) < 1e-6
                elif uri.endswith("/3857"):
                    assert abs(x - math.radians(lon) * 6378137) < 0.1
                elif uri.endswith("/4548"):  # northing first, as the authority has it
                    assert 3e6 < x < 4e6 and 2e5 < y < 9e5
        one = next(iter(plain))
        _, headers, _ = site.ask("GET", f"/api/collections/{path}/items/{one}?crs={CRS}EPSG/0/4326")
        assert headers["content-crs"].endswith("/4326>")
        _, headers, _ = site.ask("GET", f"/api/collections/{path}/items/{one}")
        assert headers["content-crs"].endswith("/CRS84>")
        refused(site, f"/api/collections/{path}/items?crs=EPSG:4326")


def test_datetime_takes_what_rfc3339_has():
    with shipped() as site:
        path = filled(site)[0]
        whole = items(site, path, "limit=1")["numberMatched"]
        counts = [items(site, path, f"limit=1&datetime={t}")["numberMatched"]
                  for t in ("../1899-12-31", "1900-01-01/..", "1950-01-01/1959-12-31", "1953-07-02",
                            "1953-07-02T00:00:00Z", "1953-07-02T00:00:00.5%2B08:00", "/1899-12-31")]
        assert counts[0] == counts[6] and all(0 <= n <= whole for n in counts) and counts[0] + counts[1] >= whole
        for wrong in ("1953", "../..", "yesterday", "1953-13-01", "1953-07-02T00:00:00", "1960-01-01/1950-01-01", ""):
            refused(site, f"/api/collections/{path}/items?datetime={wrong}")


# ---- filters -----------------------------------------------------------------------------------

def queryable_terms(site, path):
    """(name, features by value) of queryables that are plain strings with few values."""
    features = every(site, path)
    for name, schema in site.json(f"/api/collections/{path}/queryables")["properties"].items():
        if schema.get("type") != "string" or not features or name not in features[0]["properties"]:
            continue
        values = {}
        for f in features:
            value = f["properties"][name]
            if isinstance(value, str) and ";" not in value:  # several texts are shown as one, parted by ;
                values.setdefault(value, set()).add(f["id"])
        if values:
            yield name, schema, values


def ids(site, path, query):
    return {f["id"] for f in every(site, path, "limit=1000&" + query)}


def quote(text):
    return urllib.parse.quote(text, safe="")


def test_filters_agree_however_they_are_written():
    with shipped() as site:
        tried = 0
        for path in filled(site):
            for name, schema, values in itertools.islice(queryable_terms(site, path), 8):
                value = max(values, key=lambda v: len(values[v]))
                text = quote(f"{name} = '" + value.replace("'", "''") + "'")
                tree = quote(json.dumps({"op": "=", "args": [{"property": name}, value]}, ensure_ascii=False))
                by_text = ids(site, path, f"filter={text}")
                assert by_text == ids(site, path, f"filter={tree}&filter-lang=cql2-json"), (path, name)
                assert by_text >= values[value], (path, name, value)
                if "enum" in schema:
                    assert by_text == ids(site, path, f"{quote(name)}={quote(value)}"), (path, name, value)
                nothing = ids(site, path, f"filter={quote(f'{name} IS NULL')}")
                something = ids(site, path, f"filter={quote(f'{name} IS NOT NULL')}")
                assert not nothing & something and len(nothing) + len(something) == items(site, path)["numberMatched"]
                if "enum" in schema:
                    assert nothing == ids(site, path, f"{quote(name)}="), "empty means unknown"
                tried += 1
        assert tried >= 10, tried


def test_parameters_combine():
    with shipped() as site:
        path = filled(site)[0]
        name, schema, values = next(x for x in queryable_terms(site, path) if "enum" in x[1] and len(x[2]) > 1)
        first, second = sorted(values, key=lambda v: -len(values[v]))[:2]
        one, two = ids(site, path, f"{name}={first}"), ids(site, path, f"{name}={second}")
        assert ids(site, path, f"{name}={first}&{name}={second}") == one | two
        box = "bbox=116,30,118,33"
        assert ids(site, path, f"{name}={first}&{box}") == one & ids(site, path, box)
        condition = "filter=" + quote(f"{name} = '{second}'")
        assert ids(site, path, f"{name}={first}&{condition}") == one & two


def test_spatial_filters_and_their_crs():
    with shipped() as site:
        path = filled(site)[0]
        names = [n for n, s in site.json(f"/api/collections/{path}/queryables")["properties"].items()
                 if s.get("x-ogc-role") == "primary-geometry"]
        assert len(names) == 1
        want = {f["id"] for f in points(every(site, path)) if inside(f, 117, 30, 118.5, 31.5)}
        ring = "117 30, 118.5 30, 118.5 31.5, 117 31.5, 117 30"
        turned = "30 117, 30 118.5, 31.5 118.5, 31.5 117, 30 117"
        geometry = {"type": "Polygon", "coordinates": [[[30, 117], [30, 118.5], [31.5, 118.5], [31.5, 117], [30, 117]]]}
        crs = f"&filter-crs={CRS}EPSG/0/4326"
        for query in (f"S_INTERSECTS({names[0]}, POLYGON(({ring})))", f"S_INTERSECTS({names[0]}, BBOX(117,30,118.5,31.5))"):
            assert ids(site, path, "filter=" + quote(query)) == want, query
        for query in (f"S_INTERSECTS({names[0]}, POLYGON(({turned})))", f"S_INTERSECTS({names[0]},BBOX(30,117,31.5,118.5))"):
            assert ids(site, path, "filter=" + quote(query) + crs) == want, query
        tree = quote(json.dumps({"op": "s_intersects", "args": [{"property": names[0]}, geometry]}))
        assert ids(site, path, f"filter-lang=cql2-json&filter={tree}{crs}") == want


def test_what_is_wrong_with_a_filter_is_said():
    with shipped() as site:
        path = filled(site)[0]
        for wrong in ("number = ", "number == 'x'", "nothing_of_ours = 1", "(" * 200 + "1=1", "S_INTERSECTS(x, POINT(1))"):
            problem = refused(site, f"/en/api/collections/{path}/items?filter={quote(wrong)}")
            assert re.search(r"character \d+|nothing_of_ours|deep|\d", problem["detail"]), problem
        for lang in ("cql2-json", "cql"):
            refused(site, f"/api/collections/{path}/items?filter=number&filter-lang={lang}")
        assert re.search("[一-鿿]", refused(site, f"/api/collections/{path}/items?filter=%3D")["detail"])


def test_order():
    with shipped() as site:
        path = filled(site)[0]
        names = list(site.json(f"/api/collections/{path}/sortables")["properties"])
        assert {"id", "number"} <= set(names)
        up = [f["id"] for f in every(site, path, "limit=1000&sortby=id")]
        assert up == sorted(up) and up[::-1] == [f["id"] for f in every(site, path, "limit=1000&sortby=-id")]
        for name in names:
            whole = [f["id"] for f in every(site, path, f"limit=1000&sortby={name},id")]
            assert sorted(whole) == up, name
        refused(site, f"/api/collections/{path}/items?sortby=nothing_of_ours")


def test_words_facets_and_completions():
    with shipped() as site:
        path = filled(site)[0]
        for words in ("xuanzhi", "宣纸"):
            found = [f["properties"]["title"] for f in items(site, path, f"q={words}")["features"]]
            assert any("宣纸" in t for t in found), (words, found)
        whole = items(site, path, "facets=*")
        beside = site.json(f"/api/collections/{path}/facets")
        assert whole["facets"] == beside["facets"] and beside["numberMatched"] == whole["numberMatched"]
        for name, facet in beside["facets"].items():
            total = sum(c["count"] for c in facet["counts"])
            assert total >= beside["numberMatched"], name  # values above others, or many, count twice
            for bar in facet["counts"][:3]:
                got = items(site, path, f"limit=1&{name}={quote(bar['value'])}")["numberMatched"]
                assert got == bar["count"], (name, bar, got)
                assert bar["label"]
        found = site.json(f"/api/collections/{path}/suggest?q=xuan")["suggestions"]
        assert found and all(s["text"] and s["count"] >= 0 for s in found)
        assert site.json("/api/suggest?q=xuan&limit=3")["suggestions"]
        assert site.json("/api/suggest?q=")["suggestions"] == []
        refused(site, f"/api/collections/{path}/facets?facets=nothing_of_ours")


# ---- tiles -------------------------------------------------------------------------------------

def tile_of(lon, lat, z):
    n = 2 ** z
    y = math.asinh(math.tan(math.radians(lat))) / math.pi
    return int((lon + 180) / 360 * n), int((1 - y) / 2 * n)


def test_tiles_row_before_column():
    with shipped() as site:
        path = filled(site)[0]
        feature = next(f for f in points(every(site, path)))
        x, y = tile_of(*feature["geometry"]["coordinates"], 9)
        base = f"/api/collections/{path}/tiles/WebMercatorQuad"
        status, headers, body = site.ask("GET", f"{base}/9/{y}/{x}")
        assert status == 200 and headers["content-type"] == "application/vnd.mapbox-vector-tile" and body
        assert site.ask("GET", f"{base}/9/{x}/{y}")[0] == 204, "column before row is elsewhere"
        status, headers, packed = site.ask("GET", f"{base}/0/0/0", headers={"Accept-Encoding": "gzip"})
        assert status == 200
        if headers.get("content-encoding") == "gzip":
            packed = gzip.decompress(packed)
        assert packed == site.get(f"{base}/0/0/0")
        for wrong in ("0/0/1", "23/0/0", "9/512/0", "a/0/0", "-1/0/0"):
            refused(site, f"{base}/{wrong}", 404)
        empty = site.ask("GET", f"{base}/9/{y}/{x}?filter={quote('number = ' + repr('none'))}")
        assert empty[0] == 204 and empty[2] == b""
        described = site.json(base)
        scheme = link(described, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")
        matrices = site.json(scheme[len(site.base):])["tileMatrices"]
        assert len(matrices) == 23 and abs(matrices[0]["scaleDenominator"] - 559082264.0287178) < 1e-3
        item = link(described, "item")
        assert item.endswith("/{tileMatrix}/{tileRow}/{tileCol}")
        for address in (f"/api/collections/{path}/tilejson", "/api/tilejson"):
            template = site.json(address)["tiles"][0][len(site.base):]
            assert site.ask("GET", template.replace("{z}", "9").replace("{y}", str(y)).replace("{x}", str(x)))[0] == 200
        (site.dir / "t.mvt").write_bytes(body)
        out = subprocess.run(["ogrinfo", "-ro", "-al", "-so", site.dir / "t.mvt"], capture_output=True, text=True).stdout
        assert "records" in out or "somewhere" in out, out


# ---- HTTP as seen by browsers and caches -------------------------------------------------------

def test_answers_may_be_kept_and_read_from_anywhere():
    with shipped() as site:
        path = filled(site)[0]
        for address in ("/api", f"/api/collections/{path}/items", f"/{path}/{items(site, path)['features'][0]['id']}.json"):
            status, headers, body = site.ask("GET", address)
            assert headers["access-control-allow-origin"] == "*" and headers["etag"]
            assert site.ask("GET", address, headers={"If-None-Match": headers["etag"]})[0] == 304
            got, head, nothing = site.ask("HEAD", address)
            assert got == 200 and nothing == b"" and head["content-length"] == str(len(body)) and head["etag"] == headers["etag"]
            got, options, _ = site.ask("OPTIONS", address, headers={"Origin": "https://x.example", "Access-Control-Request-Method": "GET"})
            assert got == 204 and "GET" in options["access-control-allow-methods"]
            for method in ("PUT", "DELETE", "PATCH"):
                got, refusal, _ = site.ask(method, address)
                assert got == 405 and "GET" in refusal["allow"] and refusal["content-type"] == PROBLEM
        got, headers, body = site.ask("GET", f"/api/collections/{path}/items?limit=50", headers={"Accept-Encoding": "gzip"})
        assert headers["content-encoding"] == "gzip" and "Accept-Encoding" in headers["vary"]
        assert json.loads(gzip.decompress(body)) == items(site, path, "limit=50")
        got, headers, _ = site.ask("GET", "/api/")
        assert got == 308 and headers["location"] == "/api"


def test_both_languages():
    with shipped() as site:
        path = filled(site)[0]
        zh, en = site.json(f"/api/collections/{path}"), site.json(f"/en/api/collections/{path}")
        assert zh["title"] != en["title"] and re.search("[一-鿿]", zh["title"]) and not re.search("[一-鿿]", en["title"])
        one = site.json(f"/en/api/collections/{path}/items?limit=2")
        assert all(x["href"].startswith(f"{site.base}/en/") for x in one["links"])
        assert "/en/" in one["features"][0]["properties"]["page"]
        assert [f["id"] for f in one["features"]] and set(one["features"][0]["properties"]) == set(items(site, path)["features"][0]["properties"])


def test_feeds():
    with shipped() as site:
        path = filled(site)[0]
        atom = ET.fromstring(site.get("/changes.atom"))
        ns = {"a": "http://www.w3.org/2005/Atom", "s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
        entries = atom.findall("a:entry", ns)
        assert entries and atom.find("a:updated", ns).text.endswith("Z")
        assert len({e.find("a:id", ns).text for e in entries}) == len(entries)
        for entry in entries[:3]:
            site.get(entry.find("a:link", ns).get("href")[len(site.base):])
        index = ET.fromstring(site.get("/sitemap.xml"))
        addresses = []
        for part in index.findall("s:sitemap/s:loc", ns):
            addresses += [u.text for u in ET.fromstring(site.get(part.text[len(site.base):])).findall("s:url/s:loc", ns)]
        records = sum(items(site, p, "limit=1")["numberMatched"] for p in paths(site))
        assert len(addresses) == 2 * (records + len(paths(site))) == len(set(addresses)), (len(addresses), records)
        for address in addresses[:4] + addresses[-4:]:
            site.get(urllib.parse.unquote(address[len(site.base):]))
        assert b"Sitemap: " in site.get("/robots.txt")
        refused_status = site.ask("GET", f"/sitemap/{path}/99.xml")[0]
        assert refused_status == 404


def test_figures_have_a_listener_of_their_own():
    import http.client
    from test_gateway import free_port
    port = free_port()
    with shipped("--metrics-listen", f"127.0.0.1:{port}") as site:
        path = filled(site)[0]
        site.get("/nothing-here", 404)
        assert site.ask("GET", "/metrics")[0] == 404, "not where everybody asks"
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        assert int(figures['xiudai_requests_total{status="200"}']) >= 1 and int(figures['xiudai_requests_total{status="404"}']) >= 2
        assert figures["xiudai_log_seq"] == figures["xiudai_index_seq"] and figures["xiudai_ready"] == "1"
        assert int(figures['xiudai_request_seconds_bucket{le="+Inf"}']) == int(figures["xiudai_request_seconds_count"])


# ---- other people's tools ----------------------------------------------------------------------

def gdal(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "ERROR" not in done.stderr, done.stderr[-2000:]
    return done.stdout


def test_gdal_copies_every_feature():
    with shipped() as site:
        listed = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{site.base}/api")
        for path in filled(site):
            assert path in listed, listed
            out = site.dir / f"{path}.gpkg"
            gdal("ogr2ogr", "-f", "GPKG", out, f"OAPIF:{site.base}/api", path, "-nln", "got")
            gdal("ogr2ogr", "-f", "GeoJSON", site.dir / f"{path}.json", out, "got", "-lco", "COORDINATE_PRECISION=7")
            got = json.loads((site.dir / f"{path}.json").read_text())["features"]
            want = every(site, path)
            key = "page"
            theirs = {f["properties"][key]: f for f in got}
            assert len(theirs) == len(want) == len(got), (path, len(got), len(want))
            for f in want:
                mine = theirs[f["properties"][key]]
                assert mine["geometry"] == f["geometry"], (f["geometry"], mine["geometry"])
                for name, value in f["properties"].items():
                    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
                        other = mine["properties"][name]
                        if isinstance(other, str) and other.replace("/", "-") == str(value):
                            continue  # GDAL's guess at a column: nothing but days, or nothing in the first features
                        assert other == value and type(other) in (type(value), int if isinstance(value, float) else type(value)), (name, value, other)


def test_gdal_pushes_conditions_down():
    with shipped() as site:
        path = filled(site)[0]
        name, _, values = next(x for x in queryable_terms(site, path) if "enum" in x[1] and len(x[2]) > 1)
        value = max(values, key=lambda v: len(values[v]))
        out = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{site.base}/api", path, "-where", f"\"{name}\" = '{value}'")
        assert f"Feature Count: {len(values[value])}" in out, out
        spread = [f for f in points(every(site, path)) if inside(f, 117, 30, 118.5, 31.5)]
        out = gdal("ogrinfo", "-ro", "-so", f"OAPIF:{site.base}/api", path, "-spat", "117", "30", "118.5", "31.5")
        assert f"Feature Count: {len(spread)}" in out, (out, len(spread))
        asked = subprocess.run(["ogrinfo", "-ro", "-al", f"OAPIF:{site.base}/api", path, "-where", f"\"{name}\" = '{value}'", "--debug", "on"],
                               capture_output=True, text=True).stderr
        assert f"{name}=" in asked, "GDAL found the parameter in the API's description"


def test_owslib_reads_it():
    from owslib.ogcapi.features import Features
    with shipped() as site:
        api = Features(f"{site.base}/api")
        assert set(api.feature_collections()) == set(paths(site))
        path = filled(site)[0]
        whole = every(site, path)
        assert api.collection(path)["id"] == path
        assert api.collection_items(path, limit=3)["numberReturned"] == 3
        assert api.collection_items(path, bbox=[117, 30, 118.5, 31.5], limit=1000)["numberMatched"] == len(ids(site, path, "bbox=117,30,118.5,31.5"))
        assert api.collection_item(path, str(whole[0]["id"]))["properties"] == whole[0]["properties"]
        assert api.collection_queryables(path)["properties"]
        assert any("cql2-text" in c for c in api.conformance()["conformsTo"])


QGIS = """
import os, sys
from qgis.core import QgsApplication, QgsVectorLayer, QgsFeatureRequest, QgsRectangle
app = QgsApplication([], False)
app.initQgis()
layer = QgsVectorLayer(f"url='{sys.argv[1]}/api' typename='{sys.argv[2]}' srsname='OGC:CRS84' pagingEnabled='default'", "x", "OAPIF")
whole = len(list(layer.getFeatures())) if layer.isValid() else -1
part = len(list(layer.getFeatures(QgsFeatureRequest(QgsRectangle(117, 30, 118.5, 31.5))))) if whole > 0 else -1
print(whole, part, flush=True)
os._exit(0)  # its own way out crashes
"""


def test_qgis_opens_it():
    if subprocess.run(["/usr/bin/python3", "-c", "import qgis.core"], capture_output=True).returncode:
        print("QGIS is not installed: it was not tried")
        return
    with shipped() as site:
        path = filled(site)[0]
        done = subprocess.run(["/usr/bin/python3", "-c", QGIS, site.base, path], capture_output=True, text=True, timeout=120,
                              env=dict(os.environ, QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(site.dir), HOME=str(site.dir)))
        whole, part = map(int, done.stdout.split())
        features = every(site, path)
        assert whole == len(features) and part == sum(inside(f, 117, 30, 118.5, 31.5) for f in points(features)), (whole, part, done.stderr[-500:])


def test_the_description_says_what_is():
    with shipped() as site:
        for lang in ("", "/en"):
            status, headers, body = site.ask("GET", f"{lang}/api/openapi.json")
            assert status == 200 and headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
            api = json.loads(body)
            assert api["openapi"].startswith("3.0") and api["servers"][0]["url"] == f"{site.base}{lang}/api"
            names = set()
            for path in filled(site):
                operation = api["paths"][f"/collections/{path}/items"]["get"]
                declared = [api["components"]["parameters"][p["$ref"].rsplit("/", 1)[1]] for p in operation["parameters"]]
                assert [p["name"] for p in declared if p["in"] == "header"] == ["Xiudai-Position"]
                declared = {p["name"] for p in declared if p["in"] == "query"}
                wanted = {n for n, s in site.json(f"/api/collections/{path}/queryables")["properties"].items() if "format" not in s}
                assert wanted <= declared, wanted - declared
                for name in declared - {"filter", "cursor", "bbox", "datetime", "sortby", "limit", "facets", "crs", "bbox-crs",
                                        "filter-crs", "filter-lang", "certain", "f", "q"}:
                    assert site.ask("GET", f"/api/collections/{path}/items?{name}=")[0] == 200, name
            for address, path_item in api["paths"].items():
                operation = path_item["get"]
                assert operation["operationId"] not in names and operation["summary"]
                names.add(operation["operationId"])
                if "{" not in address:
                    got = site.ask("GET", f"{lang}/api" + (address if address != "/" else ""))
                    assert got[0] == 200, (address, got)
                    said = set(operation["responses"]["200"]["content"])
                    assert got[1]["content-type"] in said, (address, got[1]["content-type"], said)
        redocly = ROOT / "node_modules" / "@redocly" / "cli" / "bin" / "cli.js"
        if redocly.exists():
            (site.dir / "api.json").write_bytes(site.get("/en/api/openapi.json"))
            done = subprocess.run([str(ROOT / "tools" / "node"), str(redocly), "lint", "--extends=recommended", str(site.dir / "api.json")],
                                  capture_output=True, text=True, env={"REDOCLY_TELEMETRY": "off", "PATH": "/usr/bin:/bin", "HOME": str(site.dir)})
            assert done.returncode == 0 and "warning" not in done.stderr.lower(), done.stderr[-2000:]


if __name__ == "__main__":
    main(globals())
