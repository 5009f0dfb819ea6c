"""The archive of `make dist` on a machine without network: dist_inside.sh, under unshare -n. With
XIUDAI_SOAK=1 a second time in a Debian 12 root that holds the minimal packages only."""
import fcntl
import lzma
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import sys

from xiudai import ROOT, SOAK, folder

INSIDE = ROOT / "tests" / "it" / "dist_inside.sh"
KEPT = ROOT / "tests" / "kept" / "schema-1.db.xz"
MIRROR = "http://deb.debian.org/debian"


def loopback_up():
    """A new network namespace has only a loopback device, which is down; a bare root has no `ip`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, 0x8914, struct.pack("16sh", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: UP, RUNNING


def no_network():
    """The words that run a command without network, or why that cannot be had."""
    words = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    tried = subprocess.run([*words, sys.executable, __file__, "--loopback", "true"], capture_output=True, text=True)
    return (words, None) if tried.returncode == 0 else ([], tried.stderr.strip().splitlines()[-1:])


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run_inside(archive, kept, work, chroot=None):
    words, why = no_network()
    if why is not None:
        print(f"not cut off from the network: this kernel forbids unshare -n: {why}")
    port = 8080 if words else free_port()
    inside = ["/bin/bash", INSIDE, archive, kept, work, port]
    if words:
        words = [*words, sys.executable, __file__, "--loopback"]
    if chroot is not None:
        for name, path in (("inside.sh", INSIDE), ("archive.tar.gz", archive), ("kept.db", kept)):
            shutil.copy(path, chroot / "srv" / name)
        (chroot / "srv" / "work").mkdir()
        words += ["chroot", chroot]
        inside = ["/bin/bash", "/srv/inside.sh", "/srv/archive.tar.gz", "/srv/kept.db", "/srv/work", port]
    done = subprocess.run([*map(str, words), *map(str, inside)], capture_output=True, text=True, timeout=800)
    print(done.stdout[-6000:], done.stderr[-3000:])
    found = re.findall(r"^(\d+) passed, (\d+) failed$", done.stdout, re.M)
    return (int(found[-1][0]), int(found[-1][1])) if found else (0, 1)


def make_archive(d):
    made = subprocess.run([ROOT / "tools" / "dist"], env={**os.environ, "DIST": str(d / "dist"), "GZIP_LEVEL": "1"},
                          capture_output=True, text=True, check=True, cwd=ROOT)
    return pathlib.Path(made.stdout.splitlines()[-1])


def bare_root(d):
    """Debian 12 with what every installation has and nothing else. Its own mirror may be named."""
    root = d / "root"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", root, os.environ.get("XIUDAI_MIRROR", MIRROR)],
                   check=True, stdout=subprocess.DEVNULL)
    for device in ("null", "zero", "urandom", "random"):
        if not (root / "dev" / device).exists():
            subprocess.run(["cp", "-a", f"/dev/{device}", root / "dev"], check=True)
    return root


def main():
    with folder() as d:
        d.chmod(0o755)  # the sandbox's user reads what is installed below
        archive = make_archive(d)
        kept = d / "kept-store.db"
        kept.write_bytes(lzma.decompress(KEPT.read_bytes()))
        work = d / "work"
        work.mkdir()
        passed, failed = run_inside(archive, kept, work)
        shutil.rmtree(work)
        if SOAK:
            if os.geteuid() != 0 or shutil.which("debootstrap") is None:
                print("the bare root was not tried: that needs root and the Debian package debootstrap")
            else:
                more = run_inside(archive, kept, d, bare_root(d))
                passed, failed = passed + more[0], failed + more[1]
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if sys.argv[1:2] == ["--loopback"]:
    loopback_up()
    os.execvp(sys.argv[2], sys.argv[2:])
if __name__ == "__main__":
    main()
