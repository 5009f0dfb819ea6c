#!/usr/bin/env python3
"""Instructions of the ten hot paths, by valgrind's callgrind: a figure that a busy machine does not move. Writes the
section Instructions of docs/benchmarks.md and bench/instructions.json; prints each path's ratio to the figure kept
there before, so that a regression is seen.

    python3 bench/instructions.py [--keep]     --keep: compare only, write nothing; ends with 1 where a path is over 1.05

Of a server with ROWS composed records, one thread: what xd_turn_serve and all it calls take, from the request read to
the answer handed over, mean of EACH different questions, each asked before. Of an import: the program's own process,
of a row that is new, as the difference of two imports; the sandboxed reader of the file is another process."""
import argparse
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import generate
import program
import questions

ROWS, EACH = 3000, 10
KEPT = pathlib.Path(__file__).with_name("instructions.json")
PAGE = program.ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- instructions: begin -->", "<!-- instructions: end -->"
SERVING = "xd_turn_serve"
# The program starts its sandboxed reader from /proc/self/exe, which under valgrind is valgrind. Told that there is no
# such file it takes its own name instead, and the reader runs by itself, uncounted.
SHIM = """#include <errno.h>
#include <string.h>
#include <unistd.h>
int execv(const char *path, char *const argv[])
{
    if (strcmp(path, "/proc/self/exe") != 0)
        return execve(path, argv, environ);
    errno = ENOENT;
    return -1;
}
"""


def valgrind(out, *more):
    return ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--quiet", *more]


def total(path):
    """Instructions of a file that callgrind wrote."""
    return int(re.findall(r"^(?:totals|summary): (\d+)", path.read_text(errors="replace"), re.M)[-1])


class Counted(program.Server):
    """A server that callgrind watches; only what answers requests is counted."""

    def __init__(self, store, work):
        super().__init__(store, work)
        self.work, self.lots = work, 0

    def command(self):
        return [*valgrind(self.work / "serve.out", f"--toggle-collect={SERVING}", "--separate-threads=no"), *super().command(), "--threads", "1"]

    def control(self, *args):
        subprocess.run(["callgrind_control", *args, str(self.process.pid)], check=True, capture_output=True)

    def cost(self, paths):
        """Instructions of one answer, mean over the paths, each of them asked before."""
        line = program.Line(self.port)
        ask = lambda path: line.get(path)[0]
        answers = [ask(path) for path in paths]
        assert all(status in (200, 204) for status in answers), (answers, paths)
        self.control("--zero")
        for path in paths:
            ask(path)
        self.control("--dump")
        self.lots += 1
        line.close()
        return total(self.work / f"serve.out.{self.lots}") / len(paths)


def asked(rows, page):
    """{path name: addresses}"""
    by = questions.seeded(rows, 1, EACH)
    every = {"a word": by["word"], "a rare word of four": by["rare four characters"], "a box": by["box"], "two fields": by["two fields"],
             "a word and a box": [dict(a, **b) for a, b in zip(by["word"], by["box"])], "tile z0": by["tile z0"], "tile z5, filtered": by["tile z5, filtered"]}
    found = {name: [questions.path(q) for q in list_] for name, list_ in every.items()}
    found["a record's page"] = [f"/heritage/{i}" for i in page]
    found["GeoJSON of 20"] = [f"/api/collections/heritage/items?limit=20&level={level}" for level in generate.LEVELS[0]]
    return found


def import_row(work, table):
    """Instructions of one more row of an import."""
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    costs = []
    (work / "shim.c").write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-D_GNU_SOURCE", "-o", work / "shim.so", work / "shim.c"], check=True)
    for n in (500, 1500):
        part = work / "part.csv"
        part.write_text("".join(lines[:n + 1]), encoding="utf-8")
        store = work / f"import{n}.db"
        subprocess.run([*valgrind(work / "import.out"), program.BINARY, "import", "heritage", part, "--state", "public", "--store", store, "--json"],
                       check=True, capture_output=True, cwd=program.ROOT, env=dict(os.environ, LD_PRELOAD=str(work / "shim.so")))
        costs.append(total(work / "import.out"))
    return (costs[1] - costs[0]) / 1000


def measure(work):
    table = work / "rows.csv"
    with open(table, "w", encoding="utf-8", newline="") as file:
        generate.write(file, ROWS, 1)
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    store = work / "s.db"
    program.command("import", "heritage", table, "--state", "public", "--store", store, "--json")
    program.command("reindex", "--store", store)
    got = {}
    with Counted(store, work) as site:
        line = program.Line(site.port)
        while json.loads(line.get("/api/collections/heritage/items?limit=1")[1]).get("numberMatched") != ROWS:
            time.sleep(.2)
        page = [f["id"] for f in json.loads(line.get(f"/api/collections/heritage/items?limit={EACH}")[1])["features"]]
        line.close()
        for name, paths in asked(rows, page).items():
            got[name] = round(site.cost(paths))
            print(f"{name:24} {got[name]:12,}", flush=True)
    got["import of a row"] = round(import_row(work, table))
    print(f"{'import of a row':24} {got['import of a row']:12,}", flush=True)
    return got


def section(kept):
    rows = "\n".join(f"| {name} | {n / 1000:,.0f} |" for name, n in kept["instructions"].items())
    return (f"{BEGIN}\n## Instructions\n\nWritten by `python3 bench/instructions.py`: {kept['day']}, commit {kept['commit']}, callgrind, {kept['rows']:,} composed "
            f"records, one thread, thousands of instructions an answer (mean of {EACH} questions asked before; the server's handling alone) or a row "
            "(without the sandboxed reader). Two runs of one build agree within 1 %, on a busy machine too. Kept in `bench/instructions.json`; the script "
            f"prints the ratio to it.\n\n| path | thousand instructions |\n|---|---|\n{rows}\n{END}\n")


def write(kept):
    KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    if BEGIN in page:
        page = page[:page.index(BEGIN)] + section(kept) + page[page.index(END) + len(END) + 1:]
    else:
        at = page.find("## What the misses")
        at = len(page) if at < 0 else at
        page = page[:at] + section(kept) + "\n" + page[at:]
    PAGE.write_text(page, encoding="utf-8")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--keep", action="store_true", help="compare only")
    told = options.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("valgrind is not installed: instructions are not counted")
    before = json.loads(KEPT.read_text())["instructions"] if KEPT.exists() else {}
    with tempfile.TemporaryDirectory(prefix="xiudai-count-") as folder:
        got = measure(pathlib.Path(folder))
    ratios = {name: n / before[name] for name, n in got.items() if name in before}
    for name, ratio in ratios.items():
        print(f"{name:24} {ratio:8.3f} × the kept figure")
    if told.keep:
        sys.exit(1 if any(ratio > 1.05 for ratio in ratios.values()) else 0)
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=program.ROOT).stdout.strip()
    write({"day": time.strftime("%Y-%m-%d"), "commit": commit, "rows": ROWS, "instructions": got})


if __name__ == "__main__":
    main()
