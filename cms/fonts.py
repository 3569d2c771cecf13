"""Cut the typefaces that come as packages down to what pages need, as woff2.

A text face, upright and italic, and a heading face for Latin letters, Welsh ŵ and ŷ included, and one
for Arabic script. Browsers fetch a face only when a page has letters from its range.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WELSH = "âêîôûŵŷÂÊÎÔÛŴŶ"
LATIN = (
    (0x20, 0x7E),
    (0xA0, 0x17F),
    (0x218, 0x21B),
    (0x1E80, 0x1E85),
    (0x1EF2, 0x1EF3),
    (0x2010, 0x2026),
    (0x2030, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2264, 0x2265),
)
ARABIC = (
    (0x600, 0x6FF),
    (0x750, 0x77F),
    (0x200C, 0x200F),
)
_FEATURES = (
    *("calt", "ccmp", "curs", "fina", "init", "isol", "kern", "liga", "locl"),
    *("mark", "medi", "mkmk", "rclt", "rlig", "tnum"),
)


@dataclass(frozen=True)
class Face:
    """One typeface of ours: where its file is, which letters and which weights we keep."""

    family: str
    package: str
    file: str
    ranges: tuple[tuple[int, int], ...]
    must_have: str
    axes: Mapping[str, float | tuple[float, float]] = field(default_factory=dict)
    style: str = "normal"

    @property
    def output(self) -> str:
        slant = "" if self.style == "normal" else f"_{self.style}"
        return f"{self.package.removeprefix('fontpkg_')}{slant}.woff2"

    @property
    def unicode_range(self) -> str:
        return ",".join(
            f"U+{low:X}-{high:X}" if low < high else f"U+{low:X}" for low, high in self.ranges
        )


FACES = (
    Face(
        family="Careweave Text",
        package="fontpkg_figtree",
        file="Figtree[wght].ttf",
        ranges=LATIN,
        must_have=WELSH,
        axes={"wght": (400, 700)},
    ),
    Face(
        family="Careweave Text",
        package="fontpkg_figtree",
        file="Figtree-Italic[wght].ttf",
        ranges=LATIN,
        must_have=WELSH,
        axes={"wght": (400, 700)},
        style="italic",
    ),
    Face(
        family="Careweave Display",
        package="fontpkg_bricolage_grotesque",
        file="BricolageGrotesque[opsz,wdth,wght].ttf",
        ranges=LATIN,
        must_have=WELSH,
        axes={"opsz": 40, "wdth": 100, "wght": 700},
    ),
    Face(
        family="Careweave Arabic",
        package="fontpkg_rubik",
        file="Rubik[wght].ttf",
        ranges=ARABIC,
        must_have="ابتةىءأؤئ؟،٠٩پچڤگ",
        axes={"wght": (400, 700)},
    ),
)


class MissingLetters(ValueError):
    """A typeface does not have letters that our languages need."""


def write_face(face: Face, folder: Path) -> Path:
    """Write one face as woff2, with its licence beside it; return the face's path.

    Raises:
        MissingLetters: the package's file lacks a letter of `must_have`.
    """
    package = resources.files(face.package)
    with resources.as_file(package / "files" / face.file) as source:
        font = TTFont(source)
        missing = [c for c in face.must_have if ord(c) not in font.getBestCmap()]
        if missing:
            raise MissingLetters(f"{face.package} has no {' '.join(missing)}")
        options = subset.Options(hinting=False, notdef_outline=True)
        options.layout_features = list(_FEATURES)
        options.drop_tables += ["meta", "DSIG"]
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[c for low, high in face.ranges for c in range(low, high + 1)])
        cutter.subset(font)
        if face.axes:
            font = instancer.instantiateVariableFont(font, dict(face.axes), inplace=True)
    font.flavor = "woff2"
    target = folder / face.output
    font.save(target)
    licence = (package / "LICENSE").read_text(encoding="utf-8")
    target.with_suffix(".licence.txt").write_text(licence, encoding="utf-8")
    return target


def font_face_rules(folder_url: str) -> str:
    """Return the @font-face rules for all faces, their files under `folder_url`."""
    return "".join(
        f"@font-face{{font-family:'{face.family}';font-display:swap;"
        f"font-style:{face.style};font-weight:{_weights(face)};src:url({folder_url}{face.output}) format('woff2');"
        f"unicode-range:{face.unicode_range}}}"
        for face in FACES
    )


def _weights(face: Face) -> str:
    weight = face.axes.get("wght", 400)
    return f"{weight[0]:g} {weight[1]:g}" if isinstance(weight, tuple) else f"{weight:g}"
