"""The peer Groonga: one process of the command line tool, commands on its standard input, no answer cached.

Words: TokenBigram. Boxes: its index of places, exact by integers. Fields: integers, each indexed; counts by drilldown.
Needs Debian's groonga-bin. Its processor time is that of the whole process."""
import json
import shutil
import subprocess

import peer
import program

SCHEMA = """table_create rec TABLE_NO_KEY
column_create rec words COLUMN_SCALAR Text
column_create rec body COLUMN_SCALAR Text
column_create rec loc COLUMN_SCALAR WGS84GeoPoint
table_create terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto
table_create places TABLE_PAT_KEY WGS84GeoPoint
table_create numbers TABLE_PAT_KEY Int32
""" + "".join(f"column_create rec {name} COLUMN_SCALAR Int32\n" for name in ["x", "y", "mx", "my", *peer.FACETS])
INDEXES = ["column_create terms idx COLUMN_INDEX|WITH_POSITION rec words", "column_create places idx COLUMN_INDEX rec loc",
           *(f"column_create numbers {name} COLUMN_INDEX rec {name}" for name in peer.FACETS)]
MS = 3_600_000  # of Groonga's integers in a degree


def there():
    return shutil.which("groonga") is not None


class Groonga:
    name = "Groonga"

    def __init__(self, folder, rows, terms):
        """rows of peer.prepare(), put into a new database in the folder."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        self.terms, self.names = terms, {number: term for term, number in terms.items()}
        self.process = subprocess.Popen(["groonga", "-n", folder / "db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8")
        for line in SCHEMA.splitlines() + ["cache_limit 0"]:
            self.command(line)
        self.load(rows)
        for line in INDEXES:
            self.command(line)

    def load(self, rows, at_once=2000):
        for start in range(0, len(rows), at_once):
            lot = []
            for r in rows[start:start + at_once]:
                lot.append({"words": r.texts, "body": r.body, "x": r.x, "y": r.y, "mx": r.mx, "my": r.my,
                            "loc": f"{r.y * MS // peer.DEGREE}x{r.x * MS // peer.DEGREE}"} | dict(zip(peer.FACETS, r.fields)))
            self.command("load --table rec\n" + json.dumps(lot, ensure_ascii=False).replace("\n", " "))

    def command(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        head, *body = json.loads(self.process.stdout.readline())
        if head[0] != 0:
            raise SystemExit(f"groonga {text[:200]}: {head}")
        return body[0]

    def cpu_ms(self):
        return program.cpu_ms(self.process.pid)

    def select(self, q, without=None, extra=""):
        """One select under the question's conditions, but for those of one field."""
        tests = [f"{f} == {self.terms.get(q[f], -1)}" for f in peer.FACETS if f in q and f != without]
        if "bbox" in q:
            tests = box_tests(q["bbox"]) + tests
        return self.command("select rec " + extra
                            + (f' --match_columns words --query \'"{q["q"]}"\'' if "q" in q else "")
                            + (f" --filter '{' && '.join(tests)}'" if tests else ""))

    def counts(self, answer, at=1):
        """{field: {term: count}} of the drilldowns of an answer."""
        return {field: {self.names[number]: n for number, n in got[2:]} for field, got in answer[at].items()}

    def ask(self, q):
        own = [f for f in peer.FACETS if f in q]
        rest = drilldowns([f for f in peer.FACETS if f not in own])
        order = " --sort_keys -_score,_id" if "q" in q else ""
        answer = self.select(q, extra=f"--limit 20 --output_columns body{order} {rest}")
        matched, first = answer[0][0][0], answer[0][2:]
        facets = self.counts(answer) if len(answer) > 1 else {}
        for field in own:  # each without its own condition
            facets |= self.counts(self.select(q, field, f"--limit 0 {drilldowns([field])}"))
        return matched, first, facets

    def top(self, q):
        answer = self.select(q, extra="--limit 20 --output_columns body --sort_keys -_score,_id")
        return answer[0][0][0], answer[0][2:]

    def tile(self, z, col, row, q, cells=None):
        cells = z < peer.POINTS_ZOOM if cells is None else cells
        west, north, side, cell = peer.square(z, col, row, cells)
        tests = [f"mx >= {west} && mx < {west + side} && my >= {north} && my < {north + side}"]
        if z > 0:
            lon0, lon1, lat0, lat1 = peer.edges(west, north, side)
            tests = box_tests([lon0, lat0, lon1, lat1], exact=not cells) + (tests if cells else [])
        tests += [f"{f} == {self.terms.get(q[f], -1)}" for f in peer.FACETS if f in q]
        answer = self.command(
            "select rec --limit 0 --columns[c].stage filtered --columns[c].type Int32 "
            f"--columns[c].value '(my - {north}) / {cell} * 1000 + (mx - {west}) / {cell}' "
            "--drilldowns[c].keys c --drilldowns[c].limit -1 --drilldowns[c].output_columns _key,_nsubrecs"
            + (f' --match_columns words --query \'"{q["q"]}"\'' if "q" in q else "") + f" --filter '{' && '.join(tests)}'")
        return [(c % 1000, c // 1000, n) for c, n in answer[1]["c"][2:]]

    def close(self):
        self.process.stdin.close()
        self.process.wait(60)


def box_tests(bbox, exact=True):
    """By the index, a little wider; then by the whole 1e-7 degrees."""
    west, south, east, north = bbox
    wide = (f'geo_in_rectangle(loc, "{int(north * MS) + 2}x{int(west * MS) - 2}", "{int(south * MS) - 2}x{int(east * MS) + 2}")')
    x0, x1, y0, y1 = (round(v * peer.DEGREE) for v in (west, east, south, north))
    return [wide] + ([f"x >= {x0} && x <= {x1} && y >= {y0} && y <= {y1}"] if exact else [])


def drilldowns(fields):
    return " ".join(f"--drilldowns[{f}].keys {f} --drilldowns[{f}].limit -1 --drilldowns[{f}].output_columns _key,_nsubrecs"
                    for f in fields)
