"""Random questions to random models under random visibility, against a plain scan that shares no code with
src/: tests/oracle makes the model and the records, says what anybody may see of them, and answers by looking
at every body. Some records are there when the server starts, some come, change and go while it serves.

In full (XIUDAI_SOAK=1): 10,000 questions, five models, 3,000 records each. XD_SEED is the first seed of all."""
import contextlib
import csv
import itertools
import json
import math
import os
import sqlite3
import sys
import time
import urllib.parse

from test_search import Dice, as_list, model_of, year_of
from xiudai import ROOT, SOAK, Server, folder, import_json, main, run

sys.path[:0] = [str(ROOT / "tests" / "oracle"), str(ROOT / "bench")]
import cql  # noqa: E402
import shapes  # noqa: E402
import tile  # noqa: E402
from making import Maker  # noqa: E402
from model import Model  # noqa: E402
from oracle import Oracle  # noqa: E402
from visible import Door  # noqa: E402

WORLDS, RECORDS, QUESTIONS = (5, 3000, 2000) if SOAK else (1, 450, 150)
POINTS_ZOOM, MARGIN = 12, 1 / 64  # of tiles: from where on records are drawn as they are, and how far over the edge
FIRST_SEED = int(os.environ.get("XD_SEED", "1"))


class Prober(Dice):
    """Words come from what is kept, hidden or not; conditions are on what may be asked."""

    def words(self, _record, kind):
        return super().words(self.choice(self.kept[kind.name]), self.whole.types[kind.name])

    def condition(self, kind, records):
        dice = self.random()
        groups = [f for f in kind.fields.values() if f.kind == "group"]
        if dice < .12 and groups:
            group = self.choice(groups)
            made = self.inside(group, records)
        elif dice < .2:
            made = self.choice((f"id {self.choice(('<', '>='))} {self.choice(records)['id']}",
                                f"state {self.choice(('=', '<>'))} '{self.choice(('seen', 'open', 'shut', 'raw'))}'",
                                "number LIKE '%-000%'", f"number LIKE '34{self.randint(10, 18)}%'", "confidence = 'medium'"))
        elif dice < .24:
            made = self.choice([f.name for f in kind.fields.values() if f.kind == "boolean"] or ["TRUE"])
            made = made if made == "TRUE" else f"{made} = {self.choice(('TRUE', 'FALSE'))}"
        else:
            return super().condition(kind, records)
        return f"NOT ({made})" if self.random() < .2 else made

    def inside(self, group, records):
        inner = self.choice([f for f in group.fields.values()])
        name, held = f"{group.name}.{inner.name}", [v[inner.name] for r in records for v in as_list(r["body"].get(group.name)) if inner.name in v]
        if self.random() < .15 or not held:
            return f"{name} IS NULL"
        value = self.choice(held)
        if inner.kind == "term":
            return f"{name} = '{value}'"
        if inner.kind == "number":
            return f"{name} {self.choice(('<', '>=', '=', '<>'))} {value['n']}"
        if inner.kind == "period":
            year = self.randint(1860, 1990)
            return f"{name} {self.choice(('<', '>', '='))} DATE('{year}-06-01')"
        return f"{name} LIKE '{value['zh'][:2]}%'"

    def ask(self, kind, records):
        ask = super().ask(kind, records)
        if "filter" in ask and self.random() < .3:
            try:
                ask["filter"] = json.dumps(cql.as_json(cql.read(ask["filter"])), ensure_ascii=False)
                ask["filter-lang"] = "cql2-json"
            except shapes.Unsupported:
                pass
        facets = [name for name in kind.facets if kind.fields[name].kind == "term"]
        if facets and self.random() < .15:
            field = kind.fields[self.choice(facets)]
            codes = [c for r in records for v in as_list(r["body"].get(field.name)) for c in field.vocabulary.above(v)]
            ask[field.name] = [self.choice(codes or ["x"]) for _ in range(self.choice((1, 2)))] + [""] * (self.random() < .1)
        return ask


