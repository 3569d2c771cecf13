"""Who else reads a store: agreements with other organisations, and other issuers of tokens."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lrs.forms.parts import words_of
from lrs.forms.sharing import AgreementForm, IssuerForm
from lrs.queries.agreements import (
    agreement_given,
    agreements_of,
    ended_agreements_of,
    ended_issuers_of,
    issuer_of_store,
    issuers_of,
)
from lrs.services import (
    BadAgreement,
    BadIssuer,
    agree_to_share,
    end_issuer,
    end_sharing,
    register_issuer,
    tenant_of,
)
from lrs.views.keys import offered_scopes
from lrs.views.stores import kept_store, store_page


@never_cache
@require_safe
@login_required
def sharing(request: HttpRequest, store: str) -> HttpResponse:
    """Which organisations read this store, and which this one reads."""
    kept = kept_store(request, store)
    if kept.organisation is None:
        raise Http404
    now = timezone.now()
    found = agreements_of(tenant=kept.tenant, at=now)
    ended = ended_agreements_of(tenant=kept.tenant, at=now)
    givers = [(one, one.giver.organisation) for one in found.received]
    context = {
        "given": [(one, one.reader.organisation) for one in found.given],
        "ended_given": [(one, one.reader.organisation) for one in ended.given],
        "ended_received": [(one, one.giver.organisation) for one in ended.received],
        "received": [(one, by, _address(by.uuid)) for one, by in givers if by is not None],
        "own_address": _address(kept.organisation.uuid),
    }
    return store_page(request, "lrs/sharing.html", kept, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def share(request: HttpRequest, store: str) -> HttpResponseBase:
    """Let another organisation read; for those who may read themselves."""
    kept = kept_store(request, store)
    if kept.organisation is None or not kept.may_read:
        raise Http404
    form = AgreementForm(request.POST or None, organisation=kept.organisation)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            agree_to_share(
                giver=kept.tenant,
                reader=tenant_of(organisation=said["reader"]),
                purpose=said["purpose"],
                starts_at=timezone.now(),
                ends_at=said["until"],
                verbs=said["verbs"],
                activities=said["activities"],
                made_by=kept.viewer,
            )
        except BadAgreement as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The agreement holds from now on."))
            return redirect("lrs:keys-sharing", kept.slug)
    words = {
        "title": _("Let another organisation read"),
        "note": _("It reads with a key of its own, and never changes anything here."),
        "button": _("Make the agreement"),
        "up": reverse("lrs:keys-sharing", args=[kept.slug]),
        "back": _("Sharing"),
    }
    return store_page(request, "lrs/keys_form.html", kept, {"form": form, **words})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def unshare(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """End an agreement, after asking."""
    kept = kept_store(request, store)
    found = agreement_given(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    if request.method == "POST":
        end_sharing(agreement=found, at=timezone.now(), by=kept.viewer)
        messages.success(request, _("The agreement has ended."))
        return redirect("lrs:keys-sharing", kept.slug)
    words = {
        "title": _("End this agreement?"),
        "facts": [(_("Who reads"), found.reader.organisation), (_("What for"), found.purpose)],
        "note": _("From the next request on, nothing is read by it. What was read already stays."),
        "button": _("End the agreement"),
        "up": reverse("lrs:keys-sharing", args=[kept.slug]),
        "back": _("Sharing"),
    }
    return store_page(request, "lrs/keys_confirm.html", kept, words)


@never_cache
@require_safe
@login_required
def issuers(request: HttpRequest, store: str) -> HttpResponse:
    """Whose tokens open this store."""
    kept = kept_store(request, store)
    if kept.organisation is None:
        raise Http404
    found = issuers_of(tenant=kept.tenant, at=timezone.now())
    ended = ended_issuers_of(tenant=kept.tenant)
    context = {
        "rows": [(one, words_of(one.scopes)) for one in found],
        "ended": [(one, words_of(one.scopes)) for one in ended],
    }
    return store_page(request, "lrs/issuers.html", kept, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_issuer(request: HttpRequest, store: str) -> HttpResponseBase:
    """Let the tokens of another issuer open this store."""
    kept = kept_store(request, store)
    if kept.organisation is None:
        raise Http404
    form = IssuerForm(request.POST or None, offered=offered_scopes(kept))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            register_issuer(
                tenant=kept.tenant,
                issuer=said["issuer"],
                audience=said["audience"],
                keys_url=said["keys_url"],
                scopes=said["scopes"],
                starts_at=timezone.now(),
                claim=said["claim"],
                claim_scopes=said["claim_scopes"],
                label=said["label"],
                registered_by=kept.viewer,
            )
        except BadIssuer:  # the rest is checked by the form
            form.add_error(
                "audience",
                _(
                    "Tokens of this issuer for this audience open a store already. Let the issuer"
                    " make tokens for an audience of your own."
                ),
            )
        else:
            messages.success(request, _("Its tokens open this store from now on."))
            return redirect("lrs:keys-issuers", kept.slug)
    words = {
        "title": _("Add an issuer"),
        "note": _("Only add an issuer you trust: whoever holds one of its tokens gets in."),
        "button": _("Add the issuer"),
        "up": reverse("lrs:keys-issuers", args=[kept.slug]),
        "back": _("Issuers of tokens"),
    }
    return store_page(request, "lrs/keys_form.html", kept, {"form": form, **words})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def drop_issuer(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """End an issuer, after asking."""
    kept = kept_store(request, store)
    found = issuer_of_store(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    if request.method == "POST":
        end_issuer(issuer=found, at=timezone.now())
        messages.success(request, _("Its tokens open nothing here any more."))
        return redirect("lrs:keys-issuers", kept.slug)
    words = {
        "title": _("End this issuer?"),
        "facts": [(_("Issuer"), found.issuer), (_("Audience"), found.audience)],
        "note": _("From the next request on, its tokens open nothing here. What they sent stays."),
        "button": _("End the issuer"),
        "up": reverse("lrs:keys-issuers", args=[kept.slug]),
        "back": _("Issuers of tokens"),
    }
    return store_page(request, "lrs/keys_confirm.html", kept, words)


def _address(organisation: UUID) -> str:
    return f"{settings.SITE_URL.rstrip('/')}/xapi/shared/{organisation}/statements"
