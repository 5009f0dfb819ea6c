#!/usr/bin/env python3
"""What a cluster costs, measured on one machine: revisions a second through one head with the synchronous
standby 0, 1 and 5 ms away; processor time a read and a write take, with one, two and three nodes; how far
nodes are behind while a table is taken in. Prints the tables of docs/scale.md. Processor time is what is
compared: it stays true on a machine that others use too; seconds by the clock are said with the load.

    make && python3 bench/scale.py [ROWS] [--head]"""
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))
from cluster_parts import Node, Pair, Proxy, children, until  # noqa: E402

BINARY = ROOT / "build" / "xiudai"
TICK = os.sysconf("SC_CLK_TCK")
PATHS = ["/api/collections/heritage/items?limit=20&q=%E5%8E%82", "/heritage?q=%E6%9C%BA%E6%A2%B0",
         "/api/collections/heritage/items?bbox=116,30,119,33&limit=20", "/api/collections/heritage/facets",
         "/api/collections/heritage/tiles/WebMercatorQuad/7/52/105"]
# One revision as an append makes it: two rows of the log, three beside it, the head. The hashes are
# none, which costs the database the same.
APPEND = r"""
BEGIN;
SELECT seq FROM log_head WHERE one = 1 FOR UPDATE;
INSERT INTO revision SELECT seq + 1, 0, 0, 'create', 9000000000000 + seq, 0, 0, leaf, leaf, '', leaf FROM log_head;
INSERT INTO open_part SELECT seq + 1, '\x00', repeat('x', 900) FROM log_head;
INSERT INTO record SELECT 9000000000000 + seq, seq + 1, 0, 'heritage', 'public', '', leaf, repeat('x', 900) FROM log_head;
INSERT INTO record_key SELECT 'heritage', 'named', 'k' || seq, 9000000000000 + seq FROM log_head;
UPDATE log_head SET seq = seq + 1 WHERE one = 1;
COMMIT;
"""


