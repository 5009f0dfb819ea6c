#!/usr/bin/env python3
"""What a cluster costs, measured on one machine: reads with one, two and three nodes that have equal
shares of a core; processor time a read and a write take; how far nodes are behind while a thousand
revisions a second are written; revisions a second through one head with the synchronous standby 0, 1 and
5 ms away. Prints the tables of docs/scale.md, each with the load beside it; --write puts them there.
Processor time stays true on a machine that others use too; seconds by the clock do not.

    make && python3 bench/scale.py [--short] [--head] [--write] [ROWS]

--short takes under five minutes on two quiet cores. ROWS: records before anything is measured."""
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
PAGE = ROOT / "docs" / "scale.md"
TICK = os.sysconf("SC_CLK_TCK")
CORES = sorted(os.sched_getaffinity(0))
ASKED = [("words, as GeoJSON", "/api/collections/heritage/items?limit=20&q=%E5%8E%82"),
         ("words, as a page", "/heritage?q=%E6%9C%BA%E6%A2%B0"),
         ("a box", "/api/collections/heritage/items?bbox=116,30,119,33&limit=20"),
         ("facets", "/api/collections/heritage/facets"),
         ("a tile", "/api/collections/heritage/tiles/WebMercatorQuad/7/52/105")]
RATE = 1000  # revisions a second while the lag is measured
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


def load():
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


class Sheet:
    """What is printed is kept, to be put into the page."""

    def __init__(self):
        self.lines = []

    def say(self, text=""):
        print(text, flush=True)
        self.lines.append(text)

    def write(self):
        begin, end = "<!-- measured: begin -->\n", "<!-- measured: end -->"
        text = PAGE.read_text(encoding="utf-8")
        before, rest = text.split(begin)
        after = rest.split(end)[1]
        PAGE.write_text(before + begin + "\n".join(self.lines) + "\n" + end + after, encoding="utf-8")


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
    assert report["refused"] == 0 and report["new"] == report["rows"], report["problems"][:2]
    return report["new"]


def commits(pair, script, clients, seconds):
    """(a second, ms each) by pgbench."""
    out = pair.primary.tool("pgbench", "-n", "-c", clients, "-j", 1, "-T", seconds, "-f", script, "-h", "127.0.0.1",
                            "-p", pair.primary.port, "-U", "xiudai", "xiudai")
    return float(out.split("tps = ")[1].split()[0]), float(out.split("latency average = ")[1].split()[0])


def one_head(sheet, pair, folder, seconds, rounds, delays=(0, 1, 5)):
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
    sheet.say("**One head, one commit each** (pgbench with the rows an append writes; the synchronous standby behind a proxy that keeps every byte): "
              f"medians of {rounds} times {seconds} s, least to most in brackets, taken in turn; load {min(loads):.1f} to {max(loads):.1f}.\n")
    sheet.say("| standby away | one writer | eight writers, one commit each | a commit of one |\n|---|---|---|---|")
    for delay in delays:
        one, eight = (sorted(x[0] for x in figures[delay, n]) for n in (1, 8))
        sheet.say(f"| {delay} ms each way | {one[rounds // 2]:.0f} a second ({one[0]:.0f} to {one[-1]:.0f}) | {eight[rounds // 2]:.0f} a second "
                  f"({eight[0]:.0f} to {eight[-1]:.0f}) | {sorted(x[1] for x in figures[delay, 1])[rounds // 2]:.1f} ms |")
    sheet.say()


# ---- reads -----------------------------------------------------------------------------------------

def ask_all(nodes, seconds, paths):
    """Two connections a node ask for so long; how many were answered, all of them 200."""
    bad, answered, end = [], [], time.monotonic() + seconds

    def work(node):
        connection, n = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60), 0
        while time.monotonic() < end:
            connection.request("GET", paths[n % len(paths)])
            answer = connection.getresponse()
            answer.read()
            n += 1
            if answer.status != 200:
                bad.append((answer.status, paths[n % len(paths)]))
        connection.close()
        answered.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in nodes for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not bad, bad[:3]
    return sum(answered)


