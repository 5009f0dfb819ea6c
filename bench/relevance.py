"""How good the first ten answers are, beside SQLite FTS5 and Groonga, over the shipped records and the national list.

Questions with judged answers are in tests/cases/relevance/queries.tsv. Each engine is given the same texts of the same
records, in three columns (title, other names, everything else that the program searches, labels of terms and titles
of linked records among it), and answers within the asked type. Writes docs/relevance.md.

usage: relevance.py [--out FILE] [--unjudged]   (--unjudged: what any engine answers that nobody has judged)"""
import argparse
import json
import math
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUERIES = ROOT / "tests" / "cases" / "relevance" / "queries.tsv"
TOP = 10


# Judgements ------------------------------------------------------------------------------------


def judged():
    """[(class, type, question, {title: grade})]"""
    out = []
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        kind, type_name, question, answers = line.split("\t")
        grades = {title: int(grade) for title, grade in (a.rsplit("=", 1) for a in answers.split("; "))}
        out.append((kind, type_name, question, grades))
    return out


def gain(grades):
    return sum((2 ** g - 1) / math.log2(i + 2) for i, g in enumerate(grades[:TOP]))


def ndcg(titles, grades):
    """Of an answer in order. A title counts once: a record that stands twice is no second find."""
    seen, got = set(), []
    for title in titles[:TOP]:
        got.append(0 if title in seen else grades.get(title, 0))
        seen.add(title)
    return gain(got) / gain(sorted(grades.values(), reverse=True))


# The program -----------------------------------------------------------------------------------


def ask_program(site, path, question):
    """Titles of the first answers; where nothing matches, of the records whose names come nearest: what the page
    of a list and the completions offer then."""
    asked = urllib.parse.urlencode({"q": question, "limit": TOP})
    answer = json.loads(site.get(f"/api/collections/{path}/items?{asked}"))
    if answer["features"]:
        return [f["properties"]["title"] for f in answer["features"]]
    answer = json.loads(site.get(f"/api/collections/{path}/suggest?{asked}"))
    return [s["text"] for s in answer["suggestions"] if "id" in s]


# Peers -----------------------------------------------------------------------------------------


def columns(oracle, record):
    """(title, other names, the rest) of a record, as the program searches it."""
    body = record["body"]
    kind = oracle.model.types[body["type"]]
    title = kind.fields[kind.title]
    out = [[], [], [body.get("number", "")]]
    for field in kind.fields.values():
        found = []
        oracle.texts_of(field, body, found)
        name = field.kind == "text" and (field.pinyin or field.weight * 2 >= title.weight > 0)
        out[0 if field is title else 1 if name else 2] += [text for text, _ in found]
    return [" 。 ".join(texts) for texts in out]


def is_han(c):
    return "\u3400" <= c <= "\u9fff"


