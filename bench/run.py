"""Measures the program beside its peers and writes docs/benchmarks.md. See README.md.

usage: run.py [--rows N] [--each QUESTIONS] [--passes P] [--rounds R] [--out FILE] [--report-only]

What was measured so far stands in build/bench/results.json after each part; --report-only makes the page of it anew."""
import argparse
import csv
import json
import os
import pathlib
import platform
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
import threading
import time

import beside
import generate
import peer
import peer_groonga
import peer_postgis
import program
import questions
import report
import tile

WORK = program.ROOT / "build" / "bench"
EVERY = "/api/collections/heritage/items?limit=1"


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    total = re.search(r"MemTotal: +(\d+)", pathlib.Path("/proc/meminfo").read_text())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=program.ROOT)
    system = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return {"processor": model.group(1) if model else platform.machine(), "cores": os.cpu_count(),
            "memory_gib": round(int(total.group(1)) / 1048576), "system": system.get("PRETTY_NAME", "").strip('"'),
            "kernel": platform.release(), "sqlite": peer.sqlite3.sqlite_version, "commit": commit.stdout.strip(),
            "node": node_version(), "day": time.strftime("%Y-%m-%d")}


def node_version():
    return subprocess.run([str(program.ROOT / "tools" / "node"), "--version"], capture_output=True, text=True).stdout.strip()


