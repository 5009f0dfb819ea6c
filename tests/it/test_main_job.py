"""The main job on real input, as the people who do it run it: import, look, change, undo, verify."""
import csv
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time

from xiudai import BINARY, ROOT, SEED, Server, folder, import_json, load_seed, main, main_seed, run, seed_rows


def rows_of(file):
    with open(file, encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f))


def test_shipped_data_come_in_whole():
    with folder() as d:
        store = d / "s.db"
        for type_name, file, state in seed_rows():
            report = import_json(type_name, SEED / file, "--state", state, store=store)
            wanted = len(rows_of(SEED / file)) - 1
            assert report["rows"] == wanted and report["new"] == wanted and report["refused"] == 0, (file, report)
            again = import_json(type_name, SEED / file, "--state", state, store=store)
            assert again["unchanged"] == wanted and again["new"] == again["changed"] == 0, (file, again)
            assert again["changeset"] in (0, None), "a run that changes nothing writes nothing"
        out, _ = run("verify", "--json", store=store)
        assert json.loads(out)["ok"] is True


def test_dry_run_writes_nothing():
    with folder() as d:
        store = d / "s.db"
        type_name, file, state = main_seed()
        first = import_json(type_name, SEED / file, "--dry-run", store=store)
        head = json.loads(run("verify", "--json", store=store)[0])
        assert first["new"] == len(rows_of(SEED / file)) - 1
        second = import_json(type_name, SEED / file, "--dry-run", store=store)
        assert second["new"] == first["new"]
        assert json.loads(run("verify", "--json", store=store)[0])["head"] == head["head"]


def test_national_list_is_accounted_for():
    with folder() as d:
        store = d / "s.db"
        type_name = main_seed()[0]
        file = SEED / "china-national-heritage.csv"
        report = import_json(type_name, file, "--accept-good", "--state", "public", store=store, expect=None)
        assert report["rows"] == 266
        assert report["new"] + report["changed"] + report["unchanged"] + report["refused"] == 266, report
        assert report["new"] >= 253, f"{report['new']} of 266; {report['problems'][:5]}"
        refused = {(p["sheet"], p["row"]) for p in report["problems"] if p.get("weight", "refusal") == "refusal"}
        assert len(refused) >= report["refused"]
        for problem in report["problems"]:
            assert problem["reason"], problem


