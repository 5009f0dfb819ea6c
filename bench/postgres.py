"""An import into PostgreSQL beside COPY of the rows it made into tables alike, constraints and triggers included, in turn.

usage: postgres.py [--rows N] [--rounds N]; prints one line a round. A server of its own, without fsync, in memory where there is /dev/shm."""
import argparse
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time

import generate
import program

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
TABLES = ("revision", "open_part", "personal_part", "record", "record_key", "link")


class Postgres:
    """`with Postgres() as server:`, as a user that is not root, stopped by its pid."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="xd_bench_", dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        data = self.folder / "data"
        self.run([BIN / "initdb", "-D", data, "-U", "xiudai", "-A", "trust", "-N", "-E", "UTF8", "--locale=C.UTF-8"]).wait()
        self.process = self.run([BIN / "postgres", "-D", data, "-k", self.folder, "-c", "listen_addresses=", "-c", "fsync=off",
                                 "-c", "shared_buffers=256MB", "-c", "max_wal_size=4GB"])
        while subprocess.run([BIN / "pg_isready", "-q", "-h", self.folder]).returncode != 0:
            if self.process.poll() is not None:
                raise SystemExit("PostgreSQL did not start")
            time.sleep(.1)
        return self

    def run(self, command):
        as_user = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        return subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **as_user)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)

    def psql(self, sql):
        done = subprocess.run(["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "xiudai", "-d", "postgres"],
                              input=sql, text=True, capture_output=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        return done.stdout

    def schema(self, name):
        self.psql(f"DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}")
        return f"postgresql://xiudai@/postgres?host={self.folder}&options=-csearch_path%3D{name}"

    def copy(self, source, target):
        """Seconds that COPY takes for the rows of one schema into another, which has the model alone."""
        for table in TABLES:
            order = "seq" if table in TABLES[:3] else "1"
            where = "WHERE seq > 1" if table in TABLES[:3] else ""
            self.psql(f"COPY (SELECT * FROM {source}.{table} {where} ORDER BY {order}) TO '{self.folder}/{table}.copy'")
        start = time.monotonic()
        self.psql(f"SET search_path = {target}; BEGIN; " +
                  " ".join(f"COPY {table} FROM '{self.folder}/{table}.copy';" for table in TABLES) + " COMMIT;")
        return time.monotonic() - start


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=20000)
    options.add_argument("--rounds", type=int, default=3)
    told = options.parse_args()
    with tempfile.TemporaryDirectory() as work, Postgres() as server:
        table = pathlib.Path(work) / "rows.csv"
        with open(table, "w") as out:
            generate.write(out, told.rows, 1)
        empty = pathlib.Path(work) / "empty.csv"
        empty.write_text("".join(table.open().readlines()[:2]))
        for _ in range(told.rounds):
            ours = program.command("import", "heritage", table, "--state", "public", "--store", server.schema("ours"), "--json")
            program.command("import", "heritage", empty, "--dry-run", "--store", server.schema("peer"), "--json")
            copy = server.copy("ours", "peer")
            n = re.sub(r"\s", "", server.psql("SELECT count(*) FROM peer.record"))
            print(f"{n} records: import {ours['wall_s']:.2f} s ({ours['cpu_s']:.2f} s of our processor time), "
                  f"COPY {copy:.2f} s, {ours['wall_s'] / copy:.2f} ×", flush=True)


if __name__ == "__main__":
    main()
