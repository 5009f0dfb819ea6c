#!/usr/bin/env python3
"""Many machines on one: a primary and a synchronous standby, nodes that follow the log, and what
happens to them. Short here, long under XIUDAI_SOAK=1."""
import contextlib
import json
import os
import pathlib
import re
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
from cluster_parts import BIN, NGINX, Caddy, Gateway, Node, Pair, Postgres, Proxy, Watcher, until  # noqa: E402

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
        assert "does not answer" in words and time.monotonic() - began < 60, words
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
        nodes = [Node(BINARY, url(proxy.port), tmp, "--position-ms", 300)]
        nodes += [Node(BINARY, store, tmp, "--position-ms", 20000) for _ in range(2)]
        try:
            for node in nodes:
                node.start()
            whole = museums(nodes[0])["numberMatched"]
            assert whole == 30 and {museums(n)["numberMatched"] for n in nodes} == {whole}
            key = museums(nodes[0])["features"][0]["id"]
            own_write(tmp, store, nodes)
            cut_off(tmp, store, proxy, nodes, f"/museums/{key}")
            node_dies(tmp, store, nodes)
            new_node(tmp, store, nodes)
            model_goes_on(tmp, store, nodes)
            schema_goes_on(tmp, server, store, nodes)
        finally:
            proxy.close()
            for node in nodes:
                node.stop()


def marked(node, mark, path="/api/collections/museums/items?limit=1"):
    """An answer to one who shows the mark of what he has written."""
    return node.ask(path, headers={"Xiudai-Position": mark})


def own_write(tmp, store, nodes):
    """Who has written sees it in his next question, whichever node is asked; a mark from elsewhere is refused."""
    made = []
    for number in range(4):
        report = import_rows(store, write_rows(tmp / "own.csv", f"own{number}", 1))
        for node in nodes[1:]:
            status, headers, body = marked(node, report["position"])
            assert status == 200 and json.loads(body)["numberMatched"] == 31 + number, (status, body)
            assert headers["xiudai-position"] != report["position"] and "private" in headers["cache-control"], headers
        made.append(report["changeset"])
    cookie = headers["set-cookie"].split(";")[0]
    assert nodes[1].ask("/museums", headers={"Cookie": cookie})[0] == 200
    assert nodes[1].ask("/museums", headers={"Cookie": "xd-position=AAAA"})[0] == 200
    status, _, body = marked(nodes[1], report["position"][:-2] + "xx")
    assert status == 400 and "Xiudai-Position" in body.decode(), (status, body)
    assert not any(h.startswith("xiudai-") for h in nodes[1].ask("/museums")[1])
    for changeset in made[:-1]:
        run("undo", changeset, store=store)
    undone = json.loads(run("undo", made[-1], "--json", store=store)[0])
    for node in nodes[1:]:
        assert json.loads(marked(node, undone["position"])[2])["numberMatched"] == 30
    until(lambda: museums(nodes[0])["numberMatched"] == 30, 60, "all follow")


def told_behind(here, there, report):
    """A node that does not get there says so: programs are told to come back, people are shown what there is."""
    for path in ("/api/collections/museums/items", "/museums.csv", "/museums.json"):
        status, headers, body = marked(here, report["position"], path)
        assert status == 503 and int(headers["retry-after"]) > 0 and "条修订" in body.decode(), (path, status, body)
    status, headers, body = marked(here, report["position"], "/museums")
    assert status == 200 and ("您刚才的改动" in body.decode() or notice(here)), status
    status, _, body = marked(there, report["position"])
    assert status == 200 and json.loads(body)["numberMatched"] == 35


def cut_off(tmp, store, proxy, nodes, record):
    """No cable between a node and the database: reading goes on, says how old it is; what needs the
    database is refused with a time to come back; what was written meanwhile shows afterwards."""
    here, there = nodes[0], nodes[1]
    seq = here.ready()["seq"]
    assert here.ready()["store"] == "ok" and not notice(here)
    proxy.cut()
    report = import_rows(store, write_rows(tmp / "cut.csv", "cut", 5))
    told_behind(here, there, report)
    until(lambda: museums(there)["numberMatched"] == 35, 60, "the other node follows")
    until(lambda: here.ready()["store"] == "away", 60, "the node notices")
    until(lambda: notice(here), 60, "its pages say how old they are")
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
    until(lambda: museums(here)["numberMatched"] == 35, 60, "the node catches up")
    until(lambda: not notice(here), 60, "and no longer says that it is old")
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
    until(lambda: museums(nodes[0])["numberMatched"] == 1535, 60, "the others follow")
    victim.start()
    assert museums(victim)["numberMatched"] == 1535


