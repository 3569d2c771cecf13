"""`make fuzz`: FUZZ_COUNT inputs for each engine, split between the targets; JSON on the last line.

Random changes need nothing; the coverage-guided engine is atheris, an extra with wheels for some
machines only: where it is missing, that is said and the rest runs.
"""

import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

import django

COUNT = int(os.environ.get("FUZZ_COUNT", "1000000"))
SEED = int(os.environ.get("FUZZ_SEED", str(int(time.time()))))
FOUND = Path("var/fuzz")


def main() -> int:
    """Run both engines; 1 if anything was found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    FOUND.mkdir(parents=True, exist_ok=True)
    has_atheris = importlib.util.find_spec("atheris") is not None
    tell(f"seed {SEED}; what fails is kept in {FOUND}")
    began = time.monotonic()
    done = {"random": at_random()}
    if has_atheris:
        done["coverage"] = coverage_guided()
    else:
        tell(
            "atheris is not installed, so nothing is guided by coverage: .venv/bin/uv pip install"
            " atheris (it has wheels for Linux on x86-64)"
        )
    failed = sum(1 for engine in done.values() for one in engine.values() if one["failed"])
    inputs = sum(one["inputs"] for engine in done.values() for one in engine.values())
    seconds = round(time.monotonic() - began)
    tell(json.dumps({"inputs": inputs, "failed": failed, "seconds": seconds, "engines": done}))
    return 1 if failed else 0


def tell(line: str) -> None:
    """Say how far we are."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def at_random() -> dict[str, dict[str, int]]:
    """Change seeds at random; statements half the time as JSON."""
    from tests.fuzz import corpus
    from tests.fuzz.mutating import changed_bytes, changed_statement
    from tests.fuzz.targets import TARGETS

    random = Random(SEED)
    statements = corpus.statements()
    done: dict[str, dict[str, int]] = {}
    for name, target in TARGETS.items():
        inputs, failed = round(COUNT * target.share), 0
        for count in range(inputs):
            if name.startswith("statements") and count % 2:
                body = json.dumps(changed_statement(random.choice(statements), random)).encode()
            else:
                body = changed_bytes(random.choice(target.seeds), random, 4 * target.longest)
            try:
                target.run(body)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                failed += 1
                (FOUND / f"{name}-{SEED}-{count}").write_bytes(body)
                tell(f"{name}: {error!r} for {body[:200]!r}")
        done[name] = {"inputs": inputs, "failed": failed}
        tell(f"random  {name}: {inputs} inputs, {failed} failed")
    return done


def coverage_guided() -> dict[str, dict[str, int]]:
    """Let atheris find its way from the seeds, a process for each target."""
    from tests.fuzz.targets import TARGETS

    done: dict[str, dict[str, int]] = {}
    for name, target in TARGETS.items():
        with tempfile.TemporaryDirectory(prefix="careweave-fuzz-") as folder:
            for number, seed in enumerate(target.seeds):
                (Path(folder) / str(number)).write_bytes(seed)
            inputs = round(COUNT * target.share)
            ran = subprocess.run(
                [
                    *(sys.executable, "-m", "tests.fuzz.coverage_guided", name),
                    *(f"-runs={inputs}", f"-max_len={target.longest}", f"-seed={SEED % 2**31}"),
                    *(f"-artifact_prefix={FOUND}/{name}-", "-print_final_stats=1", folder),
                ],
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
            )
        units = re.search(r"number_of_executed_units:\s*(\d+)", ran.stderr)
        failed = int(ran.returncode != 0)
        if failed:
            tell(f"{name}: {ran.stdout[-1500:]}\n{ran.stderr[-1500:]}")
        done[name] = {"inputs": int(units[1]) if units else 0, "failed": failed}
        tell(f"coverage {name}: {done[name]['inputs']} inputs, {failed} failed")
    return done


if __name__ == "__main__":
    sys.exit(main())
