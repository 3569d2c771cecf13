"""Read a CASE 1.0 or 1.1 package: leniently, saying what was put right."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from competencies.enums import FrameworkStatus
from competencies.importers.case_parts import (
    item_text,
    language_of,
    link_text,
    name_of,
    overlong,
    present,
    scale,
    source_of,
)
from competencies.rules.case_cleaning import (
    Repairs,
    as_identifier,
    as_instant,
    association_type,
    clean,
)
from competencies.rules.case_fields import KEPT
from competencies.rules.documents import (
    FrameworkDocument,
    LevelText,
    LinkText,
    Reading,
    Refusal,
    UnreadableFile,
    level_keys,
)
from competencies.rules.trees import depths, find_cycle, reading_order

STATUS_OF_ADOPTION = {
    "draft": FrameworkStatus.DRAFT,
    "private draft": FrameworkStatus.DRAFT,
    "deprecated": FrameworkStatus.WITHDRAWN,
    "retired": FrameworkStatus.WITHDRAWN,
}
PARTS = ("CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics", "extensions")


def read_case(data: bytes) -> Reading:
    """Return the framework that a CASE package holds.

    Raises:
        UnreadableFile: it is not JSON, not a CASE package, or its items go round in a circle.
        BrokenTree: its items stand too deep.
    """
    package = _package(data)
    reader = _Reader(package)
    document = reader.document()
    return Reading(
        documents=(document,),
        repaired=reader.repairs.sentences(),
        lost=tuple(reader.repairs.lost),
        refused=tuple(reader.refused),
    )


def _package(data: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        if re.search("recursion|depth", str(error)):
            raise UnreadableFile(
                "The file is nested too deeply to be a CASE package. Export it again."
            ) from error
        raise UnreadableFile(
            f"The file is not JSON in UTF-8 ({error}). Export it again as CASE JSON."
        ) from error
    if b"\\u0000" in data:
        said = _without_nul(said)
    if isinstance(said, dict) and isinstance(said.get("CFPackage"), dict):
        said = said["CFPackage"]
    if isinstance(said, dict) and "CFDocuments" in said:
        raise UnreadableFile(
            "This is a list of CASE documents. Import one package: the address ends in "
            "/CFPackages/ and the document's identifier."
        )
    if not isinstance(said, dict) or not isinstance(said.get("CFDocument"), dict):
        raise UnreadableFile(
            "This is JSON but not a CASE package: it has no “CFDocument”. "
            "Import the file that the other system exports as a CFPackage."
        )
    for part in ("CFItems", "CFAssociations"):
        if said.get(part) is not None and not isinstance(said[part], list):
            raise UnreadableFile(f"“{part}” must be a list. Export the package again.")
    return said


def _without_nul(said: Any) -> Any:
    if isinstance(said, str):
        return said.replace("\0", "")
    if isinstance(said, list):
        return [_without_nul(one) for one in said]
    if isinstance(said, dict):
        return {key.replace("\0", ""): _without_nul(value) for key, value in said.items()}
    return said


class _Reader:
    """Reads one package; collects what it put right and what it refused on the way."""

    def __init__(self, package: Mapping[str, Any]) -> None:
        self.package = package
        self.repairs = Repairs()
        self.refused: list[Refusal] = []

    def document(self) -> FrameworkDocument:
        head = clean("CFDocument", self.package["CFDocument"], "CFDocument", self.repairs)
        if not head.get("identifier"):
            raise UnreadableFile(
                "The package's CFDocument has no identifier. Ask whoever made it to add one."
            )
        for key, stand_in in (("title", "Untitled framework"), ("creator", "Not stated")):
            if not str(head.get(key, "")).strip():
                head[key] = stand_in
                self.repairs.note("CFDocument", f"CFDocument: “{key}” was missing; “{stand_in}”")
        items = self._items(head["identifier"])
        links = self._links(items, head)
        parents = self._parents(items, links)
        rubrics = self._nested("CFRubrics", "CFRubric")
        names, general, descriptors = scale(rubrics, set(items))
        keys = level_keys(names)
        order = reading_order(list(parents), parents)
        depths(parents)
        in_file = {identifier: number for number, identifier in enumerate(items)}
        is_reordered = order != list(items)
        changed = head.pop("lastChangeDateTime", None)
        adoption = str(head.get("adoptionStatus", "")).strip().lower()
        columns = ("identifier", "title", "description", "version", "language", "creator")
        return FrameworkDocument(
            source=source_of(head.get("uri", "")),
            identifier=head["identifier"],
            title=head["title"],
            description=head.get("description", ""),
            label=head.get("version", ""),
            language=language_of(head.get("language", "")),
            creator=head["creator"],
            licence=head.get("licenseURI", {}).get("title", ""),
            status=STATUS_OF_ADOPTION.get(adoption, FrameworkStatus.PUBLISHED),
            changed_at=as_instant(changed) if changed else None,
            counts_groups=True,
            levels=tuple(
                LevelText(key, rank, name[:80], general.get(name, ""))
                for rank, (name, key) in enumerate(keys.items(), start=1)
            ),
            items=tuple(
                item_text(
                    items[one],
                    parents[one],
                    {keys[name]: text for name, text in descriptors.get(one, {}).items()},
                    in_file[one] if is_reordered else None,
                )
                for one in order
            ),
            links=tuple(links),
            extra=present(
                {
                    "CFDocument": {k: v for k, v in head.items() if k not in columns}
                    | overlong(head, {"title": 300, "version": 80, "creator": 200})
                    | ({"lastChangeDateTime": changed} if changed else {})
                    | ({"language": head["language"]} if "language" in head else {}),
                    "CFDefinitions": self._definitions(),
                    "CFRubrics": rubrics,
                    "extensions": self._extensions(),
                }
            ),
        )

    def _items(self, document_identifier: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for number, said in enumerate(self.package.get("CFItems") or []):
            where = f"CFItems[{number}]"
            if not isinstance(said, Mapping):
                self._refuse(where, "This is not an item.")
                continue
            item = clean("CFItem", said, where, self.repairs)
            identifier = item.get("identifier", "")
            if not identifier:
                self._refuse(where, "The item has no identifier. Give it one.")
            elif not str(item.get("fullStatement", "")).strip():
                self._refuse(where, "The item has no fullStatement. Say what it means.")
            elif identifier == document_identifier:
                self._refuse(where, "The item has the document's identifier. Give it its own.")
            elif identifier in found:
                self._again(where, identifier, item == found[identifier])
            else:
                found[identifier] = item
        return found

    def _again(self, where: str, identifier: str, is_same: bool) -> None:
        if is_same:
            self.repairs.note(where, "The same object stood twice; taken once")
        else:
            self._refuse(where, f"The identifier {identifier} was used before, for something else.")

    def _links(self, items: Mapping[str, Any], head: Mapping[str, Any]) -> list[LinkText]:
        here = {**dict.fromkeys(items, True), head["identifier"]: True}
        found: dict[str, dict[str, Any]] = {}
        links = []
        for number, said in enumerate(self.package.get("CFAssociations") or []):
            where = f"CFAssociations[{number}]"
            if not isinstance(said, Mapping):
                self._refuse(where, "This is not an association.")
                continue
            link = clean("CFAssociation", said, where, self.repairs)
            problem = self._link_problem(link, here, where)
            identifier = link.get("identifier", "")
            if problem:
                self._refuse(where, problem)
            elif identifier in found:
                self._again(where, identifier, link == found[identifier])
            else:
                found[identifier] = {**link}
                links.append(link_text(link))
        return links

    def _link_problem(
        self, link: dict[str, Any], here: Mapping[str, bool], where: str
    ) -> str | None:
        """Put the association's ends and type right; return why it cannot be taken, if so."""
        for end in ("originNodeURI", "destinationNodeURI"):
            node = link.get(end)
            if node is None:
                return f"It has no {end}, so it leads nowhere. Say what it links."
            if node["identifier"] not in here and as_identifier(node["identifier"]) in here:
                node["identifier"] = as_identifier(node["identifier"])
        origin = link["originNodeURI"]["identifier"]
        destination = link["destinationNodeURI"]["identifier"]
        said = link.get("associationType", "")
        kind = association_type(said)
        if kind is None:
            if not re.search(r"[A-Za-z0-9]", said):
                return "It has no associationType. Say how the two are linked."
            kind = "ext:" + re.sub(r"[^A-Za-z0-9._-]+", "-", said).strip("-")[:56]
            extensions = link.setdefault("extensions", {})
            extensions.setdefault(KEPT, {})["associationType"] = said
        if kind != said:
            link["associationType"] = kind
            self.repairs.note(
                where, f"CFAssociation: “{said}” is no type of CASE; read as “{kind}”"
            )
        if "identifier" not in link:
            link["identifier"] = as_identifier(f"{origin} {kind} {destination}")
            self.repairs.note(where, "CFAssociation: it had no identifier; one was made")
        if kind == "isChildOf":
            missing = next((end for end in (origin, destination) if end not in here), None)
            if missing is not None:
                return (
                    f"It leads nowhere: {missing} is not in this file. "
                    "Add that item, or leave the association out."
                )
        return None

    def _parents(self, items: Mapping[str, Any], links: list[LinkText]) -> dict[str, str | None]:
        """Return each item's first parent, items in the order of their siblings' numbers."""
        ups: dict[str, list[str]] = {}
        rank: dict[str, tuple[bool, int]] = {}
        first: dict[str, str] = {}
        for link in links:
            origin, parent = link.origin["identifier"], link.destination["identifier"]
            if link.kind != "isChildOf" or origin not in items:
                continue
            if origin not in rank:
                rank[origin] = (link.sequence is None, link.sequence or 0)
            if parent in items:
                ups.setdefault(origin, []).append(parent)
                first.setdefault(origin, parent)
        cycle = find_cycle(ups)
        if cycle:
            names = " → ".join(name_of(items[one]) for one in cycle)
            raise UnreadableFile(
                "Items stand under one another in a circle: "
                f"{names}. Remove one of these isChildOf associations."
            )
        ordered = sorted(items, key=lambda one: rank.get(one, (True, 0)))
        return {one: first.get(one) for one in ordered}

    def _nested(self, part: str, kind: str) -> list[dict[str, Any]]:
        said = self.package.get(part)
        if said is None:
            return []
        if not isinstance(said, list):
            self.repairs.lost.append(f"{part}: it is not a list")
            return []
        return [
            clean(kind, one, f"{part}[{n}]", self.repairs)
            for n, one in enumerate(said)
            if isinstance(one, Mapping)
        ]

    def _definitions(self) -> dict[str, Any]:
        said = self.package.get("CFDefinitions")
        if said is None:
            return {}
        if not isinstance(said, Mapping):
            self.repairs.lost.append("CFDefinitions: it is not an object")
            return {}
        return clean("CFDefinitions", said, "CFDefinitions", self.repairs)

    def _extensions(self) -> dict[str, Any]:
        said = self.package.get("extensions")
        found = dict(said) if isinstance(said, Mapping) else {}
        for key, value in self.package.items():
            if key not in PARTS:
                found.setdefault(KEPT, {})[key] = value
                self.repairs.note(
                    key, f"CFPackage: “{key}” is not a field of CASE; kept as an extension"
                )
        return found

    def _refuse(self, where: str, reason: str) -> None:
        self.refused.append(Refusal(where, reason))
