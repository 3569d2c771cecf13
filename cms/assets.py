"""Build what pages fetch: one stylesheet for both directions, and the typefaces."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ProcessPoolExecutor
from importlib import metadata, resources
from pathlib import Path

from cms.fonts import FACES, Face, font_face_rules, write_face
from cms.stylesheets import build_stylesheet

SOURCES = Path(__file__).parent / "static" / "cms" / "css"
ORDER = (
    *("base", "frame", "menus", "navigation", "controls", "cards", "lesson", "levels", "charts"),
    *("lists", "empty", "home", "print"),
)
"""Our own sheets after tokens.css, in the order in which they are laid over one another."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
# a quoted text is matched first, so that it stays as it is
_AROUND = re.compile(r'("[^"]*")|\s*([{};,])\s*|(:)\s+(?=[^{}]*[;}])')


def build_assets(*, folder: Path) -> dict[str, int]:
    """Write `careweave/site.css` and `careweave/fonts/` under a folder; return sizes in bytes.

    Faces are cut again only when their package or our choice of letters changed.

    Writes: files under `folder`. Safe to repeat.
    """
    target = folder / "careweave"
    fonts = target / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    stale = [face for face in FACES if not _is_cut(face, fonts)]
    if stale:
        with ProcessPoolExecutor(max_workers=2) as workers:
            list(workers.map(write_face, stale, [fonts] * len(stale)))
        for face in stale:
            (fonts / face.output).with_suffix(".stamp").write_text(_stamp(face), encoding="utf-8")
    sheet = target / "site.css"
    sheet.write_text(site_stylesheet(), encoding="utf-8")
    return {path.name: path.stat().st_size for path in (sheet, *sorted(fonts.glob("*.woff2")))}


def site_stylesheet() -> str:
    """Return the whole sheet: faces, tokens, then NHS.UK components with ours laid over them."""
    ours = "".join(read_source(name) for name in ORDER)
    return (
        "@layer nhsuk,site;"
        + font_face_rules("fonts/")
        + minified(read_source("tokens"))
        + f"@layer nhsuk{{{build_stylesheet(_nhsuk_sheet())}}}"
        + f"@layer site{{{minified(ours)}}}"
    )


def read_source(name: str) -> str:
    """Return one of our own sheets as it was written."""
    return (SOURCES / f"{name}.css").read_text(encoding="utf-8")


def minified(css: str) -> str:
    """Return a sheet of ours without comments and needless white space."""
    spaced = _SPACE.sub(" ", _COMMENT.sub("", css))
    return _AROUND.sub(lambda m: m[1] or m[2] or m[3], spaced).replace(";}", "}").strip()


def _nhsuk_sheet() -> str:
    folder = resources.files("wagtailnhsukfrontend") / "static" / "wagtailnhsukfrontend" / "css"
    sheets = [file for file in folder.iterdir() if file.name.endswith(".min.css")]
    if len(sheets) != 1:
        raise FileNotFoundError(f"Expected one NHS.UK sheet in {folder}, found {len(sheets)}.")
    return sheets[0].read_text(encoding="utf-8")


def _is_cut(face: Face, fonts: Path) -> bool:
    target = fonts / face.output
    stamp = target.with_suffix(".stamp")
    return target.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == _stamp(face)


def _stamp(face: Face) -> str:
    release = metadata.version(face.package.replace("_", "-"))
    return hashlib.sha256(f"{release} {face!r}".encode()).hexdigest()
