"""Stores of earlier versions: today's program says what to do, applies its model, loses nothing."""
import json
import lzma
import os

from xiudai import ROOT, Server, folder, main, run

KEPT = sorted((ROOT / "tests" / "kept").glob("*.db.xz"))
COUNTS = {"heritage": 80, "museum": 30, "craft": 27, "tour_site": 25}


def unpack(kept, to):
    to.write_bytes(lzma.decompress(kept.read_bytes()))
    os.chmod(to, 0o600)
    return to


def records(store, type_name, d):
    run("export", type_name, d / "out.geojson", store=store)
    return json.loads((d / "out.geojson").read_text(encoding="utf-8"))["features"]


def test_an_older_store_is_told_applied_and_whole():
    assert KEPT
    for kept in KEPT:
        with folder() as d:
            store = unpack(kept, d / "s.db")
            _, words = run("verify", store=store, expect=1)
            assert "Make a backup, then run xiudai serve" in words, words
            _, words = run("serve", "--listen", "127.0.0.1:0", store=store, expect=1)
            assert "model apply" in words, words  # the schema is the newest by now
            before = json.loads(run("verify", "--json", store=store)[0])
            assert before["ok"], before
            run("model", "apply", store=store)
            after = json.loads(run("verify", "--json", store=store)[0])
            assert after["ok"] and after["seq"] == before["seq"] + 1, after
            for type_name, n in COUNTS.items():
                assert len(records(store, type_name, d)) == n, type_name
            with Server(store) as site:
                assert "泾县宣纸厂" in site.get("/heritage?q=xuanzhi").decode()


if __name__ == "__main__":
    main(globals())
