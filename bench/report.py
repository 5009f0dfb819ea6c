"""docs/benchmarks.md from build/bench/results.json: tables, and what they must and must not be read as.

What was not measured is said, never guessed. Sections of other scripts (pages, frames, instructions) stay as they are in
the old page. usage: run.py --report-only"""
import pathlib
import re

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
             f"{ours['peak_mib']:.0f} MiB", f"{got['store_bytes'] / n:.0f} B", f"{number(ours['head_s'])} s"],
            ["bare insert", number(bare["wall_s"]), number(bare["cpu_s"]), number(bare["cpu_s"] / n * 1e6), "–", "–", "–"],
            ["**ratio** (to hold: ≤ 6 ×)", f"**{times(ours['wall_s'], bare['wall_s'])}**",
             f"**{times(ours['cpu_s'], bare['cpu_s'])}**", "", "", "", ""]]
    return (f"The CSV with every check, log, keys and shadows, against one SQLite transaction that inserts the same bodies "
            f"({got['import']['bytes'] / n:.0f} B each) with three indexes, synchronous FULL, WAL; in turn, median of "
            f"{got['import']['rounds']}. Peak is that of the largest process; *head*: the longest time one process held the head of the log "
            "(looked for every 10 ms). The files of the index are made by a server, next table.\n\n"
            + table(["", "wall s", "processor s", "µs a row", "peak", "file a record", "head"], rows))


def starts(got):
    start, n = got["start"], got["rows"]
    after = got["reads"]["memory_b"] if "reads" in got else None
    whole, texts = index_bytes(got)
    rows = [["first start: files of the index made from the log", f"{number(start['making']['wall_s'])} s", f"{number(start['making']['cpu_s'])} s"],
            ["later start to first answer", f"{number(start['wall_s'])} s", f"{number(start['cpu_s'])} s"],
            ["memory a record no file backs, after start", f"{start['record_b']:,.0f} B", ""],
            ["… after all reads below", f"{after:,.0f} B" if after is not None else "–", ""],
            ["files of the index, a record", f"{whole / n:,.0f} B", ""],
            ["… of them bodies and folded texts", f"{texts / n:,.0f} B", ""]]
    if "peer" in got:
        rows.append(["peer SQLite: its file, bodies included, a record", f"{got['peer']['bytes'] / n:,.0f} B", ""])
    big = sorted(got["sections"].items(), key=lambda one: -one[1])[:8]
    return ("Memory is what no file backs (RssAnon), less that of a server of an empty store. Largest sections of the files, bytes a record: "
            + ", ".join(f"{name} {size / n:,.0f}" for name, size in big) + ".\n\n" + table(["", "wall or size", "processor"], rows))


def index_bytes(got):
    """(all, bodies and folded texts) of the files of the index."""
    sizes = got["sections"]
    return sum(sizes.values()), sum(sizes.get(name, 0) for name in ("BODY", "BODY_AT", "TEXT", "TEXT_AT"))


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
        theirs = [spread(one["peers"][name]["cpu"]) if name in one["peers"] else None for name in names]
        to_hold = held(one["kind"])
        best = ratio(got, [one])
        rows.append([one["kind"], one["questions"], pair(*spread(one["first"])), pair(*wall), pair(*cpu), *(pair(*t) if t else "–" for t in theirs),
                     f"{number(best[0])} ×" if best else "–", pair(*to_hold) + missed(wall, cpu, to_hold)])
    differ = ", ".join(f"{name} in {len(texts)}" for name, texts in got["reads"]["wrong"].items() if texts)
    gone = "".join(f" **{name} is left out:** {why}." for name, why in got["reads"]["gone"].items())
    return ("Milliseconds, p50 / p99 over different questions. *First*: a question's first time, other questions before it. *Best*: least of "
            f"{got['reads']['passes']} passes, each in an order of its own. An answer is the first twenty as GeoJSON, `numberMatched` and six facets "
            "(top 20: without), through HTTP on one kept connection, uncompressed. Peers are asked the first questions of each kind, in "
            f"{got['reads']['peer_passes']} passes in turn with the program, for the same count, twenty bodies and facets, or the counts of a tile's cells, but "
            "neither GeoJSON, nor HTTP, nor tile bytes: SQLite with FTS5 (pairs of "
            "characters), R*Tree and GROUP BY, in process; Groonga with TokenBigram, a process asked through a pipe; PostGIS with a "
            "tsvector of pairs, GIN and GiST, asked over its socket. Their columns are processor time. Counts of answers, facets and tiles "
            + (f"differ: {differ}" if differ else "agree in every one") + f".{gone} Ratio: p50 of the best peer by the program's, over the questions both "
            f"were asked, processor time, the program's less the {number(got['reads']['http_cpu_ms'] * 1000)} µs that `/healthz` takes (what HTTP costs): above 1 the program is faster. "
            "*missed* is over in processor time already, *missed in wall time* over in wall time alone.\n\n"
            + table(["", "questions", "first", "best", "processor", *names, "ratio to the best", "to hold (wall, 1 M)"], rows))


