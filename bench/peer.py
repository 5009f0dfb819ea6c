"""The peer: SQLite with the same rows, in process. Words: FTS5 over overlapping pairs of characters.
Boxes: R*Tree. Facets and tiles: GROUP BY over a table with one integer column a field, each indexed.

It is asked for the same content as an answer of the program: how many match, the first twenty with
their bodies, counts of six fields, each without that field's own condition."""
import json
import math
import multiprocessing
import re
import sqlite3
import time

FACETS = ["level", "era", "use", "condition", "ownership", "industry"]
DEGREE = 10_000_000  # of the integers coordinates are kept as
CELLS = 64           # a side of a tile
POINTS_ZOOM = 14     # from here on the program draws records, not cells, and a margin about the tile
MARGIN = 64          # a tile's side is so many times as long as that margin
BORDER = "zz"        # no phrase reaches over it
BETWEEN = f" {BORDER} "
WORLD = 1 << 30      # the square of Web Mercator, in integers


def is_han(c):
    return "\u4e00" <= c <= "\u9fff"


RUNS = re.compile("[\u4e00-\u9fff]+|(?:(?![\u4e00-\u9fff])[^\\W_])+")


def pairs(text):
    """濉溪县 → 濉溪 溪县; runs of other letters and digits are words, the rest parts words."""
    out = []
    for run in RUNS.findall(text):
        if is_han(run[0]) and len(run) > 1:
            out += [run[i:i + 2] for i in range(len(run) - 1)]
        else:
            out.append(run)
    return " ".join(out)


def phrase(text):
    return '"' + pairs(text) + '"'


def mercator(lon, lat):
    s = math.sin(math.radians(lat))
    return int((lon + 180) / 360 * WORLD), int((.5 - math.log((1 + s) / (1 - s)) / (4 * math.pi)) * WORLD)


def connect(path):
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)  # made by the thread that loads, asked by one
    for setting in ("journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -2000000",
                    "mmap_size = 8000000000"):
        db.execute(f"PRAGMA {setting}")
    return db


def bodies(store):
    """[(id, type, number, body text)] as the program's store has them."""
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    found = db.execute("SELECT id, type, number, body FROM record ORDER BY id").fetchall()
    db.close()
    return found