def new_node(tmp, store, nodes):
    """A new machine takes its search files from another and reads only the rest in the log; what a
    broken one sends is not used."""
    peer = nodes[2]
    peer.stop()  # which writes them
    peer.start()
    import_rows(store, write_rows(tmp / "late.csv", "late", 2))
    new = Node(BINARY, store, tmp, "--index-from", f"127.0.0.1:{peer.metrics_port}").start()
    try:
        assert museums(new)["numberMatched"] == 1537
        assert "bytes of search files from" in new.log_path.read_text()
        status, _, manifest = peer.ask("/index/manifest", port=peer.metrics_port)
        assert status == 200 and manifest == (new.index / "manifest").read_bytes()
        for bad in ("/index/lock", "/index/..%2Fstore", "/index/s-..%2F..%2Fx.seg", "/index/"):
            assert peer.ask(bad, port=peer.metrics_port)[0] in (400, 404), bad
        new.stop()
        shutil.rmtree(new.index)
        files = sorted(peer.index.glob("s-*.seg"))
        damaged = bytearray(files[-1].read_bytes())
        for at in range(0, len(damaged), 64):
            damaged[at] ^= 0xff
        files[-1].rename(peer.index / "kept")
        files[-1].write_bytes(damaged)
        new.start()
        assert museums(new)["numberMatched"] == 1537
        (peer.index / "kept").rename(files[-1])
        new.stop()
        shutil.rmtree(new.index)
        new.args = ("--index-from", "127.0.0.1:1")  # nobody there: made from the log
        new.start()
        assert museums(new)["numberMatched"] == 1537
    finally:
        new.stop()


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
        until(lambda: node.ready()["writes"].startswith("no"), 60, "the node says that it only reads")
        assert museums(node)["numberMatched"] == 1537
    import_json(KIND, write_rows(tmp / "new.csv", "new", 4), "--state", "public", "--data", data, store=store)
    until(lambda: museums(nodes[1])["numberMatched"] == 1541, 60, "records of the new model are read by the old")
    nodes[1].stop()
    nodes[1].start()  # also one that starts anew
    assert nodes[1].ready()["writes"].startswith("no") and museums(nodes[1])["numberMatched"] == 1541


def schema_goes_on(tmp, server, store, nodes):
    """A newer program migrates the store: nodes say which schema they have and go on reading; a step further they
    cannot follow, and say that too."""
    ours = int(server.say("SELECT version FROM schema_version", "xiudai"))
    assert nodes[0].ready()["schema"] == f"{ours}, reads up to {ours + 1}" and len(nodes[0].ready()["model"]) == 16
    server.say("UPDATE schema_version SET version = version + 1", "xiudai")
    for node in nodes:
        until(lambda: node.ready()["writes"] == "no: the store has a newer schema", 60, "the node sees the newer schema")
        assert museums(node)["numberMatched"] == 1541 and node.ready()["store"] == "ok"
    _, words = run("import", KIND, write_rows(tmp / "new.csv", "newer", 1), store=store, expect=1)
    assert "newer Xiudai" in words, words
    nodes[1].stop()
    nodes[1].start()
    assert nodes[1].ready()["writes"] == "no: the store has a newer schema" and museums(nodes[1])["numberMatched"] == 1541
    server.say("UPDATE schema_version SET version = version + 1", "xiudai")
    for node in nodes:
        until(lambda: node.ready()["store"] == "away", 60, "the node does not read what it does not know")
        assert museums(node)["numberMatched"] == 1541
    server.say("UPDATE schema_version SET version = version - 2", "xiudai")


# ---- failover --------------------------------------------------------------------------------------

