"""The whole program on a model whose every name is random: what it shows and counts must be what it
shows and counts under the shipped names."""
import json
import subprocess
import urllib.parse

from xiudai import ROOT, SEED, Server, folder, import_json, main, run, seed_rows


def random_model(out):
    done = subprocess.run([str(ROOT / "tools" / "random-model"), str(out)], capture_output=True, check=True)
    return json.loads(done.stdout)




def load(store, data, names):
    for type_name, file, state in seed_rows():
        report = import_json(names["type"][type_name], SEED / file, "--state", names["state"][state], "--data", data,
                             store=store)
        yield file, {k: report[k] for k in ("rows", "new", "changed", "unchanged", "refused")}




def test_same_counts_and_pages():
    with folder() as d:
        names = random_model(d / "data")
        print("seed of the names:", names["seed"])
        run("model", "check", d / "data" / "model")
        same = {k: {n: n for n in v} for k, v in names.items() if isinstance(v, dict)}
        random_reports = dict(load(d / "r.db", d / "data", names))
        plain_reports = dict(load(d / "p.db", ROOT / "data", same))
        assert random_reports == plain_reports, (random_reports, plain_reports)
        with Server(d / "r.db", "--data", d / "data") as r, Server(d / "p.db") as p:
            collections = {c["id"] for c in r.json("/api/collections")["collections"]}
            assert collections == {names["path"][c["id"]] for c in p.json("/api/collections")["collections"]}
            for old, new in names["path"].items():
                ours, theirs = r.json(f"/api/collections/{new}/items?limit=500"), p.json(f"/api/collections/{old}/items?limit=500")
                assert ours["numberMatched"] == theirs["numberMatched"], old
                assert [f["geometry"] for f in ours["features"]] == [f["geometry"] for f in theirs["features"]], old
                for query in ("xuanzhi", "宣纸", "tongling", "厂"):
                    q = urllib.parse.quote(query)
                    assert (r.json(f"/api/collections/{new}/items?q={q}")["numberMatched"] ==
                            p.json(f"/api/collections/{old}/items?q={q}")["numberMatched"]), (old, query)
                page = r.get(f"/{new}").decode()
                assert "</html>" in page
                for feature in ours["features"][:3]:
                    assert "</html>" in r.get(f"/{new}/{feature['id']}").decode()
            for page in ("/", "/en/", "/map", "/data"):
                ours, theirs = r.get(page).decode(), p.get(page).decode()
                for sign in ("宣纸", "Xuan", "芜湖", "Wuhu"):
                    assert (sign in ours) == (sign in theirs), (page, sign)
                assert abs(len(ours) - len(theirs)) < 0.2 * len(theirs), (page, len(ours), len(theirs))


if __name__ == "__main__":
    main(globals())
