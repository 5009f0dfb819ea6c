"""The raw-socket cases of tests/cases/http through the shipped nginx configuration, with TLS, in front
of the program: whatever is malformed is refused there, or reaches the program as one request whose end
both sides agree on. Between the two stands a relay that keeps the bytes the gateway sent."""
import contextlib
import os
import pathlib
import re
import selectors
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

HEAD = re.compile(rb"(GET|HEAD|POST|OPTIONS) (/[\x21-\x7e\x80-\xff]*|\*) HTTP/1\.1\r\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[ \t]*[^\x00\r\n]*\r\n)*)\r\n")


def take_chunks(data):
    """What stands behind a chunked body; empty when it is cut off."""
    while data:
        size = re.match(rb"([0-9a-fA-F]{1,8})\r\n", data)
        assert size or re.fullmatch(rb"[0-9a-fA-F]{1,8}\r?", data), f"not a chunk: {data[:50]!r}"
        if not size:
            return b""
        if int(size.group(1), 16) == 0:
            trailers = re.match(rb"0+\r\n((?:[^\r\n:]+:[^\r\n]*\r\n)*)\r\n", data)
            return data[trailers.end():] if trailers else b""
        end = size.end() + int(size.group(1), 16)
        assert data[end:end + 2] in (b"\r\n", b"\r", b""), "a chunk is longer than it says"
        data = data[end + 2:]
    return b""


def requests_in(data):
    """The requests in data if it is nothing but well-formed ones (the last body may be cut off);
    AssertionError otherwise."""
    found = []
    while data:
        head = HEAD.match(data)
        assert head, f"not a well-formed request: {data[:200]!r}"
        fields = [line.split(b":", 1) for line in head.group(3).split(b"\r\n")[:-1]]
        lengths = [value.strip() for name, value in fields if name.lower() == b"content-length"]
        codings = [value.strip().lower() for name, value in fields if name.lower() == b"transfer-encoding"]
        assert sum(name.lower() == b"host" for name, _ in fields) == 1, fields
        assert len(lengths) + len(codings) <= 1 and codings in ([], [b"chunked"]), fields
        assert not lengths or lengths[0].isdigit(), lengths
        found.append(head.group(2))
        rest = data[head.end():]
        data = take_chunks(rest) if codings else rest[int(lengths[0]) if lengths else 0:]
    return found


class Relay:
    """Hands connections on to a port and keeps what went there. One thread does it all, and looks at
    every connection before it lets anybody take: what had arrived by then is in."""

    def __init__(self, port):
        self.to, self.seen, self.lock, self.wishes = port, {}, threading.Lock(), []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.selector, self.peers, self.numbers, self.count = selectors.DefaultSelector(), {}, {}, 0
        self.selector.register(self.listener, selectors.EVENT_READ)
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while self.listener.fileno() >= 0:
            ready = [key.fileobj for key, _ in self.selector.select(0.02)]
            for s in ready:
                if s is self.listener:
                    self.accept()
                elif s in self.peers:
                    self.pump(s)
            if not ready:
                with self.lock:
                    wishes, self.wishes = self.wishes, []
                for wish in wishes:
                    wish.set()

    def accept(self):
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.to))
            self.count += 1
            self.numbers[client] = self.count
            self.peers[client], self.peers[server] = server, client
            for s in (client, server):
                self.selector.register(s, selectors.EVENT_READ)

    def pump(self, source):
        try:
            data = source.recv(65536)
            if data and source in self.numbers:
                with self.lock:
                    number = self.numbers[source]
                    self.seen[number] = self.seen.get(number, b"") + data
            if data:
                self.peers[source].sendall(data)
                return
        except OSError:
            pass
        peer = self.peers.pop(source)
        self.selector.unregister(source)
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
        if peer not in self.peers:
            source.close()
            peer.close()
            self.numbers.pop(source, None)
            self.numbers.pop(peer, None)

    def take(self):
        """What arrived since the last time; the relay has had nothing to do for a moment."""
        quiet = threading.Event()
        with self.lock:
            self.wishes.append(quiet)
        assert quiet.wait(60), "the relay is never quiet"
        with self.lock:
            seen, self.seen = self.seen, {}
        return list(seen.values())


# ---- nginx as shipped --------------------------------------------------------------------------

def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Gateway:
    """A process between a TLS port and the program; configure() says which."""

    def __init__(self, backend):
        self.backend = backend

    def __enter__(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="xiudai-gateway-"))
        os.chmod(self.dir, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=a",
                        "-keyout", self.dir / "key.pem", "-out", self.dir / "cert.pem"],
                       check=True, capture_output=True)
        self.port, self.plain = free_port(), free_port()
        self.process = subprocess.Popen(self.configure(), stderr=subprocess.PIPE, env=dict(os.environ, HOME=str(self.dir)))
        for _ in range(500):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return self
            assert self.process.poll() is None, self.process.stderr.read().decode()
            time.sleep(0.02)
        raise AssertionError("the gateway does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=20)
        shutil.rmtree(self.dir, ignore_errors=True)

    def connect(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=5), server_hostname="a")

    def send(self, raw):
        """(statuses of the answers, bytes): until it closes, or nothing follows a whole answer."""
        got = b""
        with contextlib.suppress(OSError), self.connect() as s:
            with contextlib.suppress(OSError):
                s.sendall(raw)
            while True:
                head, blank, body = got.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
                whole = blank and (raw.startswith(b"HEAD") or not length or len(body) >= int(length.group(1)))
                s.settimeout(0.08 if whole else 3)
                data = s.recv(65536)
                if not data:
                    break
                got += data
        return [int(x) for x in re.findall(rb"(?:^|\n|\})HTTP/1\.[01] (\d{3}) ", got)], got


