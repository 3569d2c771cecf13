"""Write frameworks as CASE 1.1, strictly: closed objects, no nulls, every identifier a UUID."""

import uuid as uuids
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from django.conf import settings

from competencies.enums import CompetencyKind, FrameworkStatus
from competencies.models import CompetencyAssociation, CompetencyVersion, Level
from competencies.queries.frameworks import FrameworkContent
from competencies.rules.case_cleaning import as_identifier
from competencies.rules.case_fields import FIELDS

ITEM_TYPES = {
    CompetencyKind.FUNCTION: ("Core function", "1"),
    CompetencyKind.GROUP: ("Group", "1"),
    CompetencyKind.COMPETENCY: ("Competency", "2"),
}
OWN = uuids.UUID("b7f0c6de-2f0a-5a3c-8c51-6a8e6b9f3d11")
"""Namespace of the identifiers of definitions that are ours: item types and licences."""
ADOPTION = {
    FrameworkStatus.DRAFT: "Draft",
    FrameworkStatus.PUBLISHED: "Adopted",
    FrameworkStatus.SUPERSEDED: "Deprecated",
    FrameworkStatus.WITHDRAWN: "Deprecated",
}


def case_root(release: str = "v1p1") -> str:
    """Return the address that the CASE provider's resources begin with."""
    return f"{settings.SITE_URL}/ims/case/{release}"


