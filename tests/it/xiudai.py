"""What the whole-program tests share: run the release binary, start a server on a free port with a
store of its own, ask it, stop it by its pid. Standard library only.

A test file has functions test_…(), then `if __name__ == "__main__": main(globals())`, which runs
them (or those named on the command line) and prints `N passed, N failed`."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("XIUDAI_BINARY", ROOT / "build" / "xiudai"))
SEED = ROOT / "data" / "seed"
SOAK = os.environ.get("XIUDAI_SOAK") == "1"


def run(*args, store=None, expect=0, env=None, timeout=120, cwd=ROOT):
    """Run the program; returns (stdout, stderr). expect None: any exit code is taken."""
    environment = {**os.environ, "LC_ALL": "en_US.UTF-8", **(env or {})}
    if store is not None:
        environment["XIUDAI_STORE"] = str(store)
    done = subprocess.run([str(BINARY), *map(str, args)], capture_output=True, env=environment, timeout=timeout, cwd=cwd)
    out, err = done.stdout.decode(), done.stderr.decode(errors="replace")
    if expect is not None and done.returncode != expect:
        raise AssertionError(f"{args} ended with {done.returncode}, not {expect}:\n{out[-2000:]}\n{err[-4000:]}")
    return out, err


def import_json(type_name, file, *args, store, expect=0, **more):
    out, err = run("import", type_name, file, "--json", *args, store=store, expect=expect, **more)
    try:
        return json.loads(out)
    except ValueError:
        raise AssertionError(f"no JSON report: {out[:500]!r} {err[-2000:]}") from None


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="xiudai-") as name:
        yield pathlib.Path(name)


def seed_rows():
    for line in (SEED / "load.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def main_seed():
    """The row of the largest shipped list."""
    return max(seed_rows(), key=lambda row: (SEED / row[1]).stat().st_size)


def load_seed(store):
    for type_name, file, state in seed_rows():
        run("import", type_name, SEED / file, "--state", state, store=store)


class Server:
    """`with Server(store) as site: site.get("/")`."""

    def __init__(self, store, *args):
        self.store, self.args = store, args

    def __enter__(self):
        self.log = tempfile.NamedTemporaryFile(prefix="xiudai-log-", delete=False)
        self.process = subprocess.Popen(
            [str(BINARY), "serve", "--store", str(self.store), "--listen", "127.0.0.1:0", *map(str, self.args)],
            stderr=self.log, stdout=subprocess.DEVNULL, cwd=ROOT)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            text = pathlib.Path(self.log.name).read_text(errors="replace")
            found = re.search(r"http://127\.0\.0\.1:(\d+)", text)
            if found and '"serving"' in text:
                self.port = int(found.group(1))
                self.base = f"http://127.0.0.1:{self.port}"
                return self
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}: {text[-3000:]}")
            time.sleep(0.02)
        self.__exit__(None, None, None)
        raise AssertionError("the server did not say where it serves")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.code = self.process.returncode
        self.log.close()
        os.unlink(self.log.name)

    def ask(self, method, path, body=None, headers=None):
        """(status, headers, bytes); path may hold Chinese."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, urllib.parse.quote(path, safe="/?&=%:,()'\"*+;@!~$.-_"), body, headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path, expect=200, headers=None):
        status, _, body = self.ask("GET", path, headers=headers)
        assert status == expect, f"{path}: {status}, not {expect}: {body[:500]!r}"
        return body

    def json(self, path, expect=200):
        return json.loads(self.get(path, expect))


def main(names):
    wanted = sys.argv[1:]
    passed = failed = 0
    for name, test in list(names.items()):
        if name.startswith("test_") and callable(test) and (not wanted or name in wanted):
            try:
                test()
                passed += 1
            except Exception:  # one failure must not hide the others
                failed += 1
                print(f"--- {name}")
                traceback.print_exc(file=sys.stdout)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
