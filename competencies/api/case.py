"""The CASE provider: frameworks as 1EdTech CASE 1.1 and 1.0, to read."""

import uuid as uuids
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase

from competencies.api.answers import CaseError, answer, case_view, not_found
from competencies.api.discovery import openapi
from competencies.exporters.case import CaseWriter, case_root
from competencies.models import FrameworkVersion
from competencies.queries import (
    FrameworkContent,
    find_public_item,
    find_public_link,
    find_public_version,
    framework_content,
    public_versions,
)
from competencies.rules.case_fields import FIELDS, in_version
from competencies.rules.case_filter import (
    in_order,
    read_fields,
    read_filter,
    whole_number,
)

MOST = 500
SINGLE = {
    "CFLicenses": "CFLicense",
    "CFAssociationGroupings": "CFAssociationGrouping",
}
SETS = {"CFConcepts": "CFConcept", "CFSubjects": "CFSubject", "CFItemTypes": "CFItemType"}


@case_view
def documents(request: HttpRequest, release: str) -> HttpResponseBase:
    """All documents: paged, sorted, filtered, cut down to fields."""
    asked = request.GET
    limit = min(whole_number(asked.get("limit"), parameter="limit", default=100, least=1), MOST)
    offset = whole_number(asked.get("offset"), parameter="offset", default=0, least=0)
    known = [*FIELDS["CFDocument"], "CFPackageURI"]
    fields = read_fields(asked["fields"], known=known) if "fields" in asked else None
    condition = read_filter(asked["filter"]) if "filter" in asked else None
    versions = public_versions()
    records: list[Mapping[str, Any]] = [
        _document(_writer(FrameworkContent(version, (), (), ())), release) for version in versions
    ]
    if condition is not None:
        records = [record for record in records if condition.holds(record)]
    records = in_order(records, sort=asked.get("sort"), order_by=asked.get("orderBy"))
    page = records[offset : offset + limit]
    if fields is not None:
        page = [{key: one[key] for key in fields if key in one} for one in page]
    return answer(
        request,
        {"CFDocuments": page},
        changed_at=max((version.changed_at for version in versions), default=None),
        headers={
            "X-Total-Count": str(len(records)),
            "Link": _links(request, release, len(records), limit, offset),
        },
    )


@case_view
def document(request: HttpRequest, release: str, identifier: str) -> HttpResponseBase:
    """One document."""
    version = _version(identifier)
    writer = _writer(FrameworkContent(version, (), (), ()))
    return answer(request, _document(writer, release), changed_at=version.changed_at)


@case_view
def package(request: HttpRequest, release: str, identifier: str) -> HttpResponseBase:
    """A whole framework."""
    version = _version(identifier)
    said = _writer(framework_content(version=version)).package()
    return answer(request, in_version("CFPackage", said, release), changed_at=version.changed_at)


@case_view
def item(request: HttpRequest, release: str, identifier: str) -> HttpResponseBase:
    """One item."""
    writer, found = _item(identifier)
    return answer(request, _placed(writer, "CFItem", writer.item(found), release))


@case_view
def item_associations(request: HttpRequest, release: str, identifier: str) -> HttpResponseBase:
    """An item with all its associations."""
    writer, found = _item(identifier)
    links = [
        link for link in writer.content.links if found.pk in {link.origin_id, link.destination_id}
    ]
    return answer(
        request,
        {
            "CFItem": _placed(writer, "CFItem", writer.item(found), release),
            "CFAssociations": [
                _placed(writer, "CFAssociation", writer.association(link), release)
                for link in links
            ],
        },
    )


@case_view
def association(request: HttpRequest, release: str, identifier: str) -> HttpResponseBase:
    """One association."""
    link = find_public_link(identifier=_uuid(identifier))
    if link is None:
        raise not_found("association")
    writer = _writer(framework_content(version=link.version))
    return answer(request, _placed(writer, "CFAssociation", writer.association(link), release))


@case_view
def definition(request: HttpRequest, release: str, part: str, identifier: str) -> HttpResponseBase:
    """A licence, grouping or rubric; or the set that starts with a type, subject or concept."""
    wanted = str(_uuid(identifier))
    for found in _definitions(part):
        for one in found:
            if one["identifier"] != wanted:
                continue
            if part in SETS:
                return answer(request, {part: _branch(found, one, SETS[part], release)})
            kind = SINGLE.get(part, "CFRubric")
            return answer(request, in_version(kind, one, release))
    raise not_found(SETS.get(part) or SINGLE.get(part) or "CFRubric")


@case_view
def discovery(request: HttpRequest, release: str) -> HttpResponseBase:
    """What this provider can do, as OpenAPI."""
    return answer(request, openapi(root=case_root(release), release=release))


@case_view
def nothing(request: HttpRequest) -> HttpResponseBase:
    """What CASE does not know."""
    raise CaseError(404, "unknownobject", "There is nothing at this address.")


def _uuid(identifier: str) -> uuids.UUID:
    try:
        return uuids.UUID(identifier)
    except ValueError as error:
        raise CaseError(400, "invalid_uuid", "The identifier must be a UUID.") from error


def _version(identifier: str) -> FrameworkVersion:
    version = find_public_version(identifier=_uuid(identifier))
    if version is None:
        raise not_found("document")
    return version


def _item(identifier: str) -> tuple[CaseWriter, Any]:
    found = find_public_item(identifier=_uuid(identifier))
    if found is None:
        raise not_found("item")
    return _writer(framework_content(version=found.version)), found


def _writer(content: FrameworkContent) -> CaseWriter:
    return CaseWriter(content, root=case_root())


def _document(writer: CaseWriter, release: str) -> dict[str, Any]:
    """Return a document as it stands alone: with the address of its package."""
    said = writer.document()
    said["CFPackageURI"] = {
        "title": said["title"],
        "identifier": said["identifier"],
        "uri": f"{case_root(release)}/CFPackages/{writer.framework.uuid}",
    }
    return in_version("CFDocument", said, release)


def _placed(writer: CaseWriter, kind: str, said: dict[str, Any], release: str) -> dict[str, Any]:
    """Return an object as it stands alone: with the address of its document."""
    return in_version(kind, said | {"CFDocumentURI": writer.document_link()}, release)


def _definitions(part: str) -> Iterator[list[dict[str, Any]]]:
    for version in public_versions():
        writer = _writer(framework_content(version=version))
        found = writer.rubrics if part == "CFRubrics" else writer.definitions()[part]
        if found:
            yield found


def _branch(
    found: list[dict[str, Any]], one: Mapping[str, Any], kind: str, release: str
) -> list[dict[str, Any]]:
    """Return a definition and what its hierarchy code stands above, itself first."""
    code = str(one.get("hierarchyCode", ""))
    below = [
        other
        for other in found
        if other is not one and code and str(other.get("hierarchyCode", "")).startswith(f"{code}.")
    ]
    return [in_version(kind, dict(each), release) for each in (one, *below)]


def _links(request: HttpRequest, release: str, total: int, limit: int, offset: int) -> str:
    last = max(0, (total - 1) // limit * limit)
    places = {"first": 0, "last": last}
    if offset + limit < total:
        places["next"] = offset + limit
    if offset > 0:
        places["prev"] = max(0, offset - limit)
    kept = {key: request.GET[key] for key in request.GET if key not in {"limit", "offset"}}
    return ", ".join(
        f"<{case_root(release)}/CFDocuments?"
        f'{urlencode({**kept, "limit": limit, "offset": at})}>; rel="{name}"'
        for name, at in places.items()
    )
