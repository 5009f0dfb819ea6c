#!/usr/bin/env python3
"""tools/tmpl on the cases of tests/cases/tmpl: what it makes of a template, or why it refuses it, with
file and line. And the catalogue: every word of src/web/words.txt is said by somebody."""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORDS = """hello
    zh 你好
    en Hello
sites
    zh {n} 处
    en {n} {n|site|sites}
"""
PART = "{% view xd_view_part %}\n<i></i>\n"
passed = failed = 0


def tell(good, name, why=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED {name}: {why}")


def tmpl(*args):
    return subprocess.run([sys.executable, ROOT / "tools" / "tmpl", *args], capture_output=True, text=True)


def case(name, wanted, source):
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "words.txt").write_text(WORDS, encoding="utf-8")
        (folder / "x.html").write_text(source, encoding="utf-8")
        (folder / "part.html").write_text(PART, encoding="utf-8")
        run = tmpl(folder, folder / "words.txt", folder / "x.html", folder / "part.html")
        made = (folder / "templates.c").read_text(encoding="utf-8") if run.returncode == 0 else ""
        for how, text in wanted:
            if how == "gives":
                tell(text in made, name, f"no {text!r} in\n{made}{run.stderr}")
            else:
                tell(run.returncode == 1 and f"x.html:{text}" in run.stderr, name, run.stderr or "was taken")


for block in re.split(r"^=== ", (ROOT / "tests/cases/tmpl/templates.txt").read_text(encoding="utf-8"), flags=re.M)[1:]:
    lines = block.split("\n")
    wanted = [m.groups() for m in (re.fullmatch(r"(gives|fails): (.*)", line) for line in lines[1:]) if m]
    case(lines[0], wanted, "\n".join(lines[1 + len(wanted):]))

for name, words, why in [
    ("a word without English", "a\n    zh 甲\n", "words.txt:1: no en words: a"),
    ("a hole in one language only", "a\n    zh 甲 {n}\n    en A\n", "words.txt:1: zh and en have different holes: a"),
    ("a key twice", "a\n    zh 甲\n    en A\na\n    zh 乙\n    en B\n", "words.txt:4: key stands twice: a"),
]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        (folder / "words.txt").write_text(words, encoding="utf-8")
        (folder / "part.html").write_text(PART, encoding="utf-8")
        run = tmpl(folder, folder / "words.txt", folder / "part.html")
        tell(run.returncode == 1 and why in run.stderr, name, run.stderr)

web = ROOT / "src" / "web"
run = tmpl("--unused", web / "words.txt", *sorted(web.glob("*.c")), *sorted((web / "templates").glob("*.html")))
tell(run.returncode == 0, "every word is said", run.stderr)
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
