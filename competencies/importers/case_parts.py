"""From single objects of a CASE package to what we keep of them."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from competencies.enums import CompetencyKind
from competencies.rules.case_cleaning import as_instant
from competencies.rules.documents import ItemText, LinkText

KIND_OF_TYPE = {"core function": CompetencyKind.FUNCTION, "group": CompetencyKind.GROUP}


def item_text(
    said: dict[str, Any], parent: str | None, descriptors: dict[str, str], place: int | None
) -> ItemText:
    """Return the item; ``place`` is where it stood in the file when that is not reading order."""
    columns = ("identifier", "fullStatement", "humanCodingScheme", "abbreviatedStatement", "notes")
    changed = said.get("lastChangeDateTime")
    extra = {key: value for key, value in said.items() if key not in columns}
    extra |= overlong(said, {"humanCodingScheme": 80, "abbreviatedStatement": 300})
    extra |= {key: "" for key in columns[2:] if said.get(key) == ""}
    return ItemText(
        identifier=said["identifier"],
        statement=said["fullStatement"],
        kind=KIND_OF_TYPE.get(said.get("CFItemType", "").lower(), CompetencyKind.COMPETENCY),
        parent=parent,
        code=said.get("humanCodingScheme", ""),
        title=said.get("abbreviatedStatement", ""),
        notes=said.get("notes", ""),
        descriptors=descriptors,
        changed_at=as_instant(changed) if changed else None,
        extra={"CFItem": extra} | ({} if place is None else {"place": place}),
    )


def link_text(said: dict[str, Any]) -> LinkText:
    """Return the association."""
    columns = (
        "identifier",
        "associationType",
        "originNodeURI",
        "destinationNodeURI",
        "sequenceNumber",
    )
    changed = said.get("lastChangeDateTime")
    return LinkText(
        identifier=said["identifier"],
        kind=said["associationType"],
        origin=said["originNodeURI"],
        destination=said["destinationNodeURI"],
        sequence=said.get("sequenceNumber"),
        changed_at=as_instant(changed) if changed else None,
        extra={"CFAssociation": {k: v for k, v in said.items() if k not in columns}},
    )


def scale(
    rubrics: list[dict[str, Any]], items: set[str]
) -> tuple[list[str], dict[str, str], dict[str, dict[str, str]]]:
    """Return the names of the levels, lowest first, if all rubrics use one scale.

    Also what each level means in general (a criterion that names no item) and for each item.
    """
    names: list[str] | None = None
    general: dict[str, str] = {}
    of_items: dict[str, dict[str, str]] = {}
    for rubric in rubrics:
        for criterion in rubric.get("CFRubricCriteria", []):
            steps = sorted(
                criterion.get("CFRubricCriterionLevels", []),
                key=lambda one: (one.get("score", 0), one.get("position", 0)),
            )
            qualities = [step.get("quality", "") for step in steps]
            if "" in qualities or len(set(qualities)) != len(qualities):
                return [], {}, {}
            if names is None:
                names = qualities
            if qualities != names:
                return [], {}, {}
            said = {step["quality"]: step.get("description", "") for step in steps}
            item = criterion.get("CFItemURI", {}).get("identifier")
            if item is None:
                general = said
            elif item in items:
                of_items[item] = {name: text for name, text in said.items() if text}
    return names or [], general, of_items


def source_of(uri: str) -> str:
    """Return who keeps the identifiers: the host that the document's address names."""
    return f"case:{urlsplit(uri).netloc.lower()}"[:80]


def language_of(said: str) -> str:
    """Return a language tag as it stands, English for what is none."""
    return said if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}", said) else "en"


def overlong(said: Mapping[str, Any], limits: Mapping[str, int]) -> dict[str, str]:
    """What is too long for its column, kept whole beside it."""
    return {key: said[key] for key, most in limits.items() if len(said.get(key, "")) > most}


def present(parts: dict[str, Any]) -> dict[str, Any]:
    """Return the parts that say something."""
    return {key: value for key, value in parts.items() if value}


def name_of(item: Mapping[str, Any]) -> str:
    """Return what to call an item in a message."""
    return str(
        item.get("humanCodingScheme") or item.get("abbreviatedStatement") or item["fullStatement"]
    )[:60]
