"""Counts by squares of the map, and how a question was answered."""
import json

from xiudai import SEED, Server, folder, main, main_seed, run


def test_squares_and_plan():
    with folder() as work:
        store = work / "s.db"
        kind, file, state = main_seed()
        run("import", kind, SEED / file, "--state", state, store=store)
        with Server(store) as site:
            path = next(c["id"] for c in site.json("/api/collections")["collections"]
                        if site.json(f"/api/collections/{c['id']}/items?limit=1")["numberMatched"])
            base = f"/api/collections/{path}"
            facets = site.json(f"{base}/facets")["facets"]
            field = next(f for f in facets if 1 < len(facets[f]["counts"]) < 9 and not facets[f]["approximate"])
            value = facets[field]["counts"][0]["value"]
            for query in ("", f"?{field}={value}", "?bbox=117,30,118.5,32"):
                matched = site.json(f"{base}/items{query}")["numberMatched"]
                before = None
                for z in (1, 5, 8, 12):
                    cells = site.json(f"{base}/cells/{z}{query}")
                    assert cells["numberMatched"] == matched, (query, z)
                    total = sum(f["properties"]["count"] for f in cells["features"])
                    assert total == matched - cells["withoutPlace"], (query, z, total)
                    assert before is None or len(cells["features"]) >= before
                    before = len(cells["features"])
                    for f in cells["features"]:
                        assert f["id"].split("/")[0] == str(z) and len(f["geometry"]["coordinates"][0]) == 5
                        assert 0 <= f["properties"]["roughly"] <= f["properties"]["count"]
            for z in (0, 13, "x"):
                site.get(f"{base}/cells/{z}", expect=404)
            site.get(f"{base}/cells/5?limit=3", expect=400)
        told = json.loads(run("query", kind, "--filter", f"{field} = '{value}' AND id > 0", "--facets", "--explain", "--json",
                              store=store)[0])
        assert told["matched"] == facets[field]["counts"][0]["count"] and len(told["ids"]) <= 20, told
        steps = told["plan"]
        assert any(s["step"].startswith("filter: ") for s in steps) and any(s["step"] == f"facet {field}" for s in steps), steps
        assert steps[-1]["after"] == told["matched"] and sum(s["work"] for s in steps) > 0, steps
        out, _ = run("query", kind, "--q", "没有这样的词", "--explain", store=store)
        assert "words" in out and out.rstrip().endswith("\n0"), out


if __name__ == "__main__":
    main(globals())
