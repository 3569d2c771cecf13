"""Run one benchmark, or all, each in a fresh database; the last line is JSON."""

import importlib
import json
import os
import pkgutil
import sys
import tempfile
from pathlib import Path

NOT_BENCHMARKS = {"__main__", "measuring", "record_store"}


def main(names: list[str]) -> int:
    import tests.bench

    there = [
        one.name
        for one in pkgutil.iter_modules(tests.bench.__path__)
        if one.name not in NOT_BENCHMARKS
    ]
    if unknown := [name for name in names if name not in there]:
        sys.stderr.write(f"No benchmark {', '.join(unknown)}; there are: {', '.join(there)}.\n")
        return 1
    found = {name: _run(name) for name in names or there}
    sys.stdout.write(f"{json.dumps(found)}\n")
    return 0


def _run(name: str) -> object:
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    def tell(line: str) -> None:
        sys.stderr.write(f"[{name}] {line}\n")

    benchmark = importlib.import_module(f"tests.bench.{name}")
    if not getattr(benchmark, "NEEDS_DATABASE", True):
        return benchmark.run(tell=tell)
    tell("a fresh database")
    made = setup_databases(verbosity=0, interactive=False)
    try:
        return benchmark.run(tell=tell)
    finally:
        connection.close()
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="careweave-bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    os.environ["VAR_DIR"] = str(folder)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder / 'bench.sqlite3'}")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
