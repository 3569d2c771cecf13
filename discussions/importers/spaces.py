"""Reading the spaces that come with Careweave from their file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

TEXTS = ("title", "description", "house_rules")


class SpacesFileWrong(Exception):
    """The file cannot be read as spaces; the message says where and why."""


@dataclass(frozen=True)
class StarterSpace:
    """One space of the file. ``texts`` are by language, the first being the original's."""

    slug: str
    language: str
    visibility: str
    allows_unnamed: bool
    is_for_lessons: bool
    texts: Mapping[str, Mapping[str, str]]
    checked_by: Mapping[str, str] = field(default_factory=dict)


def read_spaces(file: Path) -> list[StarterSpace]:
    """Return the spaces of a YAML file, in order.

    Raises:
        SpacesFileWrong: it is not there, not YAML, or a space lacks what it needs.
    """
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpacesFileWrong(f"{file.name}: {error}") from error
    if not isinstance(given, dict) or not isinstance(given.get("spaces"), list):
        raise SpacesFileWrong(f"{file.name}: there is no list named “spaces”.")
    spaces = [_space(row, place) for place, row in enumerate(given["spaces"], start=1)]
    slugs = [space.slug for space in spaces]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise SpacesFileWrong(f"{file.name}: “{slug}” is there more than once.")
    return spaces


def _space(row: Any, place: int) -> StarterSpace:
    if not isinstance(row, dict) or not isinstance(row.get("slug"), str):
        raise SpacesFileWrong(f"Space {place} has no “slug”.")
    slug = row["slug"]
    languages = [code for code, _name in settings.LANGUAGES if code in row]
    if not languages:
        raise SpacesFileWrong(f"{slug}: there are no words in any language.")
    return StarterSpace(
        slug=slug,
        language=languages[0],
        visibility=row.get("visibility", "public"),
        allows_unnamed=bool(row.get("allows_unnamed", False)),
        is_for_lessons=bool(row.get("is_for_lessons", False)),
        texts={code: _texts(row[code], slug, code) for code in languages},
        checked_by={code: str(row[code].get("checked_by") or "") for code in languages},
    )


def _texts(given: Any, slug: str, language: str) -> dict[str, str]:
    if not isinstance(given, dict) or not str(given.get("title") or "").strip():
        raise SpacesFileWrong(f"{slug}: there is no title in “{language}”.")
    texts: dict[str, str] = {}
    for name in TEXTS:
        value = given.get(name) or ""
        if isinstance(value, list):
            value = "\n".join(str(line) for line in value)
        texts[name] = str(value).strip()
    return texts
