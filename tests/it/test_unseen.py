"""Lists as offices publish them, written by somebody who did not know how the importer reads
(make.py in tests/cases/unseen, unseen2 … unseen12, clerk and survey2022): each comes in without options, and what a careful
person would have entered is compared with what stands in the store.
`python3 test_unseen.py --table [WORD]` prints each difference in the files whose path has WORD."""
import csv
import functools
import io
import json
import sqlite3
import sys

from xiudai import ROOT, SOAK, folder, import_json, main, run

LISTS = [ROOT / "tests" / "cases" / name for name in ("unseen", "unseen2", "unseen3", "unseen4", "unseen5", "unseen6", "unseen7", "unseen8", "unseen9", "unseen10",
                                                      "unseen11", "clerk", "survey2022")]
LONG = [ROOT / "tests" / "cases" / "unseen12"]  # of the long suite: what it costs is six seconds
FLOOR = 0.95  # of the rows right: what the importer promises for lists nobody has seen

# what expected.json calls a value → the column of our own table it is looked for in
COLUMNS = {"condition": ["保存状况", "保存说明"], "owner": ["权属单位", "运营单位"], "level": ["认定级别"], "industry": ["行业"], "core": ["核心物项"],
           "address": ["地址"], "phone": ["咨询电话"], "kind": ["类型"], "ich_number": ["非遗编号"], "ich_level": ["非遗级别"],
           "masters": ["代表性传承人"], "visit": ["参观时长（分钟）"], "area": ["建筑面积（㎡）"], "use": ["利用现状", "现状说明"], "batch": ["批次"],
           "relic": ["其他保护身份"], "ownership": ["权属性质", "举办性质"], "land": ["占地面积（㎡）"], "grade": ["等级与称号"], "ticket": ["门票"],
           "recognition": ["认定与称号"], "craft_kind": ["种类"], "name_en": ["英文名称"]}
NAMES = ["名称", "物项名称", "品牌名称", "姓名", "文件名称", "线路名称", "活动名称", "展览名称", "班次名称", "事由"]  # the columns of our own tables that name a record
WHOLE = {"batch", "visit", "area", "phone", "ich_number", "name_en", "land"}  # compared whole, the others as parts
PERIODS = {"built": "built", "closed": "closed", "recognized": "recognized", "opened": "opened", "listed": "ich_listed"}


def years_of(period):
    return [int(period[end][:4]) if period and end in period else None for end in ("from", "to")]


def differences(want, row, body, personal):
    """What is wrong in one record: (field, wanted, found)."""
    if want.get("division") and row["行政区划代码"] not in (want["division"] if isinstance(want["division"], list) else [want["division"]]):
        yield "division", want["division"], row["行政区划代码"]
    if "lon" in want:
        reach = want.get("tolerance", 0.00005)
        found = (row["经度"], row["纬度"])
        if not all(found) or abs(float(found[0]) - want["lon"]) > reach or abs(float(found[1]) - want["lat"]) > reach:
            yield "site", (want["lon"], want["lat"]), found
    for key, field in PERIODS.items():
        if key in want:
            found, slack = years_of(body.get(field) or body.get("made")), want.get("slack", 0)
            for w, f in zip(want[key], found):
                if w is not None and (f is None or abs(w - f) > slack):
                    yield key, want[key], (found, (body.get(field) or {}).get("text"))
                    break
    if "built_in" in want:
        found = years_of(body.get("built"))
        if None in found or not found[0] <= want["built_in"] <= found[1]:
            yield "built", want["built_in"], found
    if "hours" in want:
        week = [[",".join(map(str, w["days"])), w["open"], w["close"]] for w in body.get("hours", {}).get("week", [])]
        if sorted(week) != sorted(want["hours"]):
            yield "hours", want["hours"], body.get("hours")
    for key, columns in COLUMNS.items():
        if key not in want:
            continue
        found = "；".join(row[c] for c in columns if row.get(c))
        wanted = want[key] if isinstance(want[key], list) else [str(want[key])]
        parts = found.split("；")
        if not all(w in parts if key in WHOLE else w in found for w in wanted):
            yield key, want[key], found
    if want.get("contact", "") not in personal:
        yield "contact", want["contact"], personal
    for column, texts in want.get("cells", {}).items():  # a column of our own table: any of these will do, "" is no value, a short number is the whole value
        texts, found = texts if isinstance(texts, list) else [texts], row.get(column, "")
        if not any(found == w if not w or w.isdigit() and len(w) < 4 else w in found for w in texts):
            yield column, texts, found
    if "years" in want and want["years"] not in (held := [years_of(v) for v in body.values() if isinstance(v, dict) and {"from", "to"} & set(v)]):
        yield "years", want["years"], held
    everything = json.dumps(body, ensure_ascii=False) + "；".join(row.values())
    for text in want.get("says", []):  # wherever it was put: it must not be lost
        if text not in everything:
            yield "says", text, everything


