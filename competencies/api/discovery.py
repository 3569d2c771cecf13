"""The provider's own description, as OpenAPI 3.0: written from the same table as the payloads."""

from typing import Any

from competencies.rules.case_fields import FIELDS, NOT_IN_1_0, REQUIRED_TEXTS

RESOURCES = {
    "CFDocuments": ("getCFDocument", "CFDocument", "A framework's description"),
    "CFPackages": ("getCFPackage", "CFPackage", "A whole framework"),
    "CFItems": ("getCFItem", "CFItem", "One item"),
    "CFItemAssociations": ("getCFItemAssociations", "CFAssociationSet", "An item and its links"),
    "CFAssociations": ("getCFAssociation", "CFAssociation", "One link between items"),
    "CFAssociationGroupings": (
        "getCFAssociationGrouping",
        "CFAssociationGrouping",
        "A grouping of links",
    ),
    "CFConcepts": ("getCFConcept", "CFConceptSet", "A concept and those under it"),
    "CFItemTypes": ("getCFItemType", "CFItemTypeSet", "A type of item and those under it"),
    "CFLicenses": ("getCFLicense", "CFLicense", "A licence"),
    "CFRubrics": ("getCFRubric", "CFRubric", "A rubric: levels and their descriptors"),
    "CFSubjects": ("getCFSubject", "CFSubjectSet", "A subject and those under it"),
}
REQUIRED = {
    "CFDocument": ["identifier", "uri", "creator", "title", "lastChangeDateTime"],
    "CFItem": ["identifier", "fullStatement", "uri", "lastChangeDateTime"],
    "CFAssociation": [
        "identifier",
        "associationType",
        "uri",
        "originNodeURI",
        "destinationNodeURI",
        "lastChangeDateTime",
    ],
    "LinkURI": ["title", "identifier", "uri"],
    "LinkGenURI": ["title", "identifier", "uri"],
}
PLAIN: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "uuid": {"type": "string", "format": "uuid"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "instant": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "object": {"type": "object", "additionalProperties": True},
    "object[]": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
}
QUERY = {
    "limit": ("How many records at most", {"type": "integer", "minimum": 1, "default": 100}),
    "offset": ("How many records to leave out first", {"type": "integer", "minimum": 0}),
    "sort": ("The field to sort by", {"type": "string"}),
    "orderBy": ("The direction", {"type": "string", "enum": ["asc", "desc"]}),
    "filter": ("For instance title~'care' AND language='en'", {"type": "string"}),
    "fields": ("The fields wanted, with commas between", {"type": "string"}),
}


def openapi(*, root: str, release: str) -> dict[str, Any]:
    """Return the description of the provider at ``root``."""
    paths: dict[str, Any] = {
        "/CFDocuments": {
            "get": _operation(
                "getAllCFDocuments",
                "All frameworks",
                "CFDocumentSet",
                [
                    {"name": name, "in": "query", "description": text, "schema": schema}
                    for name, (text, schema) in QUERY.items()
                ],
            )
        }
    }
    for path, (name, schema, text) in RESOURCES.items():
        sourced = {
            "name": "sourcedId",
            "in": "path",
            "required": True,
            "description": "The identifier",
            "schema": {"type": "string", "format": "uuid"},
        }
        paths[f"/{path}/{{sourcedId}}"] = {"get": _operation(name, text, schema, [sourced])}
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Competency frameworks",
            "description": "The public frameworks of this installation, to read, as CASE "
            f"{release[1:].replace('p', '.')} JSON.",
            "version": release[1:].replace("p", "."),
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": _schemas(release)},
    }


def _operation(
    name: str, text: str, schema: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": text,
        "parameters": parameters,
        "responses": {
            "200": {"description": text, "content": _json(schema)},
            **{
                code: {"description": meaning, "content": _json("imsx_StatusInfo")}
                for code, meaning in {
                    "400": "The question cannot be understood",
                    "404": "There is nothing with this identifier",
                    "500": "Something went wrong here",
                }.items()
            },
        },
    }


def _json(schema: str) -> dict[str, Any]:
    return {"application/json": {"schema": _ref(schema)}}


def _ref(schema: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _list(schema: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(schema)}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return said | ({"required": required} if required else {})


def _schemas(release: str) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for kind, fields in FIELDS.items():
        gone = NOT_IN_1_0.get(kind, frozenset()) | {"extensions"} if release == "v1p0" else set()
        properties = {key: _type(kind, key, of) for key, of in fields.items() if key not in gone}
        if kind in {"CFItem", "CFAssociation"}:
            properties["CFDocumentURI"] = _ref("LinkURI")
        if kind == "CFDocument":
            properties["CFPackageURI"] = _ref("LinkURI")
        schemas[kind] = _object(properties, _required(kind, fields))
    for one in ("CFDocument", "CFConcept", "CFSubject", "CFItemType"):
        schemas[f"{one}Set"] = _object({f"{one}s": _list(one)}, [f"{one}s"])
    schemas["CFAssociationSet"] = _object(
        {"CFItem": _ref("CFItem"), "CFAssociations": _list("CFAssociation")}, ["CFItem"]
    )
    schemas["CFPackage"] = _object(
        {
            "CFDocument": _ref("CFDocument"),
            "CFItems": _list("CFItem"),
            "CFAssociations": _list("CFAssociation"),
            "CFDefinitions": _ref("CFDefinitions"),
            "CFRubrics": _list("CFRubric"),
        }
        | ({} if release == "v1p0" else {"extensions": PLAIN["object"]}),
        ["CFDocument"],
    )
    schemas["imsx_StatusInfo"] = _status_info()
    return schemas


def _required(kind: str, fields: dict[str, str]) -> list[str]:
    if kind in REQUIRED:
        return REQUIRED[kind]
    identity = [key for key in ("identifier", "uri", "lastChangeDateTime") if key in fields]
    return [*identity, *REQUIRED_TEXTS.get(kind, ())]


def _type(kind: str, key: str, of: str) -> dict[str, Any]:
    if (kind, key) == ("CFDocument", "caseVersion"):
        return {"type": "string", "enum": ["1.1"]}
    if of in PLAIN:
        return PLAIN[of]
    return _list(of[:-2]) if of.endswith("[]") else dict(_ref(of))


def _status_info() -> dict[str, Any]:
    minor = _object(
        {
            "imsx_codeMinorFieldName": PLAIN["text"],
            "imsx_codeMinorFieldValue": {
                "type": "string",
                "enum": [
                    "fullsuccess",
                    "invalid_sort_field",
                    "invalid_selection_field",
                    "forbidden",
                    "unauthorised_request",
                    "internal_server_error",
                    "unknownobject",
                    "server_busy",
                    "invalid_uuid",
                ],
            },
        },
        ["imsx_codeMinorFieldName", "imsx_codeMinorFieldValue"],
    )
    return _object(
        {
            "imsx_codeMajor": {
                "type": "string",
                "enum": ["success", "processing", "failure", "unsupported"],
            },
            "imsx_severity": {"type": "string", "enum": ["status", "warning", "error"]},
            "imsx_description": PLAIN["text"],
            "imsx_codeMinor": _object(
                {"imsx_codeMinorField": {"type": "array", "items": minor}},
                ["imsx_codeMinorField"],
            ),
        },
        ["imsx_codeMajor", "imsx_severity"],
    )