def test_undo_brings_back_what_was():
    with folder() as d:
        store = d / "s.db"
        type_name, file, state = main_seed()
        import_json(type_name, SEED / file, "--state", state, store=store)
        run("export", type_name, d / "before.csv", store=store)
        table = rows_of(SEED / file)
        name = table[0].index("name_en")
        for row in table[1:]:
            row[name] = row[name] + " X"
        with open(d / "changed.csv", "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows(table)
        report = import_json(type_name, d / "changed.csv", store=store)
        assert report["changed"] == len(table) - 1, report
        run("undo", str(report["changeset"]), store=store)
        run("export", type_name, d / "after.csv", store=store)
        assert (d / "before.csv").read_bytes() == (d / "after.csv").read_bytes()
        assert json.loads(run("verify", "--json", store=store)[0])["ok"]


def test_export_and_import_agree():
    with folder() as d:
        one, two = d / "one.db", d / "two.db"
        load_seed(one)
        for type_name, _, state in seed_rows():
            for ending in ("csv", "xlsx"):
                run("export", type_name, d / f"out.{ending}", store=one)
                again = import_json(type_name, d / f"out.{ending}", store=one)
                assert again["new"] == again["changed"] == again["refused"] == 0, (type_name, ending, again["problems"][:5])
            report = import_json(type_name, d / "out.csv", "--state", state, store=two)
            assert report["refused"] == 0, report["problems"][:5]
        for type_name, _, _ in seed_rows():  # ids differ there, and links lead to the same records
            run("export", type_name, d / "one.csv", store=one)
            run("export", type_name, d / "two.csv", store=two)
            assert rows_of(d / "one.csv") == rows_of(d / "two.csv"), type_name


def test_a_flipped_bit_is_named():
    with folder() as d:
        store = d / "s.db"
        load_seed(store)
        copy = d / "copy.db"
        run("backup", copy, store=store)
        raw = bytearray(copy.read_bytes())
        at = raw.find("宣纸".encode())
        assert at > 0
        raw[at] ^= 1
        copy.write_bytes(raw)
        os.chmod(copy, 0o600)
        out, _ = run("verify", "--json", store=copy, expect=1)
        report = json.loads(out)
        assert report["ok"] is False and any(f["seq"] > 0 for f in report["faults"]), report


def test_import_beside_serve_shows_within_a_second():
    with folder() as d:
        store = d / "s.db"
        type_name, file, state = main_seed()
        import_json(type_name, SEED / file, "--state", state, store=store)
        with Server(store) as site:
            table = [["name_zh", "division_code", "id"], ["秀带试验厂", "340102", "T-1"]]
            with open(d / "one.csv", "w", encoding="utf-8", newline="") as f:
                csv.writer(f).writerows(table)
            import_json(type_name, d / "one.csv", "--state", state, store=store)
            began = time.monotonic()
            while True:
                body = site.get(f"/{type_name}?q=秀带试验厂").decode()
                if "秀带试验厂" in body and "T-1" not in body[:0] and "没有符合" not in body:
                    break
                assert time.monotonic() - began < 1.0, "not shown within a second"
                time.sleep(0.05)
        assert site.code == 0, "stops cleanly on SIGTERM"


def test_second_import_waits_and_says_for_whom():
    with folder() as d:
        store = d / "s.db"
        type_name, file, state = main_seed()
        import_json(type_name, SEED / file, "--state", state, store=store)
        table = [["name_zh", "division_code", "id"]] + [[f"试验厂{i}", "340102", f"B-{i}"] for i in range(20000)]
        with open(d / "big.csv", "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows(table)
        env = dict(os.environ, LC_ALL="en_US.UTF-8", XIUDAI_STORE=str(store))
        pair = [subprocess.Popen([str(BINARY), "import", type_name, str(d / "big.csv"), "--json"], env=env, cwd=ROOT,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        outs = [p.communicate(timeout=240) for p in pair]
        reports = [json.loads(o) for o, _ in outs]
        assert sorted(r["new"] for r in reports) == [0, 20000] or sum(r["new"] for r in reports) == 20000, reports
        assert all(p.returncode == 0 for p in pair), outs


def wait_for_end(pid):
    """Until the process is gone, or only waits to be taken note of."""
    for _ in range(1000):
        try:
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                return
        except FileNotFoundError:
            return
        time.sleep(0.01)


def test_a_helper_that_ends_is_started_again():
    """The process that forks the readers of outside files is killed, twice, under a server."""
    with folder() as d:
        load_seed(d / "s.db")
        with Server(d / "s.db") as site:
            seen = set()
            for _ in range(3):
                children = pathlib.Path(f"/proc/{site.process.pid}/task").glob("*/children")
                helpers = [int(n) for c in children for n in c.read_text().split()]
                assert len(helpers) == 1 and helpers[0] not in seen, (helpers, seen)
                seen.add(helpers[0])
                assert len(site.get("/heritage.gpkg")) > 50000  # written in a worker
                os.kill(helpers[0], signal.SIGKILL)
                wait_for_end(helpers[0])  # a request handed to one that is dying is lost with it
                assert len(site.get("/heritage.gpkg")) > 50000


def test_kill_during_import_leaves_old_or_new():
    with folder() as d:
        type_name = main_seed()[0]
        table = [["name_zh", "division_code", "id"]] + [[f"试验厂{i}", "340102", f"B-{i}"] for i in range(3000)]
        with open(d / "big.csv", "w", encoding="utf-8", newline="") as f:
            csv.writer(f).writerows(table)
        rounds = 200 if os.environ.get("XIUDAI_SOAK") else 20
        took = time.monotonic()
        import_json(type_name, d / "big.csv", store=d / "probe.db")
        took = time.monotonic() - took
        for i in range(rounds):
            store = d / "s.db"
            for old in d.glob("s.db*"):
                old.unlink()
            run("model", "apply", store=store)
            env = dict(os.environ, XIUDAI_STORE=str(store))
            p = subprocess.Popen([str(BINARY), "import", type_name, str(d / "big.csv")], env=env, cwd=ROOT,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(took * (i + 1) / rounds * 1.05)
            p.kill()
            p.wait()
            report = json.loads(run("verify", "--json", store=store)[0])
            assert report["ok"], report
            run("export", type_name, d / "out.csv", store=store)
            n = len(rows_of(d / "out.csv")) - 1
            assert n in (0, 3000), n


def test_backup_restore_copy():
    with folder() as d:
        store = d / "s.db"
        load_seed(store)
        head = json.loads(run("verify", "--json", store=store)[0])["head"]
        run("backup", d / "b.db", store=store)
        run("restore", d / "b.db", store=d / "r.db")
        run("copy", store, d / "c.db")
        for other in ("r.db", "c.db"):
            assert json.loads(run("verify", "--json", store=d / other)[0])["head"] == head
            assert (d / other).stat().st_mode & 0o077 == 0


def test_an_old_workbook_is_read_in_the_box():
    with folder() as d:
        type_name = main_seed()[0]
        report = import_json(type_name, ROOT / "tests" / "cases" / "xls" / "title-merged-date.xls", store=d / "s.db")
        assert (report["rows"], report["new"], report["refused"]) == (3, 3, 0), report
        run("export", type_name, d / "out.csv", store=d / "s.db")
        text = (d / "out.csv").read_text(encoding="utf-8")
        for sign in ("样例甲厂", "340124", "光绪十六年", "1953-07-02", "1234.5"):
            assert sign in text, sign
        whole = (ROOT / "tests" / "cases" / "xls" / "title-merged-date.xls").read_bytes()
        for cut in (600, len(whole) // 2):
            (d / "cut.xls").write_bytes(whole[:cut])
            _, words = run("import", type_name, d / "cut.xls", store=d / "s.db", expect=1)
            assert 10 < len(words) < 2000, words


def test_the_actor_is_the_mapped_user():
    import pwd
    with folder() as d:
        type_name, file, state = main_seed()
        user = pwd.getpwuid(os.geteuid()).pw_name
        (d / "settings.yaml").write_text(f"accounts: {{{user}: 7}}\n", encoding="utf-8")
        import_json(type_name, SEED / file, "--settings", d / "settings.yaml", store=d / "s.db")
        db = sqlite3.connect(d / "s.db")
        assert db.execute("SELECT DISTINCT actor FROM revision").fetchall() == [(7,)]
        db.close()
        (d / "settings.yaml").write_text("accounts: [\n", encoding="utf-8")
        _, words = run("verify", store=d / "s.db")
        _, words = run("import", type_name, SEED / file, "--settings", d / "settings.yaml", store=d / "s.db", expect=1)
        assert "settings.yaml:" in words, words


def test_wrong_use_says_how():
    for args in ([], ["nothing"], ["import", "x"], ["import", "--nothing"], ["serve", "--crs", "x"]):
        _, err = run(*args, expect=2)
        assert len(err) > 10, args
    with folder() as d:
        _, err = run("import", "nothing", SEED / "README.md", store=d / "s.db", expect=1)
        assert "nothing" in err


def test_hostile_files_are_refused_with_one_sentence():
    with folder() as d:
        type_name = main_seed()[0]
        cases = {
            "empty.csv": b"",
            "nul.csv": b"name_zh,id\n\0\0\0,1\n",
            "notutf8.csv": b"name_zh,id\n\xff\xfe\xfd\xfc,1\n" * 3,
            "truncated.xlsx": b"PK\x03\x04" + b"\0" * 40,
            "fake.gpkg": b"SQLite format 3\0" + b"\0" * 100,
            "deep.geojson": b"[" * 100000,
            "vrt.geojson": b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
            "wide.csv": (",".join(f"c{i}" for i in range(10000)) + "\n").encode(),
            "picture.csv": b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        }
        for name, body in cases.items():
            (d / name).write_bytes(body)
            store = d / "s.db"
            out, err = run("import", type_name, d / name, store=store, expect=1, timeout=60)
            assert 10 < len(err) < 2000, (name, err)
        verdict = json.loads(run("verify", "--json", store=d / "s.db")[0])
        assert verdict["ok"]


if __name__ == "__main__":
    main(globals())