def ratio(got, kinds):
    """(best peer's p50 by ours, best peer's p99 by ours) in process, over the questions of the kinds that peers were asked; None without peers."""
    http = got["reads"]["http_cpu_ms"]
    names = set.intersection(*(set(one["peers"]) for one in kinds)) if kinds else set()
    if not names:
        return None
    n = [len(next(iter(one["peers"].values()))["cpu"]) for one in kinds]
    ours = spread([max(cpu - http, .002) for one, m in zip(kinds, n) for cpu in one["cpu"][:m]])
    theirs = [spread([ms for one in kinds for ms in one["peers"][name]["cpu"]]) for name in names]
    return min(t[0] for t in theirs) / ours[0], min(t[1] for t in theirs) / ours[1]


def tiles(got):
    if not got.get("zooms"):
        return ""
    z = got["zooms"]
    rows = []
    for zoom, one in z["zooms"].items():
        ours, theirs = spread([max(cpu - z["http_cpu_ms"], .002) for cpu in one["cpu"]]), spread(one["clusters"])
        rows.append([zoom, len(one["cpu"]), pair(*ours), pair(*theirs), times(theirs[0], ours[0])])
    return ("\n## Unfiltered tiles beside supercluster\n\nnpm supercluster (64 cells a side, encoded by vt-pbf) in Node "
            f"{got['machine']['node']}, in process, points in memory; in the same passes, the least of them. It keeps no more than points and cannot filter. The "
            f"program's is processor time less the {number(z['http_cpu_ms'] * 1000)} µs that `/healthz` takes. Milliseconds, p50 / p99.\n\n"
            + table(["zoom", "tiles", "program", "supercluster", "ratio"], rows))


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


def besides(got):
    if "beside" not in got:
        return ""
    w, c = got["beside"]["writes"], got["beside"]["cores"]
    return (f"\n## Reads beside writes, and on {c['cores']} cores\n\n{w['windows']} windows of {w['seconds']} s without and with imports of 1,000 rows a second beside "
            f"(reached: {w['rate']:.0f} revisions a second), in turn, one kept connection, {w['answers']:,} answers with facets; medians over windows. The importing "
            "process, the server that follows and the asker share the machine's cores. Then 5 times one asker and one a core, in turn.\n\n"
            + table(["", "without", "beside writes", "ratio"],
                    [["p50, ms", number(w["plain_p50"]), number(w["busy_p50"]), times(w["busy_p50"], w["plain_p50"])],
                     ["p99, ms", number(w["plain_p99"]), number(w["busy_p99"]), f"**{times(w['busy_p99'], w['plain_p99'])}** (to hold: ≤ 1.5 ×)"],
                     ["p99 of the best window, ms", number(w["plain_least_p99"]), number(w["busy_least_p99"]), times(w["busy_least_p99"], w["plain_least_p99"])]])
            + "\n" + table(["", "one asker", f"{c['cores']} askers", "ratio"],
                           [["answers a second", f"{c['one_rate']:.0f}", f"{c['all_rate']:.0f}", f"**{times(c['all_rate'], c['one_rate'])}**"],
                            ["processor ms an answer", number(c["one_cpu_ms"]), number(c["all_cpu_ms"]), times(c["all_cpu_ms"], c["one_cpu_ms"])]]))


