#!/usr/bin/env python3
"""Many machines on one: a primary and a synchronous standby, nodes that follow the log, and what
happens to them. Short here, long under XIUDAI_SOAK=1."""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

from xiudai import BINARY, ROOT, SEED, SOAK, folder, import_json, main, run

sys.path.insert(0, str(ROOT / "tools"))
from cluster_parts import BIN, NGINX, Gateway, Node, Pair, Postgres, Proxy, Watcher, until  # noqa: E402

KIND = "museum"
HEADER = "id,name_zh,name_en,kind,prefecture,county,division_code\n"


@contextlib.contextmanager
def place():
    """A folder that PostgreSQL's user may enter."""
    shm = pathlib.Path("/dev/shm")
    path = pathlib.Path(tempfile.mkdtemp(prefix="xd_cluster_", dir=shm if os.access(shm, os.W_OK) else None))
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def single(path):
    server = Postgres(path, "a", ["fsync=off"]).make().start()
    try:
        server.say("CREATE DATABASE xiudai")
        yield server
    finally:
        server.stop()


def url(*ports):
    return f"postgresql://xiudai@{','.join(f'127.0.0.1:{p}' for p in ports)}/xiudai"


def write_rows(file, mark, n):
    file.write_text(HEADER + "".join(f"{mark}-{i},{mark}号馆{i},Hall {mark} {i},industry,宣城市,泾县,341823\n" for i in range(n)))
    return file


def rows_of(server, changeset):
    return int(server.say(f"SELECT count(*) FROM revision WHERE change_set = {changeset}", "xiudai"))


def sets(server):
    return int(server.say("SELECT count(*) FROM revision WHERE kind = 'set'", "xiudai"))


def import_rows(store, file, **more):
    return import_json(KIND, file, "--state", "public", store=store, **more)


def museums(node):
    _, _, body = node.ask("/api/collections/museums/items?limit=1")
    return json.loads(body)


# ---- answers that never come -----------------------------------------------------------------------

def test_commit_without_an_answer():
    """The connection breaks at the commit, before or after the server has it, or the server freezes
    with it in its hands: the import finds out, tells the truth, and nothing is there twice."""
    with folder() as tmp, place() as path, single(path) as server:
        run("import", "heritage", SEED / "anhui-heritage.csv", store=url(server.port))

        def once(what):
            seen = []

            def lose(data):
                if b"pg_notify" in data and not seen:
                    seen.append(1)
                    return what()
                return None
            return lose

        def freeze():
            server.freeze()
            threading.Timer(4, server.thaw).start()

        for number, (name, what) in enumerate([("before", lambda: "before"), ("after", lambda: "after"), ("frozen", freeze)]):
            proxy = Proxy(server.port, lose=once(what))
            report = import_rows(url(proxy.port), write_rows(tmp / "r.csv", name, 20))
            assert report["new"] == 20 and report["refused"] == 0 and report["changeset"] > 0, report
            assert rows_of(server, report["changeset"]) == 20, name
            assert sets(server) == number + 2, name
            again = import_rows(url(proxy.port), tmp / "r.csv")
            assert again["unchanged"] == 20 and again["changeset"] == 0, again
            proxy.close()
        run("verify", store=url(server.port))


def test_nobody_there():
    """No hang and no half write where the database does not answer, and a sentence that says so."""
    with folder() as tmp, place() as path, single(path) as server:
        store, file = url(server.port), write_rows(tmp / "r.csv", "x", 3)
        import_rows(store, write_rows(tmp / "q.csv", "q", 3))
        server.freeze()
        began = time.monotonic()
        _, words = run("import", KIND, file, store=store, expect=1)
        assert "does not answer" in words and time.monotonic() - began < 30, words
        server.thaw()
        assert import_rows(store, file)["new"] == 3


# ---- nodes -----------------------------------------------------------------------------------------

def notice(node, path="/museums"):
    status, headers, body = node.ask(path)
    assert status == 200, (path, status)
    return "数据库暂时联系不上" in body.decode()


