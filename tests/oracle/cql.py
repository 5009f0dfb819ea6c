"""CQL2 text and JSON into the JSON form, and a reader of its own for it: three-valued (True, False,
None for unknown), as the OGC standard and docs/decisions say:

* of several values some must do; a record with none is unknown;
* a period is one day not known better than its interval: a comparison holds if some of its days
  satisfies it, or with `certain` if all do; the relations of two spans take it as the span;
* a term equals the codes of itself and of all it belongs to."""
import json
import re
from decimal import Decimal

import dates
import shapes

TOKEN = re.compile(r"""\s*(?:
    (?P<text>'(?:[^'\\]|\\'|''|\\(?!'))*') | (?P<quoted>"(?:[^"]|"")*") |
    (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?) |
    (?P<op><>|<=|>=|[=<>(),]) | (?P<word>[^\s'"<>=(),]+))""", re.X)
SHAPES = ("POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON")


class Text:
    """Recursive descent over tokens; gives the JSON form."""

    def __init__(self, text):
        self.source, self.tokens, at = text, [], 0
        while text[at:].strip():
            found = TOKEN.match(text, at)
            self.tokens.append((found.lastgroup, found.group(found.lastgroup), found.start(found.lastgroup)))
            at = found.end()
        self.at = 0

    def peek(self, ahead=0):
        return self.tokens[self.at + ahead] if self.at + ahead < len(self.tokens) else ("end", "", 0)

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def is_word(self, word):
        kind, text, _ = self.peek()
        return kind == "word" and text.upper() == word

    def eat(self, word):
        kind, text, _ = self.peek()
        if (kind in ("word", "op")) and text.upper() == word:
            self.at += 1
            return True
        return False

    def want(self, word):
        if not self.eat(word):
            raise ValueError(f"{word} wanted at {self.peek()} of {self.source!r}")

    def whole(self):
        tree = self.either()
        if self.peek()[0] != "end":
            raise ValueError(f"left over {self.peek()} of {self.source!r}")
        return tree

    def either(self):
        parts = [self.both()]
        while self.eat("OR"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else {"op": "or", "args": parts}

    def both(self):
        parts = [self.one()]
        while self.eat("AND"):
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else {"op": "and", "args": parts}

    def one(self):
        if self.eat("NOT"):
            return {"op": "not", "args": [self.one()]}
        if self.eat("("):
            inner = self.either()
            self.want(")")
            return inner
        word = self.peek()[1]
        if self.peek()[0] == "word" and re.match("[STA]_", word, re.I) and self.peek(1)[1] == "(":
            return self.relation()
        left = self.operand()
        negated = self.eat("NOT")
        made = None
        if self.eat("LIKE"):
            made = {"op": "like", "args": [left, self.operand()]}
        elif self.eat("BETWEEN"):
            low = self.operand()
            self.want("AND")
            made = {"op": "between", "args": [left, low, self.operand()]}
        elif self.eat("IN"):
            self.want("(")
            made = {"op": "in", "args": [left, self.listed()]}
        elif self.eat("IS"):
            negated = self.eat("NOT")
            self.want("NULL")
            made = {"op": "isNull", "args": [left]}
        elif self.peek()[1] in ("=", "<>", "<", ">", "<=", ">="):
            made = {"op": self.next()[1], "args": [left, self.operand()]}
        else:
            made = left
        return {"op": "not", "args": [made]} if negated else made

    def listed(self):
        items = []
        while not self.eat(")"):
            items.append(self.operand())
            self.eat(",")
        return items

    def relation(self):
        name = self.next()[1].lower()
        name = re.sub("(finished|met|overlapped|started|contained)by$", r"\1By", name)
        self.want("(")
        a = self.argument()
        self.want(",")
        b = self.argument()
        self.want(")")
        return {"op": name, "args": [a, b]}

    def argument(self):
        return self.listed() if self.eat("(") else self.operand()

    def operand(self):
        kind, text, start = self.next()
        if kind == "text":
            return text[1:-1].replace("\\'", "'").replace("''", "'")
        if kind == "quoted":
            return {"property": text[1:-1].replace('""', '"')}
        if kind == "number":
            return Decimal(text)
        upper = text.upper()
        if upper in ("TRUE", "FALSE"):
            return upper == "TRUE"
        if upper in SHAPES:
            depth = 0
            while True:
                _, piece, at = self.next()
                depth += (piece == "(") - (piece == ")")
                if depth == 0:
                    return {"wkt": self.source[start:at + 1]}
        if self.eat("("):
            inside = self.listed()
            if upper in ("CASEI", "ACCENTI"):
                return {"op": upper.lower(), "args": inside}
            return {"DATE": {"date": inside[0]}, "TIMESTAMP": {"date": inside[0]}, "INTERVAL": {"interval": inside},
                    "BBOX": {"bbox": inside}}[upper]
        return {"property": text}


def read(text, lang="cql2-text"):
    return json.loads(text, parse_float=Decimal, parse_int=Decimal) if lang == "cql2-json" else Text(text).whole()


def as_json(tree):
    """The JSON form of what was read from text."""
    if isinstance(tree, Decimal):
        return float(tree) if tree % 1 else int(tree)
    if isinstance(tree, list):
        return [as_json(t) for t in tree]
    if not isinstance(tree, dict):
        return tree
    if "wkt" in tree:
        kind, parts = shapes.wkt(tree["wkt"])
        plain = lambda ring: [[x / shapes.UNIT, y / shapes.UNIT] for x, y in ring]
        if kind != "polygon" or len(parts) != 1:
            raise shapes.Unsupported(kind)
        return {"type": "Polygon", "coordinates": [plain(ring) for ring in parts[0]]}
    return {key: as_json(value) for key, value in tree.items()}


def like(pattern):
    out, at = "", 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\" and at + 1 < len(pattern):
            at += 1
            out += re.escape(pattern[at])
        else:
            out += {"%": ".*", "_": "."}.get(char, re.escape(char))
        at += 1
    return re.compile(out, re.S)


def unaccented(text):
    import unicodedata
    return "".join(c for c in unicodedata.normalize("NFD", text) if not 0x300 <= ord(c) <= 0x36F)


class Evaluator:
    """value(name, record) gives ("text" | "number" | "yes" | "period" | "term" | "place", values)."""

    def __init__(self, value, certain):
        self.value, self.certain = value, certain

    def holds(self, tree, record):
        if isinstance(tree, bool):
            return tree
        op, args = tree.get("op"), tree.get("args")
        if op is None:  # a yes-or-no field by itself
            return self.compare("=", tree, True, record)
        if op == "and":
            answers = [self.holds(a, record) for a in args]
            return False if False in answers else None if None in answers else True
        if op == "or":
            answers = [self.holds(a, record) for a in args]
            return True if True in answers else None if None in answers else False
        if op == "not":
            answer = self.holds(args[0], record)
            return None if answer is None else not answer
        if op == "isNull":
            return not self.values(args[0], record)[1]
        if op == "in":
            answers = [self.compare("=", args[0], item, record) for item in args[1]]
            return None if None in answers else True in answers
        if op == "between":
            return self.between(args, record)
        if op == "like":
            return self.like(args, record)
        if op.startswith("s_"):
            return self.spatial(op, args, record)
        if op.startswith("t_"):
            return self.temporal(op, args, record)
        if op.startswith("a_"):
            return self.array(op, args, record)
        return self.compare(op, args[0], args[1], record)

    # Operands

    def values(self, operand, record):
        """Kind and values, folded as CASEI and ACCENTI around it ask."""
        if isinstance(operand, dict) and operand.get("op") in ("casei", "accenti"):
            kind, values = self.values(operand["args"][0], record)
            change = str.casefold if operand["op"] == "casei" else unaccented
            return kind, [change(v) if isinstance(v, str) else v for v in values]
        if isinstance(operand, dict) and "property" in operand:
            return self.value(operand["property"], record)
        return "literal", [operand]

    @staticmethod
    def is_property(operand):
        while isinstance(operand, dict) and "op" in operand:
            operand = operand["args"][0]
        return isinstance(operand, dict) and "property" in operand

    @staticmethod
    def days(literal):
        if isinstance(literal, dict) and "interval" in literal:
            return dates.interval("/".join(literal["interval"]))
        if isinstance(literal, dict):
            return dates.interval(literal["date"])
        if isinstance(literal, Decimal):
            return dates.span(f"{int(literal):04d}")
        return dates.interval(literal)

    # Comparisons

    def period(self, op, a, b):
        """Is some day (all days) of a such as op says of b?"""
        allowed = {
            "=": [b], "<": [(dates.OPEN_START, b[0] - 1)], "<=": [(dates.OPEN_START, b[1])],
            ">": [(b[1] + 1, dates.OPEN_END)], ">=": [(b[0], dates.OPEN_END)],
            "<>": [(dates.OPEN_START, b[0] - 1), (b[1] + 1, dates.OPEN_END)],
            "during": [(b[0] + 1, b[1] - 1)],
        }[op]
        allowed = [(lo, hi) for lo, hi in allowed if lo <= hi]
        if self.certain:
            return any(lo <= a[0] and a[1] <= hi for lo, hi in allowed)
        return any(lo <= a[1] and a[0] <= hi for lo, hi in allowed)

    @staticmethod
    def plain(op, a, b):
        return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]

    def one(self, op, kind, value, literal):
        if kind == "period":
            return self.period(op, value, self.days(literal))
        if kind == "term":
            codes, vocabulary = value
            literal = vocabulary.today(literal) if vocabulary else literal
            if op in ("=", "<>"):
                return (literal in codes) == (op == "=")
            return self.plain(op, codes[0], literal)
        if kind == "number":
            return self.plain(op, value, Decimal(str(literal)))
        return self.plain(op, value, literal if isinstance(literal, (str, bool)) else str(literal))

    def compare(self, op, a, b, record):
        if not self.is_property(a):
            a, b, op = b, a, {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op)
        kind, values = self.values(a, record)
        _, literal = self.values(b, record)
        if not values:
            return None
        return any(self.one(op, kind, v, literal[0]) for v in values)

    def between(self, args, record):
        kind, values = self.values(args[0], record)
        if not values:
            return None
        if kind == "period":
            low, high = self.days(args[1]), self.days(args[2])
            return any(self.period("=", v, (low[0], high[1])) for v in values)
        return any(self.one(">=", kind, v, args[1]) and self.one("<=", kind, v, args[2]) for v in values)

    def like(self, args, record):
        kind, values = self.values(args[0], record)
        _, literal = self.values(args[1], record)
        pattern = like(literal[0])
        if not values:
            return None
        return any(bool(pattern.fullmatch(v[0][0] if kind == "term" else v)) for v in values)

    def array(self, op, args, record):
        if not self.is_property(args[0]):
            args, op = args[::-1], {"a_contains": "a_containedBy", "a_containedBy": "a_contains"}.get(op, op)
        kind, values = self.values(args[0], record)
        if not values:
            return None
        same = lambda v, item: self.one("=", kind, v, item)
        contains = all(any(same(v, item) for v in values) for item in args[1])
        contained = all(any(same(v, item) for item in args[1]) for v in values)
        return {"a_contains": contains, "a_containedBy": contained, "a_equals": contains and contained,
                "a_overlaps": any(same(v, item) for v in values for item in args[1])}[op]

    def spatial(self, op, args, record):
        if not self.is_property(args[0]):
            args, op = args[::-1], {"s_contains": "s_within", "s_within": "s_contains"}.get(op, op)
        _, values = self.values(args[0], record)
        if not values:
            return None
        literal = args[1]
        if "wkt" in literal:
            shape = shapes.wkt(literal["wkt"])
        elif "bbox" in literal:
            shape = shapes.box(*literal["bbox"])
        else:
            shape = shapes.geojson(literal)
        every = op in ("s_disjoint", "s_within")  # of all places; else of some
        return (all if every else any)(shapes.relation(op, place, shape) for place in values)

    def temporal(self, op, args, record):
        name = op[2:]
        if not self.is_property(args[0]):
            mirrored = {"after": "before", "before": "after", "contains": "during", "during": "contains",
                        "finishedBy": "finishes", "finishes": "finishedBy", "meets": "metBy", "metBy": "meets",
                        "overlappedBy": "overlaps", "overlaps": "overlappedBy", "startedBy": "starts",
                        "starts": "startedBy"}
            args, name = args[::-1], mirrored.get(name, name)
        _, values = self.values(args[0], record)
        if not values:
            return None
        b = self.days(args[1])
        plain = {"after": ">", "before": "<", "intersects": "=", "disjoint": "<>", "during": "during"}
        if name in plain:
            return any(self.period(plain[name], v, b) for v in values)
        spans = {
            "contains": lambda a: a[0] < b[0] and a[1] > b[1], "equals": lambda a: a == b,
            "finishedBy": lambda a: a[0] < b[0] and a[1] == b[1], "finishes": lambda a: a[0] > b[0] and a[1] == b[1],
            "meets": lambda a: a[1] == b[0], "metBy": lambda a: a[0] == b[1],
            "overlaps": lambda a: a[0] < b[0] < a[1] < b[1], "overlappedBy": lambda a: b[0] < a[0] < b[1] < a[1],
            "startedBy": lambda a: a[0] == b[0] and a[1] > b[1], "starts": lambda a: a[0] == b[0] and a[1] < b[1],
        }
        return any(spans[name](v) for v in values)
