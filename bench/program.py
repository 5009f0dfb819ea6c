"""The program from outside: commands with what they cost, a server on a free port, one kept connection."""
import os
import pathlib
import re
import signal
import socket
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = pathlib.Path(os.environ.get("XIUDAI_BINARY", ROOT / "build" / "xiudai"))
ANSWER = 60  # seconds an answer may take before measuring is given up


def command(*args):
    """Runs the program; returns wall seconds, processor seconds, MiB at the peak of its largest process."""
    start = time.monotonic()
    child = subprocess.Popen([str(BINARY), *map(str, args)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=ROOT)
    said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    if child.returncode != 0:
        raise SystemExit(f"{args} ended with {child.returncode}:\n{said.decode(errors='replace')[-3000:]}")
    return {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024}


def memory(pid):
    """Bytes a process keeps in memory that no file backs."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"RssAnon:\s+(\d+) kB", text).group(1)) * 1024


def cpu_ms(pid):
    """Processor time all threads of a process have had, in milliseconds: Linux's clock of that process."""
    return time.clock_gettime((~pid << 3) | 2) * 1000


class Server:
    """`with Server(store, work) as site:`, stopped by its pid; log in the folder `work`."""

    def __init__(self, store, work):
        self.store, self.log = store, work / "serve.log"

    def command(self):
        return [str(BINARY), "serve", "--store", str(self.store), "--listen", "127.0.0.1:0"]

    def __enter__(self):
        self.start = time.monotonic()
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=log, cwd=ROOT)
        while True:
            said = self.log.read_text(errors="replace")
            found = re.search(r"http://127\.0\.0\.1:(\d+)", said)
            if found and '"serving"' in said:
                self.port = int(found.group(1))
                return self
            if self.process.poll() is not None or time.monotonic() - self.start > 600:
                self.__exit__()
                raise SystemExit(f"the server did not start:\n{said[-3000:]}")
            time.sleep(0.002)

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)


class Line:
    """One kept connection, by hand: http.client would take longer than the answers measured."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.host = f"127.0.0.1:{port}"

    def close(self):
        self.socket.close()

    def get(self, path):
        """(status, body, milliseconds from the first byte sent to the last received)."""
        asked = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\n\r\n".encode()
        start = time.perf_counter()
        self.socket.sendall(asked)
        got = self.socket.recv(1 << 18)
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self.more()
        head = got[:end]
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        want = end + 4 + (int(length.group(1)) if length else 0)
        parts, have = [got], len(got)
        while have < want:
            parts.append(self.more())
            have += len(parts[-1])
        took = (time.perf_counter() - start) * 1000
        return int(head[9:12]), b"".join(parts)[end + 4:], took

    def more(self):
        got = self.socket.recv(1 << 18)
        if not got:
            raise SystemExit("the server closed the connection")
        return got


class Clusters:
    """npm supercluster with the same points, a process of Node that answers line by line."""

    def __init__(self, folder, points):
        self.process = subprocess.Popen(
            [str(ROOT / "tools" / "node"), str(ROOT / "bench" / "clusters.mjs"), str(folder), str(points)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit("supercluster did not start")

    def tile(self, q):
        """Milliseconds to make one tile, as Node measured them."""
        self.process.stdin.write(f"{q['z']} {q['col']} {q['row']}\n")
        return float(self.process.stdout.readline().split()[0])

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


NGINX = """daemon off; master_process off; worker_processes 1; pid {work}/nginx.pid; error_log {work}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off; open_file_cache max=16; open_file_cache_valid 600s; keepalive_requests 100000000;
    client_body_temp_path {work}; proxy_temp_path {work}; fastcgi_temp_path {work}; uwsgi_temp_path {work}; scgi_temp_path {work};
    server {{ listen 127.0.0.1:{port}; root {work}/static; default_type text/plain; }}
}}
"""


class Nginx:
    """nginx serving one file /small from the folder `work`; only where it is installed."""

    def __init__(self, work, body):
        self.work = work
        (work / "static").mkdir(exist_ok=True)
        (work / "static" / "small").write_bytes(body)

    def __enter__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = self.work / "nginx.conf"
        settings.write_text(NGINX.format(work=self.work, port=self.port))
        self.process = subprocess.Popen(["nginx", "-c", settings, "-e", self.work / "nginx.log"],
                                        env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
        for _ in range(200):
            with socket.socket() as line:
                if line.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(.05)
        self.__exit__()
        raise SystemExit("nginx did not start: " + (self.work / "nginx.log").read_text())

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
