#!/usr/bin/env python3
"""Reads beside writes, and reads on several cores, over a store that is there.

Beside: windows without and with an import each second of RATE rows, in turn; p50 and p99 of each window, the medians over
windows, and their ratio. Cores: answers a second by one and by as many askers as there are cores, each a process of its own;
and the processor time of an answer, which would rise if askers waited for one another.

usage: beside.py STORE ROWS.csv (a store made from that table; it gets more records)"""
import csv
import json
import multiprocessing
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import generate
import program
import questions

RATE, SECONDS, WINDOWS = 1000, 5, 5


def paths(rows, seed, kinds=("word", "box", "box + two fields", "word + box + one field"), each=60):
    by = questions.seeded(rows, seed, each)
    found = [questions.path(q) for kind in kinds for q in by[kind]]
    random.Random(seed).shuffle(found)
    return found


def window(line, asked, seconds=SECONDS):
    """Milliseconds of each answer within so many seconds."""
    end, took, at = time.monotonic() + seconds, [], 0
    while time.monotonic() < end:
        status, _, ms = line.get(asked[at % len(asked)])
        if status != 200:
            raise SystemExit(f"{asked[at % len(asked)]}: {status}")
        took.append(ms)
        at += 1
    return took


class Writer:
    """Imports a lot of RATE new rows each second, until stopped."""

    def __init__(self, store, work, seed):
        self.store, self.work, self.lots = store, work, generate.rows(RATE * SECONDS * WINDOWS * 2, seed + 1000)
        self.done, self.late = 0, 0.0

    def lot(self):
        table = self.work / "beside.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(generate.COLUMNS)
            for _ in range(RATE):
                row = next(self.lots)
                out.writerow([f"W{row[0]}", *row[1:]])
        return table

    def run(self, stop):
        began, lots = time.monotonic(), 0
        while not stop.is_set():
            made = subprocess.run([program.BINARY, "import", "heritage", self.lot(), "--accept-good", "--state", "public", "--store", self.store, "--json"],
                                  capture_output=True, cwd=program.ROOT)
            report = json.loads(made.stdout)
            self.done += report["new"] + report["changed"]
            lots += 1
            stop.wait(max(0, began + lots - time.monotonic()))
        self.late += time.monotonic() - began


def beside_writes(site, store, work, asked, seed):
    line, writer = program.Line(site.port), Writer(store, work, seed)
    plain, busy = [], []
    window(line, asked, 2)
    for _ in range(WINDOWS):
        plain.append(window(line, asked))
        stop = threading.Event()
        thread = threading.Thread(target=writer.run, args=(stop,))
        thread.start()
        busy.append(window(line, asked))
        stop.set()
        thread.join()
        time.sleep(1)
    line.close()
    middle = lambda windows, part: statistics.median(questions.quantile(w, part) for w in windows)
    least = lambda windows, part: min(questions.quantile(w, part) for w in windows)
    return {"rate": writer.done / writer.late, "seconds": SECONDS, "windows": WINDOWS, "answers": sum(map(len, plain + busy)),
            **{f"{name}_p{round(part * 100)}": middle(windows, part) for name, windows in (("plain", plain), ("busy", busy)) for part in (.5, .99)},
            "plain_least_p99": least(plain, .99), "busy_least_p99": least(busy, .99)}


def asker(port, asked, start, seconds, results):
    line = program.Line(port)
    start.wait()
    results.put(len(window(line, asked, seconds)))
    line.close()


def askers(site, asked, n, seconds=3):
    """(answers a second, processor milliseconds an answer) by n askers at once."""
    results, start = multiprocessing.Queue(), multiprocessing.Barrier(n)
    used = program.cpu_ms(site.process.pid)
    those = [multiprocessing.Process(target=asker, args=(site.port, asked[i * 7:] + asked[:i * 7], start, seconds, results)) for i in range(n)]
    for one in those:
        one.start()
    answers = sum(results.get(timeout=seconds + 60) for _ in those)
    for one in those:
        one.join()
    return answers / seconds, (program.cpu_ms(site.process.pid) - used) / answers


def on_cores(site, rows, seed):
    """One asker and one a core, in turn, answers that take long enough for the server to be what is waited for."""
    asked, cores = paths(rows, seed, ("two fields", "word + one field")), os.cpu_count() or 1
    ones, alls = [], []
    for _ in range(5):
        ones.append(askers(site, asked, 1))
        alls.append(askers(site, asked, cores))
    middle = lambda runs, c: statistics.median(run[c] for run in runs)
    return {"cores": cores, "one_rate": middle(ones, 0), "all_rate": middle(alls, 0), "one_cpu_ms": middle(ones, 1), "all_cpu_ms": middle(alls, 1)}


def measure(store, work, rows, seed):
    with program.Server(store, work) as site:
        line = program.Line(site.port)
        while line.get("/api/collections/heritage/items?limit=1")[0] != 200:
            time.sleep(.1)
        line.close()
        asked = paths(rows, seed)
        cores = on_cores(site, rows, seed)
        return {"cores": cores, "writes": beside_writes(site, store, work, asked, seed)}


if __name__ == "__main__":
    with open(sys.argv[2], encoding="utf-8", newline="") as table, tempfile.TemporaryDirectory(prefix="xiudai-beside-") as folder:
        print(json.dumps(measure(pathlib.Path(sys.argv[1]), pathlib.Path(folder), list(csv.reader(table))[1:], 1), indent=1))
