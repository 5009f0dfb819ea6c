"""A page mark is good over a restart; after the model has changed it is answered 410 with the way back."""
import json
import re
import shutil
import urllib.parse

from xiudai import ROOT, SEED, Server, folder, main, main_seed, run


def following(site, page):
    found = [link["href"] for link in page["links"] if link["rel"] == "next"]
    return urllib.parse.unquote(re.sub(r"^https?://[^/]+", "", found[0])) if found else None


def test_marks_over_restart_and_model():
    with folder() as work:
        store, data = work / "s.db", work / "data"
        shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("seed"))
        kind, file, state = main_seed()
        run("import", kind, SEED / file, "--state", state, "--data", data, store=store)
        path = None
        with Server(store, "--data", data) as site:
            for one in site.json("/api/collections")["collections"]:
                page = site.json(f"/api/collections/{one['id']}/items?limit=7&sortby=-number")
                path = one["id"] if page["numberMatched"] > 21 else path
            page = site.json(f"/api/collections/{path}/items?limit=7&sortby=-number")
            ids, marked = [f["id"] for f in page["features"]], following(site, page)
            html = site.get(f"/{path}").decode()
            shown = re.search(r'href="([^"]*cursor=[^"]*)"', html).group(1).replace("&amp;", "&")
        with Server(store, "--data", data) as site:  # another process, the same marks
            while marked:
                page = site.json(marked)
                ids += [f["id"] for f in page["features"]]
                before, marked = marked, following(site, page)
            assert len(ids) == len(set(ids)) == page["numberMatched"], len(ids)
            assert site.get(shown)
        changed = data / "model" / "types" / f"{kind}.yaml"
        changed.write_text(re.sub(r"zh: [^,}]+", r"\g<0>了", changed.read_text(encoding="utf-8"), count=1), encoding="utf-8")
        run("model", "apply", "--data", data, store=store)
        with Server(store, "--data", data) as site:
            status, _, body = site.ask("GET", before)
            assert status == 410, (status, body[:300])
            first = [link["href"] for link in json.loads(body)["links"] if link["rel"] == "first"][0]
            assert "cursor" not in first and "sortby=-number" in urllib.parse.unquote(first), first
            assert site.json(urllib.parse.unquote(first))["numberReturned"] == 7
            status, _, body = site.ask("GET", shown)
            assert status == 410 and f'href="/{path}"'.encode() in body, (status, body[:300])


if __name__ == "__main__":
    main(globals())
