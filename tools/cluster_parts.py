"""What tools/cluster and the tests of many machines are put together from: PostgreSQL servers in
folders of their own, a watcher that promotes the standby, a proxy with a bad cable, nginx with the
shipped configuration. Everything is on loopback; what is started here is stopped by its pid."""
import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path("/usr/lib/postgresql/15/bin")
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


def until(true, seconds, what, every=0.02):
    """Wait for true(); its value."""
    end = time.monotonic() + seconds
    while True:
        value = true()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)


def children(pid):
    with contextlib.suppress(OSError):
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


class Postgres:
    """One server. PostgreSQL does not run as root: then it runs as the user postgres."""

    def __init__(self, folder, name, settings=()):
        self.folder, self.name, self.settings = pathlib.Path(folder), name, list(settings)
        self.data, self.port = self.folder / name, free_port()
        self.user = pwd.getpwuid(os.geteuid()) if os.geteuid() else pwd.getpwnam("postgres")
        self.process = None

    def become(self):
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(self.user.pw_gid)
            os.setuid(self.user.pw_uid)

    def tool(self, name, *args, **more):
        return subprocess.run([BIN / name, *map(str, args)], check=True, capture_output=True, text=True, preexec_fn=self.become,
                              cwd="/", env=dict(os.environ, PGCONNECT_TIMEOUT="3", LC_ALL="C.UTF-8"), **more).stdout.strip()

    def make(self):
        """An empty cluster of databases, with checksums and all that pg_rewind needs later."""
        self.own(self.folder)
        self.tool("initdb", "-D", self.data, "-U", "xiudai", "-A", "trust", "-k", "-N", "-E", "UTF8", "--locale=C.UTF-8")
        (self.data / "postgresql.auto.conf").write_text("wal_log_hints = on\n")
        return self

    def own(self, path):
        if os.geteuid() == 0:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def copy_of(self, primary):
        """A standby of another, made from it as it runs."""
        shutil.rmtree(self.data, ignore_errors=True)
        self.own(self.folder)
        self.tool("pg_basebackup", "-D", self.data, "-d", primary.conninfo() + f" application_name={self.name}", "-X", "stream",
                  "-c", "fast", "-R", "--no-sync")
        with open(self.data / "postgresql.auto.conf", "a") as f:
            f.write("synchronous_standby_names = ''\n")  # it is alone when it is promoted
        return self

    def start(self, more=()):
        settings = ["listen_addresses=127.0.0.1", f"port={self.port}", f"cluster_name={self.name}", "shared_buffers=64MB",
                    "max_connections=60", "wal_keep_size=256MB", "logging_collector=off", *self.settings, *more]
        self.own(self.folder)
        self.log = open(self.folder / f"{self.name}.log", "ab")
        self.process = subprocess.Popen([BIN / "postgres", "-D", self.data, "-k", self.folder,
                                         *(x for s in settings for x in ("-c", s))],
                                        preexec_fn=self.become, cwd="/", stderr=self.log, stdout=self.log, start_new_session=True)
        until(lambda: self.process.poll() is not None or
              subprocess.run([BIN / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port), "-q"]).returncode == 0,
              60, f"PostgreSQL {self.name} answers", 0.03)
        if self.process.poll() is not None:
            raise AssertionError((self.folder / f"{self.name}.log").read_text()[-2000:])
        return self

    def conninfo(self, database="postgres"):
        return f"host=127.0.0.1 port={self.port} user=xiudai dbname={database}"

    def say(self, sql, database="postgres", seconds=10):
        done = subprocess.run([BIN / "psql", "-XAt", "-d", self.conninfo(database), "-c", sql], capture_output=True, text=True,
                              timeout=seconds, env=dict(os.environ, PGCONNECT_TIMEOUT="2"))
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: {done.stderr.strip()}")
        return done.stdout.strip()

    def asks(self, sql, database="postgres", seconds=1.5):
        """What it says, or None where it does not."""
        try:
            return self.say(sql, database, seconds)
        except (RuntimeError, subprocess.TimeoutExpired):
            return None

    def signal(self, number):
        """To the server and all its children, each of which is a group of its own."""
        for pid in [self.process.pid, *children(self.process.pid)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        if self.process is not None:
            self.log.close()

    def promote(self):
        self.tool("pg_ctl", "promote", "-D", self.data, "-w", "-t", "20")


class Pair:
    """A primary and a standby that has every commit before it is acknowledged."""

    def __init__(self, folder, settings=()):
        self.folder = pathlib.Path(folder)
        os.chmod(self.folder, 0o755)
        self.servers = [Postgres(self.folder, name, settings) for name in ("a", "b")]
        self.primary, self.standby = self.servers

    def start(self, database="xiudai", between=None):
        """between(port): the port at which the standby finds the primary; a proxy's, maybe."""
        self.primary.make().start()
        self.primary.say(f"CREATE DATABASE {database}")
        self.database = database
        self.attach(between)
        return self

    def attach(self, between=None):
        """The standby is made anew and waited for."""
        self.standby.copy_of(self.primary)
        if between:
            conf = self.standby.data / "postgresql.auto.conf"
            conf.write_text(conf.read_text().replace(f"port={self.primary.port}", f"port={between(self.primary.port)}"))
        self.standby.start()
        self.primary.say(f"ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 ({self.standby.name})'")
        self.primary.say("SELECT pg_reload_conf()")
        until(lambda: self.in_step(), 60, "the standby is synchronous", 0.05)

    def in_step(self):
        return self.primary.asks("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'") == "1"

    def swap(self):
        self.primary, self.standby = self.standby, self.primary

    def url(self, *ports):
        ports = ports or [s.port for s in self.servers]
        return f"postgresql://xiudai@{','.join(f'127.0.0.1:{p}' for p in ports)}/{self.database}"

    def stop(self):
        for server in reversed(self.servers):
            server.stop()


class Watcher(threading.Thread):
    """Promotes the standby when the primary has not answered three times: the variant for two small
    machines, where the watcher stands beside the standby. What makes it safe is not the watcher but
    that nothing is acknowledged which the standby does not have, and that it promotes only a standby
    that it has seen in step. The old primary is stopped first where it can be reached."""

    def __init__(self, pair, every=0.5, tell=lambda text: None):
        super().__init__(daemon=True)
        self.pair, self.every, self.tell = pair, every, tell
        self.stopping, self.promoted = threading.Event(), 0

    def run(self):
        missed, in_step = 0, False
        while not self.stopping.wait(self.every):
            pair = self.pair
            state = pair.primary.asks("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", seconds=1)
            missed = missed + 1 if state is None else 0
            in_step = in_step if state is None else state != "0"
            if missed < 3 or not in_step:
                continue
            self.tell(f"{pair.primary.name} does not answer: {pair.standby.name} is promoted")
            pair.primary.kill()
            pair.standby.promote()
            pair.swap()
            self.promoted, missed, in_step = self.promoted + 1, 0, False

    def stop(self):
        self.stopping.set()
        self.join(30)


class Proxy(threading.Thread):
    """A cable of the test's own between client and server: cut() lets nothing through and says
    nothing, delay keeps every byte so many seconds; lose is asked for each piece from the client: where
    it says "before", the connection ends before the server gets it; "after": the server gets this and
    what follows within half a second, and nothing of its answers comes back."""

    def __init__(self, target, delay=0.0, lose=None):
        super().__init__(daemon=True)
        self.target, self.delay, self.lose = target, delay, lose
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open = threading.Event()
        self.open.set()
        self.start()

    def cut(self):
        self.open.clear()

    def mend(self):
        self.open.set()

    def close(self):
        self.open.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        self.open.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        for s in (client, server):
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        deaf = threading.Event()
        threading.Thread(target=self.pump, args=(client, server, self.lose, deaf), daemon=True).start()
        self.pump(server, client, None, deaf)

    def pump(self, source, sink, lose, deaf):
        """Reads at once and sends when its time has come, so that delay does not narrow the cable."""
        queue, ready, done, delay = [], threading.Condition(), [False], self.delay

        def send():
            while True:
                with ready:
                    while not queue and not done[0]:
                        ready.wait()
                    if not queue:
                        break
                    due, data = queue.pop(0)
                time.sleep(max(0, due - time.monotonic()))
                self.open.wait()
                try:
                    sink.sendall(data)
                except OSError:
                    break
            with contextlib.suppress(OSError):
                sink.shutdown(socket.SHUT_RDWR)

        sender = threading.Thread(target=send, daemon=True)
        if delay:
            sender.start()
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                when = lose(data) if lose else None
                if when == "before":
                    break
                if delay:
                    with ready:
                        queue.append((time.monotonic() + delay, data))
                        ready.notify()
                else:
                    self.open.wait()
                    if lose or not deaf.is_set():
                        sink.sendall(data)
                if when == "after":
                    deaf.set()
                    threading.Timer(0.5, lambda: source.shutdown(socket.SHUT_RDWR)).start()
        if delay:
            with ready:
                done[0] = True
                ready.notify()
            sender.join()
        for s in (source, sink):
            with contextlib.suppress(OSError):
                s.shutdown(socket.SHUT_RDWR)


class Node:
    """`xiudai serve` as one of several."""

    def __init__(self, binary, store, folder, *args, prefix=(), env=None, port=None):
        self.binary, self.store, self.folder, self.args, self.prefix, self.env = binary, store, folder, args, prefix, env
        self.port, self.metrics_port = port or free_port(), free_port()
        self.index = pathlib.Path(folder) / f"index-{self.port}"

    def start(self, wait=True):
        self.log_path = pathlib.Path(self.folder) / f"node-{self.port}.log"
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            [*self.prefix, str(self.binary), "serve", "--store", self.store, "--index", self.index, "--listen", f"127.0.0.1:{self.port}",
             "--metrics-listen", f"127.0.0.1:{self.metrics_port}", *map(str, self.args)],
            stderr=self.log, stdout=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **(self.env or {})})
        if wait:
            self.wait()
        return self

    def wait(self, seconds=60):
        until(lambda: self.process.poll() is not None or self.ready(), seconds, "the node is ready", 0.03)
        if self.process.poll() is not None:
            raise AssertionError(f"the node ended with {self.process.returncode}: {self.log_path.read_text()[-2000:]}")

    def ask(self, path, seconds=30, port=None, headers=None):
        """(status, headers, body)"""
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=seconds)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def ready(self):
        """What /readyz says, as a dictionary; None while it does not."""
        try:
            status, _, body = self.ask("/readyz", 5)
        except OSError:
            return None
        return dict(line.split(" ", 1) for line in body.decode().splitlines()[1:]) if status == 200 else None

    def metrics(self):
        _, _, body = self.ask("/metrics", 5, self.metrics_port)
        return dict(re.findall(r"^(xiudai_\w+) (\S+)$", body.decode(), re.M))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        return self.process.returncode


