#!/usr/bin/env python3
"""docs/measures.md says which types, pages and tests serve each line of the plan. Whatever it names
is there, and no type of the model is left out of it."""
import re

from xiudai import ROOT, SEED, Server, folder, main, run

PAGE = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
LINES = 67  # what the plan's goals and nineteen measures ask for, each a row


def rows():
    """Phrase, records, pages, tests, missing of every line."""
    for line in PAGE[PAGE.index("\n## "):].splitlines():
        if line.startswith("| ") and not line.startswith("| words "):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            assert len(cells) == 5, line
            yield cells


def names(cell):
    return re.findall(r"`([^`]+)`", cell)


def types():
    for file in (ROOT / "data" / "model" / "types").glob("*.yaml"):
        yield re.search(r"^type: (\S+)", file.read_text(encoding="utf-8"), re.M).group(1)


def test_every_line_of_the_plan_is_there():
    found = [row[0] for row in rows()]
    assert len(found) == len(set(found)) == LINES, len(found)
    assert len(re.findall(r"^## \d+ ", PAGE, re.M)) == 19
    for row in rows():
        assert all(row), row


def test_types_are_there_and_none_is_forgotten():
    named = {name for row in rows() for name in names(row[1])}
    there = set(types())
    assert named <= there, named - there
    said = set(names(PAGE))
    assert there <= said, there - said


def test_tests_and_works_are_there():
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert (ROOT / "docs" / target).resolve().is_file(), target
    for phrase, _, _, tests, _ in rows():
        assert re.search(r"\]\(\.\./tests/\S+\)", tests), phrase
    works = set(re.findall(r"^\| \*\*([^*]+)\*\* \|", PAGE, re.M))
    named = {work for row in rows() for work in re.findall(r"\*\*([^*]+)\*\*", row[4])}
    assert named <= works, named - works
    assert works <= named, works - named


def test_pages_answer():
    with folder() as d:
        type_name, file, state = (SEED / "load.tsv").read_text(encoding="utf-8").splitlines()[1].split("\t")
        run("import", type_name, SEED / file, "--state", state, store=d / "s.db")
        with Server(d / "s.db") as site:
            for address in sorted({page for row in rows() for page in names(row[2])}):
                assert site.ask("GET", address)[0] == 200, address


if __name__ == "__main__":
    main(globals())
