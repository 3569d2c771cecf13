"""Read the framework and role files that come with Careweave (docs/reference/starter-content.md)."""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from competencies.rules.documents import (
    FrameworkDocument,
    ItemText,
    LevelText,
    child_links,
    competency_uuid,
    level_uuid,
)


class StarterFileWrong(ValueError):
    """A starter file cannot be read; the message names the file and what is missing."""


@dataclass(frozen=True)
class Translation:
    """What a subject's fields say in another language."""

    language: str
    checked_by: str
    texts: tuple[tuple[uuid.UUID, str, str], ...]
    file: str
    sha256: str


@dataclass(frozen=True)
class StarterRole:
    """A role as its file gives it."""

    slug: str
    title: str
    summary: str
    also_called: tuple[str, ...]
    where_found: tuple[str, ...]
    framework: str
    requires: tuple[tuple[str, str, str], ...]
    translations: tuple[tuple[str, str, str, str], ...]
    sha256: str


def read_frameworks(folder: Path) -> list[FrameworkDocument]:
    """Return every framework in ``folder``, by file name."""
    return [_framework(path) for path in sorted(folder.glob("*.yaml")) if "." not in path.stem]


def read_translations(folder: Path, document: FrameworkDocument) -> list[Translation]:
    """Return the translations that stand beside a framework's file."""
    return [_translation(path, document) for path in sorted(folder.glob(f"{document.slug}.*.yaml"))]


def read_roles(folder: Path) -> list[StarterRole]:
    """Return every role in ``folder``, by file name."""
    return [_role(path) for path in sorted(folder.glob("*.yaml"))]


def _load(path: Path) -> dict[str, Any]:
    try:
        said = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StarterFileWrong(f"{path.name} cannot be read: {error}") from error
    if not isinstance(said, dict):
        raise StarterFileWrong(f"{path.name} must hold keys and values.")
    return said


def _framework(path: Path) -> FrameworkDocument:
    said = _load(path)
    try:
        identity = uuid.UUID(str(said["identifier"]))
        items: list[ItemText] = []
        for function in said["functions"]:
            items.append(
                ItemText(
                    identifier=function["code"],
                    code=function["code"],
                    kind="function",
                    title=function["title"],
                    statement=function["summary"],
                )
            )
            items.extend(
                ItemText(
                    identifier=one["code"],
                    code=one["code"],
                    parent=function["code"],
                    title=one["title"],
                    statement=one["statement"],
                    descriptors=dict(one.get("levels", {})),
                )
                for one in function["competencies"]
            )
        return FrameworkDocument(
            source="starter",
            identifier=str(identity),
            uuid=identity,
            slug=said["slug"],
            is_shared=bool(said.get("shared", False)),
            title=said["title"],
            description=said["description"],
            label=str(said["version"]),
            language=said["language"],
            licence=said["licence"],
            creator=said.get("creator", "Careweave"),
            levels=tuple(
                LevelText(one["key"], rank, one["name"], one.get("descriptor", ""))
                for rank, one in enumerate(said["levels"], start=1)
            ),
            items=tuple(items),
            links=child_links(identity, tuple(items)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StarterFileWrong(f"{path.name}: {error} is missing or wrong.") from error


def _translation(path: Path, document: FrameworkDocument) -> Translation:
    said = _load(path)
    identity = document.framework_uuid
    texts: list[tuple[uuid.UUID, str, str]] = [
        (identity, key, said[key]) for key in ("title", "description") if said.get(key)
    ]
    for key, level in said.get("levels", {}).items():
        subject = level_uuid(identity, key)
        texts.extend((subject, name, text) for name, text in level.items() if text)
    for code, item in said.get("items", {}).items():
        subject = competency_uuid(identity, code)
        for name, text in item.items():
            if name == "levels":
                texts.extend((subject, f"level.{key}", each) for key, each in text.items() if each)
            elif text:
                texts.append((subject, "statement" if name == "summary" else name, text))
    return Translation(
        language=said["language"],
        checked_by=said.get("checked_by") or "",
        texts=tuple(texts),
        file=path.name,
        sha256=_sha256(path),
    )


def _role(path: Path) -> StarterRole:
    said = _load(path)
    try:
        return StarterRole(
            slug=said["slug"],
            title=said["title"],
            summary=said["summary"],
            also_called=tuple(said.get("also_called", ())),
            where_found=tuple(said.get("where_found", ())),
            framework=said["framework"],
            requires=tuple(
                (row["competency"], row["level"], row["importance"]) for row in said["requires"]
            ),
            translations=tuple(
                (language, text["title"], text["summary"], text.get("checked_by") or "")
                for language, text in said.get("translations", {}).items()
            ),
            sha256=_sha256(path),
        )
    except (KeyError, TypeError) as error:
        raise StarterFileWrong(f"{path.name}: {error} is missing or wrong.") from error


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