def test_nodes():
    with folder() as tmp, place() as path, single(path) as server:
        store = url(server.port)
        import_rows(store, SEED / "anhui-museums.csv")
        proxy = Proxy(server.port)
        nodes = [Node(BINARY, url(proxy.port), tmp)] + [Node(BINARY, store, tmp) for _ in range(2)]
        try:
            for node in nodes:
                node.start()
            whole = museums(nodes[0])["numberMatched"]
            assert whole == 30 and {museums(n)["numberMatched"] for n in nodes} == {whole}
            key = museums(nodes[0])["features"][0]["id"]
            cut_off(tmp, store, proxy, nodes, f"/museums/{key}")
            node_dies(tmp, store, nodes)
            model_goes_on(tmp, store, nodes)
        finally:
            proxy.close()
            for node in nodes:
                node.stop()


def cut_off(tmp, store, proxy, nodes, record):
    """No cable between a node and the database: reading goes on, says how old it is; what needs the
    database is refused with a time to come back; what was written meanwhile shows afterwards."""
    here, there = nodes[0], nodes[1]
    seq = here.ready()["seq"]
    assert here.ready()["store"] == "ok" and not notice(here)
    proxy.cut()
    import_rows(store, write_rows(tmp / "cut.csv", "cut", 5))
    until(lambda: museums(there)["numberMatched"] == 35, 10, "the other node follows")
    until(lambda: here.ready()["store"] == "away", 20, "the node notices")
    until(lambda: notice(here), 20, "its pages say how old they are")
    for page in ("/", "/museums?q=%E9%A6%86", "/map", record, "/data", "/en/museums", "/museums.csv"):
        status, headers, _ = here.ask(page)
        assert status == 200, (page, status)
    status, headers, _ = here.ask("/api/collections/museums/items")
    assert status == 200 and headers["xiudai-as-of"].endswith("Z"), headers
    status, headers, body = here.ask(record + "/history")
    assert status == 503 and int(headers["retry-after"]) > 0 and "数据库暂时联系不上" in body.decode(), (status, headers)
    state = here.ready()
    assert state["seq"] == seq and float(state["age"]) >= 5, state
    assert here.metrics()["xiudai_store_away"] == "1" and here.metrics()["xiudai_ready"] == "1"
    assert there.ready()["store"] == "ok" and not notice(there)
    proxy.mend()
    until(lambda: museums(here)["numberMatched"] == 35, 20, "the node catches up")
    until(lambda: not notice(here), 10, "and no longer says that it is old")
    assert here.ask(record + "/history")[0] == 200
    assert here.metrics()["xiudai_log_lag"] == "0"


def node_dies(tmp, store, nodes):
    """kill -9 of a node while an import runs: neither the import nor the others mind."""
    victim = nodes[2]
    writer = subprocess.Popen([BINARY, "import", KIND, write_rows(tmp / "many.csv", "many", 1500), "--state", "public"],
                              env=dict(os.environ, XIUDAI_STORE=store), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    victim.process.kill()
    victim.process.wait()
    victim.log.close()
    assert writer.wait(60) == 0
    until(lambda: museums(nodes[0])["numberMatched"] == 1535, 20, "the others follow")
    victim.start()
    assert museums(victim)["numberMatched"] == 1535


def model_goes_on(tmp, store, nodes):
    """Another model is applied: a node with the old one goes on reading and says that it only reads."""
    data = tmp / "data"
    shutil.copytree(ROOT / "data", data)
    site = data / "model" / "site.yaml"
    site.write_text(site.read_text() + "\n# another model\n")
    type_file = next((data / "model" / "types").glob("museum.yaml"))
    text = type_file.read_text()
    type_file.write_text(text.replace("label: {zh: ", "label: {zh: 新", 1))
    run("model", "apply", "--data", data, store=store)
    for node in nodes:
        until(lambda: node.ready()["writes"].startswith("no"), 10, "the node says that it only reads")
        assert museums(node)["numberMatched"] == 1535
    import_json(KIND, write_rows(tmp / "new.csv", "new", 4), "--state", "public", "--data", data, store=store)
    until(lambda: museums(nodes[1])["numberMatched"] == 1539, 10, "records of the new model are read by the old")
    nodes[1].stop()
    nodes[1].start()  # also one that starts anew
    assert nodes[1].ready()["writes"].startswith("no") and museums(nodes[1])["numberMatched"] == 1539


if __name__ == "__main__":
    if not (BIN / "initdb").exists():
        print("PostgreSQL 15 is not installed: nothing was tried")
        print("0 passed, 0 failed, 3 skipped")
        sys.exit(0)
    main(globals())