# The table of what is to be held ----------------------------------------------------------------

def pooled(got, kinds, column):
    return spread([ms for one in kinds for ms in one[column]])


def cell(name, to_hold, said, good, why, cpu=False):
    """good: True, False, or None where it was not measured; cpu: whether it is held in processor time."""
    verdict = "not measured" if good is None else "held" if good else f"missed in wall time alone ([why](#{why}))" if cpu else f"**MISSED** ([why](#{why}))"
    return [name, to_hold, said, verdict]


def cells(got):
    by = {one["kind"]: one for one in got.get("reads", {}).get("table", [])}
    some = lambda test: [one for kind, one in by.items() if test(kind)]
    counts = some(lambda k: "tile" not in k and "top 20" not in k and k != "rare four characters")
    rare = some(lambda k: k == "rare four characters")
    plain, narrowed = some(lambda k: k.startswith("tile") and "filtered" not in k), some(lambda k: "filtered" in k)
    rows = []

    def wall(name, kinds, p50, p99, why):
        if not kinds:
            rows.append(cell(name, pair(p50, p99) + " ms", "–", None, why))
            return
        have = pooled(got, kinds, "wall")
        cpu = pooled(got, kinds, "cpu")
        within = lambda values: all(want is None or value <= want for value, want in zip(values, (p50, p99)))
        rows.append(cell(name, pair(p50, p99) + " ms", f"{pair(*have)} ms (processor {pair(*cpu)})", within(have), why, within(cpu)))

    def peers(name, kinds, least, why, also_p99=False):
        have = ratio(got, kinds) if kinds else None
        want = f"≥ {least} ×" + (", p99 ≥ 1 ×" if also_p99 else "")
        if have is None:
            rows.append(cell(name, want, "–", None, why))
            return
        said = f"{number(have[0])} ×" + (f", p99 {number(have[1])} ×" if also_p99 else "")
        rows.append(cell(name, want, said, have[0] >= least and (not also_p99 or have[1] >= 1), why))

    wall("text, box, facets in any combination, p50 / p99", counts, .6, 3, "words")
    wall("rare four-character term, p99", rare, None, 5, "rare-words-of-four-characters")
    wall("tile unfiltered, p99", plain, None, 1, "tiles")
    wall("tile under any filter, p99", narrowed, None, 2, "tiles")
    peers("in process, p50, against the best peer: counts with facets", counts, 50, "words")
    peers("… ranked top 20", some(lambda k: k == "word, top 20"), 25, "words")
    peers("… rare term", some(lambda k: k == "rare four characters, top 20"), 5, "rare-words-of-four-characters", also_p99=True)
    peers("… filtered tile", narrowed, 40, "tiles")
    zooms = (got.get("zooms") or {}).get("zooms")
    if zooms:
        http = got["zooms"]["http_cpu_ms"]
        worst = min((spread(one["clusters"])[0] / spread([max(c - http, .002) for c in one["cpu"]])[0], zoom) for zoom, one in zooms.items())
        rows.append(cell("unfiltered tile against supercluster, every zoom", "≥ 1 ×", f"{number(worst[0])} × at z{worst[1]}, more at all others", worst[0] >= 1, "tiles"))
    else:
        rows.append(cell("unfiltered tile against supercluster, every zoom", "≥ 1 ×", "–", None, "tiles"))
    static = got.get("static")
    have = static["peer_cpu_us"] / static["ours_cpu_us"] if static else None
    rows.append(cell("small answers a second and core, against nginx", "≥ 1 ×", f"{number(have)} ×" if have else "–", have and have >= 1, "small-answers"))
    ours, bare = got["import"]["ours"], got["import"]["bare"]
    making = got.get("start", {}).get("making", {"wall_s": 0, "cpu_s": 0})  # the index is part of what is to be held
    have, cpu = ((ours[k] + making[k]) / bare[k] for k in ("wall_s", "cpu_s"))
    head = ours["head_s"] / got["rows"] * 1e6
    rows.append(cell("import with checks, log, keys and index, against a bare insert of the same bodies", "≤ 6 ×",
                     f"{number(have)} × (processor {number(cpu)} ×; without the index {times(ours['wall_s'], bare['wall_s'])})", have <= 6, "import", cpu <= 6))
    rows.append(cell("head held, a million rows", "≤ 30 s", f"{number(head)} s", head <= 30, "import"))
    if "start" in got:
        rows.append(cell("start to first answer", "0.2 s", f"{number(got['start']['wall_s'])} s (processor {number(got['start']['cpu_s'])})", got["start"]["wall_s"] <= .2, "start-and-memory",
                         got["start"]["cpu_s"] <= .2))
        whole, texts = index_bytes(got)
        have = (whole - texts) / got["rows"]
        rows.append(cell("index a record, positions included (bodies and folded texts apart)", "450 B", f"{have:,.0f} B (and {texts / got['rows']:,.0f} B)", have <= 450,
                         "start-and-memory"))
    beside = got.get("beside")
    have = beside["writes"]["busy_p99"] / beside["writes"]["plain_p99"] if beside else None
    rows.append(cell("read p99 beside 1,000 revisions a second", "≤ 1.5 ×", f"{number(have)} ×" if have else "–", have and have <= 1.5, "reads-beside-writes"))
    have = beside["cores"]["all_cpu_ms"] / beside["cores"]["one_cpu_ms"] if beside else None
    rows.append(cell("reads scale with cores: processor time of an answer, one asker a core against one asker", "≤ 1.2 ×",
                     f"{number(have)} × ({number(beside['cores']['all_rate'] / beside['cores']['one_rate'])} × the answers)" if have else "–", have and have <= 1.2, "reads-beside-writes"))
    failed = "".join(f"\nNot measured: {name}, {why}\n" for name, why in got.get("failed", {}).items())
    scale = "" if got["rows"] >= 1_000_000 else (f"**These are of {got['rows']:,} records; what is to be held is for a million.** ")
    return ("## Numbers to hold\n\n" + scale + "Wall times are the best of a question's passes; ratios are processor time. Where a cell is missed, *why* leads to its profile below.\n\n"
            + table(["", "to hold at 1 M", "measured", ""], rows) + failed)