class Writers:
    """Imports one after the other, several at a time; each remembers what it was told."""

    def __init__(self, store, tmp, n=2):
        self.store, self.tmp, self.acknowledged, self.refused, self.stopping = store, tmp, [], 0, threading.Event()
        self.threads = [threading.Thread(target=self.work, args=(i,), daemon=True) for i in range(n)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def work(self, me):
        number = 0
        while not self.stopping.is_set():
            number += 1
            file = write_rows(self.tmp / f"w{me}.csv", f"w{me}n{number}", 5)
            done = subprocess.run([BINARY, "import", KIND, file, "--state", "public", "--json"], capture_output=True, text=True,
                                  env=dict(os.environ, XIUDAI_STORE=self.store), timeout=120)
            if done.returncode == 0:
                report = json.loads(done.stdout)
                self.acknowledged.append((time.monotonic(), report["changeset"], report["new"]))
            else:
                self.refused += 1

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(120)


class Readers(threading.Thread):
    """Asks for pages all the time, through whatever get() does; remembers what was not 200."""

    def __init__(self, get):
        super().__init__(daemon=True)
        self.get, self.asked, self.failed, self.stopping = get, 0, [], threading.Event()

    def run(self):
        while not self.stopping.is_set():
            self.asked += 1
            try:
                status = self.get()
                if status != 200:
                    self.failed.append(status)
            except OSError as error:
                self.failed.append(repr(error))
            time.sleep(0.01)

    def stop(self):
        self.stopping.set()
        self.join(30)


def lost_of(server, writers):
    return [(s, n) for _, s, n in writers.acknowledged if s and rows_of(server, s) < n]


def test_primary_dies():
    """kill -9 (in full also a freeze) of the primary while two write: no acknowledged import is lost, writing goes
    on by itself after the promotion, reading never stops; the old primary, come back, gets nothing."""
    with folder() as tmp, place() as path:
        pair = Pair(path, ["fsync=off"]).start()
        node, watcher = None, Watcher(pair, every=0.3)
        try:
            store = pair.url()
            import_rows(store, SEED / "anhui-museums.csv")
            node = Node(BINARY, store, tmp).start()
            readers = Readers(lambda: node.ask("/api/collections/museums/items?limit=2")[0])
            readers.start()
            watcher.start()
            resumed = []
            for hurt in (Postgres.kill, Postgres.freeze) * 6 if SOAK else (Postgres.kill,):
                resumed.append(changes_hands(tmp, pair, watcher, store, hurt))
                until(lambda: node.ready()["head"] == pair.primary.say("SELECT max(seq) FROM revision", "xiudai"), 60,
                      "the node follows the new primary")
                assert node.ready()["store"] == "ok"
                old_primary_returns(tmp, pair, store)
                pair.standby.stop()
                pair.attach()
            readers.stop()
            assert not readers.failed and readers.asked > 50, (readers.asked, readers.failed[:5])
            run("verify", store=store)
            # A busy machine may be late once, or nearly always; the program may not be late every time.
            assert not SOAK or min(resumed) < 5, resumed
        finally:
            watcher.stop()
            if node:
                node.stop()
            pair.stop()


def changes_hands(tmp, pair, watcher, store, hurt):
    writers = Writers(store, tmp).start()
    until(lambda: len(writers.acknowledged) >= 4, 60, "imports are acknowledged")
    time.sleep(1)  # the watcher sees the pair in step
    promoted = watcher.promoted
    hurt(pair.primary)
    until(lambda: watcher.promoted > promoted, 60, "the standby is promoted", 0.005)
    at = time.monotonic()
    until(lambda: any(t > at for t, _, _ in writers.acknowledged), 60, "writing goes on")
    resumed = min(t for t, _, _ in writers.acknowledged if t > at) - at
    writers.stop()
    lost = lost_of(pair.primary, writers)
    print(f"{hurt.__name__}: {len(writers.acknowledged)} acknowledged, {len(lost)} lost, {writers.refused} told to try again, "
          f"writing {resumed:.1f} s after the promotion")
    assert not lost, lost
    return resumed


def old_primary_returns(tmp, pair, store):
    """Nobody stopped it and it takes connections as it did: it is passed over, and alone it can
    acknowledge nothing."""
    old, before = pair.standby, sets(pair.primary)
    old.start()
    assert old.say("SELECT pg_is_in_recovery()") == "f"
    report = import_rows(pair.url(old.port, pair.primary.port), write_rows(tmp / "old.csv", f"old{before}", 3))
    assert rows_of(pair.primary, report["changeset"]) == 3 and sets(pair.primary) == before + 1
    alone = subprocess.Popen([BINARY, "import", KIND, write_rows(tmp / "alone.csv", f"alone{before}", 3)], stderr=subprocess.DEVNULL,
                             env=dict(os.environ, XIUDAI_STORE=pair.url(old.port)), stdout=subprocess.DEVNULL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        assert alone.wait(3) != 0, "an old primary acknowledged an import"
    alone.kill()
    alone.wait()


# ---- the gateway -----------------------------------------------------------------------------------

def gateways(tmp, ports):
    """Both, where they are installed, before the same nodes."""
    if pathlib.Path(NGINX).exists():
        yield Gateway(tmp / "nginx", ports)
    if shutil.which("caddy"):
        yield Caddy(tmp / "caddy", ports)


def page_through(gateway):
    """Asks for a page on a connection of its own; its status."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def get():
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=20) as raw, context.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(b"GET /museums?q=%E9%A6%86 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return int(s.recv(64).split()[1])
    return get


def test_rolling_restart():
    """Every node restarted, one after the other, behind nginx and behind Caddy: no request fails."""
    with folder() as tmp, place() as path, single(path) as server:
        store = url(server.port)
        import_rows(store, SEED / "anhui-museums.csv")
        (tmp / "settings.yaml").write_text("trusted_proxies: [127.0.0.1]\n")
        nodes = [Node(BINARY, store, tmp, "--settings", tmp / "settings.yaml") for _ in range(3)]
        before, readers = [], []
        try:
            for node in nodes:
                node.start()
            for gateway in gateways(tmp, [n.port for n in nodes]):
                before.append(gateway.start())
                get = page_through(gateway)
                until(lambda: get() == 200, 60, "the gateway has looked at its nodes")
                readers += [Readers(get) for _ in range(2)]
            for reader in readers:
                reader.start()
            for node in nodes * (5 if SOAK else 1):
                assert node.stop() == 0
                node.start()
                until(lambda: museums(node)["numberMatched"] == 30, 60, "it serves again")
                time.sleep(3)  # as the configuration asks: the gateway leaves a node alone for two seconds
            for reader in readers:
                reader.stop()
            for reader in readers:
                assert not reader.failed and reader.asked > 20, (reader.asked, reader.failed[:5])
        finally:
            for gateway in before:
                gateway.stop()
            for node in nodes:
                node.stop()


def test_rates_count_all_nodes():
    """One address has one allowance, however many nodes answer it; who is past it is told when to come back."""
    if not pathlib.Path(NGINX).exists():
        print("nginx is not installed: rates were not tried")
        return
    with folder() as tmp:
        nodes = [Node(BINARY, str(tmp / "s.db"), tmp) for _ in range(3)]
        shares, cables, gateway = [0, 0, 0], [], None

        def counting(number):
            def count(data):
                shares[number] += data.count(b"GET /robots.txt ")
            return count

        try:
            for number, node in enumerate(nodes):
                cables.append(Proxy(node.start().port, lose=counting(number)))
            gateway = Gateway(tmp / "nginx", [c.port for c in cables], rate="1r/m").start()
            got = many_through(gateway, 600)
            heads = got.split(b"HTTP/1.1 ")[1:]
            passed = [h for h in heads if h.startswith(b"200 ")]
            refused = [h for h in heads if h.startswith(b"429 ")]
            # What the configuration lets pass at once (burst) and the first; one more each minute.
            assert len(passed) + len(refused) == 600 and 401 <= len(passed) <= 430, (len(heads), len(passed), len(refused))
            assert all(b"\r\nRetry-After: 2\r\n" in h and "请求太多".encode() in h for h in refused), refused[0]
            assert min(shares) > 50 and sum(shares) >= len(passed), f"the nodes answered {shares}"
        finally:
            if gateway:
                gateway.stop()
            for cable in cables:
                cable.close()
            for node in nodes:
                node.stop()


def many_through(gateway, n):
    """Asks n times on one connection after the other, a hundred on each; all that comes back."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    got = b""
    for _ in range(n // 100):
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=60) as raw, context.wrap_socket(raw, server_hostname="localhost") as s:
            s.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n" * 99 +
                      b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            while data := s.recv(65536):
                got += data
    return got


def test_patroni_file():
    """The shipped file, filled in, is one that Patroni takes."""
    if not shutil.which("patroni"):
        print("patroni is not installed: its file was not tried")
        return
    text = (ROOT / "gateway" / "patroni.yml").read_text(encoding="utf-8").replace("«", "").replace("»", "")
    with folder() as tmp:
        (tmp / "patroni.yml").write_text(text, encoding="utf-8")
        done = subprocess.run(["patroni", "--validate-config", tmp / "patroni.yml"], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_clocks():
    """Writers whose clocks are hours apart, and a node whose clock jumps: order is by seq, the log is
    whole, and age is counted by a clock that does not jump."""
    library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
    if not os.path.exists(library):
        print("faketime is not installed: not tried")
        return
    with folder() as tmp, place() as path, single(path) as server:
        store = url(server.port)

        def fake(by):
            return {"LD_PRELOAD": library, "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}

        import_rows(store, SEED / "anhui-museums.csv")
        node = Node(BINARY, store, tmp, env=fake("-3h")).start()
        try:
            for number, by in enumerate(("-5h", "+9h", "-1d")):
                import_rows(store, write_rows(tmp / "c.csv", f"c{number}", 2), env=fake(by))
                until(lambda: museums(node)["numberMatched"] == 32 + 2 * number, 60, "the node follows")
            assert float(node.ready()["age"]) < 60 and not notice(node)
        finally:
            node.stop()
        times = server.say("SELECT count(*) FROM revision a JOIN revision b ON b.seq = a.seq + 1 WHERE b.time < a.time", "xiudai")
        assert int(times) >= 2, "the clocks did not jump"
        run("verify", store=store)


if __name__ == "__main__":
    if not (BIN / "initdb").exists():
        print("PostgreSQL 15 is not installed: nothing was tried")
        print("0 passed, 0 failed, 8 skipped")
        sys.exit(0)
    main(globals())
