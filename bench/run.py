"""Measures the program beside its peers and writes docs/benchmarks.md. See README.md.

usage: run.py [--rows N] [--each QUESTIONS] [--passes P] [--keep] [--out FILE]"""
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
import subprocess
import sys
import time

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


def measure_import(table, rounds):
    """The program's import and the bare insert of the bodies it made, in turn."""
    ours, bare = [], []
    for r in range(rounds):
        store = fresh("xiudai.db")
        ours.append(program.command("import", "heritage", table, "--state", "public", "--store", store, "--json"))
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
    """Start to first answer, and memory a record over what an empty store needs."""
    empty = fresh("empty.db")
    with program.Server(empty, WORK) as site:
        program.Line(site.port).get("/healthz")
        bare = program.memory(site.process.pid)
    starts = []
    for _ in range(rounds):
        with program.Server(store, WORK) as site:
            starts.append({"wall_s": first_answer(site, n), "cpu_s": program.cpu_ms(site.process.pid) / 1000,
                           "record_b": (program.memory(site.process.pid) - bare) / n})
        say("start", starts[-1])
    return {k: statistics.median(one[k] for one in starts) for k in starts[0]} | {"rounds": rounds}


def differences(kind, q, got, theirs):
    """Where the two answers to a question differ in count."""
    if "z" in q:
        drawn, counted = tile.records(got) if got else 0, sum(n for *_, n in theirs)
        return [] if drawn == counted else [f"{kind} {q}: {drawn} drawn, the peer counts {counted}"]
    answer = json.loads(got)
    matched, _, facets = theirs
    if answer["numberMatched"] != matched:
        return [f"{kind} {q}: {answer['numberMatched']} match, the peer counts {matched}"]
    ours = {name: {c["value"]: c["count"] for c in facet["counts"]} for name, facet in answer["facets"].items()}
    return [f"{kind} {q}: {name}={term} {ours[name].get(term)}, the peer counts {count}"
            for name, counts in facets.items() for term, count in counts.items() if ours[name].get(term) != count]


def timed(other, q):
    """What a peer answers, its wall and its processor milliseconds."""
    start, used = time.perf_counter(), other.cpu_ms()
    found = other.tile(q["z"], q["col"], q["row"], q) if "z" in q else other.ask(q)
    return found, (time.perf_counter() - start) * 1000, other.cpu_ms() - used


def measure_reads(store, n, others, clusters, asked, passes):
    """Every question once a pass, in an order of its own, the program and its peers in turn. Kept of each question:
    its first time, and the least wall and processor time of all passes."""
    took, wrong, sizes = {}, {other.name: [] for other in others}, {}
    with program.Server(store, WORK) as site:
        first_answer(site, n)
        line, pid = program.Line(site.port), site.process.pid
        every = [(kind, i, q) for kind, list_ in asked.items() for i, q in enumerate(list_)]
        for p in range(passes):
            random.Random(p).shuffle(every)
            for kind, i, q in every:
                used = program.cpu_ms(pid)
                status, body, ms = line.get(questions.path(q))
                used = program.cpu_ms(pid) - used
                if status not in (200, 204):
                    raise SystemExit(f"{questions.path(q)}: {status} {body[:300]!r}")
                js = clusters.tile(q) if clusters and set(q) == {"z", "col", "row"} else 0
                theirs = []
                for other in others:
                    found, *times = timed(other, q)
                    theirs += times
                    if p == 0:
                        wrong[other.name] += differences(kind, q, body, found)
                took.setdefault((kind, i), []).append((ms, used, js, *theirs))
                if p == 0:
                    sizes.setdefault(kind, []).append(len(body))
            say(f"pass {p + 1} of {passes}")
        grown = program.memory(pid)
        line.close()
    table = []
    for kind, list_ in asked.items():
        of = [took[kind, i] for i in range(len(list_))]
        least = [[min(column) for column in zip(*runs)] for runs in of]
        table.append({"kind": kind, "questions": len(list_), "bytes": statistics.median(sizes[kind]),
                      "first": [runs[0][0] for runs in of],
                      **{name: [one[c] for one in least] for c, name in enumerate(("wall", "cpu", "clusters"))},
                      "peers": {other.name: {"wall": [one[3 + 2 * c] for one in least], "cpu": [one[4 + 2 * c] for one in least]}
                                for c, other in enumerate(others)}})
    return {"table": table, "wrong": wrong, "memory_b": grown / n, "passes": passes}


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


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--each", type=int, default=100, help="different questions of a kind")
    options.add_argument("--passes", type=int, default=5)
    options.add_argument("--rounds", type=int, default=3, help="of imports and of starts")
    options.add_argument("--out", type=pathlib.Path, default=program.ROOT / "docs" / "benchmarks.md")
    options.add_argument("--seed", type=int, default=1)
    told = options.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    got = {"machine": machine(), "rows": told.rows, "seed": told.seed, "loads": [os.getloadavg()[0]]}

    table = fresh("rows.csv")
    with open(table, "w", encoding="utf-8", newline="") as file:
        generate.write(file, told.rows, told.seed)
    got["csv_bytes"] = table.stat().st_size
    say("generated", told.rows)
    got["import"], store, made = measure_import(table, told.rounds)
    got["store_bytes"] = store.stat().st_size
    got["loads"].append(os.getloadavg()[0])
    got["start"] = measure_start(store, told.rows, told.rounds)
    got["loads"].append(os.getloadavg()[0])

    searched = fresh("peer.db")
    start = time.process_time()
    terms = peer.load(searched, made, words_of())
    got["peer_index_cpu_s"], got["peer_bytes"] = time.process_time() - start, searched.stat().st_size
    say("peer loaded")
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    others = [peer.Peer(searched, terms)]
    if peer_groonga.there():
        others.append(peer_groonga.Groonga(WORK / "groonga", made, words_of(), terms))
        say("groonga loaded")
    if peer_postgis.there():
        others.append(peer_postgis.PostGIS(made, words_of(), terms))
        say("postgis loaded")
    del made
    asked = questions.seeded(rows, told.seed, told.each)
    clusters = start_clusters(rows)
    try:
        got["reads"] = measure_reads(store, told.rows, others, clusters, asked, told.passes)
    finally:
        for other in others + ([clusters] if clusters else []):
            other.close()
    if shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
        got["static"] = measure_static(fresh("empty.db"))
    got["loads"].append(os.getloadavg()[0])
    (WORK / "results.json").write_text(json.dumps(got, ensure_ascii=False, indent=1))
    told.out.write_text(report.page(got), encoding="utf-8")
    for name, texts in got["reads"]["wrong"].items():
        print(*texts[:10], f"{len(texts)} answers differ from those of {name}", sep="\n", file=sys.stderr)
    sys.exit(1 if any(got["reads"]["wrong"].values()) else 0)


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