class CaseWriter:
    """Writes the objects of one framework version.

    What came from another system goes out under that system's identifiers and addresses; what was
    made here under ours, at ``root`` (the address that ends in /ims/case/v1p1).
    """

    def __init__(self, content: FrameworkContent, *, root: str) -> None:
        self.content = content
        self.version = content.version
        self.framework = content.framework
        self.root = root
        self.is_foreign = self.framework.source.startswith("case:")
        self.extra: Mapping[str, Any] = self.version.case_extra

    def package(self) -> dict[str, Any]:
        """Return the whole CFPackage."""
        ordered = sorted(
            self.content.items, key=lambda item: item.case_extra.get("place", item.position)
        )
        whole: dict[str, Any] = {
            "CFDocument": self.document(),
            "CFItems": [self.item(item) for item in ordered],
            "CFAssociations": [self.association(link) for link in self.content.links],
            "CFDefinitions": self.definitions(),
        }
        if self.rubrics:
            whole["CFRubrics"] = self.rubrics
        if self.extra.get("extensions"):
            whole["extensions"] = self.extra["extensions"]
        return whole

    @cached_property
    def document_identifier(self) -> str:
        if self.is_foreign:
            return as_identifier(self.framework.source_identifier)
        return str(self.framework.uuid)

    def document(self) -> dict[str, Any]:
        """Return the CFDocument as it stands in a package."""
        version = self.version
        said: dict[str, Any] = {
            "identifier": self.document_identifier,
            "uri": self._address("CFDocuments", self.document_identifier),
            "creator": version.creator or "Not stated",
            "title": version.title or "Untitled framework",
            "lastChangeDateTime": _instant(version.changed_at),
            "description": version.description,
            "version": version.label,
        }
        if not self.is_foreign:
            said |= {"language": version.language, "frameworkType": "Competency framework"}
            if version.published_at:
                said["statusStartDate"] = version.published_at.date().isoformat()
            if version.licence:
                said["licenseURI"] = self._licence_link()
        kept = dict(self.extra.get("CFDocument", {}))
        kept["adoptionStatus"] = self._adoption(kept.get("adoptionStatus"))
        kept["caseVersion"] = "1.1"
        return _closed("CFDocument", said, kept)

    def document_link(self) -> dict[str, str]:
        """Return the LinkURI that names the document."""
        said = self.document()
        return {key: said[key] for key in ("title", "identifier", "uri")}

    def identifier(self, item: CompetencyVersion) -> str:
        """Return what CASE calls the item."""
        if self.is_foreign:
            return as_identifier(item.competency.source_identifier)
        return str(item.competency.uuid)

    def item(self, item: CompetencyVersion) -> dict[str, Any]:
        """Return a CFItem as it stands in a package."""
        identifier = self.identifier(item)
        said: dict[str, Any] = {
            "identifier": identifier,
            "uri": self._address("CFItems", identifier),
            "fullStatement": item.statement,
            "humanCodingScheme": item.code,
            "abbreviatedStatement": item.title,
            "notes": item.notes,
            "lastChangeDateTime": _instant(item.changed_at),
        }
        if not self.is_foreign:
            said |= {
                "CFItemType": ITEM_TYPES[CompetencyKind(item.kind)][0],
                "CFItemTypeURI": self._type_link(item.kind),
                "language": self.version.language,
            }
        return _closed("CFItem", said, item.case_extra.get("CFItem"))

    def item_link(self, item: CompetencyVersion) -> dict[str, str]:
        """Return the LinkURI that names the item."""
        identifier = self.identifier(item)
        said = item.case_extra.get("CFItem", {})
        return {
            "title": item.code or item.title or item.statement[:120],
            "identifier": identifier,
            "uri": said.get("uri") or self._address("CFItems", identifier),
        }

    def association(self, link: CompetencyAssociation) -> dict[str, Any]:
        """Return a CFAssociation as it stands in a package."""
        identifier = as_identifier(link.source_identifier)
        said: dict[str, Any] = {
            "identifier": identifier,
            "uri": self._address("CFAssociations", identifier),
            "associationType": link.kind,
            "originNodeURI": self._node(link.origin_id, link.origin_node),
            "destinationNodeURI": self._node(link.destination_id, link.destination_node),
            "lastChangeDateTime": _instant(link.changed_at),
        }
        if link.sequence is not None:
            said["sequenceNumber"] = link.sequence
        return _closed("CFAssociation", said, link.case_extra.get("CFAssociation"))

    def definitions(self) -> dict[str, Any]:
        """Return the CFDefinitions: what came with the framework, and ours if it was made here."""
        said = {
            "CFConcepts": [],
            "CFSubjects": [],
            "CFLicenses": [],
            "CFItemTypes": [],
            "CFAssociationGroupings": [],
            **{
                part: [self._addressed(part, one) for one in said] if part != "extensions" else said
                for part, said in self.extra.get("CFDefinitions", {}).items()
            },
        }
        if self.is_foreign:
            return said
        if self.version.licence and not said["CFLicenses"]:
            link = self._licence_link()
            said["CFLicenses"] = [
                {
                    **link,
                    "licenseText": self.version.licence,
                    "lastChangeDateTime": _instant(self.version.changed_at),
                }
            ]
        if not said["CFItemTypes"]:
            kinds = dict.fromkeys(item.kind for item in self.content.items)
            said["CFItemTypes"] = [
                {
                    **self._type_link(kind),
                    "description": ITEM_TYPES[CompetencyKind(kind)][0],
                    "hierarchyCode": ITEM_TYPES[CompetencyKind(kind)][1],
                    "typeCode": kind,
                    "lastChangeDateTime": _instant(self.version.changed_at),
                }
                for kind in kinds
            ]
        return said

    @cached_property
    def rubrics(self) -> list[dict[str, Any]]:
        """The rubrics that came with the framework, or one that holds our levels' descriptors."""
        kept: list[dict[str, Any]] = self.extra.get("CFRubrics", [])
        if kept or not self.content.levels:
            return [self._addressed("CFRubrics", one) for one in kept]
        changed = _instant(self.version.changed_at)
        rubric = str(uuids.uuid5(self.framework.uuid, "levels"))
        scale = str(uuids.uuid5(self.framework.uuid, "levels in general"))
        criteria = [
            {
                "identifier": scale,
                "uri": self._address("CFRubrics", f"{rubric}#{scale}"),
                "category": "Levels",
                "position": 0,
                "rubricId": rubric,
                "lastChangeDateTime": changed,
                "CFRubricCriterionLevels": self._steps(
                    rubric, scale, {level.key: level.descriptor for level in self.content.levels}
                ),
            }
        ]
        for item in self.content.items:
            said = {key: one.text for key, one in self.content.descriptors(item).items()}
            if not said:
                continue
            criterion = str(uuids.uuid5(item.competency.uuid, "levels"))
            criteria.append(
                {
                    "identifier": criterion,
                    "uri": self._address("CFRubrics", f"{rubric}#{criterion}"),
                    "CFItemURI": self.item_link(item),
                    "position": len(criteria),
                    "rubricId": rubric,
                    "lastChangeDateTime": _instant(item.changed_at),
                    "CFRubricCriterionLevels": self._steps(rubric, criterion, said),
                }
            )
        return [
            {
                "identifier": rubric,
                "uri": self._address("CFRubrics", rubric),
                "title": f"{self.version.title}: levels",
                "lastChangeDateTime": changed,
                "CFRubricCriteria": criteria,
            }
        ]

    def _steps(self, rubric: str, criterion: str, said: Mapping[str, str]) -> list[dict[str, Any]]:
        steps = []
        for level in self.content.levels:
            identifier = str(uuids.uuid5(uuids.UUID(criterion), level.key))
            steps.append(
                {
                    "identifier": identifier,
                    "uri": self._address("CFRubrics", f"{rubric}#{identifier}"),
                    **self._step(level, said.get(level.key, "")),
                    "rubricCriterionId": criterion,
                    "lastChangeDateTime": _instant(self.version.changed_at),
                }
            )
        return steps

    @staticmethod
    def _step(level: Level, text: str) -> dict[str, Any]:
        return {
            "quality": level.name,
            "description": text,
            "score": level.rank,
            "position": level.rank,
        }

    def _addressed(self, part: str, said: dict[str, Any]) -> dict[str, Any]:
        """Give what came without identity, address or date what it must have."""
        identifier = said.get("identifier") or as_identifier(f"{part} {said!r}")
        return {
            **{
                key: [self._addressed(part, one) if isinstance(one, dict) else one for one in value]
                if key in {"CFRubricCriteria", "CFRubricCriterionLevels"}
                else value
                for key, value in said.items()
            },
            "identifier": identifier,
            "uri": said.get("uri") or self._address(part, identifier),
            "lastChangeDateTime": said.get("lastChangeDateTime")
            or _instant(self.version.changed_at),
        }

    def _node(self, item_pk: int | None, node: Mapping[str, Any]) -> dict[str, Any]:
        if self.is_foreign:
            return dict(node)
        if item_pk is not None:
            return self.item_link(self.content.by_pk[item_pk])
        if node.get("identifier") == str(self.framework.uuid):
            return self.document_link()
        return {"title": "", "uri": "", **node}

    def _licence_link(self) -> dict[str, str]:
        identifier = str(uuids.uuid5(OWN, f"licence {self.version.licence}"))
        return {
            "title": self.version.licence,
            "identifier": identifier,
            "uri": self._address("CFLicenses", identifier),
        }

    def _type_link(self, kind: str) -> dict[str, str]:
        identifier = str(uuids.uuid5(OWN, f"type {kind}"))
        return {
            "title": ITEM_TYPES[CompetencyKind(kind)][0],
            "identifier": identifier,
            "uri": self._address("CFItemTypes", identifier),
        }

    def _adoption(self, said: str | None) -> str:
        """Return what the source said of adoption unless something has happened to it here."""
        if said and self.version.status in {FrameworkStatus.PUBLISHED, FrameworkStatus.DRAFT}:
            return said
        return ADOPTION[FrameworkStatus(self.version.status)]

    def _address(self, part: str, identifier: str) -> str:
        return f"{self.root}/{part}/{identifier}"


def _closed(
    kind: str, said: Mapping[str, Any], kept: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the fields of the class in their order: what is said, over it what came and was kept.

    Empty texts are left out unless they came so or the schema wants the field.
    """
    wanted = {"fullStatement", "title", "creator"}
    whole = {key: value for key, value in said.items() if value != "" or key in wanted}
    whole |= kept or {}
    return {key: whole[key] for key in FIELDS[kind] if key in whole}


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