KEPT = ("Instructions", "Pages", "Frames")  # sections that other scripts write, in this order
MARKED = re.compile(r"<!-- (\w+): begin -->\n.*?<!-- \1: end -->\n", re.S)


def kept(old):
    """The sections of other scripts in the old page."""
    marked = [m.group(0) for m in MARKED.finditer(old)]
    found = {part: text for text in marked for part in KEPT if f"## {part}\n" in text}
    for text in re.split(r"^(?=## |<!-- )", MARKED.sub("", old), flags=re.M):
        for part in KEPT:
            if text.startswith(f"## {part}\n"):
                found.setdefault(part, text.rstrip() + "\n")
    return "".join("\n" + found[part] for part in KEPT if part in found)


def page(got, old=""):
    found = FINDINGS.read_text(encoding="utf-8") if FINDINGS.exists() else ""
    minutes = f" Measured in {got['minutes']:.0f} minutes." if "minutes" in got else ""
    return ("# Benchmarks\n\nWritten by `make bench` (`bench/README.md` says how it measures). A missed number is written down, never tuned "
            "away by a cache.\n\n" + about(got).rstrip() + minutes + "\n\n" + cells(got) + "\n## Import\n\n" + imports(got)
            + ("\n## Start and memory\n\n" + starts(got) if "sections" in got else "") + ("\n## Reads\n\n" + reads(got) if "reads" in got else "")
            + tiles(got) + others(got) + besides(got) + kept(old) + ("\n" + found if found else ""))
