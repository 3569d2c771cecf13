"""Reads the starter files and says what is wrong with them, in sentences.

Needs only PyYAML. Each check returns a list of sentences that name the file, the place and what to
do; an empty list means that the file keeps to docs/reference/starter-content.md.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "competencies" / "starter"


class UnreadableFileError(Exception):
    """A starter file is not YAML, or says one thing twice."""


class OneKeyOnce(yaml.SafeLoader):
    """Refuses a key written twice in one place, which YAML would quietly let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            line = node.start_mark.line + 1
            raise ValueError(f"{', '.join(twice)} is written twice in the block at line {line}.")
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, Any]:
    try:
        text: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=OneKeyOnce)
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableFileError(f"{path.name} cannot be read: {error}") from error
    return text


def frameworks() -> dict[str, dict[str, Any]]:
    paths = (STARTER / "frameworks").glob("*.yaml")
    return {path.stem: read(path) for path in paths if "." not in path.stem}


def roles() -> dict[str, dict[str, Any]]:
    return {path.stem: read(path) for path in (STARTER / "roles").glob("*.yaml")}


def translations(slug: str) -> dict[str, dict[str, Any]]:
    paths = (STARTER / "frameworks").glob(f"{slug}.*.yaml")
    return {path.stem.rsplit(".", 1)[1]: read(path) for path in paths}


def items(framework: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Every function (with None) and every competency (with its function)."""
    for function in framework["functions"]:
        yield function, None
        for competency in function["competencies"]:
            yield competency, function


def competency_codes(framework: dict[str, Any]) -> list[str]:
    return [item["code"] for item, function in items(framework) if function]


def is_sentence(text: object) -> bool:
    return isinstance(text, str) and bool(re.fullmatch(r"[A-Z\u201c].*\.", text.strip()))


def heading_problems(slug: str, framework: dict[str, Any]) -> list[str]:
    wanted = ("identifier", "version", "language", "title", "description", "licence")
    problems = [f"{slug}: fill in '{key}'." for key in wanted if not framework.get(key)]
    if framework.get("slug") != slug:
        problems.append(f"{slug}: 'slug' must be the file's name, {slug}.")
    if not isinstance(framework.get("version"), str):
        problems.append(f'{slug}: put the version in quotes, as in "1.0".')
    try:
        UUID(str(framework.get("identifier")))
    except ValueError:
        problems.append(f"{slug}: 'identifier' must be a UUID.")
    return problems


def competency_problems(
    slug: str, item: dict[str, Any], function: str, scale: list[str]
) -> list[str]:
    code, problems = item["code"], []
    if not code.startswith(f"{function}."):
        problems.append(f"{slug}: {code} stands under {function}; renumber or move it.")
    if len(item["title"].split()) > 8:
        problems.append(f"{slug}: shorten the title of {code} to about six words.")
    if list(item.get("levels", {})) != scale:
        problems.append(f"{slug}: {code} must describe the levels {', '.join(scale)}.")
    for place, text in {"statement": item.get("statement"), **item.get("levels", {})}.items():
        if not is_sentence(text):
            problems.append(f"{slug}: {code} needs a '{place}' that ends with a full stop.")
    return problems


def repeats(slug: str, framework: dict[str, Any]) -> list[str]:
    said: dict[str, list[str]] = defaultdict(list)
    for item, _ in items(framework):
        texts = {key: item.get(key) for key in ("title", "statement")} | item.get("levels", {})
        for place, text in texts.items():
            if text:
                said[text.casefold()].append(f"{item['code']} {place}")
    return [
        f"{slug}: {' and '.join(places)} say the same." for places in said.values() if places[1:]
    ]


def framework_problems(slug: str, framework: dict[str, Any]) -> list[str]:
    everything = list(items(framework))
    problems = heading_problems(slug, framework)
    problems += [
        f"{slug}: {key} is missing from {item.get('code') or item.get('title')!r}."
        for item, _ in everything
        for key in ("code", "title")
        if not item.get(key)
    ]
    if problems:
        return problems
    scale = [level["key"] for level in framework["levels"]]
    counted = Counter(item["code"] for item, _ in everything)
    problems += [f"{slug}: code {code} is used {n} times." for code, n in counted.items() if n > 1]
    for item, function in everything:
        if function:
            problems += competency_problems(slug, item, function["code"], scale)
        elif not is_sentence(item.get("summary")):
            problems.append(f"{slug}: {item['code']} needs a 'summary' that ends with a full stop.")
    return problems + repeats(slug, framework)


def translation_problems(name: str, text: dict[str, Any], framework: dict[str, Any]) -> list[str]:
    problems = []
    if name != f"{framework['slug']}.{text.get('language')}":
        problems.append(f"{name}: 'language' must be the one in the file's name.")
    if not isinstance(text.get("checked_by"), str):
        problems.append(f"{name}: 'checked_by' must be a native reader's name, or \"\" until then.")
    scale = {level["key"] for level in framework["levels"]}
    unknown = sorted(set(text.get("levels", {})) - scale)
    problems += [f"{name}: there is no level '{key}' in {framework['slug']}." for key in unknown]
    allowed = {
        item["code"]: {"title", "statement", "levels"} if function else {"title", "summary"}
        for item, function in items(framework)
    }
    originals = {item["code"]: item["title"] for item, _ in items(framework)}
    for code, item in text.get("items", {}).items():
        if code not in allowed:
            problems.append(f"{name}: there is no item {code} in {framework['slug']}.")
            continue
        for key in sorted(set(item) - allowed[code]):
            problems.append(f"{name}: {code} has no '{key}'.")
        for key in sorted(set(item.get("levels", {})) - scale):
            problems.append(f"{name}: {code} has no level '{key}'.")
        if item.get("title") == originals[code]:
            problems.append(f"{name}: the title of {code} is still in the original language.")
        problems += [
            f"{name}: {code} '{key}' is empty." for key, value in item.items() if not value
        ]
    return problems


def role_problems(slug: str, role: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    problems = [
        f"{slug}: fill in '{key}'."
        for key in ("title", "also_called", "summary", "where_found", "requires")
        if not role.get(key)
    ]
    if role.get("slug") != slug:
        problems.append(f"{slug}: 'slug' must be the file's name, {slug}.")
    framework = known.get(role.get("framework", ""))
    if framework is None:
        return [*problems, f"{slug}: there is no framework '{role.get('framework')}'."]
    codes, scale = competency_codes(framework), [level["key"] for level in framework["levels"]]
    asked = Counter(row.get("competency") for row in role.get("requires", []))
    problems += [f"{slug}: {code} is required {n} times." for code, n in asked.items() if n > 1]
    for row in role.get("requires", []):
        code = row.get("competency")
        if code not in codes:
            problems.append(f"{slug}: there is no competency {code} in {role['framework']}.")
        if row.get("level") not in scale:
            problems.append(f"{slug}: {code} has level '{row.get('level')}'; use {scale}.")
        if row.get("importance") not in {"essential", "useful"}:
            problems.append(f"{slug}: {code} needs importance: essential or useful.")
    for language, text in role.get("translations", {}).items():
        problems += [
            f"{slug}: the {language} translation needs '{key}'."
            for key in ("title", "summary")
            if not text.get(key)
        ]
    return problems
