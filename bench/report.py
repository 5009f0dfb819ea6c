"""docs/benchmarks.md from build/bench/results.json: tables, and what they must and must not be read as.

usage: report.py RESULTS >docs/benchmarks.md"""
import json
import pathlib
import sys

from questions import quantile

# What is to be held through HTTP at a million records: p50 and p99 in milliseconds, None where nothing is said.
TO_HOLD = {"word": (.6, 3), "rare four characters": (None, 5), "box": (.6, 3), "two fields": (.6, 3),
           "box + two fields": (.6, 3), "word + one field": (.6, 3), "word + box + one field": (.6, 3)}
TILE, TILE_FILTERED = (None, 1), (None, 2)
FINDINGS = pathlib.Path(__file__).with_name("findings.md")


def held(kind):
    return TO_HOLD.get(kind) or (TILE_FILTERED if "filtered" in kind else TILE)


def number(value):
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def pair(p50, p99):
    return f"{number(p50)} / {number(p99)}"


def spread(values):
    return quantile(values, .5), quantile(values, .99)


def table(head, rows):
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
                      *("| " + " | ".join(map(str, row)) + " |" for row in rows)]) + "\n"


def times(bigger, smaller):
    return f"{number(bigger / smaller)} ×"


def about(got):
    m = got["machine"]
    loads = ", ".join(f"{load:.1f}" for load in got["loads"])
    return (f"{m['day']}, commit {m['commit']}. {m['processor']}, {m['cores']} cores, {m['memory_gib']} GiB, {m['system']}, "
            f"Linux {m['kernel']}; SQLite {m['sqlite']}. **N = {got['rows']:,} records**, composed (`bench/generate.py`, seed "
            f"{got['seed']}), {got['csv_bytes'] / 1e6:.0f} MB of CSV. Load (1 minute) at the start and after import, starts and "
            f"the rest: {loads}. On {m['cores']} cores a load above {m['cores']} means that others wanted the processor too: wall times are "
            "then longer than they would be, and processor times are the ones to compare.\n")


def imports(got):
    ours, bare = got["import"]["ours"], got["import"]["bare"]
    n = got["rows"]
    rows = [["`xiudai import`", number(ours["wall_s"]), number(ours["cpu_s"]), number(ours["cpu_s"] / n * 1e6),
             f"{ours['peak_mib']:.0f} MiB", f"{got['store_bytes'] / n:.0f} B"],
            ["bare insert", number(bare["wall_s"]), number(bare["cpu_s"]), number(bare["cpu_s"] / n * 1e6), "–", "–"],
            ["**ratio** (to hold: ≤ 6 ×)", f"**{times(ours['wall_s'], bare['wall_s'])}**",
             f"**{times(ours['cpu_s'], bare['cpu_s'])}**", "", "", ""]]
    return (f"The CSV with every check, log, keys and shadows, against one SQLite transaction that inserts the same bodies "
            f"({got['import']['bytes'] / n:.0f} B each) with three indexes, synchronous FULL, WAL; in turn, median of "
            f"{got['import']['rounds']}. Peak is that of the largest process. The index is not part of an import today: a server "
            "makes it in memory, next table.\n\n"
            + table(["", "wall s", "processor s", "µs a row", "peak", "file a record"], rows))


def starts(got):
    start = got["start"]
    ram, after = start["record_b"], got["reads"]["memory_b"]
    rows = [["start to first answer", f"{number(start['wall_s'])} s", f"{number(start['cpu_s'])} s", "0.2 s at 1 M"],
            ["memory a record, after start", f"{ram:,.0f} B", "", "450 B (index alone)"],
            ["… after all reads below", f"{after:,.0f} B", "", ""],
            ["peer: making its index", "", f"{number(got['peer_index_cpu_s'])} s", ""],
            ["peer: its file, bodies included, a record", f"{got['peer_bytes'] / got['rows']:,.0f} B", "", ""]]
    return ("Memory is what no file backs (RssAnon), less that of a server of an empty store, bodies and caches included.\n\n"
            + table(["", "wall or size", "processor", "to hold"], rows))


def missed(wall, cpu, to_hold):
    """A miss in processor time is one on any machine; one in wall time alone may be the load's."""
    def over(have):
        return any(h > want for h, want in zip(have, to_hold) if want)
    return " **missed**" if over(cpu) else " missed in wall time" if over(wall) else ""


