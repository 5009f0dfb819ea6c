"""A question that is too much work is refused with a sentence, by page and API, and nobody else notices."""
import json

from xiudai import SEED, Server, folder, main, main_seed, run


def test_too_much_work():
    with folder() as work:
        store = work / "s.db"
        kind, file, state = main_seed()
        run("import", kind, SEED / file, "--state", state, store=store)
        with Server(store) as site:
            path = next(c["id"] for c in site.json("/api/collections")["collections"]
                        if site.json(f"/api/collections/{c['id']}/items?limit=1")["numberMatched"])
        with Server(store, "--query-work", 10) as site:
            for _ in range(2):
                status, head, body = site.ask("GET", f"/api/collections/{path}/items")
                assert status == 503 and int(head["retry-after"]) > 0, (status, head)
                assert head["content-type"].startswith("application/problem+json"), head
                assert "比对" in json.loads(body)["detail"], body
                status, head, body = site.ask("GET", f"/en/{path}", headers={"Accept": "text/html"})
                assert status == 503 and int(head["retry-after"]) > 0, (status, head)
                assert b"too much work" in body and b"<html" in body, body[:500]
            assert site.get("/healthz")
            # What is found without looking for it is there.
            assert site.json(f"/api/collections/{path}")["id"] == path


def test_bounds_are_numbers():
    for wrong in ("-1", "many", "1.5"):
        _, err = run("serve", "--query-ms", wrong, "--lang", "en", expect=1)
        assert "--query-ms" in err, err


if __name__ == "__main__":
    main(globals())
