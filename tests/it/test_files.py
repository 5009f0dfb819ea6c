#!/usr/bin/env python3
"""Snapshots of the search files in a folder or in a store that speaks S3, for servers that come new; and
the job that makes them: once a schedule, by one server, also when that one dies."""
import contextlib
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

from xiudai import BINARY, ROOT, SEED, SOAK, folder, import_json, main, run

sys.path.insert(0, str(ROOT / "tools"))
from cluster_parts import BIN, Node, Postgres, Proxy, free_port, until  # noqa: E402

S3RVER = ROOT / "build" / "s3" / "node_modules" / "s3rver" / "bin" / "s3rver.js"
KEYS = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER"}
LONG = 300  # until something is so, on a machine that is busy with much else
HEADER = "id,name_zh,name_en,kind,prefecture,county,division_code\n"


@contextlib.contextmanager
def database():
    """A server of the test's own with a store of thirty museums; its address and the server."""
    shm = pathlib.Path("/dev/shm")
    path = pathlib.Path(tempfile.mkdtemp(prefix="xd_files_", dir=shm if os.access(shm, os.W_OK) else None))
    os.chmod(path, 0o755)
    server = Postgres(path, "a", ["fsync=off"]).make().start()
    try:
        server.say("CREATE DATABASE xiudai")
        store = f"postgresql://xiudai@127.0.0.1:{server.port}/xiudai"
        import_json("museum", SEED / "anhui-museums.csv", "--state", "public", store=store)
        yield store, server
    finally:
        server.stop()
        shutil.rmtree(path, ignore_errors=True)


