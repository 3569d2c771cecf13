"""A document under identifiers of its own, which keeps what the originals were."""

import uuid as uuids
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from competencies.rules.case_fields import ORIGINAL
from competencies.rules.documents import FrameworkDocument, ItemText, LinkText, competency_uuid

COPY = "copy"


def copied(document: FrameworkDocument, *, identity: uuids.UUID) -> FrameworkDocument:
    """Return the document as another framework, whose uuid is ``identity``.

    Items and links get uuids that follow from it; each keeps its original identifier and address
    as an extension, so that a copy can always be traced to what it was made from.
    """
    new: dict[str, str] = {document.identifier: str(identity)} | {
        item.identifier: str(competency_uuid(identity, item.identifier)) for item in document.items
    }
    new |= {
        str(competency_uuid(document.framework_uuid, item.identifier)): new[item.identifier]
        for item in document.items
    }
    new[str(document.framework_uuid)] = str(identity)
    extra = dict(document.extra)
    if "CFDocument" in extra or document.source.startswith("case:"):
        extra["CFDocument"] = _traced(extra.get("CFDocument", {}), document.identifier)
    if "CFRubrics" in extra:
        extra["CFRubrics"] = [_reminted(one, new, identity) for one in extra["CFRubrics"]]
    return replace(
        document,
        source=COPY,
        identifier=str(identity),
        uuid=identity,
        slug="",
        items=tuple(_item(item) for item in document.items),
        links=tuple(_link(link, new, identity) for link in document.links),
        extra=extra,
    )


def _item(item: ItemText) -> ItemText:
    if "CFItem" not in item.extra:
        return item
    traced = _traced(item.extra["CFItem"], item.identifier)
    return replace(item, extra={**item.extra, "CFItem": traced})


def _link(link: LinkText, new: Mapping[str, str], identity: uuids.UUID) -> LinkText:
    extra = dict(link.extra)
    if "CFAssociation" in extra:
        extra["CFAssociation"] = _traced(extra["CFAssociation"], link.identifier)
    return replace(
        link,
        identifier=str(uuids.uuid5(identity, link.identifier)),
        origin=_node(link.origin, new),
        destination=_node(link.destination, new),
        extra=extra,
    )


def _node(node: Mapping[str, Any], new: Mapping[str, str]) -> Mapping[str, Any]:
    minted = new.get(node["identifier"])
    return node if minted is None else {"identifier": minted}


def _traced(said: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    original = {"identifier": identifier} | ({"uri": said["uri"]} if said.get("uri") else {})
    kept = {key: value for key, value in said.items() if key != "uri"}
    return {**kept, "extensions": {**kept.get("extensions", {}), ORIGINAL: original}}


def _reminted(said: Any, new: Mapping[str, str], identity: uuids.UUID) -> Any:
    """Give everything in a rubric an identifier of its own, and point at the new items."""
    if isinstance(said, list):
        return [_reminted(one, new, identity) for one in said]
    if not isinstance(said, dict):
        return said
    found = {key: _reminted(value, new, identity) for key, value in said.items()}
    for key in ("identifier", "rubricId", "rubricCriterionId"):
        if isinstance(found.get(key), str):
            old = found[key]
            found[key] = new.get(old) or str(uuids.uuid5(identity, old))
    if "identifier" in found and "uri" in found:
        found["uri"] = ""
    return found