@functools.cache  # both tests ask
def judged(lists, file):
    return judge(next(case for case in cases() if (case["folder"], case["file"]) == (lists, file)))


def judge(case):
    """(rows right, differences as texts, rows not accounted for, report)"""
    with folder() as d:
        store = d / "s.db"
        file = case["folder"] / case["file"]
        for type_name, earlier in case.get("before", []):
            import_json(type_name, case["folder"] / earlier, store=store)
        out, err = run("import", case["type"], file, "--json", store=store, expect=None)
        if not out:  # the whole file was refused
            return 0, [err.strip()], len(case["records"]), {"rows": 0, "refused": 0, "new": 0, "changed": 0, "unchanged": 0, "problems": []}
        report = json.loads(out)
        if report["refused"]:
            report = import_json(case["type"], file, "--accept-good", store=store, expect=None)
        rows, bodies, personal = [], {}, ""
        if report["new"]:
            run("export", case["type"], d / "out.csv", store=store, env={"LC_ALL": "zh_CN.UTF-8"})
            rows = list(csv.DictReader(io.StringIO((d / "out.csv").read_text(encoding="utf-8-sig"))))
            with sqlite3.connect(store) as db:
                for (text,) in db.execute("SELECT body FROM record"):
                    body = json.loads(text)
                    bodies[body["name"].get("zh")] = body
                personal = "".join(text for (text,) in db.execute("SELECT body FROM personal_part")).replace("－", "-").replace("–", "-")
        by_name = {next(row[n] for n in NAMES if row.get(n)): row for row in rows}
        right, wrong = 0, []
        for want in case["records"]:
            names = want["name"] if isinstance(want["name"], list) else [want["name"]]  # any of these will do
            name = next((n for n in names if n in by_name), None)
            if name is None:
                wrong.append(f"{names[0]}: missing")
                continue
            row = by_name.pop(name)
            found = [f"{name}: {field}: wanted {w}, found {f}" for field, w, f in differences(want, row, bodies[name], personal)]
            if want.get("exact") and name != names[0]:
                found.append(f"{names[0]}: called {name}")
            right += not found
            wrong += found
        wrong += [f"{name}: nobody would enter this" for name in by_name]
        told = {(p.get("sheet"), p["row"]) for p in report["problems"] if p["code"].startswith("row.") and p["row"]}
        outside = {p.get("sheet") for p in report["problems"] if p["code"] == "sheet.outside"}
        lost = max(0, len(case["records"]) - report["rows"]) + max(0, case["others"] - len(told)) + len(set(case["outside"]) - outside)
        return right - len(by_name), wrong, lost, report


def cases(word=""):
    for lists in LISTS + (LONG if SOAK or word else []):
        for case in json.loads((lists / "expected.json").read_text(encoding="utf-8")):
            if word in f"{lists.name}/{case['file']}":
                yield {**case, "folder": lists}


def test_unseen_lists_come_in_right():
    total = right = 0
    wrong = []
    for case in cases():
        good, bad, _, _ = judged(case["folder"], case["file"])
        if "right" in case:  # not mended yet: no fewer than when it was first tried
            assert good >= case["right"], f"{case['file']}: {good} rows right, once {case['right']}:\n" + "\n".join(bad)
            continue
        total += len(case["records"])
        right += good
        wrong += [f"{case['file']}: {b}" for b in bad]
    assert right >= FLOOR * total, f"{right} of {total} rows right:\n" + "\n".join(wrong)


def test_every_row_is_accounted_for():
    for case in cases():
        _, said, lost, report = judged(case["folder"], case["file"])
        if case.get("unread"):  # of a kind that is not read: a sentence says what to save it as
            assert report["rows"] == 0 and len(said) == 1 and "XLSX" in said[0], (case["file"], said)
            continue
        if case.get("right") == 0 and not report["rows"]:  # refused as a whole, with a sentence
            assert said, case["file"]
            continue
        assert lost == 0, f"{case['file']}: {lost} rows nobody told of; {report['problems']}"
        assert report["rows"] == report["new"] + report["changed"] + report["unchanged"] + report["refused"], (case["file"], report)


def table(word):
    total = right = 0
    for case in cases(word):
        good, bad, lost, report = judge(case)
        total += len(case["records"])
        right += good
        print(f"{case['file']:28} right {good:2} of {len(case['records']):2}  read {report['rows']:2} refused {report['refused']:2} untold {lost}")
        for line in bad:
            print("      " + line)
        if lost or "-v" in sys.argv:
            for p in report["problems"]:
                print("         ", p.get("sheet"), p["row"], p.get("column"), p["code"], p.get("value"), "|", p["reason"])
    print(f"{right} of {total} rows right: {100 * right / total:.1f} %")


if __name__ == "__main__":
    table(([a for a in sys.argv[1:] if not a.startswith("-")] + [""])[0]) if "--table" in sys.argv else main(globals())
