"""The objects of CASE 1.1 and their fields.

Field names and types are those of the 1.1 JSON binding; 1.0 has a subset of them.
"""

import uuid
from typing import Any

KEPT = "careweave:kept"
"""The extension that carries keys which are not of CASE, so that a round trip loses nothing."""
ORIGINAL = "careweave:original"
"""The extension that names what a minted identifier stands for."""

ASSOCIATION_TYPES = frozenset(
    {
        "isChildOf",
        "isPeerOf",
        "isPartOf",
        "exactMatchOf",
        "precedes",
        "isRelatedTo",
        "replacedBy",
        "exemplar",
        "hasSkillLevel",
        "isTranslationOf",
    }
)
IDENTIFIERS = uuid.UUID("5a1f3c52-3f0b-5d43-8f0d-b5b7a0f0c1c7")
LARGEST_INTEGER = 2**31 - 1

_BASE = {"identifier": "uuid", "uri": "text", "lastChangeDateTime": "instant"}
_EXTRA = {"extensions": "object"}
FIELDS: dict[str, dict[str, str]] = {
    "CFDocument": {
        **_BASE,
        "frameworkType": "text",
        "caseVersion": "text",
        "creator": "text",
        "title": "text",
        "officialSourceURL": "text",
        "publisher": "text",
        "description": "text",
        "subject": "texts",
        "subjectURI": "LinkURI[]",
        "language": "text",
        "version": "text",
        "adoptionStatus": "text",
        "statusStartDate": "day",
        "statusEndDate": "day",
        "licenseURI": "LinkURI",
        "notes": "text",
        **_EXTRA,
    },
    "CFItem": {
        **_BASE,
        "fullStatement": "text",
        "alternativeLabel": "text",
        "CFItemType": "text",
        "humanCodingScheme": "text",
        "listEnumeration": "text",
        "abbreviatedStatement": "text",
        "conceptKeywords": "texts",
        "conceptKeywordsURI": "LinkURI",
        "notes": "text",
        "subject": "texts",
        "subjectURI": "LinkURI[]",
        "language": "text",
        "educationLevel": "texts",
        "CFItemTypeURI": "LinkURI",
        "licenseURI": "LinkURI",
        "statusStartDate": "day",
        "statusEndDate": "day",
        **_EXTRA,
    },
    "CFAssociation": {
        **_BASE,
        "associationType": "text",
        "sequenceNumber": "integer",
        "originNodeURI": "LinkGenURI",
        "destinationNodeURI": "LinkGenURI",
        "CFAssociationGroupingURI": "LinkURI",
        "notes": "text",
        **_EXTRA,
    },
    "LinkURI": {"title": "text", "identifier": "uuid", "uri": "text"},
    "LinkGenURI": {"title": "text", "identifier": "text", "uri": "text", "targetType": "text"},
    "CFDefinitions": {
        "CFConcepts": "CFConcept[]",
        "CFSubjects": "CFSubject[]",
        "CFLicenses": "CFLicense[]",
        "CFItemTypes": "CFItemType[]",
        "CFAssociationGroupings": "CFAssociationGrouping[]",
        **_EXTRA,
    },
    "CFConcept": {
        **_BASE,
        "title": "text",
        "keywords": "text",
        "hierarchyCode": "text",
        "description": "text",
        **_EXTRA,
    },
    "CFSubject": {
        **_BASE,
        "title": "text",
        "hierarchyCode": "text",
        "description": "text",
        **_EXTRA,
    },
    "CFLicense": {
        **_BASE,
        "title": "text",
        "description": "text",
        "licenseText": "text",
        **_EXTRA,
    },
    "CFItemType": {
        **_BASE,
        "title": "text",
        "description": "text",
        "hierarchyCode": "text",
        "typeCode": "text",
        **_EXTRA,
    },
    "CFAssociationGrouping": {**_BASE, "title": "text", "description": "text", **_EXTRA},
    "CFRubric": {
        **_BASE,
        "title": "text",
        "description": "text",
        "CFRubricCriteria": "CFRubricCriterion[]",
        **_EXTRA,
    },
    "CFRubricCriterion": {
        **_BASE,
        "category": "text",
        "description": "text",
        "CFItemURI": "LinkURI",
        "weight": "number",
        "position": "integer",
        "rubricId": "uuid",
        "CFRubricCriterionLevels": "CFRubricCriterionLevel[]",
        **_EXTRA,
    },
    "CFRubricCriterionLevel": {
        **_BASE,
        "description": "text",
        "quality": "text",
        "score": "number",
        "feedback": "text",
        "position": "integer",
        "rubricCriterionId": "uuid",
        "extensions": "object[]",
    },
}
REQUIRED_TEXTS: dict[str, tuple[str, ...]] = {
    "CFConcept": ("title", "hierarchyCode"),
    "CFSubject": ("title", "hierarchyCode"),
    "CFLicense": ("title", "licenseText"),
    "CFItemType": ("title", "description", "hierarchyCode"),
    "CFAssociationGrouping": ("title",),
}
"""Fields besides identity that the schema wants; an empty text stands for one that is missing."""

INSIDE_A_PACKAGE = frozenset({"CFDocumentURI", "CFPackageURI"})
"""Keys that only stand outside a package; what they say follows from the package."""

PARTS = {
    "CFPackage": {
        "CFDocument": "CFDocument",
        "CFItems": "CFItem",
        "CFAssociations": "CFAssociation",
        "CFDefinitions": "CFDefinitions",
        "CFRubrics": "CFRubric",
    },
    "CFDefinitions": {
        "CFConcepts": "CFConcept",
        "CFSubjects": "CFSubject",
        "CFLicenses": "CFLicense",
        "CFItemTypes": "CFItemType",
        "CFAssociationGroupings": "CFAssociationGrouping",
    },
    "CFRubric": {"CFRubricCriteria": "CFRubricCriterion"},
    "CFRubricCriterion": {"CFRubricCriterionLevels": "CFRubricCriterionLevel"},
    "CFAssociation": {"originNodeURI": "LinkGenURI", "destinationNodeURI": "LinkGenURI"},
}
"""Which objects hold which others, under which key."""

NOT_IN_1_0: dict[str, frozenset[str]] = {
    "CFDocument": frozenset({"frameworkType", "caseVersion"}),
    "CFItem": frozenset({"subject", "subjectURI"}),
    "CFAssociation": frozenset({"notes"}),
    "LinkGenURI": frozenset({"targetType"}),
}
"""Fields that 1.1 added, besides ``extensions``."""


def in_version(kind: str, said: dict[str, Any], release: str) -> dict[str, Any]:
    """Return an object as a release of CASE has it: as it is for 1.1, without its news for 1.0."""
    if release != "v1p0":
        return said
    gone = NOT_IN_1_0.get(kind, frozenset()) | {"extensions"}
    inside = PARTS.get(kind, {})
    found: dict[str, Any] = {}
    for key, value in said.items():
        if key in gone:
            continue
        if key in inside and isinstance(value, list):
            found[key] = [in_version(inside[key], one, release) for one in value]
        elif key in inside:
            found[key] = in_version(inside[key], value, release)
        else:
            found[key] = value
    if found.get("associationType") == "isTranslationOf":
        found["associationType"] = "isRelatedTo"
    return found