def fresh(name):
    """A path in the work folder where no store is."""
    for old in WORK.glob(name + "*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    return WORK / name


def say(*words):
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


class Head:
    """Watches /proc/locks while a command runs: how long one process held the head of the store at most."""

    def __init__(self, store):
        self.lock, self.longest, self.stop = pathlib.Path(f"{store}.lock"), 0.0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def held(self):
        if not self.lock.exists():
            return False
        inode = self.lock.stat().st_ino
        return any(line.split()[5].endswith(f":{inode}") and "->" not in line for line in pathlib.Path("/proc/locks").read_text().splitlines())

    def watch(self):
        since = None
        while not self.stop.wait(.01):
            now = time.monotonic()
            since = (since or now) if self.held() else None
            self.longest = max(self.longest, now - since if since else 0)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def measure_import(table, rounds):
    """The program's import and the bare insert of the bodies it made, in turn."""
    ours, bare = [], []
    for r in range(rounds):
        store = fresh("xiudai.db")
        with Head(store) as head:
            ours.append(program.command("import", "heritage", table, "--state", "public", "--store", store, "--json"))
        ours[-1]["head_s"] = head.longest
        made = peer.bodies(store)
        bare.append(peer.insert_bare(fresh("bare.db"), made))
        say("import", ours[-1], "bare insert", bare[-1])
    middle = {who: {k: statistics.median(one[k] for one in runs) for k in runs[0]}
              for who, runs in (("ours", ours), ("bare", bare))}
    return middle | {"rounds": rounds, "bytes": sum(len(body.encode()) for *_, body in made)}, store, made


def first_answer(site, n):
    """Seconds from the start of the process to an answer that knows all n records."""
    line = program.Line(site.port)
    while True:
        status, body, _ = line.get(EVERY)
        if status == 200 and json.loads(body)["numberMatched"] == n:
            took = time.monotonic() - site.start
            line.close()
            return took
        time.sleep(.005)


def measure_start(store, n, rounds):
    """Start to first answer: once making the files of the index, then from them; and memory a record over what an empty store needs."""
    empty = fresh("empty.db")
    with program.Server(empty, WORK) as site:
        program.Line(site.port).get("/healthz")
        bare = program.memory(site.process.pid)
    starts = []
    for _ in range(1 + rounds):
        with program.Server(store, WORK) as site:
            starts.append({"wall_s": first_answer(site, n), "cpu_s": program.cpu_ms(site.process.pid) / 1000,
                           "record_b": (program.memory(site.process.pid) - bare) / n})
            settle(site)
        say("start", starts[-1])
    later = starts[1:]
    return {k: statistics.median(one[k] for one in later) for k in later[0]} | {"rounds": rounds, "making": starts[0], "least_s": min(one["wall_s"] for one in later)}


def settle(site, seconds=60):
    """Waits until the server has stood still for two seconds: the files of its index are merged then."""
    end, used = time.monotonic() + seconds, program.cpu_ms(site.process.pid)
    while time.monotonic() < end:
        time.sleep(2)
        before, used = used, program.cpu_ms(site.process.pid)
        if used - before < 20:
            return


def index_sections(store):
    """{section: bytes} of all segments, as docs/reference/index-files.md has them."""
    names = {}
    enum = re.search(r"enum[^{]*\{(.*?XD_SEC_META.*?)\}", (program.ROOT / "src/index/image.h").read_text(), re.S).group(1)
    for at, name in enumerate(re.findall(r"^\s*XD_SEC_(\w+)", enum, re.M), 1):
        names[at] = name
    sizes = {}
    for file in pathlib.Path(f"{store}.index").glob("*.seg"):
        data = file.read_bytes()
        where, n = struct.unpack_from("=QQ", data, 24)
        for i in range(n):
            kind, _, _, size = struct.unpack_from("=IIQQ", data, where + 32 * i)
            name = names.get(kind, str(kind))
            sizes[name] = sizes.get(name, 0) + size
    return sizes


def differences(kind, q, got, theirs, other):
    """Where the two answers to a question differ in count."""
    if "z" in q:
        if q["z"] >= peer.POINTS_ZOOM and got and tile.of_cells(got):  # too many to draw: asked again as cells, outside the timing
            theirs = other.tile(q["z"], q["col"], q["row"], q, cells=True)
        drawn, counted = tile.records(got) if got else 0, sum(n for *_, n in theirs)
        return [] if drawn == counted else [f"{kind} {q}: {drawn} drawn, the peer counts {counted}"]
    answer = json.loads(got)
    matched, *facets = theirs[0], *theirs[2:]
    if answer["numberMatched"] != matched:
        return [f"{kind} {q}: {answer['numberMatched']} match, the peer counts {matched}"]
    if not facets:
        return []
    facets = facets[0]
    ours = {name: {c["value"]: c["count"] for c in facet["counts"]} for name, facet in answer["facets"].items()}
    return [f"{kind} {q}: {name}={term} {ours[name].get(term)}, the peer counts {count}"
            for name, counts in facets.items() for term, count in counts.items() if ours[name].get(term) != count]


def timed(other, q):
    """What a peer answers, its wall and its processor milliseconds."""
    start, used = time.perf_counter(), other.cpu_ms()
    found = other.tile(q["z"], q["col"], q["row"], q) if "z" in q else other.top(q) if "top" in q else other.ask(q)
    return found, (time.perf_counter() - start) * 1000, other.cpu_ms() - used


def constant(line, pid, times=400):
    """(wall, processor) milliseconds of the least answer there is: what HTTP costs."""
    walls, used = [], program.cpu_ms(pid)
    for _ in range(times):
        walls.append(line.get("/healthz")[2])
    return statistics.median(walls), (program.cpu_ms(pid) - used) / times


def measure_reads(store, n, others, asked, passes, peer_each, peer_passes=2):
    """Every question once a pass, in an order of its own; in the first passes the peers are asked the first questions of each
    kind in turn with the program. Kept of each question: its first time, and the least wall and processor time of all passes.
    A peer that fails is left out from then on."""
    took, theirs, wrong, sizes, gone = {}, {}, {other.name: [] for other in others}, {}, {}
    with program.Server(store, WORK) as site:
        first_answer(site, n)
        settle(site)
        line, pid = program.Line(site.port), site.process.pid
        http = constant(line, pid)
        every = [(kind, i, q) for kind, list_ in asked.items() for i, q in enumerate(list_)]
        for p in range(passes):
            random.Random(p).shuffle(every)
            for kind, i, q in every:
                used = program.cpu_ms(pid)
                status, body, ms = line.get(questions.path(q))
                used = program.cpu_ms(pid) - used
                if status not in (200, 204):
                    raise SystemExit(f"{questions.path(q)}: {status} {body[:300]!r}")
                took.setdefault((kind, i), []).append((ms, used))
                if p == 0:
                    sizes.setdefault(kind, []).append(len(body))
                for other in others if p < peer_passes and i < peer_each else ():
                    if other.name in gone:
                        continue
                    try:
                        found, *times = timed(other, q)
                    except (Exception, SystemExit) as error:  # whatever a peer may fail with: the others are still measured
                        gone[other.name] = f"{kind} {q}: {error}"[:300]
                        say(other.name, "is left out:", gone[other.name])
                        continue
                    theirs.setdefault((other.name, kind, i), []).append(times)
                    if p == 0:
                        wrong[other.name] += differences(kind, q, body, found, other)
            say(f"pass {p + 1} of {passes}")
        grown = program.memory(pid)
        line.close()
    table = []
    for kind, list_ in asked.items():
        of = [took[kind, i] for i in range(len(list_))]
        least = [[min(column) for column in zip(*runs)] for runs in of]
        peers = {}
        for other in others:
            runs = [theirs.get((other.name, kind, i)) for i in range(min(peer_each, len(list_)))]
            if other.name not in gone and all(runs):
                best = [[min(column) for column in zip(*one)] for one in runs]
                peers[other.name] = {"wall": [one[0] for one in best], "cpu": [one[1] for one in best]}
        table.append({"kind": kind, "questions": len(list_), "bytes": statistics.median(sizes[kind]), "first": [runs[0][0] for runs in of],
                      "wall": [one[0] for one in least], "cpu": [one[1] for one in least], "peers": peers})
    return {"table": table, "wrong": {name: texts for name, texts in wrong.items() if name not in gone}, "gone": gone, "memory_b": grown / n,
            "passes": passes, "peer_passes": peer_passes, "http_wall_ms": http[0], "http_cpu_ms": http[1]}


def measure_zooms(store, n, rows, passes=5):
    """Unfiltered tiles of every zoom, the program and supercluster in turn; the least of all passes."""
    clusters = start_clusters(rows)
    if clusters is None:
        return None
    asked = questions.every_zoom(rows, 1, 20)
    took = {}
    try:
        with program.Server(store, WORK) as site:
            first_answer(site, n)
            line, pid = program.Line(site.port), site.process.pid
            http = constant(line, pid)
            for p in range(passes):
                for z, list_ in asked.items():
                    for i, q in enumerate(list_):
                        used = program.cpu_ms(pid)
                        _, _, ms = line.get(questions.path(q))
                        took.setdefault((z, i), []).append((ms, program.cpu_ms(pid) - used, clusters.tile(q)))
            line.close()
    finally:
        clusters.close()
    least = {z: [[min(column) for column in zip(*took[z, i])] for i in range(len(list_))] for z, list_ in asked.items()}
    return {"http_wall_ms": http[0], "http_cpu_ms": http[1],
            "zooms": {z: {name: [one[c] for one in of] for c, name in enumerate(("wall", "cpu", "clusters"))} for z, of in least.items()}}


def measure_static(store, rounds=5, asked=4000):
    """/healthz beside a file of the same size from nginx: batches in turn, the least of each."""
    def batch(port, pid, path):
        line, walls = program.Line(port), []
        used = program.cpu_ms(pid)
        for _ in range(asked):
            status, _, ms = line.get(path)
            if status != 200:
                raise SystemExit(f"{path}: {status}")
            walls.append(ms)
        used = program.cpu_ms(pid) - used
        line.close()
        return used / asked * 1000, statistics.median(walls) * 1000

    with program.Server(store, WORK) as site:
        body = program.Line(site.port).get("/healthz")[1]
        with program.Nginx(WORK, body) as nginx:
            runs = [batch(site.port, site.process.pid, "/healthz") + batch(nginx.port, nginx.process.pid, "/small")
                    for _ in range(rounds)]
    least = [min(column) for column in zip(*runs)]
    return {"asked": asked, "rounds": rounds, "bytes": len(body),
            **dict(zip(("ours_cpu_us", "ours_wall_us", "peer_cpu_us", "peer_wall_us"), least))}


def load_peers(made):
    """Those that are there, loaded side by side; one that cannot be loaded is left out, and why."""
    start = time.process_time()
    rows, terms = peer.prepare(made, words_of())
    made.clear()  # of a million a good part of the memory
    say("texts prepared")
    searched, others, gone = fresh("peer.db"), {}, {}

    def sqlite():
        peer.load(searched, rows)
        return peer.Peer(searched, terms)

    makers = {"SQLite": sqlite}
    if peer_groonga.there():
        makers["Groonga"] = lambda: peer_groonga.Groonga(WORK / "groonga", rows, terms)
    if peer_postgis.there():
        makers["PostGIS"] = lambda: peer_postgis.PostGIS(rows, terms)

    def make(name):
        began = time.monotonic()
        try:
            others[name] = makers[name]()
            say(name, f"loaded in {time.monotonic() - began:.0f} s")
        except (Exception, SystemExit) as error:  # whatever a peer may fail with
            gone[name] = f"{type(error).__name__}: {error}"[:300]
            say(name, "is left out:", gone[name])

    threads = [threading.Thread(target=make, args=(name,)) for name in makers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [others[name] for name in makers if name in others], gone, {"cpu_s": time.process_time() - start, "bytes": searched.stat().st_size}


def measure(told, save):
    got = {"machine": machine(), "rows": told.rows, "seed": told.seed, "loads": [os.getloadavg()[0]]}
    began = time.monotonic()
    table = fresh("rows.csv")
    with open(table, "w", encoding="utf-8", newline="") as file:
        generate.write(file, told.rows, told.seed)
    got["csv_bytes"] = table.stat().st_size
    say("generated", told.rows)
    got["import"], store, made = measure_import(table, told.rounds)
    got["store_bytes"] = store.stat().st_size
    got["loads"].append(os.getloadavg()[0])
    save(got)
    got["start"] = measure_start(store, told.rows, max(3, told.rounds))
    got["sections"] = index_sections(store)
    got["loads"].append(os.getloadavg()[0])
    save(got)
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    others, gone, got["peer"] = load_peers(made)
    asked = questions.seeded(rows, told.seed, told.each)
    try:
        got["reads"] = measure_reads(store, told.rows, others, asked, told.passes, told.peer_each)
        got["reads"]["gone"] |= gone
    finally:
        for other in others:
            other.close()
    got["loads"].append(os.getloadavg()[0])
    save(got)
    parts = {"zooms": lambda: measure_zooms(store, told.rows, rows), "static": lambda: measure_static(fresh("empty.db")),
             "beside": lambda: beside.measure(store, WORK, rows, told.seed)}
    for name, part in parts.items():
        if name == "static" and not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
            continue
        try:
            got[name] = part()
        except (Exception, SystemExit) as error:  # one part must not lose the others
            got.setdefault("failed", {})[name] = f"{type(error).__name__}: {error}"[:300]
            say(name, "is left out:", got["failed"][name])
        say(name, "measured")
        got["loads"].append(os.getloadavg()[0])
        got["minutes"] = (time.monotonic() - began) / 60
        save(got)
    return got


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--each", type=int, default=50, help="different questions of a kind")
    options.add_argument("--peer-each", type=int, default=12, help="… that the peers are asked too, twice")
    options.add_argument("--passes", type=int, default=5)
    options.add_argument("--rounds", type=int, default=1, help="of imports; of starts, three at least")
    options.add_argument("--out", type=pathlib.Path, default=program.ROOT / "docs" / "benchmarks.md")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--report-only", action="store_true")
    told = options.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    results = WORK / "results.json"

    def save(got):
        results.write_text(json.dumps(got, ensure_ascii=False, indent=1))
    if told.report_only:
        got = json.loads(results.read_text())
    else:
        got = measure(told, save)
        save(got)
    old = told.out.read_text(encoding="utf-8") if told.out.exists() else ""
    told.out.write_text(report.page(json.loads(results.read_text()), old), encoding="utf-8")
    wrong = got.get("reads", {}).get("wrong", {})
    for name, texts in wrong.items():
        print(*texts[:10], f"{len(texts)} answers differ from those of {name}", sep="\n", file=sys.stderr)
    sys.exit(1 if any(wrong.values()) else 0)


def start_clusters(rows):
    """npm supercluster, where tools/bench could install it."""
    folder = WORK / "npm" / "node_modules"
    if not (folder / "supercluster").exists():
        return None
    points = WORK / "points.csv"
    columns = [generate.COLUMNS.index(name) for name in ("经度", "纬度")]
    points.write_text("".join(",".join(row[c] for c in columns) + "\n" for row in rows))
    return program.Clusters(folder, points)


def words_of():
    """A body's texts that the program searches too: its own, and all words of its division and industry."""
    labels = {}
    for name in ("divisions", "gbt4754"):
        with open(program.ROOT / f"data/model/vocabularies/{name}.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                said = [row["zh"], *row["aliases"].split(";"), *row.get("former", "").split(";")]
                labels[name, row["code"]] = ([text for text in said if text], row["parent"])

    def above(name, code):
        while code:
            said, code = labels[name, code]
            yield from said

    def words(body):
        return [body["name"]["zh"], body["summary"]["zh"], body["number"], *above("gbt4754", body["industry"]),
                *(label for code in body["division"] for label in above("divisions", code))]
    return words


if __name__ == "__main__":
    main()
