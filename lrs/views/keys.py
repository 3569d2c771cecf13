"""The keys of a store: who may send and read, a new one, a new secret, and the end of one."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrs.enums import Scope
from lrs.forms.keys import OLD_SECRET_LIVES, KeyForm, NewSecretForm
from lrs.forms.parts import named_words_of, words_of
from lrs.queries.keys import (
    OPENS_NO_RECORD,
    KeyStanding,
    given_by_keys,
    key_of_store,
    keys_of,
    standing_of,
)
from lrs.rules.who import in_plain
from lrs.services import (
    BadLimit,
    CannotRotate,
    digest_of,
    issue_credential,
    revoke_credential,
    rotate_credential,
)
from lrs.views.stores import Store, kept_store, store_page

A_PAGE: Final = 50
_SHOWN_ONCE: Final = "careweave_key_secret"


@never_cache
@require_safe
@login_required
def keys(request: HttpRequest, store: str) -> HttpResponse:
    """Every lasting key of a store, and how it stands."""
    kept = kept_store(request, store)
    now = timezone.now()
    found = Paginator(keys_of(tenant=kept.tenant, at=now), A_PAGE).get_page(request.GET.get("page"))
    standings = [standing_of(one, now) for one in found]
    context = {
        "rows": [(one, words_of(one.credential.scopes)) for one in standings],
        "page_obj": found,
        "given": given_by_keys(tenant=kept.tenant, at=now),
    }
    return store_page(request, "lrs/keys.html", kept, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def issue(request: HttpRequest, store: str) -> HttpResponseBase:
    """Issue a key; its secret is shown once, on the key's page."""
    kept = kept_store(request, store)
    if kept.organisation is None:
        raise Http404
    form = KeyForm(request.POST or None, offered=offered_scopes(kept))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            issued = issue_credential(
                organisation=kept.organisation,
                scopes=said["scopes"],
                starts_at=timezone.now(),
                ends_at=said["until"],
                label=said["label"],
                issued_by=kept.viewer,
                limits=form.limits(),
            )
        except BadLimit as error:
            form.add_error(None, str(error))
        else:
            return _shown(request, kept, issued.credential.uuid, issued.secret)
    return store_page(request, "lrs/key_form.html", kept, {"form": form})


@never_cache
@require_safe
@login_required
def key(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """One key: what it may do, a new secret, its end."""
    kept = kept_store(request, store)
    return _key_page(request, kept, _standing(kept, uuid))


@never_cache
@require_POST
@login_required
def new_secret(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """Give a key a new secret; the old one works for as long as was chosen."""
    kept = kept_store(request, store)
    standing = _standing(kept, uuid)
    if not _may_have_secret(kept, standing):
        raise Http404
    form = NewSecretForm(request.POST)
    if not form.is_valid():
        return _key_page(request, kept, standing, form)
    if form.cleaned_data["seen"] != _mark_of(standing):
        messages.info(request, _("The key has had a new secret since you opened this page."))
        return redirect("lrs:key", kept.slug, uuid)
    now = timezone.now()
    lives = OLD_SECRET_LIVES[form.cleaned_data["old_until"]]
    try:
        issued = rotate_credential(credential=standing.credential, at=now, old_until=now + lives)
    except CannotRotate:
        messages.error(request, _("This key has ended. Issue another instead."))
        return redirect("lrs:key", kept.slug, uuid)
    return _shown(request, kept, uuid, issued.secret)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def revoke(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """End a key at once, after asking."""
    kept = kept_store(request, store)
    standing = _standing(kept, uuid)
    if standing.credential.revoked_at is not None:
        return redirect("lrs:key", kept.slug, uuid)
    now = timezone.now()
    if request.method == "POST":
        revoke_credential(credential=standing.credential, at=now)
        messages.success(request, _("The key has ended. What it sent stays."))
        return redirect("lrs:keys", kept.slug)
    given = given_by_keys(tenant=kept.tenant, at=now, key=standing.credential)
    context = {"standing": standing, "key": standing.credential, "given": given}
    return store_page(request, "lrs/key_revoke.html", kept, context)


def offered_scopes(store: Store) -> frozenset[Scope]:
    """Return what keys the viewer may give: who may not read records gives no key that does."""
    return frozenset(Scope) if store.may_read else OPENS_NO_RECORD


def _key_page(
    request: HttpRequest, kept: Store, standing: KeyStanding, form: NewSecretForm | None = None
) -> HttpResponse:
    credential = standing.credential
    now = timezone.now()
    secret = ""
    if request.method == "GET":
        held = request.session.pop(_SHOWN_ONCE, {})
        secret = held.get(str(credential.uuid), "")
    context = {
        "standing": standing,
        "key": credential,
        "words": named_words_of(credential.scopes),
        "agent": in_plain(credential.agent) if credential.agent else "",
        "given": given_by_keys(tenant=kept.tenant, at=now, key=credential),
        "endpoint": f"{settings.SITE_URL.rstrip('/')}/xapi",
        "secret": secret,
        "may_have_secret": _may_have_secret(kept, standing),
        "form": form or NewSecretForm(initial={"seen": _mark_of(standing)}),
    }
    return store_page(request, "lrs/key.html", kept, context)


def _may_have_secret(kept: Store, standing: KeyStanding) -> bool:
    return not standing.is_over and (kept.may_read or not standing.opens_records)


def _mark_of(standing: KeyStanding) -> str:
    return digest_of(standing.credential.secret_digest)[:16]


def _shown(request: HttpRequest, kept: Store, uuid: UUID, secret: str) -> HttpResponseBase:
    # taken out again when the next page shows it; sending a form again makes no other
    request.session[_SHOWN_ONCE] = {str(uuid): secret}
    return redirect("lrs:key", kept.slug, uuid)


def _standing(kept: Store, uuid: UUID) -> KeyStanding:
    found = key_of_store(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    return standing_of(found, timezone.now())
