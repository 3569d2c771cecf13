"""The production web server in processes of its own, to be killed and to come back."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

from tests.lrs.crash.databases import Database
from tests.migrated_database import ROOT
from tests.ports import free_port


class WebServer:
    """`gunicorn config.wsgi` with our settings, as `make run` starts it."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        application: str = "config.wsgi",
        **environment: str,
    ) -> None:
        self.port = free_port()
        self.log_file = folder / "server.log"
        self._application = application
        self._environment = {
            "MALLOC_ARENA_MAX": "2",
            **os.environ,
            "DATABASE_URL": database.url,
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "SITE_URL": f"http://localhost:{self.port}",
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "WEB_CONCURRENCY": "2",
            "PYTHONWARNINGS": "ignore",
            **environment,
        }
        self._environment.pop("DEBUG", None)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; return when it answers."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(Path(sys.executable).parent / "gunicorn"),
                    self._application,
                    "--config",
                    "python:config.gunicorn",
                ],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        patience = time.monotonic() + 300
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > patience:
                raise RuntimeError(f"The server did not start.\n{self.log()[-3000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        request = f"GET /healthz HTTP/1.0\r\nHost: localhost:{self.port}\r\n\r\n".encode()
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as probe:
                probe.sendall(request)
                return b" 200 " in probe.recv(200)
        except OSError:
            return False

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children()

    def kill_workers(self, count: int) -> None:
        """Kill -9 of some of those that answer requests; the first process starts others."""
        for worker in self.workers()[:count]:
            worker.send_signal(signal.SIGKILL)

    def kill(self) -> None:
        """Kill -9 of all its processes."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it as an operator would."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def memory_mib(self) -> float:
        """What its processes hold of their own."""
        return sum(worker.memory_info().rss for worker in self.workers()) / 2**20

    def log(self) -> str:
        """What it wrote."""
        return self.log_file.read_text(errors="replace")
