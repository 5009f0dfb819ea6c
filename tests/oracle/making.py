"""A random model and random records for it: three types with fields of every kind a question can be about,
each hidden or not as the dice say, states of which some are public, places coarser than they are kept."""
import csv
import json
import os

WORDS = "钢铁 宣纸 煤窑 瓷厂 酒坊 泾县 旧址 桥头 鋼鐵 宣紙 车间 码头 矿井 纺织 机床 水塔 锅炉 工人 德国 一九五六年 𠮷田 〇三厂 ３号".split()
LATIN = "Steel Paper Mill No3 works Xuan École naïve 1956 B-17 O'Neil Straße x".split()
STREETS = "公私合营 扩建 停产 由王建国创办 东临太河 现为展览馆 图纸 标语".split()
STATES = ["raw", "seen", "open", "shut", "old"]


def yaml(tree):
    return json.dumps(tree, ensure_ascii=False)  # JSON is YAML


class Maker:
    def __init__(self, dice, root):
        self.dice, self.root = dice, root
        self.types = {}

    def name(self, stem):
        return stem + "".join(self.dice.choice("bdfghjkmnprstvwz") for _ in range(3))

    def some(self, percent):
        return self.dice.random() * 100 < percent

    # The model -----------------------------------------------------------------------------------

    def model(self, data):
        """Writes a data folder: the shipped one but for its model."""
        data.mkdir()
        for there in (self.root / "data").iterdir():
            if there.name != "model":
                (data / there.name).symlink_to(there)
        for part in ("types", "flows", "vocabularies", "groups"):
            (data / "model" / part).mkdir(parents=True)
        for name in ("divisions", "gbt4754"):
            for ending in (".yaml", ".csv"):
                os.symlink(self.root / "data/model/vocabularies" / (name + ending), data / "model/vocabularies" / (name + ending))
        self.public = self.dice.sample(STATES[1:-1], self.dice.randint(1, 3))
        self.write(data / "model/flows/life.yaml", {
            "flow": "life", "label": "一生", "states": [
                {"state": s, "label": s, **({"public": True} if s in self.public else {}), **({"closed": True} if s == STATES[-1] else {})} for s in STATES],
            "moves": [{"move": f"to_{s}", "label": s, "from": [t for t in STATES[:-1] if t != s], "to": s} for s in STATES]})
        self.write(data / "model/vocabularies/grades.yaml", {
            "vocabulary": "grades", "label": "等级",
            "terms": [{"code": c, "zh": zh, "en": c} for c, zh in (("top", "国家级"), ("mid", "省级"), ("low", "市级"), ("odd", "未定"))]})
        self.write(data / "model/rights.yaml", {"roles": [{"role": "keeper", "label": "保管"}],
                                                "rules": [{"role": "keeper", "verbs": ["read"]}]})
        names = [self.name("t") for _ in range(3)]
        for name in names:
            self.types[name] = self.type(name, names)
        self.reach()
        for name, kind in self.types.items():
            self.write(data / "model/types" / f"{name}.yaml", kind)

    @staticmethod
    def write(path, tree):
        path.write_text(yaml(tree) + "\n", encoding="utf-8")

    def type(self, name, all_types):
        see = lambda: {"see": ["keeper"]} if self.some(20) else {}
        search = lambda pinyin=False: {"search": {"weight": self.dice.randint(1, 9), **({"pinyin": True} if pinyin else {})}} if self.some(60) else {}
        f = {stem: self.name(stem) for stem in ("nam", "former", "note", "inner", "area", "trade", "grade", "open", "guard", "size", "batch",
                                                "built", "spans", "site", "gate", "parts", "owner", "code")}
        outlined = self.some(40)
        coarse = "exact" if outlined else self.dice.choice(("exact", "site", "town", {"default": "exact", "when": {f["guard"]: "county"}},
                                                            {"default": "site", "when": {f["guard"]: "town"}}))
        part_fields = [{"name": self.name("what"), "kind": "text", **see(), **search()},
                       {"name": self.name("sort"), "kind": "term", "vocabulary": "gbt4754", **see()},
                       {"name": self.name("many"), "kind": "number", **see()},
                       {"name": self.name("since"), "kind": "period", **see()}]
        if all("see" in p for p in part_fields):
            part_fields[0].pop("see")
        hidden_inner = self.dice.choice(({"see": ["keeper"]}, {"personal": True}))
        fields = [
            {"name": f["nam"], "kind": "text", "langs": ["zh", "en"], "required": True, "search": {"weight": 9, "pinyin": True}},
            {"name": f["code"], "kind": "identifier", "search": {"weight": 1}},
            {"name": f["former"], "kind": "text", "many": True, **see(), **search(True)},
            {"name": f["note"], "kind": "text", "langs": ["zh", "en"], **see(), **search()},
            {"name": f["inner"], "kind": "text", **hidden_inner, "search": {"weight": 9, "pinyin": True}},
            {"name": f["area"], "kind": "division", "vocabulary": "divisions", "many": True, "search": {"weight": 2}, "facet": {"by": "parent"}},
            {"name": f["trade"], "kind": "term", "vocabulary": "gbt4754", "many": True, "facet": {"by": "parent"}, **search(), **see()},
            {"name": f["grade"], "kind": "term", "vocabulary": "grades", "facet": {}, "map": "colour"},
            {"name": f["open"], "kind": "boolean", "facet": {}},
            {"name": f["guard"], "kind": "boolean", **see()},
            {"name": f["size"], "kind": "number", "unit": "m2", "decimals": 2, "sort": True},
            {"name": f["batch"], "kind": "number", "facet": {}, "sort": True},
            {"name": f["built"], "kind": "period", "facet": {"by": "decade"}, "sort": True},
            {"name": f["spans"], "kind": "period", "many": True, **see()},
            {"name": f["site"], "kind": "place", "many": not outlined and self.some(50), "public_precision": coarse},
            {"name": f["gate"], "kind": "place", **see(), "public_precision": self.dice.choice(("exact", "town", "none"))},
            {"name": f["parts"], "kind": "group", "many": True, "fields": part_fields, **see()},
            {"name": f["owner"], "kind": "link", "to": self.dice.sample(all_types, 2), "many": True, "as": "所有", **see(), **search()}]
        for field in fields:
            field.setdefault("label", field["name"])
            for inner in field.get("fields", []):
                inner["label"] = inner["name"]
            if not field.get("many"):
                field.pop("many", None)
        self.outlined = getattr(self, "outlined", {}) | {name: outlined}
        return {"type": name, "path": name, "label": name, "flow": "life", "number": "{division}-%s-{serial:4}" % name[1].upper(), "title": f["nam"], "place": f["site"],
                "facets": [field["name"] for field in fields if "facet" in field and "see" not in field], "division": f["area"], "time": f["built"], "keys": [{"kind": "code", "fields": [f["code"]], "unique": True}], "fields": fields}

    def reach(self):
        """Links reach into what is public of every type they lead to."""
        for kind in self.types.values():
            link = kind["fields"][-1]
            goals = [self.types[t]["fields"] for t in link["to"]]
            link["reach"] = [field["name"] for fields in goals for field in (fields[0], fields[7], fields[12], fields[11])]

    # Records -------------------------------------------------------------------------------------

    def text(self, words=3):
        return {"zh": "".join(self.dice.choice(WORDS) + ("，" if self.some(20) else "") for _ in range(self.dice.randint(1, words)))
                + (str(self.dice.randrange(300)) if self.some(40) else "")}

    def both(self, words=3):
        text = self.text(words)
        return text | {"en": " ".join(self.dice.choice(LATIN) for _ in range(self.dice.randint(1, 3)))} if self.some(50) else text

    def period(self):
        first = self.dice.randint(1860, 1990)
        last = first + self.dice.choice((0, 0, 1, 9, 40))
        out = {"from": f"{first}-{self.dice.randint(1, 12):02}-01", "to": f"{last}-12-31", "text": "约"}
        if self.some(15):
            out.pop(self.dice.choice(("from", "to")))
        return out

    def number(self, unit=False):
        return {"n": f"{self.dice.randrange(40)}.{self.dice.randrange(1, 100):02}".rstrip("0"), "unit": "m2"} if unit else {"n": str(self.dice.randrange(12))}

    def place(self, outlined):
        at = lambda: [int(self.dice.uniform(115.5, 118.5) * 1e7), int(self.dice.uniform(30, 33) * 1e7)]
        lon, lat = at()
        size = self.dice.randrange(10_000, 6_000_000)
        shape = {"type": "Point", "coordinates": [lon, lat]}
        if outlined and self.some(40):
            ring = [[lon, lat], [lon + size, lat + size // 7], [lon + size // 3, lat + size], [lon, lat]]
            shape = {"type": "Polygon", "coordinates": [ring]} if self.some(60) else {"type": "LineString", "coordinates": ring[:3]}
        return {"geometry": shape, "precision": self.dice.choice(("exact", "exact", "site", "town", "county"))}

    def value(self, field, kind, titles):
        made = {"text": lambda: self.both() if "en" in field.get("langs", []) else self.text(6), "period": self.period,
                "boolean": lambda: self.some(50), "division": lambda: self.dice.choice(self.divisions),
                "number": lambda: self.number("unit" in field), "place": lambda: self.place(self.outlined[kind] and field["name"] == self.types[kind]["place"]),
                "term": lambda: self.dice.choice(self.trades if field.get("vocabulary") == "gbt4754" else ["top", "mid", "low", "odd"]),
                "link": lambda: {"text": self.dice.choice(titles) if titles and self.some(85) else self.text(1)["zh"]},
                "group": lambda: {f["name"]: self.value(f, kind, titles) for f in self.dice.sample(field["fields"], self.dice.randint(1, 4))}}
        return made[field["kind"]]()

    def rows(self, name, n, start, titles):
        """(headers, rows of cells): values as the exact JSON a table may hold."""
        kind = self.types[name]
        headers = [f["name"] for f in kind["fields"]]
        rows = []
        for serial in range(start, start + n):
            row = []
            for i, field in enumerate(kind["fields"]):
                if field["kind"] == "identifier":
                    row.append(f"K{name}{serial}")
                elif i > 0 and self.some(40):
                    row.append("")
                elif field["kind"] == "link":
                    row.append("；".join(self.value(field, name, titles)["text"] for _ in range(self.dice.randint(1, 2))))
                else:
                    value = ([self.value(field, name, titles) for _ in range(self.dice.randint(1, 3))] if field.get("many")
                             else self.value(field, name, titles))
                    row.append(str(value).lower() if isinstance(value, bool) else value if isinstance(value, str)
                               else json.dumps(value, ensure_ascii=False))
            rows.append(row)
        return headers, rows

    def vocabularies(self):
        def codes(file, wanted):
            with open(self.root / "data/model/vocabularies" / file, encoding="utf-8", newline="") as lines:
                return [row for row in csv.DictReader(lines) if wanted(row)]
        all_divisions = codes("divisions.csv", lambda row: True)
        self.divisions = [row["code"] for row in all_divisions if row["code"].startswith("34") and not row["retired"]]
        self.trades = [row["code"] for row in codes("gbt4754.csv", lambda row: row["code"][0] in "BC")]
        return {row["code"]: (float(row["lon"]), float(row["lat"])) for row in all_divisions if row["lon"]}
