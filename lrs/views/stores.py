"""Which record store a page is about, who may open it, and the pages it has."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lrs.models import Tenant
from lrs.queries.acts import sizes_of
from lrs.services import platform_tenant, tenant_of
from organisations.models import Organisation, User
from organisations.permissions import Access, may_operate, may_see_organisation_records
from organisations.queries import access_of, organisation_kept_by, organisations_kept_by

PLATFORM: Final = "platform"
_ACCESS: Final = "careweave_store_access"

SECTIONS: Final = (
    (gettext_lazy("Overview"), "lrs:store"),
    (gettext_lazy("Statements"), "lrs:statements"),
    (gettext_lazy("Profiles"), "lrs:profiles"),
    (gettext_lazy("Connect a tool"), "lrs:start"),
    (gettext_lazy("Keys"), "lrs:keys"),
    (gettext_lazy("Life cycle"), "lrs:life-cycle"),
    (gettext_lazy("Sending on"), "lrs:sending"),
)
"""The pages of a store, in order: what each is called and its address by name."""

_BELOW: Final = {"lrs:statements": ("lrs:activity", "lrs:actor")}
"""Pages that belong to one of them, though their addresses do not say so."""

FOR_READERS: Final = frozenset({"lrs:statements", "lrs:profiles"})
"""Those of them that show statements, and so are there only for who may read them."""


@dataclass(frozen=True)
class Store:
    """One record store and who looks at it."""

    slug: str
    """As it stands in addresses: the organisation's uuid, or ``platform``."""
    tenant: Tenant
    organisation: Organisation | None
    """None for the platform's own."""
    viewer: User
    access: Access
    may_read: bool
    """Whether the viewer may see statements, and so what named people did.

    Running the installation opens nobody's record: an operator keeps keys, sizes and sending.
    """

    @property
    def name(self) -> str:
        """What the store is called."""
        return _("The platform’s own") if self.organisation is None else self.organisation.name


def kept_store(request: HttpRequest, store: str) -> Store:
    """Return a store that the person keeps; 404 for anyone else."""
    viewer, access = _me(request)
    if store == PLATFORM:
        if not may_operate(access):
            raise Http404
        return Store(store, platform_tenant(), None, viewer, access, may_read=False)
    try:
        uuid = UUID(store)
    except ValueError as error:
        raise Http404 from error
    organisation = organisation_kept_by(viewer=access, uuid=uuid)
    if organisation is None:
        raise Http404
    may_read = may_see_organisation_records(access, organisation.pk)
    tenant = tenant_of(organisation=organisation)
    return Store(str(uuid), tenant, organisation, viewer, access, may_read)


def readable_store(request: HttpRequest, store: str) -> Store:
    """Return a store whose statements the person may read; 404 for anyone else."""
    found = kept_store(request, store)
    if not found.may_read:
        raise Http404
    return found


def store_page(
    request: HttpRequest, template: str, store: Store, context: dict[str, Any]
) -> HttpResponse:
    """Return a page of a store, with the way down to it and the tabs of its other pages."""
    crumbs = [{"title": _("Record stores"), "url": reverse("lrs:stores")}]
    home = reverse("lrs:store", args=[store.slug])
    sections = _sections(request, store)
    if request.path != home:
        crumbs.append({"title": store.name, "url": home})
        crumbs += [
            {"title": one["text"], "url": one["href"]}
            for one in sections
            if one["is_current"] and one["href"] != request.path
        ]
    shown = {"store": store, "sections": sections, "breadcrumbs": crumbs}
    return render(request, template, {**shown, **context})


def _me(request: HttpRequest) -> tuple[User, Access]:
    if not isinstance(request.user, User):
        raise TypeError("this page is for people who are signed in")
    access = getattr(request, _ACCESS, None)
    if not isinstance(access, Access):
        access = access_of(request.user, on=timezone.localdate())
        setattr(request, _ACCESS, access)
    return request.user, access


def _sections(request: HttpRequest, store: Store) -> list[dict[str, Any]]:
    home = reverse("lrs:store", args=[store.slug])
    found = []
    for text, name in SECTIONS:
        if name in FOR_READERS and not store.may_read:
            continue
        href = reverse(name, args=[store.slug])
        below = tuple(reverse(one, args=[store.slug]) for one in _BELOW.get(name, ()))
        is_current = request.path == href or (href != home and request.path.startswith(href))
        is_current = is_current or request.path.startswith(below)
        found.append({"text": text, "href": href, "is_current": is_current})
    return found


@never_cache
@require_safe
@login_required
def stores(request: HttpRequest) -> HttpResponseBase:
    """The stores one keeps; straight to it when there is one."""
    _viewer, access = _me(request)
    if not access.is_administrator:
        raise Http404
    kept = organisations_kept_by(viewer=access)
    if not access.is_operator and len(access.administered_ids) == 1:
        return redirect("lrs:store", kept.get().uuid)
    organisations = list(kept)
    sizes = sizes_of(organisation_ids=[one.pk for one in organisations])
    rows = [(one, sizes.get(one.pk)) for one in organisations]
    return render(
        request,
        "lrs/stores.html",
        {
            "rows": rows,
            "is_operator": access.is_operator,
            "platform": PLATFORM,
            "platform_size": sizes.get(None),
        },
    )