class Gateway:
    """nginx with the shipped configuration before several nodes, over TLS."""

    def __init__(self, folder, ports, rate="100000r/s", port=None):
        self.folder, self.ports, self.rate = pathlib.Path(folder), ports, rate
        self.port, self.plain = port or free_port(), free_port()

    def start(self):
        self.folder.mkdir(exist_ok=True)
        os.chmod(self.folder, 0o755)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"], check=True, capture_output=True)
        self.process = subprocess.Popen(self.configure(), stderr=subprocess.PIPE, env=dict(os.environ, HOME=str(self.folder)))
        until(self.listens, 60, "the gateway listens")
        return self

    def configure(self):
        """Writes the configuration; the command that runs it."""
        text = (ROOT / "gateway" / "nginx.conf").read_text(encoding="utf-8")
        one = re.search(r"^ *server 127\.0\.0\.1:8080(.*);$", text, re.M)
        for old, new in [(one.group(0), "\n".join(f"    server 127.0.0.1:{p}{one.group(1)};" for p in self.ports)),
                         ("listen 443", f"listen 127.0.0.1:{self.port}"), ("listen 80", f"listen 127.0.0.1:{self.plain}"),
                         ("server_name «name»", 'server_name "~^.+$"'), ("«/etc/ssl/xiudai.pem»", str(self.folder / "cert.pem")),
                         ("«/etc/ssl/xiudai.key»", str(self.folder / "key.pem")),
                         ("rate=200r/s", f"rate={self.rate}"), ("rate=1r/s", f"rate={self.rate}")]:
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "site.conf").write_text(text, encoding="utf-8")
        (self.folder / "nginx.conf").write_text(f"""daemon off; worker_processes 1; pid {self.folder}/pid; error_log {self.folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy; fastcgi_temp_path {self.folder}/f;
    uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
    include {self.folder}/site.conf;
}}""")
        return [NGINX, "-c", str(self.folder / "nginx.conf")]

    def listens(self):
        assert self.process.poll() is None, self.process.stderr.read().decode()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=20)


class Caddy(Gateway):
    """Caddy with the shipped configuration."""

    def configure(self):
        text = (ROOT / "gateway" / "Caddyfile").read_text(encoding="utf-8")
        for old, new in [("\n{\n", "\n{\n\tadmin off\n\tauto_https off\n"),
                         ("«name» {", f"https://:{self.port} {{\n\ttls {self.folder}/cert.pem {self.folder}/key.pem"),
                         ("127.0.0.1:8080 {", " ".join(f"127.0.0.1:{p}" for p in self.ports) + " {")]:
            assert old in text, old
            text = text.replace(old, new)
        (self.folder / "Caddyfile").write_text(text, encoding="utf-8")
        return ["caddy", "run", "--adapter", "caddyfile", "--config", str(self.folder / "Caddyfile")]
