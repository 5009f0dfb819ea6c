"""The model as the oracle needs it, from the canonical JSON a model revision keeps:
{"files": {"types/x.yaml": …, "vocabularies/y.yaml": …, "vocabularies/y.csv": [rows]}}."""


class Term:
    def __init__(self, code, parent, texts, former):
        self.code, self.parent, self.texts, self.former = code, parent, texts, former
        self.above = None  # codes of itself and all its ancestors


class Vocabulary:
    def __init__(self, name, rows):
        self.name, self.terms, self.by_any_code = name, {}, {}
        for row in rows:
            texts = [row[lang] for lang in ("zh", "en") if row.get(lang)] + listed(row.get("aliases"))
            parent = row.get("parent")
            code = str(row["code"])
            term = Term(code, str(parent) if parent is not None else None, [str(t) for t in texts],
                        [str(f) for f in listed(row.get("former"))])
            self.terms[code] = term
            for known in [code, *term.former]:
                self.by_any_code.setdefault(known, code)
        for term in self.terms.values():
            term.above, at = [], term
            while at is not None:
                term.above.append(at.code)
                at = self.terms.get(at.parent)

    def above(self, code):
        """Codes of the term and its ancestors; an unknown code stands alone."""
        today = self.by_any_code.get(code, code)
        return self.terms[today].above if today in self.terms else [code]

    def today(self, code):
        """The code of today for a former one, or for a label when one term alone has it."""
        if code in self.by_any_code:
            return self.by_any_code[code]
        named = {term.code for term in self.terms.values() if code in term.texts}
        return named.pop() if len(named) == 1 else code


def listed(value):
    if value is None:
        return []
    if isinstance(value, list):
        return value
    return [part for part in str(value).split(";") if part]


def coarseness(given):
    """(default, (field, codes or None for a yes, precision)) of `public_precision`."""
    if isinstance(given, str):
        return given, (None, None, None)
    for name, said in given.get("when", {}).items():
        codes, to = (listed(said["is"]), said["to"]) if isinstance(said, dict) else (None, said)
        return given.get("default", "exact"), (name, codes, to)
    return given.get("default", "exact"), (None, None, None)


class Field:
    def __init__(self, row):
        self.name, self.kind = row["name"], row["kind"]
        self.many, self.sort = bool(row.get("many")), bool(row.get("sort"))
        self.vocabulary_name = row.get("vocabulary")
        self.vocabulary = None
        search = row.get("search")
        self.weight = (search or {}).get("weight", 1) if isinstance(search, dict) else (1 if search else 0)
        self.pinyin = isinstance(search, dict) and bool(search.get("pinyin"))
        facet = row.get("facet")
        self.bar_years = facet.get("years", 10) if isinstance(facet, dict) else 10
        self.to = listed(row.get("to"))
        self.reach = listed(row.get("reach"))
        self.langs = listed(row.get("langs")) or ["zh"]
        self.fields = {f["name"]: Field(f) for f in row.get("fields", [])}
        self.hidden = bool(row.get("see") or row.get("personal") or row.get("retired")) or self.kind == "contact"
        self.public_precision, self.coarse_when = coarseness(row.get("public_precision", "exact"))

    def all(self):
        yield self
        for field in self.fields.values():
            yield from field.all()


class Type:
    def __init__(self, row):
        self.name, self.path = row["type"], row["path"]
        self.place, self.time = row.get("place"), row.get("time")
        self.title, self.division = row.get("title"), row.get("division")
        self.flow, self.public_states = row.get("flow"), set()
        self.fields = {f["name"]: Field(f) for f in row["fields"]}
        self.facets = row.get("facets", [])


class Model:
    def __init__(self, canonical):
        files = canonical["files"]
        self.vocabularies, self.types = {}, {}
        for name, tree in files.items():
            if name.startswith("vocabularies/") and name.endswith(".yaml"):
                rows = tree["terms"] if "terms" in tree else files["vocabularies/" + tree["csv"]]
                self.vocabularies[tree["vocabulary"]] = Vocabulary(tree["vocabulary"], rows)
        groups = {tree["group"]: tree for name, tree in files.items() if name.startswith("groups/")}
        for name, tree in files.items():
            if name.startswith("types/"):
                tree = {**tree, "fields": [field for item in tree["fields"]  # a group's stand in a file of their own
                                           for field in (groups[item["include"]]["fields"] if "include" in item else [item])]}
                kind = Type(tree)
                for field in kind.fields.values():
                    for inner in field.all():
                        inner.vocabulary = self.vocabularies.get(inner.vocabulary_name)
                kind.public_states = {s["state"] for s in files.get(f"flows/{kind.flow}.yaml", {"states": []})["states"] if s.get("public")}
                self.types[kind.name] = kind
