"""The first view weighs at most 150 KB as it travels, in a left-to-right and a right-to-left page."""

import re
import zlib
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from cms.assets import build_assets
from cms.fonts import ARABIC, FACES, WELSH, MissingLetters, write_face
from tests.factories.learning import make_course

LIMIT_BYTES = 150 * 1024


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assets")
    build_assets(folder=folder)
    return folder / "careweave"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/ar/"])
def test_first_view_is_light(client: Client, assets: Path, path: str) -> None:
    for number in range(4):
        make_course(title=f"Course {number}")
    answer = client.get(path)
    html = answer.content
    if answer.status_code != 200:
        pytest.fail(f"{path} answered {answer.status_code}")

    asked = set(re.findall(rb'(?:src|href)="/static/([^"#]+)', html))
    weight = len(zlib.compress(html, 6))
    for name in (one.decode() for one in asked if not one.startswith(b"careweave/")):
        found = finders.find(name)
        assert found, name
        content = Path(found).read_bytes()
        weight += min(len(content), len(zlib.compress(content, 6)))
    weight += len(zlib.compress((assets / "site.css").read_bytes(), 6))
    weight += sum(file.stat().st_size for file in (assets / "fonts").glob("*.woff2"))

    assert b"careweave/site.css" in b" ".join(asked)
    assert weight <= LIMIT_BYTES


def test_building_twice_cuts_no_face_again(assets: Path) -> None:
    face = assets / "fonts" / FACES[0].output
    made_at = face.stat().st_mtime_ns

    build_assets(folder=assets.parent)

    assert face.stat().st_mtime_ns == made_at


def test_faces_carry_their_licence(assets: Path) -> None:
    for face in FACES:
        licence = (assets / "fonts" / face.output).with_suffix(".licence.txt")
        assert "SIL OPEN FONT LICENSE" in licence.read_text().upper()


def test_text_face_has_welsh_and_arabic_face_has_arabic(assets: Path) -> None:
    from fontTools.ttLib import TTFont

    for face in FACES:
        letters = TTFont(assets / "fonts" / face.output).getBestCmap()
        wanted = "ابتىءپچگ٠" if face.ranges == ARABIC else WELSH
        assert [letter for letter in wanted if ord(letter) not in letters] == []


def test_face_without_our_letters_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    with pytest.raises(MissingLetters, match="ب"):
        write_face(replace(FACES[0], must_have="ب"), tmp_path)