class Spinners:
    """So many processes that use up their share of a core."""

    def __init__(self, core, n):
        self.processes = [subprocess.Popen(["taskset", "-c", str(core), sys.executable, "-c", "while True: pass"]) for _ in range(n)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()


def used_by(nodes):
    return sum(cpu(x.process.pid) for x in nodes)


def reads(sheet, nodes, core, seconds):
    paths = [path for _, path in ASKED]
    ask_all(nodes, 2, paths)
    sheet.say(f"**Reads.** Five kinds of question in turn, two connections a node, the node on one thread. All nodes are pinned to one core, and three processes "
              f"share it each time, nodes or idle loops, so a node has a third of it however many there are; {load()}.\n")
    sheet.say("| nodes | questions a second | times one node's | processor time a question |\n|---|---|---|---|")
    first = None
    for k in (1, 2, 3):
        with Spinners(core, 3 - k):
            before, began = used_by(nodes[:k]), time.monotonic()
            n = ask_all(nodes[:k], seconds, paths)
            took, used = time.monotonic() - began, used_by(nodes[:k]) - before
        first = first or n / took
        sheet.say(f"| {k} | {n / took:.0f} | {n / took / first:.2f} | {used / n * 1e3:.2f} ms |")
    sheet.say("\n| question, of one node | processor time |\n|---|---|")
    for name, path in ASKED:
        before = used_by(nodes[:1])
        n = ask_all(nodes[:1], seconds / 3, [path])
        sheet.say(f"| {name} | {(used_by(nodes[:1]) - before) / n * 1e3:.2f} ms |")
    sheet.say()


# ---- writes ----------------------------------------------------------------------------------------

class Watch(threading.Thread):
    """Looks at every node twenty times a second: (seconds since it had all, revisions behind)."""

    def __init__(self, nodes):
        super().__init__(daemon=True)
        self.nodes, self.seen, self.stopping = nodes, [], threading.Event()

    def run(self):
        while not self.stopping.wait(0.05):
            for node in self.nodes:
                m = node.metrics()
                self.seen.append((float(m["xiudai_index_age_seconds"]), int(m["xiudai_log_lag"])))

    def stop(self):
        self.stopping.set()
        self.join()

    def say(self, at):
        ages, lags = sorted(a for a, _ in self.seen), sorted(n for _, n in self.seen)
        return f"{ages[int((len(ages) - 1) * at)]:.2f} s, {lags[int((len(lags) - 1) * at)]} revisions"


def costs(pair, nodes):
    return [used_by(nodes[:1]), cpu_of(pair.primary), cpu_of(pair.standby)]


def writes(sheet, pair, nodes, store, folder, seconds):
    """RATE revisions a second, in change sets of as many as make the start of a command small."""
    portion, made, watch, before, began = 2 * RATE, 0, Watch(nodes), costs(pair, nodes), time.monotonic()
    files = [rows(folder / f"w{i}.csv", f"W{i}", portion) for i in range(max(2, seconds * RATE // portion))]
    watch.start()
    began, writer = time.monotonic(), os.times()
    for i, file in enumerate(files):
        wait = began + i * portion / RATE - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        made += import_rows(store, file)
    took = max(time.monotonic() - began, len(files) * portion / RATE)
    command = os.times()
    until(lambda: all(n.metrics()["xiudai_log_lag"] == "0" for n in nodes), 120, "the nodes have all", 0.05)
    watch.stop()
    node, primary, standby = ((b - a) / made * 1e3 for a, b in zip(before, costs(pair, nodes)))
    own = (command.children_user + command.children_system - writer.children_user - writer.children_system) / made * 1e3
    sheet.say(f"**Writes.** {made} new records in change sets of {portion}, {made / took:.0f} a second of the {RATE} wanted, three nodes following; {load()}.\n")
    sheet.say("| a record costs | processor time |\n|---|---|")
    for name, ms in (("the command that imports", own), ("the primary", primary), ("the standby", standby), ("each node that follows", node)):
        sheet.say(f"| {name} | {ms:.2f} ms |")
    sheet.say(f"\n| how far nodes are behind meanwhile | |\n|---|---|\n| half of {len(watch.seen)} looks | {watch.say(0.5)} |\n"
              f"| nineteen of twenty | {watch.say(0.95)} |\n| most | {watch.say(1)} |\n")


def main():
    only_head, short = "--head" in sys.argv, "--short" in sys.argv
    n = next((int(a) for a in sys.argv[1:] if a.isdigit()), 1000 if only_head else 20000 if short else 100000)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="xiudai-scale-", dir="/var/tmp"))
    core, sheet, pair, nodes, began = CORES[-1], Sheet(), Pair(folder), [], time.monotonic()
    try:
        def cable(port):
            pair.proxy = Proxy(port)
            return pair.proxy.port
        pair.start(between=cable)
        store = pair.url()
        import_rows(store, rows(folder / "a.csv", "A", n))
        sheet.say(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, PostgreSQL {pair.primary.say('SHOW server_version').split()[0]} with `fsync` on; primary, "
                  f"synchronous standby, three nodes and who asks on this one machine; {n} records to begin with.\n")
        if not only_head:
            nodes = [Node(BINARY, store, folder, "--threads", "1", prefix=("taskset", "-c", str(core))).start() for _ in range(3)]
            reads(sheet, nodes, core, 6 if short else 30)
            for node in nodes:
                for task in os.listdir(f"/proc/{node.process.pid}/task"):
                    os.sched_setaffinity(int(task), CORES)
            writes(sheet, pair, nodes, store, folder, 20 if short else 60)
            memory = pathlib.Path(f"/proc/{nodes[0].process.pid}/status").read_text()
            kept = dict(line.split(":\t") for line in memory.splitlines() if line.startswith(("RssAnon", "RssFile")))
            count = json.loads(nodes[0].ask("/api/collections/heritage/items?limit=1")[2])["numberMatched"]
            sheet.say(f"A node with {count} records: {int(kept['RssAnon'].split()[0]) / 1024:.0f} MB of its own, "
                      f"{int(kept['RssFile'].split()[0]) / 1024:.0f} MB of mapped files.\n")
            for node in nodes:
                node.stop()
            nodes = []
        one_head(sheet, pair, folder, 2 if short else 3, 3 if short else 5)
        print(f"{time.monotonic() - began:.0f} s in all; {load()} at the end")
        if "--write" in sys.argv and not only_head:
            sheet.write()
    finally:
        for node in nodes:
            node.stop()
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
