"""Prepare everything and start the web server and the worker: what `make run` calls."""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone

from config.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, has_demo, may_load_demo
from config.starter import load_starter

MEMORY: Final = {
    # threads that each keep what they once needed would hold memory that nobody uses, and so
    # would large pieces that are not given back; the C library reads this when a program starts
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "65536",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}


class Command(BaseCommand):
    help = "Prepare the installation and start the web server and the Celery worker."

    def add_arguments(self, parser: CommandParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--prepare-only", action="store_true", help="do not start anything")
        only.add_argument(
            "--serve-only", action="store_true", help="start what was prepared before, as it is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["serve_only"]:
            self.prepare()
        if options["prepare_only"]:
            return
        self.welcome()
        connection.close()
        self.serve()

    def prepare(self) -> None:
        with self.step("database"):
            call_command("migrate", verbosity=0, interactive=False)
        with self.step("languages and stylesheets"):
            self.prepare_files()
        with self.step("framework, roles, courses"):
            load_starter(at=timezone.now(), progress=self.tell)
        if may_load_demo():
            with self.step("demo people and a year of learning"):
                call_command("load_demo", yes=True, stdout=_nowhere(), stderr=self.stderr)

    def prepare_files(self) -> None:
        """Catalogues, stylesheets, typefaces and their compressed copies; only what has changed."""
        stamp = settings.STATIC_ROOT / ".made-from"
        made_from = fingerprint(settings.BASE_DIR)
        if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_from:
            return
        call_command("compile_catalogues", stdout=_nowhere())
        call_command("build_assets", stdout=_nowhere())
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(made_from, encoding="utf-8")

    def tell(self, line: str) -> None:
        self.stdout.write(f"        {line}")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.stdout.write(f"[start] {name}: {time.monotonic() - started:.1f} s")

    def welcome(self) -> None:
        self.stdout.write("")
        self.stdout.write(f"  Careweave:  {settings.SITE_URL}")
        self.stdout.write(f"  Editors:    {settings.SITE_URL}/admin/")
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
            self.stdout.write(f"  Mail sent:  {settings.SITE_URL}/mail/ (files in var/mail)")
        if has_demo():
            self.stdout.write(f"\n  Demo accounts, all with the password {DEMO_PASSWORD}:")
            for account in DEMO_ACCOUNTS:
                self.stdout.write(f"    {account.username:<14} {account.what}")
        self.stdout.write("\n  Stop with Ctrl-C.\n")
        self.stdout.flush()

    def serve(self) -> None:
        """Become the process that runs the web server and the worker."""
        sys.stdout.flush()
        os.chdir(settings.BASE_DIR)
        clock = str(settings.VAR_DIR / "celerybeat")
        command = [sys.executable, "-m", "config.processes", clock]
        environment = {**MEMORY, **os.environ, "PYTHONUNBUFFERED": "1"}
        os.execve(sys.executable, command, environment)  # noqa: S606 - ours


def fingerprint(folder: Path) -> str:
    """Return what tells whether files that pages fetch have to be made again.

    Name, size and time of change of everything in the apps' ``static`` and ``locale`` folders, of
    the code that builds from them, and of the list of packages.
    """
    apps = [app for app in folder.iterdir() if (app / "__init__.py").is_file()]
    parts = [
        path
        for app in apps
        for pattern in ("static/**/*", "locale*/**/*.po")
        for path in app.glob(pattern)
        if path.is_file()
    ]
    parts += [*(folder / "cms").glob("*.py"), folder / "requirements.txt"]
    said = "\n".join(
        f"{path.relative_to(folder)} {(info := path.stat()).st_size} {info.st_mtime_ns}"
        for path in sorted(parts)
    )
    return hashlib.sha256(f"{folder}\n{sys.version}\n{said}".encode()).hexdigest()


class _nowhere:  # noqa: N801 - reads as what it is where it is used
    """Somewhere to write what nobody needs to read here."""

    def write(self, *args: object) -> None:
        pass

    def flush(self) -> None:
        pass