class World:
    def __init__(self, seed):
        self.dice = Prober(seed)
        self.maker = Maker(self.dice, ROOT)
        self.serial = itertools.count()

    def __enter__(self):
        with contextlib.ExitStack() as kept:
            self.folder = kept.enter_context(folder())
            self.store, self.data = self.folder / "s.db", self.folder / "data"
            seats = self.maker.vocabularies()
            self.maker.model(self.data)
            self.names = list(self.maker.types)
            for name in self.names:
                self.put(name, RECORDS // 9)
            self.site = kept.enter_context(Server(self.store, "--data", self.data))
            for name in self.names * 2:
                self.put(name, RECORDS // 9)
            gone = self.put(self.names[0], 40)
            changed = self.put(self.names[1], 40, closed=False)  # from where a state may still change
            run("undo", gone["changeset"], "--skip-conflicts", "--data", self.data, store=self.store)  # a link may hold one
            self.put(self.names[1], 40, start=changed["start"])  # the same codes: the same records, other values
            self.scan(seats)
            self.until = kept.pop_all()
        return self

    def __exit__(self, *error):
        return self.until.__exit__(*error)

    def put(self, name, n, start=None, closed=True):
        """Imports n records of a type in some state; where a code is known already, that record is changed."""
        start = next(self.serial) * 10_000 if start is None else start
        header, rows = self.maker.rows(name, n, start, self.titles())
        table = self.folder / "rows.csv"
        with open(table, "w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        state = self.dice.choice([*self.maker.public, *self.maker.public, "raw", "shut", *(["old"] if closed else [])])
        report = import_json(name, table, "--accept-good", "--state", state, "--data", self.data, store=self.store, expect=None)
        assert report["new"] + report["changed"] + report["unchanged"] >= n * .9, report["problems"][:5]
        return report | {"start": start}

    def titles(self):
        if not self.store.exists():
            return []
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as db:
            bodies = [json.loads(body) for body, in db.execute("SELECT body FROM record ORDER BY id LIMIT 400")]
        return [body[self.maker.types[body["type"]]["title"]]["zh"] for body in bodies]

    def scan(self, seats):
        """The oracle over what anybody may see of what the store keeps."""
        model, dice = model_of(self.store), self.dice
        dice.whole = Model(model)
        door = Door(dice.whole, seats)
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as db:
            kept = [{"id": id, "body": json.loads(body)} for id, body in db.execute("SELECT id, body FROM record ORDER BY id")]
        seen = [{"id": r["id"], "body": body} for r in kept if (body := door.public(r["body"])) is not None]
        dice.kept = {name: [r for r in kept if r["body"]["type"] == name] for name in self.names}
        self.oracle = Oracle(seen, model, today=year_of(self.site))
        for kind in self.oracle.model.types.values():
            for field in [f for f in kind.fields.values() if f.hidden or f.public_precision == "none"]:
                del kind.fields[field.name]
            for field in kind.fields.values():
                for inner in [f for f in field.fields.values() if f.hidden]:
                    del field.fields[inner.name]
        dice.types, dice.all = self.oracle.model.types, seen
        self.seen = {name: [r for r in seen if r["body"]["type"] == name] for name in self.names}
        self.hidden = len(kept) - len(seen)
        deadline = time.monotonic() + 60
        for name, records in self.seen.items():
            while self.page(f"/api/collections/{name}/items?limit=1000")["numberMatched"] != len(records):
                assert time.monotonic() < deadline, f"{name}: {len(records)} records are public, the server never says so"
                time.sleep(.1)

    def page(self, address):
        return json.loads(self.site.get(address))

    # Comparing -----------------------------------------------------------------------------------

    def address(self, name, what, ask):
        pairs = [(k, v) for k, given in ask.items() for v in (given if isinstance(given, list) else [given])]
        return f"/api/collections/{name}/{what}?" + urllib.parse.urlencode(pairs)

    def walked(self, name, ask, limit):
        """All pages of an answer: (how many, ids in order, facets of the first page)."""
        address, ids, first = self.address(name, "items", ask | {"limit": limit}), [], None
        while address:
            page = self.page(address)
            first = first or page
            assert page["numberMatched"] == first["numberMatched"] and page["numberReturned"] <= limit, (name, ask)
            ids += [f["id"] for f in page["features"]]
            onward = [link["href"] for link in page["links"] if link["rel"] == "next"]
            address = onward[0][onward[0].index("/api/"):] if onward else None
        facets = {field: {c["value"]: c["count"] for c in facet["counts"]} for field, facet in first.get("facets", {}).items()}
        return first["numberMatched"], ids, facets

    def compare(self, name, ask, limit):
        """What differs, or None. Raises shapes.Unsupported where the oracle does not know the answer."""
        wanted = self.oracle.answer(name, ask)
        matched, ids, facets = self.walked(name, ask, limit)
        if sorted(ids) != sorted(wanted["ids"]):
            odd = sorted(set(ids) ^ set(wanted["ids"]))[:3]
            return f"{wanted['matched']} wanted, {matched} and {len(ids)} found; not in both: {odd} {[self.oracle.records.get(i) for i in odd[:1]]}"
        if matched != len(ids):
            return f"{matched} said, {len(ids)} walked"
        if "sortby" in ask and ids != wanted["ids"]:
            return f"order {ids[:20]}, wanted {wanted['ids'][:20]}"
        if facets != wanted["facets"]:
            return f"facets {[(f, facets.get(f), c) for f, c in wanted['facets'].items() if facets.get(f) != c]}"
        return None

    def compare_tile(self, name, ask):
        kind = self.oracle.model.types[name]
        asked = {k: v for k, v in ask.items() if k not in ("facets", "sortby")}
        ids = set(self.oracle.answer(name, asked)["ids"])
        places = {r["id"]: p for r in self.seen[name] if (p := [v for v in as_list(r["body"].get(kind.place)) if "geometry" in v])}
        if not places:
            return None
        z = self.dice.randint(0, 16)
        x, y = mercator(self.dice.choice(list(places.values()))[0])
        col, row = math.floor(x * 2 ** z), math.floor(y * 2 ** z)
        status, _, data = self.site.ask("GET", self.address(name, f"tiles/WebMercatorQuad/{z}/{row}/{col}", asked))
        assert status in (200, 204), (status, data[:300])
        drawn = tile.layers(data)
        found = {id: p for id, p in places.items() if id in ids}
        if z < POINTS_ZOOM:
            inside = [id for id, p in found.items() if within(mercator(p[0]), z, col, row, 0)]
            counted = sum(f["count"] for features in drawn.values() for f in features)
            return None if counted == len(inside) else f"tile {z}/{row}/{col}: {counted} counted, {len(inside)} are there"
        near = lambda p: any(within(mercator(v), z, col, row, MARGIN) for v in p)
        inside = {id for id, p in found.items() if p[0].get("precision") != "county" and near(p)}
        shown = {f["id"] for f in drawn.get("records", [])}
        return None if shown == inside else f"tile {z}/{row}/{col}: not in both {sorted(shown ^ inside)[:5]}"


def mercator(place):
    lon, lat = (v / 1e7 for v in place["geometry"]["coordinates"])
    return lon / 360 + .5, .5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)


def within(at, z, col, row, margin):
    x, y = at[0] * 2 ** z - col, at[1] * 2 ** z - row
    return -margin <= x <= 1 + margin and -margin <= y <= 1 + margin


def hidden_is_undeclared(world):
    """A field nobody may see is no queryable, whoever guesses its name."""
    for name in world.names:
        declared = world.page(f"/api/collections/{name}/queryables")["properties"]
        for field in world.dice.whole.types[name].fields.values():
            if field.hidden:
                assert field.name not in declared, (name, field.name)
                assert world.site.ask("GET", f"/api/collections/{name}/items?filter=" + urllib.parse.quote(f"{field.name} IS NULL"))[0] == 400
                assert world.site.ask("GET", f"/api/collections/{name}/items?facets={field.name}")[0] == 400


def test_random_questions_under_random_visibility():
    wrong, tally = [], {"asked": 0, "tiles": 0, "pages": 0, "not known to the oracle": 0, "of records": 0, "hidden": 0, "found": 0}
    for seed in range(FIRST_SEED, FIRST_SEED + WORLDS):
        with World(seed) as world:
            dice = world.dice
            if SOAK:
                print(f"seed {seed}: {len(world.oracle.records)} records, {world.hidden} hidden", file=sys.stderr, flush=True)
            hidden_is_undeclared(world)
            names = [name for name in world.names if world.seen[name]]
            tally["of records"] += len(world.oracle.records)
            tally["hidden"] += world.hidden
            for _ in range(QUESTIONS):
                name = dice.choice(names)
                ask, limit = dice.ask(world.oracle.model.types[name], world.seen[name]), dice.choice((1000, 1000, 1000, 300, 50, 17))
                tiled = dice.random() < .25 and not world.maker.outlined[name]
                try:
                    fault = world.compare(name, ask, limit)
                    tally["asked"] += 1
                    tally["pages"] += limit < 1000
                    if tiled and not fault:
                        fault = world.compare_tile(name, ask)
                        tally["tiles"] += 1
                except shapes.Unsupported:
                    tally["not known to the oracle"] += 1
                    continue
                except AssertionError as error:
                    fault = str(error)
                if fault:
                    wrong.append(f"seed {seed}, {name}, {json.dumps(ask, ensure_ascii=False)}: {fault}"[:1500])
    print(", ".join(f"{n} {what}" for what, n in tally.items() if n))
    assert not wrong, f"{len(wrong)} of {tally['asked']}:\n" + "\n".join(wrong[:8])
    assert tally["asked"] >= WORLDS * QUESTIONS * .85, tally


if __name__ == "__main__":
    main(globals())
