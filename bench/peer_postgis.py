"""The peer PostgreSQL with PostGIS: a server of its own, asked over its socket.

Words: a tsvector of pairs of characters with their places, GIN; phrases by <->. Boxes: GiST. Facets and tiles: GROUP BY over
integers, each indexed. Settings are those of one who gave the machine to it. Its processor time is that of the backend asked.
Needs Debian's postgresql-15-postgis-3 and python3-psycopg2."""
import pathlib
import shutil
import sys
import tempfile

import peer
import program

sys.path.insert(0, str(program.ROOT / "tools"))
import cluster_parts  # noqa: E402

SETTINGS = ["shared_buffers=2GB", "work_mem=256MB", "maintenance_work_mem=1GB", "max_wal_size=8GB", "effective_cache_size=8GB",
            "jit=off", "random_page_cost=1.1", "max_parallel_workers_per_gather=0"]


def there():
    try:
        import psycopg2  # noqa: F401
    except ImportError:
        return False
    return (cluster_parts.BIN / "postgres").exists() and pathlib.Path("/usr/share/postgresql/15/extension/postgis.control").exists()


class PostGIS:
    name = "PostGIS"

    def __init__(self, rows, terms):
        import psycopg2
        self.terms, self.names = terms, {number: term for term, number in terms.items()}
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xiudai-bench-"))  # its user can reach it there
        self.server = cluster_parts.Postgres(self.folder, "peer", SETTINGS).make().start()
        self.db = psycopg2.connect(host=str(self.folder), port=self.server.port, user="xiudai", dbname="postgres")
        self.db.autocommit = True
        self.at = self.db.cursor()
        self.load(rows)

    def load(self, rows):
        fields = ", ".join(f"{f} int" for f in peer.FACETS)
        self.at.execute("CREATE EXTENSION postgis")
        self.at.execute(f"CREATE TABLE rec (id int PRIMARY KEY, x int, y int, mx int, my int, {fields}, body text, p geometry, t tsvector)")
        lines = self.folder / "rows.tsv"
        with open(lines, "w", encoding="utf-8") as file:
            for r in rows:
                values = [r.id, r.x, r.y, r.mx, r.my, *r.fields, escaped(r.body), f"POINT({r.x / peer.DEGREE} {r.y / peer.DEGREE})",
                          escaped(vector(r.pairs.split(peer.BETWEEN)))]
                file.write("\t".join(map(str, values)) + "\n")
        with open(lines, encoding="utf-8") as file:
            self.at.copy_expert("COPY rec FROM STDIN", file)
        lines.unlink()
        self.at.execute("CREATE INDEX ON rec USING gin (t) WITH (fastupdate = off)")
        self.at.execute("CREATE INDEX ON rec USING gist (p)")
        for field in peer.FACETS:
            self.at.execute(f"CREATE INDEX ON rec ({field})")
        self.at.execute("VACUUM ANALYZE rec")
        self.pid = self.db.get_backend_pid()

    def cpu_ms(self):
        return program.cpu_ms(self.pid)

    def where(self, q):
        tests, args = [], []
        if "q" in q:
            tests.append("t @@ %s::tsquery")
            args.append(query(q["q"]))
        if "bbox" in q:
            west, south, east, north = q["bbox"]
            tests.append("p && ST_MakeEnvelope(%s, %s, %s, %s) AND x BETWEEN %s AND %s AND y BETWEEN %s AND %s")
            args += [west - 1e-6, south - 1e-6, east + 1e-6, north + 1e-6,
                     *(round(v * peer.DEGREE) for v in (west, east, south, north))]
        return tests, args, {f: self.terms.get(q[f], -1) for f in peer.FACETS if f in q}

    def ask(self, q):
        tests, args, equal = self.where(q)
        found = " AND ".join(tests + [f"{f} = {n}" for f, n in equal.items()]) or "true"
        order, ranked = ("ts_rank(t, %s::tsquery) DESC, id", [query(q["q"])]) if "q" in q else ("id", [])
        self.at.execute(f"SELECT body FROM rec WHERE {found} ORDER BY {order} LIMIT 20", args + ranked)
        first = self.at.fetchall()
        self.at.execute(*peer.counting("rec", ", ".join(peer.FACETS), tests, args, equal))
        got = self.at.fetchall()
        facets = {f: {} for f in peer.FACETS}
        matched = 0
        for i, number, n in got:
            if i < 0:
                matched = n
            else:
                facets[peer.FACETS[i]][self.names[number]] = n
        return matched, first, facets

    def top(self, q):
        tests, args, _ = self.where(q)
        found = " AND ".join(tests)
        self.at.execute(f"SELECT count(*) FROM rec WHERE {found}", args)
        matched = self.at.fetchone()[0]
        self.at.execute(f"SELECT body FROM rec WHERE {found} ORDER BY ts_rank(t, %s::tsquery) DESC, id LIMIT 20", args + [query(q["q"])])
        return matched, self.at.fetchall()

    def tile(self, z, col, row, q, cells=None):
        cells = z < peer.POINTS_ZOOM if cells is None else cells
        west, north, side, cell = peer.square(z, col, row, cells)
        tests, args, equal = self.where(q)
        lon0, lon1, lat0, lat1 = peer.edges(west, north, side)
        if z > 0:
            tests.append(f"p && ST_MakeEnvelope({lon0 - 1e-6}, {lat0 - 1e-6}, {lon1 + 1e-6}, {lat1 + 1e-6})")
        if not cells:
            tests.append(f"x BETWEEN {round(lon0 * peer.DEGREE)} AND {round(lon1 * peer.DEGREE)}"
                         f" AND y BETWEEN {round(lat0 * peer.DEGREE)} AND {round(lat1 * peer.DEGREE)}")
        else:
            tests.append(f"mx >= {west} AND mx < {west + side} AND my >= {north} AND my < {north + side}")
        tests += [f"{f} = {n}" for f, n in equal.items()]
        self.at.execute(f"SELECT (mx - {west}) / {cell} c, (my - {north}) / {cell} w, count(*) FROM rec "
                        f"WHERE {' AND '.join(tests)} GROUP BY 1, 2", args)
        return self.at.fetchall()

    def close(self):
        self.db.close()
        self.server.stop()
        shutil.rmtree(self.folder)


def escaped(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def quoted(token):
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"


def vector(texts):
    """A tsvector with places; two apart between texts, so that no phrase reaches over."""
    at, out = 0, []
    for text in texts:
        for token in text.split():
            at += 1
            out.append(f"{quoted(token)}:{min(at, 16383)}")
        at += 1
    return " ".join(out)


def query(text):
    return " <-> ".join(map(quoted, peer.pairs(text).split()))
