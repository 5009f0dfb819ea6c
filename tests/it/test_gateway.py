"""The raw-socket cases of tests/cases/http through the shipped nginx configuration, with TLS, in front
of the program: whatever is malformed is refused there, or reaches the program as one request whose end
both sides agree on. Between the two stands a relay that keeps the bytes the gateway sent."""
import contextlib
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from xiudai import ROOT, Server, folder, main

CASES = ROOT / "tests" / "cases" / "http"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


# ---- cases -------------------------------------------------------------------------------------

def unescape(text, at=0, until=None):
    out = b""
    while at < len(text) and text[at:at + 1] != until:
        c = text[at:at + 1]
        at += 1
        if c == b"\n":
            continue
        if c != b"\\":
            out += c
            continue
        c = text[at:at + 1]
        at += 1
        if c == b"x":
            out += bytes([int(text[at:at + 2], 16)])
            at += 2
        elif c == b"*":
            inside = text.index(b"(", at)
            body, end = unescape(text, inside + 1, b")")
            out += body * int(text[at:inside])
            at = end + 1
        else:
            out += {b"r": b"\r", b"n": b"\n", b"t": b"\t", b"0": b"\0"}.get(c, c)
    return out, at


def cases():
    for file in sorted(CASES.glob("*.txt")):
        for block in file.read_bytes().split(b"\n=== "):
            heading, raw = block.removeprefix(b"=== ").split(b"\n", 1)
            name, wants = heading.decode().split(": ", 1)
            direct, gateway = wants.split(" / ")
            yield f"{file.stem}/{name}", direct, gateway, unescape(raw)[0]


# ---- what the program was sent -----------------------------------------------------------------

HEAD = re.compile(rb"(GET|HEAD|POST|OPTIONS) (/[\x21-\x7e\x80-\xff]*) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[^\x00\r\n]*\r\n)*)\r\n")


def requests_in(data):
    """The requests in data if it is nothing but well-formed ones; AssertionError otherwise."""
    found = []
    while data:
        head = HEAD.match(data)
        assert head, f"not a well-formed request: {data[:200]!r}"
        fields = [line.split(b":", 1) for line in head.group(3).split(b"\r\n")[:-1]]
        names = [name.lower() for name, _ in fields]
        assert names.count(b"host") == 1 and names.count(b"content-length") <= 1, fields
        assert b"transfer-encoding" not in names, "nginx sends whole bodies"
        length = next((int(value) for name, value in fields if name.lower() == b"content-length"), 0)
        end = head.end() + length
        assert len(data) >= end, "the body is shorter than its length"
        found.append(head.group(2))
        data = data[end:]
    return found


class Relay:
    """Hands connections on to a port and keeps what went there."""

    def __init__(self, port):
        self.to, self.seen, self.lock = port, {}, threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        number = 0
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            number += 1
            server = socket.create_connection(("127.0.0.1", self.to))
            threading.Thread(target=self.pump, args=(client, server, number), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, None), daemon=True).start()

    def pump(self, source, sink, number):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if number is not None:
                    with self.lock:
                        self.seen[number] = self.seen.get(number, b"") + data
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def take(self):
        with self.lock:
            seen, self.seen = self.seen, {}
        return list(seen.values())


# ---- nginx as shipped --------------------------------------------------------------------------

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Gateway:
    def __init__(self, backend, rate="100000r/s", name="~^.+$"):
        self.backend, self.rate, self.name = backend, rate, name

    def __enter__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="xiudai-nginx-"))
        os.chmod(self.dir, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a",
                        "-keyout", self.dir / "key.pem", "-out", self.dir / "cert.pem"],
                       check=True, capture_output=True)
        self.port, self.plain = free_port(), free_port()
        text = (ROOT / "gateway" / "nginx.conf").read_text(encoding="utf-8")
        for old, new in [("listen 443", f"listen 127.0.0.1:{self.port}"), ("listen 80", f"listen 127.0.0.1:{self.plain}"),
                         ("server_name «name»", f'server_name "{self.name}"'), ("«/etc/ssl/xiudai.pem»", str(self.dir / "cert.pem")),
                         ("«/etc/ssl/xiudai.key»", str(self.dir / "key.pem")), ("127.0.0.1:8080", f"127.0.0.1:{self.backend}"),
                         ("rate=50r/s", f"rate={self.rate}"), ("rate=1r/s", f"rate={self.rate}")]:
            assert old in text, old
            text = text.replace(old, new)
        (self.dir / "site.conf").write_text(text, encoding="utf-8")
        (self.dir / "nginx.conf").write_text(f"""daemon off; worker_processes 1; pid {self.dir}/pid; error_log {self.dir}/error.log info;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {self.dir}/body; proxy_temp_path {self.dir}/proxy; fastcgi_temp_path {self.dir}/f;
    uwsgi_temp_path {self.dir}/u; scgi_temp_path {self.dir}/s;
    include {self.dir}/site.conf;
}}""")
        self.process = subprocess.Popen([NGINX, "-c", str(self.dir / "nginx.conf")], stderr=subprocess.PIPE)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return self
            assert self.process.poll() is None, self.process.stderr.read().decode()
            time.sleep(0.02)
        raise AssertionError("nginx does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.process.stderr.close()
        shutil.rmtree(self.dir, ignore_errors=True)

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=5), server_hostname="a")

    def send(self, raw):
        """(statuses of the answers, bytes)"""
        got = b""
        with contextlib.suppress(OSError), self.connect() as s:
            with contextlib.suppress(OSError):
                s.sendall(raw)
            s.settimeout(0.5)
            while data := s.recv(65536):
                got += data
        return [int(x) for x in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d{3}) ", got)], got