class Nginx(Gateway):
    def __init__(self, backend, rate="100000r/s", name="~^.+$"):
        super().__init__(backend)
        self.rate, self.name = rate, name

    def configure(self):
        text = (ROOT / "gateway" / "nginx.conf").read_text(encoding="utf-8")
        for old, new in [("listen 443", f"listen 127.0.0.1:{self.port}"), ("listen 80", f"listen 127.0.0.1:{self.plain}"),
                         ("server_name «name»", f'server_name "{self.name}"'), ("«/etc/ssl/xiudai.pem»", str(self.dir / "cert.pem")),
                         ("«/etc/ssl/xiudai.key»", str(self.dir / "key.pem")), ("127.0.0.1:8080", f"127.0.0.1:{self.backend}"),
                         ("rate=200r/s", f"rate={self.rate}"), ("rate=1r/s", f"rate={self.rate}")]:
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
        return [NGINX, "-c", str(self.dir / "nginx.conf")]


class Caddy(Gateway):
    def configure(self):
        text = (ROOT / "gateway" / "Caddyfile").read_text(encoding="utf-8")
        for old, new in [("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n"),
                         ("«name» {", f"https://:{self.port} {{\n\ttls {self.dir}/cert.pem {self.dir}/key.pem"),
                         ("127.0.0.1:8080", f"127.0.0.1:{self.backend}")]:
            assert old in text, old
            text = text.replace(old, new)
        (self.dir / "Caddyfile").write_text(text, encoding="utf-8")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(self.dir / "Caddyfile")]


def reached_of(relay):
    """Requests that came through since last asked, but for the gateway's own."""
    return [path for data in relay.take() for path in requests_in(data) if path != b"/readyz"]


def judge(gateway, relay, want, raw):
    statuses, got = gateway.send(raw)
    reached = reached_of(relay)
    assert len(statuses) <= 1, f"{len(statuses)} answers: {got[:400]!r}"
    assert len(reached) <= 1, f"the program saw {reached}"
    status = statuses[0] if statuses else 0
    if want == "refused":
        assert status == 0 or status >= 400, status
    elif want == "cleaned":
        assert status in (200, 404) and len(reached) == 1, (status, reached)
    else:
        assert status == int(want) and len(reached) == 1, (status, reached)


def twice(check, relay):
    """Caddy may answer before what it had begun to send on has left it, which is then taken for the
    next case's. What a gateway lets through, it lets through again."""
    with contextlib.suppress(AssertionError):
        return check()
    relay.take()
    return check()


def run_cases(kind, check):
    wrong, count = [], 0
    with folder() as d:
        (d / "settings.yaml").write_text("trusted_proxies: [127.0.0.1]\n")
        with Server(d / "s.db", "--settings", d / "settings.yaml") as site:
            relay = Relay(site.port)
            with kind(relay.port) as gateway:
                until = time.monotonic() + 20
                while gateway.send(plain_get("/healthz"))[0] != [200]:  # Caddy asks first whether we are well
                    assert time.monotonic() < until, "the gateway does not reach the program"
                relay.take()
                for name, _, want, raw in cases():
                    count += 1
                    try:
                        twice(lambda: check(gateway, relay, want, raw), relay)
                    except AssertionError as error:
                        wrong.append(f"{name}, wanted {want}: {error}")
            relay.listener.close()
            assert site.get("/healthz") == b"ok\n"
    assert count > 100, count
    assert not wrong, "\n".join(wrong)


def test_raw_cases_through_nginx():
    run_cases(Nginx, judge)


def test_raw_cases_through_caddy():
    """Caddy refuses and cleans other cases than nginx does; none gets through as it is."""
    if not shutil.which("caddy"):
        print("caddy is not installed: its configuration was not tried")
        return

    def check(gateway, relay, want, raw):
        statuses, got = gateway.send(raw)
        reached = reached_of(relay)
        assert len(reached) <= len(statuses) or len(reached) == 1, (statuses, reached)
        assert all(s >= 400 for s in statuses) or len(reached) == len(statuses), (statuses, got[:200])
        if want in ("200", "404") and not raw.startswith(b"\r\n"):
            assert statuses == [int(want)], statuses

    run_cases(Caddy, check)


def plain_get(path, more=""):
    return f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{more}\r\n".encode()


def test_pages_through_nginx():
    with folder() as d:
        (d / "settings.yaml").write_text("trusted_proxies: [127.0.0.1]\n")
        with Server(d / "s.db", "--settings", d / "settings.yaml", "--base-url", "https://a") as site, Nginx(site.port) as gateway:
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
        with Server(d / "s.db") as site, Nginx(site.port, rate="1r/m") as gateway:
            with gateway.connect() as s:
                s.settimeout(5)
                s.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a\r\n\r\n" * 600)
                s.settimeout(1)
                got = b""
                with contextlib.suppress(OSError):
                    while data := s.recv(65536):
                        got += data
            statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", got)
            assert statuses.count(b"200") >= 400 and statuses.count(b"429") >= 20, (statuses.count(b"200"), statuses.count(b"429"))


def test_unknown_names_get_nothing():
    with folder() as d, Server(d / "s.db") as site, Nginx(site.port, name="only.example") as gateway:
        assert gateway.send(plain_get("/healthz")) == ([], b"")


if __name__ == "__main__":
    main(globals())