class Door(http.server.BaseHTTPRequestHandler):
    """Before s3rver, which does not compute signatures of version 4: this does, in another way than the
    program's library, from Amazon's description, and hands on what is signed rightly."""
    protocol_version, timeout = "HTTP/1.1", 60

    def log_message(self, *_):
        pass

    def signature(self, body):
        fields = dict(re.findall(r"(\w+)=([^, ]+)", self.headers["Authorization"]))
        path, _, query = self.path.partition("?")
        names = fields["SignedHeaders"].split(";")
        assert {"host", "x-amz-content-sha256", "x-amz-date"} <= set(names), names
        assert self.headers["x-amz-content-sha256"] == hashlib.sha256(body).hexdigest(), "another body than was signed"
        request = "\n".join([self.command, path, "&".join(sorted(query.split("&"))) if query else "",
                             *(f"{n}:{' '.join(self.headers[n].split())}" for n in names), "", ";".join(names),
                             self.headers["x-amz-content-sha256"]])
        scope = fields["Credential"].split("/")[1:]
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], "/".join(scope), hashlib.sha256(request.encode()).hexdigest()])
        key = b"AWS4" + KEYS["AWS_SECRET_ACCESS_KEY"].encode()
        for part in (*scope, text):
            key = hmac.new(key, part.encode(), "sha256").digest()
        return key.hex() == fields["Signature"]

    def pass_on(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.server.fails and self.command == "PUT" and "partNumber=2" in self.path:
            etag, status, kind, text = None, 500, "application/xml", b"<Error><Code>InternalError</Code></Error>"
        elif self.signature(body):
            there = http.client.HTTPConnection("127.0.0.1", self.server.behind, timeout=60)
            there.request(self.command, self.path, body, {**self.headers, "Connection": "close"})
            answer = there.getresponse()
            status, kind, text = answer.status, answer.getheader("Content-Type"), answer.read()
            etag = answer.getheader("ETag")
            there.close()
            self.server.seen.append((self.command, self.path.partition("?")[2].split("=")[0], status))
        else:
            etag, status, kind, text = None, 403, "application/xml", b"<Error><Code>SignatureDoesNotMatch</Code></Error>"
        self.send_response(status)
        self.send_header("Content-Type", kind or "application/octet-stream")
        if etag:
            self.send_header("ETag", etag)
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        with contextlib.suppress(OSError):  # it was killed meanwhile
            self.end_headers()
            self.wfile.write(text)

    do_GET = do_PUT = do_POST = do_DELETE = pass_on


class S3:
    """s3rver in a folder, which keeps each object as files whose age can be set, behind a Door."""

    def __init__(self, path):
        self.folder, self.port = pathlib.Path(path), free_port()
        self.folder.mkdir()

    def __enter__(self):
        self.process = subprocess.Popen([ROOT / "tools" / "node", S3RVER, "-d", self.folder, "-a", "127.0.0.1", "-p", str(self.port), "-s",
                                         "--no-vhost-buckets", "--configure-bucket", "xiudai"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        until(self.listens, LONG, "the S3 server listens", 0.05)
        self.door = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.door.seen, self.door.fails = [], False
        self.door.behind, self.port = self.port, self.door.server_address[1]
        threading.Thread(target=self.door.serve_forever, daemon=True).start()
        return self

    def listens(self):
        assert self.process.poll() is None, "s3rver ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def __exit__(self, *_):
        self.door.shutdown()
        self.door.server_close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def place(self, port=None):
        """Files here are small, so parts are as well."""
        return f"s3://xiudai/index?endpoint=http://127.0.0.1:{port or self.port}&part=20000"

    def files(self):
        """Names of the objects below the prefix."""
        return {p.name.split("._S3rver_object")[0] for p in (self.folder / "xiudai" / "index").glob("*._S3rver_object")}

    def age(self):
        for path in (self.folder / "xiudai").rglob("*"):
            os.utime(path, (time.time() - 7200,) * 2)


class Folder:
    def __init__(self, path):
        self.folder = pathlib.Path(path)

    def place(self):
        return str(self.folder)

    def files(self):
        return {p.name for p in self.folder.glob("??/*")}

    def age(self):
        for path in self.folder.glob("??/*"):
            os.utime(path, (time.time() - 7200,) * 2)


def job(server):
    """(token, done, holder, due)"""
    row = server.say("SELECT token, done, holder FROM job WHERE name = 'snapshot'", "xiudai")
    return (int(row.split("|")[0]), int(row.split("|")[1]), row.split("|")[2]) if row else (0, 0, "")


def named(server):
    return set(server.say("SELECT DISTINCT encode(hash, 'hex') FROM snapshot_file", "xiudai").split())


def again(server):
    """The schedule fires now; until it is done."""
    done = job(server)[1]
    server.say("UPDATE job SET due = 0", "xiudai")
    until(lambda: job(server)[1] == done + 1, LONG, "the job is done")


def more(tmp, store, mark):
    file = tmp / "more.csv"
    file.write_text(HEADER + f"{mark},{mark}馆,Hall {mark},industry,宣城市,泾县,341823\n")
    assert import_json("museum", file, "--state", "public", store=store)["new"] == 1


def museums(node):
    return json.loads(node.ask("/api/collections/museums/items?limit=1")[2])["numberMatched"]


def fetched(node):
    return "bytes of search files from" in node.log_path.read_text()


def lives_with(tmp, store, server, files):
    """A node makes a snapshot; one that comes new begins with it; what no snapshot names goes."""
    first = Node(BINARY, store, tmp, "--files", files.place(), env=KEYS).start()
    second = Node(BINARY, store, tmp, "--files", files.place(), env=KEYS)
    try:
        until(lambda: job(server)[1] == 1, LONG, "the first snapshot")
        assert not fetched(first) and files.files() == named(server) and len(named(server)) >= 2
        second.start()
        assert fetched(second) and museums(second) == 30, second.log_path.read_text()
        assert job(server)[:2] == (1, 1), "it was done twice"
        for mark in ("b", "c", "d"):
            more(tmp, store, mark)
            until(lambda: museums(first) == museums(second), LONG, "both follow")
            again(server)
        assert job(server)[:2] == (4, 4), job(server)
        # Two are kept; what only older ones had is an orphan, and stays until it is old.
        before = files.files()
        assert before > named(server) and server.say("SELECT count(DISTINCT snapshot) FROM snapshot_file", "xiudai") == "2"
        again(server)
        assert files.files() >= before, "a young file was swept"
        files.age()
        again(server)
        assert files.files() == named(server), "orphans are left"
        second.stop()
        shutil.rmtree(second.index)
        second.start()
        assert museums(second) == 33 and second.log_path.read_text().count("bytes of search files from") == 2
    except AssertionError:
        print(first.log_path.read_text()[-3000:], second.log_path.read_text()[-3000:])
        raise
    finally:
        first.stop()
        second.stop()


def test_in_a_folder():
    with folder() as tmp, database() as (store, server):
        files = Folder(tmp / "files")
        lives_with(tmp, store, server, files)
        (files.folder / "readme.txt").write_text("not ours")
        what_does_not_fit(tmp, store, files)
        assert (files.folder / "readme.txt").exists()
        run("verify", store=store)


def what_does_not_fit(tmp, store, files):
    """Files that are damaged, and those of another model, are refused: the index is made from the log."""
    for path in files.folder.glob("??/*"):
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        path.write_bytes(damaged)
    node = Node(BINARY, store, tmp, "--files", files.place()).start()
    try:
        assert museums(node) == 33 and not fetched(node)
        assert "not those it is named by" in node.log_path.read_text()
    finally:
        node.stop()
    for path in files.folder.glob("??/*"):  # whole again
        mended = bytearray(path.read_bytes())
        mended[len(mended) // 2] ^= 1
        path.write_bytes(mended)
    data = tmp / "data"
    shutil.copytree(ROOT / "data", data)
    type_file = data / "model" / "types" / "museum.yaml"
    type_file.write_text(type_file.read_text().replace("label: {zh: ", "label: {zh: 新", 1))
    run("model", "apply", "--data", data, store=store)
    node = Node(BINARY, store, tmp, "--files", files.place(), "--data", data).start()
    try:
        assert museums(node) == 33 and not fetched(node)
        assert "another model" in node.log_path.read_text(), node.log_path.read_text()
    finally:
        node.stop()


def test_in_s3():
    """Against a real server; also where it is away, or the keys are wrong."""
    if not S3RVER.exists():
        print("s3rver is not installed: S3 was not tried")
        return
    with folder() as tmp, database() as (store, server):
        with S3(tmp / "s3") as files:
            an_upload_fails(tmp, store, server, files)
            lives_with(tmp, store, server, files)
            stranger = Node(BINARY, store, tmp, "--files", files.place(), env={**KEYS, "AWS_SECRET_ACCESS_KEY": "wrong"}).start()
            try:
                assert museums(stranger) == 33 and not fetched(stranger), (museums(stranger), stranger.log_path.read_text())
                assert "SignatureDoesNotMatch" in stranger.log_path.read_text(), stranger.log_path.read_text()
            finally:
                stranger.stop()
            parts = [status for method, query, status in files.door.seen if (method, query) == ("PUT", "partNumber")]
            whole = [status for method, query, status in files.door.seen if (method, query) == ("POST", "uploadId")]
            print(len(parts), "parts of", len(whole), "files")
            assert len(parts) > len(whole) > 0 and {*parts, *whole} == {200}, (parts, whole)
            assert any((method, query) == ("PUT", "") for method, query, _ in files.door.seen), "no file was small"
            a_node_dies(tmp, store, server, files)
        alone = Node(BINARY, store, tmp, "--files", files.place(), env=KEYS).start()  # nobody there
        try:
            assert museums(alone) == 34 and not fetched(alone)
        finally:
            alone.stop()


def an_upload_fails(tmp, store, server, files):
    """A part the store does not take: the upload is called off and nothing is named."""
    files.door.fails = True
    node = Node(BINARY, store, tmp, "--files", files.place(), env=KEYS).start()
    try:
        until(lambda: any(seen[:2] == ("DELETE", "uploadId") for seen in files.door.seen), LONG, "the upload is called off")
        until(lambda: job(server)[0] > 0 and "InternalError" in node.log_path.read_text(), LONG, "it is said")
        assert job(server)[1] == 0 and not named(server)
    finally:
        node.stop()
    files.door.fails = False
    server.say("DELETE FROM job", "xiudai")
    for path in (files.folder / "xiudai" / "index").glob("*"):
        path.unlink()


def a_node_dies(tmp, store, server, files):
    """kill -9 of the one that holds the job, in the middle of its upload: the other does it, once."""
    token, done, _ = job(server)
    proxy = Proxy(files.port)
    doomed = Node(BINARY, store, tmp, "--files", files.place(proxy.port), env=KEYS).start()
    other = None
    try:
        more(tmp, store, "e")
        until(lambda: museums(doomed) == 34, LONG, "it follows")
        proxy.cut()
        server.say("UPDATE job SET due = 0", "xiudai")
        until(lambda: job(server)[0] == token + 1, LONG, "it takes the job")
        other = Node(BINARY, store, tmp, "--files", files.place(), env=KEYS).start()
        doomed.process.kill()
        doomed.process.wait()
        assert job(server)[:2] == (token + 1, done)
        if not SOAK:  # in full the lease is waited for, half a minute
            server.say("UPDATE job SET until = 0", "xiudai")
        until(lambda: job(server)[1] == done + 1, LONG, "the other does it")
        assert job(server)[0] == token + 2 and f"pid {other.process.pid}" in job(server)[2], job(server)
        assert server.say("SELECT max(snapshot) FROM snapshot_file", "xiudai") == str(token + 2)
        assert named(server) <= files.files()
    finally:
        proxy.close()
        for node in (doomed, other):
            if node:
                node.stop()


if __name__ == "__main__":
    if not (BIN / "initdb").exists():
        print("PostgreSQL 15 is not installed: nothing was tried")
        print("0 passed, 0 failed, 2 skipped")
        sys.exit(0)
    main(globals())
