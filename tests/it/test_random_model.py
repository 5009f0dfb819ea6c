"""The whole program on a model whose every name is random: what it shows and counts must be what it
shows and counts under the shipped names. The random names are on PostgreSQL, where there is one, and
the shipped on a file; in full both are on both."""
import contextlib
import json
import subprocess
import urllib.parse

from test_postgres import BIN, Postgres
from xiudai import ROOT, SEED, SOAK, Server, folder, import_json, main, run, seed_rows


def random_model(out):
    done = subprocess.run([str(ROOT / "tools" / "random-model"), str(out)], capture_output=True, check=True)
    return json.loads(done.stdout)


def load(store, data, names):
    for type_name, file, state in seed_rows():
        report = import_json(names["type"][type_name], SEED / file, "--state", names["state"][state], "--data", data,
                             store=store)
        yield file, {k: report[k] for k in ("rows", "new", "changed", "unchanged", "refused")}




@contextlib.contextmanager
def places(d):
    """Where the two stores are: (the random one, the plain one), once or in each way."""
    with contextlib.ExitStack() as stack:
        pg = stack.enter_context(Postgres()) if (BIN / "initdb").exists() else None
        ways = [(pg is not None, False)] + ([(False, pg is not None), (False, False), (True, True)] if SOAK and pg else [])
        yield [[pg.database(f"{name}{n}") if on_pg else d / f"{name}{n}.db" for name, on_pg in zip("rp", way)]
               for n, way in enumerate(ways)]


def test_same_counts_and_pages():
    with folder() as d, places(d) as ways:
        for number, way in enumerate(ways):
            same_counts_and_pages(d / f"way{number}", *way)


def same_counts_and_pages(d, random_store, plain_store):
    d.mkdir()
    names = random_model(d / "data")
    print("seed of the names:", names["seed"])
    run("model", "check", d / "data" / "model")
    same = {k: {n: n for n in v} for k, v in names.items() if isinstance(v, dict)}
    random_reports = dict(load(random_store, d / "data", names))
    plain_reports = dict(load(plain_store, ROOT / "data", same))
    assert random_reports == plain_reports, (random_reports, plain_reports)
    with Server(random_store, "--data", d / "data", "--index", d / "r.index") as r, Server(plain_store, "--index", d / "p.index") as p:
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
