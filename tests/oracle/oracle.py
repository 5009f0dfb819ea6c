#!/usr/bin/env python3
"""Answers queries by a plain scan over exported records, so that the program's answers can be
compared with something that shares no code with it.

    oracle.py RECORDS.json MODEL.json QUERIES.json…

RECORDS.json is an array of {"id": n, "body": {…}}, bodies as the public may see them; MODEL.json
the canonical JSON of the model; a QUERIES.json an array of {"type": name, "ask": {parameters of the
API's items}}. Prints one answer a line: {"matched", "ids", "facets"}. Standard library only."""
import json
import sys
from decimal import Decimal

import cql
import dates
import shapes
import words as wording
from model import Model

PARTS = ("id", "number", "state", "type", "confidence")


class Oracle:
    def __init__(self, records, model, lang="zh", today=None):
        self.model = Model(model)
        self.lang = lang
        self.records = {r["id"]: r for r in records}
        self.today = today
        self.searched = {}

    # Values of a record ------------------------------------------------------------------------

    @staticmethod
    def items(field, holder):
        value = holder.get(field.name)
        return value if isinstance(value, list) else [] if value is None else [value]

    def in_language(self, value):
        return value.get(self.lang) or next(iter(value.values()))

    def of_field(self, field, holder, part=None):
        """Kind and values for conditions."""
        values = self.items(field, holder)
        if field.kind == "period":
            spans = [dates.of_body(v) for v in values]
            if part is None:
                return "period", spans
            ends = [s[part] for s in spans if abs(s[part]) != float("inf")]
            return "number", [Decimal(dates.year_of(e)) for e in ends]
        if field.kind in ("term", "division"):
            return "term", [(field.vocabulary.above(v), field.vocabulary) for v in values]
        if field.kind in ("text", "markdown"):
            return "text", [self.in_language(v) for v in values]
        if field.kind == "number":
            return "number", [Decimal(v["n"]) for v in values if "n" in v]
        if field.kind == "boolean":
            return "yes", values
        if field.kind == "place":
            return "place", [shapes.of_body(v["geometry"]) for v in values if "geometry" in v]
        if field.kind == "link":
            return "text", [self.link_text(v) for v in values]
        return "text", [v if isinstance(v, str) else v.get("text", "") for v in values]

    def link_text(self, value):
        return value.get("text", "")

    def named(self, fields, name):
        """A field by its name, or the years of a period."""
        if name in fields:
            return fields[name], None
        for ending, part in (("_from", 0), ("_to", 1)):
            stem = name.removesuffix(ending)
            if stem != name and stem in fields and fields[stem].kind == "period":
                return fields[stem], part
        return None, None

    def value(self, name, record):
        body = record["body"]
        kind = self.model.types[body["type"]]
        if name == "id":
            return "number", [Decimal(record["id"])]
        if name == "confidence":
            return "text", [body.get("confidence", "medium")]
        if name in PARTS:
            return "text", [body[name]] if name in body else []
        name = {"geometry": kind.place, "datetime": kind.time}.get(name, name)
        if name is None:  # a type without a place, or without a time
            return None, []
        field, part = self.named(kind.fields, name)
        if field is not None:
            return self.of_field(field, body, part)
        outer, inner = name.split(".", 1)
        over = kind.fields[outer]
        field, part = self.named(over.fields, inner)
        found, what = [], "text"
        for item in self.items(over, body):
            if field is not None:
                what, values = self.of_field(field, item, part)
                found += values
            elif "id" in item and item["id"] in self.records:
                there = self.records[item["id"]]["body"]
                far, far_part = self.named(self.model.types[there["type"]].fields, inner)
                if far is not None:
                    what, values = self.of_field(far, there, far_part)
                    found += values
        return what, found

    # Words -------------------------------------------------------------------------------------

    def texts(self, record):
        """(folded text, name as written or None when it is not looked for by sound)"""
        if record["id"] in self.searched:
            return self.searched[record["id"]]
        body, found = record["body"], []
        if "number" in body:
            found.append((wording.fold(body["number"]), None))
        for field in self.model.types[body["type"]].fields.values():
            self.texts_of(field, body, found)
        self.searched[record["id"]] = found
        return found

    def texts_of(self, field, holder, found):
        for value in self.items(field, holder):
            for inner in field.fields.values():
                if isinstance(value, dict):
                    self.texts_of(inner, value, found)
            if field.weight <= 0:
                continue
            if field.kind in ("text", "markdown"):
                texts = list(value.values())
            elif field.kind in ("term", "division"):
                texts = [t for code in field.vocabulary.above(value) if code in field.vocabulary.terms
                         for t in field.vocabulary.terms[code].texts]
            elif field.kind == "number":
                texts = [value["n"]] if "n" in value else []
            elif isinstance(value, str):
                texts = [value]
            else:
                texts = [value[k] for k in ("text", "name") if isinstance(value, dict) and k in value][:1]
            found += [(wording.fold(t), t if field.pinyin else None) for t in texts]
            if field.kind == "link":
                found += self.linked_title(field, value)

    def linked_title(self, link, value):
        """A record is found by the title of what a searched link of it leads to, as that record is."""
        there = self.records.get(value.get("id"))
        kind = there and self.model.types[there["body"]["type"]]
        title = kind and kind.fields.get(kind.title)
        if not title or title.weight <= 0 or title.name not in link.reach:
            return []
        return [(wording.fold(t), t if title.pinyin else None)
                for v in self.items(title, there["body"]) for t in v.values()]

    def has_word(self, record, word):
        return any(word.in_text(folded) or (name is not None and word.letters and
                                            wording.sounds_like(name, word.letters))
                   for folded, name in self.texts(record))

    # Asking ------------------------------------------------------------------------------------

    def in_box(self, record, text):
        numbers = text.split(",")
        if len(numbers) == 6:
            numbers = numbers[:2] + numbers[3:5]
        _, places = self.value("geometry", record)
        shape = shapes.box(*numbers)
        return not places or any(shapes.relation("s_intersects", p, shape) for p in places)

    def in_time(self, record, text, certain):
        kind = self.model.types[record["body"]["type"]]
        if kind.time is None:
            return True
        _, periods = self.value(kind.time, record)
        wanted = dates.interval(text)
        within = lambda p: wanted[0] <= p[0] and p[1] <= wanted[1]
        meets = lambda p: p[0] <= wanted[1] and wanted[0] <= p[1]
        return not periods or any((within if certain else meets)(p) for p in periods)

    def conditions(self, kind, ask):
        """[(field it is about or None, test)], the AND parts of everything asked."""
        tests, certain = [], ask.get("certain") == "true"
        evaluator = cql.Evaluator(self.value, certain)
        for word in wording.words_of(ask.get("q", "")):
            tests.append((None, lambda r, w=word: self.has_word(r, w)))
        if "bbox" in ask:
            tests.append((None, lambda r: self.in_box(r, ask["bbox"])))
        if "datetime" in ask:
            tests.append((kind.time, lambda r: self.in_time(r, ask["datetime"], certain)))
        if "filter" in ask:
            for tree in parts(cql.read(ask["filter"], ask.get("filter-lang", "cql2-text"))):
                tests.append((self.about(kind, tree), lambda r, t=tree: evaluator.holds(t, r) is True))
        for name, given in ask.items():
            field, _ = self.named(kind.fields, name)
            if field is None and name not in PARTS:
                continue
            alternatives = given if isinstance(given, list) else [given]
            tree = {"op": "or", "args": [self.simple(field, name, v) for v in alternatives]}
            tests.append((field.name if field else None, lambda r, t=tree: evaluator.holds(t, r) is True))
        return tests

    @staticmethod
    def simple(field, name, value):
        """A parameter of a field's name: equal to it, unknown when empty, a bar of a period."""
        prop = {"property": name}
        if value == "":
            return {"op": "isNull", "args": [prop]}
        if field is not None and field.kind == "boolean":
            value = value == "true"
        elif field is not None and field.kind == "period" and name == field.name and value.lstrip("-").isdigit():
            year = int(value)
            if year % field.bar_years == 0:
                value = {"interval": [f"{year:04d}", f"{year + field.bar_years - 1:04d}"]}
        return {"op": "=", "args": [prop, value]}

    def about(self, kind, tree):
        """The one field all properties of the condition belong to, if there is one."""
        names = set(properties(tree))
        fields = {f.name if f is not None else None for f in (
            self.named(kind.fields, {"geometry": kind.place, "datetime": kind.time}.get(n, n))[0] for n in names)}
        return fields.pop() if len(fields) == 1 else None

    def answer(self, type_name, ask):
        kind = self.model.types[type_name]
        of_type = [r for r in self.records.values() if r["body"]["type"] == type_name]
        tests = self.conditions(kind, ask)
        matched = [r for r in of_type if all(test(r) for _, test in tests)]
        names = kind.facets if ask.get("facets") == "*" else [n for n in ask.get("facets", "").split(",") if n]
        facets = {}
        for name in names:
            others = [test for about, test in tests if about != name or about is None]
            facets[name] = self.count(kind.fields[name], [r for r in of_type if all(t(r) for t in others)])
        ids = [r["id"] for r in matched]
        if "sortby" in ask:
            ids = self.sorted(matched, ask["sortby"])
        return {"matched": len(matched), "ids": ids, "facets": facets}

    # Counting ----------------------------------------------------------------------------------

    def count(self, field, records):
        counts = {}
        held = [(r, self.of_field(field, r["body"])[1]) for r in records]
        years = [y for _, values in held if field.kind == "period" for v in values
                 for y in (v if abs(v[0]) + abs(v[1]) != float("inf") else [e for e in v if abs(e) != float("inf")])]
        known = [dates.year_of(y) for y in years]
        if any(v[1] == dates.OPEN_END for _, values in held if field.kind == "period" for v in values):
            known.append(self.today)
        for record, values in held:
            bars = set()
            for value in values:
                if field.kind == "period":
                    first = min(known) if value[0] == dates.OPEN_START else dates.year_of(value[0])
                    last = max(known) if value[1] == dates.OPEN_END else dates.year_of(value[1])
                    width = field.bar_years
                    bars |= {str(y) for y in range(first // width * width, last // width * width + 1, width)}
                elif field.kind in ("term", "division"):
                    bars |= {code for code in value[0] if code in field.vocabulary.terms}
                elif field.kind == "boolean":
                    bars.add("true" if value else "false")
                elif field.kind != "link":
                    bars.add(str(value))
            if field.kind == "link":  # by the records led to; words that lead to none are in no bar
                linked = self.items(field, record["body"])
                bars = {str(v["id"]) for v in linked if v.get("id") in self.records}
                bars = bars or ({None} if linked else set())
            for bar in bars or {""}:
                if bar is None:
                    continue
                counts[bar] = counts.get(bar, 0) + 1
        return dict(sorted(counts.items()))

    def sorted(self, records, keys):
        """By numbers and by the earliest start of periods; the least of several values, unknown and
        open last either way, the id at the end."""
        ordered = sorted(records, key=lambda r: r["id"])
        for key in reversed(keys.split(",")):
            name = key.lstrip("+-")
            least = {}
            for record in ordered:
                kind, values = self.value(name, record)
                values = [v[0] for v in values if v[0] != dates.OPEN_START] if kind == "period" else values
                least[record["id"]] = min(values) if values else None
            with_value = [r for r in ordered if least[r["id"]] is not None]
            with_value.sort(key=lambda r: least[r["id"]], reverse=key.startswith("-"))
            ordered = with_value + [r for r in ordered if least[r["id"]] is None]
        return [r["id"] for r in ordered]


def parts(tree):
    if isinstance(tree, dict) and tree.get("op") == "and":
        return [p for a in tree["args"] for p in parts(a)]
    return [tree]


def properties(tree):
    if isinstance(tree, dict):
        if "property" in tree:
            yield tree["property"]
        for arg in tree.get("args", []):
            yield from properties(arg)
    elif isinstance(tree, list):
        for item in tree:
            yield from properties(item)


def main():
    records, model, *files = [json.load(open(f, encoding="utf-8")) for f in sys.argv[1:]]
    oracle = Oracle(records, model)
    for query in (q for queries in files for q in queries):
        print(json.dumps(oracle.answer(query["type"], query["ask"]), ensure_ascii=False))


if __name__ == "__main__":
    main()