def pairs(text):
    """宣纸厂 → 宣纸 纸厂; letters and digits are words."""
    out = []
    for run in re.findall(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+", text.lower()):
        out += [run[i:i + 2] for i in range(len(run) - 1)] or [run] if is_han(run[0]) else [run]
    return out


class Fts5:
    """SQLite FTS5 with bm25() over weighted columns."""

    def __init__(self, rows, tokens):
        self.tokens = tokens
        self.db = sqlite3.connect(":memory:")
        how = "trigram" if tokens == "trigram" else "unicode61"
        self.db.execute(f"CREATE VIRTUAL TABLE t USING fts5(kind UNINDEXED, shown UNINDEXED, title, names, rest, tokenize = '{how}')")
        cut = (lambda s: s) if tokens == "trigram" else (lambda s: " 。 ".join(" ".join(pairs(p)) for p in s.split("。")))
        self.db.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", [(kind, shown, *map(cut, texts)) for kind, shown, texts in rows])

    def match(self, question):
        words = question.lower().split()
        if self.tokens == "trigram":
            return " AND ".join(f'"{w}"' for w in words)
        if self.tokens == "any":
            return " OR ".join(f'"{p}"' for p in pairs(question))
        return " AND ".join('"' + " ".join(pairs(w)) + '"' + ("" if is_han(w[-1]) else " *") for w in words)

    def ask(self, kind, question):
        found = self.db.execute("SELECT shown FROM t WHERE t MATCH ? AND kind = ? ORDER BY bm25(t, 0, 0, 9, 6, 1), rowid LIMIT ?",
                                (self.match(question), kind, TOP))
        return [shown for shown, in found]


class Groonga:
    """Groonga with a bigram index over weighted columns; TF of words is what it scores by itself."""

    def __init__(self, rows, folder, similar=False, tf_idf=False):
        self.similar, self.tf_idf = similar, tf_idf
        self.process = subprocess.Popen(["groonga", "-n", str(folder / "db")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.command("table_create t TABLE_NO_KEY")
        for name in ("kind", "shown", "title", "names", "rest"):
            self.command(f"column_create t {name} COLUMN_SCALAR {'ShortText' if name in ('kind', 'shown') else 'Text'}")
        self.command("table_create terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto")
        for name in ("title", "names", "rest"):
            self.command(f"column_create terms by_{name} COLUMN_INDEX|WITH_POSITION t {name}")
        for kind, shown, texts in rows:
            values = dict(zip(("title", "names", "rest"), texts), kind=kind, shown=shown)
            self.command("load --table t --values " + json.dumps(json.dumps([values], ensure_ascii=False), ensure_ascii=False))

    def command(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        head, *answer = json.loads(self.process.stdout.readline())
        if head[0] != 0:
            raise SystemExit(f"groonga: {text[:200]}: {head}")
        return answer[0] if answer else None

    def ask(self, kind, question):
        words = re.sub(r'["\\():]', " ", question)
        score = {False: "title * 9 || names * 6 || rest", True:
                 "scorer_tf_idf(title) * 9 || scorer_tf_idf(names) * 6 || scorer_tf_idf(rest)"}[self.tf_idf]
        if self.similar:
            how = f"--filter 'kind == \"{kind}\" && (title *S \"{words}\" || names *S \"{words}\" || rest *S \"{words}\")'"
        else:
            how = f"--match_columns '{score}' --query '{words}' --filter 'kind == \"{kind}\"'"
        found = self.command(f"select t {how} --sort_keys -_score,_id --limit {TOP} --output_columns shown")
        return [row[0] for row in found[0][2:]]

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


# The run ---------------------------------------------------------------------------------------


def title_of(kind, body):
    value = body[kind.title]
    return value.get("zh") or next(iter(value.values())) if isinstance(value, dict) else value


def rows_of(oracle):
    return [(r["body"]["type"], title_of(oracle.model.types[r["body"]["type"]], r["body"]), columns(oracle, r))
            for r in sorted(oracle.records.values(), key=lambda r: r["id"])]


def score(engines, asked):
    """{engine: [(class, type, question, ndcg, titles)]}"""
    return {name: [(kind, type_name, question, ndcg(titles := ask(type_name, question), grades), titles)
                   for kind, type_name, question, grades in asked] for name, ask in engines.items()}


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else float("nan")


def write(out, results, asked, shipped):
    classes = list(dict.fromkeys(kind for kind, *_ in asked))
    engines = list(results)
    best = [max(results[e][i][3] for e in engines[1:]) for i in range(len(asked))]
    lines = ["# How good the first answers are", "",
             "Written by `python3 bench/relevance.py` (needs `groonga`). " + shipped,
             "", f"{len(asked)} questions with judged answers (tests/cases/relevance/queries.tsv: 3 just what is asked for, 2 belongs to the answer, "
             "1 has to do with it), nDCG@10, mean by class. Every engine has the same texts in three columns (title, other names, the rest; labels of terms and "
             "titles of linked records are in it) and answers within the type that is asked for. *FTS5*: SQLite's bm25() weighted 9, 6, 1; *pairs*: of characters, "
             "every word as a phrase; *any pair*: one of a question's pairs is enough; *trigram*: its own tokenizer. *Groonga*: TokenBigram, NormalizerAuto, the same weights; *tf-idf*: its "
             "scorer; *similar*: its similarity search. Groonga escalates by itself when nothing matches. Questions reach the peers as typed. "
             "Where nothing matches, the program's answer is the records whose names come nearest, as its pages offer them.", "",
             "|  | questions | " + " | ".join(engines) + " |", "|---|---|" + "---|" * len(engines)]
    for kind in classes:
        of = [i for i, a in enumerate(asked) if a[0] == kind]
        values = [mean(results[e][i][3] for i in of) for e in engines]
        lines.append(f"| {kind} | {len(of)} | " + " | ".join(f"**{v:.3f}**" if v == max(values) else f"{v:.3f}" for v in values) + " |")
    own = {"pinyin", "initials", "traditional", "typo"}  # what the peers do not set out to do
    for name, of in (("**all**", range(len(asked))),
                     ("all but pinyin, initials, traditional, typo", [i for i, a in enumerate(asked) if a[0] not in own])):
        values = [mean(results[e][i][3] for i in of) for e in engines]
        lines.append(f"| {name} | {len(of)} | " + " | ".join(f"**{v:.3f}**" if v == max(values) else f"{v:.3f}" for v in values) + " |")
    lost = [(best[i] - results[engines[0]][i][3], i) for i in range(len(asked)) if best[i] > results[engines[0]][i][3] + .001]
    lines += ["", "## Questions that some peer answers better", ""]
    lines += [f"- {asked[i][2]} ({asked[i][1]}, {asked[i][0]}): {results[engines[0]][i][3]:.3f}, "
              + ", ".join(f"{e} {results[e][i][3]:.3f}" for e in engines[1:] if results[e][i][3] > results[engines[0]][i][3] + .001)
              for _, i in sorted(lost, reverse=True)] or ["None."]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", type=pathlib.Path, default=ROOT / "docs" / "relevance.md")
    options.add_argument("--unjudged", action="store_true")
    told = options.parse_args()
    sys.path.insert(0, str(ROOT / "tests" / "it"))
    import test_search

    asked = judged()
    with test_search.World(national=True) as world, tempfile.TemporaryDirectory(prefix="xiudai-groonga-") as folder:
        rows = rows_of(world.oracle)
        known = {(kind, shown) for kind, shown, _ in rows}
        for _, type_name, question, grades in asked:
            for title in grades:
                if (type_name, title) not in known:
                    raise SystemExit(f"{question}: no {type_name} is called {title}")
        types = world.oracle.model.types
        engines = {"Xiudai": lambda t, q: ask_program(world.site, types[t].path, q)}
        for name, tokens in (("FTS5 pairs", "pairs"), ("FTS5 any pair", "any"), ("FTS5 trigram", "trigram")):
            engines[name] = Fts5(rows, tokens).ask
        made = []
        for name, how in (("Groonga", {}), ("Groonga tf-idf", {"tf_idf": True}), ("Groonga similar", {"similar": True})):
            place = pathlib.Path(folder) / name.replace(" ", "-")
            place.mkdir()
            made.append(Groonga(rows, place, **how))
            engines[name] = made[-1].ask
        results = score(engines, asked)
        for one in made:
            one.close()
    if told.unjudged:
        for i, (kind, type_name, question, grades) in enumerate(asked):
            new = [t for t in dict.fromkeys(t for e in results for t in results[e][i][4]) if t not in grades]
            print(kind, type_name, question, "|", "; ".join(new))
    for name, found in results.items():
        print(f"{name:16} {mean(f[3] for f in found):.3f}")
    groonga = subprocess.run(["groonga", "--version"], capture_output=True, text=True).stdout.split()[1]
    write(told.out, results, asked, f"{len(rows)} records: the shipped ones and the national list. SQLite {sqlite3.sqlite_version}, Groonga {groonga}.")


if __name__ == "__main__":
    main()