def judge(gateway, relay, want, raw):
    statuses, got = gateway.send(raw)
    time.sleep(0.01)
    reached = [path for data in relay.take() for path in requests_in(data)]
    assert len(statuses) <= 1, f"{len(statuses)} answers: {got[:400]!r}"
    assert len(reached) <= 1, f"the program saw {reached}"
    status = statuses[0] if statuses else 0
    if want == "refused":
        assert status == 0 or status >= 400, status
    elif want == "cleaned":
        assert status in (200, 404) and len(reached) == 1, (status, reached)
    else:
        assert status == int(want) and len(reached) == 1, (status, reached)


def test_raw_cases_through_nginx():
    wrong, count = [], 0
    with folder() as d:
        (d / "settings.yaml").write_text("trusted_proxies: [127.0.0.1]\n")
        with Server(d / "s.db", "--settings", d / "settings.yaml") as site:
            relay = Relay(site.port)
            with Gateway(relay.port) as gateway:
                for name, _, want, raw in cases():
                    count += 1
                    try:
                        judge(gateway, relay, want, raw)
                    except AssertionError as error:
                        wrong.append(f"{name}, wanted {want}: {error}")
            relay.listener.close()
            assert site.get("/healthz") == b"ok\n"
    assert count > 100, count
    assert not wrong, "\n".join(wrong)


def plain_get(path, more=""):
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n".encode()


def test_pages_through_nginx():
    with folder() as d:
        (d / "settings.yaml").write_text("trusted_proxies: [127.0.0.1]\n")
        with Server(d / "s.db", "--settings", d / "settings.yaml", "--base-url", "https://a") as site, Gateway(site.port) as gateway:
            _, got = gateway.send(plain_get("/api"))
            assert b"Strict-Transport-Security: max-age=" in got and b"https://a/api" in got, got[:600]
            etag = re.search(rb"ETag: (\S+)", got).group(1).decode()
            assert gateway.send(plain_get("/api", f"If-None-Match: {etag}\r\n"))[0] == [304]
            _, packed = gateway.send(plain_get("/api/openapi.json", "Accept-Encoding: br\r\n"))
            assert b"Content-Encoding: br" in packed
            for path in ("/healthz", "/readyz"):
                assert gateway.send(plain_get(path))[0] == [200]
            with socket.create_connection(("127.0.0.1", gateway.plain), timeout=5) as s:
                s.sendall(plain_get("/data?x=1"))
                moved = s.recv(4096)
                assert b" 308 " in moved and b"Location: https://a/data?x=1" in moved, moved


def test_rates_are_limited():
    with folder() as d:
        with Server(d / "s.db") as site, Gateway(site.port, rate="5r/s") as gateway:
            with gateway.connect() as s:
                s.settimeout(5)
                s.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n" * 320)
                s.settimeout(1)
                got = b""
                with contextlib.suppress(OSError):
                    while data := s.recv(65536):
                        got += data
            statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", got)
            assert statuses.count(b"200") >= 200 and statuses.count(b"429") >= 20, (statuses.count(b"200"), statuses.count(b"429"))


def test_unknown_names_get_nothing():
    with folder() as d, Server(d / "s.db") as site, Gateway(site.port, name="only.example") as gateway:
        assert gateway.send(plain_get("/healthz")) == ([], b"")


if __name__ == "__main__":
    main(globals())
