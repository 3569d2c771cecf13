"""Our own API, to read: frameworks, their functions and competencies, roles."""

from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from competencies.queries import (
    ItemSaid,
    RoleSaid,
    framework_cards,
    framework_head,
    framework_page,
    frameworks_found,
    role_page,
    roles_found,
)
from organisations.permissions import Access
from organisations.queries import access_of

router = Router(tags=["Frameworks and roles"])
Language = Annotated[
    str, Field(max_length=8, description="Language of the texts, where translated: en, cy, ar")
]
Words = Annotated[str, Field(max_length=100, description="Words to find")]
Slug = Annotated[str, Field(max_length=120, description="Its name in addresses")]
Number = Annotated[int | None, Field(description="A version's number; the one in use unless told")]


class FrameworkLine(Schema):
    """A framework in a list."""

    slug: str
    title: str
    description: str
    is_shared: bool
    competencies: int
    roles: int


class LevelOut(Schema):
    """A level of a framework, rank 1 the lowest."""

    key: str
    rank: int
    name: str
    descriptor: str


class ItemOut(Schema):
    """A function, group or competency, with what stands under it."""

    id: UUID
    code: str
    kind: str
    title: str
    statement: str
    children: list["ItemOut"] = Field(default_factory=list)


class FrameworkOut(Schema):
    """A whole framework."""

    id: UUID
    slug: str
    title: str
    description: str
    language: str
    version: int
    label: str
    status: str
    licence: str
    levels: list[LevelOut]
    items: list[ItemOut]


class RoleLine(Schema):
    """A role in a list."""

    slug: str
    title: str
    summary: str
    also_called: list[str]
    where_found: list[str]


class RequirementOut(Schema):
    """A competency that a role needs at a level, or finds useful."""

    competency: UUID
    code: str
    title: str
    function: str
    level: str
    is_essential: bool


class RoleOut(RoleLine):
    """A role and what it needs."""

    framework: str
    requires: list[RequirementOut]


class ErrorOut(Schema):
    """What is wrong."""

    detail: str


@router.get("/frameworks", response=list[FrameworkLine], summary="Frameworks in use")
def frameworks(request: HttpRequest, q: Words = "", language: Language = "en") -> object:
    """Return the frameworks in use, the shared one first; 500 at most."""
    versions = list(frameworks_found(access=_access(request), text=q)[:500])
    return [
        {
            "slug": card.slug,
            "title": card.title.value,
            "description": card.description.value,
            "is_shared": card.is_shared,
            "competencies": card.competencies,
            "roles": card.roles,
        }
        for card in framework_cards(versions=versions, language=language)
    ]


@router.get(
    "/frameworks/{slug}",
    response={200: FrameworkOut, 404: ErrorOut},
    summary="A framework with its levels, functions and competencies",
)
def framework(
    request: HttpRequest,
    slug: Slug,
    version: Number = None,
    language: Language = "en",
) -> object:
    """Return a framework, in the version in use unless another is named."""
    head = framework_head(access=_access(request), slug=slug, number=version)
    if head is None:
        raise Http404
    page = framework_page(head=head, language=language)
    return {
        "id": head.framework.uuid,
        "slug": slug,
        "title": page.title.value,
        "description": page.description.value,
        "language": head.version.language,
        "version": head.version.number,
        "label": head.version.label,
        "status": head.version.status,
        "licence": head.version.licence,
        "levels": [
            {
                "key": level.key,
                "rank": level.rank,
                "name": level.name.value,
                "descriptor": level.descriptor.value,
            }
            for level in page.levels
        ],
        "items": [_item(one) for one in page.tree],
    }


@router.get("/roles", response=list[RoleLine], summary="Roles")
def roles(request: HttpRequest, q: Words = "", language: Language = "en") -> object:
    """Return the roles by title."""
    found = roles_found(access=_access(request), text=q, language=language)
    return [_role(role) for role in found]


@router.get(
    "/roles/{slug}",
    response={200: RoleOut, 404: ErrorOut},
    summary="A role and the competencies it needs",
)
def role(request: HttpRequest, slug: Slug, language: Language = "en") -> object:
    """Return a role and what it needs."""
    page = role_page(access=_access(request), slug=slug, language=language)
    if page is None:
        raise Http404
    return {
        **_role(page.roles[0]),
        "framework": page.framework_slug,
        "requires": [
            {
                "competency": line.item.uuid,
                "code": line.item.code,
                "title": line.item.name.value,
                "function": function.function.name.value,
                "level": need.level.key,
                "is_essential": need.is_essential,
            }
            for function in page.functions
            for line in function.lines
            for need in line.needs
            if need is not None
        ],
    }


def _access(request: HttpRequest) -> Access:
    return access_of(request.user, on=timezone.localdate())


def _item(item: ItemSaid) -> dict[str, object]:
    return {
        "id": item.uuid,
        "code": item.code,
        "kind": item.kind,
        "title": item.title.value,
        "statement": item.statement.value,
        "children": [_item(child) for child in item.children],
    }


def _role(role: RoleSaid) -> dict[str, object]:
    return {
        "slug": role.slug,
        "title": role.title.value,
        "summary": role.summary.value,
        "also_called": list(role.also_called),
        "where_found": list(role.where_found),
    }