def insert_bare(path, rows):
    """Puts rows with three indexes into a new file, in one commit as safe as the program's; what it cost."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA page_size = 8192")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE record (id INTEGER PRIMARY KEY, type TEXT, number TEXT, source TEXT, body TEXT)")
    for column in ("type", "number", "source"):
        db.execute(f"CREATE INDEX by_{column} ON record ({column})")
    named = [(i, kind, number, json.loads(body)["source_id"], body) for i, kind, number, body in rows]
    start, used = time.monotonic(), time.process_time()
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO record VALUES (?, ?, ?, ?, ?)", named)
    db.execute("COMMIT")
    took = {"wall_s": time.monotonic() - start, "cpu_s": time.process_time() - used}
    db.close()
    return took


class Row:
    """A record as peers load it: places as integers of a degree and of the square of Web Mercator, fields as
    numbers of their terms; all texts in one as written, and in pairs of characters, a border between any two."""
    __slots__ = ("id", "x", "y", "mx", "my", "fields", "body", "texts", "pairs")


def prepare_lot(lot):
    made = []
    for i, _, _, text in lot:
        row, body = Row(), json.loads(text)
        row.id, row.body, row.fields = i, text, [body[f] for f in FACETS]
        row.x, row.y = body["site"]["geometry"]["coordinates"]
        row.mx, row.my = mercator(row.x / DEGREE, row.y / DEGREE)
        texts = list(prepare_words(body))
        row.texts, row.pairs = BETWEEN.join(texts), BETWEEN.join(map(pairs, texts))
        made.append(row)
    return made


def prepare(rows, words, at_once=2000):
    """([Row], {term: number}) of rows as bodies() gives them; words(body): the texts that the program searches too."""
    global prepare_words
    prepare_words = words
    lots = [rows[i:i + at_once] for i in range(0, len(rows), at_once)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        made = [row for lot in pool.imap(prepare_lot, lots) for row in lot]
    terms = {}
    for row in made:
        row.fields = [terms.setdefault(term, len(terms)) for term in row.fields]
    return made, terms


prepare_words = None  # of the processes that prepare


def load(path, rows):
    """The searched tables."""
    db = connect(path)
    db.execute(f"CREATE TABLE rec (id INTEGER PRIMARY KEY, x INT, y INT, mx INT, my INT, {' INT, '.join(FACETS)} INT, body)")
    db.execute("CREATE VIRTUAL TABLE box USING rtree (id, x0, x1, y0, y1)")
    db.execute("CREATE VIRTUAL TABLE words USING fts5 (t, content='', tokenize='unicode61')")
    db.execute("BEGIN")
    db.executemany(f"INSERT INTO rec VALUES ({', '.join('?' * (6 + len(FACETS)))})",
                   ((r.id, r.x, r.y, r.mx, r.my, *r.fields, r.body) for r in rows))
    db.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)",
                   ((r.id, r.x / DEGREE, r.x / DEGREE, r.y / DEGREE, r.y / DEGREE) for r in rows))
    db.executemany("INSERT INTO words (rowid, t) VALUES (?, ?)", ((r.id, r.pairs) for r in rows))
    db.execute("COMMIT")
    for field in FACETS:
        db.execute(f"CREATE INDEX by_{field} ON rec ({field})")
    db.execute("ANALYZE")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def counting(tables, columns, tests, args, equal):
    """SQL for how many match (-1, 0, n) and what each field holds, each without its own condition (field, term, n)."""
    counts = []
    for i, field in enumerate(FACETS):
        others = [f"{f} = {n}" for f, n in equal.items() if f != field]
        counts.append(f"SELECT {i}, {field}, count(*) FROM h WHERE {' AND '.join(others) or 'true'} GROUP BY 2")
    all_of = " AND ".join(f"{f} = {n}" for f, n in equal.items()) or "true"
    return (f"WITH h AS MATERIALIZED (SELECT {columns} FROM {tables} WHERE {' AND '.join(tests) or 'true'}) "
            f"SELECT -1, 0, count(*) FROM h WHERE {all_of} UNION ALL {' UNION ALL '.join(counts)}", args)


def square(z, col, row, cells):
    """(west, north, side, side of a cell) of a tile, with the margin it has where records are drawn, not cells."""
    side = WORLD >> z
    margin = 0 if cells else side // MARGIN
    return col * side - margin, row * side - margin, side + 2 * margin, (side + 2 * margin) // CELLS


class Peer:
    name = "SQLite"

    def __init__(self, path, terms):
        self.db, self.terms = connect(path), terms
        self.names = {number: term for term, number in terms.items()}

    def cpu_ms(self):
        return time.process_time() * 1000  # it works in this process

    def close(self):
        self.db.close()

    def where(self, q):
        """FROM and WHERE of a question's words and box, and its conditions on fields apart."""
        tables, tests, args = ["rec r"], [], []
        if "q" in q:
            tables.insert(0, "words")
            tests.append("words MATCH ? AND r.id = words.rowid")
            args.append(phrase(q["q"]))
        if "bbox" in q:
            west, south, east, north = q["bbox"]
            if "q" not in q:  # a word is the narrower way in: the columns do for the box
                tables.insert(0, "box")
                tests.append("x1 >= ? AND x0 <= ? AND y1 >= ? AND y0 <= ? AND r.id = box.id")
                args += [west, east, south, north]  # 32-bit boxes are rounded outwards; the columns decide
            tests.append("r.x BETWEEN ? AND ? AND r.y BETWEEN ? AND ?")
            args += [round(west * DEGREE), round(east * DEGREE), round(south * DEGREE), round(north * DEGREE)]
        equal = {f: self.terms.get(q[f], -1) for f in FACETS if f in q}
        return " CROSS JOIN ".join(tables), tests, args, equal

    def ask(self, q):
        """(how many, first twenty bodies, {field: {term: count}})"""
        tables, tests, args, equal = self.where(q)
        found = " AND ".join(tests + [f"r.{f} = {n}" for f, n in equal.items()]) or "1"
        order = "bm25(words), r.id" if "q" in q else "r.id"
        first = self.db.execute(f"SELECT r.body FROM {tables} WHERE {found} ORDER BY {order} LIMIT 20", args).fetchall()
        got = self.db.execute(*counting(tables, ", ".join(f"r.{f} {f}" for f in FACETS), tests, args, equal)).fetchall()
        facets = {f: {} for f in FACETS}
        for i, number, n in got[1:]:
            facets[FACETS[i]][self.names[number]] = n
        return got[0][2], first, facets

    def top(self, q):
        """(how many, first twenty bodies)"""
        tables, tests, args, _ = self.where(q)
        tables_and = f"{tables} WHERE {' AND '.join(tests)}"
        matched = self.db.execute("SELECT count(*) FROM words WHERE words MATCH ?", args).fetchone()[0]
        return matched, self.db.execute(f"SELECT r.body FROM {tables_and} ORDER BY bm25(words), r.id LIMIT 20", args).fetchall()

    def tile(self, z, col, row, q, cells=None):
        """[(cell column, cell row, count)] of one tile; cells: whether it is one of cells, else its zoom says so."""
        cells = z < POINTS_ZOOM if cells is None else cells
        west, north, side, cell = square(z, col, row, cells)
        tables, tests, args, equal = self.where(q)
        if "q" not in q and z > 0:
            tables = "box CROSS JOIN rec r"
            tests.append("x1 >= ? AND x0 <= ? AND y1 >= ? AND y0 <= ? AND r.id = box.id")
            args += edges(west, north, side)
        if not cells:  # the program's boxes are whole 1e-7 degrees, edges within
            tests.append("r.x BETWEEN ? AND ? AND r.y BETWEEN ? AND ?")
            args += [round(edge * DEGREE) for edge in edges(west, north, side)]
        else:
            tests.append("r.mx >= ? AND r.mx < ? AND r.my >= ? AND r.my < ?")
            args += [west, west + side, north, north + side]
        tests += [f"r.{f} = {n}" for f, n in equal.items()]
        return self.db.execute(f"SELECT (r.mx - {west}) / {cell} c, (r.my - {north}) / {cell} w, count(*) FROM {tables} "
                               f"WHERE {' AND '.join(tests)} GROUP BY c, w", args).fetchall()


def edges(west, north, side):
    """[west, east, south, north] in degrees of a square of Web Mercator."""
    def lon(x):
        return x / WORLD * 360 - 180

    def lat(y):
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / WORLD))))
    return [lon(west), lon(west + side), lat(north + side), lat(north)]
