"""Connecting a tool: endpoint, key, a first statement, and hearing it arrive."""

import base64
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid4

import orjson
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lrs.models import Credential, Statement
from lrs.queries import platform_authority
from lrs.queries.keys import OPENS_NO_RECORD
from lrs.rules.wording import telling
from lrs.services import issue_credential, store_statements
from lrs.services.refusals import refusals_of
from lrs.views.looking import my_languages
from lrs.views.stores import Store, kept_store, store_page
from lrs.views.verbs import verb_words
from organisations.queries import iri_base

_SHOWN_ONCE: Final = "careweave_first_key"
_TRIED: Final = "http://adlnet.gov/expapi/verbs/attempted"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: HttpRequest, store: str) -> HttpResponseBase:
    """What one pastes into a tool, and whether anything came."""
    kept = kept_store(request, store)
    if request.method == "POST" and kept.organisation is not None:
        if "test" in request.POST:
            _send_test(kept)
            messages.success(request, _("A test statement is on its way into the store."))
            return redirect(f"{reverse('lrs:start', args=[kept.slug])}#heard-title")
        issued = issue_credential(
            organisation=kept.organisation,
            scopes=sorted(OPENS_NO_RECORD),
            starts_at=timezone.now(),
            label=request.POST.get("label", "").strip()[:120] or _("A tool"),
            issued_by=kept.viewer,
        )
        # taken out again when the next page shows it; opening that page again makes no other key
        request.session[_SHOWN_ONCE] = {
            "store": kept.slug,
            "uuid": str(issued.credential.uuid),
            "key": issued.key,
            "secret": issued.secret,
        }
        return redirect(f"{reverse('lrs:start', args=[kept.slug])}#the-key")
    return start_page(request, kept)


def start_page(request: HttpRequest, store: Store) -> HttpResponse:
    """Return the page that says how to connect a tool; a key just issued is shown this once."""
    held = request.session.get(_SHOWN_ONCE, {}) if request.method == "GET" else {}
    is_new = held.get("store") == store.slug
    if is_new:
        del request.session[_SHOWN_ONCE]
    endpoint = f"{settings.SITE_URL.rstrip('/')}/xapi"
    key, secret = (held["key"], held["secret"]) if is_new else ("KEY", "SECRET")
    return store_page(
        request,
        "lrs/start.html",
        store,
        {
            "endpoint": endpoint,
            "issued": UUID(held["uuid"]) if is_new else None,
            "key": key,
            "secret": secret,
            "launch": _launch(endpoint, f"{key}:{secret}" if is_new else ""),
            **_heard(store, timezone.now()),
        },
    )


@never_cache
@require_safe
@login_required
def heard(request: HttpRequest, store: str) -> HttpResponse:
    """The part of the page that says what came, for a page that asks again and again."""
    kept = kept_store(request, store)
    return render(request, "lrs/_heard.html", _heard(kept, timezone.now()))


def _heard(store: Store, now: datetime) -> dict[str, Any]:
    newest = Statement.objects.filter(tenant=store.tenant).order_by("-stored", "-seq").first()
    keys = Credential.objects.filter(tenant=store.tenant).order_by("-pk")
    told = telling(orjson.loads(newest.payload), my_languages()) if newest else None
    return {
        "store": store,
        "newest": newest,
        "verb": verb_words(told.verb_iri, told.verb) if told else None,
        "is_fresh": newest is not None and (now - newest.stored).total_seconds() < 60,
        "refused": refusals_of(credentials=list(keys[:50])),
        "now": now,
    }


def _launch(endpoint: str, pair: str) -> str:
    """Return what content that is launched by its address takes behind it."""
    basic = base64.b64encode(pair.encode()).decode() if pair else "BASE64-OF-KEY:SECRET"
    actor = '{"mbox":"mailto:someone@example.org"}'
    return f"?endpoint={quote(endpoint, '')}%2F&auth={quote(f'Basic {basic}')}&actor={quote(actor)}"


def _send_test(store: Store) -> None:
    about = f"{iri_base()}/xapi/test-statement"
    person = {"homePage": f"{iri_base()}/xapi", "name": "test-person"}
    statement = {
        "id": str(uuid4()),
        "actor": {"objectType": "Agent", "name": "Test person", "account": person},
        "verb": {"id": _TRIED, "display": {"en": "tried out"}},
        "object": {
            "objectType": "Activity",
            "id": about,
            "definition": {"name": {"en": "A test statement"}},
        },
        "timestamp": timezone.now().isoformat(),
    }
    store_statements(tenant=store.tenant, authority=platform_authority(), statements=[statement])