def cpu(pid):
    """Seconds of processor time of a process so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def cpu_of(server):
    """Of a PostgreSQL server with its children, those that have ended included."""
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    own = sum(int(x) for x in fields[11:15]) / TICK
    return own + sum(cpu(pid) for pid in children(server.process.pid))


def rows(path, mark, n):
    with open(path, "w", encoding="utf-8") as out:
        out.write("id,name_zh,name_en,division_code,founded_year,lon,lat\n")
        for i in range(n):
            out.write(f"{mark}-{i},机械{mark}{i}厂旧址,Works {mark} {i},340102,{1880 + i % 110},"
                      f"{116 + i % 300 / 100:.2f},{30 + i // 300 % 300 / 100:.2f}\n")
    return path


def import_rows(store, path):
    done = subprocess.run([BINARY, "import", "heritage", path, "--state", "public", "--json"], check=True, capture_output=True,
                          text=True, env=dict(os.environ, XIUDAI_STORE=store))
    report = json.loads(done.stdout)
    assert report["refused"] == 0, report["problems"][:2]
    return report["new"]


def commits(pair, script, clients, seconds):
    """(a second, ms each) by pgbench."""
    out = pair.primary.tool("pgbench", "-n", "-c", clients, "-j", 1, "-T", seconds, "-f", script, "-h", "127.0.0.1",
                            "-p", pair.primary.port, "-U", "xiudai", "xiudai")
    return float(out.split("tps = ")[1].split()[0]), float(out.split("latency average = ")[1].split()[0])


def one_head(pair, folder, delays, seconds, rounds=5):
    """Each delay in turn, several times over, so that what else the machine does meets all alike; medians."""
    script = folder / "append.sql"
    script.write_text(APPEND)
    os.chmod(script, 0o644)
    figures, loads = {}, []
    for _ in range(rounds):
        for delay in delays:
            pair.proxy.delay = delay / 1000
            pair.standby.stop()
            pair.standby.start()
            until(pair.in_step, 60, "in step", 0.1)
            for clients in (1, 8):
                figures.setdefault((delay, clients), []).append(commits(pair, script, clients, seconds))
            loads.append(os.getloadavg()[0])
    pair.proxy.delay = 0
    print(f"medians of {rounds} times {seconds} s (least to most), load {min(loads):.0f} to {max(loads):.0f} on {os.cpu_count()} cores\n")
    print("| standby away | one writer | eight writers, one commit each | commit of one, ms |\n|---|---|---|---|")
    for delay in delays:
        one, eight = (sorted(x[0] for x in figures[delay, n]) for n in (1, 8))
        print(f"| {delay} ms each way | {one[rounds // 2]:.0f}/s ({one[0]:.0f} to {one[-1]:.0f}) | {eight[rounds // 2]:.0f}/s "
              f"({eight[0]:.0f} to {eight[-1]:.0f}) | {sorted(x[1] for x in figures[delay, 1])[rounds // 2]:.1f} |", flush=True)


def ask_all(nodes, count):
    """count questions to each node, each at a time of its own; all of them answered 200."""
    bad = []

    def work(node):
        connection = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60)
        for i in range(count):
            connection.request("GET", PATHS[i % len(PATHS)])
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                bad.append((answer.status, PATHS[i % len(PATHS)]))
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in nodes]
    began = time.monotonic()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not bad, bad[:3]
    return time.monotonic() - began


def main():
    only_head = "--head" in sys.argv
    n = next((int(a) for a in sys.argv[1:] if a.isdigit()), 4000)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xiudai-scale-", dir="/var/tmp"))
    pair, nodes = Pair(folder), []
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {n} rows\n")
    try:
        def cable(port):
            pair.proxy = Proxy(port)
            return pair.proxy.port
        pair.start(between=cable)
        store = pair.url()
        import_rows(store, rows(folder / "a.csv", "A", n))

        if only_head:
            one_head(pair, folder, (0, 1, 5), 3)
            return
        nodes = [Node(BINARY, store, folder, "--threads", "1").start() for _ in range(3)]
        print("| nodes | questions | processor time a question | by the clock, all |\n|---|---|---|---|")
        for k in (1, 2, 3):
            ask_all(nodes[:k], 20)
            before, took = sum(cpu(x.process.pid) for x in nodes[:k]), ask_all(nodes[:k], 300)
            used = sum(cpu(x.process.pid) for x in nodes[:k]) - before
            print(f"| {k} | {300 * k} | {used / (300 * k) * 1e3:.2f} ms | {300 * k / took:.0f}/s |", flush=True)

        lags, stop = [], threading.Event()

        def watch():
            while not stop.is_set():
                m = nodes[0].metrics()
                lags.append((float(m["xiudai_index_age_seconds"]), int(m["xiudai_log_lag"])))
                time.sleep(0.05)
        watcher = threading.Thread(target=watch)
        watcher.start()
        before = [cpu(nodes[1].process.pid), cpu_of(pair.primary), cpu_of(pair.standby)]
        began = time.monotonic()
        made = sum(import_rows(store, rows(folder / "b.csv", f"B{i}", n)) for i in range(2))
        took = time.monotonic() - began
        time.sleep(2)
        stop.set()
        watcher.join()
        after = [cpu(nodes[1].process.pid), cpu_of(pair.primary), cpu_of(pair.standby)]
        per = [(b - a) / made * 1e3 for a, b in zip(before, after)]
        lags.sort()
        print(f"\n{made} records in {took:.1f} s by the clock ({made / took:.0f}/s); processor time a record: node that follows "
              f"{per[0]:.2f} ms, primary {per[1]:.2f} ms, standby {per[2]:.2f} ms")
        print(f"age of a node's index meanwhile: median {lags[len(lags) // 2][0]:.2f} s, most {lags[-1][0]:.2f} s "
              f"({len(lags)} looks)")
        memory = pathlib.Path(f"/proc/{nodes[0].process.pid}/status").read_text()
        print("a node: " + " ".join(line.split(":")[0] + line.split(":")[1].rstrip() for line in memory.splitlines()
                                    if line.startswith(("RssAnon", "RssFile"))) + f" with {3 * n} records\n", flush=True)
        for node in nodes:
            node.stop()
        nodes = []
        one_head(pair, folder, (0, 1, 5), 3)
        print(f"\nload at the end {os.getloadavg()[0]:.1f}")
    finally:
        for node in nodes:
            node.stop()
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
