"""CASE packages to try things on, made small."""

import json
from typing import Any
from uuid import UUID

WHEN = "2024-03-01T09:00:00+00:00"
ROOT = "https://frameworks.example/ims/case/v1p1"


def identifier(number: int) -> str:
    return str(UUID(int=number))


DOCUMENT = identifier(1)


def item(number: int, **said: Any) -> dict[str, Any]:
    return {
        "identifier": identifier(number),
        "uri": f"{ROOT}/CFItems/{identifier(number)}",
        "fullStatement": f"Statement {number}",
        "lastChangeDateTime": WHEN,
        **said,
    }


def link(number: int, origin: int, destination: int, **said: Any) -> dict[str, Any]:
    return {
        "identifier": identifier(number),
        "uri": f"{ROOT}/CFAssociations/{identifier(number)}",
        "associationType": "isChildOf",
        "originNodeURI": node(origin),
        "destinationNodeURI": node(destination),
        "lastChangeDateTime": WHEN,
        **said,
    }


def node(number: int) -> dict[str, str]:
    return {
        "title": f"Node {number}",
        "identifier": identifier(number),
        "uri": f"{ROOT}/CFItems/{identifier(number)}",
    }


def package(
    items: list[dict[str, Any]] | None = None,
    links: list[dict[str, Any]] | None = None,
    **said: Any,
) -> dict[str, Any]:
    document = {
        "identifier": DOCUMENT,
        "uri": f"{ROOT}/CFDocuments/{DOCUMENT}",
        "creator": "Example Standards Office",
        "title": "Example framework",
        "lastChangeDateTime": WHEN,
    }
    return {
        "CFDocument": document | said.pop("document", {}),
        "CFItems": [item(11), item(12)] if items is None else items,
        "CFAssociations": [link(101, 11, 1), link(102, 12, 11)] if links is None else links,
        **said,
    }


def as_bytes(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()