def reads(got):
    names = list(got["reads"]["wrong"])
    rows = []
    for one in got["reads"]["table"]:
        wall, cpu = spread(one["wall"]), spread(one["cpu"])
        theirs = [spread(one["peers"][name]["cpu"]) for name in names]
        to_hold = held(one["kind"])
        rows.append([one["kind"], one["questions"], pair(*spread(one["first"])), pair(*wall), pair(*cpu), *(pair(*t) for t in theirs),
                     times(min(t[0] for t in theirs), cpu[0]), pair(*to_hold) + missed(wall, cpu, to_hold)])
    differ = ", ".join(f"{name} in {len(texts)}" for name, texts in got["reads"]["wrong"].items() if texts)
    return ("Milliseconds, p50 / p99 over different questions. *First*: a question's first time, other questions before it. *Best*: least of "
            f"{got['reads']['passes']} passes, each in an order of its own, program and peers in turn. An answer is the first twenty as GeoJSON, "
            "`numberMatched` and six facets, through HTTP on one kept connection, uncompressed. Peers give the same count, twenty bodies "
            "and facets, or the counts of a tile's cells, but neither GeoJSON, nor HTTP, nor tile bytes: SQLite with FTS5 (pairs of "
            "characters), R*Tree and GROUP BY, in process; Groonga with TokenBigram, a process asked through a pipe; PostGIS with a "
            "tsvector of pairs, GIN and GiST, asked over its socket. Their columns are processor time. Counts of answers, facets and tiles "
            + (f"differ: {differ}" if differ else "agree in every one") + ". Ratio: the p50 of the best peer by the program's, processor "
            "time; above 1 the program is faster. What is to be held is for a million records: *missed* is over in processor "
            "time already, *missed in wall time* over in wall time alone; the rest says nothing yet about a million.\n\n"
            + table(["", "questions", "first", "best", "processor", *names, "ratio to the best", "to hold (wall, 1 M)"], rows))


def tiles(got):
    kinds = [one for one in got["reads"]["table"] if any(one["clusters"])]
    if not kinds:
        return ""
    rows = []
    for one in kinds:
        ours, theirs = spread(one["cpu"]), spread(one["clusters"])
        rows.append([one["kind"], one["questions"], pair(*ours), pair(*theirs), times(theirs[0], ours[0])])
    return ("\n## Unfiltered tiles beside supercluster\n\nnpm supercluster (64 cells a side, encoded by vt-pbf) in Node "
            f"{got['machine']['node']}, in process, points in memory; in the same passes. It keeps no more than points, cannot filter, and "
            "its time has no HTTP in it, the program's has; to hold: ≥ 1 × in process. Milliseconds, p50 / p99.\n\n"
            + table(["", "questions", "program, processor", "supercluster", "ratio"], rows))


def others(got):
    if "static" not in got:
        return ""
    s = got["static"]
    return ("\n## Small answers\n\n`/healthz` against a file of the same size from nginx (one worker, `open_file_cache`, no log), "
            f"one kept connection, {s['rounds']} batches of {s['asked']} requests each, in turn, the least of them; {s['bytes']} B a body; "
            "processor time of the servers alone.\n\n"
            + table(["", "processor µs an answer", "wall µs, p50"],
                    [["`/healthz`", number(s["ours_cpu_us"]), number(s["ours_wall_us"])],
                     ["nginx", number(s["peer_cpu_us"]), number(s["peer_wall_us"])],
                     ["**ratio** (to hold: ≥ 1 ×)", f"**{times(s['peer_cpu_us'], s['ours_cpu_us'])}**",
                      times(s["peer_wall_us"], s["ours_wall_us"])]]))


def page(got):
    found = FINDINGS.read_text(encoding="utf-8") if FINDINGS.exists() else ""
    return ("# Benchmarks\n\nWritten by `make bench` (`bench/README.md` says how it measures). A missed number is written down, never tuned "
            "away by a cache.\n\n" + about(got) + "\n## Import\n\n" + imports(got) + "\n## Start and memory\n\n" + starts(got)
            + "\n## Reads\n\n" + reads(got) + tiles(got) + others(got) + ("\n" + found if found else ""))


if __name__ == "__main__":
    print(page(json.loads(pathlib.Path(sys.argv[1]).read_text())), end="")
