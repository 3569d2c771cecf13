"""Who gets a store's statements, how that goes, and what did not arrive."""

import secrets
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lrs.enums import SendingTrouble, TargetKind, UnsentState
from lrs.forms.sending import TargetForm
from lrs.models import SendingTarget
from lrs.outside import Reachable
from lrs.queries.sending import TargetStanding, behind_of, target_of, targets_of, unsent_of
from lrs.rules.webhooks import new_secret
from lrs.services import (
    BadTarget,
    change_target,
    make_target,
    new_webhook_secret,
    pause_target,
    remove_target,
    resend,
    resume_target,
    try_target,
)
from lrs.views.stores import Store, kept_store, store_page

A_PAGE: Final = 50
_SHOWN_ONCE: Final = "careweave_webhook_secret"


@never_cache
@require_safe
@login_required
def sending(request: HttpRequest, store: str) -> HttpResponse:
    """Everyone who gets this store's statements, and how each stands."""
    kept = kept_store(request, store)
    return store_page(
        request,
        "lrs/sending.html",
        kept,
        {"standings": targets_of(tenant=kept.tenant), "may_open": may_open(kept)},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_target(request: HttpRequest, store: str, kind: str) -> HttpResponseBase:
    """Set up another record store or a webhook; for those who may read what it will get."""
    kept = _opening_store(request, store)
    if kind not in TargetKind.values:
        raise Http404
    form = TargetForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        is_webhook = kind == TargetKind.WEBHOOK
        secret = new_secret(secrets.token_bytes) if is_webhook else str(form.cleaned_data["secret"])
        try:
            target = make_target(
                tenant=kept.tenant,
                kind=kind,
                settings=form.settings(),
                secret=secret,
                from_beginning=form.cleaned_data["begin"] == "beginning",
                reachable=_reachable(),
                at=timezone.now(),
                by=kept.viewer,
            )
        except BadTarget as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("It is set up. Try the connection now."))
            return _shown(request, kept, target, secret if is_webhook else "")
    context = {"form": form, "kind": kind, "target": None}
    return store_page(request, "lrs/sending_form.html", kept, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """Change where statements go, or which."""
    kept = _opening_store(request, store)
    target = _standing(kept, uuid).target
    form = TargetForm(request.POST or None, kind=target.kind, target=target)
    if request.method == "POST" and form.is_valid():
        try:
            change_target(
                target=target,
                settings=form.settings(),
                secret=form.cleaned_data.get("secret", ""),
                reachable=_reachable(),
                at=timezone.now(),
            )
        except BadTarget as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("lrs:sending-target", kept.slug, target.uuid)
    context = {"form": form, "kind": target.kind, "target": target}
    return store_page(request, "lrs/sending_form.html", kept, context)


@never_cache
@require_safe
@login_required
def target(request: HttpRequest, store: str, uuid: UUID) -> HttpResponse:
    """How one target stands, what waits for it and what it would not have."""
    kept = kept_store(request, store)
    standing = _standing(kept, uuid)
    after = request.GET.get("after", "")
    waiting, dead = (
        unsent_of(
            target=standing.target,
            state=state,
            after=int(after) if state == UnsentState.DEAD and after.isdecimal() else 0,
            most=A_PAGE + 1,
        )
        for state in (UnsentState.WAITING, UnsentState.DEAD)
    )
    context = {
        "standing": standing,
        "target": standing.target,
        "behind": behind_of(target=standing.target),
        "waiting": waiting[:A_PAGE],
        "dead": dead[:A_PAGE],
        "more_dead": dead[A_PAGE - 1].pk if len(dead) > A_PAGE else None,
        "has_more_waiting": len(waiting) > A_PAGE,
        "secret": request.session.pop(_SHOWN_ONCE, ""),
        "may_open": may_open(kept),
        "is_webhook": standing.target.kind == TargetKind.WEBHOOK,
    }
    return store_page(request, "lrs/sending_target.html", kept, context)


@never_cache
@require_POST
@login_required
def act(request: HttpRequest, store: str, uuid: UUID) -> HttpResponseBase:
    """Try, pause, resume or remove a target, give it another secret, or send again."""
    kept = kept_store(request, store)
    found = _standing(kept, uuid).target
    deed = request.POST.get("deed", "")
    now = timezone.now()
    if deed == "pause":
        pause_target(target=found, at=now)
        messages.success(request, _("Paused. Nothing is lost: it goes on from here."))
    elif deed == "resume":
        resume_target(target=found)
        messages.success(request, _("It goes on within seconds."))
    elif deed == "try":
        _try(request, found)
    elif deed == "secret" and found.kind == TargetKind.WEBHOOK and may_open(kept):
        return _shown(request, kept, found, new_webhook_secret(target=found, at=now))
    elif deed == "remove":
        remove_target(target=found)
        messages.success(request, _("Removed. Nothing more is sent there."))
        return redirect("lrs:sending", kept.slug)
    elif deed == "resend":
        one = request.POST.get("unsent", "")
        number = resend(target=found, at=now, unsent_id=int(one) if one.isdecimal() else None)
        text = ngettext(
            "%(n)s statement is sent again within seconds.",
            "%(n)s statements are sent again within seconds.",
            number,
        )
        messages.success(request, text % {"n": number})
    else:
        raise Http404
    return redirect("lrs:sending-target", kept.slug, found.uuid)


def may_open(store: Store) -> bool:
    """Return whether the viewer may say who gets the statements: whoever gets them reads them.

    What an organisation recorded is its own: operators do so in the platform's store only.
    """
    return store.may_read or store.organisation is None


def _opening_store(request: HttpRequest, store: str) -> Store:
    kept = kept_store(request, store)
    if not may_open(kept):
        raise Http404
    return kept


def _try(request: HttpRequest, found: SendingTarget) -> None:
    verdict = try_target(target=found, reachable=_reachable(), clock=timezone.now)
    if not verdict.trouble:
        is_webhook = found.kind == TargetKind.WEBHOOK
        good = _("It answers.") if is_webhook else _("It answers, and it knows our key.")
        messages.success(request, good)
        return
    words: dict[str, Any] = {"trouble": SendingTrouble(verdict.trouble).label}
    words["detail"] = verdict.detail
    messages.error(request, _("%(trouble)s It said: %(detail)s") % words)


def _shown(
    request: HttpRequest, kept: Store, found: SendingTarget, secret: str
) -> HttpResponseBase:
    if secret:
        request.session[_SHOWN_ONCE] = secret  # taken out again when the next page shows it
    return redirect("lrs:sending-target", kept.slug, found.uuid)


def _standing(kept: Store, uuid: UUID) -> TargetStanding:
    found = target_of(tenant=kept.tenant, uuid=uuid)
    if found is None:
        raise Http404
    return found


def _reachable() -> Reachable:
    return Reachable(frozenset(settings.SENDING_HOSTS))
