"""One target under atheris, which keeps what reaches new code and goes on from it.

`python -m tests.fuzz.coverage_guided TARGET -runs=… CORPUS`, as `make fuzz` starts it.
"""

import os
import sys

import atheris  # type: ignore[import-not-found]  # an extra: see docs/reference/commands.md
import django

with atheris.instrument_imports(include=["lrs.rules", "lrs.api.calls", "lrs.api.auth"]):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    from tests.fuzz.targets import TARGETS


def main() -> None:
    """Fuzz; the process ends when it is done, with 0, or at the first failure."""
    target = TARGETS[sys.argv.pop(1)]
    atheris.Setup(sys.argv, target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
