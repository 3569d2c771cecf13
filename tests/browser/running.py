"""The site as `make run` runs it: prepared once a test session, one copy running for each worker."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PREPARE_SECONDS = 900
START_SECONDS = 300
KEEP = "BROWSER_SITE"
"""Names a folder to keep the prepared site in from one run to the next, while writing tests."""

IRI_BASE = "http://localhost:8000"
CLEARED = {"DATABASE_URL", "REDIS_URL", "SEARCH_URL", "STORAGE_URL", "EMAIL_URL", "SECRET_KEY",
           "ALLOWED_HOSTS", "DEBUG", "DJANGO_SETTINGS_MODULE"}  # fmt: skip


@dataclass(frozen=True)
class RunningSite:
    """A web server and a worker of our own on one copy of the prepared site."""

    url: str
    folder: Path

    def manage(self, *arguments: str) -> dict[str, Any]:
        """Run a management command beside the running site; return its last line as JSON."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.folder, url=self.url),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[0]} failed: {done.stderr[-2000:]}"
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return answer


def environment(folder: Path, *, url: str) -> dict[str, str]:
    """The environment of a production server with its data in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
    return kept | {
        "VAR_DIR": str(folder),
        "SITE_URL": url,
        "PORT": url.rsplit(":", 1)[1],
        "IRI_BASE": IRI_BASE,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """One process at a time; the others wait."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def prepare(shared: Path) -> Path:
    """Return the folder of a site with everything in it; made by whoever comes first."""
    kept = os.environ.get(KEEP)
    folder = Path(kept).resolve() if kept else shared / "prepared-site"
    with locked(folder.with_name(f"{folder.name}.lock")):
        mark = folder / "is-prepared"
        if not mark.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            started = time.monotonic()
            done = subprocess.run(
                [sys.executable, "manage.py", "start", "--prepare-only"],
                cwd=ROOT,
                env=environment(folder, url=IRI_BASE),
                capture_output=True,
                text=True,
                timeout=PREPARE_SECONDS,
                check=False,
            )
            assert done.returncode == 0, f"the site could not be prepared: {done.stderr[-3000:]}"
            mark.write_text(f"{time.monotonic() - started:.1f} s\n{done.stdout}")
    return folder


@contextmanager
def running(prepared: Path, *, copy: Path, port: int | None = None) -> Iterator[RunningSite]:
    """Run a copy of the prepared site, and stop it afterwards."""
    shutil.copytree(prepared, copy)
    url = f"http://localhost:{port or free_port()}"
    with (copy / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--serve-only"],
            cwd=ROOT,
            env=environment(copy, url=url),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            wait_until_ready(url, server=server, log=copy / "server.log")
            yield RunningSite(url=url, folder=copy)
        finally:
            stop(server)


def wait_until_ready(url: str, *, server: "subprocess.Popen[Any]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, f"the server stopped: {log.read_text()[-3000:]}"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"not ready after {START_SECONDS} s: {log.read_text()[-3000:]}")


def stop(server: "subprocess.Popen[Any]") -> None:
    """Ask the server and its children to stop; insist when they do not."""
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=5)
